# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The example of policy/bpf, in a guest: started and ended. lib.sh comes before.

EXAMPLE=build/lsm/enclave-bpf
TRACE=/tmp/trace

# example OPTION...: start it; it is ready
example() {
	$EXAMPLE "$@" >$TRACE 2>&1 &
	example=$!
	for ((i = 0; i < 300; i++)); do
		grep -qx ready $TRACE && return
		kill -0 "$example" 2>/dev/null || break
		sleep 0.1
	done
	said=$(<$TRACE)
	return 1
}

end() {
	kill "$example"
	wait "$example"
}

# traced PATTERN...: each is in the trace
traced() {
	local pattern

	said=$(<$TRACE)
	for pattern; do
		grep -qE "$pattern" <<<"$said" || return
	done
}
