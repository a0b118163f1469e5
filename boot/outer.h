/* SPDX-License-Identifier: MIT */
/*
 * A cache between the CPUs' own and memory that CP15 does not reach (an L2C-310), as a board hands it to boot/ and to the core's port:
 * boot/board.h, board_outer. Everything is by physical address.
 *
 * With one, an operation of boot/cache.h ends in it and not in memory. To memory: the inner caches first, then this one. From memory: this one
 * first, then the inner ones, which could otherwise fetch the old line from here again. boot/ itself has these that need it: what a
 * starting CPU reads and where it writes with its MMU off, the tables of a CPU whose walks are not cacheable, the lines of the
 * non-cacheable window. A driver that rings a doorbell behind a store to that window needs a sync() before, where a DSB is enough elsewhere:
 * the port's barrier before a device is one, and drivers that keep descriptors there are on boards without such a cache. Not so the engine
 * on CPU 1: it goes through the same controller, which finds for it what stands in its own buffers. Tables whose walks are cacheable (TTBR0.RGN) are read through it: a clean of the inner caches is enough.
 */
#ifndef BATON_BOOT_OUTER_H
#define BATON_BOOT_OUTER_H

/* Where boot/reset.S finds the first two members. */
#define OUTER_ENTRY 0
#define OUTER_CONTROLLER 4

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct outer_cache {
    /* At entry, perhaps with caches on that a loader left: writes everything back to memory, if it is on, and, with off, switches it off. In A32,
     * without a stack, reading constants only; may change r0-r3, r12 and flags. */
    void (*entry)(const void *controller, uint32_t off);
    const void *controller; /* entry's */

    /* The rest runs on a stack, but with the MMU on or off, on any CPU, at once. The operations do nothing before enable(); they begin with
     * a DSB, and what they do is complete on return. false: refused, or no end of it. */
    const char *(*enable)(void); /* NULL, or why not. Once, by boot/ on CPU 0: MMU on, before board_init() */
    bool (*clean)(uint32_t physical, uint32_t length);
    bool (*invalidate)(uint32_t physical, uint32_t length); /* refuses ends that are not on lines */
    bool (*clean_invalidate)(uint32_t physical, uint32_t length);
    bool (*sync)(void);      /* what stores have left in its buffers, non-cacheable ones too, is in memory */
    bool (*clean_all)(void); /* everything: nobody else uses it, or the inner caches, meanwhile */
    bool (*clean_invalidate_all)(void);
    uint32_t line; /* bytes */
};
#endif

#endif
