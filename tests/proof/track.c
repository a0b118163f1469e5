/* SPDX-License-Identifier: MIT */
/*
 * One line followed through the states of the core: see track.h.
 *
 * Why that shows everything. The core never reads a buffer's bytes or a cache: what it does next depends on its own state and on what
 * is called, and so does what it does to each line. And what becomes of a line depends on nothing but what is done to that
 * line. So a run of the whole, the core and all lines, is a run of the core and for each line what these acts make of it: given the
 * core's run, the lines have nothing to do with each other. Every property that is asked of bytes is asked of one line: that no load
 * of it is old, that no byte of it is lost, that maintenance of it can matter. It fails in a run of the whole if, and only if, it fails in
 * the pair of that run of the core and that line. So the pairs are explored, for each line, instead of the product of all
 * lines: the same runs are judged, each once for every line. What is asked of the core alone (statuses, exclusivity, what is maintained)
 * is judged in its states.
 *
 * Calls in flight. Between giving the lock back and taking it again a call reads nothing that others change. What it does to lines in
 * between is ACT_LATER: each line's share is done in its order, at any moments until the lock is taken again, as they would be if
 * other calls came between any two operations, and between the two levels of any. How the share of one line lies to that of
 * another shows in neither.
 */
#include "tests/proof/track.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *track_wrong;

struct pending {
    struct act list[ACT_ACTORS][ACT_LIST];
    uint8_t count[ACT_ACTORS];
};

enum { LISTS = 4096 };
static struct pending *lists; /* the first is empty */
static uint32_t list_count;

static uint32_t number_of(const struct pending *pending)
{
    if (lists == NULL) {
        lists = calloc(LISTS, sizeof(*lists));
        list_count = 1;
    }
    for (uint32_t i = 0; i < list_count; i++) {
        if (memcmp(&lists[i], pending, sizeof(*pending)) == 0)
            return i;
    }
    if (list_count == LISTS) {
        fprintf(stderr, "more than %d lists of what calls have to do\n", LISTS);
        exit(2);
    }
    lists[list_count] = *pending;
    return list_count++;
}

static void wrong(const char *what)
{
    if (track_wrong == NULL && what != NULL)
        track_wrong = what;
}

static line_set closed(line_set set, uint32_t rights)
{
    lines_wrong = NULL;
    set = lines_close(set, rights);
    wrong(lines_wrong);
    return set;
}

static line_set happened(line_set set, const struct act *act)
{
    if (act->matters) {
        if (act->event == LINE_CLEAN_INNER && !lines_clean_matters(set, act->column))
            wrong("a line is published, which nothing can have made dirty");
        if (act->event == LINE_INVALIDATE_OUTER && !lines_invalidate_matters(set, act->column))
            wrong("a line is refreshed, which nothing can have made stale");
        if (act->event == LINE_COPY && !lines_copy_matters(set, act->column))
            wrong("a line is copied that is the same in both");
    }
    return lines_event(set, (enum line_event)act->event, act->column, act->cells);
}

static line_set work(line_set set, struct pending *pending, unsigned actor, uint32_t rights)
{
    struct act *list = pending->list[actor];
    const struct act first = list[0];

    memmove(list, list + 1, (ACT_LIST - 1) * sizeof(*list));
    memset(&list[ACT_LIST - 1], 0, sizeof(*list));
    pending->count[actor]--;
    return closed(happened(set, &first), rights);
}

static struct pending pending_of(const struct tracked *tracked)
{
    static const struct pending none;

    return tracked->pending == 0 ? none : lists[tracked->pending];
}

bool track_work(struct tracked *tracked, unsigned actor, uint32_t rights)
{
    struct pending pending = pending_of(tracked);

    if (pending.count[actor] == 0)
        return false;
    tracked->set = work(tracked->set, &pending, actor, rights);
    tracked->pending = number_of(&pending);
    return true;
}

bool track_step(struct tracked *tracked, const struct act *acts, unsigned count)
{
    struct pending pending = pending_of(tracked);
    bool before[ACT_ACTORS];
    line_set set = tracked->set;
    uint32_t rights = 0;
    bool known = false;

    for (unsigned i = 0; i < ACT_ACTORS; i++)
        before[i] = pending.count[i] != 0;
    for (unsigned i = 0; i < count; i++) {
        const struct act *act = &acts[i];

        switch ((enum act_kind)act->kind) {
        case ACT_EVENT:
            set = happened(set, act);
            break;
        case ACT_LATER:
            if (pending.count[act->actor] == ACT_LIST) {
                fprintf(stderr, "a call has more than %d things to do\n", ACT_LIST);
                exit(2);
            }
            pending.list[act->actor][pending.count[act->actor]++] = *act;
            break;
        case ACT_DONE:
            if (before[act->actor])
                return false;
            if (pending.count[act->actor] != 0 && !known) {
                fprintf(stderr, "a call has done something after it took the lock for the last time\n");
                exit(2);
            }
            while (pending.count[act->actor] != 0) /* of this step: nobody comes between */
                set = work(set, &pending, act->actor, rights);
            break;
        case ACT_CLOSE:
            rights = act->rights;
            known = true;
            set = closed(set, rights);
            break;
        case ACT_HOME:
            if (!lines_newest_in(set, act->column))
                wrong("a bounce buffer keeps the newest bytes when it ends");
            break;
        case ACT_CLEAN:
            if (!lines_none_dirty(set, act->column))
                wrong("a line of a destroyed buffer can still be evicted");
            break;
        }
    }
    tracked->set = set;
    tracked->pending = number_of(&pending);
    return true;
}
