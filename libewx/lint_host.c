// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Warnings about the machine: patterns that match no file, features that its
 * kernel lacks.
 *
 * Owns: looking for files. Links are not followed: the kernel matches the name
 * of a file, and a link has another one.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "automaton.h"
#include "codes.h"
#include "front.h"

#define ENTRIES_MAX	200000	/* looked at for one pattern */
#define ENTRIES_ALL	1000000	/* for all of a policy */
#define DEPTH_MAX	64	/* folders in folders */

/**
 * enum outcome - what a search came to. Of several that hinder it the last one counts.
 * @NONE: all was looked at
 * @DEEP: what is below DEPTH_MAX folders was not
 * @UNREADABLE: folders that may not be read, or files that may not be seen
 * @MANY: there are more entries than may be looked at
 * @FOUND: a file; or the pattern is too complex, which compiling says
 */
enum outcome { NONE, DEEP, UNREADABLE, MANY, FOUND };

/**
 * struct search - for one pattern.
 * @pattern: its text
 * @path: the folder being read
 * @left: entries that may still be looked at
 */
struct search {
	struct ewx_pool pool;
	struct ewx_arena arena;
	const char *pattern;
	struct ewx_dfa dfa;
	char path[PATH_MAX];
	size_t left;
	enum outcome outcome;
};

static void came_to(struct search *s, enum outcome outcome)
{
	if (outcome > s->outcome)
		s->outcome = outcome;
}

/* A folder or file is not there, or that cannot be known. */
static void not_seen(struct search *s)
{
	if (errno != ENOENT && errno != ENOTDIR)
		came_to(s, UNREADABLE);
}

static u32 step(const struct ewx_dfa *dfa, u32 state, const char *s)
{
	for (; *s && state; s++) {
		u32 i = dfa->first.at[state], end = dfa->first.at[state + 1];

		while (i < end && dfa->byte.at[i] != (u8)*s)
			i++;
		state = i < end ? dfa->to.at[i] : dfa->fallback.at[state];
	}
	return state;
}

/*
 * The one name that leads from @state to the end of the path or to a "/", if there is
 * but one. Return: bytes of it in @name, of @size; 0: there are others, or none.
 */
static size_t only_name(const struct ewx_dfa *dfa, u32 state, char *name,
			size_t size)
{
	for (size_t len = 0; len + 1 < size; len++) {
		u32 first = dfa->first.at[state];
		u32 ways = dfa->first.at[state + 1] - first;
		bool slash = ways && dfa->byte.at[first] == '/';

		if (dfa->fallback.at[state] || ways > 1 ||
		    (ways && !slash && dfa->accept.at[state]))
			return 0;
		if (!ways || slash) {
			name[len] = '\0';
			/* It cannot be both, a file and a folder. */
			return slash && dfa->accept.at[state] ? 0 : len;
		}
		name[len] = (char)dfa->byte.at[first];
		state = dfa->to.at[first];
	}
	return 0;
}

static unsigned char type_of(struct search *s, const struct dirent *entry)
{
	struct stat st;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type;
	if (lstat(s->path, &st)) {
		not_seen(s);
		return DT_UNKNOWN;
	}
	return S_ISDIR(st.st_mode) ? DT_DIR :
	       S_ISREG(st.st_mode) ? DT_REG : DT_LNK;
}

static void look(struct search *s, u32 state, unsigned int depth);

/* Look at @entry of the folder s->path, which is @len bytes. */
static void look_at(struct search *s, u32 state, size_t len,
		    const struct dirent *entry, unsigned int depth)
{
	size_t name = strlen(entry->d_name);
	unsigned char type;
	u32 next;

	if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
		return;
	next = step(&s->dfa, state, entry->d_name);
	if (!next || len + name + 2 > sizeof(s->path))
		return;
	s->path[len] = '/';
	memcpy(s->path + len + 1, entry->d_name, name + 1);
	type = type_of(s, entry);
	if (type == DT_REG && s->dfa.accept.at[next])
		came_to(s, FOUND);
	else if (type == DT_DIR && step(&s->dfa, next, "/"))
		look(s, step(&s->dfa, next, "/"), depth + 1);
	s->path[len] = '\0';
}

