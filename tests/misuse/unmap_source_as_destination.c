/* SPDX-License-Identifier: MIT */
/* A source ended as a destination: its lines would count as written. */
#include "core/baton.h"

enum baton_status finish(struct baton *b, struct baton_source *from, struct baton_destination *to);

enum baton_status finish(struct baton *b, struct baton_source *from, struct baton_destination *to)
{
#ifdef RIGHT
    (void)from;
    return baton_unmap_destination(b, to);
#else
    (void)to;
    return baton_unmap_destination(b, from);
#endif
}
