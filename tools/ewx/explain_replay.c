// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The request of a record put to policies again: to the one that decided, found by
 * its digest, and to another, or the kernel's present one.
 *
 * Owns: which policy is asked, and what no record holds. Must not know how a
 * record is shown.
 */
#include <dirent.h>
#include <errno.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include <ewx/policy.h>
#include "explain.h"
#include "query.h"

void explain_digest(char hex[65], const struct policy *policy)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];

	SHA256(policy->blob, policy->size, digest);
	for (int i = 0; i < SHA256_DIGEST_LENGTH; i++)
		sprintf(hex + 2 * i, "%02x", digest[i]);
}

/* Return: 1 if it is a binary policy, 0 if not, -1 with errno. */
static int keep_file(struct explain *x, const char *path)
{
	struct explain_policy *grown;
	struct policy policy;
	char digest[65];
	struct bytes b;
	bool binary;

	if (file_read(path, EWX_POLICY_MAX_SIZE, &b))
		return -1;
	binary = policy_is_binary(&b);
	policy_take(&policy, &b);
	explain_digest(digest, &policy);
	policy_close(&policy);
	if (!binary)
		return 0;
	grown = reallocarray(x->kept, x->kept_count + 1, sizeof(*grown));
	if (!grown)
		return -1;
	x->kept = grown;
	grown += x->kept_count;
	grown->path = strdup(path);
	if (!grown->path)
		return -1;
	strcpy(grown->digest, digest);
	x->kept_count++;
	return 1;
}

/* Of a folder, the files that are binary policies. */
static int keep_folder(struct tool *t, struct explain *x)
{
	DIR *dir = opendir(t->recorded);
	struct dirent *e;
	char *path;

	if (!dir)
		return -1;
	while ((e = readdir(dir))) {
		if (asprintf(&path, "%s/%s", t->recorded, e->d_name) < 0)
			continue;
		if (!file_is_folder(path) && keep_file(x, path) < 0)
			tool_error(t, "%s: %s", path, strerror(errno));
		free(path);
	}
	closedir(dir);
	return 0;
}

int explain_keep(struct tool *t, struct explain *x)
{
	int got;

	if (!t->recorded)
		return 0;
	if (file_is_folder(t->recorded))
		got = keep_folder(t, x) ? -1 : 1;
	else
		got = keep_file(x, t->recorded);
	if (got > 0)
		return 0;
	tool_error(t, "%s: %s", t->recorded,
		   got ? strerror(errno) : "no binary policy");
	return -1;
}

void explain_close(struct explain *x)
{
	for (size_t i = 0; i < x->kept_count; i++)
		free(x->kept[i].path);
	free(x->kept);
	if (x->then.has_policy)
		answer_close(&x->then);
}

/* The policy that decided, or NULL: it is not among those that were kept. */
static struct answer *policy_then(struct tool *t, struct explain *x,
				  const struct ewx_record *r)
{
	const char *digest = ewx_record_text(r, EWX_RECORD_digest);

	if (*digest && !strcmp(x->then_digest, digest))
		return &x->then;
	for (size_t i = 0; i < x->kept_count; i++) {
		if (strcmp(x->kept[i].digest, digest))
			continue;
		if (x->then.has_policy)
			answer_close(&x->then);
		memset(&x->then, 0, sizeof(x->then));
		x->then_digest[0] = '\0';
		if (policy_open(t, &x->kept[i].path, 1, STAMP_NONE,
				&x->then.policy))
			return NULL;
		x->then.has_policy = true;
		strcpy(x->then_digest, x->kept[i].digest);
		return &x->then;
	}
	return NULL;
}

static int reason_of(const struct ewx_record *r)
{
	const char *word = ewx_record_text(r, EWX_RECORD_reason);

	return ewx_name_find(EWX_NAMES_REASON, word, strlen(word));
}

/* Parts of the decision that no record holds, where they matter; or NULL. */
static const char *limit_of(const struct ewx_record *r)
{
	switch (reason_of(r)) {
	case EWX_REASON_MAX:
		return "The record does not hold how many pages were in use; the replay counts none.";
	case EWX_REASON_IDENTITY:
		return "The record does not hold what was loaded before; the replay judges this request alone.";
	case EWX_REASON_POLICY_CHANGED:
	case EWX_REASON_ADMITTED_UNJUDGED:
		return "The cause lies in the enclave's past; the replay judges this request alone.";
	case EWX_REASON_NO_MEMORY:
		return "The kernel was short of memory; the replay is not.";
	default:
		return NULL;
	}
}

/* Whether the policy at hand is the one that decided: by its bytes. */
static bool same_policy(const struct explain *x, const struct ewx_record *r)
{
	return x->now_digest[0] &&
	       !strcmp(x->now_digest, ewx_record_text(r, EWX_RECORD_digest));
}

/* Whether it calls itself so: its text may have been changed since. */
static bool same_name(const struct answer *a, const struct ewx_record *r)
{
	uint64_t version = ewx_judge_version(a->policy.judge);

	return !strcmp(ewx_judge_name(a->policy.judge),
		       ewx_record_text(r, EWX_RECORD_policy)) &&
	       (version > INT64_MAX ? INT64_MAX : (__s64)version) ==
		       ewx_record_number(r, EWX_RECORD_version);
}

static bool is_place(const char *file, __u32 line, const char *its_file,
		     __u32 its_line)
{
	return its_file && line == its_line && !strcmp(file, its_file);
}

