/* SPDX-License-Identifier: MIT */
/*
 * Tests of drivers/pl080.c against the model: its memory, lists in it, interrupts between any two register accesses, and what is asked of
 * every test at its end. A test file has one copy of everything here.
 */
#ifndef BATON_TESTS_HOST_SUPPORT_PL080_FIXTURE_H
#define BATON_TESTS_HOST_SUPPORT_PL080_FIXTURE_H

#include "tests/host/support/pl080_model.h"

#include "boot/registers/barrier.h"
#include "boot/registers/mmio.h"
#include "drivers/pl080.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define BASE 0x70000000u /* of the registers */
#define LIST 0x0000u     /* offsets in the model's memory */
#define SOURCE 0x2000u
#define DESTINATION 0x4000u
#define AREA 0x2000u
#define ON_BUS(offset) (PL080_MODEL_MEMORY + (offset))
#define TIMEOUT 1000u
#define NEVER 0xffffffffu

static struct pl080_model model;
static struct pl080 pl080;
static struct pl080_config config;

/* Before each register access the model makes so many steps; before the one numbered event, counted from the last arm(), all. */
static unsigned pace, accesses, event;
static bool interrupts; /* delivered whenever the line is up and they are not masked */
static unsigned masked, handled;
static bool in_handler;
static uint64_t clock_now;
static bool blind;              /* the CPU cannot read lists */
static void (*elsewhere)(void); /* what another CPU does right before the next lock is taken */
static unsigned jump;           /* at this look at the clock, from 1, the model has gone on for a long time */
static bool unordered;          /* a register was read, and no barrier was behind it */

/* Writes, in order; a DSB is noted as one to 0xffffffff. */
static struct {
    uint32_t offset, value;
} written[64];
static unsigned written_count;

static struct {
    unsigned calls, channel;
    enum dma_status status;
} completed[8];

static inline void finish(void)
{
    while (pl080_model_step(&model)) {
    }
}

static inline void deliver(void)
{
    if (interrupts && masked == 0 && !in_handler && pl080_model_line(&model)) {
        in_handler = true;
        handled++;
        pl080_interrupt(&pl080);
        in_handler = false;
    }
}

static inline void arm(unsigned at)
{
    accesses = 0;
    event = at;
}

static inline void before_access(void)
{
    if (accesses++ == event) {
        finish();
    }
    for (unsigned i = 0; i < pace; i++) {
        (void)pl080_model_step(&model);
    }
    deliver();
}

uint32_t model_read(uintptr_t address, unsigned bytes)
{
    before_access();
    unordered = true;
    return pl080_model_read(&model, (uint32_t)address - BASE, bytes);
}

static inline void note(uint32_t offset, uint32_t value)
{
    if (written_count < sizeof(written) / sizeof(written[0])) {
        written[written_count].offset = offset;
        written[written_count].value = value;
        written_count++;
    }
}

void model_write(uintptr_t address, uint32_t value, unsigned bytes)
{
    before_access();
    note((uint32_t)address - BASE, value);
    pl080_model_write(&model, (uint32_t)address - BASE, value, bytes);
    deliver();
}

void model_barrier(enum model_barrier barrier)
{
    unordered = unordered && barrier != MODEL_DMB && barrier != MODEL_DSB;
    if (barrier == MODEL_DSB) {
        model.unpublished = false;
        note(NEVER, 0);
    }
}

static inline uint64_t microseconds(void *context)
{
    (void)context;
    for (unsigned i = 0; i < pace; i++) {
        (void)pl080_model_step(&model);
    }
    if (jump != 0 && --jump == 0) {
        finish();
        clock_now += 10 * TIMEOUT;
    }
    return clock_now++;
}

static inline uint32_t lock(void *context)
{
    void (*other)(void) = elsewhere;

    (void)context;
    elsewhere = NULL;
    if (other != NULL) {
        other();
    }
    return masked++;
}

static inline void unlock(void *context, uint32_t state)
{
    (void)context;
    masked = state;
    deliver();
}

static inline const void *cpu_view(void *context, baton_bus_address address, uint32_t length)
{
    (void)context;
    uint32_t offset = address.value - PL080_MODEL_MEMORY;

    return blind || offset > PL080_MODEL_BYTES || length > PL080_MODEL_BYTES - offset ? NULL : &model.memory[offset];
}

