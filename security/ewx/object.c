// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which sources a file belongs to (object.h).
 *
 * Owns: what a source's conditions see of a file, and the file blob. Must not
 * know of processes or enclaves.
 *
 * The blob is written by whoever computes it first and read without a lock: the
 * number of its fill, which is odd during the write, guards it. A writer that finds
 * another one at work leaves the cache alone. No number comes twice, so that it also
 * tells whether a blob is, unchanged, the one that something was computed from.
 */
#include <linux/dcache.h>
#include <linux/enclave.h>
#include <linux/fs.h>
#include <linux/mnt_idmapping.h>
#include <linux/mount.h>
#include <linux/slab.h>
#include <linux/uidgid.h>

#include "../enclave/mutant.h"
#include "../enclave/window.h"
#include "object.h"
#include "setup.h"
#include "verity.h"

static struct ewx_file *file_blob(const struct file *file)
{
	if (!file->f_security)
		return NULL;
	return file->f_security + ewx_blobs.lbs_file;
}

static struct inode *source_inode(const struct enclave_source *source)
{
	return d_real_inode(source->file->f_path.dentry);
}

/*
 * A file that is no part of another file system's, on an inode whose properties are all
 * that the policy asks for: what most are. That does not change while it is open.
 */
static inline bool is_plain(const struct ewx_loaded *p, const struct file *file,
			    const struct inode *inode)
{
	return !(file->f_mode & FMODE_BACKING) && inode == file_inode(file) &&
	       !ewx_policy_has(p, FS_VERITY) && !ewx_policy_has(p, DM_VERITY);
}

/*
 * Has @source the properties of @o, which a plain file had? A mount that becomes idmapped
 * changes the stamp.
 */
static __always_inline bool same_properties(const struct enclave_source *source,
					    const struct ewx_object *o)
{
	if (enclave_mutant(SOURCE_AGAIN))
		return true;
	return __kuid_val(file_inode(source->file)->i_uid) ==
		       READ_ONCE(o->owner) &&
	       source->mapped_exec == READ_ONCE(o->mapped_exec) &&
	       source->read_only == READ_ONCE(o->read_only);
}

/* What the cache knows: nothing, the node, or the class too. */
enum known {
	KNOWS_NOTHING,
	KNOWS_NODE,
	KNOWS_CLASS,
};

/* Fill @o from the cache, for the paths as @o has their stamp. */
static enum known look_up(const struct ewx_loaded *p,
			  const struct enclave_source *source,
			  struct ewx_object *o)
{
	const struct ewx_file *blob = file_blob(source->file);
	u32 class = EWX_CLASS_UNLISTED;
	bool good, same;

	if (!blob)
		return KNOWS_NOTHING;
	/* Pairs with the release in cache(): what it wrote is seen. */
	o->fill = smp_load_acquire(&blob->object.fill);
	o->node = READ_ONCE(blob->object.node);
	good = READ_ONCE(blob->generation) == p->generation &&
	       READ_ONCE(blob->object.stamp.renames) == o->stamp.renames &&
	       READ_ONCE(blob->object.stamp.mounts) == o->stamp.mounts;
	same = READ_ONCE(blob->plain) && same_properties(source, &blob->object);
	if (same) {
		class = READ_ONCE(blob->object.class);
		o->owner = READ_ONCE(blob->object.owner);
	}
	/* What is above is read before the number is read again. */
	smp_rmb();
	if (!good || (o->fill & 1) || READ_ONCE(blob->object.fill) != o->fill ||
	    d_unlinked(file_user_path(source->file)->dentry))
		return KNOWS_NOTHING;
	if (!same)
		return KNOWS_NODE;
	o->class = class;
	o->mapped_exec = source->mapped_exec;
	o->read_only = source->read_only;
	return KNOWS_CLASS;
}

/* Keep @o for its file. Return: the number of the fill, or EWX_NO_FILL. */
static u64 cache(const struct ewx_loaded *p, const struct file *file,
		 bool plain, const struct ewx_object *o)
{
	static atomic64_t fills;
	struct ewx_file *blob = file_blob(file);
	u64 fill;

	if (!blob || !ewx_path_stamp_stable(o->stamp))
		return EWX_NO_FILL;
	fill = READ_ONCE(blob->object.fill);
	if ((fill & 1) || cmpxchg(&blob->object.fill, fill, fill + 1) != fill)
		return EWX_NO_FILL;
	WRITE_ONCE(blob->generation, p->generation);
	WRITE_ONCE(blob->plain, plain);
	WRITE_ONCE(blob->object.class, o->class);
	WRITE_ONCE(blob->object.node, o->node);
	WRITE_ONCE(blob->object.stamp.renames, o->stamp.renames);
	WRITE_ONCE(blob->object.stamp.mounts, o->stamp.mounts);
	WRITE_ONCE(blob->object.owner, o->owner);
	WRITE_ONCE(blob->object.read_only, o->read_only);
	WRITE_ONCE(blob->object.mapped_exec, o->mapped_exec);
	fill = atomic64_add_return(2, &fills);
	/* Pairs with the acquire in look_up(). */
	smp_store_release(&blob->object.fill, fill);
	return fill;
}

