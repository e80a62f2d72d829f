// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows D: who an enclave is, and what it was allowed before that was
 * known.
 */
#include <pthread.h>
#include <stddef.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "race.h"
#include "rows.h"
#include "window.h"

#define KEYS_DIR	"/run/ewx-rows-keys"
#define KEY_A		KEYS_DIR "/a.pem"
#define KEY_B		KEYS_DIR "/b.pem"

/* Keys last for the boot: making them is slow. */
static int signer_hex(const char *pem, char hex[65])
{
	struct enclave_statement none = { .product = 0 };
	struct enclave_signer s;
	int err;

	mkdir(KEYS_DIR, 0755);
	if (access(pem, R_OK)) {
		err = enclave_keygen(pem, 2048);
		if (err)
			return err;
	}
	err = enclave_sign(pem, &none, &s);
	for (int i = 0; !err && i < 32; i++)
		sprintf(hex + 2 * i, "%02x", s.signer[i]);
	return err;
}

/*
 * Identities a and b by signer (a: product 7, svn 3 and up), both may be created.
 * @rules: more rules of the domain.
 */
static int policy_ab(const char *rules)
{
	char a[65], b[65], head[1024], more[512];
	int err = signer_hex(KEY_A, a);

	if (!err)
		err = signer_hex(KEY_B, b);
	if (err)
		return err;
	snprintf(more, sizeof(more),
		 "identity a { signer sha256:%s; product 7; min-svn 3; }\n"
		 "identity b { signer sha256:%s; }\n", a, b);
	snprintf(head, sizeof(head), "allow create, change;\n"
		 "allow exec_file from allowed;\n%s", rules);
	return policy_load(head, more);
}

FIXTURE(init) {
	int fd;
};

FIXTURE_SETUP(init)
{
	ASSERT_EQ(0, policy_ab("for a { allow init, exec_anon; }"
			       "for b { allow init, exec_unmeasured; }"));
	ASSERT_EQ(0, records_begin());
	self->fd = fresh();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(init)
{
	close(self->fd);
}

static int load_anon(int fd, uint64_t at)
{
	return enclave_load(fd, anon_map(1, PROT_READ), at, PAGE, ENCLAVE_RX,
			    ENCLAVE_LOAD_F_MEASURE, NULL);
}

static int load_unmeasured(int fd, uint64_t at)
{
	return enclave_load(fd, code_map("unmeasured", 1, PROT_READ), at, PAGE,
			    ENCLAVE_RX, 0, NULL);
}

TEST_F(init, D1_dev)
{
	EXPECT_DENIED("init", enclave_init(self->fd));
	ASSERT_EQ(0, system("test -e " KEYS_DIR "/c.pem || openssl genrsa -out "
			    KEYS_DIR "/c.pem 2048 2>/dev/null"));
	EXPECT_DENIED("init", enclave_init_pem(self->fd, KEYS_DIR "/c.pem", 7,
					       3));
	EXPECT_EQ(0, enclave_init_pem(self->fd, KEY_A, 7, 3));
}

TEST(D1_dev_measurement)
{
	struct enclave_query_identity id;
	char hex[65], more[256];
	int fd;

	ASSERT_EQ(0, policy_strict());
	fd = built();
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, enclave_identity(fd, &id));
	close(fd);
	for (int i = 0; i < 32; i++)
		sprintf(hex + 2 * i, "%02x", id.measurement[i]);
	snprintf(more, sizeof(more), "identity layout { measurement sha256:%s; }",
		 hex);
	ASSERT_EQ(0, policy_load("allow create, change;"
				 "allow exec_file from allowed;"
				 "for layout { allow init; }", more));
	fd = ready();
	EXPECT_LE(0, fd);
	close(fd);
	fd = fresh();
	EXPECT_EQ(-EACCES, enclave_init(fd));
	close(fd);
}

TEST_F(init, D2_dev)
{
	const char *record;

	ASSERT_EQ(0, load_anon(self->fd, 0));
	EXPECT_EQ(-EACCES, enclave_init_pem(self->fd, KEY_B, 1, 1));
	record = record_wait("exec_anon");
	ASSERT_NE(NULL, record);
	EXPECT_TRUE(record_is(record, "op", "init"));
	EXPECT_TRUE(record_is(record, "page", "0"));
	EXPECT_EQ(0, enclave_init_pem(self->fd, KEY_A, 7, 3));
}

#define NARROWING	17

