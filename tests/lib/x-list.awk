# SPDX-License-Identifier: GPL-2.0-or-later
#
# The rows of an X-macro list of a header, fields separated by tabs:
#
#   awk -v list=EWX_AUDIT_FIELDS -f x-list.awk HEADER
#
# The list is a #define whose parameter is X and whose rows are X(FIELD, ...).
# Adjacent strings are joined, their quotes and escapes undone; comments are
# left out. Status 1 if there is no such list.

index($0, "#define " list "(X)") == 1 { inside = 1 }

inside {
	more = sub(/\\[ \t]*$/, "")
	text = text " " $0
	if (!more)
		inside = 0
}

# Sets at and field: the field that begins at text[at], up to "," or ")".
function read_field(c)
{
	field = ""
	while (at <= length(text)) {
		c = substr(text, at++, 1)
		if (c == "," || c == ")")
			break
		if (c == "\"") {
			while ((c = substr(text, at++, 1)) != "\"" && c != "") {
				if (c == "\\")
					c = substr(text, at++, 1)
				field = field c
			}
		} else if (c !~ /[ \t]/) {
			field = field c
		}
	}
	return c
}

END {
	sub(/#define [A-Z_0-9]*\(X\)/, "", text)
	while (match(text, /\/\*([^*]|\*+[^*\/])*\*+\//))
		text = substr(text, 1, RSTART - 1) substr(text, RSTART + RLENGTH)
	at = 1
	while (match(substr(text, at), /(^|[ \t])X\(/)) {
		at += RSTART + RLENGTH - 1
		row = ""
		do {
			end = read_field()
			row = row (row == "" ? "" : "\t") field
		} while (end == ",")
		print row
		rows++
	}
	exit !rows
}
