// SPDX-License-Identifier: GPL-2.0-only
/*
 * What other security modules take for what EWX does: figures for benchmarks.
 *
 * Owns: the measurements. What a figure should be is for tests/bench to say; here
 * nothing is asserted of times, but of answers. Policies, paths and names of files are
 * read from a directory that tests/bench/paths or tests/bench/ipe fills; without it,
 * as at boot, nothing is measured. It is run through its file in debugfs.
 *
 * paths: which pattern a path matches. EWX's automaton, from the binary policy that is
 * loaded, beside the automata that apparmor_parser made of the same patterns, unpacked
 * as AppArmor does. A profile holds a thousand patterns; with more of them AppArmor is
 * asked only for the profile whose pattern the path is made for. Both are asked for
 * all paths once before the clock runs, then by turns, stretch by stretch.
 *
 * rules: what IPE's hook does at an exec, with so many rules that each name a digest of
 * fs-verity. Its own parser reads them, in texts as large as it takes (kmalloc), whose
 * rules are put into one list.
 */
#include <kunit/test.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "../apparmor/include/match.h"
#include "../ipe/eval.h"
#include "../ipe/policy.h"
#include "core/engine.h"
#include "policy.h"
#include "test_util.h"

#define DIRECTORY "/run/ewx-peers/"
#define TIMES 101

/* A path, and what is to come out. */
#define PATHS 2048
#define STRETCH 256
#define PATH_ROOM 96
#define PROFILES 10
#define PATTERNS 1000 /* of a profile */

/* Files that IPE is asked about, and the walks that are timed as one. */
#define FILES 10
#define WALKS 20000

/**
 * struct peers_path - one question.
 * @pattern: number of the pattern that it is made for
 * @matches: that pattern matches
 * @length: see @text
 * @text: the path
 */
struct peers_path {
	u32 pattern;
	bool matches;
	u32 length;
	char text[PATH_ROOM];
};

/** struct peers_scene - patterns in both forms, paths, nanoseconds for each stretch. */
struct peers_scene {
	struct ewx_loaded *policy;
	struct aa_dfa *dfa[PROFILES];
	u32 profiles;
	struct peers_path path[PATHS];
	u64 times[2][TIMES];
	u32 sum;
};

static const u32 sizes_of_patterns[] = { 10, 1000, 10000 };
static const u32 sizes_of_rules[] = { 10, 1000, 100000 };

static void *read_part(const char *part, u32 size, size_t *length)
{
	char name[64];

	snprintf(name, sizeof(name), DIRECTORY "%s-%u", part, size);
	return ewx_test_read(name, length);
}

/* The automaton of each profile in what apparmor_parser wrote. */
static void unpack_profiles(struct kunit *test, struct peers_scene *s,
			    const u8 *bytes, size_t size)
{
	/* A name, and a blob of so many bytes, which are aligned to 8. */
	static const u8 tag[] = "\004\006\0aadfa\0\006";
	const int flags = TO_ACCEPT1_FLAG(YYTD_DATA32) |
			  TO_ACCEPT2_FLAG(YYTD_DATA32) | DFA_FLAG_VERIFY_STATES;
	const size_t head = sizeof(tag) - 1;
	size_t at, blob;
	u32 length;

	for (at = 0; at + head + 4 <= size; at++) {
		if (memcmp(bytes + at, tag, head))
			continue;
		length = get_unaligned_le32(bytes + at + head);
		blob = at + head + 4;
		KUNIT_ASSERT_LE(test, blob + length, size);
		KUNIT_ASSERT_LT(test, s->profiles, PROFILES);
		while (get_unaligned_be32(bytes + blob) != YYTH_MAGIC &&
		       length > 8) {
			blob++;
			length--;
		}
		s->dfa[s->profiles] =
			aa_dfa_unpack((void *)bytes + blob, length, flags);
		KUNIT_ASSERT_FALSE(test, IS_ERR(s->dfa[s->profiles]));
		s->profiles++;
		at = blob + length - 1;
	}
}

/* Lines: + or -, the number of the pattern, a space, the path. */
static void read_paths(struct kunit *test, struct peers_scene *s, char *text)
{
	char *line, *number;
	u32 i;

	for (i = 0; i < PATHS; i++) {
		line = strsep(&text, "\n");
		KUNIT_ASSERT_NOT_NULL(test, line);
		s->path[i].matches = line[0] == '+';
		number = strsep(&line, " ") + 1;
		KUNIT_ASSERT_EQ(test,
				kstrtou32(number, 10, &s->path[i].pattern), 0);
		KUNIT_ASSERT_GT(test, strscpy(s->path[i].text, line), 0);
		s->path[i].length = strlen(line);
	}
}

