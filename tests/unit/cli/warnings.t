## Warnings have names; each can be left out, asked for, or made an error.
$ ewx check lax.ewx
lax.ewx:3:10: warning: identity "old" has a signer but no min-svn [W0102]
    identity old {
             ^~~
    hint: add: min-svn N;
lax.ewx:9:5: warning: a strong permission hangs on "exe" of domain "lax" alone [W0103]
        allow map_wx for any;
        ^~~~~
    hint: name an identity, or add uid or gid to the domain
$ ewx check -Wno-signer-without-svn lax.ewx
lax.ewx:9:5: warning: a strong permission hangs on "exe" of domain "lax" alone [W0103]
        allow map_wx for any;
        ^~~~~
    hint: name an identity, or add uid or gid to the domain
$ ewx check -Wno-all lax.ewx
$ ewx check -Werror lax.ewx -Wno-error=exe-alone
lax.ewx:3:10: error: identity "old" has a signer but no min-svn [W0102]
    identity old {
             ^~~
    hint: add: min-svn N;
lax.ewx:9:5: warning: a strong permission hangs on "exe" of domain "lax" alone [W0103]
        allow map_wx for any;
        ^~~~~
    hint: name an identity, or add uid or gid to the domain
[1]
$ ewx compile -Werror=exe-alone lax.ewx -o lax.bin; ls lax.bin
lax.ewx:3:10: warning: identity "old" has a signer but no min-svn [W0102]
    identity old {
             ^~~
    hint: add: min-svn N;
lax.ewx:9:5: error: a strong permission hangs on "exe" of domain "lax" alone [W0103]
        allow map_wx for any;
        ^~~~~
    hint: name an identity, or add uid or gid to the domain
ls: cannot access 'lax.bin': No such file or directory
[2]
$ ewx check -Wnonsense lax.ewx
ewx: no such warning: nonsense (ewx help warnings)
Try "ewx help".
[2]
$ ewx status -Wall
ewx: status does not take that option
Usage: ewx status [--json]
[2]
$ ewx help warnings
W0101  -Wpermissive-forever   permissive without until
W0102  -Wsigner-without-svn   signer without min-svn
W0103  -Wexe-alone            strong permission by exe alone
W0104  -Wfree-layout          code of allowed files can be composed freely
W0105  -Wroot-any             root any
W0106  -Wopen-identity        identity that anybody can claim
W0107  -Wexpired              what is dated has ended
W0108  -Wnever-permissive     never does not bind a permissive domain
W0109  -Wuseless-rule         rule that adds nothing
W0110  -Wuseless-deny         deny of what nothing allows
W0111  -Wmissing-path         pattern without a file
W0112  -Wexpires-soon         until is near
W0113  -Wkernel-lacks         feature that this kernel lacks
W0114  -Wuser-slice           control group of users
W0115  -Wunused-name          source, identity or set that nothing uses
$ ewx help exe-alone
W0103: strong permission by exe alone (-Wexe-alone)

Any user may run the program and preload or trace it: exe scopes a rule, it does not protect.
$ ewx help W0103
W0103: strong permission by exe alone (-Wexe-alone)

Any user may run the program and preload or trace it: exe scopes a rule, it does not protect.
## --diag=json works wherever a policy is read, and goes to standard error.
$ ewx query -p lax.ewx --diag=json 'in lax: create' 2>&1 >/dev/null | head -n 20
{
  "errors": 0,
  "files": [
    {
      "file": "lax.ewx"
    }
  ],
  "diagnostics": [
    {
      "severity": "warning",
      "code": "W0102",
      "warning": "signer-without-svn",
      "file": "lax.ewx",
      "line": 3,
      "column": 10,
      "end_column": 13,
      "text": "identity \"old\" has a signer but no min-svn",
      "hint": "add: min-svn N;"
    },
    {
$ ewx check --diag=xml lax.ewx
ewx: --diag takes text or json
Try "ewx help".
[2]
## What is wrong here and now: paths, links, the kernel's features, the clock.
$ ewx check --root root --built 1700000000 paths.ewx
paths.ewx:11:18: warning: this rule has ended already [W0107]
        allow create until 2020-01-01;
                     ^~~~~
paths.ewx:13:32: warning: with "root any" whoever makes a mount namespace chooses the paths in it [W0105]
    domain there { exe "/nowhere"; root any; }
                                   ^~~~
$ ewx check --root root --built 1700000000 --on-host --securityfs fs paths.ewx
paths.ewx:5:10: warning: no file here matches "/usr/lib/ewx/*.ewx" [W0111]
        path "/usr/lib/ewx/*.ewx";
             ^~~~~~~~~~~~~~~~~~~~
paths.ewx:6:23: warning: no file here matches "/**/*.so" [W0111]
        path "/**/*.txt", "/**/*.so";
                          ^~~~~~~~~~
paths.ewx:10:32: warning: no file here matches "/lib/ewx/policy.d/20-vendor.ewx" [W0111]
        exe "/etc/ewx/policy.ewx", "/lib/ewx/policy.d/20-vendor.ewx";
                                   ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
    hint: the kernel knows it as /usr/lib/ewx/policy.d/20-vendor.ewx
paths.ewx:11:18: warning: this rule has ended already [W0107]
        allow create until 2020-01-01;
                     ^~~~~
paths.ewx:13:32: warning: with "root any" whoever makes a mount namespace chooses the paths in it [W0105]
    domain there { exe "/nowhere"; root any; }
                                   ^~~~
$ ewx check --root root --built 1700000000 --on-host -Wno-missing-path --securityfs old_kernel paths.ewx
paths.ewx:7:5: warning: this kernel lacks the feature "mapped_exec" and will refuse the policy [W0113]
        mapped-exec;
        ^~~~~~~~~~~
paths.ewx:11:18: warning: this rule has ended already [W0107]
        allow create until 2020-01-01;
                     ^~~~~
paths.ewx:13:8: warning: this kernel lacks the feature "root_any" and will refuse the policy [W0113]
    domain there { exe "/nowhere"; root any; }
           ^~~~~
paths.ewx:13:32: warning: with "root any" whoever makes a mount namespace chooses the paths in it [W0105]
    domain there { exe "/nowhere"; root any; }
                                   ^~~~
$ ewx check --root root --on-host -Wno-missing-path --securityfs none paths.ewx 2>&1 | sed 's/ends within .*/ends .../'
paths.ewx:11:18: warning: this rule has ended already [W0107]
        allow create until 2020-01-01;
                     ^~~~~
paths.ewx:13:32: warning: with "root any" whoever makes a mount namespace chooses the paths in it [W0105]
    domain there { exe "/nowhere"; root any; }
                                   ^~~~
## A pattern that finds a file is not warned of, until the file is gone.
$ printf 'language 1;\npolicy p version 1;\ndomain d { exe "/etc/ewx/policy.*"; allow create; }\n' >found.ewx
$ ewx check --root root --on-host --securityfs none found.ewx && echo found
found
$ mv root/etc/ewx/policy.ewx root/etc/ewx/moved.ewx; ewx check --root root --on-host --securityfs none found.ewx
found.ewx:3:16: warning: no file here matches "/etc/ewx/policy.*" [W0111]
    domain d { exe "/etc/ewx/policy.*"; allow create; }
                   ^~~~~~~~~~~~~~~~~~~
## What a drop-in uses is used, and what nothing uses is not.
$ printf 'language 1;\npolicy p version 1;\nsource code { path "/c"; }\nsource spare { path "/s"; }\n' >main.ewx
$ printf 'language 1;\ndomain d { exe "/d"; allow exec_file from code; }\n' >more.ewx
$ ewx check -Werror main.ewx more.ewx
main.ewx:4:8: error: nothing uses source "spare" [W0115]
    source spare { path "/s"; }
           ^~~~~
    hint: a rule names it so: from spare
[1]
$ ewx check -Wno-unused-name -Werror main.ewx
$ ewx help unused-name
W0115: source, identity or set that nothing uses (-Wunused-name)

No rule and no for block names it, and neither do never and expect: the policy decides the same without it. Drop-in files count, whichever declares it; sets that they declare may be unused.
## What is too complex is said once, and not that it has no file.
$ printf 'language 1;\npolicy p version 1;\nsource s { path "/**a????????????????????"; }\nallow exec_file from s;\n' >complex.ewx
$ ewx check --root root --on-host --securityfs none complex.ewx
complex.ewx:3:17: error: path pattern "/**a????????????????????" makes the patterns too complex [E0703]
    source s { path "/**a????????????????????"; }
                    ^~~~~~~~~~~~~~~~~~~~~~~~~~
    hint: use "*" rather than "**", fewer wildcards in a row, or longer fixed parts between them
[1]
