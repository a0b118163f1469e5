/* SPDX-License-Identifier: MIT */
/*
 * baton: the public interface of the buffer-sharing core. Applications, boards and drivers include this and nothing
 * else of core/.
 *
 * A buffer passes between observers that act in one of two domains: CACHE (a CPU through a cacheable mapping, a
 * snooping device) and MEMORY (a device on a non-coherent bus, a CPU through a non-cacheable mapping). An access to
 * a range is acquired before the first byte is touched and released after the last one; the core does exactly the
 * cache maintenance that the handoff needs and refuses what conflicts. docs/OWNERSHIP.md is the specification: the
 * states of a line, who may hold what beside whom, and the operations of each edge.
 *
 * Context: unless a function says otherwise it may be called from task and interrupt context on any CPU that is in the
 * inner-shareable domain, with interrupts on or off, after baton_init(). Nothing here waits or allocates.
 *
 * Failure: a function that does not return BATON_OK has changed nothing: every handle and buffer is as it was.
 */
#ifndef BATON_CORE_BATON_H
#define BATON_CORE_BATON_H

#include "core/port.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BATON_MUST_CHECK __attribute__((warn_unused_result))

/* ---------------------------------------------------------------------------------------------------------------- */
/* Results */

enum baton_status {
    BATON_OK = 0,
    BATON_ERROR_ARGUMENT,       /* a null pointer, a zero size, a granule that is no power of two, ... */
    BATON_ERROR_STALE_HANDLE,   /* the handle was consumed, or its object destroyed */
    BATON_ERROR_FOREIGN_HANDLE, /* never a handle of this struct baton, or of another kind */
    BATON_ERROR_RANGE,          /* empty, beyond the buffer, or offset + length overflows */
    BATON_ERROR_DIRECTION,      /* the access has not the direction that the call needs */
    BATON_ERROR_BUSY,           /* somebody holds some of these bytes, and one of the two writes */
    BATON_ERROR_FALSE_SHARING,  /* nobody holds these bytes, but a line of them in the other domain; one writes */
    BATON_ERROR_IN_TRANSIT,     /* a line of the range is under maintenance by another acquire at this moment */
    BATON_ERROR_ALIGNMENT,      /* an import, or a device's need, is not aligned as required */
    BATON_ERROR_UNREACHABLE,    /* the device cannot address the buffer */
    BATON_ERROR_SEGMENTS,       /* more bus segments than the device, or the core, takes */
    BATON_ERROR_ATTACHED,       /* destroy while attached */
    BATON_ERROR_HELD,           /* destroy or detach while an access is in flight */
    BATON_ERROR_NO_MEMORY,      /* the pool has no room of that size */
    BATON_ERROR_NO_SLOT,        /* as many objects or accesses in flight as struct baton_limits allows */
};

/* A short English text, static, never NULL. */
const char *baton_status_text(enum baton_status status);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Types */

struct baton; /* one instance: all its objects live in the memory given to baton_init() */

/* Handles. Zero is no handle (STALE_HANDLE: what a call that ends an object leaves). They carry slot and generation:
 * a stale one is caught. */
typedef struct {
    uint32_t token;
} baton_pool;
typedef struct {
    uint32_t token;
} baton_buffer;
typedef struct {
    uint32_t token;
} baton_device;
typedef struct {
    uint32_t token;
} baton_attachment;
/* An access in flight. Move-only: the call that ends it takes its address and clears it; a copy kept aside is stale. */
typedef struct {
    uint32_t token;
} baton_access;

/* An address as a device on the bus sees it. Not a pointer, and not to be made from one. */
typedef struct {
    uint32_t value;
} baton_bus_address;

/* A part of a buffer, in bytes. */
struct baton_range {
    uint32_t offset;
    uint32_t length;
};

enum baton_domain { BATON_DOMAIN_CACHE, BATON_DOMAIN_MEMORY };

/* What an access does with its range. */
enum baton_direction {
    BATON_READ,      /* only loads */
    BATON_WRITE,     /* loads and stores; some of the bytes may stay as they are */
    BATON_OVERWRITE, /* stores to every byte of the range, loads none before: whole lines need no refresh */
};

enum baton_policy {
    BATON_POLICY_CACHED, /* the CPU maps the buffer write-back; the CPU acts in CACHE */
};

/* How many objects one instance holds; baton_size() turns it into bytes. Each at least 1 and, the trace apart, at
 * most 1024. */
struct baton_limits {
    uint16_t pools;
    uint16_t buffers;
    uint16_t devices;
    uint16_t attachments;
    uint16_t accesses; /* in flight at once, mappings and CPU accesses together */
    uint16_t trace;    /* records kept in the ring, a power of two */
};

/* ---------------------------------------------------------------------------------------------------------------- */
/* Instance */

/* Bytes of memory that an instance with these limits needs; 0 if a limit is out of range. */
size_t baton_size(const struct baton_limits *limits);

