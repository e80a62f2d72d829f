// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx fmt: policy files in the one layout.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* Format one file. Return: 0; 1: --check, and it differs; -1: failed (said). */
static int format_file(struct tool *t, const char *name)
{
	struct ewx_unit *u = ewx_unit_new();
	struct bytes b = { 0 };
	char *text = NULL;
	size_t size = 0;
	int ret = -1;

	if (!u) {
		tool_error(t, "out of memory");
	} else if (file_read(name, EWX_POLICY_MAX_SIZE, &b)) {
		tool_error(t, "%s: %s", name, strerror(errno));
	} else if (ewx_unit_format(u, strcmp(name, "-") ? name : "<stdin>",
				   b.data, b.size, &text, &size)) {
		ewx_unit_print(u, stderr, t->colour_err);
	} else if (t->check) {
		ret = size != b.size || memcmp(text, b.data, size);
		if (ret)
			printf("%s\n", name);
	} else if (strcmp(name, "-") && size == b.size &&
		   !memcmp(text, b.data, size)) {
		ret = 0;
	} else if (file_replace(name, text, size)) {
		tool_error(t, "%s: %s", name, strerror(errno));
	} else {
		ret = 0;
	}
	free(text);
	free(b.data);
	ewx_unit_free(u);
	return ret;
}

int cmd_fmt(struct tool *t, int argc, char **argv)
{
	int ret = EXIT_OK;

	if (!argc)
		return tool_usage(t, "fmt needs a policy file");
	for (int i = 0; i < argc; i++)
		if (format_file(t, argv[i]))
			ret = EXIT_FAIL;
	return ret;
}
