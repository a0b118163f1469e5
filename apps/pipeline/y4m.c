/* SPDX-License-Identifier: MIT */
/*
 * YUV4MPEG2: one line "YUV4MPEG2 W640 H480 F25:1 ...", then for each frame one line "FRAME ..." and the planes. See clip_header.h.
 */
#include "apps/pipeline/clip_header.h"

#include <inttypes.h>
#include <string.h>

#define TOKEN_KEPT 32 /* bytes of a header parameter that are looked at; longer ones (comments) are not refused */

/* Reads decimal digits; returns what follows them, or NULL if there is none. */
static const char *number(const char *text, uint32_t *value)
{
    const char *at = text;

    for (*value = 0; clip_is_digit(*at); at++) {
        clip_take_digit(value, *at);
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
            return clip_refuse(clip, "bad %s %s", token[0] == 'W' ? "width" : "height", token);
        }
        *(token[0] == 'W' ? &clip->width : &clip->height) = value;
        return CLIP_OK;
    case 'F':
        rest = number(token + 1, &value);
        if (rest == NULL || *rest != ':' || (rest = number(rest + 1, &second)) == NULL || *rest != '\0') {
            return clip_refuse(clip, "bad frame rate %s", token);
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
        return clip_refuse(clip, "unsupported chroma %s (only 8-bit 4:2:0)", token);
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

enum clip_result y4m_open(struct clip *clip, uint32_t at)
{
    char token[TOKEN_KEPT + 1];
    uint32_t length = 0;
    bool has_width = false, has_height = false;

    clip->format = CLIP_YUV_LIMITED;
    for (;; at++) {
        const int byte = clip_byte(clip, at);

        if (at >= CLIP_MAX_HEADER) {
            return clip_refuse(clip, "header is longer than %d bytes", CLIP_MAX_HEADER);
        }
        if (byte < 0) {
            return clip_refuse_end(clip, byte, "header");
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
        return clip_refuse(clip, "header has no %s", has_width ? "height (H)" : "width (W)");
    }
    if (clip_check_size(clip) != CLIP_OK) {
        return CLIP_ERROR;
    }
    clip->frame_bytes = clip->width * clip->height + 2 * ((clip->width + 1) / 2) * ((clip->height + 1) / 2);
    clip->frame_line = sizeof("FRAME\n") - 1;
    clip->next = at + 1;
    return CLIP_OK;
}

enum clip_result y4m_next(struct clip *clip, uint32_t *offset)
{
    const uint32_t size = clip->reader->size, number_shown = clip->frames + 1, word = sizeof("FRAME") - 1;
    uint32_t length;

    if (clip->next == size) {
        return clip->frames == 0 ? clip_refuse(clip, "no frame after the header") : CLIP_END;
    }
    for (length = 0;; length++) {
        const int byte = clip_byte(clip, clip->next + length);

        if (byte == CLIP_READ_FAILED) {
            return clip_refuse(clip, "frame %" PRIu32 ": the input device failed", number_shown);
        }
        if (byte == CLIP_END_OF_FILE) {
            return clip_refuse(clip, "frame %" PRIu32 " has a truncated header", number_shown);
        }
        if (length < word ? byte != "FRAME"[length] : length == word && byte != ' ' && byte != '\n') {
            return clip_refuse(clip, "frame %" PRIu32 " does not begin with FRAME at offset %" PRIu32, number_shown,
                               clip->next);
        }
        if (byte == '\n') {
            break;
        }
        if (length == CLIP_MAX_HEADER) {
            return clip_refuse(clip, "header of frame %" PRIu32 " is longer than %d bytes", number_shown,
                               CLIP_MAX_HEADER);
        }
    }
    length++;
    if (size - clip->next - length < clip->frame_bytes) {
        return clip_refuse(clip, "frame %" PRIu32 " is truncated: %" PRIu32 " of %" PRIu32 " bytes", number_shown,
                           size - clip->next - length, clip->frame_bytes);
    }
    *offset = clip->next + length;
    clip->next = *offset + clip->frame_bytes;
    clip->frame_line = length;
    clip->frames++;
    return CLIP_OK;
}
