/* SPDX-License-Identifier: MIT */
/*
 * A refused call is reported on the console: verb, reason, buffer, range, who holds it, and both call sites.
 * What would break it: a report that is cut, or names the wrong buffer.
 *
 * expect-status: 7
 * expect-output: ^baton: baton_begin_cpu_access refused: .+: buffer "first" \[0x10, \+0x20\) epoch [0-9]+, called from 0x[0-9a-f]{8}$
 * expect-output: ^baton:   held by cpu since 0x[0-9a-f]{8}, epoch [0-9]+$
 */
#include "tests/target/support/rig.h"

int main(void)
{
    struct baton_cpu_access writer;
    struct baton_cpu_access reader;

    rig_open();
    struct rig_buffer first = rig_buffer("first", 4096);
    struct rig_buffer second = rig_buffer("second", 4096);
    if (baton_begin_cpu_access(rig, first.buffer, (struct baton_range){0, 64}, BATON_WRITE, &writer) != BATON_OK ||
        baton_begin_cpu_access(rig, second.buffer, (struct baton_range){0, 64}, BATON_WRITE, &reader) != BATON_OK) {
        return 2;
    }
    return baton_begin_cpu_access(rig, first.buffer, (struct baton_range){16, 32}, BATON_READ, &reader) ==
                   BATON_ERROR_BUSY
               ? 7
               : 3;
}
