// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the KUnit tests share (test_util.h).
 *
 * Owns: the framework's part of a request, played by hand. Must not know what is
 * tested.
 */
#include <linux/bits.h>
#include <linux/kernel_read_file.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "cred.h"
#include "enclave.h"
#include "judge.h"
#include "seal.h"
#include "setup.h"
#include "test_policies.h"
#include "test_util.h"

#define PROVIDER_NAME	"kunit"

static const struct enclave_provider provider = { .name = PROVIDER_NAME };

void *ewx_test_blob(struct kunit *test, enum ewx_test_policy which,
		    size_t *size)
{
	static const struct {
		const u32 *runs;
		size_t count;
	} policies[] = {
		[EWX_TEST_BASE] = { ewx_test_base, ARRAY_SIZE(ewx_test_base) },
		[EWX_TEST_STRICT] = { ewx_test_strict,
				      ARRAY_SIZE(ewx_test_strict) },
		[EWX_TEST_GROUPS] = { ewx_test_groups,
				      ARRAY_SIZE(ewx_test_groups) },
		[EWX_TEST_MANY] = { ewx_test_many, ARRAY_SIZE(ewx_test_many) },
	};
	const u32 *runs = policies[which].runs;
	size_t count = policies[which].count;
	size_t words = 0, at = 0, i;
	__le32 *blob;
	u32 n;

	for (i = 0; i < count; i += 2)
		words += runs[i];
	blob = kvmalloc_array(words, sizeof(*blob), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, blob);
	for (i = 0; i < count; i += 2) {
		for (n = 0; n < runs[i]; n++)
			blob[at++] = cpu_to_le32(runs[i + 1]);
	}
	*size = words * sizeof(*blob);
	return blob;
}

int ewx_test_load(struct kunit *test, enum ewx_test_policy which, u64 version,
		  struct ewx_load_result *r)
{
	struct ewx_load_result result;
	size_t size;
	u8 *blob;

	blob = ewx_test_blob(test, which, &size);
	if (version)
		put_unaligned_le64(version, blob +
				   offsetof(struct ewx_header, version));
	return ewx_policy_load(blob, size, NULL, r ?: &result);
}

int ewx_test_load_signed(struct kunit *test, const void *sig, size_t len,
			 u64 version, struct ewx_load_result *r)
{
	size_t size;
	u8 *blob, *whole;

	blob = ewx_test_blob(test, EWX_TEST_BASE, &size);
	if (version)
		put_unaligned_le64(version, blob +
				   offsetof(struct ewx_header, version));
	whole = kvmalloc(size + len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, whole);
	memcpy(whole, blob, size);
	memcpy(whole + size, sig, len);
	kvfree(blob);
	return ewx_policy_load(whole, size + len, NULL, r);
}

struct cred *ewx_test_cred(struct kunit *test, const char *exe, bool trusted,
			   u32 euid)
{
	struct cred *cred = prepare_creds();
	struct ewx_cred *blob;

	KUNIT_ASSERT_NOT_NULL(test, cred);
	cred->euid = make_kuid(&init_user_ns, euid);
	blob = ewx_cred(cred);
	ewx_exe_put(blob->exe);
	blob->exe = exe ? ewx_exe_new(exe, strlen(exe), trusted) : NULL;
	return cred;
}

const struct cred *ewx_test_become(const struct cred *cred)
{
	const struct cred *before = current_real_cred();

	rcu_assign_pointer(current->real_cred, cred);
	return before;
}

struct enclave *ewx_test_enclave(struct kunit *test)
{
	struct enclave *e = kzalloc(sizeof(*e), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, e);
	e->security = kzalloc(ewx_blobs.lbs_enclave +
			      sizeof(struct ewx_enclave), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, e->security);
	e->provider = &provider;
	e->id = 1;
	e->pages = 1024;
	mutex_init(&e->lock);
	return e;
}

void ewx_test_enclave_free(struct enclave *e)
{
	ewx_enclave_free(e);
	kfree(e->security);
	kfree(e);
}

int ewx_test_ask(struct enclave *e, enum enclave_op op, u32 required, u64 first,
		 u64 pages)
{
	struct enclave_request req = {
		.op = op,
		.required = required,
		.range = { .first = first, .count = pages },
		.access = 5,
	};
	unsigned int bit;
	int err;

	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		req.tally[bit] = (struct enclave_tally){ first, pages, pages };
	err = ewx_judge(e, &req);
	if (err)
		return err;
	if (op == ENCLAVE_OP_CREATE)
		e->created = true;
	ewx_enclave_commit(e, &req);
	return 0;
}

static int init_with(struct enclave *e, const struct enclave_identity *id)
{
	struct enclave_request req = {
		.op = ENCLAVE_OP_INIT,
		.required = ENCLAVE_PERM_INIT,
		.range = { .first = 0, .count = e->pages },
		.identity = id,
	};
	int err;

	err = ewx_judge(e, &req);
	if (err)
		return err;
	e->identity = *id;
	e->initialized = true;
	ewx_enclave_commit(e, &req);
	return 0;
}

int ewx_test_init_as(struct enclave *e, u8 fill)
{
	struct enclave_identity id = { .tag = ENCLAVE_IDENTITY_TAG };

	memset(id.measurement, fill, sizeof(id.measurement));
	return init_with(e, &id);
}

int ewx_test_init_signed(struct enclave *e, u8 fill)
{
	struct enclave_identity id = {
		.tag = ENCLAVE_IDENTITY_TAG,
		.has_signer = true,
	};

	memset(id.signer, fill, sizeof(id.signer));
	return init_with(e, &id);
}

void *ewx_test_read(const char *name, size_t *size)
{
	void *bytes = NULL;
	ssize_t n = kernel_read_file_from_path(name, 0, &bytes, SZ_256M, NULL,
					       READING_POLICY);

	if (n < 0)
		return NULL;
	*size = n;
	return bytes;
}

static int compare_numbers(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

u64 ewx_test_median(u64 *numbers, size_t count)
{
	sort(numbers, count, sizeof(*numbers), compare_numbers, NULL);
	return numbers[count / 2];
}

int ewx_test_suite_init(struct kunit *test)
{
	if (!ewx_ready)
		kunit_skip(test, "ewx is not among the active modules");
	ewx_policy_reset();
	ewx_seal_reset();
	ewx_set_enforcing(true);
	return 0;
}

void ewx_test_suite_exit(struct kunit *test)
{
	ewx_policy_reset();
	ewx_seal_reset();
}
