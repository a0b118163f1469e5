/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Maintenance operations: by address, by set and way, and those of the outer level's own registers.
 */
#include "sim/model/state.h"

#include <stdlib.h>
#include <string.h>

/* Which levels an operation reaches. */
struct reach {
    bool inner, outer;
};

static void clean_levels(struct model *model, struct line *line, struct reach reach, const struct model_access *access)
{
    byte_mask claimed = reach.inner ? line->unclean : 0;
    struct line_history *h;

    if (!(line->dirty | line->dirty_outer | line->unclean) && !line->history)
        return;
    h = model_history(model, line);
    line->unified = 0;
    if (reach.inner && line->dirty) {
        if (reach.outer || !model->outer_on) {
            write_inner_to_memory(model, line, reach.outer ? line->dirty_outer : 0, access);
            line->dirty_outer = reach.outer ? 0 : line->dirty_outer;
            model->counts.write_backs[MODEL_BY_CLEAN]++;
        } else {
            write_to_outer(model, line);
        }
    }
    if (reach.outer && line->dirty_outer) {
        write_to_memory(model, line, line->dirty_outer & ~newest_in_l1(line), old_in_outer(line), access);
        line->dirty_outer = 0;
        model->counts.write_backs[MODEL_BY_CLEAN]++;
    }
    if (reach.inner)
        line->unclean = 0;
    if (reach.outer) {
        claimed |= h->unclean_outer;
        h->unclean_outer = 0;
    } else if (model->outer_on) {
        h->unclean_outer |= claimed;
    }
    if (claimed && !reach.inner && model->config.outer == MODEL_OUTER_L2C310) {
        h->pending_outer |= claimed;
        h->outer_time = model_now(model);
        h->clean = *access;
    } else if (claimed) {
        /* What an earlier clean has not completed yet waits for this one's DSB too. */
        h->pending |= claimed;
        h->clean_time = model_now(model);
        h->clean = *access;
    }
}

/* Bytes that were to be written to memory, while L1s have them still. */
static void throw_away(struct model *model, struct line *line, byte_mask bytes, const struct model_access *access)
{
    struct line_history *h = model_history(model, line);

    if (!bytes)
        return;
    h->orphaned |= bytes;
    h->spared |= bytes;
    h->victim = last_store(model, line, bytes);
    h->harm = *access;
}

static void invalidate_levels(struct model *model, struct line *line, struct reach reach,
                              const struct model_access *access)
{
    struct line_history *h = model_history(model, line);
    byte_mask old = h->stale | h->stale_outer;
    byte_mask dirty = (reach.inner ? line->dirty : 0) | (reach.outer ? line->dirty_outer : 0);
    byte_mask newest = newest_in_l1(line);
    byte_mask gone = reach.outer ? line->dirty_outer & ~h->stale_outer & ~newest : 0;
    byte_mask luck = reach.inner ? line->unclean & ~line->dirty & ~line->dirty_outer : 0;
    byte_mask news = h->unrefreshed | h->unrefreshed_outer;

    if (reach.inner) {
        gone |= newest;
        dirty |= h->orphaned;
        h->orphaned = 0;
    } else if (line->present) {
        throw_away(model, line, gone, access);
        gone = 0;
    }
    if (gone | luck) {
        h->discarded |= gone;
        h->spared |= luck;
        h->victim = last_store(model, line, gone ? gone : luck);
        h->harm = *access;
    }
    if (news)
        h->unordered =
            !MODEL_IS_DEVICE(access->who) && !invalidate_is_ordered(model, access->who, h->write_time) ? news : 0;
    if (reach.inner) {
        line->unclean &= line->dirty_outer & ~(reach.outer ? ~0ull : 0);
        line->dirty = 0;
        line->present = 0;
        if (!reach.outer && line->present_outer) {
            copy_to_cpu(model, line, (dirty | h->stale) & ~h->stale_outer & ~line->dirty_outer);
        }
        h->stale = 0;
        h->unrefreshed = 0;
    }
    if (reach.outer) {
        /* An L1 that was invalidated first may have fetched the outer level's old bytes again. */
        if (!reach.inner && !h->unrefreshed)
            h->unrefreshed |= h->unrefreshed_outer & ~line->dirty;
        line->dirty_outer = 0;
        leave_outer(model, line);
        h->unrefreshed_outer = 0;
        h->unclean_outer = 0;
        h->stale_outer = 0;
    }
    if (!line->present && !line->present_outer)
        copy_to_cpu(model, line, dirty | old);
    h->invalidate = *access;
    h->invalidate_time = model_now(model);
    h->contacts = MODEL_IS_DEVICE(access->who) ? 0 : model->cpu[access->who].contacts;
    model->recent[model->recent_next++ % 16] = line->address;
}

