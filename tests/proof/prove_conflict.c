/* SPDX-License-Identifier: MIT */
/*
 * Proofs of core/conflict.c beside prove_handoff.c: reservations and the queue (C5, W2 to W4), parts of held mappings (P2 to P4),
 * tolerant displays (C6), chains (C7), quarantine (Q1), bounce buffers (two places of the same bytes), unchecked buffers. One
 * other, in flight or waiting, of any kind, and a newcomer of any kind. With the conflict table of prove_conflicts(), which is about
 * several, this is all that conflict_check() tells apart.
 *
 * Not a second table, but what each rule promises of the answer: in both directions, so that neither too much nor too little is
 * granted.
 */
#include "core/chain.h"
#include "core/enforcement.h"
#include "tests/proof/proof.h"

#ifndef PROOF_SHIFT
#define PROOF_SHIFT 2
#endif

static struct baton instance;
static struct buffer buffer, bounce[2];
static struct attachment attachments[2];
static struct fence fences[2]; /* the second is behind the first, or not */
static struct access display, mapping, other, waiting;
static struct ties other_ties, self_ties;
static const struct baton_enforcement none = {.unchecked = true};

/* As core/instance.c has it, for the only two that are asked for. */
struct ties *instance_ties(const struct baton *of, const struct access *access)
{
    (void)of;
    return access == &other ? &other_ties : &self_ties;
}

static struct baton_range any_range(void)
{
    const struct baton_range range = {nondet_uint8() & 63u, nondet_uint8() & 63u};

    ASSUME(range_is_within(range, buffer.size));
    return range;
}

static enum baton_direction any_direction(void)
{
    const uint32_t direction = nondet_uint8() & 3u;

    ASSUME(direction <= BATON_OVERWRITE);
    return (enum baton_direction)direction;
}

