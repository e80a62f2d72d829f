# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The audit daemon in a guest, whose log begins empty. Sourced, after tests/lib/tap.sh.

start_auditd() {
	mount -t tmpfs tmpfs /var/log
	mkdir -m 750 /var/log/audit
	/sbin/auditd -n >/tmp/auditd.out 2>&1 &
	auditd=$!
	for ((i = 0; i < 200; i++)); do
		grep -qs DAEMON_START /var/log/audit/audit.log && return
		sleep 0.1
	done
	# shellcheck disable=SC2034 # of tap.sh
	said=$(</tmp/auditd.out)
	return 1
}

stop_auditd() {
	kill "$auditd"
	wait "$auditd" 2>/dev/null
}
