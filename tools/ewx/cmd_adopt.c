// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx adopt: a starter policy from what was seen in the audit log.
 *
 * Owns: joining records to programs, their files and their enclaves. The
 * result allows what was seen and is permissive; people decide what stays.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tool.h"
#include "../../libewx/public_keys.h"

#define DAY 86400
#define PERMISSIVE_DAYS 30
#define LOG_MAX ((size_t)1 << 30)

/** struct strings - distinct strings in the order they were seen. */
struct strings {
	char **at;
	size_t count;
};

/**
 * struct enclave - one that was seen.
 * @number: the kernel's; @known: init was seen, the identity is valid
 * @same: index of the first enclave with that identity
 */
struct enclave {
	__s64 number;
	bool known;
	size_t same;
	char signer[65];
	char measurement[65];
	__s64 product;
	__s64 svn;
};

/** struct need - a permission that a program used; @enclave: or NONE. */
struct need {
	size_t program;
	__u32 bit;
	size_t enclave;
	bool file;
};

struct program {
	char *exe;
	struct strings uids, paths, owners;
	bool untrusted;
};

struct seen {
	struct program *program;
	size_t program_count;
	struct enclave *enclave;
	size_t enclave_count;
	struct need *need;
	size_t need_count;
	size_t records;
	size_t left_out;
	bool failed;
};

#define NONE ((size_t)-1)

static const struct {
	u32 from, ident;
} permissions[] = {
#define PERMISSION(NAME, name, from, ident, when) \
	[ENCLAVE_PERM_BIT_##NAME] = { ENCLAVE_CLAUSE_##from, \
				      ENCLAVE_CLAUSE_##ident },
	ENCLAVE_PERMISSIONS(PERMISSION)
#undef PERMISSION
};

/* Room for one more zeroed element of an array; NULL without memory. */
static void *push(struct seen *s, void *array, size_t *count, size_t size)
{
	char **at = array, *grown = reallocarray(*at, *count + 1, size);

	if (!grown) {
		s->failed = true;
		return NULL;
	}
	*at = grown;
	return memset(grown + size * (*count)++, 0, size);
}

static void add_string(struct seen *s, struct strings *list, const char *text)
{
	char **one;

	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->at[i], text))
			return;
	one = push(s, &list->at, &list->count, sizeof(*one));
	if (one && !(*one = strdup(text)))
		s->failed = true;
}

static size_t program_of(struct seen *s, const struct ewx_record *r)
{
	const char *exe = r->text[EWX_RECORD_exe];
	struct program *p;
	size_t i;

	for (i = 0; i < s->program_count; i++)
		if (s->program[i].exe && !strcmp(s->program[i].exe, exe))
			return i;
	p = push(s, &s->program, &s->program_count, sizeof(*p));
	if (p)
		p->exe = strdup(exe);
	return p && p->exe ? i : NONE;
}

static size_t enclave_of(struct seen *s, const struct ewx_record *r)
{
	struct enclave *e;
	size_t i;

	for (i = 0; i < s->enclave_count; i++)
		if (s->enclave[i].number == r->number[EWX_RECORD_enclave])
			return i;
	e = push(s, &s->enclave, &s->enclave_count, sizeof(*e));
	if (!e)
		return NONE;
	e->number = r->number[EWX_RECORD_enclave];
	return i;
}

static void learn_identity(struct enclave *e, const struct ewx_record *r)
{
	if (!*r->text[EWX_RECORD_measurement])
		return;
	e->known = true;
	snprintf(e->measurement, sizeof(e->measurement), "%s",
		 r->text[EWX_RECORD_measurement]);
	if (!*r->text[EWX_RECORD_signer])
		return;
	snprintf(e->signer, sizeof(e->signer), "%s",
		 r->text[EWX_RECORD_signer]);
	e->product = r->number[EWX_RECORD_product];
	e->svn = r->number[EWX_RECORD_svn];
}

static void learn_need(struct seen *s, const struct need *need)
{
	struct need *n;

	for (size_t i = 0; i < s->need_count; i++)
		if (!memcmp(&s->need[i], need, sizeof(*need)))
			return;
	n = push(s, &s->need, &s->need_count, sizeof(*n));
	if (n)
		*n = *need;
}

/* Whether a string of a policy can hold it: UTF-8 without control characters. */
static bool is_plain(const char *text)
{
	json_t *value = json_string(text);
	bool plain = value != NULL;

	json_decref(value);
	for (; *text; text++)
		plain &= (unsigned char)*text >= 0x20 && *text != 0x7f;
	return plain;
}

