/* SPDX-License-Identifier: MIT */
/*
 * What the two formats share: the file's bytes one at a time, numbers, refusals. Included by clip.c, y4m.c and ppm.c.
 */
#ifndef BATON_APPS_PIPELINE_CLIP_HEADER_H
#define BATON_APPS_PIPELINE_CLIP_HEADER_H

#include "apps/pipeline/clip.h"

#include <stdbool.h>
#include <stdint.h>

#define CLIP_END_OF_FILE (-1)
#define CLIP_READ_FAILED (-2)

/* The byte at offset of the file, or one of the two above. */
int clip_byte(struct clip *clip, uint32_t offset);

/* Notes the reason. Returns CLIP_ERROR. */
enum clip_result clip_refuse(struct clip *clip, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same, where what (a word for the place) stopped because byte is one of the two above. */
enum clip_result clip_refuse_end(struct clip *clip, int byte, const char *what);

/* Refuses a size that is not within the limits. */
enum clip_result clip_check_size(struct clip *clip);

bool clip_is_digit(int byte);

/* Appends a digit to a number, which saturates above every limit and below every overflow. */
void clip_take_digit(uint32_t *value, int byte);

/* Reads the header from offset at, behind the word that names the format. */
enum clip_result y4m_open(struct clip *clip, uint32_t at);
enum clip_result ppm_open(struct clip *clip, uint32_t at);

/* clip_next() */
enum clip_result y4m_next(struct clip *clip, uint32_t *offset);
enum clip_result ppm_next(struct clip *clip, uint32_t *offset);

bool ppm_is_space(int byte);

#endif
