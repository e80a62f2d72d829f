// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changes of a C source, one at a time: comparisons, arithmetic, boolean and bit
 * operators, constants, conditions, statements left out.
 *
 *   mutate FILE      lists them: NUMBER LINE WHAT, where WHAT is the line with the
 *                    change in it: [[old -> new]]
 *   mutate FILE N    prints the source with change N
 *
 * Owns: what is changed, and how. Knows the tokens of C and no more of the language:
 * what is no expression may be changed too, and then does not compile. Leaves out
 * comments, strings, the preprocessor's lines and static_assert.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { WORD, NUMBER, TEXT, SIGN };

struct token {
	enum kind kind;
	size_t at;
	size_t size;
};

struct change {
	size_t at;
	size_t size;
	char to[96];
};

static char *text;
static size_t text_size;
static struct token *token;
static size_t tokens;
static struct change *change;
static size_t changes;

static void *more(void *array, size_t count, size_t size)
{
	if (count & (count - 1))
		return array;
	array = realloc(array, (count ? 2 * count : 1) * size);
	if (!array)
		exit(2);
	return array;
}

static void add_token(enum kind kind, size_t at, size_t size)
{
	token = more(token, tokens, sizeof(*token));
	token[tokens++] = (struct token){ kind, at, size };
}

static void add_change(size_t at, size_t size, const char *to)
{
	change = more(change, changes, sizeof(*change));
	change[changes].at = at;
	change[changes].size = size;
	snprintf(change[changes++].to, sizeof(change[0].to), "%s", to);
}

static void read_text(const char *name)
{
	FILE *f = fopen(name, "r");
	size_t room = 1 << 20;

	text = malloc(room);
	if (!f || !text) {
		perror(name);
		exit(2);
	}
	text_size = fread(text, 1, room - 1, f);
	text[text_size] = '\0';
	fclose(f);
}

/* Past the comment, string or line of the preprocessor at @i; @i if there is none. */
static size_t skip(size_t i)
{
	const char *end;

	if (!strncmp(text + i, "/*", 2)) {
		end = strstr(text + i, "*/");
		return end ? (size_t)(end - text) + 2 : text_size;
	}
	if (!strncmp(text + i, "//", 2) || (text[i] == '#' && (!i || text[i - 1] == '\n'))) {
		while (i < text_size && (text[i] != '\n' || text[i - 1] == '\\'))
			i++;
	}
	return i;
}

static size_t literal(size_t i)
{
	size_t end = i + 1;

	while (text[end] != text[i])
		end += text[end] == '\\' ? 2 : 1;
	return end + 1;
}

static size_t sign(size_t i)
{
	static const char *const signs[] = { "<<=", ">>=", "->", "++", "--", "<<", ">>",
					     "<=",  ">=",  "==", "!=", "&&", "||", "+=",
					     "-=",  "&=",  "|=", "*=", "^=", "/=" };

	for (size_t s = 0; s < sizeof(signs) / sizeof(signs[0]); s++)
		if (!strncmp(text + i, signs[s], strlen(signs[s])))
			return strlen(signs[s]);
	return 1;
}

static void tokenize(void)
{
	size_t i = 0;

	while (i < text_size) {
		size_t end = skip(i);

		if (end != i) {
			i = end;
			continue;
		}
		if (isspace((unsigned char)text[i])) {
			i++;
			continue;
		}
		if (text[i] == '"' || text[i] == '\'') {
			end = literal(i);
			add_token(TEXT, i, end - i);
		} else if (isalnum((unsigned char)text[i]) || text[i] == '_') {
			while (isalnum((unsigned char)text[end]) || text[end] == '_')
				end++;
			add_token(isdigit((unsigned char)text[i]) ? NUMBER : WORD, i, end - i);
		} else {
			end = i + sign(i);
			add_token(SIGN, i, end - i);
		}
		i = end;
	}
}

static bool is(size_t t, const char *s)
{
	return t < tokens && token[t].size == strlen(s) &&
	       !memcmp(text + token[t].at, s, token[t].size);
}

static bool is_one_of(size_t t, const char *const *list)
{
	for (; *list; list++)
		if (is(t, *list))
			return true;
	return false;
}

/* What stands before a sign that takes two operands. */
static bool ends_operand(size_t t)
{
	static const char *const words[] = { "return", "case", "sizeof", "else", NULL };

	if (token[t].kind == WORD)
		return !is_one_of(t, words);
	return token[t].kind != SIGN || is(t, ")") || is(t, "]");
}

/* The token that closes the bracket @t. */
static size_t closing(size_t t)
{
	int depth = 0;

	for (; t < tokens; t++) {
		if (is(t, "(") || is(t, "{") || is(t, "["))
			depth++;
		else if ((is(t, ")") || is(t, "}") || is(t, "]")) && !--depth)
			return t;
	}
	return tokens - 1;
}

