/* SPDX-License-Identifier: MIT */
/*
 * Checks of processor state, sections, stacks, heap and counters on entry to main().
 */
#include "tests/target/support/boot_checks.h"

#include "boot/boot.h"
#include "boot/cpu.h"
#include "boot/exception.h"
#include "boot/image.h"
#include "boot/mmu.h"
#include "boot/pmu.h"
#include "boot/sctlr.h"
#include "boot/stack.h"
#include "tests/target/support/tap.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

extern unsigned char vectors[];
extern unsigned char _start[];

static unsigned char cleared[20000];
static unsigned initialised[] = {0x12345678, 0x9abcdef0};
static unsigned order, early, late;

__attribute__((constructor(200))) static void construct_late(void)
{
    late = ++order;
}

__attribute__((constructor(150))) static void construct_early(void)
{
    early = ++order;
}

static void check_processor(void)
{
    uint32_t cpsr = cpu_read_cpsr(), sctlr = cp15_read_SCTLR(), fpexc, vector_ok;

    tap_equal(cpsr & CPSR_MODE, MODE_SVC, "main() runs in SVC mode");
    tap_ok((cpsr & CPSR_A) == 0, "asynchronous aborts are not masked");
    tap_equal(cp15_read_TPIDRPRW(), 0, "as CPU 0");
    tap_ok((sctlr & SCTLR_M) != 0, "the MMU is on");
    tap_ok((sctlr & SCTLR_C) != 0, "the data caches are on");
    tap_ok((sctlr & SCTLR_I) != 0, "the instruction cache is on");
    tap_ok((sctlr & SCTLR_Z) != 0, "branch prediction is on");
    tap_equal(sctlr & (SCTLR_A | SCTLR_V | SCTLR_EE | SCTLR_TRE | SCTLR_AFE | SCTLR_TE), 0,
              "no alignment check, high vectors, big-endian or Thumb exceptions, TEX remap, access flag");
    tap_equal(cp15_read_VBAR(), (uint32_t)(uintptr_t)vectors, "VBAR is the image's vectors");
    tap_equal(cp15_read_DACR(), 1, "domain 0 is client, the others nothing");
    tap_equal(cp15_read_TTBCR(), 0, "short descriptors, TTBR0 for all addresses");
    tap_equal(cp15_read_CPACR() >> 20 & 0xf, 0xf, "coprocessors 10 and 11 are open");
    tap_equal(cp15_read_CPACR() >> 30, 0, "all 32 double registers, and NEON");
    __asm__ volatile("vmrs %0, fpexc" : "=r"(fpexc));
    tap_ok((fpexc & 1u << 30) != 0, "FP is on");
    __asm__ volatile("vmov.i32 q15, #0x21\n\tvadd.i32 q15, q15, q15\n\tvmov %0, s0\n\tvmov.32 %0, d31[1]"
                     : "=r"(vector_ok)::"q15");
    tap_equal(vector_ok, 0x42, "NEON computes in the upper registers");
}

static void check_report(void)
{
    tap_ok(boot_report.midr == cp15_read_MIDR() && boot_report.midr >> 24 == 0x41,
           "the report names this core, an Arm one");
    tap_ok(boot_report.mpidr == cp15_read_MPIDR() && (boot_report.mpidr & 0xff) == 0, "and its place, the first");
    tap_equal(boot_report.loader_abort, 0, "no abort was pending");
}

static void check_sections(void)
{
    unsigned i, zeros = 0;

    for (i = 0; i < sizeof(cleared); i++) {
        zeros += ((volatile unsigned char *)cleared)[i] == 0;
    }
    tap_equal(zeros, sizeof(cleared), ".bss is zero");
    tap_ok(((volatile unsigned *)initialised)[0] == 0x12345678 && ((volatile unsigned *)initialised)[1] == 0x9abcdef0,
           ".data has its values");
    tap_ok(early == 1 && late == 2, "constructors ran, in the order of their priorities");
    tap_ok(&__text_start[0] == &_start[0] && &__image_start[0] == &_start[0], "the entry is the image's first byte");
    tap_ok((uintptr_t)__pool_start % MMU_SECTION == 0 && &__pool_end[0] > &__pool_start[0] &&
               &__pool_start[0] >= &__heap_end[0],
           "the pool is behind the heap, on a section boundary");
}

