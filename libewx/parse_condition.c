// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Conditions of domains, sources and identities, and domain settings.
 *
 * Owns: which values each condition takes. Knows no rules.
 */
#include <stdint.h>
#include <string.h>
#include "parse.h"
#include "pattern.h"

/* ENCLAVE_ATTR_* of the framework */
#define ATTRIBUTE_DEBUG		0x1u
#define ATTRIBUTE_PROVISION	0x2u

static const struct {
	const char *word;
	const char *owners;
} conditions[] = {
#define CONDITION(NAME, word, owners) [EWX_CONDITION_##NAME] = { #word, owners },
	EWX_CONDITIONS(CONDITION)
#undef CONDITION
};

const char *ewx_condition_word(unsigned int kind)
{
	return kind < EWX_CONDITION_COUNT ? conditions[kind].word : NULL;
}

enum ewx_condition_kind ewx_condition_find(const char *word,
					   unsigned int *where)
{
	unsigned int kind;

	for (kind = EWX_CONDITION_NONE + 1; kind < EWX_CONDITION_COUNT; kind++) {
		if (kind == EWX_CONDITION_OVER ||
		    !ewx_same_word(conditions[kind].word, word))
			continue;
		*where = conditions[kind].owners[0] == 'd' ? EWX_AT_DOMAIN :
			 conditions[kind].owners[0] == 's' ? EWX_AT_SOURCE :
			 EWX_AT_IDENTITY;
		return kind;
	}
	return EWX_CONDITION_NONE;
}

/* Where byte @offset of a string's value is written: behind its first quote. */
static size_t written_at(const struct ewx_token *string, size_t offset)
{
	const char *begin = string->at + 1, *s = begin;

	/* As the lexer takes it: what it reported is no byte of the value. */
	for (;;) {
		if ((unsigned char)*s < 0x20 || *s == 0x7f) {
			s++;
		} else if (*s == '\\' && s[1] != '"' && s[1] != '\\') {
			s += 2;
		} else if (!offset) {
			return s - begin;
		} else {
			s += *s == '\\' ? 2 : 1;
			offset--;
		}
	}
}

/* Where a pattern's bytes [start, end) are. */
static struct ewx_loc inside(const struct ewx_token *string, size_t start,
			     size_t end)
{
	struct ewx_loc loc = string->loc;

	if (string->escapes) {
		start = written_at(string, start);
		end = written_at(string, end);
	}
	loc.col += 1 + start;
	loc.end_col = string->loc.col + 1 + end;
	return loc;
}

/* The back end parses it again: kept, patterns would be most of a unit's memory. */
static bool check_pattern(struct ewx_parser *p, const struct ewx_token *t,
			  bool root)
{
	struct ewx_arena *arena = &ewx_front(p->u)->pattern;
	struct ewx_pattern_error error = { 0 };
	struct ewx_pattern *pattern;
	struct ewx_loc loc;

	pattern = ewx_pattern_parse(arena, t->text, t->len, &error);
	if (arena->failed) {
		p->u->arena.failed = true;
		return false;
	}
	if (!pattern || !ewx_pattern_check_path(pattern, t->len, root, &error)) {
		loc = inside(t, error.start, error.end);
		if (pattern)
			ewx_report(p->u, E0503, &loc, error.hint, "%s",
				   error.text);
		else
			ewx_report(p->u, E0502, &loc, error.hint, "%s",
				   error.text);
	}
	ewx_arena_reset(arena);
	return true;
}

static bool take_pattern(struct ewx_parser *p, struct ewx_ir_condition *c)
{
	bool root = c->kind == EWX_CONDITION_CGROUP;
	struct ewx_token t = p->token;

	if (t.kind != EWX_TOKEN_STRING)
		return ewx_expected(p, "a path pattern between quotes");
	ewx_next(p);
	c->text = t.text;
	if (t.text[0] != '/') {
		ewx_report(p->u, E0501, &t.loc,
			   root ? "a cgroup's path begins with \"/\"" :
			   "a path begins with \"/\"",
			   "path pattern \"%.80s\" is not absolute", t.text);
		return true;
	}
	return check_pattern(p, &t, root);
}

static bool take_signer(struct ewx_parser *p, struct ewx_ir_condition *c)
{
	struct ewx_token t = p->token;
	bool forced = ewx_at_word(p, "public");
	const char *whose;

	if (forced) {
		ewx_next(p);
		t = p->token;
		ewx_current_name(p)->flags |= EWX_NAME_PUBLIC;
	}
	if (!ewx_take_digest(p, c->digest))
		return false;
	whose = ewx_public_key(c->digest);
	if (whose && !forced)
		ewx_report(p->u, E0506, &t.loc,
			   "if everybody may sign, write: signer public sha256:...",
			   "this key is public: %s", whose);
	return true;
}

