// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Linked to the unit tests of verification: what ewx_policy_verify() refuses is
 * written down, for a kernel to refuse it too.
 *
 * Owns: the files. In the directory that the environment names as EWX_REFUSED:
 * PROGRAM-N, the bytes; PROGRAM, a line for each of them: its file, and what ewx/load
 * has to say of it. It is the first of its place, and one of the first ALIKE of its
 * code and section.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "security/ewx/core/verify.h"

enum { ALIKE = 24, MOST = 8192 };

/* Of struct ewx_fault. */
struct place {
	u32 code, section, index, offset;
};

static const char *const codes[] = {
#define FAULT(NAME, name, why) [EWX_FAULT_##NAME] = #name,
	EWX_FAULTS(FAULT)
#undef FAULT
};

static const char *const sections[] = {
#define SECTION(NAME, name, size) [EWX_SECTION_##NAME] = #name,
	EWX_SECTIONS(SECTION)
#undef SECTION
		[EWX_SECTION_COUNT] = "header",
};

bool __real_ewx_policy_verify(const void *blob, u32 size, struct ewx_policy *p,
			      struct ewx_fault *fault);
bool __wrap_ewx_policy_verify(const void *blob, u32 size, struct ewx_policy *p,
			      struct ewx_fault *fault);

/* Is @p the first of its place? Remembers it. */
static bool is_new(const struct place *p)
{
	static struct place seen[MOST];
	static unsigned int count,
		alike[EWX_FAULT_CODES][EWX_SECTION_COUNT + 1];

	for (unsigned int i = 0; i < count; i++)
		if (!memcmp(&seen[i], p, sizeof(*p)))
			return false;
	if (count == MOST || alike[p->code][p->section] == ALIKE)
		return false;
	alike[p->code][p->section]++;
	seen[count++] = *p;
	return true;
}

static FILE *create(const char *dir, unsigned int number)
{
	char path[512], end[16] = "";
	FILE *file;

	if (number)
		snprintf(end, sizeof(end), "-%u", number);
	snprintf(path, sizeof(path), "%s/%s%s", dir,
		 program_invocation_short_name, end);
	file = fopen(path, "w");
	if (!file) {
		perror(path);
		exit(1);
	}
	return file;
}

static void record(const char *dir, const void *blob, u32 size,
		   const struct place *p)
{
	static unsigned int number;
	static FILE *list;
	FILE *file;

	if (!list)
		list = create(dir, 0);
	file = create(dir, ++number);
	if (fwrite(blob, 1, size, file) != size || fclose(file) ||
	    fprintf(list, "%s-%u code=%s section=%s index=%u offset=%u\n",
		    program_invocation_short_name, number, codes[p->code],
		    sections[p->section], p->index, p->offset) < 0 ||
	    fflush(list)) {
		perror(dir);
		exit(1);
	}
}

bool __wrap_ewx_policy_verify(const void *blob, u32 size, struct ewx_policy *p,
			      struct ewx_fault *fault)
{
	const char *dir = getenv("EWX_REFUSED");
	const bool good = __real_ewx_policy_verify(blob, size, p, fault);
	const struct place place = { fault->code, fault->section, fault->index,
				     fault->offset };

	if (!good && dir && is_new(&place))
		record(dir, blob, size, &place);
	return good;
}
