# SPDX-License-Identifier: MIT
"""What the tests of tools/run share: images of a few instructions, TAP. For tests/tools/test_run*, which run from the root."""
import os
import subprocess
import sys
import tempfile
import time

SIMULATOR = os.environ.pop("BATON_SIM", "")  # of most images here, nothing could be modelled
RUN, TEST_TARGET = "tools/run", "tools/test-target"
scratch = tempfile.TemporaryDirectory(prefix="baton-test-")

# Says a text on virt's PL011 and then does the last thing. ARM state, no stack, CPU 0 alone.
PROGRAM = """
    .syntax unified
    .arm
    .global _start
_start:
    mrc p15, 0, r0, c0, c0, 5
    ands r0, r0, #3
park:
    bne park
    ldr r1, =0x09000000
    ldr r2, =text
say:
    ldrb r0, [r2], #1
    cmp r0, #0xff
    beq last
    str r0, [r1]
    b say
last:
    {last}
    .ltorg
block:
    .word 0x20026, {status}
text:
    .byte {text}
"""
EXIT = "mov r0, #0x20; ldr r1, =block; svc 0x123456"  # semihosting SYS_EXIT_EXTENDED
HANG = "b ."
RESET = "ldr r0, =0x84000009; .word 0xe1400070"       # PSCI SYSTEM_RESET by HVC
OFF = "ldr r0, =0x84000008; .word 0xe1400070"         # PSCI SYSTEM_OFF
ANSWERED = "wait: ldr r3, [r1, #0x18]; tst r3, #0x10; bne wait; " + EXIT  # one byte on the UART, first


def image(name, text=b"", last=EXIT, status=0):
    path = os.path.join(scratch.name, name)
    with open(path + ".S", "w", encoding="utf-8") as file:
        file.write(PROGRAM.format(last=last, status=status, text=", ".join(str(byte) for byte in text + b"\xff")))
    subprocess.run(["arm-none-eabi-gcc", "-march=armv7-a", "-nostdlib", "-Wl,-Ttext=0x40200000", "-o", path + ".elf",
                    path + ".S"], check=True)
    return path + ".elf"


def run(*arguments, environment=None):
    start = time.monotonic()
    result = subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env={**os.environ, **(environment or {})})
    result.seconds = time.monotonic() - start
    return result


count = failed = 0


def check(passed, name, result=None):
    global count, failed
    count += 1
    failed += not passed
    print("ok" if passed else "not ok", count, "-", name, flush=True)
    if not passed and result is not None:
        print(f"# {result}", file=sys.stderr)


def end():
    print(f"1..{count}")
    sys.exit(1 if failed else 0)
