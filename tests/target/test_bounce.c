/* SPDX-License-Identifier: MIT */
/*
 * Bounce buffers with real bytes: the DMA controller works on buffers beyond a mask that it is given, through the low half of memory, and
 * on the same buffers directly, by turns with the CPU.
 * What would break it: a copy that is not cleaned before the doorbell, a copy home of lines that were not invalidated, a copy in
 * the completion's unmap, more bytes copied than have changed, a device that works on the wrong one of the two.
 */
#include "tests/target/support/rig.h"
#include "tests/target/support/tap.h"

#include <string.h>

#define SIZE 4000u /* not a multiple of a line */

static struct rig_buffer a, b, list, far_a, far_b;

/* from -> to by the controller. */
static enum dma_status move(struct rig_buffer *from, struct rig_buffer *to)
{
    struct rig_transfer transfer;

    rig_map(&transfer, from, to, &list);
    rig_copy_list(&transfer);
    return rig_run(&transfer, 0);
}

static uint32_t copied(const struct rig_buffer *buffer)
{
    struct baton_attachment_state told;

    return baton_query_attachment(rig, buffer->attachment, &told) == BATON_OK ? told.copied : UINT32_MAX;
}

int main(void)
{
    static const uint8_t marks[3] = {0xa1, 0xb2, 0xc3};
    const uint32_t line = rig_open_far()->port->granule;
    struct baton_attachment_state told = {0};
    uint32_t before;
    uint8_t seen[3];

    tap_plan(13);
    a = rig_buffer("a", SIZE);
    b = rig_buffer("b", SIZE);
    list = rig_buffer("list", 64);
    far_a = rig_far(&a);
    far_b = rig_far(&b);
    tap_ok(baton_query_attachment(rig, far_a.attachment, &told) == BATON_OK && told.reason == BATON_BOUNCE_UNREACHABLE,
           "the mask is why it is bounced");
    tap_ok(far_a.address != a.address && far_a.address < a.address && far_b.address < a.address,
           "it works in the low half");

    rig_fill(&a, 1);
    rig_fill(&b, 2);
    before = copied(&far_b);
    tap_ok(move(&far_a, &far_b) == DMA_OK, "bounced to bounced");
    tap_ok(copied(&far_b) == before + SIZE, "its destination was filled, and nothing copied at the end: %lu",
           (unsigned long)(copied(&far_b) - before));
    tap_ok(rig_differences(&b, 0, SIZE, 1, 0) == 0, "the CPU finds what the device wrote");
    tap_ok(copied(&far_b) == before + 2 * SIZE, "that was copied home for it");

    before = copied(&far_a);
    rig_write(&a, 5 * line + 3, marks, sizeof(marks));
    tap_ok(move(&far_a, &b) == DMA_OK && copied(&far_a) == before + line, "one line was written, one is copied: %lu",
           (unsigned long)(copied(&far_a) - before));
    rig_read(&b, 5 * line + 3, seen, sizeof(seen));
    tap_ok(memcmp(seen, marks, sizeof(marks)) == 0, "bounced to direct");

    rig_fill(&a, 3);
    tap_ok(move(&a, &far_b) == DMA_OK, "direct to bounced");
    before = copied(&far_b);
    tap_ok(move(&b, &a) == DMA_OK && copied(&far_b) == before + SIZE, "a device's acquire copies home, too");
    tap_ok(rig_differences(&a, 0, SIZE, 3, 0) == 0, "and finds the newest bytes");

    rig_fill(&a, 4);
    tap_ok(move(&a, &far_b) == DMA_OK && baton_detach(rig, &far_b.attachment) == BATON_OK, "detached with newer bytes");
    tap_ok(rig_differences(&b, 0, SIZE, 4, 0) == 0, "they came home");
    return tap_done();
}
