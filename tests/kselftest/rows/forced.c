// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows whose races are forced, on /dev/enclave: in each round somebody acts
 * exactly between two steps of the kernel. Others race freely, in the rows' own files.
 */
#include "kselftest_harness.h"
#include "race.h"
#include "racers.h"
#include "rows.h"
#include "window.h"

static int load_x(int fd, const void *src, uint64_t at)
{
	return enclave_load(fd, src, at, PAGE, ENCLAVE_RX,
			    ENCLAVE_LOAD_F_MEASURE, NULL);
}

/* A page of a file, writable where it is mapped, but not in the file. */
static uint8_t *private_map(uint8_t *at, int file)
{
	return mmap(at, PAGE, RW, MAP_PRIVATE | (at ? MAP_FIXED : 0), file, 0);
}

struct change {
	uint8_t *at;
	unsigned int round;
};

/*
 * The page is written to, which replaces it where it is mapped; the mapping is
 * replaced, or taken away, which waits for mmap_lock.
 */
static void changes_source(void *arg)
{
	struct change *c = arg;

	switch (c->round % 4) {
	case 0:
		mmap(c->at, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		     -1, 0);
		c->at[0] = 0xee;
		break;
	case 1:
		munmap(c->at, PAGE);
		break;
	default:
		c->at[64] = 0x90;
	}
}

/* What was judged is what is copied, whatever is in its place by then. */
TEST(A16_dev_forced)
{
	const unsigned int n = window_rounds();
	struct window_counts counts;
	struct change c = { 0 };
	struct window w;
	uint8_t *want, *got;
	int fd, file;

	WINDOW_SKIP();
	ASSERT_EQ(0, policy_strict());
	want = code_map("a16f", 1, PROT_READ);
	file = open(ALLOWED_DIR "/a16f", O_RDONLY | O_CLOEXEC);
	c.at = private_map(NULL, file);
	ASSERT_NE(MAP_FAILED, (void *)c.at);
	fd = enclave_new(n * PAGE, 0, ENCLAVE_RW);
	ASSERT_LE(0, fd);
	got = enclave_map(fd, 0, n * PAGE, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)got);
	ASSERT_EQ(0, window_begin(&w, "load_held", changes_source, &c));
	for (c.round = 0; c.round < n; c.round++) {
		ASSERT_EQ(c.at, private_map(c.at, file));
		ASSERT_EQ(0, load_x(fd, c.at, c.round * PAGE));
		window_settle(&w);
		ASSERT_EQ(0, memcmp(want, got + c.round * PAGE, PAGE))
			TH_LOG("round %u", c.round);
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	EXPECT_LE(window_enough(), counts.acted);
	EXPECT_LE(window_enough(), counts.blocked);
	close(fd);
}

struct writer {
	const char *path;
	int file;
	int err;
};

/* Opens the file, writes to it, and keeps it open. */
static void opens_to_write(void *arg)
{
	struct writer *wr = arg;

	wr->file = open(wr->path, O_WRONLY | O_CLOEXEC);
	wr->err = wr->file < 0 ? errno : 0;
	if (wr->file >= 0 && write(wr->file, "\xee", 1) != 1)
		perror("write");
}

static void stops_writing(struct writer *wr)
{
	if (wr->file >= 0)
		close(wr->file);
	wr->file = -1;
}

/* Of a writer who comes after the judgement it is known before the copy. */
TEST(A17_dev_forced)
{
	const unsigned int n = window_rounds();
	struct writer wr = { ALLOWED_DIR "/a17f", -1, 0 };
	struct window_counts counts;
	unsigned int loaded = 0, shown = 0;
	struct window w;
	uint8_t *src;
	int fd;

	WINDOW_SKIP();
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	src = code_map("a17f", 1, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)src);
	fd = enclave_new(n * PAGE, 0, ENCLAVE_RW);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, window_begin(&w, "load_judged", opens_to_write, &wr));
	for (unsigned int i = 0; i < n; i++) {
		const int err = load_x(fd, src, loaded * PAGE);

		if (window_settle(&w)) {
			ASSERT_EQ(0, wr.err);
			ASSERT_EQ(-EACCES, err) TH_LOG("round %u", i);
			shown++;
		}
		loaded += !err;
		stops_writing(&wr);
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	EXPECT_LE(window_enough(), counts.acted);
	EXPECT_LE(window_enough(), shown);
	EXPECT_NE(NULL, record_wait("exec_mutable"));
	close(fd);
}

