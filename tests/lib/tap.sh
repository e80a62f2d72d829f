# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Counting checks as TAP, in a guest or on the host. Sourced; SUITE is the name that
# results begin with.

n=0
said=''

# check NAME COMMAND...: it must succeed; what is in $said is shown if not
check() {
	local name=$1

	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $SUITE: $name"
	else
		echo "not ok $n - $SUITE: $name"
		sed 's/^/# /' <<<"$said" | head -n 30
	fi
	said=''
}

skip() {
	n=$((n + 1))
	echo "ok $n - $SUITE: $1 # SKIP $2"
}

# works COMMAND...: it ends well; what it says is in $said
works() {
	said=$("$@" 2>&1)
}

finish() {
	echo "1..$n"
}
