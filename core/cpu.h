/* SPDX-License-Identifier: MIT */
/*
 * What the ways of a CPU access to come about share: core/cpu.c (at once), queue.c (waited for), sync.c (a part of a mapping).
 */
#ifndef BATON_CORE_CPU_H
#define BATON_CORE_CPU_H

#include "core/handoff.h"

/* May the CPU have such an access to that buffer at all? ARGUMENT, RANGE, POLICY, SEGMENTS. */
enum baton_status cpu_check(const struct baton *instance, const struct buffer *buffer, struct baton_range range,
                            enum baton_direction direction);

/* The access is granted: fills in the caller's struct. */
void cpu_open_access(const struct baton *instance, struct baton_cpu_access *access, const struct access *granted,
                     enum handle_kind kind);

/* The long ways, from the start: any arguments, without the lock. */
enum baton_status cpu_begin(struct baton *instance, baton_buffer buffer, struct baton_range range,
                            enum baton_direction direction, struct baton_cpu_access *access, uintptr_t call_site);
enum baton_status cpu_end(struct baton *instance, struct baton_cpu_access *access, uintptr_t call_site);

/* The access has ended: the caller's struct names nothing any more. */
static inline void cpu_clear(struct baton_cpu_access *access)
{
    access->access.token = 0;
    access->data = NULL;
    access->length = 0;
}

#endif