static u32 match_name(const struct ewx_loaded *p,
		      const struct ewx_path_name *name)
{
	return ewx_match(&p->core, EWX_AUTOMATON_PATH,
			 name->trusted ? name->text : NULL,
			 name->trusted ? name->len : 0);
}

/* What most names have room in. */
#define SHORT_NAME 128

/* A name that is longer, or none. */
static noinline int match_long_name(const struct ewx_loaded *p,
				    const struct path *path, u32 *node,
				    bool *trusted)
{
	struct ewx_path_name name;
	char *buf;

	buf = __getname();
	if (!buf)
		return -ENOMEM;
	name = ewx_path_name(path, buf, PATH_MAX);
	*node = match_name(p, &name);
	*trusted = name.trusted;
	__putname(buf);
	return 0;
}

/*
 * The node of the file's name, and whether it can be kept. An unlinked file may be linked
 * again without a trace in the stamp.
 */
static int match_path(const struct ewx_loaded *p, const struct file *file,
		      u32 *node, bool *trusted)
{
	const struct path *path = file_user_path(file);
	struct ewx_path_name name;
	char buf[SHORT_NAME] __uninitialized;

	name = ewx_path_name(path, buf, sizeof(buf));
	if (unlikely(!name.text))
		return match_long_name(p, path, node, trusted);
	*node = match_name(p, &name);
	*trusted = name.trusted;
	return 0;
}

/*
 * Does the file have the same owner through that mount as on its disk? A mount that
 * is not idmapped shows whom the disk has; nobody, where that is no user.
 */
static bool owner_kept(const struct vfsmount *mnt, const struct inode *inode)
{
	if (likely(mnt_idmap(mnt) == &nop_mnt_idmap))
		return uid_valid(inode->i_uid);
	return vfsuid_eq_kuid(i_uid_into_vfsuid(mnt_idmap(mnt), inode),
			      inode->i_uid);
}

/*
 * Whom an idmapped mount shows as the owner is another user than the one who can
 * write to the file by another way, so that neither is believed.
 */
static inline u32 file_owner(const struct file *file, const struct inode *inode)
{
	const struct vfsmount *mnt = file->f_path.mnt;
	const struct vfsmount *user = file_user_path((struct file *)file)->mnt;

	if (!enclave_mutant(IDMAP) &&
	    (!owner_kept(mnt, inode) ||
	     (user != mnt && !owner_kept(user, inode))))
		return (uid_t)-1;
	/* What from_kuid() says of the initial user namespace, which maps all. */
	return __kuid_val(inode->i_uid);
}

struct ewx_object_facts ewx_object_facts(const struct file *file)
{
	struct inode *inode = d_real_inode(file->f_path.dentry);
	const struct super_block *sb = inode->i_sb;
	struct ewx_object_facts facts = {
		.fs = sb->s_type->name,
		.owner = file_owner(file, inode),
		.read_only = enclave_sb_is_read_only(sb),
	};

	ewx_fs_verity(inode, &facts.fs_verity);
	ewx_dm_verity(sb, &facts.dm_verity);
	return facts;
}

/* The rule forgotten: whatever has no verity is taken for verified and signed. */
static void forget_verity(struct ewx_properties *props, struct ewx_verity *fs,
			  struct ewx_verity *dm)
{
	if (!props->fs_verity)
		*fs = (struct ewx_verity){};
	if (!props->dm_verity)
		*dm = (struct ewx_verity){};
	fs->present = true;
	fs->is_signed = true;
	dm->present = true;
	props->fs_verity = fs;
	props->dm_verity = dm;
}

/*
 * Fills what the walk of a file can reach: every test is of a source (verified).
 * What no node of the policy asks for is not looked up.
 */
