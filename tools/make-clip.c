/* SPDX-License-Identifier: MIT */
/*
 * Writes clips: the one that `make run` plays by default (a relay baton handed around between glowing stations), and noise
 * for the tests. Called by the Makefile and by tests/pipeline.
 *
 *   make-clip [--size WxH] [--frames N] [--noise SEED] [--tags "C420 ..."] OUTPUT.y4m
 *   make-clip --ppm MAXVAL [--size WxH] --noise SEED OUTPUT.ppm
 *
 * The same bytes on every machine: of floating point only what IEEE 754 rounds exactly (+ - * / sqrt; -ffp-contract=off), with
 * a sine of our own.
 */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATIONS 5

struct vector {
    float x, y;
};

struct colour {
    float r, g, b; /* 0 to 1, as the screen takes it */
};

/* The frame that is being painted. Lengths in the scene are those of a picture 640 wide and 480 high. */
static int width = 640, height = 480;
static struct colour *canvas;
static float scale; /* pixels per unit of the scene */
static struct vector centre;

/* ---------------------------------------------------------------------------------------------------------------- */
/* Arithmetic */

static float clamp(float value, float least, float most)
{
    return value < least ? least : value > most ? most : value;
}

static float mix(float from, float to, float share)
{
    return from + (to - from) * share;
}

static struct colour mix_colour(struct colour from, struct colour to, float share)
{
    return (struct colour){mix(from.r, to.r, share), mix(from.g, to.g, share), mix(from.b, to.b, share)};
}

static float smooth(float value) /* 0 to 1, at rest at both ends */
{
    value = clamp(value, 0, 1);
    return value * value * (3 - 2 * value);
}

/* The sine of a whole turn per 1.0: its parabola, corrected once. Within 0.1 %. */
static float sine(float turns)
{
    turns -= (float)(int)turns;
    turns = turns < 0 ? turns + 1 : turns;
    const float half = turns < 0.5f ? turns : turns - 0.5f;
    const float parabola = 16 * half * (0.5f - half);
    const float value = parabola * (0.775f + 0.225f * parabola);
    return turns < 0.5f ? value : -value;
}

static float cosine(float turns)
{
    return sine(turns + 0.25f);
}

