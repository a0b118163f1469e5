/* SPDX-License-Identifier: MIT */
/*
 * The stages of the random programs over all features: they are opened behind one another, queued, signalled, cancelled, quarantined and
 * closed; their devices act between start and signal, some from within start(). Included by everything_program.h only.
 */

/* Its end is decided, if not yet told. */
static bool stage_is_over(const struct stage *stage)
{
    const struct fence *fence = instance_fence(program.baton, stage->fence);

    return stage->over || fence == NULL || fence->fate != BATON_ERROR_PENDING;
}

static void drop_mappings(const struct stage *stage)
{
    for (unsigned i = 0; i < LIVE; i++) {
        if (program.live[i].used && program.live[i].stage == stage)
            program.live[i].used = false;
    }
}

/* The stages behind it never start: what they would have written is as it was. */
static void fail_followers(struct stage *stage)
{
    for (unsigned i = 0; i < STAGES; i++) {
        struct stage *other = &program.stages[i];

        if (other->used && other != stage && precedes(stage, other) && !other->over) {
            CHECK(!other->started);
            other->over = other->failed = true;
            program.seen.untouched++;
            drop_mappings(other);
        }
    }
}

static void stage_signals(struct stage *stage, enum baton_status how)
{
    enum baton_status status;

    for (unsigned i = 0; i < LIVE; i++) {
        struct live *access = &program.live[i];

        if (!access->used || access->stage != stage)
            continue;
        touch(access);
        if (how == BATON_OK)
            fill(access, access->range);
        if (how == BATON_ERROR_DEVICE)
            leave_undefined(access, (struct baton_range){0, 0});
        if (how != BATON_ERROR_TIMEOUT)
            access->used = false;
    }
    stage->over = stage->busy = true;
    stage->quarantined = how == BATON_ERROR_TIMEOUT;
    stage->failed = how != BATON_OK;
    if (stage->failed)
        fail_followers(stage);
    program.seen.signalled[how == BATON_OK ? 0 : how == BATON_ERROR_DEVICE ? 1 : 2]++;
    program.ending++;
    status = baton_fence_signal(program.baton, stage->fence, how);
    program.ending--;
    CHECK(status == BATON_OK);
    stage->busy = false;
}

static void stage_starts(void *context, enum baton_status status)
{
    struct stage *stage = context;

    CHECK(program.machine.locked == 0 && stage->used && stage->queued);
    if (status != BATON_OK) {
        CHECK(stage->over && !stage->started);
        program.seen.stages_failed++;
        return;
    }
    CHECK(!stage->started && !stage->over);
    for (const struct stage *before = stage->after; before != NULL; before = before->after)
        CHECK(before->over);
    stage->started = true;
    program.seen.started++;
    if (any(3) == 0)
        stage_signals(stage, any(4) ? BATON_OK : BATON_ERROR_DEVICE);
}

static void stage_open(struct stage *stage)
{
    struct baton_fence_config config = {.name = "stage", .start = stage_starts, .context = stage};
    struct stage *after = &program.stages[any(STAGES)];
    enum baton_status status;
    struct before before;
    bool queued;

    if (!after->used || after == stage || after->busy)
        after = NULL;
    if (after != NULL)
        config.after = after->fence;
    *stage = (struct stage){.busy = true, .after = after};
    queued = after == NULL || after->queued;
    before = before_call();
    status = baton_fence_open(program.baton, &config, &stage->fence);
    after_call(&before, status);
    stage->busy = false;
    if (status != BATON_OK) {
        CHECK(!queued && status == BATON_ERROR_ARGUMENT);
        return;
    }
    CHECK(queued);
    stage->used = true;
    stage->over = stage->failed = after != NULL && after->failed; /* even if that is not told yet */
}

