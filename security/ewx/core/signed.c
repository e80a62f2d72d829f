// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Where a policy ends and its signature begins.
 *
 * Owns: the layout of a signed policy. Must not know what a signature says, nor what
 * is in a policy.
 */
#include "engine.h"
#include "read.h"

#define DER_SEQUENCE 0x30

/*
 * Whether @der is one element of DER, a sequence, from its first byte to its
 * last; of a length that is written in the shortest form (X.690, 10.1).
 */
static bool one_sequence(const u8 *der, u32 size)
{
	u32 bytes, length = 0, i;

	if (size < 2 || der[0] != DER_SEQUENCE)
		return false;
	if (der[1] < 0x80)
		return der[1] == size - 2;
	bytes = der[1] & 0x7fu;
	/* A length of three bytes is that of no signature. */
	if (bytes > 2 || size < 2 + bytes)
		return false;
	for (i = 0; i < bytes; i++)
		length = length << 8 | der[2 + i];
	if (length < 0x80 || !der[2])
		return false;
	return length == size - 2 - bytes;
}

u32 ewx_policy_signed_size(const void *data, u64 size)
{
	const u8 *bytes = data;
	u32 policy;

	if (size < sizeof(struct ewx_header) ||
	    ewx_read32(bytes + offsetof(struct ewx_header, magic)) !=
		    EWX_POLICY_MAGIC)
		return 0;
	policy = ewx_read32(bytes + offsetof(struct ewx_header, size));
	/* Also if the policy is said to be longer than all there is. */
	if (policy < sizeof(struct ewx_header) ||
	    size - policy > EWX_SIGNATURE_MAX_SIZE)
		return 0;
	return one_sequence(bytes + policy, (u32)(size - policy)) ? policy : 0;
}
