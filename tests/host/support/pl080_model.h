/* SPDX-License-Identifier: MIT */
/*
 * A PL080 or PL081 at its registers, written from ARM DDI 0196 and DDI 0218 for tests of a driver: it moves bytes of an array, a bus
 * transfer at a time, through a FIFO of four words, between the register accesses as the test lets it. What the manuals forbid a
 * driver to do is noted, not forgiven.
 */
#ifndef BATON_TESTS_HOST_SUPPORT_PL080_MODEL_H
#define BATON_TESTS_HOST_SUPPORT_PL080_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#define PL080_MODEL_MEMORY 0x20000000u /* bus address of the array */
#define PL080_MODEL_BYTES 0x8000u
#define PL080_MODEL_PERIPHERAL 0x10000000u /* a word that each read counts up and each write goes to */

struct pl080_model_channel {
    uint32_t source, destination, next, control, configuration;
    uint32_t fresh;     /* which of source, destination, next, control were written since it ended: 15 for all */
    uint32_t left;      /* transfers of this entry that are still to be fetched */
    uint32_t unwritten; /* bytes of this entry that the destination has not got */
    uint32_t source_credit, destination_credit; /* transfers that requests have asked for */
    bool last;                                  /* the peripheral has said that it is over */
    uint8_t fifo[16];
    uint32_t held; /* bytes in it */
};

struct pl080_model {
    /* Set by the test. */
    uint8_t id[8];
    unsigned channels;
    bool two_masters;
    bool not_drained;                         /* the destination takes nothing */
    bool stuck;                               /* E stays set */
    bool dead;                                /* DMAC_CONFIGURATION stays 0 */
    uint16_t burst_requests, single_requests; /* lines, up until they are acknowledged */
    uint16_t last_requests;                   /* with one of the two: it is the last */
    _Alignas(16) uint8_t memory[PL080_MODEL_BYTES];

    /* Registers. */
    uint32_t terminal_counts, errors, configuration, synchronized, software[4];
    struct pl080_model_channel channel[8];

    /* For the test to look at. */
    const char *violation; /* the first thing that the manuals forbid, or NULL */
    unsigned rearmed;      /* writes that enabled a channel whose list had ended, halted */
    unsigned lost;         /* bytes in a FIFO when it was disabled by its user */
    unsigned writes;       /* of registers */
    unsigned transfers;    /* on the bus */
    unsigned by_master[2], lists_by_master[2];
    uint32_t peripheral; /* the word */
    bool unpublished;    /* set by the test when it changes memory; a DSB ends it */
};

/* A PL080 or a PL081 as it comes out of reset. */
void pl080_model_reset(struct pl080_model *model, bool pl081);

uint32_t pl080_model_read(struct pl080_model *model, uint32_t offset, unsigned bytes);
void pl080_model_write(struct pl080_model *model, uint32_t offset, uint32_t value, unsigned bytes);

/* One bus transfer of the first channel that can. false: none can. */
bool pl080_model_step(struct pl080_model *model);

/* The combined interrupt line. */
bool pl080_model_line(const struct pl080_model *model);

#endif