static void stage_closes(struct stage *stage)
{
    struct before before = before_call();
    enum baton_status status;

    stage->busy = true;
    if (!stage->queued)
        drop_mappings(stage); /* they end untouched */
    program.ending++;
    status = baton_fence_close(program.baton, &stage->fence);
    program.ending--;
    stage->busy = false;
    after_call(&before, status);
    if (status != BATON_OK) {
        /* As it was when the core looked: others may have ended it since. */
        CHECK(status == BATON_ERROR_HELD &&
              (stage->quarantined || !stage->over || program.depth > 0 || program.nested != before.nested));
        return;
    }
    CHECK(!stage->quarantined && (stage->over || !stage->queued) && stage->fence.token == 0);
    drop_mappings(stage);
    stage->used = false;
    for (unsigned i = 0; i < STAGES; i++) {
        if (program.stages[i].after == stage) /* those behind it go on */
            program.stages[i].after = NULL;
    }
}

/* Another call on it, or on an earlier one, has not returned: what that has decided need not be told, nor decided, yet. */
static bool stage_is_in_between(const struct stage *stage)
{
    while (stage != NULL && !stage->busy)
        stage = stage->after;
    return stage != NULL;
}

static void stage_cancels(struct stage *stage)
{
    const struct fence *fence = instance_fence(program.baton, stage->fence);
    const bool late = fence->started || fence->fate != BATON_ERROR_PENDING;
    struct before before;

    /* It starts, or its chain fails, at the moment between the core's decision and the call of start(); or between the failed call's
     * begin and the core's decision, when it can be cancelled yet. */
    CHECK(late == (stage->started || stage->over) || stage->after == NULL || stage_is_in_between(stage->after));
    if (late) {
        before = before_call();
        stage->busy = true;
        CHECK(baton_fence_cancel(program.baton, stage->fence) == BATON_ERROR_HELD);
        stage->busy = false;
        after_call(&before, BATON_ERROR_HELD);
        return;
    }
    stage->over = stage->failed = stage->busy = true;
    drop_mappings(stage);
    fail_followers(stage);
    program.ending++;
    CHECK(baton_fence_cancel(program.baton, stage->fence) == BATON_OK);
    program.ending--;
    stage->busy = false;
}

static void stage_halts(struct stage *stage)
{
    for (unsigned i = 0; i < LIVE; i++) {
        if (program.live[i].used && program.live[i].stage == stage)
            leave_undefined(&program.live[i], (struct baton_range){0, 0});
    }
    drop_mappings(stage);
    stage->quarantined = false;
    stage->busy = true;
    program.ending++;
    CHECK(baton_fence_halted(program.baton, stage->fence) == BATON_OK);
    program.ending--;
    stage->busy = false;
    program.seen.halted++;
}

static bool maps_now(const struct stage *stage)
{
    for (unsigned i = 0; i < LIVE; i++) {
        if (program.live[i].transit && program.live[i].stage == stage)
            return true;
    }
    return false;
}

static void stage_step(struct stage *stage)
{
    if (!stage->used && !stage->busy) {
        stage_open(stage);
    } else if (stage->busy) {
        return;
    } else if (!stage->queued && any(2) == 0) {
        stage->queued = stage->busy = true;
        program.ending++; /* it may have failed before */
        CHECK(!maps_now(stage) && baton_fence_queue(program.baton, stage->fence) == BATON_OK);
        program.ending--;
        stage->busy = false;
    } else if (stage->quarantined && any(3) == 0) {
        stage_halts(stage);
    } else if (stage->started && !stage->over) {
        if (any(3) == 0)
            stage_signals(stage, any(3) ? BATON_OK : any(2) ? BATON_ERROR_DEVICE : BATON_ERROR_TIMEOUT);
    } else if (any(3) == 0) {
        stage_cancels(stage);
    } else {
        stage_closes(stage);
    }
}

/* The program ends: another step towards the stage's end. */
static void stage_end(struct stage *stage)
{
    if (!stage->over && stage->started)
        stage_signals(stage, BATON_OK);
    else if (!stage->over)
        stage_cancels(stage);
    if (stage->quarantined)
        stage_halts(stage);
    stage_closes(stage);
}
