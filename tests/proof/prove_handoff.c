/* SPDX-License-Identifier: MIT */
/*
 * Proofs of core/rules.c and core/conflict.c: an acquire and a release of any range, beside any others, from any state in
 * which the invariant holds.
 *
 * The others are two: one that is looked at afterwards, and one more that may be the reason of what the acquire left out. What is
 * proved of any one of the others is proved of all.
 */
#include "tests/proof/proof.h"

#ifndef PROOF_SHIFT
#define PROOF_SHIFT 2 /* granules of 4 bytes */
#endif

#ifndef PROOF_OTHERS
#define PROOF_OTHERS 2
#endif

enum { OTHERS = PROOF_OTHERS };

static struct buffer buffer;
static struct attachment attachments[OTHERS + 1]; /* all direct */
static struct access others[OTHERS + 1];          /* the last is the one that acquires or releases */
static uint32_t other_count;
static bool self_counts; /* it has been granted */
#define SELF (&others[OTHERS])
static struct baton instance; /* its granule is all that is looked at */
static uint32_t shift;

/* The line that is looked at, any one. */
static uint32_t line;

/* directory_set() by what prove_directory_set() shows of it: the line has the state that it was given, or is widened. The one that
 * is compiled has another name here (tests/proof/prove). */
void directory_set(struct directory *directory, const struct line_range *lines, enum line_state state)
{
    const enum line_state wanted = in_lines(*lines, line) ? state : state_of(directory, line);

    if (lines->first >= lines->end)
        return;
    *directory = any_directory();
    ASSUME(state_of(directory, line) == wanted || state_of(directory, line) == LINE_UNKNOWN);
}

static bool writes(enum baton_direction direction)
{
    return direction != BATON_READ;
}

static uint32_t any_byte(void)
{
    return (nondet_uint32() & ((32u << PROOF_SHIFT) - 1));
}

static struct baton_range any_range(void)
{
    const struct baton_range range = {any_byte(), any_byte()};

    ASSUME(range_is_within(range, buffer.size));
    return range;
}

static enum baton_direction any_direction(void)
{
    const uint32_t direction = nondet_uint8() & 3u;

    ASSUME(direction <= BATON_OVERWRITE);
    return (enum baton_direction)direction;
}

static enum baton_domain any_domain(void)
{
    return nondet_bool() ? BATON_DOMAIN_CACHE : BATON_DOMAIN_MEMORY;
}

static bool bytes_in_common(struct baton_range a, struct baton_range b)
{
    const uint32_t a_end = a.offset + a.length, b_end = b.offset + b.length; /* no overflow: within the buffer */

    return a.offset < b_end && b.offset < a_end;
}

/* May the two stand beside each other (C1 to C3)? */
static bool compatible(struct baton_range a, enum baton_domain a_domain, enum baton_direction a_direction,
                       struct baton_range b, enum baton_domain b_domain, enum baton_direction b_direction)
{
    if (!writes(a_direction) && !writes(b_direction))
        return true;
    if (bytes_in_common(a, b))
        return false;
    return a_domain == b_domain || !lines_meet(range_lines(a, shift), range_lines(b, shift));
}

static void any_buffer(void)
{
    shift = PROOF_SHIFT;
    instance.granule_shift = PROOF_SHIFT;
    buffer.size = any_byte();
    ASSUME(buffer.size > 0 && buffer.size <= (uint32_t)PROOF_LINES << PROOF_SHIFT);
    buffer.directory = any_directory();
    buffer.accesses = NULL;
    buffer.special = 0;
    buffer.enforcement = NULL;
    for (unsigned i = 0; i <= OTHERS; i++)
        attachments[i].bounce = NULL;
}

