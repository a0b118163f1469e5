/* SPDX-License-Identifier: MIT */
/* The platform of fake_platform.h. */
#include "tests/host/support/fake_platform.h"

#include "drivers/pl080_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct fake_platform fake;

#define GRANULE 64
#define MEMORY FAKE_MEMORY
#define PHYSICAL 0x40000000u
#define BUS_OFFSET 0x08000000u

/* ---------------------------------------------------------------------------------------------------------------- */
/* Memory */

static _Alignas(GRANULE) uint8_t cpu_view[MEMORY]; /* through a cache that never evicts by itself */
static uint8_t bus_view[MEMORY];

static void publish(void *context, uintptr_t address, size_t length)
{
    const size_t at = address - (uintptr_t)cpu_view;

    (void)context;
    assert_true(at % GRANULE == 0 && length % GRANULE == 0 && at + length <= MEMORY);
    memcpy(bus_view + at, cpu_view + at, length);
}

static void refresh(void *context, uintptr_t address, size_t length)
{
    const size_t at = address - (uintptr_t)cpu_view;

    (void)context;
    assert_true(at % GRANULE == 0 && length % GRANULE == 0 && at + length <= MEMORY);
    memcpy(cpu_view + at, bus_view + at, length);
}

static void barrier(void *context, enum baton_barrier why)
{
    (void)context;
    (void)why;
}

static uint32_t lock(void *context)
{
    (void)context;
    return 0;
}

static void unlock(void *context, uint32_t state)
{
    (void)context;
    (void)state;
}

static void on_misuse(void *context, const struct baton_misuse *what)
{
    (void)context;
    print_message("misuse: %s: %s, %s held by %s\n", what->verb, what->reason, what->buffer, what->holder);
    fake.misuses++;
}

static const struct baton_port port = {
    .granule = GRANULE,
    .bus_offset = BUS_OFFSET,
    .publish = publish,
    .refresh = refresh,
    .barrier = barrier,
    .lock = lock,
    .unlock = unlock,
    .misuse = on_misuse,
};

