/* SPDX-License-Identifier: MIT */
/*
 * Enforcement by the MMU on the target: a buffer's page is mapped while the CPU has it open, with the rights that it has, and a stray
 * access is told with buffer, holder, epoch and PC.
 * What would break it: a page that stays mapped after the end or while a device has it, a read access that can store, maintenance through a
 * page that is not mapped (a data abort here), bytes that are lost on the way, a report that names somebody else.
 *
 */
#include "boot/exception.h"
#include "boot/fault.h"
#include "boot/mmu.h"
#include "tests/target/support/rig.h"
#include "tests/target/support/tap.h"

#include <string.h>

#define PAGE 4096u
#define SIZE (2 * PAGE + 128)

extern unsigned char stray_load[], stray_store[];

static struct baton_port port;
static struct baton_misuse said;
static unsigned misuses;
static struct rig_buffer list, plain;

static void misuse(void *context, const struct baton_misuse *what)
{
    (void)context;
    said = *what;
    misuses++;
}

__attribute__((noinline, noclone)) static void load(void *address)
{
    uint32_t value;
    __asm__ volatile(".global stray_load\nstray_load:\n\tldrb %0, [%1]" : "=r"(value) : "r"(address));
}

__attribute__((noinline, noclone)) static void store(void *address)
{
    __asm__ volatile(".global stray_store\nstray_store:\n\tstrb %0, [%0]" ::"r"(address) : "memory");
}

/* The access is a stray one, and is told: buffer, holder, PC. */
static void stray(bool write, char *address, uint32_t offset, const char *holder, uint32_t holder_epoch,
                  const char *when)
{
    struct abort_record record = {0};
    const uintptr_t pc = (uintptr_t)(write ? stray_store : stray_load);
    bool passed = true;

    misuses = 0;
    passed &= !abort_guard(write ? store : load, address + offset, &record);
    passed &= record.kind == EXCEPTION_DATA_ABORT && record.address == (uint32_t)(uintptr_t)address + offset;
    passed &= fault_is_write(record.status) == write && record.pc == pc;
    tap_ok(passed, "%s: a %s is caught", when, write ? "store" : "load");
    if (!tap_ok(misuses == 1 && strcmp(said.verb, "baton_fault") == 0 && strcmp(said.buffer, "guarded") == 0 &&
                    strcmp(said.holder, holder) == 0 && said.holder_epoch == holder_epoch && said.call_site == pc &&
                    said.offset == offset && said.length == 1,
                "%s: and told, with buffer, holder, epoch and PC", when)) {
        tap_note("%u: %s \"%s\" \"%s\" epoch %lu pc 0x%lx", misuses, said.verb, said.buffer, said.holder,
                 (unsigned long)said.holder_epoch, (unsigned long)said.call_site);
    }
}

static bool fine(bool write, char *address)
{
    struct abort_record record;

    return abort_guard(write ? store : load, address, &record);
}