/* From then on there is none until the page is copied. */
TEST(A17_dev_forced_held)
{
	const unsigned int n = window_rounds();
	struct writer wr = { ALLOWED_DIR "/a17h", -1, 0 };
	struct window_counts counts;
	unsigned int shown = 0;
	struct window w;
	uint8_t *src;
	int fd;

	WINDOW_SKIP();
	ASSERT_EQ(0, policy_strict());
	src = code_map("a17h", 1, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)src);
	fd = enclave_new(n * PAGE, 0, ENCLAVE_RW);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, window_begin(&w, "load_held", opens_to_write, &wr));
	for (unsigned int i = 0; i < n; i++) {
		ASSERT_EQ(0, load_x(fd, src, i * PAGE));
		if (window_settle(&w)) {
			ASSERT_EQ(ETXTBSY, wr.err) TH_LOG("round %u", i);
			shown++;
		}
		stops_writing(&wr);
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	EXPECT_LE(window_enough(), counts.acted);
	EXPECT_LE(window_enough(), shown);
	/* Nobody is kept away any more. */
	opens_to_write(&wr);
	EXPECT_EQ(0, wr.err);
	close(fd);
}

/* The page is cut off its file after the judgement. */
TEST(A30_dev_forced)
{
	const unsigned int n = window_rounds();
	char path[] = ALLOWED_DIR "/a30f";
	struct window_counts counts;
	uint8_t *src, code[PAGE];
	unsigned int loaded = 0, shown = 0;
	struct window w;
	int fd, file;

	WINDOW_SKIP();
	ASSERT_EQ(0, policy_strict());
	src = code_map("a30f", 1, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)src);
	code_fill(code, 1);
	fd = enclave_new(n * PAGE, 0, ENCLAVE_RW);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, window_begin(&w, "load_judged", truncates, path));
	for (unsigned int i = 0; i < n; i++) {
		int err;

		file = open(path, O_WRONLY | O_CLOEXEC);
		ASSERT_EQ((ssize_t)PAGE, write(file, code, PAGE));
		close(file);
		err = load_x(fd, src, loaded * PAGE);
		if (window_settle(&w)) {
			ASSERT_EQ(-EFAULT, err) TH_LOG("round %u", i);
			shown++;
		}
		loaded += !err;
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	EXPECT_LE(window_enough(), counts.acted);
	EXPECT_LE(window_enough(), shown);
	close(fd);
}

/*
 * The file gets another name after it was judged by the one it had: each judgement is
 * by the name at that time, none by one that was remembered of the time before.
 */
TEST(A28_dev_forced)
{
	const unsigned int n = window_rounds();
	struct window_counts counts;
	struct moved m = { .name = "a28f" };
	struct window w;
	uint8_t *src;
	int fd;

	WINDOW_SKIP();
	ASSERT_EQ(0, policy_strict());
	mkdir(OTHER_DIR, 0755);
	src = code_map("a28f", 1, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)src);
	fd = enclave_new(n * PAGE, 0, ENCLAVE_RW);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, window_begin(&w, "path_named", renames, &m));
	for (m.round = 0; m.round < n; m.round++) {
		int err;

		m.done = false;
		err = load_x(fd, src, m.round * PAGE);
		window_settle(&w);
		if (!m.done)
			renames(&m);
		ASSERT_EQ(m.round % 2 ? -EACCES : 0, err)
			TH_LOG("round %u", m.round);
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	EXPECT_LE(window_enough(), counts.acted);
	close(fd);
}

struct mapper {
	int fd;
	volatile int prot;
	volatile uint64_t at;
	volatile int result;
};

static void maps(void *arg)
{
	struct mapper *m = arg;

	m->result = map_err(m->fd, m->at, PAGE, m->prot);
}

/*
 * Another process asks for the opposite mapping of a page when one was agreed to, and
 * has its answer when that is remembered.
 */
TEST(B9_dev_forced)
{
	const unsigned int n = window_rounds();
	struct mapper *m = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1,
				0);
	struct window_counts counts;
	struct window w;
	uint8_t *src;

	WINDOW_SKIP();
	ASSERT_NE(MAP_FAILED, (void *)m);
	ASSERT_EQ(0, policy_load(LOOSE_RULES, ""));
	src = code_map("b9f", 1, PROT_READ);
	m->fd = enclave_new((uint64_t)n * PAGE, 0, ENCLAVE_RW);
	ASSERT_LE(0, m->fd);
	for (unsigned int i = 0; i < n; i++)
		ASSERT_EQ(0, enclave_load(m->fd, src, i * PAGE, PAGE,
					  ENCLAVE_RWX, ENCLAVE_LOAD_F_MEASURE,
					  NULL));
	ASSERT_EQ(0, enclave_init(m->fd));
	ASSERT_EQ(0, window_begin_process(&w, "map_judged", maps, m));
	for (unsigned int i = 0; i < n; i++) {
		m->at = i * PAGE;
		m->prot = i % 2 ? RW : RX;
		m->result = -EACCES;
		ASSERT_EQ(0, map_err(m->fd, i * PAGE, PAGE, i % 2 ? RX : RW));
		window_settle(&w);
		ASSERT_EQ(-EACCES, m->result) TH_LOG("round %u", i);
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	/* It waits for the one who was first. */
	EXPECT_LE(window_enough(), counts.met);
	EXPECT_LE(window_enough(), counts.blocked);
	close(m->fd);
}

