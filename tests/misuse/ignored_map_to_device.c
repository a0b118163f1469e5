/* SPDX-License-Identifier: MIT */
/* Ringing the doorbell without asking whether the mapping was granted. */
#include "core/baton.h"

void start(struct baton *b, baton_attachment attachment, struct baton_source *source);

void start(struct baton *b, baton_attachment attachment, struct baton_source *source)
{
#ifdef RIGHT
    if (baton_map_to_device(b, attachment, (struct baton_range){0, 4}, source) != BATON_OK)
        __builtin_trap();
#else
    baton_map_to_device(b, attachment, (struct baton_range){0, 4}, source);
#endif
}
