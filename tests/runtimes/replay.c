// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * replay: do to an enclave what a runtime does, by its script.
 *
 * Owns: the command line, the order of steps, what is said of the one that
 * fails. Knows no policy and expects nothing but that the code in the enclave
 * runs. Prints "result=ok", or the line, step and errno; with --cause also what
 * the kernel's first record of this process says was missing. Exit status: 0 all
 * steps were done, 1 one was refused, 2 wrong usage or a broken script.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "replay.h"
#include "record.h"

/**
 * struct options - the command line.
 * @provider: where enclaves are made
 * @pem: the signer's key
 * @code: replaces the script's
 * @write_code: make that file and stop
 * @print: word of the script's head to print
 * @check: only read the script
 * @signers: print the key's signers and stop
 * @cause: look for records
 */
struct options {
	const struct provider *provider;
	const char *pem;
	const char *code;
	const char *write_code;
	const char *print;
	bool check;
	bool signers;
	bool cause;
};

__attribute__((noreturn)) static void usage(void)
{
	fprintf(stderr,
		"usage: replay --key PEM [--provider sgx|dev] [--code FILE] [--cause] SCRIPT\n"
		"       replay --check SCRIPT\n"
		"       replay --print runtime|project|program|code SCRIPT\n"
		"       replay --key PEM --signers\n"
		"       replay --write-code FILE\n");
	exit(2);
}

static const struct provider *provider_named(const char *name)
{
	if (!strcmp(name, provider_sgx.name))
		return &provider_sgx;
	if (!strcmp(name, provider_dev.name))
		return &provider_dev;
	usage();
}

static void parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "provider", required_argument, NULL, 'p' },
		{ "key", required_argument, NULL, 'k' },
		{ "code", required_argument, NULL, 'c' },
		{ "write-code", required_argument, NULL, 'w' },
		{ "print", required_argument, NULL, 'P' },
		{ "check", no_argument, NULL, 'n' },
		{ "signers", no_argument, NULL, 's' },
		{ "cause", no_argument, NULL, 'C' },
		{ 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (c) {
		case 'p':
			o->provider = provider_named(optarg);
			break;
		case 'k':
			o->pem = optarg;
			break;
		case 'c':
			o->code = optarg;
			break;
		case 'w':
			o->write_code = optarg;
			break;
		case 'P':
			o->print = optarg;
			break;
		case 'n':
			o->check = true;
			break;
		case 's':
			o->signers = true;
			break;
		case 'C':
			o->cause = true;
			break;
		default:
			usage();
		}
	}
	if (argc - optind != !(o->signers || o->write_code))
		usage();
}

static int run_step(const struct provider *p, const struct step *s)
{
	uint64_t value = 0;
	int err;

	if (s->op != OP_CALL)
		return p->run[s->op] ? p->run[s->op](s) : 0;
	err = p->call(s, &value);
	if (!err && value != CODE_VALUE + s->file_page)
		err = -EILSEQ;
	return err;
}

static void print_missing(void)
{
	const char *record = record_wait(NULL);
	char missing[256] = "?", cause[64] = "?";

	if (record) {
		record_field(record, "missing", missing, sizeof(missing));
		record_field(record, "cause", cause, sizeof(cause));
	}
	printf(" cause=%s missing=%s", cause, missing);
}

static int refused(const struct options *o, const struct step *s, int err)
{
	printf("pid=%d line=%u step=%s result=%s", getpid(), s ? s->line : 0,
	       s ? op_name(s->op) : "open", strerrorname_np(-err));
	if (o->cause)
		print_missing();
	putchar('\n');
	return 1;
}

static int replay(const struct options *o, struct script *script)
{
	int err;

	if (o->code)
		snprintf(script->code, sizeof(script->code), "%s", o->code);
	if (o->cause && records_begin()) {
		fprintf(stderr, "replay: no audit records can be read\n");
		return 2;
	}
	err = o->provider->open(script, o->pem);
	if (err)
		return refused(o, NULL, err);
	for (unsigned int i = 0; i < script->count; i++) {
		err = run_step(o->provider, &script->steps[i]);
		if (err)
			return refused(o, &script->steps[i], err);
	}
	printf("pid=%d result=ok\n", getpid());
	return 0;
}

static int print_head(const struct script *s, const char *what)
{
	const struct {
		const char *name;
		const char *value;
	} heads[] = {
		{ "runtime", s->runtime },
		{ "project", s->project },
		{ "program", s->program },
		{ "code", s->code },
	};

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		if (!strcmp(what, heads[i].name)) {
			puts(heads[i].value);
			return 0;
		}
	}
	usage();
}

static int print_signers(const char *pem)
{
	char sgx[65], dev[65];

	if (provider_sgx.signer(pem, sgx) || provider_dev.signer(pem, dev)) {
		fprintf(stderr, "replay: %s: no such key\n", pem);
		return 2;
	}
	printf("sha256:%s, sha256:%s\n", sgx, dev);
	return 0;
}

int main(int argc, char **argv)
{
	static struct script script;
	struct options o = { .provider = &provider_sgx };
	int err;

	parse(argc, argv, &o);
	if (o.write_code) {
		err = code_write(o.write_code);
		if (err)
			fprintf(stderr, "replay: %s: %s\n", o.write_code,
				strerror(-err));
		return err ? 2 : 0;
	}
	if (!o.pem && !o.check && !o.print)
		usage();
	if (o.signers)
		return print_signers(o.pem);
	if (!script_read(argv[optind], &script))
		return 2;
	if (o.print)
		return print_head(&script, o.print);
	return o.check ? 0 : replay(&o, &script);
}
