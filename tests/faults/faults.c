// SPDX-License-Identifier: GPL-2.0-only
/*
 * faults "WAY..." STEPS... - each step while something fails (faults.h). TAP on stdout.
 * WAY: nth, kill, oom. STEPS: dev, node, sgx.
 *
 * nth: the first allocation of the call fails, then the second one, and so on until
 * the call makes fewer (Documentation/fault-injection of the kernel, fail-nth).
 * kill: a process that does nothing else is killed, each time a little later.
 * oom: the machine has no memory left, and processes are killed for it.
 *
 * Owns: what fails, and the judgement. Knows no call.
 */
#include <sys/prctl.h>

#include "faults.h"
#include "spin.h"

#define NTH_MOST 400
#define KILLS 24
#define KILL_WITHIN 16000u /* us at least; the clock may tick every 4000 */

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

/* Nothing fails. Return: NULL, or what is wrong. */
static const char *plain(const struct step *s)
{
	static char text[160];
	int err = s->prepare(&place);
	const char *wrong;

	if (err) {
		snprintf(text, sizeof(text), "before it: %s", strerror(-err));
		return text;
	}
	err = s->act(&place);
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

static void fail_nth(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fail_node, text, (size_t)len, 0) != len)
		abort();
}

static bool fail_pending(void)
{
	char text[16] = "";

	return pread(fail_node, text, sizeof(text) - 1, 0) > 0 &&
	       atoi(text) > 0;
}

static void nth(const struct step *s)
{
	const char *wrong = plain(s);
	unsigned int n, refused = 0;
	bool again = true;
	char detail[80];

	for (n = 1; again && !wrong && n < NTH_MOST; n++) {
		int err = s->prepare(&place);

		if (err) {
			wrong = "what comes before it fails";
			break;
		}
		fail_nth(n);
		err = s->act(&place);
		again = !fail_pending();
		fail_nth(0);
		refused += err != s->want;
		wrong = judge(s, err);
		s->finish(&place);
		if (wrong)
			printf("# allocation %u failed, the call: %s\n", n,
			       err ? strerror(-err) : "done");
	}
	if (!wrong && again)
		wrong = "there is no end of allocations";
	if (!wrong && !s->quiet && n < 3)
		wrong = "no allocation failed";
	snprintf(detail, sizeof(detail), ", %u allocations, %u failures told",
		 n - 2, refused);
	if (!wrong)
		wrong = plain(s);
	result("nth", s, wrong, detail);
}

/*
 * The process makes the call again and again; it is killed at KILLS moments of a time
 * in which it makes it twice.
 */
static void killed(const struct step *s)
{
	struct timespec from;
	unsigned long us;
	const char *wrong;
	char detail[80];

	clock_gettime(CLOCK_MONOTONIC, &from);
	wrong = plain(s);
	us = 2 * elapsed_us(&from);
	if (us < KILL_WITHIN)
		us = KILL_WITHIN;
	for (unsigned int i = 0; i < KILLS && !wrong; i++) {
		int ready[2], status;
		pid_t pid;

		if (pipe(ready))
			abort();
		pid = fork();
		if (!pid) {
			tell(ready[1]);
			for (;;) {
				if (s->prepare(&place))
					_exit(1);
				if (!s->act(&place) && s->want)
					_exit(2);
				s->finish(&place);
			}
		}
		await(ready[0]);
		spin(us * i / KILLS);
		kill(pid, SIGKILL);
		if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status))
			wrong = "the process ended by itself";
		close(ready[0]);
		close(ready[1]);
	}
	if (!wrong)
		wrong = plain(s);
	snprintf(detail, sizeof(detail), ", %u kills within %lu us", KILLS, us);
	result("kill", s, wrong, detail);
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
	for (unsigned int i = 0; i < SPARE; i++)
		end(next[i]);
	if (!wrong)
		wrong = plain(s);
	snprintf(detail, sizeof(detail), ", %u calls while memory ended",
		 calls);
	result("oom", s, wrong, detail);
}

static int begin(void)
{
	static uint8_t blob[65536];
	ssize_t size;

	if (policy_load(STRICT_RULES, ""))
		return -EINVAL;
	size = policy_blob(blob, sizeof(blob));
	if (size <= 0)
		return -EINVAL;
	place.blob = blob;
	place.size = (size_t)size;
	place.code = code_map("faults", CODE_PAGES, PROT_READ);
	place.data = anon_map(CODE_PAGES, RW);
	return place.code == MAP_FAILED || place.data == MAP_FAILED ? -ENOMEM :
								      0;
}

static int begin_nth(void)
{
	fail_node = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_node < 0)
		return -errno;
	return system("cd /sys/kernel/debug && for d in failslab fail_page_alloc; do "
		      "echo 0 >$d/verbose; echo N >$d/ignore-gfp-wait; done && "
		      "echo 0 >fail_page_alloc/min-order") ?
		       -EIO :
		       0;
}

int main(int argc, char **argv)
{
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
		{ "kill", killed, NULL },
		{ "oom", without_memory, NULL },
	};
	int err;

	/* act_exec(): in the domain of this file. */
	if (argc == 2 && !strcmp(argv[1], "again")) {
		int fd = fresh();

		return fd < 0 ? -fd : 0;
	}
	if (argc < 3) {
		fprintf(stderr,
			"usage: faults \"nth kill oom\" dev|node|sgx...\n");
		return 2;
	}
	err = begin();
	if (err) {
		printf("Bail out! %s\n", strerror(-err));
		return 1;
	}
	for (unsigned int w = 0; w < sizeof(ways) / sizeof(*ways); w++) {
		if (!strstr(argv[1], ways[w].name))
			continue;
		err = ways[w].begin ? ways[w].begin() : 0;
		if (err) {
			printf("Bail out! %s: %s\n", ways[w].name,
			       strerror(-err));
			return 1;
		}
		for (int i = 2; i < argc; i++)
			for (unsigned int k = 0; k < 3; k++)
				for (unsigned int n = 0;
				     !strcmp(argv[i], sets[k].name) &&
				     n < *sets[k].count;
				     n++)
					ways[w].fn(&sets[k].steps[n]);
	}
	printf("1..%d\n", number);
	return !all_good;
}
