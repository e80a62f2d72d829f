// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of judgement: deferred identities and their debts (ATTACKS row D),
 * modes, sharing, and what a stricter policy leaves standing (B19, B20).
 */
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "counters.h"
#include "debts.h"
#include "enclave.h"
#include "judge.h"
#include "rate.h"
#include "setup.h"
#include "test_util.h"

#define ANON	ENCLAVE_PERM_EXEC_ANON
#define MODIFIED ENCLAVE_PERM_EXEC_MODIFIED
#define CREATE	ENCLAVE_PERM_CREATE
#define CHANGE	ENCLAVE_PERM_CHANGE

/**
 * struct scene - a worker with an enclave under the base policy.
 * @worker: its credentials, in effect during the test
 * @before: those of the test's own thread
 * @e: enclave, not created
 */
struct scene {
	struct cred *worker;
	const struct cred *before;
	struct enclave *e;
};

static int scene_init(struct kunit *test)
{
	struct scene *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	int err = ewx_test_suite_init(test);

	if (err || !s)
		return err ?: -ENOMEM;
	test->priv = s;
	err = ewx_test_load(test, EWX_TEST_BASE, 0, NULL);
	s->worker = ewx_test_cred(test, "/opt/worker", true, 1000);
	s->before = override_creds(s->worker);
	s->e = ewx_test_enclave(test);
	return err;
}

static void scene_exit(struct kunit *test)
{
	struct scene *s = test->priv;

	if (s && s->e) {
		ewx_test_enclave_free(s->e);
		revert_creds(s->before);
		abort_creds(s->worker);
	}
	ewx_test_suite_exit(test);
}

static struct enclave *created(struct kunit *test)
{
	struct scene *s = test->priv;

	KUNIT_ASSERT_EQ(test, ewx_test_ask(s->e, ENCLAVE_OP_CREATE, CREATE, 0,
					   s->e->pages), 0);
	return s->e;
}

static int load(struct enclave *e, u32 required, u64 page)
{
	return ewx_test_ask(e, ENCLAVE_OP_LOAD, required, page, 1);
}

static void identity_that_was_admitted(struct kunit *test)
{
	struct enclave *e = created(test);

	KUNIT_EXPECT_EQ(test, load(e, ANON, 3), 0);
	KUNIT_EXPECT_EQ(test, load(e, ANON, 4), 0);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xaa), 0);
	KUNIT_EXPECT_NULL(test, ewx_enclave(e)->debts);
}

/* D2: the record can name the request that the identity did not allow. */
static void other_identity(struct kunit *test)
{
	struct enclave *e = created(test);
	const struct ewx_debt *debt = NULL;
	struct ewx_debts *debts;
	u32 class, names;

	KUNIT_EXPECT_EQ(test, load(e, ANON, 3), 0);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xbb), -EACCES);
	debts = ewx_enclave(e)->debts;
	KUNIT_ASSERT_NOT_NULL(test, debts);
	for (class = 0, names = 0; class < debts->classes; class++) {
		if (ewx_debts_possible(debts, class))
			continue;
		debt = ewx_debts_remover(debts, class);
		KUNIT_ASSERT_NOT_NULL(test, debt);
		KUNIT_EXPECT_EQ(test, debt->range.first, 3);
		KUNIT_EXPECT_EQ(test, debt->question.required, ANON);
		names++;
	}
	KUNIT_EXPECT_GE(test, names, 2);
	/* D6: nothing sticks. */
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xaa), 0);
}

static void unlisted_identity(struct kunit *test)
{
	struct enclave *e = created(test);

	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xcc), -EACCES);
}

/* D9: denied at the load that leaves no identity. */
static void empty_set(struct kunit *test)
{
	struct enclave *e = created(test);

	KUNIT_EXPECT_EQ(test, load(e, ANON, 3), 0);
	KUNIT_EXPECT_EQ(test, load(e, MODIFIED, 4), -EACCES);
	KUNIT_EXPECT_EQ(test, load(e, ANON, 5), 0);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xaa), 0);
}

/* Who may not even create keeps no memory, and no policy, by asking. */
static void denied_keeps_nothing(struct kunit *test)
{
	struct scene *s = test->priv;

	KUNIT_EXPECT_EQ(test, ewx_test_ask(s->e, ENCLAVE_OP_CREATE,
					   CREATE | ENCLAVE_PERM_DEBUG, 0,
					   s->e->pages), -EACCES);
	KUNIT_EXPECT_NULL(test, ewx_enclave(s->e)->debts);
}

