// SPDX-License-Identifier: GPL-2.0-only
/*
 * What upstream's selftests leave out of the software SGX: exits that nobody in
 * the enclave asked for, and what a tracer and the enclave see of them.
 *
 * TAP on stdout. Owns: an enclave that spins. Any policy, or none.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/time.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sgx.h"

#define SPIN_AT		SGX_ROWS_AT
#define SPIN_FILE	"/opt/kselftest/sgx/spin"
#define KEPT		0x1122334455667788ull

/* Returns KEPT, from XMM1 and R11, after a while; R8 to R10 belong to the caller. */
asm(".pushsection .rodata\n"
    ".balign 4096\n"
    "spin_page:\n"
    "	movabs	$0x1122334455667788, %rax\n"
    "	movq	%rax, %xmm1\n"
    "	movabs	$0x1111111111111111, %r11\n"
    "	mov	$300000000, %ecx\n"
    "1:	dec	%ecx\n"
    "	jnz	1b\n"
    "	movq	%xmm1, %rax\n"
    "	movabs	$0x1111111111111111, %rdx\n"
    "	cmp	%rdx, %r11\n"
    "	je	2f\n"
    "	xor	%eax, %eax\n"
    "2:	ret\n"
    "	.balign	4096, 0xcc\n"
    ".popsection\n");
extern const uint8_t spin_page[SGX_PAGE];

static volatile sig_atomic_t alarms, inside;
static struct sgx enclave;
static int number;

static void result(bool good, const char *name)
{
	printf("%s %d - %s\n", good ? "ok" : "not ok", ++number, name);
	fflush(stdout);
}

/* A page of code in a file of its own. */
static const void *file_of(const char *path, const void *page)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	if (fd < 0 || write(fd, page, SGX_PAGE) != (ssize_t)SGX_PAGE)
		return MAP_FAILED;
	close(fd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return mmap(NULL, SGX_PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
}

static int build(const char *pem)
{
	int err = sgx_new(&enclave, 0);

	if (!err)
		err = sgx_runnable(&enclave, file_of(SPIN_FILE "-inside",
						     sgx_code()));
	if (!err)
		err = sgx_add(&enclave, file_of(SPIN_FILE, spin_page), SPIN_AT,
			      SGX_PAGE, SGX_REG | SGX_R | SGX_X, true, NULL);
	if (!err)
		err = sgx_init(&enclave, pem);
	if (!err)
		err = sgx_map_runnable(&enclave);
	return err ? err : sgx_map(&enclave, SPIN_AT, SGX_PAGE,
				   PROT_READ | PROT_EXEC);
}

static bool spins(void)
{
	uint64_t value = 0;

	return !sgx_call(&enclave, SPIN_AT, &value, NULL) && value == KEPT;
}

/* The handler must never see the enclave's registers, and may use the FPU. */
static void on_alarm(int sig, siginfo_t *info, void *context)
{
	const ucontext_t *uc = context;
	uint64_t ip = uc->uc_mcontext.gregs[REG_RIP];
	volatile double d = 1.5;

	(void)sig;
	(void)info;
	d *= 3;
	alarms = alarms + 1;
	if (ip >= enclave.base && ip < enclave.base + SGX_SIZE)
		inside = 1;
}

static bool with_alarms(void)
{
	const struct itimerval often = { { 0, 5000 }, { 0, 5000 } }, never = {};
	struct sigaction sa = {
		.sa_sigaction = on_alarm, .sa_flags = SA_SIGINFO | SA_RESTART,
	};
	bool good;

	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	good = spins();
	setitimer(ITIMER_REAL, &never, NULL);
	return good && alarms > 3 && !inside;
}

static void *burn(void *stop)
{
	while (!*(volatile bool *)stop)
		;
	return NULL;
}

/* More threads than processors: the spinning one is preempted. */
static bool preempted(void)
{
	volatile bool stop = false;
	pthread_t thread[4];
	bool good;

	for (int i = 0; i < 4; i++)
		pthread_create(&thread[i], NULL, burn, (void *)&stop);
	good = spins();
	stop = true;
	for (int i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
	return good;
}

/* A tracer that stops the thread sees it at the vDSO's ENCLU, about to resume. */
static bool traced(void)
{
	struct user_regs_struct regs = {};
	bool good = true;
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(spins() ? 0 : 1);
	ptrace(PTRACE_SEIZE, pid, NULL, NULL);
	for (int i = 0; i < 3; i++) {
		usleep(100000);
		ptrace(PTRACE_INTERRUPT, pid, NULL, NULL);
		if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
			return false;
		ptrace(PTRACE_GETREGS, pid, NULL, &regs);
		good = good && (regs.rip < enclave.base ||
				regs.rip >= enclave.base + SGX_SIZE);
		ptrace(PTRACE_CONT, pid, NULL, NULL);
	}
	/* The last stop was amid the spin: ERESUME in RAX, the TCS in RBX. */
	good = good && regs.rax == 3 && regs.rbx == enclave.base + SGX_TCS_AT;
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       !WEXITSTATUS(status) && good;
}

/* Killed amid the enclave: the TCS is free again, for whoever shares it. */
static bool killed(void)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(spins() ? 0 : 1);
	usleep(100000);
	kill(pid, SIGKILL);
	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
	       spins();
}

int main(int argc, char **argv)
{
	int err = argc == 2 ? build(argv[1]) : -EINVAL;

	printf("1..6\n");
	result(!err, "an enclave is built");
	if (err) {
		printf("Bail out! %s\n", strerror(-err));
		return 1;
	}
	result(spins(), "registers are kept over ticks");
	result(with_alarms(), "signals find the synthetic state");
	result(preempted(), "a thread inside is preempted");
	result(traced(), "a tracer finds the synthetic state");
	result(killed(), "a thread that is killed inside leaves the TCS usable");
	return 0;
}
