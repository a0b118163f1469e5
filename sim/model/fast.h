/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The path that nearly every access takes: a byte says that nothing can happen. Called without the model's lock; a race with
 * another CPU's maintenance of the same line is a race of the image too. An access here lies within its line.
 */
#ifndef SIM_MODEL_FAST_H
#define SIM_MODEL_FAST_H

#include "sim/model/line.h"
#include "sim/model/state.h"

#include <string.h>

static inline bool fast_load(const struct page *page, unsigned at, unsigned cpu)
{
    return page->load_quick[at] >> cpu & 1;
}

static inline bool fast_uncached_load(const struct page *page, unsigned at, unsigned cpu)
{
    return page->memory_quick[at] == FOR_ALL || page->memory_quick[at] == cpu + 1;
}

static inline bool fast_store(struct page *page, unsigned at, unsigned cpu, uint32_t address, byte_mask mask,
                              unsigned last, uint32_t pc)
{
    struct line *line = &page->line[at];

    if (page->store_quick[at] != cpu + 1)
        return false;
    line->dirty |= mask;
    line->unclean |= mask;
    note_store(page, address, last + 1, pc);
    return true;
}

/* A store in MEMORY to a line that lies in no cache: the other view follows at once. */
static inline bool fast_uncached_store(struct model *model, struct page *page, unsigned at, unsigned cpu,
                                       uint32_t offset, unsigned bytes, enum model_view view, uint32_t pc)
{
    struct line *line = &page->line[at];
    struct line_history *h = line->history;
    byte_mask mask = mask_of(offset, bytes);

    if (page->uncached_quick[at] != cpu + 1 || !model->caches_on)
        return false;
    h->unrefreshed |= mask;
    if (model->outer_on)
        h->unrefreshed_outer |= mask;
    h->undrained = model->order[cpu].barrier > h->write_time ? mask : h->undrained | mask;
    page->memory_quick[at] = (uint8_t)(cpu + 1);
    h->write_time = model->time;
    h->write.pc = pc;
    model->contacts[cpu]++;
    if (model->config.bus_view) {
        size_t where = line->address + offset - model->config.base;
        uint8_t *p = model->config.cpu_view + where, *b = model->config.bus_view + where;

        memcpy(view == MODEL_BUS_VIEW ? p : b, view == MODEL_BUS_VIEW ? b : p, bytes);
    }
    return true;
}

#endif
