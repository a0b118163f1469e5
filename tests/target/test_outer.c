/* SPDX-License-Identifier: MIT */
/*
 * The port's publish and refresh against who sees memory alone: the CPU itself, through a second, non-cacheable mapping of what the bus sees.
 * On a board with an outer cache both levels have to be gone through, in the right order; under the simulator each slip shows.
 * What would break it: a level left out, or the wrong one first, a sync or barrier that is missing, a granule that is one level's alone.
 */
#include "tests/target/support/tap.h"

#include "apps/platform.h"
#include "boot/board.h"
#include "boot/mmu.h"
#include "boot/registers/barrier.h"

#include <stdint.h>

#define ALIAS 0xc0000000u /* nothing is there on any board */
#define WORDS 256u
#define SIZE (WORDS * 4)

static volatile uint32_t *cached, *bus;
static const struct baton_port *port;

__attribute__((noinline)) static void fill(volatile uint32_t *words, uint32_t seed)
{
    for (uint32_t i = 0; i < WORDS; i++) {
        words[i] = seed + i;
    }
}

__attribute__((noinline)) static unsigned differ(const volatile uint32_t *words, uint32_t seed)
{
    unsigned wrong = 0;

    for (uint32_t i = 0; i < WORDS; i++) {
        wrong += words[i] != seed + i;
    }
    return wrong;
}

static void publish(void)
{
    port->publish(port->context, (uintptr_t)cached, SIZE);
}

static void refresh(void)
{
    port->refresh(port->context, (uintptr_t)cached, SIZE);
}

/* The device's part. */
static void device_writes(uint32_t seed)
{
    port->barrier(port->context, BATON_BARRIER_BEFORE_DEVICE);
    fill(bus, seed);
    dsb();
    port->barrier(port->context, BATON_BARRIER_AFTER_DEVICE);
}

int main(void)
{
    const struct platform *board = platform();
    uint32_t physical = board->memory.physical;

    port = board->port;
    cached = board->memory.cpu;
    bus = (volatile uint32_t *)ALIAS;
    tap_plan(8);
    if (!tap_ok(mmu_map(ALIAS, physical + port->bus_offset, MMU_PAGE, MMU_UNCACHED),
                "memory once more, past the caches")) {
        return tap_done();
    }
    tap_ok(board_outer == NULL || port->granule >= board_outer->line,
           "the granule is no smaller than an outer cache's line");
    /* Nobody knows what the lines held before. */
    publish();
    refresh();

    fill(cached, 1000);
    publish();
    tap_equal(differ(bus, 1000), 0, "published: memory has what the CPU wrote");

    fill(cached, 2000);
    publish();
    tap_equal(differ(bus, 2000), 0, "and again, over what both levels hold");

    tap_equal(differ(cached, 2000), 0, "which the CPU still reads");
    device_writes(3000);
    refresh();
    tap_equal(differ(cached, 3000), 0, "refreshed: the CPU reads what a device wrote");

    fill(cached, 4000);
    publish();
    refresh();
    tap_equal(differ(cached, 4000), 0, "settled: nothing is lost");
    device_writes(5000);
    refresh();
    tap_equal(differ(cached, 5000), 0, "and nothing is in the way of a device");
    return tap_done();
}
