// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server of FUSE that holds reads; see fuse.h. It speaks the protocol of
 * linux/fuse.h itself, and asks for asynchronous reads as every server does: who waits
 * for one can be killed then.
 */
#include <linux/fuse.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "fuse.h"
#include "rows.h"

#define DIR ALLOWED_DIR "/fuse"
#define NAME "code"
#define NODE 2 /* of the file; FUSE_ROOT_ID is 1 */
#define VALID 1000 /* seconds */
#define HELD_MAX 4

/**
 * struct server - its state.
 * @dev: /dev/fuse
 * @control: words come from there, and are confirmed
 * @held: told when a read is held
 * @content: of the file, @size bytes
 * @hold: reads are held
 * @unique: of those that are, @count of them
 */
struct server {
	int dev, control, held;
	uint8_t content[PAGE];
	uint32_t size;
	bool hold;
	uint64_t unique[HELD_MAX];
	unsigned int count;
};

static void answer(const struct server *v, uint64_t unique, int err,
		   const void *data, size_t size)
{
	struct fuse_out_header out = {
		.len = (uint32_t)(sizeof(out) + size),
		.error = err,
		.unique = unique,
	};
	struct iovec parts[] = { { &out, sizeof(out) },
				 { (void *)data, size } };

	/* Of an interrupted one nobody wants to know. */
	if (writev(v->dev, parts, 2) < 0 && errno != ENOENT)
		_exit(1);
}

static struct fuse_attr attr_of(const struct server *v, uint64_t node)
{
	return (struct fuse_attr){
		.ino = node,
		.size = node == NODE ? v->size : 0,
		.mode = node == NODE ? S_IFREG | 0755 : S_IFDIR | 0755,
		.nlink = 1,
		.blksize = PAGE,
	};
}

static void answer_init(const struct server *v, uint64_t unique,
			const struct fuse_init_in *in)
{
	const struct fuse_init_out out = {
		.major = FUSE_KERNEL_VERSION,
		.minor = FUSE_KERNEL_MINOR_VERSION,
		.max_readahead = in->max_readahead,
		.flags = FUSE_ASYNC_READ,
		.max_background = 12,
		.congestion_threshold = 9,
		.max_write = PAGE,
		.time_gran = 1,
	};

	answer(v, unique, 0, &out, sizeof(out));
}

static void answer_lookup(const struct server *v, uint64_t unique,
			  const char *name)
{
	const struct fuse_entry_out out = {
		.nodeid = NODE,
		.generation = 1,
		.entry_valid = VALID,
		.attr_valid = VALID,
		.attr = attr_of(v, NODE),
	};

	if (strcmp(name, NAME))
		answer(v, unique, -ENOENT, NULL, 0);
	else
		answer(v, unique, 0, &out, sizeof(out));
}

static void answer_read(struct server *v, uint64_t unique)
{
	if (!v->hold) {
		answer(v, unique, 0, v->content, v->size);
		return;
	}
	if (v->count == HELD_MAX)
		_exit(2);
	v->unique[v->count++] = unique;
	tell(v->held);
}

static void answer_to(struct server *v, const struct fuse_in_header *in,
		      const void *arg)
{
	const struct fuse_attr_out attr = { .attr_valid = VALID,
					    .attr = attr_of(v, in->nodeid) };
	const struct fuse_open_out open = { .fh = 1 };

	switch (in->opcode) {
	case FUSE_INIT:
		answer_init(v, in->unique, arg);
		break;
	case FUSE_LOOKUP:
		answer_lookup(v, in->unique, arg);
		break;
	case FUSE_GETATTR:
		answer(v, in->unique, 0, &attr, sizeof(attr));
		break;
	case FUSE_OPEN:
		answer(v, in->unique, 0, &open, sizeof(open));
		break;
	case FUSE_READ:
		answer_read(v, in->unique);
		break;
	case FUSE_FLUSH:
	case FUSE_RELEASE:
	case FUSE_DESTROY:
		answer(v, in->unique, 0, NULL, 0);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break;
	default:
		answer(v, in->unique, -ENOSYS, NULL, 0);
	}
}

static void serve_request(struct server *v)
{
	static uint8_t request[2 * FUSE_MIN_READ_BUFFER]
		__attribute__((aligned(8)));
	const ssize_t n = read(v->dev, request, sizeof(request));

	if (n >= (ssize_t)sizeof(struct fuse_in_header))
		answer_to(v, (const void *)request,
			  request + sizeof(struct fuse_in_header));
	else if (errno != ENOENT && errno != EINTR && errno != EAGAIN)
		_exit(0); /* unmounted */
}

static void serve_word(struct server *v)
{
	char word;

	if (read(v->control, &word, 1) != 1)
		_exit(0);
	if (word == FUSE_CHANGE)
		v->content[1] += FUSE_OTHER - CODE_VALUE;
	if (word == FUSE_CUT)
		v->size = 0;
	v->hold = false;
	while (v->count)
		answer(v, v->unique[--v->count], 0, v->content, v->size);
	tell(v->control);
}

static void serve(struct server *v)
{
	struct pollfd from[] = { { .fd = v->dev, .events = POLLIN },
				 { .fd = v->control, .events = POLLIN } };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	code_fill(v->content, 1);
	for (;;) {
		if (poll(from, 2, -1) < 0)
			_exit(1);
		if (from[0].revents)
			serve_request(v);
		if (from[1].revents)
			serve_word(v);
	}
}

/* What the kernel asks meanwhile waits for a server. */
static int mount_it(int dev)
{
	char options[80];

	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", dev);
	mkdir(ALLOWED_DIR, 0755);
	if (mkdir(DIR, 0755) && errno != EEXIST)
		return -errno;
	return mount("rows", DIR, "fuse", MS_NODEV, options) ? -errno : 0;
}

int fuse_begin(struct fuse *f)
{
	int control[2], held[2], dev = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	int err;

	if (dev < 0)
		return -errno;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control) ||
	    pipe2(held, O_CLOEXEC))
		return -errno;
	err = mount_it(dev);
	if (err)
		return err;
	f->server = fork();
	if (!f->server) {
		struct server v = { .dev = dev,
				    .control = control[1],
				    .held = held[1],
				    .size = PAGE,
				    .hold = true };

		close(control[0]);
		close(held[0]);
		serve(&v);
	}
	close(control[1]);
	close(held[1]);
	f->control = control[0];
	f->held = held[0];
	/* Only the server has it: it is gone when that one is. */
	close(dev);
	f->page = file_map(FUSE_FILE, 1, PROT_READ, MAP_PRIVATE);
	return f->page == MAP_FAILED ? -errno : 0;
}

bool fuse_is_held(const struct fuse *f)
{
	return await(f->held);
}

int fuse_tell(const struct fuse *f, enum fuse_word word)
{
	const char byte = (char)word;

	return write(f->control, &byte, 1) == 1 && await(f->control) ? 0 : -EIO;
}

void fuse_die(struct fuse *f)
{
	if (f->server > 0) {
		kill(f->server, SIGKILL);
		waitpid(f->server, NULL, 0);
	}
	f->server = 0;
}

void fuse_end(struct fuse *f)
{
	fuse_die(f);
	munmap(f->page, PAGE);
	umount2(DIR, MNT_DETACH);
	close(f->control);
	close(f->held);
}
