// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page facts: the rules as a table, then over all facts, operations, accesses.
 */
#include "unit.h"

#include "security/enclave/facts.h"

#define P(name) ENCLAVE_PERM_##name
#define OP(name) ENCLAVE_OP_##name

#define R ENCLAVE_R
#define W ENCLAVE_W
#define X ENCLAVE_X

#define F(name) ENCLAVE_FACT_##name
#define ORIGIN(name) (ENCLAVE_ORIGIN_##name << ENCLAVE_FACT_ORIGIN_SHIFT)
#define FACTS (ENCLAVE_FACT_ALL + 1u)

static const enum enclave_op mapping_ops[] = { OP(MMAP), OP(MPROTECT),
					       OP(FAULT) };
/* All operations that change the facts of a page which stays. */
static const enum enclave_op history_ops[] = { OP(MMAP), OP(MPROTECT),
					       OP(FAULT), OP(RESTRICT),
					       OP(TYPE), OP(ACCESS) };

/* Operations that take intent away. */
static bool shrinks(enum enclave_op op)
{
	return op == OP(RESTRICT) || op == OP(TYPE);
}

static void test_load(void **state)
{
	static const struct {
		enum enclave_origin origin;
		u32 intent;
		bool is_mutable;
		bool measured;
		u32 need;
	} rows[] = {
		{ ENCLAVE_ORIGIN_FILE, R | X, false, true, P(EXEC_FILE) },
		{ ENCLAVE_ORIGIN_FILE, X, false, true, P(EXEC_FILE) },
		{ ENCLAVE_ORIGIN_FILE, R | X, true, true,
		  P(EXEC_FILE) | P(EXEC_MUTABLE) },
		{ ENCLAVE_ORIGIN_FILE, R | X, true, false,
		  P(EXEC_FILE) | P(EXEC_MUTABLE) | P(EXEC_UNMEASURED) },
		{ ENCLAVE_ORIGIN_FILE, R | W | X, false, true,
		  P(EXEC_FILE) | P(LOAD_WX) },
		{ ENCLAVE_ORIGIN_MODIFIED, R | X, false, true, P(EXEC_MODIFIED) },
		{ ENCLAVE_ORIGIN_MODIFIED, R | X, true, true, P(EXEC_MODIFIED) },
		{ ENCLAVE_ORIGIN_ANON, R | X, false, true, P(EXEC_ANON) },
		{ ENCLAVE_ORIGIN_ANON, R | X, true, true, P(EXEC_ANON) },
		{ ENCLAVE_ORIGIN_ANON, W | X, false, false,
		  P(EXEC_ANON) | P(EXEC_UNMEASURED) | P(LOAD_WX) },
		{ ENCLAVE_ORIGIN_DYNAMIC, R | X, false, true, P(EXEC_ANON) },
		{ ENCLAVE_ORIGIN_ANON, R | W, false, false, 0 },
		{ ENCLAVE_ORIGIN_FILE, R, true, false, 0 },
		{ ENCLAVE_ORIGIN_MODIFIED, 0, true, false, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		enclave_facts f = enclave_facts_load(rows[i].origin,
						     rows[i].intent,
						     rows[i].is_mutable,
						     rows[i].measured);

		assert_int_equal(f & ENCLAVE_RWX, rows[i].intent);
		assert_int_equal(enclave_facts_origin(f), rows[i].origin);
		assert_int_equal(enclave_required(f, OP(LOAD), rows[i].intent,
						  false), rows[i].need);
	}
	assert_int_equal(enclave_facts_load(ENCLAVE_ORIGIN_ANON, ~0u, false,
					    false), F(PRESENT) | ENCLAVE_RWX);
	assert_int_equal(enclave_facts_load(99, 0, false, false) &
			 ~(F(ORIGIN) | F(PRESENT)), 0);
}

static void test_add(void **state)
{
	enclave_facts f = enclave_facts_dynamic(R | W | X);

	(void)state;
	assert_int_equal(f, F(PRESENT) | ORIGIN(DYNAMIC) | R | W | X);
	assert_int_equal(enclave_required(f, OP(ADD), R | W, true), P(AUGMENT));
	assert_int_equal(enclave_required(0, OP(ADD), 0, true), P(AUGMENT));
}

/*
 * A life of a page: operations in order, what each needs. Rows of ATTACKS.md
 * by their number.
 */
struct step {
	enum enclave_op op;
	u32 access;
	u32 need;
};

struct life {
	const char *row;
	u32 start;
	bool initialized;
	struct step step[5];
};

#define CODE (F(PRESENT) | ORIGIN(FILE) | F(MEASURED) | R | X)
#define DATA (F(PRESENT) | F(MEASURED) | R | W)
#define BOTH (F(PRESENT) | ORIGIN(FILE) | F(MEASURED) | R | W | X)
#define DYNAMIC (F(PRESENT) | ORIGIN(DYNAMIC) | R | W | X)

static const struct life lives[] = {
	{ "plain code", CODE, false, {
		{ OP(MMAP), R | X, 0 }, { OP(FAULT), R | X, 0 },
		{ OP(MMAP), R, 0 } } },
	{ "change", CODE, true, {
		{ OP(MMAP), R | X, P(CHANGE) }, { OP(FAULT), R | X, 0 },
		{ OP(MPROTECT), R, P(CHANGE) }, { OP(TYPE), 0, P(CHANGE) },
		{ OP(REMOVE), 0, P(CHANGE) } } },
	{ "change over a hole", 0, true, {
		{ OP(MMAP), R | W | X, P(CHANGE) },
		{ OP(MPROTECT), R | W | X, P(CHANGE) },
		{ OP(RESTRICT), R, P(CHANGE) }, { OP(REMOVE), 0, P(CHANGE) },
		{ OP(FAULT), R | W | X, 0 } } },
	{ "hole before init", 0, false, {
		{ OP(MMAP), R | W | X, 0 }, { OP(FAULT), R | W | X, 0 } } },
	{ "B1", BOTH, false, {
		{ OP(MMAP), R | W | X, P(MAP_WX) | P(EXEC_WRITTEN) },
		{ OP(MMAP), R | X, P(EXEC_WRITTEN) },
		{ OP(MMAP), W, P(EXEC_WRITTEN) } } },
	{ "B4", DATA, true, {
		{ OP(MMAP), 0, P(CHANGE) }, { OP(MPROTECT), R | W, P(CHANGE) } } },
	{ "B5", BOTH, false, {
		{ OP(MMAP), R | W, 0 }, { OP(MPROTECT), R | X, P(EXEC_WRITTEN) } } },
	{ "B6", BOTH, false, {
		{ OP(MMAP), R | X, 0 }, { OP(MMAP), R | W, P(EXEC_WRITTEN) } } },
	{ "B7", BOTH, false, {
		{ OP(FAULT), W, 0 }, { OP(FAULT), X, P(EXEC_WRITTEN) },
		{ OP(FAULT), X, P(EXEC_WRITTEN) } } },
	{ "C1", DYNAMIC, true, {
		{ OP(FAULT), R | W, 0 }, { OP(MPROTECT), R | W, P(CHANGE) } } },
	{ "C2, C2b", DYNAMIC, true, {
		{ OP(MPROTECT), R | W, P(CHANGE) },
		{ OP(MPROTECT), R | X, P(CHANGE) | P(EXEC_DYNAMIC) },
		{ OP(FAULT), R | X, P(EXEC_DYNAMIC) },
		{ OP(MPROTECT), R | W, P(CHANGE) | P(EXEC_WRITTEN) },
		{ OP(FAULT), X, P(EXEC_DYNAMIC) | P(EXEC_WRITTEN) } } },
	{ "C3", DYNAMIC, true, {
		{ OP(FAULT), R | W | X,
		  P(EXEC_DYNAMIC) | P(MAP_WX) | P(EXEC_WRITTEN) },
		{ OP(FAULT), R | X, P(EXEC_DYNAMIC) | P(EXEC_WRITTEN) } } },
	{ "C8", CODE, true, {
		{ OP(ACCESS), R, 0 }, { OP(ACCESS), W, P(DEBUG_WRITE) },
		{ OP(FAULT), R | X, P(EXEC_WRITTEN) } } },
	{ "C8, page that executed and was restricted", CODE, true, {
		{ OP(FAULT), X, 0 }, { OP(RESTRICT), R, P(CHANGE) },
		{ OP(ACCESS), W, P(DEBUG_WRITE) } } },
	{ "C8, data", DATA, true, { { OP(ACCESS), W, 0 } } },
	{ "C8b", CODE, false, {
		{ OP(INIT), 0, 0 }, { OP(ACCESS), W, P(DEBUG_WRITE) },
		{ OP(INIT), 0, P(EXEC_MODIFIED) | P(EXEC_UNMEASURED) } } },
	{ "C8b, data", DATA, false, {
		{ OP(ACCESS), W, 0 }, { OP(INIT), 0, 0 } } },
	{ "debugger rewrites a dynamic page", DYNAMIC, true, {
		{ OP(FAULT), W, 0 }, { OP(FAULT), X, P(EXEC_DYNAMIC) },
		{ OP(ACCESS), W, P(DEBUG_WRITE) },
		{ OP(FAULT), X, P(EXEC_DYNAMIC) | P(EXEC_WRITTEN) } } },
};

static void test_lives(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_LEN(lives); i++) {
		enclave_facts f = (enclave_facts)lives[i].start;
		bool initialized = lives[i].initialized;

		for (j = 0; j < 5 && lives[i].step[j].op; j++) {
			const struct step *s = &lives[i].step[j];
			u32 need = enclave_required(f, s->op, s->access,
						    initialized);

			if (need != s->need)
				fail_msg("%s, step %zu: needs %#x", lives[i].row,
					 j, need);
			f = enclave_facts_after(f, s->op, s->access,
						initialized);
		}
	}
}

