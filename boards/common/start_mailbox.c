/* SPDX-License-Identifier: MIT */
/*
 * Starting a CPU by a boot ROM's mailbox, or out of boot/'s pen: QEMU has no ROM and starts all CPUs at the image's entry. Called by
 * boot/smp.c on CPU 0.
 */
#include "boards/common/start_mailbox.h"

#include "boards/common/gic.h"
#include "boot/mmu.h"
#include "boot/registers/barrier.h"
#include "boot/registers/mmio.h"
#include "boot/smp.h"

#define WAKE 0u /* SGI, for the pen; the ROM waits for an event, which smp_release() sends */

bool start_by_mailbox(uint32_t mpidr, uint32_t entry)
{
    const uintptr_t section = board_mailbox & ~(uintptr_t)(MMU_SECTION - 1);

    if (!mmu_map(section, section, MMU_SECTION, MMU_DEVICE)) {
        return false;
    }
    mmio_write32(board_mailbox, entry);
    dsb(); /* before the mapping goes, and before the event */
    if (!mmu_unmap(section, MMU_SECTION) || !smp_release(mpidr, entry)) {
        return false;
    }
    gicv2_send_sgi(&board_gic, WAKE, (uint8_t)(1u << (mpidr & 7)));
    return true;
}
