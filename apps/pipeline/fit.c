/* SPDX-License-Identifier: MIT */
/* The geometry of fit.h. All products stay below 2^32 for sides up to 2^15. */
#include "apps/pipeline/fit.h"

/* length * to / from, rounded to the nearest, at least 1. No longer than the screen: length * to / from is not, for the side that
 * the caller chooses, and what is at most a whole number is so when rounded, too. */
static uint32_t scaled(uint32_t length, uint32_t to, uint32_t from)
{
    const uint32_t nearest = (2 * length * to + from) / (2 * from);

    return nearest < 1 ? 1 : nearest;
}

struct fit fit_picture(uint32_t w, uint32_t h, uint32_t screen_width, uint32_t screen_height)
{
    struct fit fit = {.width = screen_width, .height = screen_height};

    if (w * screen_height >= h * screen_width) {
        fit.height = scaled(h, screen_width, w);
    } else {
        fit.width = scaled(w, screen_height, h);
    }
    fit.x = (screen_width - fit.width) / 2;
    fit.y = (screen_height - fit.height) / 2;
    return fit;
}
