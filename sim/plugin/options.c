/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line: -plugin noncoherent.so,name=value,...
 */
#include "sim/plugin/plugin.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool parse_number(const char *text, uint64_t limit, uint64_t *value)
{
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *value = strtoull(text, &end, 0);
    return !errno && end != text && *end == '\0' && *value <= limit;
}

static bool parse_u32(const char *text, uint32_t *value)
{
    uint64_t number;

    if (!parse_number(text, UINT32_MAX, &number))
        return false;
    *value = (uint32_t)number;
    return true;
}

/* "A<separator>B" */
static bool parse_pair(const char *text, char separator, uint32_t *first, uint32_t *second)
{
    char head[32];
    const char *at = strchr(text, separator);

    if (!at || (size_t)(at - text) >= sizeof(head))
        return false;
    memcpy(head, text, (size_t)(at - text));
    head[at - text] = '\0';
    return parse_u32(head, first) && parse_u32(at + 1, second);
}

static bool parse_switch(const char *text, const char *yes, const char *no, bool *value)
{
    *value = strcmp(text, yes) == 0;
    return *value || strcmp(text, no) == 0;
}

static bool power_of_two(uint32_t value)
{
    return value && !(value & (value - 1));
}

static bool parse_one(struct options *o, const char *name, const char *value)
{
    uint64_t number;

    if (strcmp(name, "ram") == 0)
        return parse_pair(value, '+', &o->ram_base, &o->ram_size) && o->ram_size && !(o->ram_base & 0xfff) &&
               !(o->ram_size & 0xfff) && (uint64_t)o->ram_base + o->ram_size <= 1ull << 32;
    if (strcmp(name, "offset") == 0)
        return parse_u32(value, &o->offset) && !(o->offset & 0xfff);
    if (strcmp(name, "elf") == 0)
        return *(o->elf = value) != '\0';
    if (strcmp(name, "report") == 0)
        return *(o->report = value) != '\0';
    if (strcmp(name, "ranges") == 0)
        return *(o->ranges = value) != '\0';
    if (strcmp(name, "stats") == 0)
        return *(o->stats = value) != '\0';
    if (strcmp(name, "reloc") == 0)
        return parse_u32(value, &o->reloc);
    if (strcmp(name, "strict") == 0)
        return parse_switch(value, "on", "off", &o->strict);
    if (strcmp(name, "seed") == 0) {
        if (!parse_number(value, UINT64_MAX, &number))
            return false;
        o->seed = number;
        return true;
    }
    if (strcmp(name, "evict") == 0)
        return parse_u32(value, &o->evict);
    if (strcmp(name, "prefetch") == 0)
        return parse_u32(value, &o->prefetch);
    if (strcmp(name, "line") == 0)
        return parse_u32(value, &o->line) && (o->line == 16 || o->line == 32 || o->line == 64);
    if (strcmp(name, "l1") == 0)
        return parse_pair(value, 'x', &o->l1.sets, &o->l1.ways) && power_of_two(o->l1.sets) && o->l1.ways &&
               o->l1.ways <= 64 && o->l1.sets <= 65536;
    if (strcmp(name, "l2c310") == 0) {
        o->has_l2c310 = parse_u32(value, &o->l2c310) && l2c310_create(o->l2c310);
        return o->has_l2c310;
    }
    if (strcmp(name, "coherent") == 0)
        return device_set_coherent(value);
    if (strcmp(name, "inval") == 0)
        return parse_switch(value, "clean-first", "discard", &o->clean_first);
    if (strcmp(name, "onviolation") == 0)
        return parse_switch(value, "report", "exit", &o->report_only);
    if (strcmp(name, "mark") == 0) {
        if (o->marks == MARKS || !*value)
            return false;
        o->mark[o->marks++] = value;
        return true;
    }
    uint32_t base;
    return parse_u32(value, &base) && device_create(name, base);
}

static bool known_option(const char *name)
{
    static const char *const names[] = {
        "ram",      "offset", "elf", "report", "stats",    "reloc", "strict",      "seed", "evict",
        "prefetch", "line",   "l1",  "l2c310", "coherent", "inval", "onviolation", "mark", "ranges",
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return device_exists(name);
}

bool options_parse(struct options *options, int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        char name[32] = "";
        const char *equals = strchr(argv[i], '=');

        if (equals && (size_t)(equals - argv[i]) < sizeof(name))
            memcpy(name, argv[i], (size_t)(equals - argv[i]));
        if (!known_option(name)) {
            complain("unknown option '%s'", argv[i]);
            return false;
        }
        if (!parse_one(options, name, equals + 1)) {
            complain("bad value in '%s'", argv[i]);
            return false;
        }
    }
    if (options->reloc && !options->elf) {
        complain("reloc= shifts the symbols of elf=, which is missing");
        return false;
    }
    if (options->marks && !options->elf) {
        complain("mark= names a symbol of elf=, which is missing");
        return false;
    }
    return true;
}
