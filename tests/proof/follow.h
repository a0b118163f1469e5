/* SPDX-License-Identifier: MIT */
/*
 * What may become of one line along all steps between the states of the core: follow.c, called by explore.c when these are known.
 */
#ifndef BATON_TESTS_PROOF_FOLLOW_H
#define BATON_TESTS_PROOF_FOLLOW_H

#include "tests/proof/states.h"

/* false: something is wrong; it has told what, and a case. line: counted through all buffers. */
bool follow(unsigned line);

/* explore.c: prints "who.choice," of a step between states of the core. */
void tell_step(uint32_t from, struct edge edge);

#endif
