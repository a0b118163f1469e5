/* SPDX-License-Identifier: MIT */
/*
 * L2C-310 (PL310) outer cache controller, r0p0 to r3p3 (ARM DDI 0246): by range, whole, on and off.
 *
 * All of it works on physical addresses, with lines of 32 bytes. The functions keep no state and touch registers only, so that any
 * CPU may call them, with its MMU off too. In Secure state: for Non-secure code control, auxiliary control, latencies, prefetch and debug
 * are read-only, and whoever owns the Secure state has to switch it on; the operations themselves are open to both, each on
 * lines of its own state. QEMU's model is registers without a cache, r3p2.
 *
 * Operations by address and sync are atomic, one store each (3.3.10, atomic operations): ranges of several CPUs and of interrupt handlers may interleave,
 * and there is no lock in here. The exception is l2c310_clean_invalidate_range() on r0p0 and r1p0, for one caller at a time. Operations on
 * everything run in the background, and another one meanwhile is an error of the bus: only for a CPU that is alone, at start or before
 * power-down.
 *
 * The order with the CPU's own caches is the caller's. To memory: clean the inner ones, complete, then this one. From memory: this one,
 * then the inner ones, or they may fetch the old line again from here.
 *
 * Errata that are handled here, by the revision that the controller reports (each one's text is where it is handled): 588369, 727915,
 * 752271, 753970, 765569. 769419 (r0p0 to r3p1): the store buffer keeps what it has for any time; a sync drains it, so that it belongs
 * into every barrier that a device's start relies on: a DSB is over when the store is in that buffer.
 */
#ifndef BATON_DRIVERS_L2C310_H
#define BATON_DRIVERS_L2C310_H

#include "core/baton.h"

#define L2C310_LINE 32u

/* Bits of l2c310_config.prefetch (Prefetch Control Register), beside an offset of 0 to 7, 15 or 31 lines. */
#define L2C310_PREFETCH_DOUBLE_LINEFILL (1u << 30)
#define L2C310_PREFETCH_INSTRUCTIONS (1u << 29)
#define L2C310_PREFETCH_DATA (1u << 28)

struct l2c310_config {
    uintptr_t base; /* virtual address of the registers, and their physical one for who calls with the MMU off */
    uint32_t
        tag_latency; /* RAM latencies as their registers have them (3.3.4): cycles - 1 of set-up, read and write in bits 2:0, 6:4 and */
    uint32_t data_latency; /* 10:8 */
    uint32_t prefetch;
    uint32_t poll_limit; /* status reads before an operation that does not end is given up; at least 1 */
};

enum l2c310_status {
    L2C310_OK,
    L2C310_ERROR_ABSENT,  /* no L2C-310 answers at the address */
    L2C310_ERROR_CONFIG,  /* a prefetch offset that there is not */
    L2C310_ERROR_ON,      /* it is on: its settings can be changed only while it is off */
    L2C310_ERROR_REFUSED, /* a register has not taken its value: Non-secure state? */
    L2C310_ERROR_RANGE,   /* wraps, or an invalidate whose ends are not on lines */
    L2C310_ERROR_TIMEOUT, /* an operation has not ended within poll_limit looks */
};

const char *l2c310_status_text(enum l2c310_status status);

/* Whether there is one, and of a revision that is known: RTL release as in the cache ID, 0 (r0p0), 2 (r1p0), 4 (r2p0), 5 (r3p0), 6
 * (r3p1), 7 (r3p1-50rel0), 8 (r3p2), 9 (r3p3). revision may be NULL. */
BATON_MUST_CHECK enum l2c310_status l2c310_probe(const struct l2c310_config *config, uint32_t *revision);

bool l2c310_is_on(const struct l2c310_config *config);

/* From off to on: settings, then everything invalidated, then on. What the CPU's own caches hold stays valid. An error leaves it off. */
BATON_MUST_CHECK enum l2c310_status l2c310_enable(const struct l2c310_config *config);

/* For who has no stack: at entry, perhaps with the CPU's caches on. Everything is cleaned, if it is on, and with off it is switched off.
 * Bounded like the others; who could be told? l2c310_enable() finds it on. In A32 (drivers/l2c310_entry.S). */
void l2c310_entry(const void *config, uint32_t off);

/* From on to off, what it has written back first. The data caches of all CPUs are off by then, and cleaned: what came in here after would
 * be lost. After a timeout it is still on. */
BATON_MUST_CHECK enum l2c310_status l2c310_disable(const struct l2c310_config *config);

/* [physical, physical + length), to memory, complete on return: cleaned, and, in between, lines rounded outwards. A DSB comes
 * first, so that what the caller has done before, cleans of the inner caches or the read of a status, is not overtaken; a sync and a DSB come last.
 * While the controller is off they do nothing: its lines are none then, or, before the first l2c310_enable(), chance. After
 * ERROR_RANGE nothing was done. */
BATON_MUST_CHECK enum l2c310_status l2c310_clean_range(const struct l2c310_config *config, uint32_t physical,
                                                       uint32_t length);
BATON_MUST_CHECK enum l2c310_status l2c310_clean_invalidate_range(const struct l2c310_config *config, uint32_t physical,
                                                                  uint32_t length);

/* Drops the lines. Both ends are on lines: an edge line that is shared with somebody is refused. */
BATON_MUST_CHECK enum l2c310_status l2c310_invalidate_range(const struct l2c310_config *config, uint32_t physical,
                                                            uint32_t length);

/* Stores that have left the CPU, non-cacheable ones too, are in memory: the buffers are drained. Off: the same, by its DSB. */
BATON_MUST_CHECK enum l2c310_status l2c310_sync(const struct l2c310_config *config);

/* Everything. Nobody else uses the controller meanwhile. */
BATON_MUST_CHECK enum l2c310_status l2c310_clean_all(const struct l2c310_config *config);
BATON_MUST_CHECK enum l2c310_status l2c310_clean_invalidate_all(const struct l2c310_config *config);

#endif
