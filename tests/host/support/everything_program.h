/* SPDX-License-Identifier: MIT */
/*
 * The random programs over all features: what one step of theirs may be, and running one. Its choices come from a seed
 * (test_core_everything.c) or from a fuzzer's bytes (tests/fuzz/fuzz_everything.c); included by these two.
 */
#include "tests/host/support/everything.h"
#include "tests/host/support/everything_stages.h"
#include "tests/host/support/everything_buffers.h"

static struct live *free_live(void)
{
    for (unsigned i = 0; i < LIVE; i++) {
        if (!program.live[i].used && !program.live[i].transit)
            return &program.live[i];
    }
    return NULL;
}

/* A refusal by others has others; the rest has its reason, too. */
static void check_refusal(const struct live *wanted, enum baton_status status, unsigned nested)
{
    if (program.depth != 0 || program.nested != nested)
        return;
    switch (status) {
    case BATON_ERROR_BUSY:
    case BATON_ERROR_FALSE_SHARING:
    case BATON_ERROR_QUARANTINED:
    case BATON_ERROR_TIMEOUT:
        CHECK(somebody_is_near(wanted));
        break;
    case BATON_ERROR_IN_TRANSIT:
        CHECK(somebody_is_near(wanted) || may_be_crowded(wanted->buffer));
        break;
    case BATON_ERROR_NO_SLOT:
        CHECK(free_slots(&program.baton->accesses) == 0 || may_be_crowded(wanted->buffer));
        break;
    case BATON_ERROR_ALIGNMENT:
        CHECK(wanted->device == 4);
        break;
    case BATON_ERROR_SEGMENTS:
        CHECK(!wanted->buffer->import || wanted->buffer->size > 0);
        break;
    case BATON_ERROR_POLICY:
        CHECK(wanted->buffer->kind == AUTOMATIC && wanted->device < 0);
        break;
    default:
        CHECK(status == BATON_ERROR_MAINTENANCE && wanted->stage != NULL);
    }
}

enum way { AT_ONCE, WAITING };

static enum baton_status call_begin(struct live *access, enum way way)
{
    const struct shadow *buffer = access->buffer;
    const uint32_t timeout = any(3) * 50;

    if (access->stage != NULL && !writes(access))
        return baton_fence_map_to_device(program.baton, access->stage->fence, buffer->attachments[access->device],
                                         access->range, &access->source);
    if (access->stage != NULL)
        return baton_fence_map_from_device(program.baton, access->stage->fence, buffer->attachments[access->device],
                                           access->range, access->direction, &access->destination);
    if (access->device < 0)
        return way == AT_ONCE ? baton_begin_cpu_access(program.baton, buffer->handle, access->range, access->direction,
                                                       &access->cpu)
                              : baton_wait_cpu_access(program.baton, buffer->handle, access->range, access->direction,
                                                      timeout, &access->cpu);
    if (access->display)
        return baton_map_to_display(program.baton, buffer->attachments[access->device], access->range, &access->source);
    if (!writes(access))
        return way == AT_ONCE ? baton_map_to_device(program.baton, buffer->attachments[access->device], access->range,
                                                    &access->source)
                              : baton_wait_map_to_device(program.baton, buffer->attachments[access->device],
                                                         access->range, timeout, &access->source);
    return way == AT_ONCE ? baton_map_from_device(program.baton, buffer->attachments[access->device], access->range,
                                                  access->direction, &access->destination)
                          : baton_wait_map_from_device(program.baton, buffer->attachments[access->device],
                                                       access->range, access->direction, timeout, &access->destination);
}

