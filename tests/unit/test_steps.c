// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * No shape of a policy takes more than linear work: the steps of the library are
 * counted, not timed. It is compiled with a call at each of its branches (steps.mk);
 * what it has the C library do counts by its length, and so does memory.
 *
 * Where what is compiled grows with the square, as the names of all sources that lie in
 * one another do, a limit refuses it (E0704, E0705) before that much is done: few parts
 * compile, many do not.
 */
#include "shapes.h"

#include <ewx/ewx.h>
#include <ewx/judge.h>
#include <ewx/policy.h>

/*
 * A shape of SMALL parts and one of GROWN times as many. Sorting and searching may
 * add a logarithm; what is quadratic takes GROWN times too much.
 */
#define SMALL 500
#define GROWN 8
#define RATIO_MAX 13.0
#define BYTES_MORE (16ull << 20) /* memory comes in large pages */

static unsigned long long steps, bytes;

void __sanitizer_cov_trace_pc(void);

void __sanitizer_cov_trace_pc(void)
{
	steps++;
}

#define UNIT 16 /* bytes that the C library does in a step */

void *__real_memcpy(void *to, const void *from, size_t n);
void *__real_memmove(void *to, const void *from, size_t n);
void *__real_memset(void *to, int c, size_t n);
int __real_memcmp(const void *a, const void *b, size_t n);
void *__real_memchr(const void *s, int c, size_t n);
size_t __real_strlen(const char *s);
int __real_strcmp(const char *a, const char *b);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_mmap(void *at, size_t size, int prot, int flags, int fd, off_t from);

void *__wrap_memcpy(void *to, const void *from, size_t n);
void *__wrap_memmove(void *to, const void *from, size_t n);
void *__wrap_memset(void *to, int c, size_t n);
int __wrap_memcmp(const void *a, const void *b, size_t n);
void *__wrap_memchr(const void *s, int c, size_t n);
size_t __wrap_strlen(const char *s);
int __wrap_strcmp(const char *a, const char *b);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_mmap(void *at, size_t size, int prot, int flags, int fd, off_t from);

void *__wrap_memcpy(void *to, const void *from, size_t n)
{
	steps += n / UNIT;
	return __real_memcpy(to, from, n);
}

void *__wrap_memmove(void *to, const void *from, size_t n)
{
	steps += n / UNIT;
	return __real_memmove(to, from, n);
}

void *__wrap_memset(void *to, int c, size_t n)
{
	steps += n / UNIT;
	return __real_memset(to, c, n);
}

int __wrap_memcmp(const void *a, const void *b, size_t n)
{
	steps += n / UNIT;
	return __real_memcmp(a, b, n);
}

void *__wrap_memchr(const void *s, int c, size_t n)
{
	const char *at = __real_memchr(s, c, n);

	steps += (at ? (size_t)(at - (const char *)s) : n) / UNIT;
	return (void *)at;
}

size_t __wrap_strlen(const char *s)
{
	size_t n = __real_strlen(s);

	steps += n / UNIT;
	return n;
}

int __wrap_strcmp(const char *a, const char *b)
{
	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		steps += i % UNIT == UNIT - 1;
	return __real_strcmp(a, b);
}

void *__wrap_calloc(size_t count, size_t size)
{
	bytes += count * size;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
	bytes += size;
	return __real_realloc(block, size);
}

void *__wrap_mmap(void *at, size_t size, int prot, int flags, int fd, off_t from)
{
	bytes += size;
	return __real_mmap(at, size, prot, flags, fd, from);
}

#define MEASURED "identity i { measurement " ONES "; }\n"

