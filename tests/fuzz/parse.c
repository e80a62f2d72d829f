// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: any text as a policy, through the whole compiler. What compiles
 * verifies, answers every request, and dumped it compiles to the same bytes; what
 * parses can be laid out, once and for all, and says the same then but for its lines.
 */
#include <string.h>
#include <ewx/ewx.h>

#include "compiled.h"
#include "sample.h"

#define BUILT 1700000000u

static void answer_all(const struct ewx_policy *p, u64 *candidates)
{
	static struct ewx_query q;
	struct ewx_reply r;

	for (unsigned int i = 0; i < COMPILED_REQUESTS; i++) {
		compiled_request(i, BUILT + 1, &q);
		must(!ewx_answer(p, &q, candidates, &r),
		     "a request is answered");
		must((r.allowed | r.denied) == r.required &&
			     !(r.allowed & r.denied),
		     "each permission is allowed or denied");
		must(r.result == EWX_RESULT_DENY || !r.denied,
		     "nothing is missing where all is allowed");
	}
}

static void use(const void *blob, size_t size)
{
	struct ewx_fault fault;
	struct ewx_policy p;
	u64 *candidates;

	must(ewx_policy_verify(blob, (u32)size, &p, &fault),
	     "what was compiled verifies");
	candidates = calloc(p.set_words + 1, sizeof(*candidates));
	must(candidates != NULL, "there is memory");
	sample_exercise(&p, candidates);
	answer_all(&p, candidates);
	free(candidates);
}

static char *format(const char *text, size_t size, size_t *len)
{
	struct ewx_unit *u = ewx_unit_new();
	char *result = NULL;

	must(u != NULL, "there is memory");
	if (ewx_unit_format(u, "input", text, size, &result, len))
		result = NULL;
	ewx_unit_free(u);
	return result;
}

/* What a dump says, in one layout: without its empty lines and where lines are from. */
static char *saying(const void *blob, size_t blob_size)
{
	static const char directive[] = "#line ";
	size_t size;
	char *dumped = compiled_dump(blob, blob_size, &size);
	char *laid_out, *in, *out;

	must(dumped != NULL, "what was compiled has a text");
	for (in = out = dumped; *in;) {
		size_t len = strcspn(in, "\n");

		len += in[len] == '\n';
		if (strncmp(in, directive, strlen(directive))) {
			memmove(out, in, len);
			out += len;
		}
		in += len;
	}
	laid_out = format(dumped, (size_t)(out - dumped), &size);
	must(laid_out != NULL, "a dump can be laid out");
	for (in = out = laid_out; *in; in++)
		if (*in != '\n' || (out != laid_out && out[-1] != '\n'))
			*out++ = *in;
	*out = '\0';
	free(dumped);
	return laid_out;
}

/* @text is @blob, laid out: but for the lines it says the same. */
static void compare_laid_out(const char *text, size_t len, const void *blob,
			     size_t size)
{
	struct ewx_unit *u = ewx_unit_new();
	char *before = saying(blob, size), *after;
	size_t again_size;
	void *again;

	must(u != NULL, "there is memory");
	must(!ewx_unit_add_text(u, "input", text, len),
	     "what was laid out parses");
	must(!ewx_unit_compile(u, BUILT, &again, &again_size),
	     "what was laid out compiles");
	after = saying(again, again_size);
	must(!strcmp(before, after), "what was laid out says the same");
	free(before);
	free(after);
	free(again);
	ewx_unit_free(u);
}

/* @blob: what it compiles to, or NULL */
static void lay_out(const char *text, size_t size, const void *blob,
		    size_t blob_size)
{
	size_t len, again_len;
	char *once = format(text, size, &len), *twice;

	must(once || !blob, "what compiles can be laid out");
	if (!once)
		return;
	if (blob)
		compare_laid_out(once, len, blob, blob_size);
	twice = format(once, len, &again_len);
	must(twice != NULL, "what was laid out parses");
	must(len == again_len && !memcmp(once, twice, len),
	     "what was laid out stays as it is");
	free(twice);
	free(once);
}

/* Each message has a place that is one, and can be printed. */
static void read_messages(const struct ewx_unit *u)
{
	const struct ewx_diagnostic *d;
	char *text = NULL;
	size_t count, size;
	FILE *out;

	d = ewx_unit_diagnostics(u, &count);
	for (size_t i = 0; i < count; i++)
		must(d[i].text && d[i].code && d[i].end_column >= d[i].column,
		     "a message has a code, a text and a place");
	out = open_memstream(&text, &size);
	must(out != NULL, "there is memory");
	ewx_unit_print(u, out, count % 2);
	fclose(out);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ewx_unit *u = ewx_unit_new();
	void *blob = NULL;
	size_t blob_size = 0;
	bool failed;

	must(u != NULL, "there is memory");
	ewx_unit_add_text(u, "input", (const char *)data, size);
	failed = ewx_unit_compile(u, BUILT, &blob, &blob_size);
	must(failed == (ewx_unit_errors(u) > 0),
	     "what does not compile has an error");
	read_messages(u);
	ewx_unit_free(u);
	lay_out((const char *)data, size, failed ? NULL : blob, blob_size);
	if (failed)
		return 0;
	use(blob, blob_size);
	compiled_same(blob, blob_size, BUILT);
	free(blob);
	return 0;
}