/* Whether a rule of the policy, or a domain, stands there. */
static bool has_line(const struct ewx_judge *j, const char *file, __u32 line)
{
	struct ewx_domain_view domain;
	struct ewx_rule_view rule;
	uint32_t i;

	for (i = 0; ewx_judge_rule(j, i, &rule); i++)
		if (is_place(file, line, rule.file, rule.line))
			return true;
	for (i = 0; ewx_judge_domain(j, i, &domain); i++)
		if (is_place(file, line, domain.file, domain.line))
			return true;
	return false;
}

bool explain_has_line(struct tool *t, struct explain *x,
		      const struct ewx_record *r, const char *file, __u32 line)
{
	struct answer *then = t->recorded ? policy_then(t, x, r) : NULL;

	if (then && has_line(then->policy.judge, file, line))
		return true;
	return x->now && x->now->has_policy &&
	       (same_policy(x, r) || same_name(x->now, r)) &&
	       has_line(x->now->policy.judge, file, line);
}

static int ask(const struct tool *t, struct answer *a,
	       const struct ewx_record *r, bool by_domain, struct ewx_query *q)
{
	char error[EWX_RECORD_ERROR_MAX];

	if (ewx_record_query(r, by_domain, q, error))
		return -EINVAL;
	return answer_ask(t, a, q);
}

/*
 * Put the recorded request to a policy. The policy that decided is asked for
 * the recorded domain; another one classifies the process anew, as far as the
 * record describes it.
 */
static int replay(struct tool *t, struct explain *x, const struct ewx_record *r,
		  struct ewx_query *q, const char **classified)
{
	bool by_domain = same_policy(x, r);
	struct answer *a = x->now;
	const char *domain;
	int err;

	*classified = NULL;
	err = ask(t, a, r, by_domain, q);
	if (err == -ENOENT && by_domain)
		err = ask(t, a, r, false, q);
	if (err || by_domain || !a->has_policy || a->reply.domain == EWX_NONE)
		return err;
	domain = answer_decision(a, EWX_REPLY_VERDICT).domain;
	if (strcmp(domain, ewx_record_text(r, EWX_RECORD_domain)))
		*classified = domain;
	return 0;
}

/* The request put to the policy that decided, whatever --live says. */
static int replay_then(struct tool *t, struct answer *then,
		       const struct ewx_record *r, struct ewx_query *q)
{
	struct tool offline = *t;
	int err;

	offline.live = false;
	err = ask(&offline, then, r, true, q);
	return err ? answer_error(t, then, q, err) : EXIT_OK;
}

/* The same policy answered something else than the record says. */
static bool differs(const struct answer *a, const struct ewx_record *r)
{
	const char *missing = ewx_record_text(r, EWX_RECORD_missing);
	__u32 denied = 0;

	while (*missing) {
		size_t n = strcspn(missing, ",");
		int bit = ewx_name_find(EWX_NAMES_PERMISSION, missing, n);

		if (bit >= 0)
			denied |= 1U << bit;
		missing += n + (missing[n] == ',');
	}
	return !limit_of(r) && a->reply.denied != denied;
}

static int show_then(struct tool *t, struct explain *x,
		     const struct ewx_record *r, struct ewx_query *q)
{
	struct answer *then = policy_then(t, x, r);

	label(t, "recorded");
	if (!then) {
		puts("the policy that decided is not among those of --recorded");
		return EXIT_OK;
	}
	if (replay_then(t, then, r, q))
		return EXIT_FAIL;
	show_verdict(t, then);
	if (differs(then, r)) {
		puts("The record says otherwise: this policy does not decide what it says.");
		return EXIT_FAIL;
	}
	return EXIT_OK;
}

int explain_replay(struct tool *t, struct explain *x,
		   const struct ewx_record *r, struct ewx_query *q)
{
	const char *classified, *limit = limit_of(r);
	int ret = EXIT_OK, err;

	if (t->recorded)
		ret = show_then(t, x, r, q);
	if (x->now) {
		err = replay(t, x, r, q, &classified);
		if (err)
			return answer_error(t, x->now, q, err);
		label(t, "replay");
		show_verdict(t, x->now);
		if (classified) {
			fputs("This policy puts the process into domain ",
			      stdout);
			ewx_print_safe(stdout, classified, 0);
			puts(" (a record holds no supplementary groups and no cgroup).");
		}
	}
	if (limit && (x->now || t->recorded))
		puts(limit);
	return ret;
}

int explain_replay_json(struct tool *t, struct explain *x,
			const struct ewx_record *r, struct ewx_query *q,
			json_t *all)
{
	struct answer *then = t->recorded ? policy_then(t, x, r) : NULL;
	const char *classified;
	int ret = EXIT_OK, err;
	json_t *o;

	if (then && replay_then(t, then, r, q)) {
		ret = EXIT_FAIL;
	} else if (then) {
		o = answer_json(then, q);
		json_object_set_new(o, "differs",
				    json_boolean(differs(then, r)));
		json_object_set_new(all, "recorded", o);
		ret = differs(then, r) ? EXIT_FAIL : EXIT_OK;
	}
	if (x->now) {
		err = replay(t, x, r, q, &classified);
		if (err)
			ret = answer_error(t, x->now, q, err);
		else
			json_object_set_new(all, "replay",
					    answer_json(x->now, q));
	}
	return ret;
}