/* An attribute word: a number, or the name of a bit. */
static bool take_attributes(struct ewx_parser *p, __u32 *value)
{
	__u64 number;

	if (ewx_at_word(p, "debug")) {
		*value = ATTRIBUTE_DEBUG;
		ewx_next(p);
		return true;
	}
	if (ewx_at_word(p, "provision")) {
		*value = ATTRIBUTE_PROVISION;
		ewx_next(p);
		return true;
	}
	if (!ewx_take_number(p, "a number, \"debug\" or \"provision\"",
			     UINT32_MAX, &number))
		return false;
	*value = number;
	return true;
}

/* "VALUE [mask MASK]"; without a mask: these bits are set. */
static bool take_mask(struct ewx_parser *p, struct ewx_ir_condition *c)
{
	struct ewx_loc loc = p->token.loc;

	if (!take_attributes(p, &c->high))
		return false;
	c->low = c->high;
	if (ewx_at_word(p, "mask")) {
		ewx_next(p);
		if (!take_attributes(p, &c->low))
			return false;
	}
	if (!c->low)
		ewx_report(p->u, E0507, &loc,
			   "such as: attributes 0 mask debug",
			   "no attribute is tested");
	else if (c->high & ~c->low)
		ewx_report(p->u, E0507, &loc, NULL,
			   "bits 0x%x of the value are not in the mask",
			   c->high & ~c->low);
	return true;
}

/* "VALUE [mask MASK]" of 64 bits; without a mask: these bits are set. */
static bool take_xfrm(struct ewx_parser *p, struct ewx_ir_condition *c)
{
	struct ewx_loc loc = p->token.loc;

	if (!ewx_take_number(p, "a number", UINT64_MAX, &c->value))
		return false;
	c->mask = c->value;
	if (ewx_at_word(p, "mask")) {
		ewx_next(p);
		if (!ewx_take_number(p, "a number", UINT64_MAX, &c->mask))
			return false;
	}
	if (!c->mask)
		ewx_report(p->u, E0507, &loc,
			   "such as: xfrm 0 mask 0x60000, for no AMX",
			   "no bit is tested");
	else if (c->value & ~c->mask)
		ewx_report(p->u, E0507, &loc, NULL,
			   "bits 0x%llx of the value are not in the mask",
			   (unsigned long long)(c->value & ~c->mask));
	return true;
}

/* fs-verity: a digest, or "signature"; dm-verity: a digest. */
static bool take_verity(struct ewx_parser *p, struct ewx_ir_condition *c)
{
	if (c->kind == EWX_CONDITION_FS_VERITY && ewx_at_word(p, "signature")) {
		c->is_signed = true;
		ewx_next(p);
		return true;
	}
	if (c->kind == EWX_CONDITION_FS_VERITY &&
	    p->token.kind != EWX_TOKEN_DIGEST)
		return ewx_expected_as(p, "E0209",
				       "a digest \"sha256:...\" or \"signature\"");
	return ewx_take_digest(p, c->digest);
}

/* fs TYPE: a word ("ext4", "9p") or a string ("fuse.sshfs"). */
static bool take_fs(struct ewx_parser *p, struct ewx_ir_condition *c)
{
	if (p->token.kind != EWX_TOKEN_WORD &&
	    p->token.kind != EWX_TOKEN_NUMBER &&
	    (p->token.kind != EWX_TOKEN_STRING || !p->token.len))
		return ewx_expected(p, "a filesystem type such as ext4");
	c->text = p->token.text;
	ewx_next(p);
	return true;
}

static bool take_context(struct ewx_parser *p, struct ewx_ir_condition *c)
{
	if (p->token.kind != EWX_TOKEN_STRING || !p->token.len)
		return ewx_expected(p, "a context between quotes");
	c->text = p->token.text;
	ewx_next(p);
	return true;
}

static bool take_u16(struct ewx_parser *p, struct ewx_ir_condition *c)
{
	__u64 number;

	if (!ewx_take_number(p, "a number", UINT16_MAX, &number))
		return false;
	c->low = number;
	return true;
}

static bool take_value(struct ewx_parser *p, struct ewx_ir_condition *c)
{
	switch (c->kind) {
	case EWX_CONDITION_EXE:
	case EWX_CONDITION_PATH:
	case EWX_CONDITION_CGROUP:
		return take_pattern(p, c);
	case EWX_CONDITION_UID:
	case EWX_CONDITION_GID:
	case EWX_CONDITION_OWNER:
		return ewx_take_range(p, "an id such as 0 or 1000-1999",
				      &c->low, &c->high);
	case EWX_CONDITION_CONTEXT:
		return take_context(p, c);
	case EWX_CONDITION_FS:
		return take_fs(p, c);
	case EWX_CONDITION_SIGNER:
		return take_signer(p, c);
	case EWX_CONDITION_PRODUCT:
	case EWX_CONDITION_MIN_SVN:
		return take_u16(p, c);
	case EWX_CONDITION_ATTRIBUTES:
		return take_mask(p, c);
	case EWX_CONDITION_XFRM:
		return take_xfrm(p, c);
	case EWX_CONDITION_FS_VERITY:
	case EWX_CONDITION_DM_VERITY:
		return take_verity(p, c);
	default:
		return ewx_take_digest(p, c->digest);
	}
}

