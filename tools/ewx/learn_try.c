// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx learn: which rules the policy takes. Each is compiled with it, so that never and
 * expect have the last word.
 *
 * Owns: how few compilations find that out. Must not know where a rule stands.
 */
#include <stdlib.h>
#include <string.h>

#include "learn.h"

/* Why the compiler refuses: its first error; lines are those of the draft. */
static char *first_error(const struct ewx_unit *u)
{
	const struct ewx_diagnostic *all;
	char *why = NULL;
	size_t count;

	all = ewx_unit_diagnostics(u, &count);
	for (size_t i = 0; i < count && !why; i++)
		if (all[i].severity == EWX_ERROR)
			why = strdup(all[i].text);
	return why ? why : strdup("it does not compile");
}

/* Warnings are not for this command to give. */
char *learn_refused(const struct learn_draft *d, const char *text, size_t size,
		    struct policy *policy)
{
	struct ewx_unit *u = ewx_unit_new();
	char *why = NULL;
	int ret;

	if (!u)
		return strdup("out of memory");
	ret = ewx_unit_add_text(u, d->name, text, size);
	for (size_t i = 1; i < d->t->policy_count; i++)
		ret |= ewx_unit_add_file(u, d->t->policies[i]);
	if (ret || ewx_unit_compile(u, 0, &policy->blob, &policy->size))
		why = first_error(u);
	ewx_unit_free(u);
	return why;
}

static char *refused_now(const struct learn_draft *d)
{
	struct policy policy = { 0 };
	size_t size;
	char *text = learn_compose(d, &size), *why;

	why = text ? learn_refused(d, text, size, &policy) :
		     strdup("out of memory");
	policy_close(&policy);
	free(text);
	return why;
}

static void set_out(struct learn *l, const size_t *list, size_t count, bool out)
{
	for (size_t i = 0; i < count; i++)
		l->rule[list[i]].out = out;
}

/*
 * A never refuses by permission and identity alone: what it refuses once it refuses to
 * all domains, and new identities are all the same to it.
 */
static void judge(struct learn *l, size_t rule, char *why)
{
	const struct learn_rule *r = &l->rule[rule];
	bool never = why && !strncmp(why, "\"never ", strlen("\"never "));

	for (size_t i = 0; never && i < l->rule_count; i++) {
		struct learn_rule *other = &l->rule[i];

		if (i != rule && !other->why && other->bits == r->bits &&
		    other->identity_named == r->identity_named)
			other->why = strdup(why);
	}
	l->rule[rule].why = why;
}

/* Those that are not judged yet, moved to the front. */
static size_t open_ones(const struct learn *l, size_t *list, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (!l->rule[list[i]].why)
			list[kept++] = list[i];
	return kept;
}

/*
 * All of the list, or each half by itself, down to the ones that the policy refuses.
 * @beside: what was taken before is there too, and what is taken stays; otherwise the
 *      list is by itself, so that a long one takes little longer than its length says
 */
static void try_list(struct learn_draft *d, size_t *list, size_t count,
		     bool beside)
{
	char *why;

	count = open_ones(d->l, list, count);
	if (!count)
		return;
	set_out(d->l, list, count, false);
	why = refused_now(d);
	if (!beside || why)
		set_out(d->l, list, count, true);
	if (!why)
		return;
	if (count == 1) {
		judge(d->l, *list, why);
		return;
	}
	free(why);
	try_list(d, list, count / 2, beside);
	try_list(d, list + count / 2, count - count / 2, beside);
}

/* Take the needs of one permission out of a list. Return: the first of them. */
static size_t take_needs(struct learn *l, size_t *list, __u32 bit)
{
	size_t taken = LEARN_NONE;

	while (*list != LEARN_NONE) {
		struct learn_need *n = &l->need[*list];
		size_t here = *list;

		if (n->bit != bit) {
			list = &n->next;
			continue;
		}
		*list = n->next;
		n->next = taken;
		taken = here;
	}
	return taken;
}

/* Each permission on its own: one that is refused must not take others along. */
static void split(struct learn *l)
{
	size_t count = l->rule_count;

	for (size_t i = 0; i < count; i++) {
		__u32 rest = l->rule[i].bits & (l->rule[i].bits - 1);

		if (l->rule[i].out)
			continue;
		l->rule[i].bits &= ~rest;
		for (; rest; rest &= rest - 1) {
			struct learn_rule *r = learn_push(
				l, &l->rule, &l->rule_count, sizeof(*r));

			if (!r)
				return;
			*r = l->rule[i];
			r->bits = rest & -rest;
			r->needs = take_needs(l, &l->rule[i].needs,
					      (__u32)__builtin_ctz(rest));
		}
	}
}

void learn_try(struct learn_draft *d)
{
	struct learn *l = d->l;
	size_t *list, count = 0;

	split(l);
	list = calloc(l->rule_count + 1, sizeof(*list));
	if (!list) {
		l->failed = true;
		return;
	}
	for (size_t i = 0; i < l->rule_count; i++) {
		if (l->rule[i].out)
			continue;
		l->rule[i].out = true;
		list[count++] = i;
	}
	try_list(d, list, count, false);
	/* Hardly ever are rules refused together that are taken one by one. */
	try_list(d, list, open_ones(l, list, count), true);
	free(list);
	learn_join(l);
}
