/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What maintenance cost and what it was good for: over the run, and by period.
 */
#include "sim/plugin/plugin.h"

#include <stdlib.h>
#include <string.h>

static FILE *file;
static struct model_counts before;
static unsigned periods;

bool statistics_open(void)
{
    if (!sim.options.stats)
        return true;
    file = fopen(sim.options.stats, "w");
    return file != NULL;
}

static void write_counts(const struct model_counts *c)
{
    static const char *const operations[MODEL_OPS] = {"clean", "invalidate", "clean_invalidate"};
    static const char *const reasons[MODEL_REASONS] = {"clean", "capacity", "noise"};
    uint64_t line = sim.line_mask + 1, written = 0;

    for (int i = 0; i < MODEL_OPS; i++)
        fprintf(file, "\"%s\":{\"issued\":%llu,\"first\":%llu,\"useful\":%llu,\"redundant\":%llu},", operations[i],
                (unsigned long long)c->operation[i].issued, (unsigned long long)c->operation[i].first,
                (unsigned long long)c->operation[i].useful, (unsigned long long)c->operation[i].redundant);
    fprintf(file, "\"set_way\":%llu,\"set_way_useful\":%llu,\"fills\":%llu,\"prefetches\":%llu,\"write_backs\":{",
            (unsigned long long)c->set_way, (unsigned long long)c->set_way_useful, (unsigned long long)c->fills,
            (unsigned long long)c->prefetches);
    for (int i = 0; i < MODEL_REASONS; i++) {
        fprintf(file, "%s\"%s\":%llu", i ? "," : "", reasons[i], (unsigned long long)c->write_backs[i]);
        written += c->write_backs[i];
    }
    fprintf(file,
            "},\"bus_bytes\":{\"filled\":%llu,\"written_back\":%llu,\"device_read\":%llu,\"device_written\":%llu,"
            "\"uncached_read\":%llu,\"uncached_written\":%llu},\"violations\":{",
            (unsigned long long)((c->fills + c->prefetches) * line), (unsigned long long)(written * line),
            (unsigned long long)c->device_read, (unsigned long long)c->device_written,
            (unsigned long long)c->uncached_read, (unsigned long long)c->uncached_written);
    for (int i = 0; i < MODEL_KINDS; i++)
        fprintf(file, "%s\"%s\":%llu", i ? "," : "", model_kind_name((enum model_kind)i),
                (unsigned long long)c->violations[i]);
    fprintf(file, "}");
}

static struct model_counts now(void)
{
    struct model_counts counts = *model_counts(sim.model);

    for (unsigned cpu = 0; cpu < sim.cpus; cpu++) {
        counts.uncached_read += sim.cpu[cpu].quick_uncached;
        counts.uncached_written += sim.cpu[cpu].quick_uncached_written;
    }
    return counts;
}

void statistics_close_period(const char *name)
{
    struct model_counts counts, delta;

    if (!sim.model)
        return;
    periods++;
    if (!file)
        return;
    counts = now();
    uint64_t *d = (uint64_t *)&delta;
    const uint64_t *to = (const uint64_t *)&counts, *from = (const uint64_t *)&before;
    for (size_t i = 0; i < sizeof(delta) / sizeof(uint64_t); i++)
        d[i] = to[i] - from[i];
    before = counts;
    fprintf(file, "%s{\"name\":\"", periods > 1 ? ",\n" : "{\"periods\":[\n");
    if (*name) {
        for (const char *c = name; *c; c++)
            fprintf(file, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
        fprintf(file, "\",");
    } else {
        fprintf(file, "%u\",", periods - 1);
    }
    write_counts(&delta);
    fprintf(file, "}");
}

unsigned statistics_periods(void)
{
    return periods;
}

void statistics_write(void)
{
    static const struct model_counts none;

    if (!file)
        return;
    struct model_counts counts = sim.model ? now() : none;

    fprintf(file, "%s", periods ? "],\n" : "{\"periods\":[],\n");
    fprintf(file, "\"line\":%u,\"total\":{", sim.model ? sim.line_mask + 1 : 0);
    write_counts(&counts);
    fprintf(file, "}}\n");
    fclose(file);
    file = NULL;
}