static float length(float x, float y)
{
    return sqrtf(x * x + y * y);
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* Painting. A shape is painted within a box around it; positions are pixel centres, in units of the scene. */

struct box {
    int left, top, right, bottom;
};

static struct box box_around(struct vector at, float reach)
{
    const float x = centre.x + at.x * scale, y = centre.y + at.y * scale, r = reach * scale + 1;
    return (struct box){.left = (int)clamp(x - r, 0, (float)width),
                        .top = (int)clamp(y - r, 0, (float)height),
                        .right = (int)clamp(x + r + 1, 0, (float)width),
                        .bottom = (int)clamp(y + r + 1, 0, (float)height)};
}

static struct vector scene_position(int x, int y)
{
    return (struct vector){((float)x + 0.5f - centre.x) / scale, ((float)y + 0.5f - centre.y) / scale};
}

static struct colour *pixel_at(int x, int y)
{
    return &canvas[(size_t)y * (size_t)width + (size_t)x];
}

/* How much of a pixel a shape covers whose edge is so far away (negative: inside). */
static float coverage(float distance)
{
    return clamp(0.5f - distance * scale, 0, 1);
}

/* Light that is added without ever burning out. */
static void add_light(struct colour *to, struct colour light, float strength)
{
    to->r += (1 - to->r) * clamp(light.r * strength, 0, 1);
    to->g += (1 - to->g) * clamp(light.g * strength, 0, 1);
    to->b += (1 - to->b) * clamp(light.b * strength, 0, 1);
}

static void paint_glow(struct vector at, float reach, struct colour light, float strength)
{
    const struct box box = box_around(at, reach);
    for (int y = box.top; y < box.bottom; y++) {
        for (int x = box.left; x < box.right; x++) {
            const struct vector p = scene_position(x, y);
            const float square = ((p.x - at.x) * (p.x - at.x) + (p.y - at.y) * (p.y - at.y)) / (reach * reach);
            if (square < 1) {
                const float fall = (1 - square) * (1 - square);
                add_light(pixel_at(x, y), light, strength * fall * fall / (1 + 6 * square));
            }
        }
    }
}

/* A capsule between two points; its edge is blurred over soft (0: sharp). Distance from the axis, signed, goes to shade. */
struct capsule {
    struct vector from, to;
    float radius;
};

static float capsule_distance(const struct capsule *shape, struct vector p, float *along, float *across)
{
    const float ax = shape->to.x - shape->from.x, ay = shape->to.y - shape->from.y;
    const float px = p.x - shape->from.x, py = p.y - shape->from.y;
    const float square = ax * ax + ay * ay;
    *along = square > 0 ? clamp((px * ax + py * ay) / square, 0, 1) : 0;
    *across = square > 0 ? (px * ay - py * ax) / sqrtf(square) : 0;
    return length(px - *along * ax, py - *along * ay) - shape->radius;
}

static struct box capsule_box(const struct capsule *shape, float margin)
{
    const struct vector middle = {(shape->from.x + shape->to.x) / 2, (shape->from.y + shape->to.y) / 2};
    const float half = length(shape->to.x - shape->from.x, shape->to.y - shape->from.y) / 2;
    return box_around(middle, half + shape->radius + margin);
}

static void paint_shadow(const struct capsule *shape, float blur, float strength)
{
    const struct box box = capsule_box(shape, blur);
    for (int y = box.top; y < box.bottom; y++) {
        for (int x = box.left; x < box.right; x++) {
            float along, across;
            const float distance = capsule_distance(shape, scene_position(x, y), &along, &across);
            const float shade = 1 - strength * smooth(0.5f - distance / (2 * blur));
            struct colour *to = pixel_at(x, y);
            to->r *= shade;
            to->g *= shade;
            to->b *= shade;
        }
    }
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* The scene */

static const struct colour hues[STATIONS] = {
    {0.20f, 0.86f, 0.88f}, {0.36f, 0.58f, 1.00f}, {0.70f, 0.46f, 1.00f}, {1.00f, 0.42f, 0.62f}, {1.00f, 0.70f, 0.30f}};

/* A point on the track, a whole round per 1.0. */
static struct vector on_track(float round)
{
    return (struct vector){218 * sine(round), 12 - 146 * cosine(round)};
}

static void paint_background(float time)
{
    const struct colour top = mix_colour((struct colour){0.05f, 0.07f, 0.17f}, (struct colour){0.04f, 0.11f, 0.20f},
                                         0.5f + 0.5f * sine(time));
    const struct colour bottom = mix_colour((struct colour){0.22f, 0.10f, 0.30f}, (struct colour){0.11f, 0.12f, 0.34f},
                                            0.5f + 0.5f * sine(time + 0.3f));
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            const float u = ((float)x + 0.5f) / (float)width, v = ((float)y + 0.5f) / (float)height;
            const float slope = 0.12f * (u - 0.5f) * cosine(time);
            *pixel_at(x, y) = mix_colour(top, bottom, smooth(v + slope));
        }
    }
    paint_glow((struct vector){-150 + 60 * sine(time), -90 + 30 * cosine(time)}, 380,
               (struct colour){0.10f, 0.30f, 0.50f}, 0.55f);
    paint_glow((struct vector){170 + 50 * cosine(time), 130 + 40 * sine(time)}, 400,
               (struct colour){0.48f, 0.16f, 0.36f}, 0.50f);
}

/* The track: a thin ring of light, brighter where the baton has just been. */
static void paint_track(float round)
{
    const int steps = 240;
    for (int i = 0; i < steps; i++) {
        const float at = (float)i / (float)steps;
        float behind = round - at;
        behind -= (float)(int)behind;
        behind = behind < 0 ? behind + 1 : behind;
        const float recent = behind < 0.2f ? 1 - behind / 0.2f : 0;
        const struct capsule piece = {on_track(at), on_track(at + 1.0f / (float)steps), 0.9f};
        const struct box box = capsule_box(&piece, 1);
        const float place = at * STATIONS;
        const int station = (int)place;
        const struct colour light = mix_colour(hues[station], hues[(station + 1) % STATIONS], place - (float)station);
        for (int y = box.top; y < box.bottom; y++) {
            for (int x = box.left; x < box.right; x++) {
                float along, across;
                const float distance = capsule_distance(&piece, scene_position(x, y), &along, &across);
                /* A piece's ends belong to one piece only, or they would be lit twice. */
                if (along > 0 && along < 1) {
                    add_light(pixel_at(x, y), light, coverage(distance) * (0.22f + 0.5f * recent * recent));
                }
            }
        }
    }
}

