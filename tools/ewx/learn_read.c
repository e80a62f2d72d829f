// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx learn: from records to needs: who lacked which permission, for which file
 * and which enclave, and how often. Who an enclave is may come to light later.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <ewx/policy.h>
#include "learn.h"

const struct learn_clauses learn_clauses[ENCLAVE_PERM_COUNT] = {
#define CLAUSES(NAME, name, from, ident, when) \
	[ENCLAVE_PERM_BIT_##                   \
		NAME] = { ENCLAVE_CLAUSE_##from, ENCLAVE_CLAUSE_##ident },
	ENCLAVE_PERMISSIONS(CLAUSES)
#undef CLAUSES
};

void *learn_push(struct learn *l, void *array, size_t *count, size_t size)
{
	char **at = array, *grown = *at;

	/* Room doubles, so that a long log is read in linear time. */
	if (!(*count & (*count - 1)))
		grown = reallocarray(*at, *count ? *count * 2 : 1, size);
	if (!grown) {
		l->failed = true;
		return NULL;
	}
	*at = grown;
	return memset(grown + size * (*count)++, 0, size);
}

const char *learn_intern(struct learn *l, const char *text)
{
	size_t i = index_get(l->by_string, text);
	char **one;

	if (i != INDEX_NONE)
		return l->strings[i];
	one = learn_push(l, &l->strings, &l->string_count, sizeof(*one));
	if (one)
		*one = strdup(text);
	if (!one || !*one ||
	    index_put(&l->by_string, text, l->string_count - 1))
		l->failed = true;
	return one && *one ? *one : "";
}

size_t learn_find(const json_t *index, char *key, size_t size, const char *fmt,
		  ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(key, size, fmt, args);
	va_end(args);
	return index_get(index, key);
}

void learn_keep(struct learn *l, json_t **index, const char *key, size_t n)
{
	l->failed |= index_put(index, key, n) != 0;
}

/* What a policy calls something; "any" would be more than one thing. */
static bool is_name(const char *word, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!isalnum((unsigned char)word[i]) && word[i] != '_' &&
		    (word[i] != '-' || !i))
			return false;
	}
	return n && n < EWX_QUERY_NAME_MAX && !isdigit((unsigned char)*word) &&
	       !(n == 3 && !memcmp(word, "any", 3));
}

/** struct members - who is in a class of files or enclaves. */
struct members {
	__u32 count;
	const char *(*name)(const struct ewx_judge *j, uint32_t cls,
			    uint32_t n);
};

/* Names of a list that are looked at; one with more is of a policy's making. */
#define LIST_MAX 64

/* Which of @names are in a class, as bits. */
static __u64 members_of(const struct learn *l, const struct members *m,
			__u32 cls, const char *const *names, size_t count)
{
	const char *name;
	__u64 set = 0;

	for (__u32 n = 0; (name = m->name(l->policy, cls, n)); n++)
		for (size_t i = 0; i < count; i++)
			if (!strcmp(name, names[i]))
				set |= 1ULL << i;
	return set;
}

/*
 * The name whose every member all the others have too, by the policy's classes.
 * Return: its place, or @count: there is none, or a name is not the policy's.
 */
static size_t narrowest(const struct learn *l, const struct members *m,
			const char *const *names, size_t count)
{
	__u64 wider[LIST_MAX], all = 0;
	size_t i;

	memset(wider, 0xff, sizeof(wider));
	for (__u32 cls = 0; cls < m->count; cls++) {
		__u64 set = members_of(l, m, cls, names, count);

		all |= set;
		for (i = 0; i < count; i++)
			if (set & 1ULL << i)
				wider[i] &= set;
	}
	for (i = 0; i < count; i++)
		if (!(all & 1ULL << i))
			return count;
	for (i = 0; i < count; i++)
		if ((wider[i] & all) == all)
			return i;
	return count;
}

/*
 * The narrowest of a list of names by commas; NULL if there is none: then what was
 * seen is named by itself. A log that was tampered with must not write rules.
 */
