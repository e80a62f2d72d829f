// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Processes, files and enclaves that stand for all that two policies tell apart.
 *
 * Owns: paths by a walk through both automata at once, other properties by the
 * values at which some condition changes. Limits keep the work small; when one
 * is met the comparison is not complete, and says so.
 */
#include <string.h>
#include "compare.h"
#include "../security/ewx/core/read.h"

#define PAIRS_MAX	400000	/* states of two automata at once */
#define TRIALS_MAX	4000000	/* combinations of properties */
#define UNSAID		0xffffffffu

/**
 * struct step - how a pair of states was reached.
 * @state: of each policy; @from: index of the step before; @byte: by which
 */
struct step {
	u32 state[2];
	u32 from;
	u8 byte;
};

/**
 * struct walk - through both automata.
 * @slots: hash of index + 1 into @steps
 * @known: pairs of references that have a path
 */
struct walk {
	struct ewx_compare *c;
	enum ewx_automaton_kind which;
	EWX_VEC(struct step) steps;
	u32 *slots;
	u32 mask;
	struct ewx_sets known;
};

/** struct place - references that a path leads to in each policy. */
struct place {
	u32 ref[2];
	const char *path;
};

typedef EWX_VEC(struct place) places_t;
typedef EWX_VEC(const char *) strings_t;

/* Fewer of them, the last one among them. */
#define CAP(vec, n)						\
	do {							\
		if ((vec).count > (n)) {			\
			(vec).at[(n) - 1] = (vec).at[(vec).count - 1]; \
			(vec).count = (n);			\
		}						\
	} while (0)

/* Whether the pair is a new one. */
static bool is_new(struct ewx_sets *known, const u32 pair[2])
{
	u32 count = ewx_sets_count(known);

	return ewx_sets_intern(known, pair, 2) == count;
}

/*
 * A place in an automaton: the state, and above it how far into its tail. A policy
 * has less than 2^24 states and a tail less than 2^8 bytes.
 */
#define STATE_BITS 24
_Static_assert(EWX_POLICY_MAX_SIZE / EWX_SIZE_STATES <= 1u << STATE_BITS &&
		       EWX_TAIL_MAX < 1u << (32 - STATE_BITS),
	       "a place in an automaton");

static u32 next_state(const struct ewx_policy *p, u32 place, u8 byte)
{
	u32 state = place & ((1u << STATE_BITS) - 1), done = place >> STATE_BITS;
	u32 base = EWX_GET32(p, STATES, ewx_state, state, base);
	u32 length = EWX_GET32(p, STATES, ewx_state, state, length);

	if (!state)
		return 0;
	if (length) {
		if (*ewx_record(p, EWX_SECTION_TAILS, base + done, 1) != byte)
			return 0;
		if (done + 1 < length)
			return (done + 1) << STATE_BITS | state;
		return EWX_GET32(p, STATES, ewx_state, state, fallback);
	}
	if (EWX_GET32(p, TRANSITIONS, ewx_transition, base + byte, check) ==
	    state)
		return EWX_GET32(p, TRANSITIONS, ewx_transition, base + byte,
				 next);
	return EWX_GET32(p, STATES, ewx_state, state, fallback);
}

/* A path that ends in a tail before its end, or where it begins, has no match. */
static u32 accept_at(const struct ewx_policy *p, u32 place)
{
	u32 state = place & ((1u << STATE_BITS) - 1);

	if (EWX_GET32(p, STATES, ewx_state, state, length))
		return EWX_NONE;
	return EWX_GET32(p, STATES, ewx_state, state, accept);
}

/* Enter a pair of states unless it is known. A last "/" counts as a state. */
static void enter(struct walk *w, const u32 state[2], u32 from, u8 byte)
{
	bool slash = byte == '/';
	u32 at = (u32)ewx_mix(ewx_mix(state[0], state[1]), slash);
	struct step *s;

	for (at &= w->mask; w->slots[at]; at = (at + 1) & w->mask) {
		s = &w->steps.at[w->slots[at] - 1];
		if (s->state[0] == state[0] && s->state[1] == state[1] &&
		    (s->byte == '/') == slash)
			return;
	}
	if (w->steps.count == PAIRS_MAX) {
		w->c->complete = false;
		return;
	}
	s = ewx_vec_push(&w->c->pool, &w->steps);
	*s = (struct step){ { state[0], state[1] }, from, byte };
	w->slots[at] = (u32)w->steps.count;
}

static const char *path_of(struct walk *w, u32 index)
{
	size_t len = 0;
	char *path;
	u32 i;

	for (i = index; i != EWX_NONE; i = w->steps.at[i].from)
		len++;
	path = ewx_pool_alloc(&w->c->pool, len + 1, 1);
	for (i = index; i != EWX_NONE; i = w->steps.at[i].from)
		path[--len] = (char)w->steps.at[i].byte;
	return path;
}

