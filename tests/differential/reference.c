// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading a policy: names of rules, patterns, what enclaves there can be; see
 * reference.h. What the rules grant is in judge.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "reference.h"

static void *must_alloc(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (!p)
		abort();
	return p;
}

static bool is_pattern(const struct ewx_ir_condition *c)
{
	return c->kind == EWX_CONDITION_EXE || c->kind == EWX_CONDITION_PATH ||
	       c->kind == EWX_CONDITION_CGROUP;
}

static struct ref_name *read_names(const struct ewx_ir_name *names,
				   size_t count)
{
	struct ref_name *list = must_alloc(count, sizeof(*list));

	for (size_t i = 0; i < count; i++) {
		list[i].tree = &names[i];
		list[i].globs = must_alloc(names[i].condition_count,
					   sizeof(*list[i].globs));
		for (size_t c = 0; c < names[i].condition_count; c++)
			if (is_pattern(&names[i].conditions[c]))
				globs_add(&list[i].globs[c],
					  names[i].conditions[c].text);
	}
	return list;
}

static void free_names(struct ref_name *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t c = 0; c < list[i].tree->condition_count; c++)
			globs_free(&list[i].globs[c]);
		free(list[i].globs);
	}
	free(list);
}

/* REF_UNKNOWN if there is none of that name. */
static u32 find_name(const struct ewx_ir_name *names, size_t count,
		     const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i].name, word))
			return (u32)i;
	return REF_UNKNOWN;
}

static u32 find_clause(const struct ewx_ir_name *names, size_t count,
		       const char *word)
{
	if (!word || !strcmp(word, "any"))
		return REF_WIDE;
	return find_name(names, count, word);
}

static u32 find_permission(const char *word)
{
	static const char *const names[] = {
#define NAME(NAME, name, from, ident, when) #name,
		ENCLAVE_PERMISSIONS(NAME)
#undef NAME
	};

	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		if (!strcmp(names[bit], word))
			return 1u << bit;
	return 0;
}

/* The permissions of a list of words; sets stand for theirs. 0: an unknown word. */
static u32 read_words(const struct ewx_front *f, const struct ewx_words *words)
{
	u32 perms = 0;

	for (size_t i = 0; i < words->count; i++) {
		const char *word = f->words[words->first + i].name;
		u32 found = find_permission(word);

		for (size_t s = 0; !found && s < f->set_count; s++) {
			const struct ewx_words *w = &f->set[s].words;

			if (strcmp(f->set[s].name, word))
				continue;
			for (size_t j = 0; j < w->count; j++)
				found |= find_permission(
					f->words[w->first + j].name);
		}
		if (!found)
			return 0;
		perms |= found;
	}
	return perms;
}

static bool read_rules(struct ref *r)
{
	const struct ewx_unit *u = r->unit;
	const struct ewx_front *f = ewx_front(u);

	r->rule_count = u->rule_count;
	r->rules = must_alloc(u->rule_count, sizeof(*r->rules));
	for (size_t i = 0; i < u->rule_count; i++) {
		const struct ewx_ir_rule *tree = &u->rules[i];
		struct ref_rule *rule = &r->rules[i];

		*rule = (struct ref_rule){
			.kind = tree->kind,
			.perms = read_words(f, &f->extra[i].words),
			.domain = tree->domain,
			.source = find_clause(u->sources, u->source_count,
					      tree->source_name),
			.identity = find_clause(u->identities,
						u->identity_count,
						tree->identity_name),
			.max = tree->max,
			.until = tree->until,
			.file = u->files[tree->loc.file].name,
			.line = tree->loc.line,
		};
		if (!rule->perms || rule->source == REF_UNKNOWN ||
		    rule->identity == REF_UNKNOWN)
			return false;
	}
	return true;
}

/* Values of one kind that its conditions can tell apart; digests by pointer. */
struct values {
	u64 number[1024];
	const u8 *digest[128];
	size_t count;
};

