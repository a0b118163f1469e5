/* SPDX-License-Identifier: MIT */
/*
 * BCM2836 local and BCM2835 interrupt controllers. Called by boards; touches their registers and struct bcm2836_interrupts.
 *
 * Barriers: an interrupt comes between two accesses of whatever it interrupts, and the bus may answer different peripherals out of
 * order. So the dispatcher has one before its first access, one behind its last, and one behind each handler (BCM2835 ARM Peripherals,
 * 1.3).
 */
#include "drivers/bcm2836_interrupts.h"

#include "boot/registers/barrier.h"
#include "boot/registers/mmio.h"

#include <stddef.h>

#define GPU_INTERRUPTS_ROUTING 0x0cu
#define PMU_INTERRUPTS_CLEAR 0x14u
#define LOCAL_TIMER_CONTROL 0x34u
#define CORE0_TIMERS_CONTROL 0x40u
#define CORE0_MAILBOXES_CONTROL 0x50u
#define CORE0_IRQ_SOURCE 0x60u

#define IRQ_BASIC_PENDING 0x00u
#define IRQ_PENDING(word) (0x04u + 4 * (word))
#define FIQ_CONTROL 0x0cu
#define ENABLE_IRQS(word) (0x10u + 4 * (word)) /* the third word is the basic one */
#define DISABLE_IRQS(word) (0x1cu + 4 * (word))

#define SOURCE_GPU (1u << 8)
#define BASIC_ARM 0xffu
#define SOURCE_TIMERS 0xfu

static uint32_t local_get(const struct bcm2836_interrupts *interrupts, uint32_t reg)
{
    return mmio_read32(interrupts->config->local + reg);
}

static void local_set(const struct bcm2836_interrupts *interrupts, uint32_t reg, uint32_t value)
{
    mmio_write32(interrupts->config->local + reg, value);
}

static uint32_t get(const struct bcm2836_interrupts *interrupts, uint32_t reg)
{
    return mmio_read32(interrupts->config->peripherals + reg);
}

static void set(const struct bcm2836_interrupts *interrupts, uint32_t reg, uint32_t value)
{
    mmio_write32(interrupts->config->peripherals + reg, value);
}

void bcm2836_interrupts_init(struct bcm2836_interrupts *interrupts)
{
    interrupts->unhandled = 0;
    for (uint32_t id = 0; id < BCM2836_INTERRUPTS; id++) {
        interrupts->handlers[id].handler = NULL;
    }
    dmb();
    set(interrupts, FIQ_CONTROL, 0);
    for (uint32_t word = 0; word < 3; word++) {
        set(interrupts, DISABLE_IRQS(word), 0xffffffff);
    }
    dmb();
    local_set(interrupts, CORE0_TIMERS_CONTROL, 0);
    local_set(interrupts, CORE0_MAILBOXES_CONTROL, 0);
    local_set(interrupts, LOCAL_TIMER_CONTROL, 0);
    local_set(interrupts, PMU_INTERRUPTS_CLEAR, 0xff);
    local_set(interrupts, GPU_INTERRUPTS_ROUTING, 0); /* IRQ and FIQ to the first core */
    dmb();
}

static void enable(const struct bcm2836_interrupts *interrupts, uint32_t id, bool on)
{
    dmb();
    if (id < BCM2836_LOCAL(0)) {
        set(interrupts, on ? ENABLE_IRQS(id / 32) : DISABLE_IRQS(id / 32), 1u << id % 32);
    } else {
        const uint32_t bit = 1u << (id - BCM2836_LOCAL(0));
        const uint32_t control = local_get(interrupts, CORE0_TIMERS_CONTROL);

        local_set(interrupts, CORE0_TIMERS_CONTROL, on ? control | bit : control & ~bit);
    }
    dmb();
}

bool bcm2836_handle(struct bcm2836_interrupts *interrupts, uint32_t id, bcm2836_handler handler, void *context)
{
    if (id >= BCM2836_INTERRUPTS || handler == NULL) {
        return false;
    }
    interrupts->handlers[id].context = context;
    __atomic_store_n(&interrupts->handlers[id].handler, handler, __ATOMIC_RELEASE);
    enable(interrupts, id, true);
    return true;
}

void bcm2836_disable(const struct bcm2836_interrupts *interrupts, uint32_t id)
{
    if (id < BCM2836_INTERRUPTS) {
        enable(interrupts, id, false);
    }
}

static void run(struct bcm2836_interrupts *interrupts, uint32_t first, uint32_t pending)
{
    while (pending != 0) {
        const uint32_t bit = (uint32_t)__builtin_ctz(pending), id = first + bit;

        pending &= pending - 1;
        if (interrupts->handlers[id].handler != NULL) {
            interrupts->handlers[id].handler(interrupts->handlers[id].context, id);
            dmb();
        } else {
            interrupts->unhandled++;
            bcm2836_disable(interrupts, id);
        }
    }
}

void bcm2836_dispatch(struct bcm2836_interrupts *interrupts)
{
    dmb();
    const uint32_t source = local_get(interrupts, CORE0_IRQ_SOURCE);

    dmb();
    run(interrupts, BCM2836_LOCAL(0), source & SOURCE_TIMERS);
    if ((source & SOURCE_GPU) != 0) {
        /* The pending registers themselves: of some interrupts the basic one has a copy instead of a hint (chapter 7.5). */
        const uint32_t basic = get(interrupts, IRQ_BASIC_PENDING) & BASIC_ARM;
        const uint32_t pending[2] = {get(interrupts, IRQ_PENDING(0)), get(interrupts, IRQ_PENDING(1))};

        dmb();
        run(interrupts, BCM2836_ARM(0), basic);
        run(interrupts, 0, pending[0]);
        run(interrupts, 32, pending[1]);
    }
}
