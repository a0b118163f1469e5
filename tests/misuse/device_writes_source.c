/* SPDX-License-Identifier: MIT */
/* A device is told to write what it may only read. */
#include "core/baton.h"

/* A driver that copies, as its interface says. */
enum baton_status copy(const struct baton_source *from, const struct baton_destination *to);
enum baton_status start(const struct baton_source *from, const struct baton_destination *to);

enum baton_status start(const struct baton_source *from, const struct baton_destination *to)
{
#ifdef RIGHT
    return copy(from, to);
#else
    (void)to;
    return copy(from, from);
#endif
}
