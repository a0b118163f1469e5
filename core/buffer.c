/* SPDX-License-Identifier: MIT */
/*
 * Pools and buffers: baton_add_pool, baton_create, baton_import, baton_destroy.
 *
 * A pool keeps no map of its memory. Its buffers are a list sorted by address, the holes are what lies between them;
 * the first that fits is taken. The pool's own memory holds nothing but the buffers' content.
 */
#include "core/debug.h"
#include "core/handoff.h"
#include "core/policy.h"
#include "core/refusal.h"

/* [start, start + size) lies within 32 bits (it may end at the very top). size is not zero. */
static bool fits_address_space(uint32_t start, uint32_t size)
{
    return size - 1 <= UINT32_MAX - start;
}

static bool mapping_fits(const void *cpu, uint32_t size)
{
    return size - 1 <= UINTPTR_MAX - (uintptr_t)cpu;
}

static bool overlaps(uint32_t a, uint32_t a_size, uint32_t b, uint32_t b_size)
{
    return a <= b + (b_size - 1) && b <= a + (a_size - 1);
}

/* True if some pool or import has some of this memory already. */
static bool memory_is_known(const struct baton *instance, uint32_t physical, uint32_t size)
{
    for (uint32_t i = 0; i < instance->pools.limit; i++) {
        const struct pool *pool = (const struct pool *)handle_slot(&instance->pools, i, sizeof(struct pool));

        /* A pool that was never added has size 0. */
        if (pool->config.size != 0 && overlaps(physical, size, pool->config.physical, pool->config.size))
            return true;
    }
    for (const struct buffer *import = instance->imports; import != NULL; import = import->next) {
        if (overlaps(physical, size, import->physical, import->size))
            return true;
    }
    return false;
}

enum baton_status baton_add_pool(struct baton *instance, const struct baton_pool_config *config, baton_pool *pool)
{
    const uintptr_t call_site = CALL_SITE;
    struct refusal refusal = {.verb = __func__, .call_site = call_site};
    enum baton_status status;
    uint32_t lock_state, granule;
    struct pool *made;

