/* SPDX-License-Identifier: MIT */
/*
 * What a device can address: core/device.c, for core/bounce.c, too.
 */
#ifndef BATON_CORE_DEVICE_H
#define BATON_CORE_DEVICE_H

#include "core/instance.h"

/* *bus: what has to be added to a physical address for this device. false: a byte of [physical, physical + size) is beyond what
 * it, or 32 bits, can address. */
bool device_reaches(const struct baton *instance, const struct device *device, uint32_t physical, uint32_t size,
                    uint32_t *bus);

#endif
