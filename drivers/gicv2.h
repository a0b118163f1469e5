/* SPDX-License-Identifier: MIT */
/*
 * Generic interrupt controller, architecture version 2 (ARM IHI 0048): distributor and CPU interface, one group, no
 * security state of its own. Version 1 (Cortex-A9 MPCore, RealView) is programmed alike, as far as it is used here; but it has no
 * GICD_ICACTIVER (IHI 0048B, table 4-1: reserved), so that an interrupt which a boot loader has taken and not ended stays active there,
 * and with one CPU there are no targets.
 *
 * Interrupt IDs: 0-15 software generated (SGI), 16-31 private to a CPU (PPI), 32 and up shared (SPI). The functions that take a
 * const struct gicv2_config touch registers only, so that a CPU which does not share memory with the first may call them too.
 */
#ifndef BATON_DRIVERS_GICV2_H
#define BATON_DRIVERS_GICV2_H

#include "core/baton.h"

#define GICV2_HANDLERS 160u        /* IDs that can have a handler: 0 to 159 */
#define GICV2_SGIR 0xf00u          /* the distributor's register for SGIs, GICD_SGIR: */
#define GICV2_SGIR_SELF (2u << 24) /* to the CPU that writes it, whose number is in the low bits */
#define GICV2_SPURIOUS 1023u       /* the ID that means: nothing is pending (IHI 0048, 4.4.4) */
#define GICV2_ID(iar) (0x3ffu & (iar))

struct gicv2_config {
    uintptr_t distributor;   /* GICD_*, virtual address */
    uintptr_t cpu_interface; /* GICC_*, virtual address: each CPU sees its own there */
};

/* Called in interrupt context, with interrupts masked, between acknowledge and end of interrupt. */
typedef void (*gicv2_handler)(void *context, uint32_t id);

struct gicv2 {
    const struct gicv2_config *config;
    uint32_t ids;       /* how many the distributor has */
    uint32_t spurious;  /* acknowledges that found nothing */
    uint32_t unhandled; /* interrupts that came without a handler: they are disabled at once */
    struct {
        gicv2_handler handler;
        void *context;
    } handlers[GICV2_HANDLERS];
};

/* Distributor: everything disabled, nothing pending, SPIs level-sensitive, to the calling CPU, at middle priority; then this
 * CPU's interface. On the first CPU, once, with interrupts masked. False: no distributor answers at the address. */
BATON_MUST_CHECK bool gicv2_init(struct gicv2 *gic);

/* The calling CPU's interface and its private interrupts: SGIs and PPIs disabled, all priorities let through. */
void gicv2_init_cpu(const struct gicv2_config *config);

/* Sets the handler of an ID (NULL: none); takes effect at once. False: the distributor has no such ID, or it is beyond the
 * table. Disable the ID first if it may fire. */
BATON_MUST_CHECK bool gicv2_set_handler(struct gicv2 *gic, uint32_t id, gicv2_handler handler, void *context);

void gicv2_enable(const struct gicv2_config *config, uint32_t id);

/* On return the distributor forwards it no more. One that a CPU has acknowledged already still runs. SGIs are permanently enabled on some
 * implementations, QEMU's among them (IHI 0048, 4.3.5). */
void gicv2_disable(const struct gicv2_config *config, uint32_t id);

/* 0 is the most urgent, 255 never comes through; implementations keep at least the upper 4 bits. */
void gicv2_set_priority(const struct gicv2_config *config, uint32_t id, uint8_t priority);

/* CPUs that an SPI goes to, a bit each. SGIs and PPIs have no such choice. */
void gicv2_set_target(const struct gicv2_config *config, uint32_t id, uint8_t cpus);

/* Edge-triggered or level-sensitive: SPIs; disabled while it is changed. Two callers at once, for IDs of the same register, lose one. */
void gicv2_set_edge(const struct gicv2_config *config, uint32_t id, bool edge);

/* SPIs and PPIs. Setting an edge-triggered one pending is raising it: a store that any bus master can make. */
void gicv2_set_pending(const struct gicv2_config *config, uint32_t id);
void gicv2_clear_pending(const struct gicv2_config *config, uint32_t id);
bool gicv2_is_pending(const struct gicv2_config *config, uint32_t id);

/* Sends SGI id (0 to 15) to CPUs, a bit each. What they shall see in memory is complete before: a DSB is in here. */
void gicv2_send_sgi(const struct gicv2_config *config, uint32_t id, uint8_t cpus);
void gicv2_send_sgi_to_self(const struct gicv2_config *config, uint32_t id);

/* GICC_IAR: takes the most urgent pending interrupt of the calling CPU (GICV2_ID() of it, GICV2_SPURIOUS for none); the same value
 * goes to gicv2_end(). */
uint32_t gicv2_acknowledge(const struct gicv2_config *config);
void gicv2_end(const struct gicv2_config *config, uint32_t iar);

/* The calling CPU's IRQ: runs the handlers of all that is pending, a bounded number of them. */
void gicv2_dispatch(struct gicv2 *gic);

#endif
