/* SPDX-License-Identifier: MIT */
/*
 * Attachments with a bounce buffer: baton_set_bounce_pool, baton_query_attachment, and what an attach, a release and a detach do for them
 * (docs/OWNERSHIP.md, B1 to B11). Called by core/device.c, handoff.c and release.c through the features; linked only into images that
 * name a bounce pool.
 *
 * The bounce buffer is a buffer of its own, with a directory of its own; which lines of the two differ, and which is newer, is the
 * attachment's difference.
 */
#include "core/bounce.h"
#include "core/buffer.h"
#include "core/call.h"
#include "core/device.h"
#include "core/enforcement.h"

static void copy_for(struct baton *instance, struct access *access, const struct rules_acquire *request,
                     struct work *work)
{
    const struct bounce_order order = {access, request, NULL};

    bounce_copy(instance, &order, work);
}

/* B9: of whole lines that a failed write has not written, the bounce buffer's bytes stay the newest only where they were before,
 * and it is nowhere older. */
static bool stays_ahead(const struct attachment *attachment, struct line_range rest)
{
    struct extent found;
    bool ahead = false;

    for (uint32_t cursor = 0; directory_next(&attachment->difference, rest, &cursor, &found);) {
        if (found.state != LINE_DIRTY)
            return false;
        ahead = true;
    }
    return ahead;
}

static void differ(struct baton *instance, const struct access *access, const struct line_range *written)
{
    struct attachment *const own = access->attachment != NULL && access->attachment->bounce ? access->attachment : NULL;
    struct line_range changed = access->lines;

    if (access->attachment == NULL && access->manner.direction == BATON_WRITE)
        changed = *written; /* R11 */
    for (struct attachment *other = access->buffer->bounced; other != NULL; other = other->next_bounced) {
        if (other != own)
            directory_set(&other->difference, &changed, LINE_STALE); /* B8 */
    }
    if (own == NULL)
        return;

    const struct line_range whole =
        range_whole_lines(access->party.range, access->buffer->size, instance->granule_shift);
    const uint32_t first = written->first < written->end ? written->first : UINT32_MAX;
    const uint32_t end = written->first < written->end ? written->end : UINT32_MAX;
    struct line_range rest[2] = {lines_in_common(whole, (struct line_range){0, first}),
                                 lines_in_common(whole, (struct line_range){end, UINT32_MAX})};

    for (unsigned i = 0; i < 2; i++) {
        if (stays_ahead(own, rest[i]))
            rest[i].end = 0;
    }
    directory_set(&own->difference, &access->lines, LINE_DIRTY);
    directory_set(&own->difference, &rest[0], LINE_STALE);
    directory_set(&own->difference, &rest[1], LINE_STALE);
}

/* Added to a physical address of the pool; the device reaches all of it: see baton_set_bounce_pool(). */
static uint32_t bus_of(const struct baton *instance, const struct device *device)
{
    return instance->port->bus_offset + device->config.bus_offset;
}

static enum baton_status make_bounce(struct baton *instance, const struct buffer *buffer, const struct device *device,
                                     struct buffer **bounce)
{
    const uint32_t granule = instance->port->granule, bus = bus_of(instance, device);
    const struct pool_need need = {
        .bytes = buffer->lines << instance->granule_shift,
        .unit = device->config.alignment > granule ? device->config.alignment : granule,
        .bias = bus & -granule, /* its lines are the cache's, wherever the bus has them */
    };
    enum baton_status status;

    if ((bus & (granule - 1) & (device->config.alignment - 1)) != 0)
        status = BATON_ERROR_ALIGNMENT;
    else
        status = buffer_make(instance, device->bounce_pool, buffer->name, buffer->size, &need, bounce);
    if (status == BATON_OK)
        handle_retire(&(*bounce)->slot); /* no handle leads to it */
    return status;
}

static void attach_bounce(struct baton *instance, struct attachment *attachment)
{
    struct buffer *const buffer = attachment->buffer;

    attachment->bus = bus_of(instance, attachment->device);
    attachment->copied = 0;
    directory_clear(&attachment->difference);
    directory_set(&attachment->difference, &(struct line_range){0, ((buffer->size - 1) >> instance->granule_shift) + 1},
                  LINE_STALE); /* B1 */
    attachment->next_bounced = buffer->bounced;
    buffer->bounced = attachment;
    buffer->special |= SPECIAL_BOUNCED;
}

static enum baton_status may_detach(const struct attachment *attachment, const struct access **holder)
{
    const struct access *other = bounce_in_the_way(attachment, NULL, (struct line_range){0, 0});

    *holder = other;
    if (other == NULL)
        return BATON_OK;
    return other->manner.hold == BATON_HOLD_IN_TRANSIT ? BATON_ERROR_IN_TRANSIT : BATON_ERROR_HELD;
}

