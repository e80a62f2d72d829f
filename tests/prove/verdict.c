// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * security/ewx/core/decide.c as Frama-C sees it: contracts, then the source as it
 * is. What walks over entries and grants of a blob is not proved. Never compiled.
 */
#include "verdict.h"
#include "security/ewx/core/decide.c"
