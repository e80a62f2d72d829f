// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The policy read naively; see naive.h.
 */
#include "unit.h"
#include "naive.h"

/* A pattern's remaining parts, innermost first. */
struct rest {
	const struct ewx_pattern_element *at;
	size_t count;
	const struct rest *next;
};

static bool match(const struct rest *rest, const char *s, size_t len)
{
	const struct ewx_pattern_element *e;
	struct rest tail, inner;

	while (rest && !rest->count)
		rest = rest->next;
	if (!rest)
		return !len;
	e = rest->at;
	tail = (struct rest){ e + 1, rest->count - 1, rest->next };
	switch (e->kind) {
	case EWX_PATTERN_BYTE:
		return len && (uint8_t)*s == e->byte &&
		       match(&tail, s + 1, len - 1);
	case EWX_PATTERN_ANY:
		return len && *s != '/' && match(&tail, s + 1, len - 1);
	case EWX_PATTERN_CLASS:
		return len && ewx_byte_set_has(e->set, (uint8_t)*s) &&
		       match(&tail, s + 1, len - 1);
	case EWX_PATTERN_STAR:
	case EWX_PATTERN_DOUBLESTAR:
		if (match(&tail, s, len))
			return true;
		return len &&
		       (*s != '/' || e->kind == EWX_PATTERN_DOUBLESTAR) &&
		       match(rest, s + 1, len - 1);
	default:
		for (size_t i = 0; i < e->alternative_count; i++) {
			inner = (struct rest){ e->alternatives[i].elements,
					       e->alternatives[i].count,
					       &tail };
			if (match(&inner, s, len))
				return true;
		}
		return false;
	}
}

bool naive_match(const struct ewx_pattern *pattern, const char *s, size_t len)
{
	struct rest rest = { pattern->elements, pattern->count, NULL };

	return match(&rest, s, len);
}

static bool path_fits(const struct ewx_ir_condition *c, const char *path)
{
	static struct ewx_arena arena; /* reset: patterns are asked for often */
	struct ewx_pattern_error error;
	struct ewx_pattern *pattern;
	bool fits;

	if (!path)
		return false;
	pattern = ewx_pattern_parse(&arena, c->text, strlen(c->text), &error);
	assert_non_null(pattern);
	fits = naive_match(pattern, path, strlen(path));
	ewx_arena_reset(&arena);
	return fits;
}

static bool groups_fit(u32 gids, u32 low, u32 high)
{
	for (u32 g = 0; g < 32; g++)
		if (gids >> g & 1 && g >= low && g <= high)
			return true;
	return false;
}

static bool process_condition(const struct ewx_ir_condition *c,
			      const struct process *p)
{
	switch (c->kind) {
	case EWX_CONDITION_EXE:
		return path_fits(c, p->path);
	case EWX_CONDITION_UID:
		return p->uid >= c->low && p->uid <= c->high;
	case EWX_CONDITION_GID:
		return groups_fit(p->gids, c->low, c->high);
	case EWX_CONDITION_CGROUP:
		return path_fits(c, p->cgroup);
	case EWX_CONDITION_CONTEXT:
		return p->context && !strcmp(p->context, c->text);
	default:
		return false;
	}
}

static bool digest_fits(const struct ewx_ir_condition *c, u8 have,
			bool is_signed)
{
	if (c->is_signed)
		return have && is_signed;
	return have && (c->any_digest || c->digest[0] == have);
}

static bool file_condition(const struct ewx_ir_condition *c,
			   const struct source_file *f)
{
	switch (c->kind) {
	case EWX_CONDITION_PATH:
		return path_fits(c, f->path);
	case EWX_CONDITION_OWNER:
		return f->owner >= c->low && f->owner <= c->high;
	case EWX_CONDITION_FS:
		return f->fs && !strcmp(f->fs, c->text);
	case EWX_CONDITION_READ_ONLY:
		return f->read_only;
	case EWX_CONDITION_MAPPED_EXEC:
		return f->mapped_exec;
	case EWX_CONDITION_FS_VERITY:
		return digest_fits(c, f->fs_verity, f->fs_signed);
	case EWX_CONDITION_DM_VERITY:
		return digest_fits(c, f->dm_verity, false);
	default:
		return false;
	}
}

static bool enclave_condition(const struct ewx_ir_condition *c,
			      const struct enclave *e)
{
	switch (c->kind) {
	case EWX_CONDITION_SIGNER:
		return e->signer && c->digest[0] == e->signer;
	case EWX_CONDITION_MEASUREMENT:
		return c->digest[0] == e->measurement;
	case EWX_CONDITION_PRODUCT:
		return e->product == c->low;
	case EWX_CONDITION_MIN_SVN:
		return e->svn >= c->low;
	case EWX_CONDITION_ATTRIBUTES:
		return (e->attributes & c->low) == c->high;
	case EWX_CONDITION_XFRM:
		return (e->xfrm & c->mask) == c->value;
	default:
		return false;
	}
}

/* clang-format off */

/* Any of one kind, all kinds; OVER is no condition on a process. */
#define FITS(name, thing, condition)					\
({									\
	bool _all = true;						\
									\
	for (u32 kind = 1; kind < EWX_CONDITION_OVER && _all; kind++) {	\
		bool _some = false, _any = false;			\
									\
		for (size_t i = 0; i < (name)->condition_count; i++) {	\
			if ((name)->conditions[i].kind != kind)		\
				continue;				\
			_some = true;					\
			_any |= condition(&(name)->conditions[i], thing); \
		}							\
		_all = !_some || _any;					\
	}								\
	_all;								\
})

/* clang-format on */

