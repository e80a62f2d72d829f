// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Warnings about sources, identities and sets that nothing uses.
 *
 * Owns: what counts as a use: a name in any statement, whatever the statement comes to.
 * Linear in the size of the policy.
 */
#include "codes.h"
#include "front.h"

/* Index @i of @used is a name that something uses; others are none. */
static void use(bool *used, size_t count, __u32 i)
{
	if (i < count)
		used[i] = true;
}

static void report_unused(struct ewx_unit *u, const char *kind,
			  const char *clause, const struct ewx_ir_name *names,
			  const bool *used, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (used[i])
			continue;
		ewx_report(u, W0115, &names[i].loc,
			   ewx_arena_printf(&u->arena,
					    "a rule names it so: %s %s",
					    clause, names[i].name),
			   "nothing uses %s \"%s\"", kind, names[i].name);
	}
}

static void lint_sources(struct ewx_unit *u)
{
	bool *used = ewx_arena_array(&u->arena, u->source_count, sizeof(*used));

	if (!used)
		return;
	for (size_t i = 0; i < u->rule_count; i++)
		use(used, u->source_count, u->rules[i].source);
	report_unused(u, "source", "from", u->sources, used, u->source_count);
}

/* A for block uses its identity, even if no rule stands in it. */
static void lint_identities(struct ewx_unit *u)
{
	size_t count = u->identity_count, i, k;
	struct ewx_front *f = ewx_front(u);
	bool *used = ewx_arena_array(&u->arena, count, sizeof(*used));

	if (!used)
		return;
	for (i = 0; i < u->rule_count; i++)
		use(used, count, u->rules[i].identity);
	for (i = 0; i < f->block_count; i++)
		use(used, count, f->blocks[i].identity);
	for (i = 0; i < f->never_count; i++) {
		const struct ewx_words *but = &f->nevers[i].but;

		for (k = 0; k < but->count; k++)
			use(used, count,
			    ewx_symbols_find(&f->identities,
					     f->words[but->first + k].name));
	}
	for (i = 0; i < f->expect_count; i++)
		use(used, count, f->expects[i].identity);
	report_unused(u, "identity", "for", u->identities, used, count);
}

/* Sets of the file that names the policy: those of others are there to be chosen from. */
static void lint_sets(struct ewx_unit *u)
{
	struct ewx_front *f = ewx_front(u);

	for (size_t i = 0; i < f->set_count; i++) {
		const struct ewx_set *set = &f->set[i];

		if (set->used || set->loc.file != u->name_loc.file)
			continue;
		ewx_report(u, W0115, &set->loc,
			   ewx_arena_printf(&u->arena,
					    "a rule names it so: allow %s",
					    set->name),
			   "nothing uses set \"%s\"", set->name);
	}
}

void ewx_lint_names(struct ewx_unit *u)
{
	lint_sources(u);
	lint_identities(u);
	lint_sets(u);
}
