/* SPDX-License-Identifier: MIT */
/*
 * A workload under a policy: the policy's calls, measured, and the pictures that are passed on.
 */
#ifndef BATON_APPS_WORKLOADS_RUN_H
#define BATON_APPS_WORKLOADS_RUN_H

#include "apps/workloads/policy.h"

#define WIDTH 640u
#define HEIGHT 480u
#define STRIDE (WIDTH * 4u)
#define FRAME_BYTES (STRIDE * HEIGHT)
enum { FRAMES = 3 };

struct run {
    const struct policy *policy;
    uint32_t handoffs;     /* accesses: each is acquired once and released once */
    uint64_t instructions; /* of the policy's calls */
    uint32_t wrong;        /* pixels */
};

unsigned char *run_begin_cpu_access(struct run *run, struct shared *shared, const struct area *area,
                                    enum baton_direction direction);
void run_end_cpu_access(struct run *run, struct shared *shared);
void run_map_to_device(struct run *run, struct shared *shared, unsigned importer, const struct area *area);
void run_unmap_source(struct run *run, struct shared *shared, unsigned importer);
void run_map_from_device(struct run *run, struct shared *shared, unsigned importer, const struct area *area);
void run_unmap_destination(struct run *run, struct shared *shared, unsigned importer);

struct workload {
    const char *name;
    /* Opens buffers, gives them content, hands them to and fro once, and makes the lists. Not measured. */
    void (*set_up)(struct run *run);
    /* One frame, from 1 on. Measured. */
    void (*frame)(struct run *run, uint32_t number);
    /* The content is right after the last one (counts into run->wrong). Not measured. */
    void (*check)(struct run *run);
};

extern const struct workload *const workloads[];
extern const unsigned workload_count;

#endif
