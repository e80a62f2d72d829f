// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies, sources and enclaves for the row tests.
 */
#include <spawn.h>
#include <sys/ptrace.h>
#include <sys/socket.h>

#include "rows.h"

#define EWX_DIR		"/sys/kernel/security/ewx"
#define VERSION_FILE	"/run/ewx-rows.version"

/* Each load gets a version of its own, or the same would meet EEXIST. */
static unsigned long next_version(void)
{
	unsigned long version = 0;
	FILE *f = fopen(VERSION_FILE, "r");

	if (f) {
		if (fscanf(f, "%lu", &version) != 1)
			version = 0;
		fclose(f);
	}
	version++;
	f = fopen(VERSION_FILE, "w");
	if (f) {
		fprintf(f, "%lu\n", version);
		fclose(f);
	}
	return version;
}

/*
 * Run a program; what it prints goes to file @said. Not by a shell, whose start alone
 * takes a fifth of a second in the debug kernel.
 */
static int run_to_file(const char *said, char *const argv[])
{
	posix_spawn_file_actions_t actions;
	int status = -1;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, said,
					 O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO,
					 STDERR_FILENO);
	if (!posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ))
		waitpid(pid, &status, 0);
	posix_spawn_file_actions_destroy(&actions);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static void append_file(FILE *to, const char *name)
{
	FILE *f = name ? fopen(name, "re") : NULL;
	int c;

	if (!f)
		return;
	while ((c = getc(f)) != EOF)
		putc(c, to);
	fclose(f);
}

static int write_policy(const char *name, const char *rules, const char *second,
			const char *more)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	FILE *f = fopen(name, "w");

	if (n < 0 || !f)
		return -errno;
	self[n] = '\0';
	fprintf(f, "language 1;\npolicy rows version %lu;\n", next_version());
	fprintf(f, "source allowed { path \"" ALLOWED_DIR "/**\"; owner 0; }\n");
	fprintf(f, "domain rows { exe \"%s\";\n%s\n%s}\n", self,
		second ? "uid 0;" : "", rules);
	if (second)
		fprintf(f, "domain second { exe \"%s\"; uid %d;\n%s}\n", self,
			SECOND_UID, second);
	fprintf(f, "%s\n", more);
	append_file(f, getenv("EWX_ROWS_MORE"));
	return fclose(f) ? -errno : 0;
}

int policy_two(const char *rules, const char *second, const char *more)
{
	char name[64], said[72];
	int err;

	snprintf(name, sizeof(name), "/run/ewx-rows-%d.ewx", getpid());
	snprintf(said, sizeof(said), "%s.out", name);
	err = write_policy(name, rules, second, more);
	if (err)
		return err;
	err = run_to_file(said, (char *[]){ "ewx", "load", name, NULL });
	if (err)
		append_file(stderr, said);
	return err;
}

int observed(const char *cause, int result)
{
	if (result < 0)
		printf("# denied %s %s\n", cause, strerrorname_np(-result));
	fflush(stdout);
	return result;
}

int policy_load(const char *rules, const char *more)
{
	return policy_two(rules, NULL, more);
}

int policy_strict(void)
{
	return policy_load(STRICT_RULES, "");
}

int policy_by_group(void)
{
	return policy_load("cgroup \"/\", \"/**\";\n" STRICT_RULES,
			   "domain default { allow create;\n"
			   "  allow exec_file, exec_mutable from any;\n"
			   "  for any { allow exec_anon, exec_unmeasured, init; } }");
}

ssize_t read_file(const char *path, void *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n, all = 0;

	if (fd < 0)
		return -errno;
	while ((n = read(fd, (char *)buf + all, size - all)) > 0)
		all += n;
	close(fd);
	return all;
}

ssize_t policy_blob(void *blob, size_t size)
{
	return read_file(EWX_DIR "/policies/rows/blob", blob, size);
}

