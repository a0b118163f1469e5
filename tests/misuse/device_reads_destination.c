/* SPDX-License-Identifier: MIT */
/* A device is told to read what it may only write. */
#include "core/baton.h"

/* A driver that copies, as its interface says. */
enum baton_status copy(const struct baton_source *from, const struct baton_destination *to);
enum baton_status start(const struct baton_source *a, const struct baton_destination *b,
                        const struct baton_destination *to);

enum baton_status start(const struct baton_source *a, const struct baton_destination *b,
                        const struct baton_destination *to)
{
#ifdef RIGHT
    (void)b;
    return copy(a, to);
#else
    (void)a;
    return copy(b, to);
#endif
}
