# SPDX-License-Identifier: MIT
"""Copies of this repository in which a defect can be planted and built; objects are reused. For tools/mutate."""
import filecmp
import os
import shutil
import subprocess

from mutator.table import reader

# What takes part in a build or a test of one.
PARTS = ("Makefile", "qemu.cfg", "apps", "boards", "boot", "core", "drivers", "linker", "sim", "tests", "tools")
ENVIRONMENT = {name: value for name, value in os.environ.items()
               if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")}


class BuildFailure(Exception):
    pass


def files(root):
    for part in PARTS:
        top = os.path.join(root, part)
        if os.path.isfile(top):
            yield part
        for directory, folders, names in os.walk(top):
            folders[:] = [folder for folder in folders if folder != "__pycache__"]
            for name in names:
                yield os.path.relpath(os.path.join(directory, name), root)


class Tree:
    def __init__(self, root, path, board="virt"):
        self.root, self.path, self.board = root, path, board
        self.planted = []

    def prepare(self, build, objects):
        """Makes it equal to the root; the first time it also takes over the objects that were built there."""
        new = not os.path.isdir(self.path)
        wanted = set(files(self.root))
        for name in set(files(self.path)) - wanted:
            os.remove(os.path.join(self.path, name))
        for name in wanted:
            source, target = os.path.join(self.root, name), os.path.join(self.path, name)
            if os.path.exists(target) and filecmp.cmp(source, target, shallow=False):
                continue
            os.makedirs(os.path.dirname(target), exist_ok=True)
            # At first older than the objects that come along; what changes afterwards is newer than them.
            (shutil.copy2 if new else shutil.copy)(source, target)
        # Dependency files name objects by their place in the build directory: only the default one stays right.
        if new and build == "build":
            for part in objects:
                source, target = os.path.join(self.root, build, part), os.path.join(self.path, build, part)
                if os.path.isdir(source):
                    shutil.copytree(source, target, copy_function=shutil.copy2, symlinks=True)
                elif os.path.isfile(source):
                    os.makedirs(os.path.dirname(target), exist_ok=True)
                    shutil.copy2(source, target)

    def plant(self, defect):
        self.clear()
        texts = defect.patched(reader(self.root))
        for name, text in texts.items():
            self.write(name, text)
        self.planted = list(texts)

    def clear(self):
        for name in self.planted:
            self.write(name, reader(self.root)(name))
        self.planted = []

    def write(self, name, text):
        """New content gets a new date, also when it is the old content again: what was built from the defect goes."""
        with open(os.path.join(self.path, name), "w", encoding="utf-8") as file:
            file.write(text)

    def make(self, *targets):
        # A defect may well leave a variable unused: that is no reason not to build it.
        run = subprocess.run(["make", "-s", "BUILD=build", f"BOARD={self.board}", "WARNINGS=-w", *targets], cwd=self.path, env=ENVIRONMENT,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             errors="replace")
        if run.returncode:
            raise BuildFailure(run.stdout)
