// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Verification: classes, automata, diagrams. What match.c walks.
 */
#include "verify.h"

/*
 * The members of a class are indices into @names, ascending. @budget is how
 * many members the section may still have: without a limit the ranges of many
 * classes could overlap and make this more than linear.
 */
static bool check_members(struct ewx_check *c, u32 names, u32 *budget)
{
	const u8 *record = ewx_record(c->p, c->section, c->index,
				      sizeof(struct ewx_class));
	u32 values = ewx_count(c->p, EWX_SECTION_VALUES);
	u32 first = ewx_read32(record + offsetof(struct ewx_class, first));
	u32 count = ewx_read32(record + offsetof(struct ewx_class, count));
	u32 i;

	if (c->index == EWX_CLASS_UNLISTED && count)
		return EWX_FAIL(c, VALUE, ewx_class, count);
	if (count > *budget)
		return EWX_FAIL(c, COUNT, ewx_class, count);
	*budget -= count;
	if (first > values || count > values - first)
		return EWX_FAIL(c, REFERENCE, ewx_class, first);
	for (i = 0; i < count; i++) {
		u32 member = EWX_NUMBER(c->p, VALUES, first + i);

		if (member >= names)
			return EWX_FAIL(c, REFERENCE, ewx_class, first);
		if (i && member <= EWX_NUMBER(c->p, VALUES, first + i - 1))
			return EWX_FAIL(c, ORDER, ewx_class, first);
	}
	return true;
}

static bool check_classes(struct ewx_check *c, enum ewx_section classes,
			  enum ewx_section names)
{
	u32 budget = ewx_count(c->p, EWX_SECTION_VALUES);
	u32 count = ewx_count(c->p, classes);

	c->section = classes;
	for (c->index = 0; c->index < count; c->index++) {
		if (!check_members(c, ewx_count(c->p, names), &budget))
			return false;
	}
	return true;
}

static bool check_automaton(struct ewx_check *c)
{
	u32 unmatched = EWX_FIELD(c, AUTOMATA, ewx_automaton, unmatched);
	bool fits;

	if (EWX_FIELD(c, AUTOMATA, ewx_automaton, start) >=
	    ewx_count(c->p, EWX_SECTION_STATES))
		return EWX_FAIL(c, REFERENCE, ewx_automaton, start);
	if (c->index == EWX_AUTOMATON_EXE)
		fits = ewx_reference_fits(c->p, unmatched, EWX_DIAGRAM_DOMAIN);
	else if (c->index == EWX_AUTOMATON_PATH)
		fits = ewx_reference_fits(c->p, unmatched, EWX_DIAGRAM_SOURCE);
	else
		fits = unmatched & EWX_LEAF;
	if (!fits)
		return EWX_FAIL(c, REFERENCE, ewx_automaton, unmatched);
	if (EWX_GET64(c->p, AUTOMATA, ewx_automaton, c->index, reserved))
		return EWX_FAIL(c, RESERVED, ewx_automaton, reserved);
	return true;
}

/* State 0 is dead; its base is never read. */
static bool check_dead_state(struct ewx_check *c)
{
	if (EWX_FIELD(c, STATES, ewx_state, fallback))
		return EWX_FAIL(c, VALUE, ewx_state, fallback);
	if (EWX_FIELD(c, STATES, ewx_state, accept) != EWX_NONE)
		return EWX_FAIL(c, VALUE, ewx_state, accept);
	if (EWX_FIELD(c, STATES, ewx_state, length))
		return EWX_FAIL(c, VALUE, ewx_state, length);
	return true;
}

/* State @state is a tail that may take no byte. */
static bool is_star(const struct ewx_policy *p, u32 state)
{
	return EWX_GET32(p, STATES, ewx_state, state, length) > EWX_TAIL_MAX;
}

static bool check_accept(struct ewx_check *c)
{
	u32 accept = EWX_FIELD(c, STATES, ewx_state, accept);

	if (!(accept & EWX_LEAF) &&
	    accept >= ewx_count(c->p, EWX_SECTION_NODES))
		return EWX_FAIL(c, REFERENCE, ewx_state, accept);
	return true;
}

/* The tail at hand takes a byte for sure: its fallback is there, and so accepts. */
static bool check_plain_tail(struct ewx_check *c, u32 fallback)
{
	if (!fallback)
		return EWX_FAIL(c, VALUE, ewx_state, fallback);
	if (EWX_FIELD(c, STATES, ewx_state, accept) !=
	    ewx_accept_at(c->p, fallback))
		return EWX_FAIL(c, VALUE, ewx_state, accept);
	return true;
}

/*
 * What follows a star takes a byte, so that a walk ends; nothing follows a glob, which
 * has bytes.
 */
