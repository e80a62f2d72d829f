// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flood COUNT THREADS [held]: ask COUNT times for an enclave that is denied, from so
 * many threads, while one more thread does work of its own: a page of memory, a file,
 * a lock. Prints how many were denied, how many there had been when that thread came to
 * its mark, a step for every ten thousand of them but one at least, and the seconds it took:
 * who has to wait for one of two processors, which the flood has, takes a few steps
 * meanwhile, who is kept waiting takes none. With "held" the others keep the lock until
 * they are done, so that it does not come to its mark.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "enclave.h"

static long count;
static bool held;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t all_there;
static atomic_long left;
static atomic_long denied, other;
static atomic_long steps, at;

static void *flooder(void *arg)
{
	int fd = enclave_open();

	(void)arg;
	if (held)
		pthread_rwlock_rdlock(&lock);
	pthread_barrier_wait(&all_there);
	while (fd >= 0 && atomic_fetch_sub(&left, 1) > 0) {
		if (enclave_create(fd, ENCLAVE_PAGE, 0, 0) == -EACCES)
			atomic_fetch_add(&denied, 1);
		else
			atomic_fetch_add(&other, 1);
	}
	if (fd >= 0)
		close(fd);
	if (held)
		pthread_rwlock_unlock(&lock);
	return NULL;
}

static void step(char *page)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	pthread_rwlock_wrlock(&lock);
	pthread_rwlock_unlock(&lock);
	if (fd < 0 || madvise(page, ENCLAVE_PAGE, MADV_DONTNEED))
		exit(1);
	*page = 1;
	close(fd);
}

/* Begins when the flood does, and is not to be held up by it. */
static void *bystander(void *arg)
{
	char *page = mmap(NULL, ENCLAVE_PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)arg;
	if (page == MAP_FAILED)
		exit(1);
	pthread_barrier_wait(&all_there);
	do {
		step(page);
		atomic_fetch_add(&steps, 1);
	} while (atomic_load(&steps) < count / 10000);
	atomic_store(&at, atomic_load(&denied));
	return NULL;
}

int main(int argc, char **argv)
{
	int many = argc == 3 || argc == 4 ? atoi(argv[2]) : 0;
	pthread_t threads[64], one;
	struct timespec begin, end;

	if (many < 1 || many > 64) {
		fprintf(stderr, "usage: flood COUNT THREADS [held]\n");
		return 2;
	}
	count = atol(argv[1]);
	held = argc == 4 && !strcmp(argv[3], "held");
	pthread_barrier_init(&all_there, NULL, (unsigned int)many + 1);
	atomic_store(&left, count);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	if (pthread_create(&one, NULL, bystander, NULL))
		return 1;
	for (int i = 0; i < many; i++) {
		if (pthread_create(&threads[i], NULL, flooder, NULL))
			return 1;
	}
	for (int i = 0; i < many; i++)
		pthread_join(threads[i], NULL);
	clock_gettime(CLOCK_MONOTONIC, &end);
	pthread_join(one, NULL);
	printf("denied=%ld other=%ld at=%ld seconds=%ld\n",
	       atomic_load(&denied), atomic_load(&other), atomic_load(&at),
	       (long)(end.tv_sec - begin.tv_sec) + 1);
	return 0;
}
