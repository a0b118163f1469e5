/* SPDX-License-Identifier: MIT */
/*
 * virt's side of boot/board.h that works from the first instruction on: memory map, console, power-off. No state but constants.
 * Called by boot/, any CPU, any context. board_init() is in boards/virt/board.c.
 */
#include "boards/virt/machine.h"
#include "boot/board.h"
#include "boot/boot.h"
#include "boot/exception.h"
#include "drivers/pl011.h"
#include "drivers/psci.h"

const struct mmu_region board_memory_map[] = {
    {"devices", VIRT_DEVICES, VIRT_DEVICES_SIZE, MMU_DEVICE},
    {"virtio", 0x0a000000, 0x4000, MMU_DEVICE},
    {"device tree", VIRT_RAM, 0x00200000, MMU_RODATA},
    {"bus view of RAM", VIRT_RAM + VIRT_RAM_HALF, VIRT_RAM_HALF, MMU_NONE},
    {NULL, 0, 0, MMU_NONE},
};

/* Polled, and needs no initialisation: QEMU's UART is on from reset. */
static const struct pl011 console = {.config = {.base = VIRT_UART, .poll_limit = 1000000}};

void board_console_write(const char *text, size_t length)
{
    (void)pl011_write(&console, text, length);
}

static void power_off_by(void *conduit)
{
    psci_system_off(*(const enum psci_conduit *)conduit);
}

/* Guarded: entered in Secure state on a machine with Hyp mode, HVC is undefined (and QEMU offers no PSCI at all). */
void board_power_off(int status)
{
    enum psci_conduit conduit = boot_entered_in_hyp() ? PSCI_CONDUIT_SMC : PSCI_CONDUIT_HVC;
    struct abort_record record;

    (void)status; /* PSCI takes none */
    (void)abort_guard(power_off_by, &conduit, &record);
}
