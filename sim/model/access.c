/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads and stores of CPUs through their caches.
 */
#include "sim/model/state.h"

/* What is wrong with bytes that somebody reads, beyond who is newer: the same for CPUs and for observers in MEMORY. */
static void check_harmed(struct model *model, struct line *line, byte_mask bytes, const struct model_access *reader)
{
    struct line_history *h = line->history;

    if (h->lost & bytes)
        accuse(
            model, MODEL_LOST_UPDATE, false, line, h->lost & bytes, reader, &h->write, &h->harm,
            "a line that was dirty when the device wrote was written back over it: clean or invalidate the whole line "
            "before the device starts, and refresh it before storing to it");
    if (h->discarded & bytes)
        accuse(model, MODEL_DISCARDED_STORE, false, line, h->discarded & bytes, reader, &h->victim, &h->harm,
               "an invalidate threw the stored bytes away: clean them first, or keep other data out of these lines");
    if (!model->config.strict)
        return;
    if (h->mixed & bytes)
        accuse(model, MODEL_STALE_CPU_READ, true, line, h->mixed & bytes, reader, &h->write, &h->partial,
               "a CPU stored to a part of the line without an invalidate after the device wrote it, and the line was "
               "written "
               "back whole");
    if (h->endangered & bytes & ~h->mixed)
        accuse(model, MODEL_LOST_UPDATE, true, line, h->endangered & bytes & ~h->mixed, reader, &h->write, &h->partial,
               "the line was dirty when the device wrote it: an eviction would have overwritten the device's bytes");
    if (h->spared & bytes)
        accuse(model, MODEL_DISCARDED_STORE, true, line, h->spared & bytes, reader, &h->victim, &h->harm,
               "an invalidate hit stored bytes that were never cleaned: only an eviction had saved them");
}

/* See model_contacts(). */
static bool is_poll(const struct model *model, const struct line_history *h, const struct model_access *access)
{
    return h->invalidate.who == access->who && !MODEL_IS_DEVICE(access->who) && h->write_time > h->invalidate_time &&
           h->contacts == model->cpu[access->who].contacts;
}

/* stale: bytes of the copy that is read which are older than memory. */
static void check_load(struct model *model, struct line *line, byte_mask bytes, byte_mask stale,
                       const struct model_access *access)
{
    struct line_history *h = line->history;
    bool poll = is_poll(model, h, access);
    byte_mask old = poll ? 0 : stale & bytes;

    if (old)
        accuse(model, MODEL_STALE_CPU_READ, false, line, old, access, &h->write, &h->invalidate,
               "invalidate the range after the device is done and before the CPU reads it");
    check_harmed(model, line, bytes & ~old, access);
    if (h->unordered & bytes)
        accuse(model, MODEL_UNORDERED_COMPLETION, false, line, h->unordered & bytes, access, &h->write, &h->invalidate,
               "put a barrier (DMB or DSB) between the read of the device's status and the invalidate");
    byte_mask luck = (h->unrefreshed | h->unrefreshed_outer) & bytes & ~old & ~h->mixed;
    if (model->config.strict && luck && !poll)
        accuse(model, MODEL_STALE_CPU_READ, true, line, luck, access, &h->write, &h->invalidate,
               "no invalidate between the device's write and this read: the line happened not to be cached");
}

void model_load(struct model *model, uint32_t address, unsigned bytes, const struct model_access *access)
{
    struct line *line = model_line(model, address);

    if (!line)
        return;
    fill(model, line, access->who);
    if (line->history)
        check_load(model, line, mask_of(address & (model->config.line - 1), bytes), line->history->stale, access);
    model_settle(model, line);
}

static void forget_overwritten(struct line_history *h, byte_mask bytes)
{
    h->lost &= ~bytes;
    h->mixed &= ~bytes;
    h->endangered &= ~bytes;
    h->discarded &= ~bytes;
    h->spared &= ~bytes;
    h->orphaned &= ~bytes;
    h->unordered &= ~bytes;
    h->pending &= ~bytes;
    h->pending_outer &= ~bytes;
}

void model_store(struct model *model, uint32_t address, unsigned bytes, bool write_through,
                 const struct model_access *access)
{
    struct line *line = model_line(model, address);
    byte_mask mask;

    if (!line)
        return;
    mask = mask_of(address & (model->config.line - 1), bytes);
    if (!write_through || line->present >> access->who & 1)
        fill(model, line, access->who);
    if (!write_through)
        line->present = 1u << access->who; /* other copies go */
    note_store(model_page(model, address), address, bytes, access->pc);
    if (access->caller)
        line->store_caller = access->caller;
    line->store_cpu = access->who;
    line->unified &= ~mask;
    if (line->history) {
        struct line_history *h = line->history;

        forget_overwritten(h, mask);
        h->undrained &= ~mask;
        h->stale &= ~mask;
        h->unrefreshed &= ~mask;
        h->unrefreshed_outer &= ~mask;
        h->unclean_outer &= ~mask;
        if (h->pending && clean_is_complete(model, h, access, false))
            h->pending = 0;
        if (h->pending_outer && model->outer_sync > h->outer_time)
            h->pending_outer = 0;
        if (h->undrained && write_is_drained(model, h, access, true))
            h->undrained = 0;
    }
    if (write_through) {
        if (line->history)
            line->history->stale_outer &= ~mask;
        line->dirty &= ~mask;
        line->dirty_outer &= ~mask;
        line->unclean &= ~mask;
        copy_to_bus(model, line, mask);
    } else {
        line->dirty |= mask;
        line->unclean |= mask;
    }
    model_settle(model, line);
}