static void test_removed_is_gone(void **state)
{
	u32 f;

	(void)state;
	for (f = 0; f < FACTS; f++) {
		enclave_facts gone = enclave_facts_after(f, OP(REMOVE), 0, true);

		if (f & F(PRESENT))
			assert_int_equal(gone, 0);
		else
			assert_int_equal(gone, f);
	}
	assert_int_equal(enclave_facts_uses(0), 0);
}

/* Nothing but MMAP, MPROTECT, FAULT, RESTRICT, TYPE, ACCESS W, REMOVE does. */
static void test_other_ops_change_nothing(void **state)
{
	u32 f, op, access;

	(void)state;
	for (f = 0; f < FACTS; f++) {
		for (op = 0; op < ENCLAVE_OP_COUNT; op++) {
			for (access = 0; access < 8; access++) {
				bool changes = op == OP(MMAP) ||
					       op == OP(MPROTECT) ||
					       op == OP(FAULT) ||
					       shrinks(op) ||
					       op == OP(REMOVE) ||
					       (op == OP(ACCESS) && access & W);

				if (changes && f & F(PRESENT))
					continue;
				assert_int_equal(enclave_facts_after(f, op, access, false), f);
				assert_int_equal(enclave_facts_after(f, op, access, true), f);
			}
		}
	}
}

