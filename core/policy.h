/* SPDX-License-Identifier: MIT */
/*
 * Changing how the CPU maps a buffer. Called by core/buffer.c when one is made with a policy, and by baton_set_policy().
 */
#ifndef BATON_CORE_POLICY_H
#define BATON_CORE_POLICY_H

#include "core/pages.h"

/* Can the port map a buffer so? */
bool policy_is_possible(const struct baton *instance, enum baton_policy policy,
                        const struct baton_enforcement *enforcement);

/* Gives a buffer that nobody holds another policy, content unchanged, as one access of the CPU to all of it. With the lock, which
 * it gives back meanwhile. NO_SLOT: nothing has changed. */
enum baton_status policy_change(struct baton *instance, struct buffer *buffer, enum baton_policy policy,
                                uintptr_t call_site, uint32_t *lock_state);

#endif
