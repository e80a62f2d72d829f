# SPDX-License-Identifier: GPL-2.0-or-later
# Facts, facts store and decision engine.

TESTS += facts_test
facts_test_SRCS := tests/unit/facts_test.c security/enclave/facts.c

TESTS += store_test
store_test_SRCS := tests/unit/store_test.c security/enclave/store.c
store_test_LDFLAGS := -Wl,--wrap=malloc -Wl,--wrap=calloc

CORE_SRCS := $(patsubst %,security/ewx/core/%.c,decide defer lookup match \
	       names query verify verify_match verify_table verify_written) \
	     security/enclave/facts.c

TESTS += decide_test
decide_test_SRCS := tests/unit/decide_test.c tests/unit/small.c \
		    tests/unit/blob.c $(CORE_SRCS)

TESTS += decide_many_test
decide_many_test_SRCS := tests/unit/decide_many_test.c tests/unit/small.c \
			 tests/unit/blob.c $(CORE_SRCS)

TESTS += verify_test
verify_test_SRCS := tests/unit/verify_test.c tests/unit/damage.c \
		    tests/unit/sample.c tests/unit/blob.c $(CORE_SRCS)

TESTS += verify_many_test
verify_many_test_SRCS := tests/unit/verify_many_test.c tests/unit/damage.c \
			 tests/unit/sample.c tests/unit/blob.c $(CORE_SRCS)

TESTS += verify_features_test
verify_features_test_SRCS := tests/unit/verify_features_test.c \
			     tests/unit/blob.c $(CORE_SRCS)

TESTS += verify_names_test
verify_names_test_SRCS := tests/unit/verify_names_test.c tests/unit/damage.c \
			  tests/unit/sample.c tests/unit/blob.c $(CORE_SRCS)

TESTS += verify_hot_test
verify_hot_test_SRCS := tests/unit/verify_hot_test.c tests/unit/damage.c \
			tests/unit/sample.c tests/unit/blob.c $(CORE_SRCS)

TESTS += query_test
query_test_SRCS := tests/unit/query_test.c tests/unit/sample.c \
		   tests/unit/blob.c $(CORE_SRCS)

TESTS += expect_test
expect_test_SRCS := tests/unit/expect_test.c tests/unit/sample.c \
		    tests/unit/blob.c $(CORE_SRCS)

TESTS += verify_bounds_test
verify_bounds_test_SRCS := tests/unit/verify_bounds_test.c tests/unit/bounds.c \
			   tests/unit/sample.c tests/unit/blob.c $(CORE_SRCS)

TESTS += verify_table_test
verify_table_test_SRCS := tests/unit/verify_table_test.c tests/unit/bounds.c \
			  tests/unit/blob.c $(CORE_SRCS)

TESTS += query_bounds_test
query_bounds_test_SRCS := tests/unit/query_bounds_test.c tests/unit/blob.c $(CORE_SRCS)

TESTS += match_test
match_test_SRCS := tests/unit/match_test.c tests/unit/blob.c $(CORE_SRCS)

TESTS += signed_test
signed_test_SRCS := tests/unit/signed_test.c security/ewx/core/signed.c
