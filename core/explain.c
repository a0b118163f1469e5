/* SPDX-License-Identifier: MIT */
/*
 * EXPLAIN: what an acquire would do, in words. The plan is made by the same functions as for the acquire itself, under the lock;
 * the words are put together after it. Only images that ask link this file and its text.
 */
#include "core/conflict.h"
#include "core/cpu.h"
#include "core/enforcement.h"
#include "core/map.h"
#include "core/refusal.h"

#define LINE_BYTES 160u

struct printer {
    baton_print print;
    void *context;
    uint32_t used;
    char line[LINE_BYTES]; /* what does not fit is cut */
};

static void say(struct printer *printer, const char *text)
{
    while (*text != '\0' && printer->used < LINE_BYTES - 1)
        printer->line[printer->used++] = *text++;
}

static void say_number(struct printer *printer, uint32_t number)
{
    char digits[11];
    uint32_t at = sizeof(digits) - 1;

    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    say(printer, &digits[at]);
}

static void end_line(struct printer *printer)
{
    printer->line[printer->used] = '\0';
    printer->print(printer->context, printer->line);
    printer->used = 0;
}

/* Everything that the words are made of, taken under the lock. */
struct question {
    const char *buffer, *holder;
    struct baton_range range;
    struct rules_acquire request;
    enum baton_status status;
    struct baton_holder in_way; /* its name is NULL if nobody is */
    uint32_t granule_shift;
    bool ragged, bounced, enforced;
    uint32_t operations_count;
    struct rules_operation operations[RULES_OPERATIONS];
    struct directory directory, difference; /* of the place; of a bounced attachment */
    uint32_t ahead;                         /* lines that bounce buffers would bring home */
};

static const char *direction_text(enum baton_direction direction)
{
    static const char *const texts[] = {"reading", "writing", "overwriting"};

    return texts[direction];
}

static const char *domain_text(enum baton_domain domain)
{
    return domain == BATON_DOMAIN_CACHE ? "CACHE" : "MEMORY";
}

static void say_lines(struct printer *printer, const struct question *question, struct line_range lines)
{
    say_number(printer, lines.end - lines.first);
    say(printer, lines.end - lines.first == 1 ? " line, bytes " : " lines, bytes ");
    say_number(printer, lines.first << question->granule_shift);
    say(printer, " to ");
    say_number(printer, (lines.end << question->granule_shift) - 1);
}

static void explain_head(struct printer *printer, const struct question *question)
{
    say(printer, question->holder);
    say(printer, " ");
    say(printer, direction_text(question->request.direction));
    say(printer, " \"");
    say(printer, question->buffer);
    say(printer, "\", bytes ");
    say_number(printer, question->range.offset);
    say(printer, " to ");
    say_number(printer, question->range.offset + (question->range.length - 1));
    say(printer, ", in ");
    say(printer, domain_text(question->request.domain));
    if (question->bounced)
        say(printer, " through a bounce buffer");
    say(printer, question->status == BATON_OK ? ": granted" : ": refused: ");
    if (question->status != BATON_OK)
        say(printer, baton_status_text(question->status));
    end_line(printer);
    if (question->status == BATON_OK || question->in_way.name == NULL)
        return;
    say(printer, "  in the way: ");
    say(printer, question->in_way.name);
    if (question->in_way.range.length == 0) { /* of no range: core/bounce.c */
        say(printer, " copying home what a bounce buffer has that ends");
        end_line(printer);
        return;
    }
    say(printer, " ");
    say(printer, direction_text(question->in_way.direction));
    say(printer, " bytes ");
    say_number(printer, question->in_way.range.offset);
    say(printer, " to ");
    say_number(printer, question->in_way.range.offset + (question->in_way.range.length - 1));
    say(printer, " since epoch ");
    say_number(printer, question->in_way.epoch);
    end_line(printer);
}

static void explain_operation(struct printer *printer, const struct question *question,
                              const struct rules_operation *operation)
{
    if (operation->action == RULES_BARRIER) {
        say(printer, "  barrier: ");
        say(printer, operation->reason == RULES_DEVICE_STARTS ? "the stores so far come before the doorbell (R8)"
                                                              : "the read of the device's status comes before (R9)");
        end_line(printer);
        return;
    }
    say(printer, operation->action == RULES_PUBLISH   ? "  publish "
                 : operation->action == RULES_REFRESH ? "  refresh "
                                                      : "  settle ");
    say_lines(printer, question, operation->lines);
    say(printer, operation->reason == RULES_NEWEST_IN_CACHE    ? ": the newest bytes are in the cache (R2)"
                 : operation->reason == RULES_NEWEST_IN_MEMORY ? ": the newest bytes are in memory (R1)"
                                                               : ": one side is newer, nobody knows which (R3)");
    end_line(printer);
}

/* Why these lines, all of one state, need nothing. */
static void explain_left_out(struct printer *printer, const struct question *question, struct line_range lines,
                             enum line_state state)
{
    const char *why;

