/* SPDX-License-Identifier: MIT */
/*
 * What the proofs of tests/proof/prove_*.c share: any well-formed directory, what it says of one line, and the truth about that
 * line that the core cannot see. Read by CBMC only; see tests/proof/prove.
 *
 * One line is tracked, any one. The truth about it is what a cache can do to it; the invariant ties it to the directory and to
 * those who hold the line. Each proof takes any state in which the invariant holds, performs one step of the core's own code, and
 * shows that it holds again: so it holds after any number of steps.
 */
#ifndef BATON_TESTS_PROOF_PROOF_H
#define BATON_TESTS_PROOF_PROOF_H

#include "core/conflict.h"
#include "core/range.h"
#include "core/rules.h"

/* CBMC gives any value. */
bool nondet_bool(void);
uint8_t nondet_uint8(void);
uint32_t nondet_uint32(void);

#define ASSUME(condition) __CPROVER_assume(condition)
#define PROVE(condition, text) __CPROVER_assert(condition, text)
/* Fails on purpose: what cannot be reached proves nothing. tests/proof/prove wants these, and only these, to fail. */
#ifdef PROOF_NEGATIVE
#define REACHED(text) (void)0
#else
#define REACHED(text) __CPROVER_assert(0, "reached: " text)
#endif

/* Lines of the buffer. The code only compares line numbers, and adds lengths up; so orders count, and there are fewer ends of
 * extents and ranges than lines here. */
enum { PROOF_LINES = 31 };

static inline uint32_t any_line(void)
{
    return nondet_uint8() & 31u;
}

static inline bool in_lines(struct line_range lines, uint32_t line)
{
    return line >= lines.first && line < lines.end;
}

/* Sorted, disjoint, not empty, neighbours of one state merged, at most as many as there is room for, and summed up as directory.h
 * says. Without branches, so that the solver's paths are those of the core. */
static inline bool well_formed(const struct directory *directory)
{
    bool good =
        directory->count <= DIRECTORY_EXTENTS && (directory->count > 0 || directory->extents[0].state == LINE_CLEAN);
    bool not_dirty = false;

    for (uint32_t i = 0; i < DIRECTORY_EXTENTS; i++) {
        const struct line_range lines = directory->extents[i].lines;
        const uint32_t end = i > 0 ? directory->extents[i > 0 ? i - 1 : 0].lines.end : 0;
        const enum line_state state = directory->extents[i].state;

        good &= i >= directory->count ||
                (lines.first >= end && lines.first < lines.end && lines.end <= PROOF_LINES && state > LINE_CLEAN &&
                 state <= LINE_UNKNOWN &&
                 (i == 0 || lines.first != end || state != directory->extents[i > 0 ? i - 1 : 0].state));
        not_dirty |= i < directory->count && state != LINE_DIRTY;
    }
    return good && directory->not_dirty == not_dirty;
}

static inline enum line_state state_of(const struct directory *directory, uint32_t line)
{
    enum line_state state = LINE_CLEAN;

    for (uint32_t i = 0; i < DIRECTORY_EXTENTS; i++)
        state =
            i < directory->count && line >= directory->extents[i].lines.first && line < directory->extents[i].lines.end
                ? directory->extents[i].state
                : state;
    return state;
}

static inline struct directory any_directory(void)
{
    struct directory directory;

    directory.uncommon = 0;
    directory.not_dirty = nondet_bool();
    directory.count = nondet_uint8() & 31u;
    for (uint32_t i = 0; i < DIRECTORY_EXTENTS + 2; i++)
        directory.extents[i] = (struct extent){{any_line(), any_line()}, (enum line_state)(nondet_uint8() & 3u)};
    ASSUME(well_formed(&directory));
    return directory;
}

static inline enum line_state any_state(void)
{
    return (enum line_state)(nondet_uint8() & 3u);
}

static inline struct line_range any_lines(void)
{
    return (struct line_range){any_line(), any_line()};
}

/* ---------------------------------------------------------------------------------------------------------------- */

/* What is true of the tracked line: all its newest bytes are where it says so. */
struct truth {
    bool cached, dirty;
    bool cache_newest; /* of a line that is cached */
    bool memory_newest;
};

/* Both sides cannot have lost them; what is cached and not dirty is no newer than memory. */
static inline bool possible(const struct truth *truth)
{
    if (!truth->cached)
        return !truth->dirty && !truth->cache_newest && truth->memory_newest;
    if (!truth->dirty && truth->cache_newest)
        return truth->memory_newest;
    return truth->cache_newest || truth->memory_newest;
}

/* Loads and stores in CACHE find the newest bytes, whatever the cache does. */
static inline bool valid_in_cache(const struct truth *truth)
{
    return truth->cached ? truth->cache_newest : truth->memory_newest;
}

/* The same in MEMORY, and no eviction hits them. */
static inline bool valid_in_memory(const struct truth *truth)
{
    return truth->memory_newest && !(truth->cached && truth->dirty);
}

static inline bool valid_in(const struct truth *truth, enum baton_domain domain)
{
    return domain == BATON_DOMAIN_CACHE ? valid_in_cache(truth) : valid_in_memory(truth);
}

static inline void clean(struct truth *truth)
{
    if (truth->cached && truth->dirty) {
        truth->memory_newest = truth->cache_newest;
        truth->dirty = false;
    }
}

static inline void invalidate(struct truth *truth)
{
    truth->cached = truth->dirty = truth->cache_newest = false;
}

static inline void fill(struct truth *truth)
{
    if (!truth->cached) {
        truth->cached = true;
        truth->cache_newest = truth->memory_newest;
    }
}

/* A cache evicts, writes back and fetches as it likes. */
static inline void noise(struct truth *truth)
{
    if (nondet_bool())
        clean(truth);
    if (nondet_bool()) {
        clean(truth);
        invalidate(truth);
    }
    if (nondet_bool())
        fill(truth);
}

/* A store by a holder in its domain, to bytes that are its own. */
static inline void store(struct truth *truth, enum baton_domain domain)
{
    if (domain == BATON_DOMAIN_CACHE) {
        fill(truth);
        truth->dirty = true;
        truth->memory_newest = false;
    } else {
        truth->cache_newest = false;
    }
}

static inline struct truth any_truth(void)
{
    const struct truth truth = {nondet_bool(), nondet_bool(), nondet_bool(), nondet_bool()};

    ASSUME(possible(&truth));
    return truth;
}

/* What a directory says of a line that nobody writes at the moment. */
static inline bool is_true(enum line_state state, const struct truth *truth)
{
    switch (state) {
    case LINE_CLEAN:
        return valid_in_cache(truth) && valid_in_memory(truth);
    case LINE_DIRTY:
        return valid_in_cache(truth);
    case LINE_STALE:
        return valid_in_memory(truth);
    case LINE_UNKNOWN:
        return valid_in_cache(truth) || valid_in_memory(truth);
    }
    return false;
}

#endif
