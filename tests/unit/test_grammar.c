// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The grammar of the manual page and the parser are of one mind: sentences
 * derived from the grammar parse; sentences that were changed by a word parse
 * if and only if the grammar still derives them. The grammar is read from the
 * page.
 */
#include "unit.h"

#include <ctype.h>
#include <stdio.h>

#include "libewx/codes.h"
#include "libewx/front.h"

#define PAGE		"Documentation/admin-guide/ewx.policy.5.rst"
#define WORDS_MAX	120	/* of a sentence that is changed */
#define NODES_MAX	512
#define RULES_MAX	64
#define SENTENCES	4000

/* What a part of the grammar is. */
enum kind { LITERAL, TERMINAL, RULE, SEQUENCE, CHOICE, OPTION, REPEAT };

/**
 * struct node - a part of the grammar.
 * @text: LITERAL, TERMINAL, and RULE until it is found
 * @child, @next: first part of it, next part of what it is a part of; 0: none
 * @rule: RULE: what it stands for
 */
struct node {
	enum kind kind;
	char text[24];
	int child;
	int next;
	int rule;
};

static struct node nodes[NODES_MAX];
static int node_count = 1;

static struct {
	char name[24];
	int node;
} rules[RULES_MAX];
static int rule_count;

/* The grammar as written, and the next character of it. */
static char *grammar;
static const char *at;

static int new_node(enum kind kind)
{
	assert_true(node_count < NODES_MAX);
	nodes[node_count].kind = kind;
	return node_count++;
}

static void skip_blanks(void)
{
	while (isspace((unsigned char)*at))
		at++;
}

static void take_word(char *out, size_t size)
{
	size_t n = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-");

	assert_true(n > 0 && n < size);
	memcpy(out, at, n);
	out[n] = '\0';
	at += n;
	skip_blanks();
}

static int parse_choice(void);

static int parse_group(enum kind kind, char end)
{
	int node = kind == SEQUENCE ? 0 : new_node(kind), inner;

	at++;
	skip_blanks();
	inner = parse_choice();
	assert_int_equal(*at, end);
	at++;
	skip_blanks();
	if (!node)
		return inner;
	nodes[node].child = inner;
	return node;
}

/* Whether a rule's "name =" stands here. */
static bool at_definition(void)
{
	const char *s = at + strspn(at, "abcdefghijklmnopqrstuvwxyz-");

	return s > at && s[strspn(s, " ")] == '=';
}

static int parse_part(void)
{
	const char *end;
	int node;

	switch (*at) {
	case '[':
		return parse_group(OPTION, ']');
	case '{':
		return parse_group(REPEAT, '}');
	case '(':
		return parse_group(SEQUENCE, ')');
	case '"':
		node = new_node(LITERAL);
		end = strchr(at + 1, '"');
		assert_non_null(end);
		assert_true((size_t)(end - at) < sizeof(nodes[node].text));
		memcpy(nodes[node].text, at + 1, end - at - 1);
		at = end + 1;
		skip_blanks();
		return node;
	default:
		node = new_node(isupper((unsigned char)*at) ? TERMINAL : RULE);
		take_word(nodes[node].text, sizeof(nodes[node].text));
		return node;
	}
}

static int parse_sequence(void)
{
	int sequence = new_node(SEQUENCE), *last = &nodes[sequence].child;

	while (*at && !strchr("|])}", *at) && !at_definition()) {
		*last = parse_part();
		last = &nodes[*last].next;
	}
	return sequence;
}

static int parse_choice(void)
{
	int choice = new_node(CHOICE), *last = &nodes[choice].child;

	for (;;) {
		*last = parse_sequence();
		last = &nodes[*last].next;
		if (*at != '|')
			return choice;
		at++;
		skip_blanks();
	}
}

static void find_rules(void)
{
	int i, j;

	for (i = 1; i < node_count; i++) {
		if (nodes[i].kind != RULE)
			continue;
		for (j = 0; j < rule_count; j++)
			if (!strcmp(rules[j].name, nodes[i].text))
				nodes[i].rule = rules[j].node;
		if (!nodes[i].rule)
			fail_msg("the grammar has no \"%s\"", nodes[i].text);
	}
}

