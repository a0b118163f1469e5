/* SPDX-License-Identifier: MIT */
/*
 * The buffers of the random programs over all features: made of every policy, enforcement and origin, attached and detached, changed,
 * asked about, touched where the mapping allows it, and ended. Included by everything_program.h only.
 */
#include "core/chunk.h"

enum { SLOT = 256 }; /* bytes of imported memory */

static uint8_t imported_bytes[4][SLOT];

static void others(unsigned one_of);

static bool is_never_maintained(const struct shadow *buffer)
{
    return buffer->policy == BATON_POLICY_COHERENT;
}

static void set_may(const struct shadow *buffer, uint8_t may)
{
    for (uint32_t i = 0; i < buffer->size; i++)
        program.machine.may_publish[buffer->where[i] / GRANULE] =
            program.machine.may_refresh[buffer->where[i] / GRANULE] = may;
}

static bool is_in_use(const struct shadow *buffer)
{
    for (unsigned i = 0; i < LIVE; i++) {
        if ((program.live[i].used || program.live[i].transit) && program.live[i].buffer == buffer)
            return true;
    }
    for (unsigned i = 0; i < PLACES_WAITED_FOR; i++) {
        if (program.waited[i].used && program.waited[i].wanted.buffer == buffer)
            return true;
    }
    return buffer->calls != 0;
}

static void is_announced(void *context, const struct baton_announcement *what)
{
    struct shadow *buffer = context;
    struct baton_answer answer;

    CHECK(program.machine.locked == 0 && strcmp(what->buffer, "buffer") == 0);
    CHECK(baton_query(program.baton, buffer->handle, (struct baton_range){0, 1}, &answer, NULL, 0) == BATON_OK);
    program.seen.announced++;
    others(4);
}

static void subscribe(struct shadow *buffer, unsigned device)
{
    if (!buffer->attached[device])
        return;
    buffer->subscribed[device] = !buffer->subscribed[device];
    CHECK(baton_subscribe(program.baton, buffer->attachments[device], buffer->subscribed[device] ? is_announced : NULL,
                          buffer) == BATON_OK);
}

static void attach(struct shadow *buffer, unsigned device)
{
    struct before before = before_call();
    struct baton_attachment_state told;
    enum baton_status status;

    if (buffer->attached[device])
        return;
    status = baton_attach(program.baton, buffer->handle, program.devices[device], &buffer->attachments[device]);
    after_call(&before, status);
    if (status != BATON_OK) {
        CHECK(status == BATON_ERROR_NO_MEMORY || free_slots(&program.baton->attachments) == 0 ||
              free_slots(&program.baton->buffers) == 0);
        return;
    }
    CHECK(baton_query_attachment(program.baton, buffer->attachments[device], &told) == BATON_OK);
    buffer->bounced[device] = told.reason != BATON_DIRECT;
    buffer->subscribed[device] = false;
    buffer->attached[device] = true;
    CHECK(buffer->bounced[device] || device_domains[device] == BATON_DOMAIN_CACHE || !is_never_maintained(buffer));
}

static enum baton_status detach(struct shadow *buffer, unsigned device)
{
    struct before before;
    enum baton_status status;

    buffer->attached[device] = false; /* nobody uses it any more */
    buffer->calls++;
    before = before_call();
    status = baton_detach(program.baton, &buffer->attachments[device]);
    after_call(&before, status);
    buffer->calls--;
    if (status != BATON_OK) {
        CHECK(status == BATON_ERROR_HELD || status == BATON_ERROR_IN_TRANSIT);
        buffer->attached[device] = true;
        return status;
    }
    CHECK(buffer->attachments[device].token == 0);
    program.seen.detached++;
    return status;
}

static const struct baton_enforcement *enforcement_of(enum kind kind)
{
    return kind == CHECKED     ? BATON_ENFORCE_CHECKED
           : kind == UNCHECKED ? BATON_ENFORCE_NONE
           : kind == GUARDED   ? BATON_ENFORCE_MMU
                               : BATON_ENFORCE_AUTOMATIC;
}

