/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages that are no unmodified page of an allowed file, for the rows of every provider.
 *
 * Owns: making them. Knows no provider. Each returns a page of code, or MAP_FAILED and
 * errno.
 */
#ifndef _ROWS_SOURCES_H
#define _ROWS_SOURCES_H

/** source_memfd() - of a memfd, mapped private; *@fd: the memfd, not sealed yet. */
void *source_memfd(int *fd);
/** source_shm() - of System V's shared memory. */
void *source_shm(void);
/** source_shared() - shared and anonymous. */
void *source_shared(void);
/** source_zero() - never touched: the zero page itself, without code. */
void *source_zero(void);
/** source_dev_zero() - of /dev/zero, likewise. */
void *source_dev_zero(void);
/** source_huge() - of a huge page, SOURCE_HUGE bytes, if there is one. */
void *source_huge(void);
#define SOURCE_HUGE	(2ul << 20)
/** source_secret() - of memfd_secret, which cannot be pinned. */
void *source_secret(void);
/** source_vdso() - the vDSO, which is the kernel's. */
void *source_vdso(void);
/**
 * source_of_9p() - of this program's file, with a policy that names it. It lies on 9p
 * (hostfs on UML).
 */
void *source_of_9p(void);
/** source_below_stack() - no page: where the stack would grow to. */
void *source_below_stack(void);

/**
 * source_probe() - have a breakpoint at the begin of a file's pages wherever this
 * process maps them (uprobe). Return: it lasts until this descriptor is closed, or
 * -errno; -ENOENT: a kernel without.
 */
int source_probe(const char *path);

#endif /* _ROWS_SOURCES_H */