/* false: there is nothing to want. */
static bool want(struct live *access)
{
    struct shadow *buffer = &program.buffers[any(BUFFERS)];

    memset(access, 0, sizeof(*access));
    access->buffer = buffer;
    access->device = (int)any(DEVICES + 2) - 2;
    access->device = access->device < 0 ? -1 : access->device;
    if (!buffer->used || buffer->ending || (access->device >= 0 && !buffer->attached[access->device]))
        return false;
    access->domain = buffer->policy == BATON_POLICY_WRITE_COMBINED ? BATON_DOMAIN_MEMORY : BATON_DOMAIN_CACHE;
    if (access->device >= 0)
        access->domain = device_domains[access->device];
    if (buffer->policy == BATON_POLICY_WRITE_COMBINED && access->device == 1)
        return false; /* it would leave lines in the cache of what is mapped non-cacheable */
    access->direction = (enum baton_direction)any(3);
    access->range = any_range((struct baton_range){0, buffer->size});
    if (access->device == 4 && any(8) != 0) {
        access->range.offset &= ~31u;
        access->range.length = (access->range.length + 31) & ~31u;
        if (access->range.offset + access->range.length > buffer->size)
            access->range.length = (buffer->size - access->range.offset) & ~31u;
        if (access->range.length == 0)
            return false;
    }
    access->partial = writes(access) && any(3) == 0;
    access->writes = access->partial ? any_range(access->range) : access->range;
    return true;
}

static void check_granted(struct live *access, unsigned nested)
{
    access->used = true;
    program.seen.begun[access->buffer->kind][access->direction]++;
    program.seen.bounced += access->device >= 0 && access->buffer->bounced[access->device];
    program.seen.displays += access->display;
    program.seen.chained += access->stage != NULL;
    locate(access);
    for (uint32_t i = 0; access->display && program.nested == nested && i < 8; i++) {
        access->display = false; /* now it has what was released */
        load(access, access->range.offset + any(access->range.length));
        access->display = true;
    }
    if (access->display && program.nested != nested)
        return; /* others may have come since to write under it */
    if (excluder(access) != NULL) {
        say("granted", access);
        say("beside", excluder(access));
    }
    CHECK(excluder(access) == NULL);
}

static void begin(struct stage *stage)
{
    struct live *access = free_live();
    struct before before;
    enum baton_status status;
    enum way way = any(3) == 0 && program.depth == 0 ? WAITING : AT_ONCE;

    if (access == NULL || !want(access))
        return;
    if (stage != NULL && access->device < 0)
        return;
    access->stage = stage;
    access->display = stage == NULL && !writes(access) && access->device >= 0 && any(4) == 0;
    if (access->buffer->kind == UNCHECKED) { /* lawful programs only */
        for (unsigned i = 0; i < PLACES_WAITED_FOR; i++) {
            if (program.waited[i].used && program.waited[i].wanted.buffer == access->buffer)
                return;
        }
        access->display = false;
        if (excluder(access) != NULL || access->buffer->calls != 0 || program.ending != 0)
            return;
        way = AT_ONCE;
    }
    access->transit = true;
    access->buffer->calls++;
    if (stage != NULL)
        stage->busy = true;
    before = before_call();
    if (way == WAITING)
        program.nested++; /* others may go on, and the queue is not as it was */
    program.seen.waits += way == WAITING;
    status = call_begin(access, way);
    access->transit = false;
    access->buffer->calls--;
    if (stage != NULL)
        stage->busy = false;
    after_call(&before, status);
    program.seen.timeouts += status == BATON_ERROR_TIMEOUT;
    if (status != BATON_OK) {
        if (stage == NULL || !stage_is_over(stage))
            check_refusal(access, status, before.nested);
        return;
    }
    if (stage != NULL && stage_is_over(stage))
        return; /* it has ended untouched meanwhile (F5) */
    program.seen.waited += way == WAITING && program.nested > before.nested + 1;
    check_granted(access, before.nested);
}

static enum baton_status call_end(struct live *access)
{
    return access->device < 0 ? baton_end_cpu_access(program.baton, &access->cpu)
                              : baton_unmap_source(program.baton, &access->source);
}

