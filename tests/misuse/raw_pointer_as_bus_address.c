/* SPDX-License-Identifier: MIT */
/* The CPU's pointer given to a device. */
#include "core/baton.h"

/* A driver puts an address into a register. */
void program(baton_bus_address address);
void start(const struct baton_source *from, void *data);

void start(const struct baton_source *from, void *data)
{
#ifdef RIGHT
    (void)data;
    program(from->segments[0].address);
#else
    (void)from;
    program(data);
#endif
}