    if (question->ragged)
        why = ": a ragged import is in the cache for everybody (R15)";
    else if (state == LINE_CLEAN)
        why = ": the same in cache and memory";
    else if (state != (enum line_state)rules_newest_in(question->request.domain))
        why = ": another access of its domain has made the line valid (R6)";
    else if (state == LINE_DIRTY)
        why = ": the newest bytes are in the cache, where it acts";
    else
        why = ": the newest bytes are in memory, where it acts";
    say(printer, "  nothing for ");
    say_lines(printer, question, lines);
    say(printer, why);
    end_line(printer);
}

static bool is_maintained(const struct question *question, uint32_t line)
{
    for (uint32_t i = 0; i < question->operations_count; i++) {
        if (line >= question->operations[i].lines.first && line < question->operations[i].lines.end)
            return true;
    }
    return false;
}

/* A run of lines of one state, cut where the operations' lines begin and end. */
static void explain_run(struct printer *printer, const struct question *question, struct line_range lines,
                        enum line_state state)
{
    const struct line_range *whole = &question->request.whole;
    const bool overwrites = question->request.direction == BATON_OVERWRITE &&
                            question->request.domain == BATON_DOMAIN_CACHE && whole->first < whole->end;

    while (lines.first < lines.end) {
        struct line_range part = {lines.first, lines.first + 1};
        const bool maintained = is_maintained(question, part.first);
        const bool given_up = overwrites && part.first >= whole->first && part.first < whole->end;

        while (part.end < lines.end && is_maintained(question, part.end) == maintained &&
               (overwrites && part.end < whole->end) == given_up) /* one line at most is before the whole ones */
            part.end++;
        lines.first = part.end;
        if (given_up && state != LINE_CLEAN && state != LINE_DIRTY) {
            say(printer, "  nothing for ");
            say_lines(printer, question, part);
            say(printer, ": every byte is overwritten, nobody will see the old ones (R5)");
            end_line(printer);
        } else if (!maintained) {
            explain_left_out(printer, question, part, state);
        }
    }
}

static void explain_what_is_left_out(struct printer *printer, const struct question *question)
{
    struct line_range lines = question->request.lines;
    struct extent found;

    for (uint32_t cursor = 0; directory_next(&question->directory, lines, &cursor, &found);) {
        explain_run(printer, question, (struct line_range){lines.first, found.lines.first}, LINE_CLEAN);
        explain_run(printer, question, found.lines, found.state);
        lines.first = found.lines.end;
    }
    explain_run(printer, question, lines, LINE_CLEAN);
    if (question->request.device && /* R8: its plan is never empty */
        question->operations[question->operations_count - 1].action != RULES_BARRIER) {
        say(printer, "  no barrier: the publish ends in one (R8)");
        end_line(printer);
    }
}

/* B4: whole lines that the acquire overwrites; none, if all that differs has to make room. */
static struct line_range not_copied(const struct rules_acquire *request)
{
    return request->direction == BATON_OVERWRITE && !request->crowded ? request->whole : (struct line_range){0, 0};
}

/* Lines that are older in its bounce buffer, all of them overwritten or none. */
static void explain_older(struct printer *printer, const struct question *question, struct line_range lines,
                          bool overwritten)
{
    if (lines.first >= lines.end)
        return;
    say(printer, overwritten ? "  no copy of " : "  copy ");
    say_lines(printer, question, lines);
    say(printer, overwritten ? ": every byte is overwritten (B4)" : ": older in the bounce buffer (B3)");
    end_line(printer);
}

static void explain_copies(struct printer *printer, const struct question *question)
{
    const struct line_range skipped = not_copied(&question->request);
    struct extent found;

    if (question->request.crowded) {
        say(printer, "  a bounce buffer's list of differences is full: until it has room more is copied, all lines in "
                     "transit (B7)");
        end_line(printer);
    }
    if (question->ahead != 0) {
        say(printer, "  copy ");
        say_number(printer, question->ahead);
        say(printer, question->ahead == 1 ? " line" : " lines");
        say(printer, " home from a bounce buffer, which has the newest bytes (B2)");
        end_line(printer);
    }
    if (!question->bounced)
        return;
    for (uint32_t cursor = 0; directory_next(&question->difference, question->request.lines, &cursor, &found);) {
        if (found.state != LINE_STALE)
            continue;
        explain_older(printer, question, lines_in_common(found.lines, (struct line_range){0, skipped.first}), false);
        explain_older(printer, question, lines_in_common(found.lines, skipped), true);
        explain_older(printer, question, lines_in_common(found.lines, (struct line_range){skipped.end, UINT32_MAX}),
                      false);
    }
}

static void explain(struct printer *printer, const struct question *question)
{
    explain_head(printer, question);
    if (question->status != BATON_OK)
        return;
    explain_copies(printer, question);
    for (uint32_t i = 0; i < question->operations_count; i++)
        explain_operation(printer, question, &question->operations[i]);
    explain_what_is_left_out(printer, question);
    if (question->enforced) {
        say(printer, "  the CPU's mapping of these pages changes with it");
        end_line(printer);
    }
}

