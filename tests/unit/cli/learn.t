## pilot.log was recorded in the test machine; map_wx is what the policy never allows.
$ ewx learn --policy pilot.ewx pilot.log
language 1;
policy pilot version 2; # the number that learn raises

# What runs here is to be found out.
domain pilot {
    exe "/mnt/ext4/demo/bin/*"; # a brace in a comment: }
    uid 1000;
    permissive;

    # Seen 7 times (14 pages), 2026-11-21 01:13:01 to 2026-11-21 01:13:05 UTC, by /mnt/ext4/demo/bin/honest.
    allow create;
    # Seen 2 times, 2026-11-21 01:13:01 to 2026-11-21 01:13:05 UTC, by /mnt/ext4/demo/bin/honest.
    allow exec_file from learned_files_1 for learned_enclave_1;
    # Seen 6 times (8 pages), 2026-11-21 01:13:01 to 2026-11-21 01:13:06 UTC, by /mnt/ext4/demo/bin/honest.
    allow change, init for learned_enclave_1;
    # Seen 3 times (4 pages), 2026-11-21 01:13:02 UTC, by /mnt/ext4/demo/bin/attack.
    allow exec_modified, change, init for learned_enclave_2;
    # Seen 3 times (4 pages), 2026-11-21 01:13:02 to 2026-11-21 01:13:03 UTC, by /mnt/ext4/demo/bin/attack.
    allow exec_anon, change, init for learned_enclave_3;
    # Seen 1 time, 2026-11-21 01:13:03 UTC, by /mnt/ext4/demo/bin/attack.
    allow exec_file from learned_files_1 for learned_enclave_4;
    # Seen 4 times (5 pages), 2026-11-21 01:13:03 UTC, by /mnt/ext4/demo/bin/attack.
    allow load_wx, exec_written, change, init for learned_enclave_4;
    # Seen 1 time, 2026-11-21 01:13:04 UTC, by /mnt/ext4/demo/bin/attack.
    allow exec_file from learned_files_1 for learned_enclave_5;
    # Seen 4 times (5 pages), 2026-11-21 01:13:04 UTC, by /mnt/ext4/demo/bin/attack.
    allow exec_dynamic, augment, change, init for learned_enclave_5;
    # Seen 1 time, 2026-11-21 01:13:04 UTC, by /mnt/ext4/demo/bin/attack.
    allow exec_file from learned_files_1 for learned_enclave_6;
    # Seen 2 times (3 pages), 2026-11-21 01:13:04 UTC, by /mnt/ext4/demo/bin/attack.
    allow change, init for learned_enclave_6;
}
domain default { permissive; }
never map_wx;

identity learned_enclave_1 {
    measurement sha256:627373c86b2fb198eb34bb51f2bf7c06d0b916fb8da6a7d6e8bbc1f81d08ebed;
}

identity learned_enclave_2 {
    measurement sha256:c0fc981490a898a7f02c658f53a5b644ff3c7d1a455cb6c55e94d58d9e266224;
}

identity learned_enclave_3 {
    measurement sha256:ed17c86e714686aff4108f046601b88bb1daf6aedafd599541baaa7fea12f474;
}

identity learned_enclave_4 {
    measurement sha256:96a208de86796046cb03b3490b53738c09bbf9d38def67eb0c8f035e7323a7ca;
}

identity learned_enclave_5 {
    measurement sha256:6275266bfadd2e138b91a7ac32dcc893b1886a45aa4dcd4d1b25a2e83b791be4;
}

identity learned_enclave_6 {
    signer sha256:ac65de174ab86b7c2ec5b400b3caafef7becff2536a64450b15ed94c7e42017a;
    product 1;
    min-svn 1;
}

source learned_files_1 {
    path "/mnt/ext4/demo/lib/payload.bin";
    owner 0;
}

