# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A clean Debian root: what the tests of packages share. Sourced in the source tree,
# after scripts/lib.sh, by one that says SUITE, the name of its results, and TREE, its
# root. Knows no package.
#
# build/packages/base   what debootstrap made, kept for the next run

OUT=$BUILD/packages
BASE=$OUT/base
. tests/lib/tap.sh

base() {
	[[ -f $BASE.done ]] && return
	rm -rf "$BASE"
	mkdir -p "$OUT"
	debootstrap --variant=minbase --include=systemd-sysv,udev bookworm "$BASE" && touch "$BASE.done"
}

# inside COMMAND...: in the tree, as its root
inside() {
	unshare --mount --pid --fork --kill-child chroot "$TREE" \
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"
}

# make_image FILE MIB: a file system with what is in the tree
make_image() {
	rm -f "$1"
	truncate -s "$2M" "$1" && /sbin/mke2fs -q -F -t ext4 -d "$TREE" "$1"
}

# results FILE PHASE: lines "ok|not ok, a tab, what was looked at, a tab, what it was"
results() {
	local result name what

	said=''
	check "$2: something was looked at" test -s "$1"
	[[ -s $1 ]] || return
	while IFS=$'\t' read -r result name what; do
		said=${what//$'\r'/$'\n'}
		check "$2: $name" test "$result" = ok
	done <"$1"
}
