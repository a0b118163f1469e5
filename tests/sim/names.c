/* SPDX-License-Identifier: MIT */
/*
 * Which function an address lies in. A symbol without a size goes on to the next one; behind one with a size there may be code
 * without any name, and so in memory that code was copied to: then the report has no name rather than a wrong one (interface.py
 * looks at that).
 * Broken: no invalidate of what fw_cfg wrote; it is read by a function without a size, by one without a name, by a copy.
 *
 * machine: virt cortex-a15 1
 * devices: fwcfg
 * support: fw_cfg.c
 * qemu: -fw_cfg name=opt/sim/pattern,file=$file
 * variants: UNSIZED=stale-cpu-read@unsized NAMELESS=stale-cpu-read@fw_cfg_doorbell COPY=stale-cpu-read@fw_cfg_doorbell
 */
#include "support/fw_cfg.h"
#include "support/maintain.h"

typedef uint32_t reader(const volatile uint8_t *byte);

__asm__(".section .text.readers, \"ax\"\n"
        ".syntax unified\n"
        ".thumb\n"
        ".balign 4\n"
        ".thumb_func\n"
        ".global sized\n"
        ".type sized, %function\n"
        "sized: bx lr\n"
        ".size sized, . - sized\n"
        ".balign 4\n"
        "0: ldrb r0, [r0]\n"
        "bx lr\n"
        ".global unsized\n"
        "unsized: ldrb r0, [r0]\n"
        "bx lr\n"
        ".section .rodata.readers\n"
        ".balign 4\n"
        ".global nameless\n"
        "nameless: .word 0b + 1\n"
        ".global sizeless\n"
        "sizeless: .word unsized + 1\n"
        ".text\n");
extern reader *const nameless, *const sizeless;

#define SIZE 64u
static volatile uint8_t buffer[SIZE] ALIGNED;
static uint32_t copy[16] ALIGNED;

static reader *chosen(void)
{
#ifdef COPY
    copy[0] = *(const uint32_t *)((uint32_t)nameless & ~1u);
    clean_inline(copy, sizeof(copy));
    __asm__ volatile("mcr p15, 0, %0, c7, c5, 0\n\tdsb\n\tisb" ::"r"(0) : "memory");
    return (reader *)((uint32_t)(uintptr_t)copy + 1);
#elif defined(NAMELESS)
    return nameless;
#else
    return sizeless;
#endif
}

int main(void)
{
    const uint32_t selector = fw_cfg_find("opt/sim/pattern");
    reader *const read = chosen();

    (void)copy;
    for (uint32_t i = 0; i < SIZE; i++)
        buffer[i] = 0x55;
    flush_inline(buffer, SIZE);
    if (buffer[0] != 0x55)
        return 1;
    fw_cfg_transfer(selector, FW_CFG_READ, bus(buffer), SIZE);
#ifndef BROKEN
    invalidate_inline(buffer, SIZE);
#endif
    for (uint32_t i = 0; i < SIZE; i++)
        if (read(&buffer[i]) != pattern(i))
            return 1;
    return 0;
}
