// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx learn: from records to needs: who lacked which permission, for which file
 * and which enclave, and how often. Who an enclave is may come to light later.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "learn.h"
#include "../../libewx/public_keys.h"

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

/* The one copy of a string. */
static const char *intern(struct learn *l, const char *text)
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

/* An entry is found under what tells it from the others. */
static size_t lookup(const json_t *index, char *key, size_t size,
		     const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static size_t lookup(const json_t *index, char *key, size_t size,
		     const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(key, size, fmt, args);
	va_end(args);
	return index_get(index, key);
}

static void keep(struct learn *l, json_t **index, const char *key, size_t n)
{
	l->failed |= index_put(index, key, n) != 0;
}

/* Room for a key of pointers and numbers. */
#define KEY_MAX 192

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

/*
 * The first word of a list by commas; NULL if it is none, or no name: a log that
 * was tampered with must not write rules.
 */
static const char *first_word(struct learn *l, const char *list)
{
	size_t n = strcspn(list, ",");
	char *word = is_name(list, n) ? strndup(list, n) : NULL;
	const char *one = word ? intern(l, word) : NULL;

	free(word);
	return one;
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

static size_t enclave_of(struct learn *l, unsigned int boot, __s64 number)
{
	struct learn_enclave *e;
	char key[KEY_MAX];
	size_t i;

	if (!number)
		return LEARN_NONE;
	i = lookup(l->by_enclave, key, sizeof(key), "%u.%lld", boot,
		   (long long)number);
	if (i != INDEX_NONE)
		return i;
	e = learn_push(l, &l->enclave, &l->enclave_count, sizeof(*e));
	if (!e)
		return LEARN_NONE;
	e->boot = boot;
	e->number = number;
	e->identity = LEARN_NONE;
	keep(l, &l->by_enclave, key, l->enclave_count - 1);
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

/* A signer and product are one identity, from the lowest version on. */
static size_t identity_of(struct learn *l, const struct ewx_record *r)
{
	const char *signer = r->text[EWX_RECORD_signer];
	__s64 product = r->number[EWX_RECORD_product];
	__s64 svn = r->number[EWX_RECORD_svn];
	struct learn_identity *id;
	const char *measurement;
	char key[KEY_MAX];
	size_t i;

	if (!is_digest(signer) || key_is_public(signer))
		signer = NULL;
	else
		signer = intern(l, signer);
	measurement = intern(l, r->text[EWX_RECORD_measurement]);
	i = lookup(l->by_identity, key, sizeof(key), "%s.%lld",
		   signer ? signer : measurement,
		   signer ? (long long)product : -1LL);
	if (i != INDEX_NONE) {
		id = &l->identity[i];
		id->svn = svn < id->svn ? svn : id->svn;
		return i;
	}
	id = learn_push(l, &l->identity, &l->identity_count, sizeof(*id));
	if (!id)
		return LEARN_NONE;
	*id = (struct learn_identity){ signer, measurement, product, svn };
	keep(l, &l->by_identity, key, l->identity_count - 1);
	return l->identity_count - 1;
}

static void learn_enclave(struct learn *l, size_t i, const struct ewx_record *r)
{
	struct learn_enclave *e;

	if (i == LEARN_NONE || !is_digest(r->text[EWX_RECORD_measurement]))
		return;
	e = &l->enclave[i];
	if (!e->named && r->text[EWX_RECORD_identity][0])
		e->named = first_word(l, r->text[EWX_RECORD_identity]);
	if (!e->named && e->identity == LEARN_NONE)
		e->identity = identity_of(l, r);
}

static size_t source_of(struct learn *l, const struct ewx_record *r)
{
	const char *path = intern(l, r->text[EWX_RECORD_path]), **one;
	__s64 owner = r->number[EWX_RECORD_owner];
	const char *slash = strrchr(path, '/');
	char *text = strndup(path, (size_t)(slash - path) + 1);
	const char *folder = intern(l, text ? text : "/");
	struct learn_source *s;
	char key[KEY_MAX];
	size_t i;

	free(text);
	i = lookup(l->by_source, key, sizeof(key), "%p.%lld",
		   (const void *)folder, (long long)owner);
	if (i == INDEX_NONE) {
		s = learn_push(l, &l->source, &l->source_count, sizeof(*s));
		if (!s)
			return LEARN_NONE;
		s->folder = folder;
		s->owner = owner;
		i = l->source_count - 1;
		keep(l, &l->by_source, key, i);
	}
	s = &l->source[i];
	if (lookup(l->by_path, key, sizeof(key), "%zu.%p", i,
		   (const void *)path) != INDEX_NONE)
		return i;
	one = learn_push(l, &s->path, &s->count, sizeof(*one));
	if (one)
		*one = path;
	keep(l, &l->by_path, key, s->count);
	return i;
}

/* Why no rule can be made of it, whatever the policy says; or NULL. */
static const char *hopeless(const struct ewx_record *r, __u32 bit)
{
	const char *reason = r->text[EWX_RECORD_reason];
	bool cause =
		ewx_name_find(EWX_NAMES_PERMISSION, r->text[EWX_RECORD_cause],
			      strlen(r->text[EWX_RECORD_cause])) == (int)bit;
	const char *source = r->text[EWX_RECORD_source];
	bool from = learn_clauses[bit].from == ENCLAVE_CLAUSE_REQUIRED &&
		    !is_name(source, strcspn(source, ","));

	if (cause && !strcmp(reason, "denied"))
		return "a rule denies it";
	if (r->number[EWX_RECORD_shortened])
		return "a name in the record was too long to be recorded whole";
	if (cause && !strcmp(reason, "expired"))
		return "the rule that allows it has expired; give it another date";
	if (cause && !strcmp(reason, "max"))
		return "the rule that allows it has a max that is too low";
	if (from && (r->text[EWX_RECORD_path][0] != '/' ||
		     r->number[EWX_RECORD_nopath]))
		return "the file's path is not one that a policy may trust";
	if (from && !is_plain(r->text[EWX_RECORD_path]))
		return "no pattern can hold the file's path";
	if (!strcmp(r->text[EWX_RECORD_domain], "default") &&
	    (r->text[EWX_RECORD_exe][0] != '/' || r->number[EWX_RECORD_noexe] ||
	     !is_plain(r->text[EWX_RECORD_exe])))
		return "the program's path is not one that a policy may trust";
	return NULL;
}

/* Who, and what for; the evidence is left open. */
static struct learn_need describe(struct learn *l, const struct ewx_record *r,
				  __u32 bit, size_t enclave)
{
	struct learn_need n = { .bit = bit, .source = LEARN_NONE };

	n.domain = intern(l, r->text[EWX_RECORD_domain]);
	if (!strcmp(n.domain, "default")) {
		n.exe = intern(l, r->text[EWX_RECORD_exe]);
		n.euid = r->number[EWX_RECORD_euid];
	}
	n.why_not = hopeless(r, bit);
	n.enclave = learn_clauses[bit].ident == ENCLAVE_CLAUSE_REFUSED ?
			    LEARN_NONE :
			    enclave;
	if (n.why_not || learn_clauses[bit].from == ENCLAVE_CLAUSE_REFUSED)
		return n;
	n.named = first_word(l, r->text[EWX_RECORD_source]);
	if (!n.named && learn_clauses[bit].from == ENCLAVE_CLAUSE_REQUIRED)
		n.source = source_of(l, r);
	return n;
}

static void add_need(struct learn *l, const struct ewx_record *r,
		     const struct learn_need *what)
{
	struct learn_need *n;
	char key[KEY_MAX];
	size_t i;

	/* Strings are interned: a pointer stands for each. */
	i = lookup(l->by_need, key, sizeof(key), "%p.%p.%lld.%u.%p.%zu.%zu.%p",
		   (const void *)what->domain, (const void *)what->exe,
		   (long long)what->euid, what->bit, (const void *)what->named,
		   what->source, what->enclave, (const void *)what->why_not);
	if (i == INDEX_NONE) {
		n = learn_push(l, &l->need, &l->need_count, sizeof(*n));
		if (!n)
			return;
		*n = *what;
		n->first = r->seconds;
		n->example = intern(l, r->text[EWX_RECORD_exe]);
		keep(l, &l->by_need, key, l->need_count - 1);
	} else {
		n = &l->need[i];
	}
	n->records++;
	n->pages += (__u64)r->number[EWX_RECORD_pages];
	n->last = r->seconds;
}

bool learn_take(const struct ewx_record *r, unsigned int boot, void *arg)
{
	const char *missing = r->text[EWX_RECORD_missing];
	struct learn *l = arg;
	size_t enclave;

	if (r->type != EWX_RECORD_ACCESS && r->type != EWX_RECORD_ENCLAVE)
		return true;
	if (r->cut) {
		l->cut++;
		return true;
	}
	enclave = enclave_of(l, boot, r->number[EWX_RECORD_enclave]);
	learn_enclave(l, enclave, r);
	if (strcmp(r->text[EWX_RECORD_result], "permissive") ||
	    !strcmp(r->text[EWX_RECORD_reason], "admitted_unjudged") ||
	    !strcmp(r->text[EWX_RECORD_reason], "policy_changed") ||
	    !strcmp(r->text[EWX_RECORD_reason], "no_policy"))
		return !l->failed;
	l->records++;
	for (; *missing; missing += *missing == ',') {
		size_t n = strcspn(missing, ",");
		int bit = ewx_name_find(EWX_NAMES_PERMISSION, missing, n);
		struct learn_need what;

		missing += n;
		if (bit < 0)
			continue;
		what = describe(l, r, (__u32)bit, enclave);
		add_need(l, r, &what);
	}
	return !l->failed;
}

void learn_free(struct learn *l)
{
	for (size_t i = 0; i < l->string_count; i++)
		free(l->strings[i]);
	for (size_t i = 0; i < l->source_count; i++)
		free(l->source[i].path);
	for (size_t i = 0; i < l->rule_count; i++)
		free(l->rule[i].why);
	free(l->strings);
	json_decref(l->by_string);
	json_decref(l->by_enclave);
	json_decref(l->by_identity);
	json_decref(l->by_source);
	json_decref(l->by_path);
	json_decref(l->by_need);
	free(l->enclave);
	free(l->identity);
	free(l->source);
	free(l->need);
	free(l->rule);
}