static const struct shape shapes[] = {
	SHAPE("rules", HEAD "source s { owner 0; }\n",
	       "allow exec_file from s;\n",
	       ""),
	SHAPE("literal paths", HEAD,
	       "source s@ { path \"/opt/@/lib.so\"; }\nallow exec_file from s@;\n",
	       ""),
	SHAPE("stars", HEAD,
	       "source s@ { path \"/opt/@/*.so\"; }\nallow exec_file from s@;\n",
	       ""),
	SHAPE("paths below", HEAD,
	       "source s@ { path \"/opt/@/**\"; }\nallow exec_file from s@;\n",
	       ""),
	SHAPE("nested paths", HEAD "source r { path \"/a/**\"; }\n",
	       "source s@ { path \"/a/b@/**\"; }\nsource t@ { path \"/a/b@/c/**\"; }\n",
	       "allow exec_file from r;\n"),
	SHAPE("alternatives", HEAD "source s {\n", "path \"/{a,b@}/{c@,d}\";\n",
	       "}\nallow exec_file from s;\n"),
	SHAPE("patterns of one source", HEAD "source s {\n",
	       "path \"/opt/@/*\";\n",
	       "}\nallow exec_file from s;\n"),
	SHAPE("executables", HEAD,
	       "domain d@ { exe \"/bin/@\"; allow create; }\n",
	       ""),
	SHAPE("users", HEAD,
	       "domain d@ { uid @; allow create; }\n",
	       ""),
	NESTED("overlapping users", HEAD,
	        "domain d@ { uid @-^; }\n",
	        "domain d@ over d^;\n"),
	SHAPE("users of one domain", HEAD "domain d {\n",
	       "uid @@;\n",
	       "}\n"),
	NESTED("chain of over", HEAD,
	        "domain d@ { exe \"/d\"; uid @; gid @; }\n",
	        "domain d@ over d^;\n"),
	SHAPE("over one", HEAD "domain d { exe \"/d\"; }\n",
	       "domain e@ { exe \"/d\"; uid @; }\ndomain e@ over d;\n",
	       ""),
	SHAPE("contexts", HEAD,
	       "domain d@ { context \"u:r:t@:s0\"; allow create; }\n",
	       ""),
	SHAPE("contexts of one domain", HEAD "domain d {\n",
	       "context \"u:r:t@:s0\";\n",
	       "}\n"),
	SHAPE("control groups of one domain", HEAD "domain d {\n",
	       "cgroup \"/c/@\";\n",
	       "}\n"),
	SHAPE("measurements", HEAD,
	       "identity i@ { measurement sha256:%; }\nallow init for i@;\n",
	       ""),
	SHAPE("one measurement", HEAD,
	       "identity i@ { measurement sha256:1111111111111111111111111111111111111111111111111111111111111111; }\nallow init for i@;\n",
	       ""),
	SHAPE("measurements of one identity", HEAD "identity i {\n",
	       "measurement sha256:%;\n",
	       "}\nallow init for i;\n"),
	SHAPE("products", HEAD,
	       "identity i@ { signer sha256:1111111111111111111111111111111111111111111111111111111111111111; product @; min-svn 1; }\nallow init for i@;\n",
	       ""),
	SHAPE("digests of files", HEAD,
	       "source s@ { fs-verity sha256:%; }\nallow exec_file from s@;\n",
	       ""),
	SHAPE("workloads", HEAD,
	       "source s@ { path \"/s@\"; }\nidentity i@ { measurement sha256:%; }\n"
	       "domain d@ { exe \"/d@\"; allow exec_file from s@ for i@; allow init for i@; }\n",
	       ""),
	SHAPE("owners", HEAD,
	       "source s@ { owner @; }\nallow exec_file from s@;\n",
	       ""),
	SHAPE("filesystems", HEAD,
	       "source s@ { fs \"f@\"; }\nallow exec_file from s@;\n",
	       ""),
	SHAPE("limits", HEAD MEASURED,
	       "allow exec_dynamic for i max @@1 pages;\n",
	       ""),
	SHAPE("ends", HEAD MEASURED,
	       "allow exec_dynamic for i max @@1 pages until 2027-03-31;\n"
	  "allow exec_dynamic for i max 1@ pages until 2028-03-31;\n",
	       ""),
	SHAPE("rules of an identity", HEAD MEASURED "source s { owner 0; }\n",
	       "domain d@ { exe \"/d@\"; allow init for i; allow exec_file from s for i; }\n",
	       ""),
	SHAPE("sets", HEAD,
	       "set s@ = create;\ndeny s@;\n",
	       ""),
	SHAPE("nevers", HEAD MEASURED "allow debug for i;\n",
	       "never debug, map_wx but for i;\n",
	       ""),
	SHAPE("expectations", HEAD "domain d { exe \"/d\"; allow create; }\n",
	       "expect allow in d: create;\n",
	       ""),
	NESTED("expectations of domains", HEAD,
	        "domain d@ { exe \"/d@\"; allow create; }\n",
	        "expect domain d@: exe \"/d@\";\nexpect allow in d@: create;\n"),
	SHAPE("directives", HEAD,
	       "#line @1 \"f@\"\ndeny vepc;\n",
	       ""),
	SHAPE("users in users", HEAD,
	      "domain d@ { uid @-&; }\n",
	      ""),
	SHAPE("users and programs in users", HEAD "domain x { exe \"/d\"; }\n",
	      "domain d@ { exe \"/d\"; uid @-&; }\n",
	      ""),
	SHAPE("users in one, and others", HEAD "domain w { uid 0-9; }\n",
	      "domain d@ { uid 0-9, 100@; }\n",
	      ""),
	REFUSED("users alike", HEAD,
		"domain d@ { uid 0-9; }\n",
		""),
	REFUSED("users in two at once", HEAD,
		"domain d@ { uid 0-9, 100@; }\n",
		""),
	LIMITED("groups in groups", HEAD,
		"domain d@ { gid @-&; }\n",
		""),
	LIMITED("owners in owners", HEAD,
		"source s@ { owner @-&; }\nallow exec_file from s@;\n",
		""),
	LIMITED("versions of one signer", HEAD,
		"identity i@ { signer sha256:1111111111111111111111111111111111111111111111111111111111111111; min-svn @; }\nallow init for i@;\n",
		""),
	LIMITED("domains with all sources", HEAD "source a { owner 0-99999; }\n",
		"source s@ { path \"/s@\"; }\ndomain d@ { exe \"/d@\"; allow exec_file from a; }\n",
		""),
	REFUSED("one expectation", HEAD "expect deny ",
	         "x, ",
	         "create: create;\n"),
	REFUSED("names of one set", HEAD "set s = ",
	         "x@ ",
	         ";\n"),
	REFUSED("domains alike", HEAD,
	         "domain d@ { exe \"/d\"; }\n",
	         ""),
	REFUSED("domains that overlap", HEAD,
	         "domain d@ { exe \"/d\"; uid @-^; }\n",
	         ""),
	REFUSED("expectations that fail", HEAD "domain d { exe \"/d\"; }\n",
	         "expect allow in d: create;\n",
	         ""),
};

