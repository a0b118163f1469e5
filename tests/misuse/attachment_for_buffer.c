/* SPDX-License-Identifier: MIT */
/* The CPU opens an attachment. */
#include "core/baton.h"

enum baton_status start(struct baton *b, baton_buffer buffer, baton_attachment attachment,
                        struct baton_cpu_access *access);

enum baton_status start(struct baton *b, baton_buffer buffer, baton_attachment attachment,
                        struct baton_cpu_access *access)
{
#ifdef RIGHT
    (void)attachment;
    return baton_begin_cpu_access(b, buffer, (struct baton_range){0, 4}, BATON_READ, access);
#else
    (void)buffer;
    return baton_begin_cpu_access(b, attachment, (struct baton_range){0, 4}, BATON_READ, access);
#endif
}
