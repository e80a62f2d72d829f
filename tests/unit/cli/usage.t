$ ewx
Usage: ewx COMMAND [OPTION...] [ARGUMENT...]

  compile   make a binary policy
  check     find errors, write nothing
  fmt       write policy files in the one layout
  diff      what another policy allows and denies
  load      load a policy, text or binary, into the kernel
  status    what the kernel enforces
  enforce   show or set whether denials are enforced
  seal      show or set what cannot be changed until reboot
  sign      sign a binary policy
  install   load a policy, now and at every boot
  confirm   keep what install --confirm loaded
  rollback  go back to an earlier generation
  history   the generations that were installed
  boot      load what is installed
  renew     compile what is installed again, after an upgrade
  query     what a policy says to a request
  explain   explain an audit record, or a request's verdict
  why-not   which rules would allow what is denied
  log       list what was decided, from the audit log
  counters  totals since boot, and rules that never decided
  enclaves  list the enclaves that exist now
  identity  who an enclave file is, and a rule to paste
  dump      turn a binary policy back into text
  graph     a picture of a policy, as SVG or JSON
  doctor    what is wrong with this machine
  adopt     a starter policy from what the audit log saw
  learn     the policy with what permissive records lack
  report    a page about what the audit log holds, as HTML
  version   show the version
  help      explain a command, or a diagnostic such as E0203

Options of all commands:
  --securityfs DIR   the kernel's nodes are here instead of /sys/kernel/security/ewx
  --color WHEN       auto (on a terminal), always or never
  --progress WHEN    auto (on a terminal), always or never
  --diag FORMAT      the compiler's messages as text or json
  --help             how the command is called
[2]
$ ewx frobnicate
ewx: no such command: frobnicate
Try "ewx help".
[2]
$ ewx --frobnicate
ewx: no such option: --frobnicate
Try "ewx help".
[2]
$ ewx -x
ewx: no such option: -x
Try "ewx help".
[2]
$ ewx compile host.ewx
ewx: compile needs -o
Usage: ewx compile [FILE...] -o OUT [--built SECONDS] [--abi N] [--json]
[2]
$ ewx compile host.ewx -o
ewx: -o needs an argument
Try "ewx help".
[2]
$ ewx compile host.ewx -o x --built soon
ewx: --built takes a number
Try "ewx help".
[2]
$ ewx compile host.ewx -o x --abi 1
ewx: this version writes binary format 4 only
Try "ewx help".
[2]
$ ewx check --live host.ewx
ewx: check does not take that option
Usage: ewx check [FILE...] [--built SECONDS] [--json]
[2]
$ ewx dump
ewx: dump needs one binary policy
Usage: ewx dump FILE [-o OUT]
[2]
$ ewx dump a b
ewx: dump needs one binary policy
Usage: ewx dump FILE [-o OUT]
[2]
$ ewx status now
ewx: status takes no argument
Usage: ewx status [--json]
[2]
$ ewx enforce maybe
ewx: enforce takes 0, 1, off or on
Usage: ewx enforce [0|1|off|on]
[2]
$ ewx enforce 0 1
ewx: enforce takes one argument
Usage: ewx enforce [0|1|off|on]
[2]
$ ewx query --policy host.ewx
ewx: query needs a request
Usage: ewx query (--policy FILE | --live) [--json] REQUEST...
[2]
$ ewx query create
ewx: query needs --policy or --live
Usage: ewx query (--policy FILE | --live) [--json] REQUEST...
[2]
$ ewx explain
ewx: explain needs a record or a request
Usage: ewx explain [--recorded FILE] [--policy FILE | --live] [--json] [RECORD | REQUEST]
[2]
$ ewx explain create
ewx: a request is explained under --policy or --live
Usage: ewx explain [--recorded FILE] [--policy FILE | --live] [--json] [RECORD | REQUEST]
[2]
$ ewx enclaves 7
ewx: enclaves takes no argument
Usage: ewx enclaves [--json]
[2]
$ ewx version
ewx 1.0 (language 1, binary format 4)
$ ewx --version
ewx 1.0 (language 1, binary format 4)
$ ewx version 2
ewx: version takes no argument
Usage: ewx version
[2]
$ ewx help query
Usage: ewx query (--policy FILE | --live) [--json] REQUEST...

what a policy says to a request

  -p, --policy FILE  a file of the policy that answers
  --live             the kernel answers
  --json             JSON on standard output
  --securityfs DIR   the kernel's nodes are here instead of /sys/kernel/security/ewx
  --color WHEN       auto (on a terminal), always or never
  --progress WHEN    auto (on a terminal), always or never
  --diag FORMAT      the compiler's messages as text or json
  --help             how the command is called
$ ewx query --help
Usage: ewx query (--policy FILE | --live) [--json] REQUEST...
$ ewx help E0203
E0203: unexpected word or sign

The grammar wants something else here.
$ ewx help E9999
ewx: E9999 is no command and no diagnostic
Usage: ewx help [COMMAND | CODE | WARNING | warnings]
[2]
$ ewx --color sometimes status
ewx: --color takes auto, always or never
Try "ewx help".
[2]
$ ewx --progress sometimes status
ewx: --progress takes auto, always or never
Try "ewx help".
[2]
