// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ewx command: options, the table of commands, help.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "tool.h"

#define DEFAULT_SECURITYFS "/sys/kernel/security/ewx"

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

/* What the options are, by the bit that says who takes them. */
static const struct {
	unsigned int bit;
	const char *option;
	const char *summary;
} option_help[] = {
	{ TAKES_OUT, "-o, --output OUT", "where to write" },
	{ TAKES_BUILT, "--built SECONDS", "the build stamp, since 1970" },
	{ TAKES_ABI, "--abi N", "the binary format to write" },
	{ TAKES_FILES, "-W NAME", "warn of it; also no-NAME, error, error=NAME" },
	{ TAKES_FILES, "--on-host", "warn of what is wrong on this machine" },
	{ TAKES_FILES, "-v, --verbose", "say which files make the policy" },
	{ TAKES_ROOT, "--root DIR", "the system is below DIR" },
	{ TAKES_CHECK, "--check", "change nothing, say what would change" },
	{ TAKES_POLICY, "-p, --policy FILE", "a file of the policy that answers" },
	{ TAKES_LIVE, "--live", "the kernel answers" },
	{ TAKES_RECORDED, "--recorded FILE",
	  "the binary policy that decided, or a folder of such" },
	{ TAKES_COUNTERS, "--counters FILE",
	  "what \"ewx counters --json\" printed under that policy" },
	{ TAKES_CONFIRM, "--confirm TIME",
	  "go back after TIME (60s, 5m) unless confirmed" },
	{ TAKES_NO_LOAD, "--no-load", "for the next boot only" },
	{ TAKES_KEY, "--key FILE", "private key, PEM" },
	{ TAKES_KEY, "--cert FILE", "its certificate, PEM or DER" },
	{ TAKES_JSON, "--json", "JSON on standard output" },
	{ ~0u, "--securityfs DIR", "the kernel's nodes are here instead of " DEFAULT_SECURITYFS },
	{ ~0u, "--color WHEN", "auto (on a terminal), always or never" },
	{ ~0u, "--progress WHEN", "auto (on a terminal), always or never" },
	{ ~0u, "--diag FORMAT", "the compiler's messages as text or json" },
	{ ~0u, "--help", "how the command is called" },
};

#define OPTION_COUNT (sizeof(option_help) / sizeof(option_help[0]))

/* @common: those of all commands, or those that only some take. */
static void print_options(FILE *out, unsigned int takes, bool common)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if ((option_help[i].bit == ~0u) == common &&
		    option_help[i].bit & takes)
			fprintf(out, "  %-18s %s\n", option_help[i].option,
				option_help[i].summary);
}

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
	print_options(out, ~0u, true);
}

int tool_error(const struct tool *t, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "%sewx: ", t->colour_err ? "\033[1m" : "");
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
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
	vfprintf(stderr, fmt, args);
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
		print_options(stdout, c->takes, false);
		print_options(stdout, ~0u, true);
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

enum {
	OPT_BUILT = 256,
	OPT_JSON,
	OPT_LIVE,
	OPT_SECURITYFS,
	OPT_COLOR,
	OPT_PROGRESS,
	OPT_HELP,
	OPT_ABI,
	OPT_ROOT,
	OPT_ON_HOST,
	OPT_DIAG,
	OPT_CHECK,
	OPT_VERSION,
	OPT_FOLLOW,
	OPT_RECORDED,
	OPT_COUNTERS,
	OPT_ENCLAVE,
	OPT_BOOT,
	OPT_DOMAIN,
	OPT_CAUSE,
	OPT_UID,
	OPT_SINCE,
	OPT_UNTIL,
	OPT_KEY,
	OPT_CERT,
	OPT_CONFIRM,
	OPT_NO_LOAD,
};

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "built", required_argument, NULL, OPT_BUILT },
	{ "abi", required_argument, NULL, OPT_ABI },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "policy", required_argument, NULL, 'p' },
	{ "live", no_argument, NULL, OPT_LIVE },
	{ "root", required_argument, NULL, OPT_ROOT },
	{ "verbose", no_argument, NULL, 'v' },
	{ "on-host", no_argument, NULL, OPT_ON_HOST },
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "diag", required_argument, NULL, OPT_DIAG },
	{ "securityfs", required_argument, NULL, OPT_SECURITYFS },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "progress", required_argument, NULL, OPT_PROGRESS },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "follow", no_argument, NULL, OPT_FOLLOW },
	{ "recorded", required_argument, NULL, OPT_RECORDED },
	{ "counters", required_argument, NULL, OPT_COUNTERS },
	{ "enclave", required_argument, NULL, OPT_ENCLAVE },
	{ "boot", required_argument, NULL, OPT_BOOT },
	{ "domain", required_argument, NULL, OPT_DOMAIN },
	{ "cause", required_argument, NULL, OPT_CAUSE },
	{ "uid", required_argument, NULL, OPT_UID },
	{ "since", required_argument, NULL, OPT_SINCE },
	{ "until", required_argument, NULL, OPT_UNTIL },
	{ "key", required_argument, NULL, OPT_KEY },
	{ "cert", required_argument, NULL, OPT_CERT },
	{ "confirm", required_argument, NULL, OPT_CONFIRM },
	{ "no-load", no_argument, NULL, OPT_NO_LOAD },
	{ NULL, 0, NULL, 0 },
};

