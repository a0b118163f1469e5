/* SPDX-License-Identifier: MIT */
/*
 * A DMA test's surroundings: an instance of the core over the board's memory, buffers, and transfers with lists made by hand or
 * by the builder. All memory goes through the core, as on a machine that is not coherent. Task context on CPU 0.
 *
 * What a test takes for granted (buffers, mappings, accesses) ends the program when it fails: rig_* functions return nothing
 * that has to be checked unless the result is what is tested.
 */
#ifndef BATON_TESTS_TARGET_SUPPORT_RIG_H
#define BATON_TESTS_TARGET_SUPPORT_RIG_H

#include "apps/platform.h"
#include "drivers/pl080_list.h"

/* A buffer that the DMA controller is attached to. */
struct rig_buffer {
    baton_buffer buffer;
    baton_attachment attachment;
    uint32_t size;    /* bytes */
    uint32_t address; /* on the bus */
};

/* A channel's work: up to one source, one destination, one list. */
struct rig_transfer {
    struct rig_buffer *from, *to, *list;
    struct baton_source source;
    struct baton_destination destination;
    struct baton_source entries;
    volatile unsigned completions;
    volatile enum dma_status status; /* of the last completion */
    volatile unsigned channel;       /* as the last completion told */
    volatile unsigned order;         /* of the last completion among all, from 1 */
};

extern struct baton *rig;
extern baton_pool rig_pool;
extern baton_device rig_dma;

/* Makes the instance, with the board's DMA controller as its device. */
const struct platform *rig_open(void);

/* The same with another port than the board's. */
const struct platform *rig_open_with(const struct baton_port *port);

/* The same, with half of the memory set aside for the bounce buffers of a device that reaches only that: the DMA controller once
 * more, by another name and with such a mask. */
const struct platform *rig_open_far(void);

struct rig_buffer rig_buffer(const char *name, uint32_t size);
struct rig_buffer rig_buffer_as(const char *name, uint32_t size, const struct baton_policy *policy,
                                const struct baton_enforcement *enforcement);

/* The same buffer as that device finds it. */
struct rig_buffer rig_far(const struct rig_buffer *buffer);

/* Byte i of a buffer filled with a seed. */
static inline uint8_t rig_pattern(uint32_t seed, uint32_t i)
{
    return (uint8_t)(i * 7 + (i >> 8) * 13 + seed * 31 + 1);
}

/* The CPU overwrites the buffer with the pattern of a seed, or writes some bytes. */
void rig_fill(struct rig_buffer *buffer, uint32_t seed);
void rig_write(struct rig_buffer *buffer, uint32_t offset, const void *bytes, uint32_t length);
/* The CPU reads some bytes. */
void rig_read(struct rig_buffer *buffer, uint32_t offset, void *bytes, uint32_t length);
/* How many bytes of the range are not the pattern's (shift: byte i is the pattern's byte i + shift). */
uint32_t rig_differences(struct rig_buffer *buffer, uint32_t offset, uint32_t length, uint32_t seed, int32_t shift);

/* Maps whole buffers: from may be NULL, to may be NULL. Then the list is made: by rig_copy_list(), or, for a controller of PL080 lists, by
 * hand or with the builder. */
void rig_map(struct rig_transfer *transfer, struct rig_buffer *from, struct rig_buffer *to, struct rig_buffer *list);

/* The list by hand: count entries, whose next fields are indices + 1 of entries of this list (0: the last one), or, from 0x1000 on, are
 * written as they are. */
void rig_list(struct rig_transfer *transfer, const struct pl080_entry *entries, uint32_t count);

/* The list by the builder: between the two calls the test appends. */
struct pl080_list rig_list_begin(struct rig_transfer *transfer);
void rig_list_end(struct rig_transfer *transfer, struct pl080_list *list);

enum dma_status rig_start(struct rig_transfer *transfer, unsigned channel);
void rig_completion(void *context, unsigned channel, enum dma_status status);

/* Waits for the completion, bounded; its status, or DMA_ERROR_TIMEOUT. */
enum dma_status rig_wait(struct rig_transfer *transfer);

/* Ends the mappings: the destination as written whole, or, after a failure, as unknown. */
void rig_unmap(struct rig_transfer *transfer);

/* The controller copies one buffer to another that was mapped with it: builds the list, in its own format. */
void rig_copy_list(struct rig_transfer *transfer);

/* start, wait, unmap. */
enum dma_status rig_run(struct rig_transfer *transfer, unsigned channel);

#endif