/* Intent never grows, presence stays, history never shrinks. */
static void test_facts_get_stricter(void **state)
{
	const u32 history = F(EVER_W) | F(EVER_X) | F(EVER_WX) | F(REWRITTEN) |
			    F(DEBUG_WRITTEN) | F(MUTABLE) | F(PRESENT);
	u32 f, i, access, initialized;

	(void)state;
	for (f = 0; f < FACTS; f++) {
		for (i = 0; i < ARRAY_LEN(history_ops) * 16; i++) {
			u32 now;

			access = i / 2 % 8;
			initialized = i % 2;
			now = enclave_facts_after(f, history_ops[i / 16], access,
						  initialized);
			assert_int_equal(now & ~ENCLAVE_FACT_ALL, 0);
			assert_int_equal(now & ENCLAVE_RWX & ~f, 0);
			assert_int_equal(f & history & ~now, 0);
			assert_int_equal(now & F(MEASURED) & ~f, 0);
			assert_true((now & F(ORIGIN)) == (f & F(ORIGIN)) ||
				    (enclave_facts_origin(f) == ENCLAVE_ORIGIN_FILE &&
				     enclave_facts_origin(now) == ENCLAVE_ORIGIN_MODIFIED &&
				     now & F(DEBUG_WRITTEN)));
			/* Once more is no change. */
			assert_int_equal(enclave_facts_after(now, history_ops[i / 16],
							     access, initialized), now);
		}
	}
}