static enum baton_status make_import(struct shadow *buffer)
{
    struct baton_import_config config = {.name = "buffer",
                                         .policy = any(2) ? BATON_POLICY_COHERENT : BATON_POLICY_CACHED};
    const uint32_t slot = any(4), start = LOW + HIGH + slot * SLOT, middle = (1 + any(7)) * GRANULE;
    struct baton_chunk pieces[2];

    if (program.imported[slot])
        return BATON_ERROR_NO_MEMORY;
    for (uint32_t i = 0; i < SLOT; i++) { /* its newest bytes are in the cache, where policy and neighbours want them */
        imported_bytes[slot][i] = (uint8_t)any(256);
        snoop_store(&program.machine, start + i, imported_bytes[slot][i]);
    }
    buffer->kind = any(3) ? CHECKED : UNCHECKED;
    config.enforcement = enforcement_of(buffer->kind);
    config.cpu = machine_cpu(&program.machine, start);
    config.physical = PHYSICAL + start;
    config.size = buffer->size = (1 + any(15)) * GRANULE;
    switch (any(3)) {
    case 0:
        config.ragged = true;
        config.cpu = (char *)config.cpu + 3;
        config.physical += 3;
        config.size = buffer->size = 1 + any(200);
        break;
    case 1:
        pieces[0] = (struct baton_chunk){machine_cpu(&program.machine, start + 128), PHYSICAL + start + 128, middle};
        pieces[1] = (struct baton_chunk){machine_cpu(&program.machine, start), PHYSICAL + start, 128 - GRANULE};
        config.cpu = NULL;
        config.physical = config.size = 0;
        config.chunks = pieces;
        config.chunk_count = 2;
        buffer->size = middle + 128 - GRANULE;
        break;
    default:
        break;
    }
    buffer->policy = config.ragged ? BATON_POLICY_COHERENT : config.policy;
    buffer->slot = slot;
    buffer->import = true;
    program.seen.imports++;
    return baton_import(program.baton, &config, &buffer->handle);
}

static enum baton_status make_from_pool(struct shadow *buffer)
{
    struct baton_buffer_config config = {.name = "buffer", .size = 1 + any(BYTES_MAX), .policy = policies[any(3)]};

    buffer->kind = (enum kind)(any(2) ? 0 : any(4));
    config.enforcement = enforcement_of(buffer->kind);
    config.chunks = any(4);
    if (buffer->kind == AUTOMATIC) {
        config.chunks = 0;
        if (config.policy == BATON_POLICY_WRITE_COMBINED)
            config.policy = BATON_POLICY_CACHED;
    }
    buffer->size = config.size;
    buffer->policy = config.policy;
    program.seen.pieces += config.chunks > 1;
    return baton_create(program.baton, program.high, &config, &buffer->handle);
}

static void create(struct shadow *buffer)
{
    struct before before = before_call();
    enum baton_status status;

    memset(buffer, 0, sizeof(*buffer));
    buffer->ending = true;
    memset(buffer->undefined, 1, sizeof(buffer->undefined));
    status = any(3) ? make_from_pool(buffer) : make_import(buffer);
    after_call(&before, status);
    if (status != BATON_OK) {
        CHECK(status == BATON_ERROR_NO_MEMORY || status == BATON_ERROR_NO_SLOT);
        return;
    }
    const struct buffer *made = instance_buffer(program.baton, buffer->handle);

    for (uint32_t i = 0; i < buffer->size; i++) {
        buffer->where[i] = machine_offset(&program.machine, chunk_cpu(made, i / GRANULE, 4)) + i % GRANULE;
        CHECK(buffer->where[i] >= LOW && (buffer->where[i] >= LOW + HIGH) == buffer->import);
    }
    if (buffer->import) {
        program.imported[buffer->slot] = true;
        for (uint32_t i = 0; i < buffer->size; i++) {
            buffer->newest[i] = imported_bytes[buffer->slot][(buffer->where[i] - LOW - HIGH) % SLOT];
            buffer->undefined[i] = 0;
        }
    }
    set_may(buffer, !is_never_maintained(buffer));
    buffer->used = true;
    buffer->ending = false;
    for (unsigned i = 0; i < DEVICES; i++) {
        if (any(3))
            attach(buffer, i);
    }
}

