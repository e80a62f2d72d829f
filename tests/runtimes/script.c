// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading a runtime's script.
 *
 * Owns: its grammar. Each line is "WORD ARGUMENT... | FILE: FUNCTION", where in
 * the runtime's source it is done; before the first step come the lines of the
 * head, which cite nothing.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "replay.h"

static const struct {
	const char *name;
	const char *args;
} ops[OPS] = {
#define OP(NAME, name, args) { #name, args },
	SCRIPT_OPS(OP)
#undef OP
};

static const char *const sources[SOURCES] = {
#define SOURCE(NAME, name) #name,
	SCRIPT_SOURCES(SOURCE)
#undef SOURCE
};

/**
 * struct reader - a file being read.
 * @path: its name
 * @line: number of the line
 * @rest: what follows in it
 * @script: what was read
 */
struct reader {
	const char *path;
	unsigned int line;
	char *rest;
	struct script *script;
};

const char *op_name(enum op op)
{
	return ops[op].name;
}

__attribute__((format(printf, 2, 3))) static bool wrong(const struct reader *r,
							const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%u: ", r->path, r->line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return false;
}

/* The next word, or NULL at the end of the line. */
static char *word(struct reader *r)
{
	char *w = r->rest + strspn(r->rest, " \t");
	size_t len = strcspn(w, " \t");

	if (!len)
		return NULL;
	r->rest = w + len;
	if (*r->rest)
		*r->rest++ = '\0';
	return w;
}

static bool number(struct reader *r, uint32_t max, uint32_t *value)
{
	const char *w = word(r);
	char *end;
	unsigned long n;

	if (!w || !isdigit((unsigned char)*w))
		return wrong(r, "a number is missing");
	n = strtoul(w, &end, 10);
	if (*end || n > max)
		return wrong(r, "'%s' is not a number up to %u", w, max);
	*value = n;
	return true;
}

static bool permissions(struct reader *r, bool trim, uint32_t *prot)
{
	static const char letters[] = "rwx";
	const char *w = word(r);

	*prot = PROT_NONE;
	if (!w)
		return wrong(r, "permissions are missing");
	if (!strcmp(w, "none"))
		return true;
	if (trim && !strcmp(w, "trim")) {
		*prot = PROT_TRIM;
		return true;
	}
	for (const char *c = w; *c; c++) {
		const char *at = strchr(letters, *c);
		static const uint32_t bits[] = { PROT_READ, PROT_WRITE,
						 PROT_EXEC };

		if (!at || *prot & bits[at - letters])
			return wrong(r, "'%s' are no permissions", w);
		*prot |= bits[at - letters];
	}
	return true;
}

static bool source(struct reader *r, enum source *s)
{
	const char *w = word(r);

	for (unsigned int i = 0; w && i < SOURCES; i++) {
		if (!strcmp(w, sources[i])) {
			*s = i;
			return true;
		}
	}
	return wrong(r, "'%s' is no kind of source", w ? w : "");
}

static bool options(struct reader *r, struct step *s)
{
	const char *w;

	while ((w = word(r))) {
		if (!strcmp(w, "unmeasured"))
			s->unmeasured = true;
		else if (!strcmp(w, "single"))
			s->single = true;
		else
			return wrong(r, "'%s' is not known here", w);
	}
	return true;
}

static bool argument(struct reader *r, char kind, struct step *s,
		     unsigned int pages_read)
{
	uint32_t last = r->script->size - 1;

	switch (kind) {
	case 'a':
		return number(r, last,
			      pages_read ? &s->other[pages_read - 1] : &s->at);
	case 'n':
		return number(r, r->script->size - s->at, &s->pages);
	case 'c':
		return number(r, 8, &s->count);
	case 'f':
		return number(r, CODE_PAGES - 1, &s->file_page);
	case 's':
		return source(r, &s->source);
	case 'o':
		return options(r, s);
	default:
		return permissions(r, kind == 't', &s->prot);
	}
}

static bool read_step(struct reader *r, unsigned int op)
{
	struct script *script = r->script;
	struct step *s = &script->steps[script->count];
	unsigned int pages_read = 0;

	if (script->count == SCRIPT_STEPS)
		return wrong(r, "more than %u steps", SCRIPT_STEPS);
	*s = (struct step){ .line = r->line, .op = op, .pages = 1 };
	for (const char *kind = ops[op].args; *kind; kind++) {
		if (!argument(r, *kind, s, pages_read))
			return false;
		pages_read += *kind == 'a';
	}
	if (word(r))
		return wrong(r, "more than %s takes", ops[op].name);
	script->count++;
	return true;
}

/* FILE: FUNCTION, neither of them empty. */
static bool cites(const char *text)
{
	const char *colon = strstr(text, ": ");

	text += strspn(text, " \t");
	return colon && colon > text && colon[2 + strspn(colon + 2, " \t")];
}

static bool read_text(struct reader *r, char *to, size_t size)
{
	const char *text = r->rest + strspn(r->rest, " \t");

	if (*to || !*text || strlen(text) >= size)
		return wrong(r, "twice, empty or too long");
	strcpy(to, text);
	return true;
}

/* A line of the head; *@known: there is one of that name. */
static bool read_head(struct reader *r, const char *name, bool *known)
{
	struct script *s = r->script;

	*known = true;
	if (!strcmp(name, "runtime"))
		return read_text(r, s->runtime, sizeof(s->runtime));
	if (!strcmp(name, "project"))
		return read_text(r, s->project, sizeof(s->project));
	if (!strcmp(name, "program"))
		return read_text(r, s->program, sizeof(s->program));
	if (!strcmp(name, "code"))
		return read_text(r, s->code, sizeof(s->code));
	*known = !strcmp(name, "size");
	if (!*known)
		return true;
	if (!number(r, SCRIPT_PAGES, &s->size))
		return false;
	if (!s->size || s->size & (s->size - 1))
		return wrong(r, "the size is a power of two");
	return true;
}

static bool head_complete(const struct reader *r)
{
	const struct script *s = r->script;

	if (s->runtime[0] && s->project[0] && s->program[0] && s->code[0] &&
	    s->size)
		return true;
	return wrong(r, "runtime, project, program, code and size come first");
}

static bool read_line(struct reader *r, char *line)
{
	char *bar = strchr(line, '|');
	const char *name;
	bool known;

	r->rest = line;
	if (bar)
		*bar = '\0';
	name = word(r);
	if (!name || *name == '#')
		return true;
	if (!read_head(r, name, &known))
		return false;
	if (known)
		return !bar || wrong(r, "the head cites nothing");
	if (!head_complete(r))
		return false;
	if (!bar || !cites(bar + 1))
		return wrong(r, "where is it done? ' | FILE: FUNCTION'");
	for (unsigned int op = 0; op < OPS; op++)
		if (!strcmp(name, ops[op].name))
			return read_step(r, op);
	return wrong(r, "'%s' is no step", name);
}

bool script_read(const char *path, struct script *script)
{
	struct reader r = { .path = path, .script = script };
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	bool good = true;

	memset(script, 0, sizeof(*script));
	if (!f) {
		perror(path);
		return false;
	}
	while (good && getline(&line, &size, f) > 0) {
		r.line++;
		line[strcspn(line, "\n")] = '\0';
		good = read_line(&r, line);
	}
	free(line);
	fclose(f);
	if (good && !script->count)
		return wrong(&r, "no steps");
	return good;
}
