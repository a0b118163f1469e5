/* SPDX-License-Identifier: MIT */
/*
 * What the pipeline's screen should show: computed from the input by the documented conversion, and compared with a
 * screenshot, pixel by pixel. Called by the pipeline tests. Written from docs/PIPELINE.md alone; it shares no line with
 * apps/pipeline, and does things another way where it can (whole file in memory, one pixel at a time, 64-bit).
 *
 *   expected INPUT WIDTHxHEIGHT FRAMES SCREEN.png     FRAMES 0: all. The frame that counts is the last whole one.
 *
 * Prints one line. Exit status: 0 equal, 1 different, 2 an input or picture that cannot be read.
 */
#include <png.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int64_t number;

struct picture {
    number width, height;
    const uint8_t *luma, *cb, *cr; /* of a clip */
    int full_range;
    const uint8_t *rgb; /* of a PPM, or NULL */
    number maximum, sample_size;
};

static void __attribute__((noreturn, format(printf, 1, 2))) fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    exit(2);
}

static uint8_t *read_file(const char *path, number *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        fail("%s cannot be opened", path);
    }
    *size = ftell(file);
    rewind(file);
    uint8_t *bytes = malloc((size_t)*size + 1);
    if (bytes == NULL || fread(bytes, 1, (size_t)*size, file) != (size_t)*size) {
        fail("%s cannot be read", path);
    }
    bytes[*size] = 0;
    fclose(file);
    return bytes;
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* The two formats */

static struct picture clip_frame(const uint8_t *bytes, number size, number most, number *frames)
{
    struct picture picture = {0};
    const uint8_t *end = bytes + size;
    const uint8_t *header_end = memchr(bytes, '\n', (size_t)size);
    if (header_end == NULL) {
        fail("no end of the header");
    }
    for (const uint8_t *at = bytes; at != NULL && at < header_end; at = memchr(at, ' ', (size_t)(header_end - at))) {
        while (*at == ' ') {
            at++;
        }
        if (*at == 'W') {
            picture.width = atoi((const char *)at + 1);
        } else if (*at == 'H') {
            picture.height = atoi((const char *)at + 1);
        } else if (memcmp(at, "XCOLORRANGE=FULL", 16) == 0 && (at[16] == ' ' || at[16] == '\n')) {
            picture.full_range = 1;
        }
    }
    number chroma_width = (picture.width + 1) / 2;
    number chroma_height = (picture.height + 1) / 2;
    number luma_size = picture.width * picture.height;
    number chroma_size = chroma_width * chroma_height;
    const uint8_t *at = header_end + 1;
    *frames = 0;
    while (at < end && (most == 0 || *frames < most) && memcmp(at, "FRAME", 5) == 0) {
        const uint8_t *data = memchr(at, '\n', (size_t)(end - at));
        if (data == NULL || end - (data + 1) < luma_size + 2 * chroma_size) {
            break;
        }
        picture.luma = data + 1;
        picture.cb = picture.luma + luma_size;
        picture.cr = picture.cb + chroma_size;
        at = picture.cr + chroma_size;
        ++*frames;
    }
    if (*frames == 0) {
        fail("no whole frame");
    }
    return picture;
}

