/* SPDX-License-Identifier: MIT */
/*
 * Poison and canaries: see core/debug.h. The CPU's loads and stores are the port's copies, since on a host the CPU is simulated.
 */
#include "core/debug.h"
#include "core/chunk.h"
#include "core/handoff.h"
#include "core/refusal.h"

#define PIECE 32u /* bytes that are copied at once */

static void fill(const struct baton *instance, char *to, uint32_t length, uint8_t value)
{
    uint8_t piece[PIECE];

    for (uint32_t i = 0; i < PIECE; i++)
        piece[i] = value;
    while (length > 0) {
        const uint32_t now = length < PIECE ? length : PIECE;

        instance->port->copy(instance->port->context, to, piece, now);
        to += now;
        length -= now;
    }
}

/* The line that holds the buffer's last byte: of a buffer that is padded to pages it is not the last one. */
static struct line_range last_line(const struct baton *instance, const struct buffer *buffer)
{
    const uint32_t last = (buffer->size - 1) >> instance->granule_shift;

    return (struct line_range){last, last + 1};
}

/* The bytes of it behind that; none of an import, whose neighbours they are. */
static uint32_t slack(const struct baton *instance, const struct buffer *buffer, char **start)
{
    const uint32_t last = last_line(instance, buffer).first;
    const uint32_t offset = buffer->size - (last << instance->granule_shift);

    *start = chunk_cpu(buffer, last, instance->granule_shift) + offset;
    return buffer->pool != NULL ? (1u << instance->granule_shift) - offset : 0;
}

void debug_arm(const struct baton *instance, struct buffer *buffer)
{
    const struct line_range last = last_line(instance, buffer);
    char *start;
    const uint32_t length = slack(instance, buffer, &start);

    fill(instance, start, length, DEBUG_CANARY);
    if (length > 0)
        directory_set(&buffer->directory, &last, (enum line_state)rules_newest_in(buffer->cpu_domain));
    buffer->special &= (uint16_t)~SPECIAL_OVERRUN;
}

static bool canary_lives(const struct baton *instance, const struct buffer *buffer)
{
    char *start;
    uint32_t length = slack(instance, buffer, &start);
    uint8_t piece[PIECE];

    while (length > 0) {
        const uint32_t now = length < PIECE ? length : PIECE;

        instance->port->copy(instance->port->context, piece, start, now);
        for (uint32_t i = 0; i < now; i++) {
            if (piece[i] != DEBUG_CANARY)
                return false;
        }
        start += now;
        length -= now;
    }
    return true;
}

void debug_poison(struct baton *instance, struct access *access, const struct rules_acquire *request)
{
    const uint32_t shift = instance->granule_shift;
    const uint32_t end = access->party.range.offset + access->party.range.length;
    struct buffer *const place = access_place(access);
    struct line_range left = request->whole;
    uint32_t lock_state;

    if ((access->ties & TIE_FENCE) != 0) /* R16; and an earlier stage may be at work there */
        return;
    if (access->attachment == NULL || access->manner.direction != BATON_OVERWRITE || left.first >= left.end)
        return;
    while (left.first < left.end) { /* once for each piece of the buffer */
        const struct line_range lines = lines_in_common(left, chunk_lines(place, left.first));
        const uint32_t start = lines.first << shift, behind = lines.end << shift;

        fill(instance, chunk_cpu(place, lines.first, shift), (behind < end ? behind : end) - start, DEBUG_POISON);
        left.first = lines.end;
    }
    lock_state = instance_lock(instance);
    if (place->cpu_domain == BATON_DOMAIN_CACHE)
        directory_set(&place->directory, &request->whole, LINE_DIRTY);
    instance_unlock(instance, lock_state);
}

static void check(struct baton *instance, struct buffer *buffer, uintptr_t call_site, struct baton_range range)
{
    const struct baton_misuse overrun = {.verb = "canary",
                                         .reason = "bytes behind the buffer's end were overwritten",
                                         .buffer = buffer->name,
                                         .holder = "",
                                         .call_site = call_site,
                                         .offset = range.offset,
                                         .length = range.length,
                                         .epoch = buffer->epoch};
    uint32_t lock_state;

    if ((buffer->special & SPECIAL_OVERRUN) != 0 || canary_lives(instance, buffer))
        return;
    lock_state = instance_lock(instance);
    buffer->special |= SPECIAL_OVERRUN;
    instance_unlock(instance, lock_state);
    refusal_report(instance, &overrun);
}

void debug_check(struct baton *instance, const struct access *access, const struct rules_acquire *request)
{
    const uint32_t lines = last_line(instance, access->buffer).end;

    /* Who overwrites the whole line may see old bytes of it (R5): with the canary, too, since the buffer was made. */
    if (access->attachment == NULL && request->lines.end == lines)
        check(instance, access->buffer, access->call_site, access->party.range);
}

void debug_check_end(struct baton *instance, struct buffer *buffer, uintptr_t call_site)
{
    const struct line_range last = last_line(instance, buffer);
    const struct rules_acquire reads = {.lines = last, .whole = last, .domain = buffer->cpu_domain};

    handoff_make_valid(instance, buffer, &reads, &(struct work){0}); /* counted nowhere */
    check(instance, buffer, call_site, (struct baton_range){0, buffer->size});
}