/* Identity N is denied what page N was loaded from; 1 to NARROWING, and 0. */
static int policy_narrowing(void)
{
	char rules[8192], more[8192], a[65];
	int err = signer_hex(KEY_A, a), n = 0, m = 0;

	for (int i = 0; i <= NARROWING; i++) {
		m += snprintf(more + m, sizeof(more) - m,
			      "identity i%d { signer sha256:%s; product %d; }\n",
			      i, a, i);
		n += snprintf(rules + n, sizeof(rules) - n,
			      "for i%d { allow init; ", i);
		for (int k = 1; k <= NARROWING; k++) {
			if (k != i)
				n += snprintf(rules + n, sizeof(rules) - n,
					      "allow exec_file from s%d; ", k);
		}
		n += snprintf(rules + n, sizeof(rules) - n, "}\n");
	}
	for (int k = 1; k <= NARROWING; k++)
		m += snprintf(more + m, sizeof(more) - m,
			      "source s%d { path \"" ALLOWED_DIR "/many%d\"; }\n",
			      k, k);
	n += snprintf(rules + n, sizeof(rules) - n, "allow create;\n");
	return err ? err : policy_load(rules, more);
}

/* Of more requests than are remembered the record says at least how many. */
TEST(D2_dev_many)
{
	const char *record;
	char name[32];
	int fd;

	ASSERT_EQ(0, policy_narrowing());
	ASSERT_EQ(0, records_begin());
	fd = enclave_open();
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, enclave_create(fd, 32 * PAGE, 0, 0));
	for (int k = 1; k <= NARROWING; k++) {
		snprintf(name, sizeof(name), "many%d", k);
		ASSERT_EQ(0, enclave_load(fd, code_map(name, 1, PROT_READ),
					  (k - 1) * PAGE, PAGE, ENCLAVE_RX,
					  ENCLAVE_LOAD_F_MEASURE, NULL));
	}
	EXPECT_EQ(-EACCES, enclave_init_pem(fd, KEY_A, 1, 1));
	record = record_wait("exec_file");
	ASSERT_NE(NULL, record);
	EXPECT_TRUE(record_is(record, "page", "0"));
	EXPECT_TRUE(record_is(record, "narrowed", "17"));
	EXPECT_EQ(-EACCES, enclave_init_pem(fd, KEY_A, NARROWING, 1));
	record = record_wait("init");
	ASSERT_NE(NULL, record);
	EXPECT_TRUE(record_is(record, "reason", "identity"));
	EXPECT_TRUE(record_is(record, "narrowed", "17"));
	EXPECT_EQ(0, enclave_init_pem(fd, KEY_A, 0, 1));
	close(fd);
}

static int sign_for(int fd, const char *pem, uint16_t product, uint16_t svn,
		    struct enclave_signer *out)
{
	struct enclave_statement statement = { .product = product, .svn = svn };
	struct enclave_query_identity id;
	int err = enclave_identity(fd, &id);

	if (err)
		return err;
	memcpy(statement.measurement, id.measurement, 32);
	return enclave_sign(pem, &statement, out);
}

/*
 * b may not init here. Its good signature takes turns with a forged one of a, who
 * may, in the same memory: neither of them does, nor a mixture.
 */
TEST(D3_dev)
{
	struct enclave_signer forged, b, target;
	struct race_swap s = { &target, &forged, &b, sizeof(target), false };
	const unsigned int rounds = race_rounds(RACE_ROUNDS);
	unsigned int denied = 0, wrong = 0;
	struct enclave_query_identity id;
	pthread_t thread;
	int fd;

	ASSERT_EQ(0, policy_ab("for a { allow init; }"));
	fd = fresh();
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, sign_for(fd, KEY_A, 7, 3, &forged));
	ASSERT_EQ(0, sign_for(fd, KEY_B, 7, 3, &b));
	forged.signature[10] ^= 1;
	target = b;
	race_stay_on(0);
	ASSERT_EQ(0, pthread_create(&thread, NULL, race_swapper, &s));
	/* Until both were met, or this has shown nothing: the harness ends it. */
	for (unsigned int i = 0; i < rounds || !denied || !wrong; i++) {
		int err = enclave_init_signer(fd, &target);

		ASSERT_NE(0, err);
		denied += err == -EACCES;
		wrong += err != -EACCES;
	}
	s.stop = true;
	pthread_join(thread, NULL);
	TH_LOG("denied %u, not signed %u", denied, wrong);
	ASSERT_EQ(0, enclave_identity(fd, &id));
	EXPECT_EQ(0, id.flags & ENCLAVE_ID_INITIALIZED);
	/* It is as if nobody had tried. */
	forged.signature[10] ^= 1;
	EXPECT_EQ(0, enclave_init_signer(fd, &forged));
	close(fd);
}

