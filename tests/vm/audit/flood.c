// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flood COUNT THREADS: ask COUNT times for an enclave that is denied, from so
 * many threads, while one more thread does work of its own. Prints how many were
 * denied, and whether that thread came to its mark before the flood ended.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "enclave.h"

#define MARK 50 /* steps of the other thread, a millisecond or more each */

static atomic_long left;
static atomic_long denied, other;
static atomic_bool reached;

static void *flooder(void *arg)
{
	int fd = enclave_open();

	(void)arg;
	while (fd >= 0 && atomic_fetch_sub(&left, 1) > 0) {
		if (enclave_create(fd, ENCLAVE_PAGE, 0, 0) == -EACCES)
			atomic_fetch_add(&denied, 1);
		else
			atomic_fetch_add(&other, 1);
	}
	if (fd >= 0)
		close(fd);
	return NULL;
}

static void *bystander(void *arg)
{
	(void)arg;
	for (int i = 0; i < MARK; i++)
		usleep(1000);
	atomic_store(&reached, true);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[64], one;
	int count = argc == 3 ? atoi(argv[2]) : 0;
	struct timespec begin, end;
	bool before;

	if (count < 1 || count > 64) {
		fprintf(stderr, "usage: flood COUNT THREADS\n");
		return 2;
	}
	atomic_store(&left, atol(argv[1]));
	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (int i = 0; i < count; i++) {
		if (pthread_create(&threads[i], NULL, flooder, NULL))
			return 1;
	}
	if (pthread_create(&one, NULL, bystander, NULL))
		return 1;
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	before = atomic_load(&reached);
	clock_gettime(CLOCK_MONOTONIC, &end);
	pthread_join(one, NULL);
	printf("denied=%ld other=%ld seconds=%ld reached=%d\n",
	       atomic_load(&denied), atomic_load(&other),
	       (long)(end.tv_sec - begin.tv_sec) + 1, before);
	return 0;
}
