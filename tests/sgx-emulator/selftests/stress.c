// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SGX driver under stress: processes killed amid each of its calls, forks,
 * more pages than the EPC has. The kernel's checkers are what judges it (the
 * debug kernel); here, after each part, an enclave must still work.
 *
 * TAP on stdout. Owns: the parts. Runs under stress.ewx.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sgx.h"
#include "spin.h"

#define INSIDE_FILE	"/opt/kselftest/sgx/stress-inside"
#define CODE_FILE	"/opt/kselftest/sgx/stress-code"
#define CODE_VALUE	0x5ecu

/* The layout of an enclave of STRESS_SIZE bytes, beside what makes it run. */
#define STRESS_SIZE	(256 * SGX_PAGE)
#define CODE_AT		SGX_ROWS_AT
#define CODE_PAGES	8
#define DATA_AT		(32 * SGX_PAGE)
#define DATA_PAGES	64
#define MORE_AT		(128 * SGX_PAGE)	/* added after init */
#define MORE_PAGES	32

#define REG_RW		(SGX_REG | SGX_R | SGX_W)
#define REG_RX		(SGX_REG | SGX_R | SGX_X)

static const char *pem;
static const void *inside, *code;
static uint8_t *data;
static unsigned int kills = 60;
static int number;

static void result(int err, const char *name)
{
	if (err)
		printf("# error %d: %s\n", err, strerror(-err));
	printf("%s %d - %s\n", err ? "not ok" : "ok", ++number, name);
	fflush(stdout);
}