static void touch_automatic(struct shadow *buffer)
{
    const bool write = any(2);
    uint32_t offset, where;

    if (!buffer->used || buffer->ending || buffer->kind != AUTOMATIC || buffer->calls != 0)
        return;
    offset = any(buffer->size);
    where = buffer->where[offset];
    if (!(write ? machine_may_store(&program.machine, where) : machine_may_load(&program.machine, where))) {
        const uintptr_t address = (uintptr_t)machine_cpu(&program.machine, where);
        enum baton_status status;

        buffer->calls++;
        status = baton_fault(program.baton, address, write, 1, any(2) * 20);
        buffer->calls--;
        program.seen.status[status]++;
        program.seen.faults++;
        CHECK(status == BATON_OK || status == BATON_ERROR_TIMEOUT);
        if (status != BATON_OK || buffer->calls != 0 ||
            !(write ? machine_may_store(&program.machine, where) : machine_may_load(&program.machine, where)))
            return; /* others have closed it again */
    }
    for (unsigned i = 0; i < LIVE; i++) { /* T4, T5 */
        const struct live *other = &program.live[i];

        if (!other->used || other->buffer != buffer || other->display || !(write || writes(other)) ||
            other->range.offset / PAGE > offset / PAGE ||
            (other->range.offset + other->range.length - 1) / PAGE < offset / PAGE)
            continue;
        print_error("a touch, %d, of byte %u at %u\n", write, (unsigned)offset, (unsigned)where);
        say("beside", other);
        CHECK(false);
    }
    program.seen.touches++;
    if (write) {
        buffer->newest[offset] = (uint8_t)any(256);
        buffer->undefined[offset] = 0;
        cpu_store(&program.machine, where, buffer->newest[offset]);
        return;
    }
    seen_byte(buffer, offset, cpu_load(&program.machine, where), "a touch");
}

/* M1, M5: nobody has the page open. */
static void stray(struct shadow *buffer)
{
    const uint32_t offset = any(buffer->size), where = buffer->where[offset];
    struct before before;
    enum baton_status status;

    for (unsigned i = 0; i < LIVE; i++) {
        const struct live *other = &program.live[i];

        if ((other->used || other->transit) && other->buffer == buffer && other->device < 0 &&
            other->range.offset / PAGE <= offset / PAGE &&
            (other->range.offset + other->range.length - 1) / PAGE >= offset / PAGE)
            return;
    }
    if (buffer->calls != 0)
        return;
    if (machine_may_load(&program.machine, where))
        print_error("at %u: mapped %d\n", (unsigned)where, program.machine.protection[where / PAGE]);
    CHECK(!machine_may_load(&program.machine, where));
    before = before_call();
    status = baton_fault(program.baton, (uintptr_t)machine_cpu(&program.machine, where), any(2), 1, 0);
    after_call(&before, status);
    CHECK(status == BATON_ERROR_BUSY);
    program.seen.strays++;
}

static void print(void *context, const char *line)
{
    CHECK(context == &program && line[0] != '\0' && program.machine.locked == 0);
    program.seen.explained++;
}

