# SPDX-License-Identifier: GPL-2.0-or-later
# Requests, records, verdict vectors, the ewx command.

request_sources := $(addprefix libewx/,words.c request.c request_lex.c \
		   request_op.c request_print.c) security/enclave/facts.c

TESTS += test_request
test_request_SRCS := tests/unit/test_request.c $(request_sources)

TESTS += test_record
test_record_SRCS := tests/unit/test_record.c libewx/record.c libewx/record_head.c \
	libewx/record_get.c libewx/record_query.c libewx/record_proof.c $(request_sources)

TESTS += test_vectors
test_vectors_SRCS := tests/unit/test_vectors.c tests/vectors/vectors.c tests/vectors/kunit.c \
	$(patsubst $(TOP)/%,%,$(wildcard $(TOP)/libewx/*.c \
	$(TOP)/security/ewx/core/*.c)) security/enclave/facts.c
test_vectors_ARGS := tests/vectors

TESTS += test_boots
test_boots_SRCS := tests/unit/test_boots.c tools/ewx/log_boot.c tools/ewx/index.c libewx/record.c \
	libewx/record_get.c libewx/record_head.c libewx/record_proof.c $(request_sources)
test_boots_LDLIBS := -ljansson

TESTS += test_live
test_live_SRCS := tests/unit/test_live.c tools/ewx/log_live.c libewx/record.c \
	libewx/record_get.c libewx/record_head.c libewx/record_proof.c $(request_sources)
