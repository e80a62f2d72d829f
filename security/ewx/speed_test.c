// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the cost of a decision at the hook grows with the policy: figures for a
 * benchmark.
 *
 * Owns: the measurement. What a figure should be is for tests/bench to say; here
 * nothing is asserted of times. Programs, files, enclaves, policies and requests
 * are read from a directory that tests/bench/growth fills (genhook.c says what is
 * in it); without it, as at boot, nothing is measured. It is run through its file
 * in debugfs.
 *
 * A decision is all of ewx_judge(): domain of the credentials, name of the source
 * built from its dentry, class of that name and of the file's properties, class of
 * the enclave's identity, the verdict, and what is staged for a commit. Nothing
 * that EWX remembers takes part: all of it is kept under the policy's generation,
 * and each decision here is made under another one. That touches neither
 * credentials, nor files, nor enclaves, so the processor's caches are as the
 * requests before left them.
 *
 * Every policy is asked the same requests. A round is one stretch of the stream,
 * asked of one policy after the other; which one begins changes from round to
 * round. The clock is read after each piece of a stretch; the first half does not
 * count, in which the processor's caches come to hold what of this policy they can:
 * of the largest that takes some thousand requests. The median piece is told, in
 * picoseconds per decision; after that, to see where the time goes, the same of
 * four parts by themselves, and of two and three decisions on one request, one
 * after the other: the second finds what it reads in the processor's caches, or on
 * its way there, as the first need not have waited for all of it; the third does
 * not wait. Last, decisions on so few requests that all they read stays in the
 * processor's caches.
 */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hex.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "../enclave/facts.h"
#include "cred.h"
#include "enclave.h"
#include "judge.h"
#include "object.h"
#include "subject.h"
#include "test_util.h"

#define DIRECTORY "/run/ewx-speed/"
#define POLICIES 3
#define ROUNDS 12
#define PIECE 128 /* requests between looks at the clock */
#define PIECES 128 /* of a stretch */
#define LEAD 64 /* of them do not count */
#define FEW_REQUESTS 64
#define TIMES (ROUNDS * (PIECES - LEAD))
#define PROGRAMS_MAX 1000
#define FILES_MAX 10000
#define ENCLAVES_MAX 1000
#define REQUESTS_MAX 65536

/* What is timed. */
enum speed_part {
	DECISION,
	DOMAIN,
	SOURCE,
	IDENTITY,
	VERDICT,
	TWICE,
	THRICE,
	FEW,
	PARTS
};

static const char *const part_names[PARTS] = { "decision", "domain",  "source",
					       "identity", "verdict", "twice",
					       "thrice",   "few" };

/** struct speed_question - what a request's facts are to a policy. */
struct speed_question {
	u32 domain;
	u32 source;
	u32 identity;
};

/** struct speed_ask - a request, as indices into the population. */
struct speed_ask {
	u16 program;
	s16 file;	/* -1: none */
	u16 enclave;
	u16 op;
	u32 required;
};

/**
 * struct speed_scene - population, policies, requests and what they took.
 * @program: of the processes
 * @file: open
 * @enclave: initialised
 * @ask: the requests
 * @programs: in @program
 * @files: in @file
 * @enclaves: in @enclave
 * @asks: in @ask
 * @policy: references
 * @times: nanoseconds per policy and piece
 * @question: what each request becomes
 * @refused: requests that were not granted
 */
struct speed_scene {
	struct cred *program[PROGRAMS_MAX];
	struct file *file[FILES_MAX];
	struct enclave *enclave[ENCLAVES_MAX];
	struct speed_ask ask[REQUESTS_MAX];
	u32 programs, files, enclaves, asks;
	struct ewx_loaded *policy[POLICIES];
	u64 times[PARTS][POLICIES][TIMES];
	struct speed_question question[POLICIES][REQUESTS_MAX];
	u64 refused;
};

static void add_program(struct kunit *test, struct speed_scene *s, char *rest)
{
	char *uid = strsep(&rest, " ");
	u32 euid;

	KUNIT_ASSERT_EQ(test, kstrtou32(uid, 10, &euid), 0);
	KUNIT_ASSERT_LT(test, s->programs, PROGRAMS_MAX);
	s->program[s->programs++] = ewx_test_cred(test, rest, true, euid);
}

static void add_file(struct kunit *test, struct speed_scene *s, char *rest)
{
	struct file *file = filp_open(rest, O_RDONLY, 0);

	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(file), "%s", rest);
	KUNIT_ASSERT_LT(test, s->files, FILES_MAX);
	s->file[s->files++] = file;
}

