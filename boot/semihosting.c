/* SPDX-License-Identifier: MIT */
/*
 * Semihosting by the T32 trap. Without a host the trap is an ordinary supervisor call into boot/vectors.S.
 */
#include "boot/semihosting.h"

#include "boot/registers/barrier.h"

#define SYS_EXIT_EXTENDED 0x20u
#define ADP_STOPPED_APPLICATION_EXIT 0x20026u

extern unsigned char semihosting_return[];

/* Naked: the trap's return address must be one known place, and the SVC changes lr when it is taken in SVC mode. */
__attribute__((naked, noinline)) uint32_t semihosting_call(uint32_t operation __attribute__((unused)),
                                                           uintptr_t parameter __attribute__((unused)))
{
    __asm__ volatile("push   {r4, lr}\n\t"
                     "svc    0xab\n\t"
                     ".global semihosting_return\n"
                     "semihosting_return:\n\t"
                     "pop    {r4, pc}\n\t");
}

bool semihosting_refused(uint32_t return_address)
{
    return return_address == ((uint32_t)(uintptr_t)semihosting_return & ~1u);
}

void semihosting_exit(int status)
{
    volatile uint32_t block[2] = {ADP_STOPPED_APPLICATION_EXIT, (uint32_t)status};

    dsb(); /* what the program wrote is in place before the machine stops */
    (void)semihosting_call(SYS_EXIT_EXTENDED, (uintptr_t)block);
}
