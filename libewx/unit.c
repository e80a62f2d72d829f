// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Compilation units: the public calls of ewx.h but printing.
 *
 * Owns: the unit's life and reading files. Knows no grammar.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <ewx/words.h>
#include "codes.h"
#include "front.h"

#define READ_STEP	((size_t)64 << 10)

struct ewx_unit *ewx_unit_new(void)
{
	struct ewx_unit *u = calloc(1, sizeof(*u));
	struct ewx_ir_name *def;
	struct ewx_front *f;

	if (!u)
		return NULL;
	f = ewx_arena_alloc(&u->arena, sizeof(*f));
	def = ewx_arena_push(&u->arena, u->domains, u->domain_count);
	if (!f || !def)
		goto fail;
	u->front = f;
	ewx_warnings_init(f);
	def->name = "default";
	def->permissive_until = EWX_FOREVER;
	if (ewx_symbols_add(&f->domains, &u->arena, def->name,
			    EWX_DOMAIN_DEFAULT) == EWX_SYMBOL_NONE)
		goto fail;
	return u;
fail:
	ewx_unit_free(u);
	return NULL;
}

static void free_front(struct ewx_front *f)
{
	ewx_arena_free(&f->pattern);
	for (size_t i = 0; i < f->text_count; i++)
		free(f->texts[i]);
}

void ewx_unit_free(struct ewx_unit *u)
{
	if (!u)
		return;
	if (u->front)
		free_front(u->front);
	ewx_arena_free(&u->arena);
	free(u);
}

/* A file may have any name; from here on it is text, and the same everywhere. */
static const char *name_as_text(struct ewx_unit *u, const char *name)
{
	const char *s = name, *copy = NULL;
	char *text = NULL;
	size_t size = 0;
	FILE *out;

	while (*s >= ' ' && *s <= '~')
		s++;
	if (!*s)
		return name;
	out = open_memstream(&text, &size);
	if (out) {
		ewx_print_name(out, name);
		if (!fclose(out))
			copy = ewx_arena_strndup(&u->arena, text, size);
		free(text);
	}
	u->arena.failed |= !copy;
	return copy ? copy : name;
}

__u32 ewx_file_index(struct ewx_unit *u, const char *name)
{
	struct ewx_front *f = ewx_front(u);
	struct ewx_file *file;
	__u32 index;

	name = name_as_text(u, name);
	index = ewx_symbols_add(&f->files, &u->arena, name, u->file_count);
	if (index < u->file_count)
		return index;
	file = ewx_arena_push(&u->arena, u->files, u->file_count);
	if (!file)
		return 0;
	file->name = name;
	return u->file_count - 1;
}

/* Parse @text, which lives as long as the unit. */
static int parse_text(struct ewx_unit *u, __u32 file, const char *text,
		      size_t len)
{
	size_t errors = u->error_count;

	if (!u->files[file].text) {
		u->files[file].text = text;
		u->files[file].len = len;
	}
	if (len > EWX_FILE_SIZE_MAX) {
		ewx_front(u)->unread = true;
		ewx_report(u, E0108, NULL, NULL,
			   "%s: a policy file has at most %zu MiB",
			   u->files[file].name, EWX_FILE_SIZE_MAX >> 20);
	} else {
		ewx_parse(u, file, text, len);
	}
	return u->error_count > errors || u->arena.failed ? -1 : 0;
}

/* Enter a file of that name. Return: false if the unit takes no more. */
static bool add_name(struct ewx_unit *u, const char *name, __u32 *file)
{
	const char *copy;

	if (u->checked || u->arena.failed)
		return false;
	copy = ewx_arena_strndup(&u->arena, name, strlen(name));
	if (!copy)
		return false;
	*file = ewx_file_index(u, copy);
	return !u->arena.failed;
}

int ewx_unit_add_text(struct ewx_unit *u, const char *name, const char *text,
		      size_t len)
{
	char *copy = NULL;
	__u32 file;

	if (!add_name(u, name, &file))
		return -1;
	if (len <= EWX_FILE_SIZE_MAX) {
		copy = ewx_arena_strndup(&u->arena, text, len);
		if (!copy)
			return -1;
	}
	return parse_text(u, file, copy, len);
}

