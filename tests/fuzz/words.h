/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands for a number of a binary policy when it is changed: a value near to it,
 * or one that means something there. Blind changes rarely get past the layout.
 */
#ifndef _TESTS_FUZZ_WORDS_H
#define _TESTS_FUZZ_WORDS_H

#include <stdint.h>

#include <uapi/linux/ewx_policy.h>

/** policy_word() - instead of @was; @seed: any number. */
static inline uint32_t policy_word(uint32_t was, uint32_t seed)
{
	static const uint32_t values[] = { 0,
					   1,
					   0x7f,
					   EWX_NONE,
					   EWX_DEFER,
					   EWX_LEAF,
					   EWX_LEAF | 1,
					   EWX_LEAF | 3,
					   0x7fffffff,
					   EWX_TAIL_STAR,
					   EWX_TAIL_STAR | 1,
					   EWX_TAIL_GLOB,
					   EWX_TAIL_GLOB | 1,
					   EWX_KEY_CLASS_ANY,
					   EWX_GRANT_CELL << EWX_KIND_SHIFT };

	switch (seed % 6) {
	case 0:
		return values[seed / 6 % (sizeof(values) / sizeof(values[0]))];
	case 1:
		return was + 1;
	case 2:
		return was - 1;
	case 3:
		return was ^ EWX_GRANT_LIMITED;
	case 4:
		return was ^ 1u << seed / 6 % 32;
	default:
		return seed / 6 % 64;
	}
}

#endif /* _TESTS_FUZZ_WORDS_H */
