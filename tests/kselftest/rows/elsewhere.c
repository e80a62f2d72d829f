// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that have a name of the policy in somebody's own view of the file system,
 * see elsewhere.h.
 */
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "elsewhere.h"
#include "rows.h"

int elsewhere_put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

static int own_namespaces(void)
{
	char map_text[32];

	/* Not dumpable, its own /proc entries would be root's. */
	if (become(SECOND_UID) || prctl(PR_SET_DUMPABLE, 1) ||
	    unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return -errno;
	elsewhere_put("/proc/self/setgroups", "deny");
	snprintf(map_text, sizeof(map_text), "0 %d 1", SECOND_UID);
	if (elsewhere_put("/proc/self/uid_map", map_text) ||
	    elsewhere_put("/proc/self/gid_map", map_text))
		return -EPERM;
	return 0;
}

static int loads(const struct elsewhere *e)
{
	void *source = file_map(NAMED_FILE, 1, PROT_READ, MAP_PRIVATE);

	return source == MAP_FAILED ? 254 : e->load(e->arg, source);
}

static int tmpfs_there(void)
{
	return own_namespaces() || mount("none", NAMED_DIR, "tmpfs", 0, NULL) ||
	       code_file(NAMED_FILE, 1);
}

int elsewhere_tmpfs(void *arg)
{
	return tmpfs_there() ? 255 : loads(arg);
}

int elsewhere_bind(void *arg)
{
	if (code_file("/mnt/ext4/mine/code", 1) ||
	    chmod("/mnt/ext4/mine", 0777) || own_namespaces() ||
	    mount("/mnt/ext4/mine", NAMED_DIR, NULL, MS_BIND, NULL))
		return 255;
	return loads(arg);
}

int elsewhere_chroot(void *arg)
{
	if (mkdir("/mnt/ext4/jail", 0755) && errno != EEXIST)
		return 255;
	if (system("mkdir -p /mnt/ext4/jail" NAMED_DIR) ||
	    code_file("/mnt/ext4/jail" NAMED_FILE, 1) ||
	    chroot("/mnt/ext4/jail") || chdir("/"))
		return 255;
	return loads(arg);
}

int elsewhere_sends(int sock)
{
	int file;

	if (tmpfs_there())
		return 1;
	file = open(NAMED_FILE, O_RDONLY);
	/* The mount lasts as long as this process. */
	return fd_send(sock, file) || !await(sock) ? 1 : 0;
}

void *elsewhere_mounted(int *until)
{
	int pair[2], file;
	void *page;
	pid_t pid;

	if (code_file(NAMED_FILE, 1) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return MAP_FAILED;
	pid = fork();
	if (!pid) {
		close(pair[0]);
		_exit(elsewhere_sends(pair[1]));
	}
	close(pair[1]);
	*until = pair[0];
	file = pid < 0 ? -1 : fd_receive(pair[0]);
	page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, file, 0);
	close(file);
	return page;
}

/* A user namespace that calls uid 1999 of a file system root, for a mount. */
static int idmap_namespace(void)
{
	static const char map[] = "0 1999 1";
	int pair[2], ns = -1;
	char uids[64], gids[64], path[64];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return -1;
	pid = fork();
	if (!pid)
		_exit(unshare(CLONE_NEWUSER) || !tell(pair[1]) ||
		      !await(pair[1]));
	if (pid > 0 && await(pair[0])) {
		snprintf(uids, sizeof(uids), "/proc/%d/uid_map", pid);
		snprintf(gids, sizeof(gids), "/proc/%d/gid_map", pid);
		snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
		if (!elsewhere_put(uids, map) && !elsewhere_put(gids, map))
			ns = open(path, O_RDONLY | O_CLOEXEC);
		tell(pair[0]);
	}
	waitpid(pid, NULL, 0);
	close(pair[0]);
	close(pair[1]);
	return ns;
}

int elsewhere_idmap(const char *dir)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_IDMAP };
	int tree, err, ns = idmap_namespace();

	if (ns < 0)
		return -1;
	attr.userns_fd = ns;
	tree = open_tree(AT_FDCWD, dir, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree < 0 ||
	    mount_setattr(tree, "", AT_EMPTY_PATH, &attr, sizeof(attr)))
		return -1;
	close(ns);
	err = move_mount(tree, "", AT_FDCWD, dir, MOVE_MOUNT_F_EMPTY_PATH);
	close(tree);
	return err;
}

int elsewhere_writes_own(void *arg)
{
	return become(SECOND_UID) || code_file(arg, 1);
}
