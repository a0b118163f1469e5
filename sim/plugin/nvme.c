/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An NVM Express controller (base specification 1.4), by its registers in BAR 0. QEMU serves a queue at some time after its doorbell:
 * what it reads counts as read at the doorbell, what it writes as written when a completion is seen in memory.
 */
#include "sim/plugin/plugin.h"

#include <stdlib.h>
#include <string.h>

#define CONFIGURATION 0x14 /* CC */
#define CONFIGURATION_ENABLE 1u
#define CONFIGURATION_PAGE(value) (4096u << ((value) >> 7 & 15))
#define ADMIN_SIZES 0x24 /* AQA */
#define ADMIN_SUBMISSION 0x28
#define ADMIN_COMPLETION 0x30
#define DOORBELLS 0x1000 /* a stride of 4, which QEMU's controllers have */

#define ADMIN_GET_LOG 0x02
#define ADMIN_CREATE_SUBMISSION 0x01
#define ADMIN_CREATE_COMPLETION 0x05
#define ADMIN_IDENTIFY 0x06
#define WRITE 0x01
#define READ 0x02

#define QUEUES 16
#define ENTRIES_MOST 4096
#define PAGES_MOST 4096

struct command {
    uint32_t word[16];
};

struct submission {
    uint64_t base;
    uint32_t size, tail, pc; /* size 0: there is none. pc: of the last doorbell */
    unsigned cpu;            /* that rang it */
    struct command *sent;    /* by place in the queue */
};

struct completion {
    uint64_t base;
    uint32_t size, head;
    bool phase; /* that a new entry has */
};

struct nvme {
    struct submission submission[QUEUES];
    struct completion completion[QUEUES];
    uint64_t admin_submission, admin_completion;
    uint32_t admin_sizes, configuration;
    uint32_t block; /* bytes; 0: not told yet */
};

static bool get(const struct device *device, uint64_t address, void *to, uint32_t bytes)
{
    const uint8_t *memory = device_memory(device, address, bytes);

    if (memory)
        memcpy(to, memory, bytes);
    return memory != NULL;
}

static uint64_t wide(const struct command *command, unsigned word)
{
    return command->word[word] | (uint64_t)command->word[word + 1] << 32;
}

/* Bytes of data, and whether the device writes them. */
static uint32_t data_of(const struct nvme *state, unsigned queue, const struct command *command, bool *writes)
{
    unsigned code = command->word[0] & 0xff;

    *writes = true;
    if (queue == 0)
        return code == ADMIN_IDENTIFY ? 4096 : code == ADMIN_GET_LOG ? ((command->word[10] >> 16) + 1) * 4 : 0;
    *writes = code == READ;
    return code == READ || code == WRITE ? ((command->word[12] & 0xffff) + 1) * (state->block ? state->block : 512) : 0;
}

/* Goes over the pages of a command's data: only its lists of pages are read, or only the data moves. */
static void transfer(struct device *device, const struct submission *queue, const struct command *command,
                     uint32_t bytes, bool lists, bool writes)
{
    const struct nvme *state = device->state;
    uint32_t page = CONFIGURATION_PAGE(state->configuration);
    uint64_t at = wide(command, 6), list = wide(command, 8);

    for (unsigned pages = 0; bytes && pages < PAGES_MOST; pages++) {
        uint32_t part = page - (uint32_t)(at & (page - 1));

        part = part < bytes ? part : bytes;
        if (!lists && writes)
            device_writes(device, at, part, queue->cpu, queue->pc);
        else if (!lists)
            device_reads(device, at, part, true, queue->cpu, queue->pc);
        bytes -= part;
        if (pages == 0 && bytes <= page) {
            at = list; /* the second page itself */
            continue;
        }
        if (!bytes)
            return;
        /* The last entry of a full list names the next list. */
        for (unsigned hops = 0; hops < 2; hops++) {
            if (!get(device, list, &at, 8))
                return;
            if (lists)
                device_reads(device, list, 8, true, queue->cpu, queue->pc);
            list += 8;
            if ((list & (page - 1)) != 0 || bytes <= page)
                break;
            list = at;
        }
    }
}

static void make_submission(struct submission *queue, uint64_t base, uint32_t size)
{
    free(queue->sent);
    *queue = (struct submission){.base = base, .size = size, .sent = calloc(size, sizeof(struct command))};
    if (!queue->sent)
        abort();
}

/* A submission queue's new tail. */
static void ring(struct device *device, struct nvme *state, unsigned number, uint32_t tail, unsigned cpu, uint32_t pc)
{
    struct submission *queue = &state->submission[number];

    queue->cpu = cpu;
    queue->pc = pc;
    for (unsigned steps = 0; queue->size && queue->tail != tail && steps < queue->size; steps++) {
        struct command *command = &queue->sent[queue->tail];
        uint64_t address = queue->base + 64 * (uint64_t)queue->tail;
        uint32_t bytes;
        bool writes;

        queue->tail = (queue->tail + 1) % queue->size;
        if (!get(device, address, command, sizeof(*command)))
            continue;
        device_reads(device, address, sizeof(*command), true, cpu, pc);
        bytes = data_of(state, number, command, &writes);
        transfer(device, queue, command, bytes, true, writes);
        if (!writes)
            transfer(device, queue, command, bytes, false, false);
    }
}

