// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The classes and initial SIDs that the kernel knows, as the beginning of a policy
 * for checkpolicy. Argument: a class to leave out, as a policy that is older than
 * the kernel does; or CLASS:N, to leave out all but the first N permissions of it.
 *
 * Owns: nothing; the lists are the kernel's own headers.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct security_class_mapping {
	const char *name;
	const char *perms[sizeof(unsigned int) * 8 + 1];
};

#include "classmap.h"
#include "initial_sid_to_string.h"

static const char *less = "";
static size_t less_len;
static int keep;

static bool left_out(const char *name)
{
	return !keep && !strcmp(name, less);
}

static int perm_count(const struct security_class_mapping *c)
{
	int n = 0;

	if (keep && !strncmp(c->name, less, less_len) && !c->name[less_len])
		return keep;
	while (c->perms[n])
		n++;
	return n;
}

int main(int argc, char **argv)
{
	const size_t sids = sizeof(initial_sid_to_string) / sizeof(char *);
	const struct security_class_mapping *c;

	if (argc > 1) {
		less = argv[1];
		less_len = strcspn(less, ":");
		keep = less[less_len] ? atoi(less + less_len + 1) : 0;
	}
	for (c = secclass_map; c->name; c++)
		if (!left_out(c->name))
			printf("class %s\n", c->name);
	for (size_t i = 1; i < sids; i++) {
		if (initial_sid_to_string[i])
			printf("sid %s\n", initial_sid_to_string[i]);
		else
			printf("sid unused%zu\n", i);
	}
	for (c = secclass_map; c->name; c++) {
		if (left_out(c->name))
			continue;
		printf("class %s {", c->name);
		for (int i = 0; i < perm_count(c); i++)
			printf(" %s", c->perms[i]);
		puts(" }");
	}
	return 0;
}