/* Pages that are denied together are asked for one by one: nothing is left. */
static void divisible_load(struct kunit *test)
{
	struct enclave *e = created(test);
	struct enclave_request req = {
		.op = ENCLAVE_OP_LOAD,
		.required = ANON,
		.divisible = true,
		.range = { .first = 1, .count = 2 },
	};
	const u64 before = ewx_counter_read(EWX_COUNTER_DENIED);

	KUNIT_EXPECT_EQ(test, ewx_judge(e, &req), 0);
	ewx_enclave_commit(e, &req);
	req.required = MODIFIED;
	KUNIT_EXPECT_EQ(test, ewx_judge(e, &req), -E2BIG);
	KUNIT_EXPECT_EQ(test, ewx_counter_read(EWX_COUNTER_DENIED), before);
	req.divisible = false;
	KUNIT_EXPECT_EQ(test, ewx_judge(e, &req), -EACCES);
	KUNIT_EXPECT_EQ(test, ewx_counter_read(EWX_COUNTER_DENIED), before + 1);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xaa), 0);
}

/* What was judged but not committed is no debt. */
static void aborted_load_owes_nothing(struct kunit *test)
{
	struct enclave *e = created(test);
	struct enclave_request req = {
		.op = ENCLAVE_OP_LOAD,
		.required = ANON,
		.range = { .first = 1, .count = 1 },
	};

	KUNIT_EXPECT_EQ(test, ewx_judge(e, &req), 0);
	KUNIT_EXPECT_EQ(test, load(e, MODIFIED, 1), 0);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xbb), 0);
}

/* D10 */
static void policy_changes_under_debts(struct kunit *test)
{
	struct enclave *e = created(test);

	KUNIT_EXPECT_EQ(test, load(e, ANON, 3), 0);
	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 9, NULL), 0);
	KUNIT_EXPECT_EQ(test, load(e, ANON, 4), -EACCES);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xbb), -EACCES);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xaa), 0);
}

static void policy_changes_without_debts(struct kunit *test)
{
	struct enclave *e = created(test);

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 9, NULL), 0);
	KUNIT_EXPECT_EQ(test, load(e, ANON, 3), 0);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xbb), -EACCES);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xaa), 0);
}

/* The memory of debts is used again; what was judged under the other policy is not. */
static void debts_are_renewed(struct kunit *test)
{
	struct enclave *e = created(test);
	struct enclave_request req = {
		.op = ENCLAVE_OP_LOAD,
		.required = ANON,
		.range = { .first = 1, .count = 1 },
	};
	const struct ewx_debts *before;

	KUNIT_EXPECT_EQ(test, ewx_judge(e, &req), 0);
	before = ewx_enclave(e)->debts;
	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 9, NULL), 0);
	KUNIT_EXPECT_EQ(test, load(e, MODIFIED, 1), 0);
	KUNIT_EXPECT_PTR_EQ(test, ewx_enclave(e)->debts, before);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xaa), -EACCES);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xbb), 0);
}

/* D11 */
static void admitted_without_policy(struct kunit *test)
{
	struct enclave *e;

	ewx_policy_reset();
	e = created(test);
	KUNIT_EXPECT_EQ(test, load(e, ANON, 3), 0);
	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xaa), -EACCES);
}

static void admitted_by_permissive(struct kunit *test)
{
	struct enclave *e = created(test);

	ewx_set_enforcing(false);
	KUNIT_EXPECT_EQ(test, load(e, ENCLAVE_PERM_LOAD_WX, 3), 0);
	ewx_set_enforcing(true);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xaa), -EACCES);
	ewx_set_enforcing(false);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xaa), 0);
}

/* What permissive mode did not have to forgive is no debt. */
static void granted_under_permissive(struct kunit *test)
{
	struct enclave *e = created(test);

	ewx_set_enforcing(false);
	KUNIT_EXPECT_EQ(test, load(e, ANON, 3), 0);
	ewx_set_enforcing(true);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xaa), 0);
}

static void permissive_domain(struct kunit *test)
{
	struct enclave *e = created(test);
	struct cred *lax = ewx_test_cred(test, "/opt/lax", true, 0);
	const struct cred *before = override_creds(lax);

	KUNIT_EXPECT_EQ(test, load(e, ENCLAVE_PERM_MAP_WX, 3), 0);
	revert_creds(before);
	abort_creds(lax);
	KUNIT_EXPECT_EQ(test, load(e, ENCLAVE_PERM_MAP_WX, 3), -EACCES);
}

static int map(struct enclave *e, u32 required)
{
	return ewx_test_ask(e, ENCLAVE_OP_MMAP, required, 0, 1);
}

