// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of what EWX shows: a line for each enclave, the status, the active
 * policy, and what a reader of these nodes gets who reads them piece by piece.
 *
 * Owns: enclaves in every state, of a provider that no process has. How a request is
 * judged is tested elsewhere.
 */
#include <kunit/static_stub.h>
#include <kunit/test-bug.h>
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uio.h>

#include "../enclave/facts.h"
#include "audit.h"
#include "enclave.h"
#include "fs.h"
#include "layout.h"
#include "seal.h"
#include "setup.h"
#include "test_util.h"

#define MANY 100
#define PAGES 16
#define TEXT_SIZE SZ_64K
#define RX (ENCLAVE_R | ENCLAVE_X)
#define RW (ENCLAVE_R | ENCLAVE_W)

static const struct vm_operations_struct show_vm_ops = {};

static const struct enclave_provider show_provider = {
	.name = "kunit",
	.vm_ops = &show_vm_ops,
};

/**
 * struct scene - a worker under the base policy, who has enclaves.
 * @worker: its credentials, in effect during the test
 * @before: those of the test's own thread
 * @count: of @e
 * @e: its enclaves
 * @text: what was read last
 */
struct scene {
	struct cred *worker;
	const struct cred *before;
	u32 count;
	struct enclave *e[MANY];
	char text[TEXT_SIZE];
};

static int scene_init(struct kunit *test)
{
	struct scene *s;
	int err = ewx_test_suite_init(test);

	if (err)
		return err;
	s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	test->priv = s;
	err = ewx_test_load(test, EWX_TEST_BASE, 0, NULL);
	s->worker = ewx_test_cred(test, "/opt/worker", true, 1000);
	s->before = override_creds(s->worker);
	return err;
}

static void scene_exit(struct kunit *test)
{
	struct scene *s = test->priv;

	if (s && s->before) {
		while (s->count)
			enclave_free(s->e[--s->count]);
		revert_creds(s->before);
		abort_creds(s->worker);
	}
	ewx_test_suite_exit(test);
}

static struct enclave *add_enclave(struct kunit *test)
{
	struct scene *s = test->priv;
	struct enclave *e = enclave_alloc(&show_provider);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, e);
	KUNIT_ASSERT_LT(test, s->count, MANY);
	s->e[s->count++] = e;
	return e;
}

static struct enclave *create(struct kunit *test, u64 pages)
{
	const struct enclave_identity id = { .tag = ENCLAVE_IDENTITY_TAG };
	struct enclave *e = add_enclave(test);

	enclave_lock(e);
	KUNIT_ASSERT_EQ(test, security_enclave_create(e, pages, &id), 0);
	security_enclave_commit(e);
	enclave_unlock(e);
	return e;
}

/* Bytes of unknown origin. */
static void load(struct kunit *test, struct enclave *e, u64 first, u64 count,
		 u32 intent)
{
	const struct enclave_range range = { .first = first, .count = count };

	enclave_lock(e);
	KUNIT_ASSERT_EQ(test,
			security_enclave_load(e, range, NULL, NULL, intent,
					      ENCLAVE_LOAD_MEASURED),
			0);
	security_enclave_commit(e);
	enclave_unlock(e);
}

/* Its measurement is all @fill; so is its signer with @is_signed. */
static void init(struct kunit *test, struct enclave *e, u8 fill, bool is_signed)
{
	struct enclave_identity id = {
		.tag = ENCLAVE_IDENTITY_TAG,
		.has_signer = is_signed,
	};

	memset(id.measurement, fill, sizeof(id.measurement));
	memset(id.signer, fill, sizeof(id.signer));
	enclave_lock(e);
	KUNIT_ASSERT_EQ(test, security_enclave_init(e, &id), 0);
	security_enclave_commit(e);
	enclave_unlock(e);
}

static void augment(struct kunit *test, struct enclave *e, u64 first, u64 count)
{
	const struct enclave_range range = { .first = first, .count = count };

	enclave_lock(e);
	KUNIT_ASSERT_EQ(
		test, security_enclave_change(e, range, RW, ENCLAVE_OP_ADD), 0);
	security_enclave_commit(e);
	enclave_unlock(e);
}

