/* SPDX-License-Identifier: MIT */
/* The shapes of paint.h. A shape is painted within a box around it. */
#include "tools/clip/paint.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

struct canvas canvas;

int canvas_make(int width, int height)
{
    canvas.width = width;
    canvas.height = height;
    canvas.scale = clamp((float)width / 640, 0, (float)height / 480);
    canvas.centre = (struct vector){(float)width / 2, (float)height / 2};
    canvas.pixels = calloc((size_t)width * (size_t)height, sizeof(*canvas.pixels));
    return canvas.pixels != NULL;
}

float clamp(float value, float least, float most)
{
    return value < least ? least : value > most ? most : value;
}

float mix(float from, float to, float share)
{
    return from + (to - from) * share;
}

struct colour mix_colour(struct colour from, struct colour to, float share)
{
    return (struct colour){mix(from.r, to.r, share), mix(from.g, to.g, share), mix(from.b, to.b, share)};
}

float smooth(float value)
{
    value = clamp(value, 0, 1);
    return value * value * (3 - 2 * value);
}

float fraction(float value)
{
    value -= (float)(int)value;
    return value < 0 ? value + 1 : value;
}

/* The sine of a whole turn per 1.0: its parabola, corrected once. Within 0.1 %. */
float sine(float turns)
{
    turns = fraction(turns);
    const float half = turns < 0.5f ? turns : turns - 0.5f;
    const float parabola = 16 * half * (0.5f - half);
    const float value = parabola * (0.775f + 0.225f * parabola);
    return turns < 0.5f ? value : -value;
}

float cosine(float turns)
{
    return sine(turns + 0.25f);
}

float length(float x, float y)
{
    return sqrtf(x * x + y * y);
}

struct box box_around(struct vector at, float reach)
{
    const float x = canvas.centre.x + at.x * canvas.scale, y = canvas.centre.y + at.y * canvas.scale,
                r = reach * canvas.scale + 1;
    return (struct box){.left = (int)clamp(x - r, 0, (float)canvas.width),
                        .top = (int)clamp(y - r, 0, (float)canvas.height),
                        .right = (int)clamp(x + r + 1, 0, (float)canvas.width),
                        .bottom = (int)clamp(y + r + 1, 0, (float)canvas.height)};
}

struct vector scene_position(int x, int y)
{
    return (struct vector){((float)x + 0.5f - canvas.centre.x) / canvas.scale,
                           ((float)y + 0.5f - canvas.centre.y) / canvas.scale};
}

struct colour *pixel_at(int x, int y)
{
    return &canvas.pixels[(size_t)y * (size_t)canvas.width + (size_t)x];
}

/* How much of a pixel a shape covers whose edge is so far away (negative: inside). */
float coverage(float distance)
{
    return clamp(0.5f - distance * canvas.scale, 0, 1);
}

/* Light that is added without ever burning out. */
void add_light(struct colour *to, struct colour light, float strength)
{
    to->r += (1 - to->r) * clamp(light.r * strength, 0, 1);
    to->g += (1 - to->g) * clamp(light.g * strength, 0, 1);
    to->b += (1 - to->b) * clamp(light.b * strength, 0, 1);
}

void paint_glow(struct vector at, float reach, struct colour light, float strength)
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

float capsule_distance(const struct capsule *shape, struct vector p, float *along, float *across)
{
    const float ax = shape->to.x - shape->from.x, ay = shape->to.y - shape->from.y;
    const float px = p.x - shape->from.x, py = p.y - shape->from.y;
    const float square = ax * ax + ay * ay;
    *along = square > 0 ? clamp((px * ax + py * ay) / square, 0, 1) : 0;
    *across = square > 0 ? (px * ay - py * ax) / sqrtf(square) : 0;
    return length(px - *along * ax, py - *along * ay) - shape->radius;
}

struct box capsule_box(const struct capsule *shape, float margin)
{
    const struct vector middle = {(shape->from.x + shape->to.x) / 2, (shape->from.y + shape->to.y) / 2};
    const float half = length(shape->to.x - shape->from.x, shape->to.y - shape->from.y) / 2;
    return box_around(middle, half + shape->radius + margin);
}

void paint_shadow(const struct capsule *shape, float blur, float strength)
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
