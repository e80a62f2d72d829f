// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * decide POLICY RULES DOMAINS SOURCES IDENTITIES [POLICY ...]... - how the cost
 * of a decision grows with the policy.
 *
 * Each POLICY was compiled from what genpolicy wrote for the four numbers that
 * follow it; the first is the peer of the others. The engine is the kernel's
 * (security/ewx/core). A decision is made from raw facts every time: path of the
 * program and uid to a domain, path and owner of the source to its class, signer,
 * product and version to the class of the identity, then the verdict. Nothing is
 * remembered from one request to the next, so that the caches of EWX's hooks do
 * not take part; the processor's caches are as the requests before left them.
 *
 * Every request hits a random rule; it names a random file and program that the
 * rule's patterns match. No request is made twice: BATCH of them are made, then
 * asked for with the clock running, then forgotten. Rounds of the policies
 * alternate, and the median round counts.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "security/ewx/core/engine.h"
#include "median.h"
#include "model.h"

#define BATCH 64
#define BATCHES 64 /* of a round */
#define ROUNDS 101
#define POLICIES_MAX 8
#define PATH_ROOM MODEL_PATH_ROOM
#define NOW 1800000000ull /* 2027: no "until" of the policies has passed */
#define TARGET 1.2

/** struct request - raw facts, and what must come out. */
struct request {
	char exe[PATH_ROOM];
	char path[PATH_ROOM];
	u8 signer[32];
	u32 exe_len;
	u32 path_len; /* 0: no file */
	u32 euid;
	u32 product;
	u32 svn;
	u32 required;
	u32 denied;
};

struct side {
	struct model m;
	struct ewx_policy policy;
	double times[ROUNDS];
};

static uint64_t seed = 1;

static unsigned long random_below(unsigned long n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 16) % n;
}

static void random_word(char *to, unsigned int len)
{
	while (len--)
		*to++ = (char)('a' + random_below(26));
	*to = '\0';
}

/* A path that the pattern of source @s matches, of the same length for all. */
static u32 put_path(char *path, unsigned long s)
{
	char a[32], b[32];

	random_word(a, 13);
	random_word(b, 15);
	return model_path(path, s, a, b, (unsigned int)random_below(4));
}

static u32 put_exe(char *exe, unsigned long d)
{
	char word[32];

	random_word(word, 6);
	if (d % 10 < 4)
		strcpy(word, "server");
	else if (d % 10 >= 8)
		word[2] = '/';
	return (u32)sprintf(exe, "/opt/app%05lu/bin/%s", d, word);
}

static void put_signer(u8 *signer, unsigned long i)
{
	uint64_t high = model_signer(i);

	memset(signer, 0, 32);
	for (int n = 0; n < 8; n++) {
		signer[n] = (u8)(high >> (56 - 8 * n));
		signer[24 + n] = (u8)((uint64_t)i >> (56 - 8 * n));
	}
}

static u32 word_of(unsigned long n)
{
#define WORD(NAME, word) ENCLAVE_PERM_##NAME,
	static const u32 perms[] = { MODEL_WORDS(WORD) };
#undef WORD
	return perms[model_word(n)];
}

static void put_request(const struct model *m, struct request *r,
			unsigned long n, unsigned long d)
{
	struct model_rule rule = model_rule(m, n);

	switch (model_kind(n)) {
	case MODEL_FILE_FOR:
	case MODEL_FILE:
		r->required = ENCLAVE_PERM_EXEC_FILE;
		r->path_len = put_path(r->path, rule.source);
		break;
	case MODEL_DENY:
		r->required = ENCLAVE_PERM_EXEC_MUTABLE;
		r->denied = r->required;
		r->path_len = put_path(r->path, rule.source);
		break;
	case MODEL_AUGMENT:
		r->required = ENCLAVE_PERM_AUGMENT;
		break;
	default:
		r->required = word_of(n);
		break;
	}
	r->exe_len = put_exe(r->exe, d);
	r->euid = (u32)(1000 + d + random_below(1000));
	put_signer(r->signer, rule.identity);
	r->product = (u32)model_product(rule.identity);
	r->svn = (u32)(model_svn(rule.identity) + random_below(3));
}

/* A request that hits a random rule of the kind n % 8. */
static void make_request(const struct model *m, struct request *r,
			 unsigned long kind)
{
	unsigned long n = kind + 8 * random_below((m->rules - kind + 7) / 8);
	unsigned long d = n * m->domains / m->rules;

	while (model_first_rule(m, d) > n)
		d--;
	while (model_first_rule(m, d + 1) <= n)
		d++;
	memset(r, 0, sizeof(*r));
	put_request(m, r, n, d);
}

