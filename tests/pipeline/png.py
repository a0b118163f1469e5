# SPDX-License-Identifier: MIT
"""Reads the PNG files that QEMU writes of a screen: 8 bits a sample, RGB with or without alpha, not interlaced. (PNG, 3rd edition.)"""
import struct
import zlib


def paeth(left, above, corner):
    near = [(abs(above - corner), 0, left), (abs(left - corner), 1, above), (abs(left + above - 2 * corner), 2, corner)]
    return min(near)[2]


def unfilter(kind, row, above, step):
    for i in range(len(row)):
        left, corner = (row[i - step], above[i - step]) if i >= step else (0, 0)
        predicted = (0, left, above[i], (left + above[i]) // 2, paeth(left, above[i], corner))[kind]
        row[i] = (row[i] + predicted) & 255


def read(path):
    """(width, height, rows), a row being a list of (r, g, b)."""
    with open(path, "rb") as file:
        data = file.read()
    at, packed, header = 8, b"", None
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", body)
        elif kind == b"IDAT":
            packed += body
        at += length + 12
    width, height, depth, colour, _, _, interlaced = header
    if depth != 8 or colour not in (2, 6) or interlaced:
        raise ValueError(f"{path}: not a PNG of the kind that QEMU writes")
    step, raw, above, rows = 3 if colour == 2 else 4, zlib.decompress(packed), bytearray(width * 4), []
    for y in range(height):
        start = y * (width * step + 1)
        row = bytearray(raw[start + 1:start + 1 + width * step])
        unfilter(raw[start], row, above, step)
        rows.append([tuple(row[x:x + 3]) for x in range(0, width * step, step)])
        above = row
    return width, height, rows
