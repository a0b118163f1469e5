/* SPDX-License-Identifier: MIT */
/*
 * The main job: a clip from a file on the host goes through an input device, the CPU and a DMA controller to the screen. Here are
 * its settings, its one line about a failure, and its last words. docs/PIPELINE.md says what it shows, pixel by pixel.
 */
#include "apps/pipeline/pipeline.h"
#include "apps/pipeline/settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOWEST 60    /* seconds that a frame may not stand, at the clip's own rate */
#define USUAL_RATE 25 /* frames a second of a clip that does not say */

static struct pipeline pipeline; /* too large for a stack */

/* Reads the settings, opens the clip, sets the mode, and makes the buffers. */
static bool set_up(void)
{
    const struct platform *const machine = platform();
    const char *const screen = machine->setting("screen");
    const char *const frames = machine->setting("frames");
    const char *const window = machine->setting("window");
    struct clip *const clip = &pipeline.clip;
    enum display_status status;

    pipeline.platform = machine;
    pipeline.name = machine->input != NULL ? machine->input->name : "pipeline";
    if (machine->input == NULL) {
        return fail(&pipeline, "no clip was given, or board %s has no input device", machine->board);
    }
    if (!settings_frames(frames, &pipeline.frame_limit)) {
        return fail(&pipeline, "FRAMES=%.32s: not a number of frames (1 to %d)", frames, SETTINGS_MAX_FRAMES);
    }
    if (!settings_screen(screen, &pipeline.screen_width, &pipeline.screen_height)) {
        return fail(&pipeline, "SCREEN=%.32s: a screen has WIDTHxHEIGHT pixels, %dx%d to %dx%d", screen,
                    SETTINGS_MIN_SIDE, SETTINGS_MIN_SIDE, SETTINGS_MAX_WIDTH, SETTINGS_MAX_HEIGHT);
    }
    if (!pipeline_open(&pipeline)) {
        return false;
    }
    pipeline.reader = (struct clip_reader){machine->input->size, stage_read_header, &pipeline};
    if (clip_open(clip, &pipeline.reader) != CLIP_OK) {
        return fail(&pipeline, "%s", clip->reason);
    }
    pipeline.paced = window != NULL && strcmp(window, "1") == 0;
    if (clip->rate == 0) {
        clip->rate = USUAL_RATE; /* over a scale of 1 */
    }
    if (pipeline.paced && clip->scale / clip->rate >= SLOWEST) {
        return fail(&pipeline, "at F%" PRIu32 ":%" PRIu32 " a frame would stand for %d seconds or more", clip->rate,
                    clip->scale, SLOWEST);
    }
    status = display_set_mode(machine->display, pipeline.screen_width, pipeline.screen_height);
    if (status != DISPLAY_OK) {
        return fail(&pipeline, "screen of %" PRIu32 "x%" PRIu32 ": %s", pipeline.screen_width, pipeline.screen_height,
                    display_status_text(status));
    }
    pipeline.fit = fit_picture(clip->width, clip->height, pipeline.screen_width, pipeline.screen_height);
    convert_prepare(&pipeline.convert, clip, pipeline.fit.width, pipeline.fit.height);
    return pipeline_create_buffers(&pipeline);
}

static void print_line(const char *line)
{
    puts(line);
}

int main(void)
{
    bool ok = set_up() && pipeline_play(&pipeline);

    ok = ok && pipeline_take_trace(&pipeline);
    if (ok) {
        ledger_print(&pipeline.ledger, pipeline.shown, print_line);
    }
    ok = pipeline_close(&pipeline) && ok;
    if (!ok) {
        printf("%s: %s\n", pipeline.name, pipeline.failure);
    }
    if (pipeline.shown > 0) {
        pipeline.platform->screen_settled();
    }
    if (!ok) {
        return EXIT_FAILURE;
    }
    printf("frames %" PRIu32 " ok\n", pipeline.shown);
    return EXIT_SUCCESS;
}
