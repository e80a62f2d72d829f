// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * took COMMAND [ARGUMENT]... - what a program takes: milliseconds of processor time,
 * its own and the kernel's for it, and KiB of memory at most. Its output is dropped;
 * if it fails, so does this.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double ms(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

int main(int argc, char **argv)
{
	struct rusage used;
	int status;
	pid_t pid;

	if (argc < 2) {
		fprintf(stderr, "usage: took COMMAND [ARGUMENT]...\n");
		return 2;
	}
	pid = fork();
	if (!pid) {
		dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
		execvp(argv[1], argv + 1);
		perror(argv[1]);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) < 0 || status) {
		fprintf(stderr, "took: %s failed\n", argv[1]);
		return 1;
	}
	printf("%.2f %ld\n", ms(used.ru_utime) + ms(used.ru_stime),
	       used.ru_maxrss);
	return 0;
}
