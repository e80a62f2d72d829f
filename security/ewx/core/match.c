// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Classification: a path through an automaton, properties through a diagram.
 *
 * Owns: the two walks. Knows nothing of the decision table, nor of what a
 * domain or source is. Every result is in range for its kind. What the comments with
 * an @ name is in tests/prove/match.h.
 */
#include "read.h"

/* How far a tail of kind EWX_TAIL_* in @length goes, of which @left bytes are there. */
static u32 reach(u32 length, const char *path, u32 left)
{
	const char *slash;

	if (length & EWX_TAIL_GLOB)
		return left;
	if (!(length & EWX_TAIL_STAR))
		return length;
	slash = memchr(path, '/', left);
	return slash ? (u32)(slash - path) : left;
}

/*
 * Whether the bytes at @path go on with the tail that state @state is; @taken: how
 * many it takes.
 */
static bool tail_fits(const struct ewx_policy *p, u32 state, u32 length,
		      const char *path, u32 left, u32 *taken)
{
	u32 base = EWX_GET32(p, STATES, ewx_state, state, base);
	u32 accept = EWX_GET32(p, STATES, ewx_state, state, accept);
	u32 bytes = length & EWX_TAIL_MAX;
	u32 end = reach(length, path, left);

	/*@ AT_A_TAIL */
	/* Most tails end the path: what it then leads to comes along. */
	if (!(accept & EWX_LEAF))
		ewx_prefetch(ewx_record(p, EWX_SECTION_NODES, accept,
					EWX_SIZE_NODES));
	*taken = end;
	return end <= left && end >= bytes &&
	       !memcmp(path + end - bytes,
		       ewx_record(p, EWX_SECTION_TAILS, base, 1), bytes);
}

/* Where the bytes from *@at to @end lead from @state: to a tail, nowhere, or the end. */
static u32 take_bytes(const struct ewx_policy *p, u32 state, const char **at,
		      const char *end)
{
	const u8 *states = ewx_record(p, EWX_SECTION_STATES, 0, 0);
	const u8 *slots = ewx_record(p, EWX_SECTION_TRANSITIONS, 0, 0);
	const char *byte;

	/*@ LOOP_OF_BYTES */
	for (byte = *at; byte < end && state; byte++) {
		const u8 *s = states + (size_t)state * EWX_SIZE_STATES;
		const u8 *slot = slots;

		/*@ AT_A_STATE */
		if (EWX_FIELD32(s, ewx_state, length))
			break;
		slot += (size_t)(EWX_FIELD32(s, ewx_state, base) + (u8)*byte) *
			EWX_SIZE_TRANSITIONS;
		/*@ AT_A_SLOT */
		if (EWX_FIELD32(slot, ewx_transition, check) == state)
			state = EWX_FIELD32(slot, ewx_transition, next);
		else
			state = EWX_FIELD32(s, ewx_state, fallback);
	}
	*at = byte;
	return state;
}

/*
 * What @len bytes of @path match: a node reference or EWX_NONE. Goes no further
 * once nothing can match. Of two states in a row one takes a byte at least.
 */
static u32 run_states(const struct ewx_policy *p, u32 state, const char *path,
		      u32 len)
{
	const char *at = path, *end = path + len;
	u32 length, taken;

	/*@ LOOP_OF_STATES */
	for (;;) {
		state = take_bytes(p, state, &at, end);
		if (at == end || !state)
			break;
		length = EWX_GET32(p, STATES, ewx_state, state, length);
		if (!tail_fits(p, state, length, at, (u32)(end - at), &taken))
			return EWX_NONE;
		at += taken;
		if (at == end)
			return EWX_GET32(p, STATES, ewx_state, state, accept);
		state = EWX_GET32(p, STATES, ewx_state, state, fallback);
	}
	return ewx_accept_at(p, state);
}

