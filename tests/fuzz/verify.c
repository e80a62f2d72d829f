// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: a blob that verification accepts can be used for everything,
 * without reading outside it and with results in range.
 *
 * Blind changes rarely get past the layout; half of the mutations therefore
 * set one word of some section to a value near to what stands there.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ewx_fault fault;
	struct ewx_policy p;
	u64 *candidates;
	u32 unsigned_size;

	if (size > 1 << 20)
		return 0;
	unsigned_size = ewx_policy_signed_size(data, size);
	if (unsigned_size && unsigned_size >= size)
		abort();
	if (!ewx_policy_verify(data, (u32)size, &p, &fault)) {
		if (!fault.code || fault.offset > size)
			abort();
		return 0;
	}
	candidates = calloc(p.set_words, sizeof(*candidates));
	if (!candidates)
		abort();
	sample_exercise(&p, candidates);
	free(candidates);
	return 0;
}

static u32 interesting(u32 was, unsigned int seed)
{
	static const u32 values[] = { 0, 1, 0x7f, EWX_NONE, EWX_DEFER, EWX_LEAF,
				      EWX_LEAF | 1, EWX_LEAF | 3, 0x7fffffff };

	switch (seed % 4) {
	case 0:
		return values[seed / 4 % (sizeof(values) / sizeof(values[0]))];
	case 1:
		return was + 1;
	case 2:
		return was - 1;
	default:
		return seed / 4 % 64;
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed)
{
	static struct sample sample;
	const u32 table = sizeof(struct ewx_header);
	u32 section, at, bytes;

	if (!sample.b.bytes)
		sample_init(&sample);
	if (size < sample.b.size && max_size >= sample.b.size) {
		memcpy(data, sample.b.bytes, sample.b.size);
		return sample.b.size;
	}
	if (seed % 8 == 0 || size < 256)
		return LLVMFuzzerMutate(data, size, max_size);
	srand(seed);
	section = (u32)rand() % EWX_SECTION_COUNT;
	at = ewx_read32(data + table + 8 * section);
	bytes = section + 1 < EWX_SECTION_COUNT ?
			ewx_read32(data + table + 8 * section + 8) - at :
			(u32)size - at;
	if (at >= size || bytes < 4 || bytes > size - at)
		return LLVMFuzzerMutate(data, size, max_size);
	at += (u32)rand() % (bytes / 4) * 4;
	blob_set32(data + at, interesting(ewx_read32(data + at), (u32)rand()));
	return size;
}
