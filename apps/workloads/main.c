/* SPDX-License-Identifier: MIT */
/*
 * Each reference workload under each policy: what handing the buffers over cost, a line on the console for each, in the form that
 * tools/workloads reads. Ends with status 1 if a pixel is wrong.
 */
#include "apps/workloads/device.h"
#include "apps/workloads/run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIB 0x100000u

_Noreturn void give_up(const char *what, const char *why)
{
    printf("workloads: %s: %s\n", what, why);
    exit(EXIT_FAILURE);
}

void must(enum baton_status status, const char *what)
{
    if (status != BATON_OK) {
        give_up(what, baton_status_text(status));
    }
}

struct baton_pool_config memory_part(enum memory_part part)
{
    struct baton_pool_config memory = platform()->memory;
    const uint32_t size = memory.size / MEMORY_PARTS / MIB * MIB;

    memory.cpu = (char *)memory.cpu + part * size;
    memory.physical += part * size;
    memory.size = size;
    return memory;
}

/* Ends a period of the simulator's statistics, which finds this function by its name (its option mark). */
__attribute__((noinline)) void workloads_mark(const char *period);
__attribute__((noinline)) void workloads_mark(const char *period)
{
    __asm__ volatile("" ::"r"(period) : "memory");
}

/* Returns whether every pixel was right. */
static bool measure(const struct workload *workload, const struct policy *policy)
{
    struct run run = {.policy = policy};
    struct maintenance before, after;
    char period[64];

    snprintf(period, sizeof(period), "%s %s", workload->name, policy->name);
    policy->reset();
    device_reset();
    workload->set_up(&run);
    run.handoffs = 0;
    run.instructions = 0;
    before = policy->maintenance();
    workloads_mark("set-up");
    for (uint32_t number = 1; number <= FRAMES; number++) {
        workload->frame(&run, number);
    }
    workloads_mark(period);
    after = policy->maintenance();
    const uint32_t handoffs = run.handoffs;
    const uint64_t instructions = run.instructions;
    workload->check(&run);
    policy->close();
    workloads_mark("check");
    printf("workload %s %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 "\n", period, handoffs,
           after.cleaned - before.cleaned, after.invalidated - before.invalidated, after.copied - before.copied,
           (uint32_t)instructions);
    if (run.wrong != 0) {
        printf("workloads: %s: %" PRIu32 " pixels are wrong\n", period, run.wrong);
    }
    return run.wrong == 0;
}

int main(void)
{
    static const struct policy *const policies[] = {&policy_baton,          &policy_whole_buffer, &policy_flush_all,
                                                    &policy_write_combined, &policy_bounce,       &policy_coherent};
    const char *const wanted = platform()->setting("policies"); /* "all", or the first three */
    const unsigned count = wanted != NULL && strcmp(wanted, "all") == 0 ? sizeof(policies) / sizeof(policies[0]) : 3;
    bool right = true;

    for (unsigned w = 0; w < workload_count; w++) {
        for (unsigned p = 0; p < count; p++) {
            right = measure(workloads[w], policies[p]) && right;
        }
    }
    return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
