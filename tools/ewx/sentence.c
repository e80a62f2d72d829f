// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests and verdicts in words for a person, and the policy line concerned.
 */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* What happened, seen from the program: why the permission was needed. */
static const char *const happened[ENCLAVE_PERM_COUNT] = {
	[ENCLAVE_PERM_BIT_EXEC_FILE] =
		"The code comes from this file, byte for byte.",
	[ENCLAVE_PERM_BIT_EXEC_MODIFIED] =
		"The page began as a file's, but the process wrote to its private copy (a relocation, a patch, a debugger), so the file no longer vouches for it.",
	[ENCLAVE_PERM_BIT_EXEC_ANON] =
		"The code comes from memory that no trustworthy file backs: heap, stack, memfd, shared memory or a deleted file.",
	[ENCLAVE_PERM_BIT_EXEC_MUTABLE] =
		"The file can still change after it was judged: it is open for writing, mapped shared and writable, or on a filesystem that cannot promise its content.",
	[ENCLAVE_PERM_BIT_EXEC_UNMEASURED] =
		"The enclave's measurement does not cover the whole page, so its identity says nothing about this code.",
	[ENCLAVE_PERM_BIT_LOAD_WX] =
		"The page is declared both writable and executable.",
	[ENCLAVE_PERM_BIT_MAP_WX] =
		"The mapping is writable and executable at once.",
	[ENCLAVE_PERM_BIT_EXEC_DYNAMIC] =
		"The page was added after the enclave was initialised and is now to be executed.",
	[ENCLAVE_PERM_BIT_EXEC_WRITTEN] =
		"The page was writable before and is now to be executed, or the other way round.",
	[ENCLAVE_PERM_BIT_AUGMENT] =
		"The enclave is to get a page that it did not have when it was initialised.",
	[ENCLAVE_PERM_BIT_CHANGE] =
		"The enclave's mappings or pages are to change after it was initialised.",
	[ENCLAVE_PERM_BIT_CREATE] = "The process builds an enclave.",
	[ENCLAVE_PERM_BIT_INIT] =
		"The enclave is complete and asks to be started under its identity.",
	[ENCLAVE_PERM_BIT_DEBUG] =
		"The enclave has the debug attribute: a debugger can read and write all of it.",
	[ENCLAVE_PERM_BIT_PROVISION] =
		"The enclave has the provisioning attribute: it can derive keys that identify this machine.",
	[ENCLAVE_PERM_BIT_DEBUG_WRITE] =
		"A debugger is about to write to a page that may execute.",
	[ENCLAVE_PERM_BIT_SHARE] =
		"The enclave was created by another domain or another user.",
	[ENCLAVE_PERM_BIT_VEPC] =
		"The process asks for raw enclave memory, as a virtual machine does.",
};

