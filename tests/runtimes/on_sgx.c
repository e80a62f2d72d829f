// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Steps on /dev/sgx_enclave. What an enclave does itself (EACCEPT and the like)
 * its code is told to do.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "replay.h"
#include "sgx.h"

static struct sgx sgx;
static const struct script *script;
static const char *key;

static int open_sgx(const struct script *s, const char *pem)
{
	script = s;
	key = pem;
	return sgx_open(&sgx, s->size * PAGE);
}

static int create(const struct step *s)
{
	(void)s;
	return sgx_create(&sgx, 0);
}

/* SECINFO permissions are those of mappings, in other bits. */
static unsigned int secinfo(uint32_t prot)
{
	if (prot == PROT_TRIM)
		return SGX_TRIM;
	return SGX_REG | (prot & PROT_READ ? SGX_R : 0) |
	       (prot & PROT_WRITE ? SGX_W : 0) | (prot & PROT_EXEC ? SGX_X : 0);
}

static int load(const struct step *s, const void *src, uint32_t at,
		uint32_t pages)
{
	uint32_t step = s->single ? 1 : pages;
	int err = 0;

	for (uint32_t i = 0; i < pages && !err; i += step)
		err = sgx_add(&sgx, (const uint8_t *)src + i * PAGE,
			      (at + i) * PAGE, step * PAGE, secinfo(s->prot),
			      !s->unmeasured, NULL);
	return err;
}

static int add(const struct step *s)
{
	return source_load(script->code, s, load);
}

static int tcs(const struct step *s)
{
	return sgx_add_tcs(&sgx, s->at * PAGE, s->other[0] * PAGE, s->count,
			   s->other[1] * PAGE, (s->other[2] + 1) * PAGE);
}

static int init(const struct step *s)
{
	const struct sgx_signed what = {
		.pem = key,
		.product = SIGNED_PRODUCT,
		.svn = SIGNED_SVN,
		.attributes = sgx.attributes,
		.mask = ~0ull,
	};
	uint8_t sigstruct[SGX_SIGSTRUCT_SIZE];
	int err = sgx_sign(&sgx, &what, sigstruct);

	(void)s;
	return err ? err : sgx_init_sigstruct(&sgx, sigstruct);
}

static int map(const struct step *s)
{
	return sgx_map(&sgx, s->at * PAGE, s->pages * PAGE, s->prot);
}

static int protect(const struct step *s)
{
	return mprotect(sgx_at(&sgx, s->at * PAGE), s->pages * PAGE, s->prot) ?
		       -errno :
		       0;
}

static int unmap(const struct step *s)
{
	return munmap(sgx_at(&sgx, s->at * PAGE), s->pages * PAGE) ? -errno : 0;
}

static int call(const struct step *s, uint64_t *value)
{
	return sgx_call(&sgx, s->at * PAGE, value, NULL);
}

static int poke(const struct step *s)
{
	uint8_t value = 0;
	int err = sgx_poke(&sgx, s->at * PAGE + 100, 0x5a, NULL);

	if (!err)
		err = sgx_peek(&sgx, s->at * PAGE + 100, &value, NULL);
	return err ? err : value == 0x5a ? 0 : -EIO;
}

static int write_code(const struct step *s)
{
	uint8_t page[PAGE];
	int err = 0;

	code_page(s->file_page, page);
	for (unsigned int i = 0; i < CODE_BYTES && !err; i++)
		err = sgx_poke(&sgx, s->at * PAGE + i, page[i], NULL);
	return err;
}

/* A leaf of ENCLU on each page of the step. */
static int leaf(const struct step *s, unsigned int which, unsigned int flags)
{
	uint64_t error;
	int err = 0;

	for (uint32_t i = 0; i < s->pages && !err; i++) {
		err = sgx_enclu(&sgx, which, flags, (s->at + i) * PAGE,
				(s->other[0] + i) * PAGE, &error, NULL);
		if (!err && error)
			err = -EIO;
	}
	return err;
}

static int accept(const struct step *s)
{
	return leaf(s, SGX_EACCEPT, SGX_REG | SGX_R | SGX_W | SGX_PENDING);
}

static int copy(const struct step *s)
{
	return leaf(s, SGX_EACCEPTCOPY, secinfo(s->prot));
}

static int extend(const struct step *s)
{
	return leaf(s, SGX_EMODPE, secinfo(s->prot));
}

static int restrict_to(const struct step *s)
{
	return sgx_restrict(&sgx, s->at * PAGE, s->pages * PAGE,
			    secinfo(s->prot) & ~SGX_REG);
}

static int agree(const struct step *s)
{
	return leaf(s, SGX_EACCEPT,
		    secinfo(s->prot) |
			    (s->prot == PROT_TRIM ? SGX_MODIFIED : SGX_PR));
}

static int trim(const struct step *s)
{
	return sgx_modify(&sgx, s->at * PAGE, s->pages * PAGE, SGX_TRIM);
}

static int remove_pages(const struct step *s)
{
	return sgx_remove(&sgx, s->at * PAGE, s->pages * PAGE);
}

const struct provider provider_sgx = {
	.name = "sgx",
	.open = open_sgx,
	.run = {
		[OP_CREATE] = create,	  [OP_ADD] = add,
		[OP_TCS] = tcs,		  [OP_INIT] = init,
		[OP_MAP] = map,		  [OP_PROTECT] = protect,
		[OP_UNMAP] = unmap,	  [OP_POKE] = poke,
		[OP_WRITE] = write_code,  [OP_ACCEPT] = accept,
		[OP_COPY] = copy,	  [OP_EXTEND] = extend,
		[OP_RESTRICT] = restrict_to, [OP_AGREE] = agree,
		[OP_TRIM] = trim,	  [OP_REMOVE] = remove_pages,
	},
	.call = call,
	.signer = sgx_signer,
};
