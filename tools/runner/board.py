# SPDX-License-Identifier: MIT
"""What the tools know of a board: boards/NAME/board.cfg, a line for each name=value. Used by tools/run and what starts it.

  cpus=CPU...          as QEMU's -cpu takes them; the first is the default, and the tests run on each
  config=FILE          the machine, for QEMU's -readconfig
  settings=WAY         how texts and files reach the image: fw_cfg, or semihosting (its command line)
  screens=WxH...       the sizes that its display can show; none: there is no display     (any)
  largest-screen=WxH   neither wider nor higher                                           (1920x1080)
  cores=N              that an image may have in one coherence domain, by qemu-args: -smp (1)
  qemu-args=ARG...     more arguments for QEMU, split as a shell would                    (none)
  simulator=FILE       the options of the simulator, a line each                          (simulator.cfg in the board's folder)
  tests=NAME...        which target tests run on it; for a bed, a machine in tests/beds/ that is nobody's board

FILEs are named from the root of the repository. A board that has no fw_cfg reads SYS_GET_CMDLINE of semihosting: the image's name,
and then NAME=TEXT for each setting, with one blank before each. As texts may have blanks too, there stands %XX, the byte in two
hexadecimal digits, for every byte up to 0x20, for 0x7f and for the percent sign. A file is handed over by its path.
"""
import glob
import os
import re
import shlex

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEFAULT = "virt"
NEEDED = ("cpus", "config", "settings")
OPTIONAL = ("screens", "largest-screen", "cores", "qemu-args", "simulator", "tests")
WAYS = ("fw_cfg", "semihosting")


class BoardError(Exception):
    """What is wrong: the board, the place, the reason."""


def quoted(text):
    """Text as a value inside one of QEMU's comma-separated options."""
    return text.replace(",", ",,")


def one_word(text):
    """Text as a word of a command line that is split at blanks."""
    return re.sub(r"[\x00-\x20\x7f%]", lambda match: f"%{ord(match[0]):02x}", text)


def names_in(place):
    """What has a folder with a board.cfg there."""
    return sorted(path.split(os.sep)[-2] for path in glob.glob(os.path.join(ROOT, place, "*", "board.cfg")))


def names():
    """Every board."""
    return names_in("boards")


def beds():
    return names_in(os.path.join("tests", "beds"))


def folder(name):
    return os.path.join(ROOT, *(("tests", "beds") if name in beds() else ("boards",)), name)


def of_image(path):
    """The name of the board that an image was built for: of BUILD/NAME/... and BUILD/NAME-debug/...; else the default."""
    known = names() + beds()
    for part in reversed(path.split(os.sep)[:-1]):
        if part.removesuffix("-debug") in known:
            return part.removesuffix("-debug")
    return DEFAULT


def entries(path):
    """The name=value lines of a file."""
    found = {}
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            name, equals, value = line.partition("=")
            place = f"{os.path.relpath(path, ROOT)}:{number}"
            if not equals or name not in NEEDED + OPTIONAL:
                raise BoardError(f"{place}: {name}: is none of {', '.join(NEEDED + OPTIONAL)}")
            if name in found:
                raise BoardError(f"{place}: {name}: stands there twice")
            found[name] = value
    missing = [name for name in NEEDED if not found.get(name, "").split()]
    if missing:
        raise BoardError(f"{os.path.relpath(path, ROOT)}: {missing[0]}= is missing")
    return found


class Board:
    def __init__(self, name):
        if name not in names() + beds():
            raise BoardError(f"board {name}: no such board; there are: {', '.join(names())}")
        path = os.path.join(folder(name), "board.cfg")
        found = entries(path)
        self.name = name
        self.cpus = tuple(found["cpus"].split())
        self.config = os.path.join(ROOT, found["config"])
        self.settings = found["settings"]
        self.display = found.get("screens") != "none"
        self.screens = tuple(found.get("screens", "").split()) if self.display else ()
        self.largest = found.get("largest-screen", "1920x1080")
        self.cores = found.get("cores", "1")
        self.simulator = os.path.join(ROOT, found.get("simulator") or os.path.join(folder(name), "simulator.cfg"))
        try:
            self.qemu_args = shlex.split(found.get("qemu-args", ""))
        except ValueError as error:
            raise BoardError(f"{os.path.relpath(path, ROOT)}: qemu-args: {error}") from None
        if not re.fullmatch(r"[1-9][0-9]?", self.cores, re.ASCII):
            raise BoardError(f"{os.path.relpath(path, ROOT)}: cores={self.cores}: is not a number of CPUs")
        self.cores = int(self.cores)
        if not re.fullmatch(r"[0-9]{2,4}x[0-9]{2,4}", self.largest, re.ASCII):
            raise BoardError(f"{os.path.relpath(path, ROOT)}: largest-screen={self.largest}: is not WIDTHxHEIGHT")
        if self.settings not in WAYS:
            raise BoardError(f"{os.path.relpath(path, ROOT)}: settings={self.settings}: is none of {', '.join(WAYS)}")

    def check_cpu(self, cpu):
        if cpu not in self.cpus:
            raise BoardError(f"board {self.name} has no {cpu}; it has: {', '.join(self.cpus)}")

    def can_show(self, screen):
        return self.display and (screen in self.screens if self.screens else self.clamped(screen) == screen)

    def clamped(self, screen):
        """That size, or what of it the largest screen has room for."""
        return "x".join(str(min(int(side), int(most))) for side, most in zip(screen.split("x"), self.largest.split("x")))

    def hand_over(self, image, texts, files):
        """QEMU's arguments for semihosting, and for settings: pairs of a name and a text, pairs of a name and a file's path."""
        if self.settings == "fw_cfg":
            arguments = ["-semihosting"]
            for name, text in texts:
                arguments += ["-fw_cfg", f"name=opt/baton/{quoted(name)},string={quoted(text)}"]
            for name, path in files:
                arguments += ["-fw_cfg", f"name=opt/baton/{quoted(name)},file={quoted(path)}"]
            return arguments
        words = self.words(image, texts, files)
        return ["-semihosting-config", ",".join(["enable=on,target=native"] + [f"arg={quoted(word)}" for word in words])]

    @staticmethod
    def words(image, texts, files):
        """Those of the command line of semihosting. It has files of its own whose names begin with a colon; a path does not."""
        words = [image] + [f"{name}={text}" for name, text in texts]
        return [one_word(word) for word in words + [f"{name}={os.path.join('.', path)}" for name, path in files]]
