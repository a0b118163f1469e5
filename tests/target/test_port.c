/* SPDX-License-Identifier: MIT */
/*
 * The core's port on this board: granule, lock, and what they cost.
 * What would break it: an unlock that enables interrupts which were masked before, a lock that is not taken, or a granule smaller than a line.
 *
 * qemu-args: -icount shift=0,sleep=off
 */
#include "tests/target/support/tap.h"

#include "apps/platform.h"
#include "boot/cpu.h"
#include "boot/pmu.h"
#include "boot/registers/cp15.h"

#define PAIR_MOST 26u /* instructions of a lock and an unlock, their calls included */

static bool masked(void)
{
    return (cpu_read_cpsr() & CPSR_I) != 0;
}

int main(void)
{
    const struct baton_port *port = platform()->port;
    const volatile uint32_t *held = port->context; /* the lock word, which is all of the port's context */

    tap_plan(8);
    uint32_t data_line = 4u << (cp15_read_CTR() >> 16 & 0xf);
    tap_ok((port->granule & (port->granule - 1)) == 0 && port->granule >= data_line,
           "the granule is a power of two, and at least a line: %lu", (unsigned long)port->granule);

    tap_ok(!masked() && *held == 0, "before: interrupts on, lock free");
    uint32_t outer = port->lock(port->context);
    tap_ok(masked() && *held == 1, "locked: interrupts off, lock held");
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
    return tap_done();
}