static void learn(struct seen *s, const struct ewx_record *r)
{
	const char *needed = r->text[EWX_RECORD_needed];
	struct need need;
	char text[24];
	struct program *p;
	bool file;

	if (r->text[EWX_RECORD_exe][0] != '/' ||
	    !is_plain(r->text[EWX_RECORD_exe]) ||
	    !is_plain(r->text[EWX_RECORD_path])) {
		s->left_out++;
		return;
	}
	memset(&need, 0, sizeof(need));
	need.program = program_of(s, r);
	need.enclave = enclave_of(s, r);
	if (need.program == NONE || need.enclave == NONE)
		return;
	s->records++;
	p = &s->program[need.program];
	learn_identity(&s->enclave[need.enclave], r);
	snprintf(text, sizeof(text), "%lld",
		 (long long)r->number[EWX_RECORD_euid]);
	add_string(s, &p->uids, text);
	p->untrusted |= r->number[EWX_RECORD_noexe];
	file = r->text[EWX_RECORD_path][0] == '/' &&
	       !r->number[EWX_RECORD_nopath];
	if (file) {
		add_string(s, &p->paths, r->text[EWX_RECORD_path]);
		snprintf(text, sizeof(text), "%lld",
			 (long long)r->number[EWX_RECORD_owner]);
		add_string(s, &p->owners, text);
	}
	for (; *needed; needed += *needed == ',') {
		size_t n = strcspn(needed, ",");
		int bit = ewx_name_find(EWX_NAMES_PERMISSION, needed, n);

		needed += n;
		if (bit < 0)
			continue;
		need.bit = (__u32)bit;
		need.file = file &&
			    permissions[bit].from != ENCLAVE_CLAUSE_REFUSED;
		learn_need(s, &need);
	}
}

static void read_lines(struct seen *s, char *text)
{
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		char why[EWX_RECORD_ERROR_MAX];
		struct ewx_record r;

		if (ewx_record_parse(line, strlen(line), &r, why))
			continue;
		learn(s, &r);
		ewx_record_free(&r);
	}
}

static bool same_identity(const struct enclave *a, const struct enclave *b)
{
	if (!a->known || !b->known || strcmp(a->signer, b->signer))
		return false;
	return *a->signer ? a->product == b->product :
			    !strcmp(a->measurement, b->measurement);
}

/* Enclaves of one signer and product are one identity, of the lowest SVN. */
static void join_enclaves(struct seen *s)
{
	for (size_t i = 0; i < s->enclave_count; i++) {
		size_t j = 0;

		while (j < i && !same_identity(&s->enclave[i], &s->enclave[j]))
			j++;
		s->enclave[i].same = s->enclave[j].same = j;
		if (s->enclave[i].svn < s->enclave[j].svn)
			s->enclave[j].svn = s->enclave[i].svn;
	}
}

static void put_string(FILE *out, const char *text, bool pattern)
{
	fputc('"', out);
	if (pattern)
		literal_pattern(out, text);
	else
		literal_text(out, text);
	fputc('"', out);
}

static void put_list(FILE *out, const char *word, const struct strings *list,
		     bool path)
{
	fprintf(out, "%s ", word);
	for (size_t i = 0; i < list->count; i++) {
		fputs(i ? ", " : "", out);
		if (path)
			put_string(out, list->at[i], true);
		else
			fputs(list->at[i], out);
	}
	fputs(";\n", out);
}

/* The program's own name as a word, and its number, so that it is the only one. */
static void put_name(FILE *out, const struct seen *s, size_t program)
{
	const char *base = strrchr(s->program[program].exe, '/');

	base = base ? base + 1 : "program";
	fputs("p_", out);
	for (int n = 0; *base && n < 60; base++, n++)
		fputc(isalnum((unsigned char)*base) ? *base : '_', out);
	fprintf(out, "_%zu", program + 1);
}

static void put_identity(FILE *out, const struct seen *s, size_t i)
{
	const struct enclave *e = &s->enclave[i];
	u8 signer[32] = { 0 };

	fprintf(out, "identity enclave_%zu {\n", i + 1);
	if (*e->signer) {
		for (int n = 0; n < 32; n++)
			sscanf(e->signer + 2 * n, "%2hhx", &signer[n]);
		fprintf(out, "signer %ssha256:%s;\nproduct %lld;\nmin-svn %lld;\n",
			ewx_public_key(signer) ? "public " : "", e->signer,
			(long long)e->product, (long long)e->svn);
		if (ewx_public_key(signer))
			fprintf(out, "# Anybody can sign with this key: %s.\n",
				ewx_public_key(signer));
		fprintf(out, "# One that was seen: measurement sha256:%s\n",
			e->measurement);
	} else {
		fprintf(out, "# Nobody signed it.\nmeasurement sha256:%s;\n",
			e->measurement);
	}
	fputs("}\n\n", out);
}

static void put_rule(FILE *out, const struct seen *s, const struct need *n)
{
	u32 ident = permissions[n->bit].ident, from = permissions[n->bit].from;
	const struct enclave *e = &s->enclave[n->enclave];

	fprintf(out, "allow %s", ewx_name(EWX_NAMES_PERMISSION, n->bit));
	if (n->file) {
		fputs(" from files_", out);
		put_name(out, s, n->program);
	} else if (from == ENCLAVE_CLAUSE_REQUIRED) {
		fputs(" from any", out);
	}
	if (ident != ENCLAVE_CLAUSE_REFUSED && e->known)
		fprintf(out, " for enclave_%zu", e->same + 1);
	else if (ident == ENCLAVE_CLAUSE_REQUIRED)
		fputs(" for any", out);
	fputs(";", out);
	if (ident == ENCLAVE_CLAUSE_REQUIRED && !e->known)
		fputs(" # who the enclave is was not seen", out);
	fputc('\n', out);
}

