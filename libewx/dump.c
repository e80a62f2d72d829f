// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A binary policy back to text. Sets, never and expect statements are not in
 * it: they did their work when it was compiled.
 *
 * The text stands on the lines the policy had: what shared a line shares it
 * again, and a directive "#line" tells of every jump. So it compiles to the
 * same bytes, if they were compiled and not made otherwise.
 */
#include <stdarg.h>
#include <string.h>
#include "../security/ewx/core/read.h"
#include "ewx/ewx.h"
#include "ewx/words.h"

#define GAP_MAX 3 /* empty lines rather than a directive */
#define DAY 86400u

/**
 * struct printer
 * @file, @line: where the text is, as the policy counts; EWX_NONE: nowhere
 * @depth: of blocks
 * @fresh: nothing is on the line yet
 * @closed: the line ends a block that began on another one
 * @bad: the policy cannot be written as text
 * @condition, @rule: next of CONDITIONS, RULES
 */
struct printer {
	const struct ewx_policy *p;
	FILE *out;
	u32 file;
	u32 line;
	int depth;
	bool fresh;
	bool closed;
	const char *bad;
	u32 condition;
	u32 rule;
};

static const char *const condition_words[EWX_CONDITION_COUNT] = {
#define CONDITION_WORD(NAME, word, owners) [EWX_CONDITION_##NAME] = #word,
	EWX_CONDITIONS(CONDITION_WORD)
#undef CONDITION_WORD
};

