/* SPDX-License-Identifier: MIT */
/* An address made of a number. */
#include "core/baton.h"

/* A driver puts an address into a register. */
void program(baton_bus_address address);
void start(const struct baton_source *from);

void start(const struct baton_source *from)
{
#ifdef RIGHT
    program(from->segments[0].address);
#else
    (void)from;
    program(0x40001000u);
#endif
}
