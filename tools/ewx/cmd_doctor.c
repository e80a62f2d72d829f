// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx doctor: what is wrong with this machine, as far as enclaves and EWX go.
 *
 * Owns: the list of things to look at. Looks only; below --root DIR if given.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

#define TEXT_MAX ((size_t)1 << 20)

enum health { GOOD, NOTE, WARN, BAD };

/**
 * struct doctor - the examination.
 * @list: --json; @worst: of all that was said
 */
struct doctor {
	struct tool *t;
	json_t *list;
	enum health worst;
};

static void say(struct doctor *d, enum health health, const char *topic,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static void say(struct doctor *d, enum health health, const char *topic,
		const char *fmt, ...)
{
	static const char *const words[] = { "ok", "note", "warning", "bad" };
	static const enum tool_colour colours[] = { GREEN, BLUE, YELLOW, RED };
	char text[400];
	va_list args;
	json_t *o;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (health > d->worst)
		d->worst = health;
	if (!d->list) {
		printf("%s%-8s%s %-8s ", tool_colour(d->t, colours[health]),
		       words[health], tool_colour(d->t, PLAIN), topic);
		ewx_print_safe(stdout, text, 0);
		putchar('\n');
		return;
	}
	o = json_object();
	json_object_set_new(o, "health", json_string(words[health]));
	json_object_set_new(o, "topic", json_string(topic));
	json_object_set_new(o, "text", tool_json_string(text));
	json_array_append_new(d->list, o);
}

/* A path of this machine, or of --root; static. */
static const char *at_root(const struct doctor *d, const char *path)
{
	static char full[4096];

	snprintf(full, sizeof(full), "%s%s", d->t->root ? d->t->root : "",
		 path);
	return full;
}

/* Content of a file; "" if there is none. The caller frees it. */
static char *content(const struct doctor *d, const char *path)
{
	struct bytes b;

	return file_read(at_root(d, path), TEXT_MAX, &b) ? strdup("") : b.data;
}

static bool exists(const struct doctor *d, const char *path, struct stat *st)
{
	return !stat(at_root(d, path), st);
}

/* Whether @word is among words that @separators part. */
static bool has_word(const char *text, const char *word, const char *separators)
{
	size_t len = strlen(word), n;

	for (; *text; text += n + (text[n] != '\0')) {
		n = strcspn(text, separators);
		if (n == len && !memcmp(text, word, n))
			return true;
	}
	return false;
}

/* The value behind "key: " in the status node's text; "" if it has none. */
static void status_value(const char *status, const char *key, char *out,
			 size_t size)
{
	size_t len = strlen(key);

	*out = '\0';
	for (const char *line = status; *line;
	     line += strcspn(line, "\n") + (line[strcspn(line, "\n")] != '\0'))
		if (!strncmp(line, key, len) && line[len] == ':')
			snprintf(out, size, "%.*s",
				 (int)strcspn(line + len + 2, "\n"),
				 line + len + 2);
}

static void look_at_absence(struct doctor *d)
{
	char *lsm = content(d, "/sys/kernel/security/lsm");
	char *line = content(d, "/proc/cmdline");

	if (has_word(line, "ewx=off", " \n"))
		say(d, BAD, "kernel", "ewx=off on the kernel's command line");
	else if (!*lsm)
		say(d, BAD, "kernel", "securityfs is not mounted");
	else if (!has_word(lsm, "ewx", ",\n"))
		say(d, BAD, "kernel",
		    "EWX is not among the security modules (%.*s): a kernel without it was booted, or lsm= leaves it out",
		    (int)strcspn(lsm, "\n"), lsm);
	else
		say(d, BAD, "kernel", "EWX is there, but its nodes cannot be read");
	free(lsm);
	free(line);
}

static void look_at_status(struct doctor *d, const char *status)
{
	char state[32], enforcing[8], before[16], policy[130], version[24];
	char permissive[16], clock[8];

	status_value(status, "state", state, sizeof(state));
	status_value(status, "enforcing", enforcing, sizeof(enforcing));
	status_value(status, "before_policy", before, sizeof(before));
	status_value(status, "policy", policy, sizeof(policy));
	status_value(status, "version", version, sizeof(version));
	status_value(status, "permissive_domains", permissive,
		     sizeof(permissive));
	status_value(status, "clock_trusted", clock, sizeof(clock));
	if (strcmp(state, "active"))
		say(d, BAD, "policy", "no policy is loaded: %s",
		    strcmp(before, "deny") ?
			    "nothing is judged" :
			    "what needs a permission is denied");
	else
		say(d, GOOD, "policy", "%s version %s is loaded", policy,
		    version);
	if (strcmp(enforcing, "1"))
		say(d, WARN, "mode", "permissive: denials are only recorded");
	else
		say(d, GOOD, "mode", "denials are enforced");
	if (*permissive && strcmp(permissive, "0"))
		say(d, WARN, "mode", "%s domains are permissive", permissive);
	if (!strcmp(before, "allow"))
		say(d, NOTE, "boot",
		    "until a policy is loaded all is allowed: ewx.before_policy=deny changes that");
	if (!strcmp(clock, "0"))
		say(d, WARN, "clock",
		    "the clock is before the policy's build stamp: rules with until have ended");
}

static void look_at_kernel(struct doctor *d)
{
	uint32_t features = node_features(d->t);
	char *lsm = content(d, "/sys/kernel/security/lsm");
	struct bytes b;
	char *path;

	if (asprintf(&path, "%s/status", d->t->securityfs) < 0)
		path = NULL;
	if (!path || file_read(path, TEXT_MAX, &b)) {
		look_at_absence(d);
	} else {
		say(d, GOOD, "kernel", "EWX is active%s%.*s",
		    *lsm ? "; security modules: " : "",
		    (int)strcspn(lsm, "\n"), lsm);
		look_at_status(d, b.data);
		free(b.data);
	}
	free(path);
	free(lsm);
#define FEATURE(NAME, name)                                                  \
	if (!(features >> EWX_FEATURE_BIT_##NAME & 1))                       \
		say(d, NOTE, "kernel", "policies with " #name " are refused");
	EWX_FEATURES(FEATURE)
#undef FEATURE
}

static void look_at_devices(struct doctor *d)
{
	static const struct {
		const char *path;
		mode_t most;
		const char *what;
	} devices[] = {
		{ "/dev/enclave", 0666, "software enclaves" },
		{ "/dev/sgx_enclave", 0666, "SGX enclaves" },
		{ "/dev/sgx_provision", 0660,
		  "the provisioning key: whoever opens it identifies the machine" },
		{ "/dev/sgx_vepc", 0660,
		  "raw enclave memory for guests, whose enclaves no policy sees" },
	};
	struct stat st;
	bool any = false;

	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		if (!exists(d, devices[i].path, &st))
			continue;
		any = true;
		say(d, (st.st_mode & 0777 & ~devices[i].most) ? WARN : GOOD,
		    "device", "%s, mode %03o, owner %u:%u: %s", devices[i].path,
		    st.st_mode & 0777, st.st_uid, st.st_gid, devices[i].what);
	}
	if (!any)
		say(d, NOTE, "device", "there is no device for enclaves");
}

static void look_at_mounts(struct doctor *d)
{
	char *mounts = content(d, "/proc/mounts");

	for (char *line = strtok(mounts, "\n"); line;
	     line = strtok(NULL, "\n")) {
		char at[256], options[1024];

		if (sscanf(line, "%*s %255s %*s %1023s", at, options) != 2)
			continue;
		if (!strcmp(at, "/dev") && has_word(options, "noexec", ","))
			say(d, WARN, "mount",
			    "/dev is mounted noexec: runtimes cannot map enclave code executable");
	}
	free(mounts);
}

/* What makes enclaves, or things called so, without asking EWX. */
static void look_at_bypasses(struct doctor *d)
{
	static const char *const legacy[] = {
		"/dev/isgx", "/dev/sgx/enclave", "/dev/sgx/provision",
	};
	static const char *const simulation[] = {
		"/usr/lib/libsgx_urts_sim.so",
		"/usr/lib64/libsgx_urts_sim.so",
		"/usr/lib/x86_64-linux-gnu/libsgx_urts_sim.so",
		"/opt/intel/sgxsdk/lib64/libsgx_urts_sim.so",
		"/opt/occlum/sgxsdk-tools/lib64/libsgx_urts_sim.so",
	};
	char *modules = content(d, "/proc/modules");
	struct stat st;

	for (size_t i = 0; i < sizeof(legacy) / sizeof(legacy[0]); i++)
		if (exists(d, legacy[i], &st))
			say(d, BAD, "bypass",
			    "%s is of a driver from outside the kernel, which asks no security module",
			    legacy[i]);
	for (char *line = strtok(modules, "\n"); line;
	     line = strtok(NULL, "\n"))
		if (!strncmp(line, "isgx ", 5) ||
		    !strncmp(line, "intel_sgx ", 10))
			say(d, BAD, "bypass",
			    "module %.*s is a driver from outside the kernel, which asks no security module",
			    (int)strcspn(line, " "), line);
	free(modules);
	for (size_t i = 0; i < sizeof(simulation) / sizeof(simulation[0]); i++)
		if (exists(d, simulation[i], &st))
			say(d, NOTE, "bypass",
			    "%s runs enclaves as ordinary code: no policy sees them",
			    simulation[i]);
}

static void look_at_audit(struct doctor *d)
{
	char *line = content(d, "/proc/cmdline");

	if (has_word(line, "audit=0", " \n") ||
	    has_word(line, "audit=off", " \n"))
		say(d, WARN, "audit",
		    "audit is off on the kernel's command line: denials leave no record");
	free(line);
}

/* The system's policy: does it compile, and who may change it? */
static void look_at_policy(struct doctor *d)
{
	struct policy policy = { 0 };
	struct policy_files files;
	struct tool quiet = *d->t;
	struct stat st;

	if (!exists(d, "/etc/ewx/policy.ewx", &st) &&
	    !exists(d, "/usr/lib/ewx/policy.ewx", &st)) {
		say(d, NOTE, "files", "there is no /etc/ewx/policy.ewx");
		return;
	}
	quiet.verbose = false;
	if (policy_files_find(&quiet, NULL, 0, &files))
		return;
	for (size_t i = 0; i < files.count; i++)
		if (!stat(files.file[i].path, &st) && st.st_mode & 022)
			say(d, BAD, "files",
			    "%s can be written by others than its owner",
			    files.file[i].path);
	policy_files_free(&files);
	if (policy_text(&quiet, NULL, 0, STAMP_FILES, &policy))
		say(d, BAD, "files", "the system's policy does not compile");
	else
		say(d, GOOD, "files", "the system's policy compiles");
	policy_close(&policy);
}

int cmd_doctor(struct tool *t, int argc, char **argv)
{
	struct doctor d = { .t = t, .list = t->json ? json_array() : NULL };
	json_t *all;

	(void)argv;
	if (argc)
		return tool_usage(t, "doctor takes no argument");
	look_at_kernel(&d);
	look_at_policy(&d);
	look_at_devices(&d);
	look_at_mounts(&d);
	look_at_bypasses(&d);
	look_at_audit(&d);
	if (d.list) {
		all = json_object();
		json_object_set_new(all, "findings", d.list);
		if (tool_json(t, all))
			return EXIT_FAIL;
	}
	return d.worst == BAD ? EXIT_FAIL : EXIT_OK;
}
