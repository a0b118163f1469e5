/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model as a whole: creation, the lines of a physical address, the two views.
 */
#include "sim/model/state.h"

#include <stdlib.h>
#include <string.h>

struct model *model_new(const struct model_config *config)
{
    struct model *model = calloc(1, sizeof(*model));

    if (!model)
        abort();
    model->config = *config;
    model->line_shift = (unsigned)__builtin_ctz(config->line);
    model->page_count = config->size >> PAGE_SHIFT;
    model->pages = calloc(model->page_count, sizeof(*model->pages));
    if (!model->pages)
        abort();
    for (unsigned cpu = 0; cpu < config->cpus; cpu++) {
        tags_init(&model->l1[cpu], config->l1, config->seed + cpu + 1);
        model->noise_random[cpu] = (config->seed + cpu) * 0x9e3779b97f4a7c15ull + 1;
        model->evict_left[cpu] = config->evict;
        model->prefetch_left[cpu] = config->prefetch;
    }
    if (config->outer != MODEL_OUTER_NONE)
        tags_init(&model->l2, config->l2, config->seed + 0x100);
    model->outer_on = config->outer == MODEL_OUTER_INTEGRATED;
    return model;
}

void model_free(struct model *model)
{
    for (uint32_t i = 0; i < model->page_count; i++) {
        struct page *page = model->pages[i];

        for (uint32_t l = 0; page && l < 1u << PAGE_SHIFT >> model->line_shift; l++)
            free(page->line[l].history);
        free(page);
    }
    for (unsigned cpu = 0; cpu < MODEL_CPUS; cpu++)
        tags_free(&model->l1[cpu]);
    tags_free(&model->l2);
    free(model->known);
    free(model->pages);
    free(model);
}

struct model_counts *model_counts(struct model *model)
{
    return &model->counts;
}

void model_cache_enable(struct model *model, unsigned cpu, bool on)
{
    if (model->cache_on[cpu] != on)
        model->caches_on += on ? 1 : -1;
    model->cache_on[cpu] = on;
}

void model_outer_sync(struct model *model)
{
    model->outer_sync = model_now(model);
}

void model_outer_enable(struct model *model, bool on)
{
    model->outer_on = on;
}

struct page *model_page(struct model *model, uint32_t address)
{
    uint32_t index = (address - model->config.base) >> PAGE_SHIFT;
    uint32_t lines = 1u << PAGE_SHIFT >> model->line_shift;
    struct page *page;

    if (index >= model->page_count)
        return NULL;
    page = model->pages[index];
    if (!page) {
        size_t size = sizeof(*page) + lines * sizeof(struct line);

        page = aligned_alloc(64, (size + 63) & ~(size_t)63);
        if (!page)
            abort();
        memset(page, 0, size);
        for (uint32_t i = 0; i < lines; i++) {
            page->line[i].address = model->config.base + (index << PAGE_SHIFT) + (i << model->line_shift);
            page->line[i].store_cpu = MODEL_NOBODY;
            page->line[i].index = (uint8_t)i;
            page->memory_quick[i] = FOR_ALL;
        }
        model->pages[index] = page;
    }
    return page;
}

struct line *model_line(struct model *model, uint32_t address)
{
    struct page *page = model_page(model, address);

    return page ? &page->line[(address & ((1u << PAGE_SHIFT) - 1)) >> model->line_shift] : NULL;
}

struct line *model_line_if_known(struct model *model, uint32_t address)
{
    uint32_t index = (address - model->config.base) >> PAGE_SHIFT;

    return index < model->page_count && model->pages[index] ? model_line(model, address) : NULL;
}

struct line_history *model_history(struct line *line)
{
    if (!line->history) {
        line->history = calloc(1, sizeof(*line->history));
        if (!line->history)
            abort();
        line->history->write.who = line->history->clean.who = line->history->invalidate.who = MODEL_NOBODY;
    }
    return line->history;
}

