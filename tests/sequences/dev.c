// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random sequences on /dev/enclave: the enclave is memory that anybody can touch
 * who may map it. It is mapped in two windows.
 */
#include "sequences.h"

static int dev_open(struct stage *s)
{
	s->windows = 2;
	s->window = mmap(NULL, s->windows * PAGES * PAGE, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	s->fd = enclave_new(PAGES * PAGE,
			    s->scene->debug ? ENCLAVE_CREATE_DEBUG : 0,
			    ENCLAVE_RW);
	return s->window == MAP_FAILED ? -ENOMEM : s->fd < 0 ? s->fd : 0;
}

static int dev_load(struct stage *s, const void *src, unsigned int page,
		    unsigned int pages, int prot, bool measured)
{
	return enclave_load(s->fd, src, page * PAGE, pages * PAGE, prot,
			    measured ? ENCLAVE_LOAD_F_MEASURE : 0, NULL);
}

static int dev_init(struct stage *s)
{
	return enclave_init(s->fd);
}

static void dev_close(struct stage *s)
{
	munmap(s->window, s->windows * PAGES * PAGE);
	close(s->fd);
}

static void *place(const struct player *p, unsigned int w, unsigned int page)
{
	return p->stage->window + (w * PAGES + page) * PAGE;
}

static struct call dev_access(const struct player *p, unsigned int w,
			      unsigned int page, const uint8_t *code)
{
	return guarded(guarded_touch, place(p, w, page), code);
}

static struct call dev_call(const struct player *p, unsigned int w,
			    unsigned int page)
{
	return guarded(guarded_enter, place(p, w, page), NULL);
}

static int dev_add(const struct player *p, unsigned int page,
		   unsigned int pages, int prot)
{
	return enclave_add(p->stage->fd, page * PAGE, pages * PAGE, prot, NULL);
}

static int dev_remove(const struct player *p, unsigned int page,
		      unsigned int pages)
{
	return enclave_remove(p->stage->fd, page * PAGE, pages * PAGE, NULL);
}

static int dev_restrict(const struct player *p, unsigned int page,
			unsigned int pages, int prot)
{
	return enclave_restrict(p->stage->fd, page * PAGE, pages * PAGE, prot,
				NULL);
}

const struct provider provider_dev = {
	.name = "dev",
	.mask = DEV,
	.open = dev_open,
	.load = dev_load,
	.init = dev_init,
	.close = dev_close,
	.access = dev_access,
	.call = dev_call,
	.add = dev_add,
	.remove = dev_remove,
	.restrict_to = dev_restrict,
};