static void learn_block(struct device *device, struct nvme *state, const struct command *command)
{
    uint8_t space[192];

    if ((command->word[10] & 0xff) == 0 && get(device, wide(command, 6), space, sizeof(space))) {
        uint8_t shift = space[128 + 4 * (space[26] & 15) + 2];

        if (shift >= 9 && shift <= 16)
            state->block = 1u << shift;
    }
}

static void created(struct nvme *state, const struct command *command)
{
    unsigned code = command->word[0] & 0xff, number = command->word[10] & 0xffff;
    uint32_t size = (command->word[10] >> 16) + 1;

    if (number == 0 || number >= QUEUES || size > ENTRIES_MOST)
        return;
    if (code == ADMIN_CREATE_SUBMISSION)
        make_submission(&state->submission[number], wide(command, 6), size);
    else if (code == ADMIN_CREATE_COMPLETION)
        state->completion[number] = (struct completion){.base = wide(command, 6), .size = size, .phase = true};
}

/* false: the command is not known yet. QEMU may have done it before the doorbell store's callback comes. */
static bool complete(struct device *device, struct nvme *state, unsigned number, uint16_t identifier)
{
    struct submission *queue = &state->submission[number];

    for (uint32_t i = 0; i < queue->size; i++) {
        struct command *command = &queue->sent[i];
        uint32_t bytes;
        bool writes;

        if (!(command->word[0] | command->word[1]) || command->word[0] >> 16 != identifier)
            continue;
        bytes = data_of(state, number, command, &writes);
        if (writes)
            transfer(device, queue, command, bytes, false, true);
        if (number == 0 && (command->word[0] & 0xff) == ADMIN_IDENTIFY)
            learn_block(device, state, command);
        if (number == 0)
            created(state, command);
        memset(command, 0, sizeof(*command));
        return true;
    }
    return false;
}

static void look_at_completions(struct device *device, struct nvme *state, struct completion *queue)
{
    uint32_t entry[4];

    for (unsigned steps = 0; queue->size && steps < queue->size; steps++) {
        uint64_t address = queue->base + 16 * (uint64_t)queue->head;
        unsigned number;

        if (!get(device, address, entry, sizeof(entry)) || (entry[3] >> 16 & 1) != queue->phase)
            return;
        number = entry[2] >> 16;
        if (number >= QUEUES || !complete(device, state, number, (uint16_t)entry[3]))
            return;
        if (++queue->head == queue->size) {
            queue->head = 0;
            queue->phase = !queue->phase;
        }
        device_writes(device, address, sizeof(entry), 0, state->submission[number].pc);
    }
}

static void load(struct device *device, uint32_t offset, unsigned cpu, uint32_t pc)
{
    struct nvme *state = device->state;

    (void)offset, (void)cpu, (void)pc;
    if (state->configuration & CONFIGURATION_ENABLE)
        for (unsigned i = 0; i < QUEUES; i++)
            look_at_completions(device, state, &state->completion[i]);
}

static void configure(struct nvme *state, uint32_t value)
{
    bool was_on = state->configuration & CONFIGURATION_ENABLE;

    state->configuration = value;
    if (!(value & CONFIGURATION_ENABLE)) {
        for (unsigned i = 0; i < QUEUES; i++)
            state->submission[i].size = state->completion[i].size = 0;
    } else if (!was_on) {
        make_submission(&state->submission[0], state->admin_submission, (state->admin_sizes & 0xfff) + 1);
        state->completion[0] = (struct completion){
            .base = state->admin_completion, .size = (state->admin_sizes >> 16 & 0xfff) + 1, .phase = true};
    }
}

static void set_address(uint64_t *address, uint32_t offset, uint64_t value, unsigned bytes)
{
    if (bytes == 8)
        *address = value;
    else if (offset & 4)
        *address = (*address & 0xffffffff) | value << 32;
    else
        *address = (*address & ~0xffffffffull) | (uint32_t)value;
}

static void store(struct device *device, uint32_t offset, uint64_t value, unsigned bytes, unsigned cpu, uint32_t pc)
{
    struct nvme *state = device->state;
    uint32_t doorbell = (offset - DOORBELLS) / 4;

    if (offset == CONFIGURATION)
        configure(state, (uint32_t)value);
    else if (offset == ADMIN_SIZES)
        state->admin_sizes = (uint32_t)value;
    else if ((offset & ~4u) == ADMIN_SUBMISSION)
        set_address(&state->admin_submission, offset, value, bytes);
    else if ((offset & ~4u) == ADMIN_COMPLETION)
        set_address(&state->admin_completion, offset, value, bytes);
    else if (offset >= DOORBELLS && doorbell < 2 * QUEUES && doorbell % 2 == 0)
        ring(device, state, doorbell / 2, (uint32_t)value & 0xffff, cpu, pc);
}

bool nvme_create(uint32_t base)
{
    struct nvme *state = calloc(1, sizeof(*state));
    struct device *device = state ? device_add("nvme", base, 0x4000, state, sizeof(*state)) : NULL;

    if (!device)
        return false;
    device->store = store;
    device->load = load;
    devices_asynchronous = true;
    return true;
}
