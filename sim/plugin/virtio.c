/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A virtio device over MMIO (virtio 1.2, 4.2), legacy or modern, split queues. QEMU serves a queue at some time after the notify:
 * what it reads counts as read at the notify, what it writes as written when the used ring is seen to have moved on.
 */
#include "sim/plugin/plugin.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_SIZE 0x28
#define QUEUE_SELECT 0x30
#define QUEUE_NUMBER 0x38
#define QUEUE_ALIGN 0x3c
#define QUEUE_PFN 0x40
#define QUEUE_READY 0x44
#define QUEUE_NOTIFY 0x50
#define STATUS 0x70
#define QUEUE_DESCRIPTOR 0x80
#define QUEUE_DRIVER 0x90
#define QUEUE_DEVICE 0xa0

#define FLAG_NEXT 1
#define FLAG_WRITE 2
#define FLAG_INDIRECT 4
#define QUEUES 8

struct queue {
    uint32_t size, align;
    uint64_t descriptors, driver, device;
    bool ready;
    uint16_t seen_available, seen_used;
    uint32_t pc; /* of the last notify */
};

struct virtio {
    struct queue queue[QUEUES];
    uint32_t select, page;
};

struct descriptor {
    uint64_t address;
    uint32_t length;
    uint16_t flags, next;
};

static uint16_t half_at(const struct device *device, uint64_t address)
{
    const uint8_t *memory = device_memory(device, address, 2);
    uint16_t value = 0;

    if (memory)
        memcpy(&value, memory, 2);
    return value;
}

/* Goes over a chain: what the device reads at the notify, or what it has written when it is used. */
static void chain(struct device *device, struct queue *queue, uint16_t head, bool written, uint32_t used, unsigned cpu)
{
    uint64_t table = queue->descriptors;
    uint32_t entries = queue->size, index = head;

    for (unsigned steps = 0; steps < 1024 && index < entries; steps++) {
        const uint8_t *memory = device_memory(device, table + 16 * index, 16);
        struct descriptor d;

        if (!memory)
            return;
        memcpy(&d, memory, sizeof(d));
        if (!written)
            device_reads(device, table + 16 * index, 16, true, cpu, queue->pc);
        if (d.flags & FLAG_INDIRECT) {
            table = d.address;
            entries = d.length / 16;
            index = 0;
            continue;
        }
        if (!written && !(d.flags & FLAG_WRITE)) {
            device_reads(device, d.address, d.length, true, cpu, queue->pc);
        } else if (written && d.flags & FLAG_WRITE) {
            uint32_t bytes = d.length < used ? d.length : used;

            device_writes(device, d.address, bytes, cpu, queue->pc);
            used -= bytes;
        }
        if (!(d.flags & FLAG_NEXT))
            return;
        index = d.next;
    }
}

static void look_at_used(struct device *device, struct queue *queue)
{
    uint16_t now;

    if (!queue->ready || !queue->size)
        return;
    now = half_at(device, queue->device + 2);
    for (unsigned steps = 0; queue->seen_used != now && steps < queue->size; steps++) {
        uint64_t slot = queue->device + 4 + 8 * (queue->seen_used % queue->size);
        const uint8_t *memory = device_memory(device, slot, 8);
        uint32_t element[2] = {0};

        queue->seen_used++;
        if (!memory)
            break;
        memcpy(element, memory, 8);
        chain(device, queue, (uint16_t)element[0], true, element[1], 0);
        device_writes(device, slot, 8, 0, queue->pc);
        device_writes(device, queue->device + 2, 2, 0, queue->pc);
    }
    queue->seen_used = now;
}

static void load(struct device *device, uint32_t offset, unsigned cpu, uint32_t pc)
{
    struct virtio *state = device->state;

    (void)offset, (void)cpu, (void)pc;
    for (unsigned i = 0; i < QUEUES; i++)
        look_at_used(device, &state->queue[i]);
}

static void notify(struct device *device, struct queue *queue, unsigned cpu, uint32_t pc)
{
    uint16_t now;

    if (!queue->ready || !queue->size)
        return;
    queue->pc = pc;
    now = half_at(device, queue->driver + 2);
    device_reads(device, queue->driver, 4, true, cpu, pc);
    for (unsigned steps = 0; queue->seen_available != now && steps < queue->size; steps++) {
        uint64_t slot = queue->driver + 4 + 2 * (queue->seen_available % queue->size);

        device_reads(device, slot, 2, true, cpu, pc);
        chain(device, queue, half_at(device, slot), false, 0, cpu);
        queue->seen_available++;
    }
    queue->seen_available = now;
}

static void make_ready(struct queue *queue, bool ready)
{
    queue->ready = ready;
    queue->seen_available = queue->seen_used = 0;
}

static void set_half(uint64_t *address, uint32_t offset, uint32_t value)
{
    if (offset & 4)
        *address = (*address & 0xffffffff) | (uint64_t)value << 32;
    else
        *address = (*address & ~0xffffffffull) | value;
}

static void store(struct device *device, uint32_t offset, uint64_t value, unsigned bytes, unsigned cpu, uint32_t pc)
{
    struct virtio *state = device->state;
    struct queue *queue = &state->queue[state->select % QUEUES];

    (void)bytes;
    switch (offset) {
    case PAGE_SIZE:
        state->page = (uint32_t)value;
        break;
    case QUEUE_SELECT:
        state->select = (uint32_t)value;
        break;
    case QUEUE_NUMBER:
        queue->size = (uint32_t)value;
        break;
    case QUEUE_ALIGN:
        queue->align = (uint32_t)value;
        break;
    case QUEUE_PFN:
        queue->descriptors = value * (state->page ? state->page : 4096);
        queue->driver = queue->descriptors + 16 * (uint64_t)queue->size;
        queue->device = queue->driver + 6 + 2 * (uint64_t)queue->size;
        if (queue->align)
            queue->device = (queue->device + queue->align - 1) / queue->align * queue->align;
        make_ready(queue, value != 0);
        break;
    case QUEUE_READY:
        make_ready(queue, value & 1);
        break;
    case QUEUE_NOTIFY:
        notify(device, &state->queue[(uint16_t)value % QUEUES], cpu, pc);
        break;
    case STATUS:
        if (value == 0)
            memset(state->queue, 0, sizeof(state->queue));
        break;
    case QUEUE_DESCRIPTOR:
    case QUEUE_DESCRIPTOR + 4:
        set_half(&queue->descriptors, offset, (uint32_t)value);
        break;
    case QUEUE_DRIVER:
    case QUEUE_DRIVER + 4:
        set_half(&queue->driver, offset, (uint32_t)value);
        break;
    case QUEUE_DEVICE:
    case QUEUE_DEVICE + 4:
        set_half(&queue->device, offset, (uint32_t)value);
        break;
    default:
        break;
    }
}

bool virtio_create(uint32_t base)
{
    struct virtio *state = calloc(1, sizeof(*state));
    struct device *device = state ? device_add("virtio", base, 0x100, state, sizeof(*state)) : NULL;

    if (!device)
        return false;
    device->store = store;
    device->load = load;
    devices_asynchronous = true;
    return true;
}
