/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Enclaves: what a provider (a driver that creates enclaves) calls, and what
 * an LSM is asked.
 *
 * Owns: struct enclave, struct enclave_request, the security_enclave_*() calls
 * and their locking. Knows nothing of any LSM's policy.
 *
 * Every operation goes through the same steps:
 *
 *   enclave_lock(e);
 *   err = security_enclave_...(e, ...);   judged, memory reserved, nothing changed
 *   if (!err)
 *           err = the provider's own work;
 *   if (!err)
 *           security_enclave_commit(e);   facts, debts and counters; cannot fail
 *   else
 *           security_enclave_abort(e);    forget the pending request
 *   enclave_unlock(e);
 *
 * Lock order: mmap_lock, the provider's lock, enclave_lock (a leaf mutex). A
 * hook may sleep under it, but takes no i_rwsem, no other mm's lock and does no
 * user access.
 */
#ifndef _LINUX_ENCLAVE_H
#define _LINUX_ENCLAVE_H

#include <linux/errno.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <uapi/linux/enclave_permissions.h>

struct cred;
struct file;
struct mm_struct;
struct page;
struct super_block;
struct vm_area_struct;
struct vm_operations_struct;

/**
 * struct enclave_range - pages, counted from the enclave's base.
 * @first: first page
 * @count: number of pages, at least 1
 */
struct enclave_range {
	u64 first;
	u64 count;
};

#define ENCLAVE_IDENTITY_TAG	0x45574944u	/* "EWID" */

#define ENCLAVE_ATTR_DEBUG	0x1u
#define ENCLAVE_ATTR_PROVISION	0x2u

/**
 * struct enclave_identity - who an enclave is: a kernel copy that a provider
 * filled; no user pointer and no provider's type.
 * @tag: ENCLAVE_IDENTITY_TAG
 * @has_signer: @signer is valid (an unsigned enclave has none)
 * @measurement: SHA-256 over the enclave's initial content
 * @signer: SHA-256 of the signer's public key (SGX: of the little-endian
 *      modulus, SDM volume 3D, MRSIGNER)
 * @product: product number (SGX: ISVPRODID)
 * @svn: security version (SGX: ISVSVN)
 * @attributes: ENCLAVE_ATTR_*
 * @provider_attributes: the provider's own attribute word (SGX: ATTRIBUTES.FLAGS)
 * @xfrm: SGX XFRM, else 0
 * @misc: SGX MISCSELECT, else 0
 */
struct enclave_identity {
	u32 tag;
	bool has_signer;
	u8 measurement[32];
	u8 signer[32];
	u16 product;
	u16 svn;
	u32 attributes;
	u64 provider_attributes;
	u64 xfrm;
	u32 misc;
};

/**
 * struct enclave_provider - a driver that creates enclaves.
 * @name: short word for records and nodes ("dev", "sgx")
 * @vm_ops: operations of every VMA of its enclaves; how the framework tells
 *      that a source is itself an enclave
 * @exec_before_init: X mappings before init do no harm, because the hardware
 *      enters initialised enclaves only; else they are refused
 * @fixed_address: a page has one and the same address in every address space,
 *      so that it has no alias within one; else a VMA's vm_pgoff counts pages
 *      from the enclave's base
 */
struct enclave_provider {
	const char *name;
	const struct vm_operations_struct *vm_ops;
	bool exec_before_init;
	bool fixed_address;
};

/**
 * struct enclave_source - where a page that is being loaded comes from, as
 * classified from the pinned page itself.
 * @origin: enum enclave_origin
 * @is_mutable: the content can still change although the page is unmodified
 * @mapped_exec: the source VMA is itself executable
 * @read_only: with @file: enclave_sb_is_read_only() of the disk that it is on
 * @file: the file behind the page; NULL unless the origin is a file or
 *      modified. file_user_path() is the user's path (overlayfs: the upper one),
 *      file_inode() the real inode. Valid until commit or abort.
 */
struct enclave_source {
	u8 origin;
	bool is_mutable;
	bool mapped_exec;
	bool read_only;
	struct file *file;
};

