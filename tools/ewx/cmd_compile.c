// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx compile, check, dump: policies as files, no kernel.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static int write_out(const struct tool *t, const char *path, const void *data,
		     size_t size)
{
	if (!file_replace(path, data, size))
		return EXIT_OK;
	return tool_error(t, "%s: %s", path, strerror(errno));
}

int cmd_compile(struct tool *t, int argc, char **argv)
{
	struct policy policy = { 0 };
	int ret;

	if (!t->out)
		return tool_usage(t, "compile needs -o");
	for (int i = 0; i < argc; i++)
		if (file_is_same(t->out, argv[i]))
			return tool_usage(
				t, "-o would replace the policy's text: %s",
				argv[i]);
	if (policy_text(t, argv, (size_t)argc, STAMP_COMMENT, &policy))
		return EXIT_FAIL;
	ret = write_out(t, t->out, policy.blob, policy.size);
	policy_close(&policy);
	return ret;
}

/* All that compiling may find is found, then the result is thrown away. */
int cmd_check(struct tool *t, int argc, char **argv)
{
	struct policy policy = { 0 };

	if (policy_text(t, argv, (size_t)argc, STAMP_COMMENT, &policy))
		return EXIT_FAIL;
	policy_close(&policy);
	return EXIT_OK;
}

/* The text of a binary policy; malloc()ed. Return: 0, or -1 (said). */
static int decompile(struct tool *t, const char *name, const struct bytes *b,
		     struct bytes *text)
{
	struct policy policy;
	const char *error = "out of memory";
	FILE *out;
	int ret;

	text->data = NULL;
	policy_take(&policy, b);
	if (!policy_is_binary(b)) {
		tool_error(t, "%s: not a binary policy", name);
		return -1;
	}
	if (policy_verify(t, name, &policy))
		return -1;
	out = open_memstream(&text->data, &text->size);
	ret = out ? ewx_dump(b->data, policy.size, out, &error) : -1;
	if (out && fclose(out))
		ret = -1;
	if (ret)
		tool_error(t, "%s: %s", name, error ? error : "out of memory");
	ewx_judge_free(policy.judge);
	return ret;
}

int cmd_dump(struct tool *t, int argc, char **argv)
{
	struct bytes b, text;
	int ret = EXIT_FAIL;

	if (argc != 1)
		return tool_usage(t, "dump needs one binary policy");
	if (file_read(argv[0], POLICY_FILE_MAX, &b))
		return tool_error(t, "%s: %s", argv[0], strerror(errno));
	if (!decompile(t, argv[0], &b, &text))
		ret = write_out(t, t->out ? t->out : "-", text.data, text.size);
	free(text.data);
	free(b.data);
	return ret;
}
