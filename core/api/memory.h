/* SPDX-License-Identifier: MIT */
/*
 * Pools (exporters), buffers, imports; their policy and enforcement. Part of the public interface: included by way of
 * core/baton.h.
 */
#ifndef BATON_CORE_API_MEMORY_H
#define BATON_CORE_API_MEMORY_H

#include "core/api/types.h"

struct baton_pool_config {
    const char *name;  /* static */
    void *cpu;         /* the CPU's cacheable mapping; granule-aligned */
    uint32_t physical; /* physical address of its first byte; granule-aligned */
    uint32_t size;     /* bytes; a multiple of the granule */
};

/* Gives memory to the core, which owns it from here on. Its lines are born unknown (what its caches hold is anyone's
 * guess). NO_SLOT: limits.pools. ALIGNMENT: not to granules. ARGUMENT: it wraps, or some of it is in a pool or import already. */
BATON_MUST_CHECK enum baton_status baton_add_pool(struct baton *instance, const struct baton_pool_config *config,
                                                  baton_pool *pool);

/* How the CPU sees a buffer, and so in which domain it acts. Named by address, so that an image links only what it uses: leave it NULL,
 * or take one of the macros. */
struct baton_policy;
extern const struct baton_policy baton_policy_write_combined, baton_policy_coherent;

/* The CPU maps it write-back and acts in CACHE; each device as its configuration says. */
#define BATON_POLICY_CACHED ((const struct baton_policy *)0)

/* The CPU maps it Normal non-cacheable and acts in MEMORY. No cacheable alias stays mapped (ARM ARM DDI 0406C, A3.5.7: mismatched
 * attributes lose coherency). */
#define BATON_POLICY_WRITE_COMBINED (&baton_policy_write_combined)

/* Every observer acts in CACHE: devices that do not snoop are bounced, or refused. Barriers only, no maintenance ever. */
#define BATON_POLICY_COHERENT (&baton_policy_coherent)

/* What keeps an access to the buffer from going past its holder. Named by address, so that an image links only what it
 * uses: leave it NULL, or take one of the macros. */
struct baton_enforcement;
extern const struct baton_enforcement baton_enforcement_none, baton_enforcement_mmu, baton_enforcement_automatic;

/* Every access is checked against all in flight; a conflict is refused. What a holder does with its pointer after the end
 * is not seen. */
#define BATON_ENFORCE_CHECKED ((const struct baton_enforcement *)0)

/* Streaming mappings only, as the DMA API has them: conflicting accesses are granted; the maintenance is the same. */
#define BATON_ENFORCE_NONE (&baton_enforcement_none)

/* Checked, and the CPU's mapping exists, page by page, only while a CPU access is open, with the rights of the open
 * accesses together: a stray access faults, and baton_fault() says whose buffer it is and who holds it. The buffer starts on a
 * page and is padded to pages. POLICY: the port has no protect(), or the pool's addresses do not allow it. */
#define BATON_ENFORCE_MMU (&baton_enforcement_mmu)

/* The CPU needs no calls: the first touch of a page faults and opens it for reading or writing (waiting, bounded, for a
 * device that holds it); the pages that were written are what a device's mapping finds dirty; mapping for a device closes
 * them. baton_automatic_pointer() gives the address; begin_cpu_access is refused (POLICY). Padded to pages. POLICY: the port has no
 * protect() or nothing can wait, or the buffer is write-combined, or of several pieces. */
#define BATON_ENFORCE_AUTOMATIC (&baton_enforcement_automatic)

struct baton_buffer_config {
    const char *name;                  /* static; in reports and in the trace */
    uint32_t size;                     /* bytes, as the user sees it; padded to the granule (or page) inside */
    const struct baton_policy *policy; /* NULL: cached */
    const struct baton_enforcement *enforcement; /* NULL: checked */
    uint32_t chunks; /* into at most so many discontiguous pieces of the pool (limits.chunks); 0, 1: one piece */
};

/* Takes a buffer from the pool. Nobody holds any of it; its content is undefined and its lines unknown.
 * NO_MEMORY: no hole, or not enough holes, of that size; NO_SLOT: limits.buffers, limits.chunks; POLICY: the port cannot
 * map it so. A policy but cached takes one of limits.accesses meanwhile (NO_SLOT). Task context. */
