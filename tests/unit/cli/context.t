## Contexts are checked where SELinux is enabled; here a stand-in says that it is.
$ printf '#include <string.h>\nint is_selinux_enabled(void) { return 1; }\nint security_check_context(const char *c) { return strstr(c, "known_t") ? 0 : -1; }\n' >s.c && cc -shared -fPIC -o s.so s.c
$ printf 'language 1; policy p version 1;\ndomain a { context "u:r:known_t:s0"; }\ndomain b { context "u:r:gone_t:s0"; }\n' >c.ewx
$ mkdir nodes && : >nodes/load
$ LD_PRELOAD=$PWD/s.so ewx load --securityfs nodes c.ewx; wc -c <nodes/load
ewx: c.ewx:3: SELinux does not know the context "u:r:gone_t:s0"
0
$ ewx compile c.ewx -o c.bin && LD_PRELOAD=$PWD/s.so ewx load --securityfs nodes c.bin; wc -c <nodes/load
ewx: c.ewx:3: SELinux does not know the context "u:r:gone_t:s0"
0
$ sed -i /gone_t/d c.ewx; LD_PRELOAD=$PWD/s.so ewx load --securityfs nodes --built 7 c.ewx; ewx compile --built 7 c.ewx -o c.bin; cmp nodes/load c.bin
version ? is active (load ? since boot)
