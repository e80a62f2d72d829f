// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binary policies, written to the node "load".
 *
 * What is refused changes nothing. What is accepted is in force, and answers. Both are
 * known beforehand: the engine is linked into this program too, as it is in the tree.
 */
#include <openssl/sha.h>

#include "../../../security/ewx/core/engine.h"
#include "../../../security/ewx/core/read.h"
#include "../words.h"
#include "answer.h"
#include "fuzzer.h"

#define HEADER ((u32)sizeof(struct ewx_header))
#define QUERIES 3

static const u32 record_size[EWX_SECTION_COUNT] = {
#define RECORD_SIZE(NAME, name, size) [EWX_SECTION_##NAME] = size,
	EWX_SECTIONS(RECORD_SIZE)
#undef RECORD_SIZE
};

/** struct force - the policy in force: digest, "" if there is none, and generation. */
static struct force {
	char digest[65];
	unsigned long generation;
} force;

static void in_force(struct force *f)
{
	char text[4096];
	ssize_t n = read_file(EWX_DIR "/status", text, sizeof(text) - 1);
	const char *line;

	memset(f, 0, sizeof(*f));
	text[n > 0 ? n : 0] = '\0';
	line = strstr(text, "\ndigest: ");
	if (line)
		sscanf(line, "\ndigest: %64s", f->digest);
	line = strstr(text, "\ngeneration: ");
	if (line)
		sscanf(line, "\ngeneration: %lu", &f->generation);
}

static void put32(uint8_t *at, u32 value)
{
	memcpy(at, &value, sizeof(value));
}

/** struct place - a section as the table has it. */
struct place {
	u32 section, offset, count;
};

/* A section with something in it, where there is one. */
static bool choose(const uint8_t *data, size_t size, uint64_t *random,
		   struct place *p)
{
	if (size < HEADER + EWX_SECTION_COUNT * 8u)
		return false;
	for (int tries = 0; tries < 8; tries++) {
		const uint8_t *at;

		p->section = below(random, EWX_SECTION_COUNT);
		at = data + HEADER + p->section * 8;
		p->offset = ewx_read32(at);
		p->count = ewx_read32(at + 4);
		if (p->count && p->offset < size &&
		    p->count <= (size - p->offset) / record_size[p->section])
			return true;
	}
	return false;
}

static u32 any_word(uint64_t *random)
{
	return below(random, 1u << 31);
}

/* A number of some record. */
static void change_word(uint8_t *data, size_t size, uint64_t *random)
{
	struct place p;
	uint8_t *at;
	u32 bytes;

	if (!choose(data, size, random, &p))
		return;
	bytes = p.count * record_size[p.section];
	at = data + p.offset;
	if (record_size[p.section] == 1) {
		at[below(random, bytes)] = (uint8_t)below(random, 256);
		return;
	}
	at += below(random, bytes / 4) * 4;
	put32(at, policy_word(ewx_read32(at), any_word(random)));
}

/* One record becomes another one, of this policy or of one that is kept. */
static void copy_record(uint8_t *data, size_t size, uint64_t *random)
{
	struct place p, q;
	const uint8_t *from = data;
	size_t from_size = size;
	u32 bytes;

	if (!choose(data, size, random, &p))
		return;
	q = p;
	bytes = record_size[p.section];
	if (below(random, 2))
		from = corpus_pick(random, &from_size);
	if (from_size >= HEADER + EWX_SECTION_COUNT * 8u) {
		q.offset = ewx_read32(from + HEADER + p.section * 8);
		q.count = ewx_read32(from + HEADER + p.section * 8 + 4);
	}
	if (!q.count || q.offset >= from_size ||
	    q.count > (from_size - q.offset) / bytes)
		return;
	memmove(data + p.offset + below(random, p.count) * bytes,
		from + q.offset + below(random, q.count) * bytes, bytes);
}

/* The header, and the table of sections behind it. */
static void change_frame(uint8_t *data, size_t size, uint64_t *random)
{
	const u32 words = (HEADER + EWX_SECTION_COUNT * 8u) / 4;
	uint8_t *at = data + below(random, words) * 4;

	if (size >= words * 4)
		put32(at, policy_word(ewx_read32(at), any_word(random)));
}

/* Shorter or longer, which its header says or does not. */
static size_t resize(uint8_t *data, size_t size, uint64_t *random)
{
	size_t next = below(random, 2) ? below(random, (unsigned int)size + 1) :
					 size + 1 + below(random, 64);

	if (next > INPUT_MAX - 1)
		next = INPUT_MAX - 1;
	if (next > size)
		memset(data + size, below(random, 2) ? 0x30 : 0, next - size);
	if (next >= HEADER && below(random, 2))
		put32(data + offsetof(struct ewx_header, size), (u32)next);
	return next;
}

/* Of one name and version two policies with other bytes are not accepted. */
static void new_version(uint8_t *data, size_t size, uint64_t *random)
{
	u64 version = any_word(random);

	if (size >= HEADER)
		memcpy(data + offsetof(struct ewx_header, version), &version,
		       sizeof(version));
}

