// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx load, enforce, seal: what changes the kernel's state.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* The kernel is the judge of it, and says what is wrong. */
static int load_binary(struct tool *t, const struct bytes *b)
{
	struct ewx_judge_error error;
	struct policy policy;
	bool bad;

	policy_take(&policy, b);
	policy.judge = ewx_judge_new(policy.blob, policy.size, &error);
	bad = policy.judge && contexts_check(t, &policy);
	ewx_judge_free(policy.judge);
	return bad ? EXIT_FAIL : node_load(t, b->data, b->size);
}

int cmd_load(struct tool *t, int argc, char **argv)
{
	struct policy policy = { 0 };
	struct bytes b;
	int ret;

	if (argc == 1 && strcmp(argv[0], "-") && !file_is_folder(argv[0])) {
		if (file_read(argv[0], POLICY_FILE_MAX, &b))
			return tool_error(t, "%s: %s", argv[0],
					  strerror(errno));
		if (policy_is_binary(&b)) {
			ret = load_binary(t, &b);
			free(b.data);
			return ret;
		}
		free(b.data);
	}
	if (policy_text(t, argv, (size_t)argc, STAMP_FILES, &policy))
		return EXIT_FAIL;
	ret = policy_verify(t, "compiled policy", &policy) ||
			      contexts_check(t, &policy) ?
		      EXIT_FAIL :
		      node_load(t, policy.blob, policy.size);
	policy_close(&policy);
	return ret;
}

static int show_enforce(struct tool *t)
{
	struct bytes b;

	if (node_read(t, "enforce", &b))
		return EXIT_FAIL;
	puts(b.data[0] == '1' ? "1 (denials are enforced)" :
				"0 (denials are only recorded)");
	free(b.data);
	return EXIT_OK;
}

int cmd_enforce(struct tool *t, int argc, char **argv)
{
	const char *value;

	if (!argc)
		return show_enforce(t);
	if (argc > 1)
		return tool_usage(t, "enforce takes one argument");
	if (!strcmp(argv[0], "1") || !strcmp(argv[0], "on"))
		value = "1";
	else if (!strcmp(argv[0], "0") || !strcmp(argv[0], "off"))
		value = "0";
	else
		return tool_usage(t, "enforce takes 0, 1, off or on");
	if (!node_write(t, "enforce", value, 1))
		return EXIT_OK;
	node_explain(t, "enforce", errno);
	return EXIT_FAIL;
}

static int show_seal(struct tool *t)
{
	struct bytes b;

	if (node_read(t, "seal", &b))
		return EXIT_FAIL;
	fputs(b.data, stdout);
	free(b.data);
	return EXIT_OK;
}

/* There is no way back, so nothing is sealed by a word left out. */
int cmd_seal(struct tool *t, int argc, char **argv)
{
	if (!argc)
		return show_seal(t);
	if (argc > 1 ||
	    (strcmp(argv[0], "signed") && strcmp(argv[0], "closed")))
		return tool_usage(t, "seal takes signed or closed");
	if (!node_write(t, "seal", argv[0], strlen(argv[0])))
		return EXIT_OK;
	node_explain(t, "seal", errno);
	return EXIT_FAIL;
}
