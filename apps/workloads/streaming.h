/* SPDX-License-Identifier: MIT */
/*
 * What the two policies without a directory share: buffers that belong to a device from map to unmap and to the CPU otherwise, and are
 * maintained, or copied, whole.
 */
#ifndef BATON_APPS_WORKLOADS_STREAMING_H
#define BATON_APPS_WORKLOADS_STREAMING_H

#include "apps/workloads/policy.h"

/* How a policy maintains a buffer, or a bounce buffer, whole. */
struct streaming {
    void (*before_read)(unsigned char *cpu, uint32_t size);
    void (*before_write)(unsigned char *cpu, uint32_t size, bool every_byte);
    void (*after_write)(unsigned char *cpu, uint32_t size);
};

extern struct maintenance streaming_done;

void streaming_reset(void);
void streaming_open(struct shared *shared);
void streaming_close(void);
unsigned char *streaming_begin_cpu_access(struct shared *shared, const struct area *area,
                                          enum baton_direction direction);
void streaming_end_cpu_access(struct shared *shared);
void streaming_map_to_device(const struct streaming *how, struct shared *shared, unsigned importer);
void streaming_map_from_device(const struct streaming *how, struct shared *shared, unsigned importer,
                               const struct area *area);
void streaming_unmap_destination(const struct streaming *how, struct shared *shared, unsigned importer);
struct maintenance streaming_maintenance(void);

/* Defines policy_IDENTIFIER over a struct streaming. */
#define STREAMING_POLICY(identifier, text, how, first)                                                                 \
    static void map_to_device(struct shared *shared, unsigned importer, const struct area *area)                       \
    {                                                                                                                  \
        (void)area;                                                                                                    \
        streaming_map_to_device(&(how), shared, importer);                                                             \
    }                                                                                                                  \
    static void unmap_source(struct shared *shared, unsigned importer)                                                 \
    {                                                                                                                  \
        (void)shared;                                                                                                  \
        (void)importer;                                                                                                \
    }                                                                                                                  \
    static void map_from_device(struct shared *shared, unsigned importer, const struct area *area)                     \
    {                                                                                                                  \
        streaming_map_from_device(&(how), shared, importer, area);                                                     \
    }                                                                                                                  \
    static void unmap_destination(struct shared *shared, unsigned importer)                                            \
    {                                                                                                                  \
        streaming_unmap_destination(&(how), shared, importer);                                                         \
    }                                                                                                                  \
    const struct policy policy_##identifier = {                                                                        \
        .name = (text),                                                                                                \
        .reset = (first),                                                                                              \
        .open = streaming_open,                                                                                        \
        .close = streaming_close,                                                                                      \
        .begin_cpu_access = streaming_begin_cpu_access,                                                                \
        .end_cpu_access = streaming_end_cpu_access,                                                                    \
        .map_to_device = map_to_device,                                                                                \
        .unmap_source = unmap_source,                                                                                  \
        .map_from_device = map_from_device,                                                                            \
        .unmap_destination = unmap_destination,                                                                        \
        .maintenance = streaming_maintenance,                                                                          \
    }

#endif
