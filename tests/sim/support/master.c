/* SPDX-License-Identifier: MIT */
/*
 * A second CPU as a bus master that no cache knows of (virt only): it copies what the mailbox says, all its accesses Normal
 * non-cacheable. Doorbell: a software-generated interrupt (the Device store to GICD_SGIR). Completion: it sets a shared
 * interrupt pending, which CPU 0 polls in GICD_ISPENDR3. Its stack was never cached.
 */
#include "image.h"

#define GICD_CTLR (GICD + 0x000)
#define GICD_ISPENDR3 (GICD + 0x20c)
#define GICD_ICPENDR3 (GICD + 0x28c)
#define GICD_ITARGETSR31 (GICD + 0x87c)
#define GICD_SGIR (GICD + 0xf00)
#define GICC_CTLR (GICC + 0x00)
#define GICC_PMR (GICC + 0x04)
#define GICC_IAR (GICC + 0x0c)
#define GICC_EOIR (GICC + 0x10)
#define DONE 0x80000000u /* interrupt 127, wired to nothing */

#ifndef MASTER_CPU
#define MASTER_CPU 1
#endif

struct mailbox mailbox UNCACHED;

void cpu_start(uint32_t cpu, const char *entry, void (*function)(void))
{
    register uint32_t r0 __asm__("r0") = 0x84000003; /* PSCI CPU_ON */
    register uint32_t r1 __asm__("r1") = cpu;
    register uint32_t r2 __asm__("r2") = (uint32_t)(uintptr_t)entry;
    register uint32_t r3 __asm__("r3") = (uint32_t)(uintptr_t)function;
    __asm__ volatile(".arch_extension virt\n\thvc #0" : "+r"(r0) : "r"(r1), "r"(r2), "r"(r3) : "memory");
    if (r0 != 0)
        finish(6);
}

NOINLINE static void master_copy(volatile uint8_t *to, const volatile uint8_t *from, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        to[i] = from[i];
}

static void master_run(void)
{
    write32(GICC_PMR, 0xff);
    write32(GICC_CTLR, 1);
    for (;;) {
        write32(GICD_ISPENDR3, DONE);
        __asm__ volatile("dsb\n\tsev\n\twfi" ::: "memory");
        write32(GICC_EOIR, read32(GICC_IAR));
        dmb();
        master_copy((volatile uint8_t *)mailbox.to, (const volatile uint8_t *)mailbox.from, mailbox.size);
        dsb();
    }
}

void master_poll(void)
{
    for (uint32_t i = 0; i < POLLS; i++) {
        if ((read32(GICD_ISPENDR3) & DONE) != 0)
            return;
        __asm__ volatile("wfe" ::: "memory");
    }
    finish(7);
}

void master_wait(void)
{
    master_poll();
    dsb();
}

void master_start(void)
{
    write32(GICD_CTLR, 1);
    write32(GICD_ITARGETSR31, 0x01000000); /* an interrupt without a target does not become pending in QEMU's GIC */
    cpu_start(MASTER_CPU, enter_uncached, master_run);
    master_wait();
}

void doorbell(void)
{
    write32(GICD_ICPENDR3, DONE);
    write32(GICD_SGIR, 0x00010000u << MASTER_CPU);
}

void master_copy_start(uint32_t to, uint32_t from, uint32_t size)
{
    mailbox.to = to;
    mailbox.from = from;
    mailbox.size = size;
    dmb();
    doorbell();
}
