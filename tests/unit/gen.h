/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random policies as the front end would leave them, and the small world they
 * speak of: few paths, ids and keys, so that everything meets everything.
 */
#ifndef _TESTS_UNIT_GEN_H
#define _TESTS_UNIT_GEN_H

#include "naive.h"

/**
 * struct gen - what to make.
 * @seed: not 0
 * @domains, @sources, @identities, @rules: how many at most
 */
struct gen {
	unsigned long long seed;
	u32 domains;
	u32 sources;
	u32 identities;
	u32 rules;
};

u32 gen_random(struct gen *g, u32 n);

/* A checked unit; free it with ewx_unit_free(). */
struct ewx_unit *gen_unit(struct gen *g);

/* Drop the unit's domains but "default", for tests of other things. */
void gen_drop_domains(struct ewx_unit *u);

/* Things of the world. gen_process_count() of them, numbered. */
u32 gen_process_count(void);
void gen_process(u32 n, struct process *process);
void gen_file(struct gen *g, struct source_file *file);
void gen_enclave(struct gen *g, struct enclave *enclave);

#define GEN_BUILT 1700000000u
#define GEN_DAY 86400u

#endif /* _TESTS_UNIT_GEN_H */
