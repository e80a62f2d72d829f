#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# live.sh - the verdict vectors against the running kernel: each policy is
# loaded through securityfs, each request asked with "ewx query --live". Prints
# TAP, one test for each vector file.
#
# Needs root and a kernel with EWX. EWX=path of the command (default:
# build/bin/ewx).
# Leaves the last policy loaded. Exit 0 only if all agree.
ewx=${EWX:-$(dirname "$0")/../../build/bin/ewx}
built=1700000000	# VECTORS_BUILT
number=0
passed=0
failed=0
bad=0

case $ewx in
*/*) ewx=$(realpath "$ewx") ;;
esac
cd "$(dirname "$0")" || exit 2
blob=$(mktemp) || exit 2
trap 'rm -f "$blob"' EXIT

trim() {
	printf '%s' "$1" | sed 's/^[[:space:]]*//; s/[[:space:]]*$//'
}

load() {
	# shellcheck disable=SC2086 # several files
	"$ewx" compile $1 --built $built -o "$blob" 2>/dev/null &&
	"$ewx" load "$blob" >/dev/null && loaded=1 && return
	echo "# $2: policy $1 does not load"
	failed=$((failed + 1))
	loaded=
}

# What stands left out after "allow" or "defer" is not compared; another
# permission than the first is asked for by name.
check() {
	want=$(trim "${2#*=>}")
	got=$("$ewx" query --live --policy "$blob" "$(trim "${2%%=>*}")" 2>&1)
	same=
	[ "$got" = "$want" ] && same=1
	[ "$want" = "${got%% *}" ] && [ "$want" != deny ] && same=1
	if [ ! "$same" ] && [ "${want%% *}" = "${got%% *}" ] &&
	   [ "${want%% *}" != deny ]; then
		got=$("$ewx" query --live --policy "$blob" --json \
			"$(trim "${2%%=>*}")" | place_of "$want")
		[ "$got" = "$want" ] && same=1
	fi
	if [ "$same" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '# %s: %s\n#   expected %s\n#   got      %s\n' "$1" \
			"${2%%=>*}" "$want" "$got"
	fi
}

# Of the JSON answer, the line that the wanted permission would give.
place_of() {
	awk -v verdict="${1%% *}" -v want="$(echo "$1" | cut -d ' ' -f 2)" '
		{ gsub(/[",]/, "") }
		$1 == "permission:" { name = $2; place = "-" }
		$1 == "reason:" { reason = $2 }
		$1 == "file:" { file = $2 }
		$1 == "line:" { place = file ":" $2 }
		/^ *}/ && name == want {
			print verdict, name, reason, place
			exit
		}'
}

set -- *.vec
echo "1..$#"
for vec; do
	number=$((number + 1))
	row=0
	passed=0
	failed=0
	loaded=
	while IFS= read -r line || [ "$line" ]; do
		row=$((row + 1))
		case $line in
		'' | '#'*) ;;
		'policy '*) load "${line#policy }" "$vec:$row" ;;
		*) [ "$loaded" ] && check "$vec:$row" "$line" ;;
		esac
	done <"$vec"
	if [ $failed = 0 ] && [ $passed -gt 0 ]; then
		echo "ok $number - ${vec%.vec}: $passed vectors agree"
	else
		echo "not ok $number - ${vec%.vec}: $failed vectors differ"
		bad=$((bad + 1))
	fi
done
[ $bad = 0 ]
