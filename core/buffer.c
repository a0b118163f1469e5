/* SPDX-License-Identifier: MIT */
/*
 * Pools and buffers: baton_add_pool, baton_create, baton_destroy. Imports are in core/import.c, where a buffer's memory comes
 * from is in core/pool.c.
 */
#include "core/buffer.h"
#include "core/call.h"
#include "core/debug.h"
#include "core/handoff.h"
#include "core/pages.h"

enum baton_status baton_add_pool(struct baton *instance, const struct baton_pool_config *config, baton_pool *pool)
{
    struct call call;
    struct pool *made;

    call_begin(&call, instance, __func__, CALL_SITE);
    if (!call_enter(&call, config != NULL && pool != NULL && config->name != NULL &&
                               pool_memory_fits(config->cpu, config->physical, config->size)))
        return call.status;
    if (((config->physical | config->size | (uint32_t)(uintptr_t)config->cpu) & (instance->port->granule - 1)) != 0)
        return call_refuse(&call, BATON_ERROR_ALIGNMENT);
    if (pool_memory_is_known(instance, config->physical, config->size))
        return call_refuse(&call, BATON_ERROR_ARGUMENT);
    made = handle_take(&instance->pools);
    if (made == NULL)
        return call_refuse(&call, BATON_ERROR_NO_SLOT);
    made->config = *config;
    made->buffers = NULL;
    made->chunks = NULL;
    pool->token = handle_token(&made->slot, HANDLE_POOL);
    return call_end(&call);
}

void buffer_begin(const struct baton *instance, struct buffer *buffer, const char *name, uint32_t size, uint32_t lines,
                  enum line_state born, const struct baton_enforcement *enforcement)
{
    buffer->name = name;
    buffer->size = size;
    buffer->lines = lines;
    buffer->accesses = NULL;
    buffer->epoch = 0;
    buffer->attachments = 0;
    buffer->special = (debug_build(instance) ? SPECIAL_DEBUG : 0) | (enforcement ? SPECIAL_ENFORCEMENT : 0) |
                      (buffer->chunk_count != 0 ? SPECIAL_CHUNKS : 0);
    buffer->pages = NULL;
    buffer->device_done = false;
    buffer->policy = NULL;
    buffer->cpu_domain = BATON_DOMAIN_CACHE;
    buffer->enforcement = enforcement;
    buffer->queue = NULL;
    buffer->calling = false;
    buffer->bounced = NULL;
    buffer->subscribers = NULL;
    buffer->announcing = 0;
    directory_clear(&buffer->directory);
    directory_set(&buffer->directory, &(struct line_range){0, lines}, born);
}

enum baton_status buffer_make(struct baton *instance, struct pool *pool, const char *name, uint32_t size,
                              const struct pool_need *need, struct buffer **result)
{
    const uint32_t shift = instance->granule_shift;
    uint32_t offset, count = pool_divide(pool, shift, need, NULL, &offset);
    struct chunk *chunks = NULL;
    struct buffer *made;

    if (count == 0)
        return BATON_ERROR_NO_MEMORY;
    if (count == POOL_UNPREPARED)
        return BATON_ERROR_POLICY;
    if (count > 1 && (chunks = pool_take_chunks(instance, count)) == NULL)
        return BATON_ERROR_NO_SLOT;
    made = handle_take(&instance->buffers);
    if (made == NULL)
        return BATON_ERROR_NO_SLOT;
    made->cpu = (char *)pool->config.cpu + offset;
    made->physical = pool->config.physical + offset;
    made->pool = pool;
    made->chunks = chunks;
    made->chunk_count = 0;
    if (chunks != NULL)
        made->chunk_count = (uint16_t)pool_divide(pool, shift, need, chunks, &offset);
    buffer_begin(instance, made, name, size, need->bytes >> shift, LINE_UNKNOWN, NULL);
    pool_enter(instance, made);
    *result = made;
    return BATON_OK;
}

/* Is the mapping of a buffer so made going to change, so that it needs pages of its own? NULL: no. */
static const struct pages *pages_of(const struct baton_buffer_config *config)
{
    if (config->policy != NULL && config->policy->pages != NULL)
        return config->policy->pages;
    return config->enforcement != NULL ? config->enforcement->pages : NULL;
}

