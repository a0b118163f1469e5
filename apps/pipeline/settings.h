/* SPDX-License-Identifier: MIT */
/* The user's settings as text, made into numbers. Pure; called by the pipeline's main() and by host tests. */
#ifndef BATON_APPS_PIPELINE_SETTINGS_H
#define BATON_APPS_PIPELINE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#define SETTINGS_MIN_SIDE 16 /* pixels */
#define SETTINGS_MAX_WIDTH 1920
#define SETTINGS_MAX_HEIGHT 1080
#define SETTINGS_MAX_FRAMES 1000000000U

/* "640x480", each side within the limits above. NULL stands for 640x480. False, and nothing written: it is something else. */
bool settings_screen(const char *text, uint32_t *width, uint32_t *height);

/* A whole number from 1 to SETTINGS_MAX_FRAMES. NULL stands for no bound: SETTINGS_MAX_FRAMES. False: something else. */
bool settings_frames(const char *text, uint32_t *frames);

#endif