static bool bytes_in_common(struct baton_range a, struct baton_range b)
{
    return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

static void any_access(struct access *access, struct attachment *attachment)
{
    access->buffer = &buffer;
    access->attachment = attachment;
    access->party.range = any_range();
    access->lines = range_lines(access->party.range, PROOF_SHIFT);
    access->manner.domain = nondet_bool() ? BATON_DOMAIN_CACHE : BATON_DOMAIN_MEMORY;
    access->manner.direction = any_direction();
    access->manner.hold = BATON_HOLD_GRANTED;
    access->ties = 0;
    access->next = NULL;
}

enum kind {
    NEWCOMER,
    PLACE, /* that waits, and is looked at by the queue */
    CLAIM, /* of a reservation */
    PART,  /* the CPU takes one of a mapping */
    LOOK,  /* of a display at what it holds */
    STAGE, /* a stage of a chain maps */
    KINDS
};

static enum kind kind;
static struct handoff handoff;
static struct rules_acquire request;

static void any_newcomer(void)
{
    const uint32_t any = nondet_uint8() & 7u;

    ASSUME(any < KINDS);
    kind = (enum kind)any;
    handoff = (struct handoff){.buffer = &buffer, .range = any_range(), .direction = any_direction()};
    handoff.attachment = kind == STAGE || kind == LOOK || (kind != PART && nondet_bool()) ? &attachments[0] : NULL;
    if (kind == PLACE || kind == CLAIM) {
        any_access(&waiting, handoff.attachment);
        waiting.party.range = handoff.range;
        waiting.lines = range_lines(handoff.range, PROOF_SHIFT);
        waiting.manner.direction = handoff.direction;
        waiting.manner.hold = kind == CLAIM ? BATON_HOLD_RESERVED : BATON_HOLD_WAITING;
        handoff.self = &waiting;
    }
    if (kind == PART || kind == LOOK) {
        struct access *lender = kind == PART ? &mapping : &display;

        any_access(lender, &attachments[0]);
        ASSUME(range_covers(lender->party.range, handoff.range));
        if (kind == LOOK) {
            lender->ties = TIE_TOLERANT;
            lender->manner.direction = handoff.direction = BATON_READ;
            handoff.tolerant = true;
        }
        handoff.lender = lender;
    }
    if (kind == STAGE)
        handoff.fence = &fences[1];
    request = (struct rules_acquire){
        .lines = range_lines(handoff.range, PROOF_SHIFT),
        .whole = range_whole_lines(handoff.range, buffer.size, PROOF_SHIFT),
        .domain = nondet_bool() ? BATON_DOMAIN_CACHE : BATON_DOMAIN_MEMORY,
        .direction = handoff.direction,
        .device = handoff.attachment != NULL,
    };
}

static bool in_flight, sibling, precedes;

static void any_other(void)
{
    const uint32_t hold = nondet_uint8() & 7u;

    any_access(&other, nondet_bool() ? &attachments[1] : NULL);
    in_flight = nondet_bool();
    if (!in_flight) {
        other.manner.hold = BATON_HOLD_WAITING;
        return;
    }
    ASSUME(hold == BATON_HOLD_GRANTED || hold == BATON_HOLD_IN_TRANSIT || hold == BATON_HOLD_RESERVED ||
           hold == BATON_HOLD_QUARANTINED || hold == BATON_HOLD_CHAINED || hold == BATON_HOLD_ENDING);
    other.manner.hold = (uint8_t)hold;
    if (nondet_bool() && hold != BATON_HOLD_RESERVED) {
        other.ties = TIE_TOLERANT;
        other.manner.direction = BATON_READ;
    } else if (nondet_bool() && hold != BATON_HOLD_RESERVED && hold != BATON_HOLD_QUARANTINED &&
               other.attachment == NULL) {
        other.ties = TIE_LENDER;
        other_ties.lender = nondet_bool() ? &mapping : &display;
        sibling = other_ties.lender == handoff.lender;
    } else if ((nondet_bool() || hold == BATON_HOLD_CHAINED) && other.attachment != NULL) {
        other.ties = TIE_FENCE;
        other_ties.fence = &fences[0];
        precedes = kind == STAGE && fences[1].after == &fences[0];
    }
    ASSUME(hold != BATON_HOLD_CHAINED || other.ties == TIE_FENCE);
}

static struct buffer *place_of(const struct attachment *attachment)
{
    return attachment != NULL && attachment->bounce != NULL ? attachment->bounce : &buffer;
}

static void any_places(void)
{
    instance.granule_shift = PROOF_SHIFT;
    instance.features.chain_check = chain_check;
    buffer.size = nondet_uint8() & 63u;
    ASSUME(buffer.size > 0);
    buffer.directory = any_directory();
    bounce[0].directory = any_directory();
    buffer.special = 0;
    buffer.enforcement = nondet_bool() ? &none : NULL;
    attachments[0].bounce = nondet_bool() ? &bounce[0] : NULL;
    attachments[1].bounce = nondet_bool() ? attachments[0].bounce : nondet_bool() ? &bounce[1] : NULL;
    fences[1].after = nondet_bool() ? &fences[0] : NULL;
    buffer.accesses = buffer.queue = NULL;
}

void prove_conflict(void)
{
    struct handoff asked;
    enum baton_status status;
    bool meet, bytes, one_writes, same, exempt;

    any_places();
    any_newcomer();
    any_other();
    if (in_flight) {
        buffer.accesses = &other;
        if (kind == CLAIM)
            other.next = &waiting;
    } else {
        buffer.queue = &other;
        if (kind == CLAIM)
            buffer.accesses = &waiting;
    }
    if (kind == PLACE && in_flight)
        buffer.queue = &waiting;
    const bool behind = kind == PLACE && !in_flight && nondet_bool(); /* the other came later */
    if (behind) {
        buffer.queue = &waiting;
        waiting.next = &other;
    } else if (kind == PLACE && !in_flight) {
        other.next = &waiting;
    }

    asked = handoff;
    status = conflict_check(&instance, &asked, &request);

    meet = lines_meet(request.lines, other.lines);
    bytes = bytes_in_common(handoff.range, other.party.range);
    one_writes = request.direction != BATON_READ || other.manner.direction != BATON_READ;
    same = request.domain == other.manner.domain && place_of(handoff.attachment) == place_of(other.attachment);
    exempt = sibling || precedes || (other.ties & TIE_TOLERANT) != 0;

    PROVE((status == BATON_OK) == (asked.holder == NULL), "who is refused is told who is in the way");
    PROVE(status == BATON_OK || asked.holder == &other, "that is the other, and not the newcomer or its lender");
    if (!meet) {
        PROVE(status == BATON_OK, "C1: with no line in common nobody is in the way");
        return;
    }
    switch (status) {
    case BATON_OK:
        PROVE(!in_flight || buffer.enforcement != NULL || exempt || !one_writes || (!bytes && same),
              "whoever is granted may stand beside the other");
        PROVE(!in_flight || exempt ||
                  (other.manner.hold != BATON_HOLD_IN_TRANSIT && other.manner.hold != BATON_HOLD_RESERVED),
              "C4, W3: not beside one whose lines are not valid yet");
        PROVE(!sibling || !bytes || other.manner.hold != BATON_HOLD_GRANTED || buffer.enforcement != NULL,
              "P2: what is lent is not lent twice");
        PROVE((!request.first_shared && !request.last_shared) || (in_flight && (one_writes || sibling) && same),
              "R6: a line is left alone for who sees the same bytes of it");
        REACHED("granted");
        break;
    case BATON_ERROR_BUSY:
        PROVE(buffer.enforcement == NULL, "an unchecked buffer is never busy");
        PROVE(!in_flight || (bytes && (one_writes || sibling) && other.manner.hold != BATON_HOLD_QUARANTINED),
              "C2: in flight, a byte in common and one writes");
        PROVE(in_flight || (one_writes && (bytes || !same)),
              "C5: waiting, it could not be granted beside the newcomer");
        PROVE(in_flight || (kind != CLAIM && kind != LOOK && !behind),
              "W4: who comes back does not wait for those behind");
        if (in_flight)
            REACHED("busy");
        else
            REACHED("behind one that waits");
        break;
    case BATON_ERROR_QUARANTINED:
        PROVE(in_flight && other.manner.hold == BATON_HOLD_QUARANTINED && bytes && one_writes,
              "Q1: to whom a holder would make it BUSY");
        REACHED("quarantined");
        break;
    case BATON_ERROR_FALSE_SHARING:
        PROVE(in_flight && buffer.enforcement == NULL && (one_writes || sibling), "C3: one of the two writes");
        PROVE(!same || sibling, "C3: in another place or domain");
        REACHED("false sharing");
        break;
    case BATON_ERROR_IN_TRANSIT:
        PROVE(in_flight && (other.manner.hold == BATON_HOLD_IN_TRANSIT || other.manner.hold == BATON_HOLD_RESERVED ||
                            (other.manner.hold == BATON_HOLD_ENDING && (other.ties & TIE_LENDER) != 0)),
              "C4: one that is on its way");
        REACHED("in transit");
        break;
    case BATON_ERROR_MAINTENANCE:
        PROVE(precedes && other.manner.direction != BATON_READ, "C7: an earlier stage that writes");
        REACHED("maintenance within a chain");
        break;
    default:
        PROVE(false, "no other status");
    }

    /* And the other way round: what has to be granted is. */
    const bool settled = other.manner.hold == BATON_HOLD_GRANTED || other.manner.hold == BATON_HOLD_QUARANTINED ||
                         other.manner.hold == BATON_HOLD_CHAINED;

    if (in_flight && settled && !sibling && !one_writes)
        PROVE(status == BATON_OK, "readers share");
    if (in_flight && settled && (other.ties & TIE_TOLERANT) != 0 && !sibling) {
        PROVE(status == BATON_OK, "C6: a display that looks already is in nobody's way");
        if (request.direction != BATON_READ)
            REACHED("a writer beside a display");
    }
    if (in_flight && settled && !sibling && !precedes && !bytes && same)
        PROVE(status == BATON_OK, "other bytes in the same place are in nobody's way");
    if (precedes && other.manner.direction == BATON_READ)
        PROVE(status == BATON_OK, "C7: an earlier stage that reads is never in the way");
    if (precedes && status == BATON_OK && one_writes)
        REACHED("a stage behind one that writes");
    if (kind == CLAIM && !in_flight)
        PROVE(status == BATON_OK, "W4: a claim is not refused for those who wait");
    if (behind)
        PROVE(status == BATON_OK, "W2: who came later is not in the way of who came first");
    if (kind == PLACE && !in_flight && !behind && one_writes && bytes && buffer.enforcement == NULL)
        PROVE(status == BATON_ERROR_BUSY, "W1: first come, first served");
    if (kind == NEWCOMER && !in_flight && one_writes && bytes && buffer.enforcement == NULL)
        PROVE(status == BATON_ERROR_BUSY, "C5: a newcomer does not overtake who waits");
    if (kind == PART && !in_flight &&
        (mapping.manner.direction != BATON_READ || other.manner.direction != BATON_READ)) {
        PROVE(status == BATON_OK, "P4: a part does not wait for who waits for its mapping anyway");
        if (one_writes && bytes && buffer.enforcement == NULL)
            REACHED("a part, beside who waits for its mapping");
    }
}

/* A part, or a display that looks again, beside the mapping that it is of (P3): only the part's edge lines matter, where the rest has
 * bytes in them. */
void prove_part(void)
{
    struct handoff asked;
    enum baton_status status;
    bool one_writes, same, rest_first, rest_last;

    any_places();
    any_newcomer();
    ASSUME(kind == PART || kind == LOOK);
    buffer.accesses = kind == PART ? &mapping : &display;
    asked = handoff;
    status = conflict_check(&instance, &asked, &request);

    const struct access *lender = handoff.lender;
    const uint32_t first = request.lines.first << PROOF_SHIFT, end = request.lines.end << PROOF_SHIFT;
    const uint32_t part_end = handoff.range.offset + handoff.range.length;
    const uint32_t all_end = lender->party.range.offset + lender->party.range.length;

    one_writes = kind == PART && (request.direction != BATON_READ || lender->manner.direction != BATON_READ);
    same = request.domain == lender->manner.domain && place_of(handoff.attachment) == place_of(lender->attachment);
    rest_first = handoff.range.offset > first && handoff.range.offset > lender->party.range.offset;
    rest_last = part_end < end && part_end < all_end;
    PROVE(status == (one_writes && !same && (rest_first || rest_last) && buffer.enforcement == NULL
                         ? BATON_ERROR_FALSE_SHARING
                         : BATON_OK),
          "P3: part and rest do not share a line in different places");
    PROVE(!one_writes || !same || (request.first_shared == rest_first && request.last_shared == rest_last),
          "P3: in the same one such a line is left alone");
    if (status == BATON_OK && one_writes)
        REACHED("a part");
    if (status == BATON_ERROR_FALSE_SHARING)
        REACHED("false sharing with the rest");
}
