## Deterministic, and nothing is written when something is wrong.
$ ewx compile host.ewx --built 1700000000 -o a.bin && ewx compile host.ewx --built 1700000000 -o b.bin && cmp a.bin b.bin
$ SOURCE_DATE_EPOCH=1700000000 ewx compile host.ewx -o b.bin && cmp a.bin b.bin
$ SOURCE_DATE_EPOCH=soon ewx compile host.ewx -o b.bin
ewx: SOURCE_DATE_EPOCH is no number
[1]
$ touch -d @1700000000 host.ewx && ewx compile host.ewx -o b.bin && cmp a.bin b.bin
$ ewx compile host.ewx --built 1700000000 -o - | cmp - a.bin
## The text that is compiled is not replaced by the result.
$ cp host.ewx own.ewx; ln own.ewx other.ewx; ewx compile lax.ewx own.ewx -o ./other.ewx; echo $?; cmp host.ewx own.ewx; cmp host.ewx other.ewx; rm own.ewx other.ewx
ewx: -o would replace the policy's text: own.ewx
Usage: ewx compile [FILE...] -o OUT [--built SECONDS] [--abi N] [--json]
2
## What takes long says what it is doing; here every step.
$ ewx compile host.ewx --progress always -o b.bin
ewx: reading the policy
ewx: checking names and rules
ewx: joining patterns
ewx: telling domains apart
ewx: telling sources apart
ewx: telling identities apart
ewx: joining rules
ewx: writing the binary policy
ewx: verifying the binary policy
ewx: asking what is expected
$ ewx compile bad.ewx -o c.bin
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
$ echo old >d.bin; ewx compile bad.ewx -o d.bin 2>/dev/null; cat d.bin
old
$ ewx compile host.ewx -o missing/e.bin
ewx: missing/e.bin: No such file or directory
[1]
$ ewx compile host.ewx -o /dev/full
ewx: /dev/full: No space left on device
[1]
$ ls
a.bin
b.bin
bad.ewx
boots.ewx
boots.log
d.bin
denied.log
dropin.ewx
enclave.sig
evidence.ewx
evidence.log
fs
guarded.log
host.ewx
host2.ewx
lax.ewx
learn.log
machine
messy.ewx
mixed.log
narrow.ewx
narrow.log
old_kernel
paths.ewx
patterns.log
pilot.ewx
pilot.log
root
seal.log
suppressed.log
vm.log
## dump and back
$ ewx dump a.bin -o a.txt && ewx compile a.txt -o f.bin && cmp a.bin f.bin
$ ewx dump a.bin | ewx compile - -o g.bin && cmp a.bin g.bin
$ ewx dump host.ewx
ewx: host.ewx: not a binary policy
[1]
$ ewx dump missing.bin
ewx: missing.bin: No such file or directory
[1]
$ head -c 100 a.bin >cut.bin; ewx dump cut.bin -o cut.txt; ls cut.txt
ewx: cut.bin: bad binary policy: shorter than its header says, record 0 of the header, byte 100
ls: cannot access 'cut.txt': No such file or directory
[2]
$ ewx query --policy cut.bin create
ewx: cut.bin: bad binary policy: shorter than its header says, record 0 of the header, byte 100
[1]
$ ewx check a.bin
a.bin:1:6: error: NUL byte: this is not a policy file [E0104]
    EWXP????X?????????????????Se????????????????????????????????????????a???`???????h??????????????????????? ???????`???????p???????????????`???????p???????????????
         ^
[1]
## The format: what other versions have is neither written nor read.
$ ewx compile host.ewx --built 1700000000 --abi 4 -o h.bin && cmp a.bin h.bin
$ ewx compile host.ewx --abi 3 -o i.bin; ls i.bin
ewx: this version writes binary format 4 only
Try "ewx help".
ls: cannot access 'i.bin': No such file or directory
[2]
$ ewx compile host.ewx --abi 5 -o i.bin; ls i.bin
ewx: this version writes binary format 4 only
Try "ewx help".
ls: cannot access 'i.bin': No such file or directory
[2]
$ for f in 3 5; do cp a.bin f$f.bin; printf "\\0$f\\0\\0\\0" | dd of=f$f.bin bs=1 seek=4 conv=notrunc status=none; done
$ ewx dump f3.bin
ewx: f3.bin: bad binary policy: a format this version does not read, record 0 of the header, byte 4
[1]
$ ewx query --policy f5.bin create
ewx: f5.bin: bad binary policy: a format this version does not read, record 0 of the header, byte 4
[1]
