/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libewx: check and compile EWX policies, read binary policies back.
 *
 * Owns: the public API. No call exits, prints or keeps global state; every
 * object lives in one arena and goes with ewx_unit_free().
 */
#ifndef _EWX_EWX_H
#define _EWX_EWX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The language that this version reads; bytes of a path pattern at most. */
#define EWX_LANGUAGE 1
#define EWX_PATTERN_MAX 4095

/** struct ewx_unit - a compilation unit: policy files and what they mean. */
struct ewx_unit;

/** ewx_unit_new() - an empty unit, NULL without memory. */
struct ewx_unit *ewx_unit_new(void);

/** ewx_unit_free() - with it go its diagnostics. @u: or NULL */
void ewx_unit_free(struct ewx_unit *u);

/**
 * ewx_unit_add_file() - read and parse a policy file.
 * Errors, an unreadable file included, become diagnostics.
 * Return: 0, or -1 if the file gave errors (parsing of others goes on).
 */
int ewx_unit_add_file(struct ewx_unit *u, const char *path);

/** ewx_unit_add_text() - parse @len bytes of @text; @name stands in diagnostics. */
int ewx_unit_add_text(struct ewx_unit *u, const char *name, const char *text,
		      size_t len);

/**
 * ewx_unit_built() - the build stamp that a "#built SECONDS" comment states.
 * Return: false if there is none.
 */
bool ewx_unit_built(const struct ewx_unit *u, uint64_t *built);

/**
 * ewx_unit_check() - resolve names and judge all rules. Once only: what is
 * added later is refused. Return: 0 or -1.
 */
int ewx_unit_check(struct ewx_unit *u);

/**
 * ewx_unit_compile() - make the binary policy; implies ewx_unit_check().
 * @built: build stamp, seconds since the epoch
 * @blob: on success malloc()ed bytes, the caller frees
 * Deterministic: the same unit and stamp give the same bytes.
 * Return: 0, or -1 with diagnostics.
 */
int ewx_unit_compile(struct ewx_unit *u, uint64_t built, void **blob,
		     size_t *size);

/**
 * ewx_unit_warn() - which warnings are given, before the files that they are about.
 * @option: "NAME" or "no-NAME"; "error", "error=NAME": it is an error then;
 *      "no-error", "no-error=NAME"; NAME may be "all"
 * Return: 0, or -1: there is no such warning.
 */
int ewx_unit_warn(struct ewx_unit *u, const char *option);

/** ewx_warning_name() - the n-th warning's name, NULL past the end. */
const char *ewx_warning_name(size_t n);

/** ewx_code_warning() - name of the warning with @code, NULL if it is none. */
const char *ewx_code_warning(const char *code);

/**
 * struct ewx_host - what warnings may know of the machine.
 * @root: "" or a folder: paths are looked up below it
 * @now: its clock
 * @features: bits of its kernel's features; all bits: not known
 */
struct ewx_host {
	const char *root;
	uint64_t now;
	uint32_t features;
};

/**
 * ewx_unit_on_host() - also warn of what is wrong on that machine. Before the
 * unit is checked; @host stays the caller's and lasts as long as the unit.
 */
void ewx_unit_on_host(struct ewx_unit *u, const struct ewx_host *host);

/**
 * ewx_unit_skip_expects() - compile even if expect statements are not met: for
 * asking the policy, not for using it.
 */
void ewx_unit_skip_expects(struct ewx_unit *u);

/**
 * ewx_unit_on_step() - tell what is being done, for those who wait.
 * @step: called with @ctx when something begins that can take long; its words are
 *      static, and made for people
 */
void ewx_unit_on_step(struct ewx_unit *u,
		      void (*step)(void *ctx, const char *words), void *ctx);

enum ewx_severity { EWX_NOTE, EWX_WARNING, EWX_ERROR };

/**
 * struct ewx_diagnostic - one message.
 * @code: "E0203", "W0101"; notes have that of the message they follow
 * @file, @line, @column: place, 1-based (bytes); @line 0: no place
 * @end_column: one past the last byte on that line
 * @text: one sentence, no full stop; @hint: or NULL
 */
struct ewx_diagnostic {
	enum ewx_severity severity;
	const char *code;
	const char *file;
	unsigned int line;
	unsigned int column;
	unsigned int end_column;
	const char *text;
	const char *hint;
};

/** ewx_unit_diagnostics() - all messages so far, in order of place. */
const struct ewx_diagnostic *ewx_unit_diagnostics(const struct ewx_unit *u,
						  size_t *count);

/** ewx_unit_errors() - how many errors so far, those that are not shown included. */
size_t ewx_unit_errors(const struct ewx_unit *u);

/** ewx_code_explanation() - what a code such as "E0203" means, or NULL. */
const char *ewx_code_explanation(const char *code);

/**
 * ewx_code_name() - the n-th code, "E0101", NULL past the end; the warnings are the
 * last ones.
 */
const char *ewx_code_name(size_t n);

/** ewx_code_summary() - a code in a few words, or NULL. */
const char *ewx_code_summary(const char *code);

/** ewx_public_key() - where the private half of a key is published that has the
 * SHA-256 @signer, so that everybody can sign with it; NULL: not known to be.
 */
const char *ewx_public_key(const uint8_t signer[32]);

/** ewx_unit_print() - write the messages: source line, caret, note, hint. */
void ewx_unit_print(const struct ewx_unit *u, FILE *out, bool colour);

/**
 * ewx_unit_format() - a policy file in the one layout, its comments kept.
 * @u: a unit of its own; gets the diagnostics
 * @result: on success malloc()ed text of @size bytes, the caller frees
 * Only what parses is formatted. What comes out gives itself when it is formatted
 * again. Return: 0, or -1 with diagnostics.
 */
int ewx_unit_format(struct ewx_unit *u, const char *name, const char *text,
		    size_t len, char **result, size_t *size);

/**
 * ewx_dump() - decompile a binary policy to text that compiles to the same bytes
 * (with the same build stamp, which the text states in a comment), if it was
 * compiled. One that somebody else made may verify and have no text, or decide by
 * tables that its text does not give: what it decides tell ewx_judge_answer() and
 * its like.
 * Return: 0, or -1 if the blob is malformed or has no text (@error: static text).
 */
int ewx_dump(const void *blob, size_t size, FILE *out, const char **error);

#endif /* _EWX_EWX_H */
