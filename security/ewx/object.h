/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which sources a file belongs to.
 *
 * Owns: classification of files and its cache. Knows nothing of processes or
 * enclaves.
 */
#ifndef _SECURITY_EWX_OBJECT_H
#define _SECURITY_EWX_OBJECT_H

#include <linux/limits.h>
#include <linux/types.h>

#include "path.h"
#include "policy.h"

struct enclave_source;
struct file;

/**
 * struct ewx_object - a file's source class, and all that it hangs on but the
 * policy and verity.
 * @class: the source class
 * @node: what the path automaton said; with EWX_LEAF that is all that counts
 * @stamp: of the paths, before anything was looked at
 * @fill: of the file blob that all this is from; EWX_NO_FILL: of none, or more counts
 *	than is here
 * @owner: property
 * @read_only: property
 * @mapped_exec: property
 */
struct ewx_object {
	u32 class;
	u32 node;
	struct ewx_path_stamp stamp;
	u64 fill;
	u32 owner;
	bool read_only;
	bool mapped_exec;
};

/* What no blob has as the number of its fill: nothing is recognised by it. */
#define EWX_NO_FILL U64_MAX

/**
 * struct ewx_file - the file blob: what a file was last.
 * @generation: of the policy
 * @plain: what @object says is all that its class hangs on, see is_plain()
 * @object: what it was. Its @fill is the number of the fill that the rest is from:
 *	even, and no other fill of any file has it; 0: the blob is empty; odd while
 *	somebody writes the rest
 *
 * Properties can change at any time: a class holds for those it was found with.
 */
struct ewx_file {
	u64 generation;
	bool plain;
	struct ewx_object object;
};

/** ewx_object_none() - what there is without a file: EWX_CLASS_UNLISTED. */
static inline void ewx_object_none(struct ewx_object *o)
{
	*o = (struct ewx_object){
		.class = EWX_CLASS_UNLISTED,
		.node = EWX_LEAF | EWX_CLASS_UNLISTED,
		.fill = EWX_NO_FILL,
	};
}

/**
 * ewx_object_class() - the source class of a file.
 * @p: the policy
 * @source: with a file
 * @o: out: the class
 *
 * May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int ewx_object_class(const struct ewx_loaded *p,
		     const struct enclave_source *source, struct ewx_object *o);

/**
 * ewx_object_again() - is a source's class the one that another had?
 * @p: the policy, by which @o was computed too
 * @source: with a file
 * @o: of the other
 *
 * From the cache alone; under rcu_read_lock(). Nothing of the file is taken for
 * granted: what can have changed is looked up again and compared.
 *
 * Return: true: it is; false: it is not, or the cache does not know.
 */
bool ewx_object_again(const struct ewx_loaded *p,
		      const struct enclave_source *source,
		      const struct ewx_object *o);

/**
 * struct ewx_object_facts - what a record says of a file.
 * @fs: name of its filesystem
 * @owner: its owner in the initial user namespace
 * @read_only: on a block device that cannot be written
 * @fs_verity: see @dm_verity
 * @dm_verity: what verifies its content
 */
struct ewx_object_facts {
	const char *fs;
	u32 owner;
	bool read_only;
	struct ewx_verity fs_verity;
	struct ewx_verity dm_verity;
};

/** ewx_object_facts() - properties of the real file (below an overlay). */
struct ewx_object_facts ewx_object_facts(const struct file *file);

#endif /* _SECURITY_EWX_OBJECT_H */
