## The same bytes as openssl makes; what is signed is read like what is not.
$ openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=tests -keyout key.pem -out cert.pem 2>log || cat log
$ ewx compile host.ewx --built 1700000000 -o host.bin
$ ewx sign host.bin --key key.pem --cert cert.pem -o host.ewxs
$ openssl cms -sign -binary -noattr -outform DER -md sha256 -nocerts -in host.bin -signer cert.pem -inkey key.pem -out nocerts.p7
$ openssl cms -sign -binary -noattr -outform DER -md sha256 -in host.bin -signer cert.pem -inkey key.pem -out host.p7
$ cat host.bin host.p7 | cmp - host.ewxs
$ tail -c +$(($(stat -c %s host.bin) + 1)) host.ewxs | openssl cms -verify -binary -inform DER -content host.bin -CAfile cert.pem -purpose any -out same.bin 2>log || cat log
$ cmp same.bin host.bin
## Signed again: the old signature goes.
$ ewx sign host.ewxs --key key.pem --cert cert.pem -o again.ewxs && cmp again.ewxs host.ewxs
$ ewx dump host.ewxs >a; ewx dump host.bin | cmp - a
$ ewx query --policy host.ewxs 'in payroll for payroll: load rx file "/opt/payroll/lib/a.so" owner 0' >a; ewx query --policy host.bin 'in payroll for payroll: load rx file "/opt/payroll/lib/a.so" owner 0' | cmp - a
$ openssl x509 -in cert.pem -outform DER -out cert.der && ewx sign host.bin --key key.pem --cert cert.der -o der.ewxs && cmp der.ewxs host.ewxs
## Behind the signature there is nothing, and it is whole.
$ (cat host.ewxs; printf x) >more.ewxs; ewx dump more.ewxs
ewx: more.ewxs: bad binary policy: longer than its header says, or than the limit, record 0 of the header, byte 8
[1]
$ head -c -1 host.ewxs >less.ewxs; ewx dump less.ewxs
ewx: less.ewxs: bad binary policy: longer than its header says, or than the limit, record 0 of the header, byte 8
[1]
## Wrong use.
$ ewx sign host.bin --key key.pem --cert cert.pem
ewx: sign needs a policy, --key, --cert and -o
Usage: ewx sign FILE --key FILE --cert FILE -o OUT
[2]
$ ewx sign host.ewx --key key.pem --cert cert.pem -o x
ewx: host.ewx: not a binary policy: ewx compile makes one
[1]
$ ewx sign host.bin --key cert.pem --cert cert.pem -o x
ewx: cert.pem: unsupported
[1]
$ ewx sign host.bin --key nowhere --cert cert.pem -o x
ewx: nowhere: No such file or directory
[1]
$ openssl genrsa -out other.pem 2048 2>log; ewx sign host.bin --key other.pem --cert cert.pem -o x
ewx: cannot sign: private key does not match certificate
[1]
$ ls x
ls: cannot access 'x': No such file or directory
[2]
## Records have the digest of what is signed, without the signature.
$ sed "s/ digest=[0-9a-f]*/ digest=$(sha256sum host.bin | cut -c1-64)/" denied.log | ewx explain --recorded host.ewxs | tail -1
recorded deny exec_file no_rule host.ewx:13