/* What the bounce buffer has of newer bytes comes home. Its lines are in transit meanwhile, as if the CPU acquired them. */
static uint32_t bring_home(struct baton *instance, struct attachment *attachment, struct line_range lines,
                           uint32_t lock_state)
{
    struct buffer *const buffer = attachment->buffer;
    const struct rules_acquire request = {.lines = lines, .domain = buffer->cpu_domain, .after_device = true};
    const struct handoff as_cpu = {.buffer = buffer, .direction = BATON_WRITE};
    struct access copier = {0};
    const struct bounce_order order = {&copier, &request, attachment};
    struct work work = {0};

    handoff_enter_at(instance, &buffer->accesses, &copier, &as_cpu, BATON_HOLD_IN_TRANSIT);
    copier.lines = lines;
    instance_unlock(instance, lock_state);
    if (enforcement_updates(buffer))
        buffer->pages->update(instance, buffer, lines, NULL, BATON_PROTECT_READ_WRITE);
    bounce_copy(instance, &order, &work);
    lock_state = instance_lock(instance);
    copier.ties = TIE_MAINTAINED;
    copier.attachment = attachment; /* no touch that opens its pages (T1) */
    if (enforcement_updates(buffer)) {
        instance_unlock(instance, lock_state);
        buffer->pages->update(instance, buffer, lines, NULL, BATON_PROTECT_NONE);
        lock_state = instance_lock(instance);
    }
    handoff_unlink(&copier);
    handoff_count(&instance->cpu, &work);
    if ((buffer->special & SPECIAL_QUEUE) != 0) { /* somebody may wait for the transit to end */
        instance->features.advance(instance, buffer, lock_state);
        lock_state = instance_lock(instance);
    }
    return lock_state;
}

static uint32_t detach_bounce(struct baton *instance, struct attachment *attachment, uint32_t lock_state)
{
    struct buffer *const buffer = attachment->buffer;
    struct attachment **link = &buffer->bounced;
    struct line_range ahead = {buffer->lines, 0};
    struct extent found;

    for (uint32_t cursor = 0;
         directory_next(&attachment->difference, (struct line_range){0, buffer->lines}, &cursor, &found);) {
        if (found.state != LINE_DIRTY)
            continue;
        if (found.lines.first < ahead.first)
            ahead.first = found.lines.first;
        ahead.end = found.lines.end;
    }
    if (ahead.first < ahead.end)
        lock_state = bring_home(instance, attachment, ahead, lock_state);
    while (*link != attachment)
        link = &(*link)->next_bounced;
    *link = attachment->next_bounced;
    if (buffer->bounced == NULL)
        buffer->special &= (uint16_t)~SPECIAL_BOUNCED;
    return buffer_end(instance, attachment->bounce, lock_state);
}

enum baton_status baton_set_bounce_pool(struct baton *instance, baton_device device, baton_pool pool)
{
    struct call call;
    uint32_t bus;
    struct device *who;
    struct pool *where;

    call_begin(&call, instance, __func__, CALL_SITE);
    who = call_find(&call, HANDLE_DEVICE, device.token, true);
    if (who == NULL)
        return call.status;
    where = call_find_further(&call, HANDLE_POOL, pool.token);
    if (where == NULL)
        return call.status;
    if (instance->port->copy == NULL)
        return call_refuse(&call, BATON_ERROR_POLICY);
    if (!device_reaches(instance, who, where->config.physical, where->config.size, &bus))
        return call_refuse(&call, BATON_ERROR_UNREACHABLE);
    who->bounce_pool = where;
    instance->features.make_bounce = make_bounce;
    instance->features.attach_bounce = attach_bounce;
    instance->features.room = bounce_room;
    instance->features.copy = copy_for;
    instance->features.differ = differ;
    instance->features.may_detach = may_detach;
    instance->features.detach_bounce = detach_bounce;
    return call_end(&call);
}

enum baton_status baton_query_attachment(struct baton *instance, baton_attachment attachment,
                                         struct baton_attachment_state *state)
{
    struct call call;
    const struct attachment *asked;
    struct extent found;

    call_begin(&call, instance, __func__, CALL_SITE);
    asked = call_find(&call, HANDLE_ATTACHMENT, attachment.token, state != NULL);
    if (asked == NULL)
        return call.status;
    *state = (struct baton_attachment_state){.reason = asked->reason};
    if (asked->bounce != NULL) {
        const struct line_range all = {0, asked->buffer->lines};

        state->copied = asked->copied;
        for (uint32_t cursor = 0; directory_next(&asked->difference, all, &cursor, &found);)
            *(found.state == LINE_DIRTY ? &state->ahead : &state->behind) += (found.lines.end - found.lines.first)
                                                                             << instance->granule_shift;
    }
    return call_end(&call);
}
