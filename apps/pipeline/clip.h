/* SPDX-License-Identifier: MIT */
/*
 * Clip formats: YUV4MPEG2 (8-bit 4:2:0) and PPM (P6), found out from the bytes and walked frame by frame.
 *
 * Pure: everything comes through a reader, in small chunks, since the file is large and is read by a device. The payload of
 * a frame is never touched here; the caller reads it by the offset that clip_next() gives. Nothing the file says is trusted.
 */
#ifndef BATON_APPS_PIPELINE_CLIP_H
#define BATON_APPS_PIPELINE_CLIP_H

#include <stdbool.h>
#include <stdint.h>

#define CLIP_MAX_WIDTH 1920
#define CLIP_MAX_HEIGHT 1080
#define CLIP_MAX_HEADER 4096 /* bytes of a file's header, or of one FRAME line; longer is refused */
#define CLIP_CHUNK 64        /* most bytes of one read */

struct clip_reader {
    uint32_t size; /* of the file, bytes */
    /* Copies length (1 to CLIP_CHUNK) bytes from offset; offset + length <= size. False: the device failed. */
    bool (*read)(void *context, uint32_t offset, uint8_t *to, uint32_t length);
    void *context;
};

enum clip_format {
    CLIP_YUV_LIMITED, /* planes Y, Cb, Cr; luma 16..235 */
    CLIP_YUV_FULL,    /* the same, luma 0..255 (XCOLORRANGE=FULL) */
    CLIP_RGB, /* samples R, G, B of 0..maxval; of two bytes, the most significant first, for a maxval above 255 */
};

struct clip {
    enum clip_format format;
    uint32_t width, height;
    uint32_t maxval;      /* CLIP_RGB: 1..65535 */
    uint32_t rate, scale; /* rate / scale frames a second; 0 / 1: the file does not say */
    uint32_t frame_bytes; /* payload of one frame */
    uint32_t frames;      /* that clip_next() has given so far */
    char reason[128];     /* after CLIP_ERROR: one line without the file's name */

    /* Of clip.c alone. */
    const struct clip_reader *reader;
    bool picture;        /* one frame and no FRAME lines */
    uint32_t next;       /* offset of the next FRAME line (or of the picture) */
    uint32_t frame_line; /* bytes of a FRAME line, as far as is known */
    uint32_t chunk_offset, chunk_length;
    uint8_t chunk[CLIP_CHUNK];
};

enum clip_result {
    CLIP_OK,
    CLIP_END,   /* no further frame, and nothing is left over */
    CLIP_ERROR, /* clip->reason says why */
};

/* Bytes of a sample of CLIP_RGB. */
static inline uint32_t clip_sample_bytes(uint32_t maxval)
{
    return maxval > 255 ? 2 : 1;
}

/* Reads the header. reader is kept by reference. */
enum clip_result clip_open(struct clip *clip, const struct clip_reader *reader);

/* Finds the next frame: *offset is where its frame_bytes bytes lie in the file, all of them. */
enum clip_result clip_next(struct clip *clip, uint32_t *offset);

/* How many frames are still to come if every FRAME line is as long as the last one: for a progress display, not for a decision. */
uint32_t clip_frames_left(const struct clip *clip);

#endif