/* Bytes, so that room for all of it is made at once; it may still change. */
static size_t size_of_file(FILE *in)
{
	struct stat st;

	if (fstat(fileno(in), &st) || !S_ISREG(st.st_mode) || st.st_size < 0)
		return 0;
	return (size_t)st.st_size < EWX_FILE_SIZE_MAX ? (size_t)st.st_size :
							EWX_FILE_SIZE_MAX;
}

/*
 * All of @in, up to one byte more than a policy file may have, to @text, which
 * the caller frees. It ends with a NUL. Return: 0 or an errno value.
 */
static int read_all(FILE *in, char **text, size_t *len)
{
	size_t size = 0, got;
	char *grown;

	*text = NULL;
	*len = 0;
	do {
		if (size - *len < READ_STEP) {
			if (size)
				size *= 2;
			else
				size = READ_STEP + size_of_file(in);
			grown = realloc(*text, size);
			if (!grown)
				return ENOMEM;
			*text = grown;
		}
		errno = 0;
		got = fread(*text + *len, 1, size - *len, in);
		*len += got;
	} while (got && *len <= EWX_FILE_SIZE_MAX);
	if (ferror(in))
		return errno ? errno : EIO;
	(*text)[*len] = '\0';
	return 0;
}

/* Parse @text, which becomes the unit's. Return: as ewx_unit_add_text(). */
static int add_read_text(struct ewx_unit *u, const char *path, char *text,
			 size_t len)
{
	struct ewx_front *f = ewx_front(u);
	char **owned = NULL;
	__u32 file;

	if (add_name(u, path, &file))
		owned = ewx_arena_push(&u->arena, f->texts, f->text_count);
	if (!owned) {
		free(text);
		return -1;
	}
	*owned = text;
	return parse_text(u, file, text, len);
}

int ewx_unit_add_file(struct ewx_unit *u, const char *path)
{
	char *text = NULL;
	size_t len = 0;
	int error;
	FILE *in;

	if (u->checked)
		return -1;
	ewx_step(u, "reading the policy");
	in = fopen(path, "re");
	error = in ? read_all(in, &text, &len) : errno;
	if (in)
		fclose(in);
	if (error) {
		ewx_front(u)->unread = true;
		ewx_report(u, E0107, NULL, NULL, "%s: %s", path,
			   strerror(error));
		free(text);
		return -1;
	}
	return add_read_text(u, path, text, len);
}

bool ewx_unit_built(const struct ewx_unit *u, uint64_t *built)
{
	const struct ewx_front *f = ewx_front(u);

	*built = f->built;
	return f->has_built;
}

void ewx_unit_on_host(struct ewx_unit *u, const struct ewx_host *host)
{
	ewx_front(u)->host = host;
}

void ewx_unit_on_step(struct ewx_unit *u,
		      void (*step)(void *ctx, const char *words), void *ctx)
{
	u->step = step;
	u->step_ctx = ctx;
}

void ewx_unit_skip_expects(struct ewx_unit *u)
{
	ewx_front(u)->skip_expects = true;
}

int ewx_unit_compile(struct ewx_unit *u, uint64_t built, void **blob,
		     size_t *size)
{
	*blob = NULL;
	*size = 0;
	/* Warnings that count as errors do not hide what comes after. */
	ewx_unit_check(u);
	if (u->error_count || u->arena.failed)
		return -1;
	ewx_lint_built(u, built);
	if (u->arena.failed || ewx_emit(u, built, blob, size))
		return -1;
	ewx_step(u, "asking what is expected");
	if (!ewx_front(u)->skip_expects)
		ewx_judge_expects(u, *blob, *size);
	if (!ewx_unit_errors(u))
		return 0;
	free(*blob);
	*blob = NULL;
	*size = 0;
	return -1;
}

static const struct ewx_diagnostic no_memory = {
	.severity = EWX_ERROR,
	.code = "E0706",
	.text = "out of memory",
};

const struct ewx_diagnostic *ewx_unit_diagnostics(const struct ewx_unit *u,
						  size_t *count)
{
	if (u->arena.failed) {
		*count = 1;
		return &no_memory;
	}
	*count = u->diagnostic_count;
	return u->diagnostics;
}

size_t ewx_unit_errors(const struct ewx_unit *u)
{
	return u->error_count + ewx_front(u)->promoted + u->arena.failed;
}