/* One mapping of @page, writable and executable, that is gone afterwards. */
static void map_wx(struct kunit *test, struct enclave *e, u64 page)
{
	const struct enclave_range range = { .first = page, .count = 1 };
	struct mm_struct *mm = mm_alloc();
	struct vm_area_struct *vma;

	KUNIT_ASSERT_NOT_NULL(test, mm);
	vma = vm_area_alloc(mm);
	KUNIT_ASSERT_NOT_NULL(test, vma);
	vma->vm_start = page << PAGE_SHIFT;
	vma->vm_end = vma->vm_start + PAGE_SIZE;
	vma->vm_pgoff = page;
	vma->vm_ops = &show_vm_ops;
	vm_flags_init(vma, VM_SHARED | VM_READ | VM_WRITE | VM_EXEC);
	mmap_write_lock(mm);
	enclave_lock(e);
	KUNIT_ASSERT_EQ(test,
			security_enclave_map(e, range, vma->vm_flags, vma,
					     ENCLAVE_OP_MMAP),
			0);
	security_enclave_commit(e);
	enclave_vma_open(e, vma);
	enclave_vma_close(e, vma);
	enclave_unlock(e);
	mmap_write_unlock(mm);
	vm_area_free(vma);
	mmput(mm);
}

/* An open node, as open(2) makes it. */
static struct file *open_node(struct kunit *test,
			      const struct file_operations *fops)
{
	struct file *file = anon_inode_getfile("node", fops, NULL, O_RDONLY);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	KUNIT_ASSERT_EQ(test, fops->open(file_inode(file), file), 0);
	return file;
}

/* One read of at most @most bytes at @pos, as seq_read() does it. */
static ssize_t read_some(struct file *file, char *to, size_t most, loff_t pos)
{
	struct kvec vec = { .iov_base = to, .iov_len = most };
	struct iov_iter iter;
	struct kiocb kiocb;

	init_sync_kiocb(&kiocb, file);
	kiocb.ki_pos = pos;
	iov_iter_kvec(&iter, ITER_DEST, &vec, 1, most);
	return seq_read_iter(&kiocb, &iter);
}

/* All that there is from @pos on, @most bytes at a time. */
static const char *read_rest(struct kunit *test, struct file *file, size_t most,
			     loff_t pos)
{
	struct scene *s = test->priv;
	size_t len = 0;
	ssize_t n;

	do {
		n = read_some(file, s->text + len,
			      min(most, sizeof(s->text) - 1 - len), pos + len);
		KUNIT_ASSERT_GE(test, n, 0);
		KUNIT_ASSERT_LE(test, n, most);
		len += n;
	} while (n > 0);
	s->text[len] = '\0';
	return s->text;
}

static const char *text_of(struct kunit *test,
			   const struct file_operations *fops)
{
	struct file *file = open_node(test, fops);
	const char *text = read_rest(test, file, TEXT_SIZE, 0);

	__fput_sync(file);
	return text;
}

static const char *enclaves_text(struct kunit *test)
{
	return text_of(test, &ewx_enclaves_fops);
}

/* The line of @e among all lines; ends that line. */
static const char *line_of(struct kunit *test, const struct enclave *e)
{
	char begin[32];
	char *line;

	enclaves_text(test);
	snprintf(begin, sizeof(begin), "enclave=%llu ", e->id);
	line = strstr(((struct scene *)test->priv)->text, begin);
	KUNIT_ASSERT_NOT_NULL(test, line);
	*strchrnul(line, '\n') = '\0';
	return line;
}

#define EXPECT_WORD(test, e, word)                                        \
	KUNIT_EXPECT_NOT_NULL_MSG(test,                                   \
				  strstr(line_of(test, e), " " word " "), \
				  "%s", line_of(test, e))

static void line_of_a_new_one(struct kunit *test)
{
	struct enclave *e = add_enclave(test);
	char *want = kunit_kmalloc(test, SZ_4K, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, want);
	snprintf(
		want, SZ_4K,
		"enclave=%llu provider=kunit pages=0 created=0 inited=0 owner=1000 domain=? identity=? measurement=? signer=? debts=0 unjudged=0 flagged=0 mms=0 dynamic=0 wx=0 used=- ranges=-",
		e->id);
	KUNIT_EXPECT_STREQ(test, line_of(test, e), want);
}

