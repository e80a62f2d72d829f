## A file that no source has: the narrowest rule first, then wider ones.
$ ewx why-not -p host.ewx 'as exe "/opt/payroll/bin/server" uid 1000 for payroll: load rx file "/tmp/ev*il.so" owner 1000'
missing  exec_file: no rule allows it (host.ewx:13)
     13 | domain payroll {

1.
    source new_source {
        path "/tmp/ev\\*il.so";
        owner 1000;
    }
    domain payroll {
        allow exec_file from new_source for payroll;
    }
allows it to all processes of the domain; for instance:
    exec_file as exe "/opt/payroll/bin/server" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3: load rx file "/tmp/ev*il.so" owner 1000 measured

2.
    domain payroll {
        allow exec_file from any for payroll;
    }
allows it to all processes of the domain, from every file; for instance:
    exec_file as exe "/opt/payroll/bin/server" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3: load rx file "/o" measured

3.
    source new_source {
        path "/tmp/ev\\*il.so";
        owner 1000;
    }
    domain payroll {
        allow exec_file from new_source;
    }
allows it to all processes of the domain, for every enclave; for instance:
    exec_file as exe "/opt/payroll/bin/server" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3: load rx file "/tmp/ev*il.so" owner 1000 measured
[1]
## The instance can be asked as it stands, whatever is in its names.
$ ewx why-not -p host.ewx 'as exe "/opt/payroll/bin/server" uid 1000 for payroll: load rx file "/tmp/e\"v\\il.so" owner 1000' | grep -m 1 'load rx'
    exec_file as exe "/opt/payroll/bin/server" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3: load rx file "/tmp/e\"v\\il.so" owner 1000 measured
## Neither is a line of the policy changed.
$ printf 'language 1;\npolicy p version 1;\ndomain d { exe "/x\\"y"; }\n' >quote.ewx; ewx why-not -p quote.ewx 'as exe "/x\"y": create' | grep '|'
      3 | domain d { exe "/x\"y"; }
## An enclave that nobody listed.
$ ewx why-not -p host.ewx 'in payroll for signer sha256:2222222222222222222222222222222222222222222222222222222222222222 product 1 svn 4: init'
missing  init: no rule allows it (host.ewx:13)
     13 | domain payroll {

1.
    identity new_identity {
        signer sha256:2222222222222222222222222222222222222222222222222222222222222222;
        product 1;
        min-svn 4;
    }
    domain payroll {
        allow init for new_identity;
    }
allows it to all processes of the domain; for instance:
    init as exe "/opt/payroll/bin/server" uid 1000 for signer sha256:2222222222222222222222222222222222222222222222222222222222222222 product 1 svn 4: init

2.
    domain payroll {
        allow init for any;
    }
allows it to all processes of the domain, for every enclave; for instance:
    init as exe "/opt/payroll/bin/server" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7: init
[1]
## A process that no domain has; two permissions.
$ ewx why-not -p host.ewx 'as exe "/usr/bin/new" uid 5 for payroll: load rx file "/opt/payroll/lib/a.signed.so" owner 0 mutable'
missing  exec_file: no rule allows it (host.ewx:24)
     24 | domain default { }
missing  exec_mutable: no rule allows it (host.ewx:24)
     24 | domain default { }

1.
    source new_source {
        path "/opt/payroll/lib/a.signed.so";
        owner 0;
    }
    domain new_domain {
        exe "/usr/bin/new";
        uid 5;
        allow exec_file, exec_mutable from new_source for payroll;
    }
allows it to all processes of the domain; for instance:
    exec_mutable as exe "/usr/bin/new" uid 5 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3: load rx file "/opt/payroll/lib/a.signed.so" owner 0 mutable measured

2.
    domain new_domain {
        exe "/usr/bin/new";
        uid 5;
        allow exec_file, exec_mutable from payroll_code for payroll;
    }
allows it to all processes of the domain; for instance:
    exec_mutable as exe "/usr/bin/new" uid 5 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3: load rx file "/opt/payroll/lib/.signed.so" owner 0 mutable measured

3.
    domain new_domain {
        exe "/usr/bin/new";
        uid 5;
        allow exec_file, exec_mutable from any for payroll;
    }
allows it to all processes of the domain, from every file; for instance:
    exec_mutable as exe "/usr/bin/new" uid 5 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3: load rx file "/o" mutable measured
[1]
## A domain by name.
$ ewx why-not -p host.ewx 'in default: create'
missing  create: no rule allows it (host.ewx:24)
     24 | domain default { }

1.
    domain default {
        allow create;
    }
allows it to all processes of the domain; for instance:
    create as exe "/o" for unlisted: create
[1]
## What has ended or is used up.
$ ewx why-not -p host.ewx 'in payroll for payroll at 2028-01-01: mprotect rx page rx dynamic'
missing  exec_dynamic: the rule that allowed it has expired (host.ewx:20)
     20 |         allow exec_dynamic max 5 pages until 2027-03-31;

1.
    domain payroll {
        allow exec_dynamic for payroll;
    }
allows it to all processes of the domain; for instance:
    exec_dynamic as exe "/opt/payroll/bin/server" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3 at 2028-01-01T00:00:00Z: mprotect rx page rwx dynamic

2.
    domain payroll {
        allow exec_dynamic for any;
    }
allows it to all processes of the domain, for every enclave; for instance:
    exec_dynamic as exe "/opt/payroll/bin/server" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 at 2028-01-01T00:00:00Z: mprotect rx page rwx dynamic
[1]
## What is denied, refused, or allowed.
$ ewx why-not -p host.ewx 'in payroll for payroll: debug'
missing  debug: a rule denies it (host.ewx:22)
     22 |     deny debug;
A rule denies it, and a denial wins over every rule that allows: that rule would have to go, or name less.
[1]
$ ewx why-not -p host.ewx 'in payroll for payroll: mmap rx page r anon'
refused: intent: access beyond the page's declared permissions
This is a fixed rule: no policy lifts it.
[1]
$ ewx why-not -p host.ewx 'in payroll: create'
allow create granted host.ewx:16
$ ewx why-not -p host.ewx
ewx: why-not needs a request
Usage: ewx why-not (--policy FILE | --live) [--json] REQUEST...
[2]
$ ewx why-not create
ewx: why-not needs --policy or --live
Usage: ewx why-not (--policy FILE | --live) [--json] REQUEST...
[2]
## The same for programs: what is allowed has no candidates, what a rule denies an empty list.
$ ewx why-not --json -p host.ewx 'as exe "/opt/payroll/bin/server" uid 1000 for payroll: load rx file "/tmp/evil.so" owner 1000' | grep -vE '"(request|file|line)"'
{
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
    }
  ],
  "candidates": [
    {
      "declarations": "source new_source {\n    path \"/tmp/evil.so\";\n    owner 1000;\n}\n",
      "domain": "payroll",
      "new_domain": false,
      "statements": "    allow exec_file from new_source for payroll;\n",
      "every_file": false,
      "every_enclave": false,
      "example": "exec_file as exe \"/opt/payroll/bin/server\" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3: load rx file \"/tmp/evil.so\" owner 1000 measured"
    },
    {
      "declarations": "",
      "domain": "payroll",
      "new_domain": false,
      "statements": "    allow exec_file from any for payroll;\n",
      "every_file": true,
      "every_enclave": false,
      "example": "exec_file as exe \"/opt/payroll/bin/server\" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3: load rx file \"/o\" measured"
    },
    {
      "declarations": "source new_source {\n    path \"/tmp/evil.so\";\n    owner 1000;\n}\n",
      "domain": "payroll",
      "new_domain": false,
      "statements": "    allow exec_file from new_source;\n",
      "every_file": false,
      "every_enclave": true,
      "example": "exec_file as exe \"/opt/payroll/bin/server\" uid 1000 for signer sha256:1111111111111111111111111111111111111111111111111111111111111111 product 7 svn 3: load rx file \"/tmp/evil.so\" owner 1000 measured"
    }
  ],
  "schema": "ewx-why-not-1"
}
$ ewx why-not --json -p host.ewx 'as exe "/opt/payroll/bin/server" uid 1000 for payroll: load rx file "/tmp/evil.so" owner 1000' >/dev/null
[1]
$ ewx why-not --json -p host.ewx 'in payroll for payroll: create debug' | grep -A1 -E '"(verdict|candidates)"'
  "verdict": "deny",
  "domain": "payroll",
--
  "candidates": [],
  "schema": "ewx-why-not-1"