int policy_load_blob(const void *blob, size_t len, char *why, size_t size)
{
	int fd = open(EWX_DIR "/load", O_RDWR | O_CLOEXEC);
	int err = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	if (write(fd, blob, len) != (ssize_t)len)
		err = -errno;
	n = size ? read(fd, why, size - 1) : 0;
	if (size)
		why[n > 0 ? n : 0] = '\0';
	close(fd);
	return err;
}

int enforce(bool on)
{
	int fd = open(EWX_DIR "/enforce", O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, on ? "1" : "0", 1) != 1)
		err = -errno;
	close(fd);
	return err;
}

/* The number behind "@name: " in the status. */
static long status_count(const char *name)
{
	const size_t len = strlen(name);
	FILE *f = fopen(EWX_DIR "/status", "re");
	long count = -ENODATA;
	char line[256];

	if (!f)
		return -errno;
	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, name, len) &&
		    sscanf(line + len, ": %ld", &count) == 1)
			break;
	fclose(f);
	return count;
}

long flagged(void)
{
	return status_count("flagged");
}

long enclaves(void)
{
	return status_count("enclaves");
}

int fail_open(void)
{
	int node = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);

	if (node >= 0 &&
	    system("echo 0 >/sys/kernel/debug/failslab/verbose; "
		   "echo N >/sys/kernel/debug/failslab/ignore-gfp-wait")) {
		close(node);
		return -EIO;
	}
	return node < 0 ? -errno : node;
}

int fail_nth(int node, unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	return pwrite(node, text, len, 0) == len ? 0 : -errno;
}

bool fail_pending(int node)
{
	char text[16] = "";

	return pread(node, text, sizeof(text) - 1, 0) > 0 && atoi(text) > 0;
}

void *other_code(void)
{
	char path[256] = OTHER_DIR "/";

	memset(path + strlen(path), 'e', 150);
	return code_file(path, 1) ? MAP_FAILED :
				    file_map(path, 1, PROT_READ, MAP_PRIVATE);
}

/* mov eax, CODE_VALUE + page; ret */
void code_fill(void *to, unsigned int pages)
{
	uint8_t *p = to;

	for (unsigned int i = 0; i < pages; i++, p += PAGE) {
		uint32_t value = CODE_VALUE + i;

		memset(p, 0xcc, PAGE);
		p[0] = 0xb8;
		memcpy(p + 1, &value, sizeof(value));
		p[5] = 0xc3;
	}
}

static int make_dirs(const char *path)
{
	char dir[256];

	snprintf(dir, sizeof(dir), "%s", path);
	*strrchr(dir, '/') = '\0';
	return mkdir(dir, 0755) && errno != EEXIST ? -errno : 0;
}

int code_file(const char *path, unsigned int pages)
{
	size_t len = pages * PAGE;
	uint8_t *buf = malloc(len);
	int fd, err = make_dirs(path);

	if (!buf || err)
		return buf ? err : -ENOMEM;
	code_fill(buf, pages);
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	if (fd < 0)
		return -errno;
	if (write(fd, buf, len) != (ssize_t)len || fsync(fd))
		err = -errno;
	close(fd);
	free(buf);
	return err;
}

void *file_map(const char *path, unsigned int pages, int prot, int flags)
{
	int fd = open(path, flags & MAP_SHARED && prot & PROT_WRITE ?
		      O_RDWR : O_RDONLY);
	void *p;

	if (fd < 0)
		return MAP_FAILED;
	p = mmap(NULL, pages * PAGE, prot, flags, fd, 0);
	close(fd);
	return p;
}

void *code_map(const char *name, unsigned int pages, int prot)
{
	char path[256];

	snprintf(path, sizeof(path), ALLOWED_DIR "/%s", name);
	errno = -code_file(path, pages);
	return errno ? MAP_FAILED : file_map(path, pages, prot, MAP_PRIVATE);
}

void *anon_map(unsigned int pages, int prot)
{
	void *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return p;
	code_fill(p, pages);
	if (mprotect(p, pages * PAGE, prot)) {
		munmap(p, pages * PAGE);
		return MAP_FAILED;
	}
	return p;
}