static size_t mutate(uint8_t *data, size_t size, uint64_t *random)
{
	switch (below(random, 16)) {
	case 0:
		if (size)
			data[below(random, (unsigned int)size)] =
				(uint8_t)below(random, 256);
		break;
	case 1:
		change_frame(data, size, random);
		break;
	case 2:
		size = resize(data, size, random);
		break;
	case 3:
	case 4:
	case 5:
		copy_record(data, size, random);
		break;
	default:
		change_word(data, size, random);
	}
	if (below(random, 16))
		new_version(data, size, random);
	return size;
}

/* Nothing is known of a signature here but whether there is one. */
static bool is_other_reason(int err, bool is_signed)
{
	return err == -EOPNOTSUPP || err == -EEXIST ||
	       (is_signed && err == -EKEYREJECTED);
}

static const char *refused(int err, const char *why,
			   const struct ewx_fault *fault, bool sound,
			   bool is_signed)
{
	char text[256];

	if (sound)
		return is_other_reason(err, is_signed) ?
			       NULL :
			       wrongly("%s, but the policy is sound: %s",
				       strerror(-err), why);
	if (is_signed && err == -EKEYREJECTED)
		return NULL;
	snprintf(text, sizeof(text), "code=%s section=%s index=%u offset=%u ",
		 ewx_fault_names[fault->code],
		 ewx_section_names[fault->section], fault->index,
		 fault->offset);
	return strncmp(why, text, strlen(text)) ?
		       wrongly("refused with %s instead of %s", why, text) :
		       NULL;
}

static void digits(const uint8_t *data, size_t size, char text[65])
{
	uint8_t digest[32];

	SHA256(data, size, digest);
	for (unsigned int i = 0; i < sizeof(digest); i++)
		sprintf(text + 2 * i, "%02x", digest[i]);
}

/* It answers, as the same engine does here. */
static const char *ask(const struct ewx_policy *p, uint64_t random)
{
	for (unsigned int n = 0; n < QUERIES; n++) {
		const u32 domains = ewx_count(p, EWX_SECTION_DOMAINS);
		struct ewx_query q = {
			.magic = EWX_QUERY_MAGIC,
			.size = sizeof(q),
			.op = 1 + below(&random, ENCLAVE_OP_COUNT - 1),
			.access = below(&random, 8),
			.required = below(&random, ENCLAVE_PERM_ALL + 1),
			.subject = 1 + below(&random, 2),
			.identity_kind = below(&random, 2) ?
						 EWX_IDENTITY_UNKNOWN :
						 EWX_IDENTITY_RAW,
			.now = p->built + below(&random, 1u << 20) + 1,
			.flags = EWX_QUERY_HAS_SIGNER * below(&random, 2),
			.exe = "/usr/bin/service",
			.cgroup = "/system.slice/a",
			.path = "/tmp/payload.bin",
		};
		const char *wrong;

		snprintf(q.domain, sizeof(q.domain), "%s",
			 ewx_domain_name(p, below(&random, domains)));
		wrong = answers(p, &q, sizeof(q));
		if (wrong)
			return wrong;
	}
	return NULL;
}

static const char *accepted(const uint8_t *data, size_t size,
			    const struct force *old, const struct ewx_policy *p,
			    const char *why)
{
	const bool changed = !strstr(why, "changed=0");
	char digest[65];

	digits(data, size, digest);
	if (strcmp(digest, force.digest))
		return wrongly("accepted %s, but %s is in force", digest,
			       force.digest);
	if (changed != !!strcmp(old->digest, force.digest) ||
	    force.generation != old->generation + changed)
		return wrongly("generation %lu, then %lu: %s", old->generation,
			       force.generation, why);
	return ask(p, ewx_read32((const u8 *)digest) | 1);
}

static const char *put(const uint8_t *data, size_t size)
{
	const u32 unsigned_size = ewx_policy_signed_size(data, size);
	const u32 policy_size = unsigned_size ?: (u32)size;
	const struct force old = force;
	struct ewx_fault fault;
	struct ewx_policy p;
	char why[256];
	bool sound = ewx_policy_verify(data, policy_size, &p, &fault);
	int err = policy_load_blob(data, size, why, sizeof(why));

	in_force(&force);
	tally_up(err);
	if (!err && !sound)
		return wrongly("accepted, but %s at %u is wrong: %s",
			       ewx_fault_names[fault.code], fault.offset, why);
	if (!err)
		return accepted(data, policy_size, &old, &p, why);
	if (strcmp(old.digest, force.digest) ||
	    old.generation != force.generation)
		return wrongly(
			"refused, but %s (%lu) is in force after %s (%lu)",
			force.digest, force.generation, old.digest,
			old.generation);
	return refused(err, why, &fault, sound, unsigned_size);
}

static int begin(const char *seeds)
{
	int err = answers_open();

	in_force(&force);
	return err ? err : corpus_read(seeds, "policy-") ? 0 : -ENOENT;
}

const struct target target_blob = {
	.name = "blob",
	.begin = begin,
	.mutate = mutate,
	.run = put,
};
