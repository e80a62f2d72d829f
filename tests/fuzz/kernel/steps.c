// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changing inputs that are records of one size.
 *
 * Owns: how. Must not know what a record means.
 */
#include "fuzzer.h"

#define RECORD_MAX 64

unsigned int below(uint64_t *state, unsigned int n)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (unsigned int)((*state >> 16) % n);
}

/* Make room at record @i. Return: false: there is none. */
static bool insert(uint8_t *data, size_t *count, size_t record, size_t most,
		   size_t i)
{
	if (*count >= most)
		return false;
	memmove(data + (i + 1) * record, data + i * record,
		(*count - i) * record);
	++*count;
	return true;
}

static void swap(uint8_t *a, uint8_t *b, size_t record)
{
	uint8_t held[RECORD_MAX];

	memcpy(held, a, record);
	memcpy(a, b, record);
	memcpy(b, held, record);
}

/* A record of another input, or one that is here already. */
static void borrow(uint8_t *at, const uint8_t *data, size_t count,
		   uint64_t *random, size_t record)
{
	size_t size = 0;
	const uint8_t *from = corpus_pick(random, &size);

	if (below(random, 2) && size >= record)
		memmove(at,
			from + below(random, (unsigned int)(size / record)) *
					record,
			record);
	else
		memmove(at, data + below(random, (unsigned int)count) * record,
			record);
}

static void change_byte(uint8_t *at, uint64_t *random)
{
	switch (below(random, 3)) {
	case 0:
		*at = (uint8_t)below(random, 256);
		break;
	case 1:
		*at ^= (uint8_t)(1u << below(random, 8));
		break;
	default:
		*at = (uint8_t)below(random, 8);
	}
}

size_t steps_mutate(uint8_t *data, size_t size, uint64_t *random, size_t record,
		    size_t most, void (*fresh)(uint8_t *at, uint64_t *random))
{
	size_t count = size / record, i;

	if (!count) {
		fresh(data, random);
		return record;
	}
	i = below(random, (unsigned int)count);
	switch (below(random, 8)) {
	case 0:
		if (insert(data, &count, record, most, i))
			fresh(data + i * record, random);
		break;
	case 1:
		if (insert(data, &count, record, most, i))
			borrow(data + i * record, data, count, random, record);
		break;
	case 2:
		if (count > 1) {
			memmove(data + i * record, data + (i + 1) * record,
				(count - i - 1) * record);
			count--;
		}
		break;
	case 3:
		swap(data + i * record,
		     data + below(random, (unsigned int)count) * record,
		     record);
		break;
	case 4:
		fresh(data + i * record, random);
		break;
	default:
		change_byte(data + i * record +
				    below(random, (unsigned int)record),
			    random);
	}
	return count * record;
}
