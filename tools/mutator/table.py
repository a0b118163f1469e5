# SPDX-License-Identifier: MIT
"""The tables of deliberate defects: tests/mutation/*.list. Read by tools/mutate and tools/play.

A defect is a block of lines; blank lines separate blocks, lines that begin with # are comments:

  name: publish
  about: one line for people
  kind: stale-device-read            (omit.list) what the simulator must report first or later
  board: realview-pbx-a9             (omit.list) where it shows, if that is not virt
  tests: host:test_core_rules ...    (other lists) what to try first; see tools/mutator/judge.py
  fast: yes                          part of `make test`
  equivalent: why no test can tell   then it is shown, and not run
  file: boards/common/port.c
  - text that stands in the file exactly once
  + what stands there instead

Text is what follows the sign and one blank; several lines of a sign follow each other in the file. It may be a part of a line.
More `-` lines after `+` lines, or another `file:`, begin another change of the same defect.
"""
import os

FIELDS = ("name", "about", "kind", "board", "tests", "fast", "equivalent", "file")


class TableError(Exception):
    pass


class Change:
    def __init__(self, path):
        self.path, self.old, self.new = path, [], []


class Defect:
    def __init__(self, where):
        self.where, self.changes = where, []
        self.name = self.about = self.kind = self.board = self.tests = self.fast = self.equivalent = ""

    def patched(self, read):
        """{path: new text}; read(path) gives a file's text."""
        texts = {}
        for change in self.changes:
            text = texts.get(change.path)
            if text is None:
                text = read(change.path)
            old, new = "\n".join(change.old), "\n".join(change.new)
            if text.count(old) != 1:
                raise TableError(f"{self.where}: {self.name}: {change.path} has {text.count(old)} times, not once:\n{old}")
            texts[change.path] = text.replace(old, new)
        return texts


def field(defect, key, value, place):
    if key == "file":
        defect.changes.append(Change(value))
    elif key not in FIELDS or getattr(defect, key):
        raise TableError(f"{place}: {key}: unknown, or given twice")
    else:
        setattr(defect, key, value)


def sign(defect, line, place):
    if not defect.changes:
        raise TableError(f"{place}: no file: line before")
    change = defect.changes[-1]
    if line[0] == "-":
        if change.new:
            change = Change(change.path)
            defect.changes.append(change)
        change.old.append(line[2:])
    else:
        change.new.append(line[2:])


def load(path):
    defects, defect = [], None
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line, place = line.rstrip("\n"), f"{path}:{number}"
            if line.startswith("#"):
                continue
            if not line:
                defect = None
                continue
            if defect is None:
                defect = Defect(place)
                defects.append(defect)
            if line[:2] in ("- ", "+ ", "-", "+"):
                sign(defect, line, place)
                continue
            key, colon, value = line.partition(":")
            if not colon:
                raise TableError(f"{place}: neither a field nor a change")
            field(defect, key, value.strip(), place)
    names = [defect.name for defect in defects]
    for defect in defects:
        if not defect.name or not defect.about or not defect.changes or names.count(defect.name) != 1:
            raise TableError(f"{defect.where}: a defect needs a name of its own, about and file")
        if any(not change.old for change in defect.changes):
            raise TableError(f"{defect.where}: {defect.name}: nothing to find")
    return defects


def reader(root):
    def read(path):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            return file.read()
    return read
