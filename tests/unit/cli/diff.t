## What is allowed and denied differently, each with a request that shows it.
$ ewx diff --built 1790000000 host.ewx host2.ewx
domain payroll: enforced, guarded, before: enforced
domain backup: enforced, before: absent
allowed now: exec_file in domain payroll
    old  deny exec_file no_rule host.ewx:13
    new  allow exec_file granted host2.ewx:11
    ask  exec_file as exe "/opt/payroll/bin/server" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 2 at 2026-09-21T14:13:20Z: load rx file "/opt/payroll/lib/plain.so" owner 0 measured
denied now: exec_file in domain default (before: domain payroll)
    old  allow exec_file granted host.ewx:19
    new  deny exec_file no_rule -
    ask  exec_file as exe "/opt/payroll/bin/server" uid 1999 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3 at 2026-09-21T14:13:20Z: load rx file "/opt/payroll/lib/.signed.so" owner 0 measured
denied now: exec_anon in domain payroll
    old  allow exec_anon granted host.ewx:18
    new  deny exec_anon no_rule host2.ewx:5
    ask  exec_anon as exe "/opt/payroll/bin/server" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3 at 2026-09-21T14:13:20Z: load rx anon measured
denied now: exec_anon in domain default (before: domain payroll)
    old  allow exec_anon granted host.ewx:18
    new  deny exec_anon no_rule -
    ask  exec_anon as exe "/opt/payroll/bin/server" uid 1999 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3 at 2026-09-21T14:13:20Z: load rx anon measured
allowed now: exec_dynamic in domain payroll
    old  deny exec_dynamic no_rule host.ewx:13
    new  allow exec_dynamic granted host2.ewx:13
    ask  exec_dynamic as exe "/opt/payroll/bin/server" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 2 at 2026-09-21T14:13:20Z: mprotect rx page rwx dynamic
allowed now: exec_dynamic in domain payroll
    old  deny exec_dynamic max host.ewx:20
    new  allow exec_dynamic granted host2.ewx:13
    ask  exec_dynamic as exe "/opt/payroll/bin/server" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3 at 2026-09-21T14:13:20Z using exec_dynamic 5: mprotect rx page rwx dynamic
allowed now: exec_dynamic in domain payroll
    old  deny exec_dynamic expired host.ewx:20
    new  allow exec_dynamic granted host2.ewx:13
    ask  exec_dynamic as exe "/opt/payroll/bin/server" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3 at 2027-04-01T00:00:00Z: mprotect rx page rwx dynamic
denied now: exec_dynamic in domain default (before: domain payroll)
    old  allow exec_dynamic granted host.ewx:20
    new  deny exec_dynamic no_rule -
    ask  exec_dynamic as exe "/opt/payroll/bin/server" uid 1999 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3 at 2026-09-21T14:13:20Z: mprotect rx page rwx dynamic
denied now: change in domain default (before: domain payroll)
    old  allow change granted host.ewx:16
    new  deny change no_rule -
    ask  change as exe "/opt/payroll/bin/server" uid 1999 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 2 at 2026-09-21T14:13:20Z: mprotect r page rw anon measured
allowed now: create in domain backup (before: domain default)
    old  deny create no_rule host.ewx:24
    new  allow create granted host2.ewx:19
    ask  create as exe "/opt/payroll/bin/back" for unlisted at 2026-09-21T14:13:20Z: create
denied now: create in domain default (before: domain payroll)
    old  allow create granted host.ewx:16
    new  deny create no_rule -
    ask  create as exe "/opt/payroll/bin/server" uid 1999 for unlisted at 2026-09-21T14:13:20Z: create
allowed now: init in domain payroll
    old  deny init no_rule host.ewx:13
    new  allow init granted host2.ewx:12
    ask  init as exe "/opt/payroll/bin/server" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 2 at 2026-09-21T14:13:20Z: init
denied now: init in domain default (before: domain payroll)
    old  allow init granted host.ewx:18
    new  deny init no_rule -
    ask  init as exe "/opt/payroll/bin/server" uid 1999 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3 at 2026-09-21T14:13:20Z: init
[1]
## Order, names and layout are no difference; nor is a binary policy.
$ ewx diff host.ewx host.ewx
$ ewx compile host.ewx -o host.bin && ewx dump host.bin >host.txt && ewx diff host.bin host.txt
$ sed 's/payroll_code/code/; s/^    //' host.ewx | ewx fmt - >same.ewx && ewx diff host.ewx same.ewx
$ ewx diff --built 1790000000 host.ewx host2.ewx --json | head -n 40
{
  "complete": true,
  "differences": [
    {
      "change": "domain",
      "domain": "payroll",
      "old": "enforced",
      "new": "enforced, guarded"
    },
    {
      "change": "domain",
      "domain": "backup",
      "old": "absent",
      "new": "enforced"
    },
    {
      "change": "allowed",
      "permission": "exec_file",
      "request": "exec_file as exe \"/opt/payroll/bin/server\" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 2 at 2026-09-21T14:13:20Z: load rx file \"/opt/payroll/lib/plain.so\" owner 0 measured",
      "old": {
        "request": "exec_file as exe \"/opt/payroll/bin/server\" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 2 at 2026-09-21T14:13:20Z: load rx file \"/opt/payroll/lib/plain.so\" owner 0 measured",
        "verdict": "deny",
        "domain": "payroll",
        "required": [
          "exec_file"
        ],
        "missing": [
          "exec_file"
        ],
        "decisions": [
          {
            "permission": "exec_file",
            "granted": false,
            "reason": "no_rule",
            "file": "host.ewx",
            "line": 13
          }
        ]
      },
      "new": {
$ ewx diff host.ewx bad.ewx 2>&1 | tail -n 1
                     ^~~~~~
$ ewx diff host.ewx
ewx: diff needs two policies: files, or folders
Usage: ewx diff OLD NEW [--built SECONDS] [--json]
[2]
## Every digest counts, also of many.
$ for n in $(seq 1000 1099); do printf 'fs-verity sha256:%060d%d;\n' 0 $n; done >digests; for k in "" 1070; do { printf 'language 1; policy p version 1; source s {\n'; grep -v "${k:-none};" digests; printf '} allow exec_file from s;\n'; } >digests$k.ewx; done
$ ewx diff --built 1790000000 digests.ewx digests1070.ewx
denied now: exec_file in domain default
    old  allow exec_file granted digests.ewx:102
    new  deny exec_file no_rule -
    ask  exec_file as untrusted for signer sha256:ee00000000000000000000000000000000000000000000000000000000000000 at 2026-09-21T14:13:20Z: load rx file "/untrusted" fs-verity sha256:0000000000000000000000000000000000000000000000000000000000001070 untrusted measured
[1]
