/* SPDX-License-Identifier: MIT */
/*
 * EXPLAIN for any application, which need not know of it: the linker's --wrap puts these functions before the acquiring calls of
 * the core, and each prints what the call is about to do (core/explain.c) before it makes it. Built as APPLICATION-explain.elf;
 * `make run EXPLAIN=1` runs the pipeline so.
 *
 * What a call site has explained before is not repeated. Calls from interrupt handlers are made without a word: they may come in
 * the middle of a line.
 */
#include "boot/cpu.h"
#include "core/baton.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define KNOWN 256u /* explanations that are remembered; then one may be told again */

enum baton_status __real_baton_begin_cpu_access(struct baton *instance, baton_buffer buffer, struct baton_range range,
                                                enum baton_direction direction, struct baton_cpu_access *access);
enum baton_status __real_baton_map_to_device(struct baton *instance, baton_attachment attachment,
                                             struct baton_range range, struct baton_source *source);
enum baton_status __real_baton_map_from_device(struct baton *instance, baton_attachment attachment,
                                               struct baton_range range, enum baton_direction direction,
                                               struct baton_destination *destination);
enum baton_status __wrap_baton_begin_cpu_access(struct baton *instance, baton_buffer buffer, struct baton_range range,
                                                enum baton_direction direction, struct baton_cpu_access *access);
enum baton_status __wrap_baton_map_to_device(struct baton *instance, baton_attachment attachment,
                                             struct baton_range range, struct baton_source *source);
enum baton_status __wrap_baton_map_from_device(struct baton *instance, baton_attachment attachment,
                                               struct baton_range range, enum baton_direction direction,
                                               struct baton_destination *destination);

/* An explanation is kept until it is known to be new. */
struct explanation {
    uint32_t hash;
    unsigned used;
    char text[2048];
};

static void add_line(void *context, const char *line)
{
    struct explanation *const explanation = context;
    const int free = (int)(sizeof(explanation->text) - explanation->used);
    const int length = snprintf(&explanation->text[explanation->used], (size_t)free, "explain: %s\n", line);

    if (length > 0 && length < free) {
        explanation->used += (unsigned)length;
    }
    for (; *line != '\0'; line++) {
        explanation->hash = (explanation->hash ^ (unsigned char)*line) * 16777619u; /* FNV-1a */
    }
}

static bool is_known(uint32_t hash)
{
    static uint32_t known[KNOWN];
    static unsigned next;

    for (unsigned i = 0; i < KNOWN; i++) {
        if (known[i] == hash) {
            return true;
        }
    }
    known[next++ % KNOWN] = hash;
    return false;
}

static bool may_print(void)
{
    return (cpu_read_cpsr() & CPSR_MODE) != MODE_IRQ;
}

static struct explanation *begin(const void *call_site)
{
    static struct explanation explanation;

    explanation = (struct explanation){.hash = 2166136261u ^ (uint32_t)(uintptr_t)call_site};
    return &explanation;
}

static void print(const struct explanation *explanation)
{
    if (explanation->used != 0 && !is_known(explanation->hash)) {
        fputs(explanation->text, stdout);
    }
}

/* Bad arguments are not explained: the call itself refuses them. */
static void explain_mapping(struct baton *instance, baton_attachment attachment, struct baton_range range,
                            enum baton_direction direction, const void *call_site)
{
    struct explanation *const explanation = begin(call_site);

    if (may_print() &&
        baton_explain_mapping(instance, attachment, range, direction, add_line, explanation) == BATON_OK) {
        print(explanation);
    }
}

enum baton_status __wrap_baton_begin_cpu_access(struct baton *instance, baton_buffer buffer, struct baton_range range,
                                                enum baton_direction direction, struct baton_cpu_access *access)
{
    struct explanation *const explanation = begin(__builtin_return_address(0));

    if (may_print() &&
        baton_explain_cpu_access(instance, buffer, range, direction, add_line, explanation) == BATON_OK) {
        print(explanation);
    }
    return __real_baton_begin_cpu_access(instance, buffer, range, direction, access);
}

enum baton_status __wrap_baton_map_to_device(struct baton *instance, baton_attachment attachment,
                                             struct baton_range range, struct baton_source *source)
{
    explain_mapping(instance, attachment, range, BATON_READ, __builtin_return_address(0));
    return __real_baton_map_to_device(instance, attachment, range, source);
}

enum baton_status __wrap_baton_map_from_device(struct baton *instance, baton_attachment attachment,
                                               struct baton_range range, enum baton_direction direction,
                                               struct baton_destination *destination)
{
    explain_mapping(instance, attachment, range, direction, __builtin_return_address(0));
    return __real_baton_map_from_device(instance, attachment, range, direction, destination);
}
