/* SPDX-License-Identifier: MIT */
/*
 * Moving one burst. Touches the source and the destination only; every access is volatile, so that the compiler makes no
 * memcpy() of a loop, whose widths and order would be anybody's.
 */
#include "drivers/pl080_soft_move.h"

#include "drivers/pl080_list.h"

static uint32_t load(uint32_t address, uint32_t width)
{
    switch (width) {
    case DMA_WIDTH_8:
        return *(volatile uint8_t *)(uintptr_t)address;
    case DMA_WIDTH_16:
        return *(volatile uint16_t *)(uintptr_t)address;
    default:
        return *(volatile uint32_t *)(uintptr_t)address;
    }
}

static void store(uint32_t address, uint32_t width, uint32_t value)
{
    switch (width) {
    case DMA_WIDTH_8:
        *(volatile uint8_t *)(uintptr_t)address = (uint8_t)value;
        break;
    case DMA_WIDTH_16:
        *(volatile uint16_t *)(uintptr_t)address = (uint16_t)value;
        break;
    default:
        *(volatile uint32_t *)(uintptr_t)address = value;
        break;
    }
}

/* Eight words a step by load and store multiple: the longest bursts that the CPU's bus interface makes of non-cacheable memory. */
static void move_words(uint32_t source, uint32_t destination, uint32_t words)
{
    for (; words >= 8; words -= 8) {
        __asm__ volatile("ldmia %0!, {r3-r6, r8-r10, r12}\n\t"
                         "stmia %1!, {r3-r6, r8-r10, r12}"
                         : "+r"(source), "+r"(destination)
                         :
                         : "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r12", "memory");
    }
    for (; words != 0; words--) {
        store(destination, DMA_WIDTH_32, load(source, DMA_WIDTH_32));
        source += 4;
        destination += 4;
    }
}

void pl080_soft_move(const struct pl080_soft_move *what)
{
    uint32_t source = what->source;
    uint32_t destination = what->destination;
    uint32_t source_step = what->source_increment ? 1u << what->source_width : 0;
    uint32_t destination_step = what->destination_increment ? 1u << what->destination_width : 0;
    uint32_t destination_bytes = 1u << what->destination_width;
    uint64_t fifo = 0; /* bytes on their way, the oldest lowest */
    uint32_t held = 0; /* how many */

    if (source_step == 4 && destination_step == 4) {
        move_words(source, destination, what->transfers);
        return;
    }
    for (uint32_t i = 0; i < what->transfers; i++) {
        fifo |= (uint64_t)load(source, what->source_width) << (8 * held);
        held += 1u << what->source_width;
        source += source_step;
        while (held >= destination_bytes) {
            store(destination, what->destination_width, (uint32_t)fifo);
            fifo >>= 8 * destination_bytes;
            held -= destination_bytes;
            destination += destination_step;
        }
    }
}
