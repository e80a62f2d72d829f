# SPDX-License-Identifier: GPL-2.0-or-later
#
# EWX from the top: kernels, tools, tests, demo. `make help` lists the targets.
# Each target is one script in scripts/ or one make in a part; this file only
# says what needs what.

MAKEFLAGS += --no-print-directory --no-builtin-rules
BUILD := build
KERNEL ?= plain
VM := tests/vm/run

.PHONY: help deps apply kernel tools check test test-full bench demo vm clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

deps: ## check this machine and install the packages that are missing
	@scripts/deps

apply: ## put EWX into the kernel tree KSRC=dir
	@test -n "$(KSRC)" || { echo "usage: make apply KSRC=dir" >&2; exit 2; }
	@scripts/apply "$(KSRC)"

kernel: deps ## build a test kernel: KERNEL=plain (default), debug, uml or off
	@scripts/kernel $(KERNEL)

clean: ## remove all that was built
	rm -rf $(BUILD)
