# SPDX-License-Identifier: GPL-2.0-or-later
# The library counts its own steps: compiled once more, with a call at every branch.

steps_objects := $(patsubst %.c,$(O)/steps/%.o,$(libewx_sources))

TESTS += test_steps
test_steps_SRCS := tests/unit/test_steps.c
test_steps_LDFLAGS := -Wl,--wrap=memcpy -Wl,--wrap=memmove -Wl,--wrap=memset \
	-Wl,--wrap=memcmp -Wl,--wrap=memchr -Wl,--wrap=strlen -Wl,--wrap=strcmp \
	-Wl,--wrap=calloc -Wl,--wrap=realloc -Wl,--wrap=mmap

$(O)/test_steps: $(steps_objects)

$(O)/steps/%.o: $(TOP)/%.c $(TOP)/tests/unit/steps.mk
	@mkdir -p $(@D)
	@[ $(V) = 0 ] || echo "  CC   $*.c (steps)"
	@$(CC) $(filter-out -fsanitize% -fno-sanitize% --coverage,$(ALL_CFLAGS)) -fno-builtin \
		-fsanitize-coverage=trace-pc -MMD -MP -MF $(@:.o=.d) -c -o $@ $<

-include $(steps_objects:.o=.d)