static void ask(void)
{
    struct shadow *buffer = &program.buffers[any(BUFFERS)];
    const unsigned device = any(DEVICES), nested = program.nested;
    struct baton_holder holders[LIVE];
    struct baton_answer answer;
    struct baton_range range;
    struct before before;
    unsigned live = 0;

    if (!buffer->used || buffer->ending)
        return;
    range = any_range((struct baton_range){0, buffer->size});
    if (buffer->kind == GUARDED)
        stray(buffer);
    before = before_call();
    CHECK(baton_query(program.baton, buffer->handle, range, &answer, holders, LIVE) == BATON_OK);
    for (unsigned i = 0; i < LIVE; i++)
        live += program.live[i].used && program.live[i].buffer == buffer && share_a_line(program.live[i].range, range);
    for (unsigned i = 0; i < PLACES_WAITED_FOR; i++)
        live += program.waited[i].used && program.waited[i].wanted.buffer == buffer &&
                share_a_line(program.waited[i].wanted.range, range);
    CHECK(program.depth != 0 || program.nested != nested || answer.holders == live);
    (void)!baton_explain_cpu_access(program.baton, buffer->handle, range, (enum baton_direction)any(3), print,
                                    &program);
    if (buffer->attached[device]) {
        struct baton_attachment_state told;

        (void)!baton_explain_mapping(program.baton, buffer->attachments[device], range, (enum baton_direction)any(3),
                                     print, &program);
        CHECK(baton_query_attachment(program.baton, buffer->attachments[device], &told) == BATON_OK);
        CHECK((told.reason != BATON_DIRECT) == buffer->bounced[device]);
    }
    if (program.depth == 0 && program.nested == before.nested) {
        forget_refusals(program.memory);
        CHECK(memcmp(program.memory, program.snapshot, program.size) == 0);
    }
}

/* Every byte once more: none is lost. */
static void read_all(struct shadow *buffer)
{
    for (uint32_t i = 0; i < buffer->size && buffer->kind == AUTOMATIC; i++) {
        enum baton_status status = BATON_OK;

        if (!machine_may_load(&program.machine, buffer->where[i]))
            status =
                baton_fault(program.baton, (uintptr_t)machine_cpu(&program.machine, buffer->where[i]), false, 1, 0);
        CHECK(status == BATON_OK || free_slots(&program.baton->accesses) == 0);
        if (status == BATON_OK)
            seen_byte(buffer, i, cpu_load(&program.machine, buffer->where[i]), "a last touch");
    }
    for (uint32_t at = 0; at < buffer->size && buffer->kind != AUTOMATIC;) {
        struct live access = {.buffer = buffer, .device = -1};
        enum baton_status status;

        CHECK(baton_chunk_at(program.baton, buffer->handle, at, &access.range) == BATON_OK);
        CHECK(access.range.offset == at);
        status = baton_begin_cpu_access(program.baton, buffer->handle, access.range, BATON_READ, &access.cpu);
        CHECK(status == BATON_OK || free_slots(&program.baton->accesses) == 0);
        if (status == BATON_OK) {
            locate(&access);
            for (uint32_t i = 0; i < access.range.length; i++)
                load(&access, at + i);
            CHECK(baton_end_cpu_access(program.baton, &access.cpu) == BATON_OK);
        }
        at += access.range.length;
    }
}

static void end_buffer(struct shadow *buffer)
{
    baton_buffer copy = buffer->handle;
    struct before before;

    buffer->ending = true;
    for (unsigned i = 0; i < DEVICES; i++) {
        if (buffer->attached[i])
            CHECK(detach(buffer, i) == BATON_OK);
    }
    read_all(buffer);
    set_may(buffer, 1);
    CHECK(baton_destroy(program.baton, &buffer->handle) == BATON_OK && buffer->handle.token == 0);
    before = before_call();
    CHECK(baton_destroy(program.baton, &copy) == BATON_ERROR_STALE_HANDLE);
    after_call(&before, BATON_ERROR_STALE_HANDLE);
    if (buffer->import) {
        const uint32_t start = LOW + HIGH + buffer->slot * SLOT;

        for (uint32_t i = 0; i < buffer->size; i++) /* the bytes are the importer's again, in cache and memory */
            CHECK(buffer->undefined[i] || (snoop_load(&program.machine, buffer->where[i]) == buffer->newest[i] &&
                                           device_load(&program.machine, buffer->where[i]) == buffer->newest[i]));
        for (uint32_t i = 0; i < buffer->size; i++)
            imported_bytes[buffer->slot][buffer->where[i] - start] = snoop_load(&program.machine, buffer->where[i]);
        for (uint32_t i = 0; i < SLOT; i++) /* and no neighbour has lost one */
            CHECK(snoop_load(&program.machine, start + i) == imported_bytes[buffer->slot][i]);
        program.imported[buffer->slot] = false;
    }
    buffer->used = false;
    program.seen.destroyed++;
}

