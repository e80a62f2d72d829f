// SPDX-License-Identifier: GPL-2.0-only
/*
 * sequences SECONDS SEED dev|sgx... - random sequences of what can be done with an
 * enclave, by several processes at once (sequences.h), so long for each provider. TAP
 * on stdout.
 *
 * Owns: episodes. Each has an enclave of its own, which the leader makes and which
 * PLAYERS processes of THREADS threads use until OPERATIONS_EACH have begun; after
 * that the leader maps every page for execution and calls it. The seed of an episode
 * is told with what went wrong in it; as threads race, the same seed need not lead
 * there again.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <time.h>

#include "sequences.h"

#define OPERATIONS_EACH 1500
#define OPERATIONS_BEFORE (OPERATIONS_EACH - 400) /* left when init begins */
#define FIRST_LOADS 8
#define BESIDE 10 /* enclaves of a neighbour, who is not to take all time */

#define DEBUG_RULE "for any { allow debug; }"

static int policies(struct scene *s)
{
	/* Of root, and of who is in another domain. */
	static const char *const rules[POLICIES][2] = {
		{ STRICT_RULES DEBUG_RULE, "allow share;" },
		{ LOOSE_RULES DEBUG_RULE, "allow share, change, augment;"
					  "allow exec_file from allowed;" },
		{ "allow create, change; allow exec_file from allowed;"
		  "for any { allow init; }" DEBUG_RULE,
		  "allow share, change;" },
		[WRITING] = { LOOSE_RULES DEBUG_RULE
			      "for any { allow exec_written; }",
			      "allow share, change;"
			      "for any { allow exec_written; }" },
	};

	for (unsigned int i = 0; i < POLICIES; i++) {
		if (policy_two(rules[i][0], rules[i][1], ""))
			return -EINVAL;
		s->blob_size[i] = policy_blob(s->blob[i], BLOB_MAX);
		if (s->blob_size[i] <= 0)
			return -EINVAL;
	}
	return 0;
}

/* Of code that may execute mostly what is allowed; of all other anything. */
static int first_intent(struct player *p, unsigned int from)
{
	static const int others[] = { RW, RW, RX, RWX };

	if (from != GOOD)
		return others[below(&p->random, 4)];
	if (p->stage->scene->writing)
		return RWX;
	return below(&p->random, 4) ? RX : RWX;
}

/* What an enclave begins with: mostly code that may execute. */
static void first_loads(struct player *p)
{
	for (unsigned int i = 0; i < FIRST_LOADS; i++) {
		const unsigned int page = below(&p->random, PAGES);
		const unsigned int from =
			below(&p->random, 2) ? GOOD :
					       below(&p->random, ALL_SOURCES);

		p->stage->provider->load(p->stage,
					 p->stage->source[from] + page * PAGE,
					 page, 1, first_intent(p, from),
					 from != UNMEASURED);
	}
}

static void *thread(void *arg)
{
	play(arg);
	return NULL;
}

/* A process of players. */
static void player(struct stage *s, unsigned int number)
{
	struct player p[THREADS];
	pthread_t other;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	guard();
	if (sources_open(s))
		_exit(3);
	/* What reserves the addresses could itself be made executable. */
	munmap(s->window, s->windows * PAGES * PAGE);
	if (number == PLAYERS - 1 && become(SECOND_UID))
		_exit(3);
	for (unsigned int i = 0; i < THREADS; i++)
		p[i] = (struct player){
			.stage = s,
			.number = number,
			.slot = number * THREADS + i,
			.random = s->scene->seed * (2 * number + 3) + i + 1,
		};
	if (pthread_create(&other, NULL, thread, &p[1]))
		_exit(3);
	play(&p[0]);
	pthread_join(other, NULL);
	look(&p[0]);
	/* Children that stayed. */
	while (waitpid(-1, NULL, 0) > 0)
		;
	_exit(0);
}

/*
 * He has enclaves of his own, one after the other. An enclave's lock lets one at a time
 * be judged: with two enclaves it is two who use the policy, records, counters, and what
 * is known of files. Nothing of his is looked at.
 */
