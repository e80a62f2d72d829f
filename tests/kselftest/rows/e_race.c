// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows E7 and E8: policies swapped, processes killed and descriptors
 * closed while others are in the middle of something.
 */
#include <pthread.h>

#include "kselftest_harness.h"
#include "race.h"
#include "racers.h"
#include "rows.h"

#define LOADERS		8
#define SWAPS		RACE_ROUNDS

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
	int loose;
	const void *code, *data;
	volatile bool stop;
	unsigned int wrong, asked;
};

static void *loads_and_maps(void *arg)
{
	struct swapped *s = arg;

	while (!s->stop) {
		unsigned int wrong = 0;
		int fd = fresh();

		wrong += fd < 0;
		wrong += enclave_load(fd, s->code, 0, PAGE, ENCLAVE_RX, 0,
				      NULL) != -EACCES;
		wrong += enclave_load(fd, s->data, 0, PAGE, ENCLAVE_R, 0,
				      NULL) != 0;
		wrong += map_err(s->loose, 0, PAGE, RWX) != -EACCES;
		wrong += map_err(s->loose, 0, PAGE, PROT_READ) != 0;
		close(fd);
		__atomic_fetch_add(&s->wrong, wrong, __ATOMIC_RELAXED);
		__atomic_fetch_add(&s->asked, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

TEST(E7_dev)
{
	static struct policies both;
	const unsigned int swaps = race_rounds(SWAPS);
	struct swapped s = { .data = anon_map(1, PROT_READ) };
	pthread_t thread[LOADERS];
	int fd;

	ASSERT_EQ(0, policies_begin(&both, HALF_FIRST, HALF_SECOND));
	s.loose = loose_ready("e7l", 1);
	s.code = code_map("e7", 1, PROT_READ);
	fd = enclave_new((swaps + 1) * PAGE, 0, ENCLAVE_RW);
	ASSERT_TRUE(s.loose >= 0 && s.code != MAP_FAILED && fd >= 0);
	for (unsigned int i = 0; i < LOADERS; i++)
		ASSERT_EQ(0, pthread_create(&thread[i], NULL, loads_and_maps,
					    &s));
	for (unsigned int i = 1; i <= swaps; i++) {
		ASSERT_EQ(0, policies_put(&both, i % 2));
		/* From now on the new one judges, and no other. */
		ASSERT_EQ(i % 2 ? 0 : -EACCES,
			  enclave_load(fd, s.data, i * PAGE, PAGE, ENCLAVE_RX,
				       ENCLAVE_LOAD_F_MEASURE, NULL))
			TH_LOG("after %u swaps", i);
	}
	s.stop = true;
	for (unsigned int i = 0; i < LOADERS; i++)
		pthread_join(thread[i], NULL);
	EXPECT_EQ(0, s.wrong);
	EXPECT_LT(0, s.asked);
	TH_LOG("%u rounds of requests", s.asked);
	close(fd);
}

/* Not RACE_ROUNDS, which take half a minute: each is a process with all its threads. */
#define KILLS		300
#define KILL_PAGES	128u

/**
 * struct victim - what the threads of a process to be killed share.
 * @fd: the enclave, which the test has too
 * @code: KILL_PAGES of a file
 */
struct victim {
	int fd;
	uint8_t *code;
};

static void *victim_loads(void *arg)
{
	struct victim *v = arg;

	for (;;) {
		int fd = enclave_new(KILL_PAGES * PAGE, 0, ENCLAVE_RW);

		enclave_load(v->fd, v->code, 0, KILL_PAGES * PAGE, ENCLAVE_RX,
			     ENCLAVE_LOAD_F_MEASURE, NULL);
		enclave_load(fd, v->code, 0, KILL_PAGES * PAGE, ENCLAVE_RX,
			     ENCLAVE_LOAD_F_MEASURE, NULL);
		enclave_init(fd);
		close(fd);
	}
	return NULL;
}

static void *victim_maps(void *arg)
{
	struct victim *v = arg;
	void *at;

	for (;;) {
		if (map(v->fd, 0, KILL_PAGES * PAGE, PROT_READ, &at))
			continue;
		peek(at);
		mprotect(at, PAGE, RX);
		mprotect(at, PAGE, RW);
		munmap(at, KILL_PAGES * PAGE);
		/* Refused: nobody declared these pages for it. */
		map_err(v->fd, 0, KILL_PAGES * PAGE, RWX);
	}
	return NULL;
}

static void *victim_forks(void *arg)
{
	struct victim *v = arg;

	for (;;) {
		pid_t pid = fork();

		if (!pid) {
			map_err(v->fd, 0, PAGE, PROT_READ);
			fork();
			map_err(v->fd, 0, PAGE, RX);
			close(v->fd);
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
		int fd = dup(v->fd);
		void *at;

		/* The number may be another thread's by the time it is used. */
		close(fd);
		enclave_load(fd, v->code, 0, PAGE, ENCLAVE_R, 0, NULL);
		if (!map(fd, 0, PAGE, PROT_READ, &at))
			munmap(at, PAGE);
	}
	return NULL;
}

static void victim(void *v)
{
	void *(*const does[])(void *) = {
		victim_loads, victim_maps, victim_forks, victim_closes,
	};
	pthread_t thread;

	for (unsigned int i = 1; i < sizeof(does) / sizeof(*does); i++)
		if (pthread_create(&thread, NULL, does[i], v))
			_exit(1);
	does[0](v);
}

TEST(E8_dev)
{
	struct victim v;
	long before;

	ASSERT_EQ(0, policy_strict());
	v.code = code_map("e8", KILL_PAGES, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)v.code);
	before = enclaves();
	ASSERT_LE(0, before);
	for (unsigned int i = race_rounds(KILLS); i; i--) {
		v.fd = enclave_new(KILL_PAGES * PAGE, 0, ENCLAVE_RW);
		ASSERT_LE(0, v.fd);
		ASSERT_EQ(0, killed(victim, &v));
		/* What was killed keeps no lock: who still has the enclave goes on. */
		alarm(10);
		EXPECT_EQ(0, map_err(v.fd, 0, PAGE, PROT_READ));
		EXPECT_EQ(0, enclave_init(v.fd));
		alarm(0);
		close(v.fd);
	}
	EXPECT_TRUE(enclaves_are(before)) TH_LOG("%ld of %ld", enclaves(), before);
}

TEST_HARNESS_MAIN
