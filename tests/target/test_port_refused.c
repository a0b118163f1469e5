/* SPDX-License-Identifier: MIT */
/*
 * A refresh that the cache operations refuse, since it would throw a neighbour's bytes away, ends the program and says where.
 * What would break it: a refusal that is ignored.
 *
 * expect-status: 134
 * expect-output: ^port: refresh of 0x[0-9a-f]+4, 0x40 bytes, refused
 */
#include "apps/platform.h"

#include <stdint.h>

int main(void)
{
    const struct platform *board = platform();

    board->port->refresh(board->port->context, (uintptr_t)board->memory.cpu + 4, 64);
    return 0;
}
