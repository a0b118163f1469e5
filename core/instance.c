/* SPDX-License-Identifier: MIT */
/*
 * Making an instance: how its memory is divided, and the texts of its results.
 */
#include "core/instance.h"

#define ALIGNED(size) (((size) + 7u) & ~(size_t)7u)

enum { GRANULE_MIN = 4, GRANULE_MAX = 4096 };

static bool is_power_of_two(uint32_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

/* What follows the instance in its memory, in this order: so many objects of that size. */
static const struct part {
    uint8_t limit; /* where it is in the limits */
    uint16_t size;
    uint16_t table; /* where it is in the instance */
} parts[] = {
#define PART(limits, object, table)                                                                                    \
    {                                                                                                                  \
        offsetof(struct baton_limits, limits), sizeof(struct object), table                                            \
    }
#define TABLE(name, object) PART(name, object, offsetof(struct baton, name))
    TABLE(accesses, access), /* see instance_access() */
    TABLE(pools, pool),      TABLE(buffers, buffer),  TABLE(devices, device), TABLE(attachments, attachment),
    TABLE(fences, fence),    PART(accesses, ties, 0), PART(chunks, chunk, 0), PART(trace, record, 0),
    PART(trace, work, 0),
#undef PART
#undef TABLE
};

enum { TIES = 6, CHUNKS, RING, WORKS, PARTS, TABLES = TIES, NEEDED = 5 /* of the tables: at least one slot */ };

static uint32_t limit_of(const struct baton_limits *limits, unsigned part)
{
    return *(const uint16_t *)(const void *)((const char *)limits + parts[part].limit);
}

static size_t size_of(const struct baton_limits *limits, unsigned part)
{
    return ALIGNED(handle_slots(limit_of(limits, part)) * parts[part].size);
}

size_t baton_size(const struct baton_limits *limits)
{
    size_t size = ALIGNED(sizeof(struct baton));

    if (limits == NULL || !is_power_of_two(limits->trace))
        return 0;
    for (unsigned i = 0; i < PARTS; i++) {
        const uint32_t limit = limit_of(limits, i);

        if (i < RING && (limit > HANDLE_SLOTS || (i < NEEDED && limit == 0)))
            return 0;
        size += size_of(limits, i); /* no overflow: at most 1024 of each object and 32768 records */
    }
    return size;
}

/* Cuts size bytes, zeroed, from the memory at *next. */
static void *cut(char **next, size_t size)
{
    char *start = *next;

    for (size_t i = 0; i < size; i++)
        start[i] = 0;
    *next += size;
    return start;
}

/* Differs from instance to instance, so that a handle of one is none of the other: the address is one's own, the time
 * tells an instance from an earlier one in the same memory. */
static uint32_t make_salt(const void *memory, const struct baton_port *port)
{
    uint32_t salt = (uint32_t)((uintptr_t)memory >> 3);

    if (port->now != NULL)
        salt += port->now(port->context) << 7;
    salt *= 2654435761u; /* 2^32 over the golden ratio spreads neighbouring values over all bits */
    salt ^= salt >> 15;
    return salt;
}

static uint32_t no_time(void *context)
{
    (void)context;
    return 0;
}

enum baton_status baton_init(struct baton **instance, void *memory, size_t size, const struct baton_limits *limits,
                             const struct baton_port *port)
{
    size_t needed = baton_size(limits);
    char *next = memory;
    void *starts[PARTS];
    struct baton *made;
    uint32_t salt;

    if (instance == NULL || memory == NULL || port == NULL || needed == 0 || size < needed ||
        ((uintptr_t)memory & 7u) != 0)
        return BATON_ERROR_ARGUMENT;
    if (port->publish == NULL || port->refresh == NULL || port->barrier == NULL || port->lock == NULL ||
        port->unlock == NULL)
        return BATON_ERROR_ARGUMENT;
    if (!is_power_of_two(port->granule) || port->granule < GRANULE_MIN || port->granule > GRANULE_MAX)
        return BATON_ERROR_ARGUMENT;

    salt = make_salt(memory, port);
    made = cut(&next, sizeof(*made));
    made->port = port;
    made->lock = port->lock;
    made->unlock = port->unlock;
    made->now = port->now ? port->now : no_time;
    made->context = port->context;
    made->salt = salt;
    while ((1u << made->granule_shift) < port->granule)
        made->granule_shift++;
    for (unsigned i = 0; i < PARTS; i++) {
        starts[i] = cut(&next, size_of(limits, i));
        if (i < TABLES)
            handle_table_init((struct table *)(void *)((char *)made + parts[i].table), starts[i], limit_of(limits, i),
                              parts[i].size, salt);
    }
    made->ties = starts[TIES];
    made->chunks = starts[CHUNKS];
    made->chunk_limit = limits->chunks;
    made->ring = starts[RING];
    made->works = starts[WORKS];
    made->ring_mask = limits->trace - 1u;
    *instance = made;
    return BATON_OK;
}

struct ties *instance_ties(const struct baton *instance, const struct access *access)
{
    return &instance->ties[access - (const struct access *)(const void *)(instance + 1)];
}

const char *baton_status_text(enum baton_status status)
{
    static const char *const texts[] = {
        [BATON_OK] = "ok",
        [BATON_ERROR_ARGUMENT] = "bad argument",
        [BATON_ERROR_STALE_HANDLE] = "stale handle: ended or destroyed before",
        [BATON_ERROR_FOREIGN_HANDLE] = "foreign handle: of another instance or kind",
        [BATON_ERROR_RANGE] = "range is empty or outside",
        [BATON_ERROR_DIRECTION] = "wrong direction",
        [BATON_ERROR_BUSY] = "busy: another access holds these bytes",
        [BATON_ERROR_FALSE_SHARING] = "false sharing: another domain holds bytes of these lines",
        [BATON_ERROR_IN_TRANSIT] = "in transit: these lines are under maintenance",
        [BATON_ERROR_ALIGNMENT] = "not aligned as required",
        [BATON_ERROR_UNREACHABLE] = "beyond what the device can address",
        [BATON_ERROR_SEGMENTS] = "too many segments",
        [BATON_ERROR_ATTACHED] = "still attached",
        [BATON_ERROR_HELD] = "still held by an access",
        [BATON_ERROR_NO_MEMORY] = "no room of that size in the pool",
        [BATON_ERROR_NO_SLOT] = "as many as the limits allow exist already",
        [BATON_ERROR_TIMEOUT] = "timed out",
        [BATON_ERROR_CONTEXT] = "would have to wait where that is not possible",
        [BATON_ERROR_QUARANTINED] = "quarantined: a device that failed may still write there",
        [BATON_ERROR_POLICY] = "the buffer's policy or enforcement does not allow it",
        [BATON_ERROR_PENDING] = "not yet",
        [BATON_ERROR_CANCELLED] = "cancelled",
        [BATON_ERROR_DEVICE] = "the device failed",
        [BATON_ERROR_MAINTENANCE] = "a chain cannot maintain lines between its stages",
    };

    if ((unsigned)status >= sizeof(texts) / sizeof(texts[0]))
        return "unknown status";
    return texts[status];
}
