/* SPDX-License-Identifier: MIT */
/*
 * A debugger or emulator with semihosting as a board's host. Task context on CPU 0.
 */
#include "boards/common/host_semihosting.h"

#include "boards/common/host_cpu.h"
#include "boot/semihosting.h"

#include <string.h>

static char line[4096]; /* empty: nobody has given one */
static int32_t file;

static const char *init(void)
{
    switch (semihosting_command_line(line, sizeof(line))) {
    case SEMIHOSTING_REFUSED:
        return "the command line of semihosting is longer than 4095 bytes";
    case SEMIHOSTING_NOBODY:
        line[0] = '\0';
        return NULL;
    default:
        return NULL;
    }
}

static unsigned digit(char c)
{
    return c >= 'a' ? c - 'a' + 10u : c >= 'A' ? c - 'A' + 10u : (unsigned)(c - '0');
}

static bool text(const char *name, char *to, size_t size)
{
    size_t length = strlen(name);
    const char *from = line;

    /* The first word is the image's name. */
    do {
        from = strchr(from, ' ');
        if (from == NULL) {
            return false;
        }
        from++;
    } while (strncmp(from, name, length) != 0 || from[length] != '=');

    for (from += length + 1; size > 1 && *from != '\0' && *from != ' '; size--) {
        if (from[0] == '%' && from[1] != '\0' && from[2] != '\0') {
            *to++ = (char)(digit(from[1]) << 4 | digit(from[2]));
            from += 3;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
    return true;
}

static bool open(const char *name, uint32_t *size)
{
    const char *path = board_setting(name);
    int32_t length;

    if (path == NULL) {
        return false;
    }
    file = semihosting_open(path);
    length = file < 0 ? -1 : semihosting_length(file);
    if (length < 0) {
        board_give_up(path, "the host cannot open it, or it is longer than 2 GiB");
    }
    *size = (uint32_t)length;
    return true;
}

static bool copy(uint32_t offset, void *to, uint32_t length)
{
    return semihosting_read(file, offset, to, length);
}

static bool read(uint32_t offset, const struct baton_destination *to, uint32_t length)
{
    return host_cpu_read(copy, offset, to, length);
}

const struct board_host host_semihosting = {
    .init = init,
    .text = text,
    .open = open,
    .read = read,
    .device = {.name = "semihosting", .domain = BATON_DOMAIN_CACHE, .dma_mask = 0xffffffff, .alignment = 1},
};
