/* SPDX-License-Identifier: MIT */
/*
 * The importers' work: the board's DMA controller copies from one shared buffer to another, outside of the CPU's caches. Task
 * context on CPU 0; the lists are in memory of their own, made before anything is measured.
 */
#ifndef BATON_APPS_WORKLOADS_DEVICE_H
#define BATON_APPS_WORKLOADS_DEVICE_H

#include "apps/workloads/policy.h"

struct job {
    uint32_t from, to; /* first bytes, on the bus */
    uint32_t from_stride, to_stride, row_bytes, rows;
    struct baton_source list;
    volatile bool done;
    volatile enum dma_status status;
};

/* One place of a buffer, as an importer finds it. */
struct place {
    const struct shared *shared;
    unsigned importer;
    struct area area;
};

/* The importers are in the CPU's caches, as a snooping device is: the CPU itself does their copies, through its mapping. */
extern bool device_played_by_cpu;

/* No jobs. */
void device_reset(void);

/* Makes the list of a copy; the areas have as many bytes in a row, and rows. The importer of the destination is the one that does
 * it. */
void device_prepare(struct job *job, const struct place *from, const struct place *to);

/* Starts jobs, as many at once as the controller has channels, waits for all of them, and until the controller is idle. */
void device_run(struct job *const jobs[], unsigned count);

#endif
