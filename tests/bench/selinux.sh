# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What benchmarks in a guest with SELinux share. Sourced, never run.

# start_selinux RULES: enforce the policy of SELinux's tests, with the rules of that file too
start_selinux() {
	mountpoint -q /sys/fs/selinux || mount -t selinuxfs selinuxfs /sys/fs/selinux
	build/lsm/classes >/tmp/classes
	tests/vm/selinux/policy /tmp/classes "$1" >/tmp/policy.conf
	checkpolicy -U deny -o /tmp/policy.bin /tmp/policy.conf >&2
	build/lsm/load /tmp/policy.bin
	# What is made below it gets this type.
	chcon system_u:object_r:code_t /mnt/ext4
	[[ $(</sys/fs/selinux/enforce) == 1 ]]
}

# as DOMAIN COMMAND...
as() {
	(printf %s "system_u:system_r:$1_t" >/proc/self/attr/exec && shift && exec "$@")
}
