## Records of several forms; what is no record is left out.
$ ewx adopt --built 1767225600 denied.log mixed.log
language 1;
policy adopted version 1;

# Made from 3 records: it allows what they say was done, and nothing says
# that this was right. Read each rule; delete what should not be. Patterns
# and lists can be made wider where a program will do more than was seen.

# Left out: 1 records, of programs without a path or with names that no policy
# can hold.

identity enclave_2 {
	signer sha256:1111111111111111111111111111111111111111111111111111111111111111;
	product 7;
	min-svn 3;
	# One that was seen: measurement sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
}

source files_p_server_1 {
	path "/tmp/evil.so";
	owner 1000;
}

domain p_server_1 {
	exe "/opt/payroll/bin/server";
	uid 1200;
	# Take this away when nothing is recorded any more.
	permissive until 2026-01-31;

	allow exec_file from files_p_server_1;
	allow init for enclave_2;
	allow debug for enclave_2;
}
$ ewx adopt --built 1767225600 <denied.log >a.ewx; ewx check --built 1767225600 a.ewx; ewx fmt --check a.ewx
$ ewx adopt --built 1767225600 denied.log | ewx query -p - 'as exe "/opt/payroll/bin/server" uid 1200: load rx file "/tmp/evil.so" owner 1000'
allow exec_file granted <stdin>:19
$ ewx adopt host.ewx
ewx: no record of EWX: let the programs run under a permissive policy first
[1]
$ ewx adopt missing.log
ewx: missing.log: No such file or directory
[1]
