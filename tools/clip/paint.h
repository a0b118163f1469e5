/* SPDX-License-Identifier: MIT */
/*
 * A canvas in memory, and shapes of light and shadow on it. Used by relay.c and make_clip.c alone.
 *
 * Lengths are those of a picture 640 wide and 480 high, from its centre, whatever the canvas' own size. The same values on every
 * machine: of floating point only what IEEE 754 rounds exactly (+ - * / sqrt; compiled with -ffp-contract=off), with a
 * sine of our own.
 */
#ifndef BATON_TOOLS_CLIP_PAINT_H
#define BATON_TOOLS_CLIP_PAINT_H

struct vector {
    float x, y;
};

struct colour {
    float r, g, b; /* 0 to 1, as the screen takes it */
};

struct canvas {
    int width, height;
    struct colour *pixels;
    float scale; /* pixels per unit of the scene */
    struct vector centre;
};

/* The one canvas. canvas_make() gives it room: false if there is none. */
extern struct canvas canvas;
int canvas_make(int width, int height);

float clamp(float value, float least, float most);
float mix(float from, float to, float share);
struct colour mix_colour(struct colour from, struct colour to, float share);
float smooth(float value);   /* from 0 to 1, at rest at both ends */
float fraction(float value); /* 0 to 1 */
float sine(float turns);     /* a whole turn per 1.0; within 0.1 % */
float cosine(float turns);
float length(float x, float y);

/* The pixels that a shape around a point may reach. */
struct box {
    int left, top, right, bottom;
};
struct box box_around(struct vector at, float reach);
struct vector scene_position(int x, int y); /* of a pixel's centre */
struct colour *pixel_at(int x, int y);

/* How much of a pixel a shape covers whose edge is so far away (negative: inside). */
float coverage(float distance);

/* Light that is added without ever burning out. */
void add_light(struct colour *to, struct colour light, float strength);
void paint_glow(struct vector at, float reach, struct colour light, float strength);

struct capsule {
    struct vector from, to;
    float radius;
};
/* Distance from its edge; along is 0 to 1 between its ends, across the signed distance from its axis. */
float capsule_distance(const struct capsule *shape, struct vector p, float *along, float *across);
struct box capsule_box(const struct capsule *shape, float margin);
void paint_shadow(const struct capsule *shape, float blur, float strength);

#endif
