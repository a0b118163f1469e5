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
    order->doorbell = (struct doorbell){model_now(model), order->complete, order->barrier};
}

void model_signal(struct model *model, unsigned cpu, unsigned target)
{
    model->cpu[cpu].order.signal[target] = model->cpu[cpu].order.doorbell;
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

/* By what a CPU's work was announced to this reader. A device was started by the CPU that rang it: by the one that worked, whose last
 * Device store that was, or by another one, which had to hear of it first; as a CPU that reads had to. */
static const struct doorbell *announced_by(const struct model *model, unsigned worker,
                                           const struct model_access *reader)
{
    unsigned informed = MODEL_IS_DEVICE(reader->who) ? reader->ringer : reader->who;

    if (!model->config.signals || informed == worker || informed >= MODEL_CPUS)
        return &model->cpu[worker].order.doorbell;
    return &model->cpu[worker].order.signal[informed];
}

bool clean_is_complete(const struct model *model, const struct line_history *history, const struct model_access *reader,
                       bool doorbell)
{
    const struct order *order = &model->cpu[history->clean.who].order;
    const struct doorbell *rung = announced_by(model, history->clean.who, reader);

    /* A doorbell rung before the barrier may have let the device read too early. Without one, completion by now is enough. */
    if (doorbell && reader->who != history->clean.who && rung->time > history->clean_time)
        return rung->complete > history->clean_time;
    return order->complete > history->clean_time;
}

bool write_is_drained(const struct model *model, const struct line_history *history, const struct model_access *reader,
                      bool doorbell)
{
    const struct order *order = &model->cpu[history->write.who].order;
    const struct doorbell *rung = announced_by(model, history->write.who, reader);

    /* A quick store does not tick: one that follows the doorbell may have its time. */
    if (!doorbell || reader->who == history->write.who || rung->time <= history->write_time)
        return true;
    if (rung->barrier > history->write_time)
        return true;
    if (MODEL_IS_DEVICE(reader->who))
        return false;
    /* Another CPU that reads uncached was perhaps told by a flag in memory instead: unless it has answered the signal. */
    if (model->config.signals && model->cpu[reader->who].order.status_last > rung->time)
        return false;
    return order->barrier > history->write_time;
}

bool invalidate_is_ordered(const struct model *model, unsigned cpu, uint32_t written)
{
    const struct order *order = &model->cpu[cpu].order;

    return order->status_ordered > written || order->status_last <= written;
}