static bool check_star(struct ewx_check *c, u32 length, u32 fallback)
{
	if (length & EWX_TAIL_GLOB && fallback)
		return EWX_FAIL(c, VALUE, ewx_state, fallback);
	if (length == EWX_TAIL_GLOB)
		return EWX_FAIL(c, VALUE, ewx_state, length);
	if (is_star(c->p, fallback))
		return EWX_FAIL(c, ORDER, ewx_state, fallback);
	return check_accept(c);
}

/* A tail begins at @next, where the one before it ended. */
static bool check_tail(struct ewx_check *c, u32 length, u32 *next)
{
	u32 fallback = EWX_FIELD(c, STATES, ewx_state, fallback);
	u32 kind = length & ~EWX_TAIL_MAX;
	u32 bytes = length & EWX_TAIL_MAX;

	if (kind && kind != EWX_TAIL_STAR && kind != EWX_TAIL_GLOB)
		return EWX_FAIL(c, COUNT, ewx_state, length);
	if (bytes > ewx_count(c->p, EWX_SECTION_TAILS) - *next)
		return EWX_FAIL(c, COUNT, ewx_state, length);
	if (EWX_FIELD(c, STATES, ewx_state, base) != *next)
		return EWX_FAIL(c, ORDER, ewx_state, base);
	if (fallback >= ewx_count(c->p, EWX_SECTION_STATES))
		return EWX_FAIL(c, REFERENCE, ewx_state, fallback);
	*next += bytes;
	/*@ TAIL_IS_THERE */
	/*@ SECTIONS_ARE_KEPT */
	return kind ? check_star(c, length, fallback) :
		      check_plain_tail(c, fallback);
}

/* Which diagram a state accepts into is checked where it is used, in match.c. */
static bool check_state(struct ewx_check *c, u32 *tail)
{
	u32 base = EWX_FIELD(c, STATES, ewx_state, base);
	u32 slots = ewx_count(c->p, EWX_SECTION_TRANSITIONS);
	u32 length = EWX_FIELD(c, STATES, ewx_state, length);

	if (!c->index)
		return check_dead_state(c);
	if (length)
		return check_tail(c, length, tail);
	if (slots < 256 || base > slots - 256)
		return EWX_FAIL(c, REFERENCE, ewx_state, base);
	if (EWX_FIELD(c, STATES, ewx_state, fallback) >=
	    ewx_count(c->p, EWX_SECTION_STATES))
		return EWX_FAIL(c, REFERENCE, ewx_state, fallback);
	return check_accept(c);
}

static bool check_states(struct ewx_check *c)
{
	u32 count = ewx_count(c->p, EWX_SECTION_STATES);
	u32 tail = 0;

	c->section = EWX_SECTION_STATES;
	/*@ LOOP_OF_ALL_STATES */
	for (c->index = 0; c->index < count; c->index++) {
		if (!check_state(c, &tail))
			return false;
		/*@ EACH_IS_KEPT */
	}
	if (tail == ewx_count(c->p, EWX_SECTION_TAILS))
		return true;
	c->section = EWX_SECTION_TAILS;
	c->index = tail;
	return ewx_check_fail(c, EWX_FAULT_COUNT, 0);
}

static bool check_transition(struct ewx_check *c)
{
	u32 states = ewx_count(c->p, EWX_SECTION_STATES);
	u32 check = EWX_FIELD(c, TRANSITIONS, ewx_transition, check);

	if (!check || !ewx_index_or(check, states, EWX_NONE))
		return EWX_FAIL(c, REFERENCE, ewx_transition, check);
	if (EWX_FIELD(c, TRANSITIONS, ewx_transition, next) >= states)
		return EWX_FAIL(c, REFERENCE, ewx_transition, next);
	return true;
}

/* VALUES[arg] and those after it exist, @count in all. */
static bool values_fit(const struct ewx_policy *p, u32 arg, u32 count)
{
	u32 values = ewx_count(p, EWX_SECTION_VALUES);

	return values >= count && arg <= values - count;
}

static bool argument_fits(const struct ewx_policy *p, u32 test, u32 arg)
{
	switch (test) {
	case EWX_TEST_GROUP:
	case EWX_TEST_ATTRIBUTES:
		return values_fit(p, arg, 2);
	case EWX_TEST_XFRM:
		return values_fit(p, arg, 4);
	case EWX_TEST_CGROUP:
		return arg < 31;
	case EWX_TEST_CONTEXT:
	case EWX_TEST_FS:
		return ewx_check_string(p, arg);
	case EWX_TEST_FS_VERITY:
	case EWX_TEST_DM_VERITY:
		return (arg == EWX_SIGNED && test == EWX_TEST_FS_VERITY) ||
		       ewx_index_or(arg, ewx_count(p, EWX_SECTION_KEYS),
				    EWX_ANY);
	case EWX_TEST_SIGNER_LT:
	case EWX_TEST_SIGNER_EQ:
	case EWX_TEST_MEASUREMENT_LT:
	case EWX_TEST_MEASUREMENT_EQ:
		return arg < ewx_count(p, EWX_SECTION_KEYS);
	default:
		return true;
	}
}