static const char *const permission_words[ENCLAVE_PERM_COUNT] = {
#define PERMISSION_WORD(NAME, name, from, ident, when) \
	[ENCLAVE_PERM_BIT_##NAME] = #name,
	ENCLAVE_PERMISSIONS(PERMISSION_WORD)
#undef PERMISSION_WORD
};

static void put(struct printer *d, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void put(struct printer *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(d->out, fmt, ap);
	va_end(ap);
	d->fresh = false;
	d->closed = false;
}

static void put_string(struct printer *d, u32 offset)
{
	const char *s = ewx_string(d->p, offset);

	put(d, "\"");
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			put(d, "\\");
		put(d, "%c", *s);
	}
	put(d, "\"");
}

static void put_key(struct printer *d, u32 key)
{
	const u8 *bytes = ewx_key(d->p, key);

	put(d, "sha256:");
	for (int i = 0; i < EWX_SIZE_KEYS; i++)
		put(d, "%02x", bytes[i]);
}

static void new_line(struct printer *d)
{
	putc('\n', d->out);
	d->fresh = true;
	if (d->line != EWX_NONE)
		d->line++;
}

/* Go to a place of the policy; what is put next stands there. */
static void go_to(struct printer *d, u32 file, u32 line)
{
	if (!line || file >= ewx_count(d->p, EWX_SECTION_FILES)) {
		d->bad = "a statement has no place";
		return;
	}
	if (file != d->file || line < d->line || line - d->line > GAP_MAX ||
	    (line == d->line && d->closed)) {
		if (!d->fresh)
			new_line(d);
		if (file != d->file || line != d->line) {
			put(d, "#line %u ", line);
			put_string(d, EWX_NUMBER(d->p, FILES, file));
			new_line(d);
		}
		d->file = file;
		d->line = line;
	}
	while (d->line < line)
		new_line(d);
	if (d->fresh)
		fprintf(d->out, "%*s", 4 * d->depth, "");
	else
		putc(' ', d->out);
}

static void put_date(struct printer *d, u64 until)
{
	static const u16 before[] = { 0,   31,	59,  90,  120, 151, 181,
				      212, 243, 273, 304, 334, 365 };
	u64 day = until / DAY;
	u32 year = 1970, month = 0, leap;

	if (until % DAY != DAY - 1 || day > 2932896) {
		d->bad = "a date is not the end of a day";
		return;
	}
	for (;; year++) {
		leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
		if (day < 365 + leap)
			break;
		day -= 365 + leap;
	}
	while (day >= before[month + 1] + (month >= 1 ? leap : 0))
		month++;
	day -= before[month] + (month >= 2 ? leap : 0);
	put(d, "%04u-%02u-%02u", year, month + 1, (u32)day + 1);
}

static void put_range(struct printer *d, u32 low, u32 high)
{
	put(d, low == high ? "%u" : "%u-%u", low, high);
}

static void put_signer(struct printer *d, u32 identity, u32 key)
{
	if (EWX_GET32(d->p, IDENTITIES, ewx_name, identity, flags) &
	    EWX_NAME_PUBLIC)
		put(d, "public ");
	put_key(d, key);
}

/* The 64-bit number at VALUES[@at]. */
static u64 wide_number(const struct ewx_policy *p, u32 at)
{
	return EWX_NUMBER(p, VALUES, at) |
	       (u64)EWX_NUMBER(p, VALUES, at + 1) << 32;
}

static void put_value(struct printer *d, u32 n, u32 kind)
{
	u32 a = EWX_GET32(d->p, CONDITIONS, ewx_condition, n, a);
	u32 b = EWX_GET32(d->p, CONDITIONS, ewx_condition, n, b);

	switch (kind) {
	case EWX_CONDITION_EXE:
	case EWX_CONDITION_CGROUP:
	case EWX_CONDITION_CONTEXT:
	case EWX_CONDITION_PATH:
	case EWX_CONDITION_FS:
		put_string(d, a);
		break;
	case EWX_CONDITION_UID:
	case EWX_CONDITION_GID:
	case EWX_CONDITION_OWNER:
		put_range(d, a, b);
		break;
	case EWX_CONDITION_SIGNER:
		put_signer(d,
			   EWX_GET32(d->p, CONDITIONS, ewx_condition, n, owner),
			   a);
		break;
	case EWX_CONDITION_PRODUCT:
	case EWX_CONDITION_MIN_SVN:
		put(d, "%u", a);
		break;
	case EWX_CONDITION_ATTRIBUTES:
		put(d, "0x%x mask 0x%x", b, a);
		break;
	case EWX_CONDITION_XFRM:
		put(d, "0x%llx mask 0x%llx",
		    (unsigned long long)wide_number(d->p, a + 2),
		    (unsigned long long)wide_number(d->p, a));
		break;
	case EWX_CONDITION_FS_VERITY:
		if (a == EWX_SIGNED)
			put(d, "signature");
		else
			put_key(d, a);
		break;
	default:
		put_key(d, a);
		break;
	}
}

static bool has_value(const struct ewx_policy *p, u32 n, u32 kind)
{
	switch (kind) {
	case EWX_CONDITION_READ_ONLY:
	case EWX_CONDITION_MAPPED_EXEC:
		return false;
	case EWX_CONDITION_FS_VERITY:
	case EWX_CONDITION_DM_VERITY:
		return EWX_GET32(p, CONDITIONS, ewx_condition, n, a) != EWX_ANY;
	default:
		return true;
	}
}

static void put_condition(struct printer *d, u32 n, u32 kind)
{
	go_to(d, EWX_GET32(d->p, CONDITIONS, ewx_condition, n, file),
	      EWX_GET32(d->p, CONDITIONS, ewx_condition, n, line));
	put(d, "%s", condition_words[kind]);
	if (has_value(d->p, n, kind)) {
		put(d, " ");
		put_value(d, n, kind);
	}
	put(d, ";");
}

/* The conditions of one owner; they stand together. */
static void put_conditions(struct printer *d, u32 owner_kind, u32 owner)
{
	const struct ewx_policy *p = d->p;

	for (; d->condition < ewx_count(p, EWX_SECTION_CONDITIONS);
	     d->condition++) {
		u32 n = d->condition;
		u32 kind = EWX_GET32(p, CONDITIONS, ewx_condition, n, kind);

		if (EWX_GET32(p, CONDITIONS, ewx_condition, n, owner_kind) !=
			    owner_kind ||
		    EWX_GET32(p, CONDITIONS, ewx_condition, n, owner) != owner)
			break;
		if (kind != EWX_CONDITION_OVER)
			put_condition(d, n, kind);
	}
}

static void open_block(struct printer *d, const char *what, const char *name,
		       u32 file, u32 line)
{
	go_to(d, file, line);
	put(d, "%s %s {", what, name);
	d->depth++;
}

static void close_block(struct printer *d, u32 first_line)
{
	d->depth--;
	if (d->line != first_line && !d->fresh) {
		new_line(d);
		fprintf(d->out, "%*s", 4 * d->depth, "");
		put(d, "}");
		d->closed = true;
	} else {
		put(d, " }");
	}
}

static void put_names(struct printer *d, enum ewx_section section,
		      u32 owner_kind, const char *what)
{
	for (u32 i = 0; i < ewx_count(d->p, section); i++) {
		const u8 *r =
			ewx_record(d->p, section, i, sizeof(struct ewx_name));
		u32 name = ewx_read32(r + offsetof(struct ewx_name, name));
		u32 file = ewx_read32(r + offsetof(struct ewx_name, file));
		u32 line = ewx_read32(r + offsetof(struct ewx_name, line));

		open_block(d, what, ewx_string(d->p, name), file, line);
		put_conditions(d, owner_kind, i);
		close_block(d, line);
	}
}

static void put_clause(struct printer *d, const char *word, u32 index, u32 name)
{
	if (index == EWX_ANY)
		put(d, " %s any", word);
	else if (index != EWX_DEFER)
		put(d, " %s %s", word, ewx_string(d->p, name));
}

static void put_rule(struct printer *d, u32 n)
{
	static const char *const words[] = { "", "allow", "deny", "log" };
	const struct ewx_policy *p = d->p;
	u32 what = EWX_GET32(p, RULES, ewx_rule, n, what);
	u32 source = EWX_GET32(p, RULES, ewx_rule, n, source);
	u32 identity = EWX_GET32(p, RULES, ewx_rule, n, identity);
	const char *comma = " ";
	u64 until;
	u32 max;

	go_to(d, EWX_GET32(p, RULES, ewx_rule, n, file),
	      EWX_GET32(p, RULES, ewx_rule, n, line));
	ewx_rule_terms(p, n, &max, &until);
	put(d, "%s", words[ewx_kind(what)]);
	for (int bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (!(what >> bit & 1))
			continue;
		put(d, "%s%s", comma, permission_words[bit]);
		comma = ", ";
	}
	put_clause(d, "from", source,
		   source < EWX_DEFER ?
			   EWX_GET32(p, SOURCES, ewx_name, source, name) :
			   0);
	put_clause(d, "for", identity,
		   identity < EWX_DEFER ?
			   EWX_GET32(p, IDENTITIES, ewx_name, identity, name) :
			   0);
	if (max != EWX_UNLIMITED)
		put(d, " max %u pages", max);
	if (until != EWX_FOREVER) {
		put(d, " until ");
		put_date(d, until);
	}
	put(d, ";");
}

/* The rules of one domain; they stand together. */
static void put_rules(struct printer *d, u32 domain)
{
	for (; d->rule < ewx_count(d->p, EWX_SECTION_RULES); d->rule++) {
		if (EWX_GET32(d->p, RULES, ewx_rule, d->rule, domain) != domain)
			break;
		put_rule(d, d->rule);
	}
}

static void put_flags(struct printer *d, u32 domain)
{
	u32 flags = ewx_domain_flags(d->p, domain);
	u64 until =
		EWX_GET64(d->p, DOMAINS, ewx_domain, domain, permissive_until);

	if (flags & EWX_DOMAIN_ROOT_ANY)
		put(d, " root any;");
	if (flags & EWX_DOMAIN_GUARDED)
		put(d, " guarded;");
	if (!(flags & EWX_DOMAIN_PERMISSIVE))
		return;
	put(d, " permissive");
	if (until != EWX_FOREVER) {
		put(d, " until ");
		put_date(d, until);
	}
	put(d, ";");
}

static void put_domains(struct printer *d)
{
	for (u32 i = 0; i < ewx_count(d->p, EWX_SECTION_DOMAINS); i++) {
		u32 line = EWX_GET32(d->p, DOMAINS, ewx_domain, i, line);

		if (!line)
			continue; /* "default", implied */
		open_block(d, "domain", ewx_domain_name(d->p, i),
			   EWX_GET32(d->p, DOMAINS, ewx_domain, i, file), line);
		put_flags(d, i);
		put_conditions(d, EWX_OWNER_DOMAIN, i);
		put_rules(d, i);
		close_block(d, line);
	}
}

static void put_overs(struct printer *d)
{
	const struct ewx_policy *p = d->p;

	for (u32 n = 0; n < ewx_count(p, EWX_SECTION_CONDITIONS); n++) {
		u32 owner = EWX_GET32(p, CONDITIONS, ewx_condition, n, owner);
		u32 other = EWX_GET32(p, CONDITIONS, ewx_condition, n, a);

		if (EWX_GET32(p, CONDITIONS, ewx_condition, n, kind) !=
		    EWX_CONDITION_OVER)
			continue;
		go_to(d, EWX_GET32(p, CONDITIONS, ewx_condition, n, file),
		      EWX_GET32(p, CONDITIONS, ewx_condition, n, line));
		put(d, "domain %s over %s;", ewx_domain_name(p, owner),
		    ewx_domain_name(p, other));
	}
}

/* Sources come first in the text, but their conditions after the domains'. */
static u32 first_condition(const struct ewx_policy *p, u32 owner_kind)
{
	u32 n = 0, count = ewx_count(p, EWX_SECTION_CONDITIONS);

	while (n < count && EWX_GET32(p, CONDITIONS, ewx_condition, n,
				      owner_kind) != owner_kind)
		n++;
	return n;
}

static void put_policy(struct printer *d)
{
	const struct ewx_policy *p = d->p;

	fprintf(d->out, "language %u;\n",
		ewx_read32(p->blob + offsetof(struct ewx_header, language)));
	fprintf(d->out, "#built %llu\n", (unsigned long long)p->built);
	fprintf(d->out, "policy %s version %llu;\n", ewx_policy_name(p),
		(unsigned long long)p->version);
	d->condition = first_condition(p, EWX_OWNER_SOURCE);
	put_names(d, EWX_SECTION_SOURCES, EWX_OWNER_SOURCE, "source");
	d->condition = first_condition(p, EWX_OWNER_IDENTITY);
	put_names(d, EWX_SECTION_IDENTITIES, EWX_OWNER_IDENTITY, "identity");
	put_rules(d, EWX_ANY);
	d->condition = 0;
	put_domains(d);
	put_overs(d);
	if (!d->fresh)
		putc('\n', d->out);
	if (d->rule != ewx_count(p, EWX_SECTION_RULES))
		d->bad = "rules are not in the order of their domains";
}

int ewx_dump(const void *blob, size_t size, FILE *out, const char **error)
{
	struct ewx_policy policy;
	struct ewx_fault fault;
	struct printer d = {
		.p = &policy,
		.out = out,
		.file = EWX_NONE,
		.line = EWX_NONE,
		.fresh = true,
	};

	*error = NULL;
	if (size > EWX_POLICY_MAX_SIZE) {
		*error = ewx_name_why(EWX_NAMES_FAULT, EWX_FAULT_LONG);
		return -1;
	}
	if (!ewx_policy_verify(blob, (u32)size, &policy, &fault)) {
		*error = ewx_name_why(EWX_NAMES_FAULT, fault.code);
		return -1;
	}
	put_policy(&d);
	if (!d.bad && ferror(out))
		d.bad = "the text could not be written";
	*error = d.bad;
	return d.bad ? -1 : 0;
}
