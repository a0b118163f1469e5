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
        char name[32];
        char text[SETTING_BYTES];
    } known[SETTINGS];

    for (uint32_t i = 0; i < SETTINGS && strlen(name) < sizeof(known[i].name); i++) {
        if (strcmp(known[i].name, name) == 0) {
            return known[i].text;
        }
        if (known[i].name[0] == '\0') {
            if (!board.host->text(name, known[i].text, SETTING_BYTES)) {
                return NULL;
            }
            strcpy(known[i].name, name);
            return known[i].text;
        }
    }
    return NULL;
}