/* Look into the folder whose name with a "/" behind it leads to @state. */
static void look(struct search *s, u32 state, unsigned int depth)
{
	size_t len = strlen(s->path);
	struct dirent one = { .d_type = DT_UNKNOWN };
	struct dirent *entry;
	DIR *dir;

	if (depth == DEPTH_MAX) {
		came_to(s, DEEP);
		return;
	}
	/* A name that is known is not looked for among all. */
	if (only_name(&s->dfa, state, one.d_name, sizeof(one.d_name))) {
		look_at(s, state, len, &one, depth);
		return;
	}
	dir = opendir(*s->path ? s->path : "/");
	if (!dir) {
		not_seen(s);
		return;
	}
	while (s->outcome != FOUND && (entry = readdir(dir))) {
		if (!s->left) {
			came_to(s, MANY);
			break;
		}
		s->left--;
		look_at(s, state, len, entry, depth);
	}
	closedir(dir);
}

static void run(void *arg)
{
	struct search *s = arg;
	struct ewx_nfa *nfa = ewx_nfa_new(&s->pool, 1);
	u32 culprits[EWX_CULPRITS];
	const struct ewx_pattern *pattern;
	struct ewx_pattern_error error;
	struct ewx_dfa dfa;

	pattern = ewx_pattern_parse(&s->arena, s->pattern, strlen(s->pattern),
				    &error);
	if (!pattern)
		ewx_pool_stop(&s->pool, EWX_STOP_MEMORY);
	ewx_nfa_add(nfa, pattern, 0, 0);
	if (!ewx_dfa_build(nfa, &dfa, culprits)) {
		came_to(s, FOUND);
		return;
	}
	ewx_dfa_spell(&dfa, &s->dfa);
	look(s, step(&s->dfa, s->dfa.start, "/"), 0);
}

/* "the kernel knows it as ...", if @text is a link or leads through one. */
static const char *real_name(struct ewx_unit *u, const char *root,
			     const char *text)
{
	char path[PATH_MAX], real[PATH_MAX], real_root[PATH_MAX] = "";
	size_t len;

	if (snprintf(path, sizeof(path), "%s%s", root, text) >=
	    (int)sizeof(path) || !realpath(path, real) ||
	    (*root && !realpath(root, real_root)))
		return NULL;
	len = strlen(real_root);
	if (strncmp(real, real_root, len) || !strcmp(real + len, text))
		return NULL;
	return ewx_arena_printf(&u->arena, "the kernel knows it as %s",
				real + len);
}

/**
 * struct looking - for all patterns.
 * @left: entries that may still be looked at
 * @given_up: it was said that there are too many
 */
struct looking {
	size_t left;
	bool given_up;
};

static void report_pattern(struct ewx_unit *u,
			   const struct ewx_ir_condition *c, const char *hint,
			   enum outcome outcome)
{
	static const struct {
		const char *before, *behind;
	} texts[] = {
		[NONE] = { "no file here matches ", "" },
		[DEEP] = { "no file here matches ",
			   ", unless it is more than 64 folders deep" },
		[UNREADABLE] = { "no file that can be seen here matches ",
				 ", but some folders may not be read" },
		[MANY] = { "too many files here to find one that matches ",
			   "; the same may be so of other patterns" },
	};

	_Static_assert(DEPTH_MAX == 64, "the text says so");
	ewx_report(u, W0111, &c->loc, hint, "%s\"%.80s\"%s",
		   texts[outcome].before, c->text, texts[outcome].behind);
}

static void lint_pattern(struct ewx_unit *u, const struct ewx_ir_condition *c,
			 struct looking *l)
{
	const char *root = ewx_front(u)->host->root;
	size_t most = l->left < ENTRIES_MAX ? l->left : ENTRIES_MAX;
	struct search *s = calloc(1, sizeof(*s));
	enum ewx_stop stop = EWX_STOP_MEMORY;
	enum outcome outcome = NONE;

	if (s) {
		s->pattern = c->text;
		s->left = most;
		snprintf(s->path, sizeof(s->path), "%s", root);
		stop = ewx_pool_run(&s->pool, run, s);
		ewx_pool_free(&s->pool);
		ewx_arena_free(&s->arena);
		l->left -= most - s->left;
		outcome = s->outcome;
	}
	free(s);
	if (stop != EWX_STOP_NONE)
		ewx_report(u, W0111, &c->loc, NULL,
			   "out of memory looking for a file that matches \"%.80s\"",
			   c->text);
	else if (outcome != FOUND && (outcome != MANY || !l->given_up))
		report_pattern(u, c,
			       outcome == NONE ? real_name(u, root, c->text) :
						 NULL, outcome);
	l->given_up |= outcome == MANY;
}

