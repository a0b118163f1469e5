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
#include "core/range.h"

struct device {
    struct slot slot;
    struct baton_device_config config; /* fixed */
    struct pool *bounce_pool;          /* NULL: none */
    struct baton_counters counters;
};

struct pool {
    struct slot slot;
    struct baton_pool_config config; /* fixed */
    struct buffer *buffers;          /* by address of their first piece, */
    struct chunk *chunks;            /* and the pieces of those that have several, by address: see core/pool.c */
};

/* One piece of a buffer that has several. */
struct chunk {
    char *cpu;
    uint32_t physical;
    struct line_range lines; /* of the buffer */
    const struct pool *pool; /* whose memory it is; NULL: an importer's */
    struct chunk *next;      /* in the pool, by address */
    bool used;
};

/* Why a buffer cannot take the short ways of core/handoff.h. */
enum special {
    SPECIAL_DOMAIN = 1,      /* the CPU acts in MEMORY */
    SPECIAL_CHUNKS = 2,      /* of several pieces */
    SPECIAL_RAGGED = 4,      /* its ends share lines with neighbours: no line of it is maintained before it ends */
    SPECIAL_ENFORCEMENT = 8, /* none, or by the MMU */
    SPECIAL_BOUNCED = 16,    /* some device works on a bounce buffer of it */
    SPECIAL_SUBSCRIBED = 32, /* announcements are wanted */
    SPECIAL_QUEUE = 64,      /* somebody waits */
    SPECIAL_ACCESSES = 128,  /* an access in flight is tied to something: access->ties */
    SPECIAL_DEBUG = 256,     /* a debug build: no short ways (core/debug.h) */
    SPECIAL_OVERRUN = 512,   /* its canary was found dead, and reported */
};

struct buffer {
    struct slot slot;
    const char *name;        /* fixed */
    char *cpu;               /* fixed: the CPU's mapping; of the first piece */
    uint32_t physical;       /* fixed: of the first piece */
    uint32_t size;           /* fixed: bytes, as the user sees it */
    uint32_t lines;          /* fixed: granules, what the padding has included */
    struct pool *pool;       /* fixed: NULL for an import */
    struct buffer *next;     /* in the pool, by address, or among the imports */
    struct access *accesses; /* in flight, newest first */
    uint32_t epoch;          /* acquires and releases so far */
    union {
        struct directory directory;
        struct { /* the directory's bytes for its owner */
            uint16_t
                special; /* enum special; 0: the short way of a release is open. With all of directory.uncommon 0, of a CPU's
                                 acquire too */
            bool device_done; /* a device has released it, and no barrier was issued since (R9) */
        };
    };

    uint16_t attachments;              /* how many */
    uint16_t chunk_count;              /* fixed: 0: one piece */
    struct chunk *chunks;              /* fixed */
    const struct baton_policy *policy; /* NULL: cached */
    enum baton_domain cpu_domain;
    const struct pages *pages;                   /* fixed: of its own; NULL: none. See core/enforcement.h */
    const struct baton_enforcement *enforcement; /* fixed: NULL: checked */
    struct access *queue;                        /* who waits, oldest first */
    bool calling;                                /* a ready function of it runs, and who called it calls the others */
    struct attachment *bounced;                  /* attachments with a bounce buffer */
    struct attachment *subscribers;
    uint32_t announcing; /* announcements under way: subscribers stay */
};

struct attachment {
    struct slot slot;
    struct buffer *buffer;           /* fixed */
    struct device *device;           /* fixed */
    uint32_t bus;                    /* fixed: added to a physical address of the buffer, or of its bounce buffer */
    uint32_t unaligned;              /* fixed: bits that are not set in a segment's start and length */
    uint32_t longest;                /* fixed: segment, bytes */
    enum baton_domain domain;        /* in which the device acts here */
    enum baton_bounce_reason reason; /* fixed */
    /* A bounced attachment: the device works on this buffer instead, which has the same lines. NULL: direct. */
    struct buffer *bounce;
    struct attachment *next_bounced; /* of the same buffer */
    /* Which lines of the two differ: DIRTY: the bounce buffer is newer (ahead), STALE: it is older (behind). Never UNKNOWN. */
    struct directory difference;
    uint32_t copied; /* bytes so far */
    /* Announcements. */
    baton_announce announce;
    void *announce_context;
    struct attachment *next_subscriber;
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
    uint8_t hold; /* of an access enum baton_hold; of a record enum note */
};

/* What a record says was done for its acquire; of a release NOTHING. */
enum note {
    NOTE_NOTHING = BATON_HOLD_GRANTED, /* as copied from an access that was granted at once */
    NOTE_BARRIER,                      /* before a device started, and nothing else */
    NOTE_WORK,                         /* see struct work */
};

/* What an access is tied to, beyond its buffer: see struct ties. Not 0: the buffer is SPECIAL_ACCESSES. */
enum tie {
    TIE_FENCE = 1,      /* a fence ends it */
    TIE_LENDER = 2,     /* a part of a mapping, which gets it back */
    TIE_TOLERANT = 4,   /* a display: others may write */
    TIE_MAINTAINED = 8, /* in transit, but its maintenance is done: it needs no mapping any more (M4) */
    TIE_CROWDED = 16,   /* a reservation that finds no room yet: its claim makes it (B7) */
};

/* An access in flight, or waiting. On 32 bits it has 64 bytes, so that a slot is found by a shift. */
struct access {
    struct slot slot;
    struct access *next;  /* in the buffer's list, or in its queue, */
    struct access **link; /* and what points to this one there */
    struct buffer *buffer;
    struct attachment *attachment; /* NULL: the CPU's */
    struct party party;
    struct manner manner;
    struct line_range lines; /* that hold a byte of the range */
    uint32_t epoch;          /* of the acquire; in transit: the buffer's when it began */
    uintptr_t call_site;     /* of the acquire; once ended: of the call that ended it */
    uint16_t ties;           /* enum tie; 0 when the slot is free */
    uint16_t parts;          /* of a mapping: how many the CPU has taken; 0 when the slot is free */
};

