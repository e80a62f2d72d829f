// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ewx command: the table of commands, help.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "tool.h"

static const struct command commands[] = {
	{ "compile", cmd_compile,
	  TAKES_FILES | TAKES_ROOT | TAKES_OUT | TAKES_BUILT | TAKES_JSON | TAKES_ABI,
	  "[FILE...] -o OUT [--built SECONDS] [--abi N] [--json]",
	  "make a binary policy" },
	{ "check", cmd_check, TAKES_FILES | TAKES_ROOT | TAKES_BUILT | TAKES_JSON,
	  "[FILE...] [--built SECONDS] [--json]",
	  "find errors, write nothing" },
	{ "fmt", cmd_fmt, TAKES_CHECK, "FILE... [--check]",
	  "write policy files in the one layout" },
	{ "diff", cmd_diff, TAKES_BUILT | TAKES_JSON,
	  "OLD NEW [--built SECONDS] [--json]",
	  "what another policy allows and denies" },
	{ "load", cmd_load, TAKES_FILES | TAKES_ROOT | TAKES_BUILT,
	  "[FILE...] [--built SECONDS]",
	  "load a policy, text or binary, into the kernel" },
	{ "status", cmd_status, TAKES_JSON, "[--json]",
	  "what the kernel enforces" },
	{ "enforce", cmd_enforce, 0, "[0|1|off|on]",
	  "show or set whether denials are enforced" },
	{ "seal", cmd_seal, 0, "[signed|closed]",
	  "show or set what cannot be changed until reboot" },
	{ "sign", cmd_sign, TAKES_OUT | TAKES_KEY,
	  "FILE --key FILE --cert FILE -o OUT", "sign a binary policy" },
	{ "install", cmd_install,
	  TAKES_FILES | TAKES_ROOT | TAKES_BUILT | TAKES_CONFIRM | TAKES_NO_LOAD,
	  "[FILE...] [--confirm TIME] [--no-load] [--built SECONDS]",
	  "load a policy, now and at every boot" },
	{ "confirm", cmd_confirm, 0, "", "keep what install --confirm loaded" },
	{ "rollback", cmd_rollback, TAKES_ROOT | TAKES_NO_LOAD,
	  "[N] [--no-load]", "go back to an earlier generation" },
	{ "history", cmd_history, TAKES_ROOT | TAKES_JSON, "[--json]",
	  "the generations that were installed" },
	{ "boot", cmd_boot, TAKES_ROOT, "", "load what is installed" },
	{ "renew", cmd_renew, TAKES_ROOT, "",
	  "compile what is installed again, after an upgrade" },
	{ "query", cmd_query, TAKES_POLICY | TAKES_LIVE | TAKES_JSON,
	  "(--policy FILE | --live) [--json] REQUEST...",
	  "what a policy says to a request" },
	{ "explain", cmd_explain,
	  TAKES_POLICY | TAKES_LIVE | TAKES_JSON | TAKES_RECORDED,
	  "[--recorded FILE] [--policy FILE | --live] [--json] [RECORD | REQUEST]",
	  "explain an audit record, or a request's verdict" },
	{ "why-not", cmd_why_not, TAKES_POLICY | TAKES_LIVE | TAKES_JSON,
	  "(--policy FILE | --live) [--json] REQUEST...",
	  "which rules would allow what is denied" },
	{ "log", cmd_log,
	  TAKES_LIVE | TAKES_JSON | TAKES_FOLLOW | TAKES_FILTER,
	  "[FILE...] [--live] [--follow] [--json] [--enclave N] [--boot ID] [--domain NAME] [--cause WORD] [--uid N] [--since TIME] [--until TIME]",
	  "list what was decided, from the audit log" },
	{ "counters", cmd_counters, TAKES_JSON, "[--json]",
	  "totals since boot, and rules that never decided" },
	{ "enclaves", cmd_enclaves, TAKES_JSON, "[--json]",
	  "list the enclaves that exist now" },
	{ "identity", cmd_identity, TAKES_JSON, "FILE [--json]",
	  "who an enclave file is, and a rule to paste" },
	{ "dump", cmd_dump, TAKES_OUT, "FILE [-o OUT]",
	  "turn a binary policy back into text" },
	{ "graph", cmd_graph, TAKES_OUT | TAKES_ROOT | TAKES_JSON,
	  "[FILE...] [-o OUT] [--json]",
	  "a picture of a policy, as SVG or JSON" },
	{ "doctor", cmd_doctor, TAKES_JSON | TAKES_ROOT,
	  "[--root DIR] [--json]", "what is wrong with this machine" },
	{ "adopt", cmd_adopt, TAKES_OUT | TAKES_BUILT,
	  "[LOG...] [-o OUT] [--built SECONDS]",
	  "a starter policy from what the audit log saw" },
	{ "learn", cmd_learn, TAKES_OUT | TAKES_POLICY | TAKES_FILTER,
	  "--policy FILE... [LOG...] [FILTER...] [-o OUT]",
	  "the policy with what permissive records lack" },
	{ "report", cmd_report,
	  TAKES_OUT | TAKES_POLICY | TAKES_FILTER | TAKES_COUNTERS,
	  "[LOG...] [--policy FILE... [--counters FILE]] [FILTER...] [-o OUT]",
	  "a page about what the audit log holds, as HTML" },
	{ "version", cmd_version, 0, "", "show the version" },
	{ "help", cmd_help, 0, "[COMMAND | CODE | WARNING | warnings]",
	  "explain a command, or a diagnostic such as E0203" },
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	}
	return NULL;
}

