# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What every script of the build shares: where things are, how a step is
# announced and timed, how a script dies. Sourced, never run. Knows nothing of
# kernels, tests or policies.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=${BUILD:-$ROOT/build}
SERIES=$ROOT/patches/6.12
export ROOT BUILD SERIES

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

say() {
	printf '%s\n' "$*" >&2
}

now_ms() {
	echo $((${EPOCHREALTIME/[.,]/} / 1000))
}

# elapsed MS: as seconds with one decimal, or minutes and seconds
elapsed() {
	local ms=$1

	if ((ms < 60000)); then
		printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
	else
		printf '%d min %02d s' $((ms / 60000)) $((ms / 1000 % 60))
	fi
}

# step NAME COMMAND...: run a step, say its name and how long it took
step() {
	local name=$1 start status=0

	shift
	start=$(now_ms)
	say "== $name"
	"$@" || status=$?
	if ((status)); then
		say "== $name: FAILED ($(elapsed $(($(now_ms) - start))))"
	else
		say "== $name: done ($(elapsed $(($(now_ms) - start))))"
	fi
	return "$status"
}

# quietly LOG COMMAND...: output goes to LOG, whose end is shown on failure;
# a line now and then tells what it is at.
quietly() {
	local log=$1 pid start status=0 next=15

	shift
	mkdir -p "$(dirname "$log")"
	start=$SECONDS
	"$@" >"$log" 2>&1 </dev/null &
	pid=$!
	while kill -0 "$pid" 2>/dev/null; do
		sleep 0.2
		if ((SECONDS - start >= next)); then
			say "   ... $((SECONDS - start)) s, line $(wc -l <"$log"): $(tail -n 1 "$log" | cut -c1-60)"
			next=$((next + 15))
		fi
	done
	wait "$pid" || status=$?
	if ((status)); then
		tail -n 40 "$log" >&2
		say "the whole log: $log"
	fi
	return "$status"
}

# kernel_version DIR: 6.12.117
kernel_version() {
	awk '$1 == "VERSION" { v = $3 } $1 == "PATCHLEVEL" { p = $3 }
	     $1 == "SUBLEVEL" { s = $3 } NR > 6 { exit }
	     END { print v "." p "." s }' "$1/Makefile"
}
