// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Policies from text or binary files, and the compiler's messages.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <ewx/policy.h>
#include "tool.h"

bool policy_is_binary(const struct bytes *b)
{
	const unsigned char *p = (const unsigned char *)b->data;

	return b->size >= 4 && (p[0] | (__u32)p[1] << 8 | (__u32)p[2] << 16 |
				(__u32)p[3] << 24) == EWX_POLICY_MAGIC;
}

static json_t *diagnostic_json(const struct ewx_diagnostic *d)
{
	static const char *const severity[] = {
		[EWX_NOTE] = "note",
		[EWX_WARNING] = "warning",
		[EWX_ERROR] = "error",
	};
	json_t *o = json_object();

	json_object_set_new(o, "severity", json_string(severity[d->severity]));
	json_object_set_new(o, "code", json_string(d->code));
	if (ewx_code_warning(d->code) && d->severity != EWX_NOTE)
		json_object_set_new(o, "warning",
				    json_string(ewx_code_warning(d->code)));
	if (d->file)
		json_object_set_new(o, "file", tool_json_name(d->file));
	if (d->line) {
		json_object_set_new(o, "line", json_integer(d->line));
		json_object_set_new(o, "column", json_integer(d->column));
		json_object_set_new(o, "end_column",
				    json_integer(d->end_column));
	}
	json_object_set_new(o, "text", tool_json_string(d->text));
	if (d->hint)
		json_object_set_new(o, "hint", tool_json_string(d->hint));
	return o;
}

static json_t *files_json(const struct policy_files *files)
{
	json_t *list = json_array(), *o;

	for (size_t i = 0; i < files->count; i++) {
		o = json_object();
		json_object_set_new(o, "file",
				    tool_json_name(files->file[i].path));
		if (files->file[i].masked_by)
			json_object_set_new(
				o, "masked_by",
				tool_json_name(files->file[i].masked_by));
		json_array_append_new(list, o);
	}
	return list;
}

static void report(struct tool *t, const struct ewx_unit *u,
		   const struct policy_files *files)
{
	const struct ewx_diagnostic *d;
	json_t *list, *all;
	size_t count;

	bool to_stdout = t->json && (!strcmp(t->command, "check") ||
				     !strcmp(t->command, "compile"));

	if (!to_stdout && !t->diag_json) {
		ewx_unit_print(u, stderr, t->colour_err);
		return;
	}
	d = ewx_unit_diagnostics(u, &count);
	list = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, diagnostic_json(&d[i]));
	all = json_object();
	json_object_set_new(all, "errors",
			    json_integer((json_int_t)ewx_unit_errors(u)));
	json_object_set_new(all, "files", files_json(files));
	json_object_set_new(all, "diagnostics", list);
	if (to_stdout) {
		tool_json(t, all);
		return;
	}
	json_object_set_new(all, "schema", json_string("ewx-check-1"));
	json_dumpf(all, stderr, JSON_INDENT(2));
	fputc('\n', stderr);
	json_decref(all);
}

static int add_files(struct ewx_unit *u, const struct policy_files *files)
{
	struct bytes b;
	int ret = 0;

	for (size_t i = 0; i < files->count; i++) {
		if (files->file[i].masked_by)
			continue;
		if (strcmp(files->file[i].path, "-")) {
			ret |= ewx_unit_add_file(u, files->file[i].path);
			continue;
		}
		if (file_read("-", EWX_POLICY_MAX_SIZE, &b))
			return -1;
		ret |= ewx_unit_add_text(u, "<stdin>", b.data, b.size);
		free(b.data);
	}
	return ret;
}

static int from_environment(struct tool *t, const char *value, uint64_t *built)
{
	char *end;

	errno = 0;
	*built = strtoull(value, &end, 10);
	if (!errno && end != value && !*end && *value != '-')
		return 0;
	tool_error(t, "SOURCE_DATE_EPOCH is no number");
	return -1;
}

/*
 * The build stamp of a unit: --built, then a "#built" comment where that
 * counts, then SOURCE_DATE_EPOCH, then the newest change of the files, so that
 * the same files give the same bytes.
 */
