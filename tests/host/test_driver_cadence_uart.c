/* SPDX-License-Identifier: MIT */
/*
 * Cadence UART against a model of its registers, written from UG585, chapter 19 and appendix B.33. What would break it: a byte sent into a full FIFO
 * or while the transmitter is off, a transmitter that never empties waited for without end, a control register written although all is on, a byte
 * made up where nothing was received.
 *
 * link: drivers/cadence_uart.c
 * registers: modelled
 */
#include "drivers/cadence_uart.h"

#include "tests/host/registers/boot/registers/mmio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define BASE 0xe0000000u
#define FIFO 64u
#define POLLS 100u

static struct {
    uint32_t control;
    unsigned controls, reads; /* writes of control; reads of the status */
    unsigned held;            /* bytes that wait in the transmitter */
    unsigned every;           /* one leaves with so many reads of the status; 0: it stands still */
    char sent[512];
    unsigned count;
    const char *received;
} device;

static const struct cadence_uart_config uart = {.base = BASE, .poll_limit = POLLS};

uint32_t model_read(uintptr_t address, unsigned bytes)
{
    assert_int_equal(bytes, 4);
    switch (address - BASE) {
    case 0x00:
        return device.control;
    case 0x2c:
        device.reads++;
        if (device.every != 0 && device.reads % device.every == 0 && device.held != 0) {
            device.held--;
        }
        return (device.held == FIFO ? 1u << 4 : 0) | (device.held == 0 ? 1u << 3 : 0) |
               (*device.received == '\0' ? 1u << 1 : 0) | 1u << 11; /* others are not ours to look at */
    case 0x30:
        assert_true(*device.received != '\0');
        return (uint8_t)*device.received++;
    default:
        fail_msg("read of 0x%02x", (unsigned)(address - BASE));
        return 0;
    }
}

void model_write(uintptr_t address, uint32_t value, unsigned bytes)
{
    assert_int_equal(bytes, 4);
    switch (address - BASE) {
    case 0x00:
        assert_int_equal(value & 3, 0); /* no reset: what is on its way stays */
        device.control = value;
        device.controls++;
        return;
    case 0x30:
        assert_int_equal(device.control & 0x30, 0x10);
        assert_true(device.held < FIFO);
        device.held++;
        device.sent[device.count++] = (char)value;
        return;
    default:
        fail_msg("write of 0x%02x", (unsigned)(address - BASE));
    }
}

static int start(void **state)
{
    (void)state;
    memset(&device, 0, sizeof(device));
    device.control = 0x14;
    device.every = 3;
    device.received = "";
    return 0;
}

static void sends_all(void **state)
{
    char text[300];

    (void)state;
    memset(text, 0xe5, sizeof(text));
    text[0] = 'a';
    assert_int_equal(cadence_uart_write(&uart, text, sizeof(text)), sizeof(text));
    assert_int_equal(device.count, sizeof(text));
    assert_memory_equal(device.sent, text, sizeof(text));
    assert_int_equal(device.controls, 0);
}

static void switches_on(void **state)
{
    static const uint32_t controls[] = {0x128, 0x28, 0x3c, 0x10, 0x04};

    for (unsigned i = 0; i < sizeof(controls) / sizeof(controls[0]); i++) {
        start(state);
        device.control = controls[i]; /* 0x128: from reset */
        assert_int_equal(cadence_uart_write(&uart, "x", 1), 1);
        assert_int_equal(cadence_uart_write(&uart, "y", 1), 1);
        assert_int_equal(device.control, (controls[i] & 0x100) | 0x14);
        assert_int_equal(device.controls, 1);
    }
    start(state);
    device.control = 0x128;
    assert_int_equal(cadence_uart_read(&uart), -1);
    assert_int_equal(device.control, 0x114);
}

static void gives_up(void **state)
{
    char text[FIFO + 5] = {0};

    (void)state;
    device.every = 0;
    assert_int_equal(cadence_uart_write(&uart, text, sizeof(text)), FIFO);
    assert_int_equal(device.reads, FIFO + POLLS);
}

static void receives(void **state)
{
    (void)state;
    device.received = "\xff"
                      "b";
    assert_int_equal(cadence_uart_read(&uart), 0xff);
    assert_int_equal(cadence_uart_read(&uart), 'b');
    assert_int_equal(cadence_uart_read(&uart), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(sends_all, start),
        cmocka_unit_test_setup(switches_on, start),
        cmocka_unit_test_setup(gives_up, start),
        cmocka_unit_test_setup(receives, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
