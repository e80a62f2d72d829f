## A SIGSTRUCT, as Gramine's .sig has it.
$ ewx identity enclave.sig
file         enclave.sig (SIGSTRUCT)
measurement  sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881
signer       sha256:43db8e02fb24ce857572f15156ecd3c90178921fae11a5820f1420ac6158f5bb
signature    valid
product      7
svn          3
debug        either
provision    no
attributes   0x4 mask 0xfffffffffffffffd
xfrm         0x3 mask 0xffffffffffffff1b
date         2026-03-01

identity enclave {
	signer sha256:43db8e02fb24ce857572f15156ecd3c90178921fae11a5820f1420ac6158f5bb;
	product 7;
	min-svn 3;
	attributes 0 mask debug;
	# Only this build: measurement sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881;
}
$ ewx identity enclave.sig --json
{
  "file": "enclave.sig",
  "identities": [
    {
      "kind": "SIGSTRUCT",
      "measurement": "sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
      "signer": "sha256:43db8e02fb24ce857572f15156ecd3c90178921fae11a5820f1420ac6158f5bb",
      "valid": true,
      "product": 7,
      "svn": 3,
      "flags": "0x4",
      "flags_mask": "0xfffffffffffffffd",
      "xfrm": "0x3",
      "xfrm_mask": "0xffffffffffffff1b"
    }
  ],
  "schema": "ewx-identity-1"
}
## ELF files of the Intel SDK and of Open Enclave; a statement that is there twice is one.
$ printf '.section .note.sgxmeta,"a"\n.ascii "head"\n.incbin "enclave.sig"\n.incbin "enclave.sig"\n' | as -o sdk.signed.so - && ewx identity sdk.signed.so | head -n 4
file         sdk.signed.so (Intel SDK enclave)
measurement  sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881
signer       sha256:43db8e02fb24ce857572f15156ecd3c90178921fae11a5820f1420ac6158f5bb
signature    valid
$ printf '.section .oeinfo,"a"\n.zero 200\n.incbin "enclave.sig"\n' | as -o 9oe.elf - && ewx identity 9oe.elf | grep 'file\|identity'
file         9oe.elf (Open Enclave enclave)
identity _9oe {
$ printf '.section .oeinfo,"a"\n.zero 3000\n' | as -o raw.elf - && ewx identity raw.elf
ewx: raw.elf: an enclave that nobody signed
[1]
$ printf '.text\n' | as -o other.o - && ewx identity other.o
ewx: other.o: an ELF file, but no enclave of the Intel SDK or Open Enclave
[1]
$ head -c 100 sdk.signed.so >cut.so; ewx identity cut.so
ewx: cut.so: a damaged ELF file
[1]
## A signature that does not hold.
$ (head -c 1024 enclave.sig; printf '\011'; tail -c +1026 enclave.sig) >forged.sig; ewx identity forged.sig | grep -i 'valid\|product'; ewx identity forged.sig >out; echo $?
signature    NOT VALID: no processor accepts it
product      9
	product 9;
1
## SGXS: the measurement is the hash of what is measured.
$ (printf 'ECREATE\0'; head -c 56 /dev/zero; printf 'EADD\0\0\0\0'; head -c 56 /dev/zero; printf 'EEXTEND\0'; head -c 312 /dev/zero) >a.sgxs; ewx identity a.sgxs; sha256sum <a.sgxs
file         a.sgxs (SGXS, unsigned)
measurement  sha256:03c254d35902229d7172e62b3224ac53c800f17daf4007766137f5e03837fb33

identity a {
	measurement sha256:03c254d35902229d7172e62b3224ac53c800f17daf4007766137f5e03837fb33;
}
03c254d35902229d7172e62b3224ac53c800f17daf4007766137f5e03837fb33  -
$ (cat a.sgxs; printf 'UNMEASRD'; head -c 312 /dev/zero) >b.sgxs; ewx identity b.sgxs | grep measurement | head -n 1
measurement  sha256:03c254d35902229d7172e62b3224ac53c800f17daf4007766137f5e03837fb33
$ head -c 400 a.sgxs >c.sgxs; ewx identity c.sgxs
ewx: c.sgxs: an SGXS file that ends in the middle
[1]
$ (cat a.sgxs; head -c 64 /dev/zero) >d.sgxs; ewx identity d.sgxs
ewx: d.sgxs: an SGXS file with a record that has no meaning
[1]
$ ewx identity host.ewx
ewx: host.ewx: neither a SIGSTRUCT, nor an SGXS file, nor an ELF file
[1]
$ ewx identity missing
ewx: missing: No such file or directory
[1]
$ ewx identity
ewx: identity needs one file
Usage: ewx identity FILE [--json]
[2]
## What it prints is a policy.
$ (printf 'language 1; policy p version 1;\n'; ewx identity enclave.sig | sed -n '/^identity/,$p') | ewx check -Wno-unused-name -
## A device has no end.
$ ewx identity /dev/zero
ewx: /dev/zero: a device, no file
[1]
