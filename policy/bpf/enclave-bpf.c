// SPDX-License-Identifier: GPL-2.0-only
/*
 * enclave-bpf: print what is asked about enclaves, and deny some of it, by a
 * security module in BPF (enclave.bpf.c). Runs until it is interrupted; then
 * nothing is denied any more.
 *
 * Owns: options and output.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>
#include <uapi/linux/enclave_permissions.h>

#include "enclave-bpf.h"
#include "enclave.skel.h"

static const char *const permission_names[] = {
#define NAME(NAME, name, from, ident, when) #name,
	ENCLAVE_PERMISSIONS(NAME)
#undef NAME
};

static const char *const op_names[] = {
	"none",
#define NAME(NAME, name) #name,
	ENCLAVE_OPS(NAME)
#undef NAME
};

static volatile sig_atomic_t stopping;

static void stop(int sig)
{
	(void)sig;
	stopping = 1;
}

static void usage(void)
{
	fputs("usage: enclave-bpf [--deny PERMISSION,...] [--deny-op OP,...] "
	      "[--access rwx] [--pid N]\n", stderr);
	exit(2);
}

/* A list of names as bits. */
static unsigned int bits(char *list, const char *const *names, size_t count)
{
	unsigned int found = 0;
	char *word;

	for (word = strtok(list, ","); word; word = strtok(NULL, ",")) {
		size_t i = 0;

		while (i < count && strcmp(word, names[i]))
			i++;
		if (i == count) {
			fprintf(stderr, "enclave-bpf: unknown word \"%s\"\n", word);
			exit(2);
		}
		found |= 1u << i;
	}
	return found;
}

static unsigned int letters(const char *text)
{
	unsigned int found = 0;

	for (; *text; text++) {
		const char *at = strchr("rwx", *text);

		if (!at)
			usage();
		found |= 1u << (at - "rwx");
	}
	return found;
}

static void print_names(unsigned int mask)
{
	const char *separator = "";

	for (int i = 0; i < ENCLAVE_PERM_COUNT; i++)
		if (mask & 1u << i) {
			printf("%s%s", separator, permission_names[i]);
			separator = ",";
		}
	if (!mask)
		putchar('-');
}

static int print(void *context, void *data, size_t size)
{
	static const char *const words[] = { "asked", "denied", "done" };
	const struct event *e = data;

	(void)context;
	if (size < sizeof(*e) || e->what > EVENT_DONE || e->op >= ENCLAVE_OP_COUNT)
		return 0;
	printf("%-6s %-8s pid %u uid %u %.16s enclave %llu pages %llu+%llu ",
	       words[e->what], op_names[e->op], e->pid, e->uid, e->comm,
	       (unsigned long long)e->enclave, (unsigned long long)e->first,
	       (unsigned long long)e->pages);
	print_names(e->required);
	putchar('\n');
	return 0;
}

static void options(int argc, char **argv, struct enclave_bpf *skel)
{
	static const struct option known[] = {
		{ "deny", required_argument, NULL, 'd' },
		{ "deny-op", required_argument, NULL, 'o' },
		{ "access", required_argument, NULL, 'a' },
		{ "pid", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 'd':
			skel->rodata->denied_permissions =
				bits(optarg, permission_names, ENCLAVE_PERM_COUNT);
			break;
		case 'o':
			skel->rodata->denied_ops =
				bits(optarg, op_names, ENCLAVE_OP_COUNT);
			break;
		case 'a':
			skel->rodata->denied_access = letters(optarg);
			break;
		case 'p':
			skel->rodata->only_pid = atoi(optarg);
			break;
		default:
			usage();
		}
	}
	if (optind < argc)
		usage();
}

static int run(struct enclave_bpf *skel)
{
	struct ring_buffer *ring = NULL;
	int err = enclave_bpf__load(skel);

	if (!err)
		err = enclave_bpf__attach(skel);
	if (err) {
		fprintf(stderr, "enclave-bpf: load: %s\n", strerror(-err));
		return 1;
	}
	ring = ring_buffer__new(bpf_map__fd(skel->maps.events), print, NULL, NULL);
	if (!ring) {
		perror("enclave-bpf: ring buffer");
		return 1;
	}
	puts("ready");
	fflush(stdout);
	while (!stopping && ring_buffer__poll(ring, 100) != -EINVAL)
		fflush(stdout);
	ring_buffer__consume(ring);
	ring_buffer__free(ring);
	return 0;
}

int main(int argc, char **argv)
{
	struct enclave_bpf *skel = enclave_bpf__open();
	struct sigaction sa = { .sa_handler = stop };
	int status;

	if (!skel) {
		perror("enclave-bpf: open");
		return 1;
	}
	options(argc, argv, skel);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	status = run(skel);
	enclave_bpf__destroy(skel);
	return status;
}
