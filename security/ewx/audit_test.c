// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of records: which are written, which are left out and how that is
 * told, how long they are.
 *
 * Owns: what a running kernel cannot be made to do at will. What records say is
 * tested from outside.
 */
#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../enclave/facts.h"
#include "audit.h"
#include "audit_text.h"
#include "counters.h"
#include "cred.h"
#include "enclave.h"
#include "judge.h"
#include "rate.h"
#include "setup.h"
#include "test_util.h"

#define MANY	(2 * (EWX_RATE_OWN + EWX_RATE_RECORDS))

/**
 * struct scene - a worker with an enclave under the base policy, no record yet.
 * @worker: its credentials, in effect during the test
 * @before: those of the test's own thread
 * @level: of the kernel, which is "log" during the test
 * @e: enclave, created
 */
struct scene {
	struct cred *worker;
	const struct cred *before;
	enum ewx_level level;
	struct enclave *e;
};

static void set_level(enum ewx_level level)
{
	ewx_audit_set_level(ewx_audit_level_name(level), 0);
}

static int scene_init(struct kunit *test)
{
	struct scene *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	int err = ewx_test_suite_init(test);

	if (err || !s)
		return err ?: -ENOMEM;
	test->priv = s;
	err = ewx_test_load(test, EWX_TEST_BASE, 0, NULL);
	s->level = ewx_audit_level();
	set_level(EWX_LEVEL_LOG);
	s->worker = ewx_test_cred(test, "/opt/worker", true, 1000);
	s->before = override_creds(s->worker);
	s->e = ewx_test_enclave(test);
	ewx_record_reset();
	return err ?: ewx_test_ask(s->e, ENCLAVE_OP_CREATE, ENCLAVE_PERM_CREATE,
				   0, s->e->pages);
}

static void scene_exit(struct kunit *test)
{
	struct scene *s = test->priv;

	if (s && s->e) {
		ewx_test_enclave_free(s->e);
		revert_creds(s->before);
		abort_creds(s->worker);
		set_level(s->level);
	}
	ewx_record_reset();
	ewx_test_suite_exit(test);
}

static unsigned int admitted(struct ewx_rates *rates, u32 kind, u32 uid,
			     u32 domain, unsigned long now, unsigned int asked)
{
	unsigned int n = 0;

	while (asked--)
		n += ewx_rate_admit(rates, kind, uid, domain, now);
	return n;
}

/* Whoever floods: another user, another domain, another kind has its first ones. */
static void limits_are_fair(struct kunit *test)
{
	struct ewx_rates *rates = kunit_kzalloc(test, sizeof(*rates), GFP_KERNEL);
	const unsigned long now = jiffies, later = now + EWX_RATE_WHILE;

	KUNIT_ASSERT_NOT_NULL(test, rates);
	KUNIT_EXPECT_EQ(test, admitted(rates, 1, 1000, 2, now, MANY),
			EWX_RATE_OWN + EWX_RATE_RECORDS);
	KUNIT_EXPECT_EQ(test, admitted(rates, 1, 1001, 2, now, MANY),
			EWX_RATE_OWN);
	KUNIT_EXPECT_EQ(test, admitted(rates, 1, 1000, 3, now, MANY),
			EWX_RATE_OWN);
	KUNIT_EXPECT_EQ(test, admitted(rates, 2, 1000, 2, now, MANY),
			EWX_RATE_OWN + EWX_RATE_RECORDS);
	KUNIT_EXPECT_EQ(test, admitted(rates, 1, 1000, 2, later - 1, MANY), 0);
	KUNIT_EXPECT_EQ(test, admitted(rates, 1, 1000, 2, later, MANY),
			EWX_RATE_OWN + EWX_RATE_RECORDS);
}

/* Who has a hundred thousand users does not make the log longer for it. */
static void limits_are_bounded(struct kunit *test)
{
	struct ewx_rates *rates = kunit_kzalloc(test, sizeof(*rates), GFP_KERNEL);
	const unsigned int most = EWX_RATE_RECORDS +
			EWX_RATE_OWN * EWX_RATE_SETS * EWX_RATE_WAYS;
	const unsigned long now = jiffies;
	unsigned int n = 0, round;
	u32 uid;

	KUNIT_ASSERT_NOT_NULL(test, rates);
	for (round = 0; round < 2; round++) {
		for (uid = 0; uid < 100000; uid++)
			n += admitted(rates, 1, uid, 0, now, 1);
	}
	KUNIT_EXPECT_GT(test, n, EWX_RATE_RECORDS);
	KUNIT_EXPECT_LE(test, n, most);
	/* Next time there is room for everybody again. */
	KUNIT_EXPECT_EQ(test, admitted(rates, 1, 1000, 0, now + EWX_RATE_WHILE,
				       1), 1);
}

