/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the front end remembers of a unit besides the IR.
 *
 * Owns: names, sets, the words of permission lists, never and expect
 * statements, and where texts are. Of no interest to the back end.
 */
#ifndef _LIBEWX_FRONT_H
#define _LIBEWX_FRONT_H

#include <stdint.h>
#include "ir.h"
#include "symbols.h"

#define EWX_FILE_SIZE_MAX	((size_t)64 << 20)
#define EWX_SHOWN_MAX		20	/* errors, and again warnings */

/* In ewx_ir_name.flags: something in its block was wrong already. */
#define EWX_NAME_BROKEN		0x80000000u

/**
 * struct ewx_span - lines of a text that follow each other in both countings.
 * @at: first byte of the first line
 * @end: end of the whole text
 * @file: as diagnostics name it
 * @line: number of the first line, as diagnostics name it
 */
struct ewx_span {
	const char *at;
	const char *end;
	__u32 file;
	__u32 line;
};

/**
 * struct ewx_perm_word - a word of a permission list.
 * @perms: what it stands for; 0: a set that check.c still has to find
 */
struct ewx_perm_word {
	const char *name;
	struct ewx_loc loc;
	__u32 perms;
};

/** struct ewx_words - a run of front->words. */
struct ewx_words {
	size_t first;
	size_t count;
};

/** struct ewx_set - "set name = words"; @perms, @used once check.c resolved them. */
struct ewx_set {
	const char *name;
	struct ewx_loc loc;
	struct ewx_words words;
	__u32 perms;
	bool used;
};

/** struct ewx_over - "domain name over other;". */
struct ewx_over {
	const char *name;
	const char *other;
	struct ewx_loc loc;
	struct ewx_loc over_loc;
	struct ewx_loc other_loc;
};

/** struct ewx_block - "for name { ... }"; @identity once check.c resolved it. */
struct ewx_block {
	const char *name;
	struct ewx_loc loc;
	__u32 identity;
};

#define EWX_BLOCK_NONE	SIZE_MAX

/**
 * struct ewx_rule_extra - what only check.c wants of the rule of that index.
 * @block: index of the for block around it, or EWX_BLOCK_NONE
 * @broken: the rest of it was not understood: only its names are looked at
 */
struct ewx_rule_extra {
	struct ewx_words words;
	struct ewx_loc max_loc;
	struct ewx_loc until_loc;
	size_t block;
	bool broken;
};

/** struct ewx_never - "never words but for identities". */
struct ewx_never {
	struct ewx_loc loc;
	struct ewx_words words;
	struct ewx_words but;	/* names of identities; perms unused */
};

enum ewx_expect_kind { EWX_EXPECT_DOMAIN, EWX_EXPECT_ALLOW, EWX_EXPECT_DENY };

/**
 * struct ewx_expect - "expect ...: ...".
 * @domain, @domain_loc: DOMAIN: the name
 * @text: the request, or the process, as written, up to the ";"
 * @text_loc: where it begins
 * @identity: that the request names, once it was read; else EWX_ANY
 */
struct ewx_expect {
	struct ewx_loc loc;
	enum ewx_expect_kind kind;
	const char *domain;
	struct ewx_loc domain_loc;
	const char *text;
	struct ewx_loc text_loc;
	__u32 identity;
};

/**
 * struct ewx_front
 * @pattern: memory of the pattern that is being looked at
 * @texts: of files, each malloc()'s
 */
struct ewx_front {
	struct ewx_arena pattern;
	char **texts;
	size_t text_count;
	struct ewx_symbols files, sets, domains, sources, identities;
	struct ewx_set *set;
	size_t set_count;
	struct ewx_perm_word *words;
	size_t word_count;
	struct ewx_over *overs;
	size_t over_count;
	struct ewx_block *blocks;
	size_t block_count;
	struct ewx_rule_extra *extra;
	size_t extra_count;
	struct ewx_never *nevers;
	size_t never_count;
	struct ewx_expect *expects;
	size_t expect_count;
	struct ewx_span *spans;
	size_t span_count;

	/* diagnostics: place of each of unit->diagnostics, for order and text */
	struct ewx_loc *diag_locs;
	size_t diag_loc_count;
	size_t last_diag;	/* where the last message's notes go */
	bool last_dropped;
	size_t shown[EWX_ERROR + 1];
	size_t dropped[EWX_ERROR + 1];
	const char *warned;	/* the last warning's code, and its bit in: */
	__u64 warned_bit;
	__u64 unwarned;		/* warnings that are not wanted, by number */
	__u64 errors;		/* warnings that count as errors */
	size_t promoted;	/* such warnings */
	const struct ewx_host *host;	/* or NULL */

	bool policy_seen;	/* "policy", perhaps broken */
	bool unread;		/* a file of which nothing is known */
	bool skip_expects;
	bool has_built;
	__u64 built;
};

static inline struct ewx_front *ewx_front(const struct ewx_unit *u)
{
	return u->front;
}

/** ewx_will_show() - whether an error reported now will be seen. */
static inline bool ewx_will_show(const struct ewx_unit *u)
{
	return ewx_front(u)->shown[EWX_ERROR] < EWX_SHOWN_MAX;
}

/* unit.c: index of the file called @name; entered if new. */
__u32 ewx_file_index(struct ewx_unit *u, const char *name);

/* parse.c: parse all of @text into the unit. */
void ewx_parse(struct ewx_unit *u, __u32 file, const char *text, size_t len);

/* check.c: words of a permission list to a vector; errors are reported. */
__u32 ewx_resolve_words(struct ewx_unit *u, const struct ewx_words *words);

/* check.c: index of an identity, EWX_ANY for "any"; unknown ones are reported. */
__u32 ewx_resolve_identity(struct ewx_unit *u, const char *name,
			   const struct ewx_loc *loc);

/* check.c: hint with the name nearest to @word, NULL if none is near. */
const char *ewx_nearest(struct ewx_unit *u, const char *word, bool any,
			const struct ewx_ir_name *names, size_t count);

/* over.c: "domain a over b" to conditions; circles are reported. */
void ewx_check_overs(struct ewx_unit *u);

/* never.c: prove the never statements. */
void ewx_check_nevers(struct ewx_unit *u);

/* diag.c: which warnings are wanted at first. */
void ewx_warnings_init(struct ewx_front *f);

/* expect.c: read the requests of expect statements. */
void ewx_check_expects(struct ewx_unit *u);

/* expect.c: ask the compiled policy. */
void ewx_judge_expects(struct ewx_unit *u, const void *blob, size_t size);

/* lint.c: warnings; the unit has no errors. */
void ewx_lint(struct ewx_unit *u);
void ewx_lint_names(struct ewx_unit *u);
void ewx_lint_rules(struct ewx_unit *u);
void ewx_lint_host(struct ewx_unit *u);
void ewx_lint_built(struct ewx_unit *u, __u64 built);

#endif /* _LIBEWX_FRONT_H */
