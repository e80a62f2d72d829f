/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ewx command: what its commands share.
 *
 * Owns: options, exit codes, files, policies from text or binary, securityfs
 * nodes, the look of the output. Decides nothing: verdicts come from the engine
 * (offline) or the kernel (--live).
 */
#ifndef _EWX_TOOL_H
#define _EWX_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <jansson.h>
#include <uapi/linux/ewx_audit.h>
#include <uapi/linux/ewx_policy.h>
#include <uapi/linux/ewx_query.h>
#include <ewx/ewx.h>
#include <ewx/judge.h>
#include <ewx/query.h>
#include <ewx/record.h>
#include <ewx/words.h>

#define EWX_TOOL_VERSION "1.0"

/* Of all --json: raised when a member goes or changes its meaning. */
#define EWX_TOOL_SCHEMA 1

enum {
	EXIT_OK = 0, /* done; allowed or deferred */
	EXIT_FAIL = 1, /* bad policy, denied, or it failed */
	EXIT_USAGE = 2,
};

/* Which options a command takes. */
/* Where securityfs is mounted, and the kernel's nodes are. */
#define DEFAULT_SECURITYFS "/sys/kernel/security/ewx"

#define TAKES_OUT 0x01u
#define TAKES_BUILT 0x02u
#define TAKES_JSON 0x04u
#define TAKES_POLICY 0x08u
#define TAKES_LIVE 0x10u
#define TAKES_ABI 0x20u
#define TAKES_FILES 0x40u /* --verbose, --on-host, -W */
#define TAKES_ROOT 0x100u
#define TAKES_CHECK 0x80u
#define TAKES_FOLLOW 0x10000u
#define TAKES_FILTER 0x20000u
#define TAKES_RECORDED 0x40000u
#define TAKES_COUNTERS 0x80000u
#define TAKES_KEY 0x100000u
#define TAKES_CONFIRM 0x200000u
#define TAKES_NO_LOAD 0x400000u

struct log_filter;