u32 ewx_match(const struct ewx_policy *p, enum ewx_automaton_kind which,
	      const char *path, u32 len)
{
	u32 ref = EWX_NONE;

	if (which >= EWX_AUTOMATON_COUNT)
		return EWX_LEAF;
	if (path)
		ref = run_states(
			p, EWX_GET32(p, AUTOMATA, ewx_automaton, which, start),
			path, len);
	if (ref == EWX_NONE)
		ref = EWX_GET32(p, AUTOMATA, ewx_automaton, which, unmatched);
	return ewx_checked_reference(p, which, ref);
}

/* Tests of a process. */
static bool test_domain(const struct ewx_policy *p, u32 test, u32 arg,
			const struct ewx_properties *props)
{
	switch (test) {
	case EWX_TEST_EUID_LT:
		return props->euid < arg;
	case EWX_TEST_GROUP:
		return props->in_group &&
		       props->in_group(props->ctx, EWX_NUMBER(p, VALUES, arg),
				       EWX_NUMBER(p, VALUES, arg + 1));
	case EWX_TEST_CGROUP:
		return props->cgroup >> arg & 1;
	case EWX_TEST_CONTEXT:
		return props->has_context &&
		       props->has_context(props->ctx, ewx_string(p, arg));
	case EWX_TEST_NO_PATH:
		return props->no_path;
	default:
		return false;
	}
}

static bool test_verity(const struct ewx_policy *p, u32 arg,
			const struct ewx_verity *v)
{
	if (!v || !v->present)
		return false;
	if (arg == EWX_ANY)
		return true;
	if (arg == EWX_SIGNED)
		return v->is_signed;
	return v->has_digest &&
	       !memcmp(v->digest, ewx_key(p, arg), EWX_SIZE_KEYS);
}

/* Tests of a source file. */
static bool test_source(const struct ewx_policy *p, u32 test, u32 arg,
			const struct ewx_properties *props)
{
	switch (test) {
	case EWX_TEST_OWNER_LT:
		return props->owner < arg;
	case EWX_TEST_FS:
		return props->fs && !strcmp(props->fs, ewx_string(p, arg));
	case EWX_TEST_READ_ONLY:
		return props->read_only;
	case EWX_TEST_FS_VERITY:
		return test_verity(p, arg, props->fs_verity);
	case EWX_TEST_DM_VERITY:
		return test_verity(p, arg, props->dm_verity);
	case EWX_TEST_MAPPED_EXEC:
		return props->mapped_exec;
	default:
		return false;
	}
}

/* Digests differ in their first bytes, but for those that are equal. */
static inline bool key_less(const u8 *a, const u8 *b)
{
	u64 x = ewx_key_head(a);
	u64 y = ewx_key_head(b);

	return x != y ? x < y : memcmp(a, b, EWX_SIZE_KEYS) < 0;
}

/* The 64-bit number at VALUES[@at]. */
static u64 wide_number(const struct ewx_policy *p, u32 at)
{
	return EWX_NUMBER(p, VALUES, at) | (u64)EWX_NUMBER(p, VALUES, at + 1)
						   << 32;
}

/* Tests of an enclave's identity. */
static bool test_identity(const struct ewx_policy *p, u32 test, u32 arg,
			  const struct ewx_properties *props)
{
	bool has_signer = props->has_signer && props->signer;

	switch (test) {
	case EWX_TEST_HAS_SIGNER:
		return has_signer;
	case EWX_TEST_SIGNER_LT:
		return has_signer && key_less(props->signer, ewx_key(p, arg));
	case EWX_TEST_SIGNER_EQ:
		return has_signer &&
		       !memcmp(props->signer, ewx_key(p, arg), EWX_SIZE_KEYS);
	case EWX_TEST_MEASUREMENT_LT:
		return props->measurement &&
		       key_less(props->measurement, ewx_key(p, arg));
	case EWX_TEST_MEASUREMENT_EQ:
		return props->measurement &&
		       !memcmp(props->measurement, ewx_key(p, arg),
			       EWX_SIZE_KEYS);
	case EWX_TEST_SIGNER_HEAD_LT:
		return has_signer && ewx_key_head(props->signer) >> 32 < arg;
	case EWX_TEST_MEASUREMENT_HEAD_LT:
		return props->measurement &&
		       ewx_key_head(props->measurement) >> 32 < arg;
	case EWX_TEST_PRODUCT_LT:
		return props->product < arg;
	case EWX_TEST_SVN_LT:
		return props->svn < arg;
	case EWX_TEST_ATTRIBUTES:
		return (props->attributes & EWX_NUMBER(p, VALUES, arg)) ==
		       EWX_NUMBER(p, VALUES, arg + 1);
	case EWX_TEST_XFRM:
		return (props->xfrm & wide_number(p, arg)) ==
		       wide_number(p, arg + 2);
	default:
		return false;
	}
}

