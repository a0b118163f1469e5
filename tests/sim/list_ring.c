/* SPDX-License-Identifier: MIT */
/*
 * A driver with a ring of scatter-gather items, cached and used over and over, two payload buffers in turn (the CPU fills one while
 * the other is on its way), and replies that come into a ring of receive buffers.
 * Broken: what a driver forgets on its second round, or at the ring's end.
 *
 * machine: realview-pb-a8 cortex-a8 1
 * machine: realview-pbx-a9 cortex-a9 1
 * machine: versatilepb cortex-a8 1
 * devices: pl080
 * variants: ITEM_REUSED=stale-device-read@set_item LAST_ITEM=stale-device-read@set_item WRAP=stale-device-read@set_item
 * variants: SECOND_ROUND=stale-device-read@produce OTHER_HALF=stale-device-read@produce
 * variants: REPLY_REUSED=stale-cpu-read@consume REPLY_DIRTY=lost-update@consume REPLY_ONE_SHORT=stale-cpu-read@consume
 * variants: STACK=discarded-store@reply_on_stack STACK_STALE=stale-cpu-read@reply_on_stack FREED=lost-update@consume
 * data: any
 */
#include "support/maintain.h"
#include "support/pl081.h"

#define ITEMS 6u
#define PIECE 48u
#define ROUNDS 5u
static struct pl081_item ring[ITEMS] ALIGNED;
static volatile uint8_t payload[2][ITEMS * LINE] ALIGNED;
static volatile uint8_t replies[2][2 * LINE] ALIGNED;
static volatile uint32_t *scratch;

static uint8_t byte_of(uint32_t round, uint32_t i)
{
    return (uint8_t)(pattern(i) + 37 * round);
}

NOINLINE static void produce(uint32_t round)
{
    volatile uint8_t *const to = payload[round & 1];
    for (uint32_t i = 0; i < ITEMS * LINE; i++)
        to[i] = byte_of(round, i);
#ifdef SECOND_ROUND
    if (round < 2)
#endif
#ifdef OTHER_HALF
        flush_inline(payload[(round & 1) ^ (round == 3)], ITEMS * LINE);
#else
    flush_inline(to, ITEMS * LINE);
#endif
}

NOINLINE static void set_item(uint32_t index, uint32_t round)
{
    struct pl081_item *const item = &ring[index];
    item->source = bus(payload[round & 1] + index * LINE);
    item->destination = bus(outside) + index * PIECE;
    item->next = index + 1 < ITEMS ? bus(&ring[index + 1]) : 0;
    item->control = PL081_CONTROL(PIECE) & (index + 1 < ITEMS ? 0x7fffffffu : 0xffffffffu);
}

NOINLINE static void describe(uint32_t round)
{
    uint32_t bytes = sizeof ring;
    for (uint32_t i = 0; i < ITEMS; i++)
        set_item(i, round);
#ifdef ITEM_REUSED
    if (round == 3)
        return;
#endif
#ifdef LAST_ITEM
    bytes -= LINE;
#endif
    clean_counted(ring, bytes);
#ifdef WRAP
    if (round == 2)
        set_item(ITEMS - 1, round);
#endif
}

NOINLINE static int consume(uint32_t round)
{
    volatile uint8_t *const from = replies[round & 1];
    for (uint32_t i = 0; i < 2 * LINE; i++)
        if (from[i] != byte_of(round, i))
            return 1;
    return 0;
}

NOINLINE static int reply(uint32_t round)
{
    volatile uint8_t *const to = replies[round & 1];
    for (uint32_t i = 0; i < 2 * LINE; i++)
        ((volatile uint8_t *)outside)[1024 + i] = byte_of(round, i);
    dsb();
#ifdef REPLY_DIRTY
    if (round == 3)
        to[LINE + 3] = 1;
#endif
    pl081_start(bus(to), bus(outside) + 1024, 0, PL081_CONTROL(2 * LINE));
    pl081_poll();
    dsb();
#if defined(REPLY_REUSED)
    if (round < 2)
#endif
#ifdef REPLY_DIRTY
        flush_inline(to, 2 * LINE);
#elif defined(REPLY_ONE_SHORT)
    invalidate_inline(to, round == 4 ? LINE : 2 * LINE);
#else
    invalidate_inline(to, 2 * LINE);
#endif
    return consume(round);
}

/* The whole lines of a stack buffer: what else lies on the stack shares none of them. */
NOINLINE static int reply_on_stack(void)
{
    volatile uint32_t flag = 0x5a;
    volatile uint8_t storage[4 * LINE];
    volatile uint8_t *const whole = (volatile uint8_t *)(((uint32_t)(uintptr_t)storage + LINE - 1) & ~(LINE - 1));
    for (uint32_t i = 0; i < 4 * LINE; i++)
        storage[i] = 0;
    flush_inline(storage, 4 * LINE);
    if (whole[0] + whole[LINE] != 0)
        return 1;
    scratch = &flag;
    storage[0] = storage[4 * LINE - 1] = 77;
    pl081_start(bus(whole), bus(outside) + 1024, 0, PL081_CONTROL(2 * LINE));
    pl081_poll();
    dsb();
#ifdef STACK
    invalidate_inline(storage, 4 * LINE);
#elif !defined(STACK_STALE)
    invalidate_inline(whole, 2 * LINE);
#endif
    for (uint32_t i = 0; i < 2 * LINE; i++)
        if (whole[i] != ((volatile uint8_t *)outside)[1024 + i])
            return 1;
    return storage[0] != 77 || storage[4 * LINE - 1] != 77 || *scratch != 0x5a;
}

int main(void)
{
    int wrong = 0;
    flush_inline(replies, sizeof replies);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        produce(round);
        describe(round);
        pl081_start(bus(outside), bus(payload[round & 1]), bus(&ring[1]), ring[0].control);
        pl081_poll();
        dsb();
        for (uint32_t i = 0; i < ITEMS * PIECE; i++)
            if (((volatile uint8_t *)outside)[i] != byte_of(round, i / PIECE * LINE + i % PIECE))
                wrong++;
#ifdef FREED
        if (round == 2) /* it was freed, and had another owner for a while */
            for (uint32_t i = 0; i < LINE; i++)
                replies[1][i] = 9;
        if (round == 3) {
            pl081_start(bus(replies[1]), bus(outside) + 1024, 0, PL081_CONTROL(2 * LINE));
            pl081_poll();
            dsb();
            clean_inline(replies[1], LINE);
            invalidate_inline(replies[1], 2 * LINE);
            return consume(3);
        }
#endif
        wrong += reply(round);
    }
    wrong += reply_on_stack();
    return wrong != 0;
}
