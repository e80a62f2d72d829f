// SPDX-License-Identifier: GPL-2.0-only
/*
 * The windows of a test kernel (window.h): who stands in one, who is told, what is
 * counted.
 *
 * Owns: the files in debugfs and the time that a task stays. Knows no place where one
 * is.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "window.h"

/* How long a task waits for the racer to be told. */
#define WINDOW_MEET_MS 1000

/*
 * How often in a row the racer has to be seen waiting, since a lock may be free in a
 * moment; how many page faults are no progress.
 */
#define WINDOW_LOOKS 100
#define WINDOW_FAULTS 32

/**
 * enum window_state - of a window that is armed, and of one that is not.
 * @WINDOW_EMPTY: nobody is there
 * @WINDOW_ENTERED: a task stands there, the racer does not know yet
 * @WINDOW_MET: the racer was told
 * @WINDOW_ACTED: it has acted; the task is about to leave
 * @WINDOW_LEFT: the task has left, or is about to, and the racer has not acted
 */
enum window_state {
	WINDOW_EMPTY,
	WINDOW_ENTERED,
	WINDOW_MET,
	WINDOW_ACTED,
	WINDOW_LEFT,
};

/**
 * struct window - one of them.
 * @lock: guards all below
 * @change: of @state, @armed or @occupied, for whoever waits
 * @armed: its file is open
 * @closing: it is not any more, but somebody may stand there yet
 * @occupied: a task stands there
 * @in_time: the racer had acted before the last task left; until that was asked
 * @state: see there
 * @racer: who has read last; a reference; NULL: nobody yet
 * @watch: looks at the racer while a task stands there that was met
 * @entered: tasks that came
 * @met: times that the racer was told of one
 * @acted: times that it had acted before the task left
 * @blocked: times that it could not, and waited instead
 */
struct window {
	spinlock_t lock; /* guards all below */
	wait_queue_head_t change;
	bool armed;
	bool closing;
	bool occupied;
	bool in_time;
	enum window_state state;
	struct task_struct *racer;
	struct work_struct watch;
	unsigned long entered;
	unsigned long met;
	unsigned long acted;
	unsigned long blocked;
};

static const char *const window_names[ENCLAVE_WINDOW_COUNT] = {
#define WINDOW_NAME(NAME, name, what) [ENCLAVE_WINDOW_##NAME] = #name,
	ENCLAVE_WINDOWS(WINDOW_NAME)
#undef WINDOW_NAME
};

DEFINE_STATIC_KEY_FALSE(enclave_window_key);
static struct window windows[ENCLAVE_WINDOW_COUNT];

/* For how long a task stays that was met. */
static u32 window_stay_ms = 20;

/* Change the state from one to another, if it is that one. */
static bool window_step(struct window *w, enum window_state from,
			enum window_state to, unsigned long *count)
{
	bool done;

	spin_lock(&w->lock);
	done = w->state == from;
	if (done) {
		w->state = to;
		if (count)
			++*count;
	}
	spin_unlock(&w->lock);
	if (done)
		wake_up_all(&w->change);
	return done;
}

/*
 * One task at a time, and none while the racer is busy with the one before: it would
 * not come.
 */
static bool window_begin(struct window *w)
{
	bool stops;

	spin_lock(&w->lock);
	stops = w->armed && w->racer != current;
	if (stops)
		w->entered++;
	stops = stops && w->state == WINDOW_EMPTY && !w->occupied;
	if (stops) {
		w->state = WINDOW_ENTERED;
		w->occupied = true;
		w->in_time = false;
	}
	spin_unlock(&w->lock);
	if (stops)
		wake_up_all(&w->change);
	return stops;
}

/* The state is not @state any more, or nobody is there to change it. */
static bool window_is_past(const struct window *w, enum window_state state)
{
	return READ_ONCE(w->state) != state || !READ_ONCE(w->armed);
}

/* Has the racer, which had @faults page faults when it was told, come to a halt? */
static bool window_is_halted(struct task_struct *racer, unsigned long faults)
{
	/* For what it cannot be woken from by a signal: a lock. */
	if (READ_ONCE(racer->__state) & TASK_UNINTERRUPTIBLE)
		return true;
	return READ_ONCE(racer->min_flt) - faults > WINDOW_FAULTS;
}

/*
 * Done by a worker on the task's processor, so that the task sleeps: who waits for a lock
 * of one that runs would not sleep either. Not by a timer, whose ticks may be far apart.
 */
static void window_watch(struct work_struct *work)
{
	struct window *w = container_of(work, struct window, watch);
	unsigned long until = jiffies + msecs_to_jiffies(window_stay_ms);
	struct task_struct *racer;
	unsigned int seen = 0;
	unsigned long faults;

	spin_lock(&w->lock);
	racer = get_task_struct(w->racer);
	spin_unlock(&w->lock);
	faults = READ_ONCE(racer->min_flt);

	while (READ_ONCE(w->state) == WINDOW_MET && seen < WINDOW_LOOKS &&
	       time_before_eq(jiffies, until)) {
		seen = window_is_halted(racer, faults) ? seen + 1 : 0;
		cpu_relax();
		cond_resched();
	}
	window_step(w, WINDOW_MET, WINDOW_LEFT,
		    seen < WINDOW_LOOKS ? NULL : &w->blocked);
	put_task_struct(racer);
}

/* The racer was told: stay until it has acted, or cannot. */
static void window_stay(struct window *w)
{
	schedule_work(&w->watch);
	wait_event_killable(w->change, window_is_past(w, WINDOW_MET));
	/* The worker ends by that, if not yet. */
	window_step(w, WINDOW_MET, WINDOW_LEFT, NULL);
	flush_work(&w->watch);
}

