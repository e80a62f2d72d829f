// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx learn: from records to needs: who lacked which permission, for which file
 * and which enclave, and how often. Who an enclave is may come to light later.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "learn.h"
#include "../../libewx/public_keys.h"

const struct learn_clauses learn_clauses[ENCLAVE_PERM_COUNT] = {
#define CLAUSES(NAME, name, from, ident, when) \
	[ENCLAVE_PERM_BIT_##                   \
		NAME] = { ENCLAVE_CLAUSE_##from, ENCLAVE_CLAUSE_##ident },
	ENCLAVE_PERMISSIONS(CLAUSES)
#undef CLAUSES
};

void *learn_push(struct learn *l, void *array, size_t *count, size_t size)
{
	char **at = array, *grown = reallocarray(*at, *count + 1, size);

	if (!grown) {
		l->failed = true;
		return NULL;
	}
	*at = grown;
	return memset(grown + size * (*count)++, 0, size);
}

/* The one copy of a string. */
static const char *intern(struct learn *l, const char *text)
{
	char **one;

	for (size_t i = 0; i < l->string_count; i++)
		if (!strcmp(l->strings[i], text))
			return l->strings[i];
	one = learn_push(l, &l->strings, &l->string_count, sizeof(*one));
	if (one)
		*one = strdup(text);
	if (!one || !*one)
		l->failed = true;
	return one && *one ? *one : "";
}

/* The first word of a list by commas; NULL if it is empty. */
static const char *first_word(struct learn *l, const char *list)
{
	char *word = *list ? strndup(list, strcspn(list, ",")) : NULL;
	const char *one = word ? intern(l, word) : NULL;

	free(word);
	return one;
}

/* Whether a policy's string can hold it. */
static bool is_plain(const char *text)
{
	json_t *value = json_string(text);
	bool plain = value != NULL;

	json_decref(value);
	for (; *text; text++)
		plain &= (unsigned char)*text >= 0x20 && *text != 0x7f;
	return plain;
}

static size_t enclave_of(struct learn *l, __s64 number)
{
	struct learn_enclave *e;

	if (!number)
		return LEARN_NONE;
	for (size_t i = l->enclave_count; i--;)
		if (l->enclave[i].number == number &&
		    l->enclave[i].boot == l->boot)
			return i;
	e = learn_push(l, &l->enclave, &l->enclave_count, sizeof(*e));
	if (!e)
		return LEARN_NONE;
	e->boot = l->boot;
	e->number = number;
	e->identity = LEARN_NONE;
	return l->enclave_count - 1;
}

static bool key_is_public(const char *signer)
{
	__u8 digest[32];

	for (int i = 0; i < 32; i++)
		if (sscanf(signer + 2 * i, "%2hhx", &digest[i]) != 1)
			return false;
	return ewx_public_key(digest) != NULL;
}

/* A signer and product are one identity, from the lowest version on. */
static size_t identity_of(struct learn *l, const struct ewx_record *r)
{
	const char *signer = r->text[EWX_RECORD_signer];
	__s64 product = r->number[EWX_RECORD_product];
	__s64 svn = r->number[EWX_RECORD_svn];
	struct learn_identity *id;
	const char *measurement;

	if (strlen(signer) != 64 || key_is_public(signer))
		signer = NULL;
	else
		signer = intern(l, signer);
	measurement = intern(l, r->text[EWX_RECORD_measurement]);
	for (size_t i = 0; i < l->identity_count; i++) {
		id = &l->identity[i];
		if (id->signer != signer ||
		    (signer && id->product != product) ||
		    (!signer && id->measurement != measurement))
			continue;
		if (svn < id->svn)
			id->svn = svn;
		return i;
	}
	id = learn_push(l, &l->identity, &l->identity_count, sizeof(*id));
	if (!id)
		return LEARN_NONE;
	*id = (struct learn_identity){ signer, measurement, product, svn };
	return l->identity_count - 1;
}

static void learn_enclave(struct learn *l, size_t i, const struct ewx_record *r)
{
	struct learn_enclave *e;

	if (i == LEARN_NONE || strlen(r->text[EWX_RECORD_measurement]) != 64)
		return;
	e = &l->enclave[i];
	if (!e->named && r->text[EWX_RECORD_identity][0])
		e->named = first_word(l, r->text[EWX_RECORD_identity]);
	else if (!e->named && e->identity == LEARN_NONE)
		e->identity = identity_of(l, r);
}

static size_t source_of(struct learn *l, const struct ewx_record *r)
{
	const char *path = intern(l, r->text[EWX_RECORD_path]), **one;
	__s64 owner = r->number[EWX_RECORD_owner];
	const char *slash = strrchr(path, '/');
	char *text = strndup(path, (size_t)(slash - path) + 1);
	const char *folder = intern(l, text ? text : "/");
	struct learn_source *s = NULL;
	size_t i;

	free(text);
	for (i = 0; i < l->source_count && !s; i++)
		if (l->source[i].folder == folder &&
		    l->source[i].owner == owner)
			s = &l->source[i];
	if (!s) {
		s = learn_push(l, &l->source, &l->source_count, sizeof(*s));
		if (!s)
			return LEARN_NONE;
		s->folder = folder;
		s->owner = owner;
	}
	i = (size_t)(s - l->source);
	for (size_t n = 0; n < s->count; n++)
		if (s->path[n] == path)
			return i;
	one = learn_push(l, &s->path, &s->count, sizeof(*one));
	if (one)
		*one = path;
	return i;
}

/* Why no rule can be made of it, whatever the policy says; or NULL. */
static const char *hopeless(const struct ewx_record *r, __u32 bit)
{
	const char *reason = r->text[EWX_RECORD_reason];
	bool cause =
		ewx_name_find(EWX_NAMES_PERMISSION, r->text[EWX_RECORD_cause],
			      strlen(r->text[EWX_RECORD_cause])) == (int)bit;
	bool from = learn_clauses[bit].from == ENCLAVE_CLAUSE_REQUIRED &&
		    !r->text[EWX_RECORD_source][0];

	if (cause && !strcmp(reason, "denied"))
		return "a rule denies it";
	if (cause && !strcmp(reason, "expired"))
		return "the rule that allows it has expired; give it another date";
	if (cause && !strcmp(reason, "max"))
		return "the rule that allows it has a max that is too low";
	if (from && (r->text[EWX_RECORD_path][0] != '/' ||
		     r->number[EWX_RECORD_nopath]))
		return "the file's path is not one that a policy may trust";
	if (from && !is_plain(r->text[EWX_RECORD_path]))
		return "no pattern can hold the file's path";
	if (!strcmp(r->text[EWX_RECORD_domain], "default") &&
	    (r->text[EWX_RECORD_exe][0] != '/' || r->number[EWX_RECORD_noexe] ||
	     !is_plain(r->text[EWX_RECORD_exe])))
		return "the program's path is not one that a policy may trust";
	return NULL;
}

static bool same_need(const struct learn_need *a, const struct learn_need *b)
{
	return learn_same_domain(a, b) && a->bit == b->bit &&
	       a->named == b->named && a->source == b->source &&
	       a->enclave == b->enclave && a->why_not == b->why_not;
}

/* Who, and what for; the evidence is left open. */
static struct learn_need describe(struct learn *l, const struct ewx_record *r,
				  __u32 bit, size_t enclave)
{
	struct learn_need n = { .bit = bit, .source = LEARN_NONE };

	n.domain = intern(l, r->text[EWX_RECORD_domain]);
	if (!strcmp(n.domain, "default")) {
		n.exe = intern(l, r->text[EWX_RECORD_exe]);
		n.euid = r->number[EWX_RECORD_euid];
	}
	n.why_not = hopeless(r, bit);
	n.enclave = learn_clauses[bit].ident == ENCLAVE_CLAUSE_REFUSED ?
			    LEARN_NONE :
			    enclave;
	if (n.why_not || learn_clauses[bit].from == ENCLAVE_CLAUSE_REFUSED)
		return n;
	n.named = first_word(l, r->text[EWX_RECORD_source]);
	if (!n.named && learn_clauses[bit].from == ENCLAVE_CLAUSE_REQUIRED)
		n.source = source_of(l, r);
	return n;
}

static void add_need(struct learn *l, const struct ewx_record *r,
		     const struct learn_need *what)
{
	struct learn_need *n = NULL;

	for (size_t i = l->need_count; i-- && !n;)
		if (same_need(&l->need[i], what))
			n = &l->need[i];
	if (!n) {
		n = learn_push(l, &l->need, &l->need_count, sizeof(*n));
		if (!n)
			return;
		*n = *what;
		n->first = r->seconds;
		n->example = intern(l, r->text[EWX_RECORD_exe]);
	}
	n->records++;
	n->pages += (__u64)r->number[EWX_RECORD_pages];
	n->last = r->seconds;
}

bool learn_take(const struct ewx_record *r, void *arg)
{
	const char *missing = r->text[EWX_RECORD_missing];
	struct learn *l = arg;
	size_t enclave;

	/* The kernel counts loads since boot. */
	if (r->type == EWX_RECORD_LOAD && r->number[EWX_RECORD_res]) {
		if (r->number[EWX_RECORD_generation] < l->generation)
			l->boot++;
		l->generation = r->number[EWX_RECORD_generation];
	}
	if (r->type != EWX_RECORD_ACCESS && r->type != EWX_RECORD_ENCLAVE)
		return true;
	enclave = enclave_of(l, r->number[EWX_RECORD_enclave]);
	learn_enclave(l, enclave, r);
	if (strcmp(r->text[EWX_RECORD_result], "permissive") ||
	    !strcmp(r->text[EWX_RECORD_reason], "admitted_unjudged") ||
	    !strcmp(r->text[EWX_RECORD_reason], "policy_changed") ||
	    !strcmp(r->text[EWX_RECORD_reason], "no_policy"))
		return !l->failed;
	l->records++;
	for (; *missing; missing += *missing == ',') {
		size_t n = strcspn(missing, ",");
		int bit = ewx_name_find(EWX_NAMES_PERMISSION, missing, n);
		struct learn_need what;

		missing += n;
		if (bit < 0)
			continue;
		what = describe(l, r, (__u32)bit, enclave);
		add_need(l, r, &what);
	}
	return !l->failed;
}

void learn_free(struct learn *l)
{
	for (size_t i = 0; i < l->string_count; i++)
		free(l->strings[i]);
	for (size_t i = 0; i < l->source_count; i++)
		free(l->source[i].path);
	for (size_t i = 0; i < l->rule_count; i++)
		free(l->rule[i].why);
	free(l->strings);
	free(l->enclave);
	free(l->identity);
	free(l->source);
	free(l->need);
	free(l->rule);
}