/**
 * struct enclave_tally - pages of a request that need one permission.
 * @first: first such page
 * @pages: how many
 * @added: how many come to use it (count against "max") with this request
 */
struct enclave_tally {
	u64 first;
	u64 pages;
	u64 added;
};

/**
 * struct enclave_request - one question to the LSMs.
 * @op: what is asked
 * @refusal: set by the framework when a fixed rule refused; LSMs are then told
 *      through the enclave_refused hook only
 * @access: ENCLAVE_R|W|X: intent (LOAD, ADD), final VMA flags (MMAP, MPROTECT),
 *      PTE bits (FAULT), ENCLAVE_W for a debugger write (ACCESS)
 * @facts: facts of the first page that needs something (LOAD, ADD: what it gets)
 * @required: the access vector; never judged in part
 * @foreign_euid: the euid of who asks is not the enclave's creator's; a mapping
 *      or fault then needs "share"
 * @opener: LOAD: asked for who opened the enclave, whose credentials are in effect, not
 *      for the task that writes to it
 * @divisible: LOAD of several pages: an LSM that does not grant all returns
 *      -E2BIG and records nothing; the first page is then asked for alone, so
 *      that answers do not depend on how many pages are asked for at once
 * @range: the pages
 * @tally: what enclave_request_tally() is made of; entries of bits that are not set
 *      in @required are not initialised, nor is any of a LOAD or ADD
 * @source: LOAD only, else NULL
 * @identity: INIT: the identity; CREATE, PROVISION: attributes only; else NULL
 */
struct enclave_request {
	enum enclave_op op;
	enum enclave_refusal refusal;
	u32 access;
	u16 facts;
	u32 required;
	bool foreign_euid;
	bool opener;
	bool divisible;
	struct enclave_range range;
	struct enclave_tally tally[ENCLAVE_PERM_COUNT];
	const struct enclave_source *source;
	const struct enclave_identity *identity;
};

/* The pages of a request that need @bit, which is set in its required permissions. */
static inline struct enclave_tally
enclave_request_tally(const struct enclave_request *req, u32 bit)
{
	if (!ENCLAVE_OP_IS_NEW(req->op))
		return req->tally[bit];
	/* Pages that come to be are alike and use what they need. */
	return (struct enclave_tally){
		.first = req->range.first,
		.pages = req->range.count,
		.added = req->range.count,
	};
}

/* Flags of security_enclave_load(). */
#define ENCLAVE_LOAD_MEASURED	0x1u	/* the measurement covers all of it */

#ifdef CONFIG_SECURITY_ENCLAVE

struct enclave_mm;
struct enclave_store;

/**
 * struct enclave - one per open file description of a provider's device.
 * @id: never reused while the kernel runs; starts at 1
 * @provider: who made it
 * @security: LSM blobs (lbs_enclave)
 * @refs: the provider's reference and those of enclave_for_each()
 * @all: on the list of all enclaves
 * @lock: guards all below; leaf
 * @pages: size in pages; 0 until created
 * @initialized: security_enclave_init() was committed
 * @created: the range and attributes are known
 * @identity: attributes from create on; all once @initialized
 * @owner: euid of the creator; of the opener until @created
 * @store: facts of every page
 * @uses: live pages per permission, for "max"
 * @mms: address spaces that map it
 * @mm_count: their number
 * @uncounted: VMAs that were opened without memory to count their mm
 * @spare_mm: reserved by an mmap for enclave_vma_open()
 * @written_mm: the one mm that uses exec_written, or NULL; only compared
 * @pending: request being judged; valid from security_enclave_*() to commit
 *      or abort; its op is ENCLAVE_OP_NONE in between
 * @pending_source: LOAD: what @pending points to
 * @pending_identity: CREATE, INIT: what @pending points to
 * @pending_pages: LOAD: the pinned pages, as many as @pending is for; NULL
 *      without a source
 * @pending_page: LOAD of one page: what @pending_pages points to
 * @pending_vma: MMAP, MPROTECT, FAULT: the mapping
 * @pending_facts: LOAD, ADD: what the pages get
 * @pending_uses: LOAD, ADD: what each of them then counts against
 * @loaded_facts: LOAD: the facts of the page before; 0: there was none
 * @loaded_need: what a page with these facts needs
 * @pending_change: the commit changes facts, for which memory is reserved
 * @pending_written: the commit makes the mapping's mm @written_mm
 * @pending_alone: MMAP, MPROTECT, FAULT: from the first to the last page that
 *      may be seen by this mapping only; no page: there is none
 * @pending_held: writers of the source file are denied
 */
