/* SPDX-License-Identifier: MIT */
/*
 * Writes clips: the one that `make run` plays by default, and noise for the tests. Called by the Makefile and by
 * tests/pipeline. The same bytes on every machine.
 *
 *   make-clip [--size WxH] [--frames N] [--noise SEED] [--tags "C420 ..."] OUTPUT.y4m
 *   make-clip --ppm MAXVAL [--size WxH] --noise SEED OUTPUT.ppm    MAXVAL above 255: two bytes a sample
 */
#include "tools/clip/paint.h"
#include "tools/clip/relay.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int width = 640, height = 480;

static uint32_t noise_state;

static uint32_t noise(void) /* xorshift32 */
{
    noise_state ^= noise_state << 13;
    noise_state ^= noise_state >> 17;
    noise_state ^= noise_state << 5;
    return noise_state;
}

/* count bytes: samples of 0 to maximum, of two bytes above 255, the most significant first. */
static void fill_with_noise(uint8_t *bytes, size_t count, uint32_t maximum)
{
    for (size_t i = 0; i < count; i++) {
        const uint32_t sample = (noise() >> 8) % (maximum + 1);
        if (maximum > 255) {
            bytes[i++] = (uint8_t)(sample >> 8);
        }
        bytes[i] = (uint8_t)sample;
    }
}

/* Rounds to a byte. Up to a step of dither hides the bands that eight bits leave in a gradient. */
static uint8_t to_byte(float value, float dither)
{
    return (uint8_t)clamp(value + dither + 0.5f, 0, 255);
}

/* The canvas as BT.601 limited range, 4:2:0. */
static void canvas_to_planes(uint8_t *luma, uint8_t *cb, uint8_t *cr)
{
    const int chroma_width = (width + 1) / 2;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            const struct colour c = *pixel_at(x, y);
            const float dither = ((float)(noise() >> 16) / 65536 - 0.5f) * 0.9f;
            luma[y * width + x] = to_byte(16 + 65.481f * c.r + 128.553f * c.g + 24.966f * c.b, dither);
        }
    }
    for (int y = 0; y < height; y += 2) {
        for (int x = 0; x < width; x += 2) {
            struct colour sum = {0, 0, 0};
            for (int i = 0; i < 4; i++) {
                const int u = x + i % 2 < width ? x + i % 2 : x, v = y + i / 2 < height ? y + i / 2 : y;
                const struct colour c = *pixel_at(u, v);
                sum = (struct colour){sum.r + c.r / 4, sum.g + c.g / 4, sum.b + c.b / 4};
            }
            const int at = y / 2 * chroma_width + x / 2;
            cb[at] = to_byte(128 - 37.797f * sum.r - 74.203f * sum.g + 112 * sum.b, 0);
            cr[at] = to_byte(128 + 112 * sum.r - 93.786f * sum.g - 18.214f * sum.b, 0);
        }
    }
}

static int usage(void)
{
    fputs("usage: make-clip [--size WxH] [--frames N] [--noise SEED] [--tags TEXT] [--ppm MAXVAL] OUTPUT\n", stderr);
    return 2;
}

int main(int count, char **arguments)
{
    int frames = 90, maximum = 0;
    bool relay = true;
    const char *tags = "C420jpeg";
    noise_state = 2463534242U;

    int i = 1;
    for (; i + 1 < count; i += 2) {
        const char *option = arguments[i], *value = arguments[i + 1];
        if (strcmp(option, "--size") == 0) {
            if (sscanf(value, "%dx%d", &width, &height) != 2 || width < 1 || height < 1 || width > 8192 ||
                height > 8192) {
                return usage();
            }
        } else if (strcmp(option, "--frames") == 0) {
            frames = atoi(value);
        } else if (strcmp(option, "--noise") == 0) {
            relay = false;
            noise_state += (uint32_t)atoi(value) * 2654435769U;
            noise_state |= noise_state == 0;
        } else if (strcmp(option, "--tags") == 0) {
            tags = value;
        } else if (strcmp(option, "--ppm") == 0) {
            maximum = atoi(value);
        } else {
            return usage();
        }
    }
    if (i + 1 != count || frames < 1 || maximum < 0 || maximum > 65535 || (maximum > 0 && relay)) {
        return usage();
    }

    const char *path = arguments[i];
    FILE *file = fopen(path, "wb");
    const size_t luma_size = (size_t)width * (size_t)height;
    const size_t chroma_size = (size_t)((width + 1) / 2) * (size_t)((height + 1) / 2);
    const size_t frame_size = maximum > 0 ? (maximum > 255 ? 6 : 3) * luma_size : luma_size + 2 * chroma_size;
    uint8_t *bytes = malloc(frame_size);
    if (file == NULL || bytes == NULL || !canvas_make(width, height)) {
        fprintf(stderr, "make-clip: %s: %s\n", path, strerror(errno));
        return 1;
    }

    if (maximum > 0) {
        fprintf(file, "P6\n# noise, not a photograph\n%d %d\n%d\n", width, height, maximum);
        fill_with_noise(bytes, frame_size, (uint32_t)maximum);
        fwrite(bytes, 1, frame_size, file);
    } else {
        fprintf(file, "YUV4MPEG2 W%d H%d F30:1 Ip A1:1 %s\n", width, height, tags);
        for (int frame = 0; frame < frames; frame++) {
            if (relay) {
                /* Not from a station on: the last frame, which stays on the screen, shows the baton in flight. */
                const float time = (float)frame / (float)frames + 0.1f;
                paint_relay(time < 1 ? time : time - 1);
                canvas_to_planes(bytes, bytes + luma_size, bytes + luma_size + chroma_size);
            } else {
                fill_with_noise(bytes, frame_size, 255);
            }
            fputs("FRAME\n", file);
            fwrite(bytes, 1, frame_size, file);
        }
    }
    free(canvas.pixels);
    free(bytes);
    if (ferror(file) || fclose(file) != 0) {
        fprintf(stderr, "make-clip: %s: cannot be written\n", path);
        return 1;
    }
    return 0;
}
