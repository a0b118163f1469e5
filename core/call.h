/* SPDX-License-Identifier: MIT */
/*
 * What most public calls have in common: the lock is taken, an object is found by its handle, and the call is refused or ends.
 * Used by the files with such calls; those that ask for an access have more in common (core/acquire.h).
 */
#ifndef BATON_CORE_CALL_H
#define BATON_CORE_CALL_H

#include "core/refusal.h"

struct call {
    struct baton *instance;
    uint32_t lock_state;
    enum baton_status status; /* once refused */
    struct refusal refusal;   /* what it would be refused with; the caller fills in range, buffer and holder */
};

void call_begin(struct call *call, struct baton *instance, const char *verb, uintptr_t call_site);

/* Takes the lock. false: refused with call->status, an ARGUMENT, without the lock: no instance, or arguments is false. */
bool call_enter(struct call *call, bool arguments);

/* The same, and finds what the handle names. NULL: refused with call->status, without the lock. arguments: false: some
 * other argument is bad. */
void *call_find(struct call *call, enum handle_kind kind, uint32_t token, bool arguments);

/* The same for an access, or a reservation; NULL: a bad argument. */
struct access *call_find_access(struct call *call, enum handle_kind kind, const baton_access *handle);

/* The same for a further handle: with the lock. */
void *call_find_further(struct call *call, enum handle_kind kind, uint32_t token);

/* Refused, and over: both give the lock back. */
enum baton_status call_refuse(const struct call *call, enum baton_status status) __attribute__((cold));
enum baton_status call_end(const struct call *call);

#endif
