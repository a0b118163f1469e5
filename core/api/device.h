/* SPDX-License-Identifier: MIT */
/*
 * Devices (importers), attachments, announcements. Part of the public interface: included by way of core/baton.h.
 */
#ifndef BATON_CORE_API_DEVICE_H
#define BATON_CORE_API_DEVICE_H

#include "core/api/types.h"

struct baton_device_config {
    const char *name; /* static */
    enum baton_domain domain;
    uint32_t dma_mask;       /* highest bus address the device can emit; 0xffffffff for all */
    uint32_t bus_offset;     /* added to the physical address and the port's offset */
    uint32_t alignment;      /* of a segment's start and length, bytes, a power of two; 1: any */
    uint32_t segment_length; /* longest segment, bytes; 0: no limit */
    uint32_t segment_count;  /* most segments in a mapping; 0: no limit of its own */
};

/* Makes an importer known, for good. The name is kept by reference. NO_SLOT: limits.devices. ARGUMENT: no name, a domain that
 * is none, or an alignment that is no power of two, or longer than segment_length. */
BATON_MUST_CHECK enum baton_status baton_add_device(struct baton *instance, const struct baton_device_config *config,
                                                    baton_device *device);

/* Names the pool of which this device's bounce buffers are made from now on: for buffers that it cannot reach or must not touch.
 * Before that such an attach is refused. Task context. UNREACHABLE: the device cannot reach the whole pool. POLICY: the port has no copy(). */
BATON_MUST_CHECK enum baton_status baton_set_bounce_pool(struct baton *instance, baton_device device, baton_pool pool);

/* Connects a buffer and a device; made before use. It says at once whether the device works on the buffer or on a bounce
 * buffer, see baton_query_attachment(). Without a bounce pool: UNREACHABLE (a byte of the buffer lies beyond dma_mask),
 * ALIGNMENT (a piece's start, or its offset in the buffer, is not aligned as the device needs, or the buffer is ragged), POLICY (a coherent buffer, and
 * the device does not snoop). With one: NO_MEMORY, NO_SLOT (limits.buffers). NO_SLOT: limits.attachments. Task context. */
BATON_MUST_CHECK enum baton_status baton_attach(struct baton *instance, baton_buffer buffer, baton_device device,
                                                baton_attachment *attachment);

/* Ends an attachment and clears *attachment; the newest bytes, if its bounce buffer has them, are copied back. HELD: it is
 * mapped or reserved for, or, where its bounce buffer has newer bytes, somebody is overwriting them or has a reservation of the buffer
 * whose turn has come. IN_TRANSIT: an announcement of its buffer's, or an acquire of it while lines differ in the bounce buffer, is
 * under way. Task context. */
BATON_MUST_CHECK enum baton_status baton_detach(struct baton *instance, baton_attachment *attachment);

/* Why a device does not work on the buffer itself. */
enum baton_bounce_reason {
    BATON_DIRECT = 0,         /* it does */
    BATON_BOUNCE_UNREACHABLE, /* a byte of the buffer is beyond what it can address */
    BATON_BOUNCE_ALIGNMENT,   /* a piece of the buffer starts where it cannot */
    BATON_BOUNCE_RAGGED,      /* an end of the import shares its line with a neighbour */
    BATON_BOUNCE_COHERENT,    /* the buffer is coherent, the device does not snoop */
};

struct baton_attachment_state {
    enum baton_bounce_reason reason;
    uint32_t ahead;  /* bytes, by whole lines, that are newer in the bounce buffer than in the buffer */
    uint32_t behind; /* that are older */
    uint32_t copied; /* bytes copied in both directions so far */
};

/* Any context. */
BATON_MUST_CHECK enum baton_status baton_query_attachment(struct baton *instance, baton_attachment attachment,
                                                          struct baton_attachment_state *state);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Announcements: a serialization point, told to whoever shares the buffer */

enum baton_verb { BATON_VERB_ACQUIRE, BATON_VERB_RELEASE };

/* What is done to lines for an acquire, and why. A set of bits: enum baton_action shifted by itself, as are the reasons. */
enum baton_action {
    BATON_ACTION_PUBLISH = 1, /* clean */
    BATON_ACTION_REFRESH = 2, /* invalidate */
    BATON_ACTION_COPY = 4,    /* between a buffer and its bounce buffer */
    BATON_ACTION_BARRIER = 8,
};
enum baton_reason {
    BATON_REASON_CACHE = 1,         /* the newest bytes were in the cache (dirty) */
    BATON_REASON_MEMORY = 2,        /* in memory (stale) */
    BATON_REASON_UNKNOWN = 4,       /* in one of the two */
    BATON_REASON_BOUNCE = 8,        /* in a bounce buffer, or not yet in one */
    BATON_REASON_DEVICE_START = 16, /* earlier stores before the doorbell */
    BATON_REASON_DEVICE_DONE = 32,  /* the read of the device's status before later accesses */
};

struct baton_announcement {
    const char *buffer;
    const char *holder; /* the device's name, or "cpu" */
    enum baton_verb verb;
    enum baton_domain domain;
    enum baton_direction direction;
    struct baton_range range;
    uint32_t
        epoch; /* the buffer's, which the acquire or release raises it to; of an acquire that others overtake, at least */
    uint32_t actions; /* enum baton_action, of an acquire; copies, and what they cause, are not known yet */
    uint32_t reasons; /* enum baton_reason */
    uintptr_t call_site;
};

/* Called without the lock in the context of the acquiring or releasing call (an interrupt handler, maybe): for an acquire
 * before it is granted and before its maintenance, for a release when it has happened. It may query; it must not acquire,
 * release or wait. */
typedef void (*baton_announce)(void *context, const struct baton_announcement *what);

/* Announces every serialization point of the attachment's buffer, its own included, from now on. NULL: no more.
 * IN_TRANSIT: an announcement to it is under way. */
BATON_MUST_CHECK enum baton_status baton_subscribe(struct baton *instance, baton_attachment attachment,
                                                   baton_announce announce, void *context);

#endif
