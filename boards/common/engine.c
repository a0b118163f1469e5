/* SPDX-License-Identifier: MIT */
/*
 * CPU 1 as the DMA engine: its start, and what the two halves of drivers/pl080_soft need of the board. The functions marked
 * "on CPU 1" touch registers, constants and their stack only: that CPU is outside the coherence.
 */
#include "boards/common/engine.h"

#include "boards/common/gic.h"
#include "boot/exception.h"
#include "boot/registers/barrier.h"
#include "drivers/pl080_soft_engine.h"

#include <stddef.h>

#define ENGINE_CPU 1u
#define CPU0_TARGET 1u /* bits of a target list */
#define CPU1_TARGET 2u
#define ENTRIES_MAX 65536u   /* a frame of 1920x1080 in rows takes 1080, in bytes of rows 3 * 1080 */
#define ANSWER_TIME 2000000u /* microseconds: long enough for a host whose cores are all taken */

static struct pl080_soft_registers registers __attribute__((section(".uncached.engine"), aligned(64)));

/* On CPU 1. Masked as it is, the interrupt is not taken: WFI ends, and it is acknowledged here. */
static void engine_sleep(void *context)
{
    (void)context;
    wfi();
    uint32_t iar = gicv2_acknowledge(&board_gic);
    if (GICV2_ID(iar) != GICV2_SPURIOUS) {
        gicv2_end(&board_gic, iar);
    }
}

/* On CPU 1. */
static void engine_interrupt(void *context)
{
    (void)context;
    gicv2_set_pending(&board_gic, board_engine.interrupt);
}

/* On CPU 1. */
static bool engine_guard(void *context, void (*function)(void *argument), void *argument)
{
    struct abort_record record;

    (void)context;
    return abort_guard(function, argument, &record);
}

static const struct pl080_soft_engine_config engine_config = {
    .registers = &registers,
    .entries_max = ENTRIES_MAX,
    .sleep = engine_sleep,
    .interrupt = engine_interrupt,
    .guard = engine_guard,
};

/* On CPU 1. */
static void engine_main(void *argument)
{
    (void)argument;
    gicv2_init_cpu(&board_gic);
    gicv2_enable(&board_gic, board_engine.doorbell);
    pl080_soft_engine(&engine_config);
}

static void doorbell(void *context)
{
    (void)context;
    gicv2_send_sgi(&board_gic, board_engine.doorbell, CPU1_TARGET);
}

static uint64_t microseconds(void *context)
{
    (void)context;
    return board.clock->microseconds();
}

static struct pl080_soft engine;
static const struct pl080_soft_config driver_config = {
    .registers = &registers,
    .doorbell = doorbell,
    .microseconds = microseconds,
    .timeout = ANSWER_TIME,
};

static void engine_irq(void *context, uint32_t id)
{
    (void)id;
    pl080_soft_interrupt(context);
}

struct pl080_soft *engine_start(void)
{
    if (engine.config != NULL) {
        return &engine;
    }
    pl080_soft_init(&engine, &driver_config);
    gicv2_set_edge(&board_gic, board_engine.interrupt, true);
    gicv2_set_target(&board_gic, board_engine.interrupt, CPU0_TARGET);
    board_handle(board_engine.interrupt, engine_irq, &engine);

    if (!smp_start(ENGINE_CPU, engine_main, NULL, &mmu_tables_engine)) {
        board_give_up("the DMA engine", "no second CPU came (QEMU: -smp 2)");
    }
    if (!pl080_soft_present(&engine)) {
        board_give_up("DMA engine", "it did not come up on CPU 1");
    }
    return &engine;
}

void dma_engine(struct platform *platform)
{
    platform->dma = &engine_start()->controller;
    platform->dma_device = (struct baton_device_config){
        .name = platform->dma->name,
        .domain = BATON_DOMAIN_MEMORY,
        .dma_mask = 0xffffffff,
        .alignment = 1,
    };
}
