/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints ewx:*, for perf, trace-cmd and bpftrace.
 *
 * Owns: what each of them shows; Documentation/admin-guide/ewx.rst has the list.
 * Changes nothing.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM ewx

#if !defined(_SECURITY_EWX_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _SECURITY_EWX_TRACE_H

#include <linux/bits.h>
#include <linux/tracepoint.h>

#include "judge.h"
#include "policy.h"

/* A decision by the rules, or a fixed refusal; not one that is repeated. */
TRACE_EVENT(ewx_decision,
	TP_PROTO(const struct ewx_decision *d),
	TP_ARGS(d),
	TP_STRUCT__entry(
		__field(u64, enclave)
		__field(u64, page)
		__field(u64, pages)
		__field(u32, needed)
		__field(u32, missing)
		__field(u32, domain)
		__field(u32, outcome)
		__string(op, d->req->op ? enclave_op_names[d->req->op] : "?")
		__string(cause, d->req->refusal ?
			 enclave_refusal_names[d->req->refusal] : d->v.denied ?
			 enclave_permission_names[__ffs(d->v.denied)] : "-")
	),
	TP_fast_assign(
		__entry->enclave = d->e ? d->e->id : 0;
		__entry->page = d->req->range.first;
		__entry->pages = d->req->range.count;
		__entry->needed = d->q.required;
		__entry->missing = d->v.denied;
		__entry->domain = d->q.domain;
		__entry->outcome = d->outcome;
		__assign_str(op);
		__assign_str(cause);
	),
	TP_printk("enclave=%llu op=%s result=%s cause=%s needed=0x%x missing=0x%x domain=%u page=%llu pages=%llu",
		  __entry->enclave, __get_str(op),
		  __print_symbolic(__entry->outcome,
				   { EWX_OUTCOME_DENIED, "denied" },
				   { EWX_OUTCOME_ALLOWED, "allowed" },
				   { EWX_OUTCOME_PERMISSIVE, "permissive" },
				   { EWX_OUTCOME_REDUCED, "reduced" }),
		  __get_str(cause), __entry->needed, __entry->missing,
		  __entry->domain, __entry->page, __entry->pages)
);

/* An enclave was initialised. */
TRACE_EVENT(ewx_init,
	TP_PROTO(const struct enclave *e, u32 used),
	TP_ARGS(e, used),
	TP_STRUCT__entry(
		__field(u64, enclave)
		__field(u64, pages)
		__field(u32, used)
		__array(u8, measurement, 32)
		__string(provider, e->provider->name)
	),
	TP_fast_assign(
		__entry->enclave = e->id;
		__entry->pages = e->pages;
		__entry->used = used;
		memcpy(__entry->measurement, e->identity.measurement, 32);
		__assign_str(provider);
	),
	TP_printk("enclave=%llu provider=%s pages=%llu used=0x%x measurement=%s",
		  __entry->enclave, __get_str(provider), __entry->pages,
		  __entry->used, __print_hex_str(__entry->measurement, 32))
);

/* A policy was loaded, or refused. */
TRACE_EVENT(ewx_load,
	TP_PROTO(const struct ewx_load_result *r, int err),
	TP_ARGS(r, err),
	TP_STRUCT__entry(
		__field(u64, version)
		__field(u64, generation)
		__field(int, err)
		__string(name, r->name)
	),
	TP_fast_assign(
		__entry->version = r->version;
		__entry->generation = r->generation;
		__entry->err = err;
		__assign_str(name);
	),
	TP_printk("policy=%s version=%llu generation=%llu err=%d",
		  __get_str(name), __entry->version, __entry->generation,
		  __entry->err)
);

#endif /* _SECURITY_EWX_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH ../../security/ewx
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
