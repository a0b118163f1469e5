/* SPDX-License-Identifier: MIT */
/*
 * The port: everything the core needs from the machine it runs on, in one struct.
 *
 * A board fills it in once and hands it to baton_init(). The core calls it from whatever context its
 * own caller is in (task or interrupt), never while it waits, and never holds the lock across publish or refresh.
 * The core itself knows no register: it compiles and runs on a host with a port made of plain C.
 */
#ifndef BATON_CORE_PORT_H
#define BATON_CORE_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a barrier has to order. A port may implement them all by DSB SY; the names say why they are there. */
enum baton_barrier {
    /* Before a device in the CACHE domain, or one that reads a non-cacheable buffer, is told to start: the CPU's
     * stores so far are observable before the doorbell store that follows. */
    BATON_BARRIER_BEFORE_DEVICE,
    /* After the CPU has read that a device is done: no later load, and no invalidate, overtakes that read. */
    BATON_BARRIER_AFTER_DEVICE,
};

/* A mistake of the caller that the core has refused. All strings are static. */
struct baton_misuse {
    const char *verb;           /* the public function that refused */
    const char *reason;         /* baton_status_text() of its status */
    const char *buffer;         /* name of the buffer, or "" when the handle did not lead to one */
    const char *holder;         /* who holds the conflicting range, or "" */
    uintptr_t call_site;        /* return address of the refused call */
    uintptr_t holder_call_site; /* of the call that made the holder one, or that ended a stale access; or 0 */
    uint32_t holder_epoch;      /* of the holder's acquire */
    bool holder_writes;
    uint32_t offset, length; /* range that was asked for, bytes */
    uint32_t epoch;          /* the buffer's epoch at the refusal */
};

/* What the CPU may do with a page of a buffer. */
enum baton_protection {
    BATON_PROTECT_NONE, /* not mapped: a touch faults */
    BATON_PROTECT_READ,
    BATON_PROTECT_READ_WRITE,
    BATON_PROTECT_WRITE_COMBINED, /* read and write, Normal non-cacheable */
};

struct baton_port {
    /* Coherence granule in bytes: the largest cache line over all levels, or CTR.CWG where it is given. A power of
     * two. */
    uint32_t granule;

    /* Added to every physical address to give the address that devices use on the bus. 0 on hardware without an
     * offset; the non-coherent memory model (sim/) puts the bus's view of RAM there. A device's own offset comes on
     * top. */
    uint32_t bus_offset;

    /* Clean [address, address + length) to the point of coherency, inner level first, complete when it returns
     * (DSB). Both ends are granule-aligned. The address is mapped. */
    void (*publish)(void *context, uintptr_t address, size_t length);

    /* Invalidate [address, address + length) to the point of coherency, outer level first, preceded by a barrier that
     * orders it after an earlier read of a device's status; complete when it returns. Both ends are granule-aligned. */
    void (*refresh)(void *context, uintptr_t address, size_t length);

    void (*barrier)(void *context, enum baton_barrier why);

    /* Mutual exclusion against every other user of the same struct baton: other coherent CPUs and this CPU's interrupt
     * handlers. lock returns what unlock needs to restore (the interrupt state). Held for bounded time. Taking it is a barrier for all accesses
     * of its CPU, reads of a device's status included: what comes after is not done before them (rule R9; ARM: DMB SY). */
    uint32_t (*lock)(void *context);
    void (*unlock)(void *context, uint32_t state);

    /* A free-running count; it may wrap. NULL: the trace says 0, and nothing can wait. */
    uint32_t (*now)(void *context);

    /* A call was refused, for any reason but IN_TRANSIT, or a wait has timed out. Called without the lock. It may print, count
     * or stop the machine. NULL: nobody is told. */
    void (*misuse)(void *context, const struct baton_misuse *what);

    /* The rest is optional: NULL or 0, and what needs it is refused (CONTEXT for waits, POLICY for the others). */

    uint32_t frequency; /* of now(), in Hz */

    /* True in a context that may wait for others: a task, interrupts enabled. */
    bool (*may_wait)(void *context);

    /* Sleeps until an unlock(), on another CPU or by an interrupt handler of this one, or until now() reaches the deadline; it
     * may return early. An unlock() that comes after the caller has looked and before it sleeps ends the sleep as well: as ARM's
     * event register does, which SEV sets in unlock() and WFE finds set (DDI 0406C, B1.8.13). Called without the lock, where
     * may_wait() is true. */
    void (*wait)(void *context, uint32_t deadline);

    /* Copies between a buffer and a bounce buffer, by the CPU, as memcpy: they do not overlap. Without the lock. */
    void (*copy)(void *context, void *to, const void *from, size_t length);

    /* Size of the unit of protect(), bytes, a power of two and a multiple of the granule. */
    uint32_t page;

    /* Changes the CPUs' mapping of one page at an address of a pool; on return no CPU of the domain uses the old one (TLB
     * invalidated, DSB). Lines are maintained through a valid mapping, which the core sees to. Called with the lock held.
     * It cannot fail: what it could not do prepare() has refused. */
    void (*protect)(void *context, uintptr_t address, enum baton_protection protection);

    /* Pages of a new buffer that will be given to protect(): e.g. sections are split into pages. false: they cannot be, and
     * nothing has changed. Called with the lock held. */
    bool (*prepare)(void *context, uintptr_t address, size_t length);

    void *context; /* handed to each function above */
};

#endif