int main(void)
{
    static const struct baton_range all = {0, SIZE}, second = {PAGE, PAGE};
    const struct platform *board;
    struct baton_cpu_access access, other;
    struct rig_buffer guarded;
    char *bytes;
    uint32_t epoch;

    port = *platform()->port;
    port.misuse = misuse;
    board = rig_open_with(&port);
    platform_guard_faults(rig, 1000);
    guarded = rig_buffer_as("guarded", SIZE, BATON_POLICY_CACHED, BATON_ENFORCE_MMU);
    plain = rig_buffer("plain", SIZE);
    list = rig_buffer("list", 256);
    (void)board;

    tap_plan(27);
    bool done = baton_begin_cpu_access(rig, guarded.buffer, all, BATON_OVERWRITE, &access) == BATON_OK;
    bytes = access.data;
    tap_ok(done && ((uintptr_t)bytes & (PAGE - 1)) == 0, "a guarded buffer starts on a page");
    for (uint32_t i = 0; i < SIZE; i++) {
        bytes[i] = (char)rig_pattern(1, i);
    }
    done = baton_end_cpu_access(rig, &access) == BATON_OK;
    tap_ok(done && access.data == NULL, "filled and ended");
    stray(false, bytes, 0, "", 0, "after the end");
    stray(true, bytes, SIZE - 1, "", 0, "after the end");

    done = baton_begin_cpu_access(rig, guarded.buffer, second, BATON_READ, &access) == BATON_OK;
    struct baton_answer answer;
    done &= baton_query(rig, guarded.buffer, all, &answer, NULL, 0) == BATON_OK;
    epoch = answer.epoch;
    tap_ok(done && fine(false, bytes + PAGE), "a reader may load");
    stray(true, bytes, PAGE + 5, "cpu", epoch, "open for reading");
    stray(false, bytes, 2 * PAGE, "", 0, "open for reading, the next page");

    /* Rights of both together. */
    done = baton_begin_cpu_access(rig, guarded.buffer, (struct baton_range){2 * PAGE, 64}, BATON_WRITE, &other) ==
           BATON_OK;
    tap_ok(done && fine(true, bytes + 2 * PAGE), "a writer of the next page may store there");
    bytes[2 * PAGE] = (char)rig_pattern(1, 2 * PAGE);
    done = baton_end_cpu_access(rig, &other) == BATON_OK && baton_end_cpu_access(rig, &access) == BATON_OK;
    tap_ok(done, "both end");

    /* The device reads what was stored: the lines are published through a mapping. */
    struct rig_transfer out;
    rig_map(&out, &guarded, &plain, &list);
    done = baton_query(rig, guarded.buffer, all, &answer, NULL, 0) == BATON_OK;
    stray(false, bytes, 0, platform()->dma_device.name, answer.epoch, "a device reads");
    rig_copy_list(&out);
    tap_ok(rig_run(&out, 0) == DMA_OK && rig_differences(&plain, 0, SIZE, 1, 0) == 0,
           "the device has read what the CPU stored");

    /* The device writes; the CPU refreshes through a mapping. */
    rig_fill(&plain, 2);
    struct rig_transfer in;
    rig_map(&in, &plain, &guarded, &list);
    done = baton_query(rig, guarded.buffer, all, &answer, NULL, 0) == BATON_OK;
    stray(true, bytes, 77, platform()->dma_device.name, answer.epoch, "a device writes");
    rig_copy_list(&in);
    tap_ok(rig_run(&in, 0) == DMA_OK && rig_differences(&guarded, 0, SIZE, 2, 0) == 0,
           "the CPU reads what the device wrote");
    stray(false, bytes, 64, "", 0, "read and ended");

    tap_ok(mmu_lookup((uintptr_t)bytes).attribute == MMU_NONE, "its pages are not mapped");
    struct baton_buffer_config bad = {.name = "end", .size = 64, .enforcement = BATON_ENFORCE_MMU};
    baton_buffer last;
    tap_ok(baton_create(rig, rig_pool, &bad, &last) == BATON_OK, "another one");
    tap_ok(baton_detach(rig, &guarded.attachment) == BATON_OK && baton_destroy(rig, &guarded.buffer) == BATON_OK,
           "the buffer ends");
    tap_ok(mmu_lookup((uintptr_t)bytes).attribute == MMU_DATA &&
               mmu_lookup((uintptr_t)bytes + 2 * PAGE).attribute == MMU_DATA,
           "its pages are the pool's again, cached");
    /* More sections than there are tables to split them with. */
    unsigned tables = mmu_tables_left();
    bad.size = 100u << 20;
    tap_ok(baton_create(rig, rig_pool, &bad, &last) == BATON_ERROR_POLICY && mmu_tables_left() == tables,
           "one that the tables have no room for is refused, and takes none");
    misuses = 0;
    struct abort_record record;
    tap_ok(!abort_guard(load, (void *)0x100, &record) && misuses == 0, "an abort elsewhere is nobody's buffer");
    return tap_done();
}