static void accuse_pending(struct model *model, struct line *line, byte_mask bytes, const struct model_access *reader,
                           const char *hint)
{
    struct model_access store = last_store(model, line, bytes);

    accuse(model, MODEL_INCOMPLETE_MAINTENANCE, false, line, bytes, reader, &store, &line->history->clean, hint);
}

/* A line as an observer in MEMORY reads it. */
static void check_memory_read(struct model *model, struct line *line, byte_mask bytes, bool doorbell,
                              const struct model_access *reader)
{
    struct line_history *h = line->history;
    byte_mask old = h ? h->stale : 0, old_outer = h ? h->stale_outer : 0;
    byte_mask newer = ((line->dirty & ~old) | (line->dirty_outer & ~old_outer)) & bytes;
    byte_mask luck = ((line->unclean & ~old) | (h ? h->unclean_outer & ~old_outer : 0)) & bytes & ~newer;
    struct model_access store;

    if (MODEL_IS_WALKER(reader->who)) {
        newer &= ~line->unified;
        luck &= ~line->unified;
    }
    if (newer | luck)
        store = last_store(model, line, newer ? newer : luck);
    if (newer)
        accuse(model, MODEL_STALE_DEVICE_READ, false, line, newer, reader, &store, h ? &h->clean : NULL,
               line->dirty & newer || model->config.outer != MODEL_OUTER_L2C310
                   ? "clean the range to the point of coherency after the last store and before the device starts"
                   : "clean the outer cache (L2C-310) too, after the inner one");
    if (luck && model->config.strict)
        accuse(model, MODEL_STALE_DEVICE_READ, true, line, luck, reader, &store, h ? &h->clean : NULL,
               "no clean between the store and this read: an eviction happened to write the bytes");
    if (!h)
        return;
    /* A status that a device wrote to memory is one like those in its registers. */
    if (line->news && reader->who < MODEL_CPUS) {
        line->news = false;
        model_status_read(model, reader->who);
    }
    if (h->orphaned & bytes & ~newer)
        accuse(model, MODEL_DISCARDED_STORE, false, line, h->orphaned & bytes & ~newer, reader, &h->victim, &h->harm,
               "an invalidate threw away what was to be written to memory; only another cache has it still");
    check_harmed(model, line, bytes & ~newer & ~h->orphaned, reader);
    if (h->pending) {
        if (clean_is_complete(model, h, reader, doorbell))
            h->pending = 0;
        else if (h->pending & bytes & ~newer)
            accuse_pending(model, line, h->pending & bytes & ~newer, reader,
                           "the clean was not completed: a DSB (SY or ST) has to come between it and the doorbell");
    }
    if (h->pending_outer) {
        if (model->outer_sync > h->outer_time)
            h->pending_outer = 0;
        else if (h->pending_outer & bytes & ~newer)
            accuse_pending(model, line, h->pending_outer & bytes & ~newer, reader,
                           "the outer cache's clean was not completed: its cache sync has to come before the doorbell");
    }
    if (h->undrained) {
        if (write_is_drained(model, h, reader, doorbell)) {
            if ((doorbell && reader->who != h->write.who) || model->cpu[h->write.who].order.barrier > h->write_time)
                h->undrained = 0;
        } else if (h->undrained & bytes) {
            accuse(model, MODEL_INCOMPLETE_MAINTENANCE, false, line, h->undrained & bytes, reader, &h->write, NULL,
                   "a non-cacheable store was not drained: a DMB or DSB has to come between it and the doorbell");
        }
    }
    model_settle(model, line);
}

void model_memory_read(struct model *model, uint32_t address, uint32_t bytes, bool doorbell,
                       const struct model_access *access)
{
    if (MODEL_IS_DEVICE(access->who))
        model->counts.device_read += bytes;
    else
        model->counts.uncached_read += bytes;
    if (access->who < MODEL_CPUS)
        model->cpu[access->who].contacts++;
    while (bytes) {
        uint32_t offset = address & (model->config.line - 1);
        uint32_t part = model->config.line - offset < bytes ? model->config.line - offset : bytes;
        struct line *line = model_line_if_known(model, address);

        if (line && bytes > part && line->index + 2u < 1u << PAGE_SHIFT >> model->line_shift)
            expect_history(line + 2);
        if (line && line->quick.memory_load != FOR_ALL)
            check_memory_read(model, line, mask_of(offset, part), doorbell, access);
        address += part;
        bytes -= part;
    }
}