static inline void completion(void *context, unsigned channel, enum dma_status status)
{
    unsigned *calls = context;

    assert_false(unordered); /* what it reads is not older than the status */
    *calls += 1;
    completed[channel].calls++;
    completed[channel].channel = channel;
    completed[channel].status = status;
}

static unsigned calls; /* of all completions */

/* A part as it comes out of reset, and a driver with its configuration; not initialised. */
static inline void open_part(bool pl081)
{
    pl080_model_reset(&model, pl081);
    memset(&pl080, 0, sizeof(pl080));
    memset(completed, 0, sizeof(completed));
    config = (struct pl080_config){
        .base = BASE,
        .timeout = TIMEOUT,
        .microseconds = microseconds,
        .lock = lock,
        .unlock = unlock,
        .cpu_view = cpu_view,
    };
    pace = accesses = masked = handled = calls = written_count = jump = 0;
    event = NEVER;
    elsewhere = NULL;
    interrupts = in_handler = blind = unordered = false;
    clock_now = 0;
    for (uint32_t i = 0; i < AREA; i++) {
        model.memory[SOURCE + i] = (uint8_t)(i * 7 + (i >> 8) + 1);
    }
}

static inline void open_initialised(bool pl081)
{
    open_part(pl081);
    assert_int_equal(pl080_init(&pl080, &config), DMA_OK);
    written_count = 0;
    interrupts = true;
}

/* Nothing that the manuals forbid was done, and nothing is left over. */
static inline void check_quiet(void)
{
    if (model.violation != NULL) {
        fail_msg("the driver did what the manual forbids: %s", model.violation);
    }
    assert_int_equal(masked, 0);
    assert_false(pl080_model_line(&model));
    assert_int_equal(model.terminal_counts | model.errors, 0);
    for (unsigned i = 0; i < model.channels; i++) {
        assert_false(pl080.channels[i].running);
        assert_int_equal(model.channel[i].configuration & 1, 0);
    }
}

#define WORDS(transfers)                                                                                               \
    (PL080_CONTROL_TRANSFERS(transfers) | PL080_CONTROL_SWIDTH(DMA_WIDTH_32) | PL080_CONTROL_DWIDTH(DMA_WIDTH_32) |    \
     PL080_CONTROL_SI | PL080_CONTROL_DI)

static inline struct pl080_entry entry_of(uint32_t from, uint32_t to, uint32_t next, uint32_t control)
{
    return (struct pl080_entry){.source = from, .destination = to, .next = next, .control = control};
}

/* A list by hand at an offset of the memory; next is as given. */
static inline struct baton_source put(uint32_t at, const struct pl080_entry *entries, uint32_t count)
{
    uint32_t bytes = count * (uint32_t)sizeof(*entries);

    memcpy(&model.memory[at], entries, bytes);
    model.unpublished = true;
    return (struct baton_source){
        .access = {1}, .length = bytes, .count = 1, .segments = {{.address = {ON_BUS(at)}, .length = bytes}}};
}

/* words words in entries of per words each, for a channel: its own list and areas of 1 KiB. */
static inline struct baton_source copy_list(unsigned channel, uint32_t words, uint32_t per)
{
    struct pl080_entry entries[16];
    uint32_t at = LIST + channel * 0x100;
    uint32_t count = 0;

    for (uint32_t done = 0; done < words; done += per) {
        uint32_t part = words - done < per ? words - done : per;
        bool last = done + part == words;
        entries[count] =
            entry_of(ON_BUS(SOURCE) + channel * 0x400 + done * 4, ON_BUS(DESTINATION) + channel * 0x400 + done * 4,
                     last ? 0 : ON_BUS(at) + (count + 1) * 16, WORDS(part) | (last ? 1u << 31 : 0));
        count++;
    }
    memset(&model.memory[DESTINATION + channel * 0x400], 0, 0x400);
    return put(at, entries, count);
}

/* Bytes of a channel's area that are as they should be, from its start. */
static inline uint32_t copied(unsigned channel)
{
    uint32_t at = channel * 0x400;
    uint32_t n = 0;

    while (n < 0x400 && model.memory[DESTINATION + at + n] == model.memory[SOURCE + at + n]) {
        n++;
    }
    return n;
}

static inline enum dma_status start_copy(unsigned channel, uint32_t words, uint32_t per)
{
    struct baton_source list = copy_list(channel, words, per);

    return dma_start(&pl080.controller, channel, &list, completion, &calls);
}

#endif