static bool takes_no_value(const struct ewx_parser *p, unsigned int kind)
{
	switch (kind) {
	case EWX_CONDITION_READ_ONLY:
	case EWX_CONDITION_MAPPED_EXEC:
		return true;
	case EWX_CONDITION_FS_VERITY:
	case EWX_CONDITION_DM_VERITY:
		return p->token.kind == ';';	/* any digest */
	default:
		return false;
	}
}

static void add_condition(struct ewx_parser *p,
			  const struct ewx_ir_condition *c)
{
	struct ewx_ir_name *name = ewx_current_name(p);
	struct ewx_ir_condition *added;

	added = ewx_arena_push(&p->u->arena, name->conditions,
			       name->condition_count);
	if (!added)
		return;
	*added = *c;
	p->singles |= 1u << c->kind;
}

/*
 * A condition that has one value, or none, stands once in its block; the block's
 * conditions are looked through once, for the first message, and then no more.
 */
static void check_single(struct ewx_parser *p, unsigned int kind,
			 const struct ewx_token *word)
{
	struct ewx_ir_name *name = ewx_current_name(p);
	const struct ewx_ir_condition *first = name->conditions;

	if (kind != EWX_CONDITION_READ_ONLY && kind != EWX_CONDITION_MIN_SVN &&
	    kind != EWX_CONDITION_MAPPED_EXEC)
		return;
	if (!(p->singles >> kind & 1))
		return;
	ewx_report(p->u, E0216, &word->loc, NULL, "\"%s\" is written twice",
		   word->text);
	if (p->f->last_dropped)
		return;
	while (first->kind != kind)
		first++;
	ewx_note(p->u, &first->loc, "first written here");
}

void ewx_parse_condition(struct ewx_parser *p, enum ewx_condition_kind kind,
			 const struct ewx_token *word)
{
	struct ewx_ir_condition c = { .kind = kind, .loc = word->loc };

	check_single(p, kind, word);
	if (takes_no_value(p, kind)) {
		c.any_digest = true;
		add_condition(p, &c);
		ewx_end_statement(p, "the condition");
		return;
	}
	do {
		c = (struct ewx_ir_condition){
			.kind = kind, .loc = p->token.loc,
		};
		if (!take_value(p, &c)) {
			ewx_recover(p);
			return;
		}
		add_condition(p, &c);
		if (kind == EWX_CONDITION_MIN_SVN)
			break;
	} while (ewx_accept(p, ','));
	ewx_end_statement(p, "the condition");
}

/* Set a flag of the domain, once. */
static void set_flag(struct ewx_parser *p, __u32 flag,
		     const struct ewx_token *word)
{
	struct ewx_ir_name *domain = ewx_current_name(p);

	if (domain->flags & flag)
		ewx_report(p->u, E0216, &word->loc, NULL,
			   "\"%s\" is written twice", word->text);
	domain->flags |= flag;
}

void ewx_parse_permissive(struct ewx_parser *p, const struct ewx_token *word)
{
	__u64 until = EWX_FOREVER;

	set_flag(p, EWX_DOMAIN_PERMISSIVE, word);
	if (ewx_at_word(p, "until")) {
		ewx_next(p);
		if (!ewx_take_date(p, &until)) {
			ewx_recover(p);
			return;
		}
	} else {
		ewx_report(p->u, W0101, &word->loc,
			   "write: permissive until YYYY-MM-DD",
			   "permissive domain without an end");
	}
	ewx_current_name(p)->permissive_until = until;
	ewx_end_statement(p, "\"permissive\"");
}

void ewx_parse_root(struct ewx_parser *p, const struct ewx_token *word)
{
	set_flag(p, EWX_DOMAIN_ROOT_ANY, word);
	if (!ewx_expect_word(p, "any")) {
		ewx_recover(p);
		return;
	}
	ewx_report(p->u, W0105, &word->loc, NULL,
		   "with \"root any\" whoever makes a mount namespace chooses the paths in it");
	ewx_end_statement(p, "\"root any\"");
}

void ewx_parse_guarded(struct ewx_parser *p, const struct ewx_token *word)
{
	set_flag(p, EWX_DOMAIN_GUARDED, word);
	ewx_end_statement(p, "\"guarded\"");
}