static int stamp_of(struct tool *t, const struct ewx_unit *u,
		    const struct policy_files *files, enum policy_stamp which,
		    uint64_t *built)
{
	const char *value = getenv("SOURCE_DATE_EPOCH");
	struct stat st;

	*built = t->built;
	if (t->has_built || which == STAMP_NONE)
		return 0;
	if (which == STAMP_COMMENT && ewx_unit_built(u, built))
		return 0;
	if (value && *value)
		return from_environment(t, value, built);
	for (size_t i = 0; i < files->count; i++) {
		if (files->file[i].masked_by)
			continue;
		if (!strcmp(files->file[i].path, "-"))
			*built = (uint64_t)time(NULL);
		else if (!stat(files->file[i].path, &st) && st.st_mtime > 0 &&
			 (uint64_t)st.st_mtime > *built)
			*built = (uint64_t)st.st_mtime;
	}
	return 0;
}

/* The warnings that are wanted, and what they may look at. */
static void set_warnings(struct tool *t, struct ewx_unit *u,
			 struct ewx_host *host)
{
	for (size_t i = 0; i < t->warning_count; i++)
		ewx_unit_warn(u, t->warnings[i]);
	if (!t->on_host)
		return;
	host->root = t->root ? t->root : "";
	host->now = t->has_built ? t->built : (uint64_t)time(NULL);
	host->features = node_features(t);
	ewx_unit_on_host(u, host);
}

static int compile_files(struct tool *t, const struct policy_files *files,
			 enum policy_stamp which, struct policy *policy)
{
	struct ewx_unit *u = ewx_unit_new();
	struct ewx_host host;
	uint64_t built = 0;
	int ret;

	if (!u) {
		tool_error(t, "out of memory");
		return -1;
	}
	set_warnings(t, u, &host);
	ewx_unit_on_step(u, progress_step, t);
	if (which == STAMP_NONE)
		ewx_unit_skip_expects(u);
	ret = add_files(u, files);
	if (stamp_of(t, u, files, which, &built))
		ret = -1;
	else if (!ret)
		ret = ewx_unit_compile(u, built, &policy->blob, &policy->size);
	else
		ret |= ewx_unit_check(u);
	progress_end();
	policy->whole = policy->size;
	report(t, u, files);
	ewx_unit_free(u);
	return ret ? -1 : 0;
}

int policy_text(struct tool *t, char **files, size_t count,
		enum policy_stamp which, struct policy *policy)
{
	struct policy_files found;
	int ret;

	if (policy_files_find(t, files, count, &found))
		return -1;
	ret = compile_files(t, &found, which, policy);
	policy_files_free(&found);
	return ret;
}

void policy_take(struct policy *policy, const struct bytes *b)
{
	size_t size = policy_is_binary(b) ? ewx_signed_size(b->data, b->size) :
					    0;

	memset(policy, 0, sizeof(*policy));
	policy->blob = b->data;
	policy->whole = b->size;
	policy->size = size ? size : b->size;
}

int policy_verify(struct tool *t, const char *name, struct policy *policy)
{
	struct ewx_judge_error e;

	policy->judge = ewx_judge_new(policy->blob, policy->size, &e);
	if (policy->judge)
		return 0;
	if (!e.damaged)
		tool_error(t, "%s: %s", name, e.text);
	else
		tool_error(
			t,
			"%s: bad binary policy: %s, record %u of %s, byte %u",
			name, e.text, e.record,
			e.section ? e.section : "the header", e.offset);
	return -1;
}

int policy_open(struct tool *t, char **files, size_t count,
		enum policy_stamp which, struct policy *policy)
{
	struct bytes b;

	memset(policy, 0, sizeof(*policy));
	if (count == 1 && strcmp(files[0], "-") && !file_is_folder(files[0])) {
		if (file_read(files[0], POLICY_FILE_MAX, &b)) {
			tool_error(t, "%s: %s", files[0], strerror(errno));
			return -1;
		}
		if (policy_is_binary(&b)) {
			policy_take(policy, &b);
			if (!policy_verify(t, files[0], policy))
				return 0;
			policy_close(policy);
			return -1;
		}
		free(b.data);
	}
	if (policy_text(t, files, count, which, policy))
		return -1;
	if (!policy_verify(t, "compiled policy", policy))
		return 0;
	policy_close(policy);
	return -1;
}

void policy_close(struct policy *policy)
{
	ewx_judge_free(policy->judge);
	policy->judge = NULL;
	free(policy->blob);
	policy->blob = NULL;
}
