/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Semihosting calls read and write memory as the calling CPU does, through its caches, but no memory callback shows it.
 * ARM semihosting specification: operation in r0, address of the parameter block in r1.
 */
#include "sim/plugin/plugin.h"

#include <string.h>

/* A word of the caller's memory, through its translation. */
static bool word_at(unsigned cpu, uint32_t address, uint32_t *value)
{
    struct tlb_entry *entry = memory_translate(cpu, address);
    const uint8_t *ram = machine_ram(entry->physical + (address & 0xfff), 4);

    if (entry->attribute == ATTRIBUTE_UNMAPPED || !ram)
        return false;
    memcpy(value, ram, 4);
    memory_access_range(cpu, address, 4, false, 0);
    return true;
}

static void text_at(unsigned cpu, uint32_t address, uint32_t pc)
{
    for (uint32_t length = 0; length < 65536; length++) {
        struct tlb_entry *entry = memory_translate(cpu, address + length);
        const uint8_t *ram = machine_ram(entry->physical + ((address + length) & 0xfff), 1);

        if (entry->attribute == ATTRIBUTE_UNMAPPED || !ram || !*ram) {
            memory_access_range(cpu, address, length + (entry->attribute != ATTRIBUTE_UNMAPPED), false, pc);
            return;
        }
    }
}

void semihosting_call(unsigned cpu, uint32_t pc)
{
    uint32_t operation = machine_register(cpu, sim.cpu[cpu].core[0]);
    uint32_t block = machine_register(cpu, sim.cpu[cpu].core[1]);
    uint32_t buffer, length;

    switch (operation) {
    case 0x03: /* SYS_WRITEC */
        memory_access_range(cpu, block, 1, false, pc);
        break;
    case 0x04: /* SYS_WRITE0 */
        text_at(cpu, block, pc);
        break;
    case 0x01: /* SYS_OPEN: name, mode, length */
        if (word_at(cpu, block, &buffer) && word_at(cpu, block + 8, &length))
            memory_access_range(cpu, buffer, length, false, pc);
        break;
    case 0x05: /* SYS_WRITE: handle, buffer, length */
        if (word_at(cpu, block + 4, &buffer) && word_at(cpu, block + 8, &length))
            memory_access_range(cpu, buffer, length, false, pc);
        break;
    case 0x06: /* SYS_READ */
        if (word_at(cpu, block + 4, &buffer) && word_at(cpu, block + 8, &length))
            memory_access_range(cpu, buffer, length, true, pc);
        break;
    case 0x15: /* SYS_GET_CMDLINE: buffer, length; both written */
        if (word_at(cpu, block, &buffer) && word_at(cpu, block + 4, &length)) {
            memory_access_range(cpu, buffer, length, true, pc);
            memory_access_range(cpu, block + 4, 4, true, pc);
        }
        break;
    case 0x16: /* SYS_HEAPINFO */
        if (word_at(cpu, block, &buffer))
            memory_access_range(cpu, buffer, 16, true, pc);
        break;
    default:
        break;
    }
}