static void replaces(void *arg)
{
	struct race_swap *s = arg;

	memcpy(s->target, s->a, s->size);
}

/* b's good signature is replaced, once it was copied, by a's: it is b who asked. */
TEST(D3_dev_forced)
{
	struct enclave_signer a, b, target;
	struct race_swap s = { &target, &a, &b, sizeof(target), false };
	struct window_counts counts;
	struct window w;
	int fd;

	WINDOW_SKIP();
	ASSERT_EQ(0, policy_ab("for a { allow init; }"));
	fd = fresh();
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, sign_for(fd, KEY_A, 7, 3, &a));
	ASSERT_EQ(0, sign_for(fd, KEY_B, 7, 3, &b));
	ASSERT_EQ(0, window_begin(&w, "init_copied", replaces, &s));
	for (unsigned int i = 0; i < window_rounds(); i++) {
		target = b;
		ASSERT_EQ(-EACCES, enclave_init_signer(fd, &target))
			TH_LOG("round %u", i);
		window_settle(&w);
	}
	counts = window_end(&w);
	WINDOW_LOG(counts);
	EXPECT_LE(window_enough(), counts.acted);
	EXPECT_EQ(0, enclave_init_signer(fd, &a));
	close(fd);
}

TEST(D4_dev)
{
	struct enclave_signer *s = mmap(NULL, sizeof(*s), RW, MAP_PRIVATE |
					MAP_ANONYMOUS, -1, 0);
	int fd;

	ASSERT_NE(MAP_FAILED, (void *)s);
	ASSERT_EQ(0, policy_ab("for a { allow init; }"));
	ASSERT_EQ(0, records_begin());
	fd = fresh();
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, sign_for(fd, KEY_B, 7, 3, s));
	EXPECT_DENIED("init", enclave_init_signer(fd, s));
	ASSERT_EQ(0, sign_for(fd, KEY_A, 7, 3, s));
	EXPECT_EQ(0, enclave_init_signer(fd, s));
	close(fd);
}

TEST_F(init, D5_dev)
{
	int fd;

	EXPECT_DENIED("debug", enclave_new(PAGE, ENCLAVE_CREATE_DEBUG,
					   ENCLAVE_RW));
	EXPECT_DENIED("provision", enclave_new(PAGE, ENCLAVE_CREATE_PROVISION,
					       ENCLAVE_RW));
	/* One identity may: known at init only, and judged there. */
	ASSERT_EQ(0, policy_ab("for a { allow init, provision; }"
			       "for b { allow init; }"));
	fd = enclave_new(PAGE, ENCLAVE_CREATE_PROVISION, ENCLAVE_RW);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EACCES, enclave_init_pem(fd, KEY_B, 1, 1));
	EXPECT_NE(NULL, record_wait("provision"));
	EXPECT_EQ(0, enclave_init_pem(fd, KEY_A, 7, 3));
}

TEST_F(init, D6_dev)
{
	struct enclave_query_identity id;
	struct enclave_signer s;

	ASSERT_EQ(0, sign_for(self->fd, KEY_A, 7, 3, &s));
	s.signature[10] ^= 1;
	EXPECT_EQ(-EKEYREJECTED, enclave_init_signer(self->fd, &s));
	s.signature[10] ^= 1;
	s.statement.product ^= 1;
	EXPECT_GT(0, enclave_init_signer(self->fd, &s));
	s.statement.product ^= 1;
	EXPECT_DENIED("init", enclave_init(self->fd));
	ASSERT_EQ(0, enclave_identity(self->fd, &id));
	EXPECT_EQ(0, id.flags);
	/* It can still be loaded, and initialised rightly. */
	EXPECT_EQ(0, load_anon(self->fd, 0));
	EXPECT_EQ(0, enclave_init_pem(self->fd, KEY_A, 7, 3));
	ASSERT_EQ(0, enclave_identity(self->fd, &id));
	EXPECT_EQ(7, id.product);
	EXPECT_EQ(-EINVAL, enclave_init_pem(self->fd, KEY_A, 7, 3));
}

static int init_with(int fd, const struct enclave_init *arg)
{
	return ioctl(fd, ENCLAVE_IOC_INIT, arg) ? -errno : 0;
}

