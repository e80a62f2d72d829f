// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What can happen to an enclave, and what must never come of it.
 *
 * Facts and required permissions are the kernel's own code, and so is the store
 * that the facts are kept in. What providers and framework do around them is
 * restated here: entries, their removal, and which address spaces may map a page.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "security/enclave/store.h"

/* The pages lie on both sides of a block of the store. */
#define STORE_PAGES 1024
#define STORE_FIRST 511

#define WX (ENCLAVE_W | ENCLAVE_X)

static const uint8_t accesses[] = { MAPPED, MAPPED | ENCLAVE_W,
				    MAPPED | ENCLAVE_X,
				    MAPPED | ENCLAVE_W | ENCLAVE_X };
#define ACCESSES (sizeof(accesses) / sizeof(accesses[0]))
#define NO_VIEW VIEWS

static unsigned int process_of(unsigned int view)
{
	return view == VIEWS - 1;
}

/* Facts in the real store. */

static enclave_facts set_facts(enclave_facts old, void *arg)
{
	(void)old;
	return *(enclave_facts *)arg;
}

/* struct change - the arguments of enclave_facts_after(). */
struct change {
	enum enclave_op op;
	u32 access;
	bool initialized;
};

static enclave_facts change_facts(enclave_facts old, void *arg)
{
	const struct change *c = arg;

	return enclave_facts_after(old, c->op, c->access, c->initialized);
}

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "model: the store: %s\n", what);
	exit(2);
}

static void update(struct enclave_store *s, u64 first, u64 count,
		   enclave_facts (*fn)(enclave_facts old, void *arg), void *arg)
{
	must(!enclave_store_reserve(s, first, count), "no memory");
	enclave_store_update(s, first, count, fn, arg);
}

static enclave_facts look(struct enclave_store *s, u64 page)
{
	u64 end;

	return enclave_store_run(s, page, page + 1, &end);
}

/* The facts of @pages, a bit each, after @c, by way of the store. */
static void change(const struct model *m, struct model_state *s,
		   unsigned int pages, struct change c)
{
	static struct enclave_store *store;
	unsigned int first = pages & 1 ? 0 : 1, last = pages & 2 ? 1 : 0;

	if (!store)
		store = enclave_store_new(STORE_PAGES);
	must(store, "no memory");
	for (unsigned int i = 0; i < m->pages; i++)
		update(store, STORE_FIRST + i, 1, set_facts, &s->page[i].facts);
	update(store, STORE_FIRST + first, last - first + 1, change_facts, &c);
	for (unsigned int i = 0; i < m->pages; i++) {
		enclave_facts was = s->page[i].facts;

		s->page[i].facts = look(store, STORE_FIRST + i);
		must(s->page[i].facts ==
			     (pages >> i & 1 ? change_facts(was, &c) : was),
		     "other facts than were put in");
	}
	must(!look(store, STORE_FIRST - 1) &&
		     !look(store, STORE_FIRST + m->pages),
	     "facts of other pages");
}

/* Judging. */

static u32 required(const struct model *m, enclave_facts f, enum enclave_op op,
		    u32 access, bool initialized)
{
	u32 need = enclave_required(f, op, access, initialized);

	switch (m->forgotten) {
	case MODEL_ORIGIN:
		if (op == ENCLAVE_OP_LOAD)
			need &= ~(ENCLAVE_PERM_EXEC_FILE |
				  ENCLAVE_PERM_EXEC_MUTABLE |
				  ENCLAVE_PERM_EXEC_MODIFIED |
				  ENCLAVE_PERM_EXEC_ANON |
				  ENCLAVE_PERM_EXEC_UNMEASURED);
		break;
	case MODEL_DYNAMIC:
		need &= ~ENCLAVE_PERM_EXEC_DYNAMIC;
		break;
	case MODEL_WRITTEN:
		need &= ~ENCLAVE_PERM_EXEC_WRITTEN;
		break;
	case MODEL_MAP_WX:
		need &= ~ENCLAVE_PERM_MAP_WX;
		break;
	case MODEL_DEBUG:
		need &= ~ENCLAVE_PERM_DEBUG_WRITE;
		break;
	default:
		break;
	}
	return need;
}

static bool process_maps(const struct model *m, const struct model_state *s,
			 unsigned int process)
{
	for (unsigned int i = 0; i < m->pages; i++)
		for (unsigned int v = 0; v < VIEWS; v++)
			if (process_of(v) == process && s->page[i].vma[v])
				return true;
	return false;
}