/* B19, A25: the mapper is judged, and needs "share". */
static void mapped_by_another_domain(struct kunit *test)
{
	struct enclave *e = created(test);
	const struct cred *before;
	struct cred *other;

	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xaa), 0);
	KUNIT_EXPECT_EQ(test, map(e, CHANGE), 0);
	KUNIT_EXPECT_EQ(test, map(e, CHANGE), 0);
	other = ewx_test_cred(test, "/opt/grouped", true, 0);
	before = override_creds(other);
	KUNIT_EXPECT_EQ(test, map(e, CHANGE), -EACCES);
	KUNIT_EXPECT_EQ(test, map(e, 0), -EACCES);
	revert_creds(before);
	abort_creds(other);
	KUNIT_EXPECT_EQ(test, map(e, CHANGE), 0);
}

static int restricts(struct enclave *e)
{
	return ewx_test_ask(e, ENCLAVE_OP_RESTRICT, CHANGE, 0, 1);
}

/* What it may change, another domain may not map for that. */
static void changed_by_another_domain(struct kunit *test)
{
	struct enclave *e = created(test);
	struct cred *other = ewx_test_cred(test, "/opt/grouped", true, 0);
	const struct cred *before;

	other->egid = make_kgid(&init_user_ns, 2000);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xaa), 0);
	before = override_creds(other);
	KUNIT_EXPECT_EQ(test, restricts(e), 0);
	KUNIT_EXPECT_EQ(test, map(e, CHANGE), -EACCES);
	KUNIT_EXPECT_EQ(test, restricts(e), 0);
	KUNIT_EXPECT_EQ(test, restricts(e), 0);
	KUNIT_EXPECT_EQ(test, map(e, CHANGE), -EACCES);
	revert_creds(before);
	abort_creds(other);
	KUNIT_EXPECT_EQ(test, restricts(e), 0);
	KUNIT_EXPECT_EQ(test, map(e, CHANGE), 0);
}

static int fault(struct enclave *e)
{
	return ewx_test_ask(e, ENCLAVE_OP_FAULT, 0, 0, 1);
}

/* A fault is the task's, whatever credentials the kernel works with. */
static void faulted_by_another_domain(struct kunit *test)
{
	struct scene *s = test->priv;
	struct enclave *e = created(test);
	struct cred *other = ewx_test_cred(test, "/opt/grouped", true, 0);
	const struct cred *own = ewx_test_become(s->worker);
	const struct cred *before;

	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xaa), 0);
	KUNIT_EXPECT_EQ(test, fault(e), 0);
	KUNIT_EXPECT_EQ(test, fault(e), 0);
	before = override_creds(other);
	KUNIT_EXPECT_EQ(test, fault(e), 0);
	KUNIT_EXPECT_EQ(test, map(e, 0), -EACCES);
	revert_creds(before);

	ewx_test_become(other);
	KUNIT_EXPECT_EQ(test, map(e, 0), 0);
	/* Less access would need "share" too. */
	KUNIT_EXPECT_EQ(test, fault(e), -EREMOTE);
	KUNIT_EXPECT_EQ(test, fault(e), -EREMOTE);
	ewx_test_become(s->worker);
	KUNIT_EXPECT_EQ(test, fault(e), 0);
	ewx_test_become(own);
	abort_creds(other);
}

static bool outdated(struct enclave *e)
{
	struct ewx_loaded *p = ewx_policy_get();
	bool is;

	is = ewx_held_outdated(&ewx_enclave(e)->held, p,
			       ewx_enclave_class(e, p),
			       ktime_get_real_seconds(), ewx_enforcing());
	ewx_policy_put(p);
	return is;
}

/* B20 */
static void stricter_policy(struct kunit *test)
{
	struct enclave *e = created(test);

	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xaa), 0);
	KUNIT_EXPECT_EQ(test, map(e, CHANGE), 0);
	KUNIT_EXPECT_FALSE(test, outdated(e));
	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 9, NULL), 0);
	KUNIT_EXPECT_FALSE(test, outdated(e));
	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_STRICT, 0, NULL), 0);
	KUNIT_EXPECT_TRUE(test, outdated(e));
	KUNIT_EXPECT_EQ(test, map(e, CHANGE), -EACCES);
}

static void permissive_left(struct kunit *test)
{
	struct enclave *e = created(test);

	ewx_set_enforcing(false);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0xaa), 0);
	KUNIT_EXPECT_EQ(test, map(e, ENCLAVE_PERM_MAP_WX), 0);
	KUNIT_EXPECT_FALSE(test, outdated(e));
	ewx_set_enforcing(true);
	KUNIT_EXPECT_TRUE(test, outdated(e));
	KUNIT_EXPECT_EQ(test, map(e, ENCLAVE_PERM_MAP_WX), -EACCES);
}

