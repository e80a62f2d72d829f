// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether two records say the same (audit.h).
 *
 * Owns: that. Must not know what is done with a repetition.
 */
#include <linux/string.h>

#include "audit.h"

/* Ids and label are the credentials', which @last holds on to. */
static bool same_process(const struct ewx_record *last,
			 const struct ewx_record *r)
{
	return last->pid == r->pid && last->cred == r->cred &&
	       last->exe == r->exe && last->auid == r->auid &&
	       last->ses == r->ses && !strcmp(last->comm, r->comm);
}

static bool same_verity(const struct ewx_verity *last,
			const struct ewx_verity *v)
{
	return last->present == v->present && last->is_signed == v->is_signed &&
	       last->has_digest == v->has_digest &&
	       (!v->has_digest ||
		!memcmp(last->digest, v->digest, sizeof(v->digest)));
}

static bool same_file(const struct ewx_source_seen *last,
		      const struct ewx_source_seen *f)
{
	return last->owner == f->owner && last->nopath == f->nopath &&
	       last->read_only == f->read_only &&
	       last->mapped_exec == f->mapped_exec &&
	       same_verity(&last->fs_verity, &f->fs_verity) &&
	       same_verity(&last->dm_verity, &f->dm_verity) &&
	       !strcmp(last->fstype, f->fstype) && !last->path == !f->path &&
	       (!f->path || !strcmp(last->path, f->path));
}

bool ewx_record_repeats(const struct ewx_record *last,
			const struct ewx_record *r)
{
	return last->op == r->op && last->outcome == r->outcome &&
	       last->refusal == r->refusal && last->needed == r->needed &&
	       last->missing == r->missing && last->reason == r->reason &&
	       last->rule == r->rule && last->access == r->access &&
	       last->facts == r->facts && last->origin == r->origin &&
	       last->policy == r->policy && last->domain == r->domain &&
	       last->source == r->source && last->identity == r->identity &&
	       last->foreign == r->foreign && last->opener == r->opener &&
	       last->initialized == r->initialized &&
	       last->enforcing == r->enforcing &&
	       last->page + last->pages == r->page && same_process(last, r) &&
	       same_file(&last->file, &r->file);
}
