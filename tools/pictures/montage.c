/* SPDX-License-Identifier: MIT */
/*
 * Puts pictures of equal height side by side: montage OUT.png IN.png... For `make pictures`; touches those files only.
 */
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GAP 8u /* pixels between two pictures, transparent */
#define MOST 8u
#define PIXEL 4u /* bytes: R G B A */

struct picture {
    png_image image;
    png_bytep pixels;
};

static void die(const char *file, const char *reason)
{
    fprintf(stderr, "montage: %s: %s\n", file, reason);
    exit(1);
}

static void load(struct picture *picture, const char *file)
{
    picture->image = (png_image){.version = PNG_IMAGE_VERSION};
    if (!png_image_begin_read_from_file(&picture->image, file)) {
        die(file, picture->image.message);
    }
    picture->image.format = PNG_FORMAT_RGBA;
    picture->pixels = malloc(PNG_IMAGE_SIZE(picture->image));
    if (picture->pixels == NULL) {
        die(file, "no memory");
    }
    if (!png_image_finish_read(&picture->image, NULL, picture->pixels, 0, NULL)) {
        die(file, picture->image.message);
    }
}

int main(int argc, char **argv)
{
    struct picture pictures[MOST];
    unsigned count = argc > 2 ? (unsigned)argc - 2 : 0;
    png_image whole = {.version = PNG_IMAGE_VERSION, .format = PNG_FORMAT_RGBA};

    if (count == 0 || count > MOST) {
        fprintf(stderr, "usage: montage OUT.png IN.png... (at most %u)\n", MOST);
        return 2;
    }
    for (unsigned i = 0; i < count; i++) {
        load(&pictures[i], argv[i + 2]);
        if (pictures[i].image.height != pictures[0].image.height) {
            die(argv[i + 2], "not as high as the first");
        }
        whole.width += pictures[i].image.width + (i > 0 ? GAP : 0);
    }
    whole.height = pictures[0].image.height;
    png_bytep pixels = calloc(1, PNG_IMAGE_SIZE(whole));
    if (pixels == NULL) {
        die(argv[1], "no memory");
    }
    png_uint_32 x = 0;
    for (unsigned i = 0; i < count; i++) {
        size_t row = (size_t)pictures[i].image.width * PIXEL;

        for (png_uint_32 y = 0; y < whole.height; y++) {
            memcpy(pixels + ((size_t)y * whole.width + x) * PIXEL, pictures[i].pixels + y * row, row);
        }
        x += pictures[i].image.width + GAP;
        free(pictures[i].pixels);
    }
    int written = png_image_write_to_file(&whole, argv[1], 0, pixels, 0, NULL);
    free(pixels);
    if (!written) {
        die(argv[1], whole.message);
    }
    return 0;
}
