/* SPDX-License-Identifier: MIT */
/*
 * The reference workloads, 640 x 480 pixels of 4 bytes. What only devices touch (where pictures come from, where they go) is mapped before
 * the measured part and stays so.
 */
#include "apps/workloads/device.h"
#include "apps/workloads/run.h"

#define AS_MADE 0u     /* number of the picture that a buffer holds at first */
#define ORIGIN 0xffffu /* and of the one that devices copy from: frame n begins in its row n */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct shared frame, screen, origin, sinks[IMPORTERS];
static struct job jobs[2 * FRAMES + 3];
static const struct area whole = {0, 0, FRAME_BYTES, 1};

static uint32_t pixel(uint32_t index, uint32_t number)
{
    return (index + number * 40503u) * 2654435761u;
}

static uint32_t from_origin(uint32_t index, uint32_t number)
{
    return pixel(index + number * WIDTH, ORIGIN);
}

/* The CPU overwrites an area with the picture of a number. */
static void draw(struct run *run, struct shared *shared, const struct area *area, uint32_t number)
{
    unsigned char *data = run_begin_cpu_access(run, shared, area, BATON_OVERWRITE);

    for (uint32_t row = 0; row < area->rows; row++, data += area->stride) {
        uint32_t index = (area->offset + row * area->stride) / 4;

        for (uint32_t *word = (uint32_t *)(void *)data; word < (uint32_t *)(void *)(data + area->row_bytes); word++) {
            *word = pixel(index++, number);
        }
    }
    run_end_cpu_access(run, shared);
}

/* The CPU reads a whole picture, which should be that one. */
static void look(struct run *run, struct shared *shared, uint32_t number,
                 uint32_t (*expected)(uint32_t index, uint32_t number))
{
    const uint32_t *const word = (uint32_t *)(void *)run_begin_cpu_access(run, shared, &whole, BATON_READ);

    for (uint32_t i = 0; i < FRAME_BYTES / 4; i++) {
        run->wrong += word[i] != expected(i, number);
    }
    run_end_cpu_access(run, shared);
}

static void open_shared(struct run *run, struct shared *shared, const char *name, uint32_t size, uint32_t number)
{
    *shared = (struct shared){.name = name, .size = size, .far = shared->far};
    run->policy->open(shared);
    draw(run, shared, &(struct area){0, 0, size, 1}, number);
}

/* A buffer that is shared, in the state that it has between two frames. */
static void open_frame(struct run *run, struct shared *shared, const char *name, bool far)
{
    shared->far = far;
    open_shared(run, shared, name, FRAME_BYTES, AS_MADE);
    run_map_to_device(run, shared, 0, &whole);
    run_unmap_source(run, shared, 0);
    if (far) {
        run_map_to_device(run, shared, FAR, &whole);
        run_unmap_source(run, shared, FAR);
    }
}

static void open_origin(struct run *run)
{
    const uint32_t size = STRIDE * (HEIGHT + FRAMES + 1);

    open_shared(run, &origin, "origin", size, ORIGIN);
    for (unsigned i = 0; i < IMPORTERS; i++) {
        run_map_to_device(run, &origin, i, &(struct area){0, 0, size, 1});
    }
}

static void open_sink(struct run *run, unsigned importer)
{
    open_shared(run, &sinks[importer], "sink", FRAME_BYTES, AS_MADE);
    run_map_from_device(run, &sinks[importer], importer, &whole);
}

static void look_at_sink(struct run *run, unsigned importer, uint32_t number,
                         uint32_t (*expected)(uint32_t index, uint32_t number))
{
    run_unmap_destination(run, &sinks[importer], importer);
    look(run, &sinks[importer], number, expected);
}

static void prepare(struct job *job, const struct shared *from, const struct area *source, const struct shared *to,
                    const struct area *destination, unsigned importer)
{
    device_prepare(job, &(struct place){from, importer, *source}, &(struct place){to, importer, *destination});
}

/* The area of the origin that frame n takes for that area. */
static struct area shifted(const struct area *area, uint32_t number)
{
    struct area result = *area;

    result.offset += number * STRIDE;
    return result;
}