/* Nobody, one or two others, who may stand beside each other. */
static void any_others(void)
{
    other_count = nondet_uint8() & 3u;
    ASSUME(other_count <= OTHERS);
    for (uint32_t i = 0; i < OTHERS; i++) {
        struct access *other = &others[i];

        other->buffer = &buffer;
        other->attachment = nondet_bool() ? &attachments[i] : NULL;
        other->party.range = any_range();
        other->manner.domain = any_domain();
        other->manner.direction = any_direction();
        other->manner.hold = nondet_bool() ? BATON_HOLD_GRANTED : BATON_HOLD_IN_TRANSIT;
        other->lines = range_lines(other->party.range, shift);
        other->ties = 0;
        other->next = i > 0 ? &others[i - 1] : NULL;
    }
    if (other_count > 0)
        buffer.accesses = &others[other_count - 1];
    if (other_count == 2)
        ASSUME(compatible(others[0].party.range, others[0].manner.domain, others[0].manner.direction,
                          others[OTHERS - 1].party.range, others[OTHERS - 1].manner.domain,
                          others[OTHERS - 1].manner.direction));
}

/* Has this one been granted bytes of the line, that it relies on? Of one that overwrites the whole line in the cache nothing is
 * asked: it will have stored every byte. */
static bool relies(const struct access *access)
{
    if (access->manner.hold != BATON_HOLD_GRANTED || !in_lines(access->lines, line))
        return false;
    return !(access->manner.direction == BATON_OVERWRITE && access->manner.domain == BATON_DOMAIN_CACHE &&
             in_lines(range_whole_lines(access->party.range, buffer.size, shift), line));
}

static bool overwritten(const struct access *access)
{
    return access->manner.hold == BATON_HOLD_GRANTED && in_lines(access->lines, line) && !relies(access);
}

/* The invariant. */
static bool holds(const struct truth *truth)
{
    const enum line_state state = state_of(&buffer.directory, line);
    bool written_in_cache = false, written_in_memory = false;

    for (uint32_t i = 0; i <= OTHERS; i++) {
        const struct access *other = &others[i];

        if (i < OTHERS ? i >= other_count : !self_counts)
            continue;
        if (overwritten(other))
            return state == LINE_DIRTY || state == LINE_UNKNOWN; /* whatever is there, nobody will see it */
        if (!relies(other))
            continue;
        if (!valid_in(truth, other->manner.domain))
            return false;
        /* Where it is read in one domain the directory does not say that the other alone may be newer. */
        if (state == (other->manner.domain == BATON_DOMAIN_CACHE ? LINE_STALE : LINE_DIRTY))
            return false;
        if (writes(other->manner.direction) && other->manner.domain == BATON_DOMAIN_CACHE)
            written_in_cache = true;
        if (writes(other->manner.direction) && other->manner.domain == BATON_DOMAIN_MEMORY)
            written_in_memory = true;
    }
    /* Who writes makes the other domain old, and the directory says so when he ends. */
    return is_true(state, truth) || (written_in_cache && valid_in_cache(truth)) ||
           (written_in_memory && valid_in_memory(truth));
}

/* What the rules say of one line (docs/OWNERSHIP.md, R1 to R3, R5, R6). */
static uint32_t needed_actions(enum line_state state, const struct rules_acquire *request, bool shared)
{
    if (!in_lines(request->lines, line) || shared)
        return 0;
    if (request->direction == BATON_OVERWRITE && request->domain == BATON_DOMAIN_CACHE &&
        in_lines(request->whole, line))
        return 0;
    if (state == LINE_UNKNOWN)
        return BATON_ACTION_PUBLISH | BATON_ACTION_REFRESH;
    if (state == LINE_DIRTY && request->domain == BATON_DOMAIN_MEMORY)
        return BATON_ACTION_PUBLISH;
    if (state == LINE_STALE && request->domain == BATON_DOMAIN_CACHE)
        return BATON_ACTION_REFRESH;
    return 0;
}

/* The conflict table (C1 to C4), of all others. */
static enum baton_status expected_status(const struct handoff *handoff, const struct rules_acquire *request)
{
    enum baton_status status = BATON_OK;

