/* SPDX-License-Identifier: MIT */
/*
 * Settings and the clip as bytes of the image: struct host_linked_image. `make linked` assembles it for one image;
 * tools/runner/linked.py makes the two files that it takes in.
 */
    .section .linked, "a"
    .balign 4
    .word   settings, name, start, end

    .section .rodata.linked, "a"
settings:
    .include "settings.inc"
    .byte   0
name:
    .asciz  "clip"
    .balign 64
start:
    .incbin "clip"
end:
