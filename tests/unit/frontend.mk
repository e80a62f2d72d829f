# SPDX-License-Identifier: GPL-2.0-or-later
# Front end of libewx: policies to IR, diagnostics.

libewx_sources := $(patsubst $(TOP)/%,%,$(wildcard $(TOP)/libewx/*.c \
	$(TOP)/security/ewx/core/*.c)) security/enclave/facts.c

TESTS += test_policy
test_policy_SRCS := tests/unit/test_policy.c $(libewx_sources)
test_policy_LDFLAGS := -Wl,--wrap=ewx_policy_verify

TESTS += test_front
test_front_SRCS := tests/unit/test_front.c $(libewx_sources)

TESTS += test_front_hostile
test_front_hostile_SRCS := tests/unit/test_front_hostile.c $(libewx_sources)

TESTS += test_host
test_host_SRCS := tests/unit/test_host.c $(libewx_sources)
test_host_LDFLAGS := -Wl,--wrap=readdir -Wl,--wrap=opendir -Wl,--wrap=calloc

TESTS += test_pattern
test_pattern_SRCS := tests/unit/test_pattern.c libewx/pattern.c \
	libewx/arena.c libewx/pages.c

TESTS += test_grammar
test_grammar_SRCS := tests/unit/test_grammar.c $(libewx_sources)

TESTS += test_format
test_format_SRCS := tests/unit/test_format.c $(libewx_sources)