static void add_place(struct walk *w, places_t *places, const u32 ref[2],
		      u32 index)
{
	struct place *one;

	if (!is_new(&w->known, ref) && index != EWX_NONE)
		return;
	one = ewx_vec_push(&w->c->pool, places);
	one->ref[0] = ref[0];
	one->ref[1] = ref[1];
	one->path = index == EWX_NONE ? NULL : path_of(w, index);
}

/* Readable bytes first, so that examples are. */
static void expand(struct walk *w, u32 index)
{
	static const char first[] =
		"/abcdefghijklmnopqrstuvwxyz0123456789.-_ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	struct step s = w->steps.at[index];
	u32 state[2];

	for (unsigned int i = 0; i < sizeof(first) - 1 + 255; i++) {
		u8 byte = i < sizeof(first) - 1 ? (u8)first[i] :
						  i - (sizeof(first) - 1) + 1;

		if (byte == '/' && s.byte == '/')
			continue; /* no path has an empty component */
		state[0] = next_state(w->c->p[0], s.state[0], byte);
		state[1] = next_state(w->c->p[1], s.state[1], byte);
		if (state[0] || state[1])
			enter(w, state, index, byte);
	}
}

static u32 accept_of(const struct ewx_policy *p, enum ewx_automaton_kind which,
		     u32 state)
{
	u32 ref = accept_at(p, state);

	return ref == EWX_NONE ?
		       EWX_GET32(p, AUTOMATA, ewx_automaton, which, unmatched) :
		       ref;
}

/* One path for each pair of references, and no path. */
static void find_places(struct ewx_compare *c, enum ewx_automaton_kind which,
			places_t *places)
{
	struct walk w = { .c = c, .which = which, .mask = 2 * 524288 - 1 };
	u32 state[2], ref[2];

	ewx_sets_init(&w.known, &c->pool);
	w.slots = ewx_pool_alloc(&c->pool, w.mask + 1, sizeof(u32));
	for (int k = 0; k < 2; k++) {
		state[k] = EWX_GET32(c->p[k], AUTOMATA, ewx_automaton, which,
				     start);
		state[k] = next_state(c->p[k], state[k], '/');
	}
	enter(&w, state, EWX_NONE, '/');
	for (u32 i = 0; i < w.steps.count; i++) {
		for (int k = 0; k < 2; k++)
			ref[k] = accept_of(c->p[k], which,
					   w.steps.at[i].state[k]);
		if (w.steps.at[i].byte != '/')
			add_place(&w, places, ref, i);
		expand(&w, i);
	}
	for (int k = 0; k < 2; k++)
		ref[k] = accept_of(c->p[k], which, 0);
	add_place(&w, places, ref, EWX_NONE);
	ewx_vec_drop(&c->pool, &w.steps);
	ewx_pool_drop(&c->pool, w.slots);
	ewx_sets_drop(&w.known);
}

/* Values at which conditions of @kind change: low ends, and behind high ends. */
static void bounds(struct ewx_compare *c, u32 kind, ewx_numbers *out)
{
	for (int k = 0; k < 2; k++) {
		const struct ewx_policy *p = c->p[k];

		for (u32 i = 0; i < ewx_count(p, EWX_SECTION_CONDITIONS); i++) {
			u32 a, b;

			if (EWX_GET32(p, CONDITIONS, ewx_condition, i, kind) !=
			    kind)
				continue;
			a = EWX_GET32(p, CONDITIONS, ewx_condition, i, a);
			b = EWX_GET32(p, CONDITIONS, ewx_condition, i, b);
			*ewx_vec_push(&c->pool, out) = a;
			if (kind == EWX_CONDITION_PRODUCT)
				b = a;
			if (kind != EWX_CONDITION_MIN_SVN && b < UNSAID)
				*ewx_vec_push(&c->pool, out) = b + 1;
		}
	}
	out->count = ewx_sort_unique(out->at, out->count);
}

static bool has_condition(const struct ewx_compare *c, u32 kind)
{
	for (int k = 0; k < 2; k++)
		for (u32 i = 0; i < ewx_count(c->p[k], EWX_SECTION_CONDITIONS);
		     i++)
			if (EWX_GET32(c->p[k], CONDITIONS, ewx_condition, i,
				      kind) == kind)
				return true;
	return false;
}

static void add_point(struct ewx_compare *c, ewx_points *points,
		      const struct ewx_point *point)
{
	if (is_new(&c->known, point->result))
		*ewx_vec_push(&c->pool, points) = *point;
}

