// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The engine against an evaluator of the syntax tree: random policies, random
 * requests, the same verdicts. Prints TAP.
 *
 * Owns: the run. A policy has its own seed, made of the run's and its number, so that
 * one of them can be run alone.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include "libewx/request.h"
#include "libewx/verdict.h"
#include "export.h"
#include "shrink.h"

#define REQUESTS 200 /* for each policy */
#define SAMPLE 50 /* likewise, as text */
#define REFUSED_PERCENT 20 /* of policies, at most */
#define SERIES 20 /* of requests to one enclave, for each policy */
#define SERIES_MAX 8 /* requests of a series */
#define EVERY 16 /* of so many requests one is written down and read again */

/**
 * struct run - what is asked for, and what came of it.
 * @only: number of the one policy to run, or -1
 * @told: number of a request that is printed then, with the policy; or -1
 * @texts: folder for policies and requests as text, a sample of which nothing is
 *      demanded; or NULL
 * @path: file for a kernel, or NULL
 * @export: that file
 */
struct run {
	u64 pairs, seed;
	long only;
	long told;
	const char *texts;
	const char *path;
	struct export export;
	u64 policies, refused;
	struct shares shares;
};

/* Codes with which the compiler may refuse what the generator writes. */
static bool is_expected(const char *code)
{
	static const char *const codes[] = { "E0701", "E0702", "E0703", "E0704",
					     "E0801" };

	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (!strcmp(codes[i], code))
			return true;
	return false;
}

static void print_text(const struct policy_text *text)
{
	for (size_t i = 0; i < text->count; i++) {
		const char *s = text->files[i].text;

		printf("# ---- %s\n", text->files[i].name);
		while (*s) {
			int len = (int)(strchrnul(s, '\n') - s);

			printf("#   %.*s\n", len, s);
			s += len + (s[len] != '\0');
		}
	}
	printf("# ----\n");
}

static void print_request(const struct pair *p, const struct ewx_query *q)
{
	struct ewx_reply r;

	printf("# request    ");
	ewx_request_print(stdout, q);
	printf("\n# engine     ");
	if (!ewx_answer(&p->policy, q, p->candidates, &r))
		ewx_verdict_print(stdout, &p->policy, &r);
	printf("\n");
}

/* What both sides say, after the policy has been made small. */
static void report(const struct run *run, u64 number, struct policy_text *text,
		   const struct ewx_query *q, const char *why)
{
	char code[8], again[SHRINK_WHY] = "";
	struct pair p;

	printf("# differ: %s\n# seed %llu, policy %llu\n", why,
	       (unsigned long long)run->seed, (unsigned long long)number);
	shrink(text, q);
	print_text(text);
	if (pair_open(&p, text, code, again, sizeof(again)) == OPENED && q) {
		pair_compare(&p, q, NULL, again, sizeof(again));
		print_request(&p, q);
	}
	printf("# reference  %s\n", again);
	pair_close(&p);
}

/* The request as text is the same request. */
static bool reads_back(const struct ewx_query *q, char **text)
{
	struct ewx_request_error error;
	static struct ewx_query back;
	size_t size;
	FILE *f = open_memstream(text, &size);

	if (!f)
		abort();
	ewx_request_print(f, q);
	fclose(f);
	return !ewx_request_parse(*text, size, &back, &error) &&
	       !memcmp(q, &back, sizeof(back));
}

/* Return: false if it is not the same request when it is read. */
static bool write_request(const struct ewx_query *q, FILE *requests)
{
	char *line = NULL;
	bool good = reads_back(q, &line);

	if (!good)
		printf("# not the same request when it is read: %s\n", line);
	else if (requests)
		fprintf(requests, "%s\n", line);
	free(line);
	return good;
}

/* Return: false if the sides differ. */
static bool ask(struct run *run, struct pair *p, struct rng *rng, u64 number,
		struct policy_text *text, FILE *requests)
{
	static struct ewx_query q;
	char why[SHRINK_WHY] = "";
	bool good = true;

	for (u32 i = 0; good && i < (requests ? SAMPLE : REQUESTS); i++) {
		if (run->only < 0 && run->shares.pairs >= run->pairs)
			break;
		request_random(rng, p->ref, &q);
		good = pair_compare(p, &q, &run->shares, why, sizeof(why));
		if (!good) {
			report(run, number, text, &q, why);
			break;
		}
		if (run->told == (long)i) {
			print_text(text);
			print_request(p, &q);
		}
		if (requests || !(i % EVERY))
			good = write_request(&q, requests);
		if (p->want)
			export_request(&run->export, p->want);
	}
	return good;
}

/* Requests that follow one another before init. Return: false if the sides differ. */
static bool ask_series(struct run *run, struct pair *p, struct rng *rng,
		       u64 number, struct policy_text *text)
{
	static struct ewx_query q[SERIES_MAX];
	char why[SHRINK_WHY] = "";

	for (u32 i = 0; i < SERIES; i++) {
		if (pair_narrow(p, rng, q, SERIES_MAX, &run->shares, why,
				sizeof(why)))
			continue;
		report(run, number, text, NULL, why);
		for (u32 k = 0; k < SERIES_MAX && q[k].op; k++) {
			printf("# request    ");
			ewx_request_print(stdout, &q[k]);
			printf("\n");
		}
		return false;
	}
	return true;
}