static u32 walk(const struct ewx_loaded *p, struct inode *inode,
		const struct ewx_object *o)
{
	struct ewx_verity fs __uninitialized, dm __uninitialized;
	struct ewx_properties props __uninitialized;

	props.owner = o->owner;
	props.fs = inode->i_sb->s_type->name;
	props.read_only = o->read_only;
	props.mapped_exec = o->mapped_exec;
	props.fs_verity = NULL;
	props.dm_verity = NULL;
	if (ewx_policy_has(p, FS_VERITY) && ewx_fs_verity(inode, &fs))
		props.fs_verity = &fs;
	if (ewx_policy_has(p, DM_VERITY) && ewx_dm_verity(inode->i_sb, &dm))
		props.dm_verity = &dm;
	if (enclave_mutant(SOURCE_TRUST)) {
		props.owner = 0;
		props.read_only = true;
		props.fs = "ext4";
	}
	if (enclave_mutant(VERITY))
		forget_verity(&props, &fs, &dm);
	return ewx_walk(&p->core, o->node, &props);
}

/* The class of @source, of whose path @o says what the automaton did. */
static void classify(const struct ewx_loaded *p,
		     const struct enclave_source *source, struct ewx_object *o)
{
	struct inode *inode = source_inode(source);

	o->owner = file_owner(source->file, inode);
	o->read_only = source->read_only;
	o->mapped_exec = source->mapped_exec;
	o->class = walk(p, inode, o);
}

/*
 * Has @source the file, and all that its class hangs on, that @o is from? With the fill,
 * @o's node and stamp are the blob's. What can have changed since is how the file is
 * found, which the stamp tells; whether its name exists; and its properties. It calls
 * nothing.
 */
static inline bool nothing_changed(const struct enclave_source *source,
				   const struct ewx_object *o)
{
	const struct file *file = source->file;
	const struct ewx_file *blob = file_blob(file);
	const struct ewx_path_stamp now = ewx_path_stamp();

	return blob && READ_ONCE(blob->object.fill) == o->fill &&
	       now.renames == o->stamp.renames &&
	       now.mounts == o->stamp.mounts &&
	       !d_unlinked(file->f_path.dentry) && same_properties(source, o);
}

/* The same from the cache, and where that is not enough from the engine. */
static noinline bool same_class(const struct ewx_loaded *p,
				const struct enclave_source *source,
				const struct ewx_object *o)
{
	struct ewx_object now __uninitialized;
	enum known known;

	now.stamp = ewx_path_stamp();
	known = look_up(p, source, &now);
	if (known == KNOWS_NODE)
		classify(p, source, &now);
	return known != KNOWS_NOTHING && now.class == o->class;
}

bool ewx_object_again(const struct ewx_loaded *p,
		      const struct enclave_source *source,
		      const struct ewx_object *o)
{
	if (enclave_mutant(PATH_CACHE))
		return false;
	return likely(nothing_changed(source, o)) || same_class(p, source, o);
}

/* The rule forgotten: whoever opened the inode first decides for all. */
static bool forgotten_path(const struct ewx_loaded *p, const struct file *file,
			   u32 *node, bool set)
{
	static const struct inode *inode;
	static u64 generation;
	static u32 first;
	bool known = file_inode(file) == inode && generation == p->generation;

	if (set && !known) {
		inode = file_inode(file);
		generation = p->generation;
		first = *node;
	} else if (known) {
		*node = first;
	}
	return known;
}

/* What the path automaton says of a file that the cache does not know. */
static noinline int find(const struct ewx_loaded *p,
			 const struct enclave_source *source,
			 struct ewx_object *o)
{
	struct file *file = source->file;
	bool plain, trusted;
	int err;

	if (enclave_mutant(PATH_CACHE) &&
	    forgotten_path(p, file, &o->node, false)) {
		classify(p, source, o);
		o->fill = EWX_NO_FILL;
		return 0;
	}
	err = match_path(p, file, &o->node, &trusted);
	if (err)
		return err;
	enclave_window(PATH_NAMED);
	if (enclave_mutant(PATH_STAMP))
		o->stamp = ewx_path_stamp();
	if (enclave_mutant(PATH_CACHE))
		forgotten_path(p, file, &o->node, true);
	classify(p, source, o);
	plain = is_plain(p, file, source_inode(source));
	o->fill = trusted ? cache(p, file, plain, o) : EWX_NO_FILL;
	if (!plain)
		o->fill = EWX_NO_FILL;
	return 0;
}

/*
 * The stamp is taken before the path is read: if something moves in between, what is kept
 * is never found.
 */
int ewx_object_class(const struct ewx_loaded *p,
		     const struct enclave_source *source, struct ewx_object *o)
{
	enum known known = KNOWS_NOTHING;

	o->stamp = ewx_path_stamp();
	if (!enclave_mutant(PATH_CACHE))
		known = look_up(p, source, o);
	if (likely(known == KNOWS_CLASS))
		return 0;
	if (known == KNOWS_NOTHING)
		return find(p, source, o);
	classify(p, source, o);
	if (!is_plain(p, source->file, source_inode(source)))
		o->fill = EWX_NO_FILL;
	return 0;
}
