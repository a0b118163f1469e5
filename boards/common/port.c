/* SPDX-License-Identifier: MIT */
/*
 * The core's port. Called by the core in task and interrupt context; touches the lock, and caches through boot/.
 */
#include "boards/common/port.h"

#include "boards/common/board.h"
#include "boot/board.h"
#include "boot/cache.h"
#include "boot/cpu.h"
#include "boot/registers/barrier.h"
#include "boot/registers/cp15.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CTR_CWG(ctr) ((ctr) >> 24 & 0xf)
#define CLIDR_LEVELS 7u
#define CLIDR_TYPE(clidr, level) ((clidr) >> (3 * (level)) & 7)
#define CLIDR_DATA 2u /* this type and those above hold data */
#define CCSIDR_LINE(ccsidr) (16u << (7u & (ccsidr)))

__attribute__((cold)) uint32_t port_granule(void)
{
    uint32_t ctr = cp15_read_CTR();
    uint32_t clidr = cp15_read_CLIDR();
    /* Zero: not told (ARM ARM DDI 0406C, B4.1.42). */
    uint32_t granule = CTR_CWG(ctr) != 0 ? 4u << CTR_CWG(ctr) : 0;

    for (uint32_t level = 0; level < CLIDR_LEVELS && CLIDR_TYPE(clidr, level) != 0; level++) {
        if (CLIDR_TYPE(clidr, level) >= CLIDR_DATA) {
            cp15_write_CSSELR(level << 1);
            isb();
            uint32_t line = CCSIDR_LINE(cp15_read_CCSIDR());
            granule = line > granule ? line : granule;
        }
    }
    return granule;
}

__attribute__((cold)) void port_refused(const char *operation, uintptr_t address, size_t length)
{
    char text[96];
    int n = snprintf(text, sizeof text, "port: %s of 0x%08lx, 0x%lx bytes, refused\r\n", operation,
                     (unsigned long)address, (unsigned long)length);

    board_console_write(text, (size_t)n);
    abort();
}

static void publish(void *context, uintptr_t address, size_t length)
{
    (void)context;
    if (!cache_clean_range(address, length)) {
        port_refused("publish", address, length);
    }
}

static void refresh(void *context, uintptr_t address, size_t length)
{
    (void)context;
    if (!cache_invalidate_range(address, length)) {
        port_refused("refresh", address, length);
    }
}

static void barrier(void *context, enum baton_barrier why)
{
    (void)context;
    if (why == BATON_BARRIER_BEFORE_DEVICE) {
        dsb();
    } else {
        dmb();
    }
}

/* In assembly, both: they stand twice in each handoff, and C with inline exclusives is half as long again. */
__attribute__((naked)) static uint32_t lock(void *context __attribute__((unused)))
{
    /* Any value but zero takes it: its own address. */
    __asm__("mov   r1, r0\n\t"
            "mrs   r0, cpsr\n\t"
            "cpsid i\n"
            "1:\n\t"
            "ldrex r2, [r1]\n\t"
            "cbnz  r2, 2f\n\t"
            "strex r2, r1, [r1]\n\t"
            "cbnz  r2, 3f\n\t"
            "dmb   sy\n\t"
            "bx    lr\n"
            "2:\n\t"
            "wfe\n" /* the holder is another CPU: its unlock sends the event */
            "3:\n\t"
            "b     1b");
}

__attribute__((naked)) static void unlock(void *context __attribute__((unused)), uint32_t state __attribute__((unused)))
{
    __asm__("movs  r2, #0\n\t"
            "dmb   sy\n\t"
            "str   r2, [r0]\n\t"
            "dsb   sy\n\t"
            "sev\n\t"
            "msr   cpsr_c, r1\n\t"
            "bx    lr");
}

/* A task: SVC or System mode, interrupts enabled. Whoever else waited, waited for what he has interrupted. */
static bool may_wait(void *context)
{
    uint32_t cpsr = cpu_read_cpsr();
    uint32_t mode = cpsr & CPSR_MODE;

    (void)context;
    return (mode == MODE_SVC || mode == MODE_SYS) && (cpsr & CPSR_I) == 0;
}

static void copy(void *context, void *to, const void *from, size_t length)
{
    (void)context;
    memcpy(to, from, length);
}

/* By snprintf and the board's console, not by printf: it may run in an interrupt that came in the middle of one. */
__attribute__((cold)) static void misuse(void *context, const struct baton_misuse *what)
{
    char text[256];

    (void)context;
    int n = snprintf(text, sizeof text,
                     "baton: %s refused: %s: buffer \"%s\" [0x%lx, +0x%lx) epoch %lu, called from 0x%08lx\r\n",
                     what->verb, what->reason, what->buffer, (unsigned long)what->offset, (unsigned long)what->length,
                     (unsigned long)what->epoch, (unsigned long)what->call_site);
    board_console_write(text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
    if (what->holder[0] != '\0') {
        n = snprintf(text, sizeof text, "baton:   held by %s since 0x%08lx, epoch %lu\r\n", what->holder,
                     (unsigned long)what->holder_call_site, (unsigned long)what->holder_epoch);
        board_console_write(text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
    }
}

__attribute__((cold)) const struct baton_port *port_init(void)
{
    static struct port_lock held;
    static struct baton_port port = {
        .publish = publish,
        .refresh = refresh,
        .barrier = barrier,
        .lock = lock,
        .unlock = unlock,
        .misuse = misuse,
        .may_wait = may_wait,
        .copy = copy,
        .page = MMU_PAGE,
        .protect = port_protect,
        .prepare = port_prepare,
        .context = &held,
    };

    port.granule = port_granule();
    port.bus_offset = board_bus_offset;
    port.now = board.clock->now;
    port.wait = board.clock->wait;
    port.frequency = board.clock->frequency();
    if (board.port != NULL) {
        board.port(&port);
    }
    return &port;
}
