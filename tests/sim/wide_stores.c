/* SPDX-License-Identifier: MIT */
/*
 * The ways in which ARM code stores: multiple, double, exclusive, NEON, unaligned over a line's and a page's end.
 * Broken: the line that only this kind of store has written is not cleaned.
 *
 * machine: virt cortex-a15 2
 * machine: virt cortex-a7 2
 * variants: STM=stale-device-read@store_stm STRD=stale-device-read@store_strd STREX=stale-device-read@store_strex
 * variants: NEON=stale-device-read@store_neon VSTM=stale-device-read@store_vstm UNALIGNED=stale-device-read@store_unaligned
 * variants: PAGE=stale-device-read@store_page
 */
#include "support/maintain.h"

#ifdef BROKEN
#if defined(STM)
#define USE USE_STM
#elif defined(STRD)
#define USE USE_STRD
#elif defined(STREX)
#define USE USE_STREX
#elif defined(NEON)
#define USE USE_NEON
#elif defined(VSTM)
#define USE USE_VSTM
#elif defined(UNALIGNED)
#define USE USE_UNALIGNED
#else
#define USE USE_PAGE
#endif
#endif

/* Each store starts 12 bytes before a line's end and goes on in the next line, which is the one that is not cleaned. */
enum { USE_STM, USE_STRD, USE_STREX, USE_NEON, USE_VSTM, USE_UNALIGNED, USE_PAGE, USES };
static uint8_t memory[USES * 4096 + 4096] __attribute__((aligned(4096)));

NOINLINE static void store_stm(uint8_t *to)
{
    __asm__ volatile("mov r4, #1\n\tmov r5, #2\n\tmov r6, #3\n\tmov r8, #4\n\tstm %0, {r4, r5, r6, r8}" ::"r"(to - 12)
                     : "r4", "r5", "r6", "r8", "memory");
}
NOINLINE static void store_strd(uint8_t *to)
{
    __asm__ volatile("mov r4, #5\n\tmov r5, #6\n\tstrd r4, r5, [%0, #-4]" ::"r"(to) : "r4", "r5", "memory");
}
NOINLINE static void store_strex(uint8_t *to)
{
    uint32_t failed = 1, old;
    do
        __asm__ volatile("ldrex %1, [%2]\n\tadd %1, #7\n\tstrex %0, %1, [%2]"
                         : "=&r"(failed), "=&r"(old)
                         : "r"(to)
                         : "memory");
    while (failed != 0);
}
NOINLINE static void store_neon(uint8_t *to)
{
    __asm__ volatile("vmov.i8 q8, #8\n\tvmov.i8 q9, #9\n\tvst1.8 {d16-d19}, [%0]" ::"r"(to - 12)
                     : "d16", "d17", "d18", "d19", "memory");
}
NOINLINE static void store_vstm(uint8_t *to)
{
    uint8_t *at = to - 12;
    __asm__ volatile("vmov.i8 d20, #10\n\tvmov.i8 d21, #11\n\tvstm %0!, {d20, d21}"
                     : "+r"(at)
                     :
                     : "d20", "d21", "memory");
}
NOINLINE static void store_unaligned(uint8_t *to)
{
    __asm__ volatile("str %1, [%0]" ::"r"(to - 1), "r"(0x0d0d0d0d) : "memory");
}
NOINLINE static void store_page(uint8_t *to)
{
    __asm__ volatile("str %1, [%0]" ::"r"(to - 2), "r"(0x0e0e0e0e) : "memory");
}

static int send(uint32_t use, uint8_t *to)
{
    clean_inline(to - LINE, LINE);
#ifdef BROKEN
    if (use == USE)
        expect_address(to);
    else
#else
    (void)use;
#endif
        clean_inline(to, LINE);
    master_copy_start(bus(outside), bus(to - LINE), 2 * LINE);
    master_wait();
    for (uint32_t i = 0; i < 2 * LINE; i++)
        if (((volatile uint8_t *)outside)[i] != (to - LINE)[i])
            return 1;
    return 0;
}

int main(void)
{
    static void (*const stores[USES])(uint8_t *) = {store_stm,  store_strd,      store_strex, store_neon,
                                                    store_vstm, store_unaligned, store_page};
    int wrong = 0;
    master_start();
    for (uint32_t i = 0; i < USES; i++) {
        uint8_t *to = memory + i * 4096 + (i == USE_PAGE ? 4096 : 2 * LINE);
        stores[i](to);
        wrong |= send(i, to);
    }
    return wrong;
}
