# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Runtimes: where their programs and code are put, how a script is replayed, how a
# shipped policy becomes one for the tests' key. Sourced, in a test machine or by
# ewx-selftest, which says by RUNTIMES_* where things are.

HERE=${RUNTIMES_FROM:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)}
TOP=$(cd "$HERE/../.." && pwd)
POLICIES=${RUNTIMES_POLICIES:-$TOP/policy/runtimes}
BUILT=${RUNTIMES_FROM:-$TOP/build/runtimes}
KEY=${RUNTIMES_KEY:-$BUILT/key.pem}
REPLAY=$BUILT/replay
OPT=${RUNTIMES_OPT:-/opt}
export HERE TOP BUILT KEY REPLAY OPT

runtimes() {
	local f

	for f in "$HERE"/*.replay; do
		basename "$f" .replay
	done
}

# head_of NAME WORD: a line of the script's head
head_of() {
	"$REPLAY" --print "$2" "$HERE/$1.replay"
}

# program_of NAME, code_of NAME: their paths here
program_of() {
	head_of "$1" program | sed "s,^/opt/,$OPT/,"
}

code_of() {
	head_of "$1" code | sed "s,^/opt/,$OPT/,"
}

# install_runtimes: programs and code where the policies have them
install_runtimes() {
	local name program code

	[[ $OPT != /opt ]] || mountpoint -q /opt || mount -t tmpfs tmpfs /opt
	for name in $(runtimes); do
		program=$(program_of "$name")
		code=$(code_of "$name")
		mkdir -p "${program%/*}" "${code%/*}"
		[[ -e $program ]] || cp "$REPLAY" "$program"
		[[ -e $code ]] || "$REPLAY" --write-code "$code"
	done
}

# replay NAME PROVIDER OPTION...: by the program that the policy names
replay() {
	local name=$1 provider=$2

	shift 2
	"$(program_of "$name")" --provider "$provider" --key "$KEY" \
		--code "$(code_of "$name")" "$@" "$HERE/$name.replay"
}

# field_of FIELD TEXT: of what the replayer said
field_of() {
	[[ " $2" =~ [[:space:]]$1=([^[:space:]]*) ]] && echo "${BASH_REMATCH[1]}"
}

# policy_of NAME: the shipped policy, for enclaves that the tests' key signs. What it
# expects of itself is left out: less of it, or more, is tried too.
policy_of() {
	local signers

	signers=$("$REPLAY" --key "$KEY" --signers)
	awk '/^expect / { out = 1 } !out { print } /;$/ { out = 0 }' "$POLICIES/$1.ewx" |
		sed -E "s/^(\\t)signer .*/\\1signer $signers;/; s,\"/opt/,\"$OPT/,
		s/^(\\t)measurement .*/\\1signer $signers;\\n\\1min-svn 1;/"
}

# strict_of NAME: its domain, source and identity, with the strict rules
strict_of() {
	policy_of "$1" | awk '
		/^domain / { domain = 1 }
		domain && /^\tallow / {
			print "\tallow create, change, augment;\n\tallow init for app;"
			if (code)
				print "\tallow exec_file from code;"
			print "}"
			exit
		}
		/^source code / { code = 1 }
		{ print }'
}

# permissions_of NAME: those that its policy allows, in the order of the list
permissions_of() {
	local allowed

	allowed=$(sed -nE 's/^[[:space:]]+allow ([^;]*);.*/\1/p' "$POLICIES/$1.ewx" |
		sed -E 's/ (from|max|until) .*//; s/,//g')
	sed -nE 's/.*X\([A-Z_]+, ([a-z_]+),.*/\1/p' \
		"$TOP/include/uapi/linux/enclave_permissions.h" |
		grep -xF -f <(tr ' ' '\n' <<<"$allowed")
}
