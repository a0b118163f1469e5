/* SPDX-License-Identifier: MIT */
/*
 * What programs of verbs have in common, whoever chooses their steps: ranges by lines, and how a failure ends one. Included behind the
 * definition of GRANULE, of struct live, and of the program's own state, which is called program and has
 *
 *     struct machine machine;
 *     unsigned long long seed;
 *     unsigned step;
 *     jmp_buf failed;      where a failure goes
 *     char failure[200];   what it was
 */
#ifndef BATON_TESTS_HOST_SUPPORT_PROGRAM_FRAME_H
#define BATON_TESTS_HOST_SUPPORT_PROGRAM_FRAME_H

static void fail_program(const char *condition, unsigned line)
{
    snprintf(program.failure, sizeof(program.failure), "step %u: line %u: %s %s", program.step, line, condition,
             program.machine.trouble);
    longjmp(program.failed, 1);
}

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            fail_program(#condition, __LINE__);                                                                        \
    } while (0)

static inline bool writes(const struct live *access)
{
    return access->direction != BATON_READ;
}

static inline bool share_a_line(struct baton_range a, struct baton_range b)
{
    return a.offset / GRANULE <= (b.offset + b.length - 1) / GRANULE &&
           b.offset / GRANULE <= (a.offset + a.length - 1) / GRANULE;
}

static inline bool share_a_byte(struct baton_range a, struct baton_range b)
{
    return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

static inline bool line_in(struct baton_range range, uint32_t line)
{
    return range.length != 0 && line >= range.offset / GRANULE && line <= (range.offset + range.length - 1) / GRANULE;
}

#endif
