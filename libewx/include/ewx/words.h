/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libewx: names of the values that requests, records and verdicts share.
 *
 * Owns: number to word and back, generated from the lists in the headers.
 * Knows nothing of grammar or policies.
 */
#ifndef _EWX_WORDS_H
#define _EWX_WORDS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/**
 * enum ewx_name_kind - which list.
 * @EWX_NAMES_PERMISSION: enum enclave_permission_bit
 * @EWX_NAMES_OP: enum enclave_op
 * @EWX_NAMES_REFUSAL: enum enclave_refusal
 * @EWX_NAMES_REASON: enum ewx_reason
 * @EWX_NAMES_FAULT: enum ewx_fault_code
 * @EWX_NAMES_SECTION: enum ewx_section
 */
enum ewx_name_kind {
	EWX_NAMES_PERMISSION,
	EWX_NAMES_OP,
	EWX_NAMES_REFUSAL,
	EWX_NAMES_REASON,
	EWX_NAMES_FAULT,
	EWX_NAMES_SECTION,
	EWX_NAMES_COUNT
};

/** ewx_name() - the word for @value, "?" if the list has none. */
const char *ewx_name(enum ewx_name_kind kind, uint32_t value);

/** ewx_name_why() - the explanation of @value, "" if there is none. */
const char *ewx_name_why(enum ewx_name_kind kind, uint32_t value);

/** ewx_name_find() - value of the @len bytes at @word, or -1. */
int ewx_name_find(enum ewx_name_kind kind, const char *word, size_t len);

/** ewx_name_vector() - write the permissions of @vector, "," between; "none". */
void ewx_name_vector(FILE *out, uint32_t vector);

/** ewx_name_prot() - "rx" and the like for ENCLAVE_R|W|X; "none" for 0. */
const char *ewx_name_prot(uint32_t access);

/**
 * ewx_print_safe() - write @s so that no byte can act on a terminal.
 * @quote: 0, or the quote character, which is then escaped as well
 *
 * Control characters, invalid UTF-8, characters that change the direction of
 * text and the backslash become \xHH or \\.
 */
void ewx_print_safe(FILE *out, const char *s, char quote);

/**
 * ewx_print_name() - write the name of a policy file as every message, verdict and
 * binary policy has it.
 * @name: a file's, or one that was written so already: that stays as it is
 *
 * As ewx_print_safe(), but a backslash is not doubled.
 */
void ewx_print_name(FILE *out, const char *name);

#endif /* _EWX_WORDS_H */
