/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer's target: its bytes are the choices of a program of verbs (tests/host/support/core_program.h), on the hostile machine
 * and with the same oracle. Coverage of core/ leads it. Built with clang by tools/make/fuzz.mk; `make fuzz`.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/host/support/core_program.h"

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
    begin_program(data[0]); /* what the caches do */
    while (program.bytes < program.bytes_end) {
        program.step++;
        one_step();
    }
    return 0;
}

bool fuzz_has_seen_all(void)
{
    printf("refused busy %u, false sharing %u, in transit %u; maintained %u, partial ends %u\n",
           program.refusals[BATON_ERROR_BUSY], program.refusals[BATON_ERROR_FALSE_SHARING],
           program.refusals[BATON_ERROR_IN_TRANSIT], program.maintained, program.partials);
    return program.refusals[BATON_ERROR_BUSY] != 0 && program.refusals[BATON_ERROR_IN_TRANSIT] != 0 &&
           program.maintained != 0 && program.partials != 0;
}
