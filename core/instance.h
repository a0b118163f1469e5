/* SPDX-License-Identifier: MIT */
/*
 * What an instance consists of: its objects as the core sees them. Everything lies in the memory given to
 * baton_init(), nothing writable is global. Included by the core's own files only; all fields are under the
 * instance's lock but those that never change after the object was made (marked "fixed").
 */
#ifndef BATON_CORE_INSTANCE_H
#define BATON_CORE_INSTANCE_H

#include "core/baton.h"
#include "core/directory.h"
#include "core/handle.h"

struct device {
    struct slot slot;
    struct baton_device_config config; /* fixed */
    struct baton_counters counters;
};

struct pool {
    struct slot slot;
    struct baton_pool_config config; /* fixed */
    struct buffer *buffers; /* by address: the holes lie between them, so neighbours join without being told to */
};

struct buffer {
    struct slot slot;
    const char *name;        /* fixed */
    char *cpu;               /* fixed: the CPU's mapping */
    uint32_t physical;       /* fixed */
    uint32_t size;           /* fixed: bytes, as the user sees it */
    uint32_t lines;          /* fixed: granules, what the padding has included */
    struct pool *pool;       /* fixed: NULL for an import */
    struct buffer *next;     /* in the pool, or among the imports, by address */
    struct access *accesses; /* in flight, newest first */
    uint32_t epoch;          /* acquires and releases so far */
    uint16_t attachments;    /* how many */
    const void *device_done; /* not NULL: a device has released it, and no barrier was issued since (R9) */
    struct directory directory;
};

struct attachment {
    struct slot slot;
    struct buffer *buffer; /* fixed */
    struct device *device; /* fixed */
    uint32_t bus;          /* fixed: where the device sees the buffer's first byte */
};

/* Who does what with which part: what an access and its trace records share, together so that it is copied at once. */
struct party {
    const char *buffer; /* its name */
    const char *holder; /* the device's name, or "cpu" */
    struct baton_range range;
};

struct manner {
    enum baton_verb verb; /* of a record; of an access ACQUIRE */
    enum baton_domain domain;
    enum baton_direction direction;
    bool maintenance; /* of an access: its lines are in transit; of a record: there was some, see struct work */
};

/* An access in flight. On 32 bits it has 64 bytes, so that a slot is found by a shift. */
struct access {
    struct slot slot;
    struct access *next;  /* in the buffer's list, */
    struct access **link; /* and what points to this one there */
    struct buffer *buffer;
    struct attachment *attachment; /* NULL: the CPU's */
    struct party party;
    struct manner manner;
    struct line_range lines; /* that hold a byte of the range */
    uint32_t epoch;          /* of the acquire; in transit: the buffer's when it began */
    uintptr_t call_site;     /* of the acquire; once ended: of the call that ended it */
    uint32_t unused;
};

/* A trace record as it is kept; its place in the ring tells its sequence. 32 bytes. */
struct record {
    struct party party;
    struct manner manner;
    uint32_t epoch;
    uintptr_t call_site;
    uint32_t time;
};

/* Lines maintained for an acquire; beside its record, and only valid if that says so. */
struct work {
    uint32_t published, refreshed;
};

/* One instance. Its table of accesses follows directly. */
struct baton {
    /* The port's functions that every handoff calls, copied for speed; now is never NULL. All fixed. */
    uint32_t (*lock)(void *context);
    void (*unlock)(void *context, uint32_t state);
    uint32_t (*now)(void *context);
    void *context;
    const struct baton_port *port; /* fixed */
    uint32_t granule_shift;        /* fixed */
    uint32_t salt;                 /* fixed */
    uint32_t ring_mask;            /* fixed */
    struct record *ring;           /* fixed */
    struct work *works;            /* fixed: one beside each record */
    uint32_t sequence;             /* of the newest record */
    struct baton_counters cpu;
    struct buffer *imports; /* by address */
    struct table accesses, buffers, attachments, devices, pools;
};

static inline uint32_t instance_lock(const struct baton *instance)
{
    return instance->lock(instance->context);
}

static inline void instance_unlock(const struct baton *instance, uint32_t state)
{
    instance->unlock(instance->context, state);
}

static inline struct buffer *instance_buffer(const struct baton *instance, baton_buffer handle)
{
    return handle_find(&instance->buffers, instance->salt, handle.token, HANDLE_BUFFER, sizeof(struct buffer));
}

static inline struct attachment *instance_attachment(const struct baton *instance, baton_attachment handle)
{
    return handle_find(&instance->attachments, instance->salt, handle.token, HANDLE_ATTACHMENT,
                       sizeof(struct attachment));
}

static inline struct device *instance_device(const struct baton *instance, baton_device handle)
{
    return handle_find(&instance->devices, instance->salt, handle.token, HANDLE_DEVICE, sizeof(struct device));
}

static inline struct pool *instance_pool(const struct baton *instance, baton_pool handle)
{
    return handle_find(&instance->pools, instance->salt, handle.token, HANDLE_POOL, sizeof(struct pool));
}

static inline struct access *instance_access(struct baton *instance, baton_access handle, enum handle_kind kind)
{
    const struct table table = {.objects = instance + 1, .mask = instance->accesses.mask}; /* see baton_init() */

    return handle_find(&table, instance->salt, handle.token, kind, sizeof(struct access));
}

/* Not empty, no overflow, within the buffer. */
static inline bool range_is_within(struct baton_range range, uint32_t size)
{
    return range.offset < size && range.length - 1 < size - range.offset; /* length 0: the largest number */
}

/* part lies within whole (which is valid); an empty part does, wherever it is. */
static inline bool range_covers(struct baton_range whole, struct baton_range part)
{
    uint32_t start = part.offset - whole.offset; /* before the whole: a very large number */

    return part.length == 0 || (start < whole.length && part.length <= whole.length - start);
}

/* The lines that hold a byte of a range (which may be empty). */
static inline struct line_range range_lines(struct baton_range range, uint32_t shift)
{
    struct line_range lines = {range.offset >> shift, range.offset >> shift};

    if (range.length != 0)
        lines.end = ((range.offset + (range.length - 1)) >> shift) + 1;
    return lines;
}

/* Those of them that hold no byte outside of the range; what pads the buffer's last line is nobody's. If
 * there are none the end is not above the first. */
static inline struct line_range range_whole_lines(struct baton_range range, const struct buffer *buffer, uint32_t shift)
{
    struct line_range lines = range_lines(range, shift);
    uint32_t end = range.offset + range.length;

    if (range.offset & ((1u << shift) - 1))
        lines.first++;
    if ((end & ((1u << shift) - 1)) && end != buffer->size)
        lines.end--;
    return lines;
}

#endif
