// SPDX-License-Identifier: GPL-2.0-only
/*
 * EREPORT and EGETKEY on the software SGX: what is in a report, whose key verifies
 * it, which enclaves have a key in common, what is refused.
 *
 * TAP on stdout. Owns: enclaves that differ in one thing each. Any policy that lets
 * them be, or none.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "sgx.h"

#define CODE_FILE	"/opt/kselftest/sgx/keys-inside"

/* Pages: operands; to be restricted; RW, but mapped only R; what tells apart. */
#define PAGE_AT		SGX_ROWS_AT
#define LESS_AT		(SGX_ROWS_AT + SGX_PAGE)
#define READ_AT		(SGX_ROWS_AT + 2 * SGX_PAGE)
#define MARK_AT		(SGX_ROWS_AT + 3 * SGX_PAGE)

/* A TCS that many faults may leave. */
#define TCS_AT		(SGX_ROWS_AT + 4 * SGX_PAGE)
#define SSA_AT		(32 * SGX_PAGE)
#define SSA_FRAMES	24
#define SIZE		(64 * SGX_PAGE)

/* What is where in the first. */
enum {
	TARGET = 0, REQUEST = 512, REPORT = 1024, DATA = 1536, KEY = 1664,
};

/* SDM 38.15 to 38.17; key names as EGETKEY has them. */
struct targetinfo {
	uint8_t mrenclave[32];
	uint64_t attributes, xfrm;
	uint32_t reserved, misc;
	uint8_t rest[456];
} __attribute__((packed));

struct report {
	uint8_t cpusvn[16];
	uint32_t misc;
	uint8_t reserved1[28];
	uint64_t attributes, xfrm;
	uint8_t mrenclave[32], reserved2[32], mrsigner[32], reserved3[96];
	uint16_t product, svn;
	uint8_t reserved4[60], data[64], keyid[32], mac[16];
} __attribute__((packed));

struct request {
	uint16_t name, policy, svn, reserved;
	uint8_t cpusvn[16];
	uint64_t attributes, xfrm;
	uint8_t keyid[32];
	uint32_t misc;
	uint8_t rest[436];
} __attribute__((packed));

enum { EINITTOKEN_KEY, PROVISION_KEY, PROVISION_SEAL_KEY, REPORT_KEY, SEAL_KEY };
enum { MRENCLAVE = 1, MRSIGNER = 2 };
enum {
	INVALID_ATTRIBUTE = 2, INVALID_CPUSVN = 32, INVALID_ISVSVN = 64,
	INVALID_KEYNAME = 256,
};

#define INIT		1u
#define MODE64		4u

/* How an enclave is made, and what its first page holds. */
struct made {
	uint64_t attributes;
	uint16_t product, svn;
	uint8_t mark;
	struct sgx s;
	uint8_t sigstruct[SGX_SIGSTRUCT_SIZE];
	uint8_t page[SGX_PAGE];
};

static struct made one = { .product = 7, .svn = 3 };
static struct made twin = { .product = 7, .svn = 3 };
static struct made marked = { .product = 7, .svn = 3, .mark = 1 };
static struct made newer = { .product = 7, .svn = 4 };
static struct made product = { .product = 8, .svn = 3 };
static struct made debug = { .product = 7, .svn = 3, .attributes = SGX_DEBUG };
static struct made provision = {
	.product = 7, .svn = 3, .attributes = SGX_PROVISION,
};
static struct made stranger = { .product = 7, .svn = 3 };
static const char *key_file;
static int number;

static void result(bool good, const char *name)
{
	printf("%s %d - %s\n", good ? "ok" : "not ok", ++number, name);
	fflush(stdout);
}