domain learned_program_1 {
    exe "/mnt/ext4/outsider";
    uid 1000;
    # Seen 1 time (2 pages), 2026-11-21 01:13:05 UTC, by /mnt/ext4/outsider.
    allow create;
    # Seen 3 times (4 pages), 2026-11-21 01:13:05 UTC, by /mnt/ext4/outsider.
    allow exec_modified, change, init for learned_enclave_2;
}
ewx: not learned: map_wx in pilot, seen 2 times: "never map_wx" does not hold
ewx: 13 rules from 37 records
[1]
## What is learned is allowed, and nothing else is.
$ ewx learn --policy pilot.ewx pilot.log -o learned.ewx; ewx compile --built 0 -Wno-all -o learned.bin learned.ewx
ewx: not learned: map_wx in pilot, seen 2 times: "never map_wx" does not hold
ewx: 13 rules from 37 records
$ ewx explain --policy learned.bin <pilot.log | sed -n 's/^replay *//p' | sed 's/ .*//' | sort | uniq -c
     27 allow
      8 defer
      2 deny
$ ewx query --policy learned.bin 'as exe "/mnt/ext4/demo/bin/other" uid 1000: load rx file "/tmp/other.bin" owner 0'
deny exec_file no_rule learned.ewx:5
[1]
## Names of the policy, patterns, what no rule can be made of, and a second boot.
$ cat host.ewx
language 1;
policy host version 12;

source payroll_code {
    path "/opt/payroll/lib/*.signed.so";
    owner 0;
}
identity payroll {
    signer sha256:1111111111111111111111111111111111111111111111111111111111111111;
    product 7;
    min-svn 3;
}
domain payroll {
    exe "/opt/payroll/bin/server";
    uid 1000-1999;
    allow create, change;
    for payroll {
        allow init, exec_anon;
        allow exec_file from payroll_code;
        allow exec_dynamic max 5 pages until 2027-03-31;
    }
    deny debug;
}
domain default { }
$ ewx learn --policy host.ewx learn.log
language 1;
policy host version 13;

source payroll_code {
    path "/opt/payroll/lib/*.signed.so";
    owner 0;
}
identity payroll {
    signer sha256:1111111111111111111111111111111111111111111111111111111111111111;
    product 7;
    min-svn 3;
}
domain payroll {
    exe "/opt/payroll/bin/server";
    uid 1000-1999;
    allow create, change;
    for payroll {
        allow init, exec_anon;
        allow exec_file from payroll_code;
        allow exec_dynamic max 5 pages until 2027-03-31;
    }
    deny debug;

    # Seen 4 times (13 pages), 2026-01-01 00:00:01 to 2026-01-01 00:00:04 UTC, by /opt/payroll/bin/server.
    allow exec_file from learned_files_1 for payroll;
    # Seen 3 times, 2026-01-01 00:00:05 to 2026-01-01 00:00:07 UTC, by /opt/payroll/bin/server.
    allow exec_file from learned_files_2 for payroll;
    # Seen 1 time, 2026-01-01 00:00:08 UTC, by /opt/payroll/bin/server.
    allow exec_file from learned_files_3 for payroll;
    # Seen 2 times, 2026-01-01 00:00:09 to 2026-01-01 00:00:10 UTC, by /opt/payroll/bin/server.
    allow exec_anon, init for payroll;
    # Seen 2 times, 2026-01-01 00:00:17 to 2026-01-01 00:00:18 UTC, by /opt/payroll/bin/server.
    allow exec_modified, init for learned_enclave_1;
}
domain default { }

identity learned_enclave_1 {
    measurement sha256:2222222222222222222222222222222222222222222222222222222222222222;
}

source learned_files_1 {
    path "/opt/payroll/plug/*.so.1",
         "/opt/payroll/plug/odd\\[1\\].bin";
    owner 0;
}

source learned_files_2 {
    path "/tmp/a.so",
         "/tmp/b.so",
         "/tmp/c.so";
    owner 0;
}

