# SPDX-License-Identifier: GPL-2.0-or-later
#
# Classes that a base policy needs so that modules which were built against other
# headers link with it: those of `classes` (second file) and those that refpolicy's
# headers require (first file, all_perms.spt), with the permissions of both.

function add(class, perms, p, i, n) {
	if (!(class in known)) {
		known[class] = 1
		order[++count] = class
	}
	n = split(perms, p, " ")
	for (i = 1; i <= n; i++)
		if (!((class, p[i]) in has)) {
			has[class, p[i]] = 1
			all[class] = all[class] " " p[i]
		}
}

FNR == NR {
	if (match($0, /^define\(`all_[a-z0-9_]*_perms',`\{[^}]*\}/)) {
		name = $0
		sub(/^define\(`all_/, "", name)
		sub(/_perms'.*/, "", name)
		perms = $0
		sub(/.*\{/, "", perms)
		sub(/\}.*/, "", perms)
		defined[name] = perms
	} else if ($1 == "class") {
		wanted[$2] = 1
	}
	next
}
/^class .*\{/ {
	perms = $0
	sub(/.*\{/, "", perms)
	sub(/\}.*/, "", perms)
	add($2, perms)
	next
}
/^sid / { sids = sids $0 "\n" }

END {
	for (class in wanted)
		if (class in defined)
			add(class, defined[class])
	for (i = 1; i <= count; i++)
		print "class " order[i]
	printf "%s", sids
	for (i = 1; i <= count; i++)
		print "class " order[i] " {" all[order[i]] " }"
}