static void set_policy(struct shadow *buffer)
{
    const struct baton_policy *const policy = policies[any(3)];
    const bool held = is_in_use(buffer);
    struct before before;
    enum baton_status status;

    buffer->ending = true;
    if (!held)
        set_may(buffer, 1);
    buffer->calls++;
    before = before_call();
    status = baton_set_policy(program.baton, buffer->handle, policy);
    after_call(&before, status);
    buffer->calls--;
    buffer->ending = false;
    CHECK(status == BATON_OK || status == BATON_ERROR_POLICY || (status == BATON_ERROR_HELD && held) ||
          (status == BATON_ERROR_NO_SLOT && free_slots(&program.baton->accesses) == 0));
    if (status == BATON_OK) {
        program.seen.policies += policy != buffer->policy;
        buffer->policy = policy;
    }
    if (!held)
        set_may(buffer, !is_never_maintained(buffer));
}

static void change(struct shadow *buffer)
{
    const unsigned device = any(DEVICES);
    struct before before;
    enum baton_status status;

    if (!buffer->used) {
        create(buffer);
        return;
    }
    switch (any(6)) {
    case 0:
    case 1:
        set_policy(buffer);
        break;
    case 2:
        if (buffer->attached[device] && detach(buffer, device) == BATON_OK && any(2))
            attach(buffer, device);
        break;
    case 3:
        attach(buffer, device);
        break;
    case 4:
        subscribe(buffer, device);
        break;
    default:
        if (!is_in_use(buffer)) {
            end_buffer(buffer);
            break;
        }
        before = before_call();
        status = baton_destroy(program.baton, &buffer->handle);
        after_call(&before, status);
        CHECK(status == BATON_ERROR_HELD || status == BATON_ERROR_ATTACHED);
    }
}

static void print_and_check_coverage(unsigned long long programs)
{
    const unsigned *counts = (const unsigned *)&program.seen;

    print_message("# %llu programs; results:", programs);
    for (unsigned i = 0; i <= BATON_ERROR_MAINTENANCE; i++)
        print_message(" %u", program.seen.status[i]);
    print_message("\n# begun by enforcement and direction:");
    for (unsigned i = 0; i < 12; i++)
        print_message(" %u", program.seen.begun[i / 3][i % 3]);
#define SAY(what) print_message("; " #what " %u", program.seen.what)
    print_message("\n# of these");
    SAY(bounced), SAY(displays), SAY(looks), SAY(parts), SAY(partial), SAY(quarantined), SAY(repeated);
    SAY(told), SAY(claimed_at_once), SAY(claimed), SAY(cancelled), SAY(waits), SAY(waited), SAY(timeouts);
    print_message("\n# stages");
    SAY(started), SAY(chained), SAY(stages_failed), SAY(untouched), SAY(halted), SAY(faults), SAY(touches), SAY(strays);
    print_message("\n# others");
    SAY(policies), SAY(detached), SAY(destroyed), SAY(imports), SAY(pieces), SAY(announced), SAY(explained),
        SAY(nested);
    SAY(refused_unchanged);
    print_message("\n");
#undef SAY
    for (size_t i = BATON_ERROR_MAINTENANCE + 1; i < sizeof(program.seen) / sizeof(*counts) && programs >= 100; i++)
        assert_true(counts[i] > 20);
}
