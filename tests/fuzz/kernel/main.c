// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz-kernel SECONDS SEED SEEDS RING TARGET... - put inputs to the kernel, each target
 *	for so long; TAP without a plan on stdout. SEEDS: a directory with inputs to begin
 *	with. RING: a file that outlives the kernel; it gets the last inputs, each before
 *	it is run.
 * fuzz-kernel --replay RING SEEDS TARGET - put the inputs of such a file to it again
 *
 * Owns: the loop, what is said about it, the ring. Knows no target.
 */
#include <assert.h>
#include <stdarg.h>
#include <time.h>

#include "fuzzer.h"

/* Inputs that a ring holds: a fault may be the doing of one before the last. */
#define RING 16
/* Inputs beside those to begin with, below which a target has done too little. */
#define FEWEST 50
/* So many times the time that is given, if there would be fewer. */
#define LONGER 10

/**
 * struct slot - one input in a ring; each target has RING of these.
 * @number: of the execution, from 1 on; 0: there is none
 * @size: bytes of @data
 */
struct slot {
	uint64_t number, size;
	uint8_t data[INPUT_MAX];
};
static_assert(sizeof(struct slot) == 65536, "check makes the file");

/**
 * struct run - of a target.
 * @number: of the last execution
 * @seeds: inputs that it began with
 * @first: places that these reached
 * @seconds: that it took
 * @wrong: what the last execution showed to be wrong with the kernel, or NULL
 * @lacks: what the run is worth nothing without, or NULL; that is no finding
 */
struct run {
	const struct target *target;
	unsigned long number, seeds;
	unsigned int first;
	double seconds;
	const char *wrong;
	const char *lacks;
};

static const struct target *const targets[] = { &target_blob, &target_query,
						&target_nodes, &target_dev,
						&target_sgx };
#define TARGETS (sizeof(targets) / sizeof(*targets))
static struct slot (*rings)[RING];
static uint8_t input[INPUT_MAX];
static size_t input_size;
struct tally tally;

void tally_up(int err)
{
	tally.done += !err;
	tally.refused += err < 0;
}

