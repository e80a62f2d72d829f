## vm.log was recorded in the test machine, with the other records of each event.
$ ewx log vm.log
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN          UID     PID PROGRAM
2026-11-21 00:57:13 done       policy   -                     -       - -                 0      70 demo version 1, load 1 since boot
2026-11-21 00:57:13 done       mode     -                     -       - -                 0      71 records: all, before: log
2026-11-21 00:57:13 done       mode     -                     -       - -                 0      71 records: log, before: all
2026-11-21 00:57:13 failed     mode     -                     -       - -                 0      71 as before: denials are enforced; records: log: Invalid argument
2026-11-21 00:57:15 started    init     -                     2       1 payroll        1000      84 /mnt/ext4/demo/bin/honest is payroll
2026-11-21 00:57:15 denied     load     exec_modified         1       2 payroll        1000      91 /mnt/ext4/demo/bin/attack <- /mnt/ext4/demo/lib/payload.bin [policy/examples/demo.ewx:40]
2026-11-21 00:57:15 denied     load     exec_anon             1       3 payroll        1000     103 /mnt/ext4/demo/bin/attack [policy/examples/demo.ewx:40]
2026-11-21 00:57:16 denied     load     exec_anon             1       4 payroll        1000     115 /mnt/ext4/demo/bin/attack [policy/examples/demo.ewx:40]
2026-11-21 00:57:17 started    init     -                     2       5 payroll        1000     127 /mnt/ext4/demo/bin/attack is payroll
2026-11-21 00:57:17 denied     mmap     map_wx                1       5 payroll        1000     127 /mnt/ext4/demo/bin/attack is payroll [policy/examples/demo.ewx:43]
2026-11-21 00:57:17 started    init     -                     2       6 payroll        1000     139 /mnt/ext4/demo/bin/attack is payroll
2026-11-21 00:57:17 denied     mmap     exec_written          1       6 payroll        1000     139 /mnt/ext4/demo/bin/attack is payroll [policy/examples/demo.ewx:44]
2026-11-21 00:57:18 started    init     -                     2       7 payroll        1000     152 /mnt/ext4/demo/bin/attack is payroll
2026-11-21 00:57:18 denied     mprotect exec_dynamic          1       7 payroll        1000     152 /mnt/ext4/demo/bin/attack is payroll [policy/examples/demo.ewx:45]
2026-11-21 00:57:18 denied     init     init                  2       8 payroll        1000     164 /mnt/ext4/demo/bin/attack [policy/examples/demo.ewx:21]
2026-11-21 00:57:19 denied     load     exec_file             1       9 payroll        1000     176 /mnt/ext4/demo/bin/attack <- /mnt/ext4/demo/lib/payload.bin [policy/examples/demo.ewx:21]
2026-11-21 00:57:19 denied     create   create                2      10 default        1000     188 /mnt/ext4/outsider [policy/examples/demo.ewx:36]
2026-11-21 00:57:20 failed     policy   -                     -       - -                 0      71 8 bytes: Bad message
2026-11-21 00:57:20 done       mode     -                     -       - -                 0     200 denials are only recorded
2026-11-21 00:57:20 done       mode     -                     -       - -                 0     201 denials are enforced
2026-11-21 00:57:20 denied     load     exec_modified         1      11 payroll        1000     206 /mnt/ext4/demo/bin/attack <- /mnt/ext4/demo/lib/payload.bin [policy/examples/demo.ewx:40]
2026-11-21 00:57:21 started    init     -                     2      12 payroll        1000     207 /mnt/ext4/demo/bin/honest is payroll
## Who opened the enclave was asked for what another process wrote: that one has the PID.
$ sed 's/ foreign=0/& opener=1/' denied.log | ewx log - | tail -n 1
2026-01-01 00:00:00 denied     load     exec_file             1       7 payroll        1200       - /opt/payroll/bin/server <- /tmp/evil.so [host.ewx:13]
$ ewx log denied.log mixed.log
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN          UID     PID PROGRAM
2026-01-01 00:00:00 denied     load     exec_file             1       7 payroll        1200     812 /opt/payroll/bin/server <- /tmp/evil.so [host.ewx:13]
2026-01-01 00:00:00 permissive init     debug                 4       8 payroll        1200     813 /opt/payroll/bin/server is payroll [host.ewx:22]
2026-01-01 00:00:00 denied     mmap     private_map           4       8 payroll        1200     813 /opt/payroll/bin/server is payroll
2026-01-01 00:00:00 denied     init     exec_anon             1       9 payroll        1200     814 /opt/payload\x1b[31m [host.ewx:13]
                    2 records of any kind were left out before this one
2026-01-01 00:00:00 done       policy   -                     -       - -                 0      70 host version 12, load 1 since boot
$ ewx log - <denied.log
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN          UID     PID PROGRAM
2026-01-01 00:00:00 denied     load     exec_file             1       7 payroll        1200     812 /opt/payroll/bin/server <- /tmp/evil.so [host.ewx:13]
$ ewx log --json denied.log
{"record":"access","time":"2026-01-01T00:00:00.123Z","serial":45,"lsm":"ewx","op":"load","result":"denied","cause":"exec_file","reason":"no_rule","needed":"exec_file","missing":"exec_file","enclave":7,"provider":"dev","domain":"payroll","access":"rx","facts":"bd","inited":0,"foreign":0,"page":3,"pages":1,"origin":"file","path":"/tmp/evil.so","fstype":"tmpfs","owner":1000,"nopath":0,"readonly":0,"mapexec":0,"product":0,"svn":0,"attrs":"0","policy":"host","version":12,"digest":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","rule":-1,"line":"host.ewx:13","now":1767225600,"enforcing":1,"suppressed":0,"pid":812,"auid":1000,"uid":1200,"euid":1200,"egid":1200,"ses":3,"comm":"server","exe":"/opt/payroll/bin/server","noexe":0,"subj":"unconfined"}
$ ewx log --json vm.log | sed -n '1,3p;6p'
{"record":"load","time":"2026-11-21T00:57:13.492Z","serial":3,"lsm":"ewx","boot":"c3d0415f9be2a786","policy":"demo","version":1,"digest":"6ca226e2ed863e203215c3bb5738c985792464d460eda9b34b1fb6d6b5f9cfac","size":7040,"generation":1,"old_version":0,"rollback":0,"pid":70,"auid":4294967295,"uid":0,"euid":0,"egid":0,"ses":4294967295,"comm":"ewx","exe":"/usr/local/sbin/ewx","noexe":0,"res":1,"errno":0}
{"record":"mode","time":"2026-11-21T00:57:13.640Z","serial":4,"lsm":"ewx","boot":"c3d0415f9be2a786","generation":1,"enforcing":1,"old_enforcing":1,"level":"all","old_level":"log","pid":71,"auid":4294967295,"uid":0,"euid":0,"egid":0,"ses":4294967295,"comm":"bash","exe":"/usr/bin/bash","noexe":0,"res":1,"errno":0}
{"record":"mode","time":"2026-11-21T00:57:13.744Z","serial":5,"lsm":"ewx","boot":"c3d0415f9be2a786","generation":1,"enforcing":1,"old_enforcing":1,"level":"log","old_level":"all","pid":71,"auid":4294967295,"uid":0,"euid":0,"egid":0,"ses":4294967295,"comm":"bash","exe":"/usr/bin/bash","noexe":0,"res":1,"errno":0}
{"record":"access","time":"2026-11-21T00:57:15.556Z","serial":8,"lsm":"ewx","boot":"c3d0415f9be2a786","op":"load","result":"denied","cause":"exec_modified","reason":"denied","needed":"exec_modified","missing":"exec_modified","enclave":2,"provider":"dev","domain":"payroll","access":"rx","facts":"ad","inited":0,"foreign":0,"page":0,"pages":1,"origin":"modified","path":"/mnt/ext4/demo/lib/payload.bin","fstype":"ext4","owner":0,"nopath":0,"readonly":0,"mapexec":0,"source":"code","product":0,"svn":0,"attrs":"0","policy":"demo","version":1,"digest":"6ca226e2ed863e203215c3bb5738c985792464d460eda9b34b1fb6d6b5f9cfac","rule":0,"line":"policy/examples/demo.ewx:40","now":1795222635,"enforcing":1,"suppressed":0,"pid":91,"auid":4294967295,"uid":1000,"euid":1000,"egid":1000,"ses":4294967295,"comm":"attack","exe":"/mnt/ext4/demo/bin/attack","noexe":0}
$ ewx log --json vm.log | grep -c .
22
## What a user may have a log say is none.
$ (sed -n 's/^type=/Nov 20 19:48:01 host mallory: type=/p; s/^type=/ type=/p' denied.log; sed -n '/1490/s/^/Nov 20 19:48:01 host sshd[7]: Invalid user /p' denied.log) >syslog; ewx log syslog; wc -l <syslog
3
$ sed -n 's/^type=UNKNOWN.\(1490\). msg=/Nov 20 19:48:01 host kernel: audit: type=\1 /p' denied.log | ewx log - | cut -c1-60
TIME (UTC)          RESULT     OP       CAUSE             PA
2026-01-01 00:00:00 denied     load     exec_file           
## Filters.
$ ewx log --enclave 5 vm.log
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN          UID     PID PROGRAM
2026-11-21 00:57:17 started    init     -                     2       5 payroll        1000     127 /mnt/ext4/demo/bin/attack is payroll
2026-11-21 00:57:17 denied     mmap     map_wx                1       5 payroll        1000     127 /mnt/ext4/demo/bin/attack is payroll [policy/examples/demo.ewx:43]
$ ewx log --domain default vm.log
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN          UID     PID PROGRAM
2026-11-21 00:57:19 denied     create   create                2      10 default        1000     188 /mnt/ext4/outsider [policy/examples/demo.ewx:36]
$ ewx log --cause exec_written vm.log
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN          UID     PID PROGRAM
2026-11-21 00:57:17 denied     mmap     map_wx                1       5 payroll        1000     127 /mnt/ext4/demo/bin/attack is payroll [policy/examples/demo.ewx:43]
2026-11-21 00:57:17 denied     mmap     exec_written          1       6 payroll        1000     139 /mnt/ext4/demo/bin/attack is payroll [policy/examples/demo.ewx:44]
$ ewx log --uid 0 --since 2026-11-21T00:57:20Z vm.log
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN          UID     PID PROGRAM
2026-11-21 00:57:20 failed     policy   -                     -       - -                 0      71 8 bytes: Bad message
2026-11-21 00:57:20 done       mode     -                     -       - -                 0     200 denials are only recorded
2026-11-21 00:57:20 done       mode     -                     -       - -                 0     201 denials are enforced
$ ewx log --until 2026-11-21T00:57:13Z vm.log
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN          UID     PID PROGRAM
2026-11-21 00:57:13 done       policy   -                     -       - -                 0      70 demo version 1, load 1 since boot
2026-11-21 00:57:13 done       mode     -                     -       - -                 0      71 records: all, before: log
2026-11-21 00:57:13 done       mode     -                     -       - -                 0      71 records: log, before: all
2026-11-21 00:57:13 failed     mode     -                     -       - -                 0      71 as before: denials are enforced; records: log: Invalid argument
$ ewx log --since 2026-11-21 --until 2026-11-21 vm.log | wc -l
23
$ ewx log --since 2026-11-22 vm.log
$ ewx log --since 1795222641 vm.log
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN          UID     PID PROGRAM
2026-11-21 00:57:21 started    init     -                     2      12 payroll        1000     207 /mnt/ext4/demo/bin/honest is payroll
$ ewx log --enclave 7 --cause nothing vm.log
## What is wrong is named with its place.
$ (echo noise; sed 's/pid=812/pid=x/' denied.log) | ewx log -
ewx: standard input:3: the field pid is no number
[1]
$ sed 's/1490/1499/' denied.log >wrong.log; ewx log wrong.log mixed.log | wc -l
ewx: wrong.log:2: a record of type UNKNOWN[1499] is none of EWX
6
$ ewx log missing.log
ewx: missing.log: No such file or directory
[1]
$ ewx log .
ewx: .: Is a directory
[1]
$ ewx log --since yesterday vm.log
ewx: --since takes a time: 2027-03-31, 2027-03-31T12:00:00Z, today, 90s, 15m, 2h, 7d, or seconds since 1970
Try "ewx help".
[2]
$ ewx log --until 2026-02-30 vm.log
ewx: --until takes a time: 2027-03-31, 2027-03-31T12:00:00Z, today, 90s, 15m, 2h, 7d, or seconds since 1970
Try "ewx help".
[2]
$ ewx log --enclave x vm.log
ewx: --enclave takes a number
Try "ewx help".
[2]
$ ewx log --live vm.log
ewx: --live takes no file
Usage: ewx log [FILE...] [--live] [--follow] [--json] [--enclave N] [--boot ID] [--domain NAME] [--cause WORD] [--uid N] [--since TIME] [--until TIME]
[2]
$ ewx log --follow vm.log mixed.log
ewx: one file can be followed
Usage: ewx log [FILE...] [--live] [--follow] [--json] [--enclave N] [--boot ID] [--domain NAME] [--cause WORD] [--uid N] [--since TIME] [--until TIME]
[2]
$ ewx status --uid 3
ewx: status does not take that option
Usage: ewx status [--json]
[2]
## What is appended is shown; a file that replaces it is read from its beginning.
$ cp denied.log grow; (timeout 3 ewx log --follow grow & sleep 1; head -1 mixed.log >>grow; sleep 1; cp mixed.log next; mv next grow; wait) | cut -c1-60
TIME (UTC)          RESULT     OP       CAUSE             PA
2026-01-01 00:00:00 denied     load     exec_file           
2026-01-01 00:00:00 permissive init     debug               
2026-01-01 00:00:00 permissive init     debug               
2026-01-01 00:00:00 denied     mmap     private_map         
2026-01-01 00:00:00 denied     init     exec_anon           
                    2 records of any kind were left out befo
2026-01-01 00:00:00 done       policy   -                   
## Numbers of enclaves are of one boot.
$ ewx log boots.log | cut -c1-79
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN 
2026-01-01 00:00:00 done       policy   -                     -       - -      
2026-01-01 00:00:01 permissive load     exec_file             1       1 payroll
2026-01-01 00:00:02 started    init     -                     2       1 payroll
                    another boot, 90b7c3d218aa6f05: it counts enclaves from 1 a
2026-01-02 03:46:40 done       policy   -                     -       - -      
2026-01-02 03:46:41 permissive load     exec_anon             1       1 payroll
2026-01-02 03:46:42 started    init     -                     2       1 payroll
$ ewx log --enclave 1 --json boots.log | sed 's/.*"record":"\([a-z]*\)".*"boot":"\([0-9a-f]*\)".*/\1 \2/'
access 5e1f0a9c44d7b263
enclave 5e1f0a9c44d7b263
access 90b7c3d218aa6f05
enclave 90b7c3d218aa6f05
$ ewx log --enclave 0 boots.log | cut -c1-79
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN 
2026-01-01 00:00:00 done       policy   -                     -       - -      
                    another boot, 90b7c3d218aa6f05: it counts enclaves from 1 a
2026-01-02 03:46:40 done       policy   -                     -       - -      
## What was sealed, and what could not be.
$ ewx log seal.log
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN          UID     PID PROGRAM
2026-01-01 00:00:01 failed     mode     -                     -       - -                 0       5 as before: denials are only recorded; records: log; sealed: none: Device or resource busy
2026-01-01 00:00:02 done       mode     -                     -       - -                 0       5 sealed: signed, before: none
2026-01-01 00:00:03 done       mode     -                     -       - -                 0       5 sealed: closed, before: signed
2026-01-01 00:00:04 failed     mode     -                     -       - -                 0       5 as before: denials are enforced; records: log; sealed: closed: Operation not permitted
$ sed 's/ old_seal=.*//' seal.log | ewx log - | tail -2
2026-01-01 00:00:04 -          mode     -                     -       - -                 -       - as before: denials are enforced; records: log; sealed: closed
                    the line is cut short after seal
## Who was to trace whom.
$ ewx log guarded.log
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN          UID     PID PROGRAM
2026-01-01 00:00:01 denied     trace    guarded               0       - payroll        1200     812 /usr/bin/gdb -> a process of payroll [host.ewx:13]
## What was left out is of any kind, whatever the filter.
$ ewx log --domain payroll suppressed.log
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN          UID     PID PROGRAM
2026-01-01 00:00:00 denied     load     exec_file             1       7 payroll        1200     812 /opt/payroll/bin/server <- /tmp/evil.so [host.ewx:13]
                    5000 records of any kind were left out before this one
$ ewx log --domain hr suppressed.log
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN          UID     PID PROGRAM
2026-01-01 00:00:00 denied     load     create                1       7 hr             1200     812 /opt/payroll/bin/server <- /tmp/evil.so [host.ewx:13]
                    5000 records of any kind were left out before this one
$ ewx log --domain nobody suppressed.log
ewx: 5000 records of any kind were left out
$ ewx log --json --domain payroll suppressed.log | cut -c1-20; ewx log --json suppressed.log | wc -l
ewx: 5000 records of any kind were left out
{"record":"access","
2
$ tac suppressed.log | sed 's/suppressed=5000/suppressed=1/' | ewx log --domain payroll -
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN          UID     PID PROGRAM
2026-01-01 00:00:00 denied     load     exec_file             1       7 payroll        1200     812 /opt/payroll/bin/server <- /tmp/evil.so [host.ewx:13]
ewx: 1 record of any kind was left out after that
$ ewx log --domain payroll --since 2026-01-02 suppressed.log
## Values that the kernel does not write.
$ sed 's/ path=[^ ]*/ path=/; s/ pages=1/ pages=-1/' denied.log | ewx log -
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN          UID     PID PROGRAM
2026-01-01 00:00:00 denied     load     exec_file             0       7 payroll        1200     812 /opt/payroll/bin/server [host.ewx:13]
                    the value of pages is lost
$ sed 's/ path=[^ ]*/ path=/' denied.log | ewx log --json - | grep -o '"damaged":[^,]*\|"path"[^,]*'
"damaged":"path"
## Bytes that are not UTF-8 are told from what reads like them.
$ for path in 2FFF '"/\\xff"' 2F5CFF; do sed "s|path=[^ ]*|path=$path|" denied.log | ewx log --json - | grep -o '"path":[^,]*\|"escaped":[^,]*'; done
"path":"/\\xff"
"escaped":["path"]}
"path":"/\\xff"
"path":"/\\\\\\xff"
"escaped":["path"]}
## Another boot is said between rows, and one that was met before is no other one.
$ awk '/type=1490/ { row[++n] = $0 } END { print row[1]; print row[2]; print row[2]; print row[1] }' boots.log | ewx log - | cut -c1-79
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN 
2026-01-01 00:00:01 permissive load     exec_file             1       1 payroll
                    another boot, 90b7c3d218aa6f05: it counts enclaves from 1 a
2026-01-02 03:46:41 permissive load     exec_anon             1       1 payroll
2026-01-02 03:46:41 permissive load     exec_anon             1       1 payroll
                    boot 5e1f0a9c44d7b263 again
2026-01-01 00:00:01 permissive load     exec_file             1       1 payroll
$ ewx log --boot 90b7c3d218aa6f05 boots.log | cut -c1-79
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN 
2026-01-02 03:46:40 done       policy   -                     -       - -      
2026-01-02 03:46:41 permissive load     exec_anon             1       1 payroll
2026-01-02 03:46:42 started    init     -                     2       1 payroll
$ (grep boot=5e boots.log; grep boot=90 boots.log; grep boot=5e boots.log) | ewx log --enclave 0 - | cut -c1-79
TIME (UTC)          RESULT     OP       CAUSE             PAGES ENCLAVE DOMAIN 
2026-01-01 00:00:00 done       policy   -                     -       - -      
                    another boot, 90b7c3d218aa6f05: it counts enclaves from 1 a
2026-01-02 03:46:40 done       policy   -                     -       - -      
                    boot 5e1f0a9c44d7b263 again
2026-01-01 00:00:00 done       policy   -                     -       - -      