/* The same observer asks twice more for what it has just read: the second time nothing is left to be done. */
static void repeat(struct live *access)
{
    struct live again = *access;
    unsigned before;

    if (program.depth != 0 || access->display || writes(access) || access->stage != NULL || somebody_is_near(access))
        return;
    program.depth = 2; /* nobody else */
    if (call_begin(&again, AT_ONCE) == BATON_OK) {
        CHECK(call_end(&again) == BATON_OK);
        before = maintained();
        CHECK(call_begin(&again, AT_ONCE) == BATON_OK && maintained() == before);
        locate(&again);
        load(&again, again.range.offset);
        CHECK(call_end(&again) == BATON_OK);
        program.seen.repeated++;
    }
    program.depth = 0;
}

static bool has_stored(const struct live *access)
{
    return memchr(access->written, 1, sizeof(access->written)) != NULL;
}

static void end(struct live *access)
{
    struct baton_range written = any(5) ? access->writes : (struct baton_range){0, 0};
    struct shadow *buffer = access->buffer;
    bool partial = writes(access) && (access->partial || access->quarantined);
    struct before before;
    enum baton_status status;

    access->transit = true;
    if (access->parts != 0) {
        before = before_call();
        status = writes(access) ? baton_unmap_destination(program.baton, &access->destination)
                                : baton_unmap_source(program.baton, &access->source);
        CHECK(status == BATON_ERROR_HELD);
        after_call(&before, status);
        access->transit = false;
        return;
    }
    if (access->quarantined) {
        before = before_call();
        CHECK(baton_unmap_destination(program.baton, &access->destination) == BATON_ERROR_QUARANTINED);
        after_call(&before, BATON_ERROR_QUARANTINED);
    } else if (writes(access) && access->device >= 0 && any(6) == 0) {
        CHECK(baton_quarantine(program.baton, &access->destination) == BATON_OK);
        access->quarantined = true;
        access->transit = false;
        program.seen.quarantined++;
        return;
    }
    if (partial && access->device < 0 && has_stored(access)) /* R11: it says that it has touched nothing else */
        written = access->writes;
    if (!partial)
        written = access->range;
    fill(access, written);
    if (partial)
        leave_undefined(access, written);
    program.seen.partial += partial;
    access->used = false;
    buffer->calls++;
    before = before_call();
    if (access->device < 0)
        status = partial ? baton_end_cpu_access_partial(program.baton, &access->cpu, written)
                         : baton_end_cpu_access(program.baton, &access->cpu);
    else if (!writes(access))
        status = baton_unmap_source(program.baton, &access->source);
    else
        status = partial ? baton_unmap_destination_partial(program.baton, &access->destination, written)
                         : baton_unmap_destination(program.baton, &access->destination);
    CHECK(status == BATON_OK);
    after_call(&before, status);
    access->transit = false;
    buffer->calls--;
    repeat(access);
}

/* A part of a held mapping goes to the CPU. */
static void take_part(struct live *lender)
{
    struct live *part = free_live();
    struct before before;
    enum baton_status status;

    if (part == NULL || lender->device < 0 || lender->buffer->kind == UNCHECKED)
        return;
    memset(part, 0, sizeof(*part));
    part->buffer = lender->buffer;
    part->device = -1;
    part->domain = part->buffer->policy == BATON_POLICY_WRITE_COMBINED ? BATON_DOMAIN_MEMORY : BATON_DOMAIN_CACHE;
    part->direction = (enum baton_direction)any(3);
    part->range = part->writes = any_range(lender->range);
    part->lender = lender;
    if (writes(lender))
        fill(lender, part->range); /* it counts as written */
    part->transit = lender->transit = true;
    lender->parts++;
    lender->buffer->calls++;
    before = before_call();
    status = writes(lender)
                 ? baton_sync_destination_for_cpu(program.baton, &lender->destination, part->range, part->direction,
                                                  &part->cpu)
                 : baton_sync_source_for_cpu(program.baton, &lender->source, part->range, part->direction, &part->cpu);
    part->transit = lender->transit = false;
    lender->buffer->calls--;
    after_call(&before, status);
    if (status != BATON_OK) {
        lender->parts--;
        return;
    }
    program.seen.parts++;
    check_granted(part, before.nested);
}

