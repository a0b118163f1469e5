/* SPDX-License-Identifier: MIT */
/*
 * Who maintains the caches when a buffer changes hands: the interface that a workload is written against once, and that three
 * policies implement. Called in task context on CPU 0. A call that fails ends the program: a workload's calls are right.
 *
 * The rectangles of an area are for policies that can tell a part of a buffer; the others take the whole buffer.
 */
#ifndef BATON_APPS_WORKLOADS_POLICY_H
#define BATON_APPS_WORKLOADS_POLICY_H

#include "apps/platform.h"

/* FAR: the importer that cannot reach some buffers. It is the same DMA controller with a mask. */
enum { IMPORTERS = 3, FAR = 2 };

/* Rows that are no longer than an extent of a directory each: more would not fit one (DIRECTORY_EXTENTS). */
enum { ROWS_MAX = 12 };

/* A rectangle of a buffer, in bytes; rows is 1 for a contiguous part. */
struct area {
    uint32_t offset, stride, row_bytes, rows;
};

/* A buffer that a CPU and importers share. */
struct shared {
    const char *name;
    uint32_t size;               /* bytes, a multiple of the line */
    bool far;                    /* FAR cannot reach it */
    uint32_t address[IMPORTERS]; /* its first byte, on the bus, as each importer is to use it */

    struct {
        baton_buffer buffer;
        baton_attachment attachments[IMPORTERS];
        struct baton_source sources[IMPORTERS];
        struct baton_destination destinations[ROWS_MAX];
        struct baton_cpu_access accesses[ROWS_MAX];
        uint32_t rows; /* of the CPU access or the destination that is open */
    } baton;
    struct {
        unsigned char *cpu, *bounce;
    } streaming;
};

/* What a policy has done so far. */
struct maintenance {
    uint32_t cleaned, invalidated; /* lines; both at once counts in each */
    uint32_t copied;               /* bytes, to and from bounce buffers */
};

struct policy {
    const char *name;
    void (*reset)(void);                 /* no buffers, nothing done */
    void (*open)(struct shared *shared); /* its name, size and far are given */
    void (*close)(void);                 /* ends all that was opened; nothing is measured any more */

    /* The area, to be read, or overwritten whole. Returns its first byte. */
    unsigned char *(*begin_cpu_access)(struct shared *shared, const struct area *area, enum baton_direction direction);
    void (*end_cpu_access)(struct shared *shared);

    void (*map_to_device)(struct shared *shared, unsigned importer, const struct area *area);
    void (*unmap_source)(struct shared *shared, unsigned importer);
    /* The device writes every byte of the area. */
    void (*map_from_device)(struct shared *shared, unsigned importer, const struct area *area);
    void (*unmap_destination)(struct shared *shared, unsigned importer);

    struct maintenance (*maintenance)(void);
};

extern const struct policy policy_baton, policy_whole_buffer, policy_flush_all, policy_write_combined, policy_bounce,
    policy_coherent;

/* ---------------------------------------------------------------------------------------------------------------- */
/* For the policies */

/* Memory for buffers, in parts that do not touch: what the core gets, near and far; the streaming policies'; the lists'. */
enum memory_part { MEMORY_NEAR, MEMORY_FAR, MEMORY_STREAMING, MEMORY_LISTS, MEMORY_PARTS };

struct baton_pool_config memory_part(enum memory_part part);

/* Says why, and ends the program. */
_Noreturn void give_up(const char *what, const char *why);
void must(enum baton_status status, const char *what);

#endif
