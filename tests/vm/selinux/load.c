// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * load POLICY: load a binary policy into the kernel, with libselinux.
 */
#include <errno.h>
#include <selinux/selinux.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	FILE *f = argc == 2 ? fopen(argv[1], "r") : NULL;
	size_t len = 0, max = 4 << 20;
	char *data = malloc(max);

	if (!f || !data) {
		fputs("usage: load POLICY\n", stderr);
		return 2;
	}
	len = fread(data, 1, max, f);
	fclose(f);
	if (security_load_policy(data, len)) {
		fprintf(stderr, "load: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	return 0;
}
