// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Records from files: auditd's own by libauparse, which knows where they are
 * and in what order; any others line by line, since a copy of the kernel's log
 * or of ausearch's output is no audit file.
 */
#include <auparse.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

#define POLL_US 250000 /* how often a file that is followed is looked at */

static void count_left_out(struct log_reader *reader,
			   const struct ewx_record *r)
{
	__s64 n = ewx_record_number(r, EWX_RECORD_suppressed);

	if (n <= 0 || !log_concerns(reader->filter, r))
		return;
	reader->left_out += (uint64_t)n;
	if (reader->left_out > INT64_MAX)
		reader->left_out = INT64_MAX;
}

bool log_line(const struct tool *t, const char *name, unsigned long number,
	      const char *line, size_t len, struct log_reader *reader)
{
	char error[EWX_RECORD_ERROR_MAX];
	struct ewx_record *r;
	unsigned int boot;
	bool more = true;

	/* A machine that stopped hard leaves zero bytes before the next line. */
	while (len && !*line) {
		line++;
		len--;
	}
	/* Lines of others, SELinux' policy loads among them. */
	if (!memmem(line, len, "lsm=ewx ", strlen("lsm=ewx ")))
		return true;
	r = ewx_record_new(line, len, error);
	if (!r) {
		if (!ewx_record_claims(line, len) && !memchr(line, '\0', len))
			return true;
		reader->bad++;
		if (number)
			tool_error(t, "%s:%lu: %s", name, number, error);
		else
			tool_error(t, "%s: %s", name, error);
		return true;
	}
	if (log_boot(&reader->boots, r, &boot)) {
		reader->bad++;
		tool_error(t, "out of memory");
		more = false;
	} else {
		count_left_out(reader, r);
		if (log_wanted(reader->filter, r))
			more = reader->take(r, boot, reader->arg);
	}
	if (!reader->live)
		log_note(reader, r);
	ewx_record_delete(r);
	return more;
}

/**
 * struct lines - a file that is read line by line.
 * @path, @name: of it, and for messages
 * @number: of the last line
 * @line, @size: of getline()
 * @moved: what is at @path now is another file; this one is read to its end
 */
struct lines {
	FILE *f;
	const char *path;
	const char *name;
	unsigned long number;
	char *line;
	size_t size;
	bool moved;
};

/* What is at the path now is another file than the one that is read. */
static bool is_moved(const struct lines *l)
{
	struct stat open, there;

	return !fstat(fileno(l->f), &open) && !stat(l->path, &there) &&
	       (open.st_ino != there.st_ino || open.st_dev != there.st_dev);
}

/* Its content was copied away and it begins anew. */
static bool is_emptied(const struct lines *l)
{
	struct stat st;

	return !fstat(fileno(l->f), &st) && st.st_size < ftello(l->f);
}

/* Return: false: it cannot go on. */
static bool open_next(const struct tool *t, struct lines *l)
{
	FILE *next = fopen(l->path, "re");

	if (!next) {
		if (errno == ENOENT)
			return true;
		tool_error(t, "%s: %s", l->path, strerror(errno));
		return false;
	}
	fclose(l->f);
	l->f = next;
	l->number = 0;
	l->moved = false;
	return true;
}

/*
 * At the end of a file that is followed. One that was renamed is read to its end
 * first: lines may have come since. Return: false: it cannot go on.
 */
static bool wait_for_more(const struct tool *t, struct lines *l)
{
	clearerr(l->f);
	if (l->moved)
		return open_next(t, l);
	usleep(POLL_US);
	if (is_moved(l)) {
		l->moved = true;
	} else if (is_emptied(l)) {
		rewind(l->f);
		l->number = 0;
	}
	return true;
}

/*
 * A line whole; at the end of a file that is followed, what is there of a line
 * waits for its rest, unless none can come. Return: bytes, 0 at the end.
 */
