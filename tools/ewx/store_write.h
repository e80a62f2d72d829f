/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the two halves of the store share.
 */
#ifndef _EWX_STORE_WRITE_H
#define _EWX_STORE_WRITE_H

#include "store.h"

/** store_error() - say what errno means for @name of the store. Return: -1. */
int store_error(const struct store *s, const char *name);

/** store_folder() - open one that nobody else may write to, or -1 with errno. */
int store_folder(int at, const char *name);

/** store_clear() - what an earlier run has left unfinished goes. */
void store_clear(const struct store *s);

#endif /* _EWX_STORE_WRITE_H */
