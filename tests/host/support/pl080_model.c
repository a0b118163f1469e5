/* SPDX-License-Identifier: MIT */
/*
 * The PL080's registers and channels. Numbers stand here as they do in the manual: the driver's names for them are what is tested.
 */
#include "tests/host/support/pl080_model.h"

#include <stddef.h>
#include <string.h>

#define CHANNEL_E 0x1u
#define CHANNEL_A 0x20000u
#define CHANNEL_H 0x40000u

static void violation(struct pl080_model *model, const char *what)
{
    if (model->violation == NULL) {
        model->violation = what;
    }
}

void pl080_model_reset(struct pl080_model *model, bool pl081)
{
    static const uint8_t pl080_id[8] = {0x80, 0x10, 0x14, 0x0a, 0x0d, 0xf0, 0x05, 0xb1};

    memset(model, 0, sizeof(*model));
    memcpy(model->id, pl080_id, sizeof(pl080_id));
    model->channels = pl081 ? 2 : 8;
    model->two_masters = !pl081;
    if (pl081) {
        model->id[0] = 0x81;
        model->id[3] = 0x00;
    }
}

static unsigned flow_of(const struct pl080_model_channel *channel)
{
    return channel->configuration >> 11 & 7;
}

static bool source_is_peripheral(unsigned flow)
{
    return flow == 2 || flow == 3 || flow == 4 || flow == 6 || flow == 7;
}

static bool destination_is_peripheral(unsigned flow)
{
    return flow == 1 || flow == 3 || flow == 4 || flow == 5 || flow == 7;
}

/* The side whose peripheral says how long it is: 0 none, 1 source, 2 destination. */
static unsigned controller_of(unsigned flow)
{
    static const unsigned side[8] = {0, 0, 0, 0, 2, 2, 1, 1};

    return side[flow];
}

static unsigned width(uint32_t control, unsigned shift)
{
    return 1u << (control >> shift & 7);
}

/* What loading or enabling an entry sets. */
static void begin_entry(struct pl080_model *model, struct pl080_model_channel *channel)
{
    uint32_t transfers = channel->control & 0xfff;
    unsigned flow = flow_of(channel);

    if ((channel->control >> 18 & 7) > 2 || (channel->control >> 21 & 7) > 2) {
        violation(model, "a reserved width");
    }
    if ((transfers != 0) != (controller_of(flow) == 0)) {
        violation(model, "a transfer size that does not go with the flow control");
    }
    if (!model->two_masters && ((channel->control & 0x3000000) != 0 || (channel->next & 1) != 0)) {
        violation(model, "a second master");
    }
    if ((channel->next & 2) != 0) {
        violation(model, "a reserved bit of LLI");
    }
    if (channel->source % width(channel->control, 18) != 0 || channel->destination % width(channel->control, 21) != 0) {
        violation(model, "a misaligned address");
    }
    channel->left = transfers;
    channel->unwritten = transfers * width(channel->control, 18);
    channel->last = false;
    channel->source_credit = 0;
    channel->destination_credit = 0;
}

static void disable(struct pl080_model *model, struct pl080_model_channel *channel)
{
    channel->held = 0;
    channel->fresh = 0;
    if (!model->stuck) {
        channel->configuration &= ~CHANNEL_E;
    }
}

static void fail(struct pl080_model *model, struct pl080_model_channel *channel)
{
    model->errors |= 1u << (channel - model->channel);
    disable(model, channel);
}

/* false: the bus says ERROR. */
static bool bus(struct pl080_model *model, uint32_t address, uint8_t *bytes, unsigned count, bool write, bool master2)
{
    model->transfers++;
    model->by_master[master2]++;
    if (address - PL080_MODEL_PERIPHERAL < 4) {
        if (write) {
            memcpy(&model->peripheral, bytes, count);
        } else {
            model->peripheral++;
            memcpy(bytes, &model->peripheral, count);
        }
        return true;
    }
    if (address < PL080_MODEL_MEMORY || address - PL080_MODEL_MEMORY > PL080_MODEL_BYTES - count) {
        return false;
    }
    uint8_t *place = &model->memory[address - PL080_MODEL_MEMORY];
    memcpy(write ? place : bytes, write ? bytes : place, count);
    return true;
}

static void end_entry(struct pl080_model *model, struct pl080_model_channel *channel)
{
    uint32_t words[4];

    if ((channel->control >> 31) != 0) {
        model->terminal_counts |= 1u << (channel - model->channel);
    }
    if ((channel->next & ~3u) == 0) {
        disable(model, channel);
        return;
    }
    model->lists_by_master[channel->next & 1]++;
    if (!bus(model, channel->next & ~3u, (uint8_t *)words, 16, false, (channel->next & 1) != 0)) {
        fail(model, channel);
        return;
    }
    channel->source = words[0];
    channel->destination = words[1];
    channel->next = words[2];
    channel->control = words[3];
    begin_entry(model, channel);
}

