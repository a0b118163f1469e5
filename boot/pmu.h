/* SPDX-License-Identifier: MIT */
/*
 * The cycle counter (ARM ARM, chapter C12). On since boot on each CPU, counting every cycle of PL1; under QEMU's -icount
 * shift=0 it counts instructions, one each. Any context; 32 bits, wraps.
 */
#ifndef BATON_BOOT_PMU_H
#define BATON_BOOT_PMU_H

#include "boot/registers/barrier.h"
#include "boot/registers/cp15.h"

#include <stdbool.h>
#include <stdint.h>

static inline uint32_t pmu_cycles(void)
{
    isb(); /* the instructions before it have executed */
    return cp15_read_PMCCNTR();
}

/* Lets event counter 0 count instructions that are executed (event 0x08), if this core has one and that event; false: it has not.
 * Whether it has is told since PMUv2 only (PMCEID0; ARM ARM C12.8). Counts this CPU's, at PL1 too. */
static inline bool pmu_start_instructions(void)
{
    if ((cp15_read_ID_DFR0() >> 24 & 0xf) != 2 || (cp15_read_PMCR() >> 11 & 0x1f) == 0 ||
        (cp15_read_PMCEID0() & (1u << 8)) == 0) {
        return false;
    }
    cp15_write_PMSELR(0);
    isb();
    cp15_write_PMXEVTYPER(0x08);
    cp15_write_PMCNTENSET(1u << 0);
    isb();
    return true;
}

/* After pmu_start_instructions(). 32 bits, wraps. */
static inline uint32_t pmu_instructions(void)
{
    isb();
    return cp15_read_PMXEVCNTR();
}

/* Once on each CPU, in boot/. */
static inline void pmu_start(void)
{
    uint32_t version = (cp15_read_ID_DFR0() >> 24) & 0xf; /* PerfMon */

    if (version == 2) {
        /* PMUv2: no filtering of PL1. Through the selector: CP15 c14 has no alias of the filter before ARMv8. */
        cp15_write_PMSELR(31);
        isb();
        cp15_write_PMXEVTYPER(0);
    }
    cp15_write_PMCR((1u << 2) | (1u << 0)); /* C: reset the cycle counter; E; not D: every cycle */
    cp15_write_PMCNTENSET(1u << 31);
    isb();
}

#endif
