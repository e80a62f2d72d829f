// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Signing keys whose private half is published; see public_keys.h.
 *
 * A signer is the SHA-256 of the modulus of the RSA key, little-endian (Intel
 * SDM volume 3D, MRSIGNER). The kernel's key was computed from
 * tools/testing/selftests/sgx/sign_key.pem of Linux 6.12; the others are the
 * signers that enclaves of these projects report. EWX's own demonstration key
 * is a signer of /dev/enclave: the SHA-256 of the public key's DER
 * (tests/vm/demo/keys/payroll.pem).
 */
#include <stddef.h>
#include <string.h>
#include "public_keys.h"

static const struct {
	const char *digest;
	const char *whose;
} keys[] = {
	{ "2f9f8fd4fe12d77232f1d87571ca8252ca27714efe7705e46222cffd5a22e8c4",
	  "Linux kernel selftests" },
	{ "83d719e77deaca1470f6baf62a4d774303c899db69020f9c70ee1dfc08c7ce9e",
	  "Intel SGX SDK samples and Occlum template" },
	{ "9affcfae47b848ec2caf1c49b4b283531e1cc425f93582b36806e52a43d78d1a",
	  "Fortanix EDP dummy key" },
	{ "ca9ad7331448980aa28890ce73e433638377f179ab4456b2fe237193193a8d0a",
	  "Open Enclave SDK debug key" },
	{ "9664d90755bd901069d4725cdd428038473d726f1cec0edf0d78e18a596b1d4e",
	  "Intel test key" },
	{ "fbbf17d6b0700e63ad55520f17ed6d2e06c2832217cd992bad243b5022ee83bc",
	  "Intel test key" },
	{ "c30446b4be9baf0f69728423ea613ef81a63e72acf7439fa0549001fd5482835",
	  "Occlum demos" },
	{ "3619f4af0ee2debf83fd8d3fd0cb09f168c0c89ae6ae3ac9986bd340248879ad",
	  "EWX demonstration key" },
	{ "5e70caf3b3bb3b5dfaacfeaea8c2170d94e2f8c347b896f38640692b770e223f",
	  "Intel SGX SDK Eclipse template" },
};

const char *ewx_public_key(const __u8 digest[32])
{
	static const char digits[] = "0123456789abcdef";
	char text[65] = "";
	size_t i;

	for (i = 0; i < 32; i++) {
		text[2 * i] = digits[digest[i] >> 4];
		text[2 * i + 1] = digits[digest[i] & 15];
	}
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(keys[i].digest, text))
			return keys[i].whose;
	return NULL;
}
