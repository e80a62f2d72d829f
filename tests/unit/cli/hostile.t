## What somebody chose for the name of a file is nothing but that name.
$ hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F; }; for name in '/opt/x\"; owner 0-4294967294; #' '/opt/a*b?c[d]{e,f}\g"h' '/opt/\' '/opt/# }'; do sed -n 1p learn.log | sed "s|path=\"[^\"]*\"|path=$(hex "$name")|"; done >names.log; sed -n '10s/result=permissive/result=allowed/p' learn.log >>names.log; ewx learn --policy host.ewx names.log -o names.ewx; sed -n '/^source learned/,$p' names.ewx
ewx: 1 rule from 4 records
source learned_files_1 {
    path "/opt/# \\}",
         "/opt/\\\\",
         "/opt/a\\*b\\?c\\[d\\]\\{e\\,f\\}\\\\g\"h",
         "/opt/x\\\\\"; owner 0-4294967294; #";
    owner 0;
}
$ ewx adopt --built 0 names.log | sed -n 's/^\tpath/path/p'
path "/opt/# \\}", "/opt/\\\\", "/opt/a\\*b\\?c\\[d\\]\\{e\\,f\\}\\\\g\"h",
$ ewx query --policy names.ewx 'in payroll for payroll: load rx file "/opt/a*b?c[d]{e,f}\\g\"h" owner 0'
allow exec_file granted names.ewx:25
$ ewx query --policy names.ewx 'in payroll for payroll: load rx file "/opt/aXbYcdeg\"h" owner 0'
deny exec_file no_rule names.ewx:13
[1]
$ ewx query --policy names.ewx 'in payroll for payroll: load rx file "/opt/x\\\"; owner 0-4294967294; #" owner 1000'
deny exec_file no_rule names.ewx:13
[1]
$ ewx query --policy names.ewx 'in payroll for payroll: load rx file "/opt/\\" owner 0'
allow exec_file granted names.ewx:25
## A log that is rotated while a reader follows it, just after a record came.
$ cp denied.log grow; : >out; ewx log --follow grow >out & log=$!; until [ "$(wc -l <out)" = 2 ]; do sleep 0.1; done; kill -STOP $log; head -1 mixed.log >>grow; mv grow grow.1; sed -n 2p mixed.log >grow; kill -CONT $log; timeout 20 sh -c 'until [ "$(wc -l <out)" -ge 4 ]; do sleep 0.1; done'; kill $log; cut -c1-55 out
TIME (UTC)          RESULT     OP       CAUSE          
2026-01-01 00:00:00 denied     load     exec_file      
2026-01-01 00:00:00 permissive init     debug          
2026-01-01 00:00:00 denied     mmap     private_map    
## Zero bytes where a machine stopped hard, a line of another that came in between, a torn line.
$ (printf '\0\0\0\0'; cat denied.log; head -c 300 denied.log; echo; printf 'type=USER msg=audit(1.1:1): msg="lsm=ewx op=load "\n'; printf 'a\0'; cat denied.log) >torn.log; ewx log torn.log
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN          UID     PID PROGRAM
2026-01-01 00:00:00 denied     load     exec_file             1       7 payroll        1200     812 /opt/payroll/bin/server <- /tmp/evil.so [host.ewx:13]
2026-01-01 00:00:00 denied     load     exec_file             0       7 payroll           -       - -
                    the line is cut short after inited
2026-01-01 00:00:00 denied     load     exec_file             1       7 payroll        1200     812 /opt/payroll/bin/server <- /tmp/evil.so [host.ewx:13]
## What processes may write into a log is not taken for a record.
$ sed "s/.*lsm=ewx/host audit[1]: USER_CMD pid=1 msg='audit(1.1:1): lsm=ewx/" denied.log | ewx log -
$ sed "s/.*lsm=ewx/host sshd[1]: Invalid user lsm=ewx/" denied.log | ewx log -
## A log that was tampered with writes no rules: names that are none, digests that are none.
$ (sed -n '10s/result=permissive/result=allowed/p' learn.log; for name in any 'x; allow exec_anon for any' 'x","y'; do sed -n 8p learn.log | sed "s|source=[^ ]*|source=$(printf %s "$name" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F)|"; sed -n 10p learn.log | sed "s|enclave=1 |enclave=2 |; s|identity=[^ ]*|identity=$(printf %s "$name" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F)|; s|signer=[^ ]*|signer=1111111111111111111111111111111111111111111111111;owner0;allow|; s|measurement=[^ ]*|measurement=1111111111111111111111111111111111111111111111111;owner0;allow|"; done) >names.log; ewx learn --policy host.ewx names.log | diff host.ewx -
ewx: not learned: init in payroll, seen 3 times: who the enclave is was not seen
ewx: 1 rule from 6 records
2c2
< policy host version 12;
---
> policy host version 13;
22a23,25
> 
>     # Seen 3 times, 2026-01-01 00:00:08 UTC, by /opt/payroll/bin/server.
>     allow exec_file from learned_files_1 for payroll;
24a28,32
> 
> source learned_files_1 {
>     path "/opt/payroll/lib/x.so";
>     owner 0;
> }
[1]
## A line that was cut may name another file.
$ sed -n 1p learn.log | sed 's| path=.*| path=2F6F70742F|' >cut.log; ewx learn --policy host.ewx cut.log | diff host.ewx -
ewx: 0 rules from 0 records
ewx: nothing was learned from 1 record: cut short, or with a value that is lost
## Nor does the name of a file act on the terminal in an error, or a command's.
$ ewx identity "$(printf '\033[31mx\n')"; ewx query --policy "$(printf 'x\033]0;y\007.bin')" 'in d: create'; ewx "$(printf 'a\033b')" 2>&1 | head -1
ewx: \x1b[31mx: No such file or directory
ewx: x\x1b]0;y\x07.bin: No such file or directory
ewx: no such command: a\x1bb