static void add_number(struct values *v, u64 number)
{
	if (v->count == ARRAY_LEN(v->number))
		abort();
	v->number[v->count++] = number;
}

/* All ways to set the bits of @mask. */
static void add_submasks(struct values *v, u64 mask)
{
	u64 part = mask;

	do {
		add_number(v, part);
		part = (part - 1) & mask;
	} while (part != mask);
}

static void add_values(struct values *v, const struct ewx_ir_condition *c,
		       u64 *mask)
{
	switch (c->kind) {
	case EWX_CONDITION_SIGNER:
	case EWX_CONDITION_MEASUREMENT:
		v->digest[v->count] = c->digest;
		add_number(v, 0);
		break;
	case EWX_CONDITION_ATTRIBUTES:
		*mask |= c->low;
		break;
	case EWX_CONDITION_XFRM:
		*mask |= c->mask;
		break;
	default:
		add_number(v, c->low);
	}
}

static void collect(const struct ref *r, u32 kind, struct values *v)
{
	u64 mask = 0, other = 0;

	memset(v, 0, sizeof(*v));
	for (size_t i = 0; i < r->unit->identity_count; i++) {
		const struct ewx_ir_name *name = r->identities[i].tree;

		for (size_t c = 0; c < name->condition_count; c++) {
			if (name->conditions[c].kind == kind)
				add_values(v, &name->conditions[c], &mask);
		}
	}
	if (kind == EWX_CONDITION_ATTRIBUTES || kind == EWX_CONDITION_XFRM) {
		add_submasks(v, mask);
		return;
	}
	/* And one value that nobody names. */
	if (kind == EWX_CONDITION_PRODUCT)
		for (size_t i = 0; i < v->count; i++)
			if (v->number[i] == other) {
				other++;
				i = (size_t)-1;
			}
	add_number(v, other);
}

static bool value_fits(const struct ewx_ir_condition *c, const struct values *v,
		       size_t i)
{
	switch (c->kind) {
	case EWX_CONDITION_SIGNER:
	case EWX_CONDITION_MEASUREMENT:
		return v->digest[i] && !memcmp(v->digest[i], c->digest, 32);
	case EWX_CONDITION_PRODUCT:
		return v->number[i] == c->low;
	case EWX_CONDITION_MIN_SVN:
		return v->number[i] >= c->low;
	case EWX_CONDITION_ATTRIBUTES:
		return (v->number[i] & c->low) == c->high;
	default:
		return (v->number[i] & c->mask) == c->value;
	}
}

/* The identities that a value of @kind leaves possible. */
static u64 left_by(const struct ref *r, u32 kind, const struct values *v,
		   size_t value)
{
	u64 left = 0;

	for (size_t i = 0; i < r->unit->identity_count; i++) {
		const struct ewx_ir_name *name = r->identities[i].tree;
		bool stated = false, met = false;

		for (size_t c = 0; c < name->condition_count; c++) {
			if (name->conditions[c].kind != kind)
				continue;
			stated = true;
			met |= value_fits(&name->conditions[c], v, value);
		}
		if (!stated || met)
			left |= 1ull << i;
	}
	return left;
}

static void add_class(u64 *list, size_t *count, u64 set)
{
	for (size_t i = 0; i < *count; i++)
		if (list[i] == set)
			return;
	if (*count == REF_CLASSES_MAX)
		abort();
	list[(*count)++] = set;
}

/*
 * What an enclave has of one kind says nothing of another kind: all combinations
 * exist. An enclave in no identity is always thought possible.
 */
