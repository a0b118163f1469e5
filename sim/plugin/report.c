/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accusations as people and programs read them: on the terminal as a sanitizer prints, and as JSON lines. One place is accused
 * once; further ones of the same kind between the same two places are only counted (and listed by ranges.c).
 */
#include "sim/plugin/plugin.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define CALL 2 /* bytes of the shortest call: less than that before a return address lies within any */

static FILE *json;
static uint64_t distinct, total;

struct seen {
    uint32_t kind, observer_pc, culprit_pc, who;
};
static struct seen *seen;

void complain(const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "noncoherent: ");
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\n");
}

bool report_open(void)
{
    if (!sim.options.report)
        return true;
    json = fopen(sim.options.report, "w");
    return json != NULL;
}

/* Its number among the distinct ones, from 1; fresh: it is the first of its kind there. */
static uint64_t number_of(const struct model_violation *v, bool *fresh)
{
    struct seen one = {.kind = (uint32_t)v->kind << 1 | v->lucky,
                       .observer_pc = v->observer.pc,
                       .culprit_pc = v->culprit.pc,
                       .who = (uint32_t)v->observer.who << 8 | v->culprit.who};

    for (uint64_t i = 0; i < distinct; i++)
        if (memcmp(&seen[i], &one, sizeof(one)) == 0)
            return i + 1;
    *fresh = true;
    if (distinct % 64 == 0) {
        seen = realloc(seen, (distinct + 64) * sizeof(*seen));
        if (!seen)
            abort();
    }
    seen[distinct++] = one;
    return distinct;
}

static const char *action_name(unsigned action)
{
    static const char *const names[] = {
        "nothing",   "load",       "store", "non-cacheable load", "non-cacheable store",  "DMA read",
        "DMA write", "table walk", "clean", "invalidate",         "clean and invalidate", "write-back",
    };

    return names[action];
}

static void name_of(uint8_t who, char *text, size_t size)
{
    if (who == MODEL_NOBODY)
        snprintf(text, size, "cache");
    else if (MODEL_IS_DEVICE(who))
        snprintf(text, size, "%s", device_of(who)->name);
    else if (MODEL_IS_WALKER(who))
        snprintf(text, size, "table walker of cpu %u", who - MODEL_WALKER(0));
    else
        snprintf(text, size, "cpu %u", who);
}

/* back: how far before pc to look; a return address is that of the next instruction, perhaps in another line. */
static void print_place(uint32_t pc, uint32_t back)
{
    struct place place = symbols_place(pc - back);

    fprintf(stderr, "0x%08x", pc);
    for (unsigned i = 0; i < place.inlined_count; i++) {
        const struct frame *frame = &place.inlined[i];

        fprintf(stderr, " in %s", frame->function);
        if (place.file)
            fprintf(stderr, " %s:%d", place.file, place.line);
        fprintf(stderr, ", inlined");
        place.file = frame->file;
        place.line = frame->line;
    }
    if (place.function)
        fprintf(stderr, " in %s", place.function);
    if (place.file)
        fprintf(stderr, " %s:%d", place.file, place.line);
}

/* A line keeps the caller of the last copy function that stored there: other stores have none. */
static bool copied_for(const struct model_access *access)
{
    bool entry;

    return access->caller && symbols_copies(access->pc, &entry);
}

static void print_access(const char *role, const struct model_access *access)
{
    char who[64];

    if (access->action == MODEL_NOTHING)
        return;
    name_of(access->who, who, sizeof(who));
    fprintf(stderr, "  %s %s by %s", role, action_name(access->action), who);
    if (access->pc) {
        fprintf(stderr, MODEL_IS_DEVICE(access->who) ? ", started at " : " at ");
        print_place(access->pc, 0);
    }
    fprintf(stderr, "\n");
    if (copied_for(access)) {
        fprintf(stderr, "      called from ");
        print_place(access->caller, CALL);
        fprintf(stderr, "\n");
    }
}

