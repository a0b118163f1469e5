/* SPDX-License-Identifier: MIT */
/* See settings.h. Digits only: what strtoul takes beside them (signs, blanks, 0x) is a typing mistake here. */
#include "apps/pipeline/settings.h"

#include <stddef.h>

/* Reads digits up to the character end; returns what follows it, or NULL for no digit, another end, or above limit (9 or more). */
static const char *digits(const char *text, char end, uint32_t limit, uint32_t *value)
{
    const char *at = text;

    for (*value = 0; *at >= '0' && *at <= '9'; at++) {
        const uint32_t digit = (uint32_t)(*at - '0');

        if (*value > (limit - digit) / 10) {
            return NULL;
        }
        *value = *value * 10 + digit;
    }
    return at != text && *at == end ? at + 1 : NULL;
}

bool settings_screen(const char *text, uint32_t *width, uint32_t *height)
{
    uint32_t w, h;
    const char *rest = digits(text != NULL ? text : "640x480", 'x', SETTINGS_MAX_WIDTH, &w);

    if (rest == NULL || digits(rest, '\0', SETTINGS_MAX_HEIGHT, &h) == NULL || w < SETTINGS_MIN_SIDE ||
        h < SETTINGS_MIN_SIDE) {
        return false;
    }
    *width = w;
    *height = h;
    return true;
}

bool settings_frames(const char *text, uint32_t *frames)
{
    uint32_t value;

    if (text == NULL) {
        *frames = SETTINGS_MAX_FRAMES;
        return true;
    }
    if (digits(text, '\0', SETTINGS_MAX_FRAMES, &value) == NULL || value == 0) {
        return false;
    }
    *frames = value;
    return true;
}
