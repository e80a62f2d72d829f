// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * attack CASE: one way to get code of one's own into an enclave, as `make demo`
 * shows it. The file that the policy allows lies at CODE; what the attacker
 * wants executed instead are six bytes that return 666.
 *
 * Owns: the attacks. Knows no policy and expects nothing: it prints
 * "pid=N enclave=N step=WORD result=ERRNO", or "result=ran value=N", and ends
 * with status 0 if the code ran, 1 if it did not.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enclave.h"

#define DEMO	"/mnt/ext4/demo"
#define LIB	DEMO "/lib"
#define CODE	LIB "/payload.bin"
#define KEY	DEMO "/keys/payroll.pem"
#define OTHER	DEMO "/keys/other.pem"

/* mov $666, %eax; ret */
static const unsigned char shellcode[] = { 0xb8, 0x9a, 0x02, 0x00, 0x00, 0xc3 };

static unsigned long long enclave_number(int fd)
{
	struct enclave_query_identity id = { 0 };

	return enclave_identity(fd, &id) ? 0 : id.id;
}

static void report(int fd, const char *step, const char *result)
{
	printf("pid=%d enclave=%llu step=%s result=%s\n", getpid(),
	       enclave_number(fd), step, result);
	fflush(stdout);
}

/* The attack ends here if the step was refused. */
static void must(int fd, const char *step, int err)
{
	if (!err)
		return;
	report(fd, step, strerrorname_np(-err));
	_exit(1);
}

/* What an attack cannot do without, whatever the policy. */
static void need(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "attack: %s: %s\n", what, strerror(errno));
	_exit(2);
}

static int new_enclave(void)
{
	int fd = enclave_new(2 * ENCLAVE_PAGE, 0, 0);

	need(fd >= 0 || fd == -EACCES, "open " ENCLAVE_NODE);
	must(-1, "create", fd < 0 ? fd : 0);
	return fd;
}

