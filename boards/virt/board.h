/* SPDX-License-Identifier: MIT */
/*
 * What the files of boards/virt/ share: the devices that board.c makes. Nobody else includes it.
 */
#ifndef BATON_BOARDS_VIRT_BOARD_H
#define BATON_BOARDS_VIRT_BOARD_H

#include "drivers/fw_cfg.h"
#include "drivers/gicv2.h"
#include "drivers/pl011.h"
#include "drivers/pl080_soft.h"
#include "drivers/ramfb.h"
#include "drivers/timer.h"

/* What lies in the .uncached section: memory that devices and CPU 1 share with CPU 0. Its bus address is its own plus the offset. */
struct virt_uncached {
    struct pl080_soft_registers engine;
    struct fw_cfg_descriptor fw_cfg;
    uint32_t ramfb[RAMFB_CONFIG_BYTES / 4];
};
extern struct virt_uncached virt_uncached;

extern const struct gicv2_config virt_gic_config; /* read-only: CPU 1 uses it too */
extern struct gicv2 virt_gic;
extern struct timer virt_timer;
extern struct pl011 virt_uart;
extern struct fw_cfg_config virt_fw_cfg;
extern uint32_t virt_bus_offset;
extern volatile uint32_t virt_interrupts; /* IRQ entries so far */

/* The DMA engine, started on the first call; does not return without one. */
struct pl080_soft *virt_engine(void);

/* Ends the program: one line that says what and why. */
_Noreturn void virt_give_up(const char *what, const char *why);

#endif