void model_table_walk(struct model *model, uint32_t address, uint32_t bytes, bool outer,
                      const struct model_access *access)
{
    struct line *line = model_line_if_known(model, address);
    byte_mask mask = mask_of(address & (model->config.line - 1), bytes);

    if (!outer || !model->outer_on) {
        model_memory_read(model, address, bytes, false, access);
    } else if (line && (line->dirty & mask || (model->config.strict && line->unclean & mask))) {
        byte_mask newer = line->dirty & mask;
        struct model_access store = last_store(model, line, newer ? newer : line->unclean & mask);

        accuse(model, MODEL_STALE_DEVICE_READ, !newer, line, newer ? newer : line->unclean & mask, access, &store,
               line->history ? &line->history->clean : NULL,
               "clean the descriptor out of L1 after it was stored: this table walker does not look there");
    }
}

static void memory_write(struct model *model, struct line *line, byte_mask bytes, enum model_view view,
                         const struct model_access *access)
{
    struct line_history *h = model_history(model, line);
    byte_mask dirty = line->dirty | line->dirty_outer;
    bool drained = h->undrained == 0 || model->cpu[h->write.who].order.barrier > h->write_time;

    if (view == MODEL_CPU_VIEW)
        copy_to_bus(model, line, bytes);
    forget_overwritten(h, bytes);
    /* After a device's write nobody can tell any more whose stores the other bytes are. */
    if (MODEL_IS_DEVICE(access->who))
        h->undrained = 0;
    else
        h->undrained = drained ? bytes : h->undrained | bytes;
    if (dirty) {
        h->endangered |= bytes;
        h->partial = last_store(model, line, dirty);
    }
    line->unclean &= ~bytes | line->dirty;
    h->unclean_outer &= ~bytes | line->dirty_outer;
    if (line->present)
        h->stale |= bytes;
    if (line->present_outer)
        h->stale_outer |= bytes;
    if (!line->present && !line->present_outer && view == MODEL_BUS_VIEW)
        copy_to_cpu(model, line, bytes);
    if (model->caches_on) {
        h->unrefreshed |= bytes;
        if (model->outer_on)
            h->unrefreshed_outer |= bytes;
    }
    h->write = *access;
    h->write_time = model_now(model);
    line->news = MODEL_IS_DEVICE(access->who);
    line->unified &= ~bytes;
    model_settle(model, line);
}

void model_memory_write(struct model *model, uint32_t address, uint32_t bytes, enum model_view view,
                        const struct model_access *access)
{
    if (MODEL_IS_DEVICE(access->who))
        model->counts.device_written += bytes;
    else
        model->counts.uncached_written += bytes;
    if (access->who < MODEL_CPUS)
        model->cpu[access->who].contacts++;
    while (bytes) {
        uint32_t offset = address & (model->config.line - 1);
        uint32_t part = model->config.line - offset < bytes ? model->config.line - offset : bytes;
        struct line *line = model_line(model, address);

        if (line)
            memory_write(model, line, mask_of(offset, part), view, access);
        address += part;
        bytes -= part;
    }
}

void model_coherent_read(struct model *model, uint32_t address, uint32_t bytes, const struct model_access *access)
{
    model->counts.device_read += bytes;
    while (bytes) {
        uint32_t offset = address & (model->config.line - 1);
        uint32_t part = model->config.line - offset < bytes ? model->config.line - offset : bytes;
        struct line *line = model_line_if_known(model, address);

        if (line && line->history) {
            /* It looks into the outer level where no L1 has the line. */
            check_load(model, line, mask_of(offset, part),
                       line->present ? line->history->stale : line->history->stale_outer, access);
            model_settle(model, line);
        }
        address += part;
        bytes -= part;
    }
}

void model_coherent_write(struct model *model, uint32_t address, uint32_t bytes, enum model_view view,
                          const struct model_access *access)
{
    model->counts.device_written += bytes;
    while (bytes) {
        uint32_t offset = address & (model->config.line - 1);
        uint32_t part = model->config.line - offset < bytes ? model->config.line - offset : bytes;
        struct line *line = model_line(model, address);

        if (line) {
            byte_mask mask = mask_of(offset, part);

            if (view == MODEL_BUS_VIEW)
                copy_to_cpu(model, line, mask);
            else
                copy_to_bus(model, line, mask);
            line->dirty &= ~mask;
            line->dirty_outer &= ~mask;
            line->unclean &= ~mask;
            line->unified &= ~mask;
            if (line->history) {
                struct line_history *h = line->history;

                forget_overwritten(h, mask);
                h->stale &= ~mask;
                h->stale_outer &= ~mask;
                h->unrefreshed &= ~mask;
                h->unrefreshed_outer &= ~mask;
                h->unclean_outer &= ~mask;
                h->undrained &= ~mask;
            }
            model_settle(model, line);
        }
        address += part;
        bytes -= part;
    }
    (void)access;
}