static void change_sign(size_t t)
{
	static const char *const pairs[][2] = {
		{ "==", "!=" }, { "!=", "==" }, { "<", "<=" },	{ "<=", "<" },
		{ ">", ">=" },	{ ">=", ">" },	{ "&&", "||" }, { "||", "&&" },
		{ "<<", ">>" }, { ">>", "<<" }, { "+=", "-=" }, { "-=", "+=" },
		{ "&=", "|=" }, { "|=", "&=" }, { "++", "--" }, { "--", "++" },
	};
	static const char *const binary[][2] = {
		{ "+", "-" }, { "-", "+" }, { "&", "|" }, { "|", "&" }, { "%", "+" },
	};

	for (size_t p = 0; p < sizeof(pairs) / sizeof(pairs[0]); p++)
		if (is(t, pairs[p][0]))
			add_change(token[t].at, token[t].size, pairs[p][1]);
	for (size_t p = 0; p < sizeof(binary) / sizeof(binary[0]); p++)
		if (is(t, binary[p][0]) && t && ends_operand(t - 1))
			add_change(token[t].at, 1, binary[p][1]);
	if (is(t, "!") || is(t, "~"))
		add_change(token[t].at, 1, "");
}

static void change_number(size_t t)
{
	char *end, to[32];
	unsigned long long n = strtoull(text + token[t].at, &end, 0);
	int suffix = (int)(text + token[t].at + token[t].size - end);

	snprintf(to, sizeof(to), "%llu%.*s", n + 1, suffix, end);
	add_change(token[t].at, token[t].size, to);
}

/* if (C), while (C): not C. */
static void change_condition(size_t t)
{
	size_t open = token[t + 1].at, close = token[closing(t + 1)].at;
	char to[96];

	if (close - open > 50)
		return;
	snprintf(to, sizeof(to), "(!%.*s)", (int)(close - open + 1), text + open);
	add_change(open, close - open + 1, to);
}

static bool begins_statement(size_t t)
{
	size_t back;
	int depth = 0;

	if (!t)
		return false;
	if (is(t - 1, ";") || is(t - 1, "{") || is(t - 1, "}") || is(t - 1, "else") ||
	    is(t - 1, ":"))
		return true;
	if (!is(t - 1, ")"))
		return false;
	for (back = t - 1; back; back--) {
		depth += is(back, ")") - is(back, "(");
		if (!depth)
			break;
	}
	return back && (is(back - 1, "if") || is(back - 1, "for") || is(back - 1, "while"));
}

/* A call, an assignment, a step, a jump: what an expression begins with here. */
static bool is_expression(size_t t)
{
	static const char *const after[] = { "=",  "(",	 "->", ".",  "[",  "++", "--", "|=",
					     "&=", "+=", "-=", "<<=", ">>=", NULL };

	if (is(t, "break") || is(t, "continue") || (is(t, "return") && is(t + 1, ";")))
		return true;
	if (is(t, "*"))
		return token[t + 1].kind == WORD;
	return token[t].kind == WORD && is_one_of(t + 1, after) && !is(t, "if") &&
	       !is(t, "while") && !is(t, "for") && !is(t, "switch") && !is(t, "return");
}

static void change_statement(size_t t)
{
	size_t end = t;

	if (!begins_statement(t) || !is_expression(t))
		return;
	while (end < tokens && !is(end, ";")) {
		if (is(end, "(") || is(end, "["))
			end = closing(end);
		else if (is(end, "{") || is(end, "}"))
			return;
		end++;
	}
	add_change(token[t].at, token[end].at - token[t].at, "");
}

static void find_changes(void)
{
	for (size_t t = 0; t + 1 < tokens; t++) {
		if (is(t, "static_assert")) {
			t = closing(t + 1);
			continue;
		}
		if (token[t].kind == SIGN)
			change_sign(t);
		else if (token[t].kind == NUMBER)
			change_number(t);
		else if (is(t, "true"))
			add_change(token[t].at, 4, "false");
		else if (is(t, "false"))
			add_change(token[t].at, 5, "true");
		else if (is(t, "if") || is(t, "while"))
			change_condition(t);
		change_statement(t);
	}
}

/* Text on one line. */
static void put(const char *s, size_t size)
{
	bool blank = false;

	for (; size--; s++) {
		if (isspace((unsigned char)*s)) {
			blank = true;
			continue;
		}
		if (blank)
			putchar(' ');
		blank = false;
		putchar(*s);
	}
	if (blank)
		putchar(' ');
}

static void list(void)
{
	for (size_t c = 0; c < changes; c++) {
		size_t line = 1, first = change[c].at, last = change[c].at + change[c].size;

		for (size_t i = 0; i < change[c].at; i++)
			line += text[i] == '\n';
		while (first && text[first - 1] != '\n')
			first--;
		while (isspace((unsigned char)text[first]))
			first++;
		while (last < text_size && text[last] != '\n')
			last++;
		printf("%zu %zu ", c, line);
		put(text + first, change[c].at - first);
		printf("[[");
		put(text + change[c].at, change[c].size);
		printf(" -> ");
		put(change[c].to, strlen(change[c].to));
		printf("]]");
		put(text + change[c].at + change[c].size, last - change[c].at - change[c].size);
		putchar('\n');
	}
}

int main(int argc, char **argv)
{
	size_t n;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: mutate FILE [NUMBER]\n");
		return 2;
	}
	read_text(argv[1]);
	tokenize();
	find_changes();
	if (argc == 2) {
		list();
		return 0;
	}
	n = strtoul(argv[2], NULL, 10);
	if (n >= changes)
		return 2;
	fwrite(text, 1, change[n].at, stdout);
	fputs(change[n].to, stdout);
	fputs(text + change[n].at + change[n].size, stdout);
	return 0;
}
