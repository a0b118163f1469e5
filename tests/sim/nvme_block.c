/* SPDX-License-Identifier: MIT */
/*
 * An NVMe controller (base specification 1.4) on PCI reads blocks, as a boot loader has them read: queues, list of pages and data in
 * cached memory, the completion polled there. The data begins in the middle of a page, so that it has three, and a list of two.
 * Broken: the command (COMMAND) or the list of pages (LIST) is not cleaned, the completion (COMPLETION) or the data (DATA) not
 * invalidated, the command's clean not completed (NO_DSB).
 *
 * machine: virt,highmem=off cortex-a15 1
 * devices: nvme
 * qemu: -drive if=none,id=disk,format=raw,readonly=on,file=$file -device nvme,drive=disk,serial=1
 * variants: COMMAND=stale-device-read@submit LIST=stale-device-read@ask COMPLETION=stale-cpu-read@submit DATA=stale-cpu-read@check
 * variants: NO_DSB=incomplete-maintenance@submit
 * data: any
 */
#include "support/maintain.h"

#define CONFIGURATION_SPACE (0x3f000000u + (1u << 15)) /* of device 1 on bus 0 (docs/system/arm/virt of QEMU) */
#define NVME 0x10000000u
#define SIZE 8192u
#define PAGE __attribute__((aligned(4096)))

struct command {
    uint32_t operation, space, reserved[4], page[4], argument[6]; /* page: two addresses of 64 bits */
};

static volatile struct command
    submission[2][64] PAGE; /* the administrator's queue, and one for reading; two entries used */
static volatile uint32_t completion[2][1024] PAGE;
static volatile uint32_t list[1024] PAGE;
static volatile uint8_t room[3 * 4096] PAGE;
static volatile uint8_t *const data = room + 2048;

static void await_ready(uint32_t ready)
{
    for (uint32_t i = 0; i < 10000000; i++)
        if ((read32(NVME + 0x1c) & 1) == ready)
            return;
    finish(8);
}

NOINLINE static void submit(uint32_t queue, uint32_t operation, uint32_t first, uint32_t second,
                            const uint32_t argument[3])
{
    static uint32_t given[2];
    const uint32_t at = given[queue] % 2, phase = given[queue] / 2 % 2 == 0;
    volatile struct command *command = &submission[queue][at];

    given[queue]++;
    for (uint32_t i = 0; i < sizeof *command / 4; i++)
        ((volatile uint32_t *)command)[i] = 0;
    command->operation = operation | given[queue] << 16;
    command->space = queue; /* namespace 1, for reading */
    command->page[0] = first;
    command->page[2] = second;
    for (uint32_t i = 0; i < 3; i++)
        command->argument[i] = argument[i];
#ifdef NO_DSB
    dccmvac((uint32_t)(uintptr_t)command);
#elif !defined(COMMAND)
    clean_inline(command, sizeof *command);
#endif
    write32(NVME + 0x1000 + 8 * queue, given[queue] % 2);
    for (uint32_t i = 0; i < 10000000; i++) {
        read32(NVME + 0x1c); /* in one thread the controller gets its turn by this */
        dmb();
#ifndef COMPLETION
        invalidate_inline(completion[queue], LINE);
#endif
        const uint32_t status = completion[queue][4 * at + 3];
        if ((status >> 16 & 1) == phase) {
            if (status >> 17 != 0)
                finish(9);
            dmb();
            write32(NVME + 0x1004 + 8 * queue, given[queue] % 2);
            return;
        }
    }
    finish(10);
}

static void start(void)
{
    write32(CONFIGURATION_SPACE + 0x10, NVME);
    write32(CONFIGURATION_SPACE + 0x14, 0);
    write32(CONFIGURATION_SPACE + 4, 6); /* memory, bus master */
    write32(NVME + 0x14, 0);
    await_ready(0);
    for (uint32_t i = 0; i < LINE / 4; i++)
        completion[0][i] = completion[1][i] = 0;
    clean_counted(completion[0], LINE);
    clean_counted(completion[1], LINE);
    write32(NVME + 0x24, 1u << 16 | 1);
    write32(NVME + 0x28, bus(submission[0]));
    write32(NVME + 0x2c, 0);
    write32(NVME + 0x30, bus(completion[0]));
    write32(NVME + 0x34, 0);
    write32(NVME + 0x14, 4u << 20 | 6u << 16 | 1);
    await_ready(1);
    submit(0, 5, bus(completion[1]), 0, (const uint32_t[3]){1u << 16 | 1, 1, 0});
    submit(0, 1, bus(submission[1]), 0, (const uint32_t[3]){1u << 16 | 1, 1u << 16 | 1, 0});
}

NOINLINE static void ask(void)
{
    list[0] = bus(&room[4096]);
    list[1] = 0;
    list[2] = bus(&room[8192]);
    list[3] = 0;
#ifndef LIST
    clean_counted(list, 16);
#endif
    submit(1, 2, bus(data), bus(list), (const uint32_t[3]){0, 0, SIZE / 512 - 1});
}

NOINLINE static int check(void)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (data[i] != pattern(i))
            return 1;
    return 0;
}

void adjust_map(void)
{
    map_sections(table_cached, NVME, NVME, 0x100000, DEVICE);
    map_sections(table_cached, 0x3f000000, 0x3f000000, 0x100000, DEVICE);
}

int main(void)
{
    int wrong = 0;

    start();
    for (uint32_t turn = 0; turn < 2; turn++) {
        for (uint32_t i = 0; i < SIZE; i++)
            data[i] = 0;
        flush_loop(data, data + SIZE);
        for (uint32_t i = 0; i < SIZE; i += 512)
            wrong |= data[i];
        ask();
#ifndef DATA
        invalidate_loop(data, data + SIZE);
#endif
        wrong |= check();
    }
    return wrong;
}
