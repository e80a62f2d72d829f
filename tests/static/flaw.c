// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A flaw for each tool that tests/static/check runs, named on the line of its finding:
 * one that does not find it finds nothing anywhere. Never linked into anything.
 */
#ifdef __KERNEL__
#include <linux/slab.h>
#define malloc(n) kmalloc(n, GFP_KERNEL)
#define free(p) kfree(p)
#else
#include <stdlib.h>
void kfree(const void *p);
#endif

int flawed(int n);
void *flawed_pointer(void);

/**
 * flawed() - something, of a parameter that has another name.
 * @m: a number
 *
 * Return: a number.
 */
int flawed(int n)
{ // kernel-doc
	int few[2] = { 0, 1 };
	int *p = NULL;
	int unread; /* gcc, clang */
	char *twice = malloc(8);

	unread = n;
	free(twice);
	free(twice); /* clang-analyzer, clang-kernel */
	if (n > 7)
		return *p; /* gcc-analyzer */
	return few[2]+n; /* cppcheck; checkpatch: no blanks */
}

void *flawed_pointer(void)
{
	void *p = malloc(1);

	if (p)
		kfree(p); /* coccinelle: it takes NULL */
	return 0; /* sparse: a pointer */
}
