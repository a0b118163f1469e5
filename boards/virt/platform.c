/* SPDX-License-Identifier: MIT */
/*
 * QEMU virt as applications see it (apps/platform.h): the devices behind their interfaces, settings, time. Task context
 * on CPU 0 unless a function says otherwise.
 */
#include "apps/platform.h"

#include "boards/common/port.h"
#include "boards/virt/board.h"
#include "boards/virt/machine.h"
#include "boot/cpu.h"
#include "boot/image.h"
#include "boot/registers/barrier.h"

#include <stdio.h>
#include <string.h>

#define SETTINGS 16u        /* different names asked for */
#define SETTING_BYTES 1024u /* a file name is the longest */
#define FW_CFG_FOLDER "opt/baton/"
#define SIDE_MAX 4096u           /* pixels */
#define SETTLED_POLLS 100000000u /* looks at the UART; a minute or so, in which the host has long taken its picture */

static struct platform virt;
static struct baton_port port;
static struct port_lock port_lock;
static struct ramfb screen;
static struct fw_cfg_file screen_file, clip_file;
static struct input clip;
static uint32_t interrupts_seen;

static bool find(const char *name, struct fw_cfg_file *file)
{
    char path[64];
    int length = snprintf(path, sizeof(path), FW_CFG_FOLDER "%s", name);

    return length > 0 && (size_t)length < sizeof(path) && fw_cfg_find(&virt_fw_cfg, path, file) == FW_CFG_OK;
}

static const char *setting(const char *name)
{
    static struct {
        char name[32];
        char text[SETTING_BYTES];
    } known[SETTINGS];
    struct fw_cfg_file file;
    uint32_t i = 0;

    while (i < SETTINGS && known[i].name[0] != '\0') {
        if (strcmp(known[i].name, name) == 0) {
            return known[i].text;
        }
        i++;
    }
    if (i == SETTINGS || strlen(name) >= sizeof(known[i].name) || !find(name, &file)) {
        return NULL;
    }
    /* A text that does not fit is cut: longer ones are names to be shown only. */
    uint32_t length = file.size < SETTING_BYTES ? file.size : SETTING_BYTES - 1;
    if (fw_cfg_read_text(&virt_fw_cfg, &file, known[i].text, length) != FW_CFG_OK) {
        return NULL;
    }
    known[i].text[length] = '\0';
    strcpy(known[i].name, name);
    return known[i].text;
}

/* The device has one selection and one descriptor, and display_flip() may come from an interrupt handler. */
static bool clip_read(struct input *input, uint32_t offset, const struct baton_destination *to, uint32_t length)
{
    uint32_t state = cpu_irq_save();
    enum fw_cfg_status status = fw_cfg_read(&virt_fw_cfg, &clip_file, offset, to, length);

    (void)input;
    cpu_irq_restore(state);
    return status == FW_CFG_OK;
}

static bool screen_write(void *context, baton_bus_address from, uint32_t length)
{
    uint32_t state = cpu_irq_save();
    enum fw_cfg_status status = fw_cfg_write(&virt_fw_cfg, &screen_file, from, length);

    (void)context;
    cpu_irq_restore(state);
    return status == FW_CFG_OK;
}

static uint64_t microseconds(void)
{
    return timer_microseconds(&virt_timer);
}

static void nothing(void *context)
{
    (void)context;
}

/* The caller has looked at what an interrupt handler changes, and sleeps if it has not changed yet. An interrupt in
 * between must not be slept over: the number of them tells, and with interrupts masked it stands still from the
 * comparison to the WFI, which a pending one ends too. */
static void sleep_until(uint64_t time)
{
    uint32_t state = cpu_irq_save();

    if (virt_interrupts == interrupts_seen && timer_microseconds(&virt_timer) < time) {
        timer_set_deadline(&virt_timer, time, nothing, NULL);
        wfi();
    }
    cpu_irq_restore(state);
    interrupts_seen = virt_interrupts;
}

static void guard_faults(struct baton *instance, uint32_t timeout)
{
    static struct port_faults faults;

    faults = (struct port_faults){instance, timeout};
    port_guard_faults(&faults);
}

static void screen_settled(bool ok)
{
    const char *hold = setting("hold");

    if (hold == NULL || strcmp(hold, "1") != 0) {
        return;
    }
    /* What came before is no answer. */
    while (pl011_read(&virt_uart) >= 0) {
    }
    printf("baton: screen settled%s\n", ok ? "" : " after a failure");
    fflush(stdout);
    for (uint32_t polls = 0; polls < SETTLED_POLLS && pl011_read(&virt_uart) < 0; polls++) {
    }
}

static void init_display(void)
{
    static struct ramfb_config config = {
        .bytes = virt_uncached.ramfb,
        .write = screen_write,
        .width_max = SIDE_MAX,
        .height_max = SIDE_MAX,
    };

    if (fw_cfg_find(&virt_fw_cfg, "etc/ramfb", &screen_file) != FW_CFG_OK) {
        virt_give_up("no display", "QEMU needs -device ramfb");
    }
    config.bytes_bus.value = (uint32_t)(uintptr_t)virt_uncached.ramfb + virt_bus_offset;
    ramfb_init(&screen, &config);
    virt.display = &screen.display;
    virt.display_device = (struct baton_device_config){
        .name = "ramfb",
        .domain = BATON_DOMAIN_MEMORY,
        .dma_mask = 0xffffffff,
        .alignment = 4,
        .segment_count = 1,
    };
}

static void init_input(void)
{
    const char *name = setting("clip-name");

    if (!find("clip", &clip_file)) {
        return;
    }
    clip = (struct input){
        .name = name != NULL ? name : FW_CFG_FOLDER "clip",
        .size = clip_file.size,
        .read = clip_read,
    };
    virt.input = &clip;
    virt.input_device = (struct baton_device_config){
        .name = "fw_cfg",
        .domain = BATON_DOMAIN_MEMORY,
        .dma_mask = 0xffffffff,
        .alignment = 1,
        .segment_count = 1,
    };
}

const struct platform *platform(void)
{
    if (virt.board != NULL) {
        return &virt;
    }
    port_init(&port, &port_lock, virt_bus_offset);
    port_init_protection(&port);
    virt.port = &port;
    virt.memory = (struct baton_pool_config){
        .name = "pool",
        .cpu = __pool_start,
        .physical = (uint32_t)(uintptr_t)__pool_start,
        .size = (uint32_t)(__pool_end - __pool_start),
    };
    virt.setting = setting;
    virt.microseconds = microseconds;
    virt.sleep_until = sleep_until;
    virt.guard_faults = guard_faults;
    virt.screen_settled = screen_settled;
    init_display();
    init_input();
    virt.dma = &virt_engine()->controller;
    virt.dma_device = (struct baton_device_config){
        .name = virt.dma->name,
        .domain = BATON_DOMAIN_MEMORY,
        .dma_mask = 0xffffffff,
        .alignment = 1,
    };
    virt.board = "virt";
    cpu_irq_restore(0);
    return &virt;
}
