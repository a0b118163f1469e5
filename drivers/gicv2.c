/* SPDX-License-Identifier: MIT */
/*
 * GICv2. Register names and bits: ARM IHI 0048B, chapter 4. Called by boards and their interrupt entry; touches its
 * registers and struct gicv2 only.
 */
#include "drivers/gicv2.h"

#include "boot/registers/barrier.h"
#include "boot/registers/mmio.h"

#define GICD_CTLR 0x000u
#define GICD_TYPER 0x004u
#define GICD_ISENABLER 0x100u
#define GICD_ICENABLER 0x180u
#define GICD_ISPENDR 0x200u
#define GICD_ICPENDR 0x280u
#define GICD_ICACTIVER 0x380u
#define GICD_IPRIORITYR 0x400u
#define GICD_ITARGETSR 0x800u
#define GICD_ICFGR 0xc00u
#define GICC_CTLR 0x000u
#define GICC_PMR 0x004u
#define GICC_BPR 0x008u
#define GICC_IAR 0x00cu
#define GICC_EOIR 0x010u

#define SPI_FIRST 32u
#define PRIORITY_MIDDLE 0xa0u
#define DISPATCH_LIMIT 64u /* interrupts in one entry: a source that never falls silent cannot keep the CPU in here */

/* The 32-bit register of a bit-per-ID array. */
static uintptr_t word_of(const struct gicv2_config *config, uint32_t array, uint32_t id)
{
    return config->distributor + array + 4 * (id / 32);
}

static uint32_t bit_of(uint32_t id)
{
    return 1u << (id % 32);
}

void gicv2_init_cpu(const struct gicv2_config *config)
{
    mmio_write32(config->distributor + GICD_ICENABLER, 0xffffffffu);
    mmio_write32(config->distributor + GICD_ICACTIVER, 0xffffffffu);
    mmio_write32(config->distributor + GICD_ICPENDR, 0xffff0000u); /* the PPIs; what SGIs are pending is left */
    for (uint32_t id = 0; id < SPI_FIRST; id++) {
        mmio_write8(config->distributor + GICD_IPRIORITYR + id, PRIORITY_MIDDLE);
    }
    mmio_write32(config->cpu_interface + GICC_PMR, 0xff);
    mmio_write32(config->cpu_interface + GICC_BPR, 0);
    mmio_write32(config->cpu_interface + GICC_CTLR, 1);
}

bool gicv2_init(struct gicv2 *gic)
{
    const struct gicv2_config *config = gic->config;
    uint32_t ids = 32 * ((mmio_read32(config->distributor + GICD_TYPER) & 0x1f) + 1);
    uint8_t self =
        mmio_read8(config->distributor + GICD_ITARGETSR); /* of an SGI: the reader's own bit (IHI 0048, 4.3.12) */

    /* On a single CPU these registers read as zero; then the target does not matter. */
    mmio_write32(config->distributor + GICD_CTLR, 0);
    if (mmio_read32(config->distributor + GICD_CTLR) != 0) {
        return false;
    }
    for (uint32_t id = SPI_FIRST; id < ids; id += 32) {
        mmio_write32(word_of(config, GICD_ICENABLER, id), 0xffffffffu);
        mmio_write32(word_of(config, GICD_ICPENDR, id), 0xffffffffu);
        mmio_write32(word_of(config, GICD_ICACTIVER, id), 0xffffffffu);
    }
    for (uint32_t id = SPI_FIRST; id < ids; id += 16) {
        mmio_write32(config->distributor + GICD_ICFGR + id / 4, 0);
    }
    for (uint32_t id = SPI_FIRST; id < ids; id++) {
        mmio_write8(config->distributor + GICD_IPRIORITYR + id, PRIORITY_MIDDLE);
        mmio_write8(config->distributor + GICD_ITARGETSR + id, self);
    }
    gic->ids = ids;
    gic->spurious = 0;
    gic->unhandled = 0;
    gicv2_init_cpu(config);
    mmio_write32(config->distributor + GICD_CTLR, 1);
    return (mmio_read32(config->distributor + GICD_CTLR) & 1) != 0;
}

