/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer's other target: its bytes are the choices of a program over all features of the core
 * (tests/host/support/everything_program.h): buffers of every policy, enforcement and origin, bounce buffers, parts, displays, queues,
 * chains, announcements, touches that fault. Coverage of core/ leads it. Built with clang by tools/make/fuzz.mk; `make fuzz`.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/host/support/everything_program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > BYTES_MOST)
        return -1;
    program.bytes = data + 1;
    program.bytes_end = data + size;
    if (setjmp(program.failed) != 0) {
        fprintf(stderr, "%s\nrun it again with: make fuzz CASE=FILE\n", program.failure);
        abort();
    }
    begin_program(data[0] + 1u); /* what the caches do; 0 would be no seed */
    while (program.bytes < program.bytes_end) {
        program.step++;
        one_step();
    }
    end_everything();
    return 0;
}

bool fuzz_has_seen_all(void)
{
    const unsigned *counts = (const unsigned *)&program.seen;

    print_and_check_coverage(0);
    for (size_t i = BATON_ERROR_MAINTENANCE + 1; i < sizeof(program.seen) / sizeof(*counts); i++) {
        if (counts[i] == 0)
            return false;
    }
    return true;
}