static void line_before_init(struct kunit *test)
{
	struct enclave *e = create(test, PAGES);
	char *want = kunit_kmalloc(test, SZ_4K, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, want);
	load(test, e, 0, 1, RX);
	load(test, e, 2, 3, RW);
	load(test, e, 15, 1, 0);
	snprintf(
		want, SZ_4K,
		"enclave=%llu provider=kunit pages=16 created=1 inited=0 owner=1000 domain=worker identity=? measurement=? signer=? debts=1 unjudged=0 flagged=0 mms=0 dynamic=0 wx=0 used=exec_anon:1,create ranges=0-0:rx:anon,2-4:rw:anon,15-15:none:anon",
		e->id);
	KUNIT_EXPECT_STREQ(test, line_of(test, e), want);
}

#define HEX8 "aaaaaaaaaaaaaaaa"
#define HEX32 HEX8 HEX8 HEX8 HEX8

static void line_after_init(struct kunit *test)
{
	struct enclave *e = create(test, PAGES);
	char *want = kunit_kmalloc(test, SZ_4K, GFP_KERNEL);
	size_t at;

	KUNIT_ASSERT_NOT_NULL(test, want);
	load(test, e, 0, 1, RX);
	init(test, e, 0xaa, true);
	augment(test, e, 8, 2);
	at = scnprintf(want, SZ_4K, "enclave=%llu provider=kunit pages=16 created=1 inited=1 ",
		       e->id);
	at += scnprintf(want + at, SZ_4K - at, "owner=1000 domain=worker identity=a ");
	at += scnprintf(want + at, SZ_4K - at, "measurement=" HEX32 " signer=" HEX32);
	at += scnprintf(want + at, SZ_4K - at, " debts=0 unjudged=0 flagged=0 mms=0 dynamic=2 ");
	at += scnprintf(want + at, SZ_4K - at, "wx=0 used=exec_anon:1,augment:2,create,init ");
	scnprintf(want + at, SZ_4K - at, "ranges=0-0:rx:anon,8-9:rw:dynamic");
	KUNIT_EXPECT_STREQ(test, line_of(test, e), want);
}

/* What it is called, and whether it would be granted, is the present policy's to say. */
static void line_under_other_policies(struct kunit *test)
{
	struct enclave *e = create(test, PAGES), *odd, *two;

	init(test, e, 0xaa, false);
	EXPECT_WORD(test, e, "identity=a");
	EXPECT_WORD(test, e, "signer=?");
	EXPECT_WORD(test, e, "flagged=0");

	/* In no identity; let pass, and no longer. */
	ewx_set_enforcing(false);
	odd = create(test, PAGES);
	init(test, odd, 0xcc, false);
	EXPECT_WORD(test, odd, "identity=-");
	EXPECT_WORD(test, odd, "flagged=0");
	ewx_set_enforcing(true);
	EXPECT_WORD(test, odd, "flagged=1");
	EXPECT_WORD(test, e, "flagged=0");

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_MANY, 0, NULL), 0);
	two = create(test, PAGES);
	init(test, two, 0xaa, true);
	EXPECT_WORD(test, two, "identity=a,signed_a");
	EXPECT_WORD(test, e, "identity=a");

	ewx_policy_reset();
	EXPECT_WORD(test, e, "identity=?");
	EXPECT_WORD(test, odd, "flagged=0");
}

/* Pages that came in without a policy are never judged. */
static void line_of_unjudged_pages(struct kunit *test)
{
	struct enclave *e;

	ewx_policy_reset();
	e = create(test, PAGES);
	load(test, e, 0, 1, RX);
	EXPECT_WORD(test, e, "unjudged=1");
	EXPECT_WORD(test, e, "domain=?");
	EXPECT_WORD(test, e, "debts=0");
}

/* However an enclave is cut up: no page of it that was both is left out. */
static void no_page_is_lost(struct kunit *test)
{
	const u64 pages = 10000;
	struct enclave *e;
	u64 page;

	ewx_set_enforcing(false);
	e = create(test, pages);
	for (page = 0; page < pages - 2; page += 2)
		load(test, e, page, 1, ENCLAVE_R);
	load(test, e, pages - 1, 1, ENCLAVE_RWX);
	init(test, e, 0xaa, false);
	EXPECT_WORD(test, e, "wx=0");
	map_wx(test, e, pages - 1);
	EXPECT_WORD(test, e, "wx=1");
}

