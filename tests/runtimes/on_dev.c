// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Steps on /dev/enclave, where the process itself is what runs in the enclave.
 *
 * That device maps nothing executable before init, and nothing at all before
 * create: what is mapped by then is mapped right after init, as it stands. Steps
 * of the enclave on its own pages (EMODPE, EACCEPT of what the kernel changed)
 * and restrictions, which are for ever there, are left out.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "enclave.h"
#include "replay.h"

#define UNMAPPED (-1)

static const struct script *script;
static const char *key;
static uint8_t *base;
static int fd;
static bool initialized;
static int planned[SCRIPT_PAGES]; /* permissions by page, or UNMAPPED */

static int open_dev(const struct script *s, const char *pem)
{
	script = s;
	key = pem;
	for (uint32_t i = 0; i < SCRIPT_PAGES; i++)
		planned[i] = UNMAPPED;
	base = mmap(NULL, s->size * PAGE, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (base == MAP_FAILED)
		return -errno;
	fd = enclave_open();
	return fd < 0 ? fd : 0;
}

static int create(const struct step *s)
{
	(void)s;
	return enclave_create(fd, script->size * PAGE, 0, 0);
}

static int load(const struct step *s, const void *src, uint32_t at,
		uint32_t pages)
{
	uint32_t step = s->single ? 1 : pages;
	int err = 0;

	for (uint32_t i = 0; i < pages && !err; i += step)
		err = enclave_load(fd, (const uint8_t *)src + i * PAGE,
				   (at + i) * PAGE, step * PAGE, s->prot,
				   s->unmeasured ? 0 : ENCLAVE_LOAD_F_MEASURE,
				   NULL);
	return err;
}

static int add(const struct step *s)
{
	return source_load(script->code, s, load);
}

static int tcs(const struct step *s)
{
	static const uint8_t page[PAGE] __attribute__((aligned(4096)));

	return enclave_load(fd, page, s->at * PAGE, PAGE, ENCLAVE_RW,
			    ENCLAVE_LOAD_F_MEASURE | ENCLAVE_LOAD_F_TCS, NULL);
}

static int map_pages(uint32_t at, uint32_t pages, int prot)
{
	return mmap(base + at * PAGE, pages * PAGE, prot,
		    MAP_SHARED | MAP_FIXED, fd, at * PAGE) == MAP_FAILED ?
		       -errno :
		       0;
}

static int map(const struct step *s)
{
	if (initialized)
		return map_pages(s->at, s->pages, s->prot);
	for (uint32_t i = 0; i < s->pages; i++)
		planned[s->at + i] = s->prot;
	return 0;
}

static int map_planned(void)
{
	uint32_t at = 0, end;
	int err = 0;

	while (at < script->size && !err) {
		for (end = at + 1;
		     end < script->size && planned[end] == planned[at]; end++)
			;
		if (planned[at] != UNMAPPED)
			err = map_pages(at, end - at, planned[at]);
		at = end;
	}
	return err;
}

static int init(const struct step *s)
{
	int err = enclave_init_pem(fd, key, SIGNED_PRODUCT, SIGNED_SVN);

	(void)s;
	if (err)
		return err;
	initialized = true;
	return map_planned();
}

static int protect(const struct step *s)
{
	if (!initialized)
		return map(s);
	return mprotect(base + s->at * PAGE, s->pages * PAGE, s->prot) ?
		       -errno :
		       0;
}

static int unmap(const struct step *s)
{
	return munmap(base + s->at * PAGE, s->pages * PAGE) ? -errno : 0;
}

static sigjmp_buf escape;

static void caught(int sig)
{
	siglongjmp(escape, sig);
}

static void catch_faults(void)
{
	const struct sigaction sa = { .sa_handler = caught };

	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	sigaction(SIGTRAP, &sa, NULL);
}

static int call(const struct step *s, uint64_t *value)
{
	unsigned int (*code)(void);
	void *at = base + s->at * PAGE;

	catch_faults();
	memcpy(&code, &at, sizeof(code));
	if (sigsetjmp(escape, 1))
		return -EFAULT;
	*value = code();
	return 0;
}

static int store(uint8_t *to, const uint8_t *bytes, size_t len)
{
	catch_faults();
	if (sigsetjmp(escape, 1))
		return -EFAULT;
	for (size_t i = 0; i < len; i++)
		((volatile uint8_t *)to)[i] = bytes[i];
	return memcmp(to, bytes, len) ? -EIO : 0;
}

static int poke(const struct step *s)
{
	return store(base + s->at * PAGE + 100, (const uint8_t *)"Z", 1);
}

static int write_code(const struct step *s)
{
	uint8_t page[PAGE];

	code_page(s->file_page, page);
	return store(base + s->at * PAGE, page, CODE_BYTES);
}

static int add_dynamic(const struct step *s)
{
	return enclave_add(fd, s->at * PAGE, s->pages * PAGE, ENCLAVE_RWX,
			   NULL);
}

static int remove_pages(const struct step *s)
{
	return enclave_remove(fd, s->at * PAGE, s->pages * PAGE, NULL);
}

static int signer(const char *pem, char digits[65])
{
	const struct enclave_statement nothing = { .product = 0 };
	struct enclave_signer out;
	int err = enclave_sign(pem, &nothing, &out);

	for (int i = 0; i < 32 && !err; i++)
		sprintf(digits + 2 * i, "%02x", out.signer[i]);
	return err;
}

const struct provider provider_dev = {
	.name = "dev",
	.open = open_dev,
	.run = {
		[OP_CREATE] = create,	  [OP_ADD] = add,
		[OP_TCS] = tcs,		  [OP_INIT] = init,
		[OP_MAP] = map,		  [OP_PROTECT] = protect,
		[OP_UNMAP] = unmap,	  [OP_POKE] = poke,
		[OP_WRITE] = write_code,  [OP_ACCEPT] = add_dynamic,
		[OP_COPY] = add_dynamic,  [OP_REMOVE] = remove_pages,
	},
	.call = call,
	.signer = signer,
};
