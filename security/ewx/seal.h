/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What may no longer be changed, until reboot.
 *
 * Owns: the seal, whether policies have to be signed, and the lock under which all
 * that these bind is changed. Knows nothing of policies and their signatures.
 */
#ifndef _SECURITY_EWX_SEAL_H
#define _SECURITY_EWX_SEAL_H

#include <linux/mutex.h>
#include <linux/types.h>

/*
 * EWX_SEALS - what is sealed. X(NAME, name, what)
 *
 * Each seals what those before it seal. No seal is ever taken back.
 */
#define EWX_SEALS(X)							\
	X(NONE, none, "nothing")					\
	X(SIGNED, signed, "policies: only signed, newer releases of the active one; no permissive mode") \
	X(CLOSED, closed, "policies: none is loaded; no permissive mode")

enum ewx_seal {
#define EWX_SEAL_ENUM(NAME, name, what) EWX_SEAL_##NAME,
	EWX_SEALS(EWX_SEAL_ENUM)
#undef EWX_SEAL_ENUM
	EWX_SEAL_COUNT
};

/*
 * Held while the policy, the mode or the seal changes, so that what is sealed does
 * not change behind the seal. May be held across sleeps.
 */
extern struct mutex ewx_control_lock;

/** ewx_seal() - what is sealed now. */
enum ewx_seal ewx_seal(void);

/** ewx_seal_name() - its word. */
const char *ewx_seal_name(enum ewx_seal seal);

/**
 * ewx_seal_raise() - seal.
 * @word: what; the same again changes nothing
 * @before: see @now
 * @now: get what was sealed, and what is
 * Return: 0; -EINVAL no such word; -EPERM more is sealed already; -ENODATA there is
 * no policy; -EBUSY denials are not enforced.
 */
int ewx_seal_raise(const char *word, enum ewx_seal *before, enum ewx_seal *now);

/**
 * ewx_signature_required() - do policies have to be signed? By configuration, boot
 * parameter or seal.
 * @lockdown: also if the kernel is locked down, which then says so in its log
 *
 * Return: whether it is.
 */
bool ewx_signature_required(bool lockdown);

/**
 * ewx_change_mode() - enforce denials, or only record them.
 * @on: enforce
 * @before: gets the mode before
 * Return: 0, or -EPERM: sealed.
 */
int ewx_change_mode(bool on, bool *before);

/** ewx_seal_reset() - as after boot. For tests. */
void ewx_seal_reset(void);

#endif /* _SECURITY_EWX_SEAL_H */
