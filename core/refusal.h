/* SPDX-License-Identifier: MIT */
/*
 * How a public call ends that is refused: the lock is given back and the port is told who asked for what, and who is
 * in the way. Called by every file with public functions.
 */
#ifndef BATON_CORE_REFUSAL_H
#define BATON_CORE_REFUSAL_H

#include "core/instance.h"

struct refusal {
    const char *verb;            /* the public function */
    uintptr_t call_site;         /* its return address */
    struct baton_range range;    /* that was asked for; {0, 0} without one */
    const struct buffer *buffer; /* NULL when the handle did not lead to one */
    const struct access *holder; /* in the way, or NULL */
    uintptr_t ended_by;          /* a stale access: the call that ended it, if known; or 0 */
};

/* Unlocks, reports (IN_TRANSIT apart: that is nobody's mistake), returns status. */
enum baton_status refuse(struct baton *instance, uint32_t lock_state, enum baton_status status,
                         const struct refusal *refusal) __attribute__((cold));

/* The same for a call that was refused before it took the lock. instance may be NULL. */
enum baton_status refuse_unlocked(struct baton *instance, enum baton_status status, const char *verb,
                                  uintptr_t call_site) __attribute__((cold));

/* What a handle names, or NULL: any kind, for where size counts more than speed (elsewhere instance_buffer() and its kin). */
void *instance_find(const struct baton *instance, enum handle_kind kind, uint32_t token);

/* Refuses a handle that was not found. */
enum baton_status refuse_handle(struct baton *instance, uint32_t lock_state, uint32_t token, enum handle_kind kind,
                                struct refusal *refusal) __attribute__((cold));

/* Tells the port. Without the lock. */
void refusal_report(const struct baton *instance, const struct baton_misuse *what);

#define CALL_SITE ((uintptr_t)__builtin_return_address(0))

#endif
