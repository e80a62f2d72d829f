#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh VERBOSE PROGRAM [ARGS] - run one unit test program, say how it went.
verbose=$1
shift
# Memory is never zero by chance. That it is used after it was freed is seen among the last
# 16 MB; with more, half of the time goes into pages that are touched for the first time.
export ASAN_OPTIONS="max_malloc_fill_size=1048576:quarantine_size_mb=16:malloc_context_size=8${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
log=$1.log
name=${1##*/}
if [ "$verbose" != 0 ]; then
	"$@"
	exit
fi
if "$@" >"$log" 2>&1; then
	echo "ok   $name: $(grep -c '^\[       OK \]' "$log") tests"
	exit 0
fi
echo "FAIL $name"
sed 's/^/     /' "$log"
exit 1
