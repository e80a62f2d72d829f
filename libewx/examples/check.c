// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * An example of libewx: compile the files that are named, say what is wrong with
 * them, and how large the binary policy is. Built against the installed library:
 *
 *	cc check.c $(pkg-config --cflags --libs libewx) -o check
 */
#include <stdio.h>
#include <stdlib.h>
#include <ewx/ewx.h>

static int compile(struct ewx_unit *unit)
{
	const struct ewx_diagnostic *messages;
	size_t count, i, size;
	void *blob;
	int ret;

	ret = ewx_unit_compile(unit, 0, &blob, &size);
	messages = ewx_unit_diagnostics(unit, &count);
	for (i = 0; i < count; i++)
		printf("%s:%u: %s: %s\n", messages[i].file ? messages[i].file : "-",
		       messages[i].line, messages[i].code, messages[i].text);
	if (ret)
		return EXIT_FAILURE;
	puts(size > 0 ? "compiled" : "empty");
	free(blob);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct ewx_unit *unit = ewx_unit_new();
	int i, ret = EXIT_FAILURE;

	if (!unit)
		return ret;
	/* Each file is read, whatever the others hold. */
	for (i = 1; i < argc; i++)
		ewx_unit_add_file(unit, argv[i]);
	ret = compile(unit);
	ewx_unit_free(unit);
	return ret;
}
