# SPDX-License-Identifier: GPL-2.0-or-later
#
# Counts TAP and KTAP on its input and prints "PASSED FAILED SKIPPED" as its
# last line, before that the names of what failed and, with -v skips=1, of what
# was skipped. Nested tests are counted, the tests that hold them are not. The
# kernel log's time stamps are ignored, and so is all that is not TAP. Fewer
# results than the plans of the outermost level announce are failures, and so
# are no results at all.

function spaces(s)
{
	match(s, /^ */)
	return RLENGTH
}

function failed(name)
{
	fail++
	print "not ok: " name
}

{
	sub(/\r$/, "")
	sub(/^(<[0-9]+>)?\[ *[0-9]+\.[0-9]+\](\[[^]]*\])? /, "")
}

/^ *Bail out!/ { failed($0) }

/^ *1\.\.[0-9]+/ {
	if (spaces($0) == 0) {
		n = $1
		sub(/1\.\./, "", n)
		planned += n
	}
}

/^ *(not )?ok( |$)/ {
	depth = spaces($0)
	good = $1 == "ok"
	name = $0
	sub(/^ *(not )?ok *[0-9]* *(- )?/, "", name)
	skipped = name ~ /# *[Ss][Kk][Ii][Pp]/
	if (depth == 0)
		seen++
	held = bad = 0
	for (d in results) {
		if (d + 0 > depth) {
			held += results[d]
			bad += failures[d]
			delete results[d]
			delete failures[d]
		}
	}
	results[depth]++
	if (held) {
		# A test that holds others; it may still fail by itself.
		if (!good && !bad)
			failed(name)
		failures[depth] += bad
	} else if (skipped) {
		skip++
		if (skips)
			print "skipped: " name
	} else if (good) {
		pass++
	} else {
		failures[depth]++
		failed(name)
	}
}

END {
	if (seen < planned)
		failed("planned " planned " tests, saw " seen)
	else if (!seen)
		failed("no test reported anything")
	print pass + 0, fail + 0, skip + 0
}
