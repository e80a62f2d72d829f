// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sources: what the page that is about to be loaded is.
 *
 * Owns: the classification of a pinned page against the mapping it was found
 * under; whether a file's content can still change; keeping writers away while
 * the page is copied. Must not know paths, owners or policies: which files are
 * to be trusted is for an LSM to say.
 *
 * Classification is total: whatever is not known to be an unmodified page of a
 * file is ENCLAVE_ORIGIN_ANON, or, if the mapping is a private one of a file,
 * ENCLAVE_ORIGIN_MODIFIED. What can be trusted is listed, not what cannot.
 */
#include <linux/blkdev.h>
#include <linux/cred.h>
#include <linux/dax.h>
#include <linux/enclave.h>
#include <linux/fs.h>
#include <linux/fsverity.h>
#include <linux/huge_mm.h>
#include <linux/lockdep.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/page-flags.h>
#include <linux/pagemap.h>
#include <linux/pgtable.h>
#include <linux/string.h>
#include <linux/user_namespace.h>

#include "../../fs/mount.h"
#include "internal.h"
#include "mutant.h"

/* Magic numbers that magic.h does not have. */
#define SOURCE_GFS2_MAGIC 0x01161970
#define SOURCE_OCFS2_MAGIC 0x7461636f
#define SOURCE_UBIFS_MAGIC 0x24051905

/*
 * May nothing under this mapping be executed? @user: file_user_path() of its file,
 * if it has one. VM_MAYEXEC tells of the time of mmap, the mount's flag of now.
 */
static bool is_noexec(const struct vm_area_struct *vma, const struct path *user)
{
	const struct file *file = vma->vm_file;

	if (enclave_mutant(NOEXEC))
		return false;
	if (!(vma->vm_flags & VM_MAYEXEC))
		return true;
	if (!file)
		return false;
	return path_noexec(&file->f_path) ||
	       (user != &file->f_path && path_noexec(user));
}

/*
 * The name @path, by which the file was opened, still exists, where users can see it.
 */
static inline bool path_is_linked(const struct path *path)
{
	if (enclave_mutant(UNLINKED))
		return true;
	if (d_unlinked(path->dentry) || !d_inode(path->dentry)->i_nlink)
		return false;
	return !IS_ERR_OR_NULL(READ_ONCE(real_mount(path->mnt)->mnt_ns));
}

/* A mapping whose pages, as long as nobody writes to them, are a file's. */
static inline bool vma_is_file(const struct vm_area_struct *vma,
			       const struct path *user)
{
	const struct inode *inode;

	if (vma->vm_flags & (VM_PFNMAP | VM_MIXEDMAP))
		return false;
	inode = file_inode(vma->vm_file);
	if (!S_ISREG(inode->i_mode) || IS_PRIVATE(inode) || IS_DAX(inode) ||
	    vma_is_dax(vma) || is_vm_hugetlb_page(vma))
		return false;
	return path_is_linked(user);
}

/*
 * A piece of hardware, or what passes for one in a virtual machine: its driver
 * has put it below a device. Devices that drivers make out of nothing, from a
 * file (loop) or what a program serves (nbd, ublk), stand alone.
 */
static bool disk_is_hardware(const struct gendisk *disk)
{
	return disk_to_dev(disk)->parent;
}

static bool sb_is_on_hardware(const struct super_block *sb)
{
	return sb->s_bdev && disk_is_hardware(sb->s_bdev->bd_disk);
}

/*
 * A disk that changes only by what this kernel writes to it. Memory counts, and
 * device-mapper and md do: what they are assembled from is root's doing and is
 * not shown to anybody.
 */
static bool disk_keeps_content(const struct gendisk *disk)
{
	static const char *const kinds[] = { "dm-", "md", "ram", "zram" };
	int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (str_has_prefix(disk->disk_name, kinds[i]))
			return true;
	return false;
}

/*
 * Others write to the filesystem too, whatever it is on: those who mounted it, a
 * server, other machines.
 */
static inline bool sb_is_shared(const struct super_block *sb)
{
	return sb->s_user_ns != &init_user_ns ||
	       sb->s_magic == FUSE_SUPER_MAGIC ||
	       sb->s_magic == SOURCE_GFS2_MAGIC ||
	       sb->s_magic == SOURCE_OCFS2_MAGIC;
}