    if (instance == NULL || config == NULL || pool == NULL || config->name == NULL || config->cpu == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    granule = instance->port->granule;
    if (config->size == 0 || !fits_address_space(config->physical, config->size) ||
        !mapping_fits(config->cpu, config->size))
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    if (((config->physical | config->size | (uint32_t)(uintptr_t)config->cpu) & (granule - 1)) != 0)
        return refuse_unlocked(instance, BATON_ERROR_ALIGNMENT, __func__, call_site);

    lock_state = instance_lock(instance);
    status = BATON_ERROR_ARGUMENT;
    if (memory_is_known(instance, config->physical, config->size))
        return refuse(instance, lock_state, status, &refusal);
    made = handle_take(&instance->pools);
    if (made == NULL)
        return refuse(instance, lock_state, BATON_ERROR_NO_SLOT, &refusal);
    made->config = *config;
    made->buffers = NULL;
    pool->token = handle_token(&made->slot, HANDLE_POOL);
    instance_unlock(instance, lock_state);
    return BATON_OK;
}

/* Where in the pool's list a buffer of that many bytes goes (the link that will point to it), and at which offset, that its
 * address is aligned. NULL: no hole is large enough. Bounded by limits.buffers. */
static struct buffer **find_hole(struct pool *pool, uint32_t bytes, uint32_t alignment, uint32_t granule_shift,
                                 uint32_t *offset)
{
    struct buffer **link = &pool->buffers;
    uint32_t start = 0;

    for (;; link = &(*link)->next) {
        const uint32_t end = *link ? (*link)->physical - pool->config.physical : pool->config.size;
        const uint32_t skipped = -((uint32_t)(uintptr_t)pool->config.cpu + start) & (alignment - 1);

        if (end - start >= skipped && end - start - skipped >= bytes) {
            *offset = start + skipped;
            return link;
        }
        if (*link == NULL)
            return NULL;
        start = end + ((*link)->lines << granule_shift);
    }
}

/* A fresh buffer: R14, its lines are born unknown. The caller has filled in where its memory is. */
static void begin_buffer(const struct baton *instance, struct buffer *buffer, const char *name, uint32_t size,
                         uint32_t lines, const struct baton_enforcement *enforcement)
{
    buffer->name = name;
    buffer->size = size;
    buffer->lines = lines;
    buffer->accesses = NULL;
    buffer->epoch = 0;
    buffer->attachments = 0;
    buffer->special = (debug_build(instance) ? SPECIAL_DEBUG : 0) | (enforcement ? SPECIAL_ENFORCEMENT : 0);
    buffer->device_done = false;
    buffer->chunk_count = 0;
    buffer->policy = BATON_POLICY_CACHED;
    buffer->cpu_domain = BATON_DOMAIN_CACHE;
    buffer->enforcement = enforcement;
    buffer->queue = NULL;
    buffer->calling = false;
    buffer->bounced = NULL;
    buffer->subscribers = NULL;
    buffer->announcing = 0;
    directory_clear(&buffer->directory);
    directory_set(&buffer->directory, &(struct line_range){0, lines}, LINE_UNKNOWN);
}

/* Is the mapping of a buffer so made going to change, so that it needs pages of its own? */
static bool needs_pages(const struct baton_buffer_config *config)
{
    return config->policy == BATON_POLICY_WRITE_COMBINED || (config->enforcement && config->enforcement->pages);
}

enum baton_status baton_create(struct baton *instance, baton_pool pool, const struct baton_buffer_config *config,
                               baton_buffer *buffer)
{
    const uintptr_t call_site = CALL_SITE;
    struct refusal refusal = {.verb = __func__, .call_site = call_site};
    const struct baton_port *port;
    uint32_t lock_state, lines, bytes, offset, unit_shift;
    bool pages;
    struct buffer **link, *made;
    struct pool *from;

    if (instance == NULL || config == NULL || buffer == NULL || config->name == NULL || config->size == 0 ||
        (unsigned)config->policy > BATON_POLICY_COHERENT)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    refusal.range.length = config->size;
    port = instance->port;
    unit_shift = instance->granule_shift;
    pages = needs_pages(config);

    lock_state = instance_lock(instance);
    from = instance_pool(instance, pool);
    if (from == NULL)
        return refuse_handle(instance, lock_state, &instance->pools, pool.token, HANDLE_POOL, &refusal);
    if (!policy_is_possible(instance, config->policy, config->enforcement) ||
        (config->chunks > 1 && config->enforcement &&
         config->enforcement->automatic) || /* one pointer leads to all of it */
        (pages && (((uint32_t)(uintptr_t)from->config.cpu ^ from->config.physical) & (port->page - 1))))
        return refuse(instance, lock_state, BATON_ERROR_POLICY, &refusal);
    while (pages && (1u << unit_shift) < port->page)
        unit_shift++;
    lines = (((config->size - 1) >> unit_shift) + 1) << (unit_shift - instance->granule_shift);
    bytes = lines << instance->granule_shift; /* 0: all of 32 bits, and more than a pool has */
    if (config->size > from->config.size || bytes == 0)
        return refuse(instance, lock_state, BATON_ERROR_NO_MEMORY, &refusal);
    link = find_hole(from, bytes, 1u << unit_shift, instance->granule_shift, &offset);
    if (link == NULL)
        return refuse(instance, lock_state, BATON_ERROR_NO_MEMORY, &refusal);
    if (instance->buffers.free == NULL ||
        (config->policy != BATON_POLICY_CACHED && instance->accesses.free == NULL)) /* see policy_change() */
        return refuse(instance, lock_state, BATON_ERROR_NO_SLOT, &refusal);
    if (pages && !port->prepare(port->context, (uintptr_t)from->config.cpu + offset, bytes))
        return refuse(instance, lock_state, BATON_ERROR_POLICY, &refusal);

    made = handle_take(&instance->buffers);
    made->cpu = (char *)from->config.cpu + offset;
    made->physical = from->config.physical + offset;
    made->pool = from;
    begin_buffer(instance, made, config->name, config->size, lines, config->enforcement);
    made->pages = pages;
    made->next = *link;
    *link = made;
    if (debug_build(instance))
        made->special |= SPECIAL_OVERRUN; /* there is no canary yet */
    if (config->policy != BATON_POLICY_CACHED)
        (void)policy_change(instance, made, config->policy, call_site, &lock_state); /* nobody is in the way */
    instance_unlock(instance, lock_state);
    if (debug_build(instance)) { /* nobody has its handle yet */
        if (pages)
            pages_update(instance, made, pages_all(made), NULL, BATON_PROTECT_READ_WRITE);
        debug_arm(instance, made);
    }
    if (enforcement_updates(made)) /* M2: nobody has opened it */
        made->enforcement->update(instance, made, pages_all(made), NULL, BATON_PROTECT_NONE);
    buffer->token = handle_token(&made->slot, HANDLE_BUFFER);
    return BATON_OK;
}

enum baton_status baton_import(struct baton *instance, const struct baton_import_config *config, baton_buffer *buffer)
{
    const uintptr_t call_site = CALL_SITE;
    struct refusal refusal = {.verb = __func__, .call_site = call_site};
    struct buffer *made;
    uint32_t lock_state;

