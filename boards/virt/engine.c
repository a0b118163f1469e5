/* SPDX-License-Identifier: MIT */
/*
 * CPU 1 as the DMA engine: its start, and what the two halves of drivers/pl080_soft need of the board. The functions marked
 * "on CPU 1" touch registers, constants and their stack only: that CPU is outside the coherence.
 */
#include "boards/virt/board.h"

#include "boards/virt/machine.h"
#include "boot/boot.h"
#include "boot/exception.h"
#include "boot/registers/barrier.h"
#include "boot/smp.h"
#include "drivers/pl080_soft.h"
#include "drivers/pl080_soft_engine.h"
#include "drivers/psci.h"

#include <stddef.h>

#define ENGINE_CPU 1u
#define CPU0_TARGET 1u /* bits of a target list */
#define CPU1_TARGET 2u
#define ENTRIES_MAX 65536u   /* a frame of 1920x1080 in rows takes 1080, in bytes of rows 3 * 1080 */
#define ANSWER_TIME 2000000u /* microseconds: long enough for a host whose cores are all taken */

/* On CPU 1. Masked as it is, the interrupt is not taken: WFI ends, and it is acknowledged here. */
static void engine_sleep(void *context)
{
    (void)context;
    wfi();
    uint32_t iar = gicv2_acknowledge(&virt_gic_config);
    if (GICV2_ID(iar) != GICV2_SPURIOUS) {
        gicv2_end(&virt_gic_config, iar);
    }
}

/* On CPU 1. */
static void engine_interrupt(void *context)
{
    (void)context;
    gicv2_set_pending(&virt_gic_config, VIRT_SPI_ENGINE);
}

/* On CPU 1. */
static bool engine_guard(void *context, void (*function)(void *argument), void *argument)
{
    struct abort_record record;

    (void)context;
    return abort_guard(function, argument, &record);
}

static const struct pl080_soft_engine_config engine_config = {
    .registers = &virt_uncached.engine,
    .entries_max = ENTRIES_MAX,
    .sleep = engine_sleep,
    .interrupt = engine_interrupt,
    .guard = engine_guard,
};

/* On CPU 1. */
static void engine_main(void *argument)
{
    (void)argument;
    gicv2_init_cpu(&virt_gic_config);
    gicv2_enable(&virt_gic_config, VIRT_SGI_DOORBELL);
    pl080_soft_engine(&engine_config);
}

static void doorbell(void *context)
{
    (void)context;
    gicv2_send_sgi(&virt_gic_config, VIRT_SGI_DOORBELL, CPU1_TARGET);
}

static uint64_t microseconds(void *context)
{
    (void)context;
    return timer_microseconds(&virt_timer);
}

static struct pl080_soft engine;
static const struct pl080_soft_config driver_config = {
    .registers = &virt_uncached.engine,
    .doorbell = doorbell,
    .microseconds = microseconds,
    .timeout = ANSWER_TIME,
};

/* A call of the firmware. Guarded: where there is none, the instruction is undefined. */
struct cpu_on_call {
    uint32_t mpidr, entry;
    enum psci_status status;
};
static enum psci_status psci_answer;

static void call_cpu_on(void *argument)
{
    struct cpu_on_call *call = argument;
    enum psci_conduit conduit = boot_entered_in_hyp() ? PSCI_CONDUIT_SMC : PSCI_CONDUIT_HVC;

    call->status = psci_cpu_on(conduit, call->mpidr, call->entry, 0);
}

static bool cpu_on(uint32_t mpidr, uint32_t entry)
{
    struct cpu_on_call call = {.mpidr = mpidr, .entry = entry, .status = PSCI_ERROR_NOT_SUPPORTED};
    struct abort_record record;

    psci_answer = abort_guard(call_cpu_on, &call, &record) ? call.status : PSCI_ERROR_NOT_SUPPORTED;
    return psci_answer == PSCI_OK;
}

static void engine_irq(void *context, uint32_t id)
{
    (void)id;
    pl080_soft_interrupt(context);
}

struct pl080_soft *virt_engine(void)
{
    if (engine.config != NULL) {
        return &engine;
    }
    pl080_soft_init(&engine, &driver_config);
    if (!gicv2_set_handler(&virt_gic, VIRT_SPI_ENGINE, engine_irq, &engine)) {
        virt_give_up("GICv2", "no interrupt is left for the DMA engine");
    }
    gicv2_set_edge(&virt_gic_config, VIRT_SPI_ENGINE, true);
    gicv2_set_target(&virt_gic_config, VIRT_SPI_ENGINE, CPU0_TARGET);
    gicv2_enable(&virt_gic_config, VIRT_SPI_ENGINE);

    if (!smp_start(ENGINE_CPU, cpu_on, engine_main, NULL, &mmu_tables_engine)) {
        virt_give_up("the DMA engine needs a second CPU (QEMU: -smp 2)",
                     psci_answer == PSCI_OK ? "CPU 1 was started and did not come" : psci_status_text(psci_answer));
    }
    if (!pl080_soft_present(&engine)) {
        virt_give_up("DMA engine", "it did not come up on CPU 1");
    }
    return &engine;
}
