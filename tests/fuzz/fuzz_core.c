/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer's target: its bytes are the choices of a program of verbs (tests/host/support/core_program.h), on the hostile machine
 * and with the same oracle. Coverage of core/ leads it. Built with clang by tools/make/fuzz.mk; `make fuzz`.
 *
 * Without libFuzzer, with FUZZ_REPLAY, it is a plain program that runs the files on its command line: the seeds that are kept.
 */
#include "tests/host/support/core_program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BYTES_MOST = 4096 };

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

#ifdef FUZZ_REPLAY
int main(int argc, char **argv)
{
    static uint8_t bytes[BYTES_MOST];

    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        const size_t size = file != NULL ? fread(bytes, 1, sizeof(bytes), file) : 0;

        if (file != NULL)
            fclose(file);
        if (LLVMFuzzerTestOneInput(bytes, size) != 0) {
            fprintf(stderr, "%s: not a seed\n", argv[i]);
            return 1;
        }
    }
    printf("%d seeds: refused busy %u, false sharing %u, in transit %u; maintained %u, partial ends %u\n", argc - 1,
           program.refusals[BATON_ERROR_BUSY], program.refusals[BATON_ERROR_FALSE_SHARING],
           program.refusals[BATON_ERROR_IN_TRANSIT], program.maintained, program.partials);
    /* Seeds that never get there would show nothing. */
    return program.refusals[BATON_ERROR_BUSY] == 0 || program.refusals[BATON_ERROR_IN_TRANSIT] == 0 ||
           program.maintained == 0 || program.partials == 0;
}
#endif