const char *wrongly(const char *format, ...)
{
	static char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	/* It is one line, whatever the kernel was told. */
	for (char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = ' ';
	return text;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t target_number(const struct target *t)
{
	size_t i = 0;

	while (targets[i] != t)
		i++;
	return i;
}

/* The kernel may not come back from it. */
static void save(const struct run *r)
{
	struct slot *s = &rings[target_number(r->target)][r->number % RING];

	s->number = 0;
	memcpy(s->data, input, input_size);
	s->size = input_size;
	__atomic_store_n(&s->number, r->number, __ATOMIC_RELEASE);
}

/* The input. Return: it reached something new. */
static bool execute(struct run *r)
{
	r->number++;
	save(r);
	cover_start();
	r->wrong = r->target->run(input, input_size);
	return cover_end();
}

static bool is_over(const struct run *r)
{
	return r->wrong || r->lacks;
}

static void begin_with(struct run *r)
{
	r->seeds = corpus_count();
	for (size_t i = 0; i < r->seeds && !is_over(r); i++) {
		const uint8_t *data = corpus_get(i, &input_size);

		memcpy(input, data, input_size);
		execute(r);
	}
	r->first = cover_count();
	if (!is_over(r) && !r->seeds)
		r->lacks = "there is nothing to begin with";
}

/* What a run is worth nothing without. Return: NULL, or what is missing. */
static const char *missing(const struct run *r)
{
	if (r->number < r->seeds + FEWEST)
		return "too few executions";
	if (cover_count() == r->first)
		return "nothing was reached that was not from the beginning";
	if (!tally.done || !tally.refused)
		return "the kernel gave all of it the same answer";
	return NULL;
}

/* So long; on a busy machine longer, until it is worth something. */
static void go_on(struct run *r, double begun, double seconds, uint64_t *random)
{
	while (!is_over(r) &&
	       (now() < begun + seconds ||
		(missing(r) && now() < begun + LONGER * seconds))) {
		const uint8_t *data = corpus_pick(random, &input_size);

		memcpy(input, data, input_size);
		for (unsigned int n = 1 << below(random, 4); n; n--)
			input_size =
				r->target->mutate(input, input_size, random);
		if (execute(r))
			corpus_add(input, input_size);
	}
	if (!is_over(r))
		r->lacks = missing(r);
}

/* A line `# input N: ' is said of nothing but what an input showed: check looks for it. */
static bool report(const struct run *r, int number)
{
	if (r->lacks)
		printf("# %s: %s\n", r->target->name, r->lacks);
	if (r->wrong)
		printf("# input %lu: %s\n", r->number, r->wrong);
	printf("%s %d - %s: %lu executions, %.0f a second, %u places reached, %u of them by the %lu inputs to begin with, %zu inputs kept, %lu calls done, %lu refused\n",
	       is_over(r) ? "not ok" : "ok", number, r->target->name, r->number,
	       (double)r->number / (r->seconds > 0 ? r->seconds : 1),
	       cover_count(), r->first, r->seeds, corpus_count() - r->seeds,
	       tally.done, tally.refused);
	fflush(stdout);
	return !is_over(r);
}

static bool fuzz(const struct target *t, double seconds, uint64_t seed,
		 const char *seeds, int number)
{
	struct run r = { .target = t };
	uint64_t random = seed * 0x9e3779b97f4a7c15ull + 1;
	double begun;
	int err;

	tally = (struct tally){ 0 };
	corpus_clear();
	cover_clear();
	err = t->begin(seeds);
	if (err)
		r.lacks = wrongly("before the first input: %s", strerror(-err));
	begun = now();
	begin_with(&r);
	go_on(&r, begun, seconds, &random);
	r.seconds = now() - begun;
	return report(&r, number);
}

static int by_number(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

static bool replay(const char *file, const char *seeds, const struct target *t)
{
	const size_t n = target_number(t);
	struct slot *slots = calloc(TARGETS, sizeof(*rings));
	const char *wrong = NULL;
	int err = slots ? t->begin(seeds) : -ENOMEM, ran = 0;

	if (err || read_file(file, slots, TARGETS * sizeof(*rings)) <= 0) {
		printf("Bail out! %s: %s\n", err ? t->name : file,
		       strerror(err ? -err : EIO));
		return false;
	}
	slots += n * RING;
	qsort(slots, RING, sizeof(*slots), by_number);
	for (int i = 0; i < RING && !wrong; i++) {
		if (!slots[i].number || slots[i].size > INPUT_MAX)
			continue;
		printf("# input %llu, %llu bytes\n",
		       (unsigned long long)slots[i].number,
		       (unsigned long long)slots[i].size);
		fflush(stdout);
		wrong = t->run(slots[i].data, slots[i].size);
		ran++;
	}
	if (wrong)
		printf("# %s\n", wrong);
	printf("%s 1 - %s: %d inputs again\n", wrong || !ran ? "not ok" : "ok",
	       t->name, ran);
	return !wrong && ran;
}

/* A part of the file's size may be left over. */
static int rings_open(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	rings = mmap(NULL, TARGETS * sizeof(*rings), RW, MAP_SHARED, fd, 0);
	close(fd);
	return rings == MAP_FAILED ? -errno : 0;
}

static const struct target *target_named(const char *name)
{
	for (size_t i = 0; i < TARGETS; i++)
		if (!strcmp(targets[i]->name, name))
			return targets[i];
	fprintf(stderr, "fuzz-kernel: there is no target %s\n", name);
	exit(2);
}

int main(int argc, char **argv)
{
	const bool again = argc == 5 && !strcmp(argv[1], "--replay");
	bool good = true;
	uint64_t seed;
	int err;

	if (!again && (argc < 6 || atof(argv[1]) <= 0)) {
		fprintf(stderr,
			"usage: fuzz-kernel SECONDS SEED SEEDS RING TARGET...\n"
			"       fuzz-kernel --replay RING SEEDS TARGET\n");
		return 2;
	}
	guard();
	err = cover_begin();
	if (err) {
		printf("Bail out! /sys/kernel/debug/kcov: %s\n",
		       strerror(-err));
		return 1;
	}
	if (again)
		return !replay(argv[2], argv[3], target_named(argv[4]));
	err = rings_open(argv[4]);
	if (err) {
		printf("Bail out! %s: %s\n", argv[4], strerror(-err));
		return 1;
	}
	seed = strtoull(argv[2], NULL, 0);
	printf("TAP version 13\n# seed %llu\n", (unsigned long long)seed);
	for (int i = 5; i < argc; i++)
		good = fuzz(target_named(argv[i]), atof(argv[1]), seed, argv[3],
			    i - 4) &&
		       good;
	return !good;
}
