/* SPDX-License-Identifier: MIT */
/*
 * Semihosting calls that read: the command line, files of the host. They pass a block of words by its address.
 */
#include "boot/semihosting.h"

#include <string.h>

#define SYS_OPEN 0x01u
#define SYS_READ 0x06u
#define SYS_SEEK 0x0au
#define SYS_FLEN 0x0cu
#define SYS_GET_CMDLINE 0x15u
#define MODE_RB 1u

static uint32_t call(uint32_t operation, uint32_t first, uint32_t second, uint32_t third)
{
    volatile uint32_t block[3] = {first, second, third};

    return semihosting_call(operation, (uintptr_t)block);
}

enum semihosting_answer semihosting_command_line(char *text, size_t size)
{
    uint32_t answer = call(SYS_GET_CMDLINE, (uint32_t)(uintptr_t)text, (uint32_t)size, 0);

    if (answer == SYS_GET_CMDLINE) {
        return SEMIHOSTING_NOBODY;
    }
    return answer == 0 ? SEMIHOSTING_OK : SEMIHOSTING_REFUSED;
}

int32_t semihosting_open(const char *path)
{
    return (int32_t)call(SYS_OPEN, (uint32_t)(uintptr_t)path, MODE_RB, (uint32_t)strlen(path));
}

int32_t semihosting_length(int32_t file)
{
    return (int32_t)call(SYS_FLEN, (uint32_t)file, 0, 0);
}

bool semihosting_read(int32_t file, uint32_t offset, void *to, uint32_t length)
{
    /* SYS_READ answers with the number of bytes that are missing. */
    return call(SYS_SEEK, (uint32_t)file, offset, 0) == 0 &&
           call(SYS_READ, (uint32_t)file, (uint32_t)(uintptr_t)to, length) == 0;
}