/** enum tool_progress - AUTO: on a terminal, what takes longer than a second. */
enum tool_progress { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

/**
 * struct tool - options of one run.
 * @command: the command's name
 * @securityfs: directory of the nodes
 * @out: -o
 * @built, @has_built: --built
 * @json, @live, @follow: options of that name
 * @filter: --enclave and so on
 * @recorded, @counters: files or folders of that option, or NULL
 * @key, @cert, @no_load: options of that name
 * @confirm: --confirm, seconds; 0: without
 * @policies, @policy_count: --policy, each once more
 * @root: --root, or NULL; @verbose: -v; @on_host, @diag_json, @check:
 *      options
 * @warnings, @warning_count: -W, each once more
 * @colour: for standard output; @colour_err: for standard error
 * @progress: whether to say what is being done
 */
struct tool {
	const char *command;
	const char *securityfs;
	const char *out;
	uint64_t built;
	bool has_built;
	bool json;
	bool live;
	bool follow;
	struct log_filter *filter;
	const char *recorded;
	const char *counters;
	const char *key;
	const char *cert;
	uint64_t confirm;
	bool no_load;
	char **policies;
	size_t policy_count;
	const char *root;
	bool verbose;
	bool on_host;
	bool diag_json;
	bool check;
	char **warnings;
	size_t warning_count;
	bool colour;
	bool colour_err;
	enum tool_progress progress;
};

/** struct command - a row of the table in main.c. */
struct command {
	const char *name;
	int (*run)(struct tool *t, int argc, char **argv);
	unsigned int takes;
	const char *synopsis;
	const char *summary;
};

/**
 * options_take() - set @t from the options among @argv, which getopt_long() reorders.
 * @used: the TAKES_ bits of what was given
 * Return: EXIT_OK, and optind is the first argument; EXIT_USAGE: an error was said.
 */
int options_take(struct tool *t, int argc, char **argv, unsigned int *used);

/** options_print() - help on those in @takes that are (@common) or are not for all. */
void options_print(FILE *out, unsigned int takes, bool common);

int cmd_compile(struct tool *t, int argc, char **argv);
int cmd_check(struct tool *t, int argc, char **argv);
int cmd_fmt(struct tool *t, int argc, char **argv);
int cmd_diff(struct tool *t, int argc, char **argv);
int cmd_dump(struct tool *t, int argc, char **argv);
int cmd_identity(struct tool *t, int argc, char **argv);
int cmd_load(struct tool *t, int argc, char **argv);
int cmd_enforce(struct tool *t, int argc, char **argv);
int cmd_seal(struct tool *t, int argc, char **argv);
int cmd_sign(struct tool *t, int argc, char **argv);
int cmd_install(struct tool *t, int argc, char **argv);
int cmd_confirm(struct tool *t, int argc, char **argv);
int cmd_rollback(struct tool *t, int argc, char **argv);
int cmd_history(struct tool *t, int argc, char **argv);
int cmd_boot(struct tool *t, int argc, char **argv);
int cmd_renew(struct tool *t, int argc, char **argv);
int cmd_status(struct tool *t, int argc, char **argv);
int cmd_enclaves(struct tool *t, int argc, char **argv);
int cmd_query(struct tool *t, int argc, char **argv);
int cmd_explain(struct tool *t, int argc, char **argv);
int cmd_counters(struct tool *t, int argc, char **argv);
int cmd_report(struct tool *t, int argc, char **argv);
int cmd_learn(struct tool *t, int argc, char **argv);
int cmd_log(struct tool *t, int argc, char **argv);
int cmd_help(struct tool *t, int argc, char **argv);
int cmd_why_not(struct tool *t, int argc, char **argv);
int cmd_doctor(struct tool *t, int argc, char **argv);
int cmd_graph(struct tool *t, int argc, char **argv);
int cmd_adopt(struct tool *t, int argc, char **argv);
int cmd_version(struct tool *t, int argc, char **argv);

/* main.c */

/** tool_error() - "ewx: ..." on standard error. Return: EXIT_FAIL. */
int tool_error(const struct tool *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** tool_usage() - the error and how the command is called. Return: EXIT_USAGE. */
int tool_usage(const struct tool *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* progress.c */

/**
 * progress_step() - what begins now; on a terminal it is shown if it takes long.
 * @ctx: the struct tool; @step: static
 */
void progress_step(void *ctx, const char *step);

/** progress_end() - nothing that takes long: what is shown goes. */
void progress_end(void);

enum tool_colour { PLAIN, BOLD, RED, GREEN, YELLOW, BLUE };

/** tool_colour() - the sequence that starts @c on standard output, or "". */
const char *tool_colour(const struct tool *t, enum tool_colour c);

/**
 * tool_json() - write the object @value, with its schema, to standard output and
 * release it.
 */
int tool_json(const struct tool *t, json_t *value);

/** put_markup() - write text into HTML or SVG: made safe first, then escaped. */
void put_markup(FILE *out, const char *text);

/**
 * tool_json_string() - a JSON string of bytes. If they are not UTF-8, each that is part
 * of no plain character is written as \xNN, and a backslash twice.
 */
json_t *tool_json_string(const char *s);

/** tool_json_number() - a JSON number; a string of its digits above INT64_MAX. */
json_t *tool_json_number(uint64_t n);

/** tool_json_name() - a JSON string of a policy file's name; see ewx_print_name(). */
json_t *tool_json_name(const char *name);

/* confirm.c */

/** confirm_time() - take the argument of --confirm. Return: EXIT_OK or EXIT_USAGE. */
int confirm_time(struct tool *t, const char *text);

/* file.c */

/**
 * struct bytes - a file's content; @data has a zero byte after its end.
 */
struct bytes {
	char *data;
	size_t size;
};

/**
 * file_read() - read all of @path ("-": standard input), at most @limit bytes.
 * Return: 0, or -1 with errno (EFBIG: longer).
 */
int file_read(const char *path, size_t limit, struct bytes *b);

/**
 * file_read_regular() - likewise, if that is an ordinary file: for a name that others
 * chose. Nothing is waited for. Return: 0 or -1.
 */
int file_read_regular(const char *path, size_t limit, struct bytes *b);

/** file_read_open() - likewise, what is left of an open file. */
int file_read_open(int fd, size_t limit, struct bytes *b);

/** file_is_folder() - whether @path is a folder. */
bool file_is_folder(const char *path);

/** file_is_same() - whether two names are of one ordinary file that exists. */
bool file_is_same(const char *path, const char *other);

/** file_is_device() - whether @path is a device, which may have no end; "-" is none. */
bool file_is_device(const char *path);

/**
 * file_replace() - make @path hold @data: a temporary file beside it, synced,
 * then renamed, so that @path is old or new and never half. "-": standard
 * output. Return: 0, or -1 with errno; then @path is as before.
 */
int file_replace(const char *path, const void *data, size_t size);

/* dropin.c */

/**
 * struct policy_file - a file that counts, or would.
 * @masked_by: path of the file that counts instead of it, or NULL
 */
struct policy_file {
	char *path;
	char *masked_by;
};

/** struct policy_files - @file: of a folder by name. */
struct policy_files {
	struct policy_file *file;
	size_t count;
};

/**
 * policy_files_find() - the files that make a policy.
 * @names: files and folders; @count 0: the system's
 * Return: 0, or -1 (said).
 */
int policy_files_find(struct tool *t, char **names, size_t count,
		      struct policy_files *f);
void policy_files_free(struct policy_files *f);

/* policy.c */

/**
 * struct policy - a policy that can decide.
 * @blob: its bytes, owned
 * @whole: bytes with the signature behind it; @size if there is none
 * @judge: of its own, once it is verified; NULL before
 */
struct policy {
	void *blob;
	size_t size;
	size_t whole;
	struct ewx_judge *judge;
};

/**
 * enum policy_stamp - which build stamp compiled text gets without --built.
 * @STAMP_NONE: 0, so that a question may be about any time; what the policy
 *      expects of itself is not asked then
 * @STAMP_FILES: SOURCE_DATE_EPOCH, else the newest change of the files
 * @STAMP_COMMENT: a "#built" comment before these
 */
enum policy_stamp { STAMP_NONE, STAMP_FILES, STAMP_COMMENT };

/**
 * policy_text() - compile policy files; diagnostics go to standard error, with
 * --json of compile and check to standard output.
 * @files: as policy_files_find() takes them
 * @policy: gets the bytes, not verified
 * Return: 0, or -1 when there were errors (all said).
 */
int policy_text(struct tool *t, char **files, size_t count,
		enum policy_stamp which, struct policy *policy);

/** policy_is_binary() - whether @b begins as a binary policy does. */
bool policy_is_binary(const struct bytes *b);

/** policy_take() - the bytes of a file, signed or not, become @policy. */
void policy_take(struct policy *policy, const struct bytes *b);

/* The largest file that holds a policy with its signature. */
#define POLICY_FILE_MAX (EWX_POLICY_MAX_SIZE + EWX_SIGNATURE_MAX_SIZE)

/** policy_verify() - make the judge of @blob. Return: 0, or -1 (position said). */
int policy_verify(struct tool *t, const char *name, struct policy *policy);

/**
 * policy_open() - one binary policy, or any number of text files, ready to
 * decide. Return: 0, or -1 (all said).
 */
int policy_open(struct tool *t, char **files, size_t count,
		enum policy_stamp which, struct policy *policy);
void policy_close(struct policy *policy);

/* context.c */

/**
 * contexts_check() - whether SELinux, if it is enabled, knows the contexts that
 * domains name. Return: 0, or -1 (said).
 */
int contexts_check(const struct tool *t, const struct policy *policy);

/* node.c */

/** node_read() - content of a securityfs node. Return: 0, or -1 (said). */
int node_read(const struct tool *t, const char *name, struct bytes *b);

/** node_write() - one write(2) to a node. Return: 0, or -1 with errno. */
int node_write(const struct tool *t, const char *name, const void *data,
	       size_t size);

/** node_features() - bits of what the kernel can do; all if it does not say. */
uint32_t node_features(const struct tool *t);

/** node_explain() - say why a node could not be used: @errnum and its meaning. */
void node_explain(const struct tool *t, const char *name, int errnum);

/**
 * node_only_newer() - whether the kernel takes newer versions only: signatures are
 * required (a seal requires them), or it is locked down.
 */
bool node_only_newer(const struct tool *t);

/**
 * node_digest() - SHA-256 of the active policy, hexadecimal; "" if there is none.
 * Return: 0, or -1 (said).
 */
int node_digest(const struct tool *t, char out[65]);

/** node_digest_silent() - likewise; "" also if it cannot be had. */
void node_digest_silent(const struct tool *t, char out[65]);

/**
 * node_took_signature() - of the policy that was loaded: will it load at the next boot,
 * as far as signatures go, or were its bytes in force without this one?
 */
bool node_took_signature(const struct tool *t, bool is_signed);

/** node_load() - load a binary policy. Return: EXIT_OK or EXIT_FAIL (said, with errno). */
int node_load(const struct tool *t, const void *blob, size_t size);

/**
 * node_query() - ask the kernel.
 * Return: 0, -ENOENT or -EINVAL (the engine's), or 1: it failed (said).
 */
int node_query(const struct tool *t, const struct ewx_query *q,
	       struct ewx_reply *r);

/**
 * node_policy() - the active policy as the kernel shows it, to name rules.
 * Return: 0, or -1 if it cannot be had (silent).
 */
int node_policy(const struct tool *t, struct policy *policy);

/* answer.c */

/**
 * struct answer - a verdict and whom it came from.
 * @policy: to name rules; valid if @has_policy
 */
struct answer {
	struct ewx_reply reply;
	struct policy policy;
	bool has_policy;
};

/** answer_open() - read --policy, or the kernel's with --live. Return: 0 or -1. */
int answer_open(struct tool *t, struct answer *a);
void answer_close(struct answer *a);

/**
 * answer_ask() - put one question.
 * Return: 0, or a negative errno: -ENOENT: a name that the policy lacks; or 1:
 * it failed (said).
 */
int answer_ask(const struct tool *t, struct answer *a,
	       const struct ewx_query *q);

/** answer_error() - say what a result of answer_ask() means, unless said. */
int answer_error(const struct tool *t, const struct answer *a,
		 const struct ewx_query *q, int err);

/**
 * answer_decision() - what it says of @permission, or EWX_REPLY_VERDICT, and where
 * that stands.
 */
struct ewx_decision answer_decision(const struct answer *a, int permission);

/** vector_json() - a list of the names of the permissions in @vector. */
json_t *vector_json(__u32 vector);

/** answer_json() - the verdict with all its parts. */
json_t *answer_json(const struct answer *a, const struct ewx_query *q);

/* record_json.c */

/**
 * record_json() - the fields of a record that it has and that apply, and in "escaped" the
 * names of those whose bytes are not UTF-8.
 */
json_t *record_json(const struct ewx_record *r);

/** record_damage_json() - what of it is not whole, as members of @o. */
void record_damage_json(const struct ewx_record *r, json_t *o);

/* record_words.c */

/**
 * mode_change() - what a record of a change of the mode, the level or the seal changed.
 * Return: false: nothing, and nothing is written.
 */
bool mode_change(FILE *out, const struct ewx_record *r);

/** mode_state() - what was in force after it. */
void mode_state(FILE *out, const struct ewx_record *r);

/**
 * record_guarded() - whether it is about tracing: no request of an enclave, and its
 * domain is that of the process that was to be traced.
 */
bool record_guarded(const struct ewx_record *r);

/* index.c */

#define INDEX_NONE ((size_t)-1)

/** index_get() - the number kept under @key; INDEX_NONE: none. @index: may be NULL */
size_t index_get(const json_t *index, const char *key);

/** index_put() - keep @n under @key. *@index: NULL at first; json_decref() it. */
int index_put(json_t **index, const char *key, size_t n);

/* literal.c */

/** literal_text() - @text for between the quotes of a policy's string. */
void literal_text(FILE *out, const char *text);

/** literal_pattern() - the same, as a pattern that matches @text alone. */
void literal_pattern(FILE *out, const char *text);

/* sentence.c */

/**
 * sentence_missing() - why permission @bit is missing, and what would allow
 * it, in words for a person.
 * @domain: name, or ""; @q: the request, or NULL
 */
void sentence_missing(FILE *out, __u32 bit, __u32 reason, const char *domain,
		      const struct ewx_query *q);

/** sentence_request() - what was asked, in words. */
void sentence_request(FILE *out, const struct ewx_query *q);

/** show_source_line() - the line of a policy file, if it can be read. */
void show_source_line(const struct tool *t, const char *file, __u32 line);

#endif /* _EWX_TOOL_H */
