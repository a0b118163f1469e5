/* SPDX-License-Identifier: MIT */
/* A handle ended by value: the caller's copy would live on. */
#include "core/baton.h"

enum baton_status finish(struct baton *b, struct baton_cpu_access access);

enum baton_status finish(struct baton *b, struct baton_cpu_access access)
{
#ifdef RIGHT
    return baton_end_cpu_access(b, &access);
#else
    return baton_end_cpu_access(b, access);
#endif
}
