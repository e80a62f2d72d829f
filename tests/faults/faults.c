// SPDX-License-Identifier: GPL-2.0-only
/*
 * faults SETS WAY... [STEP...] - each step of these sets (dev,node,sgx), or those named,
 * while something fails in these ways (faults.h). TAP on stdout.
 *
 * nth: the first allocation of the call fails, then the second one, and so on until
 * the call makes fewer (Documentation/fault-injection of the kernel, fail-nth).
 * kill: a process that does nothing else is killed, each time a little later; and one
 * that makes the call with what this process has prepared, and keeps: so what a call
 * leaves that was not made to its end is looked at.
 * oom: the machine has no memory left, and processes are killed for it.
 *
 * Owns: what fails, and the judgement. Knows no call.
 */
#include <sys/prctl.h>

#include "faults.h"
#include "spin.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))
#define NTH_MOST 1000
#define KILLS 12 /* each way */
#define KILLS_MOST (16 * KILLS)
#define KILL_WITHIN 16000u /* us at least; the clock may tick every 4000 */
/* us: a kill takes longer to arrive than some calls take, so it is sent before them. */
#define KILL_AHEAD 200u

static struct place place = { .fd = -1, .node = -1 };
static int number;
static bool all_good = true;

static void result(const char *how, const struct step *s, const char *wrong,
		   const char *detail)
{
	if (wrong)
		printf("# %s\n", wrong);
	printf("%s %d - %s: %s%s\n", wrong ? "not ok" : "ok", ++number, how,
	       s->name, detail);
	fflush(stdout);
	all_good = all_good && !wrong;
}

/* What came of an act. Return: NULL, or what is wrong with it. */
static const char *judge(const struct step *s, int err)
{
	static char text[160];
	int left;

	if (s->want && !err) {
		snprintf(text, sizeof(text), "what is denied was done");
		return text;
	}
	left = s->must ? s->must(&place) : 0;
	if (left) {
		snprintf(text, sizeof(text), "afterwards: %s", strerror(-left));
		return text;
	}
	return NULL;
}

static unsigned long act_us; /* what the last call took that plain() made */

/* Nothing fails. Return: NULL, or what is wrong. */
static const char *plain(const struct step *s)
{
	static char text[160];
	int err = s->prepare(&place);
	struct timespec from;
	const char *wrong;

	if (err) {
		snprintf(text, sizeof(text), "before it: %s", strerror(-err));
		return text;
	}
	clock_gettime(CLOCK_MONOTONIC, &from);
	err = s->act(&place);
	act_us = elapsed_us(&from);
	if (err != s->want) {
		snprintf(text, sizeof(text), "without a fault: %s",
			 err ? strerror(-err) : "done");
		s->finish(&place);
		return text;
	}
	wrong = judge(s, err);
	s->finish(&place);
	return wrong;
}

static int fail_node = -1;

static void must_fail_nth(unsigned int n)
{
	if (fail_nth(fail_node, n))
		abort();
}

static void nth(const struct step *s)
{
	const char *wrong = plain(s);
	unsigned int n, failed = 0, refused = 0;
	bool again = true;
	char detail[80];

	for (n = 1; again && !wrong && n < NTH_MOST; n++) {
		int err = s->prepare(&place);

		if (err) {
			wrong = "what comes before it fails";
			break;
		}
		must_fail_nth(n);
		err = s->act(&place);
		again = !fail_pending(fail_node);
		must_fail_nth(0);
		failed += again;
		refused += err != s->want;
		wrong = judge(s, err);
		s->finish(&place);
		if (wrong)
			printf("# allocation %u failed, the call: %s\n", n,
			       err ? strerror(-err) : "done");
	}
	if (!wrong && again)
		wrong = "there is no end of allocations";
	if (!wrong && !s->quiet && !failed)
		wrong = "no allocation failed";
	snprintf(detail, sizeof(detail), ", %u allocations, %u failures told",
		 failed, refused);
	if (!wrong)
		wrong = plain(s);
	result("nth", s, wrong, detail);
}

/* Until it is killed. */
static void again_and_again(const struct step *s)
{
	for (;;) {
		if (s->prepare(&place))
			_exit(1);
		if (!s->act(&place) && s->want)
			_exit(2);
		s->finish(&place);
	}
}

/*
 * The process makes the call again and again; it is killed at KILLS moments of a time
 * in which it makes it twice. All that it had is gone with it.
 */
static const char *killed_with_all(const struct step *s, unsigned long us)
{
	const char *wrong = NULL;

	for (unsigned int i = 0; i < KILLS && !wrong; i++) {
		int ready[2], status;
		pid_t pid;

		if (pipe(ready))
			abort();
		pid = fork();
		if (!pid) {
			tell(ready[1]);
			again_and_again(s);
		}
		await(ready[0]);
		spin(us * i / KILLS);
		kill(pid, SIGKILL);
		if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status))
			wrong = "the process ended by itself";
		close(ready[0]);
		close(ready[1]);
	}
	return wrong;
}