/* Another mapping of the same process that sees the page the opposite way. */
static bool has_alias(const struct model_page *p, unsigned int view, u32 access)
{
	u32 opposite = (access & ENCLAVE_X ? ENCLAVE_W : 0) |
		       (access & ENCLAVE_W ? ENCLAVE_X : 0);

	for (unsigned int v = 0; v < VIEWS; v++)
		if (v != view && process_of(v) == process_of(view) &&
		    p->vma[v] & opposite)
			return true;
	return false;
}

/* Why a request with @access that needs no more than @need was judged too mildly. */
static const char *mild(const struct model_page *p, u32 access, u32 need)
{
	if (access & ENCLAVE_X && p->bytes & BYTES_DYNAMIC &&
	    !(need & ENCLAVE_PERM_EXEC_DYNAMIC))
		return "code in a dynamic page is mapped unjudged";
	if (access & ENCLAVE_X && p->bytes & BYTES_WRITTEN &&
	    !(need & ENCLAVE_PERM_EXEC_WRITTEN))
		return "what was written is mapped as code unjudged";
	if (access & ENCLAVE_X && p->bytes & BYTES_POKED &&
	    !(need & ENCLAVE_PERM_EXEC_WRITTEN))
		return "what a debugger wrote is mapped as code unjudged";
	if (access & ENCLAVE_W && p->ran && !(need & ENCLAVE_PERM_EXEC_WRITTEN))
		return "code that ran becomes writable unjudged";
	return NULL;
}

/* What the policy in force grants: the strict one nothing but code of files. */
static u32 granted_of(const struct model *m, const struct model_state *s,
		      u32 need)
{
	if (!s->strict || m->forgotten == MODEL_SWAP)
		return need;
	return need & (ENCLAVE_PERM_EXEC_FILE | ENCLAVE_PERM_CHANGE);
}

/* What a page of @s needs is granted, or let pass. Return: false: neither. */
static bool admit(const struct model *m, struct model_state *s,
		  struct model_page *p, u32 need)
{
	u32 granted = granted_of(m, s, need);

	p->granted |= granted;
	if (granted == need)
		return true;
	if (!s->permissive)
		return false;
	p->passed |= need & ~granted;
	if (!s->initialized)
		s->unjudged = true;
	return true;
}

/*
 * What MMAP, MPROTECT or FAULT of @pages needs: added to what each of them was
 * granted, or let pass. Return: false if it is denied or refused.
 */
static bool judge_mapping(struct model *m, struct model_state *s,
			  enum enclave_op op, unsigned int view,
			  unsigned int pages, u32 access)
{
	bool alone = false;

	m->wrong = NULL;
	if (m->forgotten != MODEL_ALONE && s->owner &&
	    s->owner != process_of(view) + 1)
		return false;
	for (unsigned int i = 0; i < m->pages; i++) {
		struct model_page *p = &s->page[i];
		u32 need;

		if (!(pages >> i & 1) || !p->facts)
			continue;
		if (access & WX & ~p->facts && m->forgotten != MODEL_INTENT)
			return false;
		need = required(m, p->facts, op, access, s->initialized);
		if (!admit(m, s, p, need))
			return false;
		if (!m->wrong)
			m->wrong = mild(p, access, need);
		if (!enclave_needs_alone(p->facts, need) ||
		    m->forgotten == MODEL_ALONE)
			continue;
		alone = true;
		if (process_maps(m, s, !process_of(view)) ||
		    has_alias(p, view, access))
			return false;
	}
	if (alone)
		s->owner = (uint8_t)(process_of(view) + 1);
	return true;
}

/* After mappings went: nobody owns what the owner does not map any more. */
static void forget_owner(const struct model *m, struct model_state *s)
{
	if (s->owner && !process_maps(m, s, s->owner - 1u))
		s->owner = 0;
}

