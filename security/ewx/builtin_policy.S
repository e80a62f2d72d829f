/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policy that is built into the kernel (builtin.c).
 */
#include <linux/linkage.h>
#include <linux/init.h>

	__INITRODATA
	.balign 8
SYM_DATA_START(ewx_builtin_start)
	.incbin CONFIG_SECURITY_EWX_BUILTIN_POLICY
SYM_DATA_END_LABEL(ewx_builtin_start, SYM_L_GLOBAL, ewx_builtin_end)