static u32 match_ewx(const struct peers_scene *s, const struct peers_path *p)
{
	return ewx_match(&s->policy->core, EWX_AUTOMATON_PATH, p->text,
			 p->length);
}

static u32 match_apparmor(const struct peers_scene *s,
			  const struct peers_path *p)
{
	struct aa_dfa *dfa = s->dfa[p->pattern / PATTERNS];

	return ACCEPT_TABLE(dfa)[aa_dfa_match(dfa, DFA_START, p->text)];
}

/* Both give the same answer, and it is the right one. */
static void check_paths(struct kunit *test, const struct peers_scene *s)
{
	struct ewx_properties none = {};
	const char *name;
	char wanted[16];
	u32 i, class;

	for (i = 0; i < PATHS; i++) {
		const struct peers_path *p = &s->path[i];

		class = ewx_walk(&s->policy->core, match_ewx(s, p), &none);
		name = ewx_source_class_name(&s->policy->core, class, 0);
		snprintf(wanted, sizeof(wanted), "s%u", p->pattern);
		if (p->matches)
			KUNIT_EXPECT_STREQ_MSG(test, name, wanted, "%s",
					       p->text);
		else
			KUNIT_EXPECT_EQ_MSG(test, class, EWX_CLASS_UNLISTED,
					    "%s", p->text);
		KUNIT_EXPECT_EQ_MSG(test, !!match_apparmor(s, p), p->matches,
				    "%s", p->text);
	}
}

static u64 time_stretch(struct peers_scene *s, bool apparmor, u32 first)
{
	u64 begin = ktime_get_ns();
	u32 i;

	if (apparmor) {
		for (i = first; i < first + STRETCH; i++)
			s->sum += match_apparmor(s, &s->path[i]);
	} else {
		for (i = first; i < first + STRETCH; i++)
			s->sum += match_ewx(s, &s->path[i]);
	}
	return ktime_get_ns() - begin;
}

static void time_paths(struct peers_scene *s)
{
	u32 round, at, first;

	for (round = 0; round < TIMES; round++) {
		s->times[0][round] = 0;
		s->times[1][round] = 0;
		for (at = 0; at < PATHS; at += STRETCH) {
			/* Which one begins changes. */
			first = (round + at / STRETCH) % 2;
			s->times[first][round] += time_stretch(s, first, at);
			s->times[!first][round] += time_stretch(s, !first, at);
		}
		cond_resched();
	}
}

static void free_scene(struct peers_scene *s)
{
	u32 i;

	for (i = 0; i < s->profiles; i++)
		aa_put_dfa(s->dfa[i]);
	ewx_policy_put(s->policy);
	kvfree(s);
}

static void measure_paths(struct kunit *test, u32 patterns)
{
	struct peers_scene *s = kvzalloc(sizeof(*s), GFP_KERNEL);
	struct ewx_load_result r;
	size_t size;
	void *bytes;

	KUNIT_ASSERT_NOT_NULL(test, s);
	bytes = read_part("ewx", patterns, &size);
	KUNIT_ASSERT_NOT_NULL(test, bytes);
	KUNIT_ASSERT_EQ(test, ewx_policy_load(bytes, size, NULL, &r), 0);
	s->policy = ewx_policy_get();
	bytes = read_part("apparmor", patterns, &size);
	KUNIT_ASSERT_NOT_NULL(test, bytes);
	unpack_profiles(test, s, bytes, size);
	kvfree(bytes);
	KUNIT_ASSERT_EQ(test, s->profiles, DIV_ROUND_UP(patterns, PATTERNS));
	bytes = read_part("paths", patterns, &size);
	KUNIT_ASSERT_NOT_NULL(test, bytes);
	read_paths(test, s, bytes);
	kvfree(bytes);

	check_paths(test, s);
	time_paths(s);
	kunit_info(test, "path at %u patterns: ewx %llu apparmor %llu ps\n",
		   patterns,
		   div_u64(ewx_test_median(s->times[0], TIMES) * 1000, PATHS),
		   div_u64(ewx_test_median(s->times[1], TIMES) * 1000, PATHS));
	free_scene(s);
}

static bool is_there(const char *part)
{
	size_t size;
	void *bytes = read_part(part, 10, &size);

	kvfree(bytes);
	return bytes;
}