static void *page_of(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *p;

	need(fd >= 0, path);
	p = mmap(NULL, ENCLAVE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	need(p != MAP_FAILED, "map the file");
	close(fd);
	return p;
}

static void *own_page(int flags, int fd)
{
	void *p = mmap(NULL, ENCLAVE_PAGE, PROT_READ | PROT_WRITE, flags, fd, 0);

	need(p != MAP_FAILED, "mmap");
	memcpy(p, shellcode, sizeof(shellcode));
	return p;
}

static void load(int fd, const void *src, uint32_t prot)
{
	must(fd, "load", enclave_load(fd, src, 0, ENCLAVE_PAGE, prot,
				      ENCLAVE_LOAD_F_MEASURE, NULL));
}

static void init(int fd, const char *key)
{
	must(fd, "init", enclave_init_pem(fd, key, 1, 1));
}

static void *map(int fd, int prot, const char *step)
{
	void *p = enclave_map(fd, 0, ENCLAVE_PAGE, prot);

	must(fd, step, p == MAP_FAILED ? -errno : 0);
	return p;
}

/* Execute what lies at @code; the end of every attack that comes so far. */
static void call(int fd, void *code)
{
	unsigned long sum;
	int (*fn)(unsigned long n, unsigned long *sum);
	char result[64];

	/* The honest code adds 1 to n; that of the attacks looks at nothing. */
	memcpy(&fn, &code, sizeof(fn));
	snprintf(result, sizeof(result), "ran value=%d", fn(3, &sum));
	report(fd, "run", result);
	_exit(0);
}

static void load_and_run(const void *src)
{
	int fd = new_enclave();

	load(fd, src, ENCLAVE_RX);
	init(fd, KEY);
	call(fd, map(fd, PROT_READ | PROT_EXEC, "map"));
}

static void patched(void)
{
	void *page = page_of(CODE);

	memcpy(page, shellcode, sizeof(shellcode));
	need(!mprotect(page, ENCLAVE_PAGE, PROT_READ), "mprotect");
	load_and_run(page);
}

static void anonymous(void)
{
	load_and_run(own_page(MAP_PRIVATE | MAP_ANONYMOUS, -1));
}

static void memfd(void)
{
	int fd = memfd_create("code", MFD_CLOEXEC);

	need(fd >= 0 && !ftruncate(fd, ENCLAVE_PAGE), "memfd");
	load_and_run(own_page(MAP_SHARED, fd));
}

/* Good code in a page that was declared RWX, then overwritten in place. */
static int loose_enclave(void)
{
	int fd = new_enclave();

	load(fd, page_of(CODE), ENCLAVE_RWX);
	init(fd, KEY);
	return fd;
}

static void rwx(void)
{
	int fd = loose_enclave();
	void *page = map(fd, PROT_READ | PROT_WRITE | PROT_EXEC, "map-rwx");

	memcpy(page, shellcode, sizeof(shellcode));
	call(fd, page);
}

/* One process writes and goes; another executes what it left. */
static void relay(void)
{
	int fd = loose_enclave(), status;
	pid_t writer = fork();

	need(writer >= 0, "fork");
	if (!writer) {
		void *page = map(fd, PROT_READ | PROT_WRITE, "map-rw");

		memcpy(page, shellcode, sizeof(shellcode));
		_exit(0);
	}
	need(waitpid(writer, &status, 0) == writer, "wait");
	if (status)
		_exit(1);
	call(fd, map(fd, PROT_READ | PROT_EXEC, "map-rx"));
}

static void dynamic(void)
{
	int fd = new_enclave();
	void *page;

	load(fd, page_of(CODE), ENCLAVE_RX);
	init(fd, KEY);
	must(fd, "add", enclave_add(fd, ENCLAVE_PAGE, ENCLAVE_PAGE, ENCLAVE_RWX,
				    NULL));
	page = enclave_map(fd, ENCLAVE_PAGE, ENCLAVE_PAGE, PROT_READ | PROT_WRITE);
	must(fd, "map-rw", page == MAP_FAILED ? -errno : 0);
	memcpy(page, shellcode, sizeof(shellcode));
	must(fd, "mprotect-rx", mprotect(page, ENCLAVE_PAGE, PROT_READ | PROT_EXEC) ?
	     -errno : 0);
	call(fd, page);
}

static void identity(void)
{
	int fd = new_enclave();

	load(fd, page_of(CODE), ENCLAVE_RX);
	init(fd, OTHER);
	call(fd, map(fd, PROT_READ | PROT_EXEC, "map"));
}

static void write_file(const char *path, const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	need(fd >= 0, path);
	need(write(fd, bytes, size) == (ssize_t)size, path);
	close(fd);
}

/* In a user namespace anybody can put a file at the name that is allowed. */
static void forged(void)
{
	char uids[64], gids[64], page[ENCLAVE_PAGE] = { 0 };
	int fd;

	snprintf(uids, sizeof(uids), "0 %d 1", geteuid());
	snprintf(gids, sizeof(gids), "0 %d 1", getegid());
	need(!unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare");
	write_file("/proc/self/setgroups", "deny", 4);
	write_file("/proc/self/uid_map", uids, strlen(uids));
	write_file("/proc/self/gid_map", gids, strlen(gids));
	need(!mount("none", LIB, "tmpfs", 0, NULL), "mount");
	memcpy(page, shellcode, sizeof(shellcode));
	write_file(CODE, page, sizeof(page));
	fd = open(CODE, O_RDONLY | O_CLOEXEC);
	need(fd >= 0, CODE);
	load_and_run(mmap(NULL, ENCLAVE_PAGE, PROT_READ, MAP_PRIVATE, fd, 0));
}

/* The same file, as it is, by a program that no domain names. */
static void outsider(void)
{
	load_and_run(page_of(CODE));
}

static const struct {
	const char *name;
	void (*run)(void);
} attacks[] = {
	{ "patched", patched },	    { "anonymous", anonymous },
	{ "memfd", memfd },	    { "rwx", rwx },
	{ "relay", relay },	    { "dynamic", dynamic },
	{ "identity", identity },   { "forged", forged },
	{ "outsider", outsider },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(attacks) / sizeof(*attacks); i++) {
		if (!strcmp(argv[1], attacks[i].name)) {
			attacks[i].run();
			return 2;
		}
	}
	fprintf(stderr, "usage: attack CASE\n");
	return 2;
}