/* A reader gets the same text however little he asks for at once. */
static void read_in_pieces(struct kunit *test)
{
	static const size_t pieces[] = { 1, 7, 100, PAGE_SIZE, PAGE_SIZE + 1 };
	struct file *file;
	char *whole;
	size_t i;

	for (i = 0; i < MANY; i++)
		add_enclave(test);
	whole = kunit_kstrdup(test, enclaves_text(test), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, whole);
	KUNIT_EXPECT_GT(test, strlen(whole), 4 * PAGE_SIZE);
	for (i = 0; i < ARRAY_SIZE(pieces); i++) {
		file = open_node(test, &ewx_enclaves_fops);
		KUNIT_EXPECT_STREQ(test, read_rest(test, file, pieces[i], 0),
				   whole);
		__fput_sync(file);
	}

	/* From somewhere in between; past the end there is nothing. */
	file = open_node(test, &ewx_enclaves_fops);
	KUNIT_EXPECT_STREQ(test, read_rest(test, file, 100, 5000),
			   whole + 5000);
	KUNIT_EXPECT_EQ(test, strlen(read_rest(test, file, 100, strlen(whole))),
			0);
	__fput_sync(file);
}

static u32 lines(const char *text)
{
	u32 n = 0;

	for (; (text = strchr(text, '\n')); text++)
		n++;
	return n;
}

/* What is being read is of one moment; whoever reads anew has the next. */
static void read_is_of_one_moment(struct kunit *test)
{
	struct scene *s = test->priv;
	struct file *file;
	char *whole;
	u32 before;
	int i;

	for (i = 0; i < 10; i++)
		add_enclave(test);
	whole = kunit_kstrdup(test, enclaves_text(test), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, whole);
	before = lines(whole);
	file = open_node(test, &ewx_enclaves_fops);
	KUNIT_ASSERT_EQ(test, read_some(file, s->text, 10, 0), 10);
	enclave_free(s->e[--s->count]);
	add_enclave(test);
	add_enclave(test);
	KUNIT_EXPECT_STREQ(test, read_rest(test, file, 100, 10), whole + 10);
	KUNIT_EXPECT_EQ(test, lines(read_rest(test, file, 100, 0)), before + 1);
	__fput_sync(file);
}

#define EXPECT_LINE(test, line)                                                \
	KUNIT_EXPECT_NOT_NULL_MSG(                                             \
		test, strstr(text_of(test, &ewx_status_fops), "\n" line "\n"), \
		line)
#define EXPECT_NO_LINE(test, begin)                                        \
	KUNIT_EXPECT_NULL_MSG(                                             \
		test, strstr(text_of(test, &ewx_status_fops), "\n" begin), \
		begin)

/* The number behind "@name: ". */
static long number_of(struct kunit *test, const char *name)
{
	const char *at = strstr(text_of(test, &ewx_status_fops), name);
	long number = -1;

	KUNIT_ASSERT_NOT_NULL(test, at);
	KUNIT_ASSERT_EQ(test, sscanf(at + strlen(name), ": %ld", &number), 1);
	return number;
}

static void status_of_a_policy(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, strstarts(text_of(test, &ewx_status_fops),
					  "state: active\n"));
	EXPECT_LINE(test, "enforcing: 1");
	EXPECT_LINE(test, "before_policy: allow");
	EXPECT_LINE(test, "seal: none");
	EXPECT_LINE(test, "policy: kunit");
	EXPECT_LINE(test, "version: 5");
	EXPECT_LINE(test, "permissive_domains: 1");
	EXPECT_LINE(test, "clock_trusted: 1");
	ewx_set_enforcing(false);
	EXPECT_LINE(test, "enforcing: 0");
	ewx_set_enforcing(true);
}

static void status_counts_enclaves(struct kunit *test)
{
	const long enclaves = number_of(test, "\nenclaves");
	const long initialized = number_of(test, "\ninitialized");
	const long flagged = number_of(test, "\nflagged");

	add_enclave(test);
	init(test, create(test, PAGES), 0xaa, false);
	KUNIT_EXPECT_EQ(test, number_of(test, "\nenclaves"), enclaves + 2);
	KUNIT_EXPECT_EQ(test, number_of(test, "\ninitialized"),
			initialized + 1);
	KUNIT_EXPECT_EQ(test, number_of(test, "\nflagged"), flagged);

	/* In no identity: let pass, and then no longer. */
	ewx_set_enforcing(false);
	init(test, create(test, PAGES), 0xcc, false);
	KUNIT_EXPECT_EQ(test, number_of(test, "\nflagged"), flagged);
	ewx_set_enforcing(true);
	KUNIT_EXPECT_EQ(test, number_of(test, "\ninitialized"),
			initialized + 2);
	KUNIT_EXPECT_EQ(test, number_of(test, "\nflagged"), flagged + 1);
}

