# SPDX-License-Identifier: GPL-2.0-or-later
# Threads in the library: compiled once more, for ThreadSanitizer, to which counters of
# what runs are races.

threads_objects := $(patsubst %.c,$(O)/threads/%.o,$(libewx_sources) tests/unit/test_threads.c)
threads_sanitize := -fno-sanitize=all -fsanitize=thread

TESTS += test_threads
test_threads_LDFLAGS := $(threads_sanitize) -pthread

$(O)/test_threads: $(threads_objects)

$(O)/threads/%.o: $(TOP)/%.c $(TOP)/tests/unit/threads.mk
	@mkdir -p $(@D)
	@[ $(V) = 0 ] || echo "  CC   $*.c (threads)"
	@$(CC) $(filter-out --coverage,$(ALL_CFLAGS)) $(threads_sanitize) -MMD -MP -MF $(@:.o=.d) -c -o $@ $<

-include $(threads_objects:.o=.d)
