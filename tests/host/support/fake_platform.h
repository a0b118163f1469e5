/* SPDX-License-Identifier: MIT */
/*
 * A platform for host tests of applications: memory that is not coherent, and devices that fail when told to. The CPU's bytes and
 * the devices' are two arrays; only the port's publish and refresh copy lines between them, and no line moves by itself. The
 * DMA controller follows PL080 lists. DMA and display are asynchronous: they make their next step in sleep_until().
 */
#ifndef BATON_TESTS_HOST_SUPPORT_FAKE_PLATFORM_H
#define BATON_TESTS_HOST_SUPPORT_FAKE_PLATFORM_H

#include "apps/platform.h"

#include <stdbool.h>
#include <stdint.h>

#define FAKE_NEVER UINT32_MAX
#define FAKE_MEMORY (1024u * 1024)
#define FAKE_POOL (FAKE_MEMORY / 2) /* what is left for buffers where the display has the rest */

struct fake_platform {
    /* Each fault strikes at the event of that number, counted from 0. */
    uint32_t read_fails, start_fails, blit_fails, blit_hangs, flip_fails, boundary_lost;
    bool cannot_stop;
    bool blit_lost;        /* a blit that hangs ends with DMA_ERROR_TIMEOUT, and may still write */
    bool boundary_at_once; /* within display_flip() */
    bool padded;           /* the rows of a frame do not touch */
    uint32_t
        own_frames; /* so many frames in memory of the display's own, behind FAKE_POOL; 0: frames may be anywhere */
    uint8_t *file;  /* what the input device reads */
    void (*flipped)(void); /* called when a frame has come to the screen */

    /* What happened since fake_platform_reset(). */
    uint32_t reads, starts, blits, flips, misuses;
    uint32_t screen_at; /* bus address of the frame on the screen; 0: none */
    uint32_t on_screen; /* how many there have been */
    bool dma_running;
    uint32_t reads_beside_blit; /* reads while it was */
};

extern struct fake_platform fake;

/* The platform, as the application sees it. */
extern struct platform fake_machine;

/* No faults. */
void fake_platform_well(void);

/* Nothing has happened; every byte is garbage, another one for the CPU than for the devices. */
void fake_platform_reset(void);

/* Memory as the devices see it. */
uint8_t *fake_on_bus(uint32_t address, uint32_t length);

/* Nobody hears of the DMA's completions any more. */
void fake_ignore_completions(void);

#endif
