// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls of the nodes in securityfs, and execve(), which puts a process into its
 * domain.
 */
#include <uapi/linux/ewx_query.h>

#include "faults.h"

#define EWX_DIR "/sys/kernel/security/ewx"

static int opened(struct place *p, const char *name, int flags)
{
	p->node = open(name, flags | O_CLOEXEC);
	return p->node < 0 ? -errno : 0;
}

static int prepare_load(struct place *p)
{
	return opened(p, EWX_DIR "/load", O_RDWR);
}

static int prepare_query(struct place *p)
{
	return opened(p, EWX_DIR "/query", O_RDWR);
}

static int prepare_status(struct place *p)
{
	return opened(p, EWX_DIR "/status", O_RDONLY);
}

static int prepare_enclaves(struct place *p)
{
	return opened(p, EWX_DIR "/enclaves", O_RDONLY);
}

static int prepare_counters(struct place *p)
{
	return opened(p, EWX_DIR "/counters", O_RDONLY);
}

static int prepare_blob(struct place *p)
{
	return opened(p, EWX_DIR "/policies/rows/blob", O_RDONLY);
}

static int prepare_enforce(struct place *p)
{
	return opened(p, EWX_DIR "/enforce", O_WRONLY);
}

/* What it says, to be written again: nothing changes by it. */
static int prepare_word(struct place *p, const char *name)
{
	int err = opened(p, name, O_RDWR);
	ssize_t n = err ? 0 : pread(p->node, p->word, sizeof(p->word) - 1, 0);

	p->word[n < 0 ? 0 : n] = '\0';
	p->word[strcspn(p->word, "\n")] = '\0';
	return err ? err : n > 0 ? 0 : -ENODATA;
}

static int prepare_seal(struct place *p)
{
	return prepare_word(p, EWX_DIR "/seal");
}

static int prepare_audit(struct place *p)
{
	return prepare_word(p, EWX_DIR "/audit");
}

static int prepare_nothing(struct place *p)
{
	p->node = -1;
	return 0;
}

static void finish(struct place *p)
{
	if (p->node >= 0)
		close(p->node);
	p->node = -1;
}

static int act_load(struct place *p)
{
	return write(p->node, p->blob, p->size) == (ssize_t)p->size ? 0 :
								      -errno;
}

static int act_load_signed(struct place *p)
{
	return write(p->node, p->with_signature, p->signed_size) ==
			       (ssize_t)p->signed_size ?
		       0 :
		       -errno;
}

static int act_load_broken(struct place *p)
{
	return write(p->node, p->blob, p->size - 1) > 0 ? 0 : -errno;
}

static int act_query(struct place *p)
{
	struct ewx_query q = {
		.magic = EWX_QUERY_MAGIC,
		.size = sizeof(q),
		.op = ENCLAVE_OP_LOAD,
		.required = ENCLAVE_PERM_EXEC_ANON,
		.subject = EWX_SUBJECT_DOMAIN,
		.identity_kind = EWX_IDENTITY_UNLISTED,
		.domain = "rows",
	};
	struct ewx_reply r;

	if (write(p->node, &q, sizeof(q)) != sizeof(q))
		return -errno;
	if (read(p->node, &r, sizeof(r)) != sizeof(r))
		return -errno;
	/* Anonymous code is denied: an answer that says otherwise is none. */
	return r.allowed & ENCLAVE_PERM_EXEC_ANON ? -EBADMSG : 0;
}

static int act_read(struct place *p)
{
	char text[4096];

	return read(p->node, text, sizeof(text)) < 0 ? -errno : 0;
}

/* One read is a copy of a page at most, in which a kill would hardly ever arrive. */
static int act_read_often(struct place *p)
{
	char text[4096];

	for (int i = 0; i < 256; i++)
		if (pread(p->node, text, sizeof(text), 0) < 0)
			return -errno;
	return 0;
}

static int act_enforce(struct place *p)
{
	return write(p->node, "1", 1) == 1 ? 0 : -errno;
}

static int act_word(struct place *p)
{
	const size_t length = strlen(p->word);

	return pwrite(p->node, p->word, length, 0) == (ssize_t)length ? 0 :
									-errno;
}

/* The old policy or the same one is in force; anonymous code is denied. */
static int must_be_in_force(struct place *p)
{
	int fd = fresh(), err;

	if (fd < 0)
		return fd;
	err = enclave_load(fd, p->data, 0, PAGE, ENCLAVE_RX,
			   ENCLAVE_LOAD_F_MEASURE, NULL) == -EACCES ?
		      0 :
		      -EBADMSG;
	if (!err)
		err = enclave_load(fd, p->code, 0, PAGE, ENCLAVE_RX,
				   ENCLAVE_LOAD_F_MEASURE, NULL);
	close(fd);
	return err;
}

/* The process that executes this file again is in the same domain, or there is none. */
static int act_exec(struct place *p)
{
	pid_t pid = fork();
	int status;

	(void)p;
	if (pid < 0)
		return -errno;
	if (!pid) {
		execl("/proc/self/exe", "faults", "again", NULL);
		_exit(errno);
	}
	if (waitpid(pid, &status, 0) != pid)
		return -ECHILD;
	return !status ? 0 : WIFEXITED(status) ? -WEXITSTATUS(status) : -ECHILD;
}

const struct step steps_node[] = {
	{ "policy-load", 0, prepare_load, act_load, must_be_in_force, finish,
	  false },
	{ "policy-load-signed", 0, prepare_load, act_load_signed,
	  must_be_in_force, finish, false },
	{ "policy-load-broken", -EBADMSG, prepare_load, act_load_broken,
	  must_be_in_force, finish, false },
	{ "query", 0, prepare_query, act_query, NULL, finish, false },
	{ "status", 0, prepare_status, act_read, NULL, finish, false },
	{ "enclaves", 0, prepare_enclaves, act_read, NULL, finish, false },
	{ "counters", 0, prepare_counters, act_read, NULL, finish, false },
	{ "policy-read", 0, prepare_blob, act_read_often, NULL, finish, true },
	{ "enforce", 0, prepare_enforce, act_enforce, must_be_in_force, finish,
	  false },
	{ "seal", 0, prepare_seal, act_word, must_be_in_force, finish, false },
	{ "audit", 0, prepare_audit, act_word, must_be_in_force, finish,
	  false },
	{ "exec", 0, prepare_nothing, act_exec, NULL, finish, false },
};
const unsigned int steps_node_count = sizeof(steps_node) / sizeof(*steps_node);