/* Lines that come home: of its own bounce buffer's only where all that differs has to make room. */
static void count_ahead(const struct buffer *buffer, const struct attachment *own, struct question *question)
{
    const struct rules_acquire *request = &question->request;
    const struct line_range skipped = not_copied(request);
    struct extent found;

    question->ahead = 0;
    for (const struct attachment *other = buffer->bounced; other != NULL; other = other->next_bounced) {
        if (other == own && !request->crowded)
            continue;
        const struct line_range lines = request->crowded ? (struct line_range){0, buffer->lines} : request->lines;

        for (uint32_t cursor = 0; directory_next(&other->difference, lines, &cursor, &found);) {
            const struct line_range left_out = lines_in_common(found.lines, skipped);

            if (found.state != LINE_DIRTY)
                continue;
            question->ahead += found.lines.end - found.lines.first;
            if (left_out.first < left_out.end)
                question->ahead -= left_out.end - left_out.first;
        }
    }
}

/* Under the lock: asks what the acquire would ask. */
static void take(const struct baton *instance, struct handoff *handoff, struct question *question)
{
    const struct buffer *buffer = handoff->buffer;
    const struct access asking = {.buffer = handoff->buffer, .attachment = handoff->attachment};
    const struct access *holder;

    question->buffer = buffer->name;
    question->holder = handoff->attachment ? handoff->attachment->device->config.name : "cpu";
    question->range = handoff->range;
    question->granule_shift = instance->granule_shift;
    question->ragged = (buffer->special & SPECIAL_RAGGED) != 0;
    question->enforced = enforcement_updates(buffer);
    question->bounced = handoff->attachment != NULL && handoff->attachment->bounce != NULL;
    question->status = handoff_check(instance, handoff, &question->request);
    question->in_way.name = NULL;
    holder = handoff->holder;
    if (holder != NULL)
        question->in_way = (struct baton_holder){.name = holder->party.holder,
                                                 .direction = holder->manner.direction,
                                                 .range = holder->party.range,
                                                 .epoch = holder->epoch};
    question->directory = access_place(&asking)->directory;
    if (question->bounced)
        question->difference = handoff->attachment->difference;
    count_ahead(buffer, handoff->attachment, question);
    question->operations_count = handoff_plan(&asking, &question->request, question->operations);
}

enum baton_status baton_explain_cpu_access(struct baton *instance, baton_buffer buffer, struct baton_range range,
                                           enum baton_direction direction, baton_print print, void *context)
{
    const uintptr_t call_site = CALL_SITE;
    struct handoff handoff = {.range = range, .direction = direction, .call_site = call_site};
    struct refusal refusal = {.verb = __func__, .call_site = call_site, .range = range};
    struct printer printer = {.print = print, .context = context};
    struct question question;
    enum baton_status status;
    uint32_t lock_state;

    if (instance == NULL || print == NULL)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    lock_state = instance_lock(instance);
    handoff.buffer = instance_buffer(instance, buffer);
    if (handoff.buffer == NULL)
        return refuse_handle(instance, lock_state, buffer.token, HANDLE_BUFFER, &refusal);
    refusal.buffer = handoff.buffer;
    status = cpu_check(instance, handoff.buffer, range, direction);
    if (status != BATON_OK)
        return refuse(instance, lock_state, status, &refusal);
    take(instance, &handoff, &question);
    instance_unlock(instance, lock_state);
    explain(&printer, &question);
    return BATON_OK;
}

enum baton_status baton_explain_mapping(struct baton *instance, baton_attachment attachment, struct baton_range range,
                                        enum baton_direction direction, baton_print print, void *context)
{
    const uintptr_t call_site = CALL_SITE;
    struct handoff handoff = {.range = range, .direction = direction, .call_site = call_site};
    struct refusal refusal = {.verb = __func__, .call_site = call_site, .range = range};
    struct printer printer = {.print = print, .context = context};
    struct segments segments;
    struct question question;
    enum baton_status status;
    uint32_t lock_state;

    if (instance == NULL || print == NULL || (unsigned)direction > BATON_OVERWRITE)
        return refuse_unlocked(instance, BATON_ERROR_ARGUMENT, __func__, call_site);
    lock_state = instance_lock(instance);
    handoff.attachment = instance_attachment(instance, attachment);
    if (handoff.attachment == NULL)
        return refuse_handle(instance, lock_state, attachment.token, HANDLE_ATTACHMENT, &refusal);
    handoff.buffer = handoff.attachment->buffer;
    refusal.buffer = handoff.buffer;
    status = map_check(instance, handoff.attachment, range, direction, HANDLE_SOURCE, &segments);
    if (status != BATON_OK)
        return refuse(instance, lock_state, status, &refusal);
    take(instance, &handoff, &question);
    instance_unlock(instance, lock_state);
    explain(&printer, &question);
    return BATON_OK;
}
