/* SPDX-License-Identifier: MIT */
/*
 * Starting a CPU by the system registers' flags (SYS_FLAGS; RealView PBX-A9, DUI 0440, chapter 4), or out of boot/'s pen: QEMU starts all CPUs at the
 * image's entry if it is an ELF file, and plays the monitor if not. Called by boot/smp.c on CPU 0.
 */
#include "boards/common/start_flags.h"

#include "boards/common/gic.h"
#include "boot/registers/mmio.h"
#include "boot/smp.h"

#define FLAGS_CLEAR 4u /* from FLAGS_SET */
#define WAKE 0u        /* SGI */

bool start_by_flags(uint32_t mpidr, uint32_t entry)
{
    mmio_write32(board_flags + FLAGS_CLEAR, 0xffffffff);
    mmio_write32(board_flags, entry);
    if (!smp_release(mpidr, entry)) {
        return false;
    }
    gicv2_send_sgi(&board_gic, WAKE, (uint8_t)(1u << (mpidr & 7)));
    return true;
}
