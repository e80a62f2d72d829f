// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Verdicts as text: the one line that "ewx query" prints and that verdict
 * vectors expect.
 */
#include <stdlib.h>
#include <string.h>

#include <ewx/words.h>
#include "verdict.h"
#include "../security/ewx/core/engine.h"

const char *ewx_verdict_word(const struct ewx_reply *r)
{
	if (r->refusal)
		return "refuse";
	switch (r->result) {
	case EWX_RESULT_ALLOW:
		return "allow";
	case EWX_RESULT_DENY:
		return "deny";
	case EWX_RESULT_DEFER:
		return "defer";
	default:
		return "?";
	}
}

struct ewx_place ewx_verdict_place(const struct ewx_policy *p,
				   const struct ewx_reply *r, __u32 bit)
{
	struct ewx_place place = { NULL, 0, false };

	if (!p || bit >= ENCLAVE_PERM_COUNT)
		return place;
	if (ewx_rule_line(p, r->rule[bit], &place.file, &place.line)) {
		place.rule = true;
		return place;
	}
	if (!ewx_domain_line(p, r->domain, &place.file, &place.line))
		place.file = NULL;
	return place;
}

__u32 ewx_verdict_bit(const struct ewx_reply *r)
{
	__u32 bits = r->denied ? r->denied : r->required;

	if (r->denied && r->cause < ENCLAVE_PERM_COUNT)
		return r->cause;
	return (bits & ENCLAVE_PERM_ALL) ? (__u32)__builtin_ctz(bits) :
					   ENCLAVE_PERM_COUNT;
}

static void print_decision(FILE *out, const struct ewx_policy *p,
			   const struct ewx_reply *r, __u32 bit)
{
	struct ewx_place place = ewx_verdict_place(p, r, bit);

	fprintf(out, " %s %s ", ewx_name(EWX_NAMES_PERMISSION, bit),
		ewx_name(EWX_NAMES_REASON, r->reason[bit]));
	if (place.file) {
		ewx_print_name(out, place.file);
		fprintf(out, ":%u", place.line);
	} else {
		fputc('-', out);
	}
}

void ewx_verdict_print(FILE *out, const struct ewx_policy *p,
		       const struct ewx_reply *r)
{
	__u32 bit = ewx_verdict_bit(r);

	fputs(ewx_verdict_word(r), out);
	if (r->refusal)
		fprintf(out, " %s", ewx_name(EWX_NAMES_REFUSAL, r->refusal));
	else if (bit < ENCLAVE_PERM_COUNT)
		print_decision(out, p, r, bit);
}

/* The word at *@s; *@s is moved past it and the blanks that follow. */
static size_t word(const char **s, const char **start)
{
	size_t n;

	*start = *s;
	n = strcspn(*s, " \t\n");
	*s += n;
	*s += strspn(*s, " \t\n");
	return n;
}

bool ewx_verdict_matches(const char *expected, const struct ewx_policy *p,
			 const struct ewx_reply *r)
{
	const char *rest = expected + strspn(expected, " \t"), *start;
	size_t size = 0, n = word(&rest, &start);
	char *line = NULL;
	FILE *out;
	bool same;
	int bit;

	if (strlen(ewx_verdict_word(r)) != n ||
	    memcmp(ewx_verdict_word(r), start, n))
		return false;
	if (!*rest)
		return r->result != EWX_RESULT_DENY;
	out = open_memstream(&line, &size);
	if (!out)
		return false;
	start = rest;
	bit = ewx_name_find(EWX_NAMES_PERMISSION, rest, strcspn(rest, " \t\n"));
	if (r->refusal)
		fprintf(out, " %s", ewx_name(EWX_NAMES_REFUSAL, r->refusal));
	else if (bit >= 0 && (r->required & (1U << bit)) &&
		 (!r->denied || (__u32)bit == ewx_verdict_bit(r)))
		print_decision(out, p, r, (__u32)bit);
	fclose(out);
	n = strlen(start);
	while (n && strchr(" \t\n", start[n - 1]))
		n--;
	same = line && line[0] == ' ' && strlen(line + 1) == n &&
	       !memcmp(line + 1, start, n);
	free(line);
	return same;
}
