/* SPDX-License-Identifier: MIT */
/*
 * What boot/ has mapped, and that the CPU holds to it. What would break it: a section with another attribute, DACR as
 * manager, XN or AP bits left out, a mapped null page, a window that is not zeroed.
 */
#include "apps/platform.h"
#include "boot/exception.h"
#include "boot/fault.h"
#include "boot/image.h"
#include "boot/mmu.h"
#include "boot/registers/cp15.h"
#include "boot/stack.h"
#include "tests/target/support/hardware.h"
#include "tests/target/support/tap.h"

#include <stdlib.h>

/* Short-descriptor page bits, spelled out here again on purpose (ARM ARM B3.5.1): XN, AP, TEX C B, S. */
#define BITS_TEXT 0x65eu     /* small page, C B, TEX 001, AP 01 + AP2, S, X */
#define BITS_RODATA 0x65fu   /* the same, XN */
#define BITS_DATA 0x45fu     /* AP2 clear */
#define BITS_UNCACHED 0x453u /* no C B */
#define BITS_SECTION_DEVICE 0x10416u
#define BITS_SECTION_DEVICE_ALONE 0x2412u /* TEX 010, no C B: not shareable. Without the multiprocessing extensions */
/* S: of a core that has others beside it only. One that has none may not cache Shareable memory (Cortex-A8). */
#define PAGE_S 0x400u
#define SECTION_S 0x10000u

static const unsigned constant = 5;
static unsigned variable;
static unsigned uncached[4] __attribute__((section(".uncached"), aligned(64)));

static void load(void *address)
{
    (void)*(volatile uint32_t *)address;
}

static void store(void *address)
{
    *(volatile uint32_t *)address = 0x5a5a5a5a;
}

static void execute(void *address)
{
    ((void (*)(void))address)();
}

static void mapped(const char *what, const void *address, uint32_t offset, enum mmu_attribute attribute, uint32_t bits)
{
    uint32_t physical = (uint32_t)(uintptr_t)address + offset;
    struct mmu_translation is = mmu_lookup((uintptr_t)address);
    uint32_t low = is.page ? MMU_PAGE - 1 : MMU_SECTION - 1;

    tap_ok(is.attribute == attribute && is.physical == physical, "%s: attribute and address", what);
    if ((cp15_read_MPIDR() & 0xc0000000) != 0x80000000) {
        bits &= is.page ? ~PAGE_S : ~SECTION_S;
    }
    tap_equal(is.descriptor & low, bits, "%s: descriptor", what);
    tap_ok((is.par & 1) == 0 && (is.par & ~0xfffu) == (physical & ~0xfffu), "%s: the CPU translates alike", what);
}

static void refused(const char *what, void (*function)(void *), const void *address, enum exception_kind kind,
                    enum fault_status status)
{
    struct abort_record record = {.kind = EXCEPTION_FIQ};
    bool returned = abort_guard(function, (void *)(uintptr_t)address, &record);
    uintptr_t at = (uintptr_t)address & ~(uintptr_t)1;

    tap_ok(!returned && record.kind == kind && fault_status(record.status) == status &&
               (kind != EXCEPTION_DATA_ABORT || fault_is_write(record.status) == (function == store)) &&
               record.address == at,
           "%s: %s", what, fault_text((uint32_t)(status & 0xf) | (status & 0x10u) << 6));
    if (returned || record.address != at || fault_status(record.status) != status) {
        tap_note("returned %d, kind %d, status %08lx, address %08lx", returned, record.kind,
                 (unsigned long)record.status, (unsigned long)record.address);
    }
}

static void nobody(uintptr_t at)
{
    tap_ok(mmu_map(at, at, MMU_SECTION, MMU_DEVICE) && mmu_lookup(at).attribute == MMU_DEVICE,
           "a place without a device is mapped");
    refused("read where the bus has nobody", load, (const void *)at, EXCEPTION_DATA_ABORT, FAULT_EXTERNAL);
    refused("write where the bus has nobody", store, (const void *)at, EXCEPTION_DATA_ABORT, FAULT_EXTERNAL);
    tap_ok(mmu_unmap(at, MMU_SECTION), "and unmapped");
    refused("read there", load, (const void *)at, EXCEPTION_DATA_ABORT, FAULT_TRANSLATION_SECTION);
}