/* Makes an instance in memory (aligned to 8 bytes, at least baton_size(limits) bytes), which stays the core's. port is
 * kept by reference. No other call may run on the instance meanwhile. ARGUMENT: null, too small, misaligned, a bad
 * limit, a port without one of its required functions, or a granule that is no power of two from 4 to 4096. */
BATON_MUST_CHECK enum baton_status baton_init(struct baton **instance, void *memory, size_t size,
                                              const struct baton_limits *limits, const struct baton_port *port);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Pool (exporter) and buffers */

struct baton_pool_config {
    const char *name;  /* static */
    void *cpu;         /* the CPU's cacheable mapping; granule-aligned */
    uint32_t physical; /* physical address of its first byte; granule-aligned */
    uint32_t size;     /* bytes; a multiple of the granule */
};

/* Gives memory to the core, which owns it from here on. Its lines are born unknown (what its caches hold is anyone's
 * guess). */
BATON_MUST_CHECK enum baton_status baton_add_pool(struct baton *instance, const struct baton_pool_config *config,
                                                  baton_pool *pool);

struct baton_buffer_config {
    const char *name; /* static; in reports and in the trace */
    uint32_t size;    /* bytes, as the user sees it; padded to the granule inside */
    enum baton_policy policy;
};

/* Takes a buffer from the pool. Nobody holds any of it; its content is undefined and its lines unknown.
 * NO_MEMORY: no hole of that size; NO_SLOT: limits.buffers. Task context. */
BATON_MUST_CHECK enum baton_status baton_create(struct baton *instance, baton_pool pool,
                                                const struct baton_buffer_config *config, baton_buffer *buffer);

struct baton_import_config {
    const char *name;  /* static */
    void *cpu;         /* the CPU's cacheable mapping */
    uint32_t physical; /* physical address of its first byte */
    uint32_t size;     /* bytes */
    enum baton_policy policy;
};

/* Makes a buffer of memory that the core did not allocate and that stays the caller's. While the buffer exists nobody
 * touches the memory but through it. Lines are born unknown. ALIGNMENT: an end that is not granule-aligned, because a
 * refresh of the edge line would throw a neighbour's bytes away. */
BATON_MUST_CHECK enum baton_status baton_import(struct baton *instance, const struct baton_import_config *config,
                                                baton_buffer *buffer);

/* Ends a buffer, clears *buffer and gives its memory back to the pool or the importer of it. Dirty lines are
 * published first, so that no late eviction hits the memory's next user; an import is left equal in cache and memory.
 * ATTACHED, HELD: somebody still uses it. Task context. */
BATON_MUST_CHECK enum baton_status baton_destroy(struct baton *instance, baton_buffer *buffer);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Devices and attachments */

struct baton_device_config {
    const char *name; /* static */
    enum baton_domain domain;
    uint32_t dma_mask;       /* highest bus address the device can emit; 0xffffffff for all */
    uint32_t bus_offset;     /* added to the physical address and the port's offset */
    uint32_t alignment;      /* of a segment's start and length, bytes, a power of two; 1: any */
    uint32_t segment_length; /* longest segment, bytes; 0: no limit */
    uint32_t segment_count;  /* most segments in a mapping; 0: no limit of its own */
};

BATON_MUST_CHECK enum baton_status baton_add_device(struct baton *instance, const struct baton_device_config *config,
                                                    baton_device *device);

/* Connects a buffer and a device; made before use. UNREACHABLE: a byte of the buffer lies beyond dma_mask. ALIGNMENT:
 * the buffer's start is not aligned as the device needs. Task context. */
BATON_MUST_CHECK enum baton_status baton_attach(struct baton *instance, baton_buffer buffer, baton_device device,
                                                baton_attachment *attachment);

/* Ends an attachment and clears *attachment. HELD: it is mapped. Task context. */
BATON_MUST_CHECK enum baton_status baton_detach(struct baton *instance, baton_attachment *attachment);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Mapping: a device's access */

#define BATON_SEGMENTS 4 /* most segments of one mapping */

struct baton_segment {
    baton_bus_address address;
    uint32_t length; /* bytes */
};

/* What a device may read. Only baton_map_to_device() makes one. */
struct baton_source {
    baton_access access;
    uint32_t length; /* bytes, over all segments */
    uint32_t count;
    struct baton_segment segments[BATON_SEGMENTS];
};

/* What a device may write. Only baton_map_from_device() makes one. A type of its own, so that source and destination
 * cannot be swapped. */
struct baton_destination {
    baton_access access;
    uint32_t length;
    uint32_t count;
    struct baton_segment segments[BATON_SEGMENTS];
};

/* Lets the device read the range. On return its newest bytes are in the device's domain and the maintenance is
 * complete: the doorbell may be rung. The range is the device's until unmapped: the CPU and other devices may read it
 * too. BUSY, FALSE_SHARING, IN_TRANSIT, RANGE, ALIGNMENT, SEGMENTS, NO_SLOT. */
