// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random conditions of domains, sources and identities; see policy.h.
 */
#include "draft.h"

const char *const pool_contexts[2] = { "first", "system_u:second" };
const char *const pool_filesystems[3] = { "ext4", "erofs", "fuse.sshfs" };

/* Around the ends of until; the first one is before every build stamp. */
const u64 pool_times[6] = { 1600000000, 1700000001, 1767225599,
			    1767225600, 1780000000, 1900000000 };

void pool_digest(u8 digest[32], u32 n)
{
	for (u32 i = 0; i < 32; i++)
		digest[i] = (u8)(0x11 * (n + 1) + (i == 31 ? n : 0));
}

static void put_pattern(struct draft *d, FILE *f)
{
	static const char *const parts[] = {
		"a",	   "b",	    "ab", "*",	  "?",	      "a*",    "[ab]",
		"[!a]",	   "{a,b}", "**", "*.so", "lib{,64}", "x",     "a**b",
		"{a,b/x}", "[a-x]", "?*", "\\*",  "a b",      "x{b,*}"
	};
	u32 n = 1 + rng_below(d->rng, 3);

	fputc('"', f);
	while (n--) {
		const char *part = rng_pick(d->rng, parts);

		fputc('/', f);
		for (; *part; part++)
			fprintf(f, *part == '\\' ? "\\\\" : "%c", *part);
	}
	fputc('"', f);
}

static void put_range(struct draft *d, FILE *f, u32 top)
{
	u32 low = rng_below(d->rng, top);

	fprintf(f, "%u", low);
	if (rng_percent(d->rng, 50))
		fprintf(f, "-%u", low + rng_below(d->rng, top - low));
}

static void put_digest(struct draft *d, FILE *f)
{
	u8 digest[32];

	pool_digest(digest, rng_below(d->rng, POOL_DIGESTS - 1));
	fputs("sha256:", f);
	for (u32 i = 0; i < 32; i++)
		fprintf(f, "%02x", digest[i]);
}

static void put_attributes(struct draft *d, FILE *f)
{
	u32 mask = 1 + rng_below(d->rng, 7);

	switch (rng_below(d->rng, 4)) {
	case 0:
		fputs("debug", f);
		break;
	case 1:
		fputs("0 mask debug", f);
		break;
	case 2:
		fprintf(f, "provision mask 0x%x", mask | 2);
		break;
	default:
		fprintf(f, "0x%x mask 0x%x", mask & rng_below(d->rng, 8), mask);
	}
}

static void put_xfrm(struct draft *d, FILE *f)
{
	u64 mask = (1ull + rng_below(d->rng, 7)) << 31;
	u64 value = mask & (u64)rng_below(d->rng, 8) << 31;

	if (value && rng_percent(d->rng, 30))
		fprintf(f, "0x%llx", (unsigned long long)value);
	else
		fprintf(f, "0x%llx mask 0x%llx", (unsigned long long)value,
			(unsigned long long)mask);
}

static void put_value(struct draft *d, FILE *f, u32 kind)
{
	switch (kind) {
	case EWX_CONDITION_EXE:
	case EWX_CONDITION_CGROUP:
	case EWX_CONDITION_PATH:
		put_pattern(d, f);
		break;
	case EWX_CONDITION_UID:
	case EWX_CONDITION_OWNER:
		put_range(d, f, 6);
		break;
	case EWX_CONDITION_GID:
		put_range(d, f, 4);
		break;
	case EWX_CONDITION_CONTEXT:
		fprintf(f, "\"%s\"", rng_pick(d->rng, pool_contexts));
		break;
	case EWX_CONDITION_FS:
		fprintf(f, "\"%s\"", rng_pick(d->rng, pool_filesystems));
		break;
	case EWX_CONDITION_FS_VERITY:
		if (rng_percent(d->rng, 30)) {
			fputs("signature", f);
			break;
		}
		put_digest(d, f);
		break;
	case EWX_CONDITION_PRODUCT:
	case EWX_CONDITION_MIN_SVN:
		fprintf(f, "%u", rng_below(d->rng, 4));
		break;
	case EWX_CONDITION_ATTRIBUTES:
		put_attributes(d, f);
		break;
	case EWX_CONDITION_XFRM:
		put_xfrm(d, f);
		break;
	default:
		put_digest(d, f);
	}
}

static bool has_no_value(struct draft *d, u32 kind)
{
	if (kind == EWX_CONDITION_READ_ONLY ||
	    kind == EWX_CONDITION_MAPPED_EXEC)
		return true;
	return (kind == EWX_CONDITION_FS_VERITY ||
		kind == EWX_CONDITION_DM_VERITY) &&
	       rng_percent(d->rng, 50);
}

/* Conditions of the kinds of @set, each with one value or some. */
void put_conditions(struct draft *d, FILE *f, u32 set)
{
	static const char *const words[] = {
#define WORD(NAME, word, owners) [EWX_CONDITION_##NAME] = #word,
		EWX_CONDITIONS(WORD)
#undef WORD
	};

	for (u32 kind = 1; kind < EWX_CONDITION_OVER; kind++) {
		u32 n = kind == EWX_CONDITION_MIN_SVN ?
				1 :
				1 + rng_below(d->rng, 3);

		if (!(set >> kind & 1))
			continue;
		fprintf(f, "\t%s", words[kind]);
		if (has_no_value(d, kind))
			n = 0;
		for (u32 i = 0; i < n; i++) {
			fputs(i ? ", " : " ", f);
			put_value(d, f, kind);
		}
		fputs(";\n", f);
	}
}

/* One to three of @kinds. */
u32 draw_kinds(struct draft *d, u32 kinds)
{
	u32 n = 1 + rng_below(d->rng, 3), set = 0;

	while (n--)
		set |= rng_bit(d->rng, kinds);
	return set;
}