bool gicv2_set_handler(struct gicv2 *gic, uint32_t id, gicv2_handler handler, void *context)
{
    if (id >= gic->ids || id >= GICV2_HANDLERS) {
        return false;
    }
    /* No handler while the context changes: one of the two would meet the other's. */
    gic->handlers[id].handler = NULL;
    __asm__ volatile("" ::: "memory");
    gic->handlers[id].context = context;
    __asm__ volatile("" ::: "memory");
    gic->handlers[id].handler = handler;
    return true;
}

void gicv2_enable(const struct gicv2_config *config, uint32_t id)
{
    mmio_write32(word_of(config, GICD_ISENABLER, id), bit_of(id));
}

void gicv2_disable(const struct gicv2_config *config, uint32_t id)
{
    mmio_write32(word_of(config, GICD_ICENABLER, id), bit_of(id));
    dsb();
}

void gicv2_set_priority(const struct gicv2_config *config, uint32_t id, uint8_t priority)
{
    mmio_write8(config->distributor + GICD_IPRIORITYR + id, priority);
}

void gicv2_set_target(const struct gicv2_config *config, uint32_t id, uint8_t cpus)
{
    mmio_write8(config->distributor + GICD_ITARGETSR + id, cpus);
}

void gicv2_set_edge(const struct gicv2_config *config, uint32_t id, bool edge)
{
    uintptr_t address = config->distributor + GICD_ICFGR + 4 * (id / 16);
    uint32_t bit = 2u << (2 * (id % 16));
    uint32_t value = mmio_read32(address);

    mmio_write32(address, edge ? value | bit : value & ~bit);
}

void gicv2_set_pending(const struct gicv2_config *config, uint32_t id)
{
    dsb(); /* what the handler shall see is complete before */
    mmio_write32(word_of(config, GICD_ISPENDR, id), bit_of(id));
}

void gicv2_clear_pending(const struct gicv2_config *config, uint32_t id)
{
    mmio_write32(word_of(config, GICD_ICPENDR, id), bit_of(id));
}

bool gicv2_is_pending(const struct gicv2_config *config, uint32_t id)
{
    return (mmio_read32(word_of(config, GICD_ISPENDR, id)) & bit_of(id)) != 0;
}

void gicv2_send_sgi(const struct gicv2_config *config, uint32_t id, uint8_t cpus)
{
    dsb();
    mmio_write32(config->distributor + GICV2_SGIR, (uint32_t)cpus << 16 | (id & 15));
}

void gicv2_send_sgi_to_self(const struct gicv2_config *config, uint32_t id)
{
    dsb();
    mmio_write32(config->distributor + GICV2_SGIR, GICV2_SGIR_SELF | (id & 15));
}

uint32_t gicv2_acknowledge(const struct gicv2_config *config)
{
    uint32_t iar = mmio_read32(config->cpu_interface + GICC_IAR);

    /* What the sender stored before it raised the interrupt is read after this. */
    dmb();
    return iar;
}

void gicv2_end(const struct gicv2_config *config, uint32_t iar)
{
    /* The handler's device accesses first: a level that it has cleared must not come back. */
    dsb();
    mmio_write32(config->cpu_interface + GICC_EOIR, iar);
}

void gicv2_dispatch(struct gicv2 *gic)
{
    for (uint32_t n = 0; n < DISPATCH_LIMIT; n++) {
        uint32_t iar = gicv2_acknowledge(gic->config);
        uint32_t id = GICV2_ID(iar);

        if (id >= gic->ids) {
            /* 1023, or 1022 for the other group. The last round of each entry ends here: that is no spurious interrupt. */
            if (n == 0) {
                gic->spurious++;
            }
            return;
        }
        if (id < GICV2_HANDLERS && gic->handlers[id].handler != NULL) {
            gic->handlers[id].handler(gic->handlers[id].context, id);
        } else {
            gic->unhandled++;
            gicv2_disable(gic->config, id);
        }
        gicv2_end(gic->config, iar);
    }
}
