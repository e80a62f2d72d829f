// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What conditions fit: processes to domains, files to sources, enclaves to
 * identities; see reference.h.
 *
 * Owns: values of one kind are any-of, kinds are all-of; which domain wins.
 */
#include <string.h>
#include "reference.h"

static bool in_range(const struct ewx_ir_condition *c, u32 id)
{
	return id >= c->low && id <= c->high;
}

/* @path: NULL where no pattern may match. */
static bool path_fits(const struct globs *g, const char *path)
{
	return path && path[0] && globs_match(g, path);
}

static bool verity_fits(const struct ewx_ir_condition *c,
			const struct ewx_query *q)
{
	bool fs = c->kind == EWX_CONDITION_FS_VERITY;
	u32 there = fs ? EWX_QUERY_FS_VERITY : EWX_QUERY_DM_VERITY;
	u32 known = fs ? EWX_QUERY_FS_DIGEST : EWX_QUERY_DM_DIGEST;
	const u8 *digest = fs ? q->fs_verity : q->dm_verity;

	if (!(q->flags & there))
		return false;
	if (c->is_signed)
		return q->flags & EWX_QUERY_FS_SIGNED;
	if (c->any_digest)
		return true;
	return q->flags & known && !memcmp(c->digest, digest, 32);
}

/* Of a domain; @exe: the program's path, NULL where it may not be trusted. */
static bool process_fits(const struct ewx_ir_condition *c,
			 const struct globs *g, const struct ewx_query *q,
			 const char *exe)
{
	switch (c->kind) {
	case EWX_CONDITION_EXE:
		return path_fits(g, exe);
	case EWX_CONDITION_CGROUP:
		return path_fits(g, q->cgroup);
	case EWX_CONDITION_UID:
		return in_range(c, q->euid);
	case EWX_CONDITION_GID:
		return in_range(c, q->egid);
	case EWX_CONDITION_CONTEXT:
		return !strcmp(c->text, q->context);
	default:
		return false;
	}
}

/* Of a source; @path: NULL where it may not be trusted. */
static bool file_fits(const struct ewx_ir_condition *c, const struct globs *g,
		      const struct ewx_query *q, const char *path)
{
	switch (c->kind) {
	case EWX_CONDITION_PATH:
		return path_fits(g, path);
	case EWX_CONDITION_OWNER:
		return in_range(c, q->owner);
	case EWX_CONDITION_FS:
		return !strcmp(c->text, q->fs);
	case EWX_CONDITION_READ_ONLY:
		return q->flags & EWX_QUERY_READ_ONLY;
	case EWX_CONDITION_MAPPED_EXEC:
		return q->flags & EWX_QUERY_MAPPED_EXEC;
	case EWX_CONDITION_FS_VERITY:
	case EWX_CONDITION_DM_VERITY:
		return verity_fits(c, q);
	default:
		return false;
	}
}

static bool enclave_fits(const struct ewx_ir_condition *c,
			 const struct ewx_query *q)
{
	switch (c->kind) {
	case EWX_CONDITION_SIGNER:
		return q->flags & EWX_QUERY_HAS_SIGNER &&
		       !memcmp(c->digest, q->signer, 32);
	case EWX_CONDITION_MEASUREMENT:
		return !memcmp(c->digest, q->measurement, 32);
	case EWX_CONDITION_PRODUCT:
		return q->product == c->low;
	case EWX_CONDITION_MIN_SVN:
		return q->svn >= c->low;
	case EWX_CONDITION_ATTRIBUTES:
		return (q->attributes & c->low) == c->high;
	case EWX_CONDITION_XFRM:
		return (q->xfrm & c->mask) == c->value;
	default:
		return false;
	}
}

enum what { PROCESS, FILE_PAGE, ENCLAVE };

static bool fits(const struct ref_name *name, enum what what,
		 const struct ewx_query *q, const char *path)
{
	u32 stated = 0, met = 0;

	for (size_t i = 0; i < name->tree->condition_count; i++) {
		const struct ewx_ir_condition *c = &name->tree->conditions[i];
		const struct globs *g = &name->globs[i];
		bool good = what == PROCESS   ? process_fits(c, g, q, path) :
			    what == FILE_PAGE ? file_fits(c, g, q, path) :
						enclave_fits(c, q);

		stated |= 1u << c->kind;
		if (good)
			met |= 1u << c->kind;
	}
	return stated && stated == met;
}

/* All ids of @a's ranges are in one of @b's, which need not be one by itself. */
static bool ranges_within(const struct ewx_ir_name *a,
			  const struct ewx_ir_name *b, u32 kind)
{
	for (size_t i = 0; i < a->condition_count; i++) {
		u64 id = a->conditions[i].low;

		if (a->conditions[i].kind != kind)
			continue;
		while (id <= a->conditions[i].high) {
			u64 end = id;

			for (size_t j = 0; j < b->condition_count; j++)
				if (b->conditions[j].kind == kind &&
				    in_range(&b->conditions[j], (u32)id))
					end = 1ull + b->conditions[j].high;
			if (end == id)
				return false;
			id = end;
		}
	}
	return true;
}

static bool contexts_within(const struct ewx_ir_name *a,
			    const struct ewx_ir_name *b)
{
	for (size_t i = 0; i < a->condition_count; i++) {
		bool found = false;

		if (a->conditions[i].kind != EWX_CONDITION_CONTEXT)
			continue;
		for (size_t j = 0; j < b->condition_count; j++)
			found |= b->conditions[j].kind ==
					 EWX_CONDITION_CONTEXT &&
				 !strcmp(a->conditions[i].text,
					 b->conditions[j].text);
		if (!found)
			return false;
	}
	return true;
}