static void paint_station(int which, float warmth)
{
    const struct vector at = on_track((float)which / STATIONS);
    const struct colour hue = hues[which];
    const float radius = 33 + 2 * warmth;
    paint_glow(at, 120 + 50 * warmth, hue, 0.30f + 0.55f * warmth);
    const struct vector below = {at.x + 5, at.y + 13};
    paint_shadow(&(struct capsule){below, below, radius - 2}, 20, 0.55f);

    const struct box box = box_around(at, radius + 2);
    for (int y = box.top; y < box.bottom; y++) {
        for (int x = box.left; x < box.right; x++) {
            const struct vector p = scene_position(x, y);
            const float dx = p.x - at.x, dy = p.y - at.y, r = length(dx, dy);
            struct colour *to = pixel_at(x, y);
            /* The body, lit from above left. */
            const float lit = clamp(0.5f - (0.5f * dx + dy) / (2.4f * radius), 0, 1);
            const struct colour dark = {0.05f + 0.05f * hue.r, 0.06f + 0.05f * hue.g, 0.12f + 0.06f * hue.b};
            const struct colour bright = {0.17f + 0.20f * hue.r, 0.18f + 0.20f * hue.g, 0.26f + 0.18f * hue.b};
            *to = mix_colour(*to, mix_colour(dark, bright, lit), coverage(r - radius));
            /* The rim, and the well in which the baton comes to rest. */
            const float rim = fabsf(r - (radius - 2.5f)) - 1.3f;
            add_light(to, hue, coverage(rim) * (0.55f + 0.45f * warmth));
            const float well = clamp(1 - r / (radius * 0.78f), 0, 1);
            add_light(to, hue, well * well * (0.10f + 0.75f * warmth));
        }
    }
}

static struct vector turn(struct vector v, float turns)
{
    const float s = sine(turns), c = cosine(turns);
    return (struct vector){v.x * c - v.y * s, v.x * s + v.y * c};
}

/* Where the baton is: it rests at a station, then swings over to the next, lifted meanwhile and turning once. */
struct pose {
    float round, lift, angle;
};

static struct pose pose_at(float time)
{
    const float leg = time * STATIONS;
    const int from = (int)leg;
    const float swing = smooth((leg - (float)from - 0.16f) / 0.68f);
    return (struct pose){.round = ((float)from + swing) / STATIONS,
                         .lift = 4 * swing * (1 - swing),
                         .angle = 0.0625f + ((float)from + swing) * (0.5f + 1.0f / STATIONS)};
}

static struct vector baton_centre(struct pose pose)
{
    const struct vector at = on_track(pose.round);
    return (struct vector){at.x, at.y - 20 * pose.lift};
}

