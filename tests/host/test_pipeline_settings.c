/* SPDX-License-Identifier: MIT */
/*
 * Settings and geometry of the pipeline: what the user may ask for, and where the picture goes.
 * link: apps/pipeline/settings.c apps/pipeline/fit.c
 */
#include "apps/pipeline/fit.h"
#include "apps/pipeline/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void screen_sizes(void **state)
{
    static const char *const bad[] = {"",
                                      "x",
                                      "640",
                                      "640x",
                                      "x480",
                                      "640x480x",
                                      "640x480 ",
                                      " 640x480",
                                      "+640x480",
                                      "640*480",
                                      "15x480",
                                      "640x15",
                                      "1921x480",
                                      "640x1081",
                                      "0x0",
                                      "-16x16",
                                      "640X480",
                                      "4294967936x480",
                                      "640x4294967776",
                                      "99999999999999999999x480"};
    uint32_t width, height;

    (void)state;
    assert_true(settings_screen(NULL, &width, &height));
    assert_true(width == 640 && height == 480);
    assert_true(settings_screen("16x16", &width, &height));
    assert_true(width == 16 && height == 16);
    assert_true(settings_screen("1920x1080", &width, &height));
    assert_true(width == 1920 && height == 1080);
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(settings_screen(bad[i], &width, &height));
        assert_true(width == 1920 && height == 1080);
    }
}

static void frame_counts(void **state)
{
    static const char *const bad[] = {"", "0", "00", "-1", "x", "1x", "1 ", " 1", "1000000001", "4294967297", "1e3"};
    uint32_t frames = 0;

    (void)state;
    assert_true(settings_frames("1", &frames));
    assert_int_equal(frames, 1);
    assert_true(settings_frames("0090", &frames));
    assert_int_equal(frames, 90);
    assert_true(settings_frames("1000000000", &frames));
    assert_int_equal(frames, 1000000000);
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(settings_frames(bad[i], &frames));
        assert_int_equal(frames, 1000000000);
    }
    assert_true(settings_frames(NULL, &frames));
    assert_int_equal(frames, SETTINGS_MAX_FRAMES);
}

static void placed(uint32_t w, uint32_t h, uint32_t sw, uint32_t sh, uint32_t x, uint32_t y, uint32_t dw, uint32_t dh)
{
    const struct fit fit = fit_picture(w, h, sw, sh);

    assert_int_equal(fit.x, x);
    assert_int_equal(fit.y, y);
    assert_int_equal(fit.width, dw);
    assert_int_equal(fit.height, dh);
}

static void places(void **state)
{
    (void)state;
    placed(640, 480, 640, 480, 0, 0, 640, 480);
    placed(320, 240, 640, 480, 0, 0, 640, 480);
    placed(1920, 1080, 640, 480, 0, 60, 640, 360);
    placed(640, 360, 640, 480, 0, 60, 640, 360);
    placed(161, 121, 640, 480, 0, 0, 639, 480); /* 638.7 columns */
    placed(1000, 751, 640, 480, 0, 0, 639, 480);
    placed(1001, 750, 640, 480, 0, 0, 640, 480); /* 479.5 rows */
    placed(121, 161, 640, 480, 139, 0, 361, 480);
    placed(1, 1, 640, 480, 80, 0, 480, 480);
    placed(1920, 1, 640, 480, 0, 239, 640, 1); /* a third of a row is a row */
    placed(1, 1080, 640, 480, 319, 0, 1, 480);
    placed(100, 30, 101, 30, 0, 0, 100, 30);
}

static bool within_half(double exact, uint32_t rounded)
{
    return exact - rounded <= 0.5 && rounded - exact <= 0.5;
}

/* For every shape: within the screen, centred, one side full, the other within half a pixel of the exact aspect. */
static void aspect_is_kept(void **state)
{
    static const uint32_t sides[] = {1, 2, 3, 16, 17, 121, 161, 480, 640, 641, 1079, 1080, 1919, 1920};
    static const uint32_t screens[][2] = {{16, 16}, {640, 480}, {1920, 1080}, {17, 1080}, {1920, 16}, {333, 444}};

    (void)state;
    for (unsigned i = 0; i < 14; i++) {
        for (unsigned j = 0; j < 12; j++) {
            for (unsigned s = 0; s < 6; s++) {
                const uint32_t w = sides[i], h = sides[j], sw = screens[s][0], sh = screens[s][1];
                const struct fit fit = fit_picture(w, h, sw, sh);

                assert_true(fit.width >= 1 && fit.height >= 1 && fit.width <= sw && fit.height <= sh);
                assert_true(fit.width == sw || fit.height == sh);
                assert_int_equal(fit.x, (sw - fit.width) / 2);
                assert_int_equal(fit.y, (sh - fit.height) / 2);
                if (fit.width == sw && fit.height > 1) {
                    assert_true(within_half((double)h * sw / w, fit.height) || fit.height == sh);
                } else if (fit.height == sh && fit.width > 1) {
                    assert_true(within_half((double)w * sh / h, fit.width) || fit.width == sw);
                }
            }
        }
    }
}

/* The nearest source pixel lies under the centre, never beyond the last one. */
static void nearest_is_inside(void **state)
{
    (void)state;
    for (uint32_t count = 1; count <= 1920; count += 7) {
        for (uint32_t shown = 1; shown <= 1920; shown += 13) {
            assert_true(fit_nearest(shown - 1, count, shown) < count);
            for (uint32_t at = 0; at < shown; at += 29) {
                assert_int_equal(fit_nearest(at, count, shown), (uint32_t)((at + 0.5) * count / shown + 1e-9));
            }
        }
    }
    for (uint32_t at = 0; at < 1920; at++) {
        assert_int_equal(fit_nearest(at, 1920, 1920), at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screen_sizes),   cmocka_unit_test(frame_counts),      cmocka_unit_test(places),
        cmocka_unit_test(aspect_is_kept), cmocka_unit_test(nearest_is_inside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
