/* SPDX-License-Identifier: MIT */
/*
 * A program that writes to address 4 three calls deep: the report says so in words, and where. What would break it: registers that are
 * another mode's, a fault status read wrong, a backtrace that ends early. tests/boot/test_addresses takes the addresses
 * to addr2line.
 *
 * expect-status: 1
 * expect-output: ^CPU 0: data abort: translation fault, (section|page), write to 0x00000004 \(DFSR 0x0000080[57]\)$
 * expect-output: ^  r0  0x00000004  r1  0x00000011  r2  0x00000022  r3  0x00000033$
 * expect-output: ^  r4  0x00000044  r5  0x00000055  r6  0x00000066  r7  0x00000077$
 * expect-output: ^  r8  0x00000088  r9  0x00000099  r10 0x000000aa  r11 0x000000bb$
 * expect-output: ^  r12 0x000000cc  sp  0x[0-9a-f]{8}  lr  0x000000ee  pc  0x[0-9a-f]{8}$
 * expect-output: ^  cpsr 0x[0-9a-f]{8} \(SVC, Thumb, IRQ (on|masked)\)$
 * expect-output: ^  #3 0x[0-9a-f]{8}$
 */
#include <stdint.h>
#include <stdio.h>

__attribute__((noinline, noclone)) static int innermost(int value)
{
    volatile int local[20];

    local[3] = value;
    __asm__ volatile(
        "mov r0, #4\n\tmov r1, #0x11\n\tmov r2, #0x22\n\tmov r3, #0x33\n\tmov r4, #0x44\n\tmov r5, #0x55\n\t"
        "mov r6, #0x66\n\tmov r7, #0x77\n\tmov r8, #0x88\n\tmov r9, #0x99\n\tmov r10, #0xaa\n\t"
        "mov r11, #0xbb\n\tmov r12, #0xcc\n\tmov lr, #0xee\n\tstr r0, [r0]" ::
            : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "memory");
    return local[3];
}

__attribute__((noinline, noclone)) static int middle(int value)
{
    volatile char space[3000];

    space[2] = (char)value;
    return innermost(value + 1) + space[2];
}

/* Keeps vector registers of the caller's on its stack. */
__attribute__((noinline, noclone)) static int outer(int value)
{
    __asm__ volatile("" ::: "d8", "d9", "d10");
    return middle(value * 3) + 1;
}

int main(void)
{
    printf("%d\n", outer(2));
    return 0;
}
