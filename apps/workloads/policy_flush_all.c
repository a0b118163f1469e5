/* SPDX-License-Identifier: MIT */
/*
 * The policy "flush-all": the whole data cache, all levels, cleaned and invalidated by set and way, before a device starts and after
 * one has written. Right only because one coherent CPU runs here: with two, lines move from one cache to the other while the loop
 * goes on (ARM ARM DDI 0406C, B2.2.7). Each set and way of the CPU's own caches counts as
 * one line, cleaned and invalidated; an outer cache's, all at once by way, are not counted.
 */
#include "apps/workloads/streaming.h"
#include "boot/board.h"
#include "boot/setway.h"

static uint32_t lines; /* of all levels */

static void count_lines(void)
{
    streaming_reset();
    lines = setway_lines();
}

static void flush(void)
{
    SETWAY_CALL("setway_clean_invalidate");
    streaming_done.cleaned += lines;
    streaming_done.invalidated += lines;
}

static void flush_outer(void)
{
    if (board_outer != NULL && !board_outer->clean_invalidate_all()) {
        give_up("flush-all", "the outer cache does not come to an end");
    }
}

/* To memory: the inner caches first. */
static void before_read(unsigned char *cpu, uint32_t size)
{
    (void)cpu;
    (void)size;
    flush();
    flush_outer();
}

/* From memory: the outer cache first, from which the inner ones could fetch the old lines again. */
static void after_write(unsigned char *cpu, uint32_t size)
{
    (void)cpu;
    (void)size;
    flush_outer();
    flush();
}

static void before_write(unsigned char *cpu, uint32_t size, bool every_byte)
{
    (void)cpu;
    (void)size;
    (void)every_byte;
    flush();
    flush_outer();
}

static const struct streaming by_set_and_way = {before_read, before_write, after_write};

STREAMING_POLICY(flush_all, "flush-all", by_set_and_way, count_lines);