static const void *code(void)
{
	int fd = open(CODE_FILE, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	if (fd < 0 || write(fd, sgx_code(), SGX_PAGE) != (ssize_t)SGX_PAGE)
		return MAP_FAILED;
	close(fd);
	fd = open(CODE_FILE, O_RDONLY | O_CLOEXEC);
	return mmap(NULL, SGX_PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
}

static int add(struct made *m, uint64_t at, unsigned int flags)
{
	static uint8_t page[SGX_PAGE] __attribute__((aligned(4096)));

	page[0] = at == MARK_AT ? m->mark : 0;
	return sgx_add(&m->s, page, at, SGX_PAGE, SGX_REG | flags, true, NULL);
}

static int load(struct made *m)
{
	int err = sgx_runnable(&m->s, code());

	if (!err)
		err = sgx_add_tcs(&m->s, TCS_AT, SSA_AT, SSA_FRAMES,
				  SGX_CODE_AT, SGX_DATA_AT + SGX_PAGE);
	for (int i = 0; i < SSA_FRAMES && !err; i++)
		err = add(m, SSA_AT + i * SGX_PAGE, SGX_R | SGX_W);
	for (uint64_t at = PAGE_AT; at < MARK_AT && !err; at += SGX_PAGE)
		err = add(m, at, SGX_R | SGX_W);
	return err ? err : add(m, MARK_AT, SGX_R);
}

static int map(const struct made *m)
{
	const int rw = PROT_READ | PROT_WRITE;
	int err = sgx_map_runnable(&m->s);

	if (!err)
		err = sgx_map(&m->s, PAGE_AT, 2 * SGX_PAGE, rw);
	if (!err)
		err = sgx_map(&m->s, READ_AT, SGX_PAGE, PROT_READ);
	if (!err)
		err = sgx_map(&m->s, TCS_AT, SGX_PAGE, rw);
	return err ? err : sgx_map(&m->s, SSA_AT, SSA_FRAMES * SGX_PAGE, rw);
}

static int make(struct made *m, const char *pem)
{
	const struct sgx_signed what = {
		.pem = pem, .product = m->product, .svn = m->svn,
		.attributes = m->attributes, .mask = ~0ull,
	};
	int err = sgx_new_size(&m->s, m->attributes, SIZE);

	if (!err)
		err = load(m);
	if (!err && m->attributes & SGX_PROVISION)
		err = sgx_provision(&m->s);
	if (!err)
		err = sgx_sign(&m->s, &what, m->sigstruct);
	if (!err)
		err = sgx_init_sigstruct(&m->s, m->sigstruct);
	return err ? err : map(m);
}

static int make_all(const char *pem, const char *other)
{
	struct made *all[] = {
		&one, &twin, &marked, &newer, &product, &debug, &provision,
	};
	int err = make(&stranger, other);

	for (size_t i = 0; i < sizeof(all) / sizeof(*all) && !err; i++)
		err = make(all[i], pem);
	return err;
}

/* Tell the enclave to execute a leaf on what is in its page now. */
static int leaf(struct made *m, unsigned int number, uint64_t rbx, uint64_t rcx,
		uint64_t rdx, uint64_t *error, struct sgx_fault *f)
{
	int err = sgx_copy_in(&m->s, PAGE_AT, m->page, f);

	if (!err)
		err = sgx_leaf(&m->s, number, rbx, rcx, rdx, error, f);
	return err ? err : sgx_copy(&m->s, PAGE_AT, m->page, f);
}

/* Ask for a report to @to. Return: 0 or -EFAULT. */
static int report(struct made *m, const struct made *to, struct report *r)
{
	struct targetinfo target = {
		.attributes = to->attributes | INIT | MODE64, .xfrm = 3,
	};
	uint64_t left;
	int err;

	memcpy(target.mrenclave, to->sigstruct + 960, 32);
	memcpy(m->page + TARGET, &target, sizeof(target));
	memset(m->page + REPORT, 0xee, sizeof(*r));
	for (int i = 0; i < 64; i++)
		m->page[DATA + i] = 3 * i;
	err = leaf(m, SGX_EREPORT, PAGE_AT + TARGET, PAGE_AT + DATA,
		   PAGE_AT + REPORT, &left, NULL);
	memcpy(r, m->page + REPORT, sizeof(*r));
	/* It leaves nothing in RAX. */
	return err || left == SGX_EREPORT ? err : -EIO;
}

/* Ask for a key. Return: 0, the leaf's error code, or -EFAULT. */
static int get_key(struct made *m, const struct request *r, uint8_t key[16])
{
	uint64_t error;
	int err;

	memcpy(m->page + REQUEST, r, sizeof(*r));
	memset(m->page + KEY, 0, 16);
	err = leaf(m, SGX_EGETKEY, PAGE_AT + REQUEST, PAGE_AT + KEY, 0, &error,
		   NULL);
	memcpy(key, m->page + KEY, 16);
	return err ? err : (int)error;
}

static bool is_zero(const void *p, size_t n)
{
	const uint8_t *byte = p;

	while (n && !byte[n - 1])
		n--;
	return !n;
}

/* The report says who the enclave is. */
static bool tells(void)
{
	char digits[65], mrsigner[65];
	struct report r;

	if (report(&one, &one, &r) || sgx_signer(key_file, digits))
		return false;
	for (int i = 0; i < 32; i++)
		sprintf(mrsigner + 2 * i, "%02x", r.mrsigner[i]);
	return !memcmp(r.mrenclave, one.sigstruct + 960, 32) &&
	       !strcmp(mrsigner, digits) && r.product == 7 && r.svn == 3 &&
	       r.attributes == (INIT | MODE64) && r.xfrm == 3 && !r.misc &&
	       !memcmp(r.data, one.page + DATA, 64) &&
	       is_zero(r.reserved1, sizeof(r.reserved1)) &&
	       is_zero(r.reserved2, sizeof(r.reserved2)) &&
	       is_zero(r.reserved3, sizeof(r.reserved3)) &&
	       is_zero(r.reserved4, sizeof(r.reserved4));
}

/* Is the report's MAC that of @m's report key? */
static bool verifies(struct made *m, const struct report *r)
{
	struct request request = { .name = REPORT_KEY };
	uint8_t key[16], mac[16];
	size_t length = 0;

	memcpy(request.keyid, r->keyid, sizeof(request.keyid));
	return !get_key(m, &request, key) && !is_zero(key, 16) &&
	       EVP_Q_mac(NULL, "CMAC", NULL, "AES-128-CBC", NULL, key, 16,
			 (const void *)r, 384, mac, sizeof(mac), &length) &&
	       length == 16 && !memcmp(mac, r->mac, 16);
}

static bool verified(void)
{
	struct report r;

	if (report(&one, &one, &r) || !verifies(&one, &r) ||
	    !verifies(&twin, &r))
		return false;
	r.svn++;
	return !verifies(&one, &r);
}

/* Who it is for is who can verify it. */
static bool for_another(void)
{
	struct report r;

	return !report(&one, &marked, &r) && verifies(&marked, &r) &&
	       !verifies(&one, &r) && !report(&one, &debug, &r) &&
	       verifies(&debug, &r) && !verifies(&one, &r);
}

static const struct request seal = {
	.name = SEAL_KEY, .svn = 3, .cpusvn = { 2, 1 }, .attributes = ~0ull,
	.xfrm = ~0ull, .misc = ~0u,
};

/* Do two enclaves get the same, by this request? -1: one gets none. */
static int common(struct made *a, struct made *b, const struct request *r)
{
	uint8_t x[16], y[16];

	if (get_key(a, r, x) || get_key(b, r, y) || is_zero(x, 16))
		return -1;
	return !memcmp(x, y, 16);
}

static bool by_signer(void)
{
	struct request r = seal;

	r.policy = MRSIGNER;
	return common(&one, &twin, &r) == 1 && common(&one, &marked, &r) == 1 &&
	       common(&one, &newer, &r) == 1 &&
	       common(&one, &product, &r) == 0 &&
	       common(&one, &debug, &r) == 0 &&
	       common(&one, &stranger, &r) == 0;
}

static bool by_measurement(void)
{
	struct request r = seal;

	r.policy = MRENCLAVE;
	return common(&one, &twin, &r) == 1 &&
	       common(&one, &marked, &r) == 0 &&
	       common(&one, &stranger, &r) == 1 &&
	       common(&one, &debug, &r) == 0;
}

/* DEBUG counts whatever the mask; what else the mask leaves out does not. */
static bool masked(void)
{
	struct request r = seal;

	r.policy = MRSIGNER;
	r.attributes = 0;
	return common(&one, &debug, &r) == 0 &&
	       common(&one, &provision, &r) == 1 &&
	       common(&one, &provision, &seal) == 0;
}

/* A key differs by everything that the request may choose. */
static bool by_request(void)
{
	struct request r[8];
	uint8_t key[8][16];

	for (int i = 0; i < 8; i++) {
		r[i] = seal;
		r[i].policy = MRSIGNER;
	}
	r[1].svn--;
	r[2].cpusvn[0]--;
	r[3].keyid[31] = 1;
	r[4].attributes &= ~1ull << 40;
	r[5].xfrm = 1;
	r[6].misc = 0;
	r[7].policy = MRSIGNER | MRENCLAVE;
	for (int i = 0; i < 8; i++) {
		if (get_key(&one, &r[i], key[i]))
			return false;
		for (int k = 0; k < i; k++)
			if (!memcmp(key[i], key[k], 16))
				return false;
	}
	return true;
}

/* An attribute is needed; neither KEYID nor measurement count. */
static bool provisioned(void)
{
	struct request r = seal, id = seal;
	uint8_t a[16], b[16], c[16];

	r.name = PROVISION_KEY;
	id.name = PROVISION_KEY;
	id.keyid[0] = 1;
	if (get_key(&one, &r, a) != INVALID_ATTRIBUTE ||
	    get_key(&provision, &r, a) || get_key(&provision, &id, b))
		return false;
	r.name = PROVISION_SEAL_KEY;
	return get_key(&one, &r, c) == INVALID_ATTRIBUTE &&
	       !get_key(&provision, &r, c) && !memcmp(a, b, 16) &&
	       memcmp(a, c, 16);
}

static bool refused(void)
{
	struct request name = seal, cpusvn = seal, svn = seal, launch = seal;
	uint8_t key[16];

	name.name = SEAL_KEY + 1;
	cpusvn.cpusvn[15] = 1;
	svn.svn = 4;
	launch.name = EINITTOKEN_KEY;
	return get_key(&one, &name, key) == INVALID_KEYNAME &&
	       get_key(&one, &cpusvn, key) == INVALID_CPUSVN &&
	       get_key(&one, &svn, key) == INVALID_ISVSVN &&
	       get_key(&newer, &svn, key) == 0 &&
	       get_key(&one, &launch, key) == INVALID_ATTRIBUTE &&
	       is_zero(key, 16);
}

/* Does the leaf fault so? */
static bool faults(unsigned int number, uint64_t rbx, uint64_t rcx, uint64_t rdx,
		   int vector, unsigned int error_code)
{
	struct sgx_fault f;
	uint64_t error;

	return leaf(&one, number, rbx, rcx, rdx, &error, &f) == -EFAULT &&
	       f.vector == vector && (vector != 14 || f.code == error_code);
}

static bool malformed(struct request r)
{
	memcpy(one.page + REQUEST, &r, sizeof(r));
	return faults(SGX_EGETKEY, PAGE_AT + REQUEST, PAGE_AT + KEY, 0, 13, 0);
}

static bool reserved(void)
{
	struct request policy = seal, kss = seal, middle = seal, end = seal;

	policy.policy = 1u << 15;
	kss.policy = 4;
	middle.reserved = 1;
	end.rest[435] = 1;
	return malformed(policy) && malformed(kss) && malformed(middle) &&
	       malformed(end);
}

static bool misplaced(void)
{
	const uint64_t t = PAGE_AT + TARGET, d = PAGE_AT + DATA,
		       r = PAGE_AT + REPORT, q = PAGE_AT + REQUEST,
		       k = PAGE_AT + KEY, out = SIZE;

	memcpy(one.page + REQUEST, &seal, sizeof(seal));
	return faults(SGX_EREPORT, t + 256, d, r, 13, 0) &&
	       faults(SGX_EREPORT, t, d + 64, r, 13, 0) &&
	       faults(SGX_EREPORT, t, d, r + 256, 13, 0) &&
	       faults(SGX_EREPORT, out, d, r, 13, 0) &&
	       faults(SGX_EREPORT, t, out, r, 13, 0) &&
	       faults(SGX_EREPORT, t, d, out, 13, 0) &&
	       faults(SGX_EGETKEY, q + 256, k, 0, 13, 0) &&
	       faults(SGX_EGETKEY, q, k + 8, 0, 13, 0) &&
	       faults(SGX_EGETKEY, out, k, 0, 13, 0) &&
	       faults(SGX_EGETKEY, q, out, 0, 13, 0);
}

/* Present, user, write; with the SGX bit where it is the enclave that forbids. */
static bool unusable(void)
{
	const uint64_t d = PAGE_AT + DATA, q = PAGE_AT + REQUEST;
	uint64_t error;

	memcpy(one.page + REQUEST, &seal, sizeof(seal));
	if (sgx_restrict(&one.s, LESS_AT, SGX_PAGE, SGX_R) ||
	    sgx_enclu(&one.s, SGX_EACCEPT, SGX_REG | SGX_R | SGX_PR, LESS_AT, 0,
		      &error, NULL) || error)
		return false;
	return faults(SGX_EREPORT, PAGE_AT, d, READ_AT, 14, 7) &&
	       faults(SGX_EGETKEY, q, READ_AT, 0, 14, 7) &&
	       faults(SGX_EGETKEY, q, SGX_CODE_AT, 0, 14, 7) &&
	       faults(SGX_EREPORT, PAGE_AT, d, LESS_AT, 14, 0x8007) &&
	       faults(SGX_EGETKEY, q, LESS_AT, 0, 14, 0x8007) &&
	       faults(SGX_EREPORT, TCS_AT, d, PAGE_AT + REPORT, 14, 0x8005);
}

int main(int argc, char **argv)
{
	int err = argc == 3 ? make_all(argv[1], argv[2]) : -EINVAL;

	key_file = argv[1];
	printf("1..12\n");
	result(!err, "enclaves are built");
	if (err) {
		printf("Bail out! %s\n", strerror(-err));
		return 1;
	}
	result(tells(), "a report says who the enclave is");
	result(verified(), "its MAC is that of the target's report key");
	result(for_another(), "nobody but the target can verify it");
	result(by_signer(), "a seal key of the signer");
	result(by_measurement(), "a seal key of the measurement");
	result(masked(), "attributes that are masked out do not count");
	result(by_request(), "a key is of its request");
	result(provisioned(), "provisioning keys need the attribute");
	result(refused(), "a key is refused with the error code");
	result(reserved() && misplaced(), "operands are well-formed and inside");
	result(unusable(), "operands are the enclave's to use so");
	return 0;
}
