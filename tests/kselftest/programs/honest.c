// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * honest: an enclave as it should be. One page of code, straight from a file and
 * measured; one page of data; initialised, signed or not; the code is called and
 * what it computes is printed.
 *
 * Owns: the layout of that enclave. Exit status: 0 it ran, 1 a step failed (the
 * line says which, and the errno), 2 wrong usage.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "enclave.h"

#define CODE_OFFSET	0ul
#define DATA_OFFSET	ENCLAVE_PAGE
#define ENCLAVE_SIZE	(2 * ENCLAVE_PAGE)

/**
 * struct options - the command line.
 * @payload: file with the code
 * @key: signer's PEM, NULL: unsigned
 * @n: argument of the code
 * @product: product number of a signed enclave
 * @svn: its security version
 * @measure: print the measurement and stop before init
 */
struct options {
	const char *payload;
	const char *key;
	unsigned long n;
	unsigned int product;
	unsigned int svn;
	bool measure;
};

typedef unsigned long (*payload_fn)(unsigned long n, unsigned long *out);

static void step(const char *what, int err)
{
	if (!err)
		return;
	printf("honest: %s: %s (%s)\n", what, strerror(-err),
	       strerrorname_np(-err));
	exit(1);
}

static void print_hash(const char *what, const uint8_t hash[32])
{
	printf("%s sha256:", what);
	for (int i = 0; i < 32; i++)
		printf("%02x", hash[i]);
	printf("\n");
}

static void *map(int fd, uint64_t offset, int prot, const char *what)
{
	void *p = enclave_map(fd, offset, ENCLAVE_PAGE, prot);

	step(what, p == MAP_FAILED ? -errno : 0);
	return p;
}

static int build(const struct options *o)
{
	static const uint8_t zeroes[ENCLAVE_PAGE]
		__attribute__((aligned(ENCLAVE_PAGE)));
	int fd = enclave_new(ENCLAVE_SIZE, 0, 0);

	step("create", fd < 0 ? fd : 0);
	step("load code", enclave_load_file(fd, o->payload, CODE_OFFSET,
					    ENCLAVE_RX, ENCLAVE_LOAD_F_MEASURE,
					    NULL));
	step("load data", enclave_load(fd, zeroes, DATA_OFFSET, ENCLAVE_PAGE,
				       ENCLAVE_RW, ENCLAVE_LOAD_F_MEASURE,
				       NULL));
	return fd;
}

static void run(int fd, unsigned long n)
{
	unsigned long *data = map(fd, DATA_OFFSET, PROT_READ | PROT_WRITE,
				  "map data");
	void *code = map(fd, CODE_OFFSET, PROT_READ | PROT_EXEC, "map code");
	payload_fn fn;

	memcpy(&fn, &code, sizeof(fn));
	printf("honest: sum of 1 to %lu, computed in the enclave: %lu\n", n,
	       fn(n, data));
}

static void usage(void)
{
	fprintf(stderr,
		"usage: honest [--measure] [--key PEM [--product N] [--svn N]] [--n N] PAYLOAD\n");
	exit(2);
}

static void parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "measure", no_argument, NULL, 'm' },
		{ "key", required_argument, NULL, 'k' },
		{ "product", required_argument, NULL, 'p' },
		{ "svn", required_argument, NULL, 's' },
		{ "n", required_argument, NULL, 'n' },
		{ 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (c) {
		case 'm':
			o->measure = true;
			break;
		case 'k':
			o->key = optarg;
			break;
		case 'p':
			o->product = strtoul(optarg, NULL, 0);
			break;
		case 's':
			o->svn = strtoul(optarg, NULL, 0);
			break;
		case 'n':
			o->n = strtoul(optarg, NULL, 0);
			break;
		default:
			usage();
		}
	}
	if (optind + 1 != argc)
		usage();
	o->payload = argv[optind];
}

int main(int argc, char **argv)
{
	struct options o = { .n = 100 };
	struct enclave_query_identity id;
	int fd;

	setvbuf(stdout, NULL, _IOLBF, 0);
	parse(argc, argv, &o);
	fd = build(&o);
	if (!o.measure)
		step("init", o.key ? enclave_init_pem(fd, o.key, o.product,
						      o.svn) :
				     enclave_init(fd));
	step("identity", enclave_identity(fd, &id));
	printf("enclave %llu\n", (unsigned long long)id.id);
	print_hash("measurement", id.measurement);
	if (id.flags & ENCLAVE_ID_SIGNED)
		print_hash("signer", id.signer);
	if (!o.measure)
		run(fd, o.n);
	close(fd);
	return 0;
}
