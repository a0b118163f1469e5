/* SPDX-License-Identifier: MIT */
/*
 * Devices and attachments: baton_add_device, baton_attach, baton_detach. What a device can address is checked here,
 * once, so that a mapping adds an offset and knows that it does not overflow.
 */
#include "core/refusal.h"

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
    const uintptr_t call_site = CALL_SITE;
    struct refusal refusal = {.verb = __func__, .call_site = call_site};
    struct device *made;
    uint32_t lock_state;

    if (instance == NULL || config == NULL || device == NULL || !config_is_valid(config))
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);

    lock_state = instance_lock(instance);
    made = handle_take(&instance->devices);
    if (made == NULL)
        return refuse(instance, lock_state, BATON_ERROR_NO_SLOT, &refusal);
    made->config = *config;
    device->token = handle_token(&made->slot, HANDLE_DEVICE);
    instance_unlock(instance, lock_state);
    return BATON_OK;
}

/* *sum += term; false if that leaves 32 bits. */
static bool add(uint32_t *sum, uint32_t term)
{
    *sum += term;
    return *sum >= term;
}

/* Where the device sees the buffer's first byte; false if a byte of the buffer is beyond what it, or 32 bits, can
 * address. */
static bool bus_address(const struct baton *instance, const struct buffer *buffer, const struct device *device,
                        uint32_t *bus)
{
    uint32_t last;

    *bus = buffer->physical;
    if (!add(bus, instance->port->bus_offset) || !add(bus, device->config.bus_offset))
        return false;
    last = *bus;
    return add(&last, buffer->size - 1) && last <= device->config.dma_mask;
}

enum baton_status baton_attach(struct baton *instance, baton_buffer buffer, baton_device device,
                               baton_attachment *attachment)
{
    const uintptr_t call_site = CALL_SITE;
    struct refusal refusal = {.verb = __func__, .call_site = call_site};
    struct attachment *made;
    struct buffer *what;
    struct device *who;
    uint32_t lock_state, bus;

    if (instance == NULL || attachment == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);

    lock_state = instance_lock(instance);
    what = instance_buffer(instance, buffer);
    if (what == NULL)
        return refuse_handle(instance, lock_state, &instance->buffers, buffer.token, HANDLE_BUFFER, &refusal);
    refusal.buffer = what;
    refusal.range.length = what->size;
    who = instance_device(instance, device);
    if (who == NULL)
        return refuse_handle(instance, lock_state, &instance->devices, device.token, HANDLE_DEVICE, &refusal);
    if (!bus_address(instance, what, who, &bus))
        return refuse(instance, lock_state, BATON_ERROR_UNREACHABLE, &refusal);
    if ((bus & (who->config.alignment - 1)) != 0)
        return refuse(instance, lock_state, BATON_ERROR_ALIGNMENT, &refusal);
    made = handle_take(&instance->attachments);
    if (made == NULL)
        return refuse(instance, lock_state, BATON_ERROR_NO_SLOT, &refusal);

    made->buffer = what;
    made->device = who;
    made->bus = bus;
    what->attachments++;
    attachment->token = handle_token(&made->slot, HANDLE_ATTACHMENT);
    instance_unlock(instance, lock_state);
    return BATON_OK;
}

enum baton_status baton_detach(struct baton *instance, baton_attachment *attachment)
{
    const uintptr_t call_site = CALL_SITE;
    struct refusal refusal = {.verb = __func__, .call_site = call_site};
    struct attachment *ending;
    uint32_t lock_state;

    if (instance == NULL || attachment == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);

    lock_state = instance_lock(instance);
    ending = instance_attachment(instance, *attachment);
    if (ending == NULL)
        return refuse_handle(instance, lock_state, &instance->attachments, attachment->token, HANDLE_ATTACHMENT,
                             &refusal);
    refusal.buffer = ending->buffer;
    refusal.holder = ending->buffer->accesses;
    while (refusal.holder != NULL && refusal.holder->attachment != ending)
        refusal.holder = refusal.holder->next;
    if (refusal.holder != NULL)
        return refuse(instance, lock_state, BATON_ERROR_HELD, &refusal);
    ending->buffer->attachments--;
    handle_retire(&ending->slot);
    handle_free(&instance->attachments, &ending->slot);
    attachment->token = 0;
    instance_unlock(instance, lock_state);
    return BATON_OK;
}
