/* SPDX-License-Identifier: MIT */
/*
 * The property interface. Called by the framebuffer driver and by boards; touches the mailboxes' registers and the buffer.
 *
 * Barriers: before the first access to the peripheral and behind the last (BCM2835 ARM Peripherals, 1.3).
 */
#include "drivers/bcm2835_mailbox.h"

#include "boot/registers/barrier.h"
#include "boot/registers/mmio.h"

#include <stddef.h>

#define MAIL0_READ 0x00u /* from the firmware */
#define MAIL0_STATUS 0x18u
#define MAIL1_WRITE 0x20u /* to the firmware */
#define MAIL1_STATUS 0x38u
#define STATUS_FULL (1u << 31)
#define STATUS_EMPTY (1u << 30)

#define CHANNEL_PROPERTIES 8u
#define CHANNEL_MASK 0xfu

#define REQUEST 0u
#define RESPONSE 0x80000000u
#define ANSWERED (1u << 31) /* of a tag's length */
#define HEADER 2u           /* words: the buffer's size and code */
#define TAG_HEADER 3u       /* words: tag, room for values, length of the answer; bytes */

const char *bcm2835_mailbox_status_text(enum bcm2835_mailbox_status status)
{
    switch (status) {
    case BCM2835_MAILBOX_OK:
        return "success";
    case BCM2835_MAILBOX_ERROR_ARGUMENT:
        return "nothing to ask, or too much for the buffer";
    case BCM2835_MAILBOX_ERROR_TIMEOUT:
        return "the firmware did not answer in time";
    case BCM2835_MAILBOX_ERROR_REFUSED:
        return "the firmware could not read the request";
    case BCM2835_MAILBOX_ERROR_TAG:
        return "the firmware does not know a tag";
    }
    return "unknown status";
}

static uint32_t get(const struct bcm2835_mailbox *mailbox, uint32_t reg)
{
    return mmio_read32(mailbox->config->base + reg);
}

static bool time_is_up(const struct bcm2835_mailbox *mailbox, uint64_t start)
{
    const struct bcm2835_mailbox_config *config = mailbox->config;

    dmb(); /* the clock may be another peripheral */
    const uint64_t now = config->microseconds(config->context);
    dmb();
    return now - start > config->timeout;
}

static uint32_t message(const struct bcm2835_mailbox *mailbox)
{
    return mailbox->config->words_bus.value | CHANNEL_PROPERTIES;
}

/* Reads what has come, until it is our buffer or the time is up. What else comes has no reader. */
static bool receive(const struct bcm2835_mailbox *mailbox, uint64_t start)
{
    for (;;) {
        if ((get(mailbox, MAIL0_STATUS) & STATUS_EMPTY) == 0 && get(mailbox, MAIL0_READ) == message(mailbox)) {
            return true;
        }
        if (time_is_up(mailbox, start)) {
            return false;
        }
    }
}

static bool send(const struct bcm2835_mailbox *mailbox, uint64_t start)
{
    while ((get(mailbox, MAIL1_STATUS) & STATUS_FULL) != 0) {
        if (time_is_up(mailbox, start)) {
            return false;
        }
    }
    mmio_write32(mailbox->config->base + MAIL1_WRITE, message(mailbox));
    return true;
}

/* Lays the request out. False: it does not fit. */
static bool fill_in(volatile uint32_t *words, const struct bcm2835_property *properties, uint32_t count)
{
    uint32_t at = HEADER;

    for (uint32_t i = 0; i < count; i++) {
        if (properties[i].count > BCM2835_MAILBOX_WORDS ||
            at + TAG_HEADER + properties[i].count >= BCM2835_MAILBOX_WORDS) {
            return false;
        }
        words[at] = properties[i].tag;
        words[at + 1] = properties[i].count * sizeof(uint32_t);
        words[at + 2] = REQUEST;
        at += TAG_HEADER;
        for (uint32_t j = 0; j < properties[i].count; j++) {
            words[at++] = properties[i].values[j];
        }
    }
    words[at++] = 0; /* no more tags */
    words[0] = at * sizeof(uint32_t);
    words[1] = REQUEST;
    return true;
}

/* Whether each tag was answered, as far as it has to be; then the values. */
static enum bcm2835_mailbox_status take_answer(const volatile uint32_t *words, struct bcm2835_property *properties,
                                               uint32_t count)
{
    uint32_t at = HEADER;

    if (words[1] != RESPONSE) {
        return BCM2835_MAILBOX_ERROR_REFUSED;
    }
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t length = words[at + 2];

        /* The firmware may have more to say than there is room. */
        properties[i].answered =
            (length & ANSWERED) != 0 && (length & ~ANSWERED) >= properties[i].count * sizeof(uint32_t);
        if (!properties[i].answered && !properties[i].optional) {
            return BCM2835_MAILBOX_ERROR_TAG;
        }
        at += TAG_HEADER + properties[i].count;
    }
    at = HEADER;
    for (uint32_t i = 0; i < count; i++) {
        at += TAG_HEADER;
        for (uint32_t j = 0; j < properties[i].count; j++, at++) {
            properties[i].values[j] = words[at];
        }
    }
    return BCM2835_MAILBOX_OK;
}

enum bcm2835_mailbox_status bcm2835_mailbox_call(struct bcm2835_mailbox *mailbox, struct bcm2835_property *properties,
                                                 uint32_t count)
{
    const struct bcm2835_mailbox_config *config = mailbox->config;
    const uint64_t start = config->microseconds(config->context);

    if (properties == NULL || count == 0) {
        return BCM2835_MAILBOX_ERROR_ARGUMENT;
    }
    dmb();
    /* The buffer is the firmware's until the answer of before has come: it would be taken for this one's. */
    if (mailbox->late && !receive(mailbox, start)) {
        dmb();
        return BCM2835_MAILBOX_ERROR_TIMEOUT;
    }
    mailbox->late = false;
    if (!fill_in(config->words, properties, count)) {
        return BCM2835_MAILBOX_ERROR_ARGUMENT;
    }
    dsb(); /* the buffer is in memory */
    const bool sent = send(mailbox, start);
    const bool received = sent && receive(mailbox, start);
    dmb(); /* the message was read; then what the firmware wrote before it */
    if (!received) {
        mailbox->late = sent;
        return BCM2835_MAILBOX_ERROR_TIMEOUT;
    }
    return take_answer(config->words, properties, count);
}
