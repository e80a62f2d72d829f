// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx install: check, compare, store, load, look after it, keep.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "install.h"

/* Of these bytes, signature included; the newest. 0: none. */
static unsigned int find_same(struct store *s, const struct policy *policy)
{
	struct policy other;
	unsigned int n;
	bool same;

	if (!s->count)
		return 0;
	n = s->n[s->count - 1];
	/* A generation that is broken is said to be, and is none. */
	if (store_read(s, n, &other, NULL))
		return 0;
	same = other.whole == policy->whole &&
	       !memcmp(other.blob, policy->blob, policy->whole);
	policy_close(&other);
	return same ? n : 0;
}

/* What will be other than it is. */
static void show_change(struct tool *t, struct store *s, unsigned int from,
			const struct policy *policy)
{
	struct policy both[2];

	if (!from || store_read(s, from, &both[0], NULL))
		return;
	both[1] = *policy;
	printf("from generation %u:\n", from);
	if (!policy_diff(t, both))
		puts("no request is answered otherwise");
	policy_close(&both[0]);
	fflush(stdout);
}

/*
 * The kernel takes what is in force again, whoever signed it. At the next boot it does
 * not.
 */
static int check_signature(struct tool *t, const struct policy *policy)
{
	bool is_signed = policy->whole > policy->size;

	if (node_took_signature(t, is_signed))
		return EXIT_OK;
	return tool_error(
		t,
		is_signed ?
			"this policy was in force without this signature, so the kernel did not look at it: raise \"version\" and sign it again" :
			"this policy is in force with a signature; without one the kernel refuses it at the next boot");
}

int change_load(struct tool *t, struct change *c)
{
	if (!node_load(t, c->policy->blob, c->policy->whole)) {
		if (!check_signature(t, c->policy) &&
		    !health_check(t, c->policy))
			return EXIT_OK;
		if (c->from != c->to)
			change_back(t, c);
	}
	if (c->added)
		store_remove(c->store, c->to);
	return EXIT_FAIL;
}

int change_back(struct tool *t, const struct change *c)
{
	struct policy policy;
	int ret;

	if (c->before.blob) {
		tool_error(
			t, "going back to policy %s version %llu",
			ewx_judge_name(c->before.judge),
			(unsigned long long)ewx_judge_version(c->before.judge));
		if (!node_load(t, c->before.blob, c->before.size))
			return EXIT_OK;
	}
	if (!c->from) {
		tool_error(
			t,
			"there is no policy to go back to: denials are not enforced any more");
		if (!node_write(t, "enforce", "0", 1))
			return EXIT_OK;
		node_explain(t, "enforce", errno);
		return EXIT_FAIL;
	}
	if (store_read(c->store, c->from, &policy, NULL))
		return EXIT_FAIL;
	tool_error(t, "going back to generation %u", c->from);
	ret = node_load(t, policy.blob, policy.whole);
	policy_close(&policy);
	return ret;
}

/* As after a first install that came to nothing: see change_back(). */
static void say_permissive(struct tool *t)
{
	struct bytes b;

	if (node_read(t, "enforce", &b))
		return;
	if (b.data[0] == '0')
		puts("denials are only recorded: ewx enforce 1 enforces them");
	free(b.data);
}

int change_keep(struct tool *t, struct change *c)
{
	unsigned int pending = store_link(c->store, STORE_PENDING);

	if (store_point(c->store, STORE_CURRENT, c->to)) {
		/* Either is whole; what runs is what boots. */
		if (store_link(c->store, STORE_CURRENT) != c->to && !t->no_load)
			change_back(t, c);
		return EXIT_FAIL;
	}
	if (store_drop(c->store, STORE_PENDING))
		return EXIT_FAIL;
	/* What nobody confirmed is nothing to go back to. */
	if (pending && pending != c->to && pending != c->from)
		store_remove(c->store, pending);
	store_prune(c->store);
	printf("generation %u is current\n", c->to);
	if (!t->no_load)
		say_permissive(t);
	return EXIT_OK;
}

static int put_in_force(struct tool *t, struct change *c)
{
	if (t->confirm && c->to != c->from)
		return change_confirm(t, c, t->confirm);
	if (!t->no_load && change_load(t, c))
		return EXIT_FAIL;
	return change_keep(t, c);
}

static int install(struct tool *t, struct store *s, struct policy *policy)
{
	struct change c = {
		.store = s,
		.policy = policy,
		.from = store_link(s, STORE_CURRENT),
	};
	int ret = EXIT_FAIL;

	show_change(t, s, c.from, policy);
	c.to = find_same(s, policy);
	if (!c.to) {
		c.to = store_add(s, policy);
		c.added = true;
	}
	if (!c.from && !t->no_load)
		node_policy(t, &c.before);
	if (c.to)
		ret = put_in_force(t, &c);
	policy_close(&c.before);
	return ret;
}

int cmd_install(struct tool *t, int argc, char **argv)
{
	struct policy policy;
	struct store s;
	int ret = EXIT_FAIL;

	t->no_load |= t->root != NULL;
	if (t->no_load && t->confirm)
		return tool_usage(
			t, "nothing is loaded, so there is nothing to confirm");
	if (t->confirm && node_only_newer(t))
		return tool_error(
			t,
			"there would be no way back: this kernel takes newer versions only, so --confirm cannot be kept");
	if (policy_open(t, argv, (size_t)argc, STAMP_FILES, &policy))
		return EXIT_FAIL;
	if (!contexts_check(t, &policy) && !store_open(&s, t, STORE_WRITE)) {
		ret = install(t, &s, &policy);
		store_close(&s);
	}
	policy_close(&policy);
	return ret;
}
