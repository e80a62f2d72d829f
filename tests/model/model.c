// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * model [--pages 1|2] [--depth N] [--switch] [--ready] [--forget RULE] - every state that an
 * enclave of one or two pages can come to, by steps of two processes: process 0 with two
 * mappings of each page, process 1 with one, each made and changed in any order.
 *
 * Owns: the exploration. In every state: no page can be written and executed at
 * once but through a mapping that is both and was granted map_wx; no page can be
 * executed before init, nor while it holds bytes that no granted request was about. In
 * every step: what makes code of written bytes, be it by a debugger, or lets code be
 * written, is judged for that, whoever was granted it before.
 *
 * The policy is not in a state. A step that needs permissions is taken, as if they
 * were granted, and they are remembered; if they were denied nothing would have
 * changed. So whatever a policy says, whenever it changes, in whichever mode, what
 * happens is a path through these states: the claims hold for all of them. A mapping or
 * a fault may also fail once it is granted; a load that fails leaves no page behind.
 *
 * --switch: the mode and the policy are in a state: denials are enforced or let pass, and
 * the policy that is in force grants everything, or nothing but code of files; either is
 * changed by a step. What is granted is told from what is only let pass, permission by
 * permission: a page may execute, and be both, by those that either was; what was let pass
 * before init comes to run only if init was let pass, too; and while the strict policy is
 * enforced no step makes an entry, a page, or a debugger's write that it denies, whatever
 * was granted before. It begins with nothing, with nothing under the strict policy while
 * denials are let pass, and with an enclave that came to run so; and it fails if nothing
 * executes by what was let pass, or nothing once denials are enforced again.
 *
 * --ready: it begins also with an enclave that has come to run, whose first page may be
 * written and executed, and is mapped: so fewer steps show what needs an owner.
 *
 * What the bound covers: pages are judged one by one and know nothing of one another
 * but for init and for which process owns the enclave; with one page there is
 * no bound on steps, and two pages show what concerns both. A third page would be
 * as the second, a third process as process 1 (none of them matters but whether
 * another one maps the enclave), a third mapping as the second.
 *
 * Prints TAP: one test; the numbers of states and steps and the time in comments.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model.h"

static uint32_t parent;

static void count_passed(struct model *m, const struct model_state *s)
{
	if (!model_runs_passed(m, s))
		return;
	m->passed++;
	m->enforced += !s->permissive;
}

static void found(struct model *m, const struct model_state *to,
		  const struct model_step *step)
{
	const char *wrong = m->wrong;

	if (!wrong && states_add(to, parent, step)) {
		wrong = model_wrong(m, to);
		count_passed(m, to);
	}
	if (!wrong)
		return;
	printf("not ok 1 - %s\n", wrong);
	states_trace(parent, step);
	exit(1);
}

static int usage(void)
{
	static const char *const rules[] = {
#define RULE(NAME, name, meaning) "  " #name ": " meaning "\n",
		MODEL_RULES(RULE)
#undef RULE
	};

	fprintf(stderr,
		"usage: model [--pages 1|2] [--depth N] [--switch] [--ready] [--forget RULE]\n");
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		fputs(rules[i], stderr);
	return 2;
}

static enum model_rule rule_of(const char *name)
{
	static const char *const names[] = { [MODEL_NONE] = "",
#define NAME_OF(NAME, name, meaning) [MODEL_##NAME] = #name,
					     MODEL_RULES(NAME_OF)
#undef NAME_OF
	};

	for (size_t i = 1; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], name))
			return (enum model_rule)i;
	return MODEL_NONE;
}

static bool read_options(struct model *m, int argc, char **argv)
{
	static const struct option options[] = {
		{ "pages", required_argument, NULL, 'p' },
		{ "depth", required_argument, NULL, 'd' },
		{ "switch", no_argument, NULL, 's' },
		{ "ready", no_argument, NULL, 'r' },
		{ "forget", required_argument, NULL, 'f' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'p')
			m->pages = (unsigned int)atoi(optarg);
		else if (option == 'd')
			m->depth = (unsigned int)atoi(optarg);
		else if (option == 's')
			m->switches = true;
		else if (option == 'r')
			m->ready = true;
		else if (option == 'f')
			m->forgotten = rule_of(optarg);
		if (option == '?' || (option == 'f' && !m->forgotten))
			return false;
	}
	/* Nothing is let pass or denied otherwise. */
	m->switches |= m->forgotten == MODEL_UNJUDGED ||
		       m->forgotten == MODEL_SWAP;
	return optind == argc && m->pages >= 1 && m->pages <= PAGES_MAX &&
	       (!m->ready || m->pages == 2);
}

