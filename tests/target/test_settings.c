/* SPDX-License-Identifier: MIT */
/*
 * Settings come from the host as they were given, whichever way the board has: by a file each, or all on one command line.
 * What would break it: a blank or a percent sign that the command line takes for its own, a name that is found as the end or the
 * beginning of another one, a text that is forgotten when others are asked for.
 *
 * set: "words=two  words, 100%25 = \"all\"" notes=2 foot.note=3
 * set: "last=the end "
 */
#include "apps/platform.h"
#include "tests/target/support/tap.h"

#include <stdlib.h>
#include <string.h>

static bool is(const char *name, const char *wanted)
{
    const char *text = platform()->setting(name);

    if (text == NULL || wanted == NULL) {
        return text == wanted;
    }
    if (strcmp(text, wanted) != 0) {
        tap_note("%s: \"%s\"", name, text);
        return false;
    }
    return true;
}

int main(void)
{
    tap_plan(7);
    tap_ok(is("words", "two  words, 100%25 = \"all\""), "blanks, a percent sign, a comma, an equals sign, quotes");
    tap_ok(is("notes", "2") && is("foot.note", "3"), "names that contain each other's");
    tap_ok(is("last", "the end "), "a blank at the end");
    tap_ok(is("not", NULL) && is("nothing", NULL) && is("words, 100%25 ", NULL) && is("", NULL),
           "none that was not given");
    const char *first = platform()->setting("words");
    char name[] = "x0";
    unsigned found = 0;
    for (char c = '0'; c <= '9'; c++) {
        name[1] = c;
        found += platform()->setting(name) != NULL;
    }
    tap_ok(found == 0 && platform()->setting("words") == first, "asked again: the same text, in the same place");
    tap_ok(is("bus-offset", NULL) == (platform()->port->bus_offset == 0), "the bus's offset is one of them");
    tap_ok(platform()->input == NULL, "no file was given");
    return tap_done();
}
