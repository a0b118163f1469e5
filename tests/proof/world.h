/* SPDX-License-Identifier: MIT */
/*
 * What a state of the exploration consists of, and what changes it: the core's instance, the actors with their calls in flight, and
 * what may have become of each line. Shared by explore.c and its parts: world.c (the world and the port), calls.c (what an actor
 * calls), vector.c (states as vectors).
 */
#ifndef BATON_TESTS_PROOF_WORLD_H
#define BATON_TESTS_PROOF_WORLD_H

#include "core/baton.h"
#include "core/instance.h"
#include "core/range.h"
#include "tests/proof/lines.h"
#include "tests/proof/states.h"

#include <ucontext.h>

enum {
    CELL = 4,
    GRANULE = CELL * CELLS,
    LINES_MAX = 3,
    ACTORS_MAX = 4,
    RANGES_MAX = 21,
    STACK = 6144,
    PHYSICAL = 0x40000000,
    BOUNCE_PHYSICAL = 0x1000 /* all that a bounced device reaches is the 4 KiB from there */
};
/* ---------------------------------------------------------------------------------------------------------------- */
/* What is explored */

struct who {
    const char *name;
    bool device;
    enum baton_domain domain;
    bool bounced;
};

struct size {
    const char *name;
    unsigned lines, actors;
    const struct who *who[ACTORS_MAX];
    bool by_line;     /* ranges of whole lines only */
    unsigned longest; /* range, in cells */
    unsigned partial; /* releases of a part: 0 none; 1 of any part, a CPU's of nothing; 2 of any part */
    unsigned flights; /* calls in flight at once; those made beside them come back before anybody else goes on */
    bool once; /* a call lets others go on once, amid its first maintenance; else at every point, see both_levels() */
    bool nothing;   /* a device that fails has written nothing that it knows of */
    bool symmetric; /* actors 1 and 2 are alike: states that differ by an exchange of the two are one */
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
    struct part range, writes; /* writes: where it may store */
    enum baton_direction direction;
    bool partial; /* it will have written only that; said at the begin, since it binds what it does */
    /* Of a call in flight: */
    bool barrier, owed, let_go;
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
extern struct global {
    bool owed; /* a device has released, and no barrier came since */
} global;
extern line_set sets[LINES_MAX];

extern struct baton *baton;
extern char memory[16384];
extern size_t memory_size;
extern baton_buffer buffer;
extern baton_attachment attachments[ACTORS_MAX];
extern char buffer_memory[4096], bounce_memory[4096];
extern uint32_t fresh_tokens[ACTORS_MAX];

extern const char *violation;
extern bool telling;
extern unsigned actor_now;
extern ucontext_t main_context, template;
extern bool call_ended, locked;
extern bool destroying; /* nobody else is there */
extern bool closing;    /* the call in flight wants close_lines(), and goes on at once */

void violated(const char *what);
struct access *accesses(void);
struct buffer *the_buffer(void);
struct buffer *place_of(unsigned column); /* the buffer, or the bounce buffer; NULL: there is none */
enum line_state state_in(const struct buffer *place, unsigned line);
void close_lines(void);
unsigned cells_of(struct part part, unsigned line);
void event_on_part(enum line_event event, struct part part);
extern const struct baton_port port;

/* calls.c */
bool writes(const struct doing *doing);
void go_on(unsigned who); /* a call in flight, until it lets go or comes back */
bool begin(unsigned who); /* true: it was refused, as it should have been */
void end(unsigned who, bool complete,
         struct part written); /* written: of an end that is not complete; first == end: nothing */

/* vector.c */
enum { VECTOR = ACTORS_MAX + 5 + ACTORS_MAX + LINES_MAX + 1 };
void make_pieces(void);
void canonical(void);
unsigned save(uint32_t *vector, const uint32_t *source); /* source: the state before, which it mostly still is */
void restore(const uint32_t *vector);

#endif
