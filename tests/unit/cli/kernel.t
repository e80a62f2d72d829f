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
ENCLAVE  PROVIDER  PAGES     INIT  OWNER   DOMAIN           FLAG  IDENTITY
7        dev       16        1     1200    payroll          0     payroll
8        dev       134217728 0     0       default          0     ?
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
      "flagged": 0
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
      "flagged": 0
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
