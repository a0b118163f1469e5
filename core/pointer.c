/* SPDX-License-Identifier: MIT */
/*
 * From a range of a buffer to the pointer that a CPU access gets: the counterpart of core/segments.c. Called by core/cpu.c and its
 * kin, under the lock.
 */
#include "core/chunk.h"
#include "core/cpu.h"
#include "core/enforcement.h"

void cpu_open_access(const struct baton *instance, struct baton_cpu_access *access, const struct access *granted,
                     enum handle_kind kind)
{
    const struct buffer *buffer = granted->buffer;
    const uint32_t line = granted->party.range.offset >> instance->granule_shift;

    access->access.token = handle_token(&granted->slot, kind);
    access->data = chunk_cpu(buffer, line, instance->granule_shift) +
                   (granted->party.range.offset - (line << instance->granule_shift));
    access->length = granted->party.range.length;
}

enum baton_status cpu_check(const struct baton *instance, const struct buffer *buffer, struct baton_range range,
                            enum baton_direction direction)
{
    const uint32_t shift = instance->granule_shift;

    if ((unsigned)direction > BATON_OVERWRITE)
        return BATON_ERROR_ARGUMENT;
    if (!range_is_within(range, buffer->size))
        return BATON_ERROR_RANGE;
    if (buffer->enforcement != NULL && buffer->enforcement->automatic)
        return BATON_ERROR_POLICY;
    /* One pointer reaches from piece to piece only where the CPU's mapping goes on. */
    for (uint32_t line = range.offset >> shift, last = (range.offset + (range.length - 1)) >> shift;;) {
        const uint32_t next = chunk_lines(buffer, line).end;

        if (next > last)
            return BATON_OK;
        if (chunk_cpu(buffer, next - 1, shift) + (1u << shift) != chunk_cpu(buffer, next, shift))
            return BATON_ERROR_SEGMENTS;
        line = next;
    }
}
