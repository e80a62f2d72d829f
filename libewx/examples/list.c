// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * An example of libewx: what is in a policy. Built against the installed library:
 *
 *	cc list.c $(pkg-config --cflags --libs libewx) -o list
 *
 *	list POLICY
 */
#include <stdio.h>
#include <stdlib.h>
#include <ewx/ewx.h>
#include <ewx/judge.h>
#include <ewx/policy.h>
#include <ewx/words.h>

static struct ewx_judge *judge_of(const char *path)
{
	struct ewx_unit *unit = ewx_unit_new();
	struct ewx_judge *judge = NULL;
	struct ewx_judge_error error;
	size_t size;
	void *blob;

	if (!unit)
		return NULL;
	ewx_unit_add_file(unit, path);
	if (ewx_unit_compile(unit, 0, &blob, &size)) {
		ewx_unit_print(unit, stdout, false);
	} else {
		judge = ewx_judge_new(blob, size, &error);
		if (!judge)
			puts(error.text);
		free(blob);
	}
	ewx_unit_free(unit);
	return judge;
}

static void list_domains(const struct ewx_judge *judge)
{
	struct ewx_domain_view v;

	for (uint32_t n = 0; ewx_judge_domain(judge, n, &v); n++)
		printf("domain %s%s%s\n", v.name, v.guarded ? ", guarded" : "",
		       v.permissive ? ", permissive" : "");
}

static void list_rules(const struct ewx_judge *judge)
{
	struct ewx_domain_view domain;
	struct ewx_rule_view v;

	for (uint32_t n = 0; ewx_judge_rule(judge, n, &v); n++) {
		const char *source = ewx_judge_source(judge, v.source);
		const char *identity = ewx_judge_identity(judge, v.identity);

		printf("line %u: ", v.line);
		ewx_name_vector(stdout, v.permissions);
		if (source)
			printf(" from %s", source);
		if (identity)
			printf(" for %s", identity);
		printf(" in %s\n", ewx_judge_domain(judge, v.domain, &domain) ?
					   domain.name :
					   "every domain");
	}
}

int main(int argc, char **argv)
{
	struct ewx_judge *judge = argc == 2 ? judge_of(argv[1]) : NULL;

	if (!judge)
		return EXIT_FAILURE;
	printf("%s: %u sources, %u identities\n", ewx_judge_name(judge),
	       ewx_judge_sources(judge), ewx_judge_identities(judge));
	list_domains(judge);
	list_rules(judge);
	ewx_judge_free(judge);
	return EXIT_SUCCESS;
}
