/* SPDX-License-Identifier: MIT */
/*
 * What was linked in as a board's host. Task context on CPU 0.
 */
#include "boards/common/host_linked.h"

#include "boards/common/host_cpu.h"
#include "boot/image.h"

#include <stdio.h>
#include <string.h>

static const struct host_linked_image *image(void)
{
    return (const struct host_linked_image *)(const void *)__linked;
}

bool host_linked_present(void)
{
    return image()->settings != NULL;
}

static const char *init(void)
{
    return NULL;
}

static bool text(const char *name, char *to, size_t size)
{
    size_t length = strlen(name);

    for (const char *at = image()->settings; *at != '\0'; at += strlen(at) + 1) {
        if (strncmp(at, name, length) == 0 && at[length] == '=') {
            snprintf(to, size, "%s", at + length + 1);
            return true;
        }
    }
    return false;
}

static bool open(const char *name, uint32_t *size)
{
    *size = (uint32_t)(image()->end - image()->start);
    return strcmp(name, image()->name) == 0;
}

static bool copy(uint32_t offset, void *to, uint32_t length)
{
    uint32_t size = (uint32_t)(image()->end - image()->start);

    if (offset > size || length > size - offset) {
        return false;
    }
    memcpy(to, image()->start + offset, length);
    return true;
}

static bool read(uint32_t offset, const struct baton_destination *to, uint32_t length)
{
    return host_cpu_read(copy, offset, to, length);
}

const struct board_host host_linked = {
    .init = init,
    .text = text,
    .open = open,
    .read = read,
    .device = {.name = "linked", .domain = BATON_DOMAIN_CACHE, .dma_mask = 0xffffffff, .alignment = 1},
};
