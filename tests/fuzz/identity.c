// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: any bytes as an enclave's file. What is found in it is an identity,
 * and nothing is found without a reason.
 */
#include <string.h>

#include "fuzz.h"
#include "tools/ewx/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct findings f;
	const char *why;

	memset(&f, 0, sizeof(f));
	why = identity_find(data, size, &f);
	must(!why == (f.count > 0) || (why && !f.count),
	     "there is an identity, or a reason");
	must(f.count <= sizeof(f.found) / sizeof(f.found[0]),
	     "there is room for what is found");
	for (size_t i = 0; i < f.count; i++) {
		must(f.found[i].kind && f.found[i].kind[0],
		     "what is found has a kind");
		must(f.found[i].is_signed || !f.found[i].s.valid,
		     "only signatures are valid");
	}
	return 0;
}
