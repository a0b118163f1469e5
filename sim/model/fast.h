/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The path that nearly every access takes: a byte says that nothing can happen. Called without the model's lock; a race with
 * another CPU's maintenance of the same line is a race of the image too.
 */
#ifndef SIM_MODEL_FAST_H
#define SIM_MODEL_FAST_H

#include "sim/model/line.h"

/* The page of a physical address, NULL outside the modelled memory. With the lock held; the page stays where it is. */
struct page *model_page(struct model *model, uint32_t address);

static inline bool fast_load(const struct line *line, unsigned cpu)
{
    return line->load_quick >> cpu & 1;
}

static inline bool fast_store(struct page *page, struct line *line, unsigned cpu, uint32_t address, unsigned bytes,
                              byte_mask mask, uint32_t pc, uint32_t caller)
{
    if (line->store_quick != cpu + 1)
        return false;
    line->dirty |= mask;
    line->unclean |= mask;
    note_store(page, address, bytes, pc);
    if (caller)
        line->store_caller = caller;
    return true;
}

#endif