source learned_files_3 {
    path "/opt/payroll/lib/x.so";
    owner 0;
}
ewx: not learned: exec_anon in payroll, seen 1 time: who the enclave is was not seen
ewx: not learned: exec_file in payroll, seen 1 time: the file's path is not one that a policy may trust
ewx: not learned: debug in payroll, seen 1 time: a rule denies it
ewx: not learned: exec_dynamic in payroll, seen 1 time: the rule that allows it has expired; give it another date
ewx: not learned: create in default, by /usr/bin/tool, seen 1 time: the program's path is not one that a policy may trust
ewx: not learned: create in elsewhere, seen 1 time: its domain is not in the first file
ewx: 5 rules from 18 records
[1]
$ ewx learn --policy host.ewx --policy dropin.ewx --enclave 2 learn.log >/dev/null
ewx: not learned: exec_anon in payroll, seen 1 time: who the enclave is was not seen
ewx: 0 rules from 1 record
[1]
$ ewx learn --policy host.ewx --domain nobody learn.log | diff host.ewx -
ewx: 0 rules from 0 records
## Errors.
$ ewx learn learn.log
ewx: learn needs --policy and its file
Usage: ewx learn --policy FILE... [LOG...] [FILTER...] [-o OUT]
[2]
$ ewx learn --policy missing.ewx learn.log
ewx: missing.ewx: No such file or directory
[1]
$ ewx learn --policy bad.ewx learn.log
ewx: bad.ewx: unknown permission "exec_fil"
[1]
$ ewx compile host.ewx --built 0 -o host.bin; ewx learn --policy host.bin learn.log
ewx: host.bin: learn writes text, and reads it
[1]
$ ewx learn --policy host.ewx missing.log
ewx: missing.log: No such file or directory
[1]
## Two boots with one load and one enclave each: it is not the same enclave.
$ ewx learn --policy boots.ewx boots.log | sed -n '/allow/p; /signer/p'
ewx: 2 rules from 2 records
    allow exec_file from learned_files_1 for learned_enclave_1;
    allow exec_anon for learned_enclave_2;
    signer sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;
    signer sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb;
## Rules are no wider than what was seen: files by domain, enclave and permissions, the narrowest of several sources, domains of one line.
$ ewx learn --policy narrow.ewx narrow.log
language 1;
policy host version 13;
source everything { path "/**"; }
source bin { path "/opt/bin/*"; owner 0; }
source srv { path "/srv/**"; }
source own { path "/**"; owner 0; }
domain payroll { exe "/opt/payroll/bin/server"; permissive; 
    # Seen 2 times, 2026-01-01 00:00:01 to 2026-01-01 00:00:12 UTC, by /opt/payroll/bin/server.
    allow exec_file, exec_unmeasured from learned_files_1 for learned_enclave_1;
    # Seen 1 time, 2026-01-01 00:00:02 UTC, by /opt/payroll/bin/server.
    allow exec_file from learned_files_2 for learned_enclave_1;
    # Seen 1 time, 2026-01-01 00:00:03 UTC, by /opt/payroll/bin/server.
    allow exec_file, exec_mutable from learned_files_3 for learned_enclave_1;
    # Seen 1 time, 2026-01-01 00:00:09 UTC, by /opt/payroll/bin/server.
    allow exec_file from bin for learned_enclave_1;
    # Seen 1 time, 2026-01-01 00:00:10 UTC, by /opt/payroll/bin/server.
    allow exec_file from learned_files_5 for learned_enclave_1;
    # Seen 1 time, 2026-01-01 00:00:11 UTC, by /opt/payroll/bin/server.
    allow exec_file from learned_files_6 for learned_enclave_1;
    # Seen 1 time, 2026-01-01 00:00:13 UTC, by /opt/payroll/bin/server.
    # The bytes were of no file, so that no source is named: it is for any.
    allow exec_unmeasured for learned_enclave_1;
} domain other { exe "/opt/other/bin/server"; permissive; 
    # Seen 1 time, 2026-01-01 00:00:16 UTC, by /opt/other/bin/server.
    allow create;
}
domain default { permissive; deny exec_mutable from everything; deny exec_mutable from bin; deny exec_mutable from srv; deny exec_mutable from own; }