static void one(struct job *job)
{
    device_run(&job, 1);
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* The CPU draws a frame, a device copies it to the screen. The rectangle: some of it only, off the lines' edges. */

static const struct area rectangle = {200 * STRIDE + 308, STRIDE, 60 * 4, ROWS_MAX};

static void blit_set_up(struct run *run, const struct area *area)
{
    open_frame(run, &frame, "frame", false);
    open_frame(run, &screen, "screen", false);
    prepare(&jobs[0], &frame, area, &screen, area, 0);
}

static void blit(struct run *run, const struct area *area, uint32_t number)
{
    draw(run, &frame, area, number);
    run_map_to_device(run, &frame, 0, area);
    run_map_from_device(run, &screen, 0, area);
    one(&jobs[0]);
    run_unmap_source(run, &frame, 0);
    run_unmap_destination(run, &screen, 0);
}

static void full_set_up(struct run *run)
{
    blit_set_up(run, &whole);
}

static void full_frame(struct run *run, uint32_t number)
{
    blit(run, &whole, number);
}

static void full_check(struct run *run)
{
    look(run, &screen, FRAMES, pixel);
}

static void damage_set_up(struct run *run)
{
    blit_set_up(run, &rectangle);
}

static void damage_frame(struct run *run, uint32_t number)
{
    blit(run, &rectangle, number);
}

static bool is_in(const struct area *area, uint32_t index)
{
    const uint32_t offset = index * 4 - area->offset;

    if (index * 4 < area->offset) {
        return false;
    }
    return area->rows == 1 ? offset < area->row_bytes
                           : offset / area->stride < area->rows && offset % area->stride < area->row_bytes;
}

static uint32_t damaged(uint32_t index, uint32_t number)
{
    return pixel(index, is_in(&rectangle, index) ? number : AS_MADE);
}

static void damage_check(struct run *run)
{
    look(run, &screen, FRAMES, damaged);
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* The CPU draws a frame, three importers read it at once. */

static void three_set_up(struct run *run)
{
    open_frame(run, &frame, "frame", false);
    for (unsigned i = 0; i < IMPORTERS; i++) {
        open_sink(run, i);
        prepare(&jobs[i], &frame, &whole, &sinks[i], &whole, i);
    }
}

static void three_frame(struct run *run, uint32_t number)
{
    draw(run, &frame, &whole, number);
    for (unsigned i = 0; i < IMPORTERS; i++) {
        run_map_to_device(run, &frame, i, &whole);
    }
    device_run((struct job *const[]){&jobs[0], &jobs[1], &jobs[2]}, IMPORTERS);
    for (unsigned i = 0; i < IMPORTERS; i++) {
        run_unmap_source(run, &frame, i);
    }
}

static void three_check(struct run *run)
{
    for (unsigned i = 0; i < IMPORTERS; i++) {
        look_at_sink(run, i, FRAMES, pixel);
    }
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* A device writes a frame; another device reads it, or the CPU does. */

static void written_by(struct run *run, struct shared *shared, const struct area *area, unsigned importer,
                       struct job *job)
{
    run_map_from_device(run, shared, importer, area);
    one(job);
    run_unmap_destination(run, shared, importer);
}

static void read_back_set_up(struct run *run)
{
    open_frame(run, &frame, "frame", false);
    open_origin(run);
    for (uint32_t n = 1; n <= FRAMES; n++) {
        const struct area source = shifted(&whole, n);

        prepare(&jobs[n], &origin, &source, &frame, &whole, 0);
    }
}

static void read_back_frame(struct run *run, uint32_t number)
{
    written_by(run, &frame, &whole, 0, &jobs[number]);
    look(run, &frame, number, from_origin);
}

static void read_back_check(struct run *run)
{
    look(run, &frame, FRAMES, from_origin);
}

static void device_set_up(struct run *run)
{
    read_back_set_up(run);
    open_sink(run, 1);
    prepare(&jobs[0], &frame, &whole, &sinks[1], &whole, 1);
}

static void device_frame(struct run *run, uint32_t number)
{
    written_by(run, &frame, &whole, 0, &jobs[number]);
    run_map_to_device(run, &frame, 1, &whole);
    one(&jobs[0]);
    run_unmap_source(run, &frame, 1);
}

static void device_check(struct run *run)
{
    look_at_sink(run, 1, FRAMES, from_origin);
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* A frame that one importer cannot reach: the CPU, a direct and the bounced importer each write a band of it by turns; the
 * bounced one reads all of it twice, the CPU once. */

static const struct area by_cpu = {16 * STRIDE, 0, 16 * STRIDE, 1}, by_direct = {100 * STRIDE, 0, 16 * STRIDE, 1},
                         by_bounced = {200 * STRIDE, 0, 16 * STRIDE, 1};

static void bounce_set_up(struct run *run)
{
    open_frame(run, &frame, "frame", true);
    open_origin(run);
    open_sink(run, FAR);
    prepare(&jobs[0], &frame, &whole, &sinks[FAR], &whole, FAR);
    for (uint32_t n = 1; n <= FRAMES; n++) {
        const struct area direct = shifted(&by_direct, n), bounced = shifted(&by_bounced, n);

        prepare(&jobs[2 * n - 1], &origin, &direct, &frame, &by_direct, 0);
        prepare(&jobs[2 * n], &origin, &bounced, &frame, &by_bounced, FAR);
    }
}

static uint32_t mixed(uint32_t index, uint32_t number)
{
    if (is_in(&by_cpu, index)) {
        return pixel(index, number);
    }
    return is_in(&by_direct, index) || is_in(&by_bounced, index) ? from_origin(index, number) : pixel(index, AS_MADE);
}

/* What the bounced importer has read at last: before it wrote its own band. */
static uint32_t mixed_before(uint32_t index, uint32_t number)
{
    if (is_in(&by_bounced, index)) {
        return number == 1 ? pixel(index, AS_MADE) : from_origin(index, number - 1);
    }
    return mixed(index, number);
}

static void read_by_bounced(struct run *run)
{
    run_map_to_device(run, &frame, FAR, &whole);
    one(&jobs[0]);
    run_unmap_source(run, &frame, FAR);
}

static void bounce_frame(struct run *run, uint32_t number)
{
    draw(run, &frame, &by_cpu, number);
    read_by_bounced(run);
    written_by(run, &frame, &by_direct, 0, &jobs[2 * number - 1]);
    read_by_bounced(run);
    written_by(run, &frame, &by_bounced, FAR, &jobs[2 * number]);
    look(run, &frame, number, mixed);
}

static void bounce_check(struct run *run)
{
    look_at_sink(run, FAR, FRAMES, mixed_before);
}

/* ---------------------------------------------------------------------------------------------------------------- */

static const struct workload full = {"full-frame", full_set_up, full_frame, full_check},
                             damage = {"damage-rectangle", damage_set_up, damage_frame, damage_check},
                             three = {"three-importers", three_set_up, three_frame, three_check},
                             device = {"device-to-device", device_set_up, device_frame, device_check},
                             read_back = {"read-back", read_back_set_up, read_back_frame, read_back_check},
                             bounce = {"bounce-mixture", bounce_set_up, bounce_frame, bounce_check};

const struct workload *const workloads[] = {&full, &damage, &three, &device, &read_back, &bounce};
const unsigned workload_count = COUNT(workloads);
