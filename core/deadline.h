/* SPDX-License-Identifier: MIT */
/*
 * Bounded waiting by the port's clock, which may wrap. Called without the lock, by whatever takes a timeout.
 */
#ifndef BATON_CORE_DEADLINE_H
#define BATON_CORE_DEADLINE_H

#include "core/instance.h"

struct deadline {
    enum baton_status unable; /* BATON_OK; or CONTEXT: nothing can wait here, or may; 0 microseconds: PENDING */
    uint32_t start, counts;   /* of now() */
};

/* From now on. false: more than half the range of the clock. */
bool deadline_start(const struct baton *instance, uint32_t microseconds, struct deadline *deadline);

/* Sleeps until something may have changed. false, without sleeping: the time is over. Where deadline->unable is BATON_OK. */
bool deadline_sleep(const struct baton *instance, const struct deadline *deadline);

#endif