    for (uint32_t i = 0; i < OTHERS; i++) {
        const struct access *other = &others[i];

        if (i >= other_count)
            continue;
        const bool one_writes = writes(request->direction) || writes(other->manner.direction);

        if (!lines_meet(request->lines, range_lines(other->party.range, shift)))
            continue;
        if (one_writes && bytes_in_common(handoff->range, other->party.range))
            return BATON_ERROR_BUSY;
        if (one_writes && request->domain != other->manner.domain)
            status = BATON_ERROR_FALSE_SHARING;
        else if (other->manner.hold == BATON_HOLD_IN_TRANSIT && status == BATON_OK)
            status = BATON_ERROR_IN_TRANSIT;
    }
    return status;
}

static struct rules_acquire any_request(struct handoff *handoff)
{
    *handoff = (struct handoff){.buffer = &buffer, .range = any_range(), .direction = any_direction()};
    handoff->attachment = nondet_bool() ? &attachments[OTHERS] : NULL;
    return (struct rules_acquire){
        .lines = range_lines(handoff->range, shift),
        .whole = range_whole_lines(handoff->range, buffer.size, shift),
        .domain = any_domain(),
        .direction = handoff->direction,
        .device = handoff->attachment != NULL,
        .after_device = nondet_bool(),
    };
}

/* Exclusivity, and that what may be granted is. */
void prove_conflicts(void)
{
    struct rules_acquire request;
    struct handoff handoff;
    enum baton_status status;

    any_buffer();
    any_others();
    self_counts = false;
    request = any_request(&handoff);
    status = conflict_check(&instance, &handoff, &request);
    PROVE(status == expected_status(&handoff, &request), "the status that the table says");
    PROVE((status == BATON_OK) == (handoff.holder == NULL), "who is refused is told who is in the way");
    if (status == BATON_OK)
        REACHED("granted");
    if (status == BATON_OK && request.first_shared && request.last_shared &&
        request.lines.end - request.lines.first > 1)
        REACHED("granted between two neighbours");
    if (status == BATON_ERROR_BUSY)
        REACHED("busy");
    if (status == BATON_ERROR_FALSE_SHARING)
        REACHED("false sharing");
    if (status == BATON_ERROR_IN_TRANSIT)
        REACHED("in transit");
    if (status != BATON_OK)
        return;
    for (unsigned i = 0; i < OTHERS; i++) {
        const struct access *other = &others[i];
        const bool listed = i < other_count;

        PROVE(!listed || compatible(handoff.range, request.domain, request.direction, other->party.range,
                                    other->manner.domain, other->manner.direction),
              "whoever is granted may stand beside all others");
    }
}

/* Another in the same domain holds other bytes of the line, and one of the two writes (R6). */
static bool is_shared(const struct rules_acquire *request)
{
    for (uint32_t i = 0; i < OTHERS; i++) {
        const struct access *other = &others[i];

        if (i >= other_count)
            continue;
        if (in_lines(other->lines, line) && (writes(other->manner.direction) || writes(request->direction)))
            return true;
    }
    return false;
}

static bool written_by_others(enum baton_domain *domain)
{
    for (uint32_t i = 0; i < OTHERS; i++) {
        const struct access *other = &others[i];

        if (i >= other_count)
            continue;
        if (in_lines(other->lines, line) && writes(other->manner.direction) &&
            other->manner.hold == BATON_HOLD_GRANTED) {
            *domain = other->manner.domain;
            return true;
        }
    }
    return false;
}

