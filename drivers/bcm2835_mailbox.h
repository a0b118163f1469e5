/* SPDX-License-Identifier: MIT */
/*
 * The Raspberry Pi's mailbox to its firmware: the property interface, channel 8 (the firmware's documentation: "Mailbox property
 * interface", "Accessing mailboxes"). The ARM hands over a buffer of tags, the firmware answers in place.
 *
 * Task context, one call at a time; each waits, bounded.
 */
#ifndef BATON_DRIVERS_BCM2835_MAILBOX_H
#define BATON_DRIVERS_BCM2835_MAILBOX_H

#include "core/baton.h"

#define BCM2835_MAILBOX_WORDS 64u /* of the buffer */

#define BCM2835_TAG_DMA_CHANNELS 0x00060001u
#define BCM2835_TAG_ALLOCATE_BUFFER 0x00040001u
#define BCM2835_TAG_PITCH 0x00040008u
#define BCM2835_TAG_SET_PHYSICAL_SIZE 0x00048003u
#define BCM2835_TAG_SET_VIRTUAL_SIZE 0x00048004u
#define BCM2835_TAG_SET_DEPTH 0x00048005u
#define BCM2835_TAG_SET_PIXEL_ORDER 0x00048006u
#define BCM2835_TAG_SET_VIRTUAL_OFFSET 0x00048009u
#define BCM2835_TAG_WAIT_FOR_VSYNC 0x0004800eu

enum bcm2835_mailbox_status {
    BCM2835_MAILBOX_OK = 0,
    BCM2835_MAILBOX_ERROR_ARGUMENT, /* nothing to ask, or more than the buffer holds */
    BCM2835_MAILBOX_ERROR_TIMEOUT,  /* no answer; one that comes too late is thrown away by the next call */
    BCM2835_MAILBOX_ERROR_REFUSED,  /* the firmware could not read the request */
    BCM2835_MAILBOX_ERROR_TAG,      /* a tag that is not optional was not answered, or with less than was asked for */
};

const char *bcm2835_mailbox_status_text(enum bcm2835_mailbox_status status);

struct bcm2835_property {
    uint32_t tag;
    uint32_t *values; /* sent, and replaced by the answer */
    uint32_t count;   /* words, in either direction */
    bool optional;    /* the firmware need not know it */
    bool answered;    /* set by the call */
};

struct bcm2835_mailbox_config {
    uintptr_t base; /* mailbox 0's first register */
    /* BCM2835_MAILBOX_WORDS of non-cacheable memory, 16-aligned, and the same as the firmware sees it. */
    volatile uint32_t *words;
    baton_bus_address words_bus;
    uint64_t (*microseconds)(void *context);
    uint32_t timeout; /* microseconds */
    void *context;
};

struct bcm2835_mailbox {
    const struct bcm2835_mailbox_config *config;
    bool late; /* an answer that nobody waits for is still to come, and the buffer may change */
};

/* One request of all the properties, in order. Unless it is OK no value has changed. */
BATON_MUST_CHECK enum bcm2835_mailbox_status bcm2835_mailbox_call(struct bcm2835_mailbox *mailbox,
                                                                  struct bcm2835_property *properties, uint32_t count);

#endif
