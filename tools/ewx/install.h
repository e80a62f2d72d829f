/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Putting a generation of the store into force.
 *
 * Owns: load, look whether it is well, and the way back. Knows the store and the
 * kernel's nodes.
 */
#ifndef _EWX_INSTALL_H
#define _EWX_INSTALL_H

#include "store.h"

/**
 * struct change - from one generation to another.
 * @store: open for writing
 * @policy: of @to
 * @before: without @from, what the kernel had; no blob: nothing
 * @from: in force before, 0: none; @to: to be
 * @added: @to was made for this, and goes if it comes to nothing
 */
struct change {
	struct store *store;
	struct policy *policy;
	struct policy before;
	unsigned int from;
	unsigned int to;
	bool added;
};

/**
 * change_load() - load @to, and look whether it is well; if not, go back.
 * Return: EXIT_OK or EXIT_FAIL (said).
 */
int change_load(struct tool *t, struct change *c);

/** change_back() - load @from or @before again. Return: EXIT_OK or EXIT_FAIL (said). */
int change_back(struct tool *t, const struct change *c);

/** change_keep() - @to is what boots. Return: EXIT_OK or EXIT_FAIL (said). */
int change_keep(struct tool *t, struct change *c);

/**
 * change_confirm() - load @to, and keep it if somebody says so within @seconds, else go
 * back. Goes back as well when this process is killed. Return: EXIT_OK: kept.
 */
int change_confirm(struct tool *t, struct change *c, uint64_t seconds);

/**
 * health_check() - is this policy in force, and do the administrator's programs in
 * /etc/ewx/health.d agree? Return: EXIT_OK or EXIT_FAIL (said).
 */
int health_check(struct tool *t, const struct policy *policy);

/** policy_diff() - say what @policy[1] allows and denies, other than @policy[0]. */
int policy_diff(struct tool *t, struct policy policy[2]);

#endif /* _EWX_INSTALL_H */
