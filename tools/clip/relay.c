/* SPDX-License-Identifier: MIT */
/* The scene of the default clip: a relay baton, handed around between glowing stations. Called by make_clip.c. */
#include "tools/clip/relay.h"

#include "tools/clip/paint.h"

#include <math.h>

#define STATIONS 5

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
    for (int y = 0; y < canvas.height; y++) {
        for (int x = 0; x < canvas.width; x++) {
            const float u = ((float)x + 0.5f) / (float)canvas.width, v = ((float)y + 0.5f) / (float)canvas.height;
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
        const float behind = fraction(round - at);
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
        const struct pose pose = pose_at(fraction(then));
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
            const float band = clamp((0.045f - fabsf(end - 0.36f)) * 68 * canvas.scale + 0.5f, 0, 1);
            const float middle = clamp((0.11f - end) * 68 * canvas.scale + 0.5f, 0, 1);
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

void paint_relay(float time)
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
