// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows E on the SGX driver: modes and records, memory that fails, subjects and
 * policies that change, processes that are killed. Other security modules: sgx_stack.c.
 */
#include <pthread.h>

#include "kselftest_harness.h"
#include "denied.h"
#include "race.h"
#include "racers.h"
#include "sgx_rows.h"

static int create(void)
{
	struct sgx s;
	int err = sgx_new(&s, 0);

	if (!err)
		sgx_close(&s);
	return err;
}

TEST(E2_sgx)
{
	const char *record;
	int permissive;

	ASSERT_EQ(0, policy_load("", ""));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, enforce(false));
	permissive = create();
	ASSERT_EQ(0, enforce(true));
	EXPECT_EQ(0, permissive);
	record = record_wait("create");
	EXPECT_TRUE(record_is(record, "result", "permissive"));
	EXPECT_TRUE(record_is(record, "enforcing", "0"));
	EXPECT_EQ(-EACCES, create());
	ASSERT_EQ(0, policy_load("permissive;", ""));
	EXPECT_EQ(0, create());
}

TEST(E3_sgx)
{
	const char *record;
	char digest[128];
	struct sgx s;
	void *src;

	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, sgx_new(&s, 0));
	ASSERT_EQ(0, code_file(OTHER_DIR "/e3", 1));
	src = file_map(OTHER_DIR "/e3", 1, RX, MAP_PRIVATE);
	ASSERT_EQ(-EACCES,
		  sgx_add(&s, src, ROW_CODE, SGX_PAGE, REG_RX, true, NULL));
	munmap(src, PAGE);
	unlink(OTHER_DIR "/e3");
	sgx_close(&s);
	record = record_wait("exec_file");
	ASSERT_NE(NULL, record);
	EXPECT_TRUE(record_is(record, "path", "\"" OTHER_DIR "/e3\""));
	EXPECT_TRUE(record_is(record, "op", "load"));
	EXPECT_TRUE(record_is(record, "domain", "\"rows\""));
	EXPECT_TRUE(record_is(record, "provider", "sgx"));
	EXPECT_TRUE(record_is(record, "origin", "file"));
	EXPECT_TRUE(record_is(record, "reason", "no_rule"));
	EXPECT_TRUE(record_is(record, "fstype", "ext4"));
	EXPECT_TRUE(record_is(record, "readonly", "0"));
	EXPECT_TRUE(record_is(record, "mapexec", "1"));
	ASSERT_TRUE(record_field(record, "digest", digest, sizeof(digest)));
	EXPECT_EQ(64, strlen(digest));
}

static int add_x(const struct sgx *s, const void *src)
{
	uint64_t added;

	return sgx_add_pages(s, src, ROW_CODE, SGX_PAGE, REG_RX, true, &added);
}

/*
 * Ask for a page that no rule allows, by the @n-th allocation without memory. @file: of a
 * file that nothing is known of, else anonymous. Return: what came of it.
 */
static int add_denied(int node, unsigned int n, bool file, bool *again)
{
	const void *anon = anon_map(1, PROT_READ);
	const void *src = file ? other_code() : anon;
	struct sgx s;
	int err;

	if (sgx_new(&s, 0) || src == MAP_FAILED)
		return -EBADF;
	peek(src);
	/* A denial leaves nothing of what the enclave's creation took memory for. */
	err = add_x(&s, anon) == -EACCES && !fail_nth(node, n) ? add_x(&s, src) :
								 -EBADF;
	*again = !fail_pending(node);
	if (fail_nth(node, 0))
		err = -EBADF;
	munmap((void *)anon, PAGE);
	if (file)
		munmap((void *)src, PAGE);
	sgx_close(&s);
	return err;
}

/* What the policy denies it denies without memory, too. */
TEST(E6_sgx)
{
	never_loaded(_metadata, policy_strict, add_denied);
}

/* Likewise where it takes memory to find out who asks, and nobody may do more. */
TEST(E6_sgx_nobody)
{
	never_loaded(_metadata, policy_by_group, add_denied);
}

#define LOADERS 4
#define SWAPS RACE_ROUNDS
#define SWAP_PAGES 64u

