// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Warnings: policies that mean what they say, but say more than one may think.
 *
 * Owns: the judgement of unit without errors. Warnings change nothing.
 */
#include <stdint.h>
#include <string.h>
#include <uapi/linux/enclave_permissions.h>
#include "codes.h"
#include "front.h"

/* Permissions that let code run which no listed file holds, or reach secrets. */
#define STRONG								\
	(ENCLAVE_PERM_EXEC_MODIFIED | ENCLAVE_PERM_EXEC_ANON |		\
	 ENCLAVE_PERM_EXEC_MUTABLE | ENCLAVE_PERM_EXEC_UNMEASURED |	\
	 ENCLAVE_PERM_LOAD_WX | ENCLAVE_PERM_MAP_WX |			\
	 ENCLAVE_PERM_EXEC_DYNAMIC | ENCLAVE_PERM_EXEC_WRITTEN |	\
	 ENCLAVE_PERM_DEBUG | ENCLAVE_PERM_PROVISION |			\
	 ENCLAVE_PERM_DEBUG_WRITE | ENCLAVE_PERM_VEPC)

/* The kinds of conditions that a name has, a bit each. */
static __u32 kinds_of(const struct ewx_ir_name *name)
{
	__u32 kinds = 0;
	size_t i;

	for (i = 0; i < name->condition_count; i++)
		kinds |= 1U << name->conditions[i].kind;
	return kinds;
}

static void lint_identities(struct ewx_unit *u)
{
	const __u32 signer = 1U << EWX_CONDITION_SIGNER;
	const __u32 measurement = 1U << EWX_CONDITION_MEASUREMENT;
	const __u32 min_svn = 1U << EWX_CONDITION_MIN_SVN;
	size_t i;

	for (i = 0; i < u->identity_count; i++) {
		__u32 kinds = kinds_of(&u->identities[i]);

		if (kinds & measurement)
			continue;
		if (!(kinds & signer))
			ewx_report(u, W0106, &u->identities[i].loc,
				   "add a signer or a measurement",
				   "anybody can build an enclave that fits identity \"%s\"",
				   u->identities[i].name);
		else if (!(kinds & min_svn))
			ewx_report(u, W0102, &u->identities[i].loc,
				   "add: min-svn N;",
				   "identity \"%s\" has a signer but no min-svn",
				   u->identities[i].name);
	}
}

static bool unnamed(__u32 index)
{
	return index == EWX_ANY || index == EWX_DEFER;
}

/* Rules that only the name of a program keeps from everybody. */
static void lint_exe_alone(struct ewx_unit *u)
{
	__u32 *kinds = ewx_arena_array(&u->arena, u->domain_count,
				       sizeof(*kinds));
	size_t i;

	if (!kinds)
		return;
	for (i = 0; i < u->domain_count; i++)
		kinds[i] = kinds_of(&u->domains[i]) &
			   ~(1U << EWX_CONDITION_OVER);
	for (i = 0; i < u->rule_count; i++) {
		const struct ewx_ir_rule *rule = &u->rules[i];

		if (rule->kind != EWX_RULE_ALLOW || rule->domain == EWX_ANY ||
		    !(rule->perms & STRONG) || !unnamed(rule->source) ||
		    !unnamed(rule->identity) ||
		    kinds[rule->domain] != 1U << EWX_CONDITION_EXE)
			continue;
		ewx_report(u, W0103, &rule->loc,
			   "name an identity, or add uid or gid to the domain",
			   "a strong permission hangs on \"exe\" of domain \"%s\" alone",
			   u->domains[rule->domain].name);
	}
}

/* A rule for exec_file whose pages fit any enclave. */
static bool gives_files(const struct ewx_ir_rule *rule)
{
	return rule->kind == EWX_RULE_ALLOW &&
	       rule->perms & ENCLAVE_PERM_EXEC_FILE && unnamed(rule->identity);
}

static bool inits_any(const struct ewx_ir_rule *rule)
{
	return rule->kind == EWX_RULE_ALLOW &&
	       rule->perms & ENCLAVE_PERM_INIT && rule->identity == EWX_ANY;
}

static void lint_layout(struct ewx_unit *u)
{
	const struct ewx_ir_rule **files, *file;
	size_t i, domain, all = u->domain_count, any = all + 1;

	/* Per domain, then outside domains, then anywhere: one such rule. */
	files = ewx_arena_array(&u->arena, any + 1, sizeof(*files));
	if (!files)
		return;
	for (i = 0; i < u->rule_count; i++) {
		if (!gives_files(&u->rules[i]))
			continue;
		domain = u->rules[i].domain;
		files[domain == EWX_ANY ? all : domain] = &u->rules[i];
		files[any] = &u->rules[i];
	}
	for (i = 0; i < u->rule_count; i++) {
		if (!inits_any(&u->rules[i]))
			continue;
		domain = u->rules[i].domain;
		file = files[domain == EWX_ANY ? any : domain];
		if (!file)
			file = files[all];
		if (!file)
			continue;
		ewx_report(u, W0104, &u->rules[i].loc,
			   "name an identity on init or on exec_file",
			   "any enclave may be built of pages of allowed files, in any order");
		ewx_note(u, &file->loc, "the files are allowed here");
	}
}

/* Control groups that users manage themselves. */
static void lint_groups(struct ewx_unit *u)
{
	static const char slice[] = "/user.slice/";
	size_t i, j;

	for (i = 0; i < u->domain_count; i++) {
		for (j = 0; j < u->domains[i].condition_count; j++) {
			const struct ewx_ir_condition *c =
				&u->domains[i].conditions[j];

			if (c->kind != EWX_CONDITION_CGROUP ||
			    strncmp(c->text, slice, strlen(slice)))
				continue;
			ewx_report(u, W0114, &c->loc,
				   "name the service's own group below /system.slice",
				   "users manage the groups below /user.slice");
		}
	}
}

void ewx_lint(struct ewx_unit *u)
{
	lint_identities(u);
	lint_exe_alone(u);
	lint_layout(u);
	lint_groups(u);
	ewx_lint_names(u);
	ewx_lint_rules(u);
}

#define DAY	86400
#define SOON	(30 * DAY)

/* What ends at @until: has it ended, or will it before long? */
static void lint_until(struct ewx_unit *u, __u64 until, __u64 now,
		       const struct ewx_loc *loc, const char *what)
{
	unsigned long long days = (until - now) / DAY + 1;

	if (until == EWX_FOREVER)
		return;
	if (until < now)
		ewx_report(u, W0107, loc, NULL, "%s has ended already", what);
	else if (until - now < SOON)
		ewx_report(u, W0112, loc, NULL, "%s ends within %llu day%s",
			   what, days, days == 1 ? "" : "s");
}

void ewx_lint_built(struct ewx_unit *u, __u64 built)
{
	struct ewx_front *f = ewx_front(u);
	const char *what;
	size_t i;

	if (f->host && f->host->now > built)
		built = f->host->now;
	for (i = 0; i < u->rule_count; i++)
		lint_until(u, u->rules[i].until, built, &f->extra[i].until_loc,
			   "this rule");
	for (i = 0; i < u->domain_count; i++) {
		const struct ewx_ir_name *d = &u->domains[i];

		if (!(d->flags & EWX_DOMAIN_PERMISSIVE) ||
		    d->permissive_until == EWX_FOREVER)
			continue;
		what = ewx_arena_printf(&u->arena,
					"\"permissive\" of domain \"%s\"",
					d->name);
		if (what)
			lint_until(u, d->permissive_until, built, &d->loc,
				   what);
	}
	if (f->host)
		ewx_lint_host(u);
}