/* An acquire: check, plan, operations, commit; on any line. */
void prove_acquire(void)
{
    struct rules_operation operations[RULES_OPERATIONS];
    struct rules_acquire request;
    struct truth truth = any_truth();
    struct handoff handoff;
    uint32_t count, actions = 0, times = 0, barriers = 0, published = 0;
    enum line_state planned, meanwhile, after;
    enum baton_domain writer;
    bool shared;

    any_buffer();
    any_others();
    line = any_line();
    self_counts = false;
    ASSUME(line < PROOF_LINES && holds(&truth));
    request = any_request(&handoff);
    if (conflict_check(&instance, &handoff, &request) != BATON_OK)
        return;
    shared = is_shared(&request);
    planned = state_of(&buffer.directory, line);
    count = rules_plan(&buffer.directory, &request, operations);
    PROVE(count <= RULES_OPERATIONS, "the plan has room");

    for (uint32_t i = 0; i < RULES_OPERATIONS; i++) {
        if (i >= count)
            break;
        if (operations[i].action == RULES_BARRIER) {
            PROVE(i + 1 == count, "a barrier comes last");
            barriers++;
            PROVE(operations[i].reason == (request.device ? RULES_DEVICE_STARTS : RULES_DEVICE_DONE),
                  "a barrier says why");
            continue;
        }
        published |= operations[i].action & BATON_ACTION_PUBLISH;
        PROVE(operations[i].lines.first < operations[i].lines.end && operations[i].lines.first >= request.lines.first &&
                  operations[i].lines.end <= request.lines.end,
              "an operation has lines, of the range");
        if (!in_lines(operations[i].lines, line))
            continue;
        times++;
        actions |= operations[i].action;
        PROVE(operations[i].reason == (planned == LINE_DIRTY   ? RULES_NEWEST_IN_CACHE
                                       : planned == LINE_STALE ? RULES_NEWEST_IN_MEMORY
                                                               : RULES_NEWEST_UNKNOWN),
              "an operation says why");
        noise(&truth);
        if ((operations[i].action & BATON_ACTION_PUBLISH) != 0)
            clean(&truth);
        noise(&truth);
        if ((operations[i].action & BATON_ACTION_REFRESH) != 0)
            invalidate(&truth);
    }
    PROVE(actions == needed_actions(planned, &request, shared), "exactly the maintenance that the line needs");
    PROVE(times == (actions != 0), "once");
    PROVE(barriers ==
              ((request.device && published == 0) || (!request.device && request.after_device && count == barriers)),
          "a barrier where no operation brings one");

    /* Others go on meanwhile: who writes bytes of the line, stores; the directory widens; who writes, ends. */
    noise(&truth);
    meanwhile = planned;
    if (written_by_others(&writer) && nondet_bool()) {
        store(&truth, writer);
        if (nondet_bool())
            meanwhile = writer == BATON_DOMAIN_CACHE ? LINE_DIRTY : LINE_STALE;
    }
    noise(&truth);
    if (nondet_bool()) {
        buffer.directory = any_directory();
        ASSUME(state_of(&buffer.directory, line) == meanwhile || state_of(&buffer.directory, line) == LINE_UNKNOWN);
    } else {
        ASSUME(meanwhile == planned);
    }

    rules_commit_acquire(&buffer.directory, &request, operations, count);
    after = state_of(&buffer.directory, line);
    PROVE(well_formed(&buffer.directory), "the directory stays well-formed");

    *SELF = (struct access){.buffer = &buffer,
                            .party.range = handoff.range,
                            .lines = request.lines,
                            .manner = {BATON_VERB_ACQUIRE, request.domain, request.direction, BATON_HOLD_GRANTED}};
    self_counts = true;
    if (relies(SELF))
        PROVE(valid_in(&truth, request.domain), "the holder finds the newest bytes, and no eviction hits them");
    PROVE(holds(&truth), "the invariant holds after an acquire");
    if (!in_lines(request.lines, line))
        PROVE(after == meanwhile || after == LINE_UNKNOWN, "other lines keep their state, or widen");
    if (overwritten(SELF))
        PROVE(after == LINE_DIRTY || after == LINE_UNKNOWN, "a line to be overwritten in the cache is dirty");
    if (actions == (BATON_ACTION_PUBLISH | BATON_ACTION_REFRESH))
        REACHED("a settle");
    if (actions == BATON_ACTION_PUBLISH)
        REACHED("a publish");
    if (actions == BATON_ACTION_REFRESH)
        REACHED("a refresh");
    if (shared && in_lines(request.lines, line) && planned == LINE_UNKNOWN)
        REACHED("a line that is left to a neighbour");
    if (overwritten(SELF) && planned == LINE_STALE)
        REACHED("a stale line that is overwritten");
    if (after == LINE_UNKNOWN && actions != 0)
        REACHED("a line that widens as it is committed");
    if (barriers == 1 && count == 1)
        REACHED("a barrier alone");
}