/* Part of what is signed is missing, too long, or nowhere. */
TEST_F(init, D12_dev)
{
	static const struct {
		size_t at;
		size_t size;
		uint64_t value;
		int err;
	} bad[] = {
#define BAD(member, value, err)						\
	{ offsetof(struct enclave_init, member),			\
	  sizeof(((struct enclave_init *)0)->member), value, err }
		BAD(statement, 0, EINVAL),
		BAD(key, 0, EINVAL),
		BAD(signature, 0, EINVAL),
		BAD(key_len, 0, EINVAL),
		BAD(key_len, ENCLAVE_KEY_MAX + 1, EINVAL),
		BAD(signature_len, 0, EINVAL),
		BAD(signature_len, ENCLAVE_SIGNATURE_MAX + 1, EINVAL),
		BAD(statement, 8, EFAULT),
		BAD(key, 8, EFAULT),
		BAD(signature, 8, EFAULT),
#undef BAD
	};
	struct enclave_query_identity id;
	struct enclave_init good, arg;
	struct enclave_signer s;

	ASSERT_EQ(0, sign_for(self->fd, KEY_A, 7, 3, &s));
	good = (struct enclave_init){
		.statement = (uintptr_t)&s.statement,
		.key = (uintptr_t)s.key,
		.signature = (uintptr_t)s.signature,
		.key_len = s.key_len,
		.signature_len = s.signature_len,
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		arg = good;
		memcpy((char *)&arg + bad[i].at, &bad[i].value, bad[i].size);
		EXPECT_EQ(-bad[i].err, init_with(self->fd, &arg))
			TH_LOG("case %zu", i);
		ASSERT_EQ(0, enclave_identity(self->fd, &id));
		EXPECT_EQ(0, id.flags);
	}
	EXPECT_EQ(-EFAULT, init_with(self->fd, (void *)8));
	EXPECT_EQ(0, init_with(self->fd, &good));
}

TEST_F(init, D7_dev)
{
	EXPECT_DENIED("init", enclave_init_pem(self->fd, KEY_A, 7, 2));
	EXPECT_DENIED("init", enclave_init_pem(self->fd, KEY_A, 8, 3));
	EXPECT_EQ(0, enclave_init_pem(self->fd, KEY_A, 7, 4));
}

/* The enclave is debug, whatever the signer states of it. */
TEST_F(init, D8_dev)
{
	struct enclave_signer s;
	int fd;

	ASSERT_EQ(0, policy_ab("for a { allow init; } for b { allow init, debug; }"));
	fd = enclave_new(PAGE, ENCLAVE_CREATE_DEBUG, ENCLAVE_RW);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, sign_for(fd, KEY_A, 7, 3, &s));
	EXPECT_GT(0, enclave_init_signer(fd, &s));
	EXPECT_DENIED("debug", enclave_init_pem(fd, KEY_A, 7, 3));
}

TEST_F(init, D9_dev)
{
	ASSERT_EQ(0, load_anon(self->fd, 0));
	EXPECT_DENIED("exec_unmeasured", load_unmeasured(self->fd, PAGE));
	EXPECT_EQ(0, enclave_init_pem(self->fd, KEY_A, 7, 3));
}

TEST_F(init, D10_dev)
{
	const char *record;

	ASSERT_EQ(0, load_anon(self->fd, 0));
	ASSERT_EQ(0, policy_ab("for a { allow init, exec_anon; }"
			       "for b { allow init, exec_anon; }"));
	EXPECT_EQ(-EACCES, load_anon(self->fd, PAGE));
	record = record_wait(NULL);
	EXPECT_TRUE(record_is(record, "reason", "policy_changed"));
	/* The old debt: only a had exec_anon then. */
	EXPECT_EQ(-EACCES, enclave_init_pem(self->fd, KEY_B, 1, 1));
	/* The new policy's init. */
	ASSERT_EQ(0, policy_ab("for b { allow init, exec_anon; }"));
	EXPECT_EQ(-EACCES, enclave_init_pem(self->fd, KEY_A, 7, 3));
	ASSERT_EQ(0, policy_ab("for a { allow init; }"));
	EXPECT_EQ(0, enclave_init_pem(self->fd, KEY_A, 7, 3));
}

TEST_F(init, D11_dev)
{
	const char *record;

	ASSERT_EQ(0, enforce(false));
	EXPECT_EQ(0, load_unmeasured(self->fd, 0));
	EXPECT_EQ(0, load_anon(self->fd, PAGE));
	ASSERT_EQ(0, enforce(true));
	EXPECT_EQ(-EACCES, enclave_init_pem(self->fd, KEY_A, 7, 3));
	do {
		record = record_wait(NULL);
		ASSERT_NE(NULL, record);
	} while (!record_is(record, "reason", "admitted_unjudged"));
}

TEST_HARNESS_MAIN
