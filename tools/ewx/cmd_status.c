// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx status, enclaves: what the kernel shows, for people and as JSON.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

/* A number if it is one in decimal and short enough, else a string. */
static json_t *value_json(const char *key, const char *value)
{
	size_t n = strlen(value);

	if (n && n < 19 && strspn(value, "0123456789") == n &&
	    strcmp(key, "digest") && strcmp(key, "measurement") &&
	    strcmp(key, "signer") && strcmp(key, "policy") &&
	    strcmp(key, "domain") && strcmp(key, "identity"))
		return json_integer(strtoll(value, NULL, 10));
	if (!strcmp(value, "?"))
		return json_null();
	return tool_json_string(value);
}

/* Lines of "key: value" as one object. */
static json_t *lines_json(char *text)
{
	json_t *o = json_object();

	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		char *colon = strstr(line, ": ");

		if (!colon)
			continue;
		*colon = '\0';
		json_object_set_new(o, line, value_json(line, colon + 2));
	}
	return o;
}

int cmd_status(struct tool *t, int argc, char **argv)
{
	struct bytes b;
	int ret = EXIT_OK;

	(void)argv;
	if (argc)
		return tool_usage(t, "status takes no argument");
	if (node_read(t, "status", &b))
		return EXIT_FAIL;
	if (t->json)
		ret = tool_json(t, lines_json(b.data));
	else
		fputs(b.data, stdout);
	free(b.data);
	return ret;
}

/* Words of "key=value" as one object. */
static json_t *words_json(char *line)
{
	json_t *o = json_object();
	char *save = NULL;

	for (char *word = strtok_r(line, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		char *equals = strchr(word, '=');

		if (!equals)
			continue;
		*equals = '\0';
		json_object_set_new(o, word, value_json(word, equals + 1));
	}
	return o;
}

static json_t *list_json(char *text)
{
	json_t *list = json_array();

	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		json_array_append_new(list, words_json(line));
	return list;
}

static const struct {
	const char *key;
	const char *title;
	int width;
} columns[] = {
	{ "enclave", "ENCLAVE", 8 }, { "provider", "PROVIDER", 9 },
	{ "pages", "PAGES", 9 },     { "inited", "INIT", 5 },
	{ "owner", "OWNER", 7 },     { "domain", "DOMAIN", 16 },
	{ "flagged", "FLAG", 5 },    { "dynamic", "DYNAMIC", 7 },
	{ "wx", "W+X", 5 },	     { "identity", "IDENTITY", 0 },
};

#define COLUMN_COUNT (sizeof(columns) / sizeof(columns[0]))

static void print_cell(const json_t *value, int width)
{
	char *safe = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&safe, &size);

	if (!out)
		return;
	if (json_is_integer(value))
		fprintf(out, "%lld", (long long)json_integer_value(value));
	else if (json_is_string(value))
		ewx_print_safe(out, json_string_value(value), 0);
	else
		fputc('?', out);
	fclose(out);
	if (width)
		printf("%-*s ", width, safe);
	else
		printf("%s\n", safe);
	free(safe);
}

static void print_table(const json_t *list)
{
	const json_t *row;
	size_t i;

	for (size_t c = 0; c < COLUMN_COUNT; c++) {
		if (columns[c].width)
			printf("%-*s ", columns[c].width, columns[c].title);
		else
			puts(columns[c].title);
	}
	json_array_foreach(list, i, row)
	{
		for (size_t c = 0; c < COLUMN_COUNT; c++)
			print_cell(json_object_get(row, columns[c].key),
				   columns[c].width);
	}
}

int cmd_enclaves(struct tool *t, int argc, char **argv)
{
	struct bytes b;
	json_t *list;

	(void)argv;
	if (argc)
		return tool_usage(t, "enclaves takes no argument");
	if (node_read(t, "enclaves", &b))
		return EXIT_FAIL;
	list = list_json(b.data);
	free(b.data);
	if (t->json) {
		json_t *all = json_object();

		json_object_set_new(all, "enclaves", list);
		return tool_json(t, all);
	}
	print_table(list);
	json_decref(list);
	return EXIT_OK;
}