/* An enclave that is created and initialised. */
static void add_enclave(struct kunit *test, struct speed_scene *s, char *rest)
{
	struct enclave *e = ewx_test_enclave(test);
	char *signer = strsep(&rest, " "), *product = strsep(&rest, " ");

	KUNIT_ASSERT_LT(test, s->enclaves, ENCLAVES_MAX);
	s->enclave[s->enclaves++] = e;
	e->created = true;
	e->initialized = true;
	e->identity.tag = ENCLAVE_IDENTITY_TAG;
	e->identity.has_signer = true;
	KUNIT_ASSERT_EQ(test, hex2bin(e->identity.signer, signer, 32), 0);
	KUNIT_ASSERT_EQ(test, kstrtou16(product, 10, &e->identity.product), 0);
	KUNIT_ASSERT_EQ(test, kstrtou16(rest, 10, &e->identity.svn), 0);
	/* What it holds is not written down anew for each generation. */
	ewx_enclave(e)->held.overflow = true;
}

static u32 permission(const char *name)
{
	u32 bit;

	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (!strcmp(enclave_permission_names[bit], name))
			return BIT(bit);
	}
	return 0;
}

static void add_request(struct kunit *test, struct speed_scene *s,
			const char *rest)
{
	struct speed_ask *ask = &s->ask[s->asks++];
	u32 program, enclave;
	char op[8], perm[24];
	int file;

	KUNIT_ASSERT_LE(test, s->asks, REQUESTS_MAX);
	KUNIT_ASSERT_EQ(test, sscanf(rest, "%u %d %u %7s %23s", &program, &file,
				     &enclave, op, perm), 5);
	KUNIT_ASSERT_TRUE(test, program < s->programs &&
			  file < (int)s->files && enclave < s->enclaves);
	ask->program = program;
	ask->file = file;
	ask->enclave = enclave;
	ask->op = strcmp(op, "add") ? ENCLAVE_OP_LOAD : ENCLAVE_OP_ADD;
	ask->required = permission(perm);
	KUNIT_ASSERT_NE(test, ask->required, 0);
}

static void read_population(struct kunit *test, struct speed_scene *s,
			    char *text)
{
	char *line;

	while ((line = strsep(&text, "\n")) && *line) {
		switch (line[0]) {
		case 'c':
			add_program(test, s, line + 2);
			break;
		case 'f':
			add_file(test, s, line + 2);
			break;
		case 'i':
			add_enclave(test, s, line + 2);
			break;
		default:
			add_request(test, s, line + 2);
		}
		cond_resched();
	}
}

static void load_policies(struct kunit *test, struct speed_scene *s)
{
	struct ewx_load_result r;
	char name[64];
	size_t size;
	void *blob;
	int i;

	for (i = 0; i < POLICIES; i++) {
		snprintf(name, sizeof(name), DIRECTORY "%d", i + 1);
		blob = ewx_test_read(name, &size);
		KUNIT_ASSERT_NOT_NULL(test, blob);
		KUNIT_ASSERT_EQ(test, ewx_policy_load(blob, size, NULL, &r), 0);
		s->policy[i] = ewx_policy_get();
	}
}

static int ask_once(const struct speed_scene *s, const struct speed_ask *ask)
{
	struct enclave_source source = { .origin = ENCLAVE_ORIGIN_FILE };
	struct enclave_request req;

	req.op = ask->op;
	req.refusal = 0;
	req.access = ENCLAVE_R | ENCLAVE_X;
	req.facts = 0;
	req.required = ask->required;
	req.foreign_euid = false;
	req.divisible = false;
	req.range = (struct enclave_range){ .first = 0, .count = 1 };
	req.tally[__ffs(ask->required)] = (struct enclave_tally){ 0, 1, 1 };
	req.source = NULL;
	req.identity = NULL;
	if (ask->file >= 0) {
		source.file = s->file[ask->file];
		req.source = &source;
	}
	return ewx_judge(s->enclave[ask->enclave], &req);
}

/* Each time nothing of what EWX remembered before is good. */
static int ask_again(const struct speed_scene *s, const struct speed_ask *ask,
		     int times)
{
	int err = ask_once(s, ask);

	while (--times > 0) {
		ewx_policy_renew();
		err |= ask_once(s, ask);
	}
	return err;
}

static int ask_verdict(const struct speed_scene *s, u32 which, u32 at)
{
	const struct speed_question *from = &s->question[which][at];
	struct ewx_question q = {
		.domain = from->domain,
		.source = from->source,
		.identity = from->identity,
		.required = s->ask[at].required,
		.now = ktime_get_real_seconds(),
	};
	struct ewx_verdict v;

	ewx_decide(&s->policy[which]->core, &q, &v);
	return v.denied;
}

static int do_part(struct speed_scene *s, u32 which, u32 at,
		   enum speed_part part)
{
	const struct ewx_loaded *p = s->policy[which];
	const struct speed_ask *ask = &s->ask[at];
	struct file *file = ask->file < 0 ? NULL : s->file[ask->file];
	struct speed_question *q = &s->question[which][at];
	const struct enclave_source source = {
		.origin = ENCLAVE_ORIGIN_FILE,
		.file = file,
	};
	struct ewx_object o;
	int err = 0;

