// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx sign: a policy and its signature in one file, as the kernel takes it.
 *
 * Owns: making the message. `openssl cms -sign -binary -noattr -outform DER` makes
 * the same one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "tool.h"

/* What OpenSSL says, in one line. */
static int openssl_error(const struct tool *t, const char *what)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	return tool_error(t, "%s: %s", what,
			  reason ? reason : "OpenSSL failed");
}

static EVP_PKEY *read_key(const struct tool *t)
{
	BIO *in = BIO_new_file(t->key, "r");
	EVP_PKEY *key = in ? PEM_read_bio_PrivateKey(in, NULL, NULL, NULL) :
			     NULL;

	if (!in)
		tool_error(t, "%s: %s", t->key, strerror(errno));
	else if (!key)
		openssl_error(t, t->key);
	BIO_free(in);
	return key;
}

static X509 *read_cert(const struct tool *t)
{
	BIO *in = BIO_new_file(t->cert, "r");
	X509 *cert = in ? PEM_read_bio_X509(in, NULL, NULL, NULL) : NULL;

	if (!in) {
		tool_error(t, "%s: %s", t->cert, strerror(errno));
		return NULL;
	}
	if (!cert && !BIO_reset(in))
		cert = d2i_X509_bio(in, NULL);
	if (!cert)
		openssl_error(t, t->cert);
	BIO_free(in);
	return cert;
}

/* DER of a detached message that signs @policy; its length is checked. */
static int make_signature(const struct tool *t, const struct policy *policy,
			  struct bytes *sig)
{
	const unsigned int how = CMS_DETACHED | CMS_BINARY | CMS_NOATTR |
				 CMS_NOSMIMECAP;
	EVP_PKEY *key = read_key(t);
	X509 *cert = key ? read_cert(t) : NULL;
	CMS_ContentInfo *cms = NULL;
	unsigned char *der = NULL;
	int len, ret = EXIT_FAIL;
	BIO *in = NULL;

	if (!cert)
		goto out;
	in = BIO_new_mem_buf(policy->blob, (int)policy->size);
	cms = CMS_sign(NULL, NULL, NULL, in, how | CMS_PARTIAL);
	if (!cms || !CMS_add1_signer(cms, cert, key, EVP_sha256(), how) ||
	    !CMS_final(cms, in, NULL, how)) {
		openssl_error(t, "cannot sign");
		goto out;
	}
	len = i2d_CMS_ContentInfo(cms, &der);
	if (len <= 0 || len > (int)EWX_SIGNATURE_MAX_SIZE) {
		tool_error(t, "the signature is larger than the kernel takes");
		goto out;
	}
	sig->data = (char *)der;
	sig->size = (size_t)len;
	ret = EXIT_OK;
out:
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	X509_free(cert);
	EVP_PKEY_free(key);
	return ret;
}

static int write_signed(const struct tool *t, const struct policy *policy,
			const struct bytes *sig)
{
	size_t size = policy->size + sig->size;
	char *all = malloc(size);
	int ret = EXIT_OK;

	if (!all)
		return tool_error(t, "out of memory");
	memcpy(all, policy->blob, policy->size);
	memcpy(all + policy->size, sig->data, sig->size);
	if (file_replace(t->out, all, size))
		ret = tool_error(t, "%s: %s", t->out, strerror(errno));
	free(all);
	return ret;
}

int cmd_sign(struct tool *t, int argc, char **argv)
{
	struct policy policy;
	struct bytes b, sig = { 0 };
	int ret = EXIT_FAIL;

	if (argc != 1 || !t->key || !t->cert || !t->out)
		return tool_usage(t,
				  "sign needs a policy, --key, --cert and -o");
	if (file_read(argv[0], POLICY_FILE_MAX, &b))
		return tool_error(t, "%s: %s", argv[0], strerror(errno));
	policy_take(&policy, &b);
	if (!policy_is_binary(&b))
		tool_error(t, "%s: not a binary policy: ewx compile makes one",
			   argv[0]);
	else if (!policy_verify(t, argv[0], &policy))
		ret = make_signature(t, &policy, &sig);
	if (!ret)
		ret = write_signed(t, &policy, &sig);
	OPENSSL_free(sig.data);
	policy_close(&policy);
	return ret;
}
