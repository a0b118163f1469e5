/* SPDX-License-Identifier: MIT */
/*
 * Counting: what a piece of work takes, in instructions and in cycles, without the cost of counting.
 *
 * Under QEMU's -icount shift=0 the cycle counter counts instructions, of all CPUs, and there are no cycles (setting "counter": icount).
 * On silicon it counts cycles, and instructions come from an event counter where the core has that event (0x08; ARM ARM DDI
 * 0406C, C12.8.2; the Cortex-A9 has not).
 */
#include "apps/bench/bench.h"

#include "boot/cpu.h"
#include "boot/pmu.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_COUNT UINT32_MAX
#define WAIT_MICROSECONDS 20000000u /* finds a hang */

enum counter { COUNTER_UNKNOWN, COUNTER_ICOUNT, COUNTER_CYCLES, COUNTER_CYCLES_AND_INSTRUCTIONS };

static enum counter counter(void)
{
    static enum counter known;

    if (known == COUNTER_UNKNOWN) {
        const char *said = platform()->setting("counter");

        if (said != NULL && strcmp(said, "icount") == 0) {
            known = COUNTER_ICOUNT;
        } else {
            known = pmu_start_instructions() ? COUNTER_CYCLES_AND_INSTRUCTIONS : COUNTER_CYCLES;
        }
    }
    return known;
}

static unsigned number(const char *name, unsigned least, unsigned most, unsigned otherwise)
{
    const char *said = platform()->setting(name);
    char *end;

    if (said == NULL) {
        return otherwise;
    }
    const unsigned long value = strtoul(said, &end, 10);
    if (*said == '\0' || *end != '\0' || value < least || value > most) {
        bench_give_up(name, "not a number in its bounds");
    }
    return (unsigned)value;
}

unsigned bench_repetitions(void)
{
    return number("repetitions", 1, BENCH_REPETITIONS_MAX, 9);
}

bool bench_warm_up(void)
{
    return number("warm-up", 0, 1, 1) != 0;
}

struct bench_sample bench_now(void)
{
    const uint32_t instructions = counter() == COUNTER_CYCLES_AND_INSTRUCTIONS ? pmu_instructions() : 0;

    return (struct bench_sample){pmu_cycles(), instructions};
}

struct bench_sample bench_since(struct bench_sample start)
{
    const uint32_t cycles = pmu_cycles() - start.cycles;

    switch (counter()) {
    case COUNTER_ICOUNT:
        return (struct bench_sample){NO_COUNT, cycles};
    case COUNTER_CYCLES_AND_INSTRUCTIONS:
        return (struct bench_sample){cycles, pmu_instructions() - start.instructions};
    default:
        return (struct bench_sample){cycles, NO_COUNT};
    }
}

static struct bench_sample count(const struct bench_experiment *experiment, bool empty)
{
    const uint32_t state = experiment->interrupts ? 0 : cpu_irq_save();
    const struct bench_sample start = bench_now();

    experiment->work(experiment->context, empty);
    const struct bench_sample used = bench_since(start);
    if (!experiment->interrupts) {
        cpu_irq_restore(state);
    }
    return used;
}

static uint32_t less(uint32_t count, uint32_t own)
{
    if (count == NO_COUNT) {
        return NO_COUNT;
    }
    return count > own ? count - own : 0; /* cycles of silicon vary */
}

/* One repetition; the period's name is for the simulator. */
static struct bench_sample repeat(const struct bench_experiment *experiment)
{
    const struct bench_sample own = count(experiment, true);

    if (experiment->prepare != NULL) {
        experiment->prepare(experiment->context);
    }
    bench_begin_period();
    const struct bench_sample used = count(experiment, false);
    bench_end_period();
    if (experiment->finish != NULL) {
        experiment->finish(experiment->context);
    }
    return (struct bench_sample){less(used.cycles, own.cycles), less(used.instructions, own.instructions)};
}

uint32_t bench_rows;
static struct bench_sample samples[BENCH_REPETITIONS_MAX];

static unsigned repeat_all(const struct bench_experiment *experiment)
{
    const unsigned repetitions = bench_repetitions();

    if (bench_warm_up()) {
        (void)repeat(experiment);
    }
    for (unsigned i = 0; i < repetitions; i++) {
        samples[i] = repeat(experiment);
    }
    return repetitions;
}

void bench_measure(const struct bench_experiment *experiment)
{
    bench_print(&experiment->row, samples, repeat_all(experiment));
}

/* ---------------------------------------------------------------------------------------------------------------- */

static struct {
    const struct bench_experiment *experiment;
    volatile bool done;
} in_interrupt;

static void run_in_interrupt(void *context)
{
    (void)context;
    (void)repeat_all(in_interrupt.experiment);
    in_interrupt.done = true;
}

void bench_measure_in_interrupt(const struct bench_experiment *experiment)
{
    const uint64_t end = platform()->microseconds() + WAIT_MICROSECONDS;

    in_interrupt.experiment = experiment;
    in_interrupt.done = false;
    bench_interrupt(run_in_interrupt, NULL);
    while (!in_interrupt.done) {
        platform()->sleep_until(end);
        if (!in_interrupt.done && platform()->microseconds() >= end) {
            bench_give_up(experiment->row.name, "the interrupt did not come");
        }
    }
    bench_print(&experiment->row, samples, bench_repetitions());
}

/* ---------------------------------------------------------------------------------------------------------------- */

static int compare_instructions(const void *a, const void *b)
{
    const uint32_t x = ((const struct bench_sample *)a)->instructions,
                   y = ((const struct bench_sample *)b)->instructions;

    return (x > y) - (x < y);
}

static int compare_cycles(const void *a, const void *b)
{
    const uint32_t x = ((const struct bench_sample *)a)->cycles, y = ((const struct bench_sample *)b)->cycles;

    return (x > y) - (x < y);
}

static const char *text(char *buffer, uint32_t count)
{
    if (count == NO_COUNT) {
        return "";
    }
    sprintf(buffer, "%" PRIu32, count);
    return buffer;
}

void bench_print(const struct bench_row *row, struct bench_sample *taken, unsigned count)
{
    char instructions[3][12], cycles[3][12];
    const unsigned at[3] = {count / 2, 0, count - 1};
    const char *i[3], *c[3];

    qsort(taken, count, sizeof(*taken), compare_instructions);
    for (unsigned k = 0; k < 3; k++) {
        i[k] = text(instructions[k], taken[at[k]].instructions);
    }
    qsort(taken, count, sizeof(*taken), compare_cycles);
    for (unsigned k = 0; k < 3; k++) {
        c[k] = text(cycles[k], taken[at[k]].cycles);
    }
    printf("bench: %s,%s,%" PRIu32 ",%s,%s,%" PRIu32 ",%s,%s,%s,%s,%s,%s,%u,%s,%" PRIu32 ",%s,%" PRIu32 ",%s\n",
           row->group, row->name, row->bytes, row->align, row->state, row->lines, i[0], c[0], i[1], i[2], c[1], c[2],
           count, row->context, row->in_flight, row->enforcement, row->entries, row->policy != NULL ? row->policy : "");
    bench_rows++;
}