static bool test_node(const struct ewx_policy *p, u32 test, u32 arg,
		      const struct ewx_properties *props)
{
	switch (ewx_diagram_of(test)) {
	case EWX_DIAGRAM_DOMAIN:
		return test_domain(p, test, arg, props);
	case EWX_DIAGRAM_SOURCE:
		return test_source(p, test, arg, props);
	case EWX_DIAGRAM_IDENTITY:
		return test_identity(p, test, arg, props);
	default:
		return false;
	}
}

/* Where a key goes from the node at @node, which is a jump. */
static u32 jump(const struct ewx_policy *p, u32 node, const u8 *key)
{
	u32 first = EWX_GET32(p, NODES, ewx_node, node, arg);
	u32 bits = EWX_GET32(p, NODES, ewx_node, node, yes);

	if (!key)
		return EWX_GET32(p, NODES, ewx_node, node, no);
	return EWX_NUMBER(p, JUMPS,
			  first + (u32)(ewx_key_head(key) >> (64 - bits)));
}

/*
 * Which way a comparison goes cannot be predicted: so it chooses between two
 * numbers that are there, not between two places to go on.
 */
static u32 choose(const struct ewx_policy *p, u32 node, u32 test,
		  const struct ewx_properties *props)
{
	u32 arg = EWX_GET32(p, NODES, ewx_node, node, arg);
	u32 yes = EWX_GET32(p, NODES, ewx_node, node, yes);
	u32 no = EWX_GET32(p, NODES, ewx_node, node, no);
	u32 mask = 0u - (u32)test_node(p, test, arg, props);

	return (yes & mask) | (no & ~mask);
}

/* Ends because a node's successors have greater indices (verified). */
u32 ewx_walk(const struct ewx_policy *p, u32 node,
	     const struct ewx_properties *props)
{
	while (!(node & EWX_LEAF)) {
		u32 test;

		if (node >= ewx_count(p, EWX_SECTION_NODES))
			return 0;
		test = EWX_GET32(p, NODES, ewx_node, node, test);
		if (test == EWX_TEST_SIGNER_JUMP)
			node = jump(p, node,
				    props->has_signer ? props->signer : NULL);
		else if (test == EWX_TEST_MEASUREMENT_JUMP)
			node = jump(p, node, props->measurement);
		else
			node = choose(p, node, test, props);
	}
	return node & ~EWX_LEAF;
}

void ewx_identity_expect(const struct ewx_policy *p, const u8 *signer)
{
	u32 node = p->identity_node;

	if (node & EWX_LEAF || !signer ||
	    EWX_GET32(p, NODES, ewx_node, node, test) != EWX_TEST_SIGNER_JUMP)
		return;
	node = jump(p, node, signer);
	if (!(node & EWX_LEAF))
		ewx_prefetch(
			ewx_record(p, EWX_SECTION_NODES, node, EWX_SIZE_NODES));
}

u32 ewx_identity_class(const struct ewx_policy *p,
		       const struct ewx_properties *props)
{
	return ewx_walk(p, p->identity_node, props);
}
