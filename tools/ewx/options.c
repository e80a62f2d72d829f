// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The options of all commands: what they are, who takes them, what they set.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "tool.h"

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

void options_print(FILE *out, unsigned int takes, bool common)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if ((option_help[i].bit == ~0u) == common &&
		    option_help[i].bit & takes)
			fprintf(out, "  %-18s %s\n", option_help[i].option,
				option_help[i].summary);
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

int options_take(struct tool *t, int argc, char **argv, unsigned int *used)
{
	int opt;

	opterr = 0;
	while ((opt = getopt_long(argc, argv, ":o:p:vW:", options, NULL)) != -1) {
		if (opt == OPT_HELP)
			t->command = "help";
		else if (opt == OPT_VERSION)
			t->command = "version";
		else if (opt == ':')
			return tool_usage(t, "%s needs an argument",
					  argv[optind - 1]);
		else if (opt == '?')
			return tool_usage(t, "no such option: %s",
					  argv[optind - 1]);
		else if (take_option(t, opt))
			return EXIT_USAGE;
		*used |= option_bit(opt);
	}
	return EXIT_OK;
}
