/* SPDX-License-Identifier: MIT */
/*
 * The port's maintenance where a cache lies behind the CPU's own (board_outer): which level comes first. In place of port.c's, so that
 * boards without one pay nothing. Called by the core in task and interrupt context; addresses are physical ones, as pools are mapped flat.
 *
 * A settle is the core's: publish, then refresh, each of them over both levels.
 */
#include "boards/common/port.h"

#include "boot/board.h"
#include "boot/cache.h"
#include "boot/registers/barrier.h"

/* Inner first: what is newer there must go through the outer one. The DSB before is a Cortex-A9's: lines that other cores hold may stop short
 * of it otherwise (erratum 764369). */
static void publish(void *context, uintptr_t address, size_t length)
{
    (void)context;
    dsb();
    if (!cache_clean_range(address, length) || !board_outer->clean((uint32_t)address, (uint32_t)length)) {
        port_refused("publish", address, length);
    }
}

/* Outer first: a line that the inner caches fetch in between, by speculation, would come from it. Its operations begin with a DSB: not before
 * the status read that allowed them. */
static void refresh(void *context, uintptr_t address, size_t length)
{
    (void)context;
    if (!board_outer->invalidate((uint32_t)address, (uint32_t)length) || !cache_invalidate_range(address, length)) {
        port_refused("refresh", address, length);
    }
}

/* Stores past the caches are in memory when the outer one's buffers are empty, and not before: a DSB ends there. */
static void barrier(void *context, enum baton_barrier why)
{
    (void)context;
    if (why != BATON_BARRIER_BEFORE_DEVICE) {
        dmb();
    } else if (!board_outer->sync()) {
        port_refused("barrier", 0, 0);
    }
}

void port_init_outer(struct baton_port *port)
{
    port->publish = publish;
    port->refresh = refresh;
    port->barrier = barrier;
    if (port->granule < board_outer->line) {
        port->granule = board_outer->line;
    }
}
