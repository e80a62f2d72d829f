/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libewx: what is in a compiled policy: domains, rules, names, contexts.
 *
 * Owns: reading a judge's policy back, piece by piece; ewx_dump() gives all of it as
 * text. Decides nothing. Strings live as long as the judge. Pieces are counted from
 * 0; numbers that are none of a piece are those of <linux/ewx_policy.h>.
 */
#ifndef _EWX_POLICY_H
#define _EWX_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <ewx/judge.h>

/**
 * ewx_signed_size() - where in a file the policy ends and its signature begins.
 * Neither is verified.
 * Return: bytes of the policy; 0: @data is none with a signature.
 */
size_t ewx_signed_size(const void *data, size_t size);

/** ewx_judge_format() - version of the binary format; 0 is none. */
uint32_t ewx_judge_format(const struct ewx_judge *j);

/**
 * struct ewx_domain_view - a domain.
 * @file, @line: its declaration; NULL: not kept
 * @guarded, @root_any: it is declared so
 * @permissive: it is declared so; @permissive_until: last second of that, EWX_FOREVER
 *	without an end
 */
struct ewx_domain_view {
	const char *name;
	const char *file;
	unsigned int line;
	bool guarded;
	bool root_any;
	bool permissive;
	uint64_t permissive_until;
};

/** ewx_judge_domain() - the @n-th domain. Return: false: there are not so many. */
bool ewx_judge_domain(const struct ewx_judge *j, uint32_t n,
		      struct ewx_domain_view *v);

/** ewx_judge_domains() - how many domains; "default" is always one. */
uint32_t ewx_judge_domains(const struct ewx_judge *j);

/** ewx_judge_domain_find() - which domain is called so; EWX_NONE: none. */
uint32_t ewx_judge_domain_find(const struct ewx_judge *j, const char *name);

/**
 * ewx_judge_permissive() - whether denials in the @n-th domain are only recorded.
 * @now: seconds since the epoch; before the policy's build stamp the clock is not
 *	trusted
 */
bool ewx_judge_permissive(const struct ewx_judge *j, uint32_t n, uint64_t now);

/**
 * struct ewx_rule_view - a rule.
 * @kind: EWX_RULE_ALLOW, EWX_RULE_DENY or EWX_RULE_LOG
 * @domain: of ewx_judge_domain(); EWX_ANY: every one
 * @source, @identity: of ewx_judge_source() and ewx_judge_identity(); EWX_ANY: any;
 *	EWX_DEFER: the rule's permissions are not about that
 * @permissions: bits of enum enclave_permission_bit
 * @until: last second that it is in force, EWX_FOREVER without an end
 * @file, @line: where it stands; NULL: not kept
 */
struct ewx_rule_view {
	uint32_t kind;
	uint32_t domain;
	uint32_t source;
	uint32_t identity;
	uint32_t permissions;
	uint64_t until;
	const char *file;
	unsigned int line;
};

/** ewx_judge_rule() - the @n-th rule. Return: false: there are not so many. */
bool ewx_judge_rule(const struct ewx_judge *j, uint32_t n,
		    struct ewx_rule_view *v);

/** ewx_judge_rules() - how many rules. */
uint32_t ewx_judge_rules(const struct ewx_judge *j);

/** ewx_judge_source() - name of the @n-th source, NULL past the end. */
const char *ewx_judge_source(const struct ewx_judge *j, uint32_t n);

/** ewx_judge_sources() - how many sources. */
uint32_t ewx_judge_sources(const struct ewx_judge *j);

/** ewx_judge_identity() - name of the @n-th identity, NULL past the end. */
const char *ewx_judge_identity(const struct ewx_judge *j, uint32_t n);

/** ewx_judge_identities() - how many identities. */
uint32_t ewx_judge_identities(const struct ewx_judge *j);

/**
 * ewx_judge_source_class() - a class holds the files that no source tells apart.
 * @cls: struct ewx_reply's, below ewx_judge_source_classes()
 * Return: name of its @n-th source, NULL past the end.
 */
const char *ewx_judge_source_class(const struct ewx_judge *j, uint32_t cls,
				   uint32_t n);

/** ewx_judge_source_classes() - how many classes of files. */
uint32_t ewx_judge_source_classes(const struct ewx_judge *j);

/** ewx_judge_identity_class() - the same of enclaves. */
const char *ewx_judge_identity_class(const struct ewx_judge *j, uint32_t cls,
				     uint32_t n);

/** ewx_judge_identity_classes() - how many classes of enclaves. */
uint32_t ewx_judge_identity_classes(const struct ewx_judge *j);

/**
 * ewx_judge_contexts() - the contexts of other security modules that domains name.
 * @found: called with @ctx for each condition: its text and place, @file "-" if that
 *	is not kept
 */
void ewx_judge_contexts(const struct ewx_judge *j,
			void (*found)(void *ctx, const char *context,
				      const char *file, unsigned int line),
			void *ctx);

#endif /* _EWX_POLICY_H */
