/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file whose server does what it likes: a filesystem of one page of code, by FUSE.
 *
 * Owns: server and mount. Knows no provider.
 */
#ifndef _ROWS_FUSE_H
#define _ROWS_FUSE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define FUSE_FILE ALLOWED_DIR "/fuse/code"

/* What the other code returns. */
#define FUSE_OTHER (CODE_VALUE + 16)

/**
 * enum fuse_word - what a server is told. FUSE_GO: answer what is held; FUSE_CHANGE: with
 * other code; FUSE_CUT: the file has no bytes any more.
 */
enum fuse_word { FUSE_GO = 'g', FUSE_CHANGE = 'c', FUSE_CUT = 't' };

/**
 * struct fuse - a mount.
 * @server: its process
 * @control: where it is told
 * @held: can be read once a read of the page is held
 * @page: mapped private and read-only, not in memory yet
 */
struct fuse {
	pid_t server;
	int control, held;
	uint8_t *page;
};

/**
 * fuse_begin() - mount it in ALLOWED_DIR, map its page, whose first read is held.
 * Return: 0; -ENOENT: this kernel has no FUSE; or -errno.
 */
int fuse_begin(struct fuse *f);
/** fuse_is_held() - wait until a read is held. Return: false: the server has ended. */
bool fuse_is_held(const struct fuse *f);
/** fuse_tell() - see above. Return: 0 or -errno. */
int fuse_tell(const struct fuse *f, enum fuse_word word);
/** fuse_die() - the server is killed; whoever waits for it is told. */
void fuse_die(struct fuse *f);
/** fuse_end() - and unmount. */
void fuse_end(struct fuse *f);

#endif /* _ROWS_FUSE_H */