static void perform(struct model *model, struct line *line, enum model_operation operation, struct reach reach,
                    const struct model_access *access)
{
    if (operation == MODEL_OP_CLEAN || operation == MODEL_OP_CLEAN_INVALIDATE ||
        (model->config.clean_first && (line->dirty | line->dirty_outer)))
        clean_levels(model, line, reach, access);
    if (operation != MODEL_OP_CLEAN)
        invalidate_levels(model, line, reach, access);
    model_settle(model, line);
}

/* Something was stored since the last clean, or written in memory since the last invalidate. */
static bool is_useful(const struct line *line, enum model_operation operation, struct reach reach)
{
    const struct line_history *h = line->history;

    return (operation != MODEL_OP_INVALIDATE &&
            ((reach.inner && line->unclean) || (reach.outer && ((h && h->unclean_outer) || line->dirty_outer)))) ||
           (operation != MODEL_OP_CLEAN && h &&
            ((reach.inner && h->unrefreshed) || (reach.outer && h->unrefreshed_outer)));
}

/* Redundant: not useful. The first operation on a line of a level is neither: what the caches held before is anyone's guess. */
static void count(struct model *model, struct line *line, enum model_operation operation, struct reach reach)
{
    bool clean = operation != MODEL_OP_INVALIDATE, invalidate = operation != MODEL_OP_CLEAN;
    uint8_t levels = (uint8_t)(reach.inner | reach.outer << 1);
    bool first = (clean && (levels & ~line->ever_cleaned)) || (invalidate && (levels & ~line->ever_invalidated));
    bool useful = is_useful(line, operation, reach);

    model->counts.operation[operation].issued++;
    if (useful)
        model->counts.operation[operation].useful++;
    else if (first)
        model->counts.operation[operation].first++;
    else
        model->counts.operation[operation].redundant++;
    line->ever_cleaned |= clean ? levels : 0;
    line->ever_invalidated |= invalidate ? levels : 0;
}

void model_maintain(struct model *model, enum model_operation operation, uint32_t address, bool unification,
                    const struct model_access *access)
{
    struct line *line = model_line(model, address);
    struct reach reach = {.inner = true, .outer = model->config.outer == MODEL_OUTER_INTEGRATED && !unification};

    if (!line)
        return;
    if (unification && model->config.hidden) {
        line->unified = line->dirty | line->unclean;
        model_settle(model, line);
        return;
    }
    if (!unification)
        count(model, line, operation, reach);
    perform(model, line, operation, reach, access);
}

/* All sets and ways were gone over: what this cache does not hold any more counts as maintained too. */
static void whole_sweep(struct model *model, enum model_operation operation, unsigned level, unsigned cpu)
{
    for (uint32_t p = 0; p < model->page_count; p++) {
        struct page *page = model->pages[p];

        for (uint32_t l = 0; page && l < 1u << PAGE_SHIFT >> model->line_shift; l++) {
            struct line *line = &page->line[l];
            struct line_history *h = line->history;

            if (operation != MODEL_OP_INVALIDATE && level == 0 && !line->dirty && line->store_cpu == cpu) {
                if (model->outer_on && line->unclean)
                    model_history(model, line)->unclean_outer |= line->unclean;
                line->unclean = 0;
            }
            if (operation != MODEL_OP_INVALIDATE && level == 1 && h && !line->dirty_outer)
                h->unclean_outer = 0;
            if (operation != MODEL_OP_CLEAN && h) {
                if (level == 0 && !(line->present & ~(1u << cpu)))
                    h->unrefreshed &= h->stale;
                if (level == 1)
                    h->unrefreshed_outer &= h->stale_outer;
            }
            model_settle(model, line);
        }
    }
}