static void check_stacks(void)
{
    static const uint32_t tops[] = {STACK_SVC_TOP, STACK_IRQ_TOP, STACK_ABT_TOP, STACK_UND_TOP, STACK_FIQ_TOP};
    static const uint32_t sizes[] = {STACK_SVC_SIZE, STACK_IRQ_SIZE, STACK_ABT_SIZE, STACK_UND_SIZE, STACK_FIQ_SIZE};
    uintptr_t sp = (uintptr_t)__builtin_frame_address(0), block = (uintptr_t)stacks[0];
    unsigned cpu, i, guards = 0, mapped = 0;
    uint32_t offset;

    tap_ok(sp > block + STACK_SVC_TOP - STACK_SVC_SIZE && sp <= block + STACK_SVC_TOP,
           "main() is on CPU 0's SVC stack");
    for (cpu = 0; cpu < STACK_CPUS; cpu++) {
        for (i = 0; i < 5; i++) {
            uintptr_t top = (uintptr_t)stacks[cpu] + tops[i];
            struct mmu_translation guard = mmu_lookup(top - sizes[i] - 4);

            guards += guard.attribute == MMU_NONE && (guard.par & 1) != 0;
            for (offset = MMU_PAGE; offset <= sizes[i]; offset += MMU_PAGE) {
                struct mmu_translation page = mmu_lookup(top - offset);

                mapped += page.attribute == MMU_DATA && (page.par & 1) == 0;
            }
        }
    }
    tap_equal(guards, STACK_CPUS * 5, "each stack has an unmapped guard page below");
    tap_equal(mapped,
              STACK_CPUS *
                  ((STACK_SVC_SIZE + STACK_IRQ_SIZE + STACK_ABT_SIZE + STACK_UND_SIZE + STACK_FIQ_SIZE) / MMU_PAGE),
              "and is itself mapped, all of it");
}

static void check_heap(void)
{
    char *top, *block = malloc(1000);
    bool inside = (uintptr_t)block >= (uintptr_t)__heap_start && (uintptr_t)block + 1000 <= (uintptr_t)__heap_end;
    ptrdiff_t left;

    tap_ok(inside, "malloc() gives memory of the heap");
    free(block);
    block = malloc((size_t)(__heap_end - __heap_start) + 1);
    tap_ok(block == NULL, "malloc() of more than the heap fails");
    top = sbrk(0);
    left = (char *)__heap_end - top;
    errno = 0;
    tap_ok(sbrk(left + 1) == (void *)-1 && errno == ENOMEM && sbrk(0) == top,
           "sbrk() beyond the heap fails with ENOMEM and takes nothing");
    tap_ok(sbrk(left) == top && sbrk(1) == (void *)-1 && sbrk(-left) == (char *)__heap_end && sbrk(0) == top,
           "sbrk() gives the last byte, not one more, and takes it back");
    tap_ok(sbrk((char *)__heap_start - top - 1) == (void *)-1 && sbrk(0) == top, "sbrk() does not go below the heap");
}

static void read_physical_counter(void *argument)
{
    *(uint64_t *)argument = cp15_read_CNTPCT();
}

static void read_physical_timer(void *argument)
{
    *(uint32_t *)argument = cp15_read_CNTP_CTL();
}

static void check_cycles(void)
{
    uint32_t before = pmu_cycles(), i, after;

    for (i = 0; i < 100; i++) {
        __asm__ volatile("" ::"r"(i));
    }
    after = pmu_cycles();
    tap_ok(after - before >= 100, "the cycle counter counts");
}

static void check_timer(void)
{
    struct abort_record record;
    uint64_t physical = 0, virtual;
    uint32_t control;

    tap_ok(abort_guard(read_physical_counter, &physical, &record), "the physical counter is open");
    virtual = cp15_read_CNTVCT();
    tap_ok(virtual >= physical && virtual - physical < 1000000000u, "the virtual counter has no offset");
    tap_ok(abort_guard(read_physical_timer, &control, &record), "the physical timer is open");
}

void boot_checks(void)
{
    check_processor();
    check_report();
    check_sections();
    check_stacks();
    check_heap();
    check_cycles();
    if (boot_has_timer()) {
        check_timer();
    }
    tap_ok(write(5, "x", 1) == -1 && errno == EBADF, "a file that is none cannot be written");
    tap_ok(isatty(1) == 1 && isatty(2) == 1, "standard output is the console");
    tap_ok(read(0, &(char){0}, 1) == 0, "standard input is at its end");
}