static void give_part_back(struct live *part)
{
    struct live *lender = part->lender;
    struct before before;
    enum baton_status status;

    if (lender->transit)
        return; /* another part of it is under way */
    fill(part, part->range);
    part->transit = lender->transit = true;
    part->used = false;
    lender->buffer->calls++;
    before = before_call();
    status = baton_sync_for_device(program.baton, &part->cpu);
    lender->buffer->calls--;
    part->transit = lender->transit = false;
    after_call(&before, status);
    if (status != BATON_OK) {
        CHECK(status == BATON_ERROR_IN_TRANSIT || (status == BATON_ERROR_FALSE_SHARING && lender->display));
        part->used = true;
        return;
    }
    lender->parts--;
    for (uint32_t i = part->range.offset; i < part->range.offset + part->range.length; i++)
        lender->written[i] = 0; /* who overwrites sees nothing of it */
}

/* A display looks again. */
static void look(struct live *display)
{
    struct baton_range part = any_range(display->range);
    unsigned nested = program.nested;
    struct before before = before_call();
    enum baton_status status;

    display->transit = true;
    display->buffer->calls++;
    status = baton_sync_source_for_device(program.baton, &display->source, part);
    display->buffer->calls--;
    display->transit = false;
    after_call(&before, status);
    if (status != BATON_OK || program.nested != nested)
        return;
    program.seen.looks++;
    display->display = false;
    for (unsigned i = 0; i < 8; i++)
        load(display, part.offset + any(part.length));
    display->display = true;
}

static void claim(struct waited *place);

/* One that was cancelled at the moment when it was to be called may be called yet. */
static void is_ready(void *context)
{
    const struct call *call = context;
    struct waited *place = call->place;

    CHECK(program.machine.locked == 0);
    if (place->call != call || !place->used)
        return;
    CHECK(!place->told && place->tells);
    place->told = true;
    program.seen.told++;
    if (any(2) == 0 && !place->busy) {
        program.seen.claimed_at_once++;
        claim(place);
    }
}

static struct call *next_call(struct waited *place)
{
    static struct call calls[64];
    static unsigned next;
    struct call *call = &calls[next++ % 64];

    call->place = place;
    return call;
}

static void reserve(void)
{
    struct waited *place = &program.waited[any(PLACES_WAITED_FOR)];
    struct live *wanted = &place->wanted;
    struct before before;
    enum baton_status status;

    if (place->used || place->busy || !want(wanted) || wanted->buffer->kind == UNCHECKED)
        return;
    place->used = true;
    place->told = false;
    place->tells = any(4) != 0;
    place->call = next_call(place);
    wanted->buffer->calls++;
    before = before_call();
    if (wanted->device < 0)
        status = baton_reserve_cpu_access(program.baton, wanted->buffer->handle, wanted->range, wanted->direction,
                                          place->tells ? is_ready : NULL, place->call, &place->reservation);
    else
        status =
            baton_reserve_mapping(program.baton, wanted->buffer->attachments[wanted->device], wanted->range,
                                  wanted->direction, place->tells ? is_ready : NULL, place->call, &place->reservation);
    wanted->buffer->calls--;
    after_call(&before, status);
    if (status == BATON_OK)
        return; /* if it was claimed at once that is known */
    CHECK(status == BATON_ERROR_NO_SLOT || status == BATON_ERROR_ALIGNMENT || status == BATON_ERROR_SEGMENTS ||
          status == BATON_ERROR_POLICY);
    place->used = false;
}

