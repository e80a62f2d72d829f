## One layout; comments stay, directives keep their column.
$ ewx fmt messy.ewx && cat messy.ewx
# built 7 is a mere comment here
language 1;
policy host version 12; # trailing

# own line

#line 40 "other.ewx"
set jit = exec_dynamic, # first
	exec_written;
source s {
	path "/opt/\"x\"/*.so", "/opt/payroll/lib/**.signed.so",
		"/usr/lib/x86_64-linux-gnu/*.so.[0-9]";
	owner 0-0x10;
} # of files
identity i {
	measurement sha256:1111111111111111111111111111111111111111111111111111111111111111,
		sha256:2222222222222222222222222222222222222222222222222222222222222222;
}
domain d {
	exe "/d";
	uid 5; # who

	# The rules.
	for i {
		allow init;                                                    # may start
		allow exec_anon, exec_unmeasured max 5 pages until 2027-03-31; # longer
		deny debug;
	}

	# At the end.
}
domain default { }
domain e { # nothing yet
}
domain f {
	exe "/f" # why
		, "/g";
}
never map_wx
	# between
	but for i;
expect deny init in d for i at 2027-04-01T12:00:00Z: init;
expect domain d: exe "/d" uid 5;
# ünïcödé

# the end
$ cp messy.ewx again.ewx && ewx fmt again.ewx && cmp messy.ewx again.ewx
$ ewx fmt - <messy.ewx | cmp - messy.ewx
$ ewx fmt --check messy.ewx
## Its example is in that layout, as all of ours.
$ printf 'language 1;  policy p version 1;' >x.ewx; ewx fmt --check x.ewx messy.ewx
x.ewx
[1]
$ ewx fmt x.ewx && cat x.ewx
language 1;
policy p version 1;
## What does not parse stays as it is.
$ cp bad.ewx y.ewx; echo 'allow ;' >>y.ewx; cp y.ewx z.ewx; ewx fmt y.ewx x.ewx; cmp y.ewx z.ewx
y.ewx:10:7: error: expected a permission or the name of a set, found ";" [E0203]
    allow ;
          ^
$ ewx fmt missing.ewx
ewx: missing.ewx: No such file or directory
[1]
$ ewx fmt
ewx: fmt needs a policy file
Usage: ewx fmt FILE... [--check]
[2]
