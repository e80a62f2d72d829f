/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an enclave consists of, as one word of text: for records and nodes.
 *
 * Owns: these texts, and the set of sources that an enclave was loaded from.
 * Knows nothing of audit or securityfs.
 */
#ifndef _SECURITY_EWX_LAYOUT_H
#define _SECURITY_EWX_LAYOUT_H

#include <linux/enclave.h>
#include <linux/types.h>

#include "policy.h"

#define EWX_SOURCES_MAX		8

/**
 * struct ewx_sources - source classes of the pages of one enclave.
 * @generation: of the policy that classified them; 0: none yet
 * @count: used entries
 * @more: some found no room, or are of an earlier policy
 * @class: each once, in order of time
 */
struct ewx_sources {
	u64 generation;
	u32 count;
	bool more;
	u32 class[EWX_SOURCES_MAX];
};

/** ewx_layout_word() - one more word. Return: false: no room for it, and "...". */
bool ewx_layout_word(char *text, size_t size, const char *word);

/** ewx_layout_more() - "..." at the end; ewx_layout_word() has left room. */
void ewx_layout_more(char *text, size_t size);

/** ewx_sources_add() - a page of class @class was loaded. */
void ewx_sources_add(struct ewx_sources *s, u64 generation, u32 class);

/**
 * ewx_layout_sources() - names of the sources, each once, by commas.
 * @s: the sources
 * @text: out
 * @size: bytes of @text
 * @p: of their generation, or NULL. "" if there are none, "..." at the end if
 * some are left out
 */
void ewx_layout_sources(const struct ewx_loaded *p,
			const struct ewx_sources *s, char *text, size_t size);

/**
 * ewx_layout_used() - the permissions of @used, by commas; with ":" and the live
 * pages that use it, for those that are counted in pages.
 * @e: the enclave
 * @used: access vector
 * @text: out
 * @size: bytes of @text
 */
void ewx_layout_used(const struct enclave *e, u32 used, char *text,
		     size_t size);

/**
 * ewx_layout_ranges() - the pages of an enclave by intent and origin, as
 * FIRST-LAST:INTENT:ORIGIN, by commas; "..." at the end if some are left out.
 * @text: out
 * @size: bytes of @text
 * @e: locked
 */
void ewx_layout_ranges(struct enclave *e, char *text, size_t size);

#endif /* _SECURITY_EWX_LAYOUT_H */
