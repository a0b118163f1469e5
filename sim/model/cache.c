/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the caches do by themselves: fills, evictions, write-backs. A write-back writes the whole line, as hardware does: bytes that
 * somebody wrote to memory meanwhile are lost.
 */
#include "sim/model/state.h"

#include <stdlib.h>

void tags_init(struct tags *tags, struct model_geometry geometry, uint64_t seed)
{
    tags->sets = geometry.sets;
    tags->ways = geometry.ways;
    tags->random = seed * 0x9e3779b97f4a7c15ull + 1;
    if (!geometry.ways)
        return;
    for (unsigned i = 0; i < 2; i++)
        tags->victim[i] = (uint32_t)(model_random(&tags->random) % geometry.ways);
    tags->entry = calloc((size_t)geometry.sets * geometry.ways, sizeof(*tags->entry));
    if (!tags->entry)
        abort();
}

void tags_free(struct tags *tags)
{
    free(tags->entry);
    free(tags->swept);
}

static uint32_t take_victim(struct tags *tags)
{
    uint32_t way = tags->victim[0];

    tags->victim[0] = tags->victim[1];
    tags->victim[1] = (uint32_t)(model_random(&tags->random) % tags->ways);
    return way;
}

/* Lines are mostly filled one after the other: the sets of the next two are known, and whom they will push out. The victim after
 * next is asked for here; what the next one refers to is asked for when it has come. */
static void expect_victims(const struct model *model, const struct line *line)
{
    const struct tags *tags = &model->l2;
    uint32_t set = (line->address >> model->line_shift) % tags->sets;
    const struct line *next, *after;

    if (set + 2 >= tags->sets)
        return;
    next = tags->entry[(size_t)(set + 1) * tags->ways + tags->victim[0]];
    after = tags->entry[(size_t)(set + 2) * tags->ways + tags->victim[1]];
    __builtin_prefetch(after);
    if (next && next->history)
        expect_history(next);
    if (next && next->dirty_outer && model->config.bus_view) {
        size_t at = next->address - model->config.base;

        __builtin_prefetch(model->config.cpu_view + at);
        __builtin_prefetch(model->config.bus_view + at, 1);
    }
}

/* A place in L1 for the line in its set: its own old one, a free one, or that of a random victim. */
static struct line **inner_place(struct tags *tags, const struct line *line, uint32_t set, unsigned cpu)
{
    struct line **entry = &tags->entry[(size_t)(set % tags->sets) * tags->ways];
    struct line **free_one = NULL;

    for (uint32_t way = 0; way < tags->ways; way++) {
        if (entry[way] == line)
            return &entry[way];
        if (!free_one && (!entry[way] || !(entry[way]->present >> cpu & 1)))
            free_one = &entry[way];
    }
    return free_one ? free_one : &entry[take_victim(tags)];
}

/* The outer level has many ways: its entries are exact, so that a free one shows without a look at its line. */
static void enter_outer(struct model *model, struct line *line)
{
    struct tags *tags = &model->l2;
    size_t first = (size_t)((line->address >> model->line_shift) % tags->sets) * tags->ways;
    uint32_t way = 0;

    while (way < tags->ways && tags->entry[first + way])
        way++;
    if (way == tags->ways) {
        way = take_victim(tags);
        evict_outer(model, tags->entry[first + way], MODEL_BY_CAPACITY);
    }
    tags->entry[first + way] = line;
    line->outer_way = (uint8_t)way;
    line->present_outer = true;
}

void leave_outer(struct model *model, struct line *line)
{
    struct tags *tags = &model->l2;

    if (line->present_outer)
        tags->entry[(size_t)((line->address >> model->line_shift) % tags->sets) * tags->ways + line->outer_way] = NULL;
    line->present_outer = false;
}

byte_mask newest_in_l1(const struct line *line)
{
    const struct line_history *h = line->history;

    return h ? (line->dirty & ~h->stale) | h->orphaned : line->dirty;
}

/* Bytes of the outer level's copy that are older than memory, and in no L1 newer than both. */
byte_mask old_in_outer(const struct line *line)
{
    return line->history ? line->history->stale_outer & ~newest_in_l1(line) : 0;
}

