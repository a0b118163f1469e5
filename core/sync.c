/* SPDX-License-Identifier: MIT */
/*
 * Mappings that stay held while a part of them changes hands: baton_sync_..._for_cpu, baton_sync_for_device,
 * baton_sync_source_for_device.
 *
 * A part is an access of its own, tied to its lender. What it was ends, and it becomes what the other side needs; in
 * between its lines are in transit, so that nobody gets in.
 */
#include "core/acquire.h"
#include "core/cpu.h"
#include "core/refusal.h"
#include "core/release.h"

/* What a device needs to have a part of its mapping. */
static __attribute__((noinline)) void device_handoff(struct access *lender, struct baton_range part,
                                                     uintptr_t call_site, struct handoff *handoff)
{
    *handoff = (struct handoff){.buffer = lender->buffer,
                                .attachment = lender->attachment,
                                .range = part,
                                .direction = lender->manner.direction,
                                .call_site = call_site,
                                .lender = lender,
                                .tolerant = (lender->ties & TIE_TOLERANT) != 0};
}

/* Makes the part, an access as the handoff says, in transit. Or NO_SLOT. */
static enum baton_status lend(struct baton *instance, struct handoff *handoff)
{
    struct access *part = handle_take(&instance->accesses);

    if (part == NULL)
        return BATON_ERROR_NO_SLOT;
    handoff_enter_at(instance, &handoff->buffer->accesses, part, handoff, BATON_HOLD_IN_TRANSIT);
    part->ties = TIE_LENDER;
    instance_ties(instance, part)->lender = handoff->lender;
    handoff->lender->parts++;
    handoff->buffer->special |= SPECIAL_ACCESSES;
    handoff->self = part;
    return BATON_OK;
}

/* P1: two serialization points. The part ends as what it was and begins as what the handoff says. */
static void pass(struct baton *instance, struct handoff *handoff, uint32_t *lock_state)
{
    const struct release how = {.outcome = RELEASE_COMPLETE, .call_site = handoff->call_site};
    struct access *part = handoff->self;
    struct baton_announcement what;

    release_hand_over(instance, part, &how, &what, lock_state);
    handoff_unlink(part);
    handoff_enter_at(instance, &handoff->buffer->accesses, part, handoff, BATON_HOLD_IN_TRANSIT);
    release_announce(instance, handoff->buffer, &what, lock_state);
    (void)handoff_acquire(instance, handoff, lock_state); /* checked before; nobody got in since */
}

static enum baton_status sync_for_cpu(struct baton *instance, const baton_access *handle, struct baton_range range,
                                      enum baton_direction direction, struct baton_cpu_access *access,
                                      const struct verb *verb, uintptr_t call_site)
{
    struct handoff device, cpu;
    struct rules_acquire request;
    struct wanted wanted = {verb, &cpu, 0, NULL};
    enum baton_status status;
    struct access *lender;
    struct call call;

    call_begin(&call, instance, verb->name, call_site);
    lender = call_find_access(&call, verb->of, access ? handle : NULL);
    if (lender == NULL)
        return call.status;
    wanted.lock_state = call.lock_state;
    device_handoff(lender, range, call_site, &cpu);
    device = cpu;
    cpu.attachment = NULL;
    cpu.direction = direction;
    cpu.tolerant = false;
    status = cpu_check(instance, lender->buffer, range, direction);
    if (status == BATON_OK && !range_covers(lender->party.range, range))
        status = BATON_ERROR_RANGE;
    if (status == BATON_OK && (lender->ties & TIE_FENCE) != 0) /* the fence's, and not noted yet: R17 */
        status = BATON_ERROR_HELD;
    if (status == BATON_OK && lender->manner.hold == BATON_HOLD_QUARANTINED)
        status = BATON_ERROR_QUARANTINED;
    if (status == BATON_OK)
        status = handoff_check(instance, &cpu, &request);
    if (status == BATON_OK)
        status = lend(instance, &device);
    if (status == BATON_OK) {
        cpu.self = device.self;
        pass(instance, &cpu, &wanted.lock_state);
    }
    return acquire_end(instance, &wanted, status, access);
}

