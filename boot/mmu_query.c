/* SPDX-License-Identifier: MIT */
/*
 * What an address translates to: the CPU's answer, and the tables'. Called by abort reports and tests, any context.
 */
#include "boot/cpu.h"
#include "boot/mmu.h"
#include "boot/mmu_descriptor.h"
#include "boot/registers/barrier.h"

static uint32_t translate(uintptr_t address)
{
    uint32_t state = cpu_irq_save(), par; /* PAR is one register for everybody on this CPU */

    cp15_write_ATS1CPR((uint32_t)address);
    isb();
    par = cp15_read_PAR();
    cpu_irq_restore(state);
    return par;
}

bool mmu_writable(uintptr_t address)
{
    uint32_t state = cpu_irq_save(), par;

    cp15_write_ATS1CPW((uint32_t)address);
    isb();
    par = cp15_read_PAR();
    cpu_irq_restore(state);
    return (par & 1) == 0;
}

bool mmu_readable(uintptr_t address)
{
    return (translate(address) & 1) == 0;
}

struct mmu_translation mmu_lookup(uintptr_t address)
{
    const struct mmu_tables *tables = &mmu_tables_cpu;
    struct mmu_translation translation = {0};
    bool page = mmu_is_table(tables->level1[address / MMU_SECTION]);
    uintptr_t size = page ? MMU_PAGE : MMU_SECTION;
    enum mmu_attribute attribute;

    translation.par = translate(address);
    translation.descriptor = *mmu_entry_of(tables, address);
    if (translation.descriptor == 0) {
        return translation;
    }
    translation.page = page;
    translation.physical = (translation.descriptor & ~(size - 1)) | (address & (size - 1));
    for (attribute = MMU_TEXT; attribute <= MMU_DEVICE; attribute++) {
        uint32_t bits = page ? mmu_page_descriptor(tables, attribute) : mmu_section_descriptor(tables, attribute);

        if ((translation.descriptor & (size - 1)) == bits) {
            translation.attribute = attribute;
        }
    }
    return translation;
}
