/* SPDX-License-Identifier: MIT */
/*
 * What a state of the core consists of in an exploration, and what changes it: the instance, and the actors with their calls in flight.
 * Shared by explore.c and its parts: world.c (the world and the port), calls.c (what an actor calls), vector.c (states as vectors).
 */
#ifndef BATON_TESTS_PROOF_WORLD_H
#define BATON_TESTS_PROOF_WORLD_H

#include "core/baton.h"
#include "core/instance.h"
#include "core/range.h"
#include "tests/proof/states.h"
#include "tests/proof/track.h"

#include <ucontext.h>

enum {
    CELL = 4,
    GRANULE = CELL * CELLS,
    BUFFERS_MAX = 2,
    LINES_MAX = 3, /* of a buffer */
    TRACKED_MAX = BUFFERS_MAX * LINES_MAX,
    ACTORS_MAX = ACT_ACTORS,
    RANGES_MAX = 21,
    STACK = 6144,
    PAGE = 4096,
    PHYSICAL = 0x40000000,
    BOUNCE_PHYSICAL = 0x1000 /* all that a bounced device reaches is a page or two from there */
};

/* ---------------------------------------------------------------------------------------------------------------- */
/* What is explored */

struct who {
    const char *name;
    bool device;
    enum baton_domain domain;
    bool bounced;
    unsigned buffer;
};

struct size {
    const char *name;
    unsigned buffers, lines, actors; /* lines: of each buffer */
    const struct who *who[ACTORS_MAX];
    bool by_line;     /* ranges of whole lines only */
    unsigned longest; /* range, in cells */
    unsigned flights; /* calls in flight at once; those made beside them come back before anybody else goes on */
    bool symmetric;   /* actors 1 and 2 are alike: states that differ by an exchange of the two are one */
};

extern const struct size *size;

/* In cells of the buffer. */
struct part {
    uint8_t first, end;
};

extern struct part ranges[RANGES_MAX];
extern unsigned range_count;

/* ---------------------------------------------------------------------------------------------------------------- */
/* The world: what a state consists of */

enum phase { IDLE, CALLING, HOLDING };

/* What one actor does. */
struct doing {
    enum phase phase;
    struct part range;
    enum baton_direction direction;
    /* Of a call in flight: */
    bool barrier, owed;       /* owed: a device had released when it began, and it has issued no barrier since */
    uint8_t publish, refresh; /* lines to be maintained still: masks */
    uint8_t unknown;          /* those where nobody knows which of the two it needs */
};

struct actor {
    struct doing doing;
    baton_access handle;
    ucontext_t context;
    char *top; /* of what is in use of the stack */
    _Alignas(16) char stack[STACK];
};

extern struct actor actors[ACTORS_MAX];
extern uint8_t
    owed; /* buffers, a mask: a device has released, and nobody who began since has taken the barrier upon himself */

extern struct baton *baton;
extern char memory[16384];
extern size_t memory_size;
extern baton_buffer buffers[BUFFERS_MAX];
extern baton_attachment attachments[ACTORS_MAX];
extern char *starts[BUFFERS_MAX][COLUMNS]; /* of a buffer and its bounce buffer */
extern char buffer_memory[2 * PAGE], bounce_memory[2 * PAGE];
extern uint32_t fresh_tokens[ACTORS_MAX];

/* What the step does to each line: acts[buffer * size->lines + line]. */
enum { ACTS_MAX = 64 };
extern struct acts {
    unsigned count;
    struct act list[ACTS_MAX];
} acts[TRACKED_MAX];

extern const char *violation;
extern bool telling;
extern unsigned actor_now;
extern ucontext_t main_context, template;
extern bool call_ended, locked;
extern bool destroying; /* nobody else is there */

void violated(const char *what);
struct access *accesses(void);
struct buffer *buffer_at(unsigned number);
struct buffer *place_of(unsigned number, unsigned column); /* the buffer, or its bounce buffer; NULL: there is none */
enum line_state state_in(const struct buffer *place, unsigned line);
unsigned cells_of(struct part part, unsigned line);

void act(unsigned number, unsigned line, struct act what);
void act_everywhere(struct act what);
void act_on_part(unsigned number, enum line_event event, struct part part);
uint32_t rights_of(unsigned number, unsigned line); /* of the holders */
void close_lines(void);

extern const struct baton_port port;

/* calls.c */
bool writes(const struct doing *doing);
void go_on(unsigned who); /* a call in flight, until it lets go or comes back */
bool begin(unsigned who); /* true: it was refused, as it should have been */
void end(unsigned who, bool complete,
         struct part written); /* written: of an end that is not complete; first == end: nothing */

/* vector.c */
enum { VECTOR = 40 };
void make_pieces(void);
void canonical(void);
unsigned save(uint32_t *vector, const uint32_t *source); /* source: the state before, which it mostly still is */
void restore(const uint32_t *vector);

#endif