static void load(struct side *s, const char *name)
{
	struct ewx_fault fault;
	struct stat st;
	void *blob;
	int fd = open(name, O_RDONLY);

	if (fd < 0 || fstat(fd, &st)) {
		perror(name);
		exit(2);
	}
	blob = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	/* Small pages, as vmalloc() has. */
	if (blob == MAP_FAILED ||
	    madvise(blob, (size_t)st.st_size, MADV_NOHUGEPAGE) ||
	    read(fd, blob, (size_t)st.st_size) != st.st_size ||
	    !ewx_policy_verify(blob, (u32)st.st_size, &s->policy, &fault)) {
		fprintf(stderr, "%s: not a policy\n", name);
		exit(2);
	}
	close(fd);
}

static u32 source_class(const struct ewx_policy *p, const struct request *r,
			char *buf)
{
	struct ewx_properties props = { .owner = 0, .fs = "ext4" };

	if (!r->path_len)
		return EWX_CLASS_UNLISTED;
	memcpy(buf, r->path, r->path_len);
	return ewx_walk(p, ewx_match(p, EWX_AUTOMATON_PATH, buf, r->path_len),
			&props);
}

static u32 domain_of(const struct ewx_policy *p, const struct request *r,
		     char *buf)
{
	struct ewx_properties props = { .euid = r->euid };

	memcpy(buf, r->exe, r->exe_len);
	return ewx_walk(p, ewx_match(p, EWX_AUTOMATON_EXE, buf, r->exe_len),
			&props);
}

static u32 identity_of(const struct ewx_policy *p, const struct request *r)
{
	static const u8 measurement[32];
	struct ewx_properties props = {
		.has_signer = true,
		.signer = r->signer,
		.measurement = measurement,
		.product = r->product,
		.svn = r->svn,
	};

	return ewx_identity_class(p, &props);
}

static u32 decide(const struct ewx_policy *p, const struct request *r)
{
	u64 uses[ENCLAVE_PERM_COUNT];
	char buf[PATH_ROOM];
	struct ewx_verdict v;
	struct ewx_question q = {
		.domain = domain_of(p, r, buf),
		.source = source_class(p, r, buf),
		.identity = identity_of(p, r),
		.required = r->required,
		.now = NOW,
		.uses = uses,
	};

	memset(uses, 0, sizeof(uses));
	ewx_decide(p, &q, &v);
	return v.denied;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void check(const struct request *r, u32 denied)
{
	if (denied == r->denied)
		return;
	fprintf(stderr, "wrong verdict: %s %s\n", r->exe, r->path);
	exit(2);
}

/* Nanoseconds per decision over one round; a wrong verdict ends it all. */
static double one_round(const struct side *s)
{
	static struct request requests[BATCH];
	u32 denied[BATCH];
	double time = 0;

	for (int batch = 0; batch < BATCHES; batch++) {
		/* Kinds of rules alternate: each policy gets the same mix. */
		for (unsigned long i = 0; i < BATCH; i++)
			make_request(&s->m, &requests[i], i % 8);
		time -= seconds();
		for (int i = 0; i < BATCH; i++)
			denied[i] = decide(&s->policy, &requests[i]);
		time += seconds();
		for (int i = 0; i < BATCH; i++)
			check(&requests[i], denied[i]);
	}
	return time * 1e9 / (BATCH * BATCHES);
}

int main(int argc, char **argv)
{
	static struct side sides[POLICIES_MAX];
	int count = (argc - 1) / 5;

	if (count < 2 || count > POLICIES_MAX || argc != 5 * count + 1) {
		fprintf(stderr,
			"usage: decide POLICY RULES DOMAINS SOURCES IDENTITIES [POLICY ...]...\n");
		return 2;
	}
	for (int i = 0; i < count; i++) {
		char **arg = &argv[1 + 5 * i];

		sides[i].m = (struct model){
			.rules = strtoul(arg[1], NULL, 10),
			.domains = strtoul(arg[2], NULL, 10),
			.sources = strtoul(arg[3], NULL, 10),
			.identities = strtoul(arg[4], NULL, 10),
		};
		load(&sides[i], arg[0]);
	}
	for (int round = 0; round < ROUNDS; round++)
		for (int i = 0; i < count; i++)
			sides[i].times[round] = one_round(&sides[i]);
	for (int i = 1; i < count; i++)
		printf("decision-%lu-rules\tns\t%.1f\t%.1f\t%lu rules\t%.1f\n",
		       sides[i].m.rules, median_time(sides[i].times, ROUNDS),
		       median_time(sides[0].times, ROUNDS), sides[0].m.rules,
		       TARGET);
	return 0;
}
