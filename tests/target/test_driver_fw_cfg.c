/* SPDX-License-Identifier: MIT */
/*
 * fw_cfg: directory, texts by register, files by DMA from any offset, errors that the device reports.
 * What would break it: a position that survives from the command before, a skip forgotten, a length that runs over the destination, an error
 * bit that is not looked at.
 *
 * set: note=0123456789abcdefghijklmnopqrstuvwxyz
 */
#include "tests/target/support/hardware.h"
#include "tests/target/support/rig.h"
#include "tests/target/support/tap.h"

#include "drivers/fw_cfg.h"

#include <string.h>

#define NOTE "0123456789abcdefghijklmnopqrstuvwxyz"
#define LENGTH (sizeof(NOTE) - 1)
#define SIZE 4096u
#define AT 64u /* where in the buffer the device writes */

static const struct fw_cfg_config *device;
static struct rig_buffer buffer;

/* The device reads into a part of the buffer that begins at AT; the rest must stay. */
static void read_by_dma(const struct fw_cfg_file *file, uint32_t offset, uint32_t length)
{
    struct rig_transfer transfer;
    char is[LENGTH + 1] = "";

    rig_fill(&buffer, 1);
    rig_map(&transfer, NULL, &buffer, NULL);
    struct baton_destination part = transfer.destination;
    part.segments[0].address.value += AT;
    part.segments[0].length -= AT;
    part.length -= AT;
    enum fw_cfg_status status = fw_cfg_read(device, file, offset, &part, length);
    rig_unmap(&transfer);
    if (length != 0) {
        rig_read(&buffer, AT, is, length);
    }
    tap_ok(status == FW_CFG_OK && memcmp(is, NOTE + offset, length) == 0 &&
               rig_differences(&buffer, 0, AT, 1, 0) +
                       rig_differences(&buffer, AT + length, SIZE - AT - length, 1, 0) ==
                   0,
           "%lu bytes from %lu by DMA, and nothing beside them", (unsigned long)length, (unsigned long)offset);
}

static void refused(const struct fw_cfg_file *file, uint32_t offset, uint32_t length, const char *what)
{
    struct rig_transfer transfer;

    rig_fill(&buffer, 1);
    rig_map(&transfer, NULL, &buffer, NULL);
    enum fw_cfg_status status = fw_cfg_read(device, file, offset, &transfer.destination, length);
    rig_unmap(&transfer);
    tap_ok(status == FW_CFG_ERROR_RANGE && rig_differences(&buffer, 0, SIZE, 1, 0) == 0, "%s: %s", what,
           fw_cfg_status_text(status));
}

/* Two segments, the second one shorter than what is left. */
static void two_segments(const struct fw_cfg_file *file)
{
    struct rig_transfer transfer;
    char is[LENGTH];

    rig_fill(&buffer, 1);
    rig_map(&transfer, NULL, &buffer, NULL);
    struct baton_destination two = transfer.destination;
    two.count = 2;
    two.length = 30;
    two.segments[0].length = 10;
    two.segments[1] = (struct baton_segment){{two.segments[0].address.value + 512}, 20};
    enum fw_cfg_status good = fw_cfg_read(device, file, 2, &two, 30);
    enum fw_cfg_status bad = fw_cfg_read(device, file, 4, &two, 31); /* and nothing of it */
    rig_unmap(&transfer);
    rig_read(&buffer, 0, is, 10);
    rig_read(&buffer, 512, is + 10, 20);
    tap_ok(good == FW_CFG_OK && memcmp(is, NOTE + 2, 30) == 0 && rig_differences(&buffer, 10, 502, 1, 0) == 0 &&
               rig_differences(&buffer, 532, SIZE - 532, 1, 0) == 0,
           "into two segments");
    tap_equal(bad, FW_CFG_ERROR_RANGE, "more than they hold");
}

int main(void)
{
    struct fw_cfg_file file;
    struct fw_cfg_file missing = {.size = 77, .selector = 88};
    char text[LENGTH + 1] = "";

    rig_open();
    device = hardware()->fw_cfg;
    if (device == NULL) {
        return tap_skip("no fw_cfg");
    }
    buffer = rig_buffer("buffer", SIZE);
    tap_plan(22);

    tap_equal(fw_cfg_probe(device), FW_CFG_OK, "the device is there");
    enum fw_cfg_status found = fw_cfg_find(device, "opt/baton/note", &file);
    tap_ok(found == FW_CFG_OK && file.size == LENGTH, "a file of %lu bytes is found", (unsigned long)LENGTH);
    tap_ok(fw_cfg_find(device, "opt/baton/not", &missing) == FW_CFG_ERROR_NO_FILE && missing.size == 77 &&
               missing.selector == 88,
           "the start of a name is no name, and nothing is stored");
    tap_equal(fw_cfg_find(device, "opt/baton/notes", &missing), FW_CFG_ERROR_NO_FILE, "nor is a longer one");
    tap_equal(fw_cfg_find(device, "", &missing), FW_CFG_ERROR_NO_FILE, "nor the empty one");
    tap_ok(fw_cfg_read_text(device, &file, text, LENGTH) == FW_CFG_OK && strcmp(text, NOTE) == 0,
           "its text by register");
    tap_equal(fw_cfg_read_text(device, &file, text, LENGTH + 1), FW_CFG_ERROR_RANGE, "not a byte more");

    read_by_dma(&file, 0, LENGTH);
    read_by_dma(&file, 0, LENGTH); /* from the start again, not from where the first one ended */
    read_by_dma(&file, 10, 7);
    read_by_dma(&file, LENGTH - 1, 1);
    read_by_dma(&file, 5, 0);
    refused(&file, 0, LENGTH + 1, "a byte beyond the end");
    refused(&file, LENGTH, 1, "from the end");
    refused(&file, LENGTH + 1, 0, "from behind the end");
    refused(&file, 0xffffffff, 2, "offset + length wraps");
    two_segments(&file);

    struct baton_destination nowhere = {
        .access = {1}, .length = 16, .count = 1, .segments = {{{hardware()->refused}, 16}}};
    tap_equal(fw_cfg_read(device, &file, 0, &nowhere, 16), FW_CFG_ERROR_DEVICE, "to where there is no memory");
    tap_equal(fw_cfg_write(device, &file, (baton_bus_address){buffer.address}, 16), FW_CFG_ERROR_DEVICE,
              "a write to a file that is not for writing");
    tap_equal(fw_cfg_write(device, &file, (baton_bus_address){buffer.address}, LENGTH + 1), FW_CFG_ERROR_RANGE,
              "a write beyond its end");
    struct fw_cfg_config without = *device;
    without.descriptor = NULL;
    tap_equal(fw_cfg_read(&without, &file, 0, &nowhere, 16), FW_CFG_ERROR_ABSENT, "DMA without a descriptor");
    return tap_done();
}