static void json_string(const char *text)
{
    fputc('"', json);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fprintf(json, "\\%c", *text);
        else if ((unsigned char)*text < 32)
            fprintf(json, "\\u%04x", *text);
        else
            fputc(*text, json);
    }
    fputc('"', json);
}

static void json_file(const char *file, int line)
{
    if (!file)
        return;
    fprintf(json, ",\"file\":");
    json_string(file);
    fprintf(json, ",\"line\":%d", line);
}

static void json_place(uint32_t pc, uint32_t back)
{
    struct place place = symbols_place(pc - back);

    fprintf(json, "\"pc\":\"0x%08x\"", pc);
    if (place.function) {
        fprintf(json, ",\"function\":");
        json_string(place.function);
    }
    for (unsigned i = 0; i < place.inlined_count; i++) {
        const struct frame *frame = &place.inlined[i];

        fprintf(json, i ? ",{\"function\":" : ",\"inlined\":[{\"function\":");
        json_string(frame->function);
        json_file(frame->file, frame->line);
        fputc('}', json);
        if (i + 1 == place.inlined_count)
            fputc(']', json);
    }
    json_file(place.file, place.line);
}

static void json_access(const char *role, const struct model_access *access)
{
    if (access->action == MODEL_NOTHING)
        return;
    fprintf(json, ",\"%s\":{", role);
    if (access->who == MODEL_NOBODY)
        fprintf(json, "\"cache\":true");
    else if (MODEL_IS_DEVICE(access->who))
        fprintf(json, "\"device\":\"%s\"", device_of(access->who)->name);
    else if (MODEL_IS_WALKER(access->who))
        fprintf(json, "\"cpu\":%u,\"walker\":true", access->who - MODEL_WALKER(0));
    else
        fprintf(json, "\"cpu\":%u", access->who);
    fprintf(json, ",\"action\":\"%s\"", action_name(access->action));
    if (access->pc) {
        fputc(',', json);
        json_place(access->pc, 0);
    }
    if (copied_for(access)) {
        fprintf(json, ",\"caller\":{");
        json_place(access->caller, CALL);
        fputc('}', json);
    }
    fputc('}', json);
}

static void write_json(const struct model_violation *v)
{
    fprintf(json, "{\"kind\":\"%s\",\"lucky\":%s,\"address\":\"0x%08x\",\"bytes\":%u", model_kind_name(v->kind),
            v->lucky ? "true" : "false", v->physical, v->bytes);
    json_access("observer", &v->observer);
    json_access("culprit", &v->culprit);
    json_access("maintenance", &v->maintenance);
    fprintf(json, ",\"hint\":");
    json_string(v->hint);
    fprintf(json, "}\n");
    fflush(json);
}

void report_violation(void *context, const struct model_violation *v)
{
    bool fresh = false;

    (void)context;
    if (sim.ending && !sim.options.report_only && total)
        return;
    total++;
    ranges_add(number_of(v, &fresh), v);
    if (!fresh)
        return;
    fprintf(stderr, "==noncoherent== %s at %s 0x%08x, %u byte%s%s\n", model_kind_name(v->kind),
            v->kind == MODEL_MAINTENANCE_FAULT ? "virtual" : "physical", v->physical, v->bytes,
            v->bytes == 1 ? "" : "s", v->lucky ? " (right by luck)" : "");
    print_access("seen:   ", &v->observer);
    print_access("made:   ", &v->culprit);
    print_access("between:", &v->maintenance);
    fprintf(stderr, "  hint: %s\n", v->hint);
    if (json)
        write_json(v);
    if (!sim.options.report_only && !sim.ending)
        exit(STATUS_VIOLATION);
}

uint64_t report_count(void)
{
    return total;
}

void report_summary(void)
{
    if (total == distinct)
        fprintf(stderr, "coherence: %llu violation%s\n", (unsigned long long)total, total == 1 ? "" : "s");
    else
        fprintf(stderr, "coherence: %llu violations, at %llu places\n", (unsigned long long)total,
                (unsigned long long)distinct);
}
