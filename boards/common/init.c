/* SPDX-License-Identifier: MIT */
/*
 * A board before main(): the settings that everything else depends on, the uncached window, interrupts, time. Called by boot/ on
 * CPU 0, once; console and power-off at any time.
 */
#include "boards/common/board.h"

#include "boards/common/host_linked.h"
#include "boot/board.h"
#include "boot/exception.h"
#include "boot/image.h"
#include "boot/mmu.h"

#include <stdio.h>
#include <stdlib.h>

uint32_t board_bus_offset;

_Noreturn void board_give_up(const char *what, const char *why)
{
    printf("%s: %s: %s\n", board.name, what, why);
    exit(EXIT_FAILURE);
}

const struct board_host *board_host(void)
{
    return host_linked_present() ? &host_linked : board.host;
}

void board_console_write(const char *text, size_t length)
{
    board.console->write(text, length);
}

bool board_cpu_on(uint32_t mpidr, uint32_t entry)
{
    return board.cpu_on != NULL && board.cpu_on(mpidr, entry);
}

void board_power_off(int status)
{
    (void)status; /* nobody takes one but semihosting */
    if (board.power_off != NULL) {
        board.power_off();
    }
}

static uint32_t read_bus_offset(void)
{
    char text[16];
    char *end;

    if (!board_host()->text("bus-offset", text, sizeof(text))) {
        return 0;
    }
    unsigned long offset = strtoul(text, &end, 0);
    if (text[0] == '\0' || *end != '\0' || (offset != 0 && offset != board.bus_view)) {
        board_give_up("bus-offset", "neither 0 nor where the board has room for the bus's view");
    }
    return (uint32_t)offset;
}

static void touch(void *address)
{
    (void)*(volatile uint32_t *)address;
}

/* QEMU refuses accesses beyond its RAM with an external abort, on machines of later years. */
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

    if (there && board_bus_offset != 0) {
        /* The bus's view is not for the CPU: mapped for this look only. */
        uintptr_t section = (last + board_bus_offset) & ~(uintptr_t)(MMU_SECTION - 1);
        there = mmu_map(section, section, MMU_SECTION, MMU_UNCACHED) && answers(last + board_bus_offset) &&
                mmu_unmap(section, MMU_SECTION);
    }
    if (!there) {
        board_give_up("too little RAM", "less than memory.ld names, or no room for the bus's view of it (QEMU: -m)");
    }
}

void board_init(void)
{
    const char *fault = board_host()->init();

    if (fault != NULL) {
        board_give_up("settings", fault);
    }
    board_bus_offset = read_bus_offset();
    check_memory();
    if (!mmu_map_uncached_window(board_bus_offset)) {
        board_give_up("the non-cacheable window", "it cannot be mapped");
    }
    if (!board.interrupts->init()) {
        board_give_up("interrupt controller", "no answer");
    }
    exception_set_irq_handler(board_interrupt, NULL);
    if (!board.clock->init()) {
        board_give_up("clock", "its frequency is not known");
    }
}
