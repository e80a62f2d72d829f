# SPDX-License-Identifier: GPL-2.0-or-later
#
# EWX from the top: kernels, tools, tests, demo. `make help` lists the targets.
# What a target does is a script in scripts/ or the Makefile of a part; this file
# says what needs what, and makes each step say its name and how long it took.

MAKEFLAGS += --no-print-directory --no-builtin-rules
BUILD := build
KERNEL ?= plain
EWX ?= on
PAIRS ?= 1000000
SEED ?= 1
STEP := scripts/step

.PHONY: help deps deps-test deps-bench deps-full apply kernel kernels tools programs rows check test test-full \
	test-policy test-sgx test-sgx-stress test-audit test-lifecycle \
	test-selinux test-apparmor test-bpf test-attacks deb kernel-deb bench mutants \
	code-mutants \
	model differential sequences faults fuzz prove static coverage \
	demo vm clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

deps: ## look at this machine, install the packages that are missing
	@scripts/deps

deps-test: deps
	@scripts/deps test

deps-bench: deps-test
	@scripts/deps bench

deps-full: deps-test
	@scripts/deps full

apply: ## put EWX into the kernel tree KSRC=dir
	@test -n "$(KSRC)" || { echo "usage: make apply KSRC=dir" >&2; exit 2; }
	@scripts/apply "$(KSRC)"

kernel: tools ## build a test kernel: KERNEL=plain (default), debug, uml, off, bpf, clang or gcov
	@scripts/kernel $(KERNEL)

tools: deps ## the ewx command (build/bin/ewx) and its library
	@$(STEP) "build the ewx command" $(MAKE) -j2 -C tools

programs: deps
	@$(STEP) "build the test programs" $(MAKE) -j2 -C tests/kselftest programs

# Their harness is in the kernel tree, which a kernel's build unpacks.
rows: programs kernels
	@$(STEP) "build the row tests" $(MAKE) -j2 -C tests/kselftest rows

kernels: tools
	@scripts/kernel plain
	@scripts/kernel uml
	@scripts/kernel debug

check: deps-test tools ## the tests that need no kernel
	@scripts/test check

test-policy: deps-test tools ## the language, the compiler and the command; a UML kernel agrees
	@scripts/kernel uml
	@scripts/test test lists docs unit command policies library differential differential-kernel kunit-uml vectors-uml

test: deps-test tools kernels rows ## check, and the suites in plain, debug and UML kernels
	@scripts/test test

test-full: deps-full tools kernels rows ## test, and what takes longer
	@scripts/kernel off
	@scripts/kernel bpf
	@scripts/kernel clang
	@scripts/kernel kcsan
	@scripts/test full

test-sgx: deps-test tools programs ## mainline's SGX driver on a software SGX: upstream's tests, the rows, runtimes
	@scripts/kernel plain
	@$(STEP) "build the row tests" $(MAKE) -j2 -C tests/kselftest rows
	@scripts/test test rows-sgx sgx-selftests runtimes

test-sgx-stress: deps-test tools ## the SGX driver in the debug kernel: reclaim, kills, forks
	@scripts/kernel debug
	@scripts/test full sgx-stress

test-audit: deps-full tools rows ## the audit log: records, auditd, learn, floods, the report in a browser
	@scripts/kernel plain
	@scripts/test full command audit report learn

test-lifecycle: deps-test tools programs ## signing, sealing, installing, going back; with kernels that ask for it
	@scripts/kernel uml
	@scripts/test test command store kunit-uml lifecycle

test-selinux: deps-test tools programs ## SELinux: its class for enclaves, the modules of policy/selinux
	@scripts/kernel plain
	@scripts/test test selinux

test-apparmor: deps-test tools programs ## AppArmor: its rules for enclaves, the abstractions of policy/apparmor
	@scripts/kernel plain
	@scripts/test test apparmor

test-bpf: deps-full tools programs ## BPF: the example of policy/bpf, EWX beside a module that denies
	@scripts/kernel bpf
	@$(STEP) "build the row tests" $(MAKE) -j2 -C tests/kselftest rows
	@scripts/test test bpf

deb: deps ## Debian packages of the command, its library and policies, into build/deb
	@scripts/deps deb
	@scripts/deb

kernel-deb: deps ## Debian packages of a kernel with EWX, into build/deb-kernel: CONFIG=localmodconfig (default) or FILE
	@scripts/deps kernel-deb
	@scripts/kernel-deb $(CONFIG)

test-attacks: deps-full tools kernels rows ## the attacks on both providers, their mutants, every state of the model, random sequences: SECONDS=n (120)
	@scripts/kernel off
	@scripts/kernel bpf
	@$(STEP) "build the module in BPF" $(MAKE) -C tests/vm/lsm bpf
	@scripts/test full rows-plain rows-debug rows-off rows-sgx rows-sgx-debug kunit-debug mutants
	@tests/model/check --deep
	@$(MAKE) --no-print-directory sequences

mutants: deps-full tools kernels rows ## every listed row must fail under its own mutant
	@scripts/kernel bpf
	@$(STEP) "build the module in BPF" $(MAKE) -C tests/vm/lsm bpf
	@tests/vm/mutants

code-mutants: deps-test ## operators, constants and statements of facts and engine changed: a test notices
	@tests/mutation/check

static: deps-full tools ## checkers of the sources: analyzers, W=1, sparse, coccinelle, checkpatch, kernel-doc
	@tests/static/check

coverage: deps-full tools ## lines and branches of kernel code and library that the tests run, by gcov
	@tests/coverage/check

model: deps ## every state that an enclave can come to, with the kernel's facts and store
	@tests/model/check --deep

differential: deps-test tools ## the engine, here and in a UML kernel, against an evaluator of the syntax tree: PAIRS=n, SEED=s
	@scripts/kernel uml
	@tests/differential/check $(PAIRS) $(SEED)
	@tests/differential/check-kernel $(PAIRS) $(SEED)

sequences: deps-test tools ## random sequences on both providers, SECONDS=n (120) in all: half with KASAN, half with KCSAN
	@scripts/kernel debug
	@scripts/kernel kcsan
	@tests/sequences/check --kernel debug $$(($(or $(SECONDS),120) / 4))
	@tests/sequences/check --kernel kcsan $$(($(or $(SECONDS),120) / 4))

faults: deps-test tools ## every call while memory fails, while it ends, and while the caller is killed
	@scripts/kernel debug
	@tests/faults/check

fuzz: deps-test tools ## fuzz parsers, compiler, verification, decisions, then a running kernel: SECONDS=n (60) for each target
	@tests/fuzz/check $(or $(SECONDS),60)
	@scripts/kernel debug
	@tests/fuzz/kernel/check $(or $(SECONDS),60)

prove: deps-full ## theorems about the kernel's own sources, with Frama-C
	@tests/prove/check --smoke

bench: deps-bench tools ## measure; ratios go to build/bench.json, plots to build/bench
	@scripts/kernel uml
	@scripts/kernel plain
	@scripts/kernel off
	@tests/bench/run

demo: tools programs ## a policy at work in a booted kernel; EWX=off shows the attacks succeed
	@scripts/kernel plain
	@$(STEP) "build the demonstration" $(MAKE) -C tests/vm/demo
	@tests/vm/demo/run $(EWX)

vm: tools programs ## an interactive shell in a booted test kernel (KERNEL=...)
	@scripts/kernel $(KERNEL)
	@$(STEP) "build the row tests" $(MAKE) -j2 -C tests/kselftest rows
	@tests/vm/run --kernel $(KERNEL) --shell

clean: ## remove all that was built
	rm -rf $(BUILD)
