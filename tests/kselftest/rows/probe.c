// SPDX-License-Identifier: GPL-2.0-only
/*
 * Touching memory that may not be touched: each probe catches the signal and
 * tells which it was.
 */
#include <setjmp.h>

#include "rows.h"

static sigjmp_buf escape;

static void caught(int sig)
{
	siglongjmp(escape, sig);
}

static void catch_signals(struct sigaction old[3])
{
	static const int signals[3] = { SIGSEGV, SIGBUS, SIGTRAP };
	struct sigaction sa = { .sa_handler = caught };

	for (int i = 0; i < 3; i++)
		sigaction(signals[i], &sa, &old[i]);
}

static void restore_signals(const struct sigaction old[3])
{
	sigaction(SIGSEGV, &old[0], NULL);
	sigaction(SIGBUS, &old[1], NULL);
	sigaction(SIGTRAP, &old[2], NULL);
}

long run(const void *at)
{
	struct sigaction old[3];
	volatile long result;
	int sig;

	catch_signals(old);
	sig = sigsetjmp(escape, 1);
	if (sig)
		result = -sig;
	else
		result = ((unsigned int (*)(void))(uintptr_t)at)();
	restore_signals(old);
	return result;
}

int peek(const void *at)
{
	struct sigaction old[3];
	volatile int result;
	int sig;

	catch_signals(old);
	sig = sigsetjmp(escape, 1);
	if (sig)
		result = -sig;
	else
		result = *(const volatile uint8_t *)at;
	restore_signals(old);
	return result;
}

int poke(void *at, uint8_t value)
{
	struct sigaction old[3];
	volatile int result = 0;
	int sig;

	catch_signals(old);
	sig = sigsetjmp(escape, 1);
	if (sig)
		result = -sig;
	else
		*(volatile uint8_t *)at = value;
	restore_signals(old);
	return result;
}
