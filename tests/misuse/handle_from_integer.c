/* SPDX-License-Identifier: MIT */
/* A handle made of a number. */
#include "core/baton.h"

enum baton_status open_it(struct baton *b, baton_buffer buffer, struct baton_cpu_access *access);

enum baton_status open_it(struct baton *b, baton_buffer buffer, struct baton_cpu_access *access)
{
#ifdef RIGHT
    return baton_begin_cpu_access(b, buffer, (struct baton_range){0, 4}, BATON_READ, access);
#else
    (void)buffer;
    return baton_begin_cpu_access(b, 1, (struct baton_range){0, 4}, BATON_READ, access);
#endif
}
