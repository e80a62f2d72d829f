// SPDX-License-Identifier: GPL-2.0-only
/*
 * io_uring for the rows (rows.h).
 */
#include <liburing.h>

#include "rows.h"

/* What comes of the request that was prepared. Return: bytes, or -errno. */
static int result(struct io_uring *ring)
{
	struct io_uring_cqe *cqe;
	int ret = io_uring_submit_and_wait(ring, 1);

	if (ret < 0)
		return ret;
	ret = io_uring_wait_cqe(ring, &cqe);
	if (ret)
		return ret;
	ret = cqe->res;
	io_uring_cqe_seen(ring, cqe);
	return ret;
}

/* Return: bytes written, or -errno. */
static int write_by_worker(struct io_uring *ring, int fd, const void *from)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	io_uring_prep_write(sqe, fd, from, 1, 0);
	sqe->flags |= IOSQE_ASYNC;
	return result(ring);
}

int worker_reads(const void *at, int (*first)(void))
{
	struct io_uring ring;
	const char byte = 1;
	int pair[2], ret;

	if (pipe(pair) || io_uring_queue_init(4, &ring, 0))
		return 255;
	/* Now there is a worker, with the credentials of now. */
	if (write_by_worker(&ring, pair[1], &byte) != 1 || (first && first()))
		return 255;
	ret = write_by_worker(&ring, pair[1], at);
	return ret == 1 ? 0 : -ret;
}

int uring_pins(void *page)
{
	struct iovec iov = { page, PAGE };
	struct io_uring ring;
	int err = io_uring_queue_init(4, &ring, 0);

	if (err)
		return err;
	err = io_uring_register_buffers(&ring, &iov, 1);
	io_uring_queue_exit(&ring);
	return err;
}

int uring_direct(const char *path, void *page)
{
	int file = open(path, O_RDONLY | O_DIRECT | O_CLOEXEC);
	struct io_uring ring;
	int ret;

	if (file < 0)
		return -errno;
	ret = io_uring_queue_init(4, &ring, 0);
	if (!ret) {
		io_uring_prep_read(io_uring_get_sqe(&ring), file, page, PAGE,
				   0);
		ret = result(&ring);
		io_uring_queue_exit(&ring);
	}
	close(file);
	return ret;
}
