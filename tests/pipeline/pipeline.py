# SPDX-License-Identifier: MIT
"""What the pipeline tests share: TAP, clips, runs of the image on the board that $BATON_BOARD names (virt). For tests/pipeline/test_*,
which run from the root."""
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, "tools")
from runner.board import DEFAULT, Board  # noqa: E402

BUILD = os.environ.get("BUILD", "build")
BOARD = Board(os.environ.get("BATON_BOARD") or DEFAULT)
IMAGE = os.path.join(BUILD, BOARD.name, "pipeline.elf")
MAKE_CLIP = os.path.join(BUILD, "host", "tools", "make-clip")
EXPECTED = os.path.join(BUILD, "host", "tests", "pipeline", "expected")
CPUS = BOARD.cpus
LONG = os.environ.get("BATON_LONG", "") not in ("", "0")  # `make test LONG=1`: everything everywhere
if not BOARD.display:
    print(f"1..0 # SKIP {BOARD.name} has no display")
    sys.exit(0)
EVERYTHING = LONG or BOARD.name == DEFAULT
BUDGET = "120"
SUMMARY = re.compile(r"coherence: |  (lines|devices) ")  # the simulator's

directory = tempfile.TemporaryDirectory(prefix="baton-test-")


def scratch(name):
    """A path for a file of this test's own."""
    return os.path.join(directory.name, name)


class Tap:
    """Counts results; the plan comes last, so that a test that dies has none."""

    def __init__(self):
        self.count = self.failed = 0

    def result(self, passed, name, explanation=""):
        self.count += 1
        print("ok" if passed else "not ok", self.count, "-", name.replace("#", "\\#"), flush=True)
        if not passed:
            self.failed += 1
            for line in explanation.splitlines():
                print(f"#   {line}", file=sys.stderr)
        return passed

    def end(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)


def told(part, cases):
    """A part of the cases, said to be one. What does not depend on the board is tried in full on the default one, or with LONG=1."""
    if len(part) < len(cases):
        print(f"# {len(part)} of {len(cases)} cases; all of them on {DEFAULT}, or with LONG=1", flush=True)
    return part


def nearest_screen(wanted):
    """That one; or, where the display has certain sizes only, the one that has the most alike number of pixels."""
    def pixels(screen):
        width, height = screen.split("x")
        return int(width) * int(height)
    if BOARD.can_show(wanted) or not BOARD.screens:
        return BOARD.clamped(wanted)
    return min(BOARD.screens, key=lambda screen: abs(pixels(screen) - pixels(wanted)))


def make_clip(name, *options):
    path = scratch(name)
    subprocess.run([MAKE_CLIP, *options, path], check=True)
    return path


def write(name, data):
    path = scratch(name)
    with open(path, "wb") as file:
        file.write(data)
    return path


class Run:
    """One run of the image: its exit status, its lines, its screenshot."""

    def __init__(self, clip, cpu=CPUS[0], screen="640x480", frames=None, settings=(), options=(), image=IMAGE):
        self.clip, self.screen, self.frames = clip, screen, frames
        self.picture = scratch("screen.png")
        if os.path.exists(self.picture):
            os.remove(self.picture)
        command = ["tools/run", "--cpu", cpu, "--budget", BUDGET, "--screenshot", self.picture, "--set=hold=1", *options]
        if clip:
            command += [f"--set-file=clip={clip}", f"--set=clip-name={os.path.basename(clip)}"]
        for name, text in (("screen", screen), ("frames", frames), *settings):
            if text is not None:
                command += [f"--set={name}={text}"]
        run = subprocess.run(command + [image], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT)
        self.status = run.returncode
        self.output = run.stdout.decode("utf-8", "replace")
        self.lines = [line for line in self.output.splitlines() if not SUMMARY.match(line)]
        self.summary = [line for line in self.output.splitlines() if SUMMARY.match(line)]

    def coherent(self):
        """Not one maintenance operation too few, and not one too many; without the simulator nobody knows."""
        return not os.environ.get("BATON_SIM") or (len(self.summary) > 1 and
                                                   self.summary[0] == "coherence: 0 violations" and
                                                   "redundant 0;" in self.summary[1])

    def compare(self):
        """Whether the screen shows what it should, and a line that says how far not."""
        run = subprocess.run([EXPECTED, self.clip, self.screen, str(self.frames or 0), self.picture],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return run.returncode == 0, run.stdout
