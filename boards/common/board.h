/* SPDX-License-Identifier: MIT */
/*
 * What boards/common/ is told of a board, and shares. boards/NAME/board.c defines `board`, and for each file of boards/common/ that it
 * names there the constants which that file's header asks for. What a board does not name is not linked.
 */
#ifndef BATON_BOARDS_COMMON_BOARD_H
#define BATON_BOARDS_COMMON_BOARD_H

#include "core/baton.h"

struct platform;

/* Characters, polled. write() has no state but constants: it is called from the first instruction of C on, by any CPU, in any context. */
struct board_console {
    void (*write)(const char *text, size_t length);
    int (*read)(void); /* a byte, or -1 */
};

typedef void (*interrupt_handler)(void *context, uint32_t id);

/* The interrupt controller, of CPU 0. What an ID is, is its own matter. */
struct board_interrupts {
    bool (*init)(void); /* false: it does not answer */
    /* Sets the handler of a level-sensitive interrupt and lets it through to this CPU. false: it has no such ID. */
    bool (*handle)(uint32_t id, interrupt_handler handler, void *context);
    void (*dispatch)(void); /* calls the handlers of what is pending */
};

/* Time since start. now, wait and frequency are the port's (core/port.h). */
struct board_clock {
    bool (*init)(void); /* false: its frequency is not known. The interrupt controller is ready */
    uint64_t (*microseconds)(void);
    void (*wake_at)(uint64_t microseconds); /* an interrupt of this CPU then, or before; an earlier wish is forgotten */
    uint32_t (*now)(void *context);
    void (*wait)(void *context, uint32_t deadline);
    uint32_t (*frequency)(void);
};

/* Whoever runs the board: gives settings by name, and one file. */
struct board_host {
    const char *(*init)(void); /* NULL, or what is wrong with it */
    /* The text of a setting, ended and, if need be, cut. false: there is none. */
    bool (*text)(const char *name, char *text, size_t size);
    bool (*open)(const char *name, uint32_t *size); /* the file by that name; false: none was given */
    bool (*read)(uint32_t offset, const struct baton_destination *to, uint32_t length); /* of it; as in struct input */
    struct baton_device_config device;                                                  /* what writes then */
};

struct board {
    const char *name;
    uint32_t bus_view; /* from RAM to where there is room for the bus's view of it; 0: nowhere */
    const struct board_console *console;
    const struct board_interrupts *interrupts;
    const struct board_clock *clock;
    const struct board_host *host;         /* asked by board_host() */
    void (*port)(struct baton_port *port); /* changes the port that boards/common/port.c has made; NULL: it is right */
    /* Fill in the platform's display and DMA controller; NULL: there is none. */
    void (*display)(struct platform *platform);
    void (*dma)(struct platform *platform);
    bool (*cpu_on)(uint32_t mpidr, uint32_t entry); /* boot/board.h's board_cpu_on(); NULL: there is one CPU */
    void (*power_off)(void);                        /* NULL: nobody can */
};

extern const struct board board;

/* Who runs it: what was linked in, if anything was, or board.host. */
const struct board_host *board_host(void);

extern uint32_t board_bus_offset; /* from a physical address to the one on the bus (port.bus_offset) */

/* The bus address of something in the uncached window, or in memory that is mapped flat. */
static inline uint32_t board_bus_address(const volatile void *what)
{
    return (uint32_t)(uintptr_t)what + board_bus_offset;
}

/* A setting that the user gave by name, which is kept by reference: its text, or NULL. Static. */
const char *board_setting(const char *name);

/* The entry of CPU 0's interrupts (boot/exception.h). */
void board_interrupt(void *context);

/* The interrupt's handler, let through. Ends the program if the controller has no such ID. */
void board_handle(uint32_t id, interrupt_handler handler, void *context);

/* struct platform's. */
void board_sleep_until(uint64_t microseconds);

/* The wait() of a clock whose deadline interrupt is CPU 0's and ends in a SEV. */
void board_clock_wait(void *context, uint32_t deadline);

/* Ends the program: one line that says what and why. */
_Noreturn void board_give_up(const char *what, const char *why);

#endif
