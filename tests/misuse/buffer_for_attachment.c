/* SPDX-License-Identifier: MIT */
/* A buffer is mapped that was not attached. */
#include "core/baton.h"

enum baton_status start(struct baton *b, baton_buffer buffer, baton_attachment attachment, struct baton_source *source);

enum baton_status start(struct baton *b, baton_buffer buffer, baton_attachment attachment, struct baton_source *source)
{
#ifdef RIGHT
    (void)buffer;
    return baton_map_to_device(b, attachment, (struct baton_range){0, 4}, source);
#else
    (void)attachment;
    return baton_map_to_device(b, buffer, (struct baton_range){0, 4}, source);
#endif
}
