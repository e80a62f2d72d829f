// SPDX-License-Identifier: GPL-2.0-only
/*
 * An example of a security module in BPF: traces what is asked about enclaves, and
 * denies requests that need one of some permissions. enclave-bpf.c loads it.
 *
 * The programs run last, if "bpf" is last in the list of security modules: what
 * another one refused they do not see. They see what is asked (enclave_load and the
 * others), which may still be refused elsewhere, and what was done (enclave_commit).
 *
 * Owns: the programs. The structures below are the part of the kernel's that is
 * used here; libbpf finds the fields in the running kernel's BTF.
 */
#include <linux/bpf.h>
#include <linux/errno.h>
#include <stdbool.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <uapi/linux/enclave_permissions.h>

#include "enclave-bpf.h"

#define KERNEL __attribute__((preserve_access_index))

struct enclave {
	__u64 id;
} KERNEL;

struct enclave_range {
	__u64 first;
	__u64 count;
} KERNEL;

struct enclave_request {
	enum enclave_op op;
	__u32 access;
	__u32 required;
	bool divisible;
	struct enclave_range range;
} KERNEL;

/* Set before the programs are loaded. */
const volatile __u32 denied_permissions;
const volatile __u32 denied_ops;	/* requests of these kinds, whatever they need */
const volatile __u32 denied_access;	/* ... that want one of these, if any is said */
const volatile __s32 only_pid;		/* 0: everybody's */

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 18);
} events SEC(".maps");

static bool concerns(void)
{
	return !only_pid || only_pid == (__s32)(bpf_get_current_pid_tgid() >> 32);
}

static void tell(const struct enclave *e, const struct enclave_request *req,
		 __u32 what)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return;
	event->what = what;
	event->op = req->op;
	event->access = req->access;
	event->required = req->required;
	event->first = req->range.first;
	event->pages = req->range.count;
	event->pid = bpf_get_current_pid_tgid() >> 32;
	event->uid = bpf_get_current_uid_gid();
	/* There is none behind ENCLAVE_OP_PROVISION and ENCLAVE_OP_VEPC. */
	event->enclave = e ? e->id : 0;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_ringbuf_submit(event, 0);
}

static bool forbidden(const struct enclave_request *req)
{
	if (req->required & denied_permissions)
		return true;
	if (!(1U << (req->op & 31) & denied_ops))
		return false;
	return !denied_access || (req->access & denied_access);
}

static int judge(const struct enclave *e, const struct enclave_request *req)
{
	if (!concerns())
		return 0;
	if (!forbidden(req)) {
		tell(e, req, EVENT_ASKED);
		return 0;
	}
	/*
	 * Several pages at once: the first of them will be asked for alone, so that
	 * nothing is said yet.
	 */
	if (req->divisible)
		return -E2BIG;
	tell(e, req, EVENT_DENIED);
	return -EACCES;
}

SEC("lsm/enclave_create")
int BPF_PROG(create, struct enclave *e, const struct enclave_request *req)
{
	return judge(e, req);
}

SEC("lsm/enclave_load")
int BPF_PROG(load, struct enclave *e, const struct enclave_request *req)
{
	return judge(e, req);
}

SEC("lsm/enclave_map")
int BPF_PROG(map, struct enclave *e, const struct enclave_request *req)
{
	return judge(e, req);
}

SEC("lsm/enclave_init")
int BPF_PROG(init, struct enclave *e, const struct enclave_request *req)
{
	return judge(e, req);
}

SEC("lsm/enclave_access")
int BPF_PROG(access, struct enclave *e, const struct enclave_request *req)
{
	return judge(e, req);
}

SEC("lsm/enclave_commit")
int BPF_PROG(commit, struct enclave *e, const struct enclave_request *req)
{
	if (concerns())
		tell(e, req, EVENT_DONE);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
