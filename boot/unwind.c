/* SPDX-License-Identifier: MIT */
/*
 * A reader of EHABI unwind tables: finds a function's entry in .ARM.exidx and runs its frame-unwinding instructions on a
 * set of registers. Knows the three compact models' byte code; personality data is not looked at. Called by boot/report.c.
 */
#include "boot/unwind.h"

#include "boot/image.h"
#include "boot/mmu.h"

#define SP 13
#define LR 14
#define PC 15
#define EXIDX_CANTUNWIND 1u

struct unwind_entry {
    uint32_t function; /* prel31 */
    uint32_t content;  /* inline byte code (bit 31), EXIDX_CANTUNWIND, or prel31 to an .ARM.extab entry */
};

/* The byte code of one function. */
struct code {
    const uint32_t *word;
    unsigned bytes; /* left, the current word's included */
    unsigned shift; /* of the next byte in *word, 24 down to 0 */
};

static uint32_t prel31(const uint32_t *place)
{
    uint32_t offset = *place & 0x7fffffff;

    return (uint32_t)(uintptr_t)place + (offset | (offset & 0x40000000) << 1);
}

static bool in_text(uint32_t address)
{
    return address >= (uintptr_t)__text_start && address < (uintptr_t)__text_end;
}

static bool load(uint32_t address, uint32_t *value)
{
    /* Only the image's RAM: a mapped address elsewhere could be a device's, or nobody's. */
    if ((address & 3) != 0 || address < (uintptr_t)__image_start || address >= (uintptr_t)__pool_end ||
        !mmu_readable(address)) {
        return false;
    }
    *value = *(const volatile uint32_t *)(uintptr_t)address;
    return true;
}

