/* SPDX-License-Identifier: MIT */
/* What a file must look like to be shown: see clip.h. Called by the pipeline's main loop; touches nothing but its arguments. */
#include "apps/pipeline/clip.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define END_OF_FILE (-1)
#define READ_FAILED (-2)

#define TOKEN_KEPT                                                                                                     \
    32 /* bytes of a header parameter that are looked at; longer ones (comments) are skipped, not refused */

/* Numbers saturate here: above every limit, below every overflow. */
#define NUMBER_MAX 999999999U

__attribute__((format(printf, 2, 3))) static enum clip_result refuse(struct clip *clip, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(clip->reason, sizeof(clip->reason), format, arguments);
    va_end(arguments);
    return CLIP_ERROR;
}

static int byte_at(struct clip *clip, uint32_t offset)
{
    const uint32_t size = clip->reader->size;

    if (offset >= size) {
        return END_OF_FILE;
    }
    if (offset < clip->chunk_offset || offset - clip->chunk_offset >= clip->chunk_length) {
        const uint32_t length = size - offset < CLIP_CHUNK ? size - offset : CLIP_CHUNK;

        clip->chunk_length = 0;
        if (!clip->reader->read(clip->reader->context, offset, clip->chunk, length)) {
            return READ_FAILED;
        }
        clip->chunk_offset = offset;
        clip->chunk_length = length;
    }
    return clip->chunk[offset - clip->chunk_offset];
}

static bool starts_with(struct clip *clip, uint32_t offset, const char *text)
{
    for (uint32_t i = 0; text[i] != '\0'; i++) {
        if (byte_at(clip, offset + i) != text[i]) {
            return false;
        }
    }
    return true;
}

static enum clip_result refuse_end(struct clip *clip, int byte, const char *what)
{
    return byte == READ_FAILED ? refuse(clip, "%s: the input device failed", what) : refuse(clip, "truncated %s", what);
}

static bool is_digit(int byte)
{
    return byte >= '0' && byte <= '9';
}

static void take_digit(uint32_t *value, int byte)
{
    const uint32_t digit = (uint32_t)(byte - '0');

    *value = *value > (NUMBER_MAX - digit) / 10 ? NUMBER_MAX : *value * 10 + digit;
}

static enum clip_result check_size(struct clip *clip)
{
    if (clip->width < 1 || clip->width > CLIP_MAX_WIDTH || clip->height < 1 || clip->height > CLIP_MAX_HEIGHT) {
        return refuse(clip, "size %" PRIu32 "x%" PRIu32 " is not within 1x1 to %dx%d", clip->width, clip->height,
                      CLIP_MAX_WIDTH, CLIP_MAX_HEIGHT);
    }
    return CLIP_OK;
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* YUV4MPEG2: one line "YUV4MPEG2 W640 H480 F25:1 ...", then for each frame one line "FRAME ..." and the planes. */

/* Reads decimal digits; returns what follows them, or NULL if there is none. */
static const char *number(const char *text, uint32_t *value)
{
    const char *at = text;

    for (*value = 0; is_digit(*at); at++) {
        take_digit(value, *at);
    }
    return at == text ? NULL : at;
}

static enum clip_result take_parameter(struct clip *clip, const char *token)
{
    static const char *const chroma[] = {"C420", "C420jpeg", "C420mpeg2", "C420paldv"};
    uint32_t value = 0, second = 0;
    const char *rest = NULL;

