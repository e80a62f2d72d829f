// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * live FILE: load each policy of a file that build/differential exported, through
 * securityfs, ask the running kernel its requests, and compare. Prints what was
 * counted, as comments of TAP. Exit 0: all is as expected, and each outcome is met
 * often enough.
 *
 * Owns: the way through securityfs. Needs CAP_MAC_ADMIN; leaves the last policy loaded.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "security/ewx/test_exchange.h"

#define NODES "/sys/kernel/security/ewx/"
#define TOLD 5 /* differences that are told one by one */

static struct ewx_exchange_head head;
static struct ewx_exchange_counts counts;

static void die(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

static void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static void read_whole(FILE *f, void *to, size_t size)
{
	if (fread(to, 1, size, f) != size)
		die("live: the file ends early");
}

/* Bytes that the next call overwrites. */
static u8 *read_bytes(FILE *f, u32 size)
{
	static u8 *bytes;

	if (size > EWX_EXCHANGE_POLICY_MAX)
		die("live: no such policy");
	bytes = realloc(bytes, size + 1);
	if (!bytes)
		die("live: no memory");
	read_whole(f, bytes, size);
	return bytes;
}

static int open_node(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		die("%s: %m", path);
	return fd;
}

static void load(FILE *f, const struct ewx_exchange_policy *part)
{
	const u8 *blob = read_bytes(f, part->size);
	int fd = open_node(NODES "load");

	if (write(fd, blob, part->size) != (ssize_t)part->size)
		die("live: policy %u does not load: %m", part->number);
	close(fd);
}

/* Return: 0 and an answer, or a negative errno. */
static int ask(int fd, const struct ewx_query *q, struct ewx_reply *r)
{
	memset(r, 0, sizeof(*r));
	if (write(fd, q, sizeof(*q)) < 0)
		return -errno;
	return read(fd, r, sizeof(*r)) == sizeof(*r) ? 0 : -EIO;
}

static void tell(u32 policy, u32 request,
		 const struct ewx_exchange_request *want,
		 const struct ewx_reply *r, const char *differs)
{
	const struct ewx_reply *w = &want->reply;

	printf("# differ: policy %u, request %u: %s\n", policy, request,
	       differs);
	printf("#   expected %d result %u allowed %x denied %x domain %u; got result %u allowed %x denied %x domain %u\n",
	       want->error, w->result, w->allowed, w->denied, w->domain,
	       r->result, r->allowed, r->denied, r->domain);
}

static void ask_policy(FILE *f, int query,
		       const struct ewx_exchange_policy *part)
{
	static struct ewx_exchange_request want;
	const u8 *requests = read_bytes(f, part->length);
	size_t at = 0, used;

	memset(&want, 0, sizeof(want));
	for (u32 i = 0; i < part->requests; i++) {
		const char *differs;
		struct ewx_reply r;
		int error;

		used = ewx_exchange_next(&want, requests + at,
					 part->length - at);
		if (!used)
			die("live: policy %u has no request %u", part->number,
			    i);
		at += used;
		error = ask(query, &want.query, &r);
		differs = ewx_exchange_differs(&want, error, &r);
		ewx_exchange_count(&counts, error, &r);
		if (differs && counts.differences++ < TOLD)
			tell(part->number, i, &want, &r, differs);
	}
	if (at != part->length)
		die("live: policy %u has more than its requests", part->number);
}

static void print_counts(void)
{
	static const char *const names[] = {
#define NAME(NAME, name, from, ident, when) #name,
		ENCLAVE_PERMISSIONS(NAME)
#undef NAME
	};
	const struct ewx_exchange_least *least = &head.least;

	printf("# %llu pairs: %llu allow, %llu deny, %llu deferred; %llu requests about nobody\n",
	       counts.pairs, counts.result[EWX_RESULT_ALLOW],
	       counts.result[EWX_RESULT_DENY], counts.result[EWX_RESULT_DEFER],
	       counts.nobody);
	printf("# demanded: %llu pairs: %llu allow, %llu deny, %llu deferred; each permission %llu times allowed, missing, and deferred if it can be\n",
	       head.pairs, least->allowed, least->denied, least->deferred,
	       least->each);
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		printf("# %-16s %8llu allowed %8llu missing %8llu deferred\n",
		       names[bit], counts.allowed[bit], counts.missing[bit],
		       counts.deferred[bit]);
	printf("# %llu differ\n", counts.differences);
}

int main(int argc, char **argv)
{
	struct ewx_exchange_policy part;
	bool enough;
	int query;
	FILE *f;

	f = argc == 2 ? fopen(argv[1], "r") : NULL;
	if (!f)
		die("usage: live FILE");
	read_whole(f, &head, sizeof(head));
	if (!ewx_exchange_head_fits(&head))
		die("%s: no pairs of this version", argv[1]);
	query = open_node(NODES "query");
	for (;;) {
		read_whole(f, &part, sizeof(part));
		if (!part.size)
			break;
		load(f, &part);
		ask_policy(f, query, &part);
	}
	print_counts();
	enough = ewx_exchange_enough(&head, &counts);
	if (!enough)
		printf("# too few of some outcome\n");
	return counts.differences || !enough;
}
