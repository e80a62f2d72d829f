// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Signing keys whose private half is published; ewx_public_key() of ewx.h.
 *
 * A signer is the SHA-256 of the modulus of the RSA key, little-endian (Intel
 * SDM volume 3D, MRSIGNER). Each was computed from the key where it is published;
 * tests/policy/check-keys does so again for those that are at hand (the kernel's
 * and EWX's own). A signer of /dev/enclave is the SHA-256 of the public key's DER.
 */
#include <stddef.h>
#include <string.h>
#include <ewx/ewx.h>

static const struct {
	const char *digest;
	const char *whose;
} keys[] = {
	/* linux 6.12: tools/testing/selftests/sgx/sign_key.pem */
	{ "2f9f8fd4fe12d77232f1d87571ca8252ca27714efe7705e46222cffd5a22e8c4",
	  "Linux kernel selftests" },
	/* occlum: etc/template/Enclave.pem */
	{ "83d719e77deaca1470f6baf62a4d774303c899db69020f9c70ee1dfc08c7ce9e",
	  "Intel SGX SDK samples and Occlum template" },
	/* linux-sgx: .../templates/resources/Basename_private.pem */
	{ "5e70caf3b3bb3b5dfaacfeaea8c2170d94e2f8c347b896f38640692b770e223f",
	  "Intel SGX SDK Eclipse template" },
	/* linux-sgx: psw/ae/ref_le/ref_keys/enclave_private_test_key.pem */
	{ "9664d90755bd901069d4725cdd428038473d726f1cec0edf0d78e18a596b1d4e",
	  "Intel test key" },
	/* linux-sgx: psw/ae/ref_le/ref_keys/le_private_test_key.pem */
	{ "fbbf17d6b0700e63ad55520f17ed6d2e06c2832217cd992bad243b5022ee83bc",
	  "Intel test key" },
	/* rust-sgx: intel-sgx/enclave-runner-sgx/src/dummy.key */
	{ "9affcfae47b848ec2caf1c49b4b283531e1cc425f93582b36806e52a43d78d1a",
	  "Fortanix EDP dummy key" },
	/* openenclave: host/signkey.c */
	{ "ca9ad7331448980aa28890ce73e433638377f179ab4456b2fe237193193a8d0a",
	  "Open Enclave SDK debug key" },
	/* openenclave: samples/attested_tls/client/enc/private.pem */
	{ "6c1c59c89ed4dd9825649494fcb2ebf96a8a617a1d0589fe0147f0ef1b3f784d",
	  "Open Enclave SDK sample" },
	/* openenclave: samples/attested_tls/server/enc/private.pem */
	{ "9fa48b1629bd246a1de3d38fb7df97f6554cd65d6b3b72e85b86848ae6b578ba",
	  "Open Enclave SDK sample" },
	/* openenclave: devex/vsextension/.../MyEnclave_private.pem */
	{ "3b0afc0422ae85733e021ad4df327acecb8a5b6d390c97187dde080153e0fb70",
	  "Open Enclave SDK project template" },
	/* occlum: demos/local_attestation/EnclaveInitiator */
	{ "c30446b4be9baf0f69728423ea613ef81a63e72acf7439fa0549001fd5482835",
	  "Occlum demos" },
	/* enarx: tests/data/sgx-test.key */
	{ "298037d88782e022e019b3020745b78aa40ed95c77da4bf7f3253d3a44c4fd7e",
	  "Enarx test key" },
	/* tests/vm/demo/keys/payroll.pem, on /dev/enclave */
	{ "3619f4af0ee2debf83fd8d3fd0cb09f168c0c89ae6ae3ac9986bd340248879ad",
	  "EWX demonstration key" },
	/* tests/vm/demo/keys/payroll-sgx.pem, on SGX */
	{ "e617a1d2418243b5d9b45e8e9757c8edb06ec195b09027a03525846fb8ce5cf4",
	  "EWX demonstration key" },
};

const char *ewx_public_key(const uint8_t digest[32])
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