static void flood(struct enclave *e)
{
	u64 page;

	/* Two pages apart, so that each is a record of its own. */
	for (page = 0; page < MANY; page++)
		ewx_test_ask(e, ENCLAVE_OP_LOAD, ENCLAVE_PERM_MAP_WX,
			     page * 2 % 8, 1);
}

/* In the kernel it is the real user who counts, whatever he runs as. */
static void flood_hides_no_other_user(struct kunit *test)
{
	struct scene *s = test->priv;
	struct cred *other = ewx_test_cred(test, "/opt/worker", true, 1000);
	const struct cred *before;
	u64 recorded;

	flood(s->e);
	recorded = ewx_counter_read(EWX_COUNTER_RECORDED);
	other->uid = make_kuid(&init_user_ns, 1001);
	before = override_creds(other);
	KUNIT_EXPECT_EQ(test, ewx_test_ask(s->e, ENCLAVE_OP_LOAD,
					   ENCLAVE_PERM_MAP_WX, 20, 1), -EACCES);
	KUNIT_EXPECT_EQ(test, ewx_counter_read(EWX_COUNTER_RECORDED),
			recorded + 1);
	revert_creds(before);
	abort_creds(other);
}

/* Records that were written or counted as left out. */
static u64 accounted(void)
{
	return ewx_counter_read(EWX_COUNTER_RECORDED) +
	       ewx_counter_read(EWX_COUNTER_SUPPRESSED);
}

/* Every denial is in the log or in a number there, once the flood is over. */
static void end_of_flood_is_told(struct kunit *test)
{
	const u64 suppressed = ewx_counter_read(EWX_COUNTER_SUPPRESSED);
	const u64 before = accounted();
	struct scene *s = test->priv;

	flood(s->e);
	KUNIT_EXPECT_GT(test, ewx_counter_read(EWX_COUNTER_SUPPRESSED),
			suppressed);
	KUNIT_EXPECT_GE(test, accounted(), before + MANY - 1);
	ewx_record_tell();
	KUNIT_EXPECT_EQ(test, accounted(), before + MANY);
	/* Once. */
	ewx_record_tell();
	KUNIT_EXPECT_EQ(test, accounted(), before + MANY);
}

/* Records that an asked-for request gives, which is granted again and again. */
static u64 records_of(struct kunit *test, enum enclave_op op, u32 required)
{
	struct scene *s = test->priv;
	u64 before = ewx_counter_read(EWX_COUNTER_RECORDED);

	KUNIT_EXPECT_EQ(test, ewx_test_ask(s->e, op, required, 0, 1), 0);
	return ewx_counter_read(EWX_COUNTER_RECORDED) - before;
}

/* What was granted while nobody wanted to know is recorded once somebody does. */
static void raised_level_records_again(struct kunit *test)
{
	static const struct {
		enum enclave_op op;
		u32 required;
		enum ewx_level from;	/* the first level that records it */
	} cases[] = {
		{ ENCLAVE_OP_ADD, ENCLAVE_PERM_AUGMENT, EWX_LEVEL_LOG },
		{ ENCLAVE_OP_MMAP, ENCLAVE_PERM_CHANGE, EWX_LEVEL_ALL },
	};
	enum ewx_level level;
	size_t i;

	KUNIT_ASSERT_EQ(test, ewx_test_init_as(((struct scene *)test->priv)->e,
					       0xaa), 0);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		for (level = 0; level < EWX_LEVEL_COUNT; level++) {
			u64 each = level >= cases[i].from;

			set_level(level);
			KUNIT_EXPECT_EQ(test, records_of(test, cases[i].op,
							 cases[i].required), each);
			KUNIT_EXPECT_EQ(test, records_of(test, cases[i].op,
							 cases[i].required), each);
		}
	}
}

