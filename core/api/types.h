/* SPDX-License-Identifier: MIT */
/*
 * Handles, ranges, directions, and the instance that all objects belong to. Part of the public interface: included by way
 * of core/baton.h.
 */
#ifndef BATON_CORE_API_TYPES_H
#define BATON_CORE_API_TYPES_H

#include "core/api/status.h"
#include "core/port.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct baton; /* one instance: all its objects live in the memory given to baton_init() */

/* Handles. Zero is no handle (STALE_HANDLE: what a call that ends an object leaves). They carry slot and generation:
 * a stale one is caught. */
typedef struct {
    uint32_t token;
} baton_pool;
typedef struct {
    uint32_t token;
} baton_buffer;
typedef struct {
    uint32_t token;
} baton_device;
typedef struct {
    uint32_t token;
} baton_attachment;
/* An access in flight. Move-only: the call that ends it takes its address and clears it; a copy kept aside is stale. */
typedef struct {
    uint32_t token;
} baton_access;
/* A place in a buffer's queue (core/api/wait.h). Move-only. */
typedef struct {
    uint32_t token;
} baton_reservation;
/* A stage of device work and its completion (core/api/fence.h). */
typedef struct {
    uint32_t token;
} baton_fence;

/* An address as a device on the bus sees it. Not a pointer, and not to be made from one. */
typedef struct {
    uint32_t value;
} baton_bus_address;

/* A part of a buffer, in bytes. */
struct baton_range {
    uint32_t offset;
    uint32_t length;
};

enum baton_domain { BATON_DOMAIN_CACHE, BATON_DOMAIN_MEMORY };

/* What an access does with its range. */
enum baton_direction {
    BATON_READ,      /* only loads */
    BATON_WRITE,     /* loads and stores; some of the bytes may stay as they are */
    BATON_OVERWRITE, /* stores to every byte of the range, loads none before: whole lines need no refresh */
};

/* How many objects one instance holds; baton_size() turns it into bytes. The first six are at least 1 and, the trace
 * apart, at most 1024; the others may be 0: none of that kind. */
struct baton_limits {
    uint16_t pools;
    uint16_t buffers; /* bounce buffers included */
    uint16_t devices;
    uint16_t attachments;
    uint16_t accesses; /* in flight at once: mappings, CPU accesses and reservations together */
    uint16_t trace;    /* records kept in the ring, a power of two */
    uint16_t fences;
    uint16_t chunks; /* of buffers that have more than one, together */
};

/* Bytes of memory that an instance with these limits needs; 0 if a limit is out of range. */
size_t baton_size(const struct baton_limits *limits);

/* Makes an instance in memory (aligned to 8 bytes, at least baton_size(limits) bytes), which stays the core's. port is
 * kept by reference. No other call may run on the instance meanwhile. ARGUMENT: null, too small, misaligned, a bad
 * limit, a port without one of its required functions, or a granule that is no power of two from 4 to 4096. */
BATON_MUST_CHECK enum baton_status baton_init(struct baton **instance, void *memory, size_t size,
                                              const struct baton_limits *limits, const struct baton_port *port);

#endif
