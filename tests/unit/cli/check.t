$ ewx check host.ewx
$ ewx check host.ewx dropin.ewx
$ ewx check bad.ewx
bad.ewx:5:11: error: unknown permission "exec_fil" [E0302]
        allow exec_fil;
              ^~~~~~~~
    hint: did you mean "exec_file"?
bad.ewx:6:11: error: allowing "exec_file" needs "from" [E0401]
        allow exec_file;
              ^~~~~~~~~
    hint: write "from SOURCE", or "from any" if every file is meant
bad.ewx:7:11: error: allowing "init" needs "for" [E0403]
        allow init;
              ^~~~
    hint: write "for IDENTITY", or "for any" if every enclave is meant
bad.ewx:9:7: error: "create" does not take "for" [E0404]
    allow create for nobody;
          ^~~~~~
    hint: write a rule of its own for it, without "for"
bad.ewx:9:18: note: the identity is here
    allow create for nobody;
                     ^~~~~~
bad.ewx:9:18: error: unknown identity "nobody" [E0304]
    allow create for nobody;
                     ^~~~~~
[1]
$ ewx check bad.ewx --json
{
  "errors": 5,
  "files": [
    {
      "file": "bad.ewx"
    }
  ],
  "diagnostics": [
    {
      "severity": "error",
      "code": "E0302",
      "file": "bad.ewx",
      "line": 5,
      "column": 11,
      "end_column": 19,
      "text": "unknown permission \"exec_fil\"",
      "hint": "did you mean \"exec_file\"?"
    },
    {
      "severity": "error",
      "code": "E0401",
      "file": "bad.ewx",
      "line": 6,
      "column": 11,
      "end_column": 20,
      "text": "allowing \"exec_file\" needs \"from\"",
      "hint": "write \"from SOURCE\", or \"from any\" if every file is meant"
    },
    {
      "severity": "error",
      "code": "E0403",
      "file": "bad.ewx",
      "line": 7,
      "column": 11,
      "end_column": 15,
      "text": "allowing \"init\" needs \"for\"",
      "hint": "write \"for IDENTITY\", or \"for any\" if every enclave is meant"
    },
    {
      "severity": "error",
      "code": "E0404",
      "file": "bad.ewx",
      "line": 9,
      "column": 7,
      "end_column": 13,
      "text": "\"create\" does not take \"for\"",
      "hint": "write a rule of its own for it, without \"for\""
    },
    {
      "severity": "note",
      "code": "E0404",
      "file": "bad.ewx",
      "line": 9,
      "column": 18,
      "end_column": 24,
      "text": "the identity is here"
    },
    {
      "severity": "error",
      "code": "E0304",
      "file": "bad.ewx",
      "line": 9,
      "column": 18,
      "end_column": 24,
      "text": "unknown identity \"nobody\""
    }
  ],
  "schema": "ewx-check-1"
}
[1]
$ ewx check host.ewx --json
{
  "errors": 0,
  "files": [
    {
      "file": "host.ewx"
    }
  ],
  "diagnostics": [],
  "schema": "ewx-check-1"
}
$ ewx check dropin.ewx
ewx: error: no file names the policy [E0306]
    hint: one file says: policy NAME version N;
[1]
$ ewx check missing.ewx
ewx: error: missing.ewx: No such file or directory [E0107]
[1]
$ ewx check - <host.ewx
$ ewx check - <bad.ewx 2>&1 | wc -l
22
## What is too large, as text and as a binary policy.
$ truncate -s 67108865 large.ewx; ewx check large.ewx; rm large.ewx
ewx: error: large.ewx: a policy file has at most 64 MiB [E0108]
$ seq 33000 | awk 'BEGIN { print "language 1;\npolicy large version 1;" } { printf "identity i%d { measurement sha256:%064x; }\ndomain d%d { uid %d; allow init for i%d; }\n", $1, $1, $1, $1, $1 }' >large.ewx; ewx check large.ewx; ewx compile large.ewx -o large.bin; ls large.bin
ewx: error: rules for 33000 identities in 33001 classes make the binary policy too large [E0705]
ewx: error: rules for 33000 identities in 33001 classes make the binary policy too large [E0705]
ls: cannot access 'large.bin': No such file or directory
[2]
$ awk 'BEGIN { printf "language 1;\npolicy p version 1;\nsource long {\n"; printf "path \"/a/%04095d\";\n}\n", 0 }' >long.ewx; ewx check long.ewx
long.ewx:4:7: error: pattern longer than any path [E0502]
    path "/a/0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
          ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
[1]
## A decision table that is too large: the rule and the source that make it so.
$ seq 2100 | awk 'BEGIN { print "language 1;\npolicy wide version 1;\nsource all { owner 0; }" } { printf "source s%d { path \"/s%d\"; }\ndomain d%d { exe \"/d%d\"; allow exec_file from s%d; allow exec_file from all; }\n", $1, $1, $1, $1, $1 }' >wide.ewx; ewx check wide.ewx
wide.ewx:5:49: error: the decision table is too large: a rule like this one has 4202 entries in it [E0705]
    domain d1 { exe "/d1"; allow exec_file from s1; allow exec_file from all; }
                                                    ^~~~~
    hint: join sources or identities that overlap, or rules of many domains into one outside of them
wide.ewx:3:8: note: source "all" overlaps others, in 2101 ways
    source all { owner 0; }
           ^~~
[1]
## Two that an "over" puts in order win against a third in a circle, by their conditions.
$ printf 'language 1;\npolicy p version 1;\ndomain a { exe "/x"; }\ndomain b { exe "/x"; uid 1; }\ndomain c { gid 1; }\ndomain a over c;\ndomain c over b;\n' >circle.ewx; ewx check circle.ewx
circle.ewx:3:8: error: domains "a", "c" and others win against each other in a circle for a process: exe "/x", uid 1, gid 1 [E0701]
    domain a { exe "/x"; }
           ^
    hint: no domain may come over one that wins against it by way of others
[1]