static const struct {
	const char *name;
	int from;
	int ident;
} clauses[ENCLAVE_PERM_COUNT] = {
#define CLAUSE(NAME, name, from, ident, when) \
	{ #name, ENCLAVE_CLAUSE_##from, ENCLAVE_CLAUSE_##ident },
	ENCLAVE_PERMISSIONS(CLAUSE)
#undef CLAUSE
};

static void say_rule(FILE *out, __u32 bit, const struct ewx_query *q)
{
	fprintf(out, "allow %s", clauses[bit].name);
	if (clauses[bit].from == ENCLAVE_CLAUSE_REQUIRED)
		fputs(" from SOURCE", out);
	if (clauses[bit].ident == ENCLAVE_CLAUSE_REQUIRED) {
		if (q && q->identity_kind == EWX_IDENTITY_NAMED) {
			fputs(" for ", out);
			ewx_print_safe(out, q->identity, 0);
		} else {
			fputs(" for IDENTITY", out);
		}
	}
	fputc(';', out);
}

static void say_domain(FILE *out, const char *domain)
{
	if (!*domain) {
		fputs("the process's domain", out);
		return;
	}
	fputs("domain ", out);
	ewx_print_safe(out, domain, 0);
}

static void say_no_rule(FILE *out, __u32 bit, const char *domain,
			const struct ewx_query *q)
{
	fputs("No rule that fits ", out);
	say_domain(out, domain);
	if (clauses[bit].from == ENCLAVE_CLAUSE_REQUIRED)
		fputs(", this file", out);
	if (clauses[bit].ident != ENCLAVE_CLAUSE_REFUSED)
		fputs(" and this enclave", out);
	fprintf(out, " allows %s.", clauses[bit].name);
	if (!strcmp(domain, "default"))
		fputs(" (The process fits the conditions of no other domain.)",
		      out);
	fputs(" If it is meant to be allowed, write into ", out);
	say_domain(out, domain);
	fputs(": ", out);
	say_rule(out, bit, q);
	if (clauses[bit].from == ENCLAVE_CLAUSE_REQUIRED)
		fputs(" with a SOURCE that the file is in.", out);
}

void sentence_missing(FILE *out, __u32 bit, __u32 reason, const char *domain,
		      const struct ewx_query *q)
{
	const char *name;

	if (bit >= ENCLAVE_PERM_COUNT)
		return;
	name = clauses[bit].name;
	fprintf(out, "%s ", happened[bit]);
	switch (reason) {
	case EWX_REASON_NO_RULE:
		say_no_rule(out, bit, domain, q);
		break;
	case EWX_REASON_DENIED:
		fprintf(out,
			"The rule denies %s, and a deny wins over every allow.",
			name);
		break;
	case EWX_REASON_EXPIRED:
		fprintf(out,
			"The rule allowed %s until its date, which has passed, or the clock is before the policy's build stamp.",
			name);
		break;
	case EWX_REASON_MAX:
		fprintf(out,
			"The enclave already has as many pages that use %s as the rule's max allows; pages that are removed give room again.",
			name);
		break;
	case EWX_REASON_IDENTITY:
		fputs("Taken with what was loaded before, no identity is left that is allowed all of it.",
		      out);
		break;
	case EWX_REASON_POLICY_CHANGED:
		fputs("The policy was replaced while the enclave was being built; build it again under the new one.",
		      out);
		break;
	case EWX_REASON_ADMITTED_UNJUDGED:
		fputs("Pages were loaded while nothing was enforced (no policy, or permissive mode), so the enclave cannot be trusted now; build it again.",
		      out);
		break;
	default:
		fprintf(out, "Reason: %s.",
			ewx_name_why(EWX_NAMES_REASON, reason));
		break;
	}
}

/* What an operation does, and whether it says to what it is: @access counts. */
static const struct {
	const char *words;
	bool to;
} verbs[ENCLAVE_OP_COUNT] = {
	[ENCLAVE_OP_CREATE] = { "creating an enclave", false },
	[ENCLAVE_OP_LOAD] = { "loading a page", true },
	[ENCLAVE_OP_ADD] = { "adding a page after init", true },
	[ENCLAVE_OP_MMAP] = { "mapping a page", true },
	[ENCLAVE_OP_MPROTECT] = { "changing a mapping's protection", true },
	[ENCLAVE_OP_FAULT] = { "touching a mapped page", true },
	[ENCLAVE_OP_RESTRICT] = { "restricting a page's permissions", true },
	[ENCLAVE_OP_TYPE] = { "changing a page's type", false },
	[ENCLAVE_OP_REMOVE] = { "removing a page", false },
	[ENCLAVE_OP_ACCESS] = { "a debugger's access", true },
	[ENCLAVE_OP_INIT] = { "initialising an enclave", false },
	[ENCLAVE_OP_PROVISION] = { "using the provisioning attribute", false },
	[ENCLAVE_OP_VEPC] = { "using raw enclave memory", false },
};

void sentence_request(FILE *out, const struct ewx_query *q)
{
	static const char *const letters[] = {
		"nothing",
		"read",
		"write",
		"read and write",
		"execute",
		"read and execute",
		"write and execute",
		"read, write and execute",
	};

	bool known = q->op < ENCLAVE_OP_COUNT && verbs[q->op].words;

	fputs(known ? verbs[q->op].words : "a request", out);
	if (known && verbs[q->op].to)
		fprintf(out, " to %s", letters[q->access & 7]);
	if (q->op == ENCLAVE_OP_LOAD && q->path[0]) {
		fputs(", from ", out);
		ewx_print_safe(out, q->path, 0);
	}
}

void show_source_line(const struct tool *t, const char *file, __u32 line)
{
	struct bytes b;
	char *at, *end;

	if (!line || file_read_regular(file, EWX_POLICY_MAX_SIZE, &b))
		return;
	at = b.data;
	for (__u32 n = 1; at && n < line; n++) {
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	if (at && *at && !memchr(b.data, '\0', b.size)) {
		end = at + strcspn(at, "\r\n");
		*end = '\0';
		for (char *tab = at; *tab; tab++)
			*tab = *tab == '\t' ? ' ' : *tab;
		printf("  %s%5u |%s ", tool_colour(t, BLUE), line,
		       tool_colour(t, PLAIN));
		ewx_print_name(stdout, at); /* as it stands in the file */
		putchar('\n');
	}
	free(b.data);
}
