// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx rollback, history, boot, renew: what is done with the generations of the
 * store.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <ewx/policy.h>
#include "install.h"

/* The newest generation that is older than @n. */
static unsigned int before(const struct store *s, unsigned int n)
{
	size_t i = s->count;

	while (i && s->n[i - 1] >= n)
		i--;
	return i ? s->n[i - 1] : 0;
}

/*
 * Which one is meant. To run it twice is to run it once: who is back already has a
 * newer generation that is not current.
 */
static unsigned int target(struct tool *t, const struct store *s,
			   unsigned int current, const char *word)
{
	unsigned int n = word ? (unsigned int)strtoul(word, NULL, 10) : 0;

	if (!word && !current)
		tool_error(t, "no generation is current");
	else if (!word && store_link(s, STORE_PENDING))
		return current;
	else if (!word && s->count && s->n[s->count - 1] > current)
		return current;
	else if (!word)
		n = before(s, current);
	else if (!n)
		tool_error(t, "%s is no generation", word);
	if (!word && current && !n)
		tool_error(t, "there is no generation before %u", current);
	return n;
}

/*
 * What waits is given up, whatever the health checks say of what was before: that
 * boots.
 */
static int take_back(struct tool *t, struct change *c)
{
	int ret = EXIT_OK;

	if (!t->no_load && node_load(t, c->policy->blob, c->policy->whole))
		return EXIT_FAIL;
	if (!t->no_load)
		ret = health_check(t, c->policy);
	return change_keep(t, c) ? EXIT_FAIL : ret;
}

static int roll_back(struct tool *t, struct store *s, const char *word)
{
	struct policy policy;
	struct change c = {
		.store = s,
		.policy = &policy,
		.from = store_link(s, STORE_CURRENT),
	};
	int ret;

	c.to = target(t, s, c.from, word);
	if (!c.to || store_read(s, c.to, &policy, NULL))
		return EXIT_FAIL;
	if (c.to == c.from && store_link(s, STORE_PENDING)) {
		ret = take_back(t, &c);
	} else {
		ret = t->no_load ? EXIT_OK : change_load(t, &c);
		if (!ret)
			ret = change_keep(t, &c);
	}
	policy_close(&policy);
	return ret;
}

int cmd_rollback(struct tool *t, int argc, char **argv)
{
	struct store s;
	int ret;

	if (argc > 1)
		return tool_usage(t, "rollback takes one generation");
	t->no_load |= t->root != NULL;
	if (store_open(&s, t, STORE_WRITE))
		return EXIT_FAIL;
	ret = roll_back(t, &s, argc ? argv[0] : NULL);
	store_close(&s);
	return ret;
}

static json_t *generation_json(const struct store *s, unsigned int n,
			       const char *active)
{
	unsigned int current = store_link(s, STORE_CURRENT);
	unsigned int pending = store_link(s, STORE_PENDING);
	json_t *o = json_object();
	struct policy policy;
	uint64_t installed = 0;
	char digest[65];

	json_object_set_new(o, "generation", json_integer(n));
	json_object_set_new(o, "current", json_boolean(n == current));
	json_object_set_new(o, "pending", json_boolean(n == pending));
	if (store_read(s, n, &policy, &installed)) {
		json_object_set_new(o, "good", json_false());
		return o;
	}
	policy_digest(&policy, digest);
	json_object_set_new(o, "good", json_true());
	json_object_set_new(o, "active", json_boolean(!strcmp(digest, active)));
	json_object_set_new(o, "policy",
			    tool_json_string(ewx_judge_name(policy.judge)));
	json_object_set_new(
		o, "version",
		tool_json_number(ewx_judge_version(policy.judge)));
	json_object_set_new(o, "format",
			    json_integer(ewx_judge_format(policy.judge)));
	json_object_set_new(o, "signed",
			    json_boolean(policy.whole > policy.size));
	json_object_set_new(o, "installed",
			    json_integer((json_int_t)installed));
	json_object_set_new(o, "digest", json_string(digest));
	policy_close(&policy);
	return o;
}