static void sweep(struct model *model, struct tags *tags, enum model_operation operation, unsigned level,
                  uint32_t index, unsigned cpu)
{
    uint32_t total = tags->sets * tags->ways;

    if (!tags->swept) {
        tags->swept = calloc(total, 1);
        if (!tags->swept)
            abort();
    }
    if (tags->swept[index] == operation + 1)
        return;
    if (tags->swept_count && tags->swept[index]) {
        /* A sweep of another operation begins: the former one was not finished. */
        memset(tags->swept, 0, total);
        tags->swept_count = 0;
    }
    tags->swept[index] = (uint8_t)(operation + 1);
    if (++tags->swept_count == total) {
        whole_sweep(model, operation, level, cpu);
        memset(tags->swept, 0, total);
        tags->swept_count = 0;
    }
}

/* Only this CPU's copy: one that is dirty in another L1 stays so, and others do not know of what this one was to write back. */
static void one_copy_of_several(struct model *model, struct line *line, enum model_operation operation,
                                const struct model_access *access)
{
    bool owner = line->dirty && line->store_cpu == access->who;

    if (owner && (operation != MODEL_OP_INVALIDATE || model->config.clean_first))
        clean_levels(model, line, (struct reach){.inner = true}, access);
    else if (owner)
        throw_away(model, line, newest_in_l1(line), access);
    if (operation == MODEL_OP_CLEAN)
        return;
    if (owner)
        line->dirty = 0;
    line->present &= ~(1u << access->who);
}

void model_maintain_set_way(struct model *model, enum model_operation operation, unsigned level, uint32_t set,
                            uint32_t way, const struct model_access *access)
{
    bool outer = level == 1;
    struct tags *tags = outer ? &model->l2 : &model->cpu[access->who].l1;
    struct line *line;

    model->counts.set_way++;
    if (level > 1 || (outer && model->config.outer != MODEL_OUTER_INTEGRATED) || set >= tags->sets || way >= tags->ways)
        return;
    line = tags->entry[(size_t)set * tags->ways + way];
    if (line && (outer ? line->present_outer : line->present >> access->who & 1)) {
        uint8_t others = line->present & ~(1u << access->who);
        const struct reach reach = {.inner = !outer, .outer = outer};

        model->counts.set_way_useful += is_useful(line, operation, reach);
        if (outer || !others)
            perform(model, line, operation, reach, access);
        else
            one_copy_of_several(model, line, operation, access);
        model_settle(model, line);
    }
    sweep(model, tags, operation, level, set * tags->ways + way, access->who);
}

void model_outer_maintain(struct model *model, enum model_operation operation, uint32_t address,
                          const struct model_access *access)
{
    struct line *line = model_line(model, address);
    struct reach reach = {.outer = true};

    if (!line)
        return;
    count(model, line, operation, reach);
    perform(model, line, operation, reach, access);
}

void model_outer_maintain_all(struct model *model, enum model_operation operation, const struct model_access *access)
{
    for (uint32_t p = 0; p < model->page_count; p++) {
        struct page *page = model->pages[p];

        for (uint32_t l = 0; page && l < 1u << PAGE_SHIFT >> model->line_shift; l++)
            if (page->line[l].present_outer || page->line[l].history)
                perform(model, &page->line[l], operation, (struct reach){.outer = true}, access);
    }
}

void model_outer_maintain_index(struct model *model, enum model_operation operation, uint32_t set, uint32_t way,
                                const struct model_access *access)
{
    struct tags *tags = &model->l2;
    struct line *line;

    if (set >= tags->sets || way >= tags->ways)
        return;
    model->counts.set_way++;
    line = tags->entry[(size_t)set * tags->ways + way];
    if (line && line->present_outer)
        perform(model, line, operation, (struct reach){.outer = true}, access);
    sweep(model, tags, operation, 1, set * tags->ways + way, access->who);
}
