/* SPDX-License-Identifier: MIT */
/*
 * Cadence UART, as Zynq-7000 has it (UG585, chapter 19 and appendix B.33): polled. Every wait is bounded. A loader has set clock, pins and baud.
 *
 * No state but constants: any context of any CPU. Bytes of two writers at once may interleave. A transmitter and receiver that are off, as from
 * reset, are switched on with the first call.
 */
#ifndef BATON_DRIVERS_CADENCE_UART_H
#define BATON_DRIVERS_CADENCE_UART_H

#include "core/baton.h"

struct cadence_uart_config {
    uintptr_t base;      /* virtual address of the registers */
    uint32_t poll_limit; /* status reads before a byte that cannot be sent is dropped; at least 1 */
};

/* Sends bytes as they are; returns how many were taken. Fewer: the transmitter stood still for poll_limit status reads. */
size_t cadence_uart_write(const struct cadence_uart_config *uart, const void *bytes, size_t length);

/* The next received byte, or -1 when there is none now. Never waits. */
int cadence_uart_read(const struct cadence_uart_config *uart);

#endif
