/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The L2C-310 (PL310) outer cache, by its registers. CoreLink L2C-310 TRM, DDI 0246, chapter 3. QEMU's model is registers only.
 */
#include "sim/plugin/plugin.h"

#define ALL_WAYS ((1u << L2C310_WAYS) - 1)

#define CONTROL 0x100
#define AUX_CONTROL 0x104
#define AUX_EXCLUSIVE (1u << 12)
#define AUX_SHARED_OVERRIDE (1u << 22)
#define CACHE_SYNC 0x730
#define UNMAPPED_SYNC 0x740 /* drains as well: the way round erratum 753970 */
#define INVALIDATE_PA 0x770
#define INVALIDATE_WAY 0x77c
#define CLEAN_PA 0x7b0
#define CLEAN_INDEX 0x7b8
#define CLEAN_WAY 0x7bc
#define CLEAN_INVALIDATE_PA 0x7f0
#define CLEAN_INVALIDATE_INDEX 0x7f8
#define CLEAN_INVALIDATE_WAY 0x7fc

static uint32_t aux = 0x02020000; /* as it comes out of reset */

static void reset(struct device *device)
{
    (void)device;
    aux = 0x02020000;
}

/* Two settings that change what lines are where, and that the model does not follow: it says so when they come into force. */
static void switched_on(void)
{
    if (!(aux & AUX_SHARED_OVERRIDE))
        complain("the L2C-310 is switched on without AUX_CTRL bit 22 (shared override): shareable non-cacheable accesses would look "
                 "into it on hardware, and are modelled as if they went to memory");
    if (aux & AUX_EXCLUSIVE)
        complain("the L2C-310 is switched on with AUX_CTRL bit 12 (exclusive mode): clean lines would move out to it on hardware, "
                 "which is not modelled");
}

/* Each way by its bit. */
static void some_ways(enum model_operation operation, uint32_t mask, const struct model_access *access)
{
    for (uint32_t way = 0; way < L2C310_WAYS; way++)
        for (uint32_t set = 0; set < L2C310_SETS && mask >> way & 1; set++)
            model_outer_maintain_index(sim.model, operation, set, way, access);
}

static void store(struct device *device, uint32_t offset, uint64_t value, unsigned bytes, unsigned cpu, uint32_t pc)
{
    static const struct {
        uint16_t offset;
        uint8_t operation, action;
        bool all;
    } table[] = {
        {INVALIDATE_PA, MODEL_OP_INVALIDATE, MODEL_INVALIDATE, false},
        {INVALIDATE_WAY, MODEL_OP_INVALIDATE, MODEL_INVALIDATE, true},
        {CLEAN_PA, MODEL_OP_CLEAN, MODEL_CLEAN, false},
        {CLEAN_WAY, MODEL_OP_CLEAN, MODEL_CLEAN, true},
        {CLEAN_INVALIDATE_PA, MODEL_OP_CLEAN_INVALIDATE, MODEL_CLEAN_INVALIDATE, false},
        {CLEAN_INVALIDATE_WAY, MODEL_OP_CLEAN_INVALIDATE, MODEL_CLEAN_INVALIDATE, true},
    };
    struct model_access access = access_by(cpu, pc, MODEL_CLEAN);

    (void)device, (void)bytes;
    if (offset == AUX_CONTROL)
        aux = (uint32_t)value;
    if (offset == CONTROL && value & 1)
        switched_on();
    if (offset == CONTROL)
        model_outer_enable(sim.model, value & 1);
    if (offset == CACHE_SYNC || offset == UNMAPPED_SYNC)
        model_outer_sync(sim.model);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (offset != table[i].offset)
            continue;
        access.action = table[i].action;
        if (table[i].all && (value & ALL_WAYS) != ALL_WAYS)
            some_ways((enum model_operation)table[i].operation, (uint32_t)value, &access);
        else if (table[i].all)
            model_outer_maintain_all(sim.model, (enum model_operation)table[i].operation, &access);
        else
            model_outer_maintain(sim.model, (enum model_operation)table[i].operation, (uint32_t)value & ~sim.line_mask,
                                 &access);
    }
    /* By index and way: the register names a place in the cache, not an address. */
    if (offset == CLEAN_INDEX || offset == CLEAN_INVALIDATE_INDEX) {
        access.action = offset == CLEAN_INDEX ? MODEL_CLEAN : MODEL_CLEAN_INVALIDATE;
        model_outer_maintain_index(sim.model, offset == CLEAN_INDEX ? MODEL_OP_CLEAN : MODEL_OP_CLEAN_INVALIDATE,
                                   (uint32_t)value >> 5 & 0x7fffff, (uint32_t)value >> 28, &access);
    }
}

bool l2c310_create(uint32_t base)
{
    struct device *device = device_add("l2c310", base, 0x1000, NULL, 0);

    if (!device)
        return false;
    device->store = store;
    device->reset = reset;
    return true;
}
