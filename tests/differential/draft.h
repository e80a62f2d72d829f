/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A random policy while it is being written: between policy.c, which draws
 * statements and rules, and conditions.c.
 */
#ifndef _TESTS_DIFFERENTIAL_DRAFT_H
#define _TESTS_DIFFERENTIAL_DRAFT_H

#include <stdio.h>
#include "policy.h"

#define STATEMENTS_MAX 128
#define DOMAINS_MAX 6

#define KIND(name) (1u << EWX_CONDITION_##name)
#define DOMAIN_KINDS \
	(KIND(EXE) | KIND(UID) | KIND(GID) | KIND(CGROUP) | KIND(CONTEXT))
#define SOURCE_KINDS                                             \
	(KIND(PATH) | KIND(OWNER) | KIND(FS) | KIND(READ_ONLY) | \
	 KIND(FS_VERITY) | KIND(DM_VERITY) | KIND(MAPPED_EXEC))
#define IDENTITY_KINDS                                                      \
	(KIND(SIGNER) | KIND(MEASUREMENT) | KIND(PRODUCT) | KIND(MIN_SVN) | \
	 KIND(ATTRIBUTES) | KIND(XFRM))

/**
 * struct draft - a policy that is being written.
 * @statements: those that may stand anywhere, in any order
 * @domains, @sources, @identities: how many there are, besides default
 * @body: of each domain: its conditions and settings
 * @rules: of each domain, [0] of default
 * @order: the domains, so that each may win against those behind it
 * @granted: per permission, the identities it is allowed to; bit 63: to all
 */
struct draft {
	struct rng *rng;
	char *statements[STATEMENTS_MAX];
	size_t count;
	u32 domains, sources, identities, sets;
	char *body[DOMAINS_MAX];
	size_t body_size[DOMAINS_MAX];
	FILE *rules[DOMAINS_MAX];
	char *rule_text[DOMAINS_MAX];
	size_t rule_size[DOMAINS_MAX];
	u32 order[DOMAINS_MAX];
	u64 granted[ENCLAVE_PERM_COUNT];
};

/** put_conditions() - conditions of the kinds of @set, with a value or some. */
void put_conditions(struct draft *d, FILE *f, u32 set);

/** draw_kinds() - one to three of @kinds. */
u32 draw_kinds(struct draft *d, u32 kinds);

#endif /* _TESTS_DIFFERENTIAL_DRAFT_H */
