/* SPDX-License-Identifier: MIT */
/*
 * The enforcement that enforces nothing: BATON_ENFORCE_NONE. What it leaves out is in core/conflict.c.
 */
#include "core/enforcement.h"

const struct baton_enforcement baton_enforcement_none = {.unchecked = true};
