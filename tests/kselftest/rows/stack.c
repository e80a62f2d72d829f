// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other security modules beside EWX (stack.h).
 */
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "rows.h"
#include "stack.h"

#define DENIER		"build/lsm/enclave-bpf"
#define LSM_LIST	"/sys/kernel/security/lsm"
#define IPE		"/sys/kernel/security/ipe/"
#define SIGN		"openssl smime -sign -binary -noattr -nodetach"	\
			" -nosmimecap -outform der"			\
			" -signer build/keys/trusted.pem"		\
			" -inkey build/keys/trusted.key"

/* Newer than Debian's headers. */
#ifndef LANDLOCK_ACCESS_FS_IOCTL_DEV
#define LANDLOCK_ACCESS_FS_IOCTL_DEV (1ULL << 15)
#endif

const char *stack_missing(const char *module)
{
	static char text[512];
	FILE *f = fopen(LSM_LIST, "r");
	size_t n = f ? fread(text + 1, 1, sizeof(text) - 3, f) : 0;
	char word[32];

	if (f)
		fclose(f);
	text[0] = ',';
	text[n + 1] = ',';
	text[n + 2] = '\0';
	snprintf(word, sizeof(word), ",%s,", module);
	if (!strstr(text, word))
		return "not in the list of security modules (lsm=)";
	if (!strcmp(module, "bpf") && access(DENIER, X_OK))
		return DENIER " is not built";
	return NULL;
}

pid_t deny(const char *option, const char *words, const char *access)
{
	char self[16], line[32] = "";
	int out[2];
	pid_t pid;
	FILE *f;

	snprintf(self, sizeof(self), "%d", getpid());
	if (pipe(out))
		return -1;
	pid = fork();
	if (!pid) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		execl(DENIER, DENIER, "--pid", self, option, words,
		      access ? "--access" : NULL, access, NULL);
		_exit(127);
	}
	close(out[1]);
	f = fdopen(out[0], "r");
	if (fgets(line, sizeof(line), f) && !strcmp(line, "ready\n"))
		return pid;
	waitpid(pid, NULL, 0);
	return -1;
}

int deny_end(pid_t pid)
{
	int status = -1;

	kill(pid, SIGTERM);
	waitpid(pid, &status, 0);
	return status;
}

int refuse_ioctl(unsigned int request)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_ioctl, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args[1])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, request, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {
		.len = sizeof(code) / sizeof(code[0]),
		.filter = code,
	};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		return -errno;
	return 0;
}

int landlocked(const char *node)
{
	struct landlock_ruleset_attr attr = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_IOCTL_DEV,
	};
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_IOCTL_DEV,
		.parent_fd = node ? open(node, O_PATH | O_CLOEXEC) : -1,
	};
	int set = syscall(__NR_landlock_create_ruleset, &attr,
			  sizeof(attr.handled_access_fs), 0);
	int err = set < 0 ? -errno : 0;

	if (!err && node &&
	    syscall(__NR_landlock_add_rule, set, LANDLOCK_RULE_PATH_BENEATH,
		    &rule, 0))
		err = -errno;
	if (!err && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		     syscall(__NR_landlock_restrict_self, set, 0)))
		err = -errno;
	if (node)
		close(rule.parent_fd);
	close(set);
	return err;
}

/* IPE takes a file in one write. */
static int write_whole(const char *to, const void *data, size_t size)
{
	int fd = open(to, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, data, size) != (ssize_t)size)
		err = -errno;
	close(fd);
	return err;
}

int ipe_policy(const char *name, const char *rules)
{
	char command[512], signed_policy[8192];
	FILE *out;
	size_t n;
	int err;

	snprintf(command, sizeof(command), SIGN " >/tmp/%s.p7b", name);
	out = popen(command, "w");
	if (!out)
		return -errno;
	fprintf(out, "policy_name=%s policy_version=0.0.0\n%s", name, rules);
	if (pclose(out))
		return -EIO;
	snprintf(command, sizeof(command), "/tmp/%s.p7b", name);
	out = fopen(command, "r");
	n = out ? fread(signed_policy, 1, sizeof(signed_policy), out) : 0;
	if (out)
		fclose(out);
	err = write_whole(IPE "new_policy", signed_policy, n);
	return err == -EEXIST ? 0 : err;
}

int ipe_use(const char *name)
{
	char active[256];

	snprintf(active, sizeof(active), IPE "policies/%s/active", name);
	return write_whole(active, "1", 1);
}

int ipe_load(void)
{
	int err = ipe_policy(IPE_OPEN, "DEFAULT action=ALLOW\n");

	return err ? err : ipe_policy(IPE_CLOSED,
				      "DEFAULT action=ALLOW\n"
				      "DEFAULT op=EXECUTE action=DENY\n");
}
