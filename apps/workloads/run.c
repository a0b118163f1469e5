/* SPDX-License-Identifier: MIT */
/*
 * The policy's calls, measured: see run.h. Under -icount shift=0 the cycle counter counts instructions, of both CPUs: the other
 * one sleeps meanwhile.
 */
#include "apps/workloads/run.h"

#include "boot/pmu.h"

/* What reading the counter twice costs. */
static uint32_t overhead(void)
{
    static uint32_t least;

    if (least == 0) {
        const uint32_t start = pmu_cycles();

        least = pmu_cycles() - start;
    }
    return least;
}

static void finish(struct run *run, uint32_t start)
{
    const uint32_t end = pmu_cycles();

    run->instructions += end - start - overhead();
}

unsigned char *run_begin_cpu_access(struct run *run, struct shared *shared, const struct area *area,
                                    enum baton_direction direction)
{
    const uint32_t start = pmu_cycles();
    unsigned char *const data = run->policy->begin_cpu_access(shared, area, direction);

    finish(run, start);
    run->handoffs++;
    return data;
}

void run_end_cpu_access(struct run *run, struct shared *shared)
{
    const uint32_t start = pmu_cycles();

    run->policy->end_cpu_access(shared);
    finish(run, start);
}

void run_map_to_device(struct run *run, struct shared *shared, unsigned importer, const struct area *area)
{
    const uint32_t start = pmu_cycles();

    run->policy->map_to_device(shared, importer, area);
    finish(run, start);
    run->handoffs++;
}

void run_unmap_source(struct run *run, struct shared *shared, unsigned importer)
{
    const uint32_t start = pmu_cycles();

    run->policy->unmap_source(shared, importer);
    finish(run, start);
}

void run_map_from_device(struct run *run, struct shared *shared, unsigned importer, const struct area *area)
{
    const uint32_t start = pmu_cycles();

    run->policy->map_from_device(shared, importer, area);
    finish(run, start);
    run->handoffs++;
}

void run_unmap_destination(struct run *run, struct shared *shared, unsigned importer)
{
    const uint32_t start = pmu_cycles();

    run->policy->unmap_destination(shared, importer);
    finish(run, start);
}
