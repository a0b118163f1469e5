/* SPDX-License-Identifier: MIT */
/* What the CPU has open is given to a device as a source. */
#include "core/baton.h"

/* A driver that copies, as its interface says. */
enum baton_status copy(const struct baton_source *from, const struct baton_destination *to);
enum baton_status start(const struct baton_source *from, const struct baton_cpu_access *open,
                        const struct baton_destination *to);

enum baton_status start(const struct baton_source *from, const struct baton_cpu_access *open,
                        const struct baton_destination *to)
{
#ifdef RIGHT
    (void)open;
    return copy(from, to);
#else
    (void)from;
    return copy(open, to);
#endif
}