static void neighbour(const struct stage *s)
{
	struct stage own = *s;
	struct player p = { .stage = &own, .random = s->scene->seed + 2 };

	/* The faster one. */
	own.provider = &provider_dev;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	guard();
	for (unsigned int i = 0; i < BESIDE; i++) {
		if (own.provider->open(&own))
			_exit(3);
		first_loads(&p);
		own.provider->init(&own);
		play_beside(&p);
		own.provider->close(&own);
		__atomic_fetch_add(&s->scene->beside, 1, __ATOMIC_RELAXED);
	}
	_exit(0);
}

static void ended(struct scene *s, int status)
{
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return;
	s->broken = true;
	if (!__atomic_fetch_add(&s->wrong, 1, __ATOMIC_RELAXED))
		snprintf(s->what, sizeof(s->what),
			 "episode %llx: a player ended with status %x",
			 (unsigned long long)s->seed, status);
}

/* Whichever ends first: who ends too early leaves others waiting. */
static void await_players(struct scene *s)
{
	unsigned int left = PLAYERS;
	int status;

	while (left) {
		const pid_t pid = waitpid(-1, &status, 0);

		for (unsigned int i = 0; i < PLAYERS; i++)
			if (pid == s->pid[i]) {
				ended(s, status);
				left--;
			}
	}
}

/*
 * Nobody mapped anything between the looks: see there. Who was let pass may have a
 * mapping that is both.
 */
static void judge_looks(struct scene *s)
{
	for (unsigned int i = 0; i < PAGES; i++) {
		if (s->reached[i] != (1u << LOOKS) - 1 || s->broken ||
		    s->passed)
			continue;
		if (!s->wrong++)
			snprintf(
				s->what, sizeof(s->what),
				"episode %llx, page %u: it was written to between two calls that it executed",
				(unsigned long long)s->seed, i);
	}
}

/* What a scene is before its first operation, but for its counts. */
static void set_up(struct scene *s, unsigned int number)
{
	s->initialized = false;
	s->begun = false;
	s->asked = false;
	s->broken = false;
	s->taken = false;
	s->writing = number % 3 == 2;
	s->switching = number % 4 == 3;
	s->passed = false;
	s->debug = number % 2;
	s->left = OPERATIONS_EACH;
	s->wait = OPERATIONS_BEFORE - 200;
	s->present = PLAYERS;
	memset(s->arrived, 0, sizeof(s->arrived));
	memset(s->reached, 0, sizeof(s->reached));
}

/*
 * The @number-th, from 0 on. Return: 0; -errno if there was no policy or no enclave to
 * play with.
 */
static int episode(struct stage *s, unsigned int number)
{
	struct player p = { .stage = s, .random = s->scene->seed };
	unsigned int n;
	pid_t beside;
	int err;

	set_up(s->scene, number);
	n = s->scene->writing ? WRITING : below(&p.random, WRITING);
	err = policy_load_blob(s->scene->blob[n],
			       (size_t)s->scene->blob_size[n], NULL, 0);
	if (!err || err == -EEXIST)
		err = s->provider->open(s);
	if (err)
		return err;
	first_loads(&p);
	for (unsigned int i = 0; i < PLAYERS; i++) {
		const pid_t pid = fork();

		if (!pid)
			player(s, i);
		s->scene->pid[i] = pid;
	}
	beside = fork();
	if (!beside)
		neighbour(s);
	/* The players have begun. */
	while (s->scene->left > OPERATIONS_BEFORE)
		sched_yield();
	err = ask_init(s);
	s->scene->count[OP_INIT][err ? FAILED : DONE]++;
	s->scene->begun = true;
	await_players(s->scene);
	/* In the middle of something, where all is slow; elsewhere he has ended. */
	if (beside > 0 && !kill(beside, SIGKILL))
		waitpid(beside, NULL, 0);
	judge_looks(s->scene);
	play_last(&p);
	s->provider->close(s);
	return 0;
}

static int number;

static bool ok(bool good, const char *name)
{
	printf("%s %d - %s\n", good ? "ok" : "not ok", ++number, name);
	return good;
}

static const unsigned int providers_of[] = {
#define OPERATION_MASK(NAME, name, weight, mask) mask,
	OPERATIONS(OPERATION_MASK)
#undef OPERATION_MASK
};

