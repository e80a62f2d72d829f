/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The policy read naively: what a unit means, without automata, classes or
 * tables. The back end's tests compare the engine's answers with these.
 */
#ifndef _TESTS_UNIT_NAIVE_H
#define _TESTS_UNIT_NAIVE_H

#include "libewx/ir.h"
#include "libewx/pattern.h"
#include "security/ewx/core/engine.h"

/* Whether the whole of @s matches. */
bool naive_match(const struct ewx_pattern *pattern, const char *s, size_t len);

/* struct process - what domains ask; @gids: bit n: in group n. */
struct process {
	const char *path; /* NULL: none at all */
	bool no_path;
	u32 uid;
	u32 gids;
	const char *context; /* NULL: none */
	const char *cgroup; /* NULL: none */
};

/* struct source_file - what sources ask; verity: a digest's first byte, 0: none. */
struct source_file {
	const char *path; /* NULL: none, or not trusted */
	u32 owner;
	const char *fs;
	bool read_only;
	bool mapped_exec;
	u8 fs_verity;
	bool fs_signed;
	u8 dm_verity;
};

/* struct enclave - what identities ask; keys by their first byte. */
struct enclave {
	u8 signer; /* 0: none */
	u8 measurement;
	u32 product;
	u32 svn;
	u32 attributes;
	u64 xfrm;
};

/* The conditions, but for path trust, fit. */
bool naive_domain_fits(const struct ewx_unit *u, u32 domain,
		       const struct process *process);

/* Domains that fit, path trust included, to @fits. Return: how many. */
u32 naive_domains(const struct ewx_unit *u, const struct process *process,
		  u32 *fits);

bool naive_source_fits(const struct ewx_unit *u, u32 source,
		       const struct source_file *file);
bool naive_identity_fits(const struct ewx_unit *u, u32 identity,
			 const struct enclave *enclave);

/* struct naive_question - as struct ewx_question, but things, not classes. */
struct naive_question {
	u32 domain;
	const struct source_file *file; /* NULL: no source */
	const struct enclave *enclave;
	u64 now;
	u64 built;
	const u64 *uses;
};

/* The permissions that are granted. */
u32 naive_allowed(const struct ewx_unit *u, const struct naive_question *q,
		  u32 *logged);

/* How the engine asks. */
void process_properties(const struct process *process,
			struct ewx_properties *props);
/* @proofs: room for what verifies it. */
void file_properties(const struct source_file *file,
		     struct ewx_verity proofs[2], struct ewx_properties *props);
/* @keys: room for two digests. */
void enclave_properties(const struct enclave *enclave, u8 keys[2][32],
			struct ewx_properties *props);

u32 engine_domain(const struct ewx_policy *p, const struct process *process);
u32 engine_source(const struct ewx_policy *p, const struct source_file *file);
u32 engine_identity(const struct ewx_policy *p, const struct enclave *enclave);

#endif /* _TESTS_UNIT_NAIVE_H */
