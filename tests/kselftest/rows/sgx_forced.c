// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows whose races are forced, on the SGX driver: in each round somebody acts
 * exactly between two steps of the kernel. Others race freely, in the rows' own files.
 */
#include "kselftest_harness.h"
#include "race.h"
#include "racers.h"
#include "sgx_rows.h"
#include "window.h"

/* Pages of a call: the first is judged by itself, the others ahead. */
#define CALL_PAGES	3u
#define CALL_SIZE	(CALL_PAGES * SGX_PAGE)
#define CALLS		64u
#define CALLS_SIZE	(4 * CALLS * SGX_PAGE)

/* Enclaves for debuggers, which can be read without being initialised. */
#define DEBUG_RULES	STRICT_RULES "for any { allow debug; }"

/**
 * struct source - a file's pages, and enclaves that they are added to.
 * @s: the enclave; there is another one after CALLS
 * @file: of the pages
 * @at: their mapping
 * @size: of a call: the first page alone, or CALL_SIZE
 * @want: the pages
 * @round: of the race
 * @calls: done for @s
 */
struct source {
	struct sgx s;
	int file;
	uint8_t *at;
	uint64_t size;
	uint8_t want[CALL_SIZE];
	unsigned int round;
	unsigned int calls;
};

/* Return: 0 or not; what is to be closed the test's end closes. */
static int source_begin(struct source *src, const char *path, uint64_t size)
{
	int err = policy_load(DEBUG_RULES, "");

	src->size = size;
	if (err || code_file(path, CALL_PAGES))
		return -1;
	src->file = open(path, O_RDONLY | O_CLOEXEC);
	src->at = mmap(NULL, CALL_SIZE, RW, MAP_PRIVATE, src->file, 0);
	code_fill(src->want, CALL_PAGES);
	src->s.fd = -1;
	return src->file < 0 || src->at == MAP_FAILED;
}

/* The source as it was, and an enclave with room for a call. Return: 0 or -errno. */
static int source_again(struct source *src)
{
	if (mmap(src->at, CALL_SIZE, RW, MAP_PRIVATE | MAP_FIXED, src->file, 0) !=
	    src->at)
		return -errno;
	if (src->s.fd >= 0 && src->calls < CALLS)
		return 0;
	if (src->s.fd >= 0)
		sgx_close(&src->s);
	src->calls = 0;
	return sgx_new_size(&src->s, SGX_DEBUG, CALLS_SIZE);
}

/* Adds the source's pages. Return: 0 or -errno; @added: how many bytes. */
static int source_add(struct source *src, uint64_t *added)
{
	*added = 0;
	return sgx_add_pages(&src->s, src->at, src->calls++ * CALL_SIZE,
			     src->size, REG_RX, true, added);
}

/* Is the last page that was added, which somebody has changed, that of the file? */
static bool source_is_there(const struct source *src)
{
	const uint64_t last = src->size - SGX_PAGE;
	const uint64_t at = (src->calls - 1) * CALL_SIZE + last;
	uint8_t page[SGX_PAGE];

	return !sgx_map(&src->s, at, SGX_PAGE, PROT_READ) &&
	       !sgx_debug_read(&src->s, at, page) &&
	       !memcmp(page, src->want + last, SGX_PAGE);
}

