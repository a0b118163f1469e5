/* SPDX-License-Identifier: MIT */
/*
 * Linked lists of the PL080 (ARM DDI 0196, chapter 3): entries, and a builder for copies, 2-D blits and fills. Shared by every
 * driver with that format, by applications that build lists, and by host tests: pure C, no register.
 *
 * A list is built in memory that the caller holds by a CPU access, from what the core has mapped: a struct baton_source and a
 * struct baton_destination. An entry never describes a byte outside of them, whatever the arguments. The list needs to know
 * where the controller will find it: the bus address of the same memory, as a mapping of it says (unmapped again
 * before the CPU access; an attachment's addresses stay the same).
 *
 *     pl080_list_begin(&list, &access, address);
 *     pl080_list_blit(&list, &blit);            any number of copies, blits and fills
 *     pl080_list_end(&list);                    then end the CPU access, map the list to the controller, dma_start()
 *
 * A call that fails has changed nothing. Nothing here waits, allocates or keeps a reference.
 */
#ifndef BATON_DRIVERS_PL080_LIST_H
#define BATON_DRIVERS_PL080_LIST_H

#include "core/baton.h"
#include "drivers/interface/dma_list.h"

/* One entry, as the controller reads it: little-endian words. */
struct pl080_entry {
    uint32_t source;      /* bus address */
    uint32_t destination; /* bus address */
    uint32_t next;        /* bus address of the next entry; 0: this is the last */
    uint32_t control;
};
_Static_assert(sizeof(struct pl080_entry) == 16, "an entry is four words");

/* LLI: bit 0 (LM) selects the bus master that fetches the entry, bit 1 is reserved. Entries are at multiples of 4. */
#define PL080_NEXT_MASTER2 1u
#define PL080_NEXT_RESERVED 3u /* for who has one bus master: both */

/* DMACCxControl (DDI 0196, chapter 3). Sizes in transfers of the source's width. */
#define PL080_TRANSFERS_MAX 4095u
#define PL080_CONTROL_TRANSFERS(n) (0xfffu & (uint32_t)(n))
#define PL080_CONTROL_SBSIZE(code) ((uint32_t)(code) << 12)
#define PL080_CONTROL_DBSIZE(code) ((uint32_t)(code) << 15)
#define PL080_CONTROL_SWIDTH(width) ((uint32_t)(width) << 18)
#define PL080_CONTROL_DWIDTH(width) ((uint32_t)(width) << 21)
#define PL080_CONTROL_S_MASTER2 (1u << 24) /* the source is at bus master 2 */
#define PL080_CONTROL_D_MASTER2 (1u << 25) /* the destination is */
#define PL080_CONTROL_SI (1u << 26)        /* source address is incremented */
#define PL080_CONTROL_DI (1u << 27)        /* destination address is incremented */
#define PL080_CONTROL_PROT_PRIVILEGED (1u << 28)
#define PL080_CONTROL_PROT_BUFFERABLE (1u << 29)
#define PL080_CONTROL_PROT_CACHEABLE (1u << 30)
#define PL080_CONTROL_I (1u << 31) /* terminal-count interrupt after this entry */
#define PL080_TRANSFERS(control) (0xfffu & (control))
#define PL080_SBSIZE(control) ((control) >> 12 & 7u)
#define PL080_SWIDTH(control) ((control) >> 18 & 7u)
#define PL080_DWIDTH(control) ((control) >> 21 & 7u)

/* Burst-size codes of SBSize and DBSize: transfers that a peripheral's burst request asks for; between memories, the most
 * between two arbitrations. */
enum pl080_burst {
    PL080_BURST_1 = 0,
    PL080_BURST_4 = 1,
    PL080_BURST_8 = 2,
    PL080_BURST_16 = 3,
    PL080_BURST_32 = 4,
    PL080_BURST_64 = 5,
    PL080_BURST_128 = 6,
    PL080_BURST_256 = 7,
};

/* Width codes of SWidth and DWidth are enum dma_width: log2 of the bytes. 3 and up are reserved. */

struct pl080_list {
    struct pl080_entry *entries; /* the CPU's view */
    uint32_t address;            /* the controller's view of the first */
    uint32_t capacity;           /* entries */
    uint32_t count;              /* entries so far: the controller needs the first count * 16 bytes */
    uint32_t control;            /* bus, bursts and protection of entries to come */
    uint32_t next_master;        /* LM of entries to come */
    bool ended;
};

/* An empty list in memory that is held for writing (count * 16 bytes of it are written by the time of pl080_list_end()).
 * ARGUMENT: too small for one entry, or an address that is not 4-aligned, or 0, which would end a list, or whose end wraps. */
BATON_MUST_CHECK enum dma_list_status pl080_list_begin(struct pl080_list *list, const struct baton_cpu_access *memory,
                                                       baton_bus_address address);

/* How entries appended from now on use the bus. pl080_list_begin() has set: bus master 1 for all, the longest bursts, bufferable. */
struct pl080_bus {
    bool source_master2, destination_master2, list_master2; /* of a PL080, whose two masters may see different slaves */
    enum pl080_burst source_burst, destination_burst;
    uint32_t protection; /* PL080_CONTROL_PROT_ bits */
};

/* ARGUMENT: a burst that is none, or another bit of the control word. */
BATON_MUST_CHECK enum dma_list_status pl080_list_bus(struct pl080_list *list, const struct pl080_bus *bus);

/* length bytes from source_offset to destination_offset. */
BATON_MUST_CHECK enum dma_list_status pl080_list_copy(struct pl080_list *list, const struct baton_source *source,
                                                      uint32_t source_offset,
                                                      const struct baton_destination *destination,
                                                      uint32_t destination_offset, uint32_t length,
                                                      enum dma_width width);

/* Rows that touch on both sides are merged into one run. */
BATON_MUST_CHECK enum dma_list_status pl080_list_blit(struct pl080_list *list, const struct dma_blit *blit);

/* The same, but every transfer reads the one element at source_offset: width is its size, not WIDEST, and source_stride is not
 * looked at. */
BATON_MUST_CHECK enum dma_list_status pl080_list_fill(struct pl080_list *list, const struct dma_blit *fill);

/* The same as a format of drivers/interface/dma_list.h. */
extern const struct dma_list_format pl080_list_format;

/* Makes the last entry the last: no next one, terminal-count interrupt. ARGUMENT: there is none. */
BATON_MUST_CHECK enum dma_list_status pl080_list_end(struct pl080_list *list);

#endif