static void find_classes(struct ref *r)
{
	static u64 next[REF_CLASSES_MAX];
	static struct values v;
	size_t count;

	r->classes[0] = r->unit->identity_count < 64 ?
				(1ull << r->unit->identity_count) - 1 :
				~0ull;
	r->class_count = 1;
	for (u32 kind = EWX_CONDITION_SIGNER; kind <= EWX_CONDITION_XFRM;
	     kind++) {
		collect(r, kind, &v);
		count = 0;
		for (size_t i = 0; i < v.count; i++) {
			u64 left = left_by(r, kind, &v, i);

			for (size_t c = 0; c < r->class_count; c++)
				add_class(next, &count, r->classes[c] & left);
		}
		memcpy(r->classes, next, count * sizeof(*next));
		r->class_count = count;
	}
	add_class(r->classes, &r->class_count, 0);
}

struct ref *ref_open(const struct ref_text *files, size_t count, u64 built)
{
	struct ref *r = must_alloc(1, sizeof(*r));
	struct ewx_unit *u = ewx_unit_new();
	bool good = u;

	if (!u)
		abort();
	r->unit = u;
	r->built = built;
	for (size_t i = 0; i < count; i++)
		good &= !ewx_unit_add_text(u, files[i].name, files[i].text,
					   strlen(files[i].text));
	r->domains = read_names(u->domains, u->domain_count);
	r->sources = read_names(u->sources, u->source_count);
	r->identities = read_names(u->identities, u->identity_count);
	r->within = must_alloc(u->domain_count * u->domain_count, 1);
	good = good && u->source_count <= REF_NAMES_MAX &&
	       u->identity_count <= REF_NAMES_MAX && read_rules(r);
	if (good) {
		find_classes(r);
		return r;
	}
	ref_close(r);
	return NULL;
}

void ref_close(struct ref *r)
{
	free_names(r->domains, r->unit->domain_count);
	free_names(r->sources, r->unit->source_count);
	free_names(r->identities, r->unit->identity_count);
	free(r->rules);
	free(r->within);
	ewx_unit_free(r->unit);
	free(r);
}

/* Whom a never statement leaves out. */
static u64 excepted(const struct ref *r, const struct ewx_never *n)
{
	const struct ewx_unit *u = r->unit;
	u64 set = 0;

	for (size_t i = 0; i < n->but.count; i++) {
		const char *name = ewx_front(u)->words[n->but.first + i].name;

		set |= 1ull
		       << find_name(u->identities, u->identity_count, name);
	}
	return set;
}

bool ref_never_violated(const struct ref *r, u32 granted, u64 identities)
{
	const struct ewx_front *f = ewx_front(r->unit);

	for (size_t i = 0; i < f->never_count; i++) {
		const struct ewx_never *n = &f->nevers[i];

		if (read_words(f, &n->words) & granted &&
		    !(identities & excepted(r, n)))
			return true;
	}
	return false;
}

/* What an allow rule can grant to somebody, whatever other rules deny to some. */
static u32 can_grant(const struct ref *r, const struct ref_rule *rule)
{
	u32 perms = rule->kind == EWX_RULE_ALLOW ? rule->perms : 0;

	for (size_t i = 0; i < r->rule_count; i++) {
		const struct ref_rule *deny = &r->rules[i];

		if (deny->kind == EWX_RULE_DENY && deny->source == REF_WIDE &&
		    deny->identity == REF_WIDE &&
		    (deny->domain == REF_WIDE || deny->domain == rule->domain))
			perms &= ~deny->perms;
	}
	return perms;
}

bool ref_never_breaks(const struct ref *r)
{
	const struct ewx_front *f = ewx_front(r->unit);

	for (size_t i = 0; i < f->never_count; i++) {
		const struct ewx_never *n = &f->nevers[i];
		u32 perms = read_words(f, &n->words);
		u64 but = excepted(r, n);

		for (size_t k = 0; k < r->rule_count; k++) {
			const struct ref_rule *rule = &r->rules[k];

			if (can_grant(r, rule) & perms &&
			    (rule->identity == REF_WIDE ||
			     !(but >> rule->identity & 1)))
				return true;
		}
	}
	return false;
}
