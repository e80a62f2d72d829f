## A directory stands for the kernel's nodes.
$ ewx status --securityfs fs
state: active
enforcing: 1
before_policy: allow
policy: host
version: 12
digest: 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
generation: 3
rules: 6
size: 4096
permissive_domains: 0
clock_trusted: 1
enclaves: 2
initialized: 1
flagged: 0
$ ewx status --securityfs fs --json
{
  "state": "active",
  "enforcing": 1,
  "before_policy": "allow",
  "policy": "host",
  "version": 12,
  "digest": "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
  "generation": 3,
  "rules": 6,
  "size": 4096,
  "permissive_domains": 0,
  "clock_trusted": 1,
  "enclaves": 2,
  "initialized": 1,
  "flagged": 0,
  "schema": "ewx-status-1"
}
$ ewx status --securityfs nothing
ewx: nothing/status: No such file or directory (this kernel does not run EWX, or securityfs is not mounted)
[1]
$ ewx enclaves --securityfs fs
ENCLAVE  PROVIDER  PAGES     INIT  OWNER   DOMAIN           FLAG  DYNAMIC W+X   IDENTITY
7        dev       16        1     1200    payroll          0     2       1     payroll
8        dev       134217728 0     0       default          0     0       0     ?
$ ewx enclaves --securityfs fs --json
{
  "enclaves": [
    {
      "enclave": 7,
      "provider": "dev",
      "pages": 16,
      "created": 1,
      "inited": 1,
      "owner": 1200,
      "domain": "payroll",
      "identity": "payroll",
      "measurement": "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
      "signer": null,
      "debts": 0,
      "unjudged": 0,
      "flagged": 0,
      "mms": 1,
      "dynamic": 2,
      "wx": 1,
      "used": "exec_file:3,augment:2,create,init",
      "ranges": "0-2:rx:file,3-13:rw:anon,14-15:rw:dynamic"
    },
    {
      "enclave": 8,
      "provider": "dev",
      "pages": 134217728,
      "created": 1,
      "inited": 0,
      "owner": 0,
      "domain": "default",
      "identity": null,
      "measurement": null,
      "signer": null,
      "debts": 1,
      "unjudged": 0,
      "flagged": 0,
      "mms": 0,
      "dynamic": 0,
      "wx": 0,
      "used": "create",
      "ranges": "-"
    }
  ],
  "schema": "ewx-enclaves-1"
}
$ ewx enclaves --securityfs nothing
ewx: nothing/enclaves: No such file or directory (this kernel does not run EWX, or securityfs is not mounted)
[1]
$ ewx enforce --securityfs fs
1 (denials are enforced)
$ ewx enforce --securityfs fs off && cat fs/enforce
0
$ ewx enforce --securityfs fs
0 (denials are only recorded)
$ ewx enforce --securityfs fs on && cat fs/enforce
1
$ ewx enforce --securityfs nothing 1
ewx: nothing/enforce: No such file or directory (this kernel does not run EWX, or securityfs is not mounted)
[1]
$ ewx load --securityfs nothing host.ewx
ewx: nothing/load: No such file or directory (this kernel does not run EWX, or securityfs is not mounted)
[1]
$ ewx load --securityfs fs bad.ewx 2>&1 | grep -c error:
5
$ ewx load --securityfs fs missing.ewx
ewx: missing.ewx: No such file or directory
[1]
$ mkdir -p full; ln -s /dev/full full/load; ewx load --securityfs full host.ewx
ewx: full/load: No space left on device
[1]
$ ewx query --securityfs fs --live create
ewx: fs/query: No such file or directory (this kernel does not run EWX, or securityfs is not mounted)
[1]
## Rules that decided nothing are dead, or wait for a rare day.
$ mkdir -p fs/policies/host; ewx compile --built 0 -o fs/policies/host/blob host.ewx; ewx counters --securityfs fs
          29  allowed
          10  denied
           0  permissive
           0  unjudged
           1  refused
          22  recorded
           0  suppressed
           1  loads
           1  loads_failed

     DECIDED  RULE
           0  host.ewx:16
     16 |     allow create, change;
           5  host.ewx:18
     18 |         allow init, exec_anon;
           0  host.ewx:19
     19 |         allow exec_file from payroll_code;
           0  host.ewx:20
     20 |         allow exec_dynamic max 5 pages until 2027-03-31;
           1  host.ewx:22
     22 |     deny debug;
3 of 5 rules decided nothing since the policy was loaded
$ ewx counters --securityfs fs --json
{
  "totals": {
    "allowed": 29,
    "denied": 10,
    "permissive": 0,
    "unjudged": 0,
    "refused": 1,
    "recorded": 22,
    "suppressed": 0,
    "loads": 1,
    "loads_failed": 1
  },
  "rules": [
    {
      "rule": 0,
      "file": "host.ewx",
      "line": 16,
      "hits": 0
    },
    {
      "rule": 1,
      "file": "host.ewx",
      "line": 18,
      "hits": 5
    },
    {
      "rule": 2,
      "file": "host.ewx",
      "line": 19,
      "hits": 0
    },
    {
      "rule": 3,
      "file": "host.ewx",
      "line": 20,
      "hits": 0
    },
    {
      "rule": 4,
      "file": "host.ewx",
      "line": 22,
      "hits": 1
    }
  ],
  "schema": "ewx-counters-1"
}
$ rm -r fs/policies; ewx counters --securityfs fs | tail -2
           1  loads
           1  loads_failed
$ ewx counters --securityfs nothing
ewx: nothing/counters: No such file or directory (this kernel does not run EWX, or securityfs is not mounted)
[1]
$ ewx counters now
ewx: counters takes no argument
Usage: ewx counters [--json]
[2]
