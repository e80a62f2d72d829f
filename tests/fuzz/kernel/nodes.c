// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words, and what is none, written to the nodes in securityfs; all of them read, at any
 * position.
 *
 * Which words change a mode Documentation/ABI/testing/securityfs-ewx says; nothing else
 * that is written does. What would seal is left out: there is no way back.
 */
#include <assert.h>

#include "fuzzer.h"

#define STEPS_MAX 8
#define TEXT_MAX 28
#define NOBODY 65534
#define ENDINGS 5
#define ROOM 4096

/**
 * struct step - one read or write.
 * @node: which
 * @how: WRITE and so on
 * @at: position, shifted by what is in @how
 * @size: bytes
 * @text: of a write
 */
struct step {
	uint8_t node, how, at, size;
	char text[TEXT_MAX];
};
static_assert(sizeof(struct step) == 32, "a record");

#define WRITE 0x01
#define UNPRIVILEGED 0x02
#define BAD_POINTER 0x04
#define POSITION 0x08
#define SHIFT(how) ((how) >> 4 & 3)

enum { ENFORCE, AUDIT, SEAL, LOAD, QUERY, FIRST_FIXED };
static const char *const nodes[] = {
	"enforce",
	"audit",
	"seal",
	"load",
	"query",
	"abi",
	"status",
	"counters",
	"enclaves",
	"features/max",
	"policies/rows/blob",
	"policies/rows/digest",
	"policies/rows/version",
};
#define NODES (sizeof(nodes) / sizeof(*nodes))

static const char *const words[] = {
	"0",   "n",    "off", "1",	"y",	  "on",	  "denials", "log",
	"all", "none", "",    "signed", "closed", "code", "ON",	     "01",
};
#define WORDS (sizeof(words) / sizeof(*words))

/* What is to be read in the nodes that words change. */
static struct {
	const char *enforce, *audit;
} mode;

static size_t text_size(const struct step *s)
{
	return s->size % (TEXT_MAX + 1);
}

/* It is exactly @word, with or without a newline. */
static bool is_word(const struct step *s, const char *word)
{
	const size_t len = strlen(word), size = text_size(s);

	return size >= len && !memcmp(s->text, word, len) &&
	       (size == len || (size == len + 1 && s->text[len] == '\n')) &&
	       size;
}

/* Of @count from words[@first] on; NULL: none of them. */
static const char *which_word(const struct step *s, unsigned int first,
			      unsigned int count)
{
	for (unsigned int i = first; i < first + count; i++)
		if (is_word(s, words[i]))
			return words[i];
	return NULL;
}

static uint64_t position(const struct step *s)
{
	static const unsigned int shifts[] = { 0, 8, 32, 56 };

	return s->how & POSITION ? (uint64_t)s->at << shifts[SHIFT(s->how)] : 0;
}

/* What a write does to the mode. Return: it is accepted. */
static bool takes(const struct step *s)
{
	const char *word;

	if (s->how & UNPRIVILEGED || position(s) ||
	    (s->how & BAD_POINTER && text_size(s)))
		return false;
	switch (s->node % NODES) {
	case ENFORCE:
		word = which_word(s, 0, 6);
		if (word)
			mode.enforce = which_word(s, 3, 3) ? "1\n" : "0\n";
		return word;
	case AUDIT:
		word = which_word(s, 6, 3);
		if (word)
			mode.audit = word;
		return word;
	case SEAL:
		return is_word(s, "none");
	default:
		return false;
	}
}

static void *bad_pointer(const struct step *s, uint8_t *room)
{
	void *const pointers[] = {
		NULL,
		(void *)8,
		(void *)0xffffffff81000000ul,
		(void *)0x800000000000ul,
		/* The end of what is there; what is behind it is not. */
		room + ROOM - 1,
	};

	return pointers[s->at % 5];
}

static const char *write_step(const struct step *s, int fd, uint8_t *room)
{
	const size_t size = text_size(s);
	const bool wanted = takes(s);
	void *from = room;
	int err;

	memcpy(room, s->text, TEXT_MAX);
	if (s->how & BAD_POINTER)
		from = bad_pointer(s, room);
	/* One byte would be there. */
	if (s->how & BAD_POINTER && from == room + ROOM - 1 && size == 1)
		return NULL;
	if (s->how & UNPRIVILEGED && seteuid(NOBODY))
		return "the user does not change";
	err = pwrite(fd, from, size, (off_t)position(s)) == (ssize_t)size ?
		      0 :
		      -errno;
	if (s->how & UNPRIVILEGED && seteuid(0))
		return "the user does not change back";
	tally_up(err);
	if (!err != wanted)
		return wrongly("%zu bytes \"%.*s\" written to %s at %llu%s: %s",
			       size, (int)size, s->text, nodes[s->node % NODES],
			       (unsigned long long)position(s),
			       s->how & UNPRIVILEGED ? ", unprivileged" : "",
			       err ? strerror(-err) : "done");
	return NULL;
}

