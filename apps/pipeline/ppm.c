/* SPDX-License-Identifier: MIT */
/* PPM: "P6", width, height and maxval between whitespace and comments, one whitespace, the picture. See clip_header.h. */
#include "apps/pipeline/clip_header.h"

#include <inttypes.h>

/* The next byte, or the newline that ends a comment: like netpbm, a comment may begin anywhere in the header. */
static int ppm_byte(struct clip *clip, uint32_t *at)
{
    int byte;
    bool comment = false;

    do {
        byte = *at < CLIP_MAX_HEADER ? clip_byte(clip, *at) : CLIP_END_OF_FILE;
        if (byte < 0) {
            return byte;
        }
        *at += 1;
        comment = (comment || byte == '#') && byte != '\n' && byte != '\r';
    } while (comment);
    return byte;
}

bool ppm_is_space(int byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* Reads a number and the one whitespace after it. */
static enum clip_result ppm_number(struct clip *clip, uint32_t *at, const char *what, uint32_t *value)
{
    int byte = ppm_byte(clip, at);

    while (ppm_is_space(byte)) {
        byte = ppm_byte(clip, at);
    }
    if (byte >= 0 && !clip_is_digit(byte)) {
        return clip_refuse(clip, "bad %s in the header", what);
    }
    for (*value = 0; clip_is_digit(byte); byte = ppm_byte(clip, at)) {
        clip_take_digit(value, byte);
    }
    if (byte < 0 && *at >= CLIP_MAX_HEADER) {
        return clip_refuse(clip, "header is longer than %d bytes", CLIP_MAX_HEADER);
    }
    if (byte < 0) {
        return clip_refuse_end(clip, byte, "header");
    }
    return ppm_is_space(byte) ? CLIP_OK : clip_refuse(clip, "bad %s in the header", what);
}

enum clip_result ppm_open(struct clip *clip, uint32_t at)
{
    clip->format = CLIP_RGB;
    clip->picture = true;
    if (ppm_number(clip, &at, "width", &clip->width) != CLIP_OK ||
        ppm_number(clip, &at, "height", &clip->height) != CLIP_OK ||
        ppm_number(clip, &at, "maxval", &clip->maxval) != CLIP_OK || clip_check_size(clip) != CLIP_OK) {
        return CLIP_ERROR;
    }
    if (clip->maxval < 1 || clip->maxval > 65535) {
        return clip_refuse(clip, "unsupported maxval %" PRIu32 " (only 1 to 65535)", clip->maxval);
    }
    clip->frame_bytes = clip->width * clip->height * 3 * clip_sample_bytes(clip->maxval);
    clip->next = at;
    return CLIP_OK;
}

enum clip_result ppm_next(struct clip *clip, uint32_t *offset)
{
    const uint32_t left = clip->reader->size - clip->next;

    if (clip->frames > 0) {
        return CLIP_END;
    }
    if (left < clip->frame_bytes) {
        return clip_refuse(clip, "the picture is truncated: %" PRIu32 " of %" PRIu32 " bytes", left, clip->frame_bytes);
    }
    *offset = clip->next;
    clip->frames = 1;
    return CLIP_OK;
}
