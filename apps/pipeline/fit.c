/* SPDX-License-Identifier: MIT */
/* The geometry of fit.h. All products stay below 2^32 for sides up to 2^15. */
#include "apps/pipeline/fit.h"

/* length * to / from, rounded to the nearest, within 1 to limit. */
static uint32_t scaled(uint32_t length, uint32_t to, uint32_t from, uint32_t limit)
{
    const uint32_t nearest = (2 * length * to + from) / (2 * from);

    if (nearest < 1) {
        return 1;
    }
    return nearest < limit ? nearest : limit;
}

struct fit fit_picture(uint32_t w, uint32_t h, uint32_t screen_width, uint32_t screen_height)
{
    struct fit fit = {.width = screen_width, .height = screen_height};

    if (w * screen_height >= h * screen_width) {
        fit.height = scaled(h, screen_width, w, screen_height);
    } else {
        fit.width = scaled(w, screen_height, h, screen_width);
    }
    fit.x = (screen_width - fit.width) / 2;
    fit.y = (screen_height - fit.height) / 2;
    return fit;
}
