# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For the guests' side of the tests of other security modules: counting, running a
# case in a domain, the audit log. SUITE is the name that results begin with.

. tests/lib/tap.sh
. tests/vm/auditd.sh

# A page of code (mov eax, 0x5ec; ret) as the file $1.
code_file() {
	mkdir -p "${1%/*}"
	{
		printf '\xb8\xec\x05\x00\x00\xc3'
		head -c 4090 /dev/zero | tr '\0' '\314'
	} >"$1"
	chmod 755 "${1%/*}" "$1"
	sync "$1"
}

permissions() {
	awk -v list=ENCLAVE_PERMISSIONS -f tests/lib/x-list.awk \
		include/uapi/linux/enclave_permissions.h | cut -f2
}

# The row of the catalogue that a case of `act` is about, if there is one.
row_of() {
	case $1 in
	exec_file)	echo A1 ;;
	exec_anon)	echo A4 ;;
	exec_modified)	echo A6 ;;
	exec_mutable)	echo A8 ;;
	load_wx)	echo A20 ;;
	exec_unmeasured) echo A21 ;;
	map_wx)		echo B1 ;;
	exec_written)	echo B5 ;;
	share)		echo B19 ;;
	augment)	echo C1 ;;
	exec_dynamic)	echo C2 ;;
	vepc)		echo C12 ;;
	debug_write)	echo C8 ;;
	debug)		echo C11 ;;
	init)		echo D1 ;;
	provision)	echo D5 ;;
	*)		echo '--' ;;
	esac
}

# case_of PERMISSION [PROVIDER]: what `act` does that needs it. Raw memory is SGX's.
case_of() {
	if [[ ${2:-dev} == sgx || $1 == vepc ]]; then
		echo "sgx_$1"
	else
		echo "$1"
	fi
}

# stopped PID: it stopped itself
stopped() {
	local i

	for ((i = 0; i < 200; i++)); do
		[[ $(awk '{ print $3 }' "/proc/$1/stat") != T ]] || return 0
		sleep 0.1
	done
	said='not stopped'
	return 1
}

# after CHANGE... -- COMMAND...: COMMAND, which becomes the program, stops itself and is
# resumed after CHANGE; its status
after() {
	local change=()

	while [[ $1 != -- ]]; do
		change+=("$1")
		shift
	done
	shift
	"$@" 2>/tmp/after &
	local pid=$!
	local result=1
	if stopped $pid; then
		"${change[@]}"
		kill -CONT $pid
		wait $pid
		result=$?
	else
		kill -KILL $pid
	fi

	said="status $result: $(</tmp/after)"
	return $result
}

# All that was recorded so far is in the log: a message of our own has come.
log_settled() {
	local mark

	mark="settled-$RANDOM-$SECONDS-$n"
	/sbin/auditctl -m "$mark" >/dev/null
	for ((i = 0; i < 200; i++)); do
		grep -qs "$mark" /var/log/audit/audit.log && return
		sleep 0.1
	done
	said='no message of our own in the log'
	return 1
}