static struct picture ppm_picture(const uint8_t *bytes, number size)
{
    number values[3] = {0};
    number at = 2;
    for (int which = 0; which < 3; which++) {
        while (strchr("# \t\r\n\v\f", bytes[at]) != NULL) {
            if (bytes[at++] == '#') {
                while (bytes[at] != '\n') {
                    at++;
                }
            }
        }
        while (bytes[at] >= '0' && bytes[at] <= '9') {
            values[which] = 10 * values[which] + bytes[at++] - '0';
        }
    }
    at++;
    number sample_size = values[2] < 256 ? 1 : 2;
    if (size - at < 3 * sample_size * values[0] * values[1]) {
        fail("the picture is not whole");
    }
    return (struct picture){
        .width = values[0], .height = values[1], .maximum = values[2], .sample_size = sample_size, .rgb = bytes + at};
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* The conversion */

static uint8_t clip(number value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/* Rounds down, for negative numbers too. */
static number divide_by_256(number value)
{
    return value >= 0 ? value / 256 : -((-value + 255) / 256);
}

static void pixel(const struct picture *picture, number x, number y, uint8_t rgb[3])
{
    if (picture->rgb != NULL) {
        const uint8_t *from = picture->rgb + 3 * picture->sample_size * (y * picture->width + x);
        for (int i = 0; i < 3; i++) {
            number sample = 0;
            for (number k = 0; k < picture->sample_size; k++) {
                sample = 256 * sample + *from++;
            }
            /* A sample above maxval is the file's mistake; it shows as the brightest. */
            sample = sample < picture->maximum ? sample : picture->maximum;
            rgb[i] = (uint8_t)((sample * 255 + picture->maximum / 2) / picture->maximum);
        }
        return;
    }
    number at = y / 2 * ((picture->width + 1) / 2) + x / 2;
    number luma = picture->luma[y * picture->width + x];
    number d = picture->cb[at] - 128;
    number e = picture->cr[at] - 128;
    if (picture->full_range) {
        rgb[0] = clip(divide_by_256(256 * luma + 359 * e + 128));
        rgb[1] = clip(divide_by_256(256 * luma - 88 * d - 183 * e + 128));
        rgb[2] = clip(divide_by_256(256 * luma + 454 * d + 128));
    } else {
        number c = luma - 16;
        rgb[0] = clip(divide_by_256(298 * c + 409 * e + 128));
        rgb[1] = clip(divide_by_256(298 * c - 100 * d - 208 * e + 128));
        rgb[2] = clip(divide_by_256(298 * c + 516 * d + 128));
    }
}

static number within(number value, number least, number most)
{
    return value < least ? least : value > most ? most : value;
}

/* Where the picture of w x h lies on the screen of W x H. */
static void fit(number w, number h, number W, number H, number *dw, number *dh)
{
    if (w == W && h == H) {
        *dw = W;
        *dh = H;
    } else if (w * H >= h * W) {
        *dw = W;
        *dh = within((2 * h * W + w) / (2 * w), 1, H);
    } else {
        *dh = H;
        *dw = within((2 * w * H + h) / (2 * h), 1, W);
    }
}

int main(int count, char **arguments)
{
    int W, H;
    if (count != 5 || sscanf(arguments[2], "%dx%d", &W, &H) != 2) {
        fail("usage: expected INPUT WIDTHxHEIGHT FRAMES SCREEN.png");
    }
    number size;
    uint8_t *bytes = read_file(arguments[1], &size);
    number frames = 1;
    struct picture picture =
        memcmp(bytes, "P6", 2) == 0 ? ppm_picture(bytes, size) : clip_frame(bytes, size, atoi(arguments[3]), &frames);

    png_image png = {.version = PNG_IMAGE_VERSION};
    if (!png_image_begin_read_from_file(&png, arguments[4])) {
        fail("%s: %s", arguments[4], png.message);
    }
    png.format = PNG_FORMAT_RGB;
    uint8_t *screen = malloc(PNG_IMAGE_SIZE(png));
    if (screen == NULL || !png_image_finish_read(&png, NULL, screen, 0, NULL)) {
        fail("%s: %s", arguments[4], png.message);
    }
    if (png.width != (unsigned)W || png.height != (unsigned)H) {
        fail("the screen has %ux%u pixels, not %dx%d", png.width, png.height, W, H);
    }

    number dw, dh, different = 0;
    fit(picture.width, picture.height, W, H, &dw, &dh);
    number left = (W - dw) / 2, top = (H - dh) / 2;
    for (number y = 0; y < H; y++) {
        for (number x = 0; x < W; x++) {
            uint8_t should[3] = {0, 0, 0};
            number u = x - left, v = y - top;
            if (u >= 0 && u < dw && v >= 0 && v < dh) {
                pixel(&picture, (2 * u + 1) * picture.width / (2 * dw), (2 * v + 1) * picture.height / (2 * dh),
                      should);
            }
            const uint8_t *is = screen + 3 * (y * W + x);
            if (memcmp(is, should, 3) != 0 && different++ == 0) {
                printf("pixel %d,%d is %02x%02x%02x, should be %02x%02x%02x; ", (int)x, (int)y, is[0], is[1], is[2],
                       should[0], should[1], should[2]);
            }
        }
    }
    printf("%lld of %d pixels differ, frame %lld of %dx%d on %dx%d\n", (long long)different, W * H, (long long)frames,
           (int)picture.width, (int)picture.height, W, H);
    return different != 0;
}