static size_t too_much; /* and what else is wrong */

struct cost {
	unsigned long long steps;
	unsigned long long bytes;
};

static void count(struct cost *cost)
{
	cost->steps = steps;
	cost->bytes = bytes;
}

static void *compile(const struct shape *shape, size_t parts, size_t *size,
		     struct cost *cost)
{
	bool refused = shape->refused || (shape->limited && parts > SMALL);
	struct ewx_unit *u = ewx_unit_new();
	FILE *out = fopen("/dev/null", "w");
	size_t len;
	char *text = text_of(shape, parts, &len);
	void *blob = NULL;

	assert_non_null(out);
	steps = 0;
	bytes = 0;
	ewx_unit_add_text(u, "t", text, len);
	ewx_unit_compile(u, 1700000000, &blob, size);
	ewx_unit_print(u, out, true);
	count(cost);
	if (!blob != refused) {
		ewx_unit_print(u, stderr, false);
		print_error("%s: %s\n", shape->name,
			    blob ? "compiled" : "refused");
		too_much++;
	}
	fclose(out);
	ewx_unit_free(u);
	free(text);
	return blob;
}

static void format(const struct shape *shape, size_t parts, struct cost *cost)
{
	struct ewx_unit *u = ewx_unit_new();
	size_t len, size;
	char *text = text_of(shape, parts, &len), *result;

	steps = 0;
	bytes = 0;
	ewx_unit_format(u, "t", text, len, &result, &size);
	count(cost);
	ewx_unit_free(u);
	free(result);
	free(text);
}

static void dump(const void *blob, size_t size, struct cost *cost)
{
	FILE *out = fopen("/dev/null", "w");
	const char *error;

	assert_non_null(out);
	steps = 0;
	bytes = 0;
	if (ewx_dump(blob, size, out, &error))
		fail_msg("%s", error);
	count(cost);
	fclose(out);
}

