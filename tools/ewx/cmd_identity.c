// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx identity: who an enclave file is, and a rule to paste.
 *
 * Owns: how it is shown. Where it stands in a file is identity.c's.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "tool.h"

#define FILE_MAX ((size_t)1 << 30)

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
	       ewx_public_key(s->signer) ? "public " : "", hex(s->signer, text),
	       s->product, s->svn);
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

	printf("%sfile%s         ", tool_colour(t, BOLD),
	       tool_colour(t, PLAIN));
	ewx_print_safe(stdout, path, 0);
	printf(" (%s)\nmeasurement  %s\n", one->kind,
	       hex(s->measurement, text));
	if (one->is_signed) {
		printf("signer       %s\n", hex(s->signer, text));
		if (whose)
			printf("             this key is public: %s\n", whose);
		printf("signature    %s\n",
		       s->valid ? "valid" :
				  "NOT VALID: no processor accepts it");
		printf("product      %u\nsvn          %u\n", s->product,
		       s->svn);
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
	if (file_is_device(argv[0]))
		return tool_error(t, "%s: a device, no file", argv[0]);
	if (file_read(argv[0], FILE_MAX, &b))
		return tool_error(t, "%s: %s", argv[0], strerror(errno));
	why = identity_find(b.data, b.size, &f);
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
