/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is left to do of an access that a quick byte lets through (line.h): a load needs nothing, a store leaves notes. Called
 * without the model's lock; a race with another CPU's maintenance of the same line is a race of the image too. An access here lies
 * within its line.
 */
#ifndef SIM_MODEL_FAST_H
#define SIM_MODEL_FAST_H

#include "sim/model/line.h"
#include "sim/model/state.h"

#include <string.h>

/* QUICK_STORE. last: the size less one. */
static inline struct line *fast_store(struct page *page, unsigned at, uint32_t address, byte_mask mask, unsigned last,
                                      uint32_t pc)
{
    struct line *line = &page->line[at];

    line->dirty |= mask;
    line->unclean |= mask;
    page->store_pc[(address & 0xfff) >> 2] = pc;
    if (__builtin_expect((address & 3) + last > 3, false))
        note_store(page, address, last + 1, pc);
    return line;
}

/* QUICK_MEMORY_STORE: the line lies in no cache, and the other view follows at once. */
static inline bool fast_memory_store(struct model *model, struct line *line, unsigned cpu, uint32_t offset,
                                     unsigned bytes, enum model_view view, uint32_t pc)
{
    struct line_history *h = line->history;
    byte_mask mask = mask_of(offset, bytes);

    if (!model->caches_on)
        return false;
    if (line->quick.memory_load != cpu + 1)
        model_hide(model, line, cpu);
    h->unrefreshed |= mask;
    if (model->outer_on)
        h->unrefreshed_outer |= mask;
    h->undrained = model->cpu[cpu].order.barrier > h->write_time ? mask : h->undrained | mask;
    h->write_time = model->time;
    h->write.pc = pc;
    model->cpu[cpu].contacts++;
    if (model->config.bus_view) {
        size_t where = line->address + offset - model->config.base;
        uint8_t *p = model->config.cpu_view + where, *b = model->config.bus_view + where;
        uint8_t *to = view == MODEL_BUS_VIEW ? p : b;
        const uint8_t *from = view == MODEL_BUS_VIEW ? b : p;

        if (bytes == 4)
            memcpy(to, from, 4);
        else
            memcpy(to, from, bytes);
    }
    return true;
}

#endif