/* A sample of policy and requests is written down. */
static bool run_texts(struct run *run, struct pair *p, struct rng *rng,
		      u64 number, struct policy_text *text)
{
	FILE *requests = texts_requests(run->texts, number);
	bool good;

	if (!requests || !texts_policy(run->texts, number, text))
		return false;
	good = ask(run, p, rng, number, text, requests);
	return !fclose(requests) && good;
}

/* A policy that both sides could read. Return: false if the sides differ. */
static bool run_pair(struct run *run, struct pair *p, struct rng *rng,
		     u64 number, struct policy_text *text)
{
	static struct ewx_exchange_request want;
	bool good;

	if (run->texts)
		return run_texts(run, p, rng, number, text);
	if (run->path) {
		p->want = &want;
		export_begin(&run->export, number);
	}
	good = ask(run, p, rng, number, text, NULL);
	if (run->path)
		good = export_end(&run->export, p) && good;
	return good && ask_series(run, p, rng, number, text);
}

static bool run_policy(struct run *run, u64 number)
{
	struct rng rng = { run->seed * 0x2545f4914f6cdd1dull + number };
	struct policy_text text;
	char code[8], why[SHRINK_WHY] = "";
	enum opened opened;
	struct pair p;
	bool good = false;

	policy_random(&rng, &text);
	run->policies++;
	opened = pair_open(&p, &text, code, why, sizeof(why));
	if (opened == OPENED_WRONG) {
		report(run, number, &text, NULL, why);
	} else if (opened == OPENED_REFUSED) {
		run->refused++;
		good = is_expected(code);
		if (!good) {
			printf("# seed %llu, policy %llu does not compile: %s\n",
			       (unsigned long long)run->seed,
			       (unsigned long long)number, code);
			print_text(&text);
		}
	} else {
		good = run_pair(run, &p, &rng, number, &text);
	}
	pair_close(&p);
	policy_free(&text);
	return good;
}

static bool result(u32 number, bool good, const char *name)
{
	printf("%s %u - %s\n", good ? "ok" : "not ok", number, name);
	return good;
}

static int usage(void)
{
	fputs("usage: differential [--pairs N] [--seed N] [--policy N [--request N]]\n"
	      "                    [--texts DIR | --export FILE [--flip N]]\n",
	      stderr);
	return 2;
}

static bool read_options(struct run *run, int argc, char **argv)
{
	static const struct option options[] = {
		{ "pairs", required_argument, NULL, 'p' },
		{ "seed", required_argument, NULL, 's' },
		{ "policy", required_argument, NULL, 'o' },
		{ "request", required_argument, NULL, 'r' },
		{ "texts", required_argument, NULL, 't' },
		{ "export", required_argument, NULL, 'e' },
		{ "flip", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		char *end = "";

		if (c == 'p')
			run->pairs = strtoull(optarg, &end, 0);
		else if (c == 's')
			run->seed = strtoull(optarg, &end, 0);
		else if (c == 'o')
			run->only = strtol(optarg, &end, 0);
		else if (c == 'r')
			run->told = strtol(optarg, &end, 0);
		else if (c == 'f')
			run->export.flip = strtol(optarg, &end, 0);
		else if (c == 't')
			run->texts = optarg;
		else if (c == 'e')
			run->path = optarg;
		else
			return false;
		if (*end)
			return false;
	}
	return optind == argc && run->pairs &&
	       (run->told < 0 || run->only >= 0) &&
	       !(run->path && (run->texts || run->only >= 0));
}

/* Is there something that a sample or a pair told wrong would spoil? */
static bool demands(const struct run *run)
{
	return !run->texts && run->export.flip < 0;
}

static bool run_all(struct run *run)
{
	const struct ewx_exchange_least nothing = {},
					least = shares_least(run->pairs);
	bool agree = true;

	if (run->path && !export_open(&run->export, run->path, run->pairs,
				      demands(run) ? &least : &nothing))
		return false;
	while (agree && run->shares.pairs < run->pairs)
		agree = run_policy(run, run->policies);
	if (run->path)
		agree = export_close(&run->export) && agree;
	return agree;
}

int main(int argc, char **argv)
{
	static struct run run = { .pairs = 100000,
				  .seed = 1,
				  .only = -1,
				  .told = -1,
				  .export.flip = -1 };
	bool agree, compiles, spread;

	if (!read_options(&run, argc, argv))
		return usage();
	if (run.only >= 0)
		return !run_policy(&run, (u64)run.only);
	printf("1..3\n");
	agree = run_all(&run);
	result(1, agree, "the engine and the syntax tree agree");
	printf("# seed %llu, %llu policies, %llu of them refused as ambiguous, too complex or against a never statement, %llu requests about nobody\n",
	       (unsigned long long)run.seed, (unsigned long long)run.policies,
	       (unsigned long long)run.refused,
	       (unsigned long long)run.shares.unknown);
	compiles = run.refused * 100 <= run.policies * REFUSED_PERCENT;
	result(2, compiles, "most random policies compile");
	shares_print(&run.shares, stdout);
	spread = !demands(&run) || !shares_missed(&run.shares, stdout);
	result(3, spread,
	       demands(&run) ?
		       "each outcome is met often enough" :
		       "each outcome is met often enough # SKIP a sample is small");
	return !(agree && compiles && spread);
}