/* What the strict policy denies comes about in @to, whoever was granted it before. */
static const char *page_against(const struct model_page *from,
				const struct model_page *to)
{
	u32 gained = 0;
	bool both = false;

	for (unsigned int v = 0; v < VIEWS; v++) {
		u32 more = to->pte[v] & ~from->pte[v];

		gained |= more;
		both |= more && (to->pte[v] & WX) == WX;
	}
	if (gained & ENCLAVE_X &&
	    to->bytes & (BYTES_DYNAMIC | BYTES_WRITTEN | BYTES_POKED))
		return "the policy in force denies code of these bytes";
	if (gained & ENCLAVE_W && from->ran)
		return "the policy in force denies that code is written";
	if (both)
		return "the policy in force denies an entry that is both";
	if (!from->facts && to->facts & ENCLAVE_X &&
	    (to->bytes != BYTES_FILE || to->facts & ENCLAVE_W))
		return "the policy in force denies a page of such code";
	if (!from->facts && to->bytes & BYTES_DYNAMIC)
		return "the policy in force denies that a page is added";
	if (to->bytes & ~from->bytes & BYTES_DEBUGGER && to->facts & ENCLAVE_X)
		return "the policy in force denies that a debugger writes code";
	if (to->passed & ~from->passed)
		return "denials are enforced, and one was let pass";
	return NULL;
}

static const char *against_policy(const struct model *m,
				  const struct model_state *to)
{
	const struct model_state *from = m->from;
	const char *wrong = NULL;

	if (!from->strict || from->permissive)
		return NULL;
	for (unsigned int i = 0; i < m->pages && !wrong; i++) {
		const struct model_page *p = &to->page[i];

		wrong = page_against(&from->page[i], p);
		if (!wrong && !from->initialized && to->initialized &&
		    p->bytes & BYTES_DEBUGGER && p->facts & ENCLAVE_X)
			wrong = "the policy in force denies init with such code";
	}
	return wrong;
}

static void emit(struct model *m, const struct model_state *s,
		 struct model_step step)
{
	m->steps++;
	if (!m->wrong)
		m->wrong = against_policy(m, s);
	m->next(m, s, &step);
	m->wrong = NULL;
}

/* Steps. */

static void zap(struct model_page *p)
{
	memset(p->pte, 0, sizeof(p->pte));
}

static void set_mapping(const struct model *m, struct model_state *s,
			unsigned int view, unsigned int pages, u32 access,
			bool is_new)
{
	for (unsigned int i = 0; i < m->pages; i++) {
		struct model_page *p = &s->page[i];

		if (!(pages >> i & 1))
			continue;
		p->vma[view] = (uint8_t)access;
		/* An entry that is there may come to have all of it. */
		if (is_new || !p->pte[view])
			p->pte[view] = 0;
		else if (s->initialized)
			p->pte[view] = (uint8_t)access;
		else
			p->pte[view] = access & ~ENCLAVE_X;
		p->ran |= !!(p->pte[view] & ENCLAVE_X);
	}
}

/* mmap over what was there, and mprotect of what is. */
static void step_map(struct model *m, enum enclave_op op, unsigned int view,
		     unsigned int pages, u32 access)
{
	bool is_new = op == ENCLAVE_OP_MMAP;
	struct model_state s = *m->from;
	const char *what = is_new ? "mmap" : "mprotect", *wrong;

	for (unsigned int i = 0; i < m->pages && !is_new; i++)
		if (pages >> i & 1 && !s.page[i].vma[view])
			return;
	if (!judge_mapping(m, &s, op, view, pages, access))
		return;
	if (m->forgotten != MODEL_HISTORY)
		change(m, &s, pages,
		       (struct change){ op, access, s.initialized });
	wrong = m->wrong;
	/* It may fail after that: the facts are stricter then, no more. */
	emit(m, &s,
	     (struct model_step){
		     is_new ? "mmap that fails" : "mprotect that fails",
		     (uint8_t)view, (uint8_t)pages, (uint8_t)access, 0 });
	set_mapping(m, &s, view, pages, access, is_new);
	m->wrong = wrong;
	emit(m, &s,
	     (struct model_step){ what, (uint8_t)view, (uint8_t)pages,
				  (uint8_t)access, 0 });
}

/* One way of granting a fault; the policy chooses which. */
static void step_fault(struct model *m, unsigned int view, unsigned int page,
		       u32 access)
{
	struct model_state s = *m->from;
	struct model_page *p = &s.page[page];
	const char *wrong;

	if (!judge_mapping(m, &s, ENCLAVE_OP_FAULT, view, 1u << page, access))
		return;
	if (m->forgotten != MODEL_HISTORY)
		change(m, &s, 1u << page,
		       (struct change){ ENCLAVE_OP_FAULT, access,
					s.initialized });
	wrong = m->wrong;
	/* There may be no memory for the entry. */
	emit(m, &s,
	     (struct model_step){ "fault that fails", (uint8_t)view,
				  (uint8_t)(1u << page), (uint8_t)access, 0 });
	p->pte[view] = (uint8_t)access;
	p->ran |= !!(access & ENCLAVE_X);
	m->wrong = wrong;
	emit(m, &s,
	     (struct model_step){ "fault", (uint8_t)view, (uint8_t)(1u << page),
				  (uint8_t)access, 0 });
}

