/* SPDX-License-Identifier: MIT */
/*
 * baton_fault: whose address is it? What a fault there means is the buffer's enforcement's to say.
 */
#include "core/chunk.h"
#include "core/enforcement.h"
#include "core/refusal.h"

const char fault_verb[] = "baton_fault";

/* Is the address in the buffer, its padding apart? Bounded by its pieces. */
static bool find(const struct baton *instance, const struct buffer *buffer, uintptr_t address, struct fault *fault)
{
    const uint32_t shift = instance->granule_shift;

    for (uint32_t line = 0; line < buffer->lines;) {
        const uint32_t next = chunk_lines(buffer, line).end;
        const uintptr_t distance = address - (uintptr_t)chunk_cpu(buffer, line, shift);

        if (distance < (uintptr_t)(next - line) << shift) {
            const uint32_t count = instance->port->page >> shift;

            fault->offset = (line << shift) + (uint32_t)distance;
            fault->line.first = fault->offset >> shift;
            fault->line.end = fault->line.first + 1;
            fault->page.first = fault->line.first & ~(count - 1);
            fault->page.end = fault->page.first + count;
            return true;
        }
        line = next;
    }
    return false;
}

enum baton_status baton_fault(struct baton *instance, uintptr_t address, bool write, uintptr_t pc, uint32_t timeout)
{
    struct fault fault = {.write = write, .pc = pc};
    uint32_t lock_state;

    if (instance == NULL)
        return BATON_ERROR_ARGUMENT;
    /* Without the lock, which masks interrupts. */
    if (!deadline_start(instance, timeout, &fault.deadline))
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, fault_verb, pc);
    lock_state = instance_lock(instance);
    for (uint32_t i = 0; i < instance->buffers.limit; i++) {
        struct buffer *buffer = (struct buffer *)handle_slot(&instance->buffers, i, sizeof(struct buffer));

        if ((buffer->slot.token & HANDLE_LIVE) != 0 && buffer->enforcement != NULL && buffer->enforcement->pages &&
            find(instance, buffer, address, &fault))
            return buffer->enforcement->fault(instance, buffer, &fault, lock_state);
    }
    instance_unlock(instance, lock_state);
    return BATON_ERROR_RANGE;
}
