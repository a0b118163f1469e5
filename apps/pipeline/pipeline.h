/* SPDX-License-Identifier: MIT */
/*
 * The pipeline's own state, shared by its files: buffers.c makes and ends the buffers, stages.c and blit.c move one frame
 * through them, play.c rotates them, main.c takes the settings and prints the end.
 *
 * Who runs where: everything runs in task context on one CPU, except the completion of a blit and the frame boundary of the
 * display, which may come as interrupts on that CPU. What these two share with the task is atomic: a slot's state, a screen's
 * state, flip_pending. All else of a slot belongs to the interrupt while the state is SLOT_BLITTING, and to the task otherwise.
 */
#ifndef BATON_APPS_PIPELINE_PIPELINE_H
#define BATON_APPS_PIPELINE_PIPELINE_H

#include "apps/pipeline/clip.h"
#include "apps/pipeline/convert.h"
#include "apps/pipeline/fit.h"
#include "apps/pipeline/ledger.h"
#include "apps/platform.h"
#include "core/baton.h"

#include <stdbool.h>
#include <stdint.h>

#define PIPELINE_SLOTS 2   /* one is blitted while the next is read and converted */
#define PIPELINE_SCREENS 3 /* shown, on its way out until the frame boundary, and blitted to */
#define PIPELINE_CHANNEL 0 /* of the DMA controller; one blit runs at a time */

enum device { DEVICE_INPUT, DEVICE_DMA, DEVICE_DISPLAY, DEVICES };

/* A buffer, and its attachments to the devices that use it (a zero token: not attached). */
struct shared {
    const char *name;
    uint32_t size; /* bytes */
    baton_buffer buffer;
    baton_attachment by[DEVICES];
};

enum screen_state { SCREEN_FREE, SCREEN_IN_USE };

struct screen {
    struct shared frame;
    _Atomic enum screen_state state; /* in use: a slot's back buffer, or the display's */
    bool bordered;                   /* its borders are black: they never change again */
    struct baton_source shown;       /* the display's mapping */
};

enum slot_state { SLOT_IDLE, SLOT_READY, SLOT_BLITTING, SLOT_BLITTED };

/* All that one frame needs from its file to the end of its blit. */
struct slot {
    struct pipeline *pipeline;
    struct shared input, picture, list;
    baton_bus_address list_address; /* where the DMA finds the list */
    uint32_t frame;                 /* its number, from 1 */
    struct screen *screen;          /* its back buffer, from SLOT_READY until it is shown */
    struct baton_source picture_source, list_source;
    struct baton_destination back;
    _Atomic enum slot_state state;
    enum dma_status blitted;    /* how the blit ended, and */
    enum baton_status released; /* how its mappings did; both from SLOT_BLITTED on */
};

struct pipeline {
    const struct platform *platform;
    const char *name; /* of the input */
    struct baton *baton;
    void *memory; /* of the instance */
    baton_pool pool;
    baton_device devices[DEVICES];
    struct ledger ledger;
    struct clip clip;
    struct clip_reader reader;
    struct convert convert;
    struct fit fit;
    uint32_t screen_width, screen_height; /* pixels */

    struct shared header; /* where the input device writes a few bytes of the file's own structure */
    struct shared black;  /* one word of black, for borders */
    struct baton_source black_source;
    struct slot slots[PIPELINE_SLOTS];
    struct screen screens[PIPELINE_SCREENS];

    struct screen *front;      /* the one on the display, or NULL */
    struct screen *retiring;   /* the one before, until the frame boundary */
    _Atomic bool flip_pending; /* the boundary has not come yet */
    enum baton_status retired; /* how the unmapping at the last boundary went */

    uint32_t frame_limit; /* most frames to show */
    bool paced;           /* at the clip's own rate */
    uint32_t shown;       /* frames on the screen so far */
    uint64_t first_shown; /* when the first one was, microseconds */
    uint64_t last_progress;
    char failure[192]; /* the first one: a line without the input's name; empty: none */
};

/* Notes a failure, unless one is noted already. Returns false, so that a caller can say return fail(...). */
bool fail(struct pipeline *pipeline, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same for a core's status: true for BATON_OK. what is the buffer's name, or another word for the place. */
bool check(struct pipeline *pipeline, const char *what, enum baton_status status);

/* ---------------------------------------------------------------------------------------------------------------- */
/* buffers.c */

/* Makes the instance, the devices and the header buffer: enough to open a clip. pipeline->platform is set. */
bool pipeline_open(struct pipeline *pipeline);

/* Makes the buffers for the opened clip, the display's mode and the place of the picture. */
bool pipeline_create_buffers(struct pipeline *pipeline);

/* Moves the trace's new records into the ledger. Often enough that the ring never overruns. */
bool pipeline_take_trace(struct pipeline *pipeline);

/* Ends every buffer but the one on the screen: the display reads that as long as the machine runs. */
bool pipeline_close(struct pipeline *pipeline);

/* ---------------------------------------------------------------------------------------------------------------- */
/* stages.c and blit.c: one frame through one slot, in this order. False: fail() was called, and what the stage had begun is undone. */

/* The clip's reader: context is the pipeline. */
bool stage_read_header(void *context, uint32_t offset, uint8_t *to, uint32_t length);

/* The input device reads the frame's payload at offset of the file. */
bool stage_read(struct pipeline *pipeline, struct slot *slot, uint32_t offset);

/* The CPU makes it the picture as shown. */
bool stage_convert(struct pipeline *pipeline, struct slot *slot);

/* The CPU writes the linked list of its blit to a free back buffer: SLOT_READY, with all that the blit needs mapped. */
bool stage_list(struct pipeline *pipeline, struct slot *slot);

/* The DMA starts: SLOT_BLITTING. Its completion ends the mappings: SLOT_BLITTED. */
bool stage_blit(struct pipeline *pipeline, struct slot *slot);

/* Waits for that. */
bool stage_finish_blit(struct pipeline *pipeline, struct slot *slot);

/* Flips the display to the back buffer: SLOT_IDLE. */
bool stage_display(struct pipeline *pipeline, struct slot *slot);

/* Bytes of the longest list that stage_list() may write. */
uint32_t stage_list_bytes(const struct pipeline *pipeline);

/* Waits until the display has left the frame before, for the back buffer's sake. */
bool stage_await_boundary(struct pipeline *pipeline);

/* After a failure: stops the blit in flight and ends the mappings of a slot. A blit that cannot be stopped keeps its buffers. */
void stage_abandon(struct pipeline *pipeline, struct slot *slot);

/* Sleeps until done(what) or the limit, in microseconds; returns done(what). */
bool stage_wait(struct pipeline *pipeline, bool (*done)(const void *what), const void *what, uint64_t limit);

/* ---------------------------------------------------------------------------------------------------------------- */
/* play.c */

/* Shows the clip's frames; true when all were shown. On return nothing moves any more but the display's reading. */
bool pipeline_play(struct pipeline *pipeline);

#endif
