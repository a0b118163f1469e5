/* SPDX-License-Identifier: MIT */
/*
 * Policies on the target: a write-combined buffer goes past the caches, and changing the policy keeps the bytes.
 * What would break it: a cacheable alias that stays mapped, maintenance that is left out when the policy changes (the engine or the CPU sees
 * old bytes), maintenance while it is write-combined.
 */
#include "boot/mmu.h"
#include "tests/target/support/rig.h"
#include "tests/target/support/tap.h"

#define PAGE 4096u
#define SIZE (4 * PAGE)

static struct rig_buffer list, plain, combined;

static uint32_t maintained(void)
{
    struct baton_counters counters, device;
    static uint32_t before;
    uint32_t now, result;

    if (baton_cpu_counters(rig, &counters) != BATON_OK || baton_device_counters(rig, rig_dma, &device) != BATON_OK) {
        return UINT32_MAX;
    }
    now = counters.published + counters.refreshed + device.published + device.refreshed;
    result = now - before;
    before = now;
    return result;
}

static bool copy(struct rig_buffer *from, struct rig_buffer *to)
{
    struct rig_transfer transfer;

    rig_map(&transfer, from, to, &list);
    rig_copy_list(&transfer);
    return rig_run(&transfer, 0) == DMA_OK;
}

static bool becomes(const struct baton_policy *policy, enum mmu_attribute attribute)
{
    struct baton_cpu_access access;
    bool right =
        baton_set_policy(rig, combined.buffer, policy) == BATON_OK &&
        baton_begin_cpu_access(rig, combined.buffer, (struct baton_range){0, 1}, BATON_READ, &access) == BATON_OK;

    if (!right) {
        return false;
    }
    uintptr_t address = (uintptr_t)access.data;
    uint32_t offset = attribute == MMU_UNCACHED ? platform()->port->bus_offset : 0;
    for (uint32_t at = 0; at < SIZE; at += PAGE) {
        struct mmu_translation is = mmu_lookup(address + at);
        right &= is.attribute == attribute && is.physical == address + at + offset;
    }
    return right & (baton_end_cpu_access(rig, &access) == BATON_OK);
}

int main(void)
{
    struct baton_cpu_access access;

    rig_open();
    combined = rig_buffer_as("combined", SIZE, BATON_POLICY_WRITE_COMBINED, BATON_ENFORCE_CHECKED);
    plain = rig_buffer("plain", SIZE);
    list = rig_buffer("list", 512);

    tap_plan(17);
    tap_ok(baton_begin_cpu_access(rig, combined.buffer, (struct baton_range){0, 1}, BATON_READ, &access) == BATON_OK &&
               mmu_lookup((uintptr_t)access.data).attribute == MMU_UNCACHED &&
               baton_set_policy(rig, combined.buffer, BATON_POLICY_CACHED) == BATON_ERROR_HELD &&
               baton_end_cpu_access(rig, &access) == BATON_OK,
           "made write-combined: mapped non-cacheable, not changed while it is held");
    rig_fill(&plain, 9);
    tap_ok(copy(&plain, &combined), "the list and the source have been maintained");
    (void)maintained();

    rig_fill(&combined, 1);
    tap_equal(maintained(), 0, "the CPU fills it: nothing is maintained");
    tap_ok(copy(&combined, &plain) && rig_differences(&plain, 0, SIZE, 1, 0) == 0, "the engine sees it");
    rig_fill(&plain, 2);
    tap_ok(copy(&plain, &combined), "the engine fills it");
    (void)maintained();
    tap_equal(rig_differences(&combined, 0, SIZE, 2, 0), 0, "the CPU sees it");
    tap_equal(maintained(), 0, "nothing was maintained for that");

    tap_ok(becomes(BATON_POLICY_CACHED, MMU_DATA), "cached");
    tap_equal(rig_differences(&combined, 0, SIZE, 2, 0), 0, "with what the engine wrote");
    rig_fill(&combined, 3);
    tap_ok(becomes(BATON_POLICY_WRITE_COMBINED, MMU_UNCACHED), "write-combined, dirty");
    tap_equal(rig_differences(&combined, 0, SIZE, 3, 0), 0, "with what the CPU stored through the cache");
    tap_ok(copy(&combined, &plain) && rig_differences(&plain, 0, SIZE, 3, 0) == 0, "which the engine sees, too");
    rig_fill(&combined, 4);
    tap_ok(becomes(BATON_POLICY_CACHED, MMU_DATA), "cached again");
    tap_equal(rig_differences(&combined, 0, SIZE, 4, 0), 0, "with what the CPU stored past the cache");
    rig_fill(&plain, 5);
    bool done = copy(&plain, &combined) && becomes(BATON_POLICY_WRITE_COMBINED, MMU_UNCACHED);
    tap_ok(done && rig_differences(&combined, 0, SIZE, 5, 0) == 0, "write-combined, stale: with what the engine wrote");

    done = baton_begin_cpu_access(rig, combined.buffer, (struct baton_range){0, 1}, BATON_READ, &access) == BATON_OK;
    uintptr_t address = (uintptr_t)access.data;
    done &= baton_end_cpu_access(rig, &access) == BATON_OK && baton_detach(rig, &combined.attachment) == BATON_OK &&
            baton_destroy(rig, &combined.buffer) == BATON_OK;
    tap_ok(done && mmu_lookup(address).attribute == MMU_DATA && mmu_lookup(address + SIZE - PAGE).attribute == MMU_DATA,
           "destroyed: the pages are the pool's again, cached");
    tap_ok(baton_set_policy(rig, plain.buffer, BATON_POLICY_COHERENT) == BATON_ERROR_POLICY,
           "coherent is not for a buffer of a device that does not snoop");
    return tap_done();
}
