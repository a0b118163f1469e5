/* SPDX-License-Identifier: MIT */
/*
 * Stands for boot/registers/barrier.h in a host test with "registers: modelled": the model is told of each barrier, in its place between
 * the register accesses.
 */
#ifndef BATON_BOOT_REGISTERS_BARRIER_H
#define BATON_BOOT_REGISTERS_BARRIER_H

enum model_barrier { MODEL_DSB, MODEL_DMB, MODEL_ISB, MODEL_WFE, MODEL_SEV, MODEL_YIELD, MODEL_WFI };

/* Defined by the test. */
void model_barrier(enum model_barrier barrier);

static inline void dsb(void)
{
    model_barrier(MODEL_DSB);
}

static inline void dmb(void)
{
    model_barrier(MODEL_DMB);
}

static inline void isb(void)
{
    model_barrier(MODEL_ISB);
}

static inline void wfe(void)
{
    model_barrier(MODEL_WFE);
}

static inline void sev(void)
{
    model_barrier(MODEL_SEV);
}

static inline void yield(void)
{
    model_barrier(MODEL_YIELD);
}

static inline void wfi(void)
{
    model_barrier(MODEL_WFI);
}

#endif
