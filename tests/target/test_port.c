/* SPDX-License-Identifier: MIT */
/*
 * The core's port on this board: granule, lock, and what they cost.
 * What would break it: an unlock that enables interrupts which were masked before, a lock that is not taken, a granule smaller than a line, or a barrier that is
 * none.
 *
 * qemu-args: -icount shift=0,sleep=off
 */
#include "tests/target/support/tap.h"

#include "apps/platform.h"
#include "boot/board.h"
#include "boot/cpu.h"
#include "boot/pmu.h"
#include "boot/registers/cp15.h"

#define PAIR_MOST 26u /* instructions of a lock and an unlock, their calls included */

#define DSB_SY 0xf3bf8f4fu
#define DMB_SY 0xf3bf8f5fu

static bool masked(void)
{
    return (cpu_read_cpsr() & CPSR_I) != 0;
}

/* The emulator does nothing on a barrier, so they are looked for in the code, as test_cache_range does: up to the return that no
 * branch goes beyond. */
static bool has_barrier(const struct baton_port *port, uint32_t encoding)
{
    const uint16_t *code = (const uint16_t *)((uintptr_t)port->barrier & ~(uintptr_t)1);
    unsigned furthest = 0;

    for (unsigned i = 0; i < 16; i++) {
        unsigned target = i;
        if (((uint32_t)code[i] << 16 | code[i + 1]) == encoding) {
            return true;
        }
        if ((code[i] & 0xf500) == 0xb100) { /* CBZ, CBNZ */
            target = i + 2 + ((code[i] >> 4 & 0x20u) | (code[i] >> 3 & 0x1fu));
        } else if ((code[i] & 0xf080) == 0xd000) { /* B<c>, forwards */
            target = i + 2 + (code[i] & 0x7fu);
        }
        furthest = target > furthest ? target : furthest;
        if (code[i] == 0x4770 && i >= furthest) { /* BX lr */
            break;
        }
    }
    return false;
}

int main(void)
{
    const struct baton_port *port = platform()->port;
    const volatile uint32_t *held = port->context; /* the lock word, which the port's context begins with */

    tap_plan(10);
    uint32_t data_line = 4u << (cp15_read_CTR() >> 16 & 0xf);
    tap_ok((port->granule & (port->granule - 1)) == 0 && port->granule >= data_line,
           "the granule is a power of two, and at least a line: %lu", (unsigned long)port->granule);

    tap_ok(!masked() && *held == 0, "before: interrupts on, lock free");
    uint32_t outer = port->lock(port->context);
    tap_ok(masked() && *held != 0, "locked: interrupts off, lock held");
    port->unlock(port->context, outer);
    tap_ok(!masked() && *held == 0, "unlocked: as before");

    uint32_t state = cpu_irq_save();
    outer = port->lock(port->context);
    port->unlock(port->context, outer);
    tap_ok(masked() && *held == 0, "interrupts that were off stay off");
    cpu_irq_restore(state);

    uint32_t start = port->now(port->context);
    unsigned looks = 0;
    while (port->now(port->context) == start && looks < 100000) {
        looks++;
    }
    tap_ok(looks < 100000, "now counts: another value at look %u", looks + 1);

    uint32_t (*volatile take)(void *) = port->lock;
    void (*volatile give)(void *, uint32_t) = port->unlock;
    start = pmu_cycles();
    uint32_t nothing = pmu_cycles() - start;
    start = pmu_cycles();
    give(port->context, take(port->context));
    uint32_t pair = pmu_cycles() - start - nothing;
    tap_ok(pair <= PAIR_MOST, "lock and unlock: %lu instructions with their calls", (unsigned long)pair);
    tap_ok(!masked(), "interrupts are on at the end");

    /* With an outer cache it is that one's sync, whose order its driver's tests look at. */
    tap_ok(board_outer != NULL || has_barrier(port, DSB_SY), "a barrier before a device is a DSB SY");
    tap_ok(has_barrier(port, DMB_SY), "one after a device is a DMB SY");
    return tap_done();
}