/* More requests than are remembered by name: the record says how many there were. */
static void debts_without_name(struct kunit *test)
{
	struct scene *s = test->priv;
	struct ewx_enclave *blob = ewx_enclave(s->e);
	struct enclave_identity id = { .tag = ENCLAVE_IDENTITY_TAG };
	const struct enclave_request req = {
		.op = ENCLAVE_OP_INIT,
		.required = ENCLAVE_PERM_INIT,
		.identity = &id,
	};
	struct ewx_decision d = {
		.e = s->e,
		.req = &req,
		.q.required = ENCLAVE_PERM_INIT,
	};

	/* Narrows nothing, but then there is a place for debts. */
	KUNIT_ASSERT_EQ(test, ewx_test_ask(s->e, ENCLAVE_OP_LOAD,
					   ENCLAVE_PERM_CHANGE, 0, 1), 0);
	KUNIT_ASSERT_NOT_NULL(test, blob->debts);
	memset(blob->debts->log, 0, sizeof(blob->debts->log));
	blob->debts->logged = EWX_DEBT_LOG;
	blob->debts->count = EWX_DEBT_LOG;
	KUNIT_ASSERT_EQ(test, ewx_test_ask(s->e, ENCLAVE_OP_LOAD,
					   ENCLAVE_PERM_EXEC_ANON, 1, 1), 0);

	memset(id.measurement, 0xbb, sizeof(id.measurement));
	d.policy = ewx_policy_get();
	d.q.domain = ewx_domain_find(&d.policy->core, "worker");
	ewx_judge_init(&d);
	ewx_policy_put(d.policy);
	KUNIT_EXPECT_EQ(test, d.v.denied, ENCLAVE_PERM_INIT);
	KUNIT_EXPECT_NULL(test, d.debt);
	KUNIT_EXPECT_EQ(test, d.narrowed, EWX_DEBT_LOG + 1);
}

static char *odd_name(struct kunit *test, size_t len)
{
	char *name = kunit_kzalloc(test, len + 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, name);
	memset(name, '\n', len);
	return name;
}

/* A record of @in that has all there is, each as long as can be. */
static struct ewx_record *longest_record(struct kunit *test, u32 in)
{
	struct ewx_record *r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);
	struct ewx_summary_text *text;
	char *exe = odd_name(test, PATH_MAX);
	struct ewx_control *c;

	KUNIT_ASSERT_NOT_NULL(test, r);
	text = kunit_kzalloc(test, sizeof(*text), GFP_KERNEL);
	c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, text && c);
	memset(&r->id, 0x7f, sizeof(r->id));
	r->id.has_signer = true;
	r->policy = ewx_policy_get();
	r->exe = ewx_exe_new(exe, PATH_MAX, true);
	KUNIT_ASSERT_NOT_NULL(test, r->exe);
	memset(r->file.fstype, 'f', sizeof(r->file.fstype) - 1);
	r->file.owner = U32_MAX;
	r->file.fs_verity.present = true;
	r->file.fs_verity.has_digest = true;
	r->file.fs_verity.is_signed = true;
	r->file.dm_verity = r->file.fs_verity;
	r->op = ENCLAVE_OP_MPROTECT;
	r->outcome = EWX_OUTCOME_PERMISSIVE;
	r->cause = ENCLAVE_PERM_BIT_EXEC_UNMEASURED;
	r->reason = EWX_REASON_ADMITTED_UNJUDGED;
	r->needed = ENCLAVE_PERM_ALL;
	r->missing = ENCLAVE_PERM_ALL;
	r->has_origin = true;
	r->origin = ENCLAVE_ORIGIN_MODIFIED;
	r->known = true;
	r->narrowed = U32_MAX;
	r->domain = ewx_domain_find(&r->policy->core, "worker");
	r->provider = "provider";
	r->enclave = U64_MAX;
	r->page = U64_MAX;
	r->pages = U64_MAX;
	r->now = U64_MAX;
	r->access = ENCLAVE_RWX;
	r->facts = U16_MAX;
	r->pid = INT_MAX;
	r->auid = U32_MAX;
	r->uid = U32_MAX;
	r->euid = U32_MAX;
	r->egid = U32_MAX;
	r->ses = U32_MAX;
	memset(r->comm, '\n', sizeof(r->comm) - 1);

	if (in == EWX_IN_access)
		r->file.path = odd_name(test, PATH_MAX);
	if (in == EWX_IN_enclave) {
		text->creator = odd_name(test, PATH_MAX);
		memset(text->used, 'u', sizeof(text->used) - 1);
		memset(text->ranges, 'r', sizeof(text->ranges) - 1);
		memset(text->sources, '\n', sizeof(text->sources) - 1);
		r->summary = text;
	}
	if (in == EWX_IN_load)
		c->load = kunit_kzalloc(test, sizeof(*c->load), GFP_KERNEL);
	if (in == EWX_IN_load || in == EWX_IN_mode)
		r->control = c;
	return r;
}