static bool is_jump(u32 test)
{
	return test == EWX_TEST_SIGNER_JUMP ||
	       test == EWX_TEST_MEASUREMENT_JUMP;
}

/* The successors of a jump begin at @next, where those of the one before ended. */
static bool check_jump(struct ewx_check *c, u32 *next)
{
	u32 bits = EWX_FIELD(c, NODES, ewx_node, yes);
	u32 jumps = ewx_count(c->p, EWX_SECTION_JUMPS);
	u32 i;

	if (!bits || bits > EWX_JUMP_BITS_MAX || 1u << bits > jumps - *next)
		return EWX_FAIL(c, COUNT, ewx_node, yes);
	if (EWX_FIELD(c, NODES, ewx_node, arg) != *next)
		return EWX_FAIL(c, ORDER, ewx_node, arg);
	for (i = *next; i < *next + (1u << bits); i++) {
		u32 to = EWX_NUMBER(c->p, JUMPS, i);

		if (!ewx_reference_fits(c->p, to, EWX_DIAGRAM_IDENTITY))
			return EWX_FAIL(c, REFERENCE, ewx_node, arg);
		if (to <= c->index)
			return EWX_FAIL(c, ORDER, ewx_node, arg);
	}
	*next = i;
	return true;
}

static bool check_yes(struct ewx_check *c, u32 test)
{
	u32 yes = EWX_FIELD(c, NODES, ewx_node, yes);

	if (!argument_fits(c->p, test, EWX_FIELD(c, NODES, ewx_node, arg)))
		return EWX_FAIL(c, REFERENCE, ewx_node, arg);
	if (!ewx_reference_fits(c->p, yes, ewx_diagram_of(test)))
		return EWX_FAIL(c, REFERENCE, ewx_node, yes);
	if (yes <= c->index)
		return EWX_FAIL(c, ORDER, ewx_node, yes);
	return true;
}

static bool check_test_declared(struct ewx_check *c, u32 test)
{
	return EWX_DECLARED(c, CGROUP, test == EWX_TEST_CGROUP, ewx_node,
			    test) &&
	       EWX_DECLARED(c, CONTEXT, test == EWX_TEST_CONTEXT, ewx_node,
			    test) &&
	       EWX_DECLARED(c, FS_VERITY, test == EWX_TEST_FS_VERITY, ewx_node,
			    test) &&
	       EWX_DECLARED(c, DM_VERITY, test == EWX_TEST_DM_VERITY, ewx_node,
			    test) &&
	       EWX_DECLARED(c, MAPPED_EXEC, test == EWX_TEST_MAPPED_EXEC,
			    ewx_node, test);
}

/*
 * A node's successors come after it and decide the same thing. @jump: where the
 * next jump's begin.
 */
static bool check_node(struct ewx_check *c, u32 *jump)
{
	u32 test = EWX_FIELD(c, NODES, ewx_node, test);
	u32 no = EWX_FIELD(c, NODES, ewx_node, no);

	if (ewx_diagram_of(test) == EWX_DIAGRAM_NONE)
		return EWX_FAIL(c, VALUE, ewx_node, test);
	if (!check_test_declared(c, test))
		return false;
	if (!ewx_reference_fits(c->p, no, ewx_diagram_of(test)))
		return EWX_FAIL(c, REFERENCE, ewx_node, no);
	if (no <= c->index)
		return EWX_FAIL(c, ORDER, ewx_node, no);
	return is_jump(test) ? check_jump(c, jump) : check_yes(c, test);
}

static bool check_nodes(struct ewx_check *c)
{
	u32 count = ewx_count(c->p, EWX_SECTION_NODES);
	u32 jump = 0;

	c->section = EWX_SECTION_NODES;
	for (c->index = 0; c->index < count; c->index++) {
		if (!check_node(c, &jump))
			return false;
	}
	if (jump == ewx_count(c->p, EWX_SECTION_JUMPS))
		return true;
	c->section = EWX_SECTION_JUMPS;
	c->index = jump;
	return ewx_check_fail(c, EWX_FAULT_COUNT, 0);
}

bool ewx_verify_match(struct ewx_check *c)
{
	return check_classes(c, EWX_SECTION_SOURCE_CLASSES,
			     EWX_SECTION_SOURCES) &&
	       check_classes(c, EWX_SECTION_IDENTITY_CLASSES,
			     EWX_SECTION_IDENTITIES) &&
	       ewx_check_each(c, EWX_SECTION_AUTOMATA, check_automaton) &&
	       check_states(c) &&
	       ewx_check_each(c, EWX_SECTION_TRANSITIONS, check_transition) &&
	       check_nodes(c);
}
