/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the BPF programs tell the program that loaded them.
 */
#ifndef _ENCLAVE_BPF_H
#define _ENCLAVE_BPF_H

#include <linux/types.h>

enum event_what {
	EVENT_ASKED,	/* not denied here; others may */
	EVENT_DENIED,	/* denied here */
	EVENT_DONE,	/* it was done */
};

/**
 * struct event - one request.
 * @what: enum event_what
 * @op: enum enclave_op
 * @access: 1 read, 2 write, 4 execute
 * @required: enclave permissions, a bit each
 * @first: first page
 * @pages: how many
 * @enclave: its number; 0: there is none
 * @pid: process
 * @uid: real user id
 * @comm: command name
 */
struct event {
	__u32 what;
	__u32 op;
	__u32 access;
	__u32 required;
	__u64 first;
	__u64 pages;
	__u64 enclave;
	__u32 pid;
	__u32 uid;
	char comm[16];
};

#endif /* _ENCLAVE_BPF_H */
