/* SPDX-License-Identifier: MIT */
/*
 * Accesses: a device's (a mapping) and the CPU's; parts of a mapping that change hands while it is held. Part of the public
 * interface: included by way of core/baton.h.
 *
 * An acquire here is granted at once or refused. core/api/wait.h has the forms that wait. NO_SLOT: limits.accesses; or, of a
 * buffer with bounced attachments, so many write at once that what differs could not be kept track of (docs/OWNERSHIP.md, B7).
 */
#ifndef BATON_CORE_API_ACCESS_H
#define BATON_CORE_API_ACCESS_H

#include "core/api/types.h"

#define BATON_SEGMENTS 16 /* most segments of one mapping */

struct baton_segment {
    baton_bus_address address;
    uint32_t length; /* bytes */
};

/* What a device may read. Only baton_map_to_device() and its kin make one. */
struct baton_source {
    baton_access access;
    uint32_t length; /* bytes, over all segments */
    uint32_t count;
    struct baton_segment segments[BATON_SEGMENTS];
};

/* What a device may write. Only baton_map_from_device() and its kin make one. A type of its own, so that source and
 * destination cannot be swapped. */
struct baton_destination {
    baton_access access;
    uint32_t length;
    uint32_t count;
    struct baton_segment segments[BATON_SEGMENTS];
};

/* Lets the device read the range. On return its newest bytes are in the device's domain and the maintenance is
 * complete: the doorbell may be rung. The range is the device's until unmapped: the CPU and other devices may read it
 * too. BUSY, FALSE_SHARING, IN_TRANSIT, QUARANTINED, RANGE, ALIGNMENT, SEGMENTS, NO_SLOT. */
BATON_MUST_CHECK enum baton_status baton_map_to_device(struct baton *instance, baton_attachment attachment,
                                                       struct baton_range range, struct baton_source *source);

/* The same for a reader to whom a torn picture does no harm, a scan-out: others may write the range while it is mapped.
 * What they wrote becomes visible to it with baton_sync_source_for_device(). */
BATON_MUST_CHECK enum baton_status baton_map_to_display(struct baton *instance, baton_attachment attachment,
                                                        struct baton_range range, struct baton_source *source);

/* Lets the device write the range (direction BATON_WRITE or BATON_OVERWRITE). On return no line of it is dirty: no
 * eviction can hit what the device writes. The range is the device's alone until unmapped. DIRECTION: BATON_READ. Else as
 * baton_map_to_device(). */
BATON_MUST_CHECK enum baton_status baton_map_from_device(struct baton *instance, baton_attachment attachment,
                                                         struct baton_range range, enum baton_direction direction,
                                                         struct baton_destination *destination);

/* The device is done reading, or was never started. Clears *source. O(1), no cache operation: made for interrupt
 * handlers. HELD: a part is with the CPU. */
BATON_MUST_CHECK enum baton_status baton_unmap_source(struct baton *instance, struct baton_source *source);

/* The device is done and has written the whole range (direction WRITE: or some of it). Clears *destination. O(1), no
 * cache operation, whatever the size; the next CPU access refreshes what it really reads. HELD: a part is with the CPU.
 * QUARANTINED: after baton_quarantine(); see there. */
BATON_MUST_CHECK enum baton_status baton_unmap_destination(struct baton *instance,
                                                           struct baton_destination *destination);

/* The same, but only the written part (relative to the buffer, within the range; length 0: nothing) was written
 * successfully. The rest of the range becomes unknown: the device may have written there before it failed. The device
 * is halted. RANGE: written is not within the range. HELD: a part is with the CPU. */
BATON_MUST_CHECK enum baton_status baton_unmap_destination_partial(struct baton *instance,
                                                                   struct baton_destination *destination,
                                                                   struct baton_range written);

/* The device failed or did not answer, and may still be writing: the range stays nobody's (QUARANTINED to all who ask). When
 * the device has been proven halted, baton_unmap_destination_partial() ends the quarantine. Who waits for the range waits on. Any context. */
BATON_MUST_CHECK enum baton_status baton_quarantine(struct baton *instance,
                                                    const struct baton_destination *destination);

struct baton_cpu_access {
    baton_access access;
    void *data;      /* the first byte of the range, through the buffer's mapping; NULL once ended */
    uint32_t length; /* bytes */
};

/* Opens the range to the CPU. On return loads through data see the newest bytes (OVERWRITE: of the edge lines only).
 * Several readers, or one writer, hold a byte at a time. BUSY, FALSE_SHARING, IN_TRANSIT, QUARANTINED, RANGE, NO_SLOT;
 * SEGMENTS: the range crosses from one piece of the buffer to another that the CPU's mapping does not continue into;
 * POLICY: an automatic buffer. */
BATON_MUST_CHECK enum baton_status baton_begin_cpu_access(struct baton *instance, baton_buffer buffer,
                                                          struct baton_range range, enum baton_direction direction,
                                                          struct baton_cpu_access *access);

/* Closes it and clears *access: the pointer is void from here on. A writer's range counts as written, whole. No cache
 * operation: the next device that needs the bytes has them published. */
BATON_MUST_CHECK enum baton_status baton_end_cpu_access(struct baton *instance, struct baton_cpu_access *access);

/* The same for a writer that wrote only a part (relative to the buffer, within the range; length 0: nothing). After
 * OVERWRITE the rest of the range has undefined content and is unknown. DIRECTION: a reader; RANGE: not within the
 * range. */
BATON_MUST_CHECK enum baton_status baton_end_cpu_access_partial(struct baton *instance, struct baton_cpu_access *access,
                                                                struct baton_range written);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Held mappings: a part goes to the CPU and comes back, the mapping stays (cyclic DMA, a single framebuffer) */

/* The device has let go of a part of its mapping, and the CPU takes it: the part counts as written by the device, if that
 * writes, and *access is as after baton_begin_cpu_access(). Ends in baton_sync_for_device(). Part and rest must not share
 * a line (FALSE_SHARING) unless both only read, or the device snoops. RANGE: not within the mapping; BUSY: taken already, or
 * another's; HELD: the mapping is a stage's
 * (core/api/fence.h). Otherwise as baton_begin_cpu_access(). */
BATON_MUST_CHECK enum baton_status baton_sync_source_for_cpu(struct baton *instance, const struct baton_source *source,
                                                             struct baton_range part, enum baton_direction direction,
                                                             struct baton_cpu_access *access);
BATON_MUST_CHECK enum baton_status baton_sync_destination_for_cpu(struct baton *instance,
                                                                  const struct baton_destination *destination,
                                                                  struct baton_range part,
                                                                  enum baton_direction direction,
                                                                  struct baton_cpu_access *access);

/* The CPU gives the part back to the mapping that it came from: what it wrote is published, *access is cleared, and the
 * device may go on there. DIRECTION: an access that did not come from a mapping. IN_TRANSIT: a line of it is another's at this
 * moment, or is reserved; FALSE_SHARING: on a display somebody writes other bytes of its lines: in both cases try again. */
BATON_MUST_CHECK enum baton_status baton_sync_for_device(struct baton *instance, struct baton_cpu_access *access);

/* What others have written and released of a mapping made by baton_map_to_display() becomes visible to its device. BUSY,
 * FALSE_SHARING: somebody is still writing there; IN_TRANSIT, QUARANTINED. DIRECTION: another mapping. RANGE: not within it.
 * NO_SLOT: it takes one of limits.accesses meanwhile. */
BATON_MUST_CHECK enum baton_status
baton_sync_source_for_device(struct baton *instance, const struct baton_source *source, struct baton_range part);

#endif
