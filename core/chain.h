/* SPDX-License-Identifier: MIT */
/*
 * How stages follow each other: what core/fence.c (the verbs) needs of core/chain.c. Nobody else includes it.
 *
 * A stage's end is decided once, under the lock (fate), and shown when nobody is at work on the stage any more (status): its mappings
 * have ended, start() has returned. Whoever is the last to leave it starts its followers, from a list, in a loop: a device that
 * signals within its start() costs no stack, however long the chain.
 */
#ifndef BATON_CORE_CHAIN_H
#define BATON_CORE_CHAIN_H

#include "core/call.h"
#include "core/release.h"

/* One call of a verb: what it has in common with other calls, the stage that it is about, and the stages that it has to start, in order. */
struct chain_call {
    struct call common;
    struct fence *fence;
    struct fence *ready, **last;
};

/* Does the other access end before the handoff's stage starts (C7)? PENDING: it does not. OK: it does, and nothing has to
 * be done to lines in between. MAINTENANCE: something would. same_place: the two see the same bytes of a line. Under the lock. */
enum baton_status chain_check(const struct baton *instance, const struct handoff *handoff, const struct access *other,
                              bool same_place);

/* The maintenance for a stage's mapping after the lock was given back for something else: by what the directory says now, but none of lines
 * that an earlier stage writes. What was known of them when they were checked is true of them as long as that stage goes on, whatever
 * a directory that is full has come to say (R4). Without the lock; adds what it did to *work. */
void chain_maintain(struct baton *instance, const struct access *access, const struct rules_acquire *request,
                    struct work *work);

/* Ends what mappings the stage has, those apart that are in transit: who adds them looks after them. With the lock, given back in
 * between. */
void chain_end_mappings(struct chain_call *call, struct fence *fence, enum release_outcome outcome);

/* Sets how far the stage's mappings are. */
void chain_set_hold(const struct baton *instance, const struct fence *fence, enum baton_hold hold);

/* The stage is to be started, or told that it will never be, by chain_run(). */
void chain_append(struct chain_call *call, struct fence *fence);

/* The call, counted in fence->users, is done with the stage. If it was the last one, and the stage's fate is decided, it is over: its
 * followers are appended. */
void chain_leave(struct chain_call *call, struct fence *fence);

/* Starts or fails the stages appended, and those that become ready by that. Takes over the lock. */
void chain_run(struct chain_call *call);

/* The stage follows nobody any more. */
void chain_unlink(struct fence *fence);

#endif
