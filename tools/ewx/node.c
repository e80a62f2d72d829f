// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The nodes of securityfs ewx/: reading, loading, asking, and what their
 * errors mean.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

#define NODE_MAX (16u << 20) /* bytes that are read of a text node */

static char *node_path(const struct tool *t, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", t->securityfs, name) < 0 ? NULL : path;
}

static int node_open(const struct tool *t, const char *name, int flags)
{
	char *path = node_path(t, name);
	int fd;

	if (!path)
		return -1;
	fd = open(path, flags | O_CLOEXEC);
	free(path);
	return fd;
}

static const char *meaning(int errnum)
{
	switch (errnum) {
	case ENOENT:
		return "this kernel does not run EWX, or securityfs is not mounted";
	case EPERM:
		return "it is sealed, or CAP_MAC_ADMIN in the initial user namespace is missing";
	case EBUSY:
		return "denials are not enforced: ewx enforce 1 first";
	case EACCES:
		return "the node belongs to root";
	case EBADMSG:
		return "the binary policy is malformed";
	case EPROTONOSUPPORT:
		return "the kernel does not read this binary format";
	case EOPNOTSUPP:
		return "the policy uses a feature that the kernel lacks";
	case EEXIST:
		return "this version is loaded already, with other content: raise \"version\"";
	case ESTALE:
		return "not a newer release of the active policy, and signatures are required or it is sealed";
	case E2BIG:
		return "the policy is larger than the kernel takes";
	case EKEYREJECTED:
		return "the policy's signature is missing or was refused";
	case ESPIPE:
		return "a node takes one write from its beginning";
	case ENODATA:
		return "no policy is loaded";
	default:
		return NULL;
	}
}

void node_explain(const struct tool *t, const char *name, int errnum)
{
	const char *why = meaning(errnum);

	if (why)
		tool_error(t, "%s/%s: %s (%s)", t->securityfs, name,
			   strerror(errnum), why);
	else
		tool_error(t, "%s/%s: %s", t->securityfs, name,
			   strerror(errnum));
}

static int read_silent(const struct tool *t, const char *name, size_t limit,
		       struct bytes *b)
{
	char *path = node_path(t, name);
	int ret, saved;

	if (!path)
		return -1;
	ret = file_read(path, limit, b);
	saved = errno;
	free(path);
	errno = saved;
	return ret;
}

uint32_t node_features(const struct tool *t)
{
	static const char *const names[] = {
#define FEATURE(NAME, name) "features/" #name,
		EWX_FEATURES(FEATURE)
#undef FEATURE
	};
	uint32_t bits = 0, known = 0;
	struct bytes b;

	for (uint32_t i = 0; i < EWX_FEATURE_COUNT; i++) {
		if (read_silent(t, names[i], NODE_MAX, &b))
			continue;
		known++;
		if (b.data[0] == '1')
			bits |= 1u << i;
		free(b.data);
	}
	return known ? bits : ~0u;
}

int node_read(const struct tool *t, const char *name, struct bytes *b)
{
	if (!read_silent(t, name, NODE_MAX, b))
		return 0;
	node_explain(t, name, errno);
	return -1;
}

/* All of it in one write(2), or an error. */
static int write_once(int fd, const void *data, size_t size)
{
	ssize_t n = write(fd, data, size);

	if (n < 0)
		return -1;
	if ((size_t)n == size)
		return 0;
	errno = EIO;
	return -1;
}

int node_write(const struct tool *t, const char *name, const void *data,
	       size_t size)
{
	int fd = node_open(t, name, O_WRONLY), saved, ret;

	if (fd < 0)
		return -1;
	ret = write_once(fd, data, size);
	saved = errno;
	close(fd);
	errno = saved;
	return ret;
}

/* The value of "name=value" in the kernel's answer, as long as its word. */
static const char *answer_word(const char *answer, const char *name, int *len)
{
	size_t n = strlen(name);

	for (const char *at = answer; at && *at;) {
		at += strspn(at, " \n");
		if (!strncmp(at, name, n) && at[n] == '=') {
			*len = (int)strcspn(at + n + 1, " \n");
			return at + n + 1;
		}
		at += strcspn(at, " \n");
	}
	*len = 1;
	return "?";
}

static void explain_position(const struct tool *t, const char *answer)
{
	const char *code, *section, *index, *offset;
	int c, s, i, o, found;

	code = answer_word(answer, "code", &c);
	section = answer_word(answer, "section", &s);
	index = answer_word(answer, "index", &i);
	offset = answer_word(answer, "offset", &o);
	found = ewx_name_find(EWX_NAMES_FAULT, code, (size_t)c);
	if (found <= 0)
		return;
	tool_error(t, "position: section %.*s, record %.*s, byte %.*s: %s", s,
		   section, i, index, o, offset,
		   ewx_name_why(EWX_NAMES_FAULT, (__u32)found));
}

/* What the kernel found of the signature, if that is why. */
static void explain_signature(const struct tool *t, const char *answer)
{
	static const struct {
		const char *word;
		const char *why;
	} known[] = {
		{ "none", "it has none: ewx sign" },
		{ "untrusted", "its key is in none of the kernel's keyrings" },
		{ "bad", "it is malformed, or not of these bytes" },
	};
	const char *word;
	int len;

	word = answer_word(answer, "signature", &len);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if ((size_t)len == strlen(known[i].word) &&
		    !memcmp(word, known[i].word, (size_t)len))
			tool_error(t, "signature: %s", known[i].why);
}