/* What must have been done, and refused, or nothing was tried. */
static bool tried(const struct scene *s, unsigned int mask)
{
	/* Mappings of enclaves do not move, by any means. */
	static const bool fails[OP_COUNT] = { [OP_MOVE] = true };
	static const bool refused[OP_COUNT] = {
		[OP_LOAD] = true,  [OP_MAP] = true, [OP_PROTECT] = true,
		[OP_POKE] = true,  [OP_RUN] = true, [OP_MOVE] = true,
		[OP_DEBUG] = true,
	};

	for (unsigned int op = 0; op < OP_COUNT; op++) {
		const unsigned long *n = s->count[op];

		if (!(providers_of[op] & mask))
			continue;
		if ((!fails[op] && !n[DONE]) || (refused[op] && !n[REFUSED]))
			return false;
	}
	return s->good && s->own && s->beside;
}

static void print_counts(const struct scene *s, unsigned int mask)
{
	printf("# %-10s %10s %10s %10s\n", "operation", "done", "refused",
	       "failed");
	for (unsigned int op = 0; op < OP_COUNT; op++) {
		const unsigned long *n = s->count[op];

		if (providers_of[op] & mask)
			printf("# %-10s %10lu %10lu %10lu\n",
			       operation_name(op), n[DONE], n[REFUSED],
			       n[FAILED]);
	}
}

/*
 * Episodes of a provider, until the time is over or something is wrong; four times as
 * long on a machine so slow that not all was tried yet.
 */
static bool sequences(struct stage *s, int seconds, uint64_t seed)
{
	struct scene *scene = s->scene;
	const unsigned int mask = s->provider->mask;
	const time_t begin = time(NULL);
	unsigned int episodes = 0;
	unsigned long operations = 0;
	char name[160];
	int err = 0;
	bool good;

	memset(scene->count, 0, sizeof(scene->count));
	scene->good = 0;
	scene->own = 0;
	scene->unruled = 0;
	scene->beside = 0;
	scene->wrong = 0;
	do {
		alarm(300); /* a hang ends here */
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		scene->seed = seed | 1;
		err = episode(s, episodes++);
	} while (!err && !scene->wrong &&
		 time(NULL) - begin <
			 (tried(scene, mask) ? seconds : 4 * seconds));
	if (err)
		printf("# no enclave: %s\n", strerror(-err));
	if (scene->wrong)
		printf("# %s: %s; %lu in all, after %ld s\n", s->provider->name,
		       scene->what, scene->wrong, (long)(time(NULL) - begin));
	for (unsigned int op = 0; op < OP_COUNT; op++)
		for (unsigned int i = 0; i < OUTCOMES; i++)
			operations += scene->count[op][i];
	printf("# %lu operations in %u episodes, %lu calls of allowed code, %lu of what an enclave wrote, %lu of what was let pass; %lu enclaves beside\n",
	       operations, episodes, scene->good, scene->own, scene->unruled,
	       scene->beside);
	snprintf(name, sizeof(name), "%s: nothing executes that no rule allows",
		 s->provider->name);
	good = ok(!err && !scene->wrong, name);
	snprintf(name, sizeof(name), "%s: all was tried", s->provider->name);
	print_counts(scene, mask);
	good = ok(tried(scene, mask), name) && good;
	fflush(stdout);
	return good;
}

int main(int argc, char **argv)
{
	static const struct provider *const providers[] = { &provider_dev,
							    &provider_sgx };
	const int seconds = argc > 1 ? atoi(argv[1]) : 0;
	const uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 0;
	struct stage s = { 0 };
	bool good = true;
	int err;

	if (seconds <= 0 || argc < 4) {
		fprintf(stderr, "usage: sequences SECONDS SEED dev|sgx...\n");
		return 2;
	}
	s.scene = mmap(NULL, sizeof(*s.scene), RW, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	guard();
	err = s.scene == MAP_FAILED ? -ENOMEM : policies(s.scene);
	if (!err)
		err = sources_make();
	if (!err)
		err = sources_open(&s);
	if (err) {
		printf("Bail out! %s\n", strerror(-err));
		return 1;
	}
	printf("TAP version 13\n1..%d\n# seed %llu\n", 2 * (argc - 3),
	       (unsigned long long)seed);
	for (int i = 3; i < argc; i++) {
		s.provider = providers[!strcmp(argv[i], providers[1]->name)];
		good = sequences(&s, seconds, seed) && good;
	}
	return !good;
}