/* What @f needed of its page and @now does not: none, or a listed exception. */
static void check_needs(u32 f, u32 now, enum enclave_op did, u32 lost)
{
	u32 code = P(EXEC_FILE) | P(EXEC_MUTABLE);

	if (!lost)
		return;
	if (did == OP(ACCESS) && !(lost & ~code))
		return;
	if (shrinks(did) && f & X && !(now & X)) {
		assert_int_equal(lost & ~(code | P(EXEC_MODIFIED) | P(EXEC_ANON) |
					  P(EXEC_UNMEASURED) | P(LOAD_WX) |
					  P(DEBUG_WRITE)), 0);
		assert_true(!(lost & P(DEBUG_WRITE)) || !(f & F(EVER_X)));
		return;
	}
	/* load_wx alone goes with the intent to write. */
	if (shrinks(did) && lost == P(LOAD_WX) && !(now & W))
		return;
	fail_msg("facts %#x after op %d are %#x: no longer need %#x", f, did,
		 now, lost);
}

static void test_needs_get_stricter(void **state)
{
	u32 f, i, op, access;

	(void)state;
	for (f = 0; f < FACTS; f++) {
		for (i = 0; i < ARRAY_LEN(history_ops) * 16; i++) {
			enum enclave_op did = history_ops[i / 16];
			u32 now = enclave_facts_after(f, did, i / 2 % 8, i % 2);

			if (now == f)
				continue;
			for (op = 0; op < ENCLAVE_OP_COUNT; op++) {
				for (access = 0; access < 8; access++) {
					u32 was = enclave_required(f, op, access, i % 2);
					u32 is = enclave_required(now, op, access, i % 2);

					check_needs(f, now, did, was & ~is);
				}
			}
		}
	}
}

/* A wider access never needs less, and "change" depends on the op alone. */
static void test_needs_grow_with_access(void **state)
{
	u32 f, op, access, more;

	(void)state;
	for (f = 0; f < FACTS; f++) {
		for (op = 0; op < ENCLAVE_OP_COUNT; op++) {
			for (access = 0; access < 8; access++) {
				u32 need = enclave_required(f, op, access, false);

				assert_int_equal(need & P(CHANGE), 0);
				assert_int_equal(need & ~ENCLAVE_PERM_ALL, 0);
				assert_int_equal(enclave_required(f, op, access, true) &
						 ~P(CHANGE), need);
				for (more = access; more < 8; more++)
					if ((more & access) == access)
						assert_int_equal(need & ~enclave_required(f, op, more, false), 0);
			}
		}
	}
}