/* The last entry whose function begins at or before pc. */
static const struct unwind_entry *find_entry(uint32_t pc)
{
    const struct unwind_entry *low = (const void *)__exidx_start;
    const struct unwind_entry *high = (const void *)__exidx_end;

    while (high - low > 1) {
        const struct unwind_entry *middle = low + (high - low) / 2;

        if (prel31(&middle->function) <= pc) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low < high && prel31(&low->function) <= pc ? low : NULL;
}

static uint32_t next_byte(struct code *code)
{
    uint32_t byte;

    if (code->bytes == 0) {
        return 0xb0; /* finish */
    }
    byte = *code->word >> code->shift & 0xff;
    code->bytes--;
    if (code->shift == 0) {
        code->shift = 24;
        code->word++;
    } else {
        code->shift -= 8;
    }
    return byte;
}

static bool open_code(const struct unwind_entry *entry, struct code *code)
{
    const uint32_t *word;
    uint32_t model;

    if (entry->content == EXIDX_CANTUNWIND) {
        return false;
    }
    if ((entry->content & 0x80000000) != 0) {
        *code = (struct code){&entry->content, 3, 16};
        return true;
    }
    word = (const uint32_t *)(uintptr_t)prel31(&entry->content);
    if ((*word & 0x80000000) == 0) {
        return false; /* a personality routine of its own: not C */
    }
    model = *word >> 24 & 0xf;
    if (model == 0) {
        *code = (struct code){word, 3, 16};
    } else {
        *code = (struct code){word, 2 + 4 * (*word >> 16 & 0xff), 8};
    }
    return model <= 2;
}

/* Pops the registers of mask, r0 first. */
static bool pop(uint32_t registers[16], uint32_t mask)
{
    uint32_t sp = registers[SP];
    unsigned i;

    for (i = 0; i < 16; i++) {
        if ((mask & (1u << i)) != 0) {
            if (!load(sp, &registers[i])) {
                return false;
            }
            sp += 4;
        }
    }
    if ((mask & (1u << SP)) == 0) {
        registers[SP] = sp;
    }
    return true;
}

static uint32_t uleb128(struct code *code)
{
    uint32_t value = 0, byte;
    unsigned shift = 0;

    do {
        byte = next_byte(code);
        value |= (byte & 0x7f) << shift;
        shift += 7;
    } while ((byte & 0x80) != 0 && shift < 28);
    return value;
}

/* One instruction of EHABI32, 10.3 "Frame unwinding instructions". */
static bool step(struct code *code, uint32_t byte, uint32_t registers[16], bool *popped_pc)
{
    uint32_t mask, low = byte & 0xf;

    if (byte < 0x80) { /* vsp +- 4 to 256 */
        uint32_t size = ((byte & 0x3f) << 2) + 4;

        registers[SP] += (byte & 0x40) != 0 ? 0u - size : size;
        return true;
    }
    switch (byte & 0xf0) {
    case 0x80: /* pop r4-r15 under mask; mask 0: refuse */
        mask = (low << 8 | next_byte(code)) << 4;
        *popped_pc = (mask & (1u << PC)) != 0;
        return mask != 0 && pop(registers, mask);
    case 0x90: /* vsp = r[low] */
        registers[SP] = registers[low];
        return low != SP && low != PC;
    case 0xa0: /* pop r4-r[4 + low], and lr */
        mask = ((2u << (low & 7)) - 1) << 4;
        return pop(registers, mask | (low & 8) << (LR - 3));
    case 0xb0:
        if (byte == 0xb1) { /* pop r0-r3 under mask */
            mask = next_byte(code);
            return mask != 0 && mask < 0x10 && pop(registers, mask);
        }
        if (byte == 0xb2) {
            registers[SP] += 0x204 + (uleb128(code) << 2);
            return true;
        }
        if (byte == 0xb3) { /* VFP registers saved by FSTMFDX: a word of format follows them */
            registers[SP] += ((next_byte(code) & 0xf) + 1) * 8 + 4;
            return true;
        }
        if (byte >= 0xb8) {
            registers[SP] += ((byte & 7) + 1) * 8 + 4;
            return true;
        }
        return false;
    case 0xc0:
        if (byte == 0xc8 || byte == 0xc9) { /* VFP registers saved by VPUSH */
            registers[SP] += ((next_byte(code) & 0xf) + 1) * 8;
            return true;
        }
        return false;
    case 0xd0:
        if (byte < 0xd8) {
            registers[SP] += ((byte & 7) + 1) * 8;
            return true;
        }
        return false;
    default:
        return false;
    }
}

/* Turns the registers inside a function into its caller's at the return address. */
static bool unwind_frame(uint32_t registers[16])
{
    const struct unwind_entry *entry = find_entry(registers[PC]);
    struct code code;
    bool popped_pc = false;
    uint32_t byte;

    if (entry == NULL || !open_code(entry, &code)) {
        return false;
    }
    while ((byte = next_byte(&code)) != 0xb0) {
        if (!step(&code, byte, registers, &popped_pc)) {
            return false;
        }
    }
    if (!popped_pc) {
        registers[PC] = registers[LR];
    }
    return true;
}

size_t unwind_backtrace(const uint32_t registers[16], uint32_t *pcs, size_t capacity)
{
    uint32_t frame[16], before_pc, before_sp;
    const struct unwind_entry *entry;
    size_t count = 0, i;

    for (i = 0; i < 16; i++) {
        frame[i] = registers[i];
    }
    if (capacity == 0) {
        return 0;
    }
    pcs[count++] = frame[PC];

    /* A jump to nowhere, and a function's first instruction (the push that met a guard page), have built no frame yet: the caller is
     * in lr. The tables describe a function's body alone. */
    entry = in_text(frame[PC]) ? find_entry(frame[PC]) : NULL;
    if (entry == NULL || prel31(&entry->function) == frame[PC]) {
        frame[PC] = frame[LR];
    } else if (!unwind_frame(frame)) {
        return count;
    }

    while (count < capacity && in_text(frame[PC])) {
        frame[PC] = (frame[PC] & ~1u) - 2; /* into the call, whose last halfword it is in either state */
        pcs[count++] = frame[PC];
        before_pc = frame[PC];
        before_sp = frame[SP];
        if (!unwind_frame(frame) || ((frame[PC] & ~1u) - 2 == before_pc && frame[SP] == before_sp)) {
            break;
        }
    }
    return count;
}
