/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who an enclave file is: what "ewx identity" shows.
 *
 * Owns: where files of the runtimes keep it. Prints nothing, reads no files.
 */
#ifndef _EWX_IDENTITY_H
#define _EWX_IDENTITY_H

#include "sigstruct.h"

/**
 * struct found - an identity of a file.
 * @kind: what kind of file it is
 * @is_signed: @s is filled; else only the measurement
 */
struct found {
	const char *kind;
	bool is_signed;
	struct sigstruct s;
};

/** struct findings - of one file. */
struct findings {
	struct found found[4];
	size_t count;
};

/**
 * identity_find() - look for identities in @size bytes of a file.
 * @f: zeroed before
 * Return: NULL, or why there are none.
 */
const char *identity_find(const void *data, size_t size, struct findings *f);

#endif /* _EWX_IDENTITY_H */
