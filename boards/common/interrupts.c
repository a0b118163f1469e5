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

/* WFE sleeps until the event register is set, which it clears: by the SEV in the port's unlock(), of any CPU, this one's interrupt
 * handlers included, also by one before the WFE (ARM ARM DDI 0406C, B1.8.13). At the deadline the clock's interrupt sets it. That is
 * CPU 0's: another one looks again at once, after a WFE that cannot sleep, which gives an emulator's turn away. */
void board_clock_wait(void *context, uint32_t deadline)
{
    const struct board_clock *const clock = board.clock;

    if (cpu_number() == 0) {
        const int32_t left = (int32_t)(deadline - clock->now(context));
        const uint32_t megahertz = (clock->frequency() + 999999) / 1000000; /* early rather than late */

        clock->wake_at(clock->microseconds() + (left > 0 ? (uint32_t)left / megahertz : 0));
    } else {
        sev();
    }
    wfe();
}
