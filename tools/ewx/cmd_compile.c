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

	if (!argc)
		return tool_usage(t, "compile needs a policy file");
	if (!t->out)
		return tool_usage(t, "compile needs -o");
	if (policy_text(t, argv, (size_t)argc, STAMP_COMMENT, &policy))
		return EXIT_FAIL;
	ret = write_out(t, t->out, policy.blob, policy.size);
	policy_close(&policy);
	return ret;
}

int cmd_check(struct tool *t, int argc, char **argv)
{
	if (!argc)
		return tool_usage(t, "check needs a policy file");
	return policy_text(t, argv, (size_t)argc, STAMP_NONE, NULL) ?
	       EXIT_FAIL : EXIT_OK;
}

int cmd_dump(struct tool *t, int argc, char **argv)
{
	struct bytes b, text = { 0 };
	const char *error = NULL;
	int ret = EXIT_FAIL;
	FILE *out;

	if (argc != 1)
		return tool_usage(t, "dump needs one binary policy");
	if (file_read(argv[0], EWX_POLICY_MAX_SIZE, &b))
		return tool_error(t, "%s: %s", argv[0], strerror(errno));
	out = open_memstream(&text.data, &text.size);
	if (!out) {
		free(b.data);
		return tool_error(t, "out of memory");
	}
	if (ewx_dump(b.data, b.size, out, &error)) {
		fclose(out);
		tool_error(t, "%s: %s", argv[0], error ? error :
			   "not a binary policy");
	} else if (fclose(out)) {
		tool_error(t, "out of memory");
	} else {
		ret = write_out(t, t->out ? t->out : "-", text.data, text.size);
	}
	free(text.data);
	free(b.data);
	return ret;
}
