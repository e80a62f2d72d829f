// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an enclave consists of, as text (layout.h).
 *
 * Owns: how far a walk over pages goes. Must not know who reads the text.
 */
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "../enclave/facts.h"
#include "../enclave/store.h"
#include "layout.h"

/* Runs of equal facts that one walk looks at, so that a walk is short. */
#define RUNS_MAX	4096

/* Room that stays for the sign that something was left out. */
#define MORE		"..."

void ewx_sources_add(struct ewx_sources *s, u64 generation, u32 class)
{
	u32 i;

	if (s->generation != generation) {
		s->more = s->generation && s->count;
		s->count = 0;
		s->generation = generation;
	}
	for (i = 0; i < s->count; i++) {
		if (s->class[i] == class)
			return;
	}
	if (s->count < EWX_SOURCES_MAX)
		s->class[s->count++] = class;
	else
		s->more = true;
}

/* Is @word one of the words of @list, which are separated by commas? */
static bool listed(const char *list, const char *word)
{
	size_t n = strlen(word);
	const char *at = list;

	while ((at = strstr(at, word))) {
		if ((at == list || at[-1] == ',') &&
		    (!at[n] || at[n] == ','))
			return true;
		at += n;
	}
	return false;
}

bool ewx_layout_word(char *text, size_t size, const char *word)
{
	size_t used = strlen(text);

	if (used + strlen(word) + sizeof("," MORE) + 1 > size)
		return false;
	snprintf(text + used, size - used, "%s%s", used ? "," : "", word);
	return true;
}

void ewx_layout_more(char *text, size_t size)
{
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s" MORE, used ? "," : "");
}

void ewx_layout_sources(const struct ewx_loaded *p,
			const struct ewx_sources *s, char *text, size_t size)
{
	bool more = s->more;
	const char *name;
	u32 i, n;

	text[0] = '\0';
	if (!p || p->generation != s->generation) {
		if (s->count || more)
			ewx_layout_more(text, size);
		return;
	}
	for (i = 0; i < s->count; i++) {
		for (n = 0; (name = ewx_source_class_name(&p->core, s->class[i],
							  n)); n++) {
			if (!listed(text, name) && !ewx_layout_word(text, size, name))
				more = true;
		}
	}
	if (more)
		ewx_layout_more(text, size);
}

void ewx_layout_used(const struct enclave *e, u32 used, char *text, size_t size)
{
	char word[48];
	u32 bit;

	text[0] = '\0';
	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (!(used & BIT(bit)))
			continue;
		if (e->uses[bit])
			snprintf(word, sizeof(word), "%s:%llu",
				 enclave_permission_names[bit], e->uses[bit]);
		else
			strscpy(word, enclave_permission_names[bit]);
		if (!ewx_layout_word(text, size, word)) {
			ewx_layout_more(text, size);
			return;
		}
	}
}

static bool add_pages(char *text, size_t size, u64 first, u64 end,
		      enclave_facts facts)
{
	static const char *const origins[] = {
		[ENCLAVE_ORIGIN_ANON] = "anon",
		[ENCLAVE_ORIGIN_MODIFIED] = "modified",
		[ENCLAVE_ORIGIN_DYNAMIC] = "dynamic",
		[ENCLAVE_ORIGIN_FILE] = "file",
	};
	char word[64];

	snprintf(word, sizeof(word), "%llu-%llu:%s%s%s%s:%s", first, end - 1,
		 facts & ENCLAVE_R ? "r" : "", facts & ENCLAVE_W ? "w" : "",
		 facts & ENCLAVE_X ? "x" : "",
		 facts & ENCLAVE_FACT_INTENT ? "" : "none",
		 origins[enclave_facts_origin(facts)]);
	return ewx_layout_word(text, size, word);
}

void ewx_layout_ranges(struct enclave *e, char *text, size_t size)
{
	const enclave_facts told = ENCLAVE_FACT_PRESENT | ENCLAVE_FACT_INTENT |
				   ENCLAVE_FACT_ORIGIN;
	enclave_facts facts, last = 0;
	u64 page = 0, end, first = 0;
	unsigned int runs = 0;

	text[0] = '\0';
	if (!e->store)
		return;
	for (; page < e->pages && runs < RUNS_MAX; page = end, runs++) {
		facts = enclave_store_run(e->store, page, e->pages, &end) & told;
		if (facts == last)
			continue;
		if ((last & ENCLAVE_FACT_PRESENT) &&
		    !add_pages(text, size, first, page, last)) {
			ewx_layout_more(text, size);
			return;
		}
		first = page;
		last = facts;
	}
	if (((last & ENCLAVE_FACT_PRESENT) &&
	     !add_pages(text, size, first, page, last)) || page < e->pages)
		ewx_layout_more(text, size);
}