int main(void)
{
    uint32_t on_stack = 0x4770; /* bx lr */
    uint32_t *on_heap = malloc(64);
    const struct platform *board = platform();
    const struct hardware *hw = hardware();
    const uint32_t device = (uint32_t)hw->console;

    tap_plan(hw->nobody != 0 ? 39 : 34);

    mapped("text", (const void *)((uintptr_t)main & ~1u), 0, MMU_TEXT, BITS_TEXT);
    mapped("rodata", &constant, 0, MMU_RODATA, BITS_RODATA);
    mapped("data", &variable, 0, MMU_DATA, BITS_DATA);
    mapped("stack", &on_stack, 0, MMU_DATA, BITS_DATA);
    /* At its address on the bus: the same, or in the upper half of RAM where the simulator has the bus's view. */
    uint32_t offset = (uint32_t)(mmu_lookup((uintptr_t)uncached).physical - (uintptr_t)uncached);
    mapped("uncached", uncached, offset == hw->bus_view ? offset : 0, MMU_UNCACHED, BITS_UNCACHED);
    mapped("a device", (const void *)(uintptr_t)device, 0, MMU_DEVICE,
           (cp15_read_MPIDR() & 0x80000000) != 0 ? BITS_SECTION_DEVICE : BITS_SECTION_DEVICE_ALONE);
    tap_ok(mmu_lookup((uintptr_t)board->memory.cpu).attribute == MMU_DATA &&
               !mmu_lookup((uintptr_t)board->memory.cpu).page,
           "the pool is cacheable, in sections");
    tap_ok((mmu_lookup(0).par & 1) != 0 && mmu_lookup(0).attribute == MMU_NONE, "address 0 translates to nothing");

    refused("write to text", store, (const void *)((uintptr_t)main & ~3u), EXCEPTION_DATA_ABORT, FAULT_PERMISSION_PAGE);
    refused("write to rodata", store, &constant, EXCEPTION_DATA_ABORT, FAULT_PERMISSION_PAGE);
    refused("execution of rodata", execute, (const void *)((uintptr_t)&constant | 1), EXCEPTION_PREFETCH_ABORT,
            FAULT_PERMISSION_PAGE);
    refused("execution of data", execute, (const void *)((uintptr_t)&variable | 1), EXCEPTION_PREFETCH_ABORT,
            FAULT_PERMISSION_PAGE);
    refused("execution of the stack", execute, (const void *)((uintptr_t)&on_stack | 1), EXCEPTION_PREFETCH_ABORT,
            FAULT_PERMISSION_PAGE);
    refused("execution of the heap", execute, (const void *)((uintptr_t)on_heap | 1), EXCEPTION_PREFETCH_ABORT,
            mmu_lookup((uintptr_t)on_heap).page ? FAULT_PERMISSION_PAGE : FAULT_PERMISSION_SECTION);
    refused("execution of the pool", execute, (const void *)((uintptr_t)board->memory.cpu | 1),
            EXCEPTION_PREFETCH_ABORT, FAULT_PERMISSION_SECTION);
    refused("execution of a device", execute, (const void *)(uintptr_t)(device | 1), EXCEPTION_PREFETCH_ABORT,
            FAULT_PERMISSION_SECTION);
    /* Where the image lies in the first section that one is mapped by pages. */
    const uint32_t null = (uintptr_t)__image_start < MMU_SECTION ? FAULT_TRANSLATION_PAGE : FAULT_TRANSLATION_SECTION;
    refused("read of null", load, NULL, EXCEPTION_DATA_ABORT, null);
    refused("write to null", store, NULL, EXCEPTION_DATA_ABORT, null);
    refused("call of null", execute, NULL, EXCEPTION_PREFETCH_ABORT, null);
    refused("the guard page of the IRQ stack", store, stacks[0] + STACK_SVC_TOP, EXCEPTION_DATA_ABORT,
            FAULT_TRANSLATION_PAGE);
    refused("the bus's view of RAM", load, (const void *)(__pool_start + hw->bus_view), EXCEPTION_DATA_ABORT,
            FAULT_TRANSLATION_SECTION);

    tap_ok((uncached[0] | uncached[1] | uncached[2] | uncached[3]) == 0, "the uncached window is zero");
    if (hw->nobody != 0) {
        nobody(hw->nobody);
    }
    free(on_heap);
    return tap_done();
}
