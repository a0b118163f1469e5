/* SPDX-License-Identifier: MIT */
/*
 * The Raspberry Pi's firmware makes a framebuffer, and the CPU draws in it through its caches.
 * Broken: the request to the firmware is not cleaned (REQUEST), its answer is read from a cache (ANSWER), a row is not cleaned before
 * the part that is shown is moved to it (ROW), or after it is shown (BAR).
 *
 * machine: raspi2b cortex-a7 4
 * devices: bcm2835-mailbox
 * variants: REQUEST=stale-device-read@ask ANSWER=stale-cpu-read@answer ROW=stale-device-read@draw BAR=stale-device-read@draw_bar
 * modes: detect
 * data: any
 */
#include "support/maintain.h"

#define WIDTH 64u
#define HEIGHT 48u
#define COLUMNS (WIDTH + 16)
#define FRAMEBUFFER 0x3c100000u
static volatile uint32_t words[64] ALIGNED;

void adjust_map(void)
{
    map_sections(table_cached, FRAMEBUFFER, FRAMEBUFFER, 0x100000, WRITE_BACK);
}

NOINLINE static uint32_t ask(uint32_t at, uint32_t tag, uint32_t first, uint32_t second)
{
    words[at] = tag;        /* accused */
    words[at + 1] = 8;      /* accused */
    words[at + 2] = 0;      /* accused */
    words[at + 3] = first;  /* accused */
    words[at + 4] = second; /* accused */
    words[at + 5] = 0;      /* accused */
    return at + 5;
}

NOINLINE static uint32_t answer(uint32_t word)
{
    return words[word]; /* accused */
}

NOINLINE static void call(uint32_t end, bool clean, bool invalidate)
{
    words[0] = 4 * (end + 1);
    words[1] = 0;
    if (clean)
        clean_counted(words, sizeof words);
    else
        clean_counted(words, LINE);
    dsb();
    write32(MAILBOX + 0x20, (UNCACHED_VIEW + bus(words)) | 8);
    while ((read32(MAILBOX + 0x18) & 0x40000000) != 0) {
    }
    (void)read32(MAILBOX);
    dmb();
    if (invalidate)
        invalidate_counted(words, sizeof words);
}

NOINLINE static void draw(uint32_t *frame)
{
    for (uint32_t i = 0; i < 2 * HEIGHT * COLUMNS; i++)
        frame[i] = i; /* accused */
}

NOINLINE static void draw_bar(uint32_t *frame)
{
    for (uint32_t i = 0; i < WIDTH; i++)
        frame[i] = 0xffffff; /* accused */
}

int main(void)
{
    uint32_t at = 2;
    bool clean = true, invalidate = true;

#ifdef REQUEST
    clean = false;
#endif
#ifdef ANSWER
    invalidate = false;
#endif
    at = ask(at, 0x00048003, WIDTH, HEIGHT);
    at = ask(at, 0x00048004, COLUMNS, 2 * HEIGHT);
    at = ask(at, 0x00048009, 0, 0);
    at = ask(at, 0x00048005, 32, 0);
    at = ask(at, 0x00040001, 4096, 0);
    at = ask(at, 0x00040008, 0, 0);
    call(at, clean, invalidate);
    if (answer(at - 10 + 3) != FRAMEBUFFER || answer(at - 5 + 3) != 4 * COLUMNS)
        return 2;

    uint32_t *const frame = (uint32_t *)FRAMEBUFFER, *const second = frame + HEIGHT * COLUMNS;
    draw(frame);
    clean_counted(frame, 4 * HEIGHT * COLUMNS);
#ifdef ROW
    clean_counted(second + 5 * COLUMNS, 4 * (HEIGHT - 5) * COLUMNS);
#else
    clean_counted(second, 4 * HEIGHT * COLUMNS);
#endif
    call(ask(2, 0x00048009, 0, HEIGHT), true, true);
    draw_bar(second);
#ifndef BAR
    clean_counted(second, 4 * WIDTH);
#endif
    return 0;
}
