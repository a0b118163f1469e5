/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Barriers, doorbells and status reads. ARM ARM DDI 0406C A3.8.3 (barriers), B2.2.7 (completion of maintenance).
 */
#include "sim/model/state.h"

void model_barrier(struct model *model, unsigned cpu, bool complete, bool loads)
{
    struct order *order = &model->cpu[cpu].order;
    uint32_t now = model_now(model);

    order->barrier = now;
    if (complete)
        order->complete = now;
    if (loads) {
        order->status_ordered = order->status_last;
        order->status = 0;
    }
}

void model_doorbell(struct model *model, unsigned cpu)
{
    struct order *order = &model->cpu[cpu].order;

    model->cpu[cpu].contacts++;
    order->doorbell = model_now(model);
    order->doorbell_complete = order->complete;
    order->doorbell_barrier = order->barrier;
}

void model_status_read(struct model *model, unsigned cpu)
{
    struct order *order = &model->cpu[cpu].order;

    model->cpu[cpu].contacts++;
    order->status_last = model_now(model);
    if (!order->status)
        order->status = order->status_last;
}

uint64_t *model_contacts(struct model *model, unsigned cpu)
{
    return &model->cpu[cpu].contacts;
}

bool clean_is_complete(const struct model *model, const struct line_history *history, const struct model_access *reader,
                       bool doorbell)
{
    const struct order *order = &model->cpu[history->clean.who].order;

    /* A doorbell rung before the barrier may have let the device read too early. Without one, completion by now is enough. */
    if (doorbell && reader->who != history->clean.who && order->doorbell > history->clean_time)
        return order->doorbell_complete > history->clean_time;
    return order->complete > history->clean_time;
}

bool write_is_drained(const struct model *model, const struct line_history *history, const struct model_access *reader,
                      bool doorbell)
{
    const struct order *order = &model->cpu[history->write.who].order;

    /* A quick store does not tick: one that follows the doorbell may have its time. */
    if (!doorbell || reader->who == history->write.who || order->doorbell <= history->write_time)
        return true;
    if (order->doorbell_barrier > history->write_time)
        return true;
    /* Another CPU that reads uncached was perhaps told by a flag in memory instead. */
    return !MODEL_IS_DEVICE(reader->who) && order->barrier > history->write_time;
}

bool invalidate_is_ordered(const struct model *model, unsigned cpu, uint32_t written)
{
    const struct order *order = &model->cpu[cpu].order;

    return order->status_ordered > written || order->status_last <= written;
}