/* The way to the enclave of --ready. */
static const struct way {
	const char *what;
	uint8_t pages, access, bytes;
} ready[] = {
	{ "load", 1, MAPPED | ENCLAVE_W | ENCLAVE_X, BYTES_FILE },
	{ "load", 2, MAPPED | ENCLAVE_W | ENCLAVE_X, BYTES_FILE },
	{ "init", 0, 0, 0 },
	{ "mmap", 1, MAPPED | ENCLAVE_W, 0 },
};
static const struct way *way;
static struct model_state reached;
static struct model_step last;

static void take_the_way(struct model *m, const struct model_state *to,
			 const struct model_step *step)
{
	(void)m;
	if (last.what || strcmp(step->what, way->what) ||
	    step->pages != way->pages || step->access != way->access ||
	    step->bytes != way->bytes || (step->view && step->view < VIEWS))
		return;
	reached = *to;
	last = *step;
}

/* All that lies on it is begun with. */
static void begin_ready(const struct model *m)
{
	struct model one = *m;
	struct model_state from;

	one.next = take_the_way;
	for (size_t i = 0; i < sizeof(ready) / sizeof(ready[0]); i++) {
		uint32_t at = states_count() - 1;

		way = &ready[i];
		last.what = NULL;
		states_get(at, &from);
		model_steps(&one, &from);
		if (!last.what) {
			fprintf(stderr,
				"model: there is no step %zu to --ready\n", i);
			exit(2);
		}
		states_add(&reached, at, &last);
	}
}

/* With modes there is more to begin with, so that what was let pass runs soon enough. */
static void begin_states(const struct model *m)
{
	struct model_state s = { 0 };

	states_add(&s, 0, &(struct model_step){ .what = NULL });
	if (m->ready)
		begin_ready(m);
	if (!m->switches)
		return;
	s.strict = true;
	s.permissive = true;
	states_add(&s, 0,
		   &(struct model_step){ .what = "strict policy, permissive",
					 .view = VIEWS });
	/* An enclave with code of memory, which was let in. */
	s.page[0] = (struct model_page){
		.facts = enclave_facts_load(ENCLAVE_ORIGIN_ANON,
					    MAPPED | ENCLAVE_X, false, true),
		.bytes = BYTES_ANON,
		.passed = ENCLAVE_PERM_EXEC_ANON,
	};
	s.unjudged = true;
	s.initialized = true;
	s.let_in = true;
	states_add(&s, 0,
		   &(struct model_step){
			   .what = "strict policy, permissive; load; init",
			   .view = VIEWS });
}

/* Nothing was said of what was let pass, if none of it ran, or not once enforced. */
static bool is_empty(const struct model *m)
{
	return m->switches && !(m->passed && m->enforced);
}

static void print_result(const struct model *m)
{
	if (is_empty(m))
		printf("not ok 1 - nothing executes that was let pass\n");
	else
		printf("ok 1 - %u page%s, %s\n", m->pages,
		       m->pages > 1 ? "s" : "",
		       parent < states_count() ? "as far as was asked" :
						 "all states there are");
	if (m->switches)
		printf("# %llu states in which what was let pass executes, %llu of them while denials are enforced\n",
		       (unsigned long long)m->passed,
		       (unsigned long long)m->enforced);
}

int main(int argc, char **argv)
{
	struct model m = { .pages = 1, .next = found };
	struct model_state s;
	clock_t begin = clock();
	uint32_t end;
	unsigned int depth = 0;

	if (!read_options(&m, argc, argv))
		return usage();
	puts("1..1");
	begin_states(&m);
	end = states_count();
	for (parent = 0; parent < states_count(); parent++) {
		if (parent == end) {
			if (++depth == m.depth)
				break;
			end = states_count();
		}
		states_get(parent, &s);
		model_steps(&m, &s);
	}
	print_result(&m);
	printf("# %u states, %u steps deep, %llu steps, %.1f s\n",
	       states_count(), depth, (unsigned long long)m.steps,
	       (double)(clock() - begin) / CLOCKS_PER_SEC);
	return is_empty(&m);
}