static void steps_fault(struct model *m, unsigned int view, unsigned int page)
{
	const struct model_page *p = &m->from->page[page];
	u32 most = p->vma[view];

	if (!p->facts || !most)
		return;
	if (m->forgotten != MODEL_INTENT)
		most &= p->facts | MAPPED;
	if (!m->from->initialized && m->forgotten != MODEL_PREINIT)
		most &= ~ENCLAVE_X;
	for (size_t i = 0; i < ACCESSES; i++)
		if (!(accesses[i] & ~most))
			step_fault(m, view, page, accesses[i]);
}

static void steps_view(struct model *m, unsigned int view)
{
	const unsigned int all = (1u << m->pages) - 1;
	struct model_state s = *m->from;

	for (unsigned int pages = 1; pages <= all; pages++)
		for (size_t i = 0; i < ACCESSES; i++) {
			step_map(m, ENCLAVE_OP_MMAP, view, pages, accesses[i]);
			step_map(m, ENCLAVE_OP_MPROTECT, view, pages,
				 accesses[i]);
		}
	for (unsigned int i = 0; i < m->pages; i++) {
		steps_fault(m, view, i);
		s = *m->from;
		if (!s.page[i].vma[view])
			continue;
		s.page[i].vma[view] = 0;
		s.page[i].pte[view] = 0;
		forget_owner(m, &s);
		emit(m, &s,
		     (struct model_step){ "munmap", (uint8_t)view,
					  (uint8_t)(1u << i), 0, 0 });
	}
}

/* A store through an entry that has W. */
static void step_write(struct model *m, unsigned int page)
{
	struct model_state s = *m->from;
	struct model_page *p = &s.page[page];
	u32 entries = 0;

	for (unsigned int v = 0; v < VIEWS; v++)
		entries |= p->pte[v];
	if (!(entries & ENCLAVE_W))
		return;
	/* A dynamic page is filled before it runs for the first time. */
	if (!(p->bytes & BYTES_DYNAMIC) || p->ran)
		p->bytes |= BYTES_WRITTEN;
	emit(m, &s,
	     (struct model_step){ "write", NO_VIEW, (uint8_t)(1u << page), 0,
				  0 });
}

static void step_load(struct model *m, unsigned int page, u32 intent,
		      enum enclave_origin origin, uint8_t bytes)
{
	struct model_state s = *m->from;
	struct model_page *p = &s.page[page];
	bool measured = !(bytes & BYTES_UNMEASURED);

	p->facts = enclave_facts_load(origin, intent, bytes & BYTES_MUTABLE,
				      measured);
	p->granted = 0;
	if (!admit(m, &s, p,
		   required(m, p->facts, ENCLAVE_OP_LOAD, intent, false)))
		return;
	p->bytes = bytes;
	p->ran = false;
	emit(m, &s,
	     (struct model_step){ "load", NO_VIEW, (uint8_t)(1u << page),
				  (uint8_t)intent, bytes });
}

static void steps_load(struct model *m, unsigned int page, u32 intent)
{
	static const struct {
		enum enclave_origin origin;
		uint8_t bytes;
	} kinds[] = {
		{ ENCLAVE_ORIGIN_FILE, BYTES_FILE },
		{ ENCLAVE_ORIGIN_FILE, BYTES_FILE | BYTES_MUTABLE },
		{ ENCLAVE_ORIGIN_MODIFIED, BYTES_MODIFIED },
		{ ENCLAVE_ORIGIN_ANON, BYTES_ANON },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		step_load(m, page, intent, kinds[i].origin, kinds[i].bytes);
		step_load(m, page, intent, kinds[i].origin,
			  kinds[i].bytes | BYTES_UNMEASURED);
	}
}

static void step_add(struct model *m, unsigned int page, u32 intent)
{
	struct model_state s = *m->from;
	struct model_page *p = &s.page[page];

	p->facts = enclave_facts_dynamic(intent);
	p->granted = 0;
	if (!admit(m, &s, p,
		   required(m, p->facts, ENCLAVE_OP_ADD, intent, true)))
		return;
	p->bytes = BYTES_DYNAMIC;
	p->ran = false;
	emit(m, &s,
	     (struct model_step){ "add", NO_VIEW, (uint8_t)(1u << page),
				  (uint8_t)intent, 0 });
}