/* Whether a line asks for another transfer of a side; takes the request when its transfers begin. */
static bool asked(struct pl080_model *model, struct pl080_model_channel *channel, unsigned line, uint32_t *credit,
                  unsigned burst_code, bool controls)
{
    static const unsigned bursts[8] = {1, 4, 8, 16, 32, 64, 128, 256};
    const uint32_t bit = 1u << line;
    bool burst = ((model->software[0] | model->software[2] | model->burst_requests) & bit) != 0;
    bool single = ((model->software[1] | model->software[3] | model->single_requests) & bit) != 0;
    bool last = ((model->software[2] | model->software[3] | model->last_requests) & bit) != 0;

    if (*credit != 0) {
        return true;
    }
    if ((!burst && !single) || (controls && channel->last)) {
        return false;
    }
    *credit = burst ? bursts[burst_code] : 1;
    channel->last = channel->last || (controls && last);
    for (unsigned i = 0; i < 4; i++) {
        model->software[i] &= ~bit;
    }
    /* The line is acknowledged, and falls. */
    model->burst_requests &= (uint16_t)~bit;
    model->single_requests &= (uint16_t)~bit;
    model->last_requests &= (uint16_t)~bit;
    return true;
}

static bool drain(struct pl080_model *model, struct pl080_model_channel *channel)
{
    const unsigned flow = flow_of(channel);
    const unsigned unit = width(channel->control, 21);

    if (channel->held < unit || model->not_drained) {
        return false;
    }
    if (destination_is_peripheral(flow) &&
        !asked(model, channel, channel->configuration >> 6 & 15, &channel->destination_credit,
               channel->control >> 15 & 7, controller_of(flow) == 2)) {
        return false;
    }
    if (!bus(model, channel->destination, channel->fifo, unit, true, (channel->control >> 25 & 1) != 0)) {
        fail(model, channel);
        return true;
    }
    memmove(channel->fifo, channel->fifo + unit, sizeof(channel->fifo) - unit);
    channel->held -= unit;
    channel->destination += (channel->control >> 27 & 1) != 0 ? unit : 0;
    channel->destination_credit -= channel->destination_credit != 0;
    channel->unwritten -= controller_of(flow) == 0 ? unit : 0;
    bool over = controller_of(flow) == 0   ? channel->unwritten == 0
                : controller_of(flow) == 1 ? channel->last && channel->source_credit == 0 && channel->held == 0
                                           : channel->last && channel->destination_credit == 0;
    if (controller_of(flow) == 0) {
        channel->control = (channel->control & ~0xfffu) | channel->unwritten / width(channel->control, 18);
    }
    if (over) {
        channel->held = 0;
        end_entry(model, channel);
    }
    return true;
}

static bool fetch(struct pl080_model *model, struct pl080_model_channel *channel)
{
    const unsigned flow = flow_of(channel);
    const unsigned unit = width(channel->control, 18);

    if ((channel->configuration & CHANNEL_H) != 0 || channel->held + unit > sizeof(channel->fifo) ||
        (controller_of(flow) == 0 && channel->left == 0)) {
        return false;
    }
    if (source_is_peripheral(flow) && !asked(model, channel, channel->configuration >> 1 & 15, &channel->source_credit,
                                             channel->control >> 12 & 7, controller_of(flow) == 1)) {
        return false;
    }
    if (!bus(model, channel->source, channel->fifo + channel->held, unit, false, (channel->control >> 24 & 1) != 0)) {
        fail(model, channel);
        return true;
    }
    channel->held += unit;
    channel->source += (channel->control >> 26 & 1) != 0 ? unit : 0;
    channel->source_credit -= channel->source_credit != 0;
    channel->left -= controller_of(flow) == 0;
    return true;
}

bool pl080_model_step(struct pl080_model *model)
{
    for (unsigned i = 0; (model->configuration & 1) != 0 && i < model->channels; i++) {
        struct pl080_model_channel *channel = &model->channel[i];
        /* As much into the FIFO as it takes before anything leaves it. */
        if ((channel->configuration & CHANNEL_E) != 0 && (fetch(model, channel) || drain(model, channel))) {
            return true;
        }
    }
    return false;
}

static uint32_t with(const struct pl080_model *model, uint32_t bit)
{
    uint32_t channels = 0;

    for (unsigned i = 0; i < model->channels; i++) {
        channels |= (uint32_t)((model->channel[i].configuration & bit) != 0) << i;
    }
    return channels;
}

static uint32_t unmasked_counts(const struct pl080_model *model)
{
    return model->terminal_counts & with(model, 0x8000);
}

static uint32_t unmasked_errors(const struct pl080_model *model)
{
    return model->errors & with(model, 0x4000);
}

bool pl080_model_line(const struct pl080_model *model)
{
    return (unmasked_counts(model) | unmasked_errors(model)) != 0;
}

