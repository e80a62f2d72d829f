// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who an enclave file is; see identity.h: a SIGSTRUCT alone (also Gramine's
 * .sig), one inside an ELF file (Intel SDK: .note.sgxmeta; Open Enclave:
 * .oeinfo), or the pages to be measured (SGXS).
 */
#include <string.h>
#include <libelf.h>
#include <gelf.h>
#include <openssl/evp.h>

#include "identity.h"

/* SGXS: records of 64 bytes as the processor measures them. */
#define SGXS_RECORD 64
#define SGXS_CHUNK 256

static bool add_sigstruct(struct findings *f, const char *kind,
			  const uint8_t *p)
{
	struct found *one = &f->found[f->count];

	if (f->count == sizeof(f->found) / sizeof(f->found[0]))
		return false;
	one->kind = kind;
	one->is_signed = true;
	if (sigstruct_read(p, &one->s))
		return false;
	/* A file may hold its statement once per version of its metadata. */
	for (size_t i = 0; i < f->count; i++)
		if (!memcmp(&f->found[i].s, &one->s, sizeof(one->s)))
			return true;
	f->count++;
	return true;
}

/* Every SIGSTRUCT of a section. */
static void search(struct findings *f, const char *kind, const uint8_t *p,
		   size_t size)
{
	for (size_t at = 0; at + SIGSTRUCT_SIZE <= size; at++)
		if (sigstruct_is(p + at, size - at) &&
		    !add_sigstruct(f, kind, p + at))
			return;
}

static const char *kind_of_section(const char *name)
{
	if (name && !strcmp(name, ".note.sgxmeta"))
		return "Intel SDK enclave";
	if (name && !strcmp(name, ".oeinfo"))
		return "Open Enclave enclave";
	return NULL;
}

/* Return: NULL, or why there is nothing to be found. */
static const char *read_elf(const void *file, size_t size, struct findings *f)
{
	const char *why =
		"an ELF file, but no enclave of the Intel SDK or Open Enclave";
	Elf_Scn *section = NULL;
	size_t names;
	Elf *elf;

	elf = elf_version(EV_CURRENT) == EV_NONE ?
		      NULL :
		      elf_memory((char *)file, size);
	if (!elf || elf_getshdrstrndx(elf, &names) || !elf_getscn(elf, names)) {
		elf_end(elf);
		return "a damaged ELF file";
	}
	while ((section = elf_nextscn(elf, section))) {
		const char *kind;
		Elf_Data *data;
		GElf_Shdr head;

		if (!gelf_getshdr(section, &head))
			continue;
		kind = kind_of_section(elf_strptr(elf, names, head.sh_name));
		if (!kind)
			continue;
		why = "an enclave that nobody signed";
		data = elf_rawdata(section, NULL);
		if (data && data->d_buf)
			search(f, kind, data->d_buf, data->d_size);
	}
	elf_end(elf);
	return f->count ? NULL : why;
}

/* Return: NULL, or what is wrong. What is unmeasured does not count. */
static const char *measure_sgxs(const uint8_t *p, size_t size,
				struct findings *f)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const char *why = NULL;
	unsigned int len;
	size_t at = 0, step;

	if (!ctx || !EVP_DigestInit_ex(ctx, EVP_sha256(), NULL))
		why = "out of memory";
	while (!why && at < size) {
		const uint8_t *tag = p + at;
		bool extend, unmeasured;

		if (size - at < SGXS_RECORD) {
			why = "an SGXS file that ends in the middle";
			break;
		}
		extend = !memcmp(tag, "EEXTEND", 8);
		unmeasured = !memcmp(tag, "UNMEASRD", 8);
		step = SGXS_RECORD + (extend || unmeasured ? SGXS_CHUNK : 0);
		if (!extend && !unmeasured && memcmp(tag, "EADD\0\0\0", 8) &&
		    (at || memcmp(tag, "ECREATE", 8)))
			why = "an SGXS file with a record that has no meaning";
		else if (size - at < step)
			why = "an SGXS file that ends in the middle";
		else if (!unmeasured)
			EVP_DigestUpdate(ctx, p + at, step);
		at += step;
	}
	if (!why && EVP_DigestFinal_ex(ctx, f->found[0].s.measurement, &len)) {
		f->found[0].kind = "SGXS, unsigned";
		f->count = 1;
	}
	EVP_MD_CTX_free(ctx);
	return why;
}

const char *identity_find(const void *data, size_t size, struct findings *f)
{
	const uint8_t *p = data;

	if (size >= 4 && !memcmp(p, ELFMAG, 4))
		return read_elf(p, size, f);
	if (size == SIGSTRUCT_SIZE && sigstruct_is(p, size)) {
		add_sigstruct(f, "SIGSTRUCT", p);
		return f->count ? NULL : "out of memory";
	}
	if (size >= SGXS_RECORD && !memcmp(p, "ECREATE", 8))
		return measure_sgxs(p, size, f);
	if (size >= SGXS_RECORD && !memcmp(p, "UNSIZED", 8))
		return "an SGXS file without its size: no measurement follows from it";
	return "neither a SIGSTRUCT, nor an SGXS file, nor an ELF file";
}
