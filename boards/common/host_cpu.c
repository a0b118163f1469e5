/* SPDX-License-Identifier: MIT */
/*
 * A file into the segments of a destination, through the caches: memory is mapped flat, whatever the bus's view is. Task context on CPU 0.
 */
#include "boards/common/host_cpu.h"

bool host_cpu_read(bool (*copy)(uint32_t offset, void *to, uint32_t length), uint32_t offset,
                   const struct baton_destination *to, uint32_t length)
{
    for (uint32_t i = 0; i < to->count && length != 0; i++) {
        uint32_t part = to->segments[i].length < length ? to->segments[i].length : length;
        uint32_t address = to->segments[i].address.value - board_bus_offset;

        if (!copy(offset, (void *)(uintptr_t)address, part)) {
            return false;
        }
        offset += part;
        length -= part;
    }
    return length == 0;
}
