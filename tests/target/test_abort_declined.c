/* SPDX-License-Identifier: MIT */
/*
 * A stray store to a buffer that the MMU guards, with no guard: told by the core, then reported as every abort is, with the registers and
 * the backtrace of the code that did it.
 * What would break it: a report about the handler instead of the code, or of a fault that came later.
 *
 * expect-status: 1
 * expect-output: ^baton: baton_fault refused: .*: buffer "guarded" \[0x24, \+0x1\) epoch 4, called from 0x[0-9a-f]{8}$
 * expect-output: ^CPU 0: data abort: translation fault, page, write to 0x[0-9a-f]{5}024 \(DFSR 0x00000807\)$
 * expect-output: ^  r4  0x12345678  r5  0x87654321  r6 .*$
 * expect-output: ^  cpsr 0x[0-9a-f]{8} \(SVC, Thumb, IRQ on\)$
 * expect-output: ^  #1 0x[0-9a-f]{8}$
 */
#include "boot/exception.h"
#include "tests/target/support/rig.h"

__attribute__((noinline)) static void stray(char *bytes)
{
    __asm__ volatile("ldr r4, =0x12345678\n\tldr r5, =0x87654321\n\tstrb r4, [%0, #36]" ::"r"(bytes)
                     : "r4", "r5", "memory");
}

int main(void)
{
    struct baton_cpu_access access;
    char *bytes;

    rig_open();
    platform_guard_faults(rig, 1000);
    struct rig_buffer guarded = rig_buffer_as("guarded", 100, BATON_POLICY_CACHED, BATON_ENFORCE_MMU);
    if (baton_begin_cpu_access(rig, guarded.buffer, (struct baton_range){0, 100}, BATON_WRITE, &access) != BATON_OK) {
        return 2;
    }
    bytes = access.data;
    if (baton_end_cpu_access(rig, &access) != BATON_OK) {
        return 2;
    }
    stray(bytes);
    return 3;
}
