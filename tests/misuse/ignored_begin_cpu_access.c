/* SPDX-License-Identifier: MIT */
/* Touching the data without asking whether it was granted. */
#include "core/baton.h"

void clear_first(struct baton *b, baton_buffer buffer);

void clear_first(struct baton *b, baton_buffer buffer)
{
#ifdef RIGHT
    struct baton_cpu_access access;

    if (baton_begin_cpu_access(b, buffer, (struct baton_range){0, 1}, BATON_OVERWRITE, &access) == BATON_OK)
        *(char *)access.data = 0;
#else
    struct baton_cpu_access access;

    baton_begin_cpu_access(b, buffer, (struct baton_range){0, 1}, BATON_OVERWRITE, &access);
    *(char *)access.data = 0;
#endif
}