static const char *choose(struct learn *l, const char *list,
			  const struct members *m)
{
	const char *names[LIST_MAX];
	size_t count = 0, best;

	for (; *list; list += *list == ',') {
		size_t n = strcspn(list, ",");
		char *word = is_name(list, n) && count < LIST_MAX ?
				     strndup(list, n) :
				     NULL;

		if (!word)
			return NULL;
		names[count++] = learn_intern(l, word);
		free(word);
		list += n;
	}
	best = narrowest(l, m, names, count);
	return best < count ? names[best] : NULL;
}

/* The same, looked up once for each list; @kind tells those of one kind apart. */
static const char *name_of(struct learn *l, char kind, const char *list)
{
	struct members m = { 0 };
	char key[LEARN_KEY_MAX];
	const char *name;
	size_t i;

	if (!l->policy || !*list)
		return NULL;
	list = learn_intern(l, list);
	i = learn_find(l->by_list, key, sizeof(key), "%c.%p", kind,
		       (const void *)list);
	if (i != INDEX_NONE)
		return *l->strings[i] ? l->strings[i] : NULL;
	if (kind == 's')
		m = (struct members){ ewx_judge_source_classes(l->policy),
				      ewx_judge_source_class };
	else
		m = (struct members){ ewx_judge_identity_classes(l->policy),
				      ewx_judge_identity_class };
	name = choose(l, list, &m);
	learn_keep(l, &l->by_list, key,
		   index_get(l->by_string, learn_intern(l, name ? name : "")));
	return name;
}