/* All patterns of one kind together. */
static void join(const struct ref_name *name, u32 kind, struct globs *g)
{
	for (size_t i = 0; i < name->tree->condition_count; i++)
		if (name->tree->conditions[i].kind == kind)
			globs_add(g, name->tree->conditions[i].text);
}

static bool patterns_within(const struct ref_name *a, const struct ref_name *b,
			    u32 kind)
{
	struct globs x = { 0 }, y = { 0 };
	bool within;

	join(a, kind, &x);
	join(b, kind, &y);
	within = globs_within(&x, &y);
	globs_free(&x);
	globs_free(&y);
	return within;
}

static bool states(const struct ewx_ir_name *name, u32 kind)
{
	for (size_t i = 0; i < name->condition_count; i++)
		if (name->conditions[i].kind == kind)
			return true;
	return false;
}

static bool kind_within(const struct ref_name *a, const struct ref_name *b,
			u32 kind)
{
	if (!states(b->tree, kind))
		return true;
	if (!states(a->tree, kind))
		return false;
	if (kind == EWX_CONDITION_UID || kind == EWX_CONDITION_GID)
		return ranges_within(a->tree, b->tree, kind);
	if (kind == EWX_CONDITION_CONTEXT)
		return contexts_within(a->tree, b->tree);
	return patterns_within(a, b, kind);
}

bool ref_within(struct ref *r, u32 a, u32 b)
{
	u8 *known = &r->within[a * r->unit->domain_count + b];
	u32 kind;

	if (!*known) {
		*known = 1;
		for (kind = EWX_CONDITION_EXE; kind <= EWX_CONDITION_CONTEXT;
		     kind++)
			if (!kind_within(&r->domains[a], &r->domains[b], kind))
				*known = 2;
	}
	return *known == 1;
}

static bool said_over(const struct ref *r, u32 a, u32 b)
{
	const struct ewx_front *f = ewx_front(r->unit);

	for (size_t i = 0; i < f->over_count; i++)
		if (!strcmp(f->overs[i].name, r->unit->domains[a].name) &&
		    !strcmp(f->overs[i].other, r->unit->domains[b].name))
			return true;
	return false;
}

/* What the policy says of the two comes before what their conditions say. */
static bool wins(struct ref *r, u32 a, u32 b)
{
	if (said_over(r, a, b))
		return true;
	return !said_over(r, b, a) && ref_within(r, a, b) &&
	       !ref_within(r, b, a);
}

bool ref_settled(struct ref *r)
{
	u32 count = (u32)r->unit->domain_count;

	for (u32 a = 1; a < count; a++)
		for (u32 b = a + 1; b < count; b++)
			if (!wins(r, a, b) && !wins(r, b, a))
				return false;
	return true;
}

static bool domain_fits(const struct ref *r, u32 domain,
			const struct ewx_query *q)
{
	bool any_root = r->unit->domains[domain].flags & EWX_DOMAIN_ROOT_ANY;
	bool trusted = !(q->flags & EWX_QUERY_NO_EXE_PATH);

	return fits(&r->domains[domain], PROCESS, q,
		    trusted || any_root ? q->exe : NULL);
}

u32 ref_domain(struct ref *r, const struct ewx_query *q)
{
	u32 count = (u32)r->unit->domain_count, best = EWX_DOMAIN_DEFAULT;

	if (q->subject == EWX_SUBJECT_DOMAIN) {
		for (u32 d = 0; d < count; d++)
			if (!strcmp(r->unit->domains[d].name, q->domain))
				return d;
		return REF_UNKNOWN;
	}
	for (u32 d = 1; d < count; d++)
		if (domain_fits(r, d, q) &&
		    (best == EWX_DOMAIN_DEFAULT || wins(r, d, best)))
			best = d;
	for (u32 d = 1; d < count; d++)
		if (d != best && domain_fits(r, d, q) && !wins(r, best, d))
			return REF_AMBIGUOUS;
	return best;
}

void ref_situation(const struct ref *r, const struct ewx_query *q, u32 domain,
		   struct ref_situation *s)
{
	const char *path = q->flags & EWX_QUERY_NO_PATH ? NULL : q->path;
	u32 added = ref_added(q);

	s->domain = domain;
	s->sources = 0;
	s->required = ref_required(q);
	s->now = q->now;
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		s->uses[bit] = q->uses[bit] + (added >> bit & 1);
	/* Without a file nothing comes from a source. */
	for (size_t i = 0; q->path[0] && i < r->unit->source_count; i++)
		if (fits(&r->sources[i], FILE_PAGE, q, path))
			s->sources |= 1ull << i;
}

/* The classes of identity @name that have the fewest members. */
static size_t fewest(const struct ref *r, const char *name, u64 *sets)
{
	int members = 65;
	size_t count = 0;
	u64 bit = 0;

	for (size_t i = 0; i < r->unit->identity_count; i++)
		if (!strcmp(r->identities[i].tree->name, name))
			bit = 1ull << i;
	for (size_t c = 0; c < r->class_count; c++) {
		int n = __builtin_popcountll(r->classes[c]);

		if (!(r->classes[c] & bit) || n > members)
			continue;
		if (n < members)
			count = 0;
		members = n;
		sets[count++] = r->classes[c];
	}
	return count;
}

size_t ref_identities(const struct ref *r, const struct ewx_query *q, u64 *sets)
{
	sets[0] = 0;
	switch (q->identity_kind) {
	case EWX_IDENTITY_NAMED:
		return fewest(r, q->identity, sets);
	case EWX_IDENTITY_RAW:
		for (size_t i = 0; i < r->unit->identity_count; i++)
			if (fits(&r->identities[i], ENCLAVE, q, NULL))
				sets[0] |= 1ull << i;
		return 1;
	case EWX_IDENTITY_UNLISTED:
		return 1;
	default:
		return 0;
	}
}
