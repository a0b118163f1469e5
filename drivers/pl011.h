/* SPDX-License-Identifier: MIT */
/*
 * PL011 UART (ARM DDI 0183): polled transmit, receive polled or by interrupt. Every wait is bounded.
 *
 * A board has one struct pl011 for each UART and fills in config. pl011_write() and polled pl011_read() also work on a UART that
 * was never initialised but was left enabled by a boot loader or is enabled from reset (QEMU).
 */
#ifndef BATON_DRIVERS_PL011_H
#define BATON_DRIVERS_PL011_H

#include "core/baton.h"

#define PL011_RECEIVE_BYTES 64u /* room for bytes received by interrupt and not read yet; a power of two */

struct pl011_config {
    uintptr_t base;      /* virtual address of the registers */
    uint32_t clock_hz;   /* UARTCLK; 0: the baud rate is left as it is */
    uint32_t baud;       /* wanted with clock_hz, bits a second */
    uint32_t poll_limit; /* status reads before a byte that cannot be sent is dropped; at least 1 */
};

struct pl011 {
    struct pl011_config config;
    /* Receive ring. The interrupt handler alone moves head, pl011_read() alone moves tail; both on one CPU. */
    volatile uint32_t head, tail;
    uint32_t overruns; /* bytes lost because the ring was full */
    uint8_t ring[PL011_RECEIVE_BYTES];
};

/* 8 bits, no parity, FIFOs on, receive interrupts off. Returns false, and changes nothing, if the clock cannot make the baud. */
BATON_MUST_CHECK bool pl011_init(struct pl011 *uart);

/* Sends bytes as they are; returns how many were taken. Fewer: the transmitter stood still for poll_limit status reads. Any
 * context: it takes no lock, bytes of two writers at once may interleave. */
size_t pl011_write(const struct pl011 *uart, const void *bytes, size_t length);

/* The next received byte, or -1 when there is none now. Never waits. */
int pl011_read(struct pl011 *uart);

/* Whether receiving raises the interrupt line. The board routes it to pl011_interrupt(). */
void pl011_receive_interrupt(struct pl011 *uart, bool on);

/* The UART's interrupt handler: moves what was received into the ring and ends the interrupt. */
void pl011_interrupt(struct pl011 *uart);

#endif
