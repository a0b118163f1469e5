/* SPDX-License-Identifier: MIT */
/*
 * A fuzz target without libFuzzer: runs the files on its command line, the seeds that are kept. Built by tools/make/fuzz.mk, run by
 * tests/fuzz/test_seeds.
 */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>

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
    printf("%d seeds\n", argc - 1);
    return !fuzz_has_seen_all();
}
