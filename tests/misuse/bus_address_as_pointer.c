/* SPDX-License-Identifier: MIT */
/* The CPU loads through a bus address. */
#include "core/baton.h"

char first(const struct baton_source *from, const struct baton_cpu_access *access);

char first(const struct baton_source *from, const struct baton_cpu_access *access)
{
#ifdef RIGHT
    (void)from;
    return *(const char *)access->data;
#else
    (void)access;
    return *(const char *)from->segments[0].address;
#endif
}