identity learned_enclave_1 {
    signer sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;
    product 1;
    min-svn 5;
}

identity learned_enclave_2 {
    signer sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;
    product 1;
    min-svn 1;
}

source learned_files_1 {
    path "/opt/lib/good.so.1";
    owner 0;
}

source learned_files_2 {
    path "/opt/lib/nice.so.1";
    owner 0;
}

source learned_files_3 {
    path "/opt/lib/warm.so.1";
    owner 0;
}

source learned_files_4 {
    path "/opt/lib/*.so.1";
    owner 0;
}

source learned_files_5 {
    path "/srv/a.so";
    owner 0;
}

source learned_files_6 {
    path "/gone/a.so";
    owner 0;
}

domain learned_program_1 {
    exe "/home/mallory/x";
    uid 1999;
    # Seen 3 times, 2026-01-01 00:00:05 to 2026-01-01 00:00:07 UTC, by /home/mallory/x.
    allow exec_file from learned_files_4 for learned_enclave_2;
}
ewx: not learned: exec_unmeasured in payroll, seen 1 time: the file's path is not one that a policy may trust
ewx: not learned: change in other, seen 1 time: who the enclave is was not seen
ewx: 9 rules from 14 records
[1]
## Of 2000 programs never refuses something to each: few compilations find that out, in much less than this time.
$ (cat boots.ewx; echo 'never map_wx;') >never.ewx; awk '/exec_anon/ { r = $0 } /1491/ { s = $0 } END { for (i = 1; i <= 2000; i++) { a = r; b = s; gsub(/enclave=1 /, "enclave=" i " ", a); gsub(/enclave=1 /, "enclave=" i " ", b); gsub(/=exec_anon/, "=map_wx,exec_anon", a); sub(/cause=map_wx,/, "cause=", a); sub(/domain="payroll"/, "domain=\"default\"", a); sub(/exe="[^"]*"/, "exe=\"/opt/x" i "\"", a); print a; print b } }' boots.log >many.log; (ulimit -t 20; ewx learn --policy never.ewx many.log -o many.ewx 2>said); tail -n 1 said; sort said | sed 's/x[0-9]*,/x,/' | uniq -c | sort -n | tail -1; grep -c 'allow exec_anon for' many.ewx
ewx: 2000 rules from 2000 records
   2000 ewx: not learned: map_wx in default, by /opt/x, seen 1 time: "never map_wx" does not hold
2000
## A record that cannot be read keeps no other from being learned from.
$ (sed -n '/1490/{s/pid=[0-9]*/pid=x/p;q}' boots.log; cat boots.log) | ewx learn --policy boots.ewx - -o odd.ewx; grep -c allow odd.ewx
ewx: standard input:1: the field pid is no number
ewx: 2 rules from 2 records
2
## The next version, however this one is written; words of the language as names, and no line break.
$ for version in 0x1f 007 18446744073709551615; do sed "s/version 12/version $version/" boots.ewx >version.ewx; ewx learn --policy version.ewx boots.log 2>&1 | grep -E 'version|rules'; done
policy host version 32;
ewx: 2 rules from 2 records
policy host version 8;
ewx: 2 rules from 2 records
policy host version 18446744073709551615;
ewx: 2 rules from 2 records
$ printf 'language 1; policy version version 3; domain domain { exe "/\\\\{"; allow create; } domain payroll{exe "/\\\\}";permissive;}domain payroll over domain;domain default{}' >words.ewx; ewx learn --policy words.ewx boots.log | sed '/^ident/,$d'
ewx: 2 rules from 2 records
language 1; policy version version 4; domain domain { exe "/\\{"; allow create; } domain payroll{exe "/\\}";permissive;
    # Seen 1 time, 2026-01-01 00:00:01 UTC, by /opt/payroll/bin/server.
    allow exec_file from learned_files_1 for learned_enclave_1;
    # Seen 1 time, 2026-01-02 03:46:41 UTC, by /opt/payroll/bin/server.
    allow exec_anon for learned_enclave_2;
}domain payroll over domain;domain default{}