static void print_generation(const json_t *o)
{
	static const char *const marks[] = { "current", "active", "pending",
					     "signed" };
	time_t at = (time_t)json_integer_value(json_object_get(o, "installed"));
	const char *comma = "  ";
	char when[32] = "";
	struct tm tm;

	printf("%-4lld ", json_integer_value(json_object_get(o, "generation")));
	if (!json_is_true(json_object_get(o, "good"))) {
		puts("broken");
		return;
	}
	if (gmtime_r(&at, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M UTC", &tm);
	printf("%-20s %-8lld %s  %.12s",
	       json_string_value(json_object_get(o, "policy")),
	       json_integer_value(json_object_get(o, "version")), when,
	       json_string_value(json_object_get(o, "digest")));
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (!json_is_true(json_object_get(o, marks[i])))
			continue;
		printf("%s%s", comma, marks[i]);
		comma = ", ";
	}
	putchar('\n');
}

int cmd_history(struct tool *t, int argc, char **argv)
{
	json_t *list = json_array(), *all;
	char active[65] = "";
	const json_t *row;
	struct store s;
	size_t i;

	(void)argv;
	if (argc)
		return tool_usage(t, "history takes no argument");
	if (!store_open(&s, t, STORE_READ)) {
		if (!t->root)
			node_digest_silent(t, active);
		for (i = s.count; i--;)
			json_array_append_new(list, generation_json(&s, s.n[i],
								    active));
		store_close(&s);
	} else if (errno != ENOENT) {
		json_decref(list);
		return EXIT_FAIL;
	}
	if (t->json) {
		all = json_object();
		json_object_set_new(all, "generations", list);
		return tool_json(t, all);
	}
	json_array_foreach(list, i, row) print_generation(row);
	if (!json_array_size(list))
		puts("nothing is installed");
	json_decref(list);
	return EXIT_OK;
}

/* Return: 0, or the errno of the kernel, or of what there is to load. */
static int load_generation(struct tool *t, const struct store *s,
			   unsigned int n)
{
	struct policy policy;
	int err;

	if (store_read(s, n, &policy, NULL))
		return EBADMSG;
	err = node_load(t, policy.blob, policy.whole) ? errno : 0;
	policy_close(&policy);
	return err;
}

/*
 * What is current, else what was before it; that is a failure all the same. What an
 * older initramfs or the kernel itself brought is that version too: nothing older
 * takes its place because its bytes are others.
 */
static int boot_store(struct tool *t, const struct store *s, unsigned int n)
{
	int err = load_generation(t, s, n);

	if (!err)
		return EXIT_OK;
	while (err != EEXIST && (n = before(s, n))) {
		tool_error(t, "trying generation %u", n);
		err = load_generation(t, s, n);
		if (err)
			continue;
		tool_error(
			t,
			"the current generation does not load; generation %u is in force",
			n);
		return EXIT_FAIL;
	}
	if (err == EEXIST)
		return tool_error(
			t,
			"what the kernel has of this version stays in force: is the initramfs older than generation %u?",
			n);
	return tool_error(
		t,
		"no generation loads: nothing but what was loaded before is in force");
}

/* What there is to load matters less than that no kernel would take it. */
static void look_for_kernel(struct tool *t)
{
	struct bytes b;

	if (!node_read(t, "status", &b))
		free(b.data);
}

/* A policy as text: the system's, if no file is named. */
static int boot_text(struct tool *t, char **files, size_t count)
{
	struct policy policy;
	int ret;

	if (policy_open(t, files, count, STAMP_FILES, &policy)) {
		look_for_kernel(t);
		return EXIT_FAIL;
	}
	ret = node_load(t, policy.blob, policy.whole);
	policy_close(&policy);
	return ret;
}

/*
 * The first install was not finished, or not confirmed. The text in /etc may be what
 * it was about; what the packages brought is what booted before.
 */
static int boot_packages(struct tool *t)
{
	const char *root = t->root ? t->root : "";
	char *names[2];

	tool_error(
		t,
		"no generation is current: none was confirmed, so none is loaded");
	if (asprintf(&names[0], "%s/usr/lib/ewx/policy.ewx", root) < 0)
		return EXIT_FAIL;
	if (access(names[0], F_OK)) {
		look_for_kernel(t);
	} else if (asprintf(&names[1], "%s/usr/lib/ewx/policy.d", root) > 0) {
		tool_error(t, "trying %s", names[0]);
		boot_text(t, names, file_is_folder(names[1]) ? 2 : 1);
		free(names[1]);
	}
	free(names[0]);
	return EXIT_FAIL;
}

int cmd_boot(struct tool *t, int argc, char **argv)
{
	unsigned int current;
	struct store s;
	int ret;

	(void)argv;
	if (argc)
		return tool_usage(t, "boot takes no argument");
	if (store_open(&s, t, STORE_READ))
		return errno == ENOENT ? boot_text(t, NULL, 0) : EXIT_FAIL;
	current = store_link(&s, STORE_CURRENT);
	if (current)
		ret = boot_store(t, &s, current);
	else if (s.count)
		ret = boot_packages(t);
	else
		ret = boot_text(t, NULL, 0); /* it came to nothing */
	store_close(&s);
	return ret;
}

/* Whether a whole header says that it is a policy in another version's format. */
static bool other_format(const struct policy *policy)
{
	const struct bytes b = { policy->blob, policy->whole };
	struct ewx_header header;

	if (policy->whole < sizeof(header) || !policy_is_binary(&b))
		return false;
	memcpy(&header, policy->blob, sizeof(header));
	return le32toh(header.format) != EWX_POLICY_FORMAT;
}

/* From the text that is kept with it. Return: 0 or -1 (said). */
static int renew_text(struct tool *t, struct store *s, unsigned int n,
		      const struct policy *old)
{
	struct policy new = { 0 };
	struct bytes text;
	char *name;
	int ret;

	if (asprintf(&name, "%s/%u/policy.ewx", s->path, n) < 0)
		return -1;
	ret = store_text(s, n, &text);
	if (!ret) {
		free(text.data);
		ret = policy_text(t, &name, 1, STAMP_COMMENT, &new);
	}
	if (!ret &&
	    (new.size != old->size || memcmp(new.blob, old->blob, new.size)))
		ret = store_renew(s, n, &new);
	free(name);
	policy_close(&new);
	return ret;
}

/* Return: EXIT_OK: it is in this version's format, now or already. */
static int renew(struct tool *t, struct store *s, unsigned int n)
{
	struct policy old;
	int ret;

	if (store_take(s, n, &old, NULL))
		return EXIT_FAIL;
	/* Another version's bytes are that version's to verify. */
	ret = other_format(&old) ? 0 : store_verify(s, n, &old);
	if (!ret && old.whole == old.size)
		ret = renew_text(t, s, n, &old);
	else if (!ret && other_format(&old))
		ret = tool_error(
			t,
			"generation %u is signed: sign it again in format %d",
			n, EWX_POLICY_FORMAT);
	policy_close(&old);
	return ret ? EXIT_FAIL : EXIT_OK;
}

int cmd_renew(struct tool *t, int argc, char **argv)
{
	unsigned int current;
	struct store s;
	int ret = EXIT_OK;

	(void)argv;
	if (argc)
		return tool_usage(t, "renew takes no argument");
	if (store_open(&s, t, STORE_READ))
		return errno == ENOENT ? EXIT_OK : EXIT_FAIL;
	store_close(&s);
	if (store_open(&s, t, STORE_WRITE))
		return EXIT_FAIL;
	current = store_link(&s, STORE_CURRENT);
	if (current)
		ret = renew(t, &s, current);
	store_close(&s);
	return ret;
}