/* Under @p: an enclave that stands on @perms, granted to @name by an older policy. */
static bool grant_is_outdated(struct kunit *test, const struct ewx_loaded *p,
			      const char *name, u32 perms)
{
	struct ewx_grant_held g = {
		.generation = p->generation - 1,
		.perms = perms,
		.name = name ? kstrdup(name, GFP_KERNEL) : NULL,
	};
	struct ewx_held_copy *copy =
		kunit_kzalloc(test, sizeof(*copy), GFP_KERNEL);
	struct ewx_held held = {};

	KUNIT_ASSERT_NOT_NULL(test, copy);
	ewx_held_add(&held, &g);
	KUNIT_EXPECT_NULL(test, g.name);
	/* The copy's names are its own. */
	ewx_held_copy(copy, &held);
	KUNIT_EXPECT_EQ(test, !name,
			copy->held.grant[0].name != copy->name[0]);
	ewx_held_clear(&held);
	return ewx_held_outdated(&copy->held, p, EWX_CLASS_UNLISTED,
				 ktime_get_real_seconds(), ewx_enforcing());
}

/* Each permission by itself, of whatever source; domains by their names. */
static void grants_of_another_policy(struct kunit *test)
{
	struct ewx_loaded *p = ewx_policy_get();

	KUNIT_EXPECT_FALSE(test, grant_is_outdated(test, p, "worker",
						   CREATE | CHANGE));
	KUNIT_EXPECT_TRUE(test, grant_is_outdated(test, p, "worker",
						  CREATE | ANON));
	KUNIT_EXPECT_FALSE(test, grant_is_outdated(test, p, "worker",
						   ENCLAVE_PERM_EXEC_FILE));
	KUNIT_EXPECT_TRUE(test,
			  grant_is_outdated(test, p, "worker",
					    ENCLAVE_PERM_EXEC_FILE |
						    ENCLAVE_PERM_EXEC_MUTABLE));
	KUNIT_EXPECT_TRUE(test, grant_is_outdated(test, p, "grouped",
						  ENCLAVE_PERM_EXEC_FILE));
	KUNIT_EXPECT_FALSE(test, grant_is_outdated(test, p, "grouped", CREATE));
	KUNIT_EXPECT_TRUE(test, grant_is_outdated(test, p, "gone", CREATE));
	KUNIT_EXPECT_TRUE(test, grant_is_outdated(test, p, NULL, CREATE));
	/* Who is not refused anything has nothing outdated. */
	KUNIT_EXPECT_FALSE(test, grant_is_outdated(test, p, "lax",
						   ENCLAVE_PERM_MAP_WX));
	ewx_set_enforcing(false);
	KUNIT_EXPECT_FALSE(test, grant_is_outdated(test, p, "gone", CREATE));
	ewx_set_enforcing(true);
	ewx_policy_put(p);
}

/* More grants than are kept: none is new any more, and all count as outdated. */
static void grants_without_room(struct kunit *test)
{
	struct ewx_loaded *p = ewx_policy_get();
	const u64 now = ktime_get_real_seconds();
	struct ewx_held held = {};
	u32 i;

	for (i = 0; i <= EWX_HELD_MAX; i++) {
		struct ewx_grant_held g = {
			.generation = p->generation,
			.domain = i,
			.perms = CREATE,
			.name = kstrdup("worker", GFP_KERNEL),
		};

		KUNIT_EXPECT_FALSE(test, ewx_held_knows(&held, &g));
		KUNIT_EXPECT_FALSE(test, ewx_held_outdated(&held, p, 0, now,
							   true));
		ewx_held_add(&held, &g);
		KUNIT_EXPECT_NULL(test, g.name);
		g.perms = CREATE | CHANGE;
		KUNIT_EXPECT_EQ(test, ewx_held_knows(&held, &g),
				i == EWX_HELD_MAX);
	}
	KUNIT_EXPECT_EQ(test, held.count, EWX_HELD_MAX);
	KUNIT_EXPECT_TRUE(test, ewx_held_outdated(&held, p, 0, now, true));
	KUNIT_EXPECT_FALSE(test, ewx_held_outdated(&held, p, 0, now, false));
	ewx_held_clear(&held);
	KUNIT_EXPECT_FALSE(test, ewx_held_outdated(&held, p, 0, now, true));
	ewx_policy_put(p);
}

