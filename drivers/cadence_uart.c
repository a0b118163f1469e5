/* SPDX-License-Identifier: MIT */
/*
 * Cadence UART. Register names and bits: UG585, appendix B.33. Called by boards; touches its registers only.
 */
#include "drivers/cadence_uart.h"

#include "boot/registers/mmio.h"

#define CONTROL_REG0 0x00u
#define CHANNEL_STS_REG0 0x2cu
#define TX_RX_FIFO0 0x30u

#define CONTROL_RXEN (1u << 2)
#define CONTROL_RXDIS (1u << 3)
#define CONTROL_TXEN (1u << 4)
#define CONTROL_TXDIS (1u << 5)
#define STATUS_REMPTY (1u << 1)
#define STATUS_TFUL (1u << 4)

/* On is enabled and not disabled. Written only when something is off: a write has side effects, breaks and resets. */
static void switch_on(const struct cadence_uart_config *uart)
{
    const uint32_t on = CONTROL_RXEN | CONTROL_TXEN;
    const uint32_t off = CONTROL_RXDIS | CONTROL_TXDIS;
    const uint32_t control = mmio_read32(uart->base + CONTROL_REG0);

    if ((control & (on | off)) != on) {
        mmio_write32(uart->base + CONTROL_REG0, (control & ~off) | on);
    }
}

size_t cadence_uart_write(const struct cadence_uart_config *uart, const void *bytes, size_t length)
{
    const uint8_t *next = bytes;

    switch_on(uart);
    for (size_t i = 0; i < length; i++) {
        uint32_t polls = 0;
        while ((mmio_read32(uart->base + CHANNEL_STS_REG0) & STATUS_TFUL) != 0) {
            if (++polls >= uart->poll_limit) {
                return i;
            }
        }
        mmio_write32(uart->base + TX_RX_FIFO0, next[i]);
    }
    return length;
}

int cadence_uart_read(const struct cadence_uart_config *uart)
{
    switch_on(uart);
    if ((mmio_read32(uart->base + CHANNEL_STS_REG0) & STATUS_REMPTY) != 0) {
        return -1;
    }
    return (int)(mmio_read32(uart->base + TX_RX_FIFO0) & 0xff);
}
