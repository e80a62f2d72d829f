// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx identity: who an enclave file is, and a rule to paste.
 *
 * Owns: where files of the runtimes keep it: a SIGSTRUCT alone (also Gramine's
 * .sig), one inside an ELF file (Intel SDK: .note.sgxmeta; Open Enclave:
 * .oeinfo), or the pages to be measured (SGXS).
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <libelf.h>
#include <gelf.h>
#include <openssl/evp.h>

#include "sigstruct.h"
#include "tool.h"
#include "../../libewx/public_keys.h"

#define FILE_MAX ((size_t)1 << 30)

/* SGXS: records of 64 bytes as the processor measures them. */
#define SGXS_RECORD 64
#define SGXS_CHUNK 256

/**
 * struct found - an identity of a file.
 * @kind: what kind of file it is
 * @is_signed: @s is filled; else only the measurement
 */
struct found {
	const char *kind;
	bool is_signed;
	struct sigstruct s;
};

/** struct findings - of one file. */
struct findings {
	struct found found[4];
	size_t count;
};

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
static const char *read_elf(const struct bytes *b, struct findings *f)
{
	const char *why = "an ELF file, but no enclave of the Intel SDK or Open Enclave";
	Elf_Scn *section = NULL;
	size_t names;
	Elf *elf;

	elf = elf_version(EV_CURRENT) == EV_NONE ?
		      NULL :
		      elf_memory(b->data, b->size);
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
static const char *measure_sgxs(const struct bytes *b, struct findings *f)
{
	const uint8_t *p = (const uint8_t *)b->data;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	const char *why = NULL;
	unsigned int len;
	size_t at = 0, step;

	if (!ctx || !EVP_DigestInit_ex(ctx, EVP_sha256(), NULL))
		why = "out of memory";
	while (!why && at < b->size) {
		const char *tag = b->data + at;
		bool extend, unmeasured;

		if (b->size - at < SGXS_RECORD) {
			why = "an SGXS file that ends in the middle";
			break;
		}
		extend = !memcmp(tag, "EEXTEND", 8);
		unmeasured = !memcmp(tag, "UNMEASRD", 8);
		step = SGXS_RECORD + (extend || unmeasured ? SGXS_CHUNK : 0);
		if (!extend && !unmeasured && memcmp(tag, "EADD\0\0\0", 8) &&
		    (at || memcmp(tag, "ECREATE", 8)))
			why = "an SGXS file with a record that has no meaning";
		else if (b->size - at < step)
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

static const char *find(const struct bytes *b, struct findings *f)
{
	const uint8_t *p = (const uint8_t *)b->data;

	if (b->size >= 4 && !memcmp(b->data, ELFMAG, 4))
		return read_elf(b, f);
	if (b->size == SIGSTRUCT_SIZE && sigstruct_is(p, b->size)) {
		add_sigstruct(f, "SIGSTRUCT", p);
		return f->count ? NULL : "out of memory";
	}
	if (b->size >= SGXS_RECORD && !memcmp(b->data, "ECREATE", 8))
		return measure_sgxs(b, f);
	if (b->size >= SGXS_RECORD && !memcmp(b->data, "UNSIZED", 8))
		return "an SGXS file without its size: no measurement follows from it";
	return "neither a SIGSTRUCT, nor an SGXS file, nor an ELF file";
}

static const char *hex(const uint8_t digest[32], char out[80])
{
	char *at = out + sprintf(out, "sha256:");

	for (int i = 0; i < 32; i++)
		at += sprintf(at, "%02x", digest[i]);
	return out;
}

/* "yes", "no", or "either": the enclave's builder chooses. */
static const char *attribute(const struct sigstruct *s, uint64_t bit)
{
	if (!(s->flags_mask & bit))
		return "either";
	return s->flags & bit ? "yes" : "no";
}

/* A name for the identity, from that of the file. */
static void print_name(const char *path)
{
	const char *base = strrchr(path, '/');
	size_t n = 0;

	base = base ? base + 1 : path;
	if (!isalpha((unsigned char)*base))
		putchar('_');
	for (; *base && *base != '.' && n < 100; base++, n++)
		putchar(isalnum((unsigned char)*base) ? *base : '_');
}

static void print_rule(const char *path, const struct found *one)
{
	const struct sigstruct *s = &one->s;
	char text[80];

	printf("\nidentity ");
	print_name(path);
	if (!one->is_signed) {
		printf(" {\n\tmeasurement %s;\n}\n", hex(s->measurement, text));
		return;
	}
	printf(" {\n\tsigner %s%s;\n\tproduct %u;\n\tmin-svn %u;\n",
	       ewx_public_key(s->signer) ? "public " : "",
	       hex(s->signer, text), s->product, s->svn);
	if (!(s->flags_mask & s->flags & SGX_ATTRIBUTE_DEBUG))
		puts("\tattributes 0 mask debug;");
	printf("\t# Only this build: measurement %s;\n}\n",
	       hex(s->measurement, text));
}

static void print_found(const struct tool *t, const char *path,
			const struct found *one)
{
	const struct sigstruct *s = &one->s;
	const char *whose = ewx_public_key(s->signer);
	char text[80];

	printf("%sfile%s         ", tool_colour(t, BOLD), tool_colour(t, PLAIN));
	ewx_print_safe(stdout, path, 0);
	printf(" (%s)\nmeasurement  %s\n", one->kind,
	       hex(s->measurement, text));
	if (one->is_signed) {
		printf("signer       %s\n", hex(s->signer, text));
		if (whose)
			printf("             this key is public: %s\n", whose);
		printf("signature    %s\n",
		       s->valid ? "valid" : "NOT VALID: no processor accepts it");
		printf("product      %u\nsvn          %u\n", s->product, s->svn);
		printf("debug        %s\nprovision    %s\n",
		       attribute(s, SGX_ATTRIBUTE_DEBUG),
		       attribute(s, SGX_ATTRIBUTE_PROVISION));
		printf("attributes   0x%llx mask 0x%llx\n",
		       (unsigned long long)s->flags,
		       (unsigned long long)s->flags_mask);
		printf("xfrm         0x%llx mask 0x%llx\n",
		       (unsigned long long)s->xfrm,
		       (unsigned long long)s->xfrm_mask);
		printf("date         %04x-%02x-%02x\n", s->date >> 16,
		       s->date >> 8 & 0xff, s->date & 0xff);
	}
	print_rule(path, one);
}

/* 64 bits are more than a number of JSON is sure to hold. */
static void set_hex(json_t *o, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%llx", (unsigned long long)value);
	json_object_set_new(o, key, json_string(text));
}

static json_t *found_json(const struct found *one)
{
	const struct sigstruct *s = &one->s;
	json_t *o = json_object();
	char text[80];

	json_object_set_new(o, "kind", json_string(one->kind));
	json_object_set_new(o, "measurement",
			    json_string(hex(s->measurement, text)));
	if (!one->is_signed)
		return o;
	json_object_set_new(o, "signer", json_string(hex(s->signer, text)));
	if (ewx_public_key(s->signer))
		json_object_set_new(o, "public_key",
				    json_string(ewx_public_key(s->signer)));
	json_object_set_new(o, "valid", json_boolean(s->valid));
	json_object_set_new(o, "product", json_integer(s->product));
	json_object_set_new(o, "svn", json_integer(s->svn));
	set_hex(o, "flags", s->flags);
	set_hex(o, "flags_mask", s->flags_mask);
	set_hex(o, "xfrm", s->xfrm);
	set_hex(o, "xfrm_mask", s->xfrm_mask);
	return o;
}

static int identity_json(const struct tool *t, const char *path,
			 const struct findings *f)
{
	json_t *all = json_object(), *list = json_array();

	for (size_t i = 0; i < f->count; i++)
		json_array_append_new(list, found_json(&f->found[i]));
	json_object_set_new(all, "file", tool_json_string(path));
	json_object_set_new(all, "identities", list);
	return tool_json(t, all);
}

int cmd_identity(struct tool *t, int argc, char **argv)
{
	struct findings f = { 0 };
	const char *why;
	struct bytes b;
	int ret = EXIT_OK;

	if (argc != 1)
		return tool_usage(t, "identity needs one file");
	if (file_read(argv[0], FILE_MAX, &b))
		return tool_error(t, "%s: %s", argv[0], strerror(errno));
	why = find(&b, &f);
	free(b.data);
	if (why)
		return tool_error(t, "%s: %s", argv[0], why);
	if (t->json)
		ret = identity_json(t, argv[0], &f);
	for (size_t i = 0; i < f.count; i++) {
		if (!t->json) {
			if (i)
				putchar('\n');
			print_found(t, argv[0], &f.found[i]);
		}
		/* Nobody should rely on a statement that nobody made. */
		if (f.found[i].is_signed && !f.found[i].s.valid)
			ret = EXIT_FAIL;
	}
	return ret;
}