/* A release, complete, partial, or failed; on any line, beside any others. */
void prove_release(void)
{
    struct truth truth = any_truth();
    struct baton_range written;
    const uint32_t how = nondet_uint32();
    enum line_state before, after;
    bool whole;

    any_buffer();
    any_others();
    line = any_line();
    ASSUME(line < PROOF_LINES);
    *SELF = (struct access){.buffer = &buffer, .party.range = any_range()};
    SELF->manner = (struct manner){BATON_VERB_ACQUIRE, any_domain(), any_direction(), BATON_HOLD_GRANTED};
    SELF->lines = range_lines(SELF->party.range, shift);
    for (uint32_t i = 0; i < OTHERS; i++) {
        const struct access *other = &others[i];

        if (i >= other_count)
            continue;
        ASSUME(compatible(SELF->party.range, SELF->manner.domain, SELF->manner.direction, other->party.range,
                          other->manner.domain, other->manner.direction));
        /* What is in transit while the other has bytes of its lines was in transit first; then both only read. */
        ASSUME(other->manner.hold == BATON_HOLD_GRANTED || !in_lines(other->lines, line) ||
               !in_lines(SELF->lines, line));
    }
    self_counts = true;
    ASSUME(holds(&truth));
    self_counts = false;

    before = state_of(&buffer.directory, line);
    whole = in_lines(range_whole_lines(SELF->party.range, buffer.size, shift), line);
    written = (struct baton_range){any_byte(), any_byte()};
    ASSUME(range_covers(SELF->party.range, written));

    if (how == 0) { /* complete: an overwriter has stored every byte */
        if (overwritten(SELF)) {
            truth = any_truth();
            ASSUME(valid_in_cache(&truth));
        }
        rules_commit_release(&buffer.directory, &SELF->lines, SELF->manner.domain, SELF->manner.direction);
        REACHED("a complete release");
    } else {
        const struct rules_release request = {
            .lines = SELF->lines,
            .whole = range_whole_lines(SELF->party.range, buffer.size, shift),
            .written = range_lines(written, shift),
            .domain = SELF->manner.domain,
            .direction = SELF->manner.direction,
            .outcome = how == 1 ? RULES_PARTIAL : RULES_FAILED,
        };

        ASSUME(writes(SELF->manner.direction));
        if (how == 1) {
            ASSUME(SELF->manner.domain == BATON_DOMAIN_CACHE); /* a CPU's */
            /* It has stored nothing else: elsewhere what is true is what was at the acquire. */
            if (!in_lines(request.written, line) && relies(SELF))
                ASSUME(is_true(before, &truth) || is_shared(&(struct rules_acquire){.direction = BATON_READ}));
        }
        /* What an overwriter leaves has undefined content: the newest is what its cache shows, or memory, as is_true() of
         * unknown says. */
        if (overwritten(SELF)) {
            truth = any_truth();
            ASSUME(valid_in_cache(&truth) || (valid_in_memory(&truth) && !in_lines(request.written, line)));
        }
        rules_commit_unfinished(&buffer.directory, &request);
        after = state_of(&buffer.directory, line);
        if (how == 1 && in_lines(SELF->lines, line) && !in_lines(request.written, line) &&
            !(whole && SELF->manner.direction == BATON_OVERWRITE))
            PROVE(after == before || after == LINE_UNKNOWN, "R11: what was not touched keeps its state");
        if (how == 1 && !in_lines(request.written, line) && overwritten(SELF)) {
            PROVE(after == LINE_UNKNOWN, "R11: what an overwriter gave up is unknown");
            REACHED("an overwriter that gives up a line");
        }
        if (how != 1 && in_lines(SELF->lines, line) && !in_lines(request.written, line)) {
            PROVE(after == (SELF->manner.domain == BATON_DOMAIN_CACHE && !whole ? LINE_DIRTY : LINE_UNKNOWN) ||
                      after == LINE_UNKNOWN,
                  "R12: what a failed device may have written");
            REACHED("a line that a failed device may have written");
        }
        if (how != 1)
            REACHED("a failed release");
        else
            REACHED("a partial release");
    }
    after = state_of(&buffer.directory, line);
    PROVE(well_formed(&buffer.directory), "the directory stays well-formed");
    PROVE(holds(&truth), "the invariant holds after a release");
    if (!in_lines(SELF->lines, line) || SELF->manner.direction == BATON_READ)
        PROVE(after == before || after == LINE_UNKNOWN,
              "other lines keep their state, or widen; a reader changes none");
}

