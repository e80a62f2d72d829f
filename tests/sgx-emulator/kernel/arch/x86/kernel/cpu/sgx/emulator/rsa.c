// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software SGX: a SIGSTRUCT's signature, RSA with 3072 bits and exponent 3.
 *
 * Owns: the arithmetic, by multiplication and subtraction alone: SIGSTRUCT
 * brings the quotients Q1 and Q2 (SDM 38.13). Buffers are static and used
 * under the lock, because EINIT neither allocates nor sleeps.
 */
#include <linux/string.h>
#include <linux/unaligned.h>

#include "emulator.h"

#define LIMBS (SGX_MODULUS_SIZE / 8)

/* DigestInfo of SHA-256, RFC 8017 section 9.2. */
static const u8 digest_info[] = {
	0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
	0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
};

static struct {
	u64 n[LIMBS], s[LIMBS], q[LIMBS], r[LIMBS];
	u64 left[2 * LIMBS], right[2 * LIMBS];
	u8 message[SGX_MODULUS_SIZE];
} work;

static void load(u64 *to, const u8 *from)
{
	int i;

	for (i = 0; i < LIMBS; i++)
		to[i] = get_unaligned_le64(from + 8 * i);
}

static void multiply(u64 *to, const u64 *a, const u64 *b)
{
	int i, j;

	memset(to, 0, 2 * LIMBS * sizeof(*to));
	for (i = 0; i < LIMBS; i++) {
		u64 carry = 0;

		for (j = 0; j < LIMBS; j++) {
			unsigned __int128 t = (unsigned __int128)a[i] * b[j];

			t += to[i + j];
			t += carry;
			to[i + j] = t;
			carry = t >> 64;
		}
		to[i + LIMBS] = carry;
	}
}

/* Return: was @to at least @what? */
static bool subtract(u64 *to, const u64 *what)
{
	u64 borrow = 0;
	int i;

	for (i = 0; i < 2 * LIMBS; i++) {
		unsigned __int128 t = (unsigned __int128)to[i] - what[i];

		t -= borrow;
		to[i] = t;
		borrow = (t >> 64) & 1;
	}
	return !borrow;
}

static bool below(const u64 *a, const u64 *b)
{
	int i;

	for (i = LIMBS - 1; i >= 0; i--)
		if (a[i] != b[i])
			return a[i] < b[i];
	return false;
}

/* @to = @a * @b - @q * n, if that is the remainder. */
static bool reduce(u64 *to, const u64 *a, const u64 *b, const u8 *q)
{
	load(work.q, q);
	multiply(work.left, a, b);
	multiply(work.right, work.q, work.n);
	if (!subtract(work.left, work.right) ||
	    memchr_inv(work.left + LIMBS, 0, LIMBS * sizeof(u64)) ||
	    !below(work.left, work.n))
		return false;
	memcpy(to, work.left, LIMBS * sizeof(u64));
	return true;
}

/* Is the number, most significant byte first, the padded digest? */
static bool padded(const u64 *number, const u8 *digest)
{
	const u32 info = SGX_MODULUS_SIZE - SHA256_DIGEST_SIZE -
			 sizeof(digest_info);
	int i;

	for (i = 0; i < LIMBS; i++)
		put_unaligned_be64(number[LIMBS - 1 - i], work.message + 8 * i);
	return work.message[0] == 0 && work.message[1] == 1 &&
	       !memchr_inv(work.message + 2, 0xff, info - 3) &&
	       work.message[info - 1] == 0 &&
	       !memcmp(work.message + info, digest_info, sizeof(digest_info)) &&
	       !memcmp(work.message + info + sizeof(digest_info), digest,
		       SHA256_DIGEST_SIZE);
}

/**
 * sgxe_rsa_verify() - is the signature of a SIGSTRUCT good?
 * @sig: modulus, signature, Q1, Q2
 * @digest: SHA-256 of what is signed
 */
bool sgxe_rsa_verify(const struct sgx_sigstruct *sig, const u8 *digest)
{
	load(work.n, sig->modulus);
	load(work.s, sig->signature);
	return below(work.s, work.n) &&
	       reduce(work.r, work.s, work.s, sig->q1) &&
	       reduce(work.r, work.r, work.s, sig->q2) &&
	       padded(work.r, digest);
}