static void window_leave(struct window *w)
{
	spin_lock(&w->lock);
	w->in_time = w->state == WINDOW_ACTED;
	/* The racer may have been told in the last moment, too late to act. */
	if (w->state == WINDOW_MET)
		w->state = WINDOW_LEFT;
	else if (w->state != WINDOW_LEFT)
		w->state = WINDOW_EMPTY;
	w->occupied = false;
	spin_unlock(&w->lock);
	wake_up_all(&w->change);
}

/**
 * enclave_window_stop() - stand in a window, if it is armed.
 * @name: which one
 *
 * Context: may sleep, with whatever locks are held where the window is.
 */
void enclave_window_stop(enum enclave_window_name name)
{
	struct window *w = &windows[name];

	might_sleep();
	if (!window_begin(w))
		return;
	wait_event_killable_timeout(w->change,
				    window_is_past(w, WINDOW_ENTERED),
				    msecs_to_jiffies(WINDOW_MEET_MS));
	if (READ_ONCE(w->state) == WINDOW_MET)
		window_stay(w);
	window_leave(w);
}

static int window_open(struct inode *inode, struct file *file)
{
	struct window *w = inode->i_private;
	bool busy;

	spin_lock(&w->lock);
	busy = w->armed || w->closing || w->occupied;
	if (!busy) {
		w->armed = true;
		w->state = WINDOW_EMPTY;
		w->in_time = false;
		w->entered = 0;
		w->met = 0;
		w->acted = 0;
		w->blocked = 0;
	}
	spin_unlock(&w->lock);
	if (busy)
		return -EBUSY;
	file->private_data = w;
	static_branch_inc(&enclave_window_key);
	return stream_open(inode, file);
}

/* Whoever stands there leaves, before the next one can open it. */
static int window_release(struct inode *inode, struct file *file)
{
	struct window *w = file->private_data;
	struct task_struct *racer;

	static_branch_dec(&enclave_window_key);
	spin_lock(&w->lock);
	w->armed = false;
	w->closing = true;
	spin_unlock(&w->lock);
	wake_up_all(&w->change);
	wait_event(w->change, !READ_ONCE(w->occupied));

	spin_lock(&w->lock);
	racer = w->racer;
	w->racer = NULL;
	w->closing = false;
	spin_unlock(&w->lock);
	if (racer)
		put_task_struct(racer);
	return 0;
}

/* From now on the one who reads is the racer. */
static void window_set_racer(struct window *w)
{
	struct task_struct *racer = get_task_struct(current);

	spin_lock(&w->lock);
	swap(w->racer, racer);
	spin_unlock(&w->lock);
	if (racer)
		put_task_struct(racer);
}

static ssize_t window_read(struct file *file, char __user *buf, size_t size,
			   loff_t *pos)
{
	struct window *w = file->private_data;
	int err;

	if (!size)
		return 0;
	window_set_racer(w);
	window_step(w, WINDOW_LEFT, WINDOW_EMPTY, NULL);
	err = wait_event_interruptible(
		w->change, window_step(w, WINDOW_ENTERED, WINDOW_MET, &w->met));
	if (err)
		return err;
	return put_user('m', buf) ? -EFAULT : 1;
}

static int window_acted(struct window *w)
{
	if (window_step(w, WINDOW_MET, WINDOW_ACTED, &w->acted))
		return 0;
	window_step(w, WINDOW_LEFT, WINDOW_EMPTY, NULL);
	return -ETIME;
}

static int window_settle(struct window *w)
{
	bool in_time;
	int err;

	err = wait_event_interruptible(w->change,
				       READ_ONCE(w->state) != WINDOW_LEFT);
	if (err)
		return err;
	spin_lock(&w->lock);
	in_time = w->in_time;
	w->in_time = false;
	spin_unlock(&w->lock);
	return in_time ? 0 : -ETIME;
}

static ssize_t window_write(struct file *file, const char __user *buf,
			    size_t size, loff_t *pos)
{
	struct window *w = file->private_data;
	char word[16] = {};
	int err;

	if (size >= sizeof(word))
		return -EINVAL;
	if (copy_from_user(word, buf, size))
		return -EFAULT;
	if (sysfs_streq(word, "acted"))
		err = window_acted(w);
	else if (sysfs_streq(word, "settle"))
		err = window_settle(w);
	else
		err = -EINVAL;
	return err ?: size;
}

static const struct file_operations window_fops = {
	.owner = THIS_MODULE,
	.open = window_open,
	.release = window_release,
	.read = window_read,
	.write = window_write,
};

static int counts_show(struct seq_file *m, void *unused)
{
	int i;

	for (i = 0; i < ENCLAVE_WINDOW_COUNT; i++) {
		struct window *w = &windows[i];

		spin_lock(&w->lock);
		seq_printf(m, "%s entered %lu met %lu acted %lu blocked %lu\n",
			   window_names[i], w->entered, w->met, w->acted,
			   w->blocked);
		spin_unlock(&w->lock);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(counts);

static int __init window_setup(void)
{
	struct dentry *dir = debugfs_create_dir(
		"windows", debugfs_create_dir("enclave", NULL));
	int i;

	for (i = 0; i < ENCLAVE_WINDOW_COUNT; i++) {
		spin_lock_init(&windows[i].lock);
		init_waitqueue_head(&windows[i].change);
		INIT_WORK(&windows[i].watch, window_watch);
		debugfs_create_file(window_names[i], 0600, dir, &windows[i],
				    &window_fops);
	}
	debugfs_create_file("counts", 0400, dir, NULL, &counts_fops);
	debugfs_create_u32("stay_ms", 0600, dir, &window_stay_ms);
	return 0;
}
late_initcall(window_setup);