bool naive_domain_fits(const struct ewx_unit *u, u32 domain,
		       const struct process *process)
{
	return FITS(&u->domains[domain], process, process_condition);
}

u32 naive_domains(const struct ewx_unit *u, const struct process *process,
		  u32 *fits)
{
	u32 count = 0;

	for (u32 d = 1; d < u->domain_count; d++) {
		const struct ewx_ir_name *name = &u->domains[d];
		bool exe = false;

		for (size_t i = 0; i < name->condition_count; i++)
			exe |= name->conditions[i].kind == EWX_CONDITION_EXE;
		if (exe && process->no_path &&
		    !(name->flags & EWX_DOMAIN_ROOT_ANY))
			continue;
		if (naive_domain_fits(u, d, process))
			fits[count++] = d;
	}
	return count;
}

bool naive_source_fits(const struct ewx_unit *u, u32 source,
		       const struct source_file *file)
{
	return FITS(&u->sources[source], file, file_condition);
}

bool naive_identity_fits(const struct ewx_unit *u, u32 identity,
			 const struct enclave *enclave)
{
	return FITS(&u->identities[identity], enclave, enclave_condition);
}

static bool rule_concerns(const struct ewx_unit *u, const struct ewx_ir_rule *r,
			  const struct naive_question *q)
{
	if (r->domain != EWX_ANY && r->domain != q->domain)
		return false;
	if (r->source < EWX_DEFER &&
	    (!q->file || !naive_source_fits(u, r->source, q->file)))
		return false;
	return r->identity >= EWX_DEFER ||
	       naive_identity_fits(u, r->identity, q->enclave);
}

static bool holds(const struct ewx_ir_rule *r, u32 bit,
		  const struct naive_question *q)
{
	if (r->until != EWX_FOREVER && (q->now > r->until || q->now < q->built))
		return false;
	return r->max == EWX_UNLIMITED || !q->uses || q->uses[bit] <= r->max;
}

u32 naive_allowed(const struct ewx_unit *u, const struct naive_question *q,
		  u32 *logged)
{
	u32 allowed = 0, denied = 0;

	*logged = 0;
	for (size_t i = 0; i < u->rule_count; i++) {
		const struct ewx_ir_rule *r = &u->rules[i];

		if (!rule_concerns(u, r, q))
			continue;
		if (r->kind == EWX_RULE_DENY)
			denied |= r->perms;
		else if (r->kind == EWX_RULE_LOG)
			*logged |= r->perms;
		for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
			if (r->kind == EWX_RULE_ALLOW && r->perms >> bit & 1 &&
			    holds(r, bit, q))
				allowed |= 1u << bit;
	}
	return allowed & ~denied;
}

static bool in_group(const void *ctx, u32 low, u32 high)
{
	return groups_fit(((const struct process *)ctx)->gids, low, high);
}

static bool has_context(const void *ctx, const char *context)
{
	const struct process *p = ctx;

	return p->context && !strcmp(p->context, context);
}

void process_properties(const struct process *process,
			struct ewx_properties *props)
{
	memset(props, 0, sizeof(*props));
	props->euid = process->uid;
	props->no_path = process->no_path;
	props->in_group = in_group;
	props->has_context = has_context;
	props->ctx = process;
}

static struct ewx_verity verity(u8 have, bool is_signed)
{
	struct ewx_verity v = { .present = have,
				.has_digest = have,
				.is_signed = have && is_signed };

	memset(v.digest, have, sizeof(v.digest));
	return v;
}

void file_properties(const struct source_file *file,
		     struct ewx_verity proofs[2], struct ewx_properties *props)
{
	memset(props, 0, sizeof(*props));
	props->owner = file->owner;
	props->fs = file->fs;
	props->read_only = file->read_only;
	props->mapped_exec = file->mapped_exec;
	proofs[0] = verity(file->fs_verity, file->fs_signed);
	proofs[1] = verity(file->dm_verity, false);
	props->fs_verity = &proofs[0];
	props->dm_verity = &proofs[1];
}

void enclave_properties(const struct enclave *enclave, u8 keys[2][32],
			struct ewx_properties *props)
{
	memset(props, 0, sizeof(*props));
	memset(keys[0], enclave->signer, 32);
	memset(keys[1], enclave->measurement, 32);
	props->has_signer = enclave->signer;
	props->signer = keys[0];
	props->measurement = keys[1];
	props->product = enclave->product;
	props->svn = enclave->svn;
	props->attributes = enclave->attributes;
	props->xfrm = enclave->xfrm;
}

static u32 match_path(const struct ewx_policy *p, enum ewx_automaton_kind kind,
		      const char *path)
{
	return ewx_match(p, kind, path, path ? (u32)strlen(path) : 0);
}

u32 engine_domain(const struct ewx_policy *p, const struct process *process)
{
	struct ewx_properties props;

	process_properties(process, &props);
	props.cgroup = ewx_walk(
		p, match_path(p, EWX_AUTOMATON_CGROUP, process->cgroup),
		&props);
	return ewx_walk(p, match_path(p, EWX_AUTOMATON_EXE, process->path),
			&props);
}

u32 engine_source(const struct ewx_policy *p, const struct source_file *file)
{
	struct ewx_properties props;
	struct ewx_verity proofs[2];

	file_properties(file, proofs, &props);
	return ewx_walk(p, match_path(p, EWX_AUTOMATON_PATH, file->path),
			&props);
}

u32 engine_identity(const struct ewx_policy *p, const struct enclave *enclave)
{
	struct ewx_properties props;
	u8 keys[2][32];

	enclave_properties(enclave, keys, &props);
	return ewx_identity_class(p, &props);
}