static int read_grammar(void **state)
{
	FILE *in = fopen(PAGE, "r");
	char *begin, *end;
	size_t size = 0;

	(void)state;
	assert_non_null(in);
	assert_true(getdelim(&grammar, &size, '\0', in) > 0);
	fclose(in);
	begin = strstr(grammar, ".. begin grammar\n\n::\n");
	end = strstr(grammar, ".. end grammar\n");
	assert_true(begin && end && begin < end);
	*end = '\0';
	at = begin + strlen(".. begin grammar\n\n::\n");
	skip_blanks();
	while (*at) {
		assert_true(rule_count < RULES_MAX);
		take_word(rules[rule_count].name, sizeof(rules[0].name));
		assert_int_equal(*at, '=');
		at++;
		skip_blanks();
		rules[rule_count++].node = parse_choice();
	}
	find_rules();
	return 0;
}

static int free_grammar(void **state)
{
	(void)state;
	free(grammar);
	return 0;
}

#define ONES	"sha256:1111111111111111111111111111111111111111111111111111111111111111"

/* Words that a terminal may stand for. */
static const struct {
	const char *name;
	const char *words[8];
} terminals[] = {
	{ "NEW", { "a", "_b", "c-1", "default", "NAME", "version", "allow" } },
	{ "NAME", { "a", "any", "default", "over", "deny" } },
	{ "PERM", { "exec_file", "create", "a", "any", "log" } },
	{ "NUMBER", { "1", "0", "65535", "0x1f" } },
	{ "RANGE", { "0", "1000-1999", "0x1-0x2" } },
	{ "COUNT", { "1", "0x1f", "65535", "4K" } },
	{ "BYTES", { "4096", "64M" } },
	{ "SIZE", { "4K", "64M", "1G" } },
	{ "DATE", { "2027-03-31", "2028-02-29" } },
	{ "STRING", { "\"a b\"", "\"\\\"\"" } },
	{ "TYPE", { "ext4", "9p", "\"fuse.sshfs\"" } },
	{ "DIGEST", { ONES } },
	{ "PATTERN", { "\"/a\"", "\"/b/{c,d}/**\"", "\"/[a-z]?\"" } },
	{ "PROCESS", { "cgroup \"/x\"", "exe \"/a\" uid 5", "context \"a_t\" uid 7", "gid 8 untrusted" } },
	{ "REQUEST", { ": create", "in a: create", "exec_anon in a for b: load rx anon" } },
};

#define TERMINALS	ARRAY_LEN(terminals)

static size_t find_terminal(const char *name)
{
	size_t i;

	for (i = 0; i < TERMINALS; i++)
		if (!strcmp(terminals[i].name, name))
			return i;
	fail_msg("no words are known for %s", name);
	return 0;
}

static uint32_t seed;