static size_t length_as(struct kunit *test, const char *context)
{
	struct ewx_record *r = longest_record(test, EWX_IN_mode);
	size_t len = ewx_audit_fields(NULL, r, EWX_IN_mode, 0, context,
				      strlen(context));

	ewx_policy_put(r->policy);
	ewx_exe_put(r->exe);
	return len;
}

/* All that is collected is @text; then nothing is. */
static void expect_text(struct kunit *test, struct ewx_text *t,
			const char *text)
{
	const size_t len = strlen(text);

	KUNIT_EXPECT_EQ(test, t->len, len);
	KUNIT_ASSERT_EQ(test, t->held, len);
	KUNIT_EXPECT_MEMEQ(test, t->piece, text, len);
	t->len = 0;
	t->held = 0;
}

static void text_is_exact(struct kunit *test)
{
	struct ewx_text t = { .room = 64 };

	t.piece = kunit_kzalloc(test, t.room, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t.piece);
	ewx_text_begin(&t);
	ewx_text_number(&t, 0);
	expect_text(test, &t, "0");
	ewx_text_number(&t, U64_MAX);
	expect_text(test, &t, "18446744073709551615");
	ewx_text_hex(&t, 0, 1);
	expect_text(test, &t, "0");
	ewx_text_hex(&t, 0x1a0, 1);
	expect_text(test, &t, "1a0");
	ewx_text_hex(&t, 0x1a0, 16);
	expect_text(test, &t, "00000000000001a0");
	ewx_text_hex(&t, U64_MAX, 16);
	expect_text(test, &t, "ffffffffffffffff");
	ewx_text_digest(&t, "\x00\x0f\xf0\xff\x12\x34\x56\x78\x9a", 9);
	expect_text(test, &t, "000ff0ff123456789a");
	ewx_text_string(&t, "100%s", 5, 64);
	expect_text(test, &t, "\"100%s\"");
	ewx_text_string(&t, "a b\xff", 4, 64);
	expect_text(test, &t, "612062FF");
	ewx_text_string(&t, "", 0, 64);
	expect_text(test, &t, "?");
	KUNIT_EXPECT_TRUE(test, ewx_text_fits(&t));
	ewx_text_bytes(&t, t.piece, t.room);
	KUNIT_EXPECT_TRUE(test, ewx_text_fits(&t));
	ewx_text_bytes(&t, "x", 1);
	KUNIT_EXPECT_FALSE(test, ewx_text_fits(&t));
}

/* A context stands as it is, unless that would be read as another one. */
static void contexts_are_exact(struct kunit *test)
{
	const size_t bare = length_as(test, "xEEF");

	KUNIT_EXPECT_EQ(test, length_as(test, "bEEF"), bare);
	KUNIT_EXPECT_EQ(test, length_as(test, "BEE"), bare - 1);
	KUNIT_EXPECT_EQ(test, length_as(test, "BEEF"), bare + 2);
	KUNIT_EXPECT_EQ(test, length_as(test, "4142"), bare + 2);
	KUNIT_EXPECT_EQ(test, length_as(test, "?"), bare - 1);
	KUNIT_EXPECT_EQ(test, length_as(test, "??"), bare - 2);
	KUNIT_EXPECT_EQ(test, length_as(test, "(null)"), bare + 4);
	KUNIT_EXPECT_EQ(test, length_as(test, "B EF"), bare + 4);
	KUNIT_EXPECT_EQ(test, length_as(test, "B\"EF"), bare + 4);
}