static size_t next_line(struct lines *l, bool follow)
{
	off_t begin = ftello(l->f);
	ssize_t n = getline(&l->line, &l->size, l->f);

	if (n <= 0)
		return 0;
	if (l->line[n - 1] != '\n' && follow && !l->moved && begin >= 0) {
		fseeko(l->f, begin, SEEK_SET);
		return 0;
	}
	l->number++;
	return (size_t)n;
}

static int read_lines(const struct tool *t, struct lines *l,
		      struct log_reader *reader)
{
	bool follow = reader->follow && l->f != stdin;
	bool more = true;
	size_t n;

	while (more) {
		n = next_line(l, follow);
		if (n) {
			more = log_line(t, l->name, l->number, l->line, n,
					reader);
		} else if (ferror(l->f)) {
			return tool_error(t, "%s: %s", l->name,
					  strerror(errno));
		} else if (!follow || !wait_for_more(t, l)) {
			break;
		}
	}
	return EXIT_OK;
}

int log_read_file(const struct tool *t, const char *path,
		  struct log_reader *reader)
{
	bool named = strcmp(path, "-") != 0;
	struct lines l = {
		.f = named ? fopen(path, "re") : stdin,
		.path = path,
		.name = named ? path : "standard input",
	};
	struct stat st;
	int ret;

	if (!l.f)
		return tool_error(t, "%s: %s", path, strerror(errno));
	if (!fstat(fileno(l.f), &st) && S_ISDIR(st.st_mode))
		ret = tool_error(t, "%s: %s", path, strerror(EISDIR));
	else
		ret = read_lines(t, &l, reader);
	if (l.f != stdin)
		fclose(l.f);
	free(l.line);
	return ret;
}

/* Every record of the event; false: the reader wants no more. */
static bool take_event(const struct tool *t, auparse_state_t *au,
		       struct log_reader *reader)
{
	if (auparse_first_record(au) <= 0)
		return true;
	do {
		const char *text = auparse_get_record_text(au);
		const char *file = auparse_get_filename(au);

		if (text && !log_line(t, file ? file : "auditd's log",
				      auparse_get_line_number(au), text,
				      strlen(text), reader))
			return false;
	} while (auparse_next_record(au) > 0);
	return true;
}

int log_read_auditd(const struct tool *t, struct log_reader *reader)
{
	auparse_state_t *au;
	int got;

	if (access("/var/log/audit", R_OK | X_OK))
		return tool_error(
			t,
			"/var/log/audit: %s (auditd's log; name another file, or use --live)",
			strerror(errno));
	au = auparse_init(AUSOURCE_LOGS, NULL);
	if (!au)
		return tool_error(t, "auditd's log: %s", strerror(errno));
	while ((got = auparse_next_event(au)) > 0) {
		if (!take_event(t, au, reader))
			break;
	}
	auparse_destroy(au);
	return got < 0 ? tool_error(t, "auditd's log: %s", strerror(errno)) :
			 EXIT_OK;
}

int log_sources(struct tool *t, int argc, char **argv,
		struct log_reader *reader)
{
	bool kernel = t->live || (reader->follow && !argc);
	int ret = EXIT_OK, one, fd = -1;

	if (t->live && argc)
		return tool_usage(t, "--live takes no file");
	if (reader->follow && argc > 1)
		return tool_usage(t, "one file can be followed");
	/* Before the files are read, so that nothing falls in between. */
	if (kernel) {
		fd = log_live_open(t);
		if (fd < 0)
			return EXIT_FAIL;
	}
	if (!argc && !t->live)
		ret = log_read_auditd(t, reader);
	for (int i = 0; i < argc; i++) {
		one = log_read_file(t, argv[i], reader);
		ret = one ? one : ret;
	}
	if (fd >= 0) {
		one = log_live(t, fd, reader);
		ret = one ? one : ret;
	}
	log_boots_free(&reader->boots);
	return reader->bad ? EXIT_FAIL : ret;
}