    switch (token[0]) {
    case 'W':
    case 'H':
        rest = number(token + 1, &value);
        if (rest == NULL || *rest != '\0') {
            return refuse(clip, "bad %s %s", token[0] == 'W' ? "width" : "height", token);
        }
        *(token[0] == 'W' ? &clip->width : &clip->height) = value;
        return CLIP_OK;
    case 'F':
        rest = number(token + 1, &value);
        if (rest == NULL || *rest != ':' || (rest = number(rest + 1, &second)) == NULL || *rest != '\0') {
            return refuse(clip, "bad frame rate %s", token);
        }
        if (value != 0 && second != 0) { /* F0:0 says that it is not known */
            clip->rate = value;
            clip->scale = second;
        }
        return CLIP_OK;
    case 'C':
        for (unsigned i = 0; i < sizeof(chroma) / sizeof(chroma[0]); i++) {
            if (strcmp(token, chroma[i]) == 0) {
                return CLIP_OK;
            }
        }
        return refuse(clip, "unsupported chroma %s (only 8-bit 4:2:0)", token);
    case 'X':
        if (strcmp(token, "XCOLORRANGE=FULL") == 0) {
            clip->format = CLIP_YUV_FULL;
        } else if (strcmp(token, "XCOLORRANGE=LIMITED") == 0) {
            clip->format = CLIP_YUV_LIMITED;
        }
        return CLIP_OK;
    default: /* interlacing and pixel aspect change nothing here; what is not known is not needed */
        return CLIP_OK;
    }
}

static enum clip_result open_yuv4mpeg2(struct clip *clip, uint32_t at)
{
    char token[TOKEN_KEPT + 1];
    uint32_t length = 0;
    bool has_width = false, has_height = false;

    clip->format = CLIP_YUV_LIMITED;
    for (;; at++) {
        const int byte = byte_at(clip, at);

        if (at >= CLIP_MAX_HEADER) {
            return refuse(clip, "header is longer than %d bytes", CLIP_MAX_HEADER);
        }
        if (byte < 0) {
            return refuse_end(clip, byte, "header");
        }
        if (byte != ' ' && byte != '\n') {
            if (length < TOKEN_KEPT) {
                token[length++] = byte > ' ' && byte < 0x7f ? (char)byte : '?';
            }
            continue;
        }
        token[length] = '\0';
        length = 0;
        if (take_parameter(clip, token) != CLIP_OK) {
            return CLIP_ERROR;
        }
        has_width = has_width || token[0] == 'W';
        has_height = has_height || token[0] == 'H';
        if (byte == '\n') {
            break;
        }
    }
    if (!has_width || !has_height) {
        return refuse(clip, "header has no %s", has_width ? "height (H)" : "width (W)");
    }
    if (check_size(clip) != CLIP_OK) {
        return CLIP_ERROR;
    }
    clip->frame_bytes = clip->width * clip->height + 2 * ((clip->width + 1) / 2) * ((clip->height + 1) / 2);
    clip->frame_line = sizeof("FRAME\n") - 1;
    clip->next = at + 1;
    return CLIP_OK;
}

static enum clip_result next_yuv4mpeg2(struct clip *clip, uint32_t *offset)
{
    const uint32_t size = clip->reader->size, number_shown = clip->frames + 1, word = sizeof("FRAME") - 1;
    uint32_t length;

