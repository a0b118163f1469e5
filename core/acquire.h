/* SPDX-License-Identifier: MIT */
/*
 * What all calls have in common that ask for an access: finding what is asked for, refusing it, and handing it out. Called by the
 * long ways (core/cpu_long.c, map_long.c), wait.c and sync.c; small rather than fast.
 */
#ifndef BATON_CORE_ACQUIRE_H
#define BATON_CORE_ACQUIRE_H

#include "core/call.h"
#include "core/map.h"

/* One of the public functions. */
struct verb {
    const char *name;
    enum handle_kind kind; /* of the access that it asks for, and so what the caller's struct is */
    enum handle_kind of;   /* of what it is asked of, see below */
};

struct wanted {
    const struct verb *verb;
    struct handoff *handoff; /* the caller fills in range, direction, call_site */
    uint32_t lock_state;
    struct segments *segments; /* filled in for a mapping; NULL: none is asked for */
};

/* Takes the lock and finds what an access is asked of: a BUFFER or an ATTACHMENT. May it be had at all? An error has been refused,
 * and the lock is given back. arguments: false: some other argument is bad. */
enum baton_status acquire_begin(struct baton *instance, uint32_t token, bool arguments, struct wanted *wanted);

/* The same with the lock, arguments checked. */
enum baton_status acquire_look_up(struct baton *instance, uint32_t token, struct wanted *wanted);

void acquire_count_refusal(struct baton *instance, const struct handoff *handoff);

/* Counts and reports a refusal; gives the lock back. */
enum baton_status acquire_refuse(struct baton *instance, const struct wanted *wanted, enum baton_status status);

/* Is it refused, or granted? Gives the lock back and fills in the caller's struct. */
enum baton_status acquire_end(struct baton *instance, const struct wanted *wanted, enum baton_status status,
                              void *result);

#endif