static void claim(struct waited *place)
{
    const bool told = place->told;
    struct live *access = free_live();
    struct before before;
    enum baton_status status;

    if (access == NULL)
        return;
    *access = place->wanted;
    access->transit = place->busy = true;
    access->buffer->calls++;
    before = before_call();
    if (access->device < 0)
        status = baton_claim_cpu_access(program.baton, &place->reservation, &access->cpu);
    else if (writes(access))
        status = baton_claim_destination(program.baton, &place->reservation, &access->destination);
    else
        status = baton_claim_source(program.baton, &place->reservation, &access->source);
    access->buffer->calls--;
    access->transit = place->busy = false;
    after_call(&before, status);
    if (status == BATON_ERROR_PENDING) {
        CHECK(!told && place->reservation.token != 0);
        return;
    }
    if (status != BATON_OK) {
        print_error("%s (%s)\n", baton_status_text(status), program.machine.last_misuse.holder);
        say("claims", access);
    }
    CHECK(status == BATON_OK && place->reservation.token == 0); /* W4 */
    place->used = false;
    program.seen.claimed++;
    check_granted(access, before.nested);
}

static void cancel(struct waited *place)
{
    struct shadow *buffer = place->wanted.buffer;

    place->used = false;
    buffer->calls++;
    CHECK(baton_cancel(program.baton, &place->reservation) == BATON_OK);
    buffer->calls--;
    program.seen.cancelled++;
}

static void one_step(void)
{
    struct live *access = &program.live[any(LIVE)];
    struct waited *place = &program.waited[any(PLACES_WAITED_FOR)];
    struct stage *stage = &program.stages[any(STAGES)];

    machine_noise(&program.machine, any(3));
    switch (any(16)) {
    case 0:
        ask();
        break;
    case 1:
        reserve();
        break;
    case 2:
        if (place->used && !place->busy && place->reservation.token != 0)
            any(4) ? claim(place) : cancel(place);
        break;
    case 3:
    case 4:
    case 5:
        touch_automatic(&program.buffers[any(BUFFERS)]);
        break;
    case 6:
    case 7:
        if (stage->used && !stage->busy && !stage->queued && !stage_is_over(stage) && any(3))
            begin(stage);
        else
            stage_step(stage);
        break;
    default:
        if (access->transit)
            break; /* its call has not returned yet */
        if (!access->used)
            begin(NULL);
        else if (access->stage != NULL) {
            if (access->stage->started && !access->stage->over)
                touch(access);
        } else if (access->lender != NULL && any(3) == 0)
            give_part_back(access);
        else if (access->lender != NULL || any(2) != 0)
            touch(access);
        else if (access->display && any(2) == 0)
            look(access);
        else if (any(3) == 0 && !access->quarantined)
            take_part(access);
        else
            end(access);
    }
    if (program.depth == 0 && any(12) == 0)
        change(&program.buffers[any(BUFFERS)]);
    CHECK(program.machine.trouble[0] == '\0');
}

/* Others go on: while lines are maintained and copied, somebody is told something, somebody sleeps, and wherever the lock is free. */
static void others(unsigned one_of)
{
    if (program.depth > 1 || any(one_of) != 0)
        return;
    program.depth++;
    program.nested++;
    program.seen.nested++;
    one_step();
    program.depth--;
}

static void meanwhile_others(struct machine *machine, void *context)
{
    (void)machine;
    (void)context;
    others(3);
}

static void others_while_asleep(struct machine *machine)
{
    (void)machine;
    others(1);
}

static void others_interrupt(struct machine *machine)
{
    if (!machine->locked)
        others(12);
}