/**
 * struct swapped - between the test and its threads.
 * @loose: an initialised enclave with a page of all intents
 * @code: of a file that only the first policy names
 * @data: anything
 * @stop: the threads end
 * @wrong: answers that neither policy gives
 * @asked: rounds of all threads
 */
struct swapped {
	struct sgx loose;
	const void *code, *data;
	volatile bool stop;
	unsigned int wrong, asked;
};

static void *adds_and_maps(void *arg)
{
	struct swapped *s = arg;

	while (!s->stop) {
		unsigned int wrong = 0;
		uint64_t added;
		struct sgx own;

		wrong += sgx_new(&own, 0) != 0;
		wrong += sgx_add_pages(&own, s->code, ROW_CODE, SGX_PAGE,
				       REG_RX, false, &added) != -EACCES;
		wrong += sgx_add_pages(&own, s->data, ROW_DATA, SGX_PAGE, REG_R,
				       false, &added) != 0;
		wrong += sgx_map(&s->loose, ROW_CODE, SGX_PAGE, RWX) != -EACCES;
		wrong += sgx_map(&s->loose, ROW_CODE, SGX_PAGE, PROT_READ) != 0;
		sgx_close(&own);
		__atomic_fetch_add(&s->wrong, wrong, __ATOMIC_RELAXED);
		__atomic_fetch_add(&s->asked, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

TEST(E7_sgx)
{
	static struct policies both;
	struct swapped s = { .data = anon_map(1, PROT_READ) };
	struct sgx e = { .fd = -1 };
	pthread_t thread[LOADERS];
	uint64_t added;

	ASSERT_EQ(0, policies_begin(&both, HALF_FIRST, HALF_SECOND));
	ASSERT_EQ(0, sgx_loose(&s.loose));
	s.code = code_map("e7", 1, PROT_READ);
	ASSERT_NE(MAP_FAILED, s.code);
	for (unsigned int i = 0; i < LOADERS; i++)
		ASSERT_EQ(0,
			  pthread_create(&thread[i], NULL, adds_and_maps, &s));
	for (unsigned int i = 0; i < race_rounds(SWAPS); i++) {
		if (i % SWAP_PAGES == 0) {
			if (i)
				sgx_close(&e);
			ASSERT_EQ(0,
				  sgx_new_size(&e, 0, SWAP_PAGES * SGX_PAGE));
		}
		ASSERT_EQ(0, policies_put(&both, !(i % 2)));
		/* From now on the new one judges, and no other. */
		ASSERT_EQ(i % 2 ? -EACCES : 0,
			  sgx_add_pages(&e, s.data, i % SWAP_PAGES * SGX_PAGE,
					SGX_PAGE, REG_RX, true, &added))
		TH_LOG("after %u swaps", i + 1);
	}
	s.stop = true;
	for (unsigned int i = 0; i < LOADERS; i++)
		pthread_join(thread[i], NULL);
	EXPECT_EQ(0, s.wrong);
	EXPECT_LT(0, s.asked);
	TH_LOG("%u rounds of requests", s.asked);
	sgx_close(&e);
	sgx_close(&s.loose);
}

/* Not RACE_ROUNDS, which take a minute: each is a process with all its threads. */
#define KILLS 300
#define KILL_PAGES 128u
#define KILL_SIZE (KILL_PAGES * SGX_PAGE)
#define KILL_FILE ALLOWED_DIR "/e8"

/**
 * struct victim - what the threads of a process to be killed share.
 * @s: the enclave, of twice KILL_SIZE, which the test has too
 * @code: KILL_PAGES of a file
 */
struct victim {
	struct sgx s;
	const void *code;
};

static void *victim_adds(void *arg)
{
	struct victim *v = arg;
	uint64_t added;

	for (;;) {
		struct sgx own;

		sgx_add_pages(&v->s, v->code, 0, KILL_SIZE, REG_RX, true,
			      &added);
		if (sgx_new_size(&own, 0, KILL_SIZE))
			continue;
		sgx_add_pages(&own, v->code, 0, KILL_SIZE, REG_RX, true,
			      &added);
		sgx_close(&own);
	}
	return NULL;
}

static void *victim_maps(void *arg)
{
	struct victim *v = arg;

	for (;;) {
		sgx_map(&v->s, 0, KILL_SIZE, PROT_READ);
		sgx_protect(&v->s, 0, SGX_PAGE, RX);
		sgx_protect(&v->s, 0, SGX_PAGE, RW);
	}
	return NULL;
}

static void *victim_forks(void *arg)
{
	struct victim *v = arg;

	for (;;) {
		pid_t pid = fork();

		if (!pid) {
			sgx_map(&v->s, 0, SGX_PAGE, PROT_READ);
			fork();
			sgx_map(&v->s, 0, SGX_PAGE, RX);
			close(v->s.fd);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
	return NULL;
}

static void *victim_closes(void *arg)
{
	struct victim *v = arg;

	for (;;) {
		struct sgx other = v->s;

		other.fd = dup(v->s.fd);
		/* The number may be another thread's by the time it is used. */
		close(other.fd);
		sgx_map(&other, 0, SGX_PAGE, PROT_READ);
	}
	return NULL;
}

static void victim(void *v)
{
	void *(*const does[])(void *) = {
		victim_adds,
		victim_maps,
		victim_forks,
		victim_closes,
	};
	pthread_t thread;

	for (unsigned int i = 1; i < ARRAY_SIZE(does); i++)
		if (pthread_create(&thread, NULL, does[i], v))
			_exit(1);
	does[0](v);
}

TEST(E8_sgx)
{
	struct victim v;

	ASSERT_EQ(0, policy_strict());
	v.code = code_map("e8", KILL_PAGES, PROT_READ);
	ASSERT_NE(MAP_FAILED, v.code);
	for (unsigned int i = race_rounds(KILLS); i; i--) {
		uint64_t added;
		int file;

		ASSERT_EQ(0, sgx_new_size(&v.s, 0, 2 * KILL_SIZE));
		ASSERT_EQ(0, killed(victim, &v));
		/* What was killed keeps no lock: who still has the enclave goes on. */
		alarm(10);
		EXPECT_EQ(0, sgx_map(&v.s, 0, SGX_PAGE, PROT_READ));
		EXPECT_EQ(0, sgx_add_pages(&v.s, v.code, KILL_SIZE, SGX_PAGE,
					   REG_RX, true, &added));
		alarm(0);
		/* Nor does it keep anybody from writing to the file. */
		file = open(KILL_FILE, O_WRONLY | O_CLOEXEC);
		EXPECT_LE(0, file)
		TH_LOG("%s", strerror(errno));
		close(file);
		sgx_close(&v.s);
	}
	/*
	 * How many enclaves are left says nothing of the hooks: sgx_encl_mm_add() keeps a
	 * reference if a kill interrupts it (__mmu_notifier_register() ends with -EINTR).
	 */
}

static int set_second(void)
{
	return become(SECOND_UID);
}

static int set_euid(void)
{
	return seteuid(SECOND_UID) ? -errno : 0;
}

struct change {
	int (*how)(void);
};

static int before_and_after(void *arg)
{
	const struct change *c = arg;
	struct sgx before, after;

	/* Who may open the device is not what is asked. */
	if (sgx_open(&before, SGX_SIZE) || sgx_open(&after, SGX_SIZE) ||
	    sgx_create(&before, 0) || c->how())
		return 255;
	return -sgx_create(&after, 0);
}

TEST(E10_sgx_uid)
{
	struct change all = { set_second }, effective = { set_euid };

	ASSERT_EQ(0, policy_two("allow create;", "", ""));
	EXPECT_EQ(EACCES, in_child(before_and_after, &all));
	EXPECT_EQ(EACCES, in_child(before_and_after, &effective));
}

TEST(E10_sgx_policy)
{
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, policy_load("allow create;", ""));
	EXPECT_EQ(0, create());
	ASSERT_EQ(0, policy_load("allow change;", ""));
	EXPECT_DENIED("create", create());
	ASSERT_EQ(0, policy_load("allow create;", ""));
	EXPECT_EQ(0, create());
}

TEST_HARNESS_MAIN