static const char * const features[] = {
#define FEATURE(NAME, name) #name,
	EWX_FEATURES(FEATURE)
#undef FEATURE
};

/* Report the first use of a feature that is not there. */
static void need(struct ewx_unit *u, __u32 *seen, enum ewx_feature_bit bit,
		 const struct ewx_loc *loc)
{
	__u32 have = ewx_front(u)->host->features | *seen;

	*seen |= 1u << bit;
	if (!(have >> bit & 1))
		ewx_report(u, W0113, loc, NULL,
			   "this kernel lacks the feature \"%s\" and will refuse the policy",
			   features[bit]);
}

static void need_of_condition(struct ewx_unit *u, __u32 *seen,
			      const struct ewx_ir_condition *c)
{
	static const struct {
		__u32 kind;
		enum ewx_feature_bit bit;
	} kinds[] = {
		{ EWX_CONDITION_CGROUP, EWX_FEATURE_BIT_CGROUP },
		{ EWX_CONDITION_CONTEXT, EWX_FEATURE_BIT_CONTEXT },
		{ EWX_CONDITION_FS_VERITY, EWX_FEATURE_BIT_FS_VERITY },
		{ EWX_CONDITION_DM_VERITY, EWX_FEATURE_BIT_DM_VERITY },
		{ EWX_CONDITION_MAPPED_EXEC, EWX_FEATURE_BIT_MAPPED_EXEC },
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].kind == c->kind)
			need(u, seen, kinds[i].bit, &c->loc);
}

static void lint_features(struct ewx_unit *u)
{
	struct ewx_front *f = ewx_front(u);
	__u32 seen = 0;
	size_t i, j;

	for (i = 0; i < u->domain_count; i++) {
		const struct ewx_ir_name *d = &u->domains[i];

		if (d->flags & EWX_DOMAIN_GUARDED)
			need(u, &seen, EWX_FEATURE_BIT_GUARDED, &d->loc);
		if (d->flags & EWX_DOMAIN_ROOT_ANY)
			need(u, &seen, EWX_FEATURE_BIT_ROOT_ANY, &d->loc);
		if (d->flags & EWX_DOMAIN_PERMISSIVE &&
		    d->permissive_until != EWX_FOREVER)
			need(u, &seen, EWX_FEATURE_BIT_UNTIL, &d->loc);
		for (j = 0; j < d->condition_count; j++)
			need_of_condition(u, &seen, &d->conditions[j]);
	}
	for (i = 0; i < u->source_count; i++)
		for (j = 0; j < u->sources[i].condition_count; j++)
			need_of_condition(u, &seen,
					  &u->sources[i].conditions[j]);
	for (i = 0; i < u->rule_count; i++) {
		if (u->rules[i].until != EWX_FOREVER)
			need(u, &seen, EWX_FEATURE_BIT_UNTIL,
			     &f->extra[i].until_loc);
		if (u->rules[i].max != EWX_UNLIMITED)
			need(u, &seen, EWX_FEATURE_BIT_MAX,
			     &f->extra[i].max_loc);
		if (u->rules[i].kind == EWX_RULE_LOG)
			need(u, &seen, EWX_FEATURE_BIT_LOG, &u->rules[i].loc);
	}
}

static void lint_patterns(struct ewx_unit *u, const struct ewx_ir_name *names,
			  size_t count, struct looking *l)
{
	size_t i, j;

	for (i = 0; i < count; i++) {
		/* Paths of other roots are none of this machine's. */
		if (names[i].flags & EWX_DOMAIN_ROOT_ANY)
			continue;
		for (j = 0; j < names[i].condition_count; j++)
			if (names[i].conditions[j].kind == EWX_CONDITION_EXE ||
			    names[i].conditions[j].kind == EWX_CONDITION_PATH)
				lint_pattern(u, &names[i].conditions[j], l);
	}
}

void ewx_lint_host(struct ewx_unit *u)
{
	struct looking l = { .left = ENTRIES_ALL };

	lint_features(u);
	ewx_step(u, "looking for the files that patterns name");
	lint_patterns(u, u->domains, u->domain_count, &l);
	lint_patterns(u, u->sources, u->source_count, &l);
}
