/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Policies that grow by parts, and those of them that are hard to read. */
#ifndef _TESTS_UNIT_SHAPES_H
#define _TESTS_UNIT_SHAPES_H

#include "front.h"

/**
 * struct shape - a policy that is made to be slow.
 * @head, @tail: around the parts
 * @body: a part: @ is its number, ^ that of the next part, & that of the part as far
 *      from the end, % the number in 64 hexadecimal digits
 * @nested: and so often, behind all parts
 * @refused: it has errors
 * @limited: and only that many parts have
 */
struct shape {
	const char *name;
	const char *head;
	const char *body;
	const char *tail;
	const char *nested;
	bool refused;
	bool limited;
};

#define SHAPE(is, before, part, behind)                                        \
	{                                                                      \
		.name = (is), .head = before, .body = (part), .tail = (behind) \
	}
#define NESTED(is, before, part, more)                                    \
	{                                                                 \
		.name = (is), .head = before, .body = (part), .tail = "", \
		.nested = (more)                                          \
	}
#define REFUSED(is, before, part, behind)                     \
	{                                                     \
		.name = (is), .head = before, .body = (part), \
		.tail = (behind), .refused = true             \
	}

#define LIMITED(is, before, part, behind)                     \
	{                                                     \
		.name = (is), .head = before, .body = (part), \
		.tail = (behind), .limited = true             \
	}

static const struct shape hostile[] = {
	REFUSED("names alike", HEAD,
		"source aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@ { owner 0; }\n",
		"allow exec_file from aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1;"),
	REFUSED("unknown names", HEAD,
		"source n@ { owner 0; } allow p@ from q@ for r@;\n", ""),
	REFUSED("same name", HEAD, "domain d { exe \"/d\"; }\n", ""),
	REFUSED("nevers violated", HEAD, "never debug; allow debug for any;\n",
		""),
	REFUSED("overs", HEAD "domain d { exe \"/d\"; }\n",
		"domain e@ { exe \"/e\"; } domain e@ over d;\n", ""),
	REFUSED("circle",
		HEAD "domain a { exe \"/a\"; } domain b { exe \"/b\"; }\n",
		"domain a over b; domain b over a;\n", ""),
	REFUSED("directives", HEAD, "#line @1 \"f@\"\nallow crate;\n", ""),
	REFUSED("blocks", HEAD, "for i@ { allow init; }\n", ""),
	REFUSED("warnings", HEAD, "domain d@ { exe \"/d\"; permissive; }\n",
		"never debug;"),
	REFUSED("open braces", HEAD, "{", ""),
	REFUSED("open domains", HEAD, "domain d@ {", ""),
	REFUSED("open blocks", HEAD, "domain d { for any {", ""),
	REFUSED("lines of open blocks", HEAD, "domain d {\nfor any {\n", ""),
	REFUSED("close braces", HEAD, "}", ""),
	REFUSED("quotes", HEAD, "\"", ""),
	REFUSED("strays", HEAD, "@ $ ", ""),
	REFUSED("one line", HEAD "source s { ", "path \"/[b-a]\"; ", "}"),
	SHAPE("one list", HEAD "allow ", "create, ", "create;"),
	REFUSED("one word", HEAD, "w@", ";"),
	LIMITED("one string", HEAD "source s { path \"/", "\\\\@", "\"; }"),
	REFUSED("one pattern", HEAD "source s { path \"/", "{a,", "\"; }"),
	SHAPE("comments", HEAD, "#", ""),
	REFUSED("no statement", HEAD, "allow\n", ""),
	REFUSED("semicolons", HEAD, ";", ""),
	REFUSED("bad bytes", HEAD, "\xff", ""),
};

static inline void put_parts(FILE *out, const char *body, size_t count)
{
	for (size_t i = 0; body && i < count; i++)
		for (const char *s = body; *s; s++) {
			if (*s == '@')
				fprintf(out, "%zu", i);
			else if (*s == '^')
				fprintf(out, "%zu", i + 1);
			else if (*s == '&')
				fprintf(out, "%zu", 2 * count - i);
			else if (*s == '%')
				fprintf(out, "%064zx", i * 2654435761u);
			else
				fputc(*s, out);
		}
}

/* The text of @shape with @count parts; nothing is behind the last one. */
static inline char *text_of(const struct shape *shape, size_t count,
			    size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	assert_non_null(out);
	fputs(shape->head, out);
	put_parts(out, shape->body, count);
	fputs(shape->tail, out);
	put_parts(out, shape->nested, count - 1);
	fclose(out);
	return text;
}

#endif /* _TESTS_UNIT_SHAPES_H */
