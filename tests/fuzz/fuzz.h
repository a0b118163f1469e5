/* SPDX-License-Identifier: MIT */
/*
 * What a fuzz target is: fuzz_core.c, fuzz_everything.c. Called by libFuzzer, or without it by replay.c, over the seeds that are kept.
 */
#ifndef BATON_TESTS_FUZZ_FUZZ_H
#define BATON_TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BYTES_MOST = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Says what came up in all inputs so far. false: not everything that is to be tested did. */
bool fuzz_has_seen_all(void);

#endif