    if (clip->next == size) {
        return clip->frames == 0 ? refuse(clip, "no frame after the header") : CLIP_END;
    }
    for (length = 0;; length++) {
        const int byte = byte_at(clip, clip->next + length);

        if (byte == READ_FAILED) {
            return refuse(clip, "frame %" PRIu32 ": the input device failed", number_shown);
        }
        if (byte == END_OF_FILE) {
            return refuse(clip, "frame %" PRIu32 " has a truncated header", number_shown);
        }
        if (length < word ? byte != "FRAME"[length] : length == word && byte != ' ' && byte != '\n') {
            return refuse(clip, "frame %" PRIu32 " does not begin with FRAME at offset %" PRIu32, number_shown,
                          clip->next);
        }
        if (byte == '\n') {
            break;
        }
        if (length == CLIP_MAX_HEADER) {
            return refuse(clip, "header of frame %" PRIu32 " is longer than %d bytes", number_shown, CLIP_MAX_HEADER);
        }
    }
    length++;
    if (size - clip->next - length < clip->frame_bytes) {
        return refuse(clip, "frame %" PRIu32 " is truncated: %" PRIu32 " of %" PRIu32 " bytes", number_shown,
                      size - clip->next - length, clip->frame_bytes);
    }
    *offset = clip->next + length;
    clip->next = *offset + clip->frame_bytes;
    clip->frame_line = length;
    clip->frames++;
    return CLIP_OK;
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* PPM: "P6", width, height and maxval between whitespace and comments, one whitespace, the picture. */

/* The next byte, or the newline that ends a comment: like netpbm, a comment may begin anywhere in the header. */
static int ppm_byte(struct clip *clip, uint32_t *at)
{
    int byte;
    bool comment = false;

    do {
        byte = *at < CLIP_MAX_HEADER ? byte_at(clip, *at) : END_OF_FILE;
        if (byte < 0) {
            return byte;
        }
        *at += 1;
        comment = (comment || byte == '#') && byte != '\n' && byte != '\r';
    } while (comment);
    return byte;
}

static bool is_space(int byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* Reads a number and the one whitespace after it. */
static enum clip_result ppm_number(struct clip *clip, uint32_t *at, const char *what, uint32_t *value)
{
    int byte = ppm_byte(clip, at);

    while (is_space(byte)) {
        byte = ppm_byte(clip, at);
    }
    if (byte >= 0 && !is_digit(byte)) {
        return refuse(clip, "bad %s in the header", what);
    }
    for (*value = 0; is_digit(byte); byte = ppm_byte(clip, at)) {
        take_digit(value, byte);
    }
    if (byte < 0 && *at >= CLIP_MAX_HEADER) {
        return refuse(clip, "header is longer than %d bytes", CLIP_MAX_HEADER);
    }
    if (byte < 0) {
        return refuse_end(clip, byte, "header");
    }
    return is_space(byte) ? CLIP_OK : refuse(clip, "bad %s in the header", what);
}

static enum clip_result open_ppm(struct clip *clip, uint32_t at)
{
    clip->format = CLIP_RGB;
    clip->picture = true;
    if (ppm_number(clip, &at, "width", &clip->width) != CLIP_OK ||
        ppm_number(clip, &at, "height", &clip->height) != CLIP_OK ||
        ppm_number(clip, &at, "maxval", &clip->maxval) != CLIP_OK || check_size(clip) != CLIP_OK) {
        return CLIP_ERROR;
    }
    if (clip->maxval < 1 || clip->maxval > 255) {
        return refuse(clip, "unsupported maxval %" PRIu32 " (only 1 to 255)", clip->maxval);
    }
    clip->frame_bytes = clip->width * clip->height * 3;
    clip->next = at;
    return CLIP_OK;
}

static enum clip_result next_ppm(struct clip *clip, uint32_t *offset)
{
    const uint32_t left = clip->reader->size - clip->next;

    if (clip->frames > 0) {
        return CLIP_END;
    }
    if (left < clip->frame_bytes) {
        return refuse(clip, "the picture is truncated: %" PRIu32 " of %" PRIu32 " bytes", left, clip->frame_bytes);
    }
    *offset = clip->next;
    clip->frames = 1;
    return CLIP_OK;
}

/* ---------------------------------------------------------------------------------------------------------------- */

enum clip_result clip_open(struct clip *clip, const struct clip_reader *reader)
{
    static const char magic[] = "YUV4MPEG2";
    const uint32_t magic_length = sizeof(magic) - 1;
    int byte;

    memset(clip, 0, sizeof(*clip));
    clip->reader = reader;
    clip->scale = 1;
    byte = byte_at(clip, 0);
    if (byte == END_OF_FILE) {
        return refuse(clip, "empty file");
    }
    if (byte == READ_FAILED) {
        return refuse(clip, "header: the input device failed");
    }
    if (starts_with(clip, 0, magic)) {
        byte = byte_at(clip, magic_length);
        if (byte < 0) {
            return refuse_end(clip, byte, "header");
        }
        if (byte == ' ' || byte == '\n') {
            return open_yuv4mpeg2(clip, magic_length);
        }
    }
    if (starts_with(clip, 0, "P6") && (is_space(byte_at(clip, 2)) || byte_at(clip, 2) == '#')) {
        return open_ppm(clip, 2);
    }
    return refuse(clip, "neither a YUV4MPEG2 clip nor a PPM (P6) picture");
}

enum clip_result clip_next(struct clip *clip, uint32_t *offset)
{
    return clip->picture ? next_ppm(clip, offset) : next_yuv4mpeg2(clip, offset);
}

uint32_t clip_frames_left(const struct clip *clip)
{
    if (clip->picture) {
        return clip->frames == 0;
    }
    return (clip->reader->size - clip->next) / (clip->frame_bytes + clip->frame_line);
}
