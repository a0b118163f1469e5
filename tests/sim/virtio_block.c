/* SPDX-License-Identifier: MIT */
/*
 * A virtio block device (virtio 1.2, legacy interface over MMIO, 4.2.4) reads a sector: asynchronous DMA through rings of
 * descriptors. The rings are non-cacheable, header, data and status are cached.
 * Broken: the header is not cleaned (HEADER), the data not invalidated after (DATA), the ring not drained before the doorbell
 * (RING).
 *
 * machine: virt cortex-a15 1
 * machine: virt cortex-a7 1
 * devices: virtio
 * qemu: -drive if=none,id=disk,format=raw,readonly=on,file=$file -device virtio-blk-device,drive=disk
 * variants: HEADER=stale-device-read@ask DATA=stale-cpu-read@check RING=incomplete-maintenance
 * data: any
 */
#include "support/maintain.h"

#define VIRTIO 0x0a003e00u
#define ENTRIES 4u
#define SIZE 512u

static struct {
    struct {
        uint32_t address, address_high, length;
        uint16_t flags, next;
    } descriptor[ENTRIES];
    uint16_t available_flags, available_index, available[ENTRIES];
    uint8_t padding[4096 - ENTRIES * 16 - 4 - ENTRIES * 2];
    uint16_t used_flags, used_index;
} volatile ring __attribute__((section(".uncached"), aligned(4096)));

static volatile struct {
    uint32_t type, reserved, sector, sector_high;
} header ALIGNED;
static volatile uint8_t data[SIZE] ALIGNED;
static volatile struct {
    uint8_t value, padding[LINE - 1];
} status ALIGNED;

static void start(void)
{
    if (read32(VIRTIO) != 0x74726976 || read32(VIRTIO + 8) != 2)
        finish(8);
    write32(VIRTIO + 0x70, 0);
    write32(VIRTIO + 0x70, 3); /* ACKNOWLEDGE, DRIVER */
    write32(VIRTIO + 0x20, 0);
    write32(VIRTIO + 0x28, 4096);
    write32(VIRTIO + 0x30, 0);
    write32(VIRTIO + 0x38, ENTRIES);
    write32(VIRTIO + 0x3c, 4096);
    write32(VIRTIO + 0x40, bus(&ring) >> 12);
    write32(VIRTIO + 0x70, 7); /* and DRIVER_OK */
}

NOINLINE static void ask(uint32_t sector)
{
    header.type = 0; /* in, that is: read */
    header.sector = sector;
#ifndef HEADER
    clean_counted(&header, sizeof header);
#endif
}

static void describe(uint32_t index, uint32_t address, uint32_t length, uint16_t flags)
{
    ring.descriptor[index].address = address;
    ring.descriptor[index].length = length;
    ring.descriptor[index].flags = flags;
    ring.descriptor[index].next = (uint16_t)(index + 1);
}

NOINLINE static void transfer(void)
{
    const uint16_t before = ring.used_index;
    describe(0, bus(&header), sizeof header, 1);
    describe(1, bus(data), SIZE, 3);
    describe(2, bus(&status), 1, 2);
    ring.available[ring.available_index % ENTRIES] = 0;
    dmb();
    ring.available_index++;
#ifndef RING
    dmb();
#endif
    write32(VIRTIO + 0x50, 0);
    for (uint32_t i = 0; i < 10000000 && (read32(VIRTIO + 0x60) & 1) == 0; i++) {
    }
    dsb();
    write32(VIRTIO + 0x64, 1);
    if (ring.used_index == before)
        finish(9);
}

NOINLINE static int check(uint32_t more)
{
    for (uint32_t i = 0; i < SIZE; i++)
        if (data[i] != pattern(more + i))
            return 1;
    return status.value;
}

int main(void)
{
    int wrong = 0;
    start();
    for (uint32_t sector = 0; sector < 3; sector++) {
        status.value = 0xff;
        flush_loop(&status, &status + 1);
        invalidate_inline(data, SIZE);
        if (sector == 1 && data[0] != pattern(0))
            return 1;
        ask(sector);
        transfer();
#ifdef DATA
        if (sector != 1)
#endif
            invalidate_loop(data, data + SIZE);
        invalidate_loop(&status, &status + 1);
        wrong |= check(sector * SIZE);
    }
    return wrong;
}