static void paint_baton(float time)
{
    for (int i = 14; i >= 1; i--) { /* the trail of light behind it */
        const float then = time - (float)i * 0.0035f;
        const struct pose pose = pose_at(then < 0 ? then + 1 : then);
        const float fade = 1 - (float)i / 15;
        paint_glow(baton_centre(pose), 20 + 26 * fade, (struct colour){1.0f, 0.82f, 0.52f}, 0.16f * fade * pose.lift);
    }
    const struct pose pose = pose_at(time);
    const struct vector at = baton_centre(pose);
    const struct vector half = turn((struct vector){34, 0}, pose.angle);
    const struct vector floor = {at.x + 5 + 12 * pose.lift, at.y + 8 + 38 * pose.lift};
    paint_shadow(&(struct capsule){{floor.x - half.x, floor.y - half.y}, {floor.x + half.x, floor.y + half.y}, 9},
                 7 + 9 * pose.lift, 0.6f - 0.2f * pose.lift);

    const struct capsule shape = {
        {at.x - half.x, at.y - half.y}, {at.x + half.x, at.y + half.y}, 9.5f + 1.5f * pose.lift};
    const struct box box = capsule_box(&shape, 1);
    /* Light comes from above: the side of the tube that looks up is bright. */
    const float up = half.x / 34, tilt = half.y / 34;
    for (int y = box.top; y < box.bottom; y++) {
        for (int x = box.left; x < box.right; x++) {
            float along, across;
            const float distance = capsule_distance(&shape, scene_position(x, y), &along, &across);
            const float cover = coverage(distance);
            if (cover <= 0) {
                continue;
            }
            const float side = clamp(across / shape.radius, -1, 1);
            const float facing = sqrtf(1 - side * side);
            const float light = clamp(0.30f + 0.52f * facing + 0.34f * side * up + 0.10f * tilt * tilt, 0, 1.15f);
            const float gloss = clamp(1 - fabsf(side * (up < 0 ? -1.0f : 1.0f) - 0.42f) / 0.26f, 0, 1);
            struct colour body = {1.0f, 0.90f, 0.70f};
            const float end = fabsf(along - 0.5f);
            const float band = clamp((0.045f - fabsf(end - 0.36f)) * 68 * scale + 0.5f, 0, 1);
            const float middle = clamp((0.11f - end) * 68 * scale + 0.5f, 0, 1);
            body = mix_colour(body, (struct colour){0.93f, 0.36f, 0.26f}, band);
            body = mix_colour(body, (struct colour){0.16f, 0.55f, 0.72f}, middle);
            struct colour lit = {body.r * light, body.g * light, body.b * light};
            add_light(&lit, (struct colour){1, 1, 1}, 0.55f * gloss * gloss);
            struct colour *to = pixel_at(x, y);
            *to = mix_colour(*to, lit, cover);
        }
    }
    paint_glow(at, 70, (struct colour){1.0f, 0.85f, 0.6f}, 0.10f + 0.14f * pose.lift);
}

static void paint_relay(float time)
{
    const struct pose pose = pose_at(time);
    paint_background(time);
    paint_track(pose.round);
    for (int i = 0; i < STATIONS; i++) {
        float away = fabsf(pose.round - (float)i / STATIONS);
        away = away > 0.5f ? 1 - away : away;
        paint_station(i, smooth(1 - away * STATIONS));
    }
    paint_baton(time);
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* Files */

static uint32_t noise_state;

static uint32_t noise(void) /* xorshift32 */
{
    noise_state ^= noise_state << 13;
    noise_state ^= noise_state >> 17;
    noise_state ^= noise_state << 5;
    return noise_state;
}

static void fill_with_noise(uint8_t *bytes, size_t count, uint32_t maximum)
{
    for (size_t i = 0; i < count; i++) {
        bytes[i] = (uint8_t)((noise() >> 8) % (maximum + 1));
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
    if (i + 1 != count || frames < 1 || maximum < 0 || maximum > 255 || (maximum > 0 && relay)) {
        return usage();
    }

    const char *path = arguments[i];
    FILE *file = fopen(path, "wb");
    const size_t luma_size = (size_t)width * (size_t)height;
    const size_t chroma_size = (size_t)((width + 1) / 2) * (size_t)((height + 1) / 2);
    const size_t frame_size = maximum > 0 ? 3 * luma_size : luma_size + 2 * chroma_size;
    uint8_t *bytes = malloc(frame_size);
    canvas = calloc(luma_size, sizeof(*canvas));
    if (file == NULL || bytes == NULL || canvas == NULL) {
        fprintf(stderr, "make-clip: %s: %s\n", path, strerror(errno));
        return 1;
    }
    scale = clamp((float)width / 640, 0, (float)height / 480);
    centre = (struct vector){(float)width / 2, (float)height / 2};

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
    free(canvas);
    free(bytes);
    if (ferror(file) || fclose(file) != 0) {
        fprintf(stderr, "make-clip: %s: cannot be written\n", path);
        return 1;
    }
    return 0;
}
