// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is written of a run; see export.h.
 */
#include <stdlib.h>
#include <string.h>
#include "export.h"

/* Equal bytes between two that differ; told apart if there are more. */
#define GAP sizeof(struct ewx_exchange_patch)

static bool written(FILE *f, const char *path)
{
	if (f && !ferror(f))
		return true;
	perror(path);
	return false;
}

bool export_open(struct export *e, const char *path, u64 pairs,
		 const struct ewx_exchange_least *least)
{
	const struct ewx_exchange_head head = {
		.magic = EWX_EXCHANGE_MAGIC,
		.record = sizeof(struct ewx_exchange_request),
		.pairs = pairs,
		.least = *least,
	};

	e->f = fopen(path, "w");
	if (e->f)
		fwrite(&head, sizeof(head), 1, e->f);
	return written(e->f, path);
}

bool export_close(struct export *e)
{
	static const struct ewx_exchange_policy end;
	bool good;

	fwrite(&end, sizeof(end), 1, e->f);
	good = written(e->f, "export");
	return !fclose(e->f) && good;
}

void export_begin(struct export *e, u64 number)
{
	memset(&e->part, 0, sizeof(e->part));
	memset(&e->before, 0, sizeof(e->before));
	e->part.number = (u32)number;
	e->requests = open_memstream(&e->text, &e->size);
	if (!e->requests)
		abort();
}

static void put_patch(FILE *f, size_t skip, const u8 *bytes, size_t count)
{
	const struct ewx_exchange_patch patch = { (u16)skip, (u16)count };

	fwrite(&patch, sizeof(patch), 1, f);
	fwrite(bytes, 1, count, f);
}

/* From @at on: the bytes that differ, and the few equal ones between them. */
static size_t patch_size(const u8 *old, const u8 *new, size_t at, size_t size)
{
	size_t end = at;

	for (size_t i = at; i < size && i < end + GAP; i++)
		if (old[i] != new[i])
			end = i + 1;
	return end - at;
}

static void put_request(FILE *f, const struct ewx_exchange_request *before,
			const struct ewx_exchange_request *want)
{
	const u8 *old = (const u8 *)before, *new = (const u8 *)want;
	size_t size = sizeof(*want), done = 0;

	for (size_t at = 0; at < size; at++) {
		size_t count;

		if (old[at] == new[at])
			continue;
		count = patch_size(old, new, at, size);
		put_patch(f, at - done, new + at, count);
		at += count;
		done = at;
	}
	put_patch(f, 0, new, 0);
}

void export_request(struct export *e, const struct ewx_exchange_request *want)
{
	static struct ewx_exchange_request now;

	now = *want;
	if (!now.error && (long)e->pairs++ == e->flip)
		now.reply.result = now.reply.result == EWX_RESULT_ALLOW ?
					   EWX_RESULT_DENY :
					   EWX_RESULT_ALLOW;
	put_request(e->requests, &e->before, &now);
	e->before = now;
	e->part.requests++;
}

bool export_end(struct export *e, const struct pair *p)
{
	/* A policy replaces the one before only if its version is another one. */
	const u64 version = e->part.number + 1;
	bool good;

	fclose(e->requests);
	memcpy((u8 *)p->blob + offsetof(struct ewx_header, version), &version,
	       sizeof(version));
	e->part.size = (u32)p->size;
	e->part.length = (u32)e->size;
	fwrite(&e->part, sizeof(e->part), 1, e->f);
	fwrite(p->blob, 1, p->size, e->f);
	fwrite(e->text, 1, e->size, e->f);
	good = written(e->f, "export");
	free(e->text);
	return good;
}

static FILE *open_in(const char *dir, u64 number, const char *name)
{
	char *path;
	FILE *f;

	if (asprintf(&path, "%s/random-%llu-%s", dir,
		     (unsigned long long)number, name) < 0)
		abort();
	f = fopen(path, "w");
	if (!f)
		perror(path);
	free(path);
	return f;
}

bool texts_policy(const char *dir, u64 number, const struct policy_text *text)
{
	for (size_t i = 0; i < text->count; i++) {
		FILE *f = open_in(dir, number, text->files[i].name);

		if (!f || fputs(text->files[i].text, f) < 0 || fclose(f))
			return false;
	}
	return true;
}

FILE *texts_requests(const char *dir, u64 number)
{
	return open_in(dir, number, "requests");
}
