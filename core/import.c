/* SPDX-License-Identifier: MIT */
/*
 * Buffers of memory that the core did not allocate, and what is where in a buffer: baton_import, baton_chunk_at.
 */
#include "core/buffer.h"
#include "core/call.h"
#include "core/chunk.h"
#include "core/enforcement.h"

/* May this be a buffer? *size: its bytes; *ragged: an end shares its line with a neighbour. */
static enum baton_status check(const struct baton *instance, const struct baton_import_config *config,
                               const struct baton_chunk *pieces, uint32_t count, uint32_t *size, bool *ragged)
{
    const uint32_t granule = instance->port->granule;

    *size = 0;
    *ragged = false;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t cpu = (uint32_t)(uintptr_t)pieces[i].cpu, physical = pieces[i].physical;

        if (!pool_memory_fits(pieces[i].cpu, physical, pieces[i].size) || pieces[i].size > UINT32_MAX - *size ||
            pool_memory_is_known(instance, physical, pieces[i].size))
            return BATON_ERROR_ARGUMENT;
        for (uint32_t other = 0; other < i; other++) {
            if (pool_overlaps(physical, pieces[i].size, pieces[other].physical, pieces[other].size))
                return BATON_ERROR_ARGUMENT;
        }
        *size += pieces[i].size;
        if (((physical | pieces[i].size | cpu) & (granule - 1)) == 0)
            continue;
        /* The lines that the CPU's addresses are cut into have to be those of the memory. */
        if (!config->ragged || config->chunks != NULL || ((physical ^ cpu) & (granule - 1)) != 0)
            return BATON_ERROR_ALIGNMENT;
        *ragged = true;
    }
    if ((config->policy != NULL && !config->policy->coherent) ||
        (config->enforcement != NULL && !config->enforcement->unchecked))
        return BATON_ERROR_POLICY;
    return BATON_OK;
}

static void fill_in(struct buffer *made, const struct baton_chunk *pieces, uint32_t count, uint32_t shift)
{
    uint32_t line = 0;

    for (uint32_t i = 0; i < count; i++) {
        const uint32_t end = line + (pieces[i].size >> shift);

        made->chunks[i] =
            (struct chunk){.cpu = pieces[i].cpu, .physical = pieces[i].physical, .lines = {line, end}, .used = true};
        line = end;
    }
}

enum baton_status baton_import(struct baton *instance, const struct baton_import_config *config, baton_buffer *buffer)
{
    struct call call;
    const struct baton_chunk *pieces;
    struct chunk *chunks = NULL;
    enum baton_status status;
    struct buffer *made;
    uint32_t count, size;
    bool ragged;

    call_begin(&call, instance, __func__, CALL_SITE);
    if (!call_enter(
            &call, config != NULL && buffer != NULL && config->name != NULL &&
                       (config->chunks != NULL) == (config->chunk_count != 0) &&
                       (config->chunks == NULL || (config->cpu == NULL && config->physical == 0 && config->size == 0))))
        return call.status;
    const struct baton_chunk one = {config->cpu, config->physical, config->size};

    pieces = config->chunks != NULL ? config->chunks : &one;
    count = config->chunks != NULL ? config->chunk_count : 1;
    if (count > instance->chunk_limit && count > 1)
        return call_refuse(&call, BATON_ERROR_NO_SLOT);
    status = check(instance, config, pieces, count, &size, &ragged);
    call.refusal.range.length = size;
    if (status != BATON_OK)
        return call_refuse(&call, status);
    if (count > 1)
        chunks = pool_take_chunks(instance, count);
    made = count > 1 && chunks == NULL ? NULL : handle_take(&instance->buffers);
    if (made == NULL)
        return call_refuse(&call, BATON_ERROR_NO_SLOT);
    made->cpu = pieces->cpu;
    made->physical = pieces->physical;
    made->pool = NULL;
    made->chunks = chunks;
    made->chunk_count = chunks != NULL ? (uint16_t)count : 0;
    fill_in(made, pieces, made->chunk_count, instance->granule_shift);
    /* R15: of a ragged buffer the lines are counted from its first byte; they are none of the hardware's. */
    buffer_begin(instance, made, config->name, size, ((size - 1) >> instance->granule_shift) + 1,
                 ragged || policy_is_coherent(config->policy) ? LINE_DIRTY : LINE_UNKNOWN, config->enforcement);
    made->policy = config->policy;
    made->special |= ragged ? SPECIAL_RAGGED : 0;
    pool_enter(instance, made);
    buffer->token = handle_token(&made->slot, HANDLE_BUFFER);
    return call_end(&call);
}

enum baton_status baton_chunk_at(struct baton *instance, baton_buffer buffer, uint32_t offset,
                                 struct baton_range *piece)
{
    struct call call;
    const struct buffer *asked;
    struct line_range lines;
    uint32_t shift, end;

    call_begin(&call, instance, __func__, CALL_SITE);
    call.refusal.range = (struct baton_range){offset, 0};
    asked = call_find(&call, HANDLE_BUFFER, buffer.token, piece != NULL);
    if (asked == NULL)
        return call.status;
    shift = instance->granule_shift;
    call.refusal.buffer = asked;
    if (offset >= asked->size)
        return call_refuse(&call, BATON_ERROR_RANGE);
    lines = chunk_lines(asked, offset >> shift);
    end = lines.end == asked->lines ? asked->size : lines.end << shift;
    *piece = (struct baton_range){lines.first << shift, end - (lines.first << shift)};
    return call_end(&call);
}
