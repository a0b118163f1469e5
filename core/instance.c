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

static bool slots_valid(uint32_t slots)
{
    return slots >= 1 && slots <= HANDLE_SLOTS;
}

size_t baton_size(const struct baton_limits *limits)
{
    if (limits == NULL || !slots_valid(limits->pools) || !slots_valid(limits->buffers) ||
        !slots_valid(limits->devices) || !slots_valid(limits->attachments) || !slots_valid(limits->accesses) ||
        limits->fences > HANDLE_SLOTS || limits->chunks > HANDLE_SLOTS || !is_power_of_two(limits->trace))
        return 0;
    /* No overflow: at most 1024 of each object and 32768 records. */
    return ALIGNED(sizeof(struct baton)) + ALIGNED(handle_slots(limits->pools) * sizeof(struct pool)) +
           ALIGNED(handle_slots(limits->buffers) * sizeof(struct buffer)) +
           ALIGNED(handle_slots(limits->devices) * sizeof(struct device)) +
           ALIGNED(handle_slots(limits->attachments) * sizeof(struct attachment)) +
           ALIGNED(handle_slots(limits->accesses) * sizeof(struct access)) +
           ALIGNED(handle_slots(limits->fences) * sizeof(struct fence)) +
           ALIGNED(handle_slots(limits->accesses) * sizeof(struct ties)) +
           ALIGNED(limits->chunks * sizeof(struct chunk)) + ALIGNED(limits->trace * sizeof(struct record)) +
           ALIGNED(limits->trace * sizeof(struct work));
}

/* Cuts size bytes, zeroed, from the memory at *next. */
static void *cut(char **next, size_t size)
{
    char *start = *next;

    for (size_t i = 0; i < size; i++)
        start[i] = 0;
    *next += ALIGNED(size);
    return start;
}

static void cut_table(struct table *table, char **next, uint32_t limit, size_t size, uint32_t salt)
{
    handle_table_init(table, cut(next, handle_slots(limit) * size), limit, size, salt);
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
    next = (char *)(made + 1); /* see instance_access() */
    made->port = port;
    made->lock = port->lock;
    made->unlock = port->unlock;
    made->now = port->now ? port->now : no_time;
    made->context = port->context;
    made->salt = salt;
    while ((1u << made->granule_shift) < port->granule)
        made->granule_shift++;
    cut_table(&made->accesses, &next, limits->accesses, sizeof(struct access), salt);
    cut_table(&made->pools, &next, limits->pools, sizeof(struct pool), salt);
    cut_table(&made->buffers, &next, limits->buffers, sizeof(struct buffer), salt);
    cut_table(&made->devices, &next, limits->devices, sizeof(struct device), salt);
    cut_table(&made->attachments, &next, limits->attachments, sizeof(struct attachment), salt);
    cut_table(&made->fences, &next, limits->fences, sizeof(struct fence), salt);
    made->ties = cut(&next, handle_slots(limits->accesses) * sizeof(struct ties));
    made->chunks = cut(&next, limits->chunks * sizeof(struct chunk));
    made->chunk_limit = limits->chunks;
    made->ring = cut(&next, limits->trace * sizeof(struct record));
    made->works = cut(&next, limits->trace * sizeof(struct work));
    made->ring_mask = limits->trace - 1u;
    *instance = made;
    return BATON_OK;
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