static bool is_digest(const char *text)
{
	return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

/* Whether a policy's string can hold it. */
static bool is_plain(const char *text)
{
	json_t *value = json_string(text);
	bool plain = value != NULL;

	json_decref(value);
	for (; *text; text++)
		plain &= (unsigned char)*text >= 0x20 && *text != 0x7f;
	return plain;
}

/* Whether a pattern can say it: absolute, and without parts that no file has. */
static bool is_path(const char *text)
{
	size_t left = EWX_PATTERN_MAX, n;

	if (*text != '/' || !is_plain(text))
		return false;
	for (const char *c = text; *c; c++) {
		size_t bytes = strchr("*?[]{},\\", *c) ? 2 : 1;

		if (left < bytes)
			return false;
		left -= bytes;
		if (*c != '/')
			continue;
		n = strcspn(c + 1, "/");
		if (!n || (n == 1 && c[1] == '.') ||
		    (n == 2 && c[1] == '.' && c[2] == '.'))
			return false;
	}
	return true;
}

static size_t enclave_of(struct learn *l, unsigned int boot, __s64 number)
{
	char key[LEARN_KEY_MAX];
	size_t i;

	if (!number)
		return LEARN_NONE;
	i = learn_find(l->by_enclave, key, sizeof(key), "%u.%lld", boot,
		       (long long)number);
	if (i != INDEX_NONE)
		return i;
	if (!learn_push(l, &l->enclave, &l->enclave_count, sizeof(*l->enclave)))
		return LEARN_NONE;
	learn_keep(l, &l->by_enclave, key, l->enclave_count - 1);
	return l->enclave_count - 1;
}

static bool key_is_public(const char *signer)
{
	__u8 digest[32];

	for (int i = 0; i < 32; i++)
		if (sscanf(signer + 2 * i, "%2hhx", &digest[i]) != 1)
			return false;
	return ewx_public_key(digest) != NULL;
}

static bool is_small(__s64 n)
{
	return n >= 0 && n <= UINT16_MAX;
}

/* Who an enclave is does not change: the first record that says it counts. */
static void learn_enclave(struct learn *l, size_t i, const struct ewx_record *r)
{
	const char *signer = ewx_record_text(r, EWX_RECORD_signer);
	__s64 product = ewx_record_number(r, EWX_RECORD_product);
	__s64 svn = ewx_record_number(r, EWX_RECORD_svn);
	struct learn_enclave *e;

	if (i == LEARN_NONE ||
	    !is_digest(ewx_record_text(r, EWX_RECORD_measurement)) ||
	    !is_small(product) || !is_small(svn))
		return;
	e = &l->enclave[i];
	if (!e->named)
		e->named = name_of(l, 'i',
				   ewx_record_text(r, EWX_RECORD_identity));
	if (e->measurement)
		return;
	e->measurement =
		learn_intern(l, ewx_record_text(r, EWX_RECORD_measurement));
	if (is_digest(signer) && !key_is_public(signer))
		e->signer = learn_intern(l, signer);
	e->product = product;
	e->svn = svn;
}

static bool is_id(const struct ewx_record *r, enum ewx_record_field f)
{
	return ewx_record_text(r, f)[0] && ewx_record_number(r, f) >= 0 &&
	       ewx_record_number(r, f) < UINT32_MAX;
}

/* The bytes came from a file, so that a rule about them can name it. */
static bool has_file(const struct ewx_record *r, __u32 bit)
{
	const char *origin = ewx_record_text(r, EWX_RECORD_origin);

	return learn_clauses[bit].from == ENCLAVE_CLAUSE_REQUIRED ||
	       (learn_clauses[bit].from == ENCLAVE_CLAUSE_OPTIONAL &&
		(ewx_record_text(r, EWX_RECORD_path)[0] ||
		 !strcmp(origin, "file") || !strcmp(origin, "modified")));
}

static const char *hopeless_file(const struct ewx_record *r)
{
	if (ewx_record_text(r, EWX_RECORD_path)[0] != '/' ||
	    ewx_record_number(r, EWX_RECORD_nopath))
		return "the file's path is not one that a policy may trust";
	if (!is_path(ewx_record_text(r, EWX_RECORD_path)))
		return "no pattern can hold the file's path";
	if (!is_id(r, EWX_RECORD_owner))
		return "the file has no owner that a policy can name";
	return NULL;
}

/* Why no rule can be made of it, whatever the policy says; or NULL. */
static const char *hopeless(const struct ewx_record *r, __u32 bit, bool program)
{
	const char *reason = ewx_record_text(r, EWX_RECORD_reason);
	bool cause =
		ewx_name_find(EWX_NAMES_PERMISSION,
			      ewx_record_text(r, EWX_RECORD_cause),
			      strlen(ewx_record_text(r, EWX_RECORD_cause))) ==
		(int)bit;

	if (cause && !strcmp(reason, "denied"))
		return "a rule denies it";
	if (ewx_record_number(r, EWX_RECORD_shortened))
		return "a name in the record was too long to be recorded whole";
	if (cause && !strcmp(reason, "expired"))
		return "the rule that allows it has expired; give it another date";
	if (cause && !strcmp(reason, "max"))
		return "the rule that allows it has a max that is too low";
	if (program && (!is_path(ewx_record_text(r, EWX_RECORD_exe)) ||
			ewx_record_number(r, EWX_RECORD_noexe)))
		return "the program's path is not one that a policy may trust";
	if (program && !is_id(r, EWX_RECORD_euid))
		return "the process has no user that a policy can name";
	return NULL;
}

/* Who, and what for; the evidence is left open. */
static struct learn_need describe(struct learn *l, const struct ewx_record *r,
				  __u32 bit, size_t enclave)
{
	struct learn_need n = { .bit = bit };
	bool program =
		l->by_program ||
		!strcmp(ewx_record_text(r, EWX_RECORD_domain), "default");

	n.domain = learn_intern(l, ewx_record_text(r, EWX_RECORD_domain));
	if (program) {
		n.domain = learn_intern(l, "default");
		n.exe = learn_intern(l, ewx_record_text(r, EWX_RECORD_exe));
		n.euid = ewx_record_number(r, EWX_RECORD_euid);
	}
	n.why_not = hopeless(r, bit, program);
	n.enclave = learn_clauses[bit].ident == ENCLAVE_CLAUSE_REFUSED ?
			    LEARN_NONE :
			    enclave;
	if (n.why_not || !has_file(r, bit))
		return n;
	n.named = name_of(l, 's', ewx_record_text(r, EWX_RECORD_source));
	if (n.named)
		return n;
	n.why_not = hopeless_file(r);
	if (n.why_not)
		return n;
	n.path = learn_intern(l, ewx_record_text(r, EWX_RECORD_path));
	n.owner = ewx_record_number(r, EWX_RECORD_owner);
	return n;
}

/* Return: its place, LEARN_NONE: no memory. */
static size_t need_of(struct learn *l, const struct learn_need *what)
{
	struct learn_need *n;
	char key[LEARN_KEY_MAX];
	size_t i;

	/* Strings are interned: a pointer stands for each. */
	i = learn_find(l->by_need, key, sizeof(key),
		       "%p.%p.%lld.%u.%p.%p.%lld.%zu.%p",
		       (const void *)what->domain, (const void *)what->exe,
		       (long long)what->euid, what->bit,
		       (const void *)what->named, (const void *)what->path,
		       (long long)what->owner, what->enclave,
		       (const void *)what->why_not);
	if (i != INDEX_NONE)
		return i;
	n = learn_push(l, &l->need, &l->need_count, sizeof(*n));
	if (!n)
		return LEARN_NONE;
	*n = *what;
	n->next = LEARN_NONE;
	learn_keep(l, &l->by_need, key, l->need_count - 1);
	return l->need_count - 1;
}

/* Each permission of a list by commas. */
static void add_needs(struct learn *l, const struct ewx_record *r,
		      const char *list, size_t enclave)
{
	size_t need[ENCLAVE_PERM_COUNT], count = 0;
	__u32 bits = 0;

	for (; *list; list += *list == ',') {
		size_t n = strcspn(list, ",");
		int bit = ewx_name_find(EWX_NAMES_PERMISSION, list, n);
		struct learn_need what;

		list += n;
		if (bit < 0 || bits & 1U << bit)
			continue;
		bits |= 1U << bit;
		what = describe(l, r, (__u32)bit, enclave);
		need[count] = need_of(l, &what);
		if (need[count] != LEARN_NONE)
			count++;
	}
	learn_note(l, r, need, count);
}

/* What was let pass and should not have been says nothing of what is needed. */
static bool is_debt(const struct ewx_record *r)
{
	static const char *const reasons[] = { "admitted_unjudged",
					       "policy_changed", "no_policy" };

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (!strcmp(ewx_record_text(r, EWX_RECORD_reason), reasons[i]))
			return true;
	return false;
}

bool learn_take(const struct ewx_record *r, unsigned int boot, void *arg)
{
	const char *result = ewx_record_text(r, EWX_RECORD_result), *lacked;
	bool done = !strcmp(result, "permissive");
	struct learn *l = arg;
	size_t enclave;

	if (ewx_record_type(r) != EWX_RECORD_ACCESS &&
	    ewx_record_type(r) != EWX_RECORD_ENCLAVE)
		return true;
	if (ewx_record_cut(r) || ewx_record_damaged(r)) {
		l->cut++;
		return true;
	}
	enclave = enclave_of(l, boot, ewx_record_number(r, EWX_RECORD_enclave));
	learn_enclave(l, enclave, r);
	l->denied += !strcmp(result, "denied") || !strcmp(result, "reduced");
	/* Without a policy to begin with, what that one allowed is needed as well. */
	done |= !l->policy && !strcmp(result, "allowed");
	lacked = ewx_record_text(r, l->policy ? EWX_RECORD_missing :
						EWX_RECORD_needed);
	/* Tracing lacks no permission. */
	if (!done || is_debt(r) || record_guarded(r))
		return !l->failed;
	l->records++;
	add_needs(l, r, lacked, enclave);
	return !l->failed;
}

void learn_free(struct learn *l)
{
	for (size_t i = 0; i < l->string_count; i++)
		free(l->strings[i]);
	for (size_t i = 0; i < l->source_count; i++) {
		free(l->source[i].path);
		free(l->source[i].text);
	}
	for (size_t i = 0; i < l->rule_count; i++)
		free(l->rule[i].why);
	free(l->strings);
	json_decref(l->by_string);
	json_decref(l->by_enclave);
	json_decref(l->by_list);
	json_decref(l->by_need);
	learn_free_seen(l);
	free(l->enclave);
	free(l->identity);
	free(l->source);
	free(l->need);
	free(l->rule);
}