uint8_t *fake_on_bus(uint32_t address, uint32_t length)
{
    const uint32_t at = address - PHYSICAL - BUS_OFFSET;

    assert_true(at < MEMORY && length <= MEMORY - at);
    return bus_view + at;
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* Devices */

static uint64_t now;

static bool input_read(struct input *input, uint32_t offset, const struct baton_destination *to, uint32_t length)
{
    assert_true(offset <= input->size && length <= input->size - offset);
    assert_int_equal(to->count, 1);
    assert_true(length <= to->segments[0].length);
    fake.reads_beside_blit += fake.dma_running ? 1 : 0;
    if (fake.reads++ == fake.read_fails) {
        memset(fake_on_bus(to->segments[0].address.value, length), 0xee, length / 2);
        return false;
    }
    memcpy(fake_on_bus(to->segments[0].address.value, length), fake.file + offset, length);
    return true;
}

static struct {
    uint32_t list;
    dma_completion completion;
    void *context;
} channel;

static enum dma_status dma_start_now(struct dma_controller *controller, unsigned number,
                                     const struct baton_source *list, dma_completion completion, void *context)
{
    (void)controller;
    assert_int_equal(number, 0);
    assert_false(fake.dma_running);
    if (fake.starts++ == fake.start_fails) {
        return DMA_ERROR_LIST;
    }
    fake.dma_running = true;
    channel.list = list->segments[0].address.value;
    channel.completion = completion;
    channel.context = context;
    return DMA_OK;
}

static void dma_end(enum dma_status status)
{
    fake.dma_running = false;
    channel.completion(channel.context, 0, status);
}

/* Follows the list in the bus's view; a failing blit gets half-way through its second entry or its only one. */
static void dma_run(void)
{
    const bool failing = fake.blits == fake.blit_fails;
    uint32_t at = channel.list;

    if (fake.blits == fake.blit_hangs) {
        if (fake.blit_lost) {
            fake.blit_lost = false;
            channel.completion(channel.context, 0, DMA_ERROR_TIMEOUT);
        }
        return;
    }
    for (unsigned count = 0; at != 0; count++) {
        struct pl080_entry entry;

        memcpy(&entry, fake_on_bus(at, sizeof(entry)), sizeof(entry));
        const uint32_t words = PL080_TRANSFERS(entry.control);
        const bool last = failing && (count == 1 || entry.next == 0);

        assert_int_equal(PL080_SWIDTH(entry.control), DMA_WIDTH_32);
        for (uint32_t i = 0; i < (last ? words / 2 : words); i++) {
            const uint32_t from = entry.source + ((entry.control & PL080_CONTROL_SI) != 0 ? 4 * i : 0);

            memcpy(fake_on_bus(entry.destination + 4 * i, 4), fake_on_bus(from, 4), 4);
        }
        if (last) {
            break;
        }
        at = entry.next;
    }
    fake.blits++;
    dma_end(failing ? DMA_ERROR_BUS : DMA_OK);
}

static enum dma_status dma_stop_now(struct dma_controller *controller, unsigned number)
{
    (void)controller;
    (void)number;
    if (fake.cannot_stop) {
        return DMA_ERROR_TIMEOUT;
    }
    if (fake.dma_running) {
        dma_end(DMA_ERROR_STOPPED);
    }
    return DMA_OK;
}

static const struct dma_operations dma_operations = {.start = dma_start_now, .stop = dma_stop_now};
static struct dma_controller dma = {.operations = &dma_operations, .name = "dma", .channels = 1};

static display_boundary boundary;
static void *boundary_context;

static enum display_status set_mode(struct display *display, uint32_t width, uint32_t height)
{
    display->width = width;
    display->height = height;
    display->stride = 4 * width + (fake.padded ? 32 : 0);
    display->frames = (struct display_frames){0};
    if (fake.own_frames != 0) {
        display->frames = (struct display_frames){cpu_view + FAKE_POOL, PHYSICAL + FAKE_POOL, fake.own_frames};
    }
    return DISPLAY_OK;
}

static enum display_status flip(struct display *display, const struct baton_source *frame, display_boundary done,
                                void *context)
{
    assert_null(boundary);
    assert_int_equal(frame->count, 1);
    assert_int_equal(frame->segments[0].length, display->height * display->stride);
    if (fake.own_frames != 0) {
        const uint32_t at = frame->segments[0].address.value - BUS_OFFSET - PHYSICAL - FAKE_POOL;

        assert_int_equal(at % frame->segments[0].length, 0);
        assert_in_range(at / frame->segments[0].length, 0, fake.own_frames - 1);
    }
    if (fake.flips == fake.flip_fails) {
        fake.flips++;
        return DISPLAY_ERROR_DEVICE;
    }
    fake.screen_at = frame->segments[0].address.value;
    fake.on_screen = ++fake.flips;
    fake.flipped();
    if (fake.boundary_at_once) {
        done(context);
    } else {
        boundary = done;
        boundary_context = context;
    }
    return DISPLAY_OK;
}

static const struct display_operations display_operations = {.set_mode = set_mode, .flip = flip};
static struct display display = {.operations = &display_operations, .name = "display"};

/* Every device makes its next step while the CPU sleeps. */
static void sleep_until(uint64_t until)
{
    now = until > now ? until : now;
    if (fake.dma_running) {
        dma_run();
    }
    if (boundary != NULL && fake.flips - 1 != fake.boundary_lost) {
        const display_boundary done = boundary;

        boundary = NULL;
        done(boundary_context);
    }
}

static uint64_t microseconds(void)
{
    return now += 3;
}

static struct input input = {.name = "clip", .read = input_read};
struct platform fake_machine = {
    .board = "host",
    .port = &port,
    .memory = {.name = "memory", .cpu = cpu_view, .physical = PHYSICAL, .size = MEMORY},
    .dma = &dma,
    .dma_device = {"dma", BATON_DOMAIN_MEMORY, UINT32_MAX, 0, 4, 0, 0},
    .display = &display,
    .display_device = {"display", BATON_DOMAIN_MEMORY, UINT32_MAX, 0, 4, 0, 1},
    .input = &input,
    .input_device = {"input", BATON_DOMAIN_MEMORY, UINT32_MAX, 0, 1, 0, 1},
    .microseconds = microseconds,
    .sleep_until = sleep_until,
};

/* ---------------------------------------------------------------------------------------------------------------- */

void fake_platform_well(void)
{
    fake.read_fails = fake.start_fails = fake.blit_fails = fake.blit_hangs = fake.flip_fails = fake.boundary_lost =
        FAKE_NEVER;
    fake.cannot_stop = fake.blit_lost = fake.boundary_at_once = false;
    fake.own_frames = 0;
    fake_machine.memory.size = MEMORY;
}

void fake_platform_reset(void)
{
    memset(cpu_view, 0xc5, sizeof(cpu_view));
    memset(bus_view, 0xb7, sizeof(bus_view));
    boundary = NULL;
    fake.dma_running = false;
    fake.misuses = fake.reads = fake.starts = fake.blits = fake.flips = fake.screen_at = fake.on_screen =
        fake.reads_beside_blit = 0;
}

static void ignore_completion(void *context, unsigned number, enum dma_status status)
{
    (void)context;
    (void)number;
    (void)status;
}

void fake_ignore_completions(void)
{
    channel.completion = ignore_completion;
}