struct enclave {
	u64 id;
	const struct enclave_provider *provider;
	void *security;
	refcount_t refs;
	struct list_head all;
	struct mutex lock;
	u64 pages;
	bool initialized;
	bool created;
	struct enclave_identity identity;
	kuid_t owner;
	struct enclave_store *store;
	u64 uses[ENCLAVE_PERM_COUNT];
	struct list_head mms;
	unsigned int mm_count;
	unsigned int uncounted;
	struct enclave_mm *spare_mm;
	struct mm_struct *written_mm;
	struct enclave_request pending;
	struct enclave_source pending_source;
	struct enclave_identity pending_identity;
	struct page *const *pending_pages;
	struct page *pending_page;
	struct vm_area_struct *pending_vma;
	u16 pending_facts;
	u32 pending_uses;
	u16 loaded_facts;
	u32 loaded_need;
	bool pending_change;
	bool pending_written;
	struct enclave_range pending_alone;
	bool pending_held;
};

/* What a provider calls. */

struct enclave *enclave_alloc(const struct enclave_provider *provider);
void enclave_free(struct enclave *e);

static inline void enclave_lock(struct enclave *e)
{
	mutex_lock(&e->lock);
}

/* Return: 0, or -EINTR if the task is being killed. */
static inline int enclave_lock_killable(struct enclave *e)
{
	return mutex_lock_killable(&e->lock);
}

static inline void enclave_unlock(struct enclave *e)
{
	mutex_unlock(&e->lock);
}

static inline u64 enclave_id(const struct enclave *e)
{
	return e->id;
}

int security_enclave_create(struct enclave *e, u64 pages,
			    const struct enclave_identity *attributes);
int security_enclave_provision(void);
int security_enclave_vepc(void);
int security_enclave_load(struct enclave *e, struct enclave_range range,
			  struct vm_area_struct *vma, struct page *page,
			  u32 intent, u32 flags);
long security_enclave_load_pages(struct enclave *e, u64 first,
				 struct vm_area_struct *vma,
				 struct page *const *pages, unsigned int count,
				 u32 intent, u32 flags);
int security_enclave_load_written(struct enclave *e, u64 page, u32 intent,
				  const struct cred *opener);
int security_enclave_map(struct enclave *e, struct enclave_range range,
			 unsigned long vm_flags, struct vm_area_struct *vma,
			 enum enclave_op op);
/**
 * enclave_fault_is_own() - the task faults on its own mapping, and not as a worker
 * that has the mapping but not the credentials.
 * @vma: of the fault
 *
 * Return: true: the task faults in its own address space.
 */
bool enclave_fault_is_own(const struct vm_area_struct *vma);
int security_enclave_fault(struct enclave *e, u64 page,
			   struct vm_area_struct *vma, u32 wanted, u32 *granted);
int security_enclave_change(struct enclave *e, struct enclave_range range,
			    u32 intent, enum enclave_op op);
int security_enclave_init(struct enclave *e, const struct enclave_identity *id);
int security_enclave_access(struct enclave *e, struct enclave_range range,
			    bool write);
void security_enclave_commit(struct enclave *e);
void security_enclave_abort(struct enclave *e);
void security_enclave_unload(struct enclave *e, struct enclave_range range);
int security_enclave_refuse(struct enclave *e, enum enclave_op op,
			    struct enclave_range range, u32 access,
			    enum enclave_refusal why, int err);

/*
 * VMAs are counted with the enclave locked: by mmap in the same locked section
 * as its commit, and by ->open and ->close. A VMA that was opened is closed.
 */
void enclave_vma_open(struct enclave *e, struct vm_area_struct *vma);
void enclave_vma_close(struct enclave *e, struct vm_area_struct *vma);