BATON_MUST_CHECK enum baton_status baton_map_to_device(struct baton *instance, baton_attachment attachment,
                                                       struct baton_range range, struct baton_source *source);

/* Lets the device write the range (direction BATON_WRITE or BATON_OVERWRITE). On return no line of it is dirty: no
 * eviction can hit what the device writes. The range is the device's alone until unmapped. DIRECTION: BATON_READ. */
BATON_MUST_CHECK enum baton_status baton_map_from_device(struct baton *instance, baton_attachment attachment,
                                                         struct baton_range range, enum baton_direction direction,
                                                         struct baton_destination *destination);

/* The device is done reading, or was never started. Clears *source. O(1), no cache operation: made for interrupt
 * handlers. */
BATON_MUST_CHECK enum baton_status baton_unmap_source(struct baton *instance, struct baton_source *source);

/* The device is done and has written the whole range (direction WRITE: or some of it). Clears *destination. O(1), no
 * cache operation, whatever the size; the next CPU access refreshes what it really reads. */
BATON_MUST_CHECK enum baton_status baton_unmap_destination(struct baton *instance,
                                                           struct baton_destination *destination);

/* The same, but only the written part (relative to the buffer, within the range; length 0: nothing) was written
 * successfully. The rest of the range becomes unknown: the device may have written there before it failed. The device
 * is halted. RANGE: written is not within the range. */
BATON_MUST_CHECK enum baton_status baton_unmap_destination_partial(struct baton *instance,
                                                                   struct baton_destination *destination,
                                                                   struct baton_range written);

/* ---------------------------------------------------------------------------------------------------------------- */
/* CPU access */

struct baton_cpu_access {
    baton_access access;
    void *data;      /* the first byte of the range, through the cacheable mapping; NULL once ended */
    uint32_t length; /* bytes */
};

/* Opens the range to the CPU. On return loads through data see the newest bytes (OVERWRITE: of the edge lines only).
 * Several readers, or one writer, hold a byte at a time. BUSY, FALSE_SHARING, IN_TRANSIT, RANGE, NO_SLOT. */
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
/* Who may touch it now: query, trace, counters */

struct baton_holder {
    const char *name; /* the device's, or "cpu" */
    enum baton_domain domain;
    enum baton_direction direction;
    struct baton_range range;
    uint32_t epoch;      /* of the acquire */
    uintptr_t call_site; /* return address of the acquiring call */
    bool in_transit;     /* its maintenance is not finished yet */
};

struct baton_answer {
    uint32_t epoch; /* the buffer's now */
    /* Where the newest bytes of the range are, bytes by whole lines. The rest is the same in cache and memory. */
    uint32_t newest_in_cache;  /* dirty */
    uint32_t newest_in_memory; /* stale */
    uint32_t newest_unknown;
    uint32_t holders; /* how many accesses touch a line of the range; may be more than were stored */
};

/* Answers, for any range at any time, from interrupt context too: who holds it, in which direction, since which epoch
 * and call site, and where the newest bytes are. holders has room for capacity entries (0 and NULL are fine). */
BATON_MUST_CHECK enum baton_status baton_query(struct baton *instance, baton_buffer buffer, struct baton_range range,
                                               struct baton_answer *answer, struct baton_holder *holders,
                                               uint32_t capacity);

enum baton_verb { BATON_VERB_ACQUIRE, BATON_VERB_RELEASE };

/* One serialization point. */
struct baton_record {
    uint32_t sequence; /* of this instance, from 1; gaps: the ring was overrun */
    uint32_t epoch;    /* the buffer's, raised by this acquire or release */
    const char *buffer;
    const char *holder; /* the device's name, or "cpu" */
    enum baton_verb verb;
    enum baton_domain domain;
    enum baton_direction direction;
    struct baton_range range;
    uint32_t published; /* lines cleaned for it, those settled included */
    uint32_t refreshed; /* lines invalidated for it, those settled included */
    uint32_t time;      /* port->now() */
    uintptr_t call_site;
};

/* Copies up to capacity records newer than *sequence, oldest first, into records, sets *sequence to the last one
 * copied (start with 0) and *count to how many. What the ring has lost meanwhile is skipped. */
BATON_MUST_CHECK enum baton_status baton_trace(struct baton *instance, uint32_t *sequence, struct baton_record *records,
                                               uint32_t capacity, uint32_t *count);

/* Since baton_init(), or of one device since it was added. Lines are granules. */
struct baton_counters {
    uint32_t acquires;
    uint32_t refusals;  /* acquires refused, for whatever reason */
    uint32_t published; /* lines cleaned, those settled included */
    uint32_t refreshed; /* lines invalidated, those settled included */
};

/* The CPU's accesses, over all buffers; with the lines maintained when buffers ended. */
BATON_MUST_CHECK enum baton_status baton_cpu_counters(struct baton *instance, struct baton_counters *counters);
BATON_MUST_CHECK enum baton_status baton_device_counters(struct baton *instance, baton_device device,
                                                         struct baton_counters *counters);

#endif