static void paths(struct kunit *test)
{
	u32 i;

	/* A test that is skipped once could not be run later. */
	if (!is_there("paths")) {
		kunit_info(test, "nothing to match in " DIRECTORY "\n");
		return;
	}
	for (i = 0; i < ARRAY_SIZE(sizes_of_patterns); i++)
		measure_paths(test, sizes_of_patterns[i]);
}

static struct list_head *exec_rules(struct ipe_policy *p)
{
	return &p->parsed->rules[IPE_OP_EXEC].rules;
}

/* The texts of a policy of so many rules, as one. */
static struct ipe_policy *read_rules(struct kunit *test, u32 rules)
{
	struct ipe_policy *all = NULL, *one;
	char part[16];
	size_t size;
	char *text;
	u32 n;

	for (n = 0;; n++) {
		snprintf(part, sizeof(part), "ipe%u", n);
		text = read_part(part, rules, &size);
		if (!text)
			break;
		/* Its last byte is the end of a line. */
		text[size - 1] = '\0';
		one = ipe_new_policy(text, size - 1, NULL, 0);
		kvfree(text);
		KUNIT_ASSERT_FALSE(test, IS_ERR(one));
		if (!all) {
			all = one;
			continue;
		}
		list_splice_tail_init(exec_rules(one), exec_rules(all));
		ipe_free_policy(one);
	}
	KUNIT_ASSERT_NOT_NULL(test, all);
	KUNIT_ASSERT_EQ(test, list_count_nodes(exec_rules(all)), rules);
	return all;
}

/* What IPE's hook does at an exec. */
static int ask_ipe(const struct file *file)
{
	struct ipe_eval_ctx ctx = IPE_EVAL_CTX_INIT;

	ipe_build_eval_ctx(&ctx, file, IPE_OP_EXEC, IPE_HOOK_BPRM_CHECK);
	return ipe_evaluate_event(&ctx);
}

static struct file *open_file(struct kunit *test, u32 n)
{
	struct file *file;
	char name[64];

	snprintf(name, sizeof(name), "/mnt/ext4/ipe-%u", n);
	file = filp_open(name, O_RDONLY, 0);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(file), "%s", name);
	return file;
}

static void time_rules(struct kunit *test, struct file **files, u32 rules)
{
	static u64 times[TIMES];
	const u32 walks = max(1, WALKS / rules);
	u32 round, i, n, refused = 0;
	u64 begin;

	/* Each file has its rule, they are spread evenly; the last one has none. */
	for (i = 0; i <= FILES; i++)
		KUNIT_EXPECT_EQ(test, ask_ipe(files[i]),
				i < FILES ? 0 : -EACCES);
	for (round = 0; round < TIMES; round++) {
		begin = ktime_get_ns();
		for (n = 0; n < walks; n++) {
			for (i = 0; i < FILES; i++)
				refused += !!ask_ipe(files[i]);
		}
		times[round] = ktime_get_ns() - begin;
		cond_resched();
	}
	KUNIT_EXPECT_EQ(test, refused, 0);
	kunit_info(test, "ipe at %u rules: %llu ps\n", rules,
		   div_u64(ewx_test_median(times, TIMES) * 1000,
			   walks * FILES));
}

/* Nothing else is executed meanwhile. */
static void rules(struct kunit *test)
{
	struct file *files[FILES + 1];
	struct ipe_policy *p;
	u32 i;

	if (!is_there("ipe0")) {
		kunit_info(test, "nothing to walk in " DIRECTORY "\n");
		return;
	}
	for (i = 0; i <= FILES; i++)
		files[i] = open_file(test, i);
	KUNIT_ASSERT_NULL(test, rcu_access_pointer(ipe_active_policy));
	for (i = 0; i < ARRAY_SIZE(sizes_of_rules); i++) {
		p = read_rules(test, sizes_of_rules[i]);
		rcu_assign_pointer(ipe_active_policy, p);
		time_rules(test, files, sizes_of_rules[i]);
		RCU_INIT_POINTER(ipe_active_policy, NULL);
		synchronize_rcu();
		ipe_free_policy(p);
	}
	for (i = 0; i <= FILES; i++)
		fput(files[i]);
}

static struct kunit_case peers_cases[] = { KUNIT_CASE(paths),
					   KUNIT_CASE(rules),
					   {} };

static struct kunit_suite peers_suite = {
	.name = "ewx_peers",
	.init = ewx_test_suite_init,
	.exit = ewx_test_suite_exit,
	.test_cases = peers_cases,
};

kunit_test_suite(peers_suite);