static void print_usage(FILE *out, const struct command *c)
{
	if (c) {
		fprintf(out, "Usage: ewx %s%s%s\n", c->name,
			*c->synopsis ? " " : "", c->synopsis);
		return;
	}
	fputs("Usage: ewx COMMAND [OPTION...] [ARGUMENT...]\n\n", out);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  %-9s %s\n", commands[i].name,
			commands[i].summary);
	fputs("\nOptions of all commands:\n", out);
	options_print(out, ~0u, true);
}

/* Names of files are in it, and what others wrote. */
static void complain(const char *fmt, va_list args)
{
	char *text;

	if (vasprintf(&text, fmt, args) < 0)
		return;
	ewx_print_safe(stderr, text, 0);
	free(text);
}

int tool_error(const struct tool *t, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "%sewx: ", t->colour_err ? "\033[1m" : "");
	va_start(args, fmt);
	complain(fmt, args);
	va_end(args);
	fprintf(stderr, "%s\n", t->colour_err ? "\033[0m" : "");
	return EXIT_FAIL;
}

int tool_usage(const struct tool *t, const char *fmt, ...)
{
	const struct command *c = t->command ? find_command(t->command) : NULL;
	va_list args;

	fputs("ewx: ", stderr);
	va_start(args, fmt);
	complain(fmt, args);
	va_end(args);
	fputc('\n', stderr);
	if (c)
		print_usage(stderr, c);
	else
		fputs("Try \"ewx help\".\n", stderr);
	return EXIT_USAGE;
}

const char *tool_colour(const struct tool *t, enum tool_colour c)
{
	static const char *const sequences[] = {
		[PLAIN] = "\033[0m",	 [BOLD] = "\033[1m",
		[RED] = "\033[1;31m",	 [GREEN] = "\033[1;32m",
		[YELLOW] = "\033[1;33m", [BLUE] = "\033[1;34m",
	};

	return t->colour ? sequences[c] : "";
}

json_t *tool_json_string(const char *s)
{
	char *safe = NULL;
	size_t size = 0;
	json_t *value;
	FILE *out;

	value = json_string(s);
	if (value)
		return value;
	out = open_memstream(&safe, &size);
	if (!out)
		return NULL;
	ewx_print_safe(out, s, 0);
	fclose(out);
	value = json_string(safe);
	free(safe);
	return value;
}

json_t *tool_json_number(uint64_t n)
{
	char digits[24];

	if (n <= INT64_MAX)
		return json_integer((json_int_t)n);
	snprintf(digits, sizeof(digits), "%" PRIu64, n);
	return json_string(digits);
}

json_t *tool_json_name(const char *name)
{
	json_t *value = NULL;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	ewx_print_name(out, name);
	if (!fclose(out))
		value = json_string(text);
	free(text);
	return value;
}