static uint32_t draw(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

/** struct sentence - @word: static, or of the grammar. */
struct sentence {
	const char *word[4096];
	int count;
};

static void put(struct sentence *s, const char *word)
{
	assert_true(s->count < (int)ARRAY_LEN(s->word));
	s->word[s->count++] = word;
}

static void derive(struct sentence *s, int node)
{
	const struct node *n = &nodes[node];
	size_t t, words;
	int child, i;

	switch (n->kind) {
	case LITERAL:
		put(s, n->text);
		break;
	case TERMINAL:
		t = find_terminal(n->text);
		for (words = 0; words < ARRAY_LEN(terminals[t].words) &&
		     terminals[t].words[words]; words++)
			;
		put(s, terminals[t].words[draw(words)]);
		break;
	case RULE:
		derive(s, n->rule);
		break;
	case SEQUENCE:
		for (child = n->child; child; child = nodes[child].next)
			derive(s, child);
		break;
	case CHOICE:
		for (i = 0, child = n->child; child; child = nodes[child].next)
			i++;
		i = draw(i);
		for (child = n->child; i--; )
			child = nodes[child].next;
		derive(s, child);
		break;
	case OPTION:
		if (draw(2))
			derive(s, n->child);
		break;
	case REPEAT:
		while (draw(2))
			derive(s, n->child);
		break;
	}
}

static bool is_word(const char *s)
{
	size_t i;

	if (!isalpha((unsigned char)*s) && *s != '_')
		return false;
	for (i = 0; s[i]; i++)
		if (!isalnum((unsigned char)s[i]) && s[i] != '_' && s[i] != '-')
			return false;
	return true;
}

static bool is_one_of(const char *s, const char *list)
{
	const char *found = strstr(list, s);
	size_t len = strlen(s);

	return found && (found == list || found[-1] == ' ') &&
	       (found[len] == ' ' || !found[len]);
}

/* Whether the terminal may stand for the word. */
static bool stands_for(const char *terminal, const char *s)
{
	size_t t = find_terminal(terminal), i;

	if (!strcmp(terminal, "NEW"))
		return is_word(s) && !is_one_of(s, "any but for from max until");
	if (!strcmp(terminal, "NAME"))
		return is_word(s);
	if (!strcmp(terminal, "PERM"))
		return is_word(s) && !is_one_of(s, "for from max until");
	if (!strcmp(terminal, "TYPE") && (is_word(s) || *s == '"' ||
					  (isdigit((unsigned char)*s) && !strchr(s, ':'))))
		return true;
	if (!strcmp(terminal, "STRING") && *s == '"')
		return true;
	if ((!strcmp(terminal, "COUNT") || !strcmp(terminal, "BYTES")) &&
	    stands_for("SIZE", s))
		return true;
	if (!strcmp(terminal, "COUNT") && !strcmp(s, "4096"))
		return true;
	if (!strcmp(terminal, "NUMBER") && !strcmp(s, "4096"))
		return true;
	if (!strcmp(terminal, "RANGE") && stands_for("NUMBER", s))
		return true;
	for (i = 0; i < ARRAY_LEN(terminals[t].words) && terminals[t].words[i]; i++)
		if (!strcmp(terminals[t].words[i], s))
			return true;
	return false;
}

/* A set of places between the words of a sentence. */
typedef unsigned __int128 places;

/* Where what @node derives may end, if it begins at one of @from. */
static places match(const struct sentence *s, int node, places from)
{
	const struct node *n = &nodes[node];
	places to = 0, more;
	int child, i;

	switch (n->kind) {
	case LITERAL:
	case TERMINAL:
		for (i = 0; i < s->count; i++)
			if (from >> i & 1 &&
			    (n->kind == LITERAL ? !strcmp(n->text, s->word[i]) :
			     stands_for(n->text, s->word[i])))
				to |= (places)1 << (i + 1);
		return to;
	case RULE:
		return match(s, n->rule, from);
	case SEQUENCE:
		for (child = n->child; child && from; child = nodes[child].next)
			from = match(s, child, from);
		return from;
	case CHOICE:
		for (child = n->child; child; child = nodes[child].next)
			to |= match(s, child, from);
		return to;
	case OPTION:
		return from | match(s, n->child, from);
	default:
		for (to = from; ; to |= more) {
			more = from ? match(s, n->child, from) & ~to : 0;
			if (!more)
				return to;
			from = more;
		}
	}
}

static bool derivable(const struct sentence *s)
{
	return match(s, rules[0].node, 1) >> s->count & 1;
}

/*
 * Errors of a text that parses: names given twice, things said twice, and what a pattern or a value means.
 */
static bool is_about_meaning(const char *code)
{
	static const char meant[] =
		"E0212 E0216 E0217 E0301 E0306 E0307 E0506 E0507";

	return is_one_of(code, meant);
}

/* Parse it. Return: the first error's code, "" if there is none. */
static void parse(const struct sentence *s, bool any, char code[8])
{
	const struct ewx_diagnostic *d;
	struct ewx_unit *u = ewx_unit_new();
	char *text = NULL;
	size_t size = 0, count, i;
	FILE *out = open_memstream(&text, &size);
	int w;

	for (w = 0; w < s->count; w++)
		fprintf(out, "%s%c", s->word[w], draw(4) ? ' ' : '\n');
	fclose(out);
	ewx_unit_add_text(u, "sentence", text, size);
	d = ewx_unit_diagnostics(u, &count);
	*code = '\0';
	for (i = 0; i < count; i++) {
		if (d[i].severity != EWX_ERROR ||
		    (!any && is_about_meaning(d[i].code)))
			continue;
		snprintf(code, 8, "%s", d[i].code);
		break;
	}
	ewx_unit_free(u);
	free(text);
}

static void print_sentence(const struct sentence *s)
{
	int i;

	for (i = 0; i < s->count; i++)
		print_message("%s%s", s->word[i],
			      strchr(";{}", *s->word[i]) ? "\n" : " ");
	print_message("\n");
}

static void derived_parse(void **state)
{
	static struct sentence s;
	char code[8];
	int i;

	(void)state;
	for (i = 0; i < SENTENCES; i++) {
		seed = i;
		s.count = 0;
		derive(&s, rules[0].node);
		parse(&s, false, code);
		if (!*code)
			continue;
		print_sentence(&s);
		fail_msg("the grammar derives it, the parser says %s", code);
	}
}

/* Leave a word out, double it, or put another one of the grammar in. */
static void change(struct sentence *s)
{
	int i = 1 + draw(s->count - 1), node, left;

	switch (draw(3)) {
	case 0:
		for (left = i; left + 1 < s->count; left++)
			s->word[left] = s->word[left + 1];
		s->count--;
		return;
	case 1:
		for (left = s->count++; left > i; left--)
			s->word[left] = s->word[left - 1];
		return;
	default:
		do
			node = 1 + draw(node_count - 1);
		while (nodes[node].kind != LITERAL &&
		       nodes[node].kind != TERMINAL);
		s->word[i] = nodes[node].text;
		if (nodes[node].kind == TERMINAL)
			s->word[i] = terminals[find_terminal(
				nodes[node].text)].words[0];
	}
}

static bool has_word(const struct sentence *s, const char *word)
{
	int i;

	for (i = 0; i < s->count; i++)
		if (!strcmp(s->word[i], word))
			return true;
	return false;
}

/* A set that has the name of a permission which is a word elsewhere too. */
static bool is_bad_set(const struct sentence *s)
{
	int i;

	for (i = 1; i < s->count; i++)
		if (!strcmp(s->word[i - 1], "set") &&
		    is_one_of(s->word[i], "debug provision"))
			return true;
	return false;
}

static void changed_parse(void **state)
{
	static struct sentence s;
	int i, good = 0, bad = 0;
	char code[8];

	(void)state;
	for (i = 0; i < 4 * SENTENCES; i++) {
		bool derives;

		seed = 77777 + i;
		s.count = 0;
		derive(&s, rules[0].node);
		if (s.count < 4 || s.count > WORDS_MAX)
			continue;
		change(&s);
		derives = derivable(&s);
		/* What is wrong with a request is found when names are known. */
		if ((!derives && has_word(&s, "expect")) || is_bad_set(&s))
			continue;
		parse(&s, !derives, code);
		good += derives;
		bad += !derives;
		if (derives == !*code)
			continue;
		print_sentence(&s);
		fail_msg("the grammar %s it, the parser says %s",
			 derives ? "derives" : "does not derive",
			 *code ? code : "nothing");
	}
	/* Both kinds were tried. */
	assert_true(good > 100 && bad > 1000);
}

/* Each condition of the format stands in the grammar. */
static void all_conditions(void **state)
{
	unsigned int kind;
	int i;

	(void)state;
	for (kind = EWX_CONDITION_NONE + 1; kind < EWX_CONDITION_COUNT; kind++) {
		static const char * const words[] = {
#define CONDITION(NAME, word, owners) [EWX_CONDITION_##NAME] = #word,
			EWX_CONDITIONS(CONDITION)
#undef CONDITION
		};

		for (i = 1; i < node_count; i++)
			if (nodes[i].kind == LITERAL &&
			    !strcmp(nodes[i].text, words[kind]))
				break;
		if (i == node_count)
			fail_msg("the grammar lacks \"%s\"", words[kind]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(derived_parse),
		cmocka_unit_test(changed_parse),
		cmocka_unit_test(all_conditions),
	};

	return cmocka_run_group_tests_name("grammar", tests, read_grammar,
					   free_grammar);
}