/* Which format it is, and which ones the kernel reads. */
static void explain_format(const struct tool *t, const void *blob, size_t size)
{
	const unsigned char *at = blob;
	struct bytes b;

	if (size < 8 || read_silent(t, "abi", NODE_MAX, &b))
		return;
	tool_error(
		t,
		"format: the policy has %u, the kernel reads %.*s, this ewx writes %d (ewx compile --abi)",
		at[4] | at[5] << 8 | at[6] << 16 | (unsigned int)at[7] << 24,
		(int)strcspn(b.data, "\n"), b.data, EWX_POLICY_FORMAT);
	free(b.data);
}

static void say_loaded(const char *answer)
{
	const char *changed, *version, *generation;
	int c, v, g;

	changed = answer_word(answer, "changed", &c);
	version = answer_word(answer, "version", &v);
	generation = answer_word(answer, "generation", &g);
	if (c == 1 && *changed == '0')
		printf("version %.*s was active already: nothing changed\n", v,
		       version);
	else
		printf("version %.*s is active (load %.*s since boot)\n", v,
		       version, g, generation);
}

int node_load(const struct tool *t, const void *blob, size_t size)
{
	char answer[512];
	ssize_t n;
	int fd, err;

	fd = node_open(t, "load", O_RDWR);
	if (fd < 0) {
		err = errno;
		node_explain(t, "load", err);
		errno = err;
		return EXIT_FAIL;
	}
	err = write_once(fd, blob, size) ? errno : 0;
	n = pread(fd, answer, sizeof(answer) - 1, 0);
	close(fd);
	answer[n > 0 ? n : 0] = '\0';
	if (!err) {
		say_loaded(answer);
		return EXIT_OK;
	}
	node_explain(t, "load", err);
	if (err == EKEYREJECTED)
		explain_signature(t, answer);
	if (err == EPROTONOSUPPORT)
		explain_format(t, blob, size);
	explain_position(t, answer);
	errno = err;
	return EXIT_FAIL;
}

int node_query(const struct tool *t, const struct ewx_query *q,
	       struct ewx_reply *r)
{
	int fd = node_open(t, "query", O_RDWR), err = 0;
	ssize_t n;

	if (fd < 0) {
		node_explain(t, "query", errno);
		return 1;
	}
	if (write_once(fd, q, sizeof(*q))) {
		err = errno;
	} else {
		n = pread(fd, r, sizeof(*r), 0);
		if (n < 0)
			err = errno;
		else if (n != sizeof(*r) || r->size != sizeof(*r))
			err = EPROTO;
	}
	close(fd);
	/* The engine's own errors; the others are the node's. */
	if (!err || err == ENOENT || err == EINVAL)
		return -err;
	node_explain(t, "query", err);
	return 1;
}

/* Return: 0, or -1 with errno. */
static int status_digest(const struct tool *t, char out[65])
{
	struct bytes b;
	char *at;

	*out = '\0';
	if (read_silent(t, "status", NODE_MAX, &b))
		return -1;
	at = strstr(b.data, "\ndigest: ");
	if (at)
		snprintf(out, 65, "%.64s", at + strlen("\ndigest: "));
	free(b.data);
	return 0;
}

void node_digest_silent(const struct tool *t, char out[65])
{
	status_digest(t, out);
}

int node_digest(const struct tool *t, char out[65])
{
	if (!status_digest(t, out))
		return 0;
	node_explain(t, "status", errno);
	return -1;
}

bool node_only_newer(const struct tool *t)
{
	static const struct {
		const char *node;
		const char *words;
	} signs[] = {
		{ "status", "\nsignatures: required\n" },
		{ "../lockdown", "[integrity]" },
		{ "../lockdown", "[confidentiality]" },
	};
	bool found = false;
	struct bytes b;

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (read_silent(t, signs[i].node, NODE_MAX, &b))
			continue;
		found |= strstr(b.data, signs[i].words) != NULL;
		free(b.data);
	}
	return found;
}

bool node_took_signature(const struct tool *t, bool is_signed)
{
	bool trusted, required;
	struct bytes b;

	if (read_silent(t, "status", NODE_MAX, &b))
		return true;
	trusted = strstr(b.data, "\nsignature: trusted\n");
	/* A seal ends with this boot; what else requires signatures does not. */
	required = strstr(b.data, "\nsignatures: required\n") &&
		   strstr(b.data, "\nseal: none\n");
	free(b.data);
	return is_signed ? trusted : !(trusted && required);
}

/* The name of the active policy, from status; malloc()ed. */
static char *active_name(const struct tool *t)
{
	struct bytes b;
	char *at, *name = NULL;

	if (read_silent(t, "status", NODE_MAX, &b))
		return NULL;
	at = strncmp(b.data, "policy: ", 8) ? strstr(b.data, "\npolicy: ") :
					      b.data - 1;
	if (at) {
		at += strlen("\npolicy: ");
		name = strndup(at, strcspn(at, "\n"));
	}
	free(b.data);
	if (name && strchr(name, '/')) {
		free(name);
		name = NULL;
	}
	return name;
}

int node_policy(const struct tool *t, struct policy *policy)
{
	char *name = active_name(t), *node = NULL;
	struct ewx_judge_error error;
	struct bytes b;
	int ret = -1;

	memset(policy, 0, sizeof(*policy));
	if (!name || asprintf(&node, "policies/%s/blob", name) < 0) {
		free(name);
		return -1;
	}
	if (!read_silent(t, node, EWX_POLICY_MAX_SIZE, &b)) {
		policy->blob = b.data;
		policy->size = b.size;
		policy->judge = ewx_judge_new(b.data, b.size, &error);
		if (policy->judge)
			ret = 0;
		else
			policy_close(policy);
	}
	free(node);
	free(name);
	return ret;
}