/* What says anything else of one page is no repetition. */
static void repetitions_say_the_same(struct kunit *test)
{
#define PLACE(member)	offsetof(struct ewx_record, member)
	static const size_t places[] = {
		PLACE(op), PLACE(outcome), PLACE(refusal), PLACE(needed),
		PLACE(missing), PLACE(reason), PLACE(rule), PLACE(access),
		PLACE(facts), PLACE(origin), PLACE(policy), PLACE(domain),
		PLACE(source), PLACE(identity), PLACE(foreign),
		PLACE(opener), PLACE(initialized), PLACE(enforcing), PLACE(page),
		PLACE(pid), PLACE(cred), PLACE(exe), PLACE(auid), PLACE(ses),
		PLACE(comm), PLACE(file.fstype), PLACE(file.owner),
		PLACE(file.nopath), PLACE(file.read_only),
		PLACE(file.mapped_exec), PLACE(file.fs_verity.present),
		PLACE(file.fs_verity.is_signed),
		PLACE(file.fs_verity.has_digest), PLACE(file.fs_verity.digest),
		PLACE(file.dm_verity.present), PLACE(file.dm_verity.is_signed),
		PLACE(file.dm_verity.has_digest), PLACE(file.dm_verity.digest),
	};
#undef PLACE
	struct ewx_record *r = longest_record(test, EWX_IN_access);
	struct ewx_record *last = longest_record(test, EWX_IN_access);
	struct ewx_exe *exe = r->exe, *other = last->exe;
	struct ewx_loaded *policy = last->policy;
	char *path = r->file.path;
	size_t i;

	*last = *r;
	last->page = 5;
	last->pages = 2;
	r->page = 7;
	r->file.path = odd_name(test, PATH_MAX);
	KUNIT_EXPECT_TRUE(test, ewx_record_repeats(last, r));
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		u8 *byte = (u8 *)r + places[i];

		*byte ^= 1;
		KUNIT_EXPECT_FALSE_MSG(test, ewx_record_repeats(last, r),
				       "byte %zu", places[i]);
		*byte ^= 1;
	}
	*r->file.path = '/';
	KUNIT_EXPECT_FALSE(test, ewx_record_repeats(last, r));
	r->file.path = NULL;
	KUNIT_EXPECT_FALSE(test, ewx_record_repeats(last, r));
	last->file.path = NULL;
	KUNIT_EXPECT_TRUE(test, ewx_record_repeats(last, r));
	r->file.path = path;
	KUNIT_EXPECT_FALSE(test, ewx_record_repeats(last, r));

	ewx_policy_put(policy);
	ewx_policy_put(policy);
	ewx_exe_put(exe);
	ewx_exe_put(other);
}

/* Whatever others choose for their names: the record is not longer than that. */
static void records_fit(struct kunit *test)
{
	static const u32 kinds[] = { EWX_IN_access, EWX_IN_enclave, EWX_IN_load,
				     EWX_IN_mode };
	const char *context = odd_name(test, 2 * PATH_MAX);
	struct ewx_record *r;
	size_t len, i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		r = longest_record(test, kinds[i]);
		len = ewx_audit_fields(NULL, r, kinds[i], U64_MAX, context,
				       2 * PATH_MAX);
		KUNIT_EXPECT_LE(test, len, EWX_TEXT_MAX);
		/* The names take what there is. */
		KUNIT_EXPECT_GT(test, len, EWX_TEXT_MAX - 64);
		ewx_policy_put(r->policy);
		ewx_exe_put(r->exe);
	}
}

/* What fits is written whole. */
static void names_that_fit_are_whole(struct kunit *test)
{
	struct ewx_record *r = longest_record(test, EWX_IN_access);
	const size_t name = 1000;
	size_t with, without;

	r->file.path[name] = '\0';
	ewx_exe_put(r->exe);
	r->exe = NULL;
	with = ewx_audit_fields(NULL, r, EWX_IN_access, 0, NULL, 0);
	r->file.path = NULL;
	without = ewx_audit_fields(NULL, r, EWX_IN_access, 0, NULL, 0);
	KUNIT_EXPECT_EQ(test, with - without, 2 * name - strlen("?"));
	ewx_policy_put(r->policy);
}

static struct kunit_case audit_cases[] = {
	KUNIT_CASE(limits_are_fair),
	KUNIT_CASE(limits_are_bounded),
	KUNIT_CASE(flood_hides_no_other_user),
	KUNIT_CASE(end_of_flood_is_told),
	KUNIT_CASE(raised_level_records_again),
	KUNIT_CASE(debts_without_name),
	KUNIT_CASE(repetitions_say_the_same),
	KUNIT_CASE(text_is_exact),
	KUNIT_CASE(contexts_are_exact),
	KUNIT_CASE(records_fit),
	KUNIT_CASE(names_that_fit_are_whole),
	{}
};

static struct kunit_suite audit_suite = {
	.name = "ewx_audit",
	.init = scene_init,
	.exit = scene_exit,
	.test_cases = audit_cases,
};

kunit_test_suite(audit_suite);
