/* SPDX-License-Identifier: MIT */
/*
 * Boot code invalidates the caches by set and way before it turns them on, as the architecture asks for; it then copies code
 * and cleans it to the point of unification. Nothing is to be reported.
 *
 * machine: virt cortex-a15 1
 * machine: realview-pb-a8 cortex-a8 1
 * machine: realview-pbx-a9 cortex-a9 1
 * only: right
 */
#include "support/maintain.h"

static uint32_t code[64] ALIGNED;

void adjust_map(void)
{
    invalidate_all();
}

int main(void)
{
    int (*const function)(void) = (int (*)(void))(uintptr_t)code;
    for (uint32_t i = 0; i < 62; i++)
        code[i] = 0xe1a00000; /* mov r0, r0 */
    code[62] = 0xe3a0002a;    /* mov r0, #42 */
    code[63] = 0xe12fff1e;    /* bx lr */
    FOR_EACH_LINE(line, code, sizeof code)
    {
        dccmvau(line);
        dsb();
        __asm__ volatile("mcr p15, 0, %0, c7, c5, 1" ::"r"(line) : "memory");
    }
    __asm__ volatile("mcr p15, 0, %0, c7, c5, 6\n\tdsb\n\tisb" ::"r"(0) : "memory");
    return function() == 42 ? 0 : 1;
}
