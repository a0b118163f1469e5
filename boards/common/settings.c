/* SPDX-License-Identifier: MIT */
/*
 * Settings by name, each asked of the host once and kept. Task context on CPU 0.
 */
#include "boards/common/board.h"

#include <string.h>

#define SETTINGS 16u        /* different names asked for */
#define SETTING_BYTES 1024u /* a file name is the longest; longer ones are to be shown only */

const char *board_setting(const char *name)
{
    static struct {
        const char *name;
        char text[SETTING_BYTES];
    } known[SETTINGS];

    for (uint32_t i = 0; i < SETTINGS; i++) {
        if (known[i].name == NULL) {
            if (!board_host()->text(name, known[i].text, SETTING_BYTES)) {
                return NULL;
            }
            known[i].name = name;
        }
        if (strcmp(known[i].name, name) == 0) {
            return known[i].text;
        }
    }
    return NULL;
}
