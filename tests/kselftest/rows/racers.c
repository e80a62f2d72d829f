// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is done to others in the middle of something; see racers.h.
 */
#include <sched.h>

#include "racers.h"
#include "rows.h"
#include "spin.h"

/* For what the kernel does when it comes to it; on a busy machine that takes long. */
#define WAIT_US (20ul * 1000 * 1000)

void truncates(void *path)
{
	if (truncate(path, 0))
		perror("truncate");
}

void renames(void *arg)
{
	struct moved *m = arg;
	char here[256], there[256];
	const bool away = !(m->round % 2);

	snprintf(here, sizeof(here), ALLOWED_DIR "/%s", m->name);
	snprintf(there, sizeof(there), OTHER_DIR "/%s", m->name);
	m->done = true;
	if (rename(away ? here : there, away ? there : here))
		perror("rename");
}

int policies_begin(struct policies *p, const char *first, const char *second)
{
	const char *const rules[] = { first, second };

	for (int i = 1; i >= 0; i--) {
		if (policy_load(rules[i], ""))
			return -1;
		p->len[i] = policy_blob(p->blob[i], POLICY_MAX);
		if (p->len[i] <= 0)
			return -1;
	}
	return 0;
}

int policies_put(const struct policies *p, unsigned int which)
{
	return policy_load_blob(p->blob[which], p->len[which], NULL, 0);
}

void swaps(void *arg)
{
	struct policies *p = arg;

	p->done = true;
	p->err = policies_put(p, p->next);
}

int killed(void (*does)(void *arg), void *arg)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (!pid) {
		setpgid(0, 0);
		does(arg);
	}
	setpgid(pid, pid);
	spin(rand() % 30000);
	kill(-pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid)
		return -errno;
	return WIFSIGNALED(status) ? 0 : -ECHILD;
}

bool enclaves_are(long want)
{
	struct timespec from;

	clock_gettime(CLOCK_MONOTONIC, &from);
	do {
		if (enclaves() == want)
			return true;
		sched_yield();
	} while (elapsed_us(&from) < WAIT_US);
	return false;
}
