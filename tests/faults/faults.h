/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every call, while something fails: memory, or the life of who calls.
 *
 * A step is one call, with what has to be there before. It is known what it returns
 * when nothing fails. Whatever fails, what is denied stays denied, and what follows
 * works.
 */
#ifndef _FAULTS_H
#define _FAULTS_H

#include "../kselftest/rows/sgx_rows.h"

/**
 * struct place - what a step works with.
 * @fd: an enclave
 * @node: a file
 * @at: a mapping of the enclave
 * @code: pages of an allowed file, mapped; CODE_PAGES of them
 * @data: likewise, anonymous
 * @sgx: an enclave of SGX
 * @signer: of the enclave
 * @sigstruct: of the enclave of SGX
 * @blob: a policy's bytes, @size of them
 * @with_signature: and the same signed, @signed_size bytes
 * @word: of a node
 */
struct place {
	int fd, node;
	void *at;
	uint8_t *code, *data;
	struct sgx sgx;
	struct enclave_signer signer;
	uint8_t sigstruct[SGX_SIGSTRUCT_SIZE];
	uint8_t *blob;
	size_t size;
	uint8_t *with_signature;
	size_t signed_size;
	char word[16];
};

#define CODE_PAGES 16

/**
 * struct step - a call. Functions return 0 or -errno.
 * @name: of it
 * @want: what @act returns when nothing fails: 0, or -errno of a denial
 * @prepare: what comes before; nothing fails in it
 * @act: the call
 * @must: @act may not have left behind what would be allowed now and was not: 0 if
 *	it has not; NULL: nothing to ask
 * @finish: give back what @prepare has taken
 * @quiet: it allocates nothing that can fail
 */
struct step {
	const char *name;
	int want;
	int (*prepare)(struct place *p);
	int (*act)(struct place *p);
	int (*must)(struct place *p);
	void (*finish)(struct place *p);
	bool quiet;
};

extern const struct step steps_dev[], steps_node[], steps_sgx[];
extern const unsigned int steps_dev_count, steps_node_count, steps_sgx_count;

#endif /* _FAULTS_H */
