# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Inside a test machine: checks as TAP, and what the kernel multicasts to who reads the
# audit log, of which tests/vm/run keeps a copy in $EWX_OUT/audit.

. "$(dirname "${BASH_SOURCE[0]}")/../../lib/tap.sh"

# shellcheck disable=SC2034 # of tap.sh
SUITE=audit
NODES=/sys/kernel/security/ewx

counter() {
	sed -n "s/^$1: //p" $NODES/counters
}

# What the kernel multicasts is written with a little delay: wait for a record that
# is asked for now. After 20 seconds what should be there is missing.
settle() {
	local before

	# Not one that was refused before, and is still on its way.
	before=$(grep -ac '^type=1404 .* res=1 ' "$EWX_OUT/audit")
	cat $NODES/audit >/tmp/level
	cat /tmp/level >$NODES/audit
	for ((i = 0; i < 400; i++)); do
		[[ $(grep -ac '^type=1404 .* res=1 ' "$EWX_OUT/audit") == "$before" ]] || return
		sleep 0.05
	done
}

# What was multicast from line $1 on, without the record that ends it
multicast() {
	settle
	tail -n "+$1" "$EWX_OUT/audit" | sed '$d'
}

mark() {
	settle
	echo $(($(wc -l <"$EWX_OUT/audit") + 1))
}
