/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The distributor of a GICv1 or GICv2 (ARM IHI 0048B, 4.3): an interrupt that one CPU raises for another is the doorbell of what that
 * one reads. It reads and writes no memory itself.
 */
#include "sim/plugin/plugin.h"

#define ISPENDR 0x200
#define ISPENDR_END 0x280
#define SGIR 0xf00
#define SGIR_FILTER(value) ((value) >> 24 & 3) /* 0: the target list, 1: all others, 2: itself */
#define SGIR_TARGETS(value) ((value) >> 16 & 0xff)

static void store(struct device *device, uint32_t offset, uint64_t value, unsigned bytes, unsigned cpu, uint32_t pc)
{
    uint32_t targets = 0;

    (void)device, (void)bytes, (void)pc;
    if (offset == SGIR && SGIR_FILTER(value) == 0)
        targets = SGIR_TARGETS(value);
    else if ((offset == SGIR && SGIR_FILTER(value) == 1) || (offset >= ISPENDR && offset < ISPENDR_END))
        targets = 0xff; /* a pending interrupt may be any other CPU's */
    for (unsigned target = 0; target < sim.cpus; target++)
        if ((targets >> target & 1) && target != cpu)
            model_signal(sim.model, cpu, target);
}

bool gic_create(uint32_t base)
{
    struct device *device = device_add("gic", base, 0x1000, NULL, 0);

    if (!device)
        return false;
    device->store = store;
    devices_signal = true;
    return true;
}
