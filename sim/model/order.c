/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Barriers, doorbells and status reads. ARM ARM DDI 0406C A3.8.3 (barriers), B2.2.7 (completion of maintenance).
 */
#include "sim/model/state.h"

/* How often the CPU could have learned that a device is done: its contacts that are no Device stores. */
static uint64_t told(const struct model *model, unsigned cpu)
{
    return model->contacts[cpu] - model->order[cpu].doorbells;
}

void note_told(const struct model *model, struct line_history *history)
{
    for (unsigned cpu = 0; cpu < model->config.cpus; cpu++)
        history->told[cpu] = told(model, cpu);
}

void model_barrier(struct model *model, unsigned cpu, bool complete, bool loads)
{
    struct order *order = &model->order[cpu];
    uint32_t now = model_now(model);

    order->barrier = now;
    if (complete)
        order->complete = now;
    if (loads) {
        order->status_ordered = order->status_last;
        order->status = 0;
        order->told_ordered = told(model, cpu);
    }
}

void model_doorbell(struct model *model, unsigned cpu)
{
    struct order *order = &model->order[cpu];

    model->contacts[cpu]++;
    order->doorbells++;
    order->doorbell = model_now(model);
    order->doorbell_complete = order->complete;
    order->doorbell_barrier = order->barrier;
}

void model_status_read(struct model *model, unsigned cpu)
{
    struct order *order = &model->order[cpu];

    model->contacts[cpu]++;
    order->status_last = model_now(model);
    if (!order->status)
        order->status = order->status_last;
}

uint64_t *model_contacts(struct model *model, unsigned cpu)
{
    return &model->contacts[cpu];
}

bool clean_is_complete(const struct model *model, const struct line_history *history, const struct model_access *reader,
                       bool doorbell)
{
    const struct order *order = &model->order[history->clean.who];

    /* A doorbell rung before the barrier may have let the device read too early. Without one, completion by now is enough. */
    if (doorbell && reader->who != history->clean.who && order->doorbell > history->clean_time)
        return order->doorbell_complete > history->clean_time;
    return order->complete > history->clean_time;
}

bool write_is_drained(const struct model *model, const struct line_history *history, const struct model_access *reader,
                      bool doorbell)
{
    const struct order *order = &model->order[history->write.who];

    /* A quick store does not tick: one that follows the doorbell may have its time. */
    if (!doorbell || reader->who == history->write.who || order->doorbell <= history->write_time)
        return true;
    if (order->doorbell_barrier > history->write_time)
        return true;
    /* Another CPU that reads uncached was perhaps told by a flag in memory instead. */
    return !MODEL_IS_DEVICE(reader->who) && order->barrier > history->write_time;
}

bool invalidate_is_ordered(const struct model *model, unsigned cpu, const struct line_history *history)
{
    const struct order *order = &model->order[cpu];

    if (order->status_ordered > history->write_time || order->status_last <= history->write_time)
        return true;
    /* A Device load came since the last barrier, but perhaps it is of another device: something read before that barrier, in
     * memory, has told already that this one is done. */
    return MODEL_IS_DEVICE(history->write.who) && order->told_ordered > history->told[cpu];
}
