/* SPDX-License-Identifier: MIT */
/*
 * Random programs: their seeds, and how a failing one is shrunk to as few steps as still fail and printed as a case to run again:
 * BATON_SEED=n BATON_STEPS=3,17,40 runs these steps alone; BATON_SEED=n all steps of one program; BATON_SEEDS=n so many programs. Each step has
 * random numbers of its own, so that a program may leave steps out.
 *
 * Included behind program_frame.h and
 *
 *     enum { STEPS, PROGRAMS };                           of a program; unless BATON_SEEDS says another number
 *     static void begin_program(unsigned long long seed)  sets everything up anew, also after a program that was left in the middle
 *     static void one_step(void)
 *     static void end_program(void)
 *     static void check_met(unsigned long long programs)  have the interesting cases come up?
 */
#ifndef BATON_TESTS_HOST_SUPPORT_RANDOM_PROGRAMS_H
#define BATON_TESTS_HOST_SUPPORT_RANDOM_PROGRAMS_H

/* Runs these steps of a program; true: nothing was wrong. Else program.failure says what. */
static bool run_program(unsigned long long seed, const unsigned *steps, unsigned count)
{
    if (setjmp(program.failed) != 0)
        return false;
    begin_program(seed);
    for (unsigned i = 0; i < count; i++) {
        program.step = steps[i];
        program.machine.random = (seed * 1000003u + steps[i]) * 0x9e3779b97f4a7c15u | 1;
        (void)machine_random(&program.machine, 2);
        one_step();
    }
    end_program();
    return true;
}

/* Leaves out steps, large parts first, as long as what is left still fails; returns how many are left. */
static unsigned shrink_program(unsigned long long seed, unsigned *steps, unsigned count)
{
    unsigned shorter[STEPS];

    for (unsigned size = count / 2; size > 0; size /= size > 1 ? 2 : 1) {
        bool smaller = false;

        for (unsigned from = 0; from < count;) {
            const unsigned end = from + size < count ? from + size : count, left = count - (end - from);

            memcpy(shorter, steps, from * sizeof(*steps));
            memcpy(shorter + from, steps + end, (count - end) * sizeof(*steps));
            if (run_program(seed, shorter, left)) {
                from = end;
            } else {
                memcpy(steps, shorter, left * sizeof(*steps));
                count = left;
                smaller = true;
            }
        }
        if (size == 1 && !smaller)
            break;
    }
    (void)run_program(seed, steps, count); /* so that the failure is told that is left */
    return count;
}

static void report_program(unsigned long long seed, unsigned *steps, unsigned count)
{
    count = shrink_program(seed, steps, count);
    print_error("%s\nBATON_SEED=%llu BATON_STEPS=", program.failure, seed);
    for (unsigned i = 0; i < count; i++)
        print_error("%s%u", i > 0 ? "," : "", steps[i]);
    print_error("\n");
    fail();
}

/* BATON_STEPS, or all. */
static unsigned chosen_steps(unsigned steps[STEPS])
{
    const char *chosen = getenv("BATON_STEPS");
    unsigned count = 0;

    for (char *end; chosen != NULL && *chosen != '\0' && count < STEPS; chosen = *end == ',' ? end + 1 : end) {
        steps[count++] = (unsigned)strtoul(chosen, &end, 10);
        assert_true(end != chosen);
    }
    for (; chosen == NULL && count < STEPS; count++)
        steps[count] = count + 1;
    return count;
}

static void random_programs(void **state)
{
    const char *one = getenv("BATON_SEED");
    const char *count = getenv("BATON_SEEDS");
    const unsigned long long first = one ? strtoull(one, NULL, 0) : 1, last = one     ? first
                                                                              : count ? strtoull(count, NULL, 0)
                                                                                      : PROGRAMS;
    unsigned steps[STEPS];

    (void)state;
    for (unsigned long long seed = first; seed <= last; seed++) {
        const unsigned wanted = chosen_steps(steps);

        if (!run_program(seed, steps, wanted))
            report_program(seed, steps, wanted);
    }
    if (one == NULL)
        check_met(last);
}

#endif