## The evidence is of the permissions that a rule gives, and a record counts once for a rule.
$ for i in $(seq 50); do sed -n 2p evidence.log; done >many.log; ewx learn --policy evidence.ewx evidence.log many.log | grep -A1 Seen
ewx: not learned: map_wx in payroll, seen 52 times: "never map_wx" does not hold
ewx: 1 rule from 53 records
    # Seen 2 times (5 pages), 2026-01-01 00:00:01 to 2026-01-01 00:00:05 UTC, by /opt/payroll/bin/server.
    allow exec_dynamic for learned_enclave_1;
$ ewx learn --policy evidence.ewx evidence.log many.log 2>&1 >/dev/null
ewx: not learned: map_wx in payroll, seen 52 times: "never map_wx" does not hold
ewx: 1 rule from 53 records
[1]
$ sed '/^never/d' evidence.ewx >all.ewx; ewx learn --policy all.ewx evidence.log many.log | grep -A1 Seen
ewx: 1 rule from 53 records
    # Seen 53 times (56 pages), 2026-01-01 00:00:01 to 2026-01-01 00:00:05 UTC, by /opt/payroll/bin/server.
    allow map_wx, exec_dynamic for learned_enclave_1;
$ tail -1 evidence.log | sed 's/missing=[^ ]*/missing=exec_dynamic,exec_dynamic/' | cat evidence.log - | ewx learn --policy evidence.ewx - 2>&1 | grep Seen
    # Seen 3 times (9 pages), 2026-01-01 00:00:01 to 2026-01-01 00:00:05 UTC, by /opt/payroll/bin/server.
## What the kernel left out is not learned from, which is said.
$ ewx learn --policy host.ewx --domain payroll suppressed.log | diff host.ewx -
ewx: 5000 records of any kind were left out by the kernel; what they say is not learned
ewx: 0 rules from 0 records
## No pattern lets a user choose the code: of files of root alone, and none at or below a folder that is open.
$ ewx learn --policy evidence.ewx patterns.log 2>said | grep -cF '*'; cat said
0
ewx: 3 rules from 9 records
$ sed 's/owner=[0-9]*/owner=0/; s|/srv/shared/tmp/|/tmp/app/|' patterns.log | ewx learn --policy evidence.ewx - 2>said | sed -n '/path/,/owner/p'
    path "/home/u/.cache/*.so";
    owner 0;
    path "/run/user/1000/.y0.z",
         "/run/user/1000/.y1.z",
         "/run/user/1000/.y2.z";
    owner 0;
    path "/tmp/app/v0.bin",
         "/tmp/app/v1.bin",
         "/tmp/app/v2.bin";
    owner 0;
$ for folder in / /tmp/ /tmp/a/b/ /var/tmp/x/ /dev/shm/ /run/user/0/ /run/lock/ /tmpx/ /var/; do sed "s/owner=[0-9]*/owner=0/; s|/srv/shared/tmp/|$folder|" patterns.log | ewx learn --policy evidence.ewx - 2>said | grep -F "$folder*.bin"; done
    path "/tmpx/*.bin";
    path "/var/*.bin";
## Nothing is learned from a record that has lost a value.
$ sed '/1490/s/ path=[^ ]*/ path=/' boots.log | ewx learn --policy boots.ewx - | diff boots.ewx -
ewx: 0 rules from 0 records
ewx: nothing was learned from 2 records: cut short, or with a value that is lost
