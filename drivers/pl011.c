/* SPDX-License-Identifier: MIT */
/*
 * PL011 UART. Register names and bits: ARM DDI 0183, chapter 3. Called by boards; touches its registers and struct pl011 only.
 */
#include "drivers/pl011.h"

#include "boot/registers/mmio.h"

#define UARTDR 0x000u
#define UARTFR 0x018u
#define UARTIBRD 0x024u
#define UARTFBRD 0x028u
#define UARTLCR_H 0x02cu
#define UARTCR 0x030u
#define UARTIMSC 0x038u
#define UARTICR 0x044u

#define FR_BUSY (1u << 3)
#define FR_RXFE (1u << 4)
#define FR_TXFF (1u << 5)
#define LCR_H_FEN (1u << 4)
#define LCR_H_WLEN8 (3u << 5)
#define CR_UARTEN (1u << 0)
#define CR_TXE (1u << 8)
#define CR_RXE (1u << 9)
#define INT_RX (1u << 4) /* the receive FIFO has reached its level */
#define INT_RT (1u << 6) /* it has not, but nothing has come for 32 bit times */
#define INT_ALL 0x7ffu

static uint32_t get(const struct pl011 *uart, uint32_t reg)
{
    return mmio_read32(uart->config.base + reg);
}

static void set(const struct pl011 *uart, uint32_t reg, uint32_t value)
{
    mmio_write32(uart->config.base + reg, value);
}

bool pl011_init(struct pl011 *uart)
{
    uint32_t divisor = 0; /* in 64ths: UARTCLK / (16 * baud) * 64 */

    if (uart->config.clock_hz != 0) {
        uint32_t baud = uart->config.baud;
        if (baud == 0 || uart->config.clock_hz > (UINT32_MAX - baud / 2) / 4) {
            return false;
        }
        divisor = (uart->config.clock_hz * 4 + baud / 2) / baud;
        /* IBRD is 1 to 65535, and at 65535 FBRD is 0 (DDI 0183, 3.3.6). */
        if (divisor < 64 || divisor > 65535u * 64) {
            return false;
        }
    }

    /* The line settings may change only while it is disabled and what it sends has left (DDI 0183, 3.3.8). */
    for (uint32_t polls = 0; polls < uart->config.poll_limit && (get(uart, UARTFR) & FR_BUSY) != 0; polls++) {
    }
    set(uart, UARTCR, 0);
    set(uart, UARTIMSC, 0);
    set(uart, UARTICR, INT_ALL);
    if (divisor != 0) {
        set(uart, UARTIBRD, divisor >> 6);
        set(uart, UARTFBRD, divisor & 63);
    }
    /* After the divisors, deliberately: the write of LCR_H is what takes them over. */
    set(uart, UARTLCR_H, LCR_H_FEN | LCR_H_WLEN8);
    set(uart, UARTCR, CR_UARTEN | CR_TXE | CR_RXE);
    uart->head = 0;
    uart->tail = 0;
    uart->overruns = 0;
    return true;
}

size_t pl011_write(const struct pl011 *uart, const void *bytes, size_t length)
{
    const uint8_t *next = bytes;

    for (size_t i = 0; i < length; i++) {
        uint32_t polls = 0;
        while ((get(uart, UARTFR) & FR_TXFF) != 0) {
            if (++polls >= uart->config.poll_limit) {
                return i;
            }
        }
        set(uart, UARTDR, next[i]);
    }
    return length;
}

int pl011_read(struct pl011 *uart)
{
    /* The ring first: it holds the older bytes. It is empty where the receive interrupt was never on. */
    if (uart->tail != uart->head) {
        int byte = uart->ring[uart->tail % PL011_RECEIVE_BYTES];
        uart->tail = uart->tail + 1;
        return byte;
    }
    /* With the interrupt on the FIFO is the handler's: taking a byte here could overtake one that it is moving. */
    if ((get(uart, UARTIMSC) & INT_RX) != 0 || (get(uart, UARTFR) & FR_RXFE) != 0) {
        return -1;
    }
    return (int)(get(uart, UARTDR) & 0xff);
}

void pl011_receive_interrupt(struct pl011 *uart, bool on)
{
    set(uart, UARTIMSC, on ? INT_RX | INT_RT : 0);
}

void pl011_interrupt(struct pl011 *uart)
{
    /* Cleared before the FIFO is drained: a byte that arrives meanwhile raises it again. */
    set(uart, UARTICR, INT_RX | INT_RT);
    for (uint32_t n = 0; n < PL011_RECEIVE_BYTES && (get(uart, UARTFR) & FR_RXFE) == 0; n++) {
        uint8_t byte = (uint8_t)get(uart, UARTDR);
        if (uart->head - uart->tail == PL011_RECEIVE_BYTES) {
            uart->overruns++;
        } else {
            uart->ring[uart->head % PL011_RECEIVE_BYTES] = byte;
            uart->head = uart->head + 1;
        }
    }
}
