/* SPDX-License-Identifier: MIT */
/*
 * PL011: bytes received polled and by interrupt (the host sends one for each line "baton: screen settled"), the baud rate's divisors, and
 * bounds where a UART does not behave: those cases run on a block of memory that plays the registers.
 * What would break it: a receive interrupt that is not cleared, a byte taken twice, a wait for a transmitter that never empties.
 */
#include "tests/target/support/hardware.h"
#include "tests/target/support/tap.h"

#include "apps/platform.h"
#include "boot/registers/mmio.h"
#include "drivers/gicv2.h"
#include "drivers/pl011.h"

#include <stdio.h>

#define HANG 20000000u /* microseconds */
#define UARTFR 0x18u
#define UARTIBRD 0x24u
#define UARTFBRD 0x28u
#define FR_TXFF (1u << 5)

static const struct platform *board;
static struct pl011 *uart;
static volatile unsigned interrupts;

static void handler(void *context, uint32_t id)
{
    (void)id;
    interrupts = interrupts + 1;
    pl011_interrupt(context);
}

static void ask_host_for_a_byte(void)
{
    printf("baton: screen settled\n");
    fflush(stdout);
}

static void receive(void)
{
    uint64_t end = board->microseconds() + HANG;
    int byte = -1;

    ask_host_for_a_byte();
    while (byte < 0 && board->microseconds() < end) {
        byte = pl011_read(uart);
    }
    tap_equal((uint32_t)byte, '\n', "a byte received by polling");
    tap_equal((uint32_t)pl011_read(uart), (uint32_t)-1, "and no more");

    const struct hardware *hw = hardware();
    bool set = gicv2_set_handler(hw->gic, hw->uart_interrupt, handler, uart);
    gicv2_enable(hw->gic->config, hw->uart_interrupt);
    pl011_receive_interrupt(uart, true);
    ask_host_for_a_byte();
    end = board->microseconds() + HANG;
    while (interrupts == 0 && board->microseconds() < end) {
        board->sleep_until(end);
    }
    byte = pl011_read(uart);
    tap_ok(set && byte == '\n' && interrupts == 1, "a byte received by interrupt: %d, %u interrupts", byte, interrupts);
    tap_equal((uint32_t)pl011_read(uart), (uint32_t)-1, "and no more");
    pl011_receive_interrupt(uart, false);
    gicv2_disable(hw->gic->config, hw->uart_interrupt);
}

static void baud(void)
{
    static const struct {
        uint32_t clock, baud, integer, fraction; /* integer 0: refused */
    } cases[] = {
        {24000000, 115200, 13, 1},    /* 13.02 */
        {4000000, 230400, 1, 5},      /* 1.085, the manual's own example (DDI 0183, 3.3.6) */
        {16, 1, 1, 0},                /* the fastest */
        {24000000, 0, 0, 0},          /* no baud */
        {24000000, 1600000, 0, 0},    /* a divisor below 1 */
        {24000000, 1, 0, 0},          /* above 65535 */
        {0xffffffff, 115200, 0, 0},   /* overflow */
        {24000000, 0xffffffff, 0, 0}, /* overflow */
    };
    static uint32_t registers[0x1000 / 4];
    unsigned right = 0;

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct pl011 fake = {
            .config = {
                .base = (uintptr_t)registers, .clock_hz = cases[i].clock, .baud = cases[i].baud, .poll_limit = 10}};
        registers[UARTIBRD / 4] = 0;
        registers[UARTFBRD / 4] = 0;
        bool done = pl011_init(&fake);
        bool same = done == (cases[i].integer != 0) && mmio_read32(fake.config.base + UARTIBRD) == cases[i].integer &&
                    mmio_read32(fake.config.base + UARTFBRD) == cases[i].fraction;
        if (!same) {
            tap_note("%lu Hz, %lu baud: %lu + %lu/64", (unsigned long)cases[i].clock, (unsigned long)cases[i].baud,
                     (unsigned long)registers[UARTIBRD / 4], (unsigned long)registers[UARTFBRD / 4]);
        }
        right += same;
    }
    tap_equal(right, sizeof(cases) / sizeof(cases[0]), "divisors of possible bauds, refusals of others");
}

static void bounds(void)
{
    static uint32_t registers[0x1000 / 4];
    struct pl011 fake = {.config = {.base = (uintptr_t)registers, .poll_limit = 1000}};

    registers[UARTFR / 4] = FR_TXFF;
    tap_equal(pl011_write(&fake, "text", 4), 0, "a transmitter that stays full: the write gives up");
    registers[UARTFR / 4] = 0; /* never empty, never full: an endless stream of the byte in DR */
    tap_ok(pl011_write(&fake, "text", 4) == 4 && registers[0] == 't', "one that is not takes all");
    registers[0] = 'x';
    pl011_interrupt(&fake);
    tap_ok(fake.head == PL011_RECEIVE_BYTES && fake.overruns == 0, "a receiver that is never empty: one ring of bytes");
    pl011_interrupt(&fake);
    tap_ok(fake.head == PL011_RECEIVE_BYTES && fake.overruns == PL011_RECEIVE_BYTES,
           "and what finds it full is counted");
    unsigned taken = 0;
    for (unsigned i = 0; i < PL011_RECEIVE_BYTES; i++) {
        taken += pl011_read(&fake) == 'x';
    }
    tap_ok(taken == PL011_RECEIVE_BYTES && fake.tail == fake.head, "all of the ring is read");
}

int main(void)
{
    board = platform();
    uart = hardware()->uart;
    const bool real = uart != NULL && hardware()->gic != NULL; /* it takes the interrupt by the controller's driver */
    tap_plan((real ? 4 : 0) + 1 + 5);
    if (real) {
        receive();
    }
    baud();
    bounds();
    return tap_done();
}
