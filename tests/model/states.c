// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The states that were found, packed into three numbers each; a hash table finds
 * out whether one is new.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

/* Permissions that are remembered of a page; the others prove nothing. */
static const uint32_t kept[] = {
	ENCLAVE_PERM_EXEC_FILE,	      ENCLAVE_PERM_EXEC_MUTABLE,
	ENCLAVE_PERM_EXEC_MODIFIED,   ENCLAVE_PERM_EXEC_ANON,
	ENCLAVE_PERM_EXEC_UNMEASURED, ENCLAVE_PERM_EXEC_DYNAMIC,
	ENCLAVE_PERM_EXEC_WRITTEN,    ENCLAVE_PERM_MAP_WX,
	ENCLAVE_PERM_DEBUG_WRITE,
};

#define KEPT (sizeof(kept) / sizeof(kept[0]))
#define FACT_BITS 16
#define BYTES_BITS 9

/* @rest: what is not a page's. */
struct packed {
	uint64_t page[PAGES_MAX];
	uint64_t rest;
};

struct found {
	struct packed packed;
	struct model_step step;
	uint32_t parent;
};

static struct found *found;
static uint32_t count, room;
static uint32_t *slots;
static uint64_t mask;

static uint64_t pack_perms(uint32_t perms)
{
	uint64_t v = 0;

	for (size_t i = 0; i < KEPT; i++)
		v |= (uint64_t)((perms & kept[i]) != 0) << i;
	return v;
}

static uint32_t unpack_perms(uint64_t v)
{
	uint32_t perms = 0;

	for (size_t i = 0; i < KEPT; i++)
		perms |= v >> i & 1 ? kept[i] : 0;
	return perms;
}

static uint64_t pack_page(const struct model_page *p)
{
	uint64_t v = p->facts;

	static_assert(ENCLAVE_FACT_ALL < 1u << FACT_BITS);
	static_assert(FACT_BITS + BYTES_BITS + 1 + 2 * KEPT + 6 * VIEWS <= 64);
	v = v << BYTES_BITS | p->bytes;
	v = v << 1 | p->ran;
	v = v << KEPT | pack_perms(p->granted);
	v = v << KEPT | pack_perms(p->passed);
	for (int i = 0; i < VIEWS; i++)
		v = v << 6 | (uint64_t)p->vma[i] << 3 | p->pte[i];
	return v;
}

static void unpack_page(uint64_t v, struct model_page *p)
{
	memset(p, 0, sizeof(*p));
	for (int i = VIEWS; i-- > 0; v >>= 6) {
		p->vma[i] = v >> 3 & 7;
		p->pte[i] = v & 7;
	}
	p->passed = unpack_perms(v);
	v >>= KEPT;
	p->granted = unpack_perms(v);
	v >>= KEPT;
	p->ran = v & 1;
	v >>= 1;
	p->bytes = v & ((1u << BYTES_BITS) - 1);
	p->facts = (enclave_facts)(v >> BYTES_BITS & ENCLAVE_FACT_ALL);
}

static struct packed pack(const struct model_state *s)
{
	return (struct packed){
		{ pack_page(&s->page[0]), pack_page(&s->page[1]) },
		(uint64_t)(s->owner << 5 | s->strict << 4 | s->let_in << 3 |
			   s->unjudged << 2 | s->permissive << 1 |
			   s->initialized),
	};
}

static void *grown(void *old, size_t n, size_t size)
{
	void *new = reallocarray(old, n, size);

	if (!new) {
		fprintf(stderr, "model: out of memory after %u states\n",
			count);
		exit(2);
	}
	return new;
}

static uint64_t hash(const struct packed *v)
{
	uint64_t h = v->page[0] * 0x9e3779b97f4a7c15ull;

	h = (h ^ h >> 32 ^ v->page[1]) * 0xc2b2ae3d27d4eb4full;
	h = (h ^ h >> 29 ^ v->rest) * 0x9e3779b97f4a7c15ull;
	return h ^ h >> 31;
}

/* The slot of @v, or the free one where it belongs. */
static uint32_t *slot_of(const struct packed *v)
{
	uint64_t at = hash(v) & mask;

	while (slots[at] && memcmp(&found[slots[at] - 1].packed, v, sizeof(*v)))
		at = (at + 1) & mask;
	return &slots[at];
}

static void make_room(void)
{
	if (count < room)
		return;
	room = room ? room * 2 : 1u << 16;
	found = grown(found, room, sizeof(*found));
	free(slots);
	slots = NULL;
	slots = grown(NULL, room * 2ul, sizeof(*slots));
	memset(slots, 0, room * 2ul * sizeof(*slots));
	mask = room * 2ul - 1;
	for (uint32_t i = 0; i < count; i++)
		*slot_of(&found[i].packed) = i + 1;
}

bool states_add(const struct model_state *s, uint32_t parent,
		const struct model_step *step)
{
	struct packed v = pack(s);
	uint32_t *slot;

	make_room();
	slot = slot_of(&v);
	if (*slot)
		return false;
	found[count] = (struct found){
		.packed = v,
		.step = *step,
		.parent = parent,
	};
	*slot = ++count;
	return true;
}

uint32_t states_count(void)
{
	return count;
}

void states_get(uint32_t n, struct model_state *s)
{
	const struct packed *v = &found[n].packed;

	unpack_page(v->page[0], &s->page[0]);
	unpack_page(v->page[1], &s->page[1]);
	s->initialized = v->rest & 1;
	s->permissive = v->rest >> 1 & 1;
	s->unjudged = v->rest >> 2 & 1;
	s->let_in = v->rest >> 3 & 1;
	s->strict = v->rest >> 4 & 1;
	s->owner = (uint8_t)(v->rest >> 5 & 3);
}

static void print_step(const struct model_step *step)
{
	static const char *const letters[] = { "",  "r",  "w",	"rw",
					       "x", "rx", "wx", "rwx" };

	printf("#   %s", step->what);
	if (step->pages)
		printf(" page%s", step->pages == 3 ? "s 0 and 1" :
				  step->pages == 2 ? " 1" :
						     " 0");
	if (step->access)
		printf(" %s", letters[step->access & 7]);
	if (step->view < VIEWS)
		printf(", view %u (process %u)", step->view, step->view == 2);
	if (step->bytes)
		printf(", bytes 0x%02x", step->bytes);
	printf("\n");
}

static void print_way(uint32_t n)
{
	if (!found[n].step.what)
		return;
	print_way(found[n].parent);
	print_step(&found[n].step);
}

void states_trace(uint32_t n, const struct model_step *step)
{
	print_way(n);
	if (step)
		print_step(step);
}