int tool_json(const struct tool *t, json_t *value)
{
	char *text = NULL, schema[40];
	int ret = EXIT_OK;

	snprintf(schema, sizeof(schema), "ewx-%s-%d", t->command,
		 EWX_TOOL_SCHEMA);
	if (value && !json_object_set_new(value, "schema", json_string(schema)))
		text = json_dumps(value, JSON_INDENT(2));
	if (text)
		puts(text);
	else
		ret = tool_error(t, "out of memory");
	free(text);
	json_decref(value);
	return ret;
}

int cmd_version(struct tool *t, int argc, char **argv)
{
	(void)argv;
	if (argc)
		return tool_usage(t, "version takes no argument");
	printf("ewx %s (language %d, binary format %d)\n", EWX_TOOL_VERSION,
	       EWX_LANGUAGE, EWX_POLICY_FORMAT);
	return EXIT_OK;
}

static void list_warnings(void)
{
	const char *code, *name;

	for (size_t i = 0; (code = ewx_code_name(i)) != NULL; i++) {
		name = ewx_code_warning(code);
		if (name)
			printf("%s  -W%-20s %s\n", code, name,
			       ewx_code_summary(code));
	}
}

/* Explain a code, or a warning by its name. Return: false: there is none. */
static bool explain_code(const char *word)
{
	const char *code, *name;

	for (size_t i = 0; (code = ewx_code_name(i)) != NULL; i++) {
		name = ewx_code_warning(code);
		if (strcmp(code, word) && (!name || strcmp(name, word)))
			continue;
		printf("%s: %s", code, ewx_code_summary(code));
		if (name)
			printf(" (-W%s)", name);
		printf("\n\n%s\n", ewx_code_explanation(code));
		return true;
	}
	return false;
}

int cmd_help(struct tool *t, int argc, char **argv)
{
	const struct command *c;

	if (argc > 1)
		return tool_usage(t, "help takes one argument");
	if (!argc) {
		print_usage(stdout, NULL);
		return EXIT_OK;
	}
	c = find_command(argv[0]);
	if (c) {
		print_usage(stdout, c);
		printf("\n%s\n\n", c->summary);
		options_print(stdout, c->takes, false);
		options_print(stdout, ~0u, true);
		return EXIT_OK;
	}
	if (!strcmp(argv[0], "warnings")) {
		list_warnings();
		return EXIT_OK;
	}
	if (explain_code(argv[0]))
		return EXIT_OK;
	return tool_usage(t, "%s is no command and no diagnostic", argv[0]);
}

static int run(struct tool *t, int argc, char **argv)
{
	const struct command *c;
	unsigned int used = 0;

	if (options_take(t, argc, argv, &used))
		return EXIT_USAGE;
	argc -= optind;
	argv += optind;
	if (t->command && !strcmp(t->command, "help")) {
		c = argc ? find_command(argv[0]) : NULL;
		print_usage(stdout, c);
		return EXIT_OK;
	}
	if (t->command)
		return cmd_version(t, 0, NULL);
	if (!argc) {
		print_usage(stderr, NULL);
		return EXIT_USAGE;
	}
	c = find_command(argv[0]);
	if (!c)
		return tool_usage(t, "no such command: %s", argv[0]);
	t->command = c->name;
	if (used & ~c->takes)
		return tool_usage(t, "%s does not take that option", c->name);
	return c->run(t, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	struct log_filter filter = { 0 };
	struct tool t = {
		.filter = &filter,
		.securityfs = DEFAULT_SECURITYFS,
		.colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR"),
		.colour_err = isatty(STDERR_FILENO) && !getenv("NO_COLOR"),
	};
	int ret;

	t.policies = calloc(2 * ((size_t)argc + 1), sizeof(*t.policies));
	if (!t.policies)
		return tool_error(&t, "out of memory");
	t.warnings = t.policies + argc + 1;
	ret = run(&t, argc, argv);
	progress_end();
	free(t.policies);
	if (fflush(stdout) || ferror(stdout))
		ret = tool_error(&t, "cannot write the output: %s",
				 strerror(errno));
	return ret;
}