BATON_MUST_CHECK enum baton_status baton_create(struct baton *instance, baton_pool pool,
                                                const struct baton_buffer_config *config, baton_buffer *buffer);

/* A piece of memory, contiguous for the CPU and on the bus. */
struct baton_chunk {
    void *cpu;         /* the CPU's cacheable mapping */
    uint32_t physical; /* physical address of its first byte */
    uint32_t size;     /* bytes */
};

struct baton_import_config {
    const char *name; /* static */
    /* One piece ... */
    void *cpu;
    uint32_t physical;
    uint32_t size;
    const struct baton_policy *policy;           /* cached or coherent: an import is not remapped */
    const struct baton_enforcement *enforcement; /* checked or none */
    /* ... or several, in the buffer's order (then the three above are zero). Copied. */
    const struct baton_chunk *chunks;
    uint32_t chunk_count;
    /* An end that is not granule-aligned shares its line with a neighbour's bytes, which a refresh would throw away. false:
     * refused (ALIGNMENT). true: taken (one piece only); its newest bytes are in the cache when it is imported, its neighbours
     * are used through the cache only, and devices that do not snoop reach it through a bounce buffer. */
    bool ragged;
};

/* Makes a buffer of memory that the core did not allocate and that stays the caller's. While the buffer exists nobody
 * touches the memory but through it. Lines are born unknown; ragged and coherent ones dirty. ALIGNMENT: see ragged; ARGUMENT: some pool or
 * import, or another piece, has some of the memory; POLICY: write-combined, or an enforcement that changes mappings; NO_SLOT. */
BATON_MUST_CHECK enum baton_status baton_import(struct baton *instance, const struct baton_import_config *config,
                                                baton_buffer *buffer);

/* Ends a buffer, clears *buffer and gives its memory back to the pool or the importer of it. Dirty lines are
 * published first, so that no late eviction hits the memory's next user; an import is left equal in cache and memory.
 * ATTACHED, HELD: somebody still uses it, or a ready function of it runs. Task context. */
BATON_MUST_CHECK enum baton_status baton_destroy(struct baton *instance, baton_buffer *buffer);

/* The piece that holds the byte at offset: what of the buffer one CPU access, or one segment, can cover. RANGE: beyond. */
BATON_MUST_CHECK enum baton_status baton_chunk_at(struct baton *instance, baton_buffer buffer, uint32_t offset,
                                                  struct baton_range *piece);

/* Changes the policy of a buffer that nobody holds, content unchanged, with the maintenance and remapping that it takes. Waits for
 * nobody: HELD. POLICY: an import; to write-combined a buffer that has no pages of its own, since it was made neither
 * write-combined nor with enforcement by the MMU; or an attachment that the new policy does not allow. NO_SLOT: it takes one of
 * limits.accesses meanwhile. Task context. */
BATON_MUST_CHECK enum baton_status baton_set_policy(struct baton *instance, baton_buffer buffer,
                                                    const struct baton_policy *policy);

/* Where the CPU finds the first byte of a buffer with automatic enforcement. POLICY: another enforcement. */
BATON_MUST_CHECK enum baton_status baton_automatic_pointer(struct baton *instance, baton_buffer buffer, void **pointer);

/* A CPU's data access has faulted; the port's exception handler asks what it was. Called in the context of the faulting
 * code (not in an exception mode), pc being the faulting instruction.
 * BATON_OK: an automatic buffer's page, open now: repeat the instruction. It may have waited, at most `timeout` microseconds,
 * for the device that held the page.
 * Or of a guarded buffer that is open, and was being changed by another CPU.
 * RANGE: the address is in no buffer of this instance that it guards. CONTEXT: an automatic buffer touched where nothing may
 * wait, whether it would have to or not; a timeout of 0 only tries, in any context. TIMEOUT: and the holder is told. BUSY: a stray
 * access; for all but RANGE the port's misuse has been told buffer, byte, holder and pc. ARGUMENT: more than half the clock. */
BATON_MUST_CHECK enum baton_status baton_fault(struct baton *instance, uintptr_t address, bool write, uintptr_t pc,
                                               uint32_t timeout);

#endif
