/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hostility on demand: evictions and speculative fills that no program can foresee, from a seed. What a CPU may do at any time,
 * it does at the worst: it fetches lines that were just invalidated, neighbours of what it reads, and any mapped page.
 */
#include "sim/model/state.h"

#include <stdlib.h>

static uint32_t next_gap(struct model *model, unsigned cpu, uint32_t mean)
{
    return 1 + (uint32_t)(model_random(&model->cpu[cpu].noise_random) % (2 * (uint64_t)mean - 1));
}

static void random_eviction(struct model *model, unsigned cpu)
{
    uint64_t random = model_random(&model->cpu[cpu].noise_random);
    bool outer = model->outer_on && random >> 63;
    struct tags *tags = outer ? &model->l2 : &model->cpu[cpu].l1;
    size_t size = (size_t)tags->sets * tags->ways, at = random % size;

    for (size_t tried = 0; tried < 64; tried++, at = (at + 1) % size) {
        struct line *line = tags->entry[at];

        if (!line || !(outer ? line->present_outer : line->present >> cpu & 1))
            continue;
        if (!outer)
            evict_inner(model, line, cpu, MODEL_BY_NOISE);
        if (line->present_outer && (outer || random >> 62 & 1))
            evict_outer(model, line, MODEL_BY_NOISE);
        return;
    }
}

static void speculative_fill(struct model *model, unsigned cpu, uint32_t address)
{
    uint64_t random = model_random(&model->cpu[cpu].noise_random);
    uint32_t line = model->config.line;
    uint32_t target = address + line;
    struct line *known;

    if (!model->cpu[cpu].cache_on)
        return;
    switch (random >> 61) {
    case 0:
    case 1:
        break;
    case 2:
        target = address - line;
        break;
    case 3:
    case 4:
        if (!model->known_count)
            return;
        target = model->known[random % model->known_count] + (uint32_t)(random >> 32) % (1u << PAGE_SHIFT);
        break;
    default:
        if (!model->recent_next)
            return;
        target = model->recent[random % (model->recent_next < 16 ? model->recent_next : 16)];
    }
    known = model_line_if_known(model, target);
    if (!known || !model_page(model, target)->cacheable || known->present >> cpu & 1)
        return;
    model->counts.prefetches++;
    fill(model, known, cpu);
    model_settle(model, known);
}

void model_note_cacheable(struct model *model, uint32_t address)
{
    struct page *page = model_page(model, address);

    if (!page || page->cacheable)
        return;
    page->cacheable = true;
    if (model->known_count == model->known_room) {
        model->known_room = model->known_room ? 2 * model->known_room : 256;
        model->known = realloc(model->known, model->known_room * sizeof(*model->known));
        if (!model->known)
            abort();
    }
    model->known[model->known_count++] = address & ~((1u << PAGE_SHIFT) - 1);
}

void model_noise(struct model *model, unsigned cpu, uint32_t address)
{
    if (model->config.evict && --model->cpu[cpu].evict_left == 0) {
        model->cpu[cpu].evict_left = next_gap(model, cpu, model->config.evict);
        random_eviction(model, cpu);
    }
    if (model->config.prefetch && --model->cpu[cpu].prefetch_left == 0) {
        model->cpu[cpu].prefetch_left = next_gap(model, cpu, model->config.prefetch);
        speculative_fill(model, cpu, address);
    }
}