/*
 * The source of a load. Before pinning: is there a mapping (@vma, NULL for a
 * gap), and may it be a source? After security_enclave_load() or
 * security_enclave_load_pages(): keep writers away while the pages are copied;
 * -EAGAIN: one came meanwhile, so abort and judge again. commit and abort let
 * writers in, unless they are kept: then whoever has the file drops it.
 */
bool enclave_source_usable(const struct vm_area_struct *vma);
int enclave_source_check(struct enclave *e, struct enclave_range range,
			 struct vm_area_struct *vma, u32 intent);
int enclave_source_hold(struct enclave *e);
struct file *enclave_source_keep(struct enclave *e);
void enclave_source_drop(struct file *file);

/* What an LSM may ask; see security/enclave/. */

bool enclave_sb_is_read_only(const struct super_block *sb);
void enclave_for_each(bool (*fn)(struct enclave *e, void *arg), void *arg);
extern const char *const enclave_permission_names[ENCLAVE_PERM_COUNT];
extern const char *const enclave_refusal_names[ENCLAVE_REFUSAL_COUNT];
extern const char *const enclave_op_names[ENCLAVE_OP_COUNT];

#else /* CONFIG_SECURITY_ENCLAVE */

/* Without the framework a provider behaves as upstream. */
struct enclave;
static inline struct enclave *enclave_alloc(const struct enclave_provider *p)
{
	return NULL;
}

static inline void enclave_free(struct enclave *e) { }

static inline void enclave_lock(struct enclave *e) { }

static inline void enclave_unlock(struct enclave *e) { }

static inline u64 enclave_id(const struct enclave *e) { return 0; }
static inline int security_enclave_create(struct enclave *e, u64 pages,
					  const struct enclave_identity *attributes)
{
	return 0;
}

static inline int security_enclave_provision(void) { return 0; }
static inline int security_enclave_vepc(void) { return 0; }
static inline int security_enclave_load(struct enclave *e,
					struct enclave_range range,
					struct vm_area_struct *vma,
					struct page *page, u32 intent, u32 flags)
{
	return 0;
}

static inline long security_enclave_load_pages(struct enclave *e, u64 first,
					       struct vm_area_struct *vma,
					       struct page *const *pages,
					       unsigned int count, u32 intent,
					       u32 flags)
{
	return count;
}

static inline int security_enclave_load_written(struct enclave *e, u64 page,
						u32 intent,
						const struct cred *opener)
{
	return 0;
}

static inline int security_enclave_map(struct enclave *e,
				       struct enclave_range range,
				       unsigned long vm_flags,
				       struct vm_area_struct *vma,
				       enum enclave_op op)
{
	return 0;
}

static inline int security_enclave_fault(struct enclave *e, u64 page,
					 struct vm_area_struct *vma, u32 wanted,
					 u32 *granted)
{
	*granted = wanted;
	return 0;
}

static inline int security_enclave_change(struct enclave *e,
					  struct enclave_range range,
					  u32 intent, enum enclave_op op)
{
	return 0;
}

static inline int security_enclave_init(struct enclave *e,
					const struct enclave_identity *id)
{
	return 0;
}

static inline int security_enclave_access(struct enclave *e,
					  struct enclave_range range, bool write)
{
	return 0;
}

static inline void security_enclave_commit(struct enclave *e) { }

static inline void security_enclave_abort(struct enclave *e) { }

static inline int security_enclave_refuse(struct enclave *e, enum enclave_op op,
					  struct enclave_range range, u32 access,
					  enum enclave_refusal why, int err)
{
	return err;
}

static inline void enclave_vma_open(struct enclave *e,
				    struct vm_area_struct *vma) { }

static inline void enclave_vma_close(struct enclave *e,
				     struct vm_area_struct *vma) { }

static inline int enclave_source_check(struct enclave *e,
				       struct enclave_range range,
				       struct vm_area_struct *vma,
				       u32 intent)
{
	return vma ? 0 : -EFAULT;
}

static inline int enclave_source_hold(struct enclave *e) { return 0; }

#endif /* CONFIG_SECURITY_ENCLAVE */

#endif /* _LINUX_ENCLAVE_H */