/* Whatever a page needed to get its facts counts against "max". */
static void test_uses_cover_needs(void **state)
{
	u32 f, i, op, access;

	(void)state;
	for (f = 0; f < FACTS; f++) {
		u32 uses = enclave_facts_uses(f);

		assert_int_equal(uses & ~ENCLAVE_PERM_ALL, 0);
		if (!(f & F(PRESENT))) {
			assert_int_equal(uses, 0);
			continue;
		}
		if (enclave_facts_origin(f) == ENCLAVE_ORIGIN_DYNAMIC)
			op = OP(ADD);
		else
			op = OP(LOAD);
		assert_int_equal(enclave_required(f, op, 0, false) & ~uses, 0);
		for (i = 0; i < ARRAY_LEN(history_ops); i++) {
			if (shrinks(history_ops[i]))
				continue;
			for (access = 0; access < 8; access++) {
				enclave_facts now =
					enclave_facts_after(f, history_ops[i],
							    access, true);
				u32 need = enclave_required(f, history_ops[i],
							    access, false);

				assert_int_equal(need & ~enclave_facts_uses(now), 0);
			}
		}
	}
}

/* A new page uses what it needs to come to be, no more and no less. */
static void test_new_page_uses_its_needs(void **state)
{
	u32 i, access;

	(void)state;
	for (i = 0; i < 8 * 4 * 4; i++) {
		enum enclave_origin origin = i >> 3 & 3;
		enclave_facts f = enclave_facts_load(origin, i & 7, i & 0x20,
						     i & 0x40);
		enclave_facts dynamic = enclave_facts_dynamic(i & 7);

		for (access = 0; access < 8; access++) {
			assert_int_equal(enclave_required(dynamic, OP(ADD),
							  access, true),
					 enclave_facts_uses(dynamic));
			if (origin == ENCLAVE_ORIGIN_DYNAMIC)
				continue;
			assert_int_equal(enclave_required(f, OP(LOAD), access,
							  false),
					 enclave_facts_uses(f));
			assert_int_equal(enclave_required(f, OP(LOAD), access,
							  true),
					 enclave_facts_uses(f));
		}
	}
}

