/* SPDX-License-Identifier: MIT */
/*
 * What newlib needs from below: standard output on the board's console, a bounded heap, an exit. Called by newlib alone, in task
 * context on CPU 0. Nothing here is reentrant: malloc(), printf() and the like must not be called from interrupt handlers
 * (boot/exception.h), nor from a CPU that runs outside the coherence.
 */
#include "boot/board.h"
#include "boot/image.h"
#include "boot/registers/barrier.h"
#include "boot/semihosting.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

/* newlib's headers declare these only for their own build. */
int _write(int file, const void *bytes, size_t length);
int _read(int file, void *bytes, size_t length);
int _close(int file);
int _fstat(int file, struct stat *status);
int _isatty(int file);
off_t _lseek(int file, off_t offset, int whence);
int _getpid(void);
int _kill(int process, int signal);
void *_sbrk(ptrdiff_t increment);

static bool is_console(int file)
{
    return file == STDOUT_FILENO || file == STDERR_FILENO;
}

int _write(int file, const void *bytes, size_t length)
{
    if (!is_console(file)) {
        errno = EBADF;
        return -1;
    }
    board_console_write(bytes, length);
    return (int)length;
}

/* There is no input: end of file. */
int _read(int file, void *bytes, size_t length)
{
    (void)bytes;
    (void)length;
    if (file != STDIN_FILENO) {
        errno = EBADF;
        return -1;
    }
    return 0;
}

int _close(int file)
{
    if (file < STDIN_FILENO || file > STDERR_FILENO) {
        errno = EBADF;
        return -1;
    }
    return 0;
}

int _fstat(int file, struct stat *status)
{
    if (file < STDIN_FILENO || file > STDERR_FILENO) {
        errno = EBADF;
        return -1;
    }
    *status = (struct stat){.st_mode = S_IFCHR};
    return 0;
}

int _isatty(int file)
{
    if (!is_console(file)) {
        errno = ENOTTY;
        return 0;
    }
    return 1;
}

off_t _lseek(int file, off_t offset, int whence)
{
    (void)file;
    (void)offset;
    (void)whence;
    errno = ESPIPE;
    return -1;
}

int _getpid(void)
{
    return 1;
}

/* raise() and abort() come here: the one process there is ends, with the status a shell gives to a signal. */
int _kill(int process, int signal)
{
    if (process != 1) {
        errno = ESRCH;
        return -1;
    }
    _exit(128 + signal);
}

/* The heap is [__heap_start, __heap_end) and cannot grow over it. */
void *_sbrk(ptrdiff_t increment)
{
    static uintptr_t top;
    uintptr_t start = (uintptr_t)__heap_start, end = (uintptr_t)__heap_end, before;

    if (top == 0) {
        top = start;
    }
    if (increment > 0 ? (uintptr_t)increment > end - top : (uintptr_t)-increment > top - start) {
        errno = ENOMEM;
        return (void *)-1;
    }
    before = top;
    top += (uintptr_t)increment;
    return (void *)before;
}

void _exit(int status)
{
    semihosting_exit(status);
    board_power_off(status);
    for (;;) {
        wfi(); /* neither exists: what was printed is all there is to see */
    }
}
