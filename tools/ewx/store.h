/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The store of installed policies, /etc/ewx/store.
 *
 * Owns: its layout, and that every change of it is whole or not at all:
 *
 *	N/policy.bin	generation N as the kernel takes it, signed or not
 *	N/policy.ewx	the same as text, to compile it again
 *	current -> N	what boots
 *	pending -> N	what runs until it is confirmed
 *	lock		held by whoever changes something
 *
 * A generation is complete before it gets its number, and does not change then, but
 * for policy.bin when it is compiled again. Knows no kernel.
 */
#ifndef _EWX_STORE_H
#define _EWX_STORE_H

#include "tool.h"

#define STORE_CURRENT "current"
#define STORE_PENDING "pending"
#define STORE_LAST 999999999 /* the largest number of a generation */

/**
 * struct store - an open store.
 * @dir, @lock: descriptors
 * @path: for messages
 * @n: generations, ascending; @count
 */
struct store {
	const struct tool *t;
	char *path;
	int dir;
	int lock;
	unsigned int *n;
	size_t count;
};

enum store_how { STORE_READ, STORE_WRITE };

/**
 * store_open() - below --root. STORE_WRITE makes it if it is not there, waits for
 * others, and clears away what was not finished.
 * Return: 0, or -1 (said; with STORE_READ silent if there is none: ENOENT).
 */
int store_open(struct store *s, const struct tool *t, enum store_how how);
void store_close(struct store *s);

/** store_unlock() - let others change it; the lists stay. */
void store_unlock(struct store *s);

/** store_relock() - wait for others, and read the list again. Return: 0 or -1. */
int store_relock(struct store *s);

/** store_link() - the number that @name points to; 0: none. */
unsigned int store_link(const struct store *s, const char *name);

/** store_point() - let @name point to @n, at once. Return: 0 or -1 (said). */
int store_point(const struct store *s, const char *name, unsigned int n);

/** store_drop() - take @name away. Return: 0 or -1 (said). */
int store_drop(const struct store *s, const char *name);

/** store_take() - generation @n as it is there, of any format, not verified. */
int store_take(const struct store *s, unsigned int n, struct policy *policy,
	       uint64_t *installed);

/** store_verify() - what store_take() took. Return: 0 or -1 (said). */
int store_verify(const struct store *s, unsigned int n, struct policy *policy);

/**
 * store_read() - generation @n, verified. @installed: gets the time, may be NULL
 * Return: 0, or -1 (said).
 */
int store_read(const struct store *s, unsigned int n, struct policy *policy,
	       uint64_t *installed);

/**
 * store_add() - a new generation of these bytes. Return: its number, or 0 (said);
 * then the store is as it was.
 */
unsigned int store_add(struct store *s, const struct policy *policy);

/** store_renew() - other bytes for generation @n. Return: 0 or -1 (said). */
int store_renew(const struct store *s, unsigned int n,
		const struct policy *policy);

/** store_text() - the text of generation @n. Return: 0 or -1 (said). */
int store_text(const struct store *s, unsigned int n, struct bytes *b);

/** store_remove() - take a generation away. Return: 0 or -1 (said). */
int store_remove(struct store *s, unsigned int n);

/** store_prune() - old generations go; those that a link names stay. */
void store_prune(struct store *s);

/** policy_digest() - SHA-256 of the policy without its signature, hexadecimal. */
void policy_digest(const struct policy *policy, char out[65]);

#endif /* _EWX_STORE_H */
