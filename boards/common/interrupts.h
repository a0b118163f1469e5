/* SPDX-License-Identifier: MIT */
/*
 * The calling CPU's IRQ mask. Included by boards/, apps/ and tests/ where a few instructions must not be interrupted.
 */
#ifndef BATON_BOARDS_COMMON_INTERRUPTS_H
#define BATON_BOARDS_COMMON_INTERRUPTS_H

#include <stdint.h>

/* Masks IRQs; returns the state before, for interrupts_restore(). */
static inline uint32_t interrupts_mask(void)
{
    uint32_t cpsr;

    __asm__ volatile("mrs %0, cpsr\n\tcpsid i" : "=r"(cpsr)::"memory");
    return cpsr;
}

static inline void interrupts_restore(uint32_t cpsr)
{
    __asm__ volatile("msr cpsr_c, %0" ::"r"(cpsr) : "memory");
}

static inline void interrupts_enable(void)
{
    __asm__ volatile("cpsie i" ::: "memory");
}

#endif
