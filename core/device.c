/* SPDX-License-Identifier: MIT */
/*
 * Devices and attachments: baton_add_device, baton_attach, baton_detach. What a device can address is checked here,
 * once, so that a mapping adds an offset and knows that it does not overflow.
 */
#include "core/device.h"
#include "core/call.h"
#include "core/chunk.h"
#include "core/enforcement.h"

static bool config_is_valid(const struct baton_device_config *config)
{
    if (config->name == NULL)
        return false;
    if (config->domain != BATON_DOMAIN_CACHE && config->domain != BATON_DOMAIN_MEMORY)
        return false;
    if (config->alignment == 0 || (config->alignment & (config->alignment - 1)) != 0)
        return false;
    /* A segment shorter than the alignment could not follow another. */
    return config->segment_length == 0 || config->segment_length >= config->alignment;
}

enum baton_status baton_add_device(struct baton *instance, const struct baton_device_config *config,
                                   baton_device *device)
{
    struct call call;
    struct device *made;

    call_begin(&call, instance, __func__, CALL_SITE);
    if (!call_enter(&call, config != NULL && device != NULL && config_is_valid(config)))
        return call.status;
    made = handle_take(&instance->devices);
    if (made == NULL)
        return call_refuse(&call, BATON_ERROR_NO_SLOT);
    made->config = *config;
    made->bounce_pool = NULL;
    device->token = handle_token(&made->slot, HANDLE_DEVICE);
    return call_end(&call);
}

/* *sum += term; false if that leaves 32 bits. */
static bool add(uint32_t *sum, uint32_t term)
{
    *sum += term;
    return *sum >= term;
}

bool device_reaches(const struct baton *instance, const struct device *device, uint32_t physical, uint32_t size,
                    uint32_t *bus)
{
    uint32_t address = physical;

    if (!add(&address, instance->port->bus_offset) || !add(&address, device->config.bus_offset))
        return false;
    *bus = address - physical;
    return add(&address, size - 1) && address <= device->config.dma_mask;
}

/* Why the device cannot work on the buffer itself; DIRECT: it can. *status is what to refuse it with. */
static enum baton_bounce_reason why_not_direct(const struct baton *instance, const struct buffer *buffer,
                                               const struct device *device, uint32_t *bus, enum baton_status *status)
{
    const uint32_t shift = instance->granule_shift;
    uint32_t unaligned = 0, next;

    *status = BATON_ERROR_UNREACHABLE;
    for (uint32_t line = 0; line < buffer->lines; line = next) {
        const uint32_t start = line << shift, physical = chunk_physical(buffer, line, shift);

        next = chunk_lines(buffer, line).end;
        if (!device_reaches(instance, device, physical, (next == buffer->lines ? buffer->size : next << shift) - start,
                            bus))
            return BATON_BOUNCE_UNREACHABLE;
        unaligned |= (physical + *bus) | start;
    }
    *status = BATON_ERROR_ALIGNMENT;
    if ((unaligned & (device->config.alignment - 1)) != 0)
        return BATON_BOUNCE_ALIGNMENT;
    if ((buffer->special & SPECIAL_RAGGED) != 0 && device->config.domain == BATON_DOMAIN_MEMORY)
        return BATON_BOUNCE_RAGGED;
    *status = BATON_ERROR_POLICY;
    if (policy_is_coherent(buffer->policy) && device->config.domain == BATON_DOMAIN_MEMORY)
        return BATON_BOUNCE_COHERENT;
    *status = BATON_OK;
    return BATON_DIRECT;
}

enum baton_status baton_attach(struct baton *instance, baton_buffer buffer, baton_device device,
                               baton_attachment *attachment)
{
    struct call call;
    struct attachment *made;
    struct buffer *what, *bounce = NULL;
    struct device *who;
    enum baton_bounce_reason reason;
    enum baton_status status;
    uint32_t bus = 0;

    call_begin(&call, instance, __func__, CALL_SITE);

    what = call_find(&call, HANDLE_BUFFER, buffer.token, attachment != NULL);
    if (what == NULL)
        return call.status;
    call.refusal.buffer = what;
    call.refusal.range.length = what->size;
    who = call_find_further(&call, HANDLE_DEVICE, device.token);
    if (who == NULL)
        return call.status;
    reason = why_not_direct(instance, what, who, &bus, &status);
    if (reason != BATON_DIRECT && who->bounce_pool == NULL)
        return call_refuse(&call, status);
    if (instance->attachments.free == NULL)
        return call_refuse(&call, BATON_ERROR_NO_SLOT);
    if (reason != BATON_DIRECT) {
        status = instance->features.make_bounce(instance, what, who, &bounce);
        if (status != BATON_OK)
            return call_refuse(&call, status);
    }

    made = handle_take(&instance->attachments);
    made->buffer = what;
    made->device = who;
    made->bus = bus;
    made->unaligned = who->config.alignment - 1;
    made->longest = who->config.segment_length ? who->config.segment_length & ~made->unaligned : UINT32_MAX;
    made->domain = who->config.domain;
    made->reason = reason;
    made->bounce = bounce;
    if (bounce != NULL)
        instance->features.attach_bounce(instance, made);
    what->attachments++;
    attachment->token = handle_token(&made->slot, HANDLE_ATTACHMENT);
    return call_end(&call);
}

enum baton_status baton_detach(struct baton *instance, baton_attachment *attachment)
{
    struct call call;
    struct attachment *ending;
    enum baton_status status;

    call_begin(&call, instance, __func__, CALL_SITE);

    ending = call_find(&call, HANDLE_ATTACHMENT, attachment ? attachment->token : 0, attachment != NULL);
    if (ending == NULL)
        return call.status;
    call.refusal.buffer = ending->buffer;
    call.refusal.holder = ending->buffer->accesses;
    for (unsigned list = 0; list < 2; list++) { /* in flight, and in the queue */
        while (call.refusal.holder != NULL && call.refusal.holder->attachment != ending)
            call.refusal.holder = call.refusal.holder->next;
        if (call.refusal.holder != NULL)
            return call_refuse(&call, BATON_ERROR_HELD);
        call.refusal.holder = ending->buffer->queue;
    }
    call.refusal.holder = NULL;
    status = BATON_OK;
    if (ending->bounce != NULL)
        status = instance->features.may_detach(ending, &call.refusal.holder);
    if (status == BATON_OK && ending->announce != NULL && !instance->features.unsubscribe(instance, ending))
        status = BATON_ERROR_IN_TRANSIT;
    if (status != BATON_OK)
        return call_refuse(&call, status);
    handle_retire(&ending->slot); /* from here on no handle leads to it */
    if (ending->bounce != NULL)
        call.lock_state = instance->features.detach_bounce(instance, ending, call.lock_state);
    ending->buffer->attachments--;
    handle_free(&instance->attachments, &ending->slot);
    attachment->token = 0;
    return call_end(&call);
}