    if (instance == NULL || config == NULL || buffer == NULL || config->name == NULL || config->cpu == NULL ||
        config->size == 0 || config->policy != BATON_POLICY_CACHED ||
        !fits_address_space(config->physical, config->size) || !mapping_fits(config->cpu, config->size))
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    if (((config->physical | config->size | (uint32_t)(uintptr_t)config->cpu) & (instance->port->granule - 1)) != 0)
        return refuse_unlocked(instance, BATON_ERROR_ALIGNMENT, __func__, call_site);
    refusal.range.length = config->size;

    lock_state = instance_lock(instance);
    if (config->enforcement != NULL && config->enforcement->pages) /* an import is not remapped */
        return refuse(instance, lock_state, BATON_ERROR_POLICY, &refusal);
    if (memory_is_known(instance, config->physical, config->size))
        return refuse(instance, lock_state, BATON_ERROR_ARGUMENT, &refusal);
    made = handle_take(&instance->buffers);
    if (made == NULL)
        return refuse(instance, lock_state, BATON_ERROR_NO_SLOT, &refusal);
    made->cpu = config->cpu;
    made->physical = config->physical;
    made->pool = NULL;
    begin_buffer(instance, made, config->name, config->size, config->size >> instance->granule_shift,
                 config->enforcement);
    made->pages = false;
    made->next = instance->imports;
    instance->imports = made;
    buffer->token = handle_token(&made->slot, HANDLE_BUFFER);
    instance_unlock(instance, lock_state);
    return BATON_OK;
}

static void unlink_buffer(struct buffer **link, const struct buffer *buffer)
{
    while (*link != buffer)
        link = &(*link)->next;
    *link = buffer->next;
}

enum baton_status baton_destroy(struct baton *instance, baton_buffer *buffer)
{
    const uintptr_t call_site = CALL_SITE;
    struct refusal refusal = {.verb = __func__, .call_site = call_site};
    struct rules_operation operations[RULES_OPERATIONS];
    struct work work;
    struct buffer *ending;
    uint32_t lock_state, count;

    if (instance == NULL || buffer == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);

    lock_state = instance_lock(instance);
    ending = instance_buffer(instance, *buffer);
    if (ending == NULL)
        return refuse_handle(instance, lock_state, &instance->buffers, buffer->token, HANDLE_BUFFER, &refusal);
    refusal.buffer = ending;
    refusal.range.length = ending->size;
    refusal.holder = ending->accesses ? ending->accesses : ending->queue;
    if (refusal.holder != NULL)
        return refuse(instance, lock_state, BATON_ERROR_HELD, &refusal);
    if (ending->attachments != 0)
        return refuse(instance, lock_state, BATON_ERROR_ATTACHED, &refusal);

    /* From here on no handle leads to it; its memory and slot are given back after the maintenance. */
    handle_retire(&ending->slot);
    if (ending->pages) { /* M3, L7: to be maintained through, and for the pool's next buffer */
        ending->special &= (uint16_t)~SPECIAL_DOMAIN;
        ending->cpu_domain = BATON_DOMAIN_CACHE;
        instance_unlock(instance, lock_state);
        pages_update(instance, ending, pages_all(ending), NULL, BATON_PROTECT_READ_WRITE);
        lock_state = instance_lock(instance);
    }
    if (debug_build(instance)) {
        instance_unlock(instance, lock_state);
        debug_check_end(instance, ending, call_site);
        lock_state = instance_lock(instance);
    }
    count = rules_plan_end(&ending->directory, (struct line_range){0, ending->lines}, ending->pool == NULL, operations);
    if (count > 0) {
        instance_unlock(instance, lock_state);
        work = handoff_maintain(instance, ending, operations, count);
        lock_state = instance_lock(instance);
        instance->cpu.published += work.published;
        instance->cpu.refreshed += work.refreshed;
    }
    unlink_buffer(ending->pool ? &ending->pool->buffers : &instance->imports, ending);
    handle_free(&instance->buffers, &ending->slot);
    buffer->token = 0;
    instance_unlock(instance, lock_state);
    return BATON_OK;
}