/* Of many signers each has its own rules, and who is none of them has none. */
static void many_signers(struct kunit *test)
{
	static const struct {
		u8 signer;
		int err;
	} cases[] = {
		{ 0x11, 0 },	   { 0x22, -EACCES }, { 0x88, -EACCES },
		{ 0x10, -EACCES }, { 0x12, -EACCES }, { 0xff, -EACCES },
		{ 0x00, -EACCES },
	};
	struct enclave *e;
	size_t i;

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_MANY, 0, NULL), 0);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		e = ewx_test_enclave(test);
		KUNIT_EXPECT_EQ(test,
				ewx_test_ask(e, ENCLAVE_OP_CREATE, CREATE, 0,
					     e->pages),
				0);
		KUNIT_EXPECT_EQ(test, ewx_test_init_signed(e, cases[i].signer),
				0);
		KUNIT_EXPECT_EQ_MSG(test, map(e, CHANGE), cases[i].err,
				    "signer %02x", cases[i].signer);
		ewx_test_enclave_free(e);
	}
	/* A measurement is no signer. */
	e = created(test);
	KUNIT_EXPECT_EQ(test, ewx_test_init_as(e, 0x11), 0);
	KUNIT_EXPECT_EQ(test, map(e, CHANGE), -EACCES);
}

/* One record at once, one more for all that follow alike. */
static void repetitions_are_counted(struct kunit *test)
{
	struct enclave *e = created(test);
	u64 before = ewx_counter_read(EWX_COUNTER_RECORDED);
	u64 denied = ewx_counter_read(EWX_COUNTER_DENIED);
	u64 page;

	for (page = 0; page < 50; page++)
		KUNIT_EXPECT_EQ(test, load(e, ENCLAVE_PERM_LOAD_WX, page),
				-EACCES);
	KUNIT_EXPECT_EQ(test, ewx_counter_read(EWX_COUNTER_DENIED),
			denied + 50);
	KUNIT_EXPECT_EQ(test, ewx_counter_read(EWX_COUNTER_RECORDED),
			before + 1);
	KUNIT_EXPECT_EQ(test, load(e, ENCLAVE_PERM_MAP_WX, 3), -EACCES);
	KUNIT_EXPECT_EQ(test, ewx_counter_read(EWX_COUNTER_RECORDED),
			before + 3);
}

/* More denials of one cause than are written leave room for another cause. */
static void flood_hides_no_other(struct kunit *test)
{
	struct enclave *e = created(test);
	u64 suppressed = ewx_counter_read(EWX_COUNTER_SUPPRESSED);
	u64 recorded;
	u64 page;

	/* Two pages apart, so that each is a record of its own. */
	for (page = 0; page < EWX_RATE_RECORDS * 2; page++)
		load(e, ENCLAVE_PERM_MAP_WX, page * 2 % 8);
	KUNIT_EXPECT_GT(test, ewx_counter_read(EWX_COUNTER_SUPPRESSED),
			suppressed);
	recorded = ewx_counter_read(EWX_COUNTER_RECORDED);
	KUNIT_EXPECT_EQ(test, load(e, ENCLAVE_PERM_DEBUG, 0), -EACCES);
	KUNIT_EXPECT_EQ(test, ewx_counter_read(EWX_COUNTER_RECORDED),
			recorded + 1);
}

static struct kunit_case judge_cases[] = {
	KUNIT_CASE(identity_that_was_admitted),
	KUNIT_CASE(other_identity),
	KUNIT_CASE(unlisted_identity),
	KUNIT_CASE(empty_set),
	KUNIT_CASE(denied_keeps_nothing),
	KUNIT_CASE(divisible_load),
	KUNIT_CASE(aborted_load_owes_nothing),
	KUNIT_CASE(policy_changes_under_debts),
	KUNIT_CASE(policy_changes_without_debts),
	KUNIT_CASE(debts_are_renewed),
	KUNIT_CASE(admitted_without_policy),
	KUNIT_CASE(admitted_by_permissive),
	KUNIT_CASE(granted_under_permissive),
	KUNIT_CASE(permissive_domain),
	KUNIT_CASE(mapped_by_another_domain),
	KUNIT_CASE(changed_by_another_domain),
	KUNIT_CASE(faulted_by_another_domain),
	KUNIT_CASE(stricter_policy),
	KUNIT_CASE(permissive_left),
	KUNIT_CASE(grants_of_another_policy),
	KUNIT_CASE(grants_without_room),
	KUNIT_CASE(many_signers),
	KUNIT_CASE(repetitions_are_counted),
	KUNIT_CASE(flood_hides_no_other),
	{}
};

static struct kunit_suite judge_suite = {
	.name = "ewx_judge",
	.init = scene_init,
	.exit = scene_exit,
	.test_cases = judge_cases,
};

kunit_test_suite(judge_suite);