/* Each rule once, though several enclaves may stand for one identity. */
static void put_rules(FILE *out, const struct seen *s, size_t program)
{
	struct strings done = { 0 };
	struct seen scratch = { 0 };
	char *text = NULL;
	size_t size = 0;

	for (size_t i = 0; i < s->need_count; i++) {
		FILE *one;
		size_t before = done.count;

		if (s->need[i].program != program)
			continue;
		one = open_memstream(&text, &size);
		if (!one)
			break;
		put_rule(one, s, &s->need[i]);
		fclose(one);
		add_string(&scratch, &done, text);
		if (done.count > before)
			fputs(text, out);
		free(text);
	}
	for (size_t i = 0; i < done.count; i++)
		free(done.at[i]);
	free(done.at);
}

static void put_program(FILE *out, const struct seen *s, size_t i, __u64 until)
{
	const struct program *p = &s->program[i];
	time_t end = (time_t)until;
	char date[16];

	if (p->paths.count) {
		fputs("source files_", out);
		put_name(out, s, i);
		fputs(" {\n", out);
		put_list(out, "path", &p->paths, true);
		put_list(out, "owner", &p->owners, false);
		fputs("}\n\n", out);
	}
	strftime(date, sizeof(date), "%Y-%m-%d", gmtime(&end));
	fputs("domain ", out);
	put_name(out, s, i);
	fputs(" {\nexe ", out);
	put_string(out, p->exe, true);
	fputs(";\n", out);
	put_list(out, "uid", &p->uids, false);
	if (p->untrusted)
		fputs("# Its path was not one that policies trust: see root any.\n",
		      out);
	fprintf(out, "# Take this away when nothing is recorded any more.\npermissive until %s;\n\n",
		date);
	put_rules(out, s, i);
	fputs("}\n\n", out);
}

static void put_policy(FILE *out, struct seen *s, __u64 now)
{
	join_enclaves(s);
	fprintf(out,
		"language 1;\npolicy adopted version 1;\n\n"
		"# Made from %zu records: it allows what they say was done, and nothing says\n"
		"# that this was right. Read each rule; delete what should not be. Patterns\n"
		"# and lists can be made wider where a program will do more than was seen.\n\n",
		s->records);
	if (s->left_out)
		fprintf(out, "# Left out: %zu records, of programs without a path or with names that no policy\n# can hold.\n\n",
			s->left_out);
	for (size_t i = 0; i < s->enclave_count; i++)
		if (s->enclave[i].known && s->enclave[i].same == i)
			put_identity(out, s, i);
	for (size_t i = 0; i < s->program_count; i++)
		put_program(out, s, i, now + PERMISSIVE_DAYS * DAY);
}

/* In the layout of all policies; also a proof that it is one. */
static int write_policy(struct tool *t, struct seen *s)
{
	struct ewx_unit *u = ewx_unit_new();
	char *text = NULL, *result = NULL;
	size_t len = 0, size = 0;
	FILE *out = open_memstream(&text, &len);
	int ret = EXIT_FAIL;

	if (!u || !out) {
		tool_error(t, "out of memory");
	} else {
		put_policy(out, s, t->has_built ? t->built : (__u64)time(NULL));
		fclose(out);
		out = NULL;
		if (ewx_unit_format(u, "adopted", text, len, &result, &size))
			ewx_unit_print(u, stderr, t->colour_err);
		else if (file_replace(t->out ? t->out : "-", result, size))
			tool_error(t, "%s: %s", t->out, strerror(errno));
		else
			ret = EXIT_OK;
	}
	if (out)
		fclose(out);
	free(text);
	free(result);
	ewx_unit_free(u);
	return ret;
}

static void free_strings(struct strings *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->at[i]);
	free(list->at);
}

static void free_seen(struct seen *s)
{
	for (size_t i = 0; i < s->program_count; i++) {
		free(s->program[i].exe);
		free_strings(&s->program[i].uids);
		free_strings(&s->program[i].paths);
		free_strings(&s->program[i].owners);
	}
	free(s->program);
	free(s->enclave);
	free(s->need);
}

int cmd_adopt(struct tool *t, int argc, char **argv)
{
	static char *input[] = { "-" };
	struct seen s = { 0 };
	struct bytes b;
	int ret = EXIT_OK;

	if (!argc) {
		argc = 1;
		argv = input;
	}
	for (int i = 0; i < argc && !ret; i++) {
		if (file_read(argv[i], LOG_MAX, &b)) {
			ret = tool_error(t, "%s: %s", argv[i], strerror(errno));
			continue;
		}
		read_lines(&s, b.data);
		free(b.data);
	}
	if (!ret && s.failed)
		ret = tool_error(t, "out of memory");
	else if (!ret && !s.records)
		ret = tool_error(t, "no record of EWX: let the programs run under a permissive policy first");
	else if (!ret)
		ret = write_policy(t, &s);
	free_seen(&s);
	return ret;
}