/* Whether that many combinations may be tried; there is one of each at least. */
static bool affordable(struct ewx_compare *c, size_t a, size_t b, size_t d)
{
	bool good = a <= TRIALS_MAX && b <= TRIALS_MAX / a &&
		    d <= TRIALS_MAX / (a * b);

	if (!good)
		c->complete = false;
	return good;
}

static bool in_group(const void *ctx, u32 low, u32 high)
{
	u32 gid = *(const u32 *)ctx;

	return gid >= low && gid <= high;
}

static void try_process(struct ewx_compare *c, const struct place *place,
			const struct place *group, u32 uid, u32 gid,
			bool trusted)
{
	static const struct ewx_properties none;
	struct ewx_point point = {
		.path = place->path,
		.fs = group->path,
		.low = uid,
		.high = gid,
		.flags = trusted ? 0 : EWX_QUERY_NO_EXE_PATH,
	};
	struct ewx_properties props = {
		.euid = uid,
		.in_group = in_group,
		.no_path = !trusted,
		.ctx = &gid,
	};

	for (int k = 0; k < 2; k++) {
		props.cgroup = ewx_walk(c->p[k], group->ref[k], &none);
		point.result[k] = ewx_walk(c->p[k], place->ref[k], &props);
	}
	add_point(c, &c->processes, &point);
}

static void find_processes(struct ewx_compare *c)
{
	ewx_numbers uids = { 0 }, gids = { 0 };
	places_t places = { 0 }, groups = { 0 };
	size_t i, j, u, g;

	find_places(c, EWX_AUTOMATON_EXE, &places);
	find_places(c, EWX_AUTOMATON_CGROUP, &groups);
	bounds(c, EWX_CONDITION_UID, &uids);
	bounds(c, EWX_CONDITION_GID, &gids);
	*ewx_vec_push(&c->pool, &uids) = UNSAID;
	*ewx_vec_push(&c->pool, &gids) = UNSAID;
	if (!affordable(c, 2 * places.count * groups.count, uids.count,
			gids.count)) {
		CAP(uids, 100);
		CAP(gids, 10);
	}
	/* What examples need not say comes first. */
	for (j = groups.count; j--; )
		for (i = 0; i < 2 * places.count; i++) {
			const struct place *place = &places.at[i / 2];
			bool trusted = place->path && i % 2 == 0;

			for (u = 0; u < uids.count; u++)
				for (g = 0; g < gids.count; g++)
					try_process(c, place, &groups.at[j],
						    uids.at[u], gids.at[g],
						    trusted);
		}
}

static void try_file(struct ewx_compare *c, const struct place *place,
		     u32 owner, const char *fs, u32 flags)
{
	struct ewx_point point = {
		.path = place->path, .low = owner, .fs = fs, .flags = flags,
	};
	const struct ewx_properties props = {
		.owner = owner,
		.fs = fs,
		.read_only = flags & EWX_QUERY_READ_ONLY,
		.mapped_exec = flags & EWX_QUERY_MAPPED_EXEC,
		.no_path = !place->path,
	};

	for (int k = 0; k < 2; k++)
		point.result[k] = ewx_walk(c->p[k], place->ref[k], &props);
	if (!place->path) {
		point.path = "/untrusted";
		point.flags |= EWX_QUERY_NO_PATH;
	}
	add_point(c, &c->files, &point);
}

static void filesystems(struct ewx_compare *c, strings_t *out)
{
	for (int k = 0; k < 2; k++) {
		const struct ewx_policy *p = c->p[k];

		for (u32 i = 0; i < ewx_count(p, EWX_SECTION_CONDITIONS); i++)
			if (EWX_GET32(p, CONDITIONS, ewx_condition, i, kind) ==
			    EWX_CONDITION_FS)
				*ewx_vec_push(&c->pool, out) = ewx_string(
					p, EWX_GET32(p, CONDITIONS,
						     ewx_condition, i, a));
	}
	*ewx_vec_push(&c->pool, out) = "";
}

static void find_files(struct ewx_compare *c)
{
	const u32 flags = (has_condition(c, EWX_CONDITION_READ_ONLY) ?
				   EWX_QUERY_READ_ONLY : 0) |
			  (has_condition(c, EWX_CONDITION_MAPPED_EXEC) ?
				   EWX_QUERY_MAPPED_EXEC : 0);
	strings_t fs = { 0 };
	ewx_numbers owners = { 0 };
	places_t places = { 0 };
	size_t i, o, f;
	u32 set;

	find_places(c, EWX_AUTOMATON_PATH, &places);
	bounds(c, EWX_CONDITION_OWNER, &owners);
	*ewx_vec_push(&c->pool, &owners) = UNSAID;
	filesystems(c, &fs);
	if (!affordable(c, places.count, owners.count, fs.count * 4)) {
		CAP(owners, 20);
		CAP(fs, 10);
	}
	for (i = 0; i < places.count; i++)
		for (o = 0; o < owners.count; o++)
			for (f = 0; f < fs.count; f++)
				/* All subsets of the flags, the empty one last. */
				for (set = flags; ; set = (set - 1) & flags) {
					try_file(c, &places.at[i], owners.at[o],
						 fs.at[f], set);
					if (!set)
						break;
				}
}

