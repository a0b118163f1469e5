/* SPDX-License-Identifier: MIT */
/*
 * The states that were reached: each a vector of numbers, kept once, and the steps that lead from it. And blobs of bytes, each kept once,
 * which such a number names. Used by explore.c and follow.c.
 */
#ifndef BATON_TESTS_PROOF_STATES_H
#define BATON_TESTS_PROOF_STATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The number of a blob with this content; and the other way round (a number that is not in use: size 0). */
uint32_t blob_number(const void *bytes, size_t size);
const void *blob_bytes(uint32_t number, size_t *size);

void states_begin(unsigned length, uint32_t most);

/* Adds a vector, unless it is there; *number is its number. true: it is new. */
bool states_add(const uint32_t *vector, uint32_t parent, uint16_t step, uint32_t *number);

const uint32_t *states_vector(uint32_t number);
uint32_t states_parent(uint32_t number);
uint16_t states_step(uint32_t number); /* that led here from the parent */
uint32_t states_count(void);
size_t states_bytes(void);

/* Steps, and what each does to lines (a blob). Those of a state are added one after the other, after those of the states before it. */
struct edge {
    uint32_t target, label;
};
void states_edge(uint32_t from, struct edge edge);
const struct edge *states_edges(uint32_t from, uint32_t *count);
uint64_t states_edge_count(void);

/* Of a state, set when it is new or later: the holders' rights to each line, a blob; and what its end does to lines, a blob + 1, or 0. */
extern uint32_t *states_rights, *states_end;

#endif