static size_t differences;

static void found(void *ctx, const struct ewx_request *example,
		  const struct ewx_decision *before,
		  const struct ewx_decision *after)
{
	(void)ctx;
	(void)example;
	(void)before;
	(void)after;
	differences++;
}

static struct ewx_judge *judge(const void *blob, size_t size)
{
	struct ewx_judge_error error;
	struct ewx_judge *j = ewx_judge_new(blob, size, &error);

	if (!j)
		fail_msg("%s", error.text);
	return j;
}

/* What is gone if nothing is left. */
static void diff(const void *blob, size_t size, struct cost *cost)
{
	static const struct shape nothing = { .name = "nothing", .head = HEAD,
					      .tail = "" };
	struct ewx_comparison result;
	struct ewx_domain_view v;
	struct ewx_judge *j[2];
	size_t left;
	void *none = compile(&nothing, 1, &left, cost);

	j[0] = judge(blob, size);
	j[1] = judge(none, left);
	steps = 0;
	bytes = 0;
	differences = 0;
	assert_int_equal(ewx_judge_compare(j[0], j[1], 1700000000, found, NULL,
					   &result), 0);
	for (uint32_t i = 0; ewx_judge_domain(j[0], i, &v); i++)
		assert_int_equal(ewx_judge_domain_find(j[0], v.name), i);
	count(cost);
	ewx_judge_free(j[0]);
	ewx_judge_free(j[1]);
	free(none);
}

static void compare(const struct shape *shape, const char *what,
		    const struct cost *small, const struct cost *grown)
{
	double in_steps = (double)grown->steps / (double)(small->steps + 1);
	double in_bytes = grown->bytes < BYTES_MORE ? 0 :
			  (double)(grown->bytes - BYTES_MORE) /
				  (double)(small->bytes + 1);

	if (getenv("EWX_STEPS"))
		print_message("%-32s %-8s %12llu steps x%.1f, %12llu bytes x%.1f\n",
			      shape->name, what, grown->steps, in_steps,
			      grown->bytes, in_bytes);
	if (in_steps <= RATIO_MAX && in_bytes <= RATIO_MAX)
		return;
	too_much++;
	print_error("%s, %s: %d times as much takes %.1f times the steps and %.1f times the memory\n",
		    shape->name, what, GROWN, in_steps, in_bytes);
}

static void check_shape(const struct shape *shape)
{
	struct cost small, grown;
	size_t sizes[2];
	void *blobs[2];

	blobs[0] = compile(shape, SMALL, &sizes[0], &small);
	blobs[1] = compile(shape, SMALL * GROWN, &sizes[1], &grown);
	compare(shape, "compile", &small, &grown);
	if (blobs[0] && blobs[1]) {
		dump(blobs[0], sizes[0], &small);
		dump(blobs[1], sizes[1], &grown);
		compare(shape, "dump", &small, &grown);
		diff(blobs[0], sizes[0], &small);
		diff(blobs[1], sizes[1], &grown);
		compare(shape, "diff", &small, &grown);
	}
	free(blobs[0]);
	free(blobs[1]);
	format(shape, SMALL, &small);
	format(shape, SMALL * GROWN, &grown);
	compare(shape, "fmt", &small, &grown);
}

static void check_shapes(const struct shape *shape, size_t n)
{
	const char *only = getenv("EWX_SHAPE");

	too_much = 0;
	for (size_t i = 0; i < n; i++)
		if (!only || !strcmp(only, shape[i].name))
			check_shape(&shape[i]);
	assert_int_equal(too_much, 0);
}

static void test_shapes(void **state)
{
	(void)state;
	check_shapes(shapes, ARRAY_LEN(shapes));
}

static void test_hostile(void **state)
{
	(void)state;
	check_shapes(hostile, ARRAY_LEN(hostile));
}

/* The steps are counted, and are the same each time. */
static void test_counting(void **state)
{
	struct cost once, again;
	size_t size;

	(void)state;
	free(compile(&shapes[0], 100, &size, &once));
	free(compile(&shapes[0], 100, &size, &again));
	assert_int_equal(once.steps, again.steps);
	assert_true(once.steps > 10000);
	assert_true(once.bytes > 10000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counting),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
