/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model as a whole: creation, the lines of a physical address, the two views.
 */
#include "sim/model/state.h"

#include <stdlib.h>
#include <string.h>

struct model *model_new(const struct model_config *config)
{
    struct model *model = aligned_alloc(_Alignof(struct model), sizeof(*model));

    if (!model)
        abort();
    memset(model, 0, sizeof(*model));
    model->config = *config;
    model->line_shift = (unsigned)__builtin_ctz(config->line);
    model->page_count = config->size >> PAGE_SHIFT;
    model->pages = calloc(model->page_count, sizeof(*model->pages));
    model->mapping = calloc((size_t)model->page_count * config->cpus, sizeof(struct mapping *));
    if (!model->pages || !model->mapping)
        abort();
    for (unsigned cpu = 0; cpu < config->cpus; cpu++) {
        tags_init(&model->cpu[cpu].l1, config->l1, config->seed + cpu + 1);
        model->cpu[cpu].noise_random = (config->seed + cpu) * 0x9e3779b97f4a7c15ull + 1;
        model->cpu[cpu].evict_left = config->evict;
        model->cpu[cpu].prefetch_left = config->prefetch;
    }
    if (config->outer != MODEL_OUTER_NONE)
        tags_init(&model->l2, config->l2, config->seed + 0x100);
    model->outer_on = config->outer == MODEL_OUTER_INTEGRATED;
    return model;
}

void model_free(struct model *model)
{
    arena_free(&model->page_memory);
    arena_free(&model->history_memory);
    for (unsigned cpu = 0; cpu < MODEL_CPUS; cpu++)
        tags_free(&model->cpu[cpu].l1);
    tags_free(&model->l2);
    free(model->known);
    free(model->mapping);
    free(model->pages);
    free(model);
}

struct model_counts *model_counts(struct model *model)
{
    return &model->counts;
}

void model_cache_enable(struct model *model, unsigned cpu, bool on)
{
    if (model->cpu[cpu].cache_on != on)
        model->caches_on += on ? 1 : -1;
    model->cpu[cpu].cache_on = on;
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
        page = arena_take(&model->page_memory, sizeof(*page) + lines * sizeof(struct line));
        for (uint32_t i = 0; i < lines; i++) {
            page->line[i].address = model->config.base + (index << PAGE_SHIFT) + (i << model->line_shift);
            page->line[i].store_cpu = MODEL_NOBODY;
            page->line[i].index = (uint8_t)i;
            page->line[i].quick.memory_load = FOR_ALL;
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

struct line_history *model_history(struct model *model, struct line *line)
{
    if (!line->history) {
        line->history = arena_take(&model->history_memory, sizeof(*line->history));
        line->history->write.who = line->history->clean.who = line->history->invalidate.who = MODEL_NOBODY;
    }
    return line->history;
}

static inline struct mapping **mapping_of(struct model *model, unsigned cpu, uint32_t address)
{
    return &model->mapping[(size_t)((address - model->config.base) >> PAGE_SHIFT) * model->config.cpus + cpu];
}

void model_map(struct model *model, unsigned cpu, uint32_t address, struct mapping *mapping)
{
    struct mapping **first = mapping_of(model, cpu, address);
    const struct page *page = model_page(model, address);

    mapping->next = *first;
    *first = mapping;
    for (unsigned i = 0; i < 1u << PAGE_SHIFT >> model->line_shift; i++)
        mapping->quick[i] = quick_for(page->line[i].quick, cpu) & mapping->decides;
}

void model_unmap(struct model *model, unsigned cpu, uint32_t address)
{
    *mapping_of(model, cpu, address) = NULL;
}

static void publish(struct model *model, const struct line *line)
{
    struct mapping **mapping = mapping_of(model, 0, line->address);

    for (unsigned cpu = 0; cpu < model->config.cpus; cpu++)
        for (struct mapping *m = mapping[cpu]; m; m = m->next)
            m->quick[line->index] = quick_for(line->quick, cpu) & m->decides;
}

void model_hide(struct model *model, struct line *line, unsigned writer)
{
    struct mapping **mapping = mapping_of(model, 0, line->address);

    if (line->index + 1u < 1u << PAGE_SHIFT >> model->line_shift)
        expect_history(line + 1);
    line->quick.memory_load = (uint8_t)(writer + 1);
    for (unsigned cpu = 0; cpu < model->config.cpus; cpu++)
        for (struct mapping *m = mapping[cpu]; m && cpu != writer; m = m->next)
            if (m->decides & QUICK_MEMORY_LOAD)
                __atomic_fetch_and(&m->quick[line->index], ~QUICK_MEMORY_LOAD, __ATOMIC_RELAXED);
}

void model_settle(struct model *model, struct line *line)
{
    const struct line_history *h = line->history;
    unsigned load = line->present, store = 0, memory_load = FOR_ALL, memory_store = 0;
    bool alone = line->present && !(line->present & (line->present - 1)) && line->dirty &&
                 line->store_cpu == __builtin_ctz(line->present) && !line->unified;
    byte_mask memory = line->dirty | line->dirty_outer | line->unclean;

    if (h) {
        byte_mask wrong = h->lost | h->mixed | h->endangered | h->discarded | h->spared;
        byte_mask cleaned = h->pending | h->pending_outer;
        byte_mask cpu = h->stale | h->unrefreshed | h->unrefreshed_outer | wrong | h->unordered;

        memory |= h->unclean_outer | wrong | cleaned;
        if (cpu)
            load = 0;
        if (cpu | h->stale_outer | h->undrained | cleaned)
            alone = false;
        if (h->undrained)
            memory_load = h->write.who < MODEL_CPUS ? h->write.who + 1u : 0;
        /* A line that only this CPU writes, uncached, and that lies in no cache. */
        if (h->write.who < MODEL_CPUS && !line->present && !line->present_outer &&
            !(memory | h->unordered | h->stale | h->stale_outer))
            memory_store = h->write.who + 1u;
    }
    if (alone)
        store = line->store_cpu + 1u;
    /* A quick store sets bits without telling memory's readers: its line is dirty, so that they always look. */
    if (memory || line->news)
        memory_load = 0;
    if (line->quick.load == load && line->quick.store == store && line->quick.memory_load == memory_load &&
        line->quick.memory_store == memory_store)
        return;
    line->quick = (struct quick){(uint8_t)load, (uint8_t)store, (uint8_t)memory_load, (uint8_t)memory_store};
    publish(model, line);
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