uint32_t pl080_model_read(struct pl080_model *model, uint32_t offset, unsigned bytes)
{
    if (bytes != 4 || offset % 4 != 0) {
        violation(model, "a read that is no word");
    }
    if (offset >= 0xfe0 && offset < 0x1000) {
        return 0xabcdef00u | model->id[(offset - 0xfe0) / 4]; /* the upper bits are undefined */
    }
    if (offset >= 0x100 && offset < 0x100 + 0x20 * model->channels && offset % 0x20 <= 0x10) {
        const struct pl080_model_channel *channel = &model->channel[(offset - 0x100) / 0x20];
        const uint32_t words[5] = {channel->source, channel->destination, channel->next, channel->control,
                                   channel->configuration | (channel->held != 0 ? CHANNEL_A : 0)};
        return words[offset % 0x20 / 4];
    }
    switch (offset) {
    case 0x00:
        return unmasked_counts(model) | unmasked_errors(model);
    case 0x04:
        return unmasked_counts(model);
    case 0x0c:
        return unmasked_errors(model);
    case 0x14:
        return model->terminal_counts;
    case 0x18:
        return model->errors;
    case 0x1c:
        return with(model, CHANNEL_E);
    case 0x20:
    case 0x24:
    case 0x28:
    case 0x2c:
        return model->software[(offset - 0x20) / 4];
    case 0x30:
        return model->configuration;
    case 0x34:
        return model->synchronized;
    default:
        violation(model, "a read of no register");
        return 0;
    }
}

/* A write of a channel's configuration. */
static void configure(struct pl080_model *model, struct pl080_model_channel *channel, uint32_t value)
{
    const uint32_t bit = 1u << (channel - model->channel);
    const bool was = (channel->configuration & CHANNEL_E) != 0;

    if ((value & ~0x7fbdfu & ~CHANNEL_A) != 0) {
        violation(model, "a reserved bit of DMACCxConfiguration");
    }
    if ((value & CHANNEL_E) == 0) {
        model->lost += was && channel->held != 0 ? channel->held : 0;
        channel->configuration = (value & ~CHANNEL_A) | (model->stuck && was ? CHANNEL_E : 0);
        if (was) {
            disable(model, channel);
        }
        return;
    }
    channel->configuration = value & ~CHANNEL_A;
    if (was) {
        if (channel->fresh == 0 && (value & CHANNEL_H) == 0) {
            violation(model, "a channel resumed whose list has ended");
        }
        return;
    }
    if (channel->fresh == 0 && (value & CHANNEL_H) != 0 && ((model->terminal_counts | model->errors) & bit) != 0) {
        model->rearmed++;
        channel->left = 0;
        return;
    }
    if (channel->fresh != 15) {
        violation(model, "a channel enabled that was not set up anew");
    }
    if ((model->configuration & 1) == 0) {
        violation(model, "a channel enabled before the controller");
    }
    if (((model->terminal_counts | model->errors) & bit) != 0) {
        violation(model, "a channel enabled with an interrupt of the last time");
    }
    if (model->unpublished) {
        violation(model, "a channel enabled before memory was complete");
    }
    begin_entry(model, channel);
}

static void write_channel(struct pl080_model *model, struct pl080_model_channel *channel, unsigned field,
                          uint32_t value)
{
    uint32_t *words[4] = {&channel->source, &channel->destination, &channel->next, &channel->control};

    if (field == 4) {
        configure(model, channel, value);
        return;
    }
    if ((channel->configuration & CHANNEL_E) != 0) {
        violation(model, "an enabled channel written");
    }
    *words[field] = value;
    channel->fresh |= 1u << field;
}

void pl080_model_write(struct pl080_model *model, uint32_t offset, uint32_t value, unsigned bytes)
{
    model->writes++;
    if (bytes != 4 || offset % 4 != 0) {
        violation(model, "a write that is no word");
    }
    if (offset >= 0x100 && offset < 0x100 + 0x20 * model->channels && offset % 0x20 <= 0x10) {
        write_channel(model, &model->channel[(offset - 0x100) / 0x20], offset % 0x20 / 4, value);
        return;
    }
    switch (offset) {
    case 0x08:
        model->terminal_counts &= ~value;
        return;
    case 0x10:
        model->errors &= ~value;
        return;
    case 0x20:
    case 0x24:
    case 0x28:
    case 0x2c:
        model->software[(offset - 0x20) / 4] |= value & 0xffff;
        return;
    case 0x30:
        if ((value & ~(model->two_masters ? 7u : 3u)) != 0) {
            violation(model, "a reserved bit of DMACConfiguration");
        }
        if ((value & 1) == 0 && with(model, CHANNEL_E) != 0) {
            violation(model, "the controller disabled before its channels");
        }
        model->configuration = model->dead ? 0 : value;
        return;
    case 0x34:
        model->synchronized = value;
        return;
    default:
        violation(model, "a write of no register");
    }
}
