/* SPDX-License-Identifier: MIT */
/*
 * Waiting on the machine: a task waits for what a device holds, and the device's interrupt handler ends the mapping; a wait that
 * nobody ends is over at its time; who may not wait is told so.
 * What would break it: a sleep that no unlock ends, one that only an interrupt ends (the event stream is off), a wait in an interrupt
 * handler, bytes that are not the newest after it.
 *
 * qemu-args: -icount shift=0,sleep=off
 */
#include "tests/target/support/hardware.h"
#include "tests/target/support/rig.h"
#include "tests/target/support/tap.h"

#include "boot/cpu.h"
#include "boot/registers/barrier.h"
#include "boot/registers/cp15.h"
#include "drivers/a9_timer.h"
#include "drivers/sp804.h"
#include "drivers/timer.h"

#include <string.h>

#define SIZE 0x10000u
#define LONG 20000000u /* microseconds: a hang */
#define SHORT 3000u

static struct rig_buffer from, to, list;
static struct rig_transfer transfer;
static const struct platform *board;
static const struct baton_range all = {0, SIZE};

/* The device is done: in its interrupt handler its mappings end, and whoever waits goes on. */
static void completed(void *context, unsigned channel, enum dma_status status)
{
    rig_completion(context, channel, status);
    rig_unmap(context);
}

static void start(uint32_t seed)
{
    rig_fill(&from, seed);
    rig_map(&transfer, &from, &to, &list);
    rig_copy_list(&transfer);
    transfer.completions = 0;
    if (dma_start(board->dma, 0, &transfer.entries, completed, &transfer) != DMA_OK) {
        tap_note("the transfer has not started");
    }
}

static void waits_for_the_device(uint32_t seed)
{
    struct baton_cpu_access access;
    struct baton_cpu_access tried;
    uint32_t differences = 0;

    start(seed);
    enum baton_status status = baton_wait_cpu_access(rig, to.buffer, all, BATON_READ, 0, &tried);
    tap_ok(status == BATON_ERROR_BUSY && transfer.completions == 0, "the device is at work: %s",
           baton_status_text(status));
    status = baton_wait_cpu_access(rig, to.buffer, all, BATON_READ, LONG, &access);
    tap_ok(status == BATON_OK && transfer.completions == 1 && transfer.status == DMA_OK,
           "the task waits until the interrupt handler has ended the mapping: %s", baton_status_text(status));
    const uint8_t *bytes = access.data;
    for (uint32_t i = 0; status == BATON_OK && i < SIZE; i++) {
        differences += bytes[i] != rig_pattern(seed, i);
    }
    tap_ok(status == BATON_OK && differences == 0, "and reads what the device wrote");
    tap_ok(baton_end_cpu_access(rig, &access) == BATON_OK, "the access ends");
}

static uint32_t ready_mode;

static void ready(void *context)
{
    (void)context;
    ready_mode = cpu_read_cpsr() & CPSR_MODE;
}

static void is_called_back(void)
{
    struct baton_cpu_access access;
    baton_reservation place;

    start(7);
    bool reserved =
        baton_reserve_cpu_access(rig, to.buffer, all, BATON_WRITE, ready, NULL, &place) == BATON_OK && ready_mode == 0;
    (void)rig_wait(&transfer);
    tap_ok(reserved && ready_mode == MODE_IRQ, "a reservation's turn is told in the interrupt handler that made way");
    tap_ok(baton_claim_cpu_access(rig, &place, &access) == BATON_OK && baton_end_cpu_access(rig, &access) == BATON_OK,
           "and claimed by the task");
}

static volatile enum baton_status in_handler, tried_in_handler;

static void try_in_handler(void *context)
{
    struct baton_cpu_access access;

    (void)context;
    in_handler = baton_wait_cpu_access(rig, to.buffer, all, BATON_READ, LONG, &access);
    tried_in_handler = baton_wait_cpu_access(rig, to.buffer, all, BATON_READ, 0, &access);
}

static void nobody_makes_way(void)
{
    struct baton_cpu_access holder;
    struct baton_cpu_access access;
    struct timer *timer = hardware()->timer;

    if (timer != NULL) {
        cp15_write_CNTKCTL(0); /* as on a CPU that has no struct timer */
    }
    bool held = baton_begin_cpu_access(rig, to.buffer, all, BATON_WRITE, &holder) == BATON_OK;
    uint64_t before = board->microseconds();
    enum baton_status status = baton_wait_cpu_access(rig, to.buffer, all, BATON_READ, SHORT, &access);
    uint64_t waited = board->microseconds() - before;
    tap_ok(held && status == BATON_ERROR_TIMEOUT && waited >= SHORT, "not before its time the wait is over: %s",
           baton_status_text(status));
    tap_note("waited %lu of %u microseconds", (unsigned long)waited, SHORT);
    if (timer != NULL) {
        tap_ok((cp15_read_CNTKCTL() & 4u) != 0, "the event stream is on, by which a sleep ends where nothing happens");
    }

    uint32_t state = cpu_irq_save();
    status = baton_wait_cpu_access(rig, to.buffer, all, BATON_READ, LONG, &access);
    cpu_irq_restore(state);
    tap_equal(status, BATON_ERROR_CONTEXT, "with interrupts masked nothing waits");
    if (timer != NULL) {
        timer_set_deadline(timer, board->microseconds(), try_in_handler, NULL);
    } else if (hardware()->sp804 != NULL) {
        sp804_set_deadline(hardware()->sp804, board->microseconds(), try_in_handler, NULL);
    } else {
        a9_timer_set_deadline(hardware()->a9_timer, board->microseconds(), try_in_handler, NULL);
    }
    for (uint64_t end = board->microseconds() + SHORT; in_handler == BATON_OK && board->microseconds() < end;) {
        wfe(); /* the platform's sleep uses the same deadline */
    }
    tap_equal(in_handler, BATON_ERROR_CONTEXT, "nor in an interrupt handler");
    tap_equal(tried_in_handler, BATON_ERROR_BUSY, "which may try");
    tap_ok(baton_end_cpu_access(rig, &holder) == BATON_OK, "the holder ends");
}

static void copies(void)
{
    static const char text[] = "these are some bytes";
    char there[sizeof text + 1] = {0};

    board->port->copy(board->port->context, there + 1, text, sizeof text);
    tap_ok(there[0] == 0 && memcmp(there + 1, text, sizeof text) == 0, "the port copies");
}

int main(void)
{
    board = rig_open();
    if (hardware()->engine == NULL) {
        return tap_skip("no engine that works beside the CPU: QEMU's controllers are done when they have been started");
    }
    from = rig_buffer("from", SIZE);
    to = rig_buffer("to", SIZE);
    list = rig_buffer("list", 4096);
    /* A controller that is done within its start leaves nothing to wait for (QEMU's PL081). */
    bool at_work = hardware()->engine != NULL;
    tap_plan((at_work ? 10 : 0) + (hardware()->timer != NULL ? 7 : 6));
    if (at_work) {
        waits_for_the_device(1);
        waits_for_the_device(2);
        is_called_back();
    }
    nobody_makes_way();
    copies();
    return tap_done();
}