/* Where the short ways of core/handoff.h look at the directory, and find nothing to do, the rules have nothing to do either. */
void prove_short(void)
{
    struct rules_operation operations[RULES_OPERATIONS];
    const struct directory directory = any_directory();
    struct rules_acquire request = {.lines = any_lines(), .whole = any_lines(), .domain = any_domain(), .device = true};
    uint32_t count;

    request.direction = any_direction();
    ASSUME(request.direction != BATON_OVERWRITE || request.domain == BATON_DOMAIN_MEMORY);
    if (rules_nothing_in(&directory, request.domain)) {
        count = rules_plan(&directory, &request, operations);
        PROVE(count == 1 && operations[0].action == RULES_BARRIER, "a device needs its barrier only");
        REACHED("a device's short way");
    }
    request.domain = BATON_DOMAIN_CACHE;
    request.device = false;
    request.direction = nondet_bool() ? BATON_READ : BATON_WRITE;
    if (directory.uncommon == 0) {
        PROVE(rules_plan(&directory, &request, operations) == 0, "a CPU needs nothing");
        REACHED("a CPU's short way");
    }
}

/* A buffer ends (R13). */
void prove_end(void)
{
    struct rules_operation operations[RULES_OPERATIONS];
    const struct directory directory = any_directory();
    const struct line_range lines = any_lines();
    const bool imported = nondet_bool();
    enum line_state state;
    struct truth truth = any_truth();
    uint32_t count, actions = 0, wanted = 0;

    line = any_line();
    state = state_of(&directory, line);
    ASSUME(in_lines(lines, line) && is_true(state, &truth));
    count = rules_plan_end(&directory, lines, imported, operations);
    PROVE(count <= RULES_OPERATIONS, "the plan has room");
    for (uint32_t i = 0; i < RULES_OPERATIONS; i++) {
        if (i >= count || !in_lines(operations[i].lines, line))
            continue;
        PROVE(actions == 0, "once");
        actions = operations[i].action;
        noise(&truth);
        if ((actions & BATON_ACTION_PUBLISH) != 0)
            clean(&truth);
        noise(&truth);
        if ((actions & BATON_ACTION_REFRESH) != 0)
            invalidate(&truth);
    }
    if (state == LINE_DIRTY)
        wanted = BATON_ACTION_PUBLISH;
    if (imported && state == LINE_STALE)
        wanted = BATON_ACTION_REFRESH;
    if (imported && state == LINE_UNKNOWN)
        wanted = BATON_ACTION_PUBLISH | BATON_ACTION_REFRESH;
    PROVE(actions == wanted, "exactly what a buffer's end needs");
    noise(&truth);
    if (state != LINE_UNKNOWN || imported)
        PROVE(valid_in_memory(&truth), "no late eviction");
    if (imported) {
        PROVE(valid_in_cache(&truth), "an import is given back equal in both");
        REACHED("an import's end");
    } else {
        REACHED("a buffer's end");
    }
}
