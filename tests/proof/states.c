/* SPDX-License-Identifier: MIT */
/*
 * Two hash tables, and a list: see states.h.
 */
#include "tests/proof/states.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t hash_of(const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    uint64_t hash = size * 0x9e3779b97f4a7c15u;

    for (; size >= 8; size -= 8, at += 8) {
        uint64_t word;

        memcpy(&word, at, 8);
        hash = (hash ^ word) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    for (; size > 0; size--, at++)
        hash = (hash ^ *at) * 0xff51afd7ed558ccdu;
    return hash ^ hash >> 29;
}

static void give_up(const char *what)
{
    fprintf(stderr, "explore: no room for more %s\n", what);
    exit(2);
}

struct blob {
    uint8_t *bytes;
    uint32_t size;
    uint32_t hash;
};

enum { BLOBS = 1 << 23 };
static struct blob *blobs;
static uint32_t *blob_index, blob_count;
static size_t total;

uint32_t blob_number(const void *bytes, size_t size)
{
    const uint64_t hash = hash_of(bytes, size);
    uint32_t at;

    if (blobs == NULL) {
        blobs = calloc(BLOBS, sizeof(*blobs));
        blob_index = calloc(2 * BLOBS, sizeof(*blob_index));
    }
    for (at = (uint32_t)hash % (2 * BLOBS); blob_index[at] != 0; at = (at + 1) % (2 * BLOBS)) {
        const struct blob *blob = &blobs[blob_index[at] - 1];

        if (blob->hash == (uint32_t)(hash >> 32) && blob->size == size && memcmp(blob->bytes, bytes, size) == 0)
            return blob_index[at] - 1;
    }
    if (blob_count == BLOBS)
        give_up("blobs");
    blobs[blob_count] = (struct blob){malloc(size + 1), (uint32_t)size, (uint32_t)(hash >> 32)};
    memcpy(blobs[blob_count].bytes, bytes, size);
    total += size + sizeof(struct blob);
    blob_index[at] = ++blob_count;
    return blob_count - 1;
}

const void *blob_bytes(uint32_t number, size_t *size)
{
    *size = 0;
    if (number >= blob_count)
        return NULL;
    *size = blobs[number].size;
    return blobs[number].bytes;
}

uint32_t *states_rights, *states_end;
static uint32_t *vectors, *parents, *state_index;
static uint64_t *first_edge; /* of each state, and one more */
static struct edge *edges;
static uint64_t edge_count, edge_room;
static uint32_t edges_from;
static uint16_t *steps;
static uint32_t state_count, state_most, index_mask;
static unsigned length;

void states_begin(unsigned vector_length, uint32_t most)
{
    length = vector_length;
    state_most = most;
    for (index_mask = 1; index_mask < most + most / 2; index_mask = index_mask * 2 + 1)
        ;
    /* Not touched before it is needed, so it costs address space only. */
    vectors = malloc((size_t)most * length * sizeof(*vectors));
    parents = malloc((size_t)most * sizeof(*parents));
    steps = malloc((size_t)most * sizeof(*steps));
    state_index = calloc((size_t)index_mask + 1, sizeof(*state_index));
    first_edge = calloc((size_t)most + 2, sizeof(*first_edge));
    states_rights = calloc(most, sizeof(*states_rights));
    states_end = calloc(most, sizeof(*states_end));
    if (first_edge == NULL || states_rights == NULL || states_end == NULL)
        give_up("states");
    if (vectors == NULL || parents == NULL || steps == NULL || state_index == NULL)
        give_up("states");
}

bool states_add(const uint32_t *vector, uint32_t parent, uint16_t step, uint32_t *number)
{
    const size_t size = length * sizeof(*vector);
    uint32_t at = (uint32_t)hash_of(vector, size) & index_mask;

    for (; state_index[at] != 0; at = (at + 1) & index_mask) {
        *number = state_index[at] - 1;
        if (memcmp(states_vector(*number), vector, size) == 0)
            return false;
    }
    if (state_count == state_most)
        give_up("states");
    *number = state_count;
    memcpy(&vectors[(size_t)state_count * length], vector, size);
    parents[state_count] = parent;
    steps[state_count] = step;
    state_index[at] = ++state_count;
    return true;
}

const uint32_t *states_vector(uint32_t number)
{
    return &vectors[(size_t)number * length];
}

uint32_t states_parent(uint32_t number)
{
    return parents[number];
}

uint16_t states_step(uint32_t number)
{
    return steps[number];
}

uint32_t states_count(void)
{
    return state_count;
}

size_t states_bytes(void)
{
    return total + edge_count * sizeof(*edges) +
           (size_t)state_count *
               (length * sizeof(*vectors) + 3 * sizeof(*parents) + sizeof(*steps) + sizeof(*first_edge));
}

void states_edge(uint32_t from, struct edge edge)
{
    while (edges_from < from)
        first_edge[++edges_from] = edge_count;
    for (uint64_t i = first_edge[from]; i < edge_count; i++) {
        if (edges[i].target == edge.target && edges[i].label == edge.label)
            return;
    }
    if (edge_count == edge_room) {
        edge_room = edge_room == 0 ? 1u << 20 : 2 * edge_room;
        struct edge *more = realloc(edges, edge_room * sizeof(*edges));

        if (more == NULL)
            give_up("steps");
        edges = more;
    }
    edges[edge_count++] = edge;
}

const struct edge *states_edges(uint32_t from, uint32_t *count)
{
    while (edges_from < state_count)
        first_edge[++edges_from] = edge_count;
    *count = (uint32_t)(first_edge[from + 1] - first_edge[from]);
    return &edges[first_edge[from]];
}

uint64_t states_edge_count(void)
{
    return edge_count;
}
