// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * attack-sgx CASE: enclaves of the SGX driver, entered through the vDSO, as
 * `make demo` shows them. "honest" computes a sum; every other case is one way to
 * get code of one's own executed in an enclave: six bytes that return 666.
 * "code" writes the files that the policy allows.
 *
 * Owns: the attacks. Knows no policy and expects nothing: it prints
 * "pid=N enclave=0 step=WORD result=ERRNO", or "result=ran value=N", and ends
 * with status 0 if the code ran, 1 if it did not.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sgx.h"

#define LIB "/mnt/ext4/demo/lib"
#define SUM LIB "/sum.bin"
#define INSIDE LIB "/inside.bin"
#define KEY "/mnt/ext4/demo/keys/payroll-sgx.pem"

#define AT SGX_ROWS_AT
#define HOLE (SGX_ROWS_AT + 2 * SGX_PAGE)
#define REG_RX (SGX_REG | SGX_R | SGX_X)
#define REG_RWX (REG_RX | SGX_W)

/* Products, by which the policy tells enclaves apart. */
enum { SERVICE = 1, SEALED = 2, TRIAL = 3 };

/* mov $666, %eax; ret */
static const uint8_t shellcode[] = { 0xb8, 0x9a, 0x02, 0x00, 0x00, 0xc3 };

/* xor %eax, %eax; mov $100, %ecx; 1: add %ecx, %eax; dec %ecx; jnz 1b; ret */
static const uint8_t sum[] = {
	0x31, 0xc0, 0xb9, 100,	0,    0,    0,
	0x01, 0xc8, 0xff, 0xc9, 0x75, 0xfa, 0xc3,
};

static void report(const char *step, const char *result)
{
	printf("pid=%d enclave=0 step=%s result=%s\n", getpid(), step, result);
	fflush(stdout);
}

/* The attack ends here if the step was refused. */
static void must(const char *step, int err)
{
	if (!err)
		return;
	report(step, strerrorname_np(-err));
	_exit(1);
}

/* What an attack cannot do without, whatever the policy. */
static void need(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "attack-sgx: %s: %s\n", what, strerror(errno));
	_exit(2);
}

static void *page_of(const char *path, int prot)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *p;

	need(fd >= 0, path);
	p = mmap(NULL, SGX_PAGE, prot, MAP_PRIVATE, fd, 0);
	need(p != MAP_FAILED, "map the file");
	close(fd);
	return p;
}

/* An enclave with @src at AT, not initialised. */
static struct sgx *built(const void *src, unsigned int flags,
			 uint64_t attributes)
{
	static struct sgx s;

	must("create", sgx_new(&s, attributes));
	must("load", sgx_runnable(&s, page_of(INSIDE, PROT_READ)));
	must("load", sgx_add(&s, src, AT, SGX_PAGE, flags, true, NULL));
	return &s;
}

static void init(struct sgx *s, uint16_t product)
{
	const struct sgx_signed what = {
		.pem = KEY,
		.product = product,
		.svn = 1,
		.attributes = s->attributes,
		.mask = ~0ull,
	};
	uint8_t sigstruct[SGX_SIGSTRUCT_SIZE];

	need(!sgx_sign(s, &what, sigstruct), KEY);
	must("init", sgx_init_sigstruct(s, sigstruct));
}

static void map(struct sgx *s, uint64_t at, int prot, const char *step)
{
	must(step, sgx_map(s, at, SGX_PAGE, prot));
}

static void protect(struct sgx *s, uint64_t at, int prot, const char *step)
{
	must(step, mprotect(sgx_at(s, at), SGX_PAGE, prot) ? -errno : 0);
}

/* Enter the enclave and have it call what lies at @at. */
static void call(struct sgx *s, uint64_t at)
{
	uint64_t value = 0;
	char result[64];

	must("run", sgx_call(s, at, &value, NULL));
	snprintf(result, sizeof(result), "ran value=%llu",
		 (unsigned long long)value);
	report("run", result);
	_exit(0);
}

/* The enclave writes its own page, byte by byte. */
static void write_inside(struct sgx *s, uint64_t at, const uint8_t *bytes)
{
	for (size_t i = 0; i < sizeof(shellcode); i++)
		must("write", sgx_poke(s, at + i, bytes[i], NULL));
}

static void honest(void)
{
	struct sgx *s = built(page_of(SUM, PROT_READ), REG_RX, 0);

	init(s, SERVICE);
	must("map", sgx_map_runnable(s));
	map(s, AT, PROT_READ | PROT_EXEC, "map");
	call(s, AT);
}

