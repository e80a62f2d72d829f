// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Linked to the unit tests of verification: what ewx_policy_verify() was given and
 * said is written down, for a kernel to say the same.
 *
 * Owns: the files. In DIR/refused and DIR/accepted, DIR being what the environment
 * names as EWX_REFUSED: PROGRAM-N, the bytes; PROGRAM, a line for each of them: its
 * file, and what ewx/load has to say of it. Of what is refused for one reason in one
 * section there are so many, of one place fewer. What load.c has no room for is left out.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "security/ewx/core/verify.h"

enum { ALIKE = 40, OF_PLACE = 12, MOST = 8192, ACCEPTED = 100, ROOM = 1 << 20 };

/* struct place - of a struct ewx_fault, and how often it was there. */
struct place {
	u32 code, section, index, offset, count;
};

/* struct list - a directory, the lines in it and their number. */
struct list {
	const char *name;
	FILE *lines;
	unsigned int count;
};

bool __real_ewx_policy_verify(const void *blob, u32 size, struct ewx_policy *p,
			      struct ewx_fault *fault);
bool __wrap_ewx_policy_verify(const void *blob, u32 size, struct ewx_policy *p,
			      struct ewx_fault *fault);

/* Is there not enough of it yet? Counts it. */
static bool is_wanted(const struct ewx_fault *f)
{
	static struct place seen[MOST];
	static unsigned int count,
		alike[EWX_FAULT_CODES][EWX_SECTION_COUNT + 1];
	unsigned int i = 0;

	while (i < count &&
	       (seen[i].code != f->code || seen[i].section != f->section ||
		seen[i].index != f->index || seen[i].offset != f->offset))
		i++;
	if (i == MOST || seen[i].count == OF_PLACE ||
	    alike[f->code][f->section] == ALIKE)
		return false;
	count += i == count;
	seen[i] = (struct place){ f->code, f->section, f->index, f->offset,
				  seen[i].count + 1 };
	alike[f->code][f->section]++;
	return true;
}

static FILE *create(const struct list *l, const char *end)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s/%s%s", getenv("EWX_REFUSED"),
		 l->name, program_invocation_short_name, end);
	file = fopen(path, "w");
	if (!file) {
		perror(path);
		exit(1);
	}
	return file;
}

static void record(struct list *l, const void *blob, u32 size,
		   const struct ewx_fault *f)
{
	char end[16];
	FILE *file;

	if (!l->lines)
		l->lines = create(l, "");
	snprintf(end, sizeof(end), "-%u", ++l->count);
	file = create(l, end);
	fprintf(l->lines, "%s%s code=%s", program_invocation_short_name, end,
		ewx_fault_names[f->code]);
	if (f->code != EWX_FAULT_NONE)
		fprintf(l->lines, " section=%s index=%u offset=%u",
			ewx_section_names[f->section], f->index, f->offset);
	putc('\n', l->lines);
	if (fwrite(blob, 1, size, file) != size || fclose(file) ||
	    fflush(l->lines)) {
		perror(l->name);
		exit(1);
	}
}

bool __wrap_ewx_policy_verify(const void *blob, u32 size, struct ewx_policy *p,
			      struct ewx_fault *fault)
{
	static struct list refused = { "refused", NULL, 0 },
			   accepted = { "accepted", NULL, 0 };
	const bool good = __real_ewx_policy_verify(blob, size, p, fault);

	if (!getenv("EWX_REFUSED") || size >= ROOM)
		return good;
	if (good && accepted.count < ACCEPTED)
		record(&accepted, blob, size, fault);
	if (!good && is_wanted(fault))
		record(&refused, blob, size, fault);
	return good;
}