/**
 * struct watched - a call of another process, in memory of both.
 * @at: it waits to begin; has begun, and makes it KILL_AHEAD later; is in it; is behind it
 * @go: it may begin
 * @err: what the call returned
 */
struct watched {
	enum { WAITS, BEFORE, INSIDE, BEHIND } at;
	bool go;
	int err;
};

static struct watched *watched;
static unsigned int kills, kills_inside; /* where the call is looked at */

static void make_watched_call(const struct step *s)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!*(volatile bool *)&watched->go)
		;
	__atomic_store_n(&watched->at, BEFORE, __ATOMIC_SEQ_CST);
	spin(KILL_AHEAD);
	__atomic_store_n(&watched->at, INSIDE, __ATOMIC_SEQ_CST);
	watched->err = s->act(&place);
	__atomic_store_n(&watched->at, BEHIND, __ATOMIC_SEQ_CST);
	for (;;)
		pause();
}

/* The process is killed @us after it might begin. Return: what is wrong, or NULL. */
static const char *kill_in_call(const struct step *s, unsigned long us)
{
	const char *wrong = NULL;
	int status;
	pid_t pid;

	if (s->prepare(&place))
		return "what comes before it fails";
	*watched = (struct watched){ .err = s->want };
	pid = fork();
	if (pid < 0)
		abort();
	if (!pid)
		make_watched_call(s);
	*(volatile bool *)&watched->go = true;
	while (__atomic_load_n(&watched->at, __ATOMIC_SEQ_CST) == WAITS)
		;
	spin(us);
	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status))
		wrong = "the process ended by itself";
	kills_inside += watched->at == INSIDE;
	if (!wrong && watched->at == BEHIND && watched->err != s->want)
		wrong = "another process that inherits it cannot do it";
	if (!wrong)
		wrong = judge(s, s->want);
	s->finish(&place);
	return wrong;
}

/*
 * What the call was about is still there, and looked at. On until some kill was inside,
 * at moments ever closer to one another.
 */
static const char *killed_inside(const struct step *s)
{
	const unsigned long us = KILL_AHEAD + act_us;
	const unsigned int before = kills_inside;
	const char *wrong = NULL;

	for (unsigned int n = KILLS; n <= KILLS_MOST && !wrong; n *= 2) {
		for (unsigned int i = 0; i < n && !wrong; i++) {
			wrong = kill_in_call(s, us * i / n);
			kills++;
		}
		if (kills_inside != before)
			return wrong;
	}
	return wrong ? wrong : "no kill was inside the call";
}

static void killed(const struct step *s)
{
	const unsigned int before = kills_inside, first = kills;
	struct timespec from;
	unsigned long us;
	const char *wrong;
	char detail[120];

	clock_gettime(CLOCK_MONOTONIC, &from);
	wrong = plain(s);
	us = 2 * elapsed_us(&from);
	if (us < KILL_WITHIN)
		us = KILL_WITHIN;
	if (!wrong)
		wrong = killed_inside(s);
	if (!wrong)
		wrong = killed_with_all(s, us);
	if (!wrong)
		wrong = plain(s);
	snprintf(detail, sizeof(detail),
		 ", %u kills within %lu us, %u of %u more inside the call",
		 KILLS, us, kills_inside - before, kills - first);
	result("kill", s, wrong, detail);
}

static int begin_kill(void)
{
	watched = mmap(NULL, sizeof(*watched), RW, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	return watched == MAP_FAILED ? -errno : 0;
}

enum { HOG_STEP = 16 << 20, SPARE = 24 };

/*
 * A process that takes memory, HOG_STEP bytes at a time, up to @most bytes, and is
 * the earlier to be killed the higher @score is.
 */
static pid_t hog(const char *score, size_t most)
{
	pid_t pid = fork();
	int fd;

	/* No pid is a kill of everybody. */
	if (pid < 0)
		abort();
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, score, strlen(score)) < 0)
		_exit(1);
	for (; most >= HOG_STEP; most -= HOG_STEP) {
		uint8_t *at = mmap(NULL, HOG_STEP, RW,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
				   -1, 0);

		if (at == MAP_FAILED)
			_exit(2);
	}
	for (;;)
		pause();
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* The steps go on while memory ends, until that has happened. */
static void without_memory(const struct step *s)
{
	pid_t next[SPARE], pid;
	unsigned int calls = 0;
	const char *wrong = NULL;
	char detail[80];
	int status = 0;

	/*
	 * While the memory of who was killed is still being freed, which takes some
	 * tenths of a second, the kernel kills on: these, and not this process.
	 */
	for (unsigned int i = 0; i < SPARE; i++)
		next[i] = hog("900", 0);
	pid = hog("1000", SIZE_MAX);
	while (!wrong && !waitpid(pid, &status, WNOHANG)) {
		if (s->prepare(&place)) {
			s->finish(&place);
			continue;
		}
		wrong = judge(s, s->act(&place));
		s->finish(&place);
		calls++;
	}
	if (wrong)
		end(pid);
	else if (!WIFSIGNALED(status))
		wrong = "memory did not end";
	else if (!calls)
		wrong = "no call was made meanwhile";
	for (unsigned int i = 0; i < SPARE; i++)
		end(next[i]);
	if (!wrong)
		wrong = plain(s);
	snprintf(detail, sizeof(detail), ", %u calls while memory ended",
		 calls);
	result("oom", s, wrong, detail);
}