static void test_uses(void **state)
{
	static const struct {
		u32 facts;
		u32 uses;
	} rows[] = {
		{ 0, 0 },
		{ X | F(EVER_X), 0 },
		{ CODE, P(EXEC_FILE) },
		{ CODE | F(MUTABLE), P(EXEC_FILE) | P(EXEC_MUTABLE) },
		{ BOTH | F(EVER_W), P(EXEC_FILE) | P(LOAD_WX) },
		{ BOTH | F(EVER_W) | F(EVER_X),
		  P(EXEC_FILE) | P(LOAD_WX) | P(EXEC_WRITTEN) },
		{ DATA | F(EVER_W), 0 },
		{ DATA | F(EVER_W) | F(DEBUG_WRITTEN), 0 },
		{ CODE | F(DEBUG_WRITTEN), P(EXEC_FILE) | P(DEBUG_WRITE) },
		{ F(PRESENT) | X, P(EXEC_ANON) | P(EXEC_UNMEASURED) },
		{ F(PRESENT) | X | ORIGIN(MODIFIED) | F(MEASURED),
		  P(EXEC_MODIFIED) },
		{ DYNAMIC, P(AUGMENT) },
		{ DYNAMIC | F(EVER_W), P(AUGMENT) },
		{ DYNAMIC | F(EVER_W) | F(EVER_X), P(AUGMENT) | P(EXEC_DYNAMIC) },
		{ DYNAMIC | F(EVER_W) | F(EVER_X) | F(REWRITTEN),
		  P(AUGMENT) | P(EXEC_DYNAMIC) | P(EXEC_WRITTEN) },
		{ DYNAMIC | F(EVER_W) | F(EVER_X) | F(REWRITTEN) | F(EVER_WX),
		  P(AUGMENT) | P(EXEC_DYNAMIC) | P(EXEC_WRITTEN) | P(MAP_WX) },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(enclave_facts_uses(rows[i].facts), rows[i].uses);
}

/*
 * The point of it all: from any new page, along any chain of operations that
 * need neither exec_written nor map_wx nor debug_write, no byte is executed
 * after it was written through the enclave's mappings; a dynamic page is
 * written, then executed, and never both again.
 */
static bool reached[FACTS];

static void follow(u32 f)
{
	const u32 strong = P(EXEC_WRITTEN) | P(MAP_WX) | P(DEBUG_WRITE);
	u32 i, initialized;

	for (i = 0; i < ARRAY_LEN(history_ops) * 8; i++) {
		for (initialized = 0; initialized < 2; initialized++) {
			enum enclave_op op = history_ops[i / 8];
			u32 access = i % 8;

			if (enclave_required(f, op, access, initialized) & strong)
				continue;
			/* The framework's fixed rule: never beyond the intent. */
			if (op != OP(ACCESS) && !shrinks(op) && access & ~f)
				continue;
			reached[enclave_facts_after(f, op, access, initialized)] = true;
		}
	}
}

static void test_no_written_code(void **state)
{
	u32 f, intent, round;

	(void)state;
	for (intent = 0; intent < 8; intent++) {
		for (f = 0; f < 16; f++)
			reached[enclave_facts_load(f / 4, intent, f & 1, f & 2)] = true;
	}
	for (round = 0; round < 16; round++) {
		for (f = 0; f < FACTS; f++) {
			if (reached[f])
				follow(f);
		}
	}
	for (f = 0; f < FACTS; f++) {
		if (!reached[f])
			continue;
		assert_false(f & (F(EVER_WX) | F(REWRITTEN)));
		if (f & F(EVER_W) && f & F(EVER_X)) {
			assert_int_equal(enclave_facts_origin(f),
					 ENCLAVE_ORIGIN_DYNAMIC);
			assert_true(enclave_required(f, OP(FAULT), W, true) &
				    P(EXEC_WRITTEN));
		}
		if (f & F(EVER_X))
			assert_false(f & F(DEBUG_WRITTEN));
	}
}

/* The three mapping operations differ in "change" only. */
static void test_mapping_ops_agree(void **state)
{
	u32 f, access, i;

	(void)state;
	for (f = 0; f < FACTS; f++) {
		for (access = 0; access < 8; access++) {
			u32 need = enclave_required(f, OP(FAULT), access, false);
			u32 now = enclave_facts_after(f, OP(FAULT), access, false);

			for (i = 0; i < ARRAY_LEN(mapping_ops); i++) {
				assert_int_equal(enclave_required(f, mapping_ops[i],
								  access, false), need);
				assert_int_equal(enclave_facts_after(f, mapping_ops[i],
								     access, true), now);
			}
		}
	}
}

/* One address space, and no mapping of the opposite kind, for what is written code. */
static void test_needs_alone(void **state)
{
	const u32 both = P(EXEC_WRITTEN) | P(EXEC_DYNAMIC);
	u32 f, need;

	(void)state;
	for (f = 0; f < FACTS; f++) {
		enclave_facts facts = (enclave_facts)f;

		/* The two, and each permission alone. */
		assert_true(enclave_needs_alone(facts, both));
		assert_false(enclave_needs_alone(facts, 0));
		assert_int_equal(enclave_needs_alone(facts, P(ALL) & ~P(EXEC_WRITTEN)),
				 !!(f & F(EVER_W)));
		for (need = 1; need & P(ALL); need <<= 1)
			assert_int_equal(enclave_needs_alone(facts, need),
					 need == P(EXEC_WRITTEN) ||
					 (need == P(EXEC_DYNAMIC) && f & F(EVER_W)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_lives),
		cmocka_unit_test(test_removed_is_gone),
		cmocka_unit_test(test_other_ops_change_nothing),
		cmocka_unit_test(test_facts_get_stricter),
		cmocka_unit_test(test_needs_get_stricter),
		cmocka_unit_test(test_needs_grow_with_access),
		cmocka_unit_test(test_uses_cover_needs),
		cmocka_unit_test(test_new_page_uses_its_needs),
		cmocka_unit_test(test_uses),
		cmocka_unit_test(test_no_written_code),
		cmocka_unit_test(test_needs_alone),
		cmocka_unit_test(test_mapping_ops_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
