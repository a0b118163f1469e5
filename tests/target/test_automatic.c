/* SPDX-License-Identifier: MIT */
/*
 * Automatic buffers on the target: plain loads and stores, opened by faults, between transfers of the DMA engine.
 * What would break it: a page that stays writable while a device reads it, or mapped while one writes, a store that leaves no line dirty, a
 * touch that does not wait or waits with interrupts masked, a register that is lost on the way through the fault.
 */
#include "boot/cpu.h"
#include "boot/exception.h"
#include "boot/mmu.h"
#include "tests/target/support/rig.h"
#include "tests/target/support/tap.h"

#include <string.h>

#define PAGE 4096u
#define PAGES 16u
#define SIZE (PAGES * PAGE + 128)

static struct baton_port port;
static struct baton_misuse said;
static unsigned misuses;
static struct rig_buffer list, plain, automatic;
static char *bytes;

static void misuse(void *context, const struct baton_misuse *what)
{
    (void)context;
    said = *what;
    misuses++;
    tap_note("%s: %s", what->verb, what->reason);
}

static void load(void *address)
{
    (void)*(volatile char *)address;
}

static uint32_t newest_in_cache(void)
{
    struct baton_answer answer;

    return baton_query(rig, automatic.buffer, (struct baton_range){0, SIZE}, &answer, NULL, 0) == BATON_OK
               ? answer.newest_in_cache
               : UINT32_MAX;
}

static uint32_t differences(const char *is, uint32_t seed)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < SIZE; i++) {
        count += (uint8_t)is[i] != rig_pattern(seed, i);
    }
    return count;
}

/* The interrupt that ends a transfer ends its mappings: whoever waits for a page may go on. */
static void completed(void *context, unsigned channel, enum dma_status status)
{
    struct rig_transfer *transfer = context;

    rig_completion(context, channel, status);
    rig_unmap(transfer);
    /* rig_unmap() ends what is mapped still. */
    transfer->source.access.token = transfer->destination.access.token = transfer->entries.access.token = 0;
}

static bool start(struct rig_transfer *transfer, struct rig_buffer *from, struct rig_buffer *to)
{
    rig_map(transfer, from, to, &list);
    rig_copy_list(transfer);
    return dma_start(platform()->dma, 0, &transfer->entries, completed, transfer) == DMA_OK;
}

int main(void)
{
    struct rig_transfer transfer;
    struct baton_cpu_access access;
    struct abort_record record;
    void *pointer = NULL;

    port = *platform()->port;
    port.misuse = misuse;
    rig_open_with(&port);
    platform_guard_faults(rig, 5000000);
    automatic = rig_buffer_as("automatic", SIZE, BATON_POLICY_CACHED, BATON_ENFORCE_AUTOMATIC);
    plain = rig_buffer("plain", SIZE);
    list = rig_buffer("list", 512);

    tap_plan(20);
    tap_ok(baton_automatic_pointer(rig, automatic.buffer, &pointer) == BATON_OK && pointer != NULL,
           "it has an address");
    bytes = pointer;
    tap_ok(baton_begin_cpu_access(rig, automatic.buffer, (struct baton_range){0, 64}, BATON_READ, &access) ==
               BATON_ERROR_POLICY,
           "and takes no calls");

    for (uint32_t i = 0; i < SIZE; i++) {
        bytes[i] = (char)rig_pattern(1, i);
    }
    tap_equal(newest_in_cache(), SIZE, "plain stores: every line of its pages is dirty");
    tap_ok(start(&transfer, &automatic, &plain), "the engine takes it");
    tap_ok(transfer.completions != 0 || mmu_lookup((uintptr_t)bytes).attribute == MMU_RODATA,
           "while it reads the CPU may load, and not store");
    tap_ok(bytes[5] == (char)rig_pattern(1, 5), "a load");
    bytes[5] = 99; /* waits for the engine, which must not see it */
    tap_ok(transfer.completions == 1 && transfer.status == DMA_OK, "a store waits for the completion interrupt");
    tap_ok(rig_differences(&plain, 0, SIZE, 1, 0) == 0, "the engine has read what was stored before");
    tap_equal(newest_in_cache(), PAGE, "only the page that was stored to is dirty again");

    rig_fill(&plain, 2);
    tap_ok(start(&transfer, &plain, &automatic), "the engine overwrites it");
    tap_ok(transfer.completions != 0 || mmu_lookup((uintptr_t)bytes).attribute == MMU_NONE, "its pages are not mapped");
    char first = bytes[SIZE - 1];
    tap_ok(transfer.completions == 1 && first == (char)rig_pattern(2, SIZE - 1),
           "a load of the last byte waits for the completion interrupt");
    tap_equal(differences(bytes, 2), 0, "plain loads see what the engine wrote");

    /* Not with interrupts masked. */
    transfer.completions = 0;
    rig_map(&transfer, NULL, &automatic, NULL);
    misuses = 0;
    uint32_t state = cpu_irq_save();
    bool caught = !abort_guard(load, bytes + PAGE, &record);
    bool masked = (cpu_read_cpsr() & CPSR_I) != 0;
    cpu_irq_restore(state);
    tap_ok(caught && masked && misuses == 1 && strcmp(said.reason, baton_status_text(BATON_ERROR_CONTEXT)) == 0 &&
               said.call_site == record.pc && said.offset == PAGE,
           "a touch with interrupts masked is an error");

    /* Nor for ever. */
    platform_guard_faults(rig, 20000);
    misuses = 0;
    caught = !abort_guard(load, bytes + PAGE, &record);
    tap_ok(caught && misuses == 1 && strcmp(said.reason, baton_status_text(BATON_ERROR_TIMEOUT)) == 0 &&
               strcmp(said.holder, platform()->dma_device.name) == 0 && said.holder_writes,
           "a device that does not end: told after the timeout, with its name");
    rig_unmap(&transfer);
    tap_equal((uint8_t)bytes[PAGE + 1], rig_pattern(2, PAGE + 1), "it ended: the page opens");

    misuses = 0;
    caught = !abort_guard(load, bytes + (PAGES + 1) * PAGE - 1, &record);
    tap_ok(mmu_lookup((uintptr_t)bytes + PAGES * PAGE).attribute != MMU_NONE || (caught && misuses == 1),
           "the padding is nobody's");

    /* Registers through a fault: a long copy by vector registers, both sides opened on the way. */
    tap_ok(start(&transfer, &plain, &automatic), "the engine overwrites it once more");
    static char copy[SIZE];
    memcpy(copy, bytes, SIZE);
    tap_equal(differences(copy, 2), 0, "memcpy out of it");

    while (transfer.completions == 0) {
    }
    tap_ok(baton_detach(rig, &automatic.attachment) == BATON_OK && baton_destroy(rig, &automatic.buffer) == BATON_OK &&
               mmu_lookup((uintptr_t)bytes).attribute == MMU_DATA,
           "it ends: its pages are the pool's again");
    return tap_done();
}
