# SPDX-License-Identifier: GPL-2.0-or-later
#
# Takes the literal blocks "ewx" and "console" out of one document:
#
#   awk -v out=DIR [-v kinds='KIND|...'] -f doc-blocks.awk DOCUMENT
#
# KINDS: others than these, for instance "shell-session".
# reStructuredText: ".. code-block:: ewx", perhaps with ":class: CODE..."; else
# Markdown: "```ewx CODE...". Block N is written to DIR/N; a line
# "N kind line CODE..." for each is printed.

BEGIN {
	if (!kinds)
		kinds = "ewx|console"
}

function begin(kind, codes)
{
	n++
	file = out "/" n
	printf "" >file
	print n, kind, NR, codes
	taking = 1
	blank = 0
}

function end()
{
	close(file)
	taking = 0
}

function indent(s)
{
	match(s, /^ */)
	return RLENGTH
}

function rst_line()
{
	if (waiting) {
		if ($1 == ":class:") {
			codes = $0
			sub(/^ *:class: */, "", codes)
			return
		}
		if ($0 ~ /^ *(:|$)/)
			return
		waiting = 0
		if (indent($0) > outer) {
			inner = indent($0)
			begin(kind, codes)
		}
	}
	if (taking && $0 !~ /^ *$/ && indent($0) < inner)
		end()
	if (taking && $0 ~ /^ *$/) {
		blank++
	} else if (taking) {
		for (; blank; blank--)
			print "" >file
		print substr($0, inner + 1) >file
	} else if ($1 == ".." && $2 == "code-block::" && $3 ~ "^(" kinds ")$") {
		outer = indent($0)
		kind = $3
		codes = ""
		waiting = 1
	}
}

function md_line()
{
	if (taking && /^```/)
		end()
	else if (taking)
		print >file
	else if (match($0, "^```(" kinds ")( |$)")) {
		kind = $1
		sub(/^```/, "", kind)
		codes = $0
		sub(/^[^ ]* */, "", codes)
		begin(kind, codes)
	}
}

FILENAME ~ /\.md$/ { md_line(); next }
{ rst_line() }
