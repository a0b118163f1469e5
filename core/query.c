/* SPDX-License-Identifier: MIT */
/*
 * Who may touch it now: baton_query, baton_trace and the counters. Nothing here changes anything.
 */
#include "core/call.h"

static void count_newest(const struct baton *instance, const struct buffer *buffer, struct line_range lines,
                         struct baton_answer *answer)
{
    struct extent found;

    for (uint32_t cursor = 0; directory_next(&buffer->directory, lines, &cursor, &found);) {
        uint32_t bytes = (found.lines.end - found.lines.first) << instance->granule_shift;

        if (found.state == LINE_DIRTY)
            answer->newest_in_cache += bytes;
        else if (found.state == LINE_STALE)
            answer->newest_in_memory += bytes;
        else
            answer->newest_unknown += bytes;
    }
}

static void count_newest_in_bounce(const struct baton *instance, const struct buffer *buffer, struct line_range lines,
                                   struct baton_answer *answer)
{
    struct extent found;

    for (const struct attachment *attachment = buffer->bounced; attachment; attachment = attachment->next_bounced) {
        for (uint32_t cursor = 0; directory_next(&attachment->difference, lines, &cursor, &found);) {
            if (found.state == LINE_DIRTY)
                answer->newest_in_bounce += (found.lines.end - found.lines.first) << instance->granule_shift;
        }
    }
}

static void describe(const struct baton *instance, const struct access *access, struct baton_holder *holder)
{
    holder->name = access->party.holder;
    holder->domain = access->manner.domain;
    holder->direction = access->manner.direction;
    holder->range = access->party.range;
    holder->epoch = access->epoch;
    holder->call_site = access->call_site;
    holder->hold = (enum baton_hold)access->manner.hold;
    holder->bounced = access->attachment != NULL && access->attachment->bounce != NULL;
    holder->lent = (access->ties & TIE_LENDER) != 0;
    holder->fence = NULL;
    if ((access->ties & TIE_FENCE) != 0)
        holder->fence = instance_ties(instance, access)->fence->config.name;
}

enum baton_status baton_query(struct baton *instance, baton_buffer buffer, struct baton_range range,
                              struct baton_answer *answer, struct baton_holder *holders, uint32_t capacity)
{
    struct call call;
    const struct buffer *asked;
    struct line_range lines;

    call_begin(&call, instance, __func__, CALL_SITE);
    call.refusal.range = range;
    asked = call_find(&call, HANDLE_BUFFER, buffer.token, answer != NULL && (capacity == 0 || holders != NULL));
    if (asked == NULL)
        return call.status;
    call.refusal.buffer = asked;
    if (!range_is_within(range, asked->size))
        return call_refuse(&call, BATON_ERROR_RANGE);

    *answer = (struct baton_answer){.epoch = asked->epoch};
    lines = range_lines(range, instance->granule_shift);
    count_newest(instance, asked, lines, answer);
    count_newest_in_bounce(instance, asked, lines, answer);
    for (unsigned list = 0; list < 2; list++) { /* in flight, and in the queue */
        for (const struct access *access = list ? asked->queue : asked->accesses; access; access = access->next) {
            if (!lines_meet(access->lines, lines))
                continue;
            if (answer->holders < capacity)
                describe(instance, access, &holders[answer->holders]);
            answer->holders++;
        }
    }
    return call_end(&call);
}

static void copy_record(const struct baton *instance, uint32_t sequence, struct baton_record *record)
{
    const struct record *kept = &instance->ring[sequence & instance->ring_mask];
    static const struct work nothing, barrier = {.actions = BATON_ACTION_BARRIER, .reasons = BATON_REASON_DEVICE_START};
    const struct work *work = &instance->works[sequence & instance->ring_mask];

    record->sequence = sequence;
    record->epoch = kept->epoch;
    record->buffer = kept->party.buffer;
    record->holder = kept->party.holder;
    record->verb = kept->manner.verb;
    record->domain = kept->manner.domain;
    record->direction = kept->manner.direction;
    record->range = kept->party.range;
    if (kept->manner.hold != NOTE_WORK)
        work = kept->manner.hold == NOTE_BARRIER ? &barrier : &nothing;
    record->published = work->published;
    record->refreshed = work->refreshed;
    record->copied = work->copied;
    record->actions = work->actions;
    record->reasons = work->reasons;
    record->time = kept->time;
    record->call_site = kept->call_site;
}

/* The oldest record newer than sequence that the ring still has; false: there is none. */
static bool next_record(struct baton *instance, uint32_t sequence, struct baton_record *record)
{
    /* One record for each time that the lock is taken, so that it is held for bounded time. */
    uint32_t lock_state = instance_lock(instance);
    uint32_t kept = instance->ring_mask + 1;
    bool found = sequence != instance->sequence;

    if (found) {
        if (instance->sequence - sequence > kept) /* overrun; differences are right when the count wraps, too */
            sequence = instance->sequence - kept;
        sequence++;
        copy_record(instance, sequence, record);
    }
    instance_unlock(instance, lock_state);
    return found;
}

enum baton_status baton_trace(struct baton *instance, uint32_t *sequence, struct baton_record *records,
                              uint32_t capacity, uint32_t *count)
{
    const uintptr_t call_site = CALL_SITE;

    if (instance == NULL || sequence == NULL || count == NULL || (capacity != 0 && records == NULL))
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    for (*count = 0; *count < capacity && next_record(instance, *sequence, &records[*count]); (*count)++)
        *sequence = records[*count].sequence;
    return BATON_OK;
}

enum baton_status baton_cpu_counters(struct baton *instance, struct baton_counters *counters)
{
    struct call call;

    call_begin(&call, instance, __func__, CALL_SITE);
    if (!call_enter(&call, counters != NULL))
        return call.status;
    *counters = instance->cpu;
    return call_end(&call);
}

enum baton_status baton_device_counters(struct baton *instance, baton_device device, struct baton_counters *counters)
{
    struct call call;
    const struct device *asked;

    call_begin(&call, instance, __func__, CALL_SITE);
    asked = call_find(&call, HANDLE_DEVICE, device.token, counters != NULL);
    if (asked == NULL)
        return call.status;
    *counters = asked->counters;
    return call_end(&call);
}