	switch (part) {
	case DOMAIN:
		q->domain = ewx_subject_domain(p, current,
					       current_cred());
		return 0;
	case SOURCE:
		ewx_object_none(&o);
		if (file)
			err = ewx_object_class(p, &source, &o);
		q->source = o.class;
		return err;
	case IDENTITY:
		q->identity = ewx_enclave_class(s->enclave[ask->enclave], p);
		return 0;
	case VERDICT:
		return ask_verdict(s, which, at);
	case TWICE:
		return ask_again(s, ask, 2);
	case THRICE:
		return ask_again(s, ask, 3);
	default:
		return ask_once(s, ask);
	}
}

/* One piece of the stream, asked of one policy: nanoseconds. */
static u64 one_piece(struct speed_scene *s, enum speed_part part, u32 which,
		     u32 first)
{
	u64 begin, end;
	u32 i, at;

	begin = ktime_get_ns();
	for (i = first; i < first + PIECE; i++) {
		at = i;
		if (part == FEW)
			at = i % FEW_REQUESTS * (s->asks / FEW_REQUESTS);
		ewx_policy_renew();
		rcu_assign_pointer(current->cred,
				   s->program[s->ask[at].program]);
		s->refused += !!do_part(s, which, at, part);
	}
	end = ktime_get_ns();
	return end - begin;
}

static void one_round(struct speed_scene *s, enum speed_part part, u32 which,
		      u32 round)
{
	const struct cred *before = current_cred();
	u32 first = round * PIECE * PIECES % s->asks;
	u64 time;
	u32 i;

	ewx_policy_use(s->policy[which]);
	for (i = 0; i < PIECES; i++) {
		time = one_piece(s, part, which, first + i * PIECE);
		if (i >= LEAD)
			s->times[part][which][round * (PIECES - LEAD) + i -
					      LEAD] = time;
	}
	rcu_assign_pointer(current->cred, before);
	cond_resched();
}

/* Picoseconds per decision. */
static u64 median(struct speed_scene *s, enum speed_part part, u32 which)
{
	return div_u64(ewx_test_median(s->times[part][which], TIMES) * 1000,
		       PIECE);
}

static void measure(struct speed_scene *s, enum speed_part part)
{
	u32 round, i;

	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < POLICIES; i++)
			one_round(s, part, (round + i) % POLICIES, round);
	}
}

static void decision_growth(struct kunit *test)
{
	struct speed_scene *s = test->priv;
	enum speed_part part;
	u32 i;

	/* A test that is skipped once could not be run later. */
	if (!s) {
		kunit_info(test, "nothing in " DIRECTORY "\n");
		return;
	}
	for (part = 0; part < PARTS; part++)
		measure(s, part);
	KUNIT_EXPECT_EQ(test, s->refused, 0);
	for (part = 0; part < PARTS; part++) {
		for (i = 0; i < POLICIES; i++)
			kunit_info(test, "%s at %u rules: %llu ps\n",
				   part_names[part],
				   ewx_policy_rules(s->policy[i]),
				   median(s, part, i));
	}
}

static int speed_init(struct kunit *test)
{
	int err = ewx_test_suite_init(test);
	struct speed_scene *s;
	size_t size;
	char *text;

	if (err)
		return err;
	text = ewx_test_read(DIRECTORY "requests", &size);
	if (!text)
		return 0;
	s = kvzalloc(sizeof(*s), GFP_KERNEL);
	if (!s) {
		kvfree(text);
		return -ENOMEM;
	}
	test->priv = s;
	if (size)
		text[size - 1] = '\0';
	read_population(test, s, text);
	kvfree(text);
	KUNIT_ASSERT_EQ(test, s->asks % (PIECE * PIECES), 0);
	load_policies(test, s);
	return 0;
}

static void speed_exit(struct kunit *test)
{
	struct speed_scene *s = test->priv;
	u32 i;

	if (!s)
		return;
	for (i = 0; i < POLICIES; i++)
		ewx_policy_put(s->policy[i]);
	for (i = 0; i < s->enclaves; i++)
		ewx_test_enclave_free(s->enclave[i]);
	for (i = 0; i < s->files; i++)
		fput(s->file[i]);
	for (i = 0; i < s->programs; i++)
		abort_creds(s->program[i]);
	kvfree(s);
	ewx_test_suite_exit(test);
}

static struct kunit_case speed_cases[] = { KUNIT_CASE(decision_growth), {} };

static struct kunit_suite speed_suite = {
	.name = "ewx_speed",
	.init = speed_init,
	.exit = speed_exit,
	.test_cases = speed_cases,
};

kunit_test_suite(speed_suite);