/* Beside each access, for the few that need it. */
struct ties {
    struct fence *fence;        /* TIE_FENCE */
    struct access *next_fenced; /* of the same fence */
    struct access *lender;      /* TIE_LENDER */
    baton_ready ready;          /* of a reservation; NULL: called, or not wanted */
    void *ready_context;
};

/* A stage of device work (core/fence.c, core/chain.c). */
struct fence {
    struct slot slot;
    struct baton_fence_config config; /* fixed; its after is not used again */
    struct fence *after;              /* NULL: none, or it is over */
    struct fence *followers;          /* stages that have this one as after, oldest first */
    struct fence *next_follower;      /* of the same stage */
    struct fence *next_ready;         /* in the list of the call that starts them */
    struct access *mappings;          /* by ties.next_fenced, newest first */
    enum baton_status fate;           /* how it ends; PENDING until that is decided */
    enum baton_status status;         /* the same, for all to see: once nobody is at work on it any more */
    bool queued, ready, started, quarantined;
    uint16_t building;   /* mappings being added at this moment */
    uint16_t users;      /* calls that start or end it, or will, at this moment */
    uintptr_t call_site; /* of baton_fence_open() */
};

/* A trace record as it is kept; its place in the ring tells its sequence. 32 bytes. */
struct record {
    struct party party;
    struct manner manner;
    uint32_t epoch;
    uintptr_t call_site;
    uint32_t time;
};

/* What was done for an acquire; beside its record, and only valid if that says so. */
struct work {
    uint32_t published, refreshed; /* lines */
    uint32_t copied;               /* bytes */
    uint16_t actions, reasons;     /* enum baton_action, enum baton_reason */
};

struct handoff;
struct rules_acquire;

/* The parts of the core that only some images use. Each is set by the call that first asks for it, so that an image which
 * never does that does not contain it. What they do is told where they are defined. */
struct features {
    /* core/announce.c. Without the lock. */
    void (*announce)(struct baton *instance, struct buffer *buffer, const struct baton_announcement *what);
    bool (*unsubscribe)(struct baton *instance, struct attachment *attachment); /* with the lock; false: IN_TRANSIT */
    /* core/queue.c. Lines have become free: whose turn is it? Called with the lock, gives it back. */
    void (*advance)(struct baton *instance, struct buffer *buffer, uint32_t lock_state);
    /* core/bounce.c. With the lock: the bounce buffer for an attachment to be; and it is made. */
    enum baton_status (*make_bounce)(struct baton *instance, const struct buffer *buffer, const struct device *device,
                                     struct buffer **bounce);
    void (*attach_bounce)(struct baton *instance, struct attachment *attachment);
    /* With the lock: is there room for what this acquire, and those in flight, will add to the differences? NO_SLOT,
     * IN_TRANSIT. */
    enum baton_status (*room)(const struct baton *instance, struct handoff *handoff, struct rules_acquire *request);
    /* Without the lock, the lines in transit: makes them valid in the place that the access works on. */
    void (*copy)(struct baton *instance, struct access *access, const struct rules_acquire *request, struct work *work);
    /* With the lock: of the access's lines these were written. Of one that has not ended (a mapping of which the CPU takes a
     * part), as well. */
    void (*differ)(struct baton *instance, const struct access *access, const struct line_range *written);
    /* With the lock: may it end now? HELD, IN_TRANSIT. And: it does. With the lock, which is given back meanwhile; returns its
     * new state. */
    enum baton_status (*may_detach)(const struct attachment *attachment, const struct access **holder);
    uint32_t (*detach_bounce)(struct baton *instance, struct attachment *attachment, uint32_t lock_state);
    /* core/chain.c. With the lock: chain_check(). Without it: chain_maintain(). */
    enum baton_status (*chain_check)(const struct baton *instance, const struct handoff *handoff,
                                     const struct access *other, bool same_place);
    void (*chain_maintain)(struct baton *instance, const struct access *access, const struct rules_acquire *request,
                           struct work *work);
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
    struct buffer *imports;
    struct table accesses, buffers, attachments, devices, pools, fences;
    struct ties *ties;    /* fixed: one beside each access */
    struct chunk *chunks; /* fixed */
    uint32_t chunk_limit; /* fixed */
    struct features features;
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

static inline struct fence *instance_fence(const struct baton *instance, baton_fence handle)
{
    return handle_find(&instance->fences, instance->salt, handle.token, HANDLE_FENCE, sizeof(struct fence));
}

static inline struct access *instance_access(struct baton *instance, baton_access handle, enum handle_kind kind)
{
    const struct table table = {.objects = instance + 1, .mask = instance->accesses.mask}; /* see baton_init() */

    return handle_find(&table, instance->salt, handle.token, kind, sizeof(struct access));
}

struct ties *instance_ties(const struct baton *instance, const struct access *access);

/* The buffer in which the access's bytes are: the attachment's bounce buffer, if it has one. */
static inline struct buffer *access_place(const struct access *access)
{
    return access->attachment != NULL && access->attachment->bounce != NULL ? access->attachment->bounce
                                                                            : access->buffer;
}

_Static_assert(offsetof(struct buffer, device_done) - offsetof(struct buffer, directory) <
                   sizeof(((struct directory *)0)->owner),
               "the buffer's flags are in the bytes that the directory leaves it");

#endif