/* The kernel reads a byte from there. Return: 0 or -errno. */
static int kernel_reads(int file, const void *at)
{
	return pwrite(file, at, 1, 0) == 1 ? 0 : -errno;
}

struct toucher {
	int file;
	const uint8_t *at;
};

static void touches(void *arg)
{
	struct toucher *t = arg;

	kernel_reads(t->file, t->at);
}

#define GONE_PAGES	256u

/* No fault brings back a page that is about to go. */
TEST(C4_dev_forced)
{
	const unsigned int n = window_rounds();
	uint8_t *src = NULL, *at = NULL;
	struct toucher t = { .file = memfd_create("c4f", MFD_CLOEXEC) };
	struct window_counts counts;
	struct window w;
	int fd = -1;

	WINDOW_SKIP();
	ASSERT_EQ(0, policy_strict());
	src = code_map("c4f", GONE_PAGES, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)src);
	ASSERT_EQ(0, window_begin(&w, "removed", touches, &t));
	for (unsigned int i = 0; i < n; i++) {
		const uint64_t page = i % GONE_PAGES * PAGE;

		if (!page) {
			if (at)
				munmap(at, GONE_PAGES * PAGE);
			close(fd);
			fd = enclave_new(GONE_PAGES * PAGE, 0, ENCLAVE_RW);
			ASSERT_EQ(0, enclave_load(fd, src, 0, GONE_PAGES * PAGE,
						  ENCLAVE_RX,
						  ENCLAVE_LOAD_F_MEASURE, NULL));
			ASSERT_EQ(0, enclave_init(fd));
			ASSERT_EQ(0, map(fd, 0, GONE_PAGES * PAGE, RX,
					 (void **)&at));
		}
		t.at = at + page;
		/* By turns there is an entry before, and none. */
		if (i % 2)
			ASSERT_EQ(0, kernel_reads(t.file, t.at));
		ASSERT_EQ(0, enclave_remove(fd, page, PAGE, NULL));
		ASSERT_FALSE(window_settle(&w)) TH_LOG("round %u", i);
		ASSERT_EQ(-EFAULT, kernel_reads(t.file, t.at))
			TH_LOG("round %u", i);
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	EXPECT_LE(window_enough(), counts.blocked);
	close(fd);
}

static void writes_page(void *arg)
{
	poke(arg, 0xee);
}

/*
 * The enclave's page is written to after it was measured: not before the enclave is
 * the one that was measured.
 */
TEST(D13_dev_forced)
{
	const unsigned int n = window_rounds();
	uint8_t *src = anon_map(1, PROT_READ);
	struct window_counts counts;
	struct window w;
	uint8_t *at;

	WINDOW_SKIP();
	ASSERT_EQ(0, policy_strict());
	/* Where all enclaves of the rounds are mapped, one after the other. */
	at = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, (void *)at);
	ASSERT_EQ(0, window_begin(&w, "init_measured", writes_page, at));
	for (unsigned int i = 0; i < n; i++) {
		int fd = enclave_new(PAGE, 0, ENCLAVE_RW);

		ASSERT_EQ(0, enclave_load(fd, src, 0, PAGE, ENCLAVE_RW,
					  ENCLAVE_LOAD_F_MEASURE, NULL));
		ASSERT_EQ(at, mmap(at, PAGE, RW, MAP_SHARED | MAP_FIXED, fd, 0));
		ASSERT_EQ(0, poke(at, 0x11));
		ASSERT_EQ(0, enclave_init(fd));
		ASSERT_FALSE(window_settle(&w)) TH_LOG("round %u", i);
		close(fd);
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	EXPECT_LE(window_enough(), counts.met);
	EXPECT_LE(window_enough(), counts.blocked);
}

/*
 * The policy is replaced after it has answered and before that is remembered: each
 * answer is that of the policy in force when it was asked, and none of one that was
 * replaced before.
 */
TEST(E7_dev_forced)
{
	static struct policies p;
	const unsigned int n = window_rounds();
	struct window_counts counts;
	unsigned int loaded = 0;
	struct window w;
	uint8_t *src;
	int fd;

	WINDOW_SKIP();
	ASSERT_EQ(0, policies_begin(&p, ANON_DENIED, ANON_ALLOWED));
	src = anon_map(1, PROT_READ);
	fd = enclave_new(n * PAGE, 0, ENCLAVE_RW);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, window_begin(&w, "policy_judged", swaps, &p));
	for (unsigned int i = 0; i < n; i++) {
		int err;

		p.next = !(i % 2);
		p.done = false;
		err = load_x(fd, src, loaded * PAGE);
		window_settle(&w);
		if (!p.done)
			swaps(&p);
		ASSERT_EQ(0, p.err);
		ASSERT_EQ(i % 2 ? 0 : -EACCES, err) TH_LOG("round %u", i);
		loaded += !err;
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	EXPECT_LE(window_enough(), counts.acted);
	close(fd);
}

TEST_HARNESS_MAIN
