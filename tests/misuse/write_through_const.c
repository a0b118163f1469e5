/* SPDX-License-Identifier: MIT */
/* A driver changes a mapping that it was only lent. */
#include "core/baton.h"

void start(const struct baton_source *from, struct baton_source *mine);

void start(const struct baton_source *from, struct baton_source *mine)
{
#ifdef RIGHT
    (void)from;
    mine->count = 0;
#else
    (void)mine;
    from->count = 0;
#endif
}