static void end_everything(void)
{
    program.depth = 2; /* nobody else any more */
    for (unsigned i = 0; i < PLACES_WAITED_FOR; i++) {
        if (program.waited[i].used)
            cancel(&program.waited[i]);
    }
    for (unsigned i = 0; i < STAGES; i++) {
        while (program.stages[i].used)
            stage_end(&program.stages[i]);
    }
    for (unsigned round = 0; round < 3 * LIVE; round++) { /* a part of a display waits for writers (FALSE_SHARING) */
        for (unsigned i = 0; i < LIVE; i++) {
            if (program.live[i].used && program.live[i].lender != NULL)
                give_part_back(&program.live[i]);
            else if (program.live[i].used)
                end(&program.live[i]);
        }
    }
    for (unsigned i = 0; i < LIVE; i++) {
        if (program.live[i].used)
            say("still there", &program.live[i]);
        CHECK(!program.live[i].used);
    }
    for (unsigned i = 0; i < BUFFERS; i++) {
        if (program.buffers[i].used)
            end_buffer(&program.buffers[i]);
        CHECK(!program.buffers[i].used);
    }
    CHECK(free_slots(&program.baton->accesses) == program.baton->accesses.limit);
    for (uint32_t i = 0; i < program.baton->accesses.limit; i++) {
        const struct access *access = (const struct access *)handle_slot(&program.baton->accesses, i, sizeof(*access));

        CHECK(access->ties == 0 && access->parts == 0);
    }
    CHECK(free_slots(&program.baton->buffers) == program.baton->buffers.limit);
    CHECK(free_slots(&program.baton->attachments) == program.baton->attachments.limit);
    CHECK(free_slots(&program.baton->fences) == program.baton->fences.limit);
    CHECK(program.baton->imports == NULL);
    for (uint32_t i = 0; i < program.baton->chunk_limit; i++)
        CHECK(!program.baton->chunks[i].used);
    program.depth = 0;
}

/* The instance, the devices, and nobody holds anything. */
static void begin_program(unsigned long long seed)
{
    const struct baton_limits limits = {.pools = 2,
                                        .buffers = BUFFERS + 8,
                                        .devices = DEVICES,
                                        .attachments = 14,
                                        .accesses = 14,
                                        .trace = 8,
                                        .fences = STAGES,
                                        .chunks = 5};
    struct baton_pool_config low = {"low", NULL, PHYSICAL, LOW}, high = {"high", NULL, PHYSICAL + LOW, HIGH};

    program.seed = seed;
    program.step = 0;
    memset(program.live, 0, sizeof(program.live));
    memset(program.waited, 0, sizeof(program.waited));
    memset(program.stages, 0, sizeof(program.stages));
    memset(program.buffers, 0, sizeof(program.buffers));
    memset(program.imported, 0, sizeof(program.imported));
    program.depth = program.ending = 0;
    machine_init(&program.machine, GRANULE, PHYSICAL, seed);
    machine_give_pages(&program.machine, PAGE);
    program.machine.noisy_copies = 1;
    memset(program.machine.may_publish, 1, sizeof(program.machine.may_publish));
    memset(program.machine.may_refresh, 1, sizeof(program.machine.may_refresh));
    program.machine.check_may = 1;
    program.size = baton_size(&limits);
    CHECK(program.size <= sizeof(program.memory));
    CHECK(baton_init(&program.baton, program.memory, program.size, &limits, &program.machine.port) == BATON_OK);
    low.cpu = machine_cpu(&program.machine, 0);
    high.cpu = machine_cpu(&program.machine, LOW);
    CHECK(baton_add_pool(program.baton, &low, &program.low) == BATON_OK);
    CHECK(baton_add_pool(program.baton, &high, &program.high) == BATON_OK);
    for (unsigned i = 0; i < DEVICES; i++) {
        struct baton_device_config device = {"device", device_domains[i], UINT32_MAX, 0, 1, 0, 0};

        if (i == 2 || i == 3)
            device.dma_mask = PHYSICAL + LOW - 1;
        if (i == 4)
            device.alignment = 32;
        CHECK(baton_add_device(program.baton, &device, &program.devices[i]) == BATON_OK);
        CHECK(baton_set_bounce_pool(program.baton, program.devices[i], program.low) == BATON_OK);
    }
    program.machine.meanwhile = meanwhile_others;
    program.machine.asleep = others_while_asleep;
    program.machine.interrupt = others_interrupt;
}
