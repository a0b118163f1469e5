/* SPDX-License-Identifier: MIT */
/*
 * A call of a function pointer into data: the report names the fault, and the caller although the callee has no frame.
 *
 * expect-status: 1
 * expect-output: ^CPU 0: prefetch abort: permission fault, page, execution at 0x[0-9a-f]{8} \(IFSR 0x0000000f\)$
 * expect-output: ^  #0 0x[0-9a-f]{8}$
 * expect-output: ^  #1 0x[0-9a-f]{8}$
 * expect-output: ^  #2 0x[0-9a-f]{8}$
 */
#include <stdint.h>

static uint32_t data[4] = {0x47704770};

__attribute__((noinline, noclone)) static int call(int (*volatile function)(void))
{
    return function() + 1;
}

int main(void)
{
    return call((int (*)(void))((uintptr_t)data | 1)) & 0;
}