/* The last page of a call. */
static void changes(void *arg)
{
	struct source *src = arg;
	uint8_t *at = src->at + src->size - SGX_PAGE;

	/* Which waits for mmap_lock. */
	if (src->round % 4 == 0) {
		mmap(at, SGX_PAGE, RW,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		at[0] = 0xee;
	} else if (src->round % 4 == 1) {
		munmap(at, SGX_PAGE);
	} else {
		at[64] = 0x90;
	}
}

static void changed(struct __test_metadata *_metadata, const char *path,
		    const char *name, uint64_t size)
{
	struct source src = { .round = 0 };
	struct window_counts counts;
	struct window w;
	uint64_t added;

	ASSERT_EQ(0, source_begin(&src, path, size));
	ASSERT_EQ(0, window_begin(&w, name, changes, &src));
	for (; src.round < window_rounds(); src.round++) {
		ASSERT_EQ(0, source_again(&src));
		ASSERT_EQ(0, source_add(&src, &added));
		window_settle(&w);
		ASSERT_EQ(size, added);
		ASSERT_TRUE(source_is_there(&src))
			TH_LOG("round %u", src.round);
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	EXPECT_LE(window_enough(), counts.acted);
	EXPECT_LE(window_enough(), counts.blocked);
	sgx_close(&src.s);
}

/* What was judged is what is added, whatever is in its place by then. */
TEST(A16_sgx_forced)
{
	WINDOW_SKIP();
	changed(_metadata, ALLOWED_DIR "/a16f", "load_held", SGX_PAGE);
}

/* ... of a page that was judged together with others. */
TEST(A16_sgx_forced_ahead)
{
	WINDOW_SKIP();
	changed(_metadata, ALLOWED_DIR "/a16af", "load_ahead", CALL_SIZE);
}

struct writer {
	const char *path;
	unsigned int wanted, came;
	int file;
	int err;
};

/* Opens the file and keeps it open, when the wanted task has come to the window. */
static void opens_to_write(void *arg)
{
	struct writer *wr = arg;

	if (wr->came++ != wr->wanted)
		return;
	wr->file = open(wr->path, O_WRONLY | O_CLOEXEC);
	wr->err = wr->file < 0 ? errno : 0;
}

static void stops_writing(struct writer *wr)
{
	if (wr->file >= 0)
		close(wr->file);
	wr->file = -1;
}

/*
 * Of a writer who comes after the judgement it is known before the copy, of the first
 * page and of those judged ahead: that page is not added.
 */
TEST(A17_sgx_forced)
{
	struct writer wr = { .path = ALLOWED_DIR "/a17f", .file = -1 };
	struct source src = { .round = 0 };
	struct window_counts counts;
	unsigned int refused = 0;
	struct window w;
	uint64_t added;

	WINDOW_SKIP();
	ASSERT_EQ(0, source_begin(&src, wr.path, CALL_SIZE));
	ASSERT_EQ(0, window_begin(&w, "load_judged", opens_to_write, &wr));
	for (; src.round < window_rounds(); src.round++) {
		int err;

		ASSERT_EQ(0, source_again(&src));
		wr.wanted = src.round % 2;
		wr.came = 0;
		wr.err = -1;
		err = source_add(&src, &added);
		if (window_settle(&w) && !wr.err) {
			ASSERT_EQ(-EACCES, err) TH_LOG("round %u", src.round);
			ASSERT_EQ(wr.wanted * SGX_PAGE, added);
			refused++;
		}
		stops_writing(&wr);
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	EXPECT_LE(window_enough(), counts.acted);
	EXPECT_LE(window_enough(), refused);
	sgx_close(&src.s);
}

static void kept_out(struct __test_metadata *_metadata, const char *path,
		     const char *name)
{
	struct writer wr = { .path = path, .file = -1 };
	struct source src = { .round = 0 };
	struct window_counts counts;
	unsigned int shown = 0;
	struct window w;
	uint64_t added;

	ASSERT_EQ(0, source_begin(&src, path, CALL_SIZE));
	ASSERT_EQ(0, window_begin(&w, name, opens_to_write, &wr));
	for (; src.round < window_rounds(); src.round++) {
		ASSERT_EQ(0, source_again(&src));
		wr.came = 0;
		wr.err = -1;
		source_add(&src, &added);
		if (window_settle(&w)) {
			ASSERT_EQ(ETXTBSY, wr.err) TH_LOG("round %u", src.round);
			shown++;
		}
		stops_writing(&wr);
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	EXPECT_LE(window_enough(), counts.acted);
	EXPECT_LE(window_enough(), shown);
	/* Nobody is kept away any more. */
	wr.came = 0;
	opens_to_write(&wr);
	EXPECT_EQ(0, wr.err);
	sgx_close(&src.s);
}

/* From then on there is none until the page is added. */
TEST(A17_sgx_forced_held)
{
	WINDOW_SKIP();
	kept_out(_metadata, ALLOWED_DIR "/a17h", "load_held");
}

/* ... and none until all are that were judged ahead. */
TEST(A17_sgx_forced_ahead)
{
	WINDOW_SKIP();
	kept_out(_metadata, ALLOWED_DIR "/a17a", "load_ahead");
}

#define ADDED_PAGES	256u

/* An enclave with room for the page of that round. Return: 0 or -errno. */
static int room(struct sgx *s, unsigned int round)
{
	if (round % ADDED_PAGES)
		return 0;
	if (round)
		sgx_close(s);
	return sgx_new_size(s, 0, ADDED_PAGES * SGX_PAGE);
}

/* Add it by a call of its own. */
static int add_x(const struct sgx *s, const void *src, unsigned int round)
{
	uint64_t added;

	return sgx_add_pages(s, src, round % ADDED_PAGES * SGX_PAGE, SGX_PAGE,
			     REG_RX, true, &added);
}

/*
 * The file gets another name after it was judged by the one it had: each judgement is
 * by the name at that time, none by one that was remembered of the time before.
 */
TEST(A28_sgx_forced)
{
	struct window_counts counts;
	struct moved m = { .name = "a28f" };
	struct window w;
	uint8_t *src;
	struct sgx s;

	WINDOW_SKIP();
	ASSERT_EQ(0, policy_strict());
	mkdir(OTHER_DIR, 0755);
	src = code_map(m.name, 1, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)src);
	ASSERT_EQ(0, window_begin(&w, "path_named", renames, &m));
	for (; m.round < window_rounds(); m.round++) {
		int err;

		ASSERT_EQ(0, room(&s, m.round));
		m.done = false;
		err = add_x(&s, src, m.round);
		window_settle(&w);
		if (!m.done)
			renames(&m);
		ASSERT_EQ(m.round % 2 ? -EACCES : 0, err)
			TH_LOG("round %u", m.round);
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	EXPECT_LE(window_enough(), counts.acted);
	sgx_close(&s);
}

/* The page is cut off its file after the judgement. */
TEST(A30_sgx_forced)
{
	char path[] = ALLOWED_DIR "/a30f";
	struct window_counts counts;
	uint8_t *src, code[PAGE];
	unsigned int shown = 0;
	struct window w;
	struct sgx s;

	WINDOW_SKIP();
	ASSERT_EQ(0, policy_strict());
	src = code_map("a30f", 1, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)src);
	code_fill(code, 1);
	ASSERT_EQ(0, window_begin(&w, "load_judged", truncates, path));
	for (unsigned int i = 0; i < window_rounds(); i++) {
		int err, file = open(path, O_WRONLY | O_CLOEXEC);

		ASSERT_EQ((ssize_t)PAGE, write(file, code, PAGE));
		close(file);
		ASSERT_EQ(0, room(&s, i));
		err = add_x(&s, src, i);
		if (window_settle(&w)) {
			ASSERT_EQ(-EFAULT, err) TH_LOG("round %u", i);
			shown++;
		}
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	EXPECT_LE(window_enough(), counts.acted);
	EXPECT_LE(window_enough(), shown);
	sgx_close(&s);
}

/*
 * The policy is replaced after it has answered and before that is remembered: each
 * answer is that of the policy in force when it was asked, and none of one that was
 * replaced before.
 */
TEST(E7_sgx_forced)
{
	static struct policies p;
	struct window_counts counts;
	struct window w;
	uint8_t *src;
	struct sgx s;

	WINDOW_SKIP();
	ASSERT_EQ(0, policies_begin(&p, ANON_DENIED, ANON_ALLOWED));
	src = anon_map(1, PROT_READ);
	ASSERT_EQ(0, window_begin(&w, "policy_judged", swaps, &p));
	for (unsigned int i = 0; i < window_rounds(); i++) {
		int err;

		/* Creating asks, too: then the policy is replaced by itself. */
		p.next = i % 2;
		ASSERT_EQ(0, room(&s, i));
		window_settle(&w);
		p.next = !(i % 2);
		p.done = false;
		err = add_x(&s, src, i);
		window_settle(&w);
		if (!p.done)
			swaps(&p);
		ASSERT_EQ(0, p.err);
		ASSERT_EQ(i % 2 ? 0 : -EACCES, err) TH_LOG("round %u", i);
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	EXPECT_LE(window_enough(), counts.acted);
	sgx_close(&s);
}

struct mapper {
	struct sgx s;
	volatile int prot;
	volatile uint64_t at;
	volatile int result;
};

static void maps(void *arg)
{
	struct mapper *m = arg;

	m->result = sgx_map(&m->s, m->at, SGX_PAGE, m->prot);
}

#define RACED_PAGES	256u

/* An initialised enclave, all of whose pages may be all. */
static int raced_new(struct sgx *s)
{
	const void *src = code_map("b9f", RACED_PAGES, PROT_READ);
	int err = src == MAP_FAILED ? -errno :
				      sgx_new_size(s, 0, RACED_PAGES * SGX_PAGE);

	if (!err)
		err = sgx_add(s, src, 0, RACED_PAGES * SGX_PAGE, REG_RWX, true,
			      NULL);
	return err ? err : sgx_init(s, sgx_pem());
}

/*
 * Another process asks for the opposite mapping of a page when one was agreed to, and
 * has its answer when that is remembered.
 */
TEST(B9_sgx_forced)
{
	struct mapper *m = mmap(NULL, SGX_PAGE, RW, MAP_SHARED | MAP_ANONYMOUS,
				-1, 0);
	struct window_counts all = { 0 };

	WINDOW_SKIP();
	ASSERT_NE(MAP_FAILED, (void *)m);
	ASSERT_EQ(0, policy_load(LOOSE_RULES, ""));
	for (unsigned int i = 0; i < window_rounds(); i += RACED_PAGES) {
		struct window_counts counts;
		struct window w;

		ASSERT_EQ(0, raced_new(&m->s));
		/* A process that has this enclave. */
		ASSERT_EQ(0, window_begin_process(&w, "map_judged", maps, m));
		for (unsigned int k = 0; k < RACED_PAGES; k++) {
			m->at = k * SGX_PAGE;
			m->prot = k % 2 ? RW : RX;
			m->result = -EACCES;
			ASSERT_EQ(0, sgx_map(&m->s, m->at, SGX_PAGE,
					     k % 2 ? RX : RW));
			window_settle(&w);
			ASSERT_EQ(-EACCES, m->result) TH_LOG("page %u", k);
		}
		counts = window_end(&w);
		all.entered += counts.entered;
		all.met += counts.met;
		all.acted += counts.acted;
		all.blocked += counts.blocked;
		sgx_close(&m->s);
	}
	WINDOW_LOG(all);
	EXPECT_LE(window_enough(), all.met);
	EXPECT_LE(window_enough(), all.blocked);
}

struct toucher {
	int file;
	const uint8_t *at;
	bool there;
};

/* The kernel reads a byte from there. */
static bool kernel_reads(const struct toucher *t)
{
	return pwrite(t->file, t->at, 1, 0) == 1;
}

static void touches(void *arg)
{
	struct toucher *t = arg;

	t->there = kernel_reads(t);
}

#define GONE_PAGES	64u
#define GONE_AT		(GONE_PAGES * SGX_PAGE)

/* An enclave that runs, with pages to be removed, whose mapping has no entries. */
static int gone_new(struct sgx *s)
{
	const void *src = code_map("c4f", GONE_PAGES, PROT_READ);
	int err = sgx_fresh_size(s, 0, 2 * GONE_PAGES * SGX_PAGE);

	if (!err)
		err = sgx_add(s, src, GONE_AT, GONE_PAGES * SGX_PAGE, REG_RX,
			      true, NULL);
	if (!err)
		err = sgx_start(s);
	return err ? err : sgx_map(s, GONE_AT, GONE_PAGES * SGX_PAGE, RX);
}

/*
 * When a page's entries are gone and the page is not yet, a fault makes none: it is tried
 * again until there is no page. Nobody may add one here.
 */
TEST(C4_sgx_forced)
{
	struct toucher t = { .file = memfd_create("c4f", MFD_CLOEXEC) };
	struct sgx s = { .fd = -1 };
	struct window_counts counts;
	struct window w;

	WINDOW_SKIP();
	ASSERT_EQ(0, policy_load("allow create, change; for any { allow init; }"
				 "allow exec_file from allowed;", ""));
	ASSERT_EQ(0, window_begin(&w, "removed", touches, &t));
	for (unsigned int i = 0; i < window_rounds(); i++) {
		const uint64_t at = GONE_AT + i % GONE_PAGES * SGX_PAGE;

		if (i % GONE_PAGES == 0) {
			if (i)
				sgx_close(&s);
			ASSERT_EQ(0, gone_new(&s));
		}
		t.at = sgx_at(&s, at);
		t.there = false;
		/* By turns there is an entry before, and none. */
		if (i % 2)
			ASSERT_TRUE(kernel_reads(&t));
		ASSERT_EQ(0, sgx_removed(&s, at));
		window_settle(&w);
		ASSERT_FALSE(t.there) TH_LOG("round %u", i);
		ASSERT_FALSE(kernel_reads(&t)) TH_LOG("round %u", i);
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	EXPECT_LE(window_enough(), counts.blocked);
	sgx_close(&s);
}

struct statement {
	uint8_t target[SGX_SIGSTRUCT_SIZE];
	uint8_t other[SGX_SIGSTRUCT_SIZE];
};

static void replaces(void *arg)
{
	struct statement *st = arg;

	memcpy(st->target, st->other, sizeof(st->target));
}

/* The SIGSTRUCT of one who may not start is replaced, once it was copied, by that of one. */
TEST(D3_sgx_forced)
{
	struct sgx_signed what = { .pem = sgx_pem(), .mask = ~0ull };
	uint8_t denied[SGX_SIGSTRUCT_SIZE];
	char digits[65], more[256];
	struct window_counts counts;
	struct statement st;
	struct window w;
	struct sgx s;

	WINDOW_SKIP();
	ASSERT_EQ(0, sgx_signer(sgx_pem(), digits));
	snprintf(more, sizeof(more),
		 "identity a { signer sha256:%s; product 7; }", digits);
	ASSERT_EQ(0, policy_load("allow create, change;"
				 "allow exec_file from allowed;"
				 "for a { allow init; }", more));
	ASSERT_EQ(0, sgx_fresh(&s, 0));
	what.product = 7;
	ASSERT_EQ(0, sgx_sign(&s, &what, st.other));
	what.product = 8;
	ASSERT_EQ(0, sgx_sign(&s, &what, denied));
	ASSERT_EQ(0, window_begin(&w, "init_copied", replaces, &st));
	for (unsigned int i = 0; i < window_rounds(); i++) {
		memcpy(st.target, denied, sizeof(denied));
		ASSERT_EQ(-EACCES, sgx_init_sigstruct(&s, st.target))
			TH_LOG("round %u", i);
		window_settle(&w);
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	EXPECT_LE(window_enough(), counts.acted);
	EXPECT_EQ(0, sgx_init_sigstruct(&s, st.other));
	sgx_close(&s);
}

TEST_HARNESS_MAIN