static const void *file_of(const char *path, const void *page, unsigned int n)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	for (unsigned int i = 0; i < n; i++)
		if (fd < 0 || write(fd, page, SGX_PAGE) != (ssize_t)SGX_PAGE)
			return MAP_FAILED;
	close(fd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return mmap(NULL, n * SGX_PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
}

static int sources(void)
{
	static const uint8_t ret[6] = { 0xb8, 0xec, 0x05, 0x00, 0x00, 0xc3 };
	static uint8_t page[SGX_PAGE];

	memset(page, 0xcc, sizeof(page));
	memcpy(page, ret, sizeof(ret));
	inside = file_of(INSIDE_FILE, sgx_code(), 1);
	code = file_of(CODE_FILE, page, CODE_PAGES);
	data = mmap(NULL, DATA_PAGES * SGX_PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	return inside == MAP_FAILED || code == MAP_FAILED || data == MAP_FAILED ?
	       -ENOMEM : 0;
}

static int build(struct sgx *s, uint64_t attributes)
{
	int err = sgx_new_size(s, attributes, STRESS_SIZE);

	if (!err)
		err = sgx_runnable(s, inside);
	if (!err)
		err = sgx_add(s, code, CODE_AT, CODE_PAGES * SGX_PAGE, REG_RX,
			      true, NULL);
	return err ? err : sgx_add(s, data, DATA_AT, DATA_PAGES * SGX_PAGE,
				   REG_RW, false, NULL);
}

static int map_all(const struct sgx *s)
{
	int err = sgx_map_runnable(s);

	if (!err)
		err = sgx_map(s, CODE_AT, CODE_PAGES * SGX_PAGE,
			      PROT_READ | PROT_EXEC);
	if (!err)
		err = sgx_map(s, DATA_AT, DATA_PAGES * SGX_PAGE,
			      PROT_READ | PROT_WRITE);
	return err ? err : sgx_map(s, MORE_AT, MORE_PAGES * SGX_PAGE,
				   PROT_READ | PROT_WRITE);
}

static int start(struct sgx *s)
{
	int err = build(s, 0);

	if (!err)
		err = sgx_init(s, pem);
	return err ? err : map_all(s);
}

/* Every page is touched from inside. */
static int use(const struct sgx *s)
{
	uint64_t value;
	uint8_t byte;
	int err = 0;

	for (unsigned int i = 0; i < CODE_PAGES && !err; i++) {
		err = sgx_call(s, CODE_AT + i * SGX_PAGE, &value, NULL);
		if (!err && value != CODE_VALUE)
			err = -EBADMSG;
	}
	for (unsigned int i = 0; i < DATA_PAGES && !err; i++) {
		err = sgx_poke(s, DATA_AT + i * SGX_PAGE, i, NULL);
		if (!err)
			err = sgx_peek(s, DATA_AT + i * SGX_PAGE, &byte, NULL);
		if (!err && byte != i)
			err = -EBADMSG;
	}
	return err;
}

static int works(void)
{
	struct sgx s;
	int err = start(&s);

	if (!err)
		err = use(&s);
	sgx_close(&s);
	return err;
}

/* What a child does until it is killed. */
static void creates(void)
{
	struct sgx s;

	for (;;) {
		sgx_new_size(&s, 0, STRESS_SIZE);
		sgx_close(&s);
	}
}

static void adds(void)
{
	struct sgx s;

	for (;;) {
		build(&s, 0);
		sgx_close(&s);
	}
}

static void inits(void)
{
	struct sgx_signed what = { .pem = pem, .mask = ~0ull };
	uint8_t sigstruct[SGX_SIGSTRUCT_SIZE];
	struct sgx s;

	for (;;) {
		build(&s, 0);
		if (sgx_sign(&s, &what, sigstruct))
			_exit(1);
		/* Wrongly signed: it can be tried again. */
		sigstruct[516] ^= 1;
		for (int i = 0; i < 20; i++)
			sgx_init_sigstruct(&s, sigstruct);
		sgx_close(&s);
	}
}

static void provisions(void)
{
	struct sgx s;

	for (;;) {
		sgx_new_size(&s, 0, STRESS_SIZE);
		for (int i = 0; i < 20; i++)
			if (sgx_provision(&s))
				_exit(1);
		sgx_close(&s);
	}
}

static void maps(void)
{
	struct sgx s;

	if (start(&s))
		_exit(1);
	for (;;) {
		map_all(&s);
		mprotect(sgx_at(&s, DATA_AT), DATA_PAGES * SGX_PAGE, PROT_READ);
		mprotect(sgx_at(&s, DATA_AT), SGX_PAGE, PROT_READ | PROT_WRITE);
		munmap(sgx_at(&s, CODE_AT), CODE_PAGES * SGX_PAGE);
	}
}

static void restricts(void)
{
	struct sgx s;

	if (start(&s))
		_exit(1);
	for (;;)
		sgx_restrict(&s, DATA_AT, DATA_PAGES * SGX_PAGE, SGX_R);
}

/* Dynamic pages come, become TCS or go, and go. */
static void changes(void)
{
	struct sgx s;

	for (;;) {
		uint64_t error;

		if (start(&s))
			_exit(1);
		sgx_augment(&s, MORE_AT, MORE_PAGES);
		sgx_modify(&s, MORE_AT, SGX_PAGE, SGX_TCS);
		sgx_modify(&s, MORE_AT, MORE_PAGES * SGX_PAGE, SGX_TRIM);
		for (unsigned int i = 0; i < MORE_PAGES; i++)
			sgx_enclu(&s, SGX_EACCEPT, SGX_TRIM | SGX_MODIFIED,
				  MORE_AT + i * SGX_PAGE, 0, &error, NULL);
		sgx_remove(&s, MORE_AT, MORE_PAGES * SGX_PAGE);
		sgx_augment(&s, MORE_AT, 2);
		sgx_close(&s);
	}
}

static void runs(void)
{
	struct sgx s;

	if (start(&s))
		_exit(1);
	for (;;)
		use(&s);
}

static void debugs(void)
{
	struct sgx s;
	uint8_t page[SGX_PAGE];
	int mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	if (build(&s, SGX_DEBUG) || map_all(&s))
		_exit(1);
	for (;;) {
		sgx_debug_read(&s, DATA_AT, page);
		if (pwrite(mem, page, 64, (off_t)(s.base + DATA_AT)) < 0)
			_exit(1);
	}
}

/* Children that map the enclave of their parent, and its grandchildren. */
static void forks(void)
{
	struct sgx s;

	if (start(&s))
		_exit(1);
	for (;;) {
		pid_t pid = fork();

		if (!pid) {
			if (fork() >= 0) {
				use(&s);
				map_all(&s);
			}
			_exit(0);
		}
		sgx_augment(&s, MORE_AT, 2);
		waitpid(pid, NULL, 0);
	}
}

/*
 * Kills processes that do nothing else, each after another while. Return: 0, or
 * what happened to one that ended by itself, or to an enclave afterwards.
 */
static int killed(void (*busy)(void), unsigned int most_us)
{
	int status;

	for (unsigned int i = 0; i < kills; i++) {
		pid_t pid = fork();

		if (!pid) {
			setpgid(0, 0);
			busy();
		}
		setpgid(pid, pid);
		spin(rand() % most_us);
		kill(-pid, SIGKILL);
		if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status))
			return -ECHILD;
	}
	return works();
}