void write_to_memory(struct model *model, struct line *line, byte_mask bytes, byte_mask old,
                     const struct model_access *by)
{
    struct line_history *h = line->history;

    copy_to_bus(model, line, bytes | old);
    if (model->config.written_back)
        model->config.written_back(model->config.context, line->address);
    if (!h)
        return;
    if (old) {
        h->lost |= old;
        h->partial = last_store(model, line, bytes);
    }
    byte_mask mixed = h->unrefreshed & ~bytes & ~old;
    if (mixed & ~h->mixed)
        h->partial = last_store(model, line, bytes);
    h->mixed |= mixed;
    if (old | mixed)
        h->harm = *by;
    h->unrefreshed &= ~old;
    h->unrefreshed_outer &= ~old;
    h->endangered &= ~old;
    h->stale &= ~old;
    h->stale_outer &= ~old;
}

void write_inner_to_memory(struct model *model, struct line *line, byte_mask outer, const struct model_access *by)
{
    struct line_history *h = line->history;

    write_to_memory(model, line, line->dirty | newest_in_l1(line) | outer, h ? h->stale | old_in_outer(line) : 0, by);
    line->dirty = 0;
    if (h)
        h->stale_outer = h->orphaned = 0;
}

void write_to_outer(struct model *model, struct line *line)
{
    struct line_history *h = line->history;

    byte_mask newest = newest_in_l1(line);

    line->dirty_outer |= line->dirty | newest;
    line->dirty = 0;
    if (h) {
        h->stale_outer = (h->stale_outer & ~newest) | h->stale;
        h->orphaned = 0;
    }
    if (!line->present_outer)
        enter_outer(model, line);
}

void evict_outer(struct model *model, struct line *line, enum model_reason reason)
{
    struct model_access by = {.who = MODEL_NOBODY, .action = MODEL_WRITE_BACK};

    if (line->dirty_outer) {
        /* Bytes that L1 has newer ones of are written as they were before; nobody keeps those, and memory has older ones. */
        write_to_memory(model, line, line->dirty_outer & ~newest_in_l1(line), old_in_outer(line), &by);
        line->dirty_outer = 0;
        model->counts.write_backs[reason]++;
    } else if (line->history && !line->present) {
        copy_to_cpu(model, line, line->history->stale_outer);
    }
    if (line->history)
        line->history->stale_outer = 0;
    leave_outer(model, line);
    model_settle(model, line);
}

void evict_inner(struct model *model, struct line *line, unsigned cpu, enum model_reason reason)
{
    struct model_access by = {.who = (uint8_t)cpu, .action = MODEL_WRITE_BACK};

    line->present &= ~(1u << cpu);
    if (line->dirty && (line->store_cpu == cpu || !line->present)) {
        if (model->outer_on) {
            write_to_outer(model, line);
        } else {
            write_inner_to_memory(model, line, 0, &by);
            model->counts.write_backs[reason]++;
        }
    }
    if (!line->present && line->history) {
        struct line_history *h = line->history;

        copy_to_cpu(model, line, ((h->stale & ~h->stale_outer) | h->orphaned) & ~line->dirty_outer);
        h->stale = 0;
        h->discarded |= h->orphaned;
        h->orphaned = 0;
        if (!line->present_outer) {
            copy_to_cpu(model, line, h->stale_outer);
            h->stale_outer = 0;
        }
    }
    model_settle(model, line);
}

void fill(struct model *model, struct line *line, unsigned cpu)
{
    struct tags *tags = &model->cpu[cpu].l1;
    struct line **place;

    if (line->present >> cpu & 1)
        return;
    model->counts.fills++;
    place = inner_place(tags, line, line->address >> model->line_shift, cpu);
    if (*place && *place != line && (*place)->present >> cpu & 1)
        evict_inner(model, *place, cpu, MODEL_BY_CAPACITY);
    *place = line;
    if (!line->present && line->history)
        line->history->stale = line->present_outer ? line->history->stale_outer : 0;
    if (!line->present && model->outer_on && !line->present_outer) {
        enter_outer(model, line);
        expect_victims(model, line);
    }
    if ((line->address + model->config.line) & ((1u << PAGE_SHIFT) - 1))
        expect_history(line + 1);
    line->present |= 1u << cpu;
}
