## A machine with much that is wrong; modes of files are not in the tests' copies.
$ cd machine; chmod 644 dev/sgx_enclave etc/ewx/policy.ewx; chmod 666 dev/sgx_provision; ewx doctor --root . --securityfs none | sed 's/owner [0-9:]*/owner U:G/'
bad      kernel   EWX is not among the security modules (lockdown,yama,apparmor): a kernel without it was booted, or lsm= leaves it out
ok       files    the system's policy compiles
ok       device   /dev/sgx_enclave, mode 644, owner U:G SGX enclaves
warning  device   /dev/sgx_provision, mode 666, owner U:G the provisioning key: whoever opens it identifies the machine
warning  mount    /dev is mounted noexec: runtimes cannot map enclave code executable
bad      bypass   /dev/sgx/enclave is of a driver from outside the kernel, which asks no security module
bad      bypass   module isgx is a driver from outside the kernel, which asks no security module
note     bypass   /opt/intel/sgxsdk/lib64/libsgx_urts_sim.so runs enclaves as ordinary code: no policy sees them
warning  audit    audit is off on the kernel's command line: denials leave no record
$ cd machine; chmod 666 etc/ewx/policy.ewx; echo 'nonsense;' >>etc/ewx/policy.ewx; ewx doctor --root . --securityfs none 2>&1 | grep files
bad      files    ./etc/ewx/policy.ewx can be written by others than its owner
bad      files    the system's policy does not compile
$ cd machine; echo 'ewx=off' >proc/cmdline; ewx doctor --root . --securityfs none | grep kernel; echo 'lockdown,ewx' >sys/kernel/security/lsm; rm proc/cmdline; ewx doctor --root . --securityfs none | grep kernel; rm sys/kernel/security/lsm; ewx doctor --root . --securityfs none | grep kernel
./etc/ewx/policy.ewx:3:1: error: unknown word "nonsense" [E0204]
    nonsense;
    ^~~~~~~~
bad      kernel   ewx=off on the kernel's command line
bad      bypass   /dev/sgx/enclave is of a driver from outside the kernel, which asks no security module
bad      bypass   module isgx is a driver from outside the kernel, which asks no security module
./etc/ewx/policy.ewx:3:1: error: unknown word "nonsense" [E0204]
    nonsense;
    ^~~~~~~~
bad      kernel   EWX is there, but its nodes cannot be read
bad      bypass   /dev/sgx/enclave is of a driver from outside the kernel, which asks no security module
bad      bypass   module isgx is a driver from outside the kernel, which asks no security module
./etc/ewx/policy.ewx:3:1: error: unknown word "nonsense" [E0204]
    nonsense;
    ^~~~~~~~
bad      kernel   securityfs is not mounted
bad      bypass   /dev/sgx/enclave is of a driver from outside the kernel, which asks no security module
bad      bypass   module isgx is a driver from outside the kernel, which asks no security module
## One that is well.
$ mkdir well && chmod -R go-w root && ewx doctor --root well --securityfs fs
ok       kernel   EWX is active
ok       policy   host version 12 is loaded
ok       mode     denials are enforced
note     boot     until a policy is loaded all is allowed: ewx.before_policy=deny changes that
note     files    there is no /etc/ewx/policy.ewx
note     device   there is no device for enclaves
$ sed -i 's/active/no-policy/; s/clock_trusted: 1/clock_trusted: 0/; s/enforcing: 1/enforcing: 0/' fs/status; ewx doctor --root well --securityfs fs
ok       kernel   EWX is active
bad      policy   no policy is loaded: nothing is judged
warning  mode     permissive: denials are only recorded
note     boot     until a policy is loaded all is allowed: ewx.before_policy=deny changes that
warning  clock    the clock is before the policy's build stamp: rules with until have ended
note     files    there is no /etc/ewx/policy.ewx
note     device   there is no device for enclaves
[1]
$ sed 's/before_policy: allow/before_policy: deny/' fs/status >status; mv status fs; ewx doctor --root well --securityfs fs | grep '^bad'
bad      policy   no policy is loaded: what needs a permission is denied
$ ewx doctor --root well --securityfs fs --json | head -n 8
{
  "findings": [
    {
      "health": "ok",
      "topic": "kernel",
      "text": "EWX is active"
    },
    {
$ ewx doctor now
ewx: doctor takes no argument
Usage: ewx doctor [--root DIR] [--json]
[2]
