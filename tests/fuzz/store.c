// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: the facts store against a flat array.
 */
#include <stdint.h>
#include <stdlib.h>

#include "security/enclave/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PAGES 300000u

static enclave_facts flat[PAGES];

static enclave_facts change(enclave_facts old, void *arg)
{
	uint8_t how = *(uint8_t *)arg;

	if (how & 0x80)
		return old == (how & 3) ? (how >> 2 & 3) : (how & 3);
	return how & 0x40 ? old | (how & 3) : how & 3;
}

static void check(struct enclave_store *s, u64 pages)
{
	u64 page = 0;

	while (page < pages) {
		u64 end;
		enclave_facts f = enclave_store_run(s, page, pages, &end);

		if (end <= page || end > pages)
			abort();
		for (; page < end; page++) {
			if (flat[page] != f)
				abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct enclave_store *s;
	u64 pages, i;

	if (size < 3)
		return 0;
	pages = 1 + (data[0] | data[1] << 8 | (data[2] & 3) << 16) % PAGES;
	s = enclave_store_new(pages);
	if (!s)
		abort();
	for (i = 0; i < pages; i++)
		flat[i] = 0;
	for (data += 3, size -= 3; size >= 7; data += 7, size -= 7) {
		u64 first = (data[0] | data[1] << 8 | data[2] << 16) % pages;
		u64 count = (data[3] | data[4] << 8 | data[5] << 16) % pages + 1;
		uint8_t how = data[6];

		if (how & 0x20)
			count = 1;
		if (enclave_store_reserve(s, first, count))
			abort();
		enclave_store_update(s, first, count, change, &how);
		for (i = first; i < pages && i < first + count; i++)
			flat[i] = change(flat[i], &how);
	}
	check(s, pages);
	enclave_store_free(s);
	return 0;
}