enum baton_status baton_sync_source_for_cpu(struct baton *instance, const struct baton_source *source,
                                            struct baton_range part, enum baton_direction direction,
                                            struct baton_cpu_access *access)
{
    static const struct verb verb = {"baton_sync_source_for_cpu", HANDLE_PART, HANDLE_SOURCE};

    return sync_for_cpu(instance, source ? &source->access : NULL, part, direction, access, &verb, CALL_SITE);
}

enum baton_status baton_sync_destination_for_cpu(struct baton *instance, const struct baton_destination *destination,
                                                 struct baton_range part, enum baton_direction direction,
                                                 struct baton_cpu_access *access)
{
    static const struct verb verb = {"baton_sync_destination_for_cpu", HANDLE_PART, HANDLE_DESTINATION};

    return sync_for_cpu(instance, destination ? &destination->access : NULL, part, direction, access, &verb, CALL_SITE);
}

/* The part becomes the lender's again; without one, the device looks at it anew. Takes over the lock. */
static enum baton_status to_device(struct baton *instance, struct wanted *wanted, struct access *part,
                                   enum baton_status status)
{
    struct handoff *const device = wanted->handoff;
    struct rules_acquire request;

    device->self = part;
    if (status == BATON_OK)
        status = handoff_check(instance, device, &request);
    if (status == BATON_OK && part == NULL)
        status = lend(instance, device);
    if (status != BATON_OK)
        return acquire_refuse(instance, wanted, status);
    handle_retire(&device->self->slot);
    if (part != NULL)
        pass(instance, device, &wanted->lock_state);
    else
        (void)handoff_acquire(instance, device, &wanted->lock_state); /* as in pass() */
    device->lender->parts--;
    release_slot(instance, device->self);
    release_unlock(instance, device->buffer,
                   wanted->lock_state); /* handoff_acquire() has looked, but with the part in the way */
    handoff_barrier(instance, device);
    return BATON_OK;
}

enum baton_status baton_sync_for_device(struct baton *instance, struct baton_cpu_access *access)
{
    static const struct verb verbs[] = {{"baton_sync_for_device", HANDLE_PART, HANDLE_PART},
                                        {"baton_sync_for_device", HANDLE_PART, HANDLE_CPU_ACCESS}};
    const uintptr_t call_site = CALL_SITE;
    const struct verb *verb = verbs;
    struct handoff device;
    struct wanted wanted = {verbs, &device, 0, NULL};
    enum baton_status status;
    struct access *part, *lender = NULL;
    struct call call;

    if (access != NULL && (access->access.token & HANDLE_KIND(15)) == HANDLE_KIND(HANDLE_CPU_ACCESS))
        verb++; /* is it one? */
    call_begin(&call, instance, verb->name, call_site);
    part = call_find_access(&call, verb->of, access ? &access->access : NULL);
    if (part == NULL)
        return call.status;
    wanted.lock_state = call.lock_state;
    wanted.verb = verb;
    if (verb == verbs)
        lender = instance_ties(instance, part)->lender;
    device_handoff(lender ? lender : part, part->party.range, call_site, &device);
    status = to_device(instance, &wanted, part, lender ? BATON_OK : BATON_ERROR_DIRECTION);
    if (status == BATON_OK)
        cpu_clear(access);
    return status;
}

enum baton_status baton_sync_source_for_device(struct baton *instance, const struct baton_source *source,
                                               struct baton_range part)
{
    static const struct verb verb = {"baton_sync_source_for_device", HANDLE_PART, HANDLE_SOURCE};
    const uintptr_t call_site = CALL_SITE;
    struct handoff device;
    struct wanted wanted = {&verb, &device, 0, NULL};
    enum baton_status status;
    struct access *display;
    struct call call;

    call_begin(&call, instance, verb.name, call_site);
    display = call_find_access(&call, verb.of, source ? &source->access : NULL);
    if (display == NULL)
        return call.status;
    wanted.lock_state = call.lock_state;
    device_handoff(display, part, call_site, &device);
    status = BATON_OK;
    if ((display->ties & TIE_TOLERANT) == 0)
        status = BATON_ERROR_DIRECTION;
    else if (part.length == 0 || !range_covers(display->party.range, part))
        status = BATON_ERROR_RANGE;
    return to_device(instance, &wanted, NULL, status);
}
