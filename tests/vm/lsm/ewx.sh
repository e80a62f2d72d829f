# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# EWX beside another security module, in a guest: domains by the context of that one,
# and a verdict that is the AND. lib.sh and the functions "allowed" and "denied" come
# before.

# ewx_active: whether EWX is in this boot's list of modules
ewx_active() {
	grep -qw ewx /sys/kernel/security/lsm
}

# ewx_policy CONTEXT CONTEXT CONTEXT: "files" may load code of files; "anonymous"
# anonymous code too, and share; "other" likewise, which the other module denies.
ewx_policy() {
	cat <<-END
	language 1;
	policy beside version 1;
	source code { path "/mnt/ext4/lsm/**"; }
	allow create, change;
	allow exec_file from code;
	for any { allow init; }
	domain files { context "$1"; deny share; }
	domain anonymous { context "$2"; allow share; for any { allow exec_anon; } }
	domain other { context "$3"; for any { allow exec_anon; } }
	domain default { deny create, exec_file; }
	END
}

# ewx_beside CHANGE DOMAIN DOMAIN DOMAIN CONTEXT CONTEXT CONTEXT: the domains are the
# arguments of allowed and denied, the contexts what EWX knows them by; CHANGE DOMAIN
# prints what makes a task that domain
ewx_beside() {
	local change=$1 files=$2 anonymous=$3 other=$4

	ewx_policy "$5" "$6" "$7" >/tmp/beside.ewx
	said=$(ewx load /tmp/beside.ewx 2>&1)
	check 'EWX: a policy by contexts is loaded' grep -q 'is active' <<<"$said"
	check 'EWX and this: both allow' allowed "$files" exec_file
	check 'EWX denies what this allows' denied "$files" exec_anon
	check 'this denies what EWX allows' denied "$other" exec_anon
	check 'both allow the same to another context' allowed "$anonymous" exec_anon
	check 'EWX judges anew after the change of context: allowed' \
		allowed "$files" load_later "$($change "$anonymous")"
	check 'EWX judges anew after the change of context: denied' \
		denied "$anonymous" load_later "$($change "$files")"
	check 'a mapping by another context: allowed' \
		allowed "$files" share_context "$($change "$anonymous")"
	check 'a mapping by another context: denied' \
		denied "$anonymous" share_context "$($change "$files")"
}
