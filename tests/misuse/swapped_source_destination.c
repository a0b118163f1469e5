/* SPDX-License-Identifier: MIT */
/* Source and destination of a copy in the wrong order. */
#include "core/baton.h"

/* A driver that copies, as its interface says. */
enum baton_status copy(const struct baton_source *from, const struct baton_destination *to);
enum baton_status start(const struct baton_source *from, const struct baton_destination *to);

enum baton_status start(const struct baton_source *from, const struct baton_destination *to)
{
#ifdef RIGHT
    return copy(from, to);
#else
    return copy(to, from);
#endif
}
