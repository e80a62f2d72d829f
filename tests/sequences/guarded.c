// SPDX-License-Identifier: GPL-2.0-only
/*
 * Touching and calling memory that may not be: each thread survives it, and learns
 * which address it was.
 */
#include <setjmp.h>

#include "sequences.h"

static __thread sigjmp_buf escape;
static __thread volatile bool armed;
static __thread volatile uint64_t fault_at;

static void caught(int sig, siginfo_t *info, void *context)
{
	(void)context;
	if (!armed) {
		signal(sig, SIG_DFL);
		return;
	}
	fault_at = (uintptr_t)info->si_addr;
	siglongjmp(escape, sig);
}

void guard(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGTRAP, SIGILL };
	struct sigaction sa = { .sa_sigaction = caught,
				.sa_flags = SA_SIGINFO };

	for (unsigned int i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &sa, NULL);
}

struct call guarded(uint64_t (*fn)(void *at, const uint8_t *code), void *at,
		    const uint8_t *code)
{
	struct call c = { .at = 0 };
	int sig;

	armed = true;
	sig = sigsetjmp(escape, 1);
	if (sig) {
		armed = false;
		return (struct call){ .ended = true,
				      .at = fault_at,
				      .why = sig };
	}
	if (fn)
		c.value = fn(at, code);
	else
		memcpy(at, code, PAGE);
	armed = false;
	return c;
}

uint64_t guarded_touch(void *at, const uint8_t *code)
{
	if (code)
		memcpy(at, code, 8);
	return *(volatile uint8_t *)at;
}

/* With 0 in RAX zeroes that execute end at address 0 and nowhere else. */
uint64_t guarded_enter(void *at, const uint8_t *code)
{
	uint64_t value = 0;

	(void)code;
	asm volatile("call *%1"
		     : "+a"(value)
		     : "r"(at)
		     : "memory", "cc", "rcx", "rdx", "rsi", "rdi", "r8", "r9",
		       "r10", "r11");
	return value;
}