enum baton_status baton_create(struct baton *instance, baton_pool pool, const struct baton_buffer_config *config,
                               baton_buffer *buffer)
{
    struct call call;
    const struct baton_port *port;
    struct pool_need need = {0};
    enum baton_status status;
    struct buffer *made;
    const struct pages *pages;
    struct pool *from;

    call_begin(&call, instance, __func__, CALL_SITE);
    call.refusal.range.length = config ? config->size : 0;
    from = call_find(&call, HANDLE_POOL, pool.token,
                     config != NULL && buffer != NULL && config->name != NULL && config->size != 0);
    if (from == NULL)
        return call.status;
    port = instance->port;
    pages = pages_of(config);
    if (pages != NULL && !pages->possible(instance, from, config))
        return call_refuse(&call, BATON_ERROR_POLICY);
    need.unit = port->granule;
    need.pieces = config->chunks;
    if (pages != NULL) {
        need.unit = port->page;
        need.prepare = port;
    }
    need.bytes = (config->size + (need.unit - 1)) & -need.unit;    /* 0, for which there is no room, if it is 2^32 */
    if (config->policy != NULL && instance->accesses.free == NULL) /* see core/policy.c */
        status = BATON_ERROR_NO_SLOT;
    else
        status = buffer_make(instance, from, config->name, config->size, &need, &made);
    if (status != BATON_OK)
        return call_refuse(&call, status);
    made->enforcement = config->enforcement;
    if (config->enforcement != NULL)
        made->special |= SPECIAL_ENFORCEMENT;
    made->pages = pages;
    if (debug_build(instance))
        made->special |= SPECIAL_OVERRUN; /* there is no canary yet */
    if (config->policy != NULL)
        (void)config->policy->change(instance, made, config->policy, call.refusal.call_site,
                                     &call.lock_state); /* nobody is in the way */
    instance_unlock(instance, call.lock_state);
    if (debug_build(instance)) { /* nobody has its handle yet */
        if (pages != NULL)
            pages->update(instance, made, pages_all(made), NULL, BATON_PROTECT_READ_WRITE);
        debug_arm(instance, made);
    }
    if (enforcement_updates(made)) /* M2: nobody has opened it */
        pages->update(instance, made, pages_all(made), NULL, BATON_PROTECT_NONE);
    buffer->token = handle_token(&made->slot, HANDLE_BUFFER);
    return BATON_OK;
}

/* R15: the lines of the hardware that hold a byte of a ragged buffer. To clean them harms no neighbour. */
static void publish_ragged(const struct baton *instance, const struct buffer *buffer, struct work *work)
{
    const uintptr_t start = (uintptr_t)buffer->cpu & -(uintptr_t)instance->port->granule;
    const uint32_t last = (uint32_t)((uintptr_t)buffer->cpu - start) + (buffer->size - 1);
    const uint32_t lines = (last >> instance->granule_shift) + 1;

    instance->port->publish(instance->port->context, start, (size_t)lines << instance->granule_shift);
    work->published += lines;
}

uint32_t buffer_end(struct baton *instance, struct buffer *buffer, uint32_t lock_state)
{
    const struct line_range lines = {0, buffer->lines};
    struct rules_operation operations[RULES_OPERATIONS];
    uint32_t count = rules_plan_end(&buffer->directory, lines, buffer->pool == NULL, operations);
    struct work work = {0};

    if (count > 0) {
        instance_unlock(instance, lock_state);
        if ((buffer->special & SPECIAL_RAGGED) != 0)
            publish_ragged(instance, buffer, &work);
        else
            handoff_maintain(instance, buffer, operations, count, &work);
        lock_state = instance_lock(instance);
        handoff_count(&instance->cpu, &work);
    }
    pool_leave(instance, buffer);
    handle_free(&instance->buffers, &buffer->slot);
    return lock_state;
}

enum baton_status baton_destroy(struct baton *instance, baton_buffer *buffer)
{
    struct call call;
    struct buffer *ending;

    call_begin(&call, instance, __func__, CALL_SITE);

    ending = call_find(&call, HANDLE_BUFFER, buffer ? buffer->token : 0, buffer != NULL);
    if (ending == NULL)
        return call.status;
    call.refusal.buffer = ending;
    call.refusal.range.length = ending->size;
    call.refusal.holder = ending->accesses ? ending->accesses : ending->queue;
    if (call.refusal.holder != NULL || ending->calling)
        return call_refuse(&call, BATON_ERROR_HELD);
    if (ending->attachments != 0)
        return call_refuse(&call, BATON_ERROR_ATTACHED);

    /* From here on no handle leads to it; its memory and slot are given back after the maintenance. */
    handle_retire(&ending->slot);
    if (ending->pages != NULL) { /* M3, L7: to be maintained through, and for the pool's next buffer */
        ending->special &= (uint16_t)~SPECIAL_DOMAIN;
        ending->cpu_domain = BATON_DOMAIN_CACHE;
        instance_unlock(instance, call.lock_state);
        ending->pages->update(instance, ending, pages_all(ending), NULL, BATON_PROTECT_READ_WRITE);
        call.lock_state = instance_lock(instance);
    }
    if (debug_build(instance)) {
        instance_unlock(instance, call.lock_state);
        debug_check_end(instance, ending, call.refusal.call_site);
        call.lock_state = instance_lock(instance);
    }
    call.lock_state = buffer_end(instance, ending, call.lock_state);
    buffer->token = 0;
    return call_end(&call);
}
