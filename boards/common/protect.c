/* SPDX-License-Identifier: MIT */
/*
 * The port's view of the MMU: changing the mapping of a buffer's page, and what a data abort in a buffer means. Called by the core with
 * its lock held, which serialises them with each other; nobody else changes the mapping of a pool while the core runs.
 */
#include "boards/common/port.h"

#include "apps/platform.h"
#include "boards/common/board.h"
#include "boot/board.h"
#include "boot/exception.h"
#include "boot/fault.h"
#include "boot/mmu.h"

#include <stdio.h>
#include <stdlib.h>

/* Pools are mapped flat. A non-cacheable page is the bus's view of it: where that lies elsewhere (the non-coherent memory model),
 * the CPU's stores past the caches go there. */
void port_protect(void *context, uintptr_t address, enum baton_protection protection)
{
    static const enum mmu_attribute attributes[] = {
        [BATON_PROTECT_NONE] = MMU_NONE,
        [BATON_PROTECT_READ] = MMU_RODATA,
        [BATON_PROTECT_READ_WRITE] = MMU_DATA,
        [BATON_PROTECT_WRITE_COMBINED] = MMU_UNCACHED,
    };
    const uint32_t offset = protection == BATON_PROTECT_WRITE_COMBINED ? board_bus_offset : 0;

    (void)context;
    if (!mmu_map(address, address + offset, MMU_PAGE, attributes[protection])) {
        char text[64];
        int n = snprintf(text, sizeof text, "port: page 0x%08lx cannot be mapped\r\n", (unsigned long)address);

        board_console_write(text, (size_t)n); /* it was split before: the tables are broken */
        abort();
    }
}

bool port_prepare(void *context, uintptr_t address, size_t length)
{
    (void)context;
    return mmu_split(address, length);
}

/* Whose buffers this CPU's data aborts are looked for in, and how long one may wait for a device, microseconds. */
struct guard {
    struct baton *instance;
    uint32_t timeout;
};

static bool aborted(void *context, const struct abort_record *record, bool masked)
{
    const struct guard *guard = context;
    const bool write = fault_is_write(record->status);

    (void)masked; /* may_wait() sees it: the handler has the interrupted code's mask */
    switch (baton_fault(guard->instance, record->address, write, record->pc, guard->timeout)) {
    case BATON_OK:
        return true;
    case BATON_ERROR_RANGE:
        /* A section that is being split, or a page that is being changed, is away for a moment (boot/mmu.h). If the address translates
         * by now it was that. */
        return write ? mmu_writable(record->address) : mmu_readable(record->address);
    default:
        return false;
    }
}

void platform_guard_faults(struct baton *instance, uint32_t timeout)
{
    static struct guard guard;

    guard = (struct guard){instance, timeout};
    exception_set_abort_handler(aborted, &guard);
}
