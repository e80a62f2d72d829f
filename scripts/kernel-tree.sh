# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
#
# Debian's kernel source, unpacked and built; for kernels of the tests (kernel) and
# packages (kernel-deb). Sourced after lib.sh, never run. The one who sources it says
# SRC: the source tree; OBJ: the object tree; STALE: what goes when SRC is made anew;
# arch; MAKEVARS: variables for make; fragment_files: what check_config looks at.
# Knows no kernel in particular.

KTAR=${KTAR:-/usr/src/linux-source-6.12.tar.xz}
# shellcheck disable=SC2034 # for those who source it
JOBS=${JOBS:-3}
MAKEVARS=()

# Same inputs, same bytes, and so the same entries of the compiler cache.
export KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 1970'
export KBUILD_BUILD_USER=ewx KBUILD_BUILD_HOST=ewx KBUILD_BUILD_VERSION=1
export PATH=$ROOT/scripts/ccache:$PATH LC_ALL=C
# Kbuild has the compiler write dependencies: nothing is preprocessed twice.
export CCACHE_DEPEND=1
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

kmake() {
	make -C "$SRC" O="$OBJ" ARCH="$arch" --no-print-directory "${MAKEVARS[@]}" "$@"
}

# Files of a kernel, *.c, that are ours; those of mainline that we change.
added_sources() {
	(cd "$ROOT" && find security -name '*.c')
	(cd "$ROOT/tests/sgx-emulator/kernel" && find arch -name '*.c')
}

changed_sources() {
	sed -n 's,^+++ b/\(.*\.c\)$,\1,p' "$SERIES"/*.patch
}

tarball_id() {
	stat -L -c '%s %Y' "$KTAR"
}

is_extracted() {
	[[ -f $SRC/.ewx-tarball && $(<"$SRC/.ewx-tarball") == "$(tarball_id)" ]]
}

extract() {
	local new=$SRC.new

	[[ -f $KTAR ]] || die "$KTAR is not there: run 'make deps'"
	! is_extracted || return 0
	rm -rf "$SRC" "$new" "${STALE[@]}"
	mkdir -p "$new"
	tar -C "$new" --strip-components=1 -xf "$KTAR"
	tarball_id >"$new/.ewx-tarball"
	mv "$new" "$SRC"
}

# check_config: every symbol of the fragments took, the last mention counting
check_config() {
	local symbol value bad=0

	while IFS='=' read -r symbol value; do
		if [[ $value == n ]]; then
			! grep -q "^$symbol=" "$OBJ/.config" && continue
		else
			grep -qxF "$symbol=$value" "$OBJ/.config" && continue
		fi
		say "kernel: $symbol=$value did not take; it is: $(
			grep -E "^(# )?${symbol}[= ]" "$OBJ/.config" || echo 'unknown here, or something it depends on is missing')"
		bad=1
	done < <(cat "${fragment_files[@]}" | grep '^CONFIG_' |
		 awk -F= '{ v[$1] = $0 } END { for (s in v) print v[s] }' | sort)
	return $bad
}
