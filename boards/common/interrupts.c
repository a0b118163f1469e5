/* SPDX-License-Identifier: MIT */
/*
 * Interrupts of CPU 0, whatever the controller: the entry, and sleeping until one came. The entry runs in interrupt context, the
 * rest in task context.
 */
#include "boards/common/board.h"
#include "boot/cpu.h"
#include "boot/registers/barrier.h"

static volatile uint32_t entries;
static uint32_t seen;

void board_interrupt(void *context)
{
    (void)context;
    entries = entries + 1;
    board.interrupts->dispatch();
}

void board_handle(uint32_t id, interrupt_handler handler, void *context)
{
    if (!board.interrupts->handle(id, handler, context)) {
        board_give_up("interrupt controller", "it has no such interrupt");
    }
}

/* The caller has looked at what an interrupt handler changes, and sleeps if it has not changed yet. An interrupt in
 * between must not be slept over: the number of them tells, and with interrupts masked it stands still from the
 * comparison to the WFI, which a pending one ends too. */
void board_sleep_until(uint64_t microseconds)
{
    uint32_t state = cpu_irq_save();

    if (entries == seen && board.clock->microseconds() < microseconds) {
        board.clock->wake_at(microseconds);
        wfi();
    }
    cpu_irq_restore(state);
    seen = entries;
}
