## Records of several forms; what is no record is left out.
$ ewx adopt --built 1767225600 denied.log mixed.log
language 1;
policy adopted version 1;

# Made from 1 record of what was done while nothing was enforced. Nothing says
# that this was right. Read each rule; delete what should not be. Patterns
# and lists can be made wider where a program will do more than was seen.
# Left out: 3 records of what was denied.
# Left out: debug in default, by /opt/payroll/bin/server, seen 1 time: a rule denies it

identity enclave_1 {
	signer sha256:1111111111111111111111111111111111111111111111111111111111111111;
	product 7;
	min-svn 3;
}

domain p_server_1 {
	exe "/opt/payroll/bin/server";
	uid 1200;
	# Take this away when nothing is recorded any more.
	permissive until 2026-01-31;

	# Seen 1 time (4 pages), 2026-01-01 00:00:00 UTC, by /opt/payroll/bin/server.
	allow init for enclave_1;
}
$ ewx adopt --built 1767225600 <pilot.log >a.ewx; ewx check --built 1767225600 a.ewx; ewx fmt --check a.ewx
$ ewx query -p a.ewx 'as exe "/mnt/ext4/demo/bin/honest" uid 1000: load rx file "/mnt/ext4/demo/lib/payload.bin" owner 0'
defer exec_file granted a.ewx:74
$ ewx adopt host.ewx
ewx: no record of EWX that was let pass: let the programs run under a permissive policy first
[1]
$ ewx adopt missing.log
ewx: missing.log: No such file or directory
[1]
## What was denied is not allowed.
$ ewx adopt denied.log
ewx: no record of EWX that was let pass: let the programs run under a permissive policy first
[1]
$ (cat boots.log; sed 's/result=permissive/result=denied/; s/exe=[^ ]*/exe="\/bin\/denied"/' boots.log) | ewx adopt --built 0 | grep -c bin/denied
0
[1]
## Enclaves of two boots, and odd records among others: each is said, or left out.
$ (cat boots.log; for odd in 's/pid=[0-9]*/pid=x/' 's/owner=0/owner=-7/' 's/shortened=0/shortened=1/' 's/ exe=.*//' 's/euid=1200/euid=4294967296/' 's/enclave=1/enclave=7/' 's/exe=[^ ]*/exe="\/\/x"/' 's/exe=[^ ]*/exe="\/..\/x"/' 's/path=[^ ]*/path="\/a\/"/'; do sed -n "/1490/{$odd;p;q}" boots.log; done; sed '/1491/!d; s/enclave=1/enclave=7/; s/signer=[^ ]*/signer=?/; s/measurement=[^ ]*/measurement=12/' boots.log) >odd.log; ewx adopt --built 0 odd.log
ewx: odd.log:7: the field pid is no number
language 1;
policy adopted version 1;

# Made from 8 records of what was done while nothing was enforced. Nothing says
# that this was right. Read each rule; delete what should not be. Patterns
# and lists can be made wider where a program will do more than was seen.
# Left out: 2 records cut short or with a lost value.
# Left out: exec_file in default, by /../x, seen 1 time: the program's path is not one that a policy may trust
# Left out: exec_file in default, by //x, seen 1 time: the program's path is not one that a policy may trust
# Left out: exec_file in default, by /opt/payroll/bin/server, seen 1 time: a name in the record was too long to be recorded whole
# Left out: exec_file in default, by /opt/payroll/bin/server, seen 1 time: who the enclave is was not seen
# Left out: exec_file in default, by /opt/payroll/bin/server, seen 1 time: no pattern can hold the file's path
# Left out: exec_file in default, by /opt/payroll/bin/server, seen 1 time: the process has no user that a policy can name

identity enclave_1 {
	signer sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;
	product 1;
	min-svn 1;
}

identity enclave_2 {
	signer sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb;
	product 1;
	min-svn 1;
}

source files_1 {
	path "/opt/p/a.so";
	owner 0;
}

domain p_server_1 {
	exe "/opt/payroll/bin/server";
	uid 1200;
	# Take this away when nothing is recorded any more.
	permissive until 1970-01-31;

	# Seen 1 time, 2026-01-01 00:00:01 UTC, by /opt/payroll/bin/server.
	allow exec_file from files_1 for enclave_1;
	# Seen 1 time, 2026-01-02 03:46:41 UTC, by /opt/payroll/bin/server.
	allow exec_anon for enclave_2;
}
[1]
## A clock that is wrong: no date is past the last one.
$ for now in 0 253402300799 18446744073709551615; do ewx adopt --built $now pilot.log | grep -m 1 permissive; done
	permissive until 1970-01-31;
	permissive until 9999-12-31;
	permissive until 9999-12-31;
