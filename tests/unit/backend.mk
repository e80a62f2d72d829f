# SPDX-License-Identifier: GPL-2.0-or-later
# Back end of libewx: IR to binary policy and back.

backend_random := tests/unit/gen.c tests/unit/naive.c

TESTS += test_automaton
test_automaton_SRCS = tests/unit/test_automaton.c tests/unit/naive.c \
	$(libewx_sources)

TESTS += test_classes
test_classes_SRCS = tests/unit/test_classes.c $(backend_random) $(libewx_sources)

TESTS += test_table
test_table_SRCS = tests/unit/test_table.c $(backend_random) $(libewx_sources)

TESTS += test_dump
test_dump_SRCS = tests/unit/test_dump.c $(backend_random) $(libewx_sources)
test_dump_LDFLAGS := -Wl,--wrap=calloc -Wl,--wrap=realloc

TESTS += test_compare
test_compare_SRCS = tests/unit/test_compare.c $(backend_random) $(libewx_sources)

TESTS += test_judge
test_judge_SRCS = tests/unit/test_judge.c $(libewx_sources)

TESTS += test_memory
test_memory_SRCS := tests/unit/test_memory.c libewx/arena.c libewx/pages.c \
	libewx/pool.c
