/* SPDX-License-Identifier: MIT */
/*
 * What a board gives to applications and target tests: its devices behind the class interfaces, its memory, its port.
 * Each boards/NAME/ defines platform(); applications know no board beyond this.
 */
#ifndef BATON_APPS_PLATFORM_H
#define BATON_APPS_PLATFORM_H

#include "core/baton.h"
#include "drivers/interface/display.h"
#include "drivers/interface/dma.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A file on the host that a device reads into memory. */
struct input {
    const char *name; /* the file's name as the user gave it */
    uint32_t size;    /* bytes; 0: there is none */
    /* The device writes length bytes from offset of the file to the start of the destination (one segment). Returns
     * when it is done; false: the device reported an error. offset + length <= size. */
    bool (*read)(struct input *input, uint32_t offset, const struct baton_destination *to, uint32_t length);
};

struct platform {
    const char *board;
    const struct baton_port *port;   /* over boot/'s cache operations */
    struct baton_pool_config memory; /* RAM for buffers */

    struct dma_controller *dma;
    struct baton_device_config dma_device; /* what the core has to know of it */
    struct display *display;
    struct baton_device_config display_device;
    struct input *input; /* NULL where the board has none */
    struct baton_device_config input_device;

    /* A setting that the user gave by name ("screen", "frames", "window", ...; kept by reference): its text, or NULL. Static. */
    const char *(*setting)(const char *name);

    /* Microseconds since start. It may stand still in a debugger; it never goes back. */
    uint64_t (*microseconds)(void);

    /* Sleeps until an interrupt was handled or the time has come (whichever is first; it may return early). */
    void (*sleep_until)(uint64_t microseconds);

    /* The program's work is over and the screen shows what it should: lets the host take its picture. Returns when it
     * has, or at once when nobody asked for one. Bounded. ok: the program will end with status 0; the host has to know in
     * case its window is closed before that. */
    void (*screen_settled)(bool ok);
};

/* The board's devices, ready, interrupts enabled on return. The same each time. */
const struct platform *platform(void);

/* From now on a data abort of the calling CPU is handed to baton_fault() of the instance: what that opens is repeated, a stray
 * access has been told to the port's misuse() before the abort is reported. timeout: how long a touch of an automatic
 * buffer may wait for a device, microseconds. Task context. A function, so that who does not call it does not link what it takes. */
void platform_guard_faults(struct baton *instance, uint32_t timeout);

#endif
