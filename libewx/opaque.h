/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the opaque objects of the public headers are. Only the files that make the
 * public calls include this.
 */
#ifndef _LIBEWX_OPAQUE_H
#define _LIBEWX_OPAQUE_H

#include <uapi/linux/ewx_query.h>
#include "../security/ewx/core/engine.h"

/** struct ewx_request - @query: what is asked. */
struct ewx_request {
	struct ewx_query query;
};

/**
 * struct ewx_judge
 * @policy: verified, of the bytes in @blob
 * @by_name: its domains, by their names
 */
struct ewx_judge {
	struct ewx_policy policy;
	u32 *by_name;
	unsigned char blob[];
};

#endif /* _LIBEWX_OPAQUE_H */
