# SPDX-License-Identifier: GPL-2.0-or-later
#
# A program for a test machine, of the C files beside the Makefile that includes this
# and of what it needs of the rows, with a key for enclaves of SGX: build/NAME.
#
# NAME: of program and folder; ROWS: sources of tests/kselftest/rows that it needs;
# FOLDER: in tests/, if it is not NAME; MORE: other sources, from the top; LOOKS_AT: other
# headers

TOP := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/../..)
SELF := $(TOP)/tests/kselftest
HERE := $(TOP)/tests/$(or $(FOLDER),$(NAME))
O ?= $(TOP)/build/$(NAME)
CC ?= gcc

CFLAGS ?= -O1 -g
ALL_CFLAGS := -std=gnu11 -D_GNU_SOURCE $(CFLAGS) -Wall -Wextra -Werror \
	      -ffile-prefix-map=$(TOP)/= -I$(TOP)/include -I$(SELF)/lib \
	      -idirafter $(TOP)/include/uapi

SRCS := $(wildcard $(HERE)/*.c $(SELF)/lib/*.c) $(ROWS:%=$(SELF)/rows/%.c) \
	$(MORE:%=$(TOP)/%)
HEADERS := $(wildcard $(HERE)/*.h $(SELF)/rows/*.h $(SELF)/lib/*.h \
	$(LOOKS_AT:%=$(TOP)/%))

all: $(O)/$(NAME) $(O)/sgx.pem

$(O):
	@mkdir -p $@

$(O)/$(NAME): $(SRCS) $(HEADERS) | $(O)
	@echo '  CC      $(@F)'
	@$(CC) $(ALL_CFLAGS) -o $@ $(SRCS) -lcrypto -pthread

# SGX wants 3072 bits and the exponent 3.
$(O)/sgx.pem: | $(O)
	@echo '  KEY     $(@F)'
	@openssl genrsa -3 -out $@ 3072 2>/dev/null

clean:
	rm -rf $(O)

.PHONY: all clean