/** struct keys - digests that conditions name; the last is none of them. */
typedef EWX_VEC(const u8 *) keys_t;

static void digests(struct ewx_compare *c, u32 kind, const u8 *other,
		    keys_t *out)
{
	for (int k = 0; k < 2; k++) {
		const struct ewx_policy *p = c->p[k];

		for (u32 i = 0; i < ewx_count(p, EWX_SECTION_CONDITIONS); i++) {
			const u8 *key;
			size_t j;

			if (EWX_GET32(p, CONDITIONS, ewx_condition, i, kind) !=
			    kind)
				continue;
			key = ewx_key(p, EWX_GET32(p, CONDITIONS, ewx_condition,
						   i, a));
			for (j = 0; j < out->count; j++)
				if (!memcmp(out->at[j], key, 32))
					break;
			if (j == out->count)
				*ewx_vec_push(&c->pool, out) = key;
		}
	}
	*ewx_vec_push(&c->pool, out) = other;
}

/* Words of attributes: those that conditions name, with their masks joined. */
static void attributes(struct ewx_compare *c, ewx_numbers *out)
{
	u32 bits = 0;

	for (int k = 0; k < 2; k++) {
		const struct ewx_policy *p = c->p[k];

		for (u32 i = 0; i < ewx_count(p, EWX_SECTION_CONDITIONS); i++)
			if (EWX_GET32(p, CONDITIONS, ewx_condition, i, kind) ==
			    EWX_CONDITION_ATTRIBUTES)
				bits |= EWX_GET32(p, CONDITIONS, ewx_condition,
						  i, a);
	}
	if (__builtin_popcount(bits) > 6) {
		c->complete = false;
		bits &= 0x3f;
	}
	for (u32 set = bits; ; set = (set - 1) & bits) {
		*ewx_vec_push(&c->pool, out) = set;
		if (!set)
			break;
	}
}

static void try_enclave(struct ewx_compare *c, struct ewx_point point)
{
	const struct ewx_properties props = {
		.has_signer = point.flags & EWX_QUERY_HAS_SIGNER,
		.signer = point.signer,
		.measurement = point.measurement,
		.product = point.product,
		.svn = point.svn,
		.attributes = point.attributes,
	};

	for (int k = 0; k < 2; k++)
		point.result[k] = ewx_identity_class(c->p[k], &props);
	add_point(c, &c->enclaves, &point);
}

static void find_enclaves(struct ewx_compare *c)
{
	ewx_numbers products = { 0 }, svns = { 0 }, words = { 0 };
	static const u8 nobody[32] = { 0xee }, unknown[32];
	keys_t signers = { 0 }, measurements = { 0 };
	size_t s, m, i, v, a;

	digests(c, EWX_CONDITION_SIGNER, nobody, &signers);
	digests(c, EWX_CONDITION_MEASUREMENT, unknown, &measurements);
	bounds(c, EWX_CONDITION_PRODUCT, &products);
	bounds(c, EWX_CONDITION_MIN_SVN, &svns);
	attributes(c, &words);
	*ewx_vec_push(&c->pool, &products) = 0;
	*ewx_vec_push(&c->pool, &svns) = 0;
	if (!affordable(c, signers.count * measurements.count, products.count,
			svns.count * words.count)) {
		CAP(products, 4);
		CAP(svns, 4);
		CAP(words, 4);
		CAP(measurements, 1000);
		CAP(signers, 50);
	}
	for (s = 0; s < signers.count; s++)
		for (m = 0; m < measurements.count; m++)
			for (i = 0; i < products.count; i++)
				for (v = 0; v < svns.count; v++)
					for (a = 0; a < words.count; a++)
						try_enclave(c, (struct ewx_point){
							.flags = EWX_QUERY_HAS_SIGNER,
							.signer = signers.at[s],
							.measurement = measurements.at[m],
							.product = (u16)products.at[i],
							.svn = (u16)svns.at[v],
							.attributes = words.at[a],
						});
}

void ewx_compare_points(struct ewx_compare *c)
{
	static void (*const find[])(struct ewx_compare *c) = {
		find_processes, find_files, find_enclaves,
	};

	c->complete = true;
	for (size_t i = 0; i < sizeof(find) / sizeof(find[0]); i++) {
		ewx_sets_init(&c->known, &c->pool);
		find[i](c);
		ewx_sets_drop(&c->known);
	}
}
