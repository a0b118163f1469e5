/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accusations: counted, and handed to whoever prints them.
 */
#include "sim/model/state.h"

const char *model_kind_name(enum model_kind kind)
{
    static const char *const names[MODEL_KINDS] = {
        "stale-device-read",      "stale-cpu-read",       "lost-update",       "discarded-store",
        "incomplete-maintenance", "unordered-completion", "maintenance-fault", "cpu-address-on-bus",
    };

    return names[kind];
}

void accuse(struct model *model, enum model_kind kind, bool lucky, const struct line *line, byte_mask bytes,
            const struct model_access *observer, const struct model_access *culprit,
            const struct model_access *maintenance, const char *hint)
{
    struct model_violation violation = {
        .kind = kind,
        .lucky = lucky,
        .physical = line->address + (uint32_t)__builtin_ctzll(bytes),
        .bytes = (uint32_t)__builtin_popcountll(bytes),
        .mask = bytes >> __builtin_ctzll(bytes),
        .observer = *observer,
        .culprit = *culprit,
        .hint = hint,
    };

    if (maintenance)
        violation.maintenance = *maintenance;
    model->counts.violations[kind]++;
    model->config.violation(model->config.context, &violation);
}
