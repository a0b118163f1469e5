/* SPDX-License-Identifier: MIT */
/*
 * What a board lets driver tests get at beyond apps/platform.h: the drivers behind the interfaces, and numbers that are free to
 * play with. Each boards/NAME/ defines hardware(), after platform(); what a board has not is NULL. Not for applications.
 */
#ifndef BATON_TESTS_TARGET_SUPPORT_HARDWARE_H
#define BATON_TESTS_TARGET_SUPPORT_HARDWARE_H

#include <stdbool.h>
#include <stdint.h>

struct gicv2;
struct timer;
struct a9_timer;
struct fw_cfg_config;
struct pl011;
struct pl080;
struct pl080_soft;
struct pl111;
struct sp804;

struct hardware {
    struct gicv2 *gic;
    struct timer *timer; /* the generic timer */
    struct sp804 *sp804;
    struct a9_timer *a9_timer;
    const struct fw_cfg_config *fw_cfg;
    uintptr_t console;  /* its registers */
    struct pl011 *uart; /* the console's; whatever comes is taken by the test */
    uint32_t uart_interrupt;
    struct pl080_soft *engine;
    struct pl080 *pl080;
    struct pl111 *pl111;
    uint32_t free_sgi, free_spi; /* interrupt IDs that nothing raises */
    uint32_t hole;               /* an address that the DMA controller's translation has not */
    uint32_t refused;  /* one that it has, and no device answers: an external abort; 0: the bus refuses nothing */
    uint32_t nobody;   /* the same, in a section that is not mapped */
    uint32_t bus_view; /* from an address of RAM to where the bus's view of it may lie */
    bool psci;         /* firmware answers */
    /* A store of the value to the address interrupts this CPU, until a handler has called quiet(): for tests without a driver. */
    struct {
        uintptr_t address;
        uint32_t value;
        void (*quiet)(void);
    } ring;
};

const struct hardware *hardware(void);

#endif
