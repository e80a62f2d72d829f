// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading verdict vectors (vectors.h).
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <ewx/ewx.h>

#include "vectors.h"

static bool failed(FILE *err, const char *path, unsigned int line,
		   const char *what)
{
	fprintf(err, "%s:%u: %s\n", path, line, what);
	return false;
}

static char *trim(char *s)
{
	size_t n;

	s += strspn(s, " \t\r\n");
	n = strlen(s);
	while (n && strchr(" \t\r\n", s[n - 1]))
		s[--n] = '\0';
	return s;
}

/* Add the file @name beside @path, known in the policy by @name alone. */
static bool add_text(struct ewx_unit *u, const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');
	char *text = NULL, *full = NULL;
	size_t size = 0;
	FILE *in, *out;
	bool good;
	int c;

	if (asprintf(&full, "%.*s%s", slash ? (int)(slash - path + 1) : 0, path,
		     name) < 0)
		return false;
	in = fopen(full, "r");
	free(full);
	if (!in)
		return false;
	out = open_memstream(&text, &size);
	while (out && (c = getc(in)) != EOF)
		putc(c, out);
	fclose(in);
	good = out && !fclose(out) && !ewx_unit_add_text(u, name, text, size);
	free(text);
	return good;
}

static bool compile(struct vector_policy *vp, const char *path, char *names,
		    FILE *err)
{
	struct ewx_unit *u = ewx_unit_new();
	struct ewx_fault fault;
	bool good = u != NULL;

	for (char *name = strtok(names, " \t"); good && name;
	     name = strtok(NULL, " \t"))
		good = add_text(u, path, name);
	good = good &&
	       !ewx_unit_compile(u, VECTORS_BUILT, &vp->blob, &vp->size);
	if (u && !good)
		ewx_unit_print(u, err, false);
	ewx_unit_free(u);
	return good &&
	       ewx_policy_verify(vp->blob, (u32)vp->size, &vp->p, &fault);
}

static bool read_policy(struct vectors *v, const char *path, unsigned int line,
			char *names, FILE *err)
{
	struct vector_policy *list, *vp;

	list = realloc(v->policies, (v->policy_count + 1) * sizeof(*list));
	if (!list)
		return failed(err, path, line, "out of memory");
	v->policies = list;
	vp = &list[v->policy_count++];
	memset(vp, 0, sizeof(*vp));
	vp->name = strdup(names);
	if (!vp->name || !compile(vp, path, names, err))
		return failed(err, path, line, "the policy does not compile");
	return true;
}

static bool read_vector(struct vectors *v, const char *path, unsigned int line,
			char *text, FILE *err)
{
	char *arrow = strstr(text, "=>");
	struct ewx_request_error why;
	struct vector *list, *one;

	if (!arrow)
		return failed(err, path, line, "no \"=>\"");
	if (!v->policy_count)
		return failed(err, path, line, "no policy yet");
	*arrow = '\0';
	list = realloc(v->list, (v->count + 1) * sizeof(*list));
	if (!list)
		return failed(err, path, line, "out of memory");
	v->list = list;
	one = &list[v->count++];
	memset(one, 0, sizeof(*one));
	one->file = strdup(path);
	one->line = line;
	one->text = strdup(trim(text));
	one->expected = strdup(trim(arrow + 2));
	one->policy = v->policy_count - 1;
	one->query = malloc(sizeof(*one->query));
	if (!one->file || !one->text || !one->expected || !one->query)
		return failed(err, path, line, "out of memory");
	if (ewx_request_parse(one->text, strlen(one->text), one->query, &why))
		return failed(err, path, line, why.text);
	if (!one->query->now)
		one->query->now = VECTORS_NOW;
	return true;
}

bool vectors_read(struct vectors *v, const char *path, FILE *err)
{
	FILE *in = fopen(path, "r");
	char *buffer = NULL;
	unsigned int line = 0;
	size_t room = 0;
	bool good = true;

	if (!in)
		return failed(err, path, 0, strerror(errno));
	while (getline(&buffer, &room, in) >= 0) {
		char *text = trim(buffer);

		line++;
		if (!*text || *text == '#')
			continue;
		if (!strncmp(text, "policy ", 7))
			good &= read_policy(v, path, line, trim(text + 7), err);
		else
			good &= read_vector(v, path, line, text, err);
	}
	free(buffer);
	fclose(in);
	return good;
}

static int is_vec(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 4 && !strcmp(d->d_name + n - 4, ".vec");
}

bool vectors_read_dir(struct vectors *v, const char *dir, FILE *err)
{
	struct dirent **names;
	int n = scandir(dir, &names, is_vec, alphasort);
	bool good = n > 0;
	char *path;

	if (n < 0)
		return failed(err, dir, 0, strerror(errno));
	for (int i = 0; i < n; i++) {
		if (asprintf(&path, "%s/%s", dir, names[i]->d_name) < 0) {
			good = false;
		} else {
			good &= vectors_read(v, path, err);
			free(path);
		}
		free(names[i]);
	}
	free(names);
	return good;
}

bool vectors_answer(const struct vectors *v, size_t i, struct ewx_reply *r,
		    FILE *err)
{
	const struct vector *one = &v->list[i];
	const struct ewx_policy *p = &v->policies[one->policy].p;
	u64 *candidates = calloc(p->set_words + 1, sizeof(*candidates));
	int ret;

	memset(r, 0, sizeof(*r));
	if (!candidates)
		return failed(err, one->file, one->line, "out of memory");
	ret = ewx_answer(p, one->query, candidates, r);
	free(candidates);
	if (!ret)
		return true;
	return failed(err, one->file, one->line, strerror(-ret));
}

void vectors_free(struct vectors *v)
{
	for (size_t i = 0; i < v->count; i++) {
		free(v->list[i].file);
		free(v->list[i].text);
		free(v->list[i].expected);
		free(v->list[i].query);
	}
	for (size_t i = 0; i < v->policy_count; i++) {
		free(v->policies[i].name);
		free(v->policies[i].blob);
	}
	free(v->list);
	free(v->policies);
	memset(v, 0, sizeof(*v));
}