/* Restriction and removal, which take the entries away. */
static void steps_shrink(struct model *m, unsigned int page)
{
	struct model_state s;

	for (size_t i = 0; i < ACCESSES; i++) {
		s = *m->from;
		change(m, &s, 1u << page,
		       (struct change){ ENCLAVE_OP_RESTRICT, accesses[i],
					true });
		if (m->forgotten != MODEL_RESTRICT_ZAP)
			zap(&s.page[page]);
		emit(m, &s,
		     (struct model_step){ "restrict", NO_VIEW,
					  (uint8_t)(1u << page), accesses[i],
					  0 });
	}
	s = *m->from;
	change(m, &s, 1u << page,
	       (struct change){ ENCLAVE_OP_REMOVE, 0, true });
	zap(&s.page[page]);
	s.page[page].bytes = 0;
	s.page[page].granted = 0;
	s.page[page].passed = 0;
	s.page[page].ran = false;
	emit(m, &s,
	     (struct model_step){ "remove", NO_VIEW, (uint8_t)(1u << page), 0,
				  0 });
}

static void step_debug_write(struct model *m, unsigned int page)
{
	struct model_state s = *m->from;
	struct model_page *p = &s.page[page];
	u32 need = required(m, p->facts, ENCLAVE_OP_ACCESS, ENCLAVE_W,
			    s.initialized);

	if (!admit(m, &s, p, need))
		return;
	if (p->facts & ENCLAVE_X && !(need & ENCLAVE_PERM_DEBUG_WRITE))
		m->wrong = "a debugger writes to code unjudged";
	if (m->forgotten != MODEL_DEBUG_FACTS)
		change(m, &s, 1u << page,
		       (struct change){ ENCLAVE_OP_ACCESS, ENCLAVE_W,
					s.initialized });
	p->bytes |= BYTES_DEBUGGER;
	/* As a store is: see step_write(). */
	if (!(p->bytes & BYTES_DYNAMIC) || p->ran)
		p->bytes |= BYTES_POKED;
	emit(m, &s,
	     (struct model_step){ "debugger's write", NO_VIEW,
				  (uint8_t)(1u << page), 0, 0 });
}

static void steps_page(struct model *m, unsigned int page)
{
	const struct model_page *p = &m->from->page[page];

	for (size_t i = 0; i < ACCESSES && !p->facts; i++) {
		if (m->from->initialized)
			step_add(m, page, accesses[i]);
		else
			steps_load(m, page, accesses[i]);
	}
	if (!p->facts)
		return;
	step_write(m, page);
	step_debug_write(m, page);
	if (m->from->initialized)
		steps_shrink(m, page);
}

/* Code of which a debugger wrote some is not what was judged when it was loaded. */
static bool init_mild(const struct model_page *p, u32 need)
{
	return p->facts & ENCLAVE_X && p->bytes & BYTES_DEBUGGER &&
	       (!(need & ENCLAVE_PERM_EXEC_UNMEASURED) ||
		!(need &
		  (ENCLAVE_PERM_EXEC_MODIFIED | ENCLAVE_PERM_EXEC_ANON)));
}

/*
 * Entries from before stay, though providers take them away. What was let pass is
 * denied init, unless that is let pass as well.
 */
static void step_init(struct model *m)
{
	struct model_state s = *m->from;
	const char *wrong = NULL;

	if (s.initialized)
		return;
	if (s.unjudged && !s.permissive && m->forgotten != MODEL_UNJUDGED)
		return;
	for (unsigned int i = 0; i < m->pages; i++) {
		struct model_page *p = &s.page[i];
		u32 need = required(m, p->facts, ENCLAVE_OP_INIT, 0, false);

		if (!admit(m, &s, p, need))
			return;
		if (init_mild(p, need))
			wrong = "what a debugger wrote is initialised unjudged";
	}
	m->wrong = wrong;
	s.initialized = true;
	s.let_in = s.permissive;
	emit(m, &s, (struct model_step){ "init", NO_VIEW, 0, 0, 0 });
}

/*
 * The other process becomes a copy of process 0: VMAs without entries. An enclave with
 * an owner is not copied, if its mapping was marked so, which a fault cannot do and
 * which later mappings are not: nothing relies on that.
 */
