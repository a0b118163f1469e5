/* SPDX-License-Identifier: MIT */
/*
 * From a range of a buffer to the segments that a device takes. Called by core/map.c and its kin, under the lock.
 */
#include "core/chunk.h"
#include "core/map.h"

/* Appends a run of bus addresses, cut to what the device takes at once; false: too many segments. */
static bool append(struct segments *segments, uint32_t address, uint32_t length, uint32_t longest, uint32_t most)
{
    while (length > 0) {
        uint32_t now = length < longest ? length : longest;

        if (segments->count == most)
            return false;
        segments->list[segments->count].address.value = address;
        segments->list[segments->count].length = now;
        segments->count++;
        address += now;
        length -= now;
    }
    return true;
}

/* The range's bytes from offset on that follow each other on the bus; *address is the first one's, no offset added. */
static uint32_t run(const struct buffer *place, uint32_t offset, uint32_t end, uint32_t shift, uint32_t *address)
{
    uint32_t line = offset >> shift, next = line;

    *address = chunk_physical(place, line, shift) + (offset - (line << shift));
    do {
        next = chunk_lines(place, next).end;
        if (next << shift >= end || next >= place->lines)
            return end - offset;
    } while (chunk_physical(place, next, shift) == chunk_physical(place, next - 1, shift) + (1u << shift));
    return (next << shift) - offset;
}

enum baton_status map_check(const struct baton *instance, const struct attachment *attachment, struct baton_range range,
                            enum baton_direction direction, enum handle_kind kind, struct segments *segments)
{
    const struct baton_device_config *device = &attachment->device->config;
    const struct buffer *place = attachment->bounce ? attachment->bounce : attachment->buffer;
    const uint32_t most =
        device->segment_count && device->segment_count < BATON_SEGMENTS ? device->segment_count : BATON_SEGMENTS;
    uint32_t address, length;

    if (kind == HANDLE_DESTINATION && direction == BATON_READ)
        return BATON_ERROR_DIRECTION;
    if (!range_is_within(range, attachment->buffer->size))
        return BATON_ERROR_RANGE;
    if (((range.offset | range.length) & attachment->unaligned) != 0)
        return BATON_ERROR_ALIGNMENT;
    segments->count = 0;
    for (uint32_t offset = range.offset, end = range.offset + range.length; offset < end; offset += length) {
        length = run(place, offset, end, instance->granule_shift, &address);
        if (!append(segments, address + attachment->bus, length, attachment->longest,
                    most)) /* no overflow: see baton_attach() */
            return BATON_ERROR_SEGMENTS;
    }
    return BATON_OK;
}
