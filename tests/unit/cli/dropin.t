## The system's policy: one file, and the folders; of one name the admin's counts.
$ ewx check --root root
$ ewx check --root root -v
ewx: root/etc/ewx/policy.ewx
ewx: root/usr/lib/ewx/policy.d/10-backup.ewx (masked by root/etc/ewx/policy.d/10-backup.ewx)
ewx: root/etc/ewx/policy.d/10-backup.ewx
ewx: root/usr/lib/ewx/policy.d/20-vendor.ewx
ewx: root/usr/lib/ewx/policy.d/30-off.ewx (masked by root/etc/ewx/policy.d/30-off.ewx)
$ ewx check --root root --json
{
  "errors": 0,
  "files": [
    {
      "file": "root/etc/ewx/policy.ewx"
    },
    {
      "file": "root/usr/lib/ewx/policy.d/10-backup.ewx",
      "masked_by": "root/etc/ewx/policy.d/10-backup.ewx"
    },
    {
      "file": "root/etc/ewx/policy.d/10-backup.ewx"
    },
    {
      "file": "root/usr/lib/ewx/policy.d/20-vendor.ewx"
    },
    {
      "file": "root/usr/lib/ewx/policy.d/30-off.ewx",
      "masked_by": "root/etc/ewx/policy.d/30-off.ewx"
    }
  ],
  "diagnostics": [],
  "schema": "ewx-check-1"
}
$ ewx compile --root root --built 7 -o a.bin
$ ewx compile root/etc/ewx/policy.ewx root/usr/lib/ewx/policy.d root/etc/ewx/policy.d --built 7 -o b.bin
$ ewx dump a.bin | grep domain
domain backup { exe "/usr/sbin/backup"; allow create; }
domain vendor { exe "/usr/bin/vendor"; allow create; }
$ ewx dump b.bin | grep domain
domain backup { exe "/usr/sbin/backup"; allow create; }
domain vendor { exe "/usr/bin/vendor"; allow create; }
## The admin's file stands before the vendor's of that name.
$ cp root/etc/ewx/policy.ewx root/usr/lib/ewx/policy.ewx && ewx check --root root -v 2>&1 | head -n 1
ewx: root/etc/ewx/policy.ewx
$ mv root/etc/ewx/policy.ewx . && ewx check --root root -v 2>&1 | head -n 1
ewx: root/usr/lib/ewx/policy.ewx
## What is masked is gone, for the promises of others too.
$ ewx check root/usr/lib/ewx/policy.d policy.ewx
root/usr/lib/ewx/policy.d/30-off.ewx:2:1: error: unknown word "nonsense" [E0204]
    nonsense;
    ^~~~~~~~
[1]
$ : >root/usr/lib/ewx/policy.d/30-off.ewx && ewx check root/usr/lib/ewx/policy.d policy.ewx
policy.ewx:4:1: error: expected allow, the verdict is: deny create no_rule root/usr/lib/ewx/policy.d/10-backup.ewx:2 [E0802]
    expect allow in backup: create;
    ^~~~~~
root/usr/lib/ewx/policy.d/10-backup.ewx:2:8: note: it is judged in this domain
    domain backup { exe "/usr/bin/backup"; }
           ^~~~~~
[1]
$ ewx query -p policy.ewx -p root/usr/lib/ewx/policy.d 'in vendor: create'
allow create granted root/usr/lib/ewx/policy.d/20-vendor.ewx:2
## Folders that are not there.
$ rm -r root/usr && ewx check policy.ewx root/etc/ewx/policy.d
$ rm -r root/etc && ewx check --root root
ewx: no policy: name its files, or install root/etc/ewx/policy.ewx
[1]
$ mkdir empty && ewx check empty
ewx: no *.ewx file in the folder
[1]
## What is not a file is told of, and not waited for; what is masked does not matter.
$ mkdir odd && mkfifo odd/a.ewx && mkdir odd/b.ewx && ln -s nowhere odd/c.ewx && ln -s /dev/null odd/d.ewx && ln -s ../policy.ewx odd/e.ewx && : >odd/.f.ewx && echo x >odd/g.ewx~ && timeout 20 ewx check odd -v
ewx: odd/a.ewx: neither a file nor a link to one
[1]
$ rm odd/a.ewx; ewx check odd -v
ewx: odd/b.ewx
ewx: odd/c.ewx
ewx: odd/e.ewx
odd/e.ewx:4:17: error: unknown domain "backup" [E0305]
    expect allow in backup: create;
                    ^~~~~~
ewx: error: odd/b.ewx: Is a directory [E0107]
ewx: error: odd/c.ewx: No such file or directory [E0107]
[1]
$ mkdir mask && ln -s /dev/null mask/a.ewx && ln -s /dev/null mask/b.ewx && : >mask/c.ewx && mkfifo odd/a.ewx && timeout 20 ewx check odd mask -v; rm -r odd mask
ewx: odd/a.ewx (masked by mask/a.ewx)
ewx: odd/b.ewx (masked by mask/b.ewx)
ewx: odd/c.ewx (masked by mask/c.ewx)
ewx: odd/e.ewx
odd/e.ewx:4:17: error: unknown domain "backup" [E0305]
    expect allow in backup: create;
                    ^~~~~~
$ ewx check missing.d/
ewx: error: missing.d/: No such file or directory [E0107]
[1]
$ ewx status --root root
ewx: status does not take that option
Usage: ewx status [--json]
[2]