static void step_fork(struct model *m)
{
	struct model_state s = *m->from;

	if (process_maps(m, &s, 1))
		return;
	for (unsigned int i = 0; i < m->pages; i++) {
		s.page[i].vma[VIEWS - 1] = s.page[i].vma[0];
		if (m->forgotten == MODEL_FORK)
			s.page[i].pte[VIEWS - 1] = s.page[i].pte[0];
	}
	emit(m, &s, (struct model_step){ "fork", NO_VIEW, 0, 0, 0 });
}

/* Denials are enforced from now on, or let pass. */
static void step_switch(struct model *m)
{
	struct model_state s = *m->from;

	s.permissive = !s.permissive;
	emit(m, &s,
	     (struct model_step){ s.permissive ? "permissive" : "enforcing",
				  NO_VIEW, 0, 0, 0 });
}

/* Another policy is in force from now on; what was granted stays granted. */
static void step_swap(struct model *m)
{
	struct model_state s = *m->from;

	s.strict = !s.strict;
	emit(m, &s,
	     (struct model_step){ s.strict ? "strict policy" :
					     "generous policy",
				  NO_VIEW, 0, 0, 0 });
}

void model_steps(struct model *m, const struct model_state *from)
{
	m->from = from;
	for (unsigned int v = 0; v < VIEWS; v++)
		steps_view(m, v);
	for (unsigned int i = 0; i < m->pages; i++)
		steps_page(m, i);
	step_init(m);
	step_fork(m);
	if (!m->switches)
		return;
	step_switch(m);
	step_swap(m);
}

/* What must never be. */

/* The permissions without which bytes must not run. */
static u32 must_have(const struct model_page *p)
{
	static const struct {
		u32 bytes, perm;
	} map[] = {
		{ BYTES_FILE, ENCLAVE_PERM_EXEC_FILE },
		{ BYTES_MUTABLE, ENCLAVE_PERM_EXEC_MUTABLE },
		{ BYTES_MODIFIED, ENCLAVE_PERM_EXEC_MODIFIED },
		{ BYTES_ANON, ENCLAVE_PERM_EXEC_ANON },
		{ BYTES_UNMEASURED, ENCLAVE_PERM_EXEC_UNMEASURED },
		{ BYTES_DYNAMIC, ENCLAVE_PERM_EXEC_DYNAMIC },
		{ BYTES_WRITTEN, ENCLAVE_PERM_EXEC_WRITTEN },
		{ BYTES_DEBUGGER, ENCLAVE_PERM_DEBUG_WRITE },
	};
	u32 perms = 0;

	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (p->bytes & map[i].bytes)
			perms |= map[i].perm;
	return perms;
}

static const char *page_wrong(const struct model_page *p, bool initialized)
{
	unsigned int writers = 0, runners = 0, both = 0;

	for (unsigned int v = 0; v < VIEWS; v++) {
		writers += !!(p->pte[v] & ENCLAVE_W);
		runners += !!(p->pte[v] & ENCLAVE_X);
		both += (p->pte[v] & WX) == WX;
		if (p->pte[v] & ~p->vma[v])
			return "an entry has more than its mapping";
		if (p->pte[v] & WX & ~p->facts)
			return "an entry has more than was declared";
	}
	if (runners && !initialized)
		return "a page can be executed before init";
	if (runners && must_have(p) & ~(p->granted | p->passed))
		return "a page can be executed whose bytes nothing allowed";
	if (both && !((p->granted | p->passed) & ENCLAVE_PERM_MAP_WX))
		return "a mapping writes and executes, which nothing allowed";
	if (writers && runners && (writers > 1 || runners > 1 || !both))
		return "one mapping writes what another one executes";
	return NULL;
}

const char *model_wrong(const struct model *m, const struct model_state *s)
{
	const char *wrong = NULL;

	if (s->initialized && s->unjudged && !s->let_in)
		return "what was let pass runs, and init was enforced";
	for (unsigned int i = 0; i < m->pages && !wrong; i++)
		wrong = page_wrong(&s->page[i], s->initialized);
	return wrong;
}

bool model_runs_passed(const struct model *m, const struct model_state *s)
{
	for (unsigned int i = 0; i < m->pages; i++) {
		const struct model_page *p = &s->page[i];
		u32 access = 0;

		for (unsigned int v = 0; v < VIEWS; v++)
			access |= p->pte[v];
		if (access & ENCLAVE_X && must_have(p) & ~p->granted)
			return true;
	}
	return false;
}
