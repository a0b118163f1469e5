/* SPDX-License-Identifier: MIT */
/* Finds a file's format and reads its bytes: see clip.h. Called by the pipeline's main loop; touches nothing but its arguments. */
#include "apps/pipeline/clip_header.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NUMBER_MAX 999999999U

enum clip_result clip_refuse(struct clip *clip, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(clip->reason, sizeof(clip->reason), format, arguments);
    va_end(arguments);
    return CLIP_ERROR;
}

int clip_byte(struct clip *clip, uint32_t offset)
{
    const uint32_t size = clip->reader->size;

    if (offset >= size) {
        return CLIP_END_OF_FILE;
    }
    if (offset < clip->chunk_offset || offset - clip->chunk_offset >= clip->chunk_length) {
        const uint32_t length = size - offset < CLIP_CHUNK ? size - offset : CLIP_CHUNK;

        clip->chunk_length = 0;
        if (!clip->reader->read(clip->reader->context, offset, clip->chunk, length)) {
            return CLIP_READ_FAILED;
        }
        clip->chunk_offset = offset;
        clip->chunk_length = length;
    }
    return clip->chunk[offset - clip->chunk_offset];
}

static bool starts_with(struct clip *clip, uint32_t offset, const char *text)
{
    for (uint32_t i = 0; text[i] != '\0'; i++) {
        if (clip_byte(clip, offset + i) != text[i]) {
            return false;
        }
    }
    return true;
}

enum clip_result clip_refuse_end(struct clip *clip, int byte, const char *what)
{
    return byte == CLIP_READ_FAILED ? clip_refuse(clip, "%s: the input device failed", what)
                                    : clip_refuse(clip, "truncated %s", what);
}

bool clip_is_digit(int byte)
{
    return byte >= '0' && byte <= '9';
}

void clip_take_digit(uint32_t *value, int byte)
{
    const uint32_t digit = (uint32_t)(byte - '0');

    *value = *value > (NUMBER_MAX - digit) / 10 ? NUMBER_MAX : *value * 10 + digit;
}

enum clip_result clip_check_size(struct clip *clip)
{
    if (clip->width < 1 || clip->width > CLIP_MAX_WIDTH || clip->height < 1 || clip->height > CLIP_MAX_HEIGHT) {
        return clip_refuse(clip, "size %" PRIu32 "x%" PRIu32 " is not within 1x1 to %dx%d", clip->width, clip->height,
                           CLIP_MAX_WIDTH, CLIP_MAX_HEIGHT);
    }
    return CLIP_OK;
}

enum clip_result clip_open(struct clip *clip, const struct clip_reader *reader)
{
    static const char magic[] = "YUV4MPEG2";
    const uint32_t magic_length = sizeof(magic) - 1;
    int byte;

    memset(clip, 0, sizeof(*clip));
    clip->reader = reader;
    clip->scale = 1;
    if (reader->size == 0) {
        return clip_refuse(clip, "empty file");
    }
    byte = clip_byte(clip, 0);
    if (byte < 0) {
        return clip_refuse_end(clip, byte, "header");
    }
    if (starts_with(clip, 0, magic)) {
        byte = clip_byte(clip, magic_length);
        if (byte < 0) {
            return clip_refuse_end(clip, byte, "header");
        }
        if (byte == ' ' || byte == '\n') {
            return y4m_open(clip, magic_length);
        }
    }
    if (starts_with(clip, 0, "P6") && (ppm_is_space(clip_byte(clip, 2)) || clip_byte(clip, 2) == '#')) {
        return ppm_open(clip, 2);
    }
    return clip_refuse(clip, "neither a YUV4MPEG2 clip nor a PPM (P6) picture");
}

enum clip_result clip_next(struct clip *clip, uint32_t *offset)
{
    return clip->picture ? ppm_next(clip, offset) : y4m_next(clip, offset);
}

uint32_t clip_frames_left(const struct clip *clip)
{
    if (clip->picture) {
        return clip->frames == 0;
    }
    return (clip->reader->size - clip->next) / (clip->frame_bytes + clip->frame_line);
}