/* Several enclaves that are larger together than the EPC, used in turn. */
static int reclaimed(void)
{
	enum { ENCLAVES = 24, ROUNDS = 3 };
	static struct sgx s[ENCLAVES];
	static uint8_t filler[64 * SGX_PAGE] __attribute__((aligned(4096)));
	int err = 0;

	for (int i = 0; i < ENCLAVES && !err; i++) {
		err = sgx_new_size(&s[i], 0, 4 * STRESS_SIZE);
		if (!err)
			err = sgx_runnable(&s[i], inside);
		if (!err)
			err = sgx_add(&s[i], code, CODE_AT,
				      CODE_PAGES * SGX_PAGE, REG_RX, true, NULL);
		if (!err)
			err = sgx_add(&s[i], data, DATA_AT,
				      DATA_PAGES * SGX_PAGE, REG_RW, false, NULL);
		for (int k = 4; k < 8 && !err; k++)
			err = sgx_add(&s[i], filler, k * 64 * SGX_PAGE,
				      sizeof(filler), REG_RW, false, NULL);
		if (!err)
			err = sgx_init(&s[i], pem);
		if (!err)
			err = map_all(&s[i]);
	}
	for (int round = 0; round < ROUNDS && !err; round++)
		for (int i = 0; i < ENCLAVES && !err; i++)
			err = use(&s[i]);
	/* Dynamic pages while the EPC is full. */
	for (int i = 0; i < ENCLAVES && !err; i++)
		err = sgx_augment(&s[i], MORE_AT, MORE_PAGES);
	/* What was written while it could not execute still cannot. */
	if (!err && mprotect(sgx_at(&s[0], DATA_AT), SGX_PAGE,
			     PROT_READ | PROT_EXEC) != -1)
		err = -EBADMSG;
	for (int i = 0; i < ENCLAVES; i++)
		sgx_close(&s[i]);
	return err ? err : works();
}

/* The same under way in several processes that are killed. */
static void reclaims(void)
{
	for (;;)
		if (reclaimed())
			_exit(1);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*busy)(void);
		unsigned int most_us;
	} part[] = {
		{ "killed amid CREATE", creates, 20000 },
		{ "killed amid ADD_PAGES", adds, 200000 },
		{ "killed amid INIT", inits, 400000 },
		{ "killed amid PROVISION", provisions, 20000 },
		{ "killed amid mmap and mprotect", maps, 400000 },
		{ "killed amid RESTRICT_PERMISSIONS", restricts, 400000 },
		{ "killed amid MODIFY_TYPES and REMOVE_PAGES", changes, 600000 },
		{ "killed inside", runs, 400000 },
		{ "killed amid a debugger's write", debugs, 400000 },
		{ "killed amid fork", forks, 600000 },
		{ "killed amid reclaim", reclaims, 4000000 },
	};
	const int parts = sizeof(part) / sizeof(*part);
	int err;

	if (argc != 3)
		return 2;
	pem = argv[1];
	kills = (unsigned int)atoi(argv[2]);
	printf("1..%d\n", parts + 2);
	err = sources();
	result(err ? err : works(), "an enclave works");
	result(reclaimed(), "more pages than the EPC has");
	for (int i = 0; i < parts; i++)
		result(killed(part[i].busy, part[i].most_us), part[i].name);
	return 0;
}