/* The runtime patches its private copy of the file's page. */
static void patched(void)
{
	uint8_t *page = page_of(SUM, PROT_READ | PROT_WRITE);
	struct sgx *s;

	memcpy(page, shellcode, sizeof(shellcode));
	need(!mprotect(page, SGX_PAGE, PROT_READ), "mprotect");
	s = built(page, REG_RX, 0);
	init(s, SERVICE);
	must("map", sgx_map_runnable(s));
	map(s, AT, PROT_READ | PROT_EXEC, "map");
	call(s, AT);
}

/* The enclave writes, the runtime makes executable what it wrote. */
static void conspire(void)
{
	struct sgx *s = built(page_of(SUM, PROT_READ), REG_RWX, 0);

	init(s, SERVICE);
	must("map", sgx_map_runnable(s));
	map(s, AT, PROT_READ | PROT_WRITE, "map-rw");
	write_inside(s, AT, shellcode);
	protect(s, AT, PROT_READ | PROT_EXEC, "mprotect-rx");
	call(s, AT);
}

/* Code that another one sends, into a page that was not there before. */
static void fetched(void)
{
	struct sgx *s = built(page_of(SUM, PROT_READ), REG_RX, 0);
	uint8_t code[sizeof(shellcode)];
	uint64_t error;
	int ends[2];

	need(!socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
	need(write(ends[0], shellcode, sizeof(shellcode)) == sizeof(shellcode),
	     "send");
	init(s, SERVICE);
	must("map", sgx_map_runnable(s));
	map(s, HOLE, PROT_READ | PROT_WRITE, "map-rw");
	must("add", sgx_augment(s, HOLE, 1));
	need(recv(ends[1], code, sizeof(code), MSG_WAITALL) == sizeof(code),
	     "receive");
	write_inside(s, HOLE, code);
	must("extend", sgx_enclu(s, SGX_EMODPE, REG_RX, HOLE, 0, &error, NULL));
	protect(s, HOLE, PROT_READ | PROT_EXEC, "mprotect-rx");
	call(s, HOLE);
}

/* All is mapped as it should be; then something changes. */
static void changed(void)
{
	struct sgx *s = built(page_of(SUM, PROT_READ), REG_RWX, 0);

	must("map", sgx_map_runnable(s));
	map(s, AT, PROT_READ | PROT_EXEC, "map-rx");
	init(s, SEALED);
	protect(s, AT, PROT_READ, "mprotect-r");
	protect(s, AT, PROT_READ | PROT_WRITE, "mprotect-rw");
	write_inside(s, AT, shellcode);
	protect(s, AT, PROT_READ | PROT_EXEC, "mprotect-rx");
	call(s, AT);
}

/* A debugger writes to a page of code before it is mapped to execute. */
static void debugger(void)
{
	struct sgx *s = built(page_of(SUM, PROT_READ), REG_RX, SGX_DEBUG);
	off_t at;
	int mem;

	init(s, TRIAL);
	must("map", sgx_map_runnable(s));
	map(s, AT, PROT_READ, "map-r");
	mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	need(mem >= 0, "/proc/self/mem");
	at = (off_t)(uintptr_t)sgx_at(s, AT);
	must("write",
	     pwrite(mem, shellcode, sizeof(shellcode), at) < 0 ? -errno : 0);
	map(s, AT, PROT_READ | PROT_EXEC, "map-rx");
	call(s, AT);
}

static void write_page(const char *path, const void *bytes, size_t size)
{
	uint8_t page[SGX_PAGE];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);

	memset(page, 0xcc, sizeof(page));
	memcpy(page, bytes, size);
	need(fd >= 0 && write(fd, page, sizeof(page)) == (ssize_t)sizeof(page),
	     path);
	close(fd);
}

static void code(void)
{
	write_page(SUM, sum, sizeof(sum));
	write_page(INSIDE, sgx_code(), SGX_PAGE);
	_exit(0);
}

static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	{ "code", code },	  { "honest", honest },
	{ "patched", patched },	  { "conspire", conspire },
	{ "fetched", fetched },	  { "changed", changed },
	{ "debugger", debugger },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(cases) / sizeof(*cases);
	     i++) {
		if (!strcmp(argv[1], cases[i].name)) {
			cases[i].run();
			return 2;
		}
	}
	fprintf(stderr, "usage: attack-sgx CASE\n");
	return 2;
}
