$ ewx explain <denied.log
verdict  denied: load, 2026-01-01 00:00:00 UTC
process  /opt/payroll/bin/server (pid 812, euid 1200), domain payroll
enclave  7 (dev), before init, page 3
file     /tmp/evil.so (tmpfs, owner 1000), in no source
policy   host version 12, domain at host.ewx:13
missing  exec_file: no rule allows it
The code comes from this file, byte for byte. No rule that fits domain payroll, this file and this enclave allows exec_file. If it is meant to be allowed, write into domain payroll: allow exec_file from SOURCE; with a SOURCE that the file is in.
request  exec_file in payroll at 2026-01-01T00:00:00Z: load rx file "/tmp/evil.so" owner 1000 fs tmpfs measured
$ ewx explain --policy host.ewx <denied.log
verdict  denied: load, 2026-01-01 00:00:00 UTC
process  /opt/payroll/bin/server (pid 812, euid 1200), domain payroll
enclave  7 (dev), before init, page 3
file     /tmp/evil.so (tmpfs, owner 1000), in no source
policy   host version 12, domain at host.ewx:13
     13 | domain payroll {
missing  exec_file: no rule allows it
The code comes from this file, byte for byte. No rule that fits domain payroll, this file and this enclave allows exec_file. If it is meant to be allowed, write into domain payroll: allow exec_file from SOURCE; with a SOURCE that the file is in.
request  exec_file in payroll at 2026-01-01T00:00:00Z: load rx file "/tmp/evil.so" owner 1000 fs tmpfs measured
replay   deny exec_file no_rule host.ewx:13
$ ewx explain "$(tail -1 denied.log)" | head -1
verdict  denied: load, 2026-01-01 00:00:00 UTC
$ sed 's/readonly=0 mapexec=0/readonly=1 mapexec=1/' denied.log | ewx explain | tail -1
request  exec_file in payroll at 2026-01-01T00:00:00Z: load rx file "/tmp/evil.so" owner 1000 fs tmpfs read-only mapped-exec measured
$ ewx explain --json <denied.log
{
  "record": {
    "lsm": "ewx",
    "op": "load",
    "result": "denied",
    "cause": "exec_file",
    "reason": "no_rule",
    "needed": "exec_file",
    "missing": "exec_file",
    "enclave": 7,
    "provider": "dev",
    "domain": "payroll",
    "access": "rx",
    "facts": "bd",
    "inited": 0,
    "foreign": 0,
    "page": 3,
    "pages": 1,
    "origin": "file",
    "path": "/tmp/evil.so",
    "fstype": "tmpfs",
    "owner": 1000,
    "nopath": 0,
    "readonly": 0,
    "mapexec": 0,
    "product": 0,
    "svn": 0,
    "attrs": "0",
    "policy": "host",
    "version": 12,
    "digest": "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    "rule": -1,
    "line": "host.ewx:13",
    "now": 1767225600,
    "enforcing": 1,
    "suppressed": 0,
    "pid": 812,
    "auid": 1000,
    "uid": 1200,
    "euid": 1200,
    "egid": 1200,
    "ses": 3,
    "comm": "server",
    "exe": "/opt/payroll/bin/server",
    "noexe": 0,
    "subj": "unconfined"
  },
  "schema": "ewx-explain-1"
}
$ ewx explain <mixed.log
verdict  permissive (would be denied if it were enforced): init, 2026-01-01 00:00:00 UTC
process  /opt/payroll/bin/server (pid 813, euid 1200), domain payroll
enclave  8 (dev), before init, 4 pages from page 0, identity payroll
policy   host version 12, rule at host.ewx:22
missing  debug: a rule denies it
The enclave has the debug attribute: a debugger can read and write all of it. The rule denies debug, and a deny wins over every allow.
Nothing was denied: EWX, or the domain, is permissive.
request  init,debug in payroll for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 measurement sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff product 7 svn 3 at 2026-01-01T00:00:00Z: init debug

verdict  denied: mmap, 2026-01-01 00:00:00 UTC
process  /opt/payroll/bin/server (pid 813, euid 1200), domain payroll
enclave  8 (dev), initialised, 4 pages from page 0, identity payroll
cause    private_map: an enclave is mapped shared or not at all
This is a fixed rule: no policy and no permissive mode lifts it.
The request cannot be rebuilt: a fixed rule refused it before any policy was asked.

verdict  denied: init, 2026-01-01 00:00:00 UTC
process  /opt/payload\x1b[31m (pid 814, euid 1200), domain payroll
enclave  9 (dev), before init, page 2
policy   host version 12, domain at host.ewx:13
missing  exec_anon: no identity still possible has it
An earlier request was let through because some identity was allowed it; the enclave turned out to have another one, so it must not start.
request  exec_anon in payroll for measurement sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff at 2026-01-01T00:00:00Z: load rx anon measured

load     host version 12, 2026-01-01 00:00:00 UTC
process  /usr/local/sbin/ewx (pid 70, uid 0, logged in as 1000)
digest   00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
It was done.
$ ewx explain --policy host.ewx <mixed.log | grep -a replay
replay   deny debug denied host.ewx:22
replay   deny exec_anon no_rule host.ewx:24
The record does not hold what was loaded before; the replay judges this request alone.
$ sed 's/payroll"/payroll2"/; s/version=12/version=11/' denied.log | ewx explain --policy host.ewx | tail -2
replay   deny exec_file no_rule host.ewx:13
This policy puts the process into domain payroll (a record holds no supplementary groups and no cgroup).
$ ewx explain --policy host.ewx 'in payroll for payroll: load rx file "/tmp/evil.so" measured'
verdict  deny exec_file no_rule host.ewx:13
request  in payroll for payroll: load rx file "/tmp/evil.so" measured
meaning  loading a page to read and execute, from /tmp/evil.so
domain   payroll
missing  exec_file: no rule allows it (domain at host.ewx:13)
     13 | domain payroll {
The code comes from this file, byte for byte. No rule that fits domain payroll, this file and this enclave allows exec_file. If it is meant to be allowed, write into domain payroll: allow exec_file from SOURCE; with a SOURCE that the file is in.
[1]
$ ewx explain --policy host.ewx 'in payroll for payroll: init debug'
verdict  deny debug denied host.ewx:22
request  in payroll for payroll: init debug
meaning  initialising an enclave
domain   payroll
missing  debug: a rule denies it (rule at host.ewx:22)
     22 |     deny debug;
The enclave has the debug attribute: a debugger can read and write all of it. The rule denies debug, and a deny wins over every allow.
[1]
$ ewx explain --policy host.ewx 'in payroll for payroll at 2027-04-01: mmap rx page rwx dynamic'
verdict  deny exec_dynamic expired host.ewx:20
request  in payroll for payroll at 2027-04-01T00:00:00Z: mmap rx page rwx dynamic
meaning  mapping a page to read and execute
domain   payroll
missing  exec_dynamic: the rule that allowed it has expired (rule at host.ewx:20)
     20 |         allow exec_dynamic max 5 pages until 2027-03-31;
The page was added after the enclave was initialised and is now to be executed. The rule allowed exec_dynamic until its date, which has passed, or the clock is before the policy's build stamp.
[1]
$ ewx explain --policy host.ewx 'in payroll for payroll using exec_dynamic 5: mmap rx page rwx dynamic'
verdict  deny exec_dynamic max host.ewx:20
request  in payroll for payroll using exec_dynamic 5: mmap rx page rwx dynamic
meaning  mapping a page to read and execute
domain   payroll
missing  exec_dynamic: the rule's max pages are in use (rule at host.ewx:20)
     20 |         allow exec_dynamic max 5 pages until 2027-03-31;
The page was added after the enclave was initialised and is now to be executed. The enclave already has as many pages that use exec_dynamic as the rule's max allows; pages that are removed give room again.
[1]
$ ewx explain --policy host.ewx 'in payroll: load rx anon'
verdict  defer exec_anon granted host.ewx:18
request  in payroll: load rx anon measured
meaning  loading a page to read and execute
domain   payroll
granted  exec_anon: a rule allows it (rule at host.ewx:18)
     18 |         allow init, exec_anon;
Some identities are allowed this, so it is let through now; init is denied unless the enclave turns out to have one of them.
$ ewx explain --policy host.ewx create
verdict  deny create no_rule host.ewx:24
request  in default: create
meaning  creating an enclave
domain   default
missing  create: no rule allows it (domain at host.ewx:24)
     24 | domain default { }
The process builds an enclave. No rule that fits domain default allows create. (The process fits the conditions of no other domain.) If it is meant to be allowed, write into domain default: allow create;
[1]
$ ewx explain --policy host.ewx 'in payroll for payroll: mmap rx page r anon'
verdict  refuse intent
request  in payroll for payroll: mmap rx page r anon measured
meaning  mapping a page to read and execute
domain   payroll
cause    intent: access beyond the page's declared permissions
This is a fixed rule: no policy and no permissive mode lifts it.
[1]
$ ewx explain --policy host.ewx --json create
{
  "request": "in default: create",
  "verdict": "deny",
  "domain": "default",
  "required": [
    "create"
  ],
  "missing": [
    "create"
  ],
  "decisions": [
    {
      "permission": "create",
      "granted": false,
      "reason": "no_rule",
      "file": "host.ewx",
      "line": 24
    }
  ],
  "schema": "ewx-explain-1"
}
[1]
$ tail -1 mixed.log | ewx explain
load     host version 12, 2026-01-01 00:00:00 UTC
process  /usr/local/sbin/ewx (pid 70, uid 0, logged in as 1000)
digest   00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
It was done.
$ head -1 denied.log | ewx explain
ewx: a record of type SYSCALL is none of EWX
[1]
$ ewx explain 'type=1490 audit(1.1:1): lsm=ewx op=load pid=x'
ewx: the record: the field pid is no number
[1]
$ ewx explain 'lsm=ewx op=fly'
verdict  ?: fly
process  ? (pid 0, euid 0), domain ?
missing  ?
The request cannot be rebuilt: its line is cut short after op.
## Records that are no decisions.
$ sed -n '/type=1491/p' vm.log | head -1 | ewx explain
started  enclave 1 (dev), 2 pages, 2026-11-21 00:57:15 UTC
process  /mnt/ext4/demo/bin/honest (pid 84, uid 1000, nobody logged in)
domain   payroll
identity payroll: measurement 627373c86b2fb198eb34bb51f2bf7c06d0b916fb8da6a7d6e8bbc1f81d08ebed, signer 3619f4af0ee2debf83fd8d3fd0cb09f168c0c89ae6ae3ac9986bd340248879ad, product 1, svn 1
sources  code
used     exec_file:1,create,init
pages    0-0:rx:file,1-1:rw:anon
$ sed -n '/type=140[34]/p' vm.log | sed -n '1p;2p;4p;5p' | ewx explain
load     demo version 1, 2026-11-21 00:57:13 UTC
process  /usr/local/sbin/ewx (pid 70, uid 0, nobody logged in)
digest   6ca226e2ed863e203215c3bb5738c985792464d460eda9b34b1fb6d6b5f9cfac
It was done.

mode     denials are enforced; records: all, 2026-11-21 00:57:13 UTC
process  /usr/bin/bash (pid 71, uid 0, nobody logged in)
changed  records: all, before: log
It was done.

mode     denials are enforced; records: log, 2026-11-21 00:57:13 UTC
process  /usr/bin/bash (pid 71, uid 0, nobody logged in)
It was refused: Invalid argument. What was in force before stays.
The record does not say whether the mode, the level or the seal was to be changed.

load     8 bytes that are no policy, 2026-11-21 00:57:20 UTC
process  /usr/bin/bash (pid 71, uid 0, nobody logged in)
It was refused: Bad message. What was in force before stays.
$ sed -n '/type=1491/p' vm.log | head -1 | ewx explain --json | head -8
{
  "record": {
    "lsm": "ewx",
    "boot": "c3d0415f9be2a786",
    "enclave": 1,
    "provider": "dev",
    "domain": "payroll",
    "creator": "payroll",
$ ewx explain 'type=1403 audit(1.1:1): lsm=ewx policy="host" version=11 digest=? size=9 generation=4 old_version=12 rollback=1 pid=5 auid=1000 uid=0 exe="/usr/sbin/ewx" res=1 errno=0'
load     host version 11, 1970-01-01 00:00:01 UTC
process  /usr/sbin/ewx (pid 5, uid 0, logged in as 1000)
It was done.
Version 12, which is newer, was in force before.
## The policy that decided is found by its digest; another one is asked as well.
$ ewx compile host.ewx --built 0 -o host.bin && ewx compile lax.ewx --built 0 -o lax.bin && mkdir kept && cp host.bin lax.bin denied.log kept; sed "s/ digest=[0-9a-f]*/ digest=$(sha256sum host.bin | cut -c1-64)/" denied.log >then.log; sed 's|path "/opt/payroll/lib/\*.signed.so"|path "/tmp/*.so"|; s/owner 0/owner 1000/; s/version 12/version 13/' host.ewx >next.ewx; ewx explain --recorded kept --policy next.ewx <then.log | tail -3
lax.ewx:3:10: warning: identity "old" has a signer but no min-svn [W0102]
    identity old {
             ^~~
    hint: add: min-svn N;
lax.ewx:9:5: warning: a strong permission hangs on "exe" of domain "lax" alone [W0103]
        allow map_wx for any;
        ^~~~~
    hint: name an identity, or add uid or gid to the domain
request  exec_file in payroll at 2026-01-01T00:00:00Z: load rx file "/tmp/evil.so" owner 1000 fs tmpfs measured
recorded deny exec_file no_rule host.ewx:13
replay   defer exec_file granted next.ewx:19
$ ewx explain --recorded host.bin <then.log | tail -1
recorded deny exec_file no_rule host.ewx:13
$ ewx explain --recorded lax.bin <then.log | tail -1
recorded the policy that decided is not among those of --recorded
$ ewx explain --recorded kept --json <then.log | grep -A4 '"recorded"'
  "recorded": {
    "request": "exec_file in payroll at 2026-01-01T00:00:00Z: load rx file \"/tmp/evil.so\" owner 1000 fs tmpfs measured",
    "verdict": "deny",
    "domain": "payroll",
    "required": [
$ ewx explain --recorded host.ewx <then.log
ewx: host.ewx: no binary policy
[1]
$ ewx explain --recorded missing <then.log
ewx: missing: No such file or directory
[1]
## A record that was changed: the policy that it names does not decide what it says.
$ sed 's/op=load/op=mmap/; s/exec_file/map_wx/g; s/access=rx/access=r/; s/missing=map_wx/missing=init/' then.log | ewx explain --recorded kept | tail -2
recorded deny map_wx no_rule host.ewx:13
The record says otherwise: this policy does not decide what it says.
## However much there is, and whatever is between.
$ (printf '\0\0\n'; yes 'type=SYSCALL msg=audit(1.1:1): arch=c000003e syscall=16' | head -c 20000000; cat denied.log) | ewx explain | head -1
verdict  denied: load, 2026-01-01 00:00:00 UTC
$ head -c 700 denied.log | ewx explain | tail -2
The code comes from this file, byte for byte. No rule that fits domain payroll, this file and this enclave allows exec_file. If it is meant to be allowed, write into domain payroll: allow exec_file from SOURCE; with a SOURCE that the file is in.
The request cannot be rebuilt: its line is cut short after ses.
## What a record names is not opened: it may be a pipe, or somebody's secret.
$ mkfifo pipe; for file in pipe /dev/zero ./host.ewx; do sed "s|host.ewx:13|$file:1|" denied.log | timeout 20 ewx explain --policy host.ewx | sed -n '/^policy/,/^missing/p'; done
policy   host version 12, domain at pipe:1
missing  exec_file: no rule allows it
policy   host version 12, domain at /dev/zero:1
missing  exec_file: no rule allows it
policy   host version 12, domain at ./host.ewx:1
missing  exec_file: no rule allows it
$ cp host.ewx piped.ewx; ewx compile piped.ewx --built 0 -o piped.bin; rm piped.ewx; mkfifo piped.ewx; timeout 20 ewx explain --policy piped.bin create | sed -n '/^missing/,/^The/p' | cut -c1-60
missing  create: no rule allows it (domain at piped.ewx:24)
The process builds an enclave. No rule that fits domain defa
## Another policy of that name and version does not know the record's domain, whatever that is called there.
$ sed 's|/opt/payroll/bin/server|/opt/other/bin/server|' host.ewx >same.ewx; ewx explain --policy same.ewx <denied.log | tail -2
replay   deny exec_file no_rule same.ewx:24
This policy puts the process into domain default (a record holds no supplementary groups and no cgroup).
$ ewx compile same.ewx --built 0 -o same.bin; sed "s/ digest=[0-9a-f]*/ digest=$(sha256sum same.bin | cut -c1-64)/" denied.log | ewx explain --policy same.bin | tail -1
replay   deny exec_file no_rule same.ewx:13
## What was sealed, and what could not be.
$ ewx explain <seal.log
mode     denials are only recorded; records: log; sealed: none, 2026-01-01 00:00:01 UTC
process  /usr/sbin/ewx (pid 5, uid 0, logged in as 1000)
It was refused: Device or resource busy. What was in force before stays.
It was to be sealed.

mode     denials are enforced; records: log; sealed: signed, 2026-01-01 00:00:02 UTC
process  /usr/sbin/ewx (pid 5, uid 0, logged in as 1000)
changed  sealed: signed, before: none
It was done.

mode     denials are enforced; records: log; sealed: closed, 2026-01-01 00:00:03 UTC
process  /usr/sbin/ewx (pid 5, uid 0, logged in as 1000)
changed  sealed: closed, before: signed
It was done.

mode     denials are enforced; records: log; sealed: closed, 2026-01-01 00:00:04 UTC
process  /usr/sbin/ewx (pid 5, uid 0, logged in as 1000)
It was refused: Operation not permitted. What was in force before stays.
The record does not say whether the mode, the level or the seal was to be changed.
$ sed -n '2s/ res=.*//p' seal.log | ewx explain
mode     denials are enforced; records: log; sealed: signed, 2026-01-01 00:00:02 UTC
process  /usr/sbin/ewx (pid 5, uid 0, logged in as 1000)
changed  sealed: signed, before: none
The record does not say whether it was done.
The record is not whole: its line is cut short after subj.
## Tracing is no request: the domain is the traced one's.
$ ewx explain --policy host.ewx <guarded.log
verdict  denied: trace, 2026-01-01 00:00:01 UTC
process  /usr/bin/gdb (pid 812, euid 1200)
traced   a process of domain payroll
policy   host version 12, domain at host.ewx:13
     13 | domain payroll {
cause    guarded: a process of a guarded domain was to be traced from outside
The process above was to trace a process of domain payroll, which is guarded; or it is that process, and wanted to be traced, or to become one of the domain while it is traced, or under a seccomp filter and no_new_privs. The tracer's own domain is not recorded. A process of domain payroll may trace the others of it. If others are meant to be allowed to, take guarded out of domain payroll; entering it is then no secure exec either.
$ sed 's/result=denied/result=permissive/; s/enforcing=1/enforcing=0/; s/ comm=.*//' guarded.log | ewx explain | tail -2
Nothing was denied: EWX, or the domain, is permissive.
The record is not whole: its line is cut short after ses.
$ ewx explain --policy host.ewx --json <guarded.log | grep -c replay
0
[1]
## Who opened the enclave was asked for what another process wrote to it.
$ sed 's/ foreign=0/& opener=1/' denied.log | ewx explain | sed -n 2,4p
opener   /opt/payroll/bin/server (euid 1200), domain payroll
writer   server (pid 812), to the file that it had opened
enclave  7 (dev), before init, page 3
$ sed 's/ foreign=0/& opener=0/' denied.log | ewx explain | sed -n 2,3p
process  /opt/payroll/bin/server (pid 812, euid 1200), domain payroll
enclave  7 (dev), before init, page 3
## A value that audit dropped is not taken for one that was not there.
$ sed 's/ path=[^ ]*/ path=/' denied.log | ewx explain --policy host.ewx | sed '1,/^missing/d'
The code comes from this file, byte for byte. No rule that fits domain payroll, this file and this enclave allows exec_file. If it is meant to be allowed, write into domain payroll: allow exec_file from SOURCE; with a SOURCE that the file is in.
The request cannot be rebuilt: the value of path is lost.
$ sed 's/ path=[^ ]*/ path=/' denied.log | ewx explain --policy host.ewx --json | grep -E 'damaged|replay|"path"'
  "damaged": "path",
$ sed -n '/type=1491/{s/ measurement=[^ ]*/ measurement=/p;q}' vm.log | ewx explain | tail -1
The record is not whole: the value of measurement is lost.
