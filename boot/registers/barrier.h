/* SPDX-License-Identifier: MIT */
/*
 * Barriers and hints of ARMv7-A (ARM ARM DDI 0406C, A3.8.3 and B1.8.13). The full-system domain only: what baton orders
 * is mostly against observers outside the inner-shareable domain. Included by boot/, drivers/ and boards/.
 */
#ifndef BATON_BOOT_REGISTERS_BARRIER_H
#define BATON_BOOT_REGISTERS_BARRIER_H

/* Every access and maintenance operation before it is complete before anything after it begins. */
static inline void dsb(void)
{
    __asm__ volatile("dsb sy" ::: "memory");
}

/* Memory accesses before it are observed before those after it. */
static inline void dmb(void)
{
    __asm__ volatile("dmb sy" ::: "memory");
}

/* What follows is fetched anew, with the effect of earlier CP15 writes. */
static inline void isb(void)
{
    __asm__ volatile("isb sy" ::: "memory");
}

/* Sleep until an event: every loop that waits for another CPU contains it. May return at once. */
static inline void wfe(void)
{
    __asm__ volatile("wfe" ::: "memory");
}

/* Wake those who sleep in wfe(); the stores they wait for are complete first (a dsb() precedes). */
static inline void sev(void)
{
    __asm__ volatile("dsb sy\n\tsev" ::: "memory");
}

/* A hint that this CPU's work can wait a moment: nothing on most cores; an emulator that runs all CPUs in one host thread goes to the
 * next one. */
static inline void yield(void)
{
    __asm__ volatile("yield" ::: "memory");
}

/* Sleep until an interrupt is pending, whether it is masked or not. */
static inline void wfi(void)
{
    __asm__ volatile("dsb sy\n\twfi" ::: "memory");
}

#endif