static bool unlocked_outdated(const struct ewx_held *held,
			      const struct ewx_loaded *p, u32 identity, u64 now,
			      bool enforcing)
{
	struct kunit *test = kunit_get_current_test();
	struct scene *s = test->priv;
	size_t i;

	for (i = 0; i < s->count; i++)
		KUNIT_EXPECT_FALSE(test, mutex_is_locked(&s->e[i]->lock));
	return true;
}

/* What a new policy says of old grants takes long: no enclave waits for that. */
static void nothing_is_locked_while_judged(struct kunit *test)
{
	struct enclave *e = create(test, PAGES);

	init(test, e, 0xaa, false);
	kunit_activate_static_stub(test, ewx_held_outdated, unlocked_outdated);
	KUNIT_EXPECT_EQ(test, number_of(test, "\nflagged"),
			number_of(test, "\ninitialized"));
	EXPECT_WORD(test, e, "flagged=1");
	kunit_deactivate_static_stub(test, ewx_held_outdated);
}

static void status_without_policy(struct kunit *test)
{
	enum ewx_seal before, now;

	KUNIT_EXPECT_EQ(test, ewx_seal_raise("closed", &before, &now), 0);
	EXPECT_LINE(test, "seal: closed");
	EXPECT_LINE(test, "signatures: required");
	ewx_seal_reset();
	ewx_policy_reset();
	KUNIT_EXPECT_TRUE(test, strstarts(text_of(test, &ewx_status_fops),
					  "state: no-policy\n"));
	EXPECT_NO_LINE(test, "policy: ");
	EXPECT_NO_LINE(test, "version: ");
	EXPECT_NO_LINE(test, "permissive_domains: ");
	EXPECT_NO_LINE(test, "clock_trusted: ");
}

/* The nodes of the active policy's directory, and those of one that is gone. */
static void nodes_of_the_policy(struct kunit *test)
{
	struct file *version = open_node(test, &ewx_version_fops);
	struct file *digest = open_node(test, &ewx_digest_fops);
	struct file *blob = open_node(test, &ewx_blob_fops);
	const struct ewx_loaded *p = blob->private_data;
	struct file *none;
	char want[2 * SHA256_DIGEST_SIZE + 2];

	KUNIT_EXPECT_STREQ(test, read_rest(test, version, 100, 0), "5\n");
	snprintf(want, sizeof(want), "%*phN\n", SHA256_DIGEST_SIZE, p->digest);
	KUNIT_EXPECT_STREQ(test, read_rest(test, digest, 100, 0), want);

	ewx_policy_reset();
	KUNIT_EXPECT_STREQ(test, read_rest(test, version, 100, 0), "");
	KUNIT_EXPECT_STREQ(test, read_rest(test, digest, 100, 0), "");
	/* The bytes stay as long as somebody has them open. */
	KUNIT_EXPECT_EQ(test, p->core.version, 5);
	none = anon_inode_getfile("node", &ewx_blob_fops, NULL, O_RDONLY);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, none);
	KUNIT_EXPECT_EQ(test, ewx_blob_fops.open(file_inode(none), none),
			-ENODATA);
	__fput_sync(none);
	__fput_sync(blob);
	__fput_sync(digest);
	__fput_sync(version);
}

static struct kunit_case show_cases[] = {
	KUNIT_CASE(line_of_a_new_one),
	KUNIT_CASE(line_before_init),
	KUNIT_CASE(line_after_init),
	KUNIT_CASE(line_under_other_policies),
	KUNIT_CASE(line_of_unjudged_pages),
	KUNIT_CASE(no_page_is_lost),
	KUNIT_CASE(read_in_pieces),
	KUNIT_CASE(read_is_of_one_moment),
	KUNIT_CASE(status_of_a_policy),
	KUNIT_CASE(status_counts_enclaves),
	KUNIT_CASE(nothing_is_locked_while_judged),
	KUNIT_CASE(status_without_policy),
	KUNIT_CASE(nodes_of_the_policy),
	{}
};

static struct kunit_suite show_suite = {
	.name = "ewx_show",
	.init = scene_init,
	.exit = scene_exit,
	.test_cases = show_cases,
};

kunit_test_suite(show_suite);
