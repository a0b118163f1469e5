/* SPDX-License-Identifier: MIT */
/*
 * The benchmark of cache maintenance: every group, a row a measurement, on the console (docs/BENCH.md). Setting "groups": only
 * those. Ends with status 1 if something was not done as it was to be.
 */
#include "apps/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void bench_give_up(const char *what, const char *why)
{
    printf("bench: error: %s: %s\n", what, why);
    exit(EXIT_FAILURE);
}

void bench_must(enum baton_status status, const char *what)
{
    if (status != BATON_OK) {
        bench_give_up(what, baton_status_text(status));
    }
}

/* The name stands in the list, between commas. */
static bool is_listed(const char *list, const char *name)
{
    const size_t length = strlen(name);

    for (const char *at = list; (at = strstr(at, name)) != NULL; at += length) {
        if ((at == list || at[-1] == ',') && (at[length] == ',' || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

int main(void)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } groups[] = {
        {"range", bench_ranges},        {"whole", bench_whole_cache}, {"handoff", bench_handoffs},
        {"automatic", bench_automatic}, {"touch", bench_touch},       {"dma", bench_dma},
    };
    const char *wanted = platform()->setting("groups");
    unsigned run = 0;

    bench_print_head();
    for (unsigned i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        if (wanted == NULL || is_listed(wanted, groups[i].name)) {
            groups[i].run();
            run++;
        }
    }
    if (run == 0) {
        bench_give_up(wanted, "no such group; there are range, whole, handoff, automatic, touch, dma");
    }
    printf("bench: done\n");
    return EXIT_SUCCESS;
}