/*
 * A filesystem whose pages change only through writers that this kernel counts.
 * Names those; FUSE, 9p, NFS and whatever else is not here can serve other
 * bytes tomorrow. So can the file below a loop device, and no more is known of a
 * filesystem that does not tell its device (btrfs, EROFS without one).
 */
static bool sb_keeps_content(const struct super_block *sb)
{
	if (sb_is_shared(sb))
		return false;
	/* The usual case, and the cheaper question. */
	if (sb_is_on_hardware(sb))
		return true;

	switch (sb->s_magic) {
	case TMPFS_MAGIC:
	case RAMFS_MAGIC:
	case SOURCE_UBIFS_MAGIC:
		return true;
	default:
		return sb->s_mtd ||
		       (sb->s_bdev && disk_keeps_content(sb->s_bdev->bd_disk));
	}
}

static inline bool sb_is_read_only(const struct super_block *sb)
{
	return sb->s_bdev && bdev_read_only(sb->s_bdev) &&
	       sb->s_magic != FUSE_SUPER_MAGIC && sb_is_on_hardware(sb);
}

/**
 * enclave_sb_is_read_only() - can nobody change what the filesystem is on?
 * @sb: the filesystem
 *
 * Hardware that is read-only. A loop device that is has a file below that may not
 * be, and a mapped device is only as good as what it maps.
 *
 * Return: whether it is.
 */
bool enclave_sb_is_read_only(const struct super_block *sb)
{
	return sb_is_read_only(sb);
}

static inline bool file_has_writers(const struct inode *inode)
{
	return inode_is_open_for_write(inode) ||
	       mapping_writably_mapped(inode->i_mapping);
}

/* Can the content of @vma's file change although the page is unmodified? */
static bool file_is_mutable(const struct vm_area_struct *vma,
			    const struct path *user, bool read_only)
{
	const unsigned long shared_writable = VM_SHARED | VM_MAYWRITE;
	const struct inode *inode = file_inode(vma->vm_file);
	const struct super_block *user_sb = user->mnt->mnt_sb;

	if (enclave_mutant(MUTABLE))
		return false;
	/* A passed-through file of FUSE is whatever its server says next time. */
	if (user_sb->s_user_ns != &init_user_ns ||
	    user_sb->s_magic == FUSE_SUPER_MAGIC)
		return true;
	if (fsverity_active(inode) || read_only)
		return false;
	if (!sb_keeps_content(inode->i_sb))
		return true;
	if ((vma->vm_flags & shared_writable) == shared_writable)
		return true;
	return file_has_writers(inode);
}

/* Pages that are nobody's, or everybody's. */
static bool page_is_special(struct page *page, struct folio *folio)
{
	return PageReserved(page) || folio_test_hugetlb(folio) ||
	       folio_test_ksm(folio) || is_zero_pfn(page_to_pfn(page)) ||
	       is_huge_zero_folio(folio);
}

/* A page that the file's mapping does not hold, or not as other pages. */
static noinline int stray_origin(struct page *page, struct folio *folio)
{
	if (page_is_special(page, folio))
		return ENCLAVE_ORIGIN_ANON;
	if (folio_test_anon(folio))
		return enclave_mutant(MODIFIED) ? ENCLAVE_ORIGIN_FILE :
						  ENCLAVE_ORIGIN_MODIFIED;
	if (!READ_ONCE(folio->mapping))
		return enclave_mutant(TRUNCATED) ? ENCLAVE_ORIGIN_FILE :
						   -EFAULT;
	return ENCLAVE_ORIGIN_ANON;
}

/* The mapping of @vma's file holds the page. */
static inline bool is_held_by_file(const struct vm_area_struct *vma,
				   struct page *page, struct folio *folio)
{
	return READ_ONCE(folio->mapping) ==
		       file_inode(vma->vm_file)->i_mapping &&
	       !PageReserved(page);
}