int fresh(void)
{
	return enclave_new(LAYOUT_PAGES * PAGE, 0, ENCLAVE_RW);
}

static int load_layout(int fd)
{
	void *code = code_map("layout", 1, PROT_READ);
	void *data = anon_map(2, PROT_READ);
	int err;

	if (code == MAP_FAILED || data == MAP_FAILED)
		return -errno;
	err = enclave_load(fd, code, CODE_AT, PAGE, ENCLAVE_RX,
			   ENCLAVE_LOAD_F_MEASURE, NULL);
	if (!err)
		err = enclave_load(fd, data, DATA_AT, PAGE, ENCLAVE_RW,
				   ENCLAVE_LOAD_F_MEASURE, NULL);
	if (!err)
		err = enclave_load(fd, data, READ_AT, PAGE, ENCLAVE_R,
				   ENCLAVE_LOAD_F_MEASURE, NULL);
	munmap(code, PAGE);
	munmap(data, 2 * PAGE);
	return err;
}

int built(void)
{
	int fd = fresh();
	int err;

	if (fd < 0)
		return fd;
	err = load_layout(fd);
	if (!err)
		return fd;
	close(fd);
	return err;
}

int ready(void)
{
	int fd = built();
	int err;

	if (fd < 0)
		return fd;
	err = enclave_init(fd);
	if (!err)
		return fd;
	close(fd);
	return err;
}

int loose_built(const char *name, unsigned int pages)
{
	uint8_t *src = code_map(name, pages, PROT_READ);
	int fd = fresh();
	int err;

	if (src == MAP_FAILED || fd < 0)
		return fd < 0 ? fd : -errno;
	err = enclave_load(fd, src, 0, pages * PAGE, ENCLAVE_RWX,
			   ENCLAVE_LOAD_F_MEASURE, NULL);
	munmap(src, pages * PAGE);
	return err ? err : fd;
}

int loose_ready(const char *name, unsigned int pages)
{
	int fd = loose_built(name, pages);
	int err = fd < 0 ? fd : enclave_init(fd);

	return err ? err : fd;
}

int map(int fd, uint64_t offset, uint64_t length, int prot, void **at)
{
	*at = enclave_map(fd, offset, length, prot);
	return *at == MAP_FAILED ? -errno : 0;
}

int map_err(int fd, uint64_t offset, uint64_t length, int prot)
{
	void *at;
	int err = map(fd, offset, length, prot, &at);

	if (!err)
		munmap(at, length);
	return err;
}

int in_child(int (*fn)(void *arg), void *arg)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(fn(arg));
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -ECHILD;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int fd_send(int sock, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = "", byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(sock, &msg, 0) == 1 ? 0 : -errno;
}

int fd_receive(int sock)
{
	char control[CMSG_SPACE(sizeof(int))], byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;
	int fd;

	if (recvmsg(sock, &msg, 0) != 1)
		return -errno;
	c = CMSG_FIRSTHDR(&msg);
	if (!c || c->cmsg_type != SCM_RIGHTS)
		return -EBADMSG;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

bool tell(int fd)
{
	return write(fd, "", 1) == 1;
}

bool await(int fd)
{
	char byte;

	return read(fd, &byte, 1) == 1;
}

int become(uid_t uid)
{
	if (setresgid(uid, uid, uid) || setresuid(uid, uid, uid))
		return -errno;
	return 0;
}

int debug_write(void *at, uint8_t value)
{
	int mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	int err = 0;

	if (mem < 0)
		return -errno;
	if (pwrite(mem, &value, 1, (off_t)(uintptr_t)at) != 1)
		err = -errno;
	close(mem);
	return err;
}

int debug_poke(void *at, unsigned long value)
{
	pid_t pid = fork();
	int status, err;

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		return -ECHILD;
	err = ptrace(PTRACE_POKETEXT, pid, at, value) ? -errno : 0;
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	waitpid(pid, &status, 0);
	return err;
}
