# SPDX-License-Identifier: MIT
"""What `make linked` puts into the image: files for boards/common/linked.S. Used by tools/play.

DIRECTORY/clip is a link to the clip; DIRECTORY/settings.inc has the settings. That is written anew when they, or the clip, are others, and
left alone otherwise, so that make does not link for nothing.
"""
import os


def assembled(name, text):
    """A setting as bytes, none of which means anything to the assembler."""
    return f"    .byte {','.join(str(byte) for byte in os.fsencode(f'{name}={text}'))},0\n"


def write(directory, clip, settings):
    """settings: pairs of a name and a text."""
    status = os.stat(clip)
    wanted = f"/* {status.st_ino} {status.st_size} {status.st_mtime_ns} */\n" + "".join(assembled(*setting) for setting in settings)
    path, link = os.path.join(directory, "settings.inc"), os.path.join(directory, "clip")
    os.makedirs(directory, exist_ok=True)
    try:
        with open(path, encoding="ascii") as file:
            if file.read() == wanted and os.path.samefile(link, clip):
                return
    except OSError:
        pass  # the first time, or the clip of last time is gone
    if os.path.lexists(link):
        os.remove(link)
    os.symlink(os.path.abspath(clip), link)
    with open(path, "w", encoding="ascii") as file:
        file.write(wanted)
