// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * load DIR NODE - each policy of DIR (record.c) is given to the node ewx/load: what is
 * read then is what the line says.
 *
 * Prints comments of TAP: differences, and a line for each file of lines. Exit status 1
 * if one differs.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GOOD "code=none"

static const char *node;
static bool failed;
static unsigned int loaded;

static void die(const char *what)
{
	perror(what);
	exit(2);
}

/* What the node says of the bytes of @path, without what is not of the bytes. */
static void ask(const char *path, char *answer, size_t room)
{
	static char bytes[1 << 20];
	const int from = open(path, O_RDONLY), to = open(node, O_RDWR);
	const ssize_t size = from < 0 ? -1 : read(from, bytes, sizeof(bytes));
	ssize_t done, len;
	char *end;
	int err;

	if (size < 0 || size == sizeof(bytes))
		die(path);
	if (to < 0)
		die(node);
	done = write(to, bytes, (size_t)size);
	err = errno;
	len = read(to, answer, room - 1);
	if (len < 0)
		die(node);
	answer[len] = '\0';
	loaded += done >= 0;
	/* A policy of this name and version is in force, or of a higher one. */
	if (done < 0 && (err == EEXIST || err == ESTALE) &&
	    !strncmp(answer, GOOD, strlen(GOOD)))
		end = answer + strlen(GOOD);
	else
		end = strstr(answer, done < 0 ? " errno=" : " changed=");
	if (!end)
		die(answer);
	*end = '\0';
	close(from);
	close(to);
}

/* All lines of the file @name. */
static void judge(const char *name)
{
	char line[256], answer[256], *want;
	FILE *list = fopen(name, "r");
	unsigned int all = 0, wrong = 0;

	if (!list)
		die(name);
	loaded = 0;
	while (fgets(line, sizeof(line), list)) {
		line[strcspn(line, "\n")] = '\0';
		want = strchr(line, ' ');
		if (!want)
			die(name);
		*want++ = '\0';
		ask(line, answer, sizeof(answer));
		all++;
		if (strcmp(want, answer)) {
			wrong++;
			printf("# %s: %s\n#   but the kernel: %s\n", line, want,
			       answer);
		}
	}
	fclose(list);
	failed |= wrong || !all;
	printf("# %s: %u policies, %u loaded, of %u the kernel says something else\n",
	       name, all, loaded, wrong);
}

/* The lists have no number at their end. */
static int is_list(const struct dirent *e)
{
	return e->d_name[0] != '.' && !strchr(e->d_name, '-');
}

int main(int argc, char **argv)
{
	struct dirent **list;
	int count;

	if (argc != 3 || chdir(argv[1])) {
		fprintf(stderr, "usage: load DIR NODE\n");
		return 2;
	}
	node = argv[2];
	count = scandir(".", &list, is_list, alphasort);
	if (count <= 0)
		die(argv[1]);
	for (int i = 0; i < count; i++)
		judge(list[i]->d_name);
	return failed;
}
