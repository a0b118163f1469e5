/* SPDX-License-Identifier: MIT */
/*
 * GICv2: software generated and shared interrupts reach their handler once, when they are enabled and meant for this CPU.
 * What would break it: a wrong register or bit for an ID, an end of interrupt forgotten (nothing comes any more), an interrupt
 * without handler that comes for ever.
 */
#include "tests/target/support/hardware.h"
#include "tests/target/support/tap.h"

#include "apps/platform.h"
#include "boot/cpu.h"
#include "boot/registers/mmio.h"
#include "drivers/gicv2.h"

#include <stddef.h>

#define CPU0 1u
#define CPU1 2u

static struct gicv2 *gic;
static volatile uint32_t calls, last_id, first_id;

static void handler(void *context, uint32_t id)
{
    if (calls == 0) {
        first_id = id;
    }
    last_id = id;
    calls = calls + (context == &calls ? 1 : 100);
}

/* Long enough for anything that is pending to come. */
static void settle(void)
{
    const struct platform *board = platform();
    uint64_t end = board->microseconds() + 2000;

    while (board->microseconds() < end) {
        board->sleep_until(end);
    }
}

static void software_generated(uint32_t sgi)
{
    calls = 0;
    gicv2_enable(gic->config, sgi);
    gicv2_send_sgi_to_self(gic->config, sgi);
    settle();
    tap_ok(calls == 1 && last_id == sgi, "SGI %lu to this CPU itself: %lu calls, ID %lu", (unsigned long)sgi,
           (unsigned long)calls, (unsigned long)last_id);
    gicv2_send_sgi(gic->config, sgi, CPU0);
    settle();
    tap_equal(calls, 2, "by its number");
    gicv2_send_sgi(gic->config, sgi, CPU1);
    settle();
    tap_equal(calls, 2, "to the other CPU: not here");
}

/* With one CPU there are no targets: the registers read as zero (IHI 0048B, 4.3.12). */
static bool alone(void)
{
    return mmio_read8(gic->config->distributor + 0x800) == 0;
}

static void shared(uint32_t spi)
{
    calls = 0;
    /* Whether a store to ISPENDR latches is the same in QEMU's model; so the register itself is looked at. */
    uintptr_t trigger = gic->config->distributor + 0xc00 + spi / 16 * 4;
    uint32_t bit = 2u << (spi % 16 * 2);
    uint32_t before = mmio_read32(trigger);
    gicv2_set_edge(gic->config, spi, false);
    uint32_t level = mmio_read32(trigger);
    gicv2_set_edge(gic->config, spi, true);
    tap_ok(level == (before & ~bit) && mmio_read32(trigger) == (before | bit),
           "level-sensitive, edge-triggered: its own bit only");
    gicv2_set_target(gic->config, spi, CPU0);
    gicv2_set_pending(gic->config, spi);
    settle();
    tap_ok(calls == 0 && gicv2_is_pending(gic->config, spi), "SPI %lu, disabled: pending", (unsigned long)spi);
    gicv2_clear_pending(gic->config, spi);
    bool cleared = !gicv2_is_pending(gic->config, spi);
    gicv2_enable(gic->config, spi);
    settle();
    tap_ok(calls == 0 && cleared, "cleared: it does not come");
    gicv2_set_pending(gic->config, spi);
    settle();
    tap_ok(calls == 1 && last_id == spi && !gicv2_is_pending(gic->config, spi), "enabled: it comes once");
    gicv2_set_pending(gic->config, spi);
    settle();
    tap_equal(calls, 2, "and once more");
    if (!alone()) {
        gicv2_set_target(gic->config, spi, CPU1);
        gicv2_set_pending(gic->config, spi);
        settle();
        tap_equal(calls, 2, "meant for the other CPU: not here");
    }
    gicv2_clear_pending(gic->config, spi);
    gicv2_set_target(gic->config, spi, CPU0);
    gicv2_disable(gic->config, spi);
    gicv2_set_pending(gic->config, spi);
    settle();
    tap_equal(calls, 2, "disabled again: it does not come");
    gicv2_clear_pending(gic->config, spi);
}

static void urgency(uint32_t sgi, uint32_t spi)
{
    for (unsigned turn = 0; turn < 2; turn++) {
        uint32_t state = cpu_irq_save();
        calls = 0;
        gicv2_set_priority(gic->config, sgi, turn == 0 ? 0x40 : 0x80);
        gicv2_set_priority(gic->config, spi, turn == 0 ? 0x80 : 0x40);
        gicv2_enable(gic->config, spi);
        gicv2_send_sgi_to_self(gic->config, sgi);
        gicv2_set_pending(gic->config, spi);
        cpu_irq_restore(state);
        settle();
        tap_ok(calls == 2 && first_id == (turn == 0 ? sgi : spi), "both pending: the more urgent one first (%lu)",
               (unsigned long)first_id);
    }
    gicv2_set_priority(gic->config, spi, 0xff);
    calls = 0;
    gicv2_set_pending(gic->config, spi);
    settle();
    tap_equal(calls, 0, "priority 255 never comes through");
    gicv2_clear_pending(gic->config, spi);
    gicv2_set_priority(gic->config, spi, 0xa0);
}

static void without_handler(uint32_t spi)
{
    uint32_t unhandled = gic->unhandled;

    tap_ok(gicv2_set_handler(gic, spi, NULL, NULL), "no handler");
    calls = 0;
    gicv2_set_pending(gic->config, spi);
    settle();
    tap_ok(calls == 0 && gic->unhandled == unhandled + 1, "an interrupt without handler is counted");
    gicv2_set_pending(gic->config, spi);
    settle();
    tap_ok(gic->unhandled == unhandled + 1 && gicv2_is_pending(gic->config, spi), "and disabled");
    gicv2_clear_pending(gic->config, spi);
}

static void spurious(void)
{
    uint32_t state = cpu_irq_save();
    uint32_t before = gic->spurious;
    uint32_t iar = gicv2_acknowledge(gic->config);

    gicv2_dispatch(gic);
    cpu_irq_restore(state);
    tap_ok(GICV2_ID(iar) == GICV2_SPURIOUS && gic->spurious == before + 1, "nothing pending: the spurious ID, counted");
    tap_ok(!gicv2_set_handler(gic, GICV2_SPURIOUS, handler, NULL) &&
               !gicv2_set_handler(gic, GICV2_HANDLERS, handler, NULL) &&
               !gicv2_set_handler(gic, 0xffffffff, handler, NULL),
           "no handler for IDs that are none");
}

int main(void)
{
    platform();
    const struct hardware *hw = hardware();
    gic = hw->gic;
    if (gic == NULL) {
        return tap_skip("no GIC");
    }
    tap_plan(1 + 3 + (alone() ? 6 : 7) + 3 + 3 + 2);
    tap_ok(gicv2_set_handler(gic, hw->free_sgi, handler, (void *)&calls) &&
               gicv2_set_handler(gic, hw->free_spi, handler, (void *)&calls),
           "handlers set");
    software_generated(hw->free_sgi);
    shared(hw->free_spi);
    urgency(hw->free_sgi, hw->free_spi);
    without_handler(hw->free_spi);
    spurious();
    return tap_done();
}
