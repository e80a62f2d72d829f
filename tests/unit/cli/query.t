$ ewx query --policy host.ewx 'in payroll for payroll: load rx file "/opt/payroll/lib/a.signed.so" owner 0'
allow exec_file granted host.ewx:19
$ ewx query -p host.ewx 'in payroll for payroll: load rx file "/tmp/evil.so" measured'
deny exec_file no_rule host.ewx:13
[1]
$ ewx query --policy host.ewx 'in payroll: load rx anon'
defer exec_anon granted host.ewx:18
$ ewx query --policy host.ewx in payroll: load rw anon
allow
$ ewx query --policy host.ewx 'in payroll for payroll: mmap rx page r anon'
refuse intent
[1]
$ ewx query --policy host.ewx --policy dropin.ewx 'as exe "/opt/payroll/bin/admin" uid 0: create'
allow create granted dropin.ewx:5
$ ewx query --policy host.ewx 'in nowhere: create'
ewx: the policy has no domain nowhere
[1]
$ ewx query --policy host.ewx 'in payroll for nobody: init'
ewx: the policy has no identity nobody
[1]
$ ewx query --policy host.ewx 'for nobody: init'
ewx: the policy has no identity nobody
[1]
$ ewx query --policy bad.ewx create
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
$ ewx query --policy missing.ewx create
ewx: missing.ewx: No such file or directory
[1]
$ ewx query --policy host.ewx 'in payroll: laod rx anon'
ewx: bad request: here stands an operation: load, add, mmap, mprotect, fault, create, init, ...
  in payroll: laod rx anon
              ^~~~
[2]
$ ewx query --policy host.ewx 'in payroll: load rx file "/tmp'
ewx: bad request: this string does not end
  in payroll: load rx file "/tmp
                           ^~~~~
[2]
$ ewx query --policy host.ewx --json 'in payroll for payroll: load rx file "/tmp/evil.so"'
{
  "request": "in payroll for payroll: load rx file \"/tmp/evil.so\" measured",
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
  ],
  "schema": "ewx-query-1"
}
[1]
$ ewx query --policy host.ewx --json 'in payroll: load rx anon'
{
  "request": "in payroll: load rx anon measured",
  "verdict": "defer",
  "domain": "payroll",
  "required": [
    "exec_anon"
  ],
  "missing": [],
  "decisions": [
    {
      "permission": "exec_anon",
      "granted": true,
      "reason": "granted",
      "rule": 1,
      "file": "host.ewx",
      "line": 18
    }
  ],
  "schema": "ewx-query-1"
}
$ ewx query --color always --policy host.ewx create | od -c | head -2
0000000 033   [   1   ;   3   1   m   d   e   n   y       c   r   e   a
0000020   t   e       n   o   _   r   u   l   e       h   o   s   t   .
$ ewx query --live create --securityfs nothing
ewx: nothing/query: No such file or directory (this kernel does not run EWX, or securityfs is not mounted)
[1]
