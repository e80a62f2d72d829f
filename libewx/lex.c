// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The lexer; see lex.h.
 */
#include <string.h>
#include "utf8.h"
#include "codes.h"
#include "lex.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_word(char c)
{
	return is_word_start(c) || is_digit(c) || c == '-';
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

static bool is_sign(char c)
{
	return c && strchr("{};,:=", c);
}

static struct ewx_loc place(const struct ewx_lexer *lex, const char *from,
			    const char *to)
{
	return (struct ewx_loc){
		.file = lex->file,
		.line = lex->line,
		.col = from - lex->line_start + 1,
		.end_col = to - lex->line_start + 1,
		.span = lex->span,
	};
}

/* Lines from lex->line_start on are numbered from @line, in @file. */
static bool new_span(struct ewx_lexer *lex, const char *at, __u32 file,
		     __u32 line)
{
	struct ewx_front *f = ewx_front(lex->unit);
	struct ewx_span *span;

	span = ewx_arena_push(&lex->unit->arena, f->spans, f->span_count);
	if (!span)
		return false;
	*span = (struct ewx_span){
		.at = at, .end = lex->end, .file = file, .line = line,
	};
	lex->span = f->span_count - 1;
	lex->file = file;
	lex->line = line;
	return true;
}

/* Behind @s, as long as each eight bytes are ASCII and no NUL. */
static const char *skip_plain(const char *s, const char *end)
{
	const __u64 ones = ~0ull / 255;
	__u64 word;

	for (; (size_t)(end - s) >= sizeof(word); s += sizeof(word)) {
		memcpy(&word, s, sizeof(word));
		if ((word | (word - ones)) & ones << 7)
			break;
	}
	return s;
}

/* Report the first NUL or the first byte that is not UTF-8. */
static bool check_encoding(struct ewx_lexer *lex)
{
	const char *s = lex->at, *line_start = s, *line_end;
	struct ewx_lexer here = *lex;
	struct ewx_loc loc;
	bool bad = false;
	size_t len;

	for (; s < lex->end; s += len) {
		s = skip_plain(s, lex->end);
		if (s == lex->end)
			break;
		len = ewx_utf8_len((const unsigned char *)s, lex->end - s);
		if (*s && (len || bad)) {
			len = len ? len : 1;
			continue;
		}
		while ((line_end = memchr(line_start, '\n', s - line_start))) {
			line_start = line_end + 1;
			here.line++;
		}
		here.line_start = line_start;
		loc = place(&here, s, s + 1);
		if (!*s) {
			ewx_report(lex->unit, E0104, &loc, NULL,
				   "NUL byte: this is not a policy file");
			return false;
		}
		ewx_report(lex->unit, E0105, &loc, "save the file as UTF-8",
			   "byte 0x%02x is not UTF-8 here", (unsigned char)*s);
		bad = true;
		len = 1;
	}
	return true;
}

bool ewx_lex_begin(struct ewx_lexer *lex, struct ewx_unit *u, __u32 file,
		   const char *text, size_t len)
{
	*lex = (struct ewx_lexer){
		.unit = u, .at = text, .end = text + len, .line_start = text,
		.first = true,
	};
	return new_span(lex, text, file, 1) && check_encoding(lex);
}

static void skip_blanks(const char **s, const char *end)
{
	while (*s < end && (**s == ' ' || **s == '\t'))
		++*s;
}

/* Read the decimal number at @s; false if there is none or it is too large. */
static bool read_decimal(const char **s, const char *end, __u64 max,
			 __u64 *value)
{
	const char *start = *s;
	__u64 n = 0;

	for (; *s < end && is_digit(**s); ++*s) {
		__u64 digit = **s - '0';

		if (n > (max - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*value = n;
	return *s > start;
}

static bool starts_with(const char *s, const char *end, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(end - s) > len && !memcmp(s, word, len) &&
	       (s[len] == ' ' || s[len] == '\t');
}

/*
 * The value of the quoted text [@s, @end), without its quotes, to a new
 * string; @escapes: its bytes are not those of the text. Bad ones are reported.
 */
static char *unquote(struct ewx_lexer *lex, const char *s, const char *end,
		     size_t *len, bool *escapes)
{
	struct ewx_loc loc;
	char *out, *value;

	*escapes = false;
	value = ewx_arena_alloc(&lex->unit->arena, end - s + 1);
	if (!value)
		return NULL;
	for (out = value; s < end; s++) {
		if ((unsigned char)*s < 0x20 || *s == 0x7f) {
			loc = place(lex, s, s + 1);
			ewx_report(lex->unit, E0103, &loc, NULL,
				   "control character 0x%02x in a string", *s);
			*escapes = true;	/* places inside are off by one */
			continue;
		}
		if (*s == '\\') {
			*escapes = true;
			s++;	/* a quoted text never ends with a lone one */
			if (*s != '"' && *s != '\\') {
				loc = place(lex, s - 1, s + 1);
				ewx_report(lex->unit, E0103, &loc,
					   "write \\\\ for a backslash",
					   "unknown escape in a string");
				continue;
			}
		}
		*out++ = *s;
	}
	*len = out - value;
	return value;
}

/* The closing quote of a string whose text begins at @s, or NULL. */
static const char *find_quote(const char *s, const char *end)
{
	for (; s < end && *s != '\n'; s++) {
		if (*s == '"')
			return s;
		if (*s == '\\' && s + 1 < end && s[1] != '\n')
			s++;
	}
	return NULL;
}

static bool is_blank_to(const char *s, const char *end)
{
	skip_blanks(&s, end);
	return s == end || (*s == '\r' && s + 1 == end);
}

/* #line N "file": the next line is line N of the file. */
static bool line_directive(struct ewx_lexer *lex, const char *s,
			   const char *line_end)
{
	const char *quote;
	bool escapes;
	size_t len;
	char *name;
	__u64 line;

	skip_blanks(&s, line_end);
	if (!read_decimal(&s, line_end, INT32_MAX, &line) || !line)
		return false;
	skip_blanks(&s, line_end);
	if (s == line_end || *s != '"')
		return false;
	quote = find_quote(s + 1, line_end);
	if (!quote || quote == s + 1 || !is_blank_to(quote + 1, line_end))
		return false;
	name = unquote(lex, s + 1, quote, &len, &escapes);
	if (!name || !len)
		return false;
	/* The line that holds the directive is left behind by its caller. */
	return new_span(lex, line_end < lex->end ? line_end + 1 : line_end,
			ewx_file_index(lex->unit, name), line);
}

static bool built_directive(struct ewx_lexer *lex, const char *s,
			    const char *line_end)
{
	struct ewx_front *f = ewx_front(lex->unit);
	__u64 built;

	skip_blanks(&s, line_end);
	if (!read_decimal(&s, line_end, INT64_MAX, &built) ||
	    !is_blank_to(s, line_end))
		return false;
	if (!f->has_built)
		f->built = built;
	f->has_built = true;
	return true;
}

/* Skip a comment with its line end; honour a directive in the first column. */
static void skip_comment(struct ewx_lexer *lex)
{
	const char *s = lex->at, *end;
	__u32 span = lex->span;
	struct ewx_loc loc;
	bool good = true;

	end = memchr(s, '\n', lex->end - s);
	if (!end)
		end = lex->end;
	if (s == lex->line_start && starts_with(s, end, "#line"))
		good = line_directive(lex, s + strlen("#line"), end);
	else if (s == lex->line_start && starts_with(s, end, "#built"))
		good = built_directive(lex, s + strlen("#built"), end);
	if (!good) {
		loc = place(lex, s, end);
		ewx_report(lex->unit, E0106, &loc,
			   "#line 12 \"file\" or #built 1700000000; \"# line\" is a mere comment",
			   "malformed position directive");
	}
	lex->at = end;
	if (end == lex->end)
		return;
	lex->at++;
	lex->line_start = lex->at;
	lex->first = true;
	if (span == lex->span)
		lex->line++;
}

static void skip_space(struct ewx_lexer *lex)
{
	while (lex->at < lex->end) {
		if (*lex->at == '#') {
			skip_comment(lex);
			continue;
		}
		if (!is_space(*lex->at))
			return;
		if (*lex->at++ == '\n') {
			lex->line++;
			lex->line_start = lex->at;
			lex->first = true;
		}
	}
}

static void lex_string(struct ewx_lexer *lex, struct ewx_token *t)
{
	const char *start = lex->at, *quote, *value;

	quote = find_quote(start + 1, lex->end);
	if (!quote) {
		const char *stop = memchr(start, '\n', lex->end - start);

		lex->at = stop ? stop : lex->end;
		t->kind = EWX_TOKEN_BAD;
		t->loc = place(lex, start, lex->at);
		ewx_report(lex->unit, E0102, &t->loc, NULL,
			   "string without closing quote");
		return;
	}
	t->kind = EWX_TOKEN_STRING;
	value = unquote(lex, start + 1, quote, &t->len, &t->escapes);
	if (value)
		t->text = value;
	else
		t->len = 0;
	lex->at = quote + 1;
}

/* What may have been meant by @len characters that nothing begins with. */
static const char *stray_hint(const char *start, size_t len)
{
	if (len >= 2 && (!memcmp(start, "//", 2) || !memcmp(start, "/*", 2)))
		return "comments begin with \"#\"";
	if (*start == '/')
		return "paths are strings: put it between quotes";
	if (len >= 3 && !memcmp(start, "\xef\xbb\xbf", 3))
		return "remove the byte order mark";
	/* U+2018 to U+201F: what a word processor makes of quotes. */
	if (*start == '\'' || (len >= 3 && !memcmp(start, "\xe2\x80", 2) &&
			       (unsigned char)start[2] >= 0x98 &&
			       (unsigned char)start[2] <= 0x9f))
		return "strings stand between double quotes: \"";
	return NULL;
}

/* The end of what stands at @s without a gap, a sign, a string or a comment. */
static const char *run_end(const struct ewx_lexer *lex, const char *s)
{
	while (s < lex->end && !is_space(*s) && !is_sign(*s) && *s != '"' &&
	       *s != '#')
		s++;
	return s;
}

/* A word goes on with a dot at @dot, as fuse.sshfs does; or NULL. */
static const char *dotted_hint(struct ewx_lexer *lex, const char *dot)
{
	const char *start = dot, *end = dot;

	while (start > lex->line_start && is_word(start[-1]))
		start--;
	while (end < lex->end && (is_word(*end) || *end == '.'))
		end++;
	if (*dot != '.' || end - dot < 2 || !is_word_start(*start) ||
	    end - start > EWX_WORD_MAX)
		return NULL;
	return ewx_arena_printf(&lex->unit->arena,
				"put it between quotes: \"%.*s\"",
				(int)(end - start), start);
}

/* A run of characters that nothing begins with: one message for all. */
static void lex_stray(struct ewx_lexer *lex, struct ewx_token *t)
{
	const char *start = lex->at, *s = run_end(lex, start), *hint;

	hint = dotted_hint(lex, start);
	if (!hint)
		hint = stray_hint(start, (size_t)(s - start));
	/* The rest of a line that was to be a comment is none of the policy's. */
	if (s - start >= 2 && *start == '/' &&
	    (start[1] == '/' || start[1] == '*'))
		while (s < lex->end && *s != '\n')
			s++;
	lex->at = s;
	t->kind = EWX_TOKEN_BAD;
	t->loc = place(lex, start, s);
	if ((unsigned char)*start >= 0x80 || (unsigned char)*start < 0x20)
		ewx_report(lex->unit, E0101, &t->loc, hint,
			   "unexpected character");
	else
		ewx_report(lex->unit, E0101, &t->loc, hint,
			   "unexpected character \"%c\"", *start);
}

static void lex_word(struct ewx_lexer *lex, struct ewx_token *t)
{
	static const char sha256[] = "sha256";
	const char *start = lex->at, *s = start;
	const char *copy;

	t->kind = is_digit(*s) ? EWX_TOKEN_NUMBER : EWX_TOKEN_WORD;
	while (s < lex->end && is_word(*s))
		s++;
	if ((size_t)(s - start) == strlen(sha256) &&
	    !memcmp(start, sha256, strlen(sha256)) &&
	    s + 1 < lex->end && *s == ':' && is_word(s[1])) {
		t->kind = EWX_TOKEN_DIGEST;
		s++;
		while (s < lex->end && is_word(*s))
			s++;
	}
	lex->at = s;
	t->len = s - start;
	if (t->len > EWX_WORD_MAX) {
		t->kind = EWX_TOKEN_BAD;
		t->loc = place(lex, start, s);
		ewx_report(lex->unit, E0211, &t->loc, NULL,
			   "word of more than %d characters", EWX_WORD_MAX);
		return;
	}
	copy = ewx_arena_strndup(&lex->unit->arena, start, t->len);
	if (copy)
		t->text = copy;
	else
		t->len = 0;
}

void ewx_lex(struct ewx_lexer *lex, struct ewx_token *token)
{
	const char *start;

	skip_space(lex);
	start = lex->at;
	*token = (struct ewx_token){
		.first = lex->first, .text = "", .at = start,
	};
	lex->first = false;
	if (start == lex->end || lex->unit->arena.failed) {
		lex->at = lex->end;
		token->kind = EWX_TOKEN_END;
	} else if (is_sign(*start)) {
		token->kind = *start;
		lex->at++;
	} else if (*start == '"') {
		lex_string(lex, token);
	} else if (is_word_start(*start) || is_digit(*start)) {
		lex_word(lex, token);
	} else {
		lex_stray(lex, token);
	}
	token->loc = place(lex, start, lex->at);
}

void ewx_lex_join(struct ewx_lexer *lex, struct ewx_token *token)
{
	const char *end = run_end(lex, lex->at), *joined;

	joined = ewx_arena_strndup(&lex->unit->arena, token->at,
				   (size_t)(end - token->at));
	if (!joined || end == lex->at)
		return;
	token->text = joined;
	token->len = (size_t)(end - token->at);
	token->loc = place(lex, token->at, end);
	lex->at = end;
}