static const char *read_step(const struct step *s, int fd, uint8_t *room)
{
	const size_t size = s->size * 8u;
	void *to = s->how & BAD_POINTER ? bad_pointer(s, room) : room;
	ssize_t n;

	memset(room, 0xa5, ROOM);
	n = pread(fd, to, size, (off_t)position(s));
	tally_up(n < 0 ? -errno : 0);
	if (n > (ssize_t)size)
		return wrongly("%s: %zd bytes of %zu", nodes[s->node % NODES],
			       n, size);
	for (size_t i = n > 0 ? (size_t)n : 0; i < ROOM && to == room && n >= 0;
	     i++)
		if (room[i] != 0xa5)
			return wrongly("%s: more than %zd bytes were written",
				       nodes[s->node % NODES], n);
	return NULL;
}

static const char *mode_is(const char *node, const char *want)
{
	char text[32] = "";
	char path[64];

	snprintf(path, sizeof(path), EWX_DIR "/%s", node);
	read_file(path, text, sizeof(text) - 1);
	return strncmp(text, want, strlen(want)) ?
		       wrongly("%s is %s instead of %s", node, text, want) :
		       NULL;
}

static const char *take_step(const struct step *s, uint8_t *room)
{
	const char *wrong;
	char path[64];
	int fd;

	/* There is no way back from these. */
	if (s->node % NODES == SEAL && s->how & WRITE &&
	    (is_word(s, "signed") || is_word(s, "closed")))
		return NULL;
	snprintf(path, sizeof(path), EWX_DIR "/%s", nodes[s->node % NODES]);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return wrongly("%s: %m", path);
	wrong = s->how & WRITE ? write_step(s, fd, room) :
				 read_step(s, fd, room);
	close(fd);
	if (!wrong && s->how & WRITE)
		wrong = mode_is("enforce", mode.enforce);
	if (!wrong && s->how & WRITE)
		wrong = mode_is("audit", mode.audit);
	return wrong;
}

static const char *begin_mode(uint8_t *room)
{
	const struct step log = { AUDIT, WRITE, 0, 3, "log" };

	if (mode.enforce && *mode.enforce == '1' && !strcmp(mode.audit, "log"))
		return NULL;
	mode.enforce = "1\n";
	mode.audit = "log";
	return enforce(true) ? "enforcing does not begin" :
			       take_step(&log, room);
}

static const char *put(const uint8_t *data, size_t size)
{
	static uint8_t *room;
	const char *wrong;

	if (!room) {
		room = mmap(NULL, 2 * ROOM, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			    0);
		munmap(room + ROOM, ROOM);
	}
	wrong = begin_mode(room);
	for (; size >= sizeof(struct step) && !wrong;
	     data += sizeof(struct step), size -= sizeof(struct step)) {
		struct step s;

		memcpy(&s, data, sizeof(s));
		wrong = take_step(&s, room);
	}
	return wrong;
}

static void any_step(uint8_t *at, uint64_t *random)
{
	struct step s = {
		.node = (uint8_t)below(random, NODES),
		.how = (uint8_t)below(random, 2),
		.at = (uint8_t)below(random, 256),
		.size = (uint8_t)below(random, 256),
	};

	if (!below(random, 4))
		s.how = (uint8_t)below(random, 64);
	snprintf(s.text, sizeof(s.text), "%s\n", words[below(random, WORDS)]);
	if (s.how & WRITE && below(random, 8))
		s.size = (uint8_t)(strlen(s.text) - below(random, 2));
	memcpy(at, &s, sizeof(s));
}

static size_t mutate(uint8_t *data, size_t size, uint64_t *random)
{
	return steps_mutate(data, size, random, sizeof(struct step), STEPS_MAX,
			    any_step);
}

/* A word, and what may be behind it, to a node. */
static struct step word_step(unsigned int node, unsigned int word,
			     unsigned int ending)
{
	static const struct {
		char text[3];
		uint8_t size;
	} endings[ENDINGS] = {
		{ "", 0 }, { "\n", 1 }, { " ", 1 }, { "\n\n", 2 }, { "\0x", 2 }
	};
	const size_t len = strlen(words[word]);
	struct step s = {
		.node = (uint8_t)node,
		.how = WRITE,
		.size = (uint8_t)(len + endings[ending].size),
	};

	memcpy(s.text, words[word], len);
	memcpy(s.text + len, endings[ending].text, endings[ending].size);
	return s;
}

/*
 * Each word to each node that takes one, then by who may not; a node is read. What the
 * others have to say is left to be found.
 */
static int begin(const char *seeds)
{
	struct step s[ENDINGS + 1];

	(void)seeds;
	for (unsigned int i = 0; i < FIRST_FIXED * WORDS; i++) {
		for (unsigned int e = 0; e < ENDINGS; e++)
			s[e] = word_step(i / WORDS, i % WORDS, e);
		s[ENDINGS] = s[0];
		s[ENDINGS].how |= UNPRIVILEGED;
		corpus_add(s, sizeof(s));
	}
	s[0] = (struct step){ .node = FIRST_FIXED, .size = 255 };
	corpus_add(s, sizeof(*s));
	return policy_strict() ? -EINVAL : 0;
}

const struct target target_nodes = {
	.name = "nodes",
	.begin = begin,
	.mutate = mutate,
	.run = put,
};