static unsigned int option_bit(int opt)
{
	switch (opt) {
	case 'o':
		return TAKES_OUT;
	case 'p':
		return TAKES_POLICY;
	case OPT_BUILT:
		return TAKES_BUILT;
	case OPT_JSON:
		return TAKES_JSON;
	case OPT_LIVE:
		return TAKES_LIVE;
	case OPT_ABI:
		return TAKES_ABI;
	case OPT_CHECK:
		return TAKES_CHECK;
	case OPT_ROOT:
		return TAKES_ROOT;
	case OPT_ON_HOST:
	case 'W':
	case 'v':
		return TAKES_FILES;
	case OPT_FOLLOW:
		return TAKES_FOLLOW;
	case OPT_RECORDED:
		return TAKES_RECORDED;
	case OPT_COUNTERS:
		return TAKES_COUNTERS;
	case OPT_ENCLAVE ... OPT_UNTIL:
		return TAKES_FILTER;
	case OPT_KEY:
	case OPT_CERT:
		return TAKES_KEY;
	case OPT_CONFIRM:
		return TAKES_CONFIRM;
	case OPT_NO_LOAD:
		return TAKES_NO_LOAD;
	default:
		return 0;
	}
}

static int take_number(struct tool *t, const char *name, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(optarg, &end, 10);
	if (errno || end == optarg || *end || *optarg == '-')
		return tool_usage(t, "%s takes a number", name);
	return EXIT_OK;
}

static int take_colour(struct tool *t)
{
	if (!strcmp(optarg, "always"))
		t->colour = t->colour_err = true;
	else if (!strcmp(optarg, "never"))
		t->colour = t->colour_err = false;
	else if (strcmp(optarg, "auto"))
		return tool_usage(t, "--color takes auto, always or never");
	return EXIT_OK;
}

static int take_progress(struct tool *t)
{
	if (!strcmp(optarg, "auto"))
		t->progress = PROGRESS_AUTO;
	else if (!strcmp(optarg, "always"))
		t->progress = PROGRESS_ALWAYS;
	else if (!strcmp(optarg, "never"))
		t->progress = PROGRESS_NEVER;
	else
		return tool_usage(t, "--progress takes auto, always or never");
	return EXIT_OK;
}

static int take_diag(struct tool *t)
{
	t->diag_json = !strcmp(optarg, "json");
	if (!t->diag_json && strcmp(optarg, "text"))
		return tool_usage(t, "--diag takes text or json");
	return EXIT_OK;
}

/* The options are given to each unit; here only whether they are any. */
static int take_warning(struct tool *t)
{
	struct ewx_unit *u = ewx_unit_new();
	bool good = u && !ewx_unit_warn(u, optarg);

	ewx_unit_free(u);
	t->warnings[t->warning_count++] = optarg;
	if (!good)
		return tool_usage(t, "no such warning: %s (ewx help warnings)",
				  optarg);
	return EXIT_OK;
}

static const char *option_name(int opt)
{
	const struct option *o = options;

	while (o->name && o->val != opt)
		o++;
	return o->name;
}

static int take_option(struct tool *t, int opt)
{
	uint64_t abi;

	switch (opt) {
	case 'o':
		t->out = optarg;
		return EXIT_OK;
	case 'p':
		t->policies[t->policy_count++] = optarg;
		return EXIT_OK;
	case OPT_BUILT:
		t->has_built = true;
		return take_number(t, "--built", &t->built);
	case OPT_ABI:
		if (take_number(t, "--abi", &abi))
			return EXIT_USAGE;
		if (abi != EWX_POLICY_FORMAT)
			return tool_usage(
				t, "this version writes binary format %d only",
				EWX_POLICY_FORMAT);
		return EXIT_OK;
	case OPT_JSON:
		t->json = true;
		return EXIT_OK;
	case OPT_LIVE:
		t->live = true;
		return EXIT_OK;
	case OPT_ROOT:
		t->root = optarg;
		return EXIT_OK;
	case OPT_ON_HOST:
		t->on_host = true;
		return EXIT_OK;
	case OPT_CHECK:
		t->check = true;
		return EXIT_OK;
	case OPT_DIAG:
		return take_diag(t);
	case OPT_PROGRESS:
		return take_progress(t);
	case 'W':
		return take_warning(t);
	case 'v':
		t->verbose = true;
		return EXIT_OK;
	case OPT_SECURITYFS:
		t->securityfs = optarg;
		return EXIT_OK;
	case OPT_FOLLOW:
		t->follow = true;
		return EXIT_OK;
	case OPT_RECORDED:
		t->recorded = optarg;
		return EXIT_OK;
	case OPT_COUNTERS:
		t->counters = optarg;
		return EXIT_OK;
	case OPT_CONFIRM:
		return confirm_time(t, optarg);
	case OPT_NO_LOAD:
		t->no_load = true;
		return EXIT_OK;
	case OPT_KEY:
		t->key = optarg;
		return EXIT_OK;
	case OPT_CERT:
		t->cert = optarg;
		return EXIT_OK;
	case OPT_ENCLAVE ... OPT_UNTIL:
		return log_option(t, option_name(opt), optarg);
	default:
		return take_colour(t);
	}
}

static int run(struct tool *t, int argc, char **argv)
{
	const struct command *c = NULL;
	unsigned int used = 0;
	int opt;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, ":o:p:vW:", options, NULL)) != -1) {
		if (opt == OPT_HELP) {
			c = optind < argc ? find_command(argv[optind]) : NULL;
			t->command = "help";
		} else if (opt == OPT_VERSION) {
			t->command = "version";
		} else if (opt == ':') {
			return tool_usage(t, "%s needs an argument",
					  argv[optind - 1]);
		} else if (opt == '?') {
			return tool_usage(t, "no such option: %s",
					  argv[optind - 1]);
		} else if (take_option(t, opt)) {
			return EXIT_USAGE;
		}
		used |= option_bit(opt);
	}
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
