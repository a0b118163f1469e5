/* SPDX-License-Identifier: MIT */
/* The same for a device that writes. */
#include "core/baton.h"

void start(struct baton *b, baton_attachment attachment, struct baton_destination *to);

void start(struct baton *b, baton_attachment attachment, struct baton_destination *to)
{
#ifdef RIGHT
    if (baton_map_from_device(b, attachment, (struct baton_range){0, 4}, BATON_OVERWRITE, to) != BATON_OK)
        __builtin_trap();
#else
    baton_map_from_device(b, attachment, (struct baton_range){0, 4}, BATON_OVERWRITE, to);
#endif
}
