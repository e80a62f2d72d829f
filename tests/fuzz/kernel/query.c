// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests, written to the node "query": a byte that says which policy, then the bytes
 * of struct ewx_query.
 */
#include "../../../security/ewx/core/engine.h"
#include "../words.h"
#include "answer.h"
#include "fuzzer.h"

#define POLICIES_MAX 32

static int node = -1;
static struct {
	uint8_t *blob;
	size_t size;
	struct ewx_policy p;
} policies[POLICIES_MAX];
static unsigned int policy_count, active;

int answers_open(void)
{
	if (node < 0)
		node = open(EWX_DIR "/query", O_RDWR | O_CLOEXEC);
	return node < 0 ? -errno : 0;
}

/* Of the engine in this program. */
static int expected(const struct ewx_policy *p, const void *query, size_t size,
		    struct ewx_reply *r)
{
	static struct ewx_query q;
	u64 *candidates;
	int err;

	if (size != sizeof(q))
		return -EINVAL;
	memcpy(&q, query, size);
	candidates = calloc(p->set_words + 1, sizeof(*candidates));
	err = candidates ? ewx_answer(p, &q, candidates, r) : -ENOMEM;
	free(candidates);
	return err;
}

const char *answers(const struct ewx_policy *p, const void *query, size_t size)
{
	const struct ewx_query *q = query;
	struct ewx_reply want, got;
	int err = expected(p, query, size, &want), got_err;
	ssize_t n;

	got_err = write(node, query, size) == (ssize_t)size ? 0 : -errno;
	n = pread(node, &got, sizeof(got), 0);
	tally_up(got_err);
	if (got_err != err)
		return wrongly("a request gives %s instead of %s",
			       strerror(-got_err), strerror(-err));
	if (err)
		return size == sizeof(*q) && n > 0 ?
			       "a refused request is answered" :
			       NULL;
	if (n != sizeof(got))
		return wrongly("an answer of %zd bytes", n);
	/* Without a time it is the kernel's own. */
	if (q->now && memcmp(&want, &got, sizeof(got)))
		return wrongly(
			"the kernel's answer is %u, allowed %x, denied %x; the engine's %u, %x, %x",
			got.result, got.allowed, got.denied, want.result,
			want.allowed, want.denied);
	return NULL;
}

/* Where numbers and names stand in a request. */
#define FIELD(name)                                           \
	{                                                     \
		offsetof(struct ewx_query, name),             \
			sizeof(((struct ewx_query *)0)->name) \
	}
struct field {
	size_t at, size;
};
static const struct field numbers[] = {
	FIELD(magic),	   FIELD(size),	   FIELD(op),
	FIELD(access),	   FIELD(facts),   FIELD(required),
	FIELD(flags),	   FIELD(subject), FIELD(euid),
	FIELD(egid),	   FIELD(owner),   FIELD(identity_kind),
	FIELD(now),	   FIELD(product), FIELD(svn),
	FIELD(attributes), FIELD(signer),  FIELD(measurement),
	FIELD(xfrm),	   FIELD(uses),	   FIELD(fs_verity),
	FIELD(dm_verity),
};
static const struct field names[] = {
	FIELD(domain), FIELD(identity), FIELD(fs),	FIELD(exe),
	FIELD(path),   FIELD(cgroup),	FIELD(context),
};

static void change_number(uint8_t *q, uint64_t *random)
{
	const struct field *f =
		&numbers[below(random, sizeof(numbers) / sizeof(*numbers))];
	uint32_t word;

	/* What stands first must be right for the rest to be looked at. */
	if (f->at < 8 && below(random, 4))
		f = &numbers[2 + below(random, 6)];
	if (f->size < sizeof(word)) {
		q[f->at + below(random, (unsigned int)f->size)] =
			(uint8_t)below(random, 256);
		return;
	}
	q += f->at + below(random, (unsigned int)f->size / 4) * 4;
	memcpy(&word, q, sizeof(word));
	word = policy_word(word, below(random, 1u << 31));
	memcpy(q, &word, sizeof(word));
}

/* A name grows, ends earlier, ends never, is another request's. */
static void change_name(uint8_t *q, uint64_t *random)
{
	static const char letters[] = "/.*ab\n\x80\xff";
	const struct field *f =
		&names[below(random, sizeof(names) / sizeof(*names))];
	char *name = (char *)q + f->at;
	const size_t len = strnlen(name, f->size - 1);
	size_t size;
	const uint8_t *other;

	switch (below(random, 5)) {
	case 0:
		name[below(random, (unsigned int)len + 1)] =
			letters[below(random, sizeof(letters) - 1)];
		break;
	case 1:
		name[below(random, (unsigned int)len + 1)] = '\0';
		break;
	case 2:
		memset(name + len, below(random, 8) ? '/' : 'a',
		       below(random, (unsigned int)(f->size - len + 1)));
		break;
	case 3:
		name[f->size - 1] = '\0';
		break;
	default:
		other = corpus_pick(random, &size);
		if (size == 1 + sizeof(struct ewx_query))
			memcpy(name, other + 1 + f->at, f->size);
	}
}

static size_t mutate(uint8_t *data, size_t size, uint64_t *random)
{
	if (size != 1 + sizeof(struct ewx_query) || !below(random, 32))
		return 1 + sizeof(struct ewx_query) -
		       below(random, 2) * (1 + below(random, 64));
	switch (below(random, 8)) {
	case 0:
		data[0] = (uint8_t)below(random, policy_count);
		break;
	case 1:
	case 2:
	case 3:
		change_name(data + 1, random);
		break;
	default:
		change_number(data + 1, random);
	}
	return size;
}

static int load(unsigned int n)
{
	return policy_load_blob(policies[n].blob, policies[n].size, NULL, 0);
}

static int put_in_force(unsigned int n)
{
	int err;

	if (active == n)
		return 0;
	err = load(n);
	/* One of its name and version is in force that has other bytes. */
	if (err == -EEXIST && !load((n + 1) % policy_count))
		err = load(n);
	active = err ? POLICIES_MAX : n;
	return err;
}

static const char *put(const uint8_t *data, size_t size)
{
	const unsigned int n = size ? data[0] % policy_count : 0;
	int err = put_in_force(n);

	if (err)
		return wrongly("policy %u does not load: %s", n,
			       strerror(-err));
	return answers(&policies[n].p, data + 1, size ? size - 1 : 0);
}

/* The policies of the requests, as long as the program runs. */
static int begin(const char *seeds)
{
	struct ewx_fault fault;
	int err = answers_open();

	active = POLICIES_MAX;
	if (!policy_count && !err) {
		corpus_read(seeds, "asked-");
		for (; policy_count < corpus_count() &&
		       policy_count < POLICIES_MAX;
		     policy_count++) {
			size_t size;
			const uint8_t *blob = corpus_get(policy_count, &size);

			policies[policy_count].blob =
				memcpy(malloc(size), blob, size);
			policies[policy_count].size = size;
			if (!ewx_policy_verify(
				    policies[policy_count].blob, (u32)size,
				    &policies[policy_count].p, &fault))
				return -EBADMSG;
		}
		corpus_clear();
	}
	if (err || !policy_count)
		return err ? err : -ENOENT;
	return corpus_read(seeds, "query-") ? 0 : -ENOENT;
}

const struct target target_query = {
	.name = "query",
	.begin = begin,
	.mutate = mutate,
	.run = put,
};