/* ... and its index is one that @vma maps. */
static inline bool index_in_vma(const struct vm_area_struct *vma, pgoff_t index)
{
	return index >= vma->vm_pgoff &&
	       index - vma->vm_pgoff <
		       (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

/*
 * What a page is, found under a mapping whose pages are a file's: an origin, or
 * -EFAULT: it was cut off its file meanwhile.
 */
static int page_origin(struct vm_area_struct *vma, struct page *page)
{
	struct folio *folio = page_folio(page);
	pgoff_t index = folio->index;

	if (!is_held_by_file(vma, page, folio))
		return stray_origin(page, folio);
	if (vma->anon_vma && enclave_mutant(PAGE_EXACT))
		return ENCLAVE_ORIGIN_MODIFIED;
	if (folio_test_large(folio))
		index += folio_page_idx(folio, page);
	return index_in_vma(vma, index) ? ENCLAVE_ORIGIN_FILE :
					  ENCLAVE_ORIGIN_ANON;
}

/*
 * An unmodified page of an ordinary file that nobody can change meanwhile, but for
 * whether it may be executed. Of each rule the usual case; where it is another one,
 * or a rule is forgotten, all of them are asked, whose answer would be the same.
 */
static inline bool is_usual(const struct vm_area_struct *vma, struct page *page)
{
	const unsigned long flags = VM_MAYEXEC | VM_SHARED;
	const struct file *file = vma->vm_file;
	const struct super_block *sb;
	struct folio *folio;

	if (enclave_mutant_any() || !page || !file ||
	    (file->f_mode & FMODE_BACKING) ||
	    (vma->vm_flags & flags) != VM_MAYEXEC ||
	    !vma_is_file(vma, &file->f_path))
		return false;
	folio = page_folio(page);
	sb = file_inode(file)->i_sb;
	return is_held_by_file(vma, page, folio) && !folio_test_large(folio) &&
	       index_in_vma(vma, folio->index) &&
	       sb == file->f_path.mnt->mnt_sb && !sb_is_shared(sb) &&
	       sb_is_on_hardware(sb) && !bdev_read_only(sb->s_bdev) &&
	       !file_has_writers(file_inode(file));
}

/* Nothing is known of a source that is refused. */
static noinline int refuse_noexec(struct enclave_source *source)
{
	*source = (struct enclave_source){ .origin = ENCLAVE_ORIGIN_ANON };
	return -EACCES;
}

/* See enclave_source_classify(), for any page. */
static noinline int classify(struct enclave_source *source,
			     struct vm_area_struct *vma, struct page *page)
{
	struct file *file = vma->vm_file;
	const struct path *user = file ? file_user_path(file) : NULL;
	int origin;

	if (is_noexec(vma, user))
		return -EACCES;
	source->mapped_exec = vma->vm_flags & VM_EXEC;
	if (!source->mapped_exec && enclave_mutant(MAPPED_EXEC))
		return 0;
	if (!page || !file)
		return 0;
	if (enclave_mutant(ANON)) {
		source->origin = ENCLAVE_ORIGIN_FILE;
		source->file = file;
		return 0;
	}
	if (!vma_is_file(vma, user))
		return 0;

	origin = page_origin(vma, page);
	if (origin < 0)
		return origin;
	source->origin = origin;
	if (origin == ENCLAVE_ORIGIN_ANON)
		return 0;
	source->file = file;
	source->read_only = sb_is_read_only(file_inode(file)->i_sb);
	if (origin == ENCLAVE_ORIGIN_FILE)
		source->is_mutable =
			file_is_mutable(vma, user, source->read_only);
	return 0;
}

/**
 * enclave_source_classify() - where do a page's bytes come from?
 * @source: out; as for unknown bytes on entry
 * @vma: the mapping under which the page was pinned
 * @page: the pinned page; NULL: it cannot be pinned
 *
 * Return: 0; -EACCES: nothing under the mapping may be executed; -EFAULT: the page
 * was cut off its file meanwhile.
 */
int enclave_source_classify(struct enclave_source *source,
			    struct vm_area_struct *vma, struct page *page)
{
	if (!is_usual(vma, page))
		return classify(source, vma, page);
	source->origin = ENCLAVE_ORIGIN_FILE;
	source->mapped_exec = vma->vm_flags & VM_EXEC;
	source->file = vma->vm_file;
	if (path_noexec(&vma->vm_file->f_path))
		return refuse_noexec(source);
	return 0;
}

/**
 * enclave_source_alike() - is another page of the mapping what this one is?
 * @source: what enclave_source_classify() found of a page under @vma, in the
 *      same hold of mmap_lock
 * @vma: the mapping
 * @page: another pinned page of it
 *
 * Of the mapping and its file nothing is asked again; of the page everything.
 *
 * Return: true if the page would be classified the same; false if not, or if
 * that would take more than a look at the page.
 */
bool enclave_source_alike(const struct enclave_source *source,
			  struct vm_area_struct *vma, struct page *page)
{
	if (!vma->vm_file)
		return true;
	return source->file && page_origin(vma, page) == source->origin;
}

/**
 * enclave_source_usable() - what enclave_source_check() finds, before an enclave is
 * locked for it.
 * @vma: as there
 *
 * Context: mmap_lock.
 *
 * Return: true: the check would pass; false: it is to be made.
 */
bool enclave_source_usable(const struct vm_area_struct *vma)
{
	return vma && !enclave_is_vma(vma);
}

/**
 * enclave_source_check() - may pages be loaded from this mapping at all?
 * @e: the enclave, locked; nothing is pending
 * @range: where they would be loaded
 * @vma: vma_lookup() of the source's address; NULL: there is no mapping
 * @intent: declared permissions
 *
 * Called before the page is pinned, which an enclave's mapping would not allow.
 *
 * Context: mmap_lock.
 *
 * Return: 0; -EFAULT: a gap; -EACCES: an enclave.
 */
int enclave_source_check(struct enclave *e, struct enclave_range range,
			 struct vm_area_struct *vma, u32 intent)
{
	if (!vma)
		return security_enclave_refuse(e, ENCLAVE_OP_LOAD, range,
					       intent,
					       ENCLAVE_REFUSAL_SOURCE_GAP,
					       -EFAULT);
	if (enclave_is_vma(vma) && !enclave_mutant(SOURCE_ENCLAVE))
		return security_enclave_refuse(e, ENCLAVE_OP_LOAD, range,
					       intent,
					       ENCLAVE_REFUSAL_SOURCE_ENCLAVE,
					       -EACCES);
	return 0;
}

/**
 * enclave_source_hold() - keep writers away until commit or abort.
 * @e: the enclave, locked; a load is pending
 *
 * Needed only where a file's page is code that was judged as not mutable. It
 * is not held across a fault: the pages are pinned. Programs that open the file
 * for writing meanwhile get ETXTBSY.
 *
 * Return: 0, or -EAGAIN: the file got a writer or lost a page since it was
 * judged. The provider aborts, and judges anew.
 */
int enclave_source_hold(struct enclave *e)
{
	const struct enclave_source *source = e->pending.source;
	const struct address_space *mapping;
	u64 n = 0;

	lockdep_assert_held(&e->lock);
	if (!source || source->origin != ENCLAVE_ORIGIN_FILE ||
	    source->is_mutable || enclave_mutant(DENY_WRITE))
		return 0;
	mapping = file_inode(source->file)->i_mapping;
	if (deny_write_access(source->file))
		return -EAGAIN;
	e->pending_held = true;

	if (enclave_mutant(TRUNCATED) || enclave_mutant(MODIFIED))
		return 0;
	do {
		if (READ_ONCE(page_folio(e->pending_pages[n])->mapping) !=
		    mapping)
			return -EAGAIN;
	} while (++n < e->pending.range.count);
	return 0;
}

/**
 * enclave_source_keep() - the commit that follows does not let writers in.
 * @e: the enclave, locked; a load is pending and was held
 *
 * For a provider that copies after the commit.
 *
 * Return: the file, for enclave_source_drop(); NULL: nobody is kept away.
 */
struct file *enclave_source_keep(struct enclave *e)
{
	lockdep_assert_held(&e->lock);
	if (!e->pending_held)
		return NULL;
	e->pending_held = false;
	return get_file(e->pending_source.file);
}

/**
 * enclave_source_drop() - let writers in again.
 * @file: of enclave_source_keep(); NULL is fine
 */
void enclave_source_drop(struct file *file)
{
	if (!file)
		return;
	allow_write_access(file);
	fput(file);
}

/**
 * enclave_source_let_in() - let writers in again, who were kept away.
 * @e: the enclave, locked
 */
void enclave_source_let_in(struct enclave *e)
{
	e->pending_held = false;
	allow_write_access(e->pending_source.file);
}