#define BLOB "/run/faults.bin"
#define SIGNED "/run/faults.ewxs"

/* The policy's bytes, and the same signed by a key that the kernel trusts. */
static int begin_policy(void)
{
	static uint8_t blob[65536], signature[65536];
	ssize_t size;
	FILE *out;

	if (policy_load(STRICT_RULES "for any { allow debug; }", ""))
		return -EINVAL;
	size = policy_blob(blob, sizeof(blob));
	if (size <= 0)
		return -EINVAL;
	place.blob = blob;
	place.size = (size_t)size;
	out = fopen(BLOB, "we");
	if (!out || fwrite(blob, 1, place.size, out) != place.size ||
	    fclose(out))
		return -EIO;
	if (system("ewx sign " BLOB " --key build/keys/trusted.key "
		   "--cert build/keys/trusted.pem -o " SIGNED))
		return -ENOKEY;
	size = read_file(SIGNED, signature, sizeof(signature));
	if (size <= 0)
		return -EIO;
	place.with_signature = signature;
	place.signed_size = (size_t)size;
	return 0;
}

static int begin(void)
{
	int err = begin_policy();

	if (err)
		return err;
	place.code = code_map("faults", CODE_PAGES, PROT_READ);
	place.data = anon_map(CODE_PAGES, RW);
	return place.code == MAP_FAILED || place.data == MAP_FAILED ? -ENOMEM :
								      0;
}

static int begin_nth(void)
{
	fail_node = fail_open();
	if (fail_node < 0)
		return fail_node;
	/* Pages, too. */
	return system("cd /sys/kernel/debug/fail_page_alloc && echo 0 >verbose && "
		      "echo N >ignore-gfp-wait && echo 0 >min-order") ?
		       -EIO :
		       0;
}

static const struct {
	const char *name;
	const struct step *steps;
	const unsigned int *count;
} sets[] = {
	{ "dev", steps_dev, &steps_dev_count },
	{ "node", steps_node, &steps_node_count },
	{ "sgx", steps_sgx, &steps_sgx_count },
};

static const struct {
	const char *name;
	void (*fn)(const struct step *s);
	int (*begin)(void);
} ways[] = {
	{ "nth", nth, begin_nth },
	{ "kill", killed, begin_kill },
	{ "oom", without_memory, NULL },
};

static bool is_way(const char *word)
{
	for (unsigned int w = 0; w < ARRAY_SIZE(ways); w++)
		if (!strcmp(word, ways[w].name))
			return true;
	return false;
}

static bool has_word(char **words, const char *name)
{
	for (; *words; words++)
		if (!strcmp(*words, name))
			return true;
	return false;
}

/* A step that no word names is not made if some word names another one. */
static bool is_wanted(char **words, const char *step)
{
	bool all = true;

	for (char **word = words; *word; word++)
		all = all && is_way(*word);
	return all || has_word(words, step);
}

static void go_through(unsigned int way, const char *names, char **words)
{
	for (unsigned int k = 0; k < ARRAY_SIZE(sets); k++) {
		if (!strstr(names, sets[k].name))
			continue;
		for (unsigned int n = 0; n < *sets[k].count; n++)
			if (is_wanted(words, sets[k].steps[n].name))
				ways[way].fn(&sets[k].steps[n]);
	}
}

int main(int argc, char **argv)
{
	int err;

	/* act_exec(): in the domain of this file. */
	if (argc == 2 && !strcmp(argv[1], "again")) {
		int fd = fresh();

		return fd < 0 ? -fd : 0;
	}
	if (argc < 3) {
		fprintf(stderr,
			"usage: faults dev,node,sgx nth|kill|oom... [STEP...]\n");
		return 2;
	}
	err = begin();
	if (err) {
		printf("Bail out! %s\n", strerror(-err));
		return 1;
	}
	for (unsigned int w = 0; w < ARRAY_SIZE(ways); w++) {
		if (!has_word(argv + 2, ways[w].name))
			continue;
		err = ways[w].begin ? ways[w].begin() : 0;
		if (err) {
			printf("Bail out! %s: %s\n", ways[w].name,
			       strerror(-err));
			return 1;
		}
		go_through(w, argv[1], argv + 2);
	}
	if (!number)
		printf("Bail out! no way, or no step of that name\n");
	printf("1..%d\n", number);
	return !number || !all_good;
}