void model_settle(struct line *line)
{
    const struct line_history *h = line->history;
    struct page *page = page_of(line);
    unsigned at = line->index;
    byte_mask cpu = h ? h->stale | h->unrefreshed | h->unrefreshed_outer | h->lost | h->mixed | h->endangered |
                            h->discarded | h->spared | h->unordered
                      : 0;
    byte_mask memory = line->dirty | line->dirty_outer | line->unclean;

    if (h)
        memory |= h->unclean_outer | h->lost | h->mixed | h->endangered | h->discarded | h->spared | h->pending |
                  h->pending_outer;
    page->load_quick[at] = cpu ? 0 : line->present;
    page->memory_quick[at] = memory || (h && h->news)    ? 0
                             : !h || !h->undrained       ? FOR_ALL
                             : h->write.who < MODEL_CPUS ? h->write.who + 1
                                                         : 0;
    page->store_quick[at] = 0;
    if (!cpu && !(h && (h->stale_outer | h->undrained | h->pending | h->pending_outer | h->unified)) && line->present &&
        !(line->present & (line->present - 1)) && line->store_cpu == __builtin_ctz(line->present) && line->dirty)
        page->store_quick[at] = line->store_cpu + 1;
    /* A line that only this CPU writes, uncached, and that lies in no cache. */
    page->uncached_quick[at] = 0;
    if (h && h->write.who < MODEL_CPUS && !line->present && !line->present_outer && !line->dirty &&
        !line->dirty_outer && !line->unclean &&
        !(h->unclean_outer | h->lost | h->mixed | h->endangered | h->discarded | h->spared | h->unordered | h->pending |
          h->pending_outer | h->stale | h->stale_outer))
        page->uncached_quick[at] = h->write.who + 1;
    /* A quick store sets bits without telling memory's readers. */
    if (page->store_quick[at])
        page->memory_quick[at] = 0;
}

uint32_t model_now(struct model *model)
{
    return ++model->time;
}

static void copy(uint8_t *to, const uint8_t *from, byte_mask bytes, unsigned line)
{
    byte_mask all = line == 64 ? ~0ull : (1ull << line) - 1;

    if ((bytes & all) == all) {
        memcpy(to, from, line);
        return;
    }
    while (bytes) {
        unsigned first = (unsigned)__builtin_ctzll(bytes);
        byte_mask rest = ~(bytes >> first);
        unsigned length = rest ? (unsigned)__builtin_ctzll(rest) : 64;

        memcpy(to + first, from + first, length);
        bytes &= ~mask_of(first, length);
    }
}

void copy_to_bus(struct model *model, const struct line *line, byte_mask bytes)
{
    size_t at = line->address - model->config.base;

    if (model->config.bus_view && bytes)
        copy(model->config.bus_view + at, model->config.cpu_view + at, bytes, model->config.line);
}

void copy_to_cpu(struct model *model, const struct line *line, byte_mask bytes)
{
    size_t at = line->address - model->config.base;

    if (model->config.bus_view && bytes)
        copy(model->config.cpu_view + at, model->config.bus_view + at, bytes, model->config.line);
}

struct model_access last_store(struct model *model, const struct line *line, byte_mask bytes)
{
    uint32_t address = line->address + (bytes ? (uint32_t)__builtin_ctzll(bytes) : 0);
    struct page *page = model_page(model, address);

    return (struct model_access){.pc = page ? page->store_pc[(address & ((1u << PAGE_SHIFT) - 1)) >> 2] : 0,
                                 .caller = line->store_caller,
                                 .who = line->store_cpu,
                                 .action = line->store_cpu == MODEL_NOBODY ? MODEL_NOTHING : MODEL_STORE};
}

uint64_t model_random(uint64_t *state)
{
    /* xorshift64*: Vigna, An experimental exploration of Marsaglia's xorshift generators, 2016. */
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1dull;
}
