/* SPDX-License-Identifier: MIT */
/*
 * QEMU virt before main(): settings that everything else depends on, the non-cacheable window, interrupts, time. Called by
 * boot/ on CPU 0, once.
 */
#include "boards/virt/board.h"

#include "boards/virt/machine.h"
#include "boot/board.h"
#include "boot/exception.h"
#include "boot/image.h"
#include "boot/mmu.h"

#include <stdio.h>
#include <stdlib.h>

struct virt_uncached virt_uncached __attribute__((section(".uncached"), aligned(64)));

const struct gicv2_config virt_gic_config = {.distributor = VIRT_GIC_DISTRIBUTOR, .cpu_interface = VIRT_GIC_CPU};
struct gicv2 virt_gic = {.config = &virt_gic_config};
struct timer virt_timer;
struct pl011 virt_uart = {.config = {.base = VIRT_UART, .poll_limit = 1000000}};
struct fw_cfg_config virt_fw_cfg = {
    .base = VIRT_FW_CFG,
    .descriptor = &virt_uncached.fw_cfg,
    .poll_limit = 100000000,
};
uint32_t virt_bus_offset;
volatile uint32_t virt_interrupts;

_Noreturn void virt_give_up(const char *what, const char *why)
{
    printf("virt: %s: %s\n", what, why);
    exit(EXIT_FAILURE);
}

static void irq(void *context)
{
    virt_interrupts = virt_interrupts + 1;
    gicv2_dispatch(context);
}

static void timer_irq(void *context, uint32_t id)
{
    (void)id;
    timer_interrupt(context);
}

static uint32_t read_bus_offset(void)
{
    struct fw_cfg_file file;
    char text[16];
    char *end;

    if (fw_cfg_find(&virt_fw_cfg, "opt/baton/bus-offset", &file) != FW_CFG_OK) {
        return 0;
    }
    if (file.size == 0 || file.size >= sizeof(text) ||
        fw_cfg_read_text(&virt_fw_cfg, &file, text, file.size) != FW_CFG_OK) {
        virt_give_up("opt/baton/bus-offset", "empty, or too long for a number");
    }
    text[file.size] = '\0';
    unsigned long offset = strtoul(text, &end, 0);
    if (*end != '\0' || offset % MMU_PAGE != 0 || (offset != 0 && offset != VIRT_RAM_HALF)) {
        virt_give_up("opt/baton/bus-offset", "neither 0 nor 0x08000000, where the board has room for the bus's view");
    }
    return (uint32_t)offset;
}

static void touch(void *address)
{
    (void)*(volatile uint32_t *)address;
}

/* QEMU refuses accesses beyond its RAM with an external abort. */
static bool answers(uintptr_t address)
{
    struct abort_record record;

    return abort_guard(touch, (void *)address, &record);
}

/* What we hand out and what devices are told must be there. Its end is looked at: RAM is one block. */
static void check_memory(void)
{
    uintptr_t last = (uintptr_t)__pool_end - sizeof(uint32_t);
    bool there = answers(last);

    if (there && virt_bus_offset != 0) {
        /* The bus's view is not for the CPU: mapped for this look only. */
        uintptr_t section = (last + virt_bus_offset) & ~(uintptr_t)(MMU_SECTION - 1);
        there = mmu_map(section, section, MMU_SECTION, MMU_UNCACHED) && answers(last + virt_bus_offset) &&
                mmu_unmap(section, MMU_SECTION);
    }
    if (!there) {
        virt_give_up("too little RAM", "QEMU needs -m 256M");
    }
}

void board_init(void)
{
    enum fw_cfg_status status = fw_cfg_probe(&virt_fw_cfg);

    if (status != FW_CFG_OK) {
        virt_give_up("fw_cfg", fw_cfg_status_text(status));
    }
    virt_bus_offset = read_bus_offset();
    check_memory();
    if (!mmu_map_uncached_window(virt_bus_offset)) {
        virt_give_up("the non-cacheable window", "it cannot be mapped");
    }
    virt_fw_cfg.descriptor_bus = (uint32_t)(uintptr_t)&virt_uncached.fw_cfg + virt_bus_offset;

    if (!timer_init(&virt_timer, 0)) {
        virt_give_up("generic timer", "its frequency is not known");
    }
    if (!gicv2_init(&virt_gic)) {
        virt_give_up("GICv2", "no answer");
    }
    exception_set_irq_handler(irq, &virt_gic);
    if (!gicv2_set_handler(&virt_gic, VIRT_PPI_TIMER, timer_irq, &virt_timer)) {
        virt_give_up("GICv2", "too few interrupts");
    }
    gicv2_enable(&virt_gic_config, VIRT_PPI_TIMER);
}
