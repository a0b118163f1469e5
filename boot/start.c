/* SPDX-License-Identifier: MIT */
/*
 * From boot/reset.S to main(): MMU and caches on, constructors, the board, main, exit. CPU 0, SVC mode: main() runs in
 * it too, on a stack of STACK_SVC_SIZE bytes (boot/stack.h), interrupts as board_init() left them.
 */
#include "boot/boot.h"

#include "boot/board.h"
#include "boot/cpu.h"
#include "boot/exception.h"
#include "boot/image.h"
#include "boot/mmu.h"
#include "boot/pmu.h"
#include "boot/sctlr.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct boot_report boot_report;

_Noreturn void boot_main(void);
int main(void);

bool boot_entered_in_hyp(void)
{
    return (boot_report.cpsr & CPSR_MODE) == MODE_HYP;
}

bool boot_caches_found_on(void)
{
    return (boot_report.sctlr & SCTLR_C) != 0;
}

static void nothing(void *argument)
{
    (void)argument;
}

static void fail(const char *reason, const char *name)
{
    board_console_write(reason, strlen(reason));
    board_console_write(name, strlen(name));
    board_console_write("\n", 1);
    _exit(EXCEPTION_EXIT_STATUS);
}

void boot_main(void)
{
    const char *region = mmu_build(board_memory_map);
    struct abort_record record;
    void (*const *constructor)(void);

    if (region != NULL) {
        fail("boot: cannot map ", region);
    }
    mmu_enable(&mmu_tables_cpu);
    pmu_start();

    /* An access of the loader's that the bus refused may still be pending as an asynchronous abort. It is not ours: note it, go on.
     * The guard is where CPSR.A is first clear. */
    if (!abort_guard(nothing, NULL, &record)) {
        boot_report.loader_abort = record.status;
    }
    __asm__ volatile("cpsie a" ::: "memory");

    for (constructor = __init_array_start; constructor < __init_array_end; constructor++) {
        (*constructor)();
    }
    if (board_outer != NULL) {
        const char *fault = board_outer->enable();

        if (fault != NULL) {
            fail("boot: outer cache: ", fault);
        }
    }
    board_init();
    exit(main());
}
