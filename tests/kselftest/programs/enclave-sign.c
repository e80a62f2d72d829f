// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * enclave-sign: sign the measurement of an enclave of /dev/enclave.
 *
 * Owns: the command line and the files PREFIX.statement, PREFIX.key and
 * PREFIX.signature, which are what ENCLAVE_IOC_INIT takes. Prints the signer's
 * hash as policies name it. Exit status: 0, 1 it failed, 2 wrong usage.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave.h"

/**
 * struct options - the command line.
 * @pem: the signer's private key
 * @out: PREFIX; NULL: only print the signer
 * @generate: make the key first
 * @measured: a measurement was given
 * @statement: what is signed
 */
struct options {
	const char *pem;
	const char *out;
	bool generate;
	bool measured;
	struct enclave_statement statement;
};

static void usage(void)
{
	fprintf(stderr,
		"usage: enclave-sign --key PEM [--generate]\n"
		"       enclave-sign --key PEM --measurement HEX [--product N] [--svn N]\n"
		"                    [--attributes N] --out PREFIX\n");
	exit(2);
}

static void die(const char *what, int err)
{
	fprintf(stderr, "enclave-sign: %s: %s\n", what, strerror(-err));
	exit(1);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static void parse_hash(const char *hex, uint8_t hash[32])
{
	if (!strncmp(hex, "sha256:", 7))
		hex += 7;
	if (strlen(hex) != 64)
		usage();
	for (int i = 0; i < 32; i++) {
		int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			usage();
		hash[i] = high << 4 | low;
	}
}

static unsigned long number(const char *text, unsigned long max)
{
	char *end;
	unsigned long n = strtoul(text, &end, 0);

	if (!*text || *end || n > max)
		usage();
	return n;
}

static void parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "key", required_argument, NULL, 'k' },
		{ "generate", no_argument, NULL, 'g' },
		{ "measurement", required_argument, NULL, 'm' },
		{ "product", required_argument, NULL, 'p' },
		{ "svn", required_argument, NULL, 's' },
		{ "attributes", required_argument, NULL, 'a' },
		{ "out", required_argument, NULL, 'o' },
		{ 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (c) {
		case 'k':
			o->pem = optarg;
			break;
		case 'g':
			o->generate = true;
			break;
		case 'm':
			parse_hash(optarg, o->statement.measurement);
			o->measured = true;
			break;
		case 'p':
			o->statement.product = number(optarg, UINT16_MAX);
			break;
		case 's':
			o->statement.svn = number(optarg, UINT16_MAX);
			break;
		case 'a':
			o->statement.attributes = number(optarg, UINT32_MAX);
			break;
		case 'o':
			o->out = optarg;
			break;
		default:
			usage();
		}
	}
	if (optind != argc || !o->pem || !o->out != !o->measured)
		usage();
}

static void write_file(const char *prefix, const char *suffix, const void *data,
		       size_t len)
{
	char *path;
	FILE *f;

	if (asprintf(&path, "%s.%s", prefix, suffix) < 0)
		die("memory", -ENOMEM);
	f = fopen(path, "we");
	if (!f || fwrite(data, 1, len, f) != len || fclose(f))
		die(path, -errno);
	free(path);
}

int main(int argc, char **argv)
{
	struct enclave_signer s;
	struct options o = { 0 };
	int err = 0;

	parse(argc, argv, &o);
	if (o.generate)
		err = enclave_keygen(o.pem, 3072);
	if (!err)
		err = enclave_sign(o.pem, &o.statement, &s);
	if (err)
		die(o.pem, err);
	if (o.out) {
		write_file(o.out, "statement", &s.statement,
			   sizeof(s.statement));
		write_file(o.out, "key", s.key, s.key_len);
		write_file(o.out, "signature", s.signature, s.signature_len);
	}
	printf("signer sha256:");
	for (int i = 0; i < 32; i++)
		printf("%02x", s.signer[i]);
	printf("\n");
	return 0;
}
