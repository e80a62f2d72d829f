# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the guests' sides of the life cycle's tests share. Sourced, in the source tree.

. tests/lib/tap.sh

NODES=/sys/kernel/security/ewx
KEYS=build/keys

# rule MUTANT NAME COMMAND...: likewise; with the kernel's rule MUTANT forgotten it fails
rule() {
	echo "# rule $1 $SUITE: $2"
	check "${@:2}"
}

# refused WORDS COMMAND...: it fails and says these words
refused() {
	local words=$1

	shift
	said=$("$@" 2>&1) && return 1
	grep -qF -- "$words" <<<"$said"
}

# status KEY
status() {
	sed -n "s/^$1: //p" $NODES/status
}

# policy VERSION FILE [NAME]
policy() {
	cat >"$2" <<-END
	language 1;
	policy ${3:-life} version $1;
	domain d { exe "/bin/d$1"; allow create; }
	END
	touch -d "@$((1700000000 + $1))" "$2"
}

# signed VERSION KEY FILE [NAME]: a policy of that version with a signature
signed() {
	policy "$1" /tmp/text.ewx "${4:-life}"
	ewx compile -o /tmp/blob.bin /tmp/text.ewx &&
		ewx sign /tmp/blob.bin --key "$KEYS/$2.key" --cert "$KEYS/$2.pem" -o "$3"
}

# recorded PATTERN: the audit log has it, now or soon
recorded() {
	for _ in {1..50}; do
		grep -qaE "$1" "$EWX_OUT/audit" && return
		sleep 0.1
	done
	said="no $1 among: $(grep -a 'lsm=ewx' "$EWX_OUT/audit" | tail -n 3)"
	return 1
}

# wait_for COMMAND...: until it succeeds, ten seconds at most
wait_for() {
	for _ in {1..200}; do
		! "$@" || return 0
		sleep 0.05
	done
	return 1
}

# A folder /etc that can be written to.
writable_etc() {
	cp -a /etc /tmp/etc 2>/dev/null
	mount --bind /tmp/etc /etc
}
