/* SPDX-License-Identifier: MIT */
/*
 * What reset found, kept for the board (which PSCI conduit), for tests and for abort reports. Written once by
 * boot/reset.S and boot/start.c on CPU 0 before board_init(); read by anybody, any context.
 */
#ifndef BATON_BOOT_BOOT_H
#define BATON_BOOT_BOOT_H

#include <stdbool.h>
#include <stdint.h>

/* The offsets are known to boot/reset.S. */
struct boot_report {
    uint32_t cpsr;         /* at entry */
    uint32_t sctlr;        /* at entry: SCTLR, or HSCTLR when entered in Hyp mode */
    uint32_t midr;         /* main ID register */
    uint32_t mpidr;        /* multiprocessor affinity register */
    uint32_t loader_abort; /* DFSR of an asynchronous abort that was pending from before entry; 0: none */
};

extern struct boot_report boot_report;

/* Entered in Hyp mode: a Secure monitor, if anybody, answers PSCI, by SMC. Otherwise a hypervisor may: HVC. */
bool boot_entered_in_hyp(void);

/* SCTLR.C (HSCTLR.C) was set at entry: the data caches were cleaned before they were invalidated. */
bool boot_caches_found_on(void);

#endif
