// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A flaw for each tool that tests/static/check runs: one that finds nothing here finds
 * nothing anywhere. Never linked into anything.
 */
#include <stdlib.h>

void kfree(const void *p);
int flawed(int n);
void *flawed_pointer(void);

/**
 * flawed() - kernel-doc: the parameter has another name.
 * @m: a number
 *
 * Return: a number.
 */
int flawed(int n)
{
	int few[2] = { 0, 1 };
	int *p = NULL;
	char *twice = malloc(8);

	free(twice);
	free(twice); /* gcc-analyzer, clang-analyzer */
	if (n > 7)
		return *p; /* clang-analyzer */
	return few[2]+n; /* cppcheck; checkpatch: no blanks */
}

void *flawed_pointer(void)
{
	void *p = malloc(1);

	if (p) /* coccinelle: kfree() takes NULL */
		kfree(p);
	return 0; /* sparse: a pointer */
}
