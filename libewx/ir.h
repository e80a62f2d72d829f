/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The policy as the parser leaves it and the emitter takes it.
 *
 * Owns: the in-memory form between front end (lex.c, parse.c, check.c) and
 * back end (automaton.c, classes.c, table.c, emit.c). Names are resolved to
 * indices by check.c; before that only the strings are valid.
 */
#ifndef _LIBEWX_IR_H
#define _LIBEWX_IR_H

#include <stdbool.h>
#include <stddef.h>
#include <uapi/linux/ewx_policy.h>
#include <ewx/ewx.h>
#include "arena.h"


/**
 * struct ewx_loc - a place in a policy file; lines and columns are 1-based.
 * @file: index into unit->files: the one that a #line directive names, if any
 * @line: in that file; 0: no place
 * @col, @end_col: first byte, one past the last
 * @span: the diagnostics' own: where the text really is
 */
struct ewx_loc {
	__u32 file;
	__u32 line;
	__u32 col;
	__u32 end_col;
	__u32 span;
};

/**
 * struct ewx_ir_condition - one condition of a domain, source or identity.
 * @kind: enum ewx_condition_kind
 * @text: pattern, filesystem, context, domain name (OVER); NULL for the others
 * @low, @high: UID, GID, OWNER inclusive; PRODUCT, MIN_SVN: @low; ATTRIBUTES:
 *      mask and value; OVER: @low is the domain's index once resolved
 * @digest: SIGNER, MEASUREMENT, verity digests
 * @any_digest: fs-verity or dm-verity without a digest
 * @is_signed: "fs-verity signature"
 * @mask, @value: XFRM
 */
struct ewx_ir_condition {
	__u32 kind;
	struct ewx_loc loc;
	const char *text;
	__u32 low;
	__u32 high;
	__u8 digest[32];
	bool any_digest;
	bool is_signed;
	__u64 mask;
	__u64 value;
};

/** struct ewx_ir_name - a named domain, source or identity. */
struct ewx_ir_name {
	const char *name;
	struct ewx_loc loc;
	__u32 flags;		/* EWX_DOMAIN_* or EWX_NAME_* */
	__u64 permissive_until;	/* domains; EWX_FOREVER */
	struct ewx_ir_condition *conditions;
	size_t condition_count;
};

/**
 * struct ewx_ir_rule - one allow, deny or log statement. A statement with
 * several permissions stays one rule.
 * @domain: index, or EWX_ANY outside domains
 * @source, @identity: index, EWX_ANY for "any", EWX_DEFER for no clause
 */
struct ewx_ir_rule {
	struct ewx_loc loc;
	__u32 kind;		/* enum ewx_rule_kind */
	__u32 perms;
	__u32 domain;
	__u32 source;
	__u32 identity;
	__u32 max;
	__u64 until;
	const char *source_name;
	const char *identity_name;
	struct ewx_loc source_loc;
	struct ewx_loc identity_loc;
};

/**
 * struct ewx_unit - see ewx.h.
 * Domains: index 0 is "default", always (loc.line 0 if it is implied).
 * @files: what was read, and the names of #line directives (text NULL); which
 *      of them matter is told by the locations of names and rules
 * @step, @step_ctx: who is told what is being done, or NULL
 */
struct ewx_unit {
	struct ewx_arena arena;
	struct ewx_file {
		const char *name;
		const char *text;
		size_t len;
	} *files;
	size_t file_count;
	const char *name;
	struct ewx_loc name_loc;
	__u64 version;
	struct ewx_ir_name *domains, *sources, *identities;
	size_t domain_count, source_count, identity_count;
	struct ewx_ir_rule *rules;
	size_t rule_count;
	struct ewx_diagnostic *diagnostics;
	size_t diagnostic_count;
	size_t error_count;
	bool checked;
	void (*step)(void *ctx, const char *words);
	void *step_ctx;
	void *front;		/* the parser's own: sets, expects, nevers */
};

/* Something begins that can take long. */
static inline void ewx_step(const struct ewx_unit *u, const char *words)
{
	if (u->step)
		u->step(u->step_ctx, words);
}

/*
 * diag.c: add a message; printf-like. @hint may be NULL. @loc may be NULL. Use
 * ewx_report() and ewx_note() of codes.h. Errors past 20: dropped, counted.
 */
void ewx_diag(struct ewx_unit *u, enum ewx_severity severity, const char *code,
	      const struct ewx_loc *loc, const char *hint, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* emit.c: back end of ewx_unit_compile(), called on a checked unit. */
int ewx_emit(struct ewx_unit *u, __u64 built, void **blob, size_t *size);

#endif /* _LIBEWX_IR_H */
