# SPDX-License-Identifier: MIT
"""What the machine says, on standard output: whole lines, progress redrawn in place on a terminal. For tools/run."""
import os
import re

PROGRESS = re.compile(rb"progress: (\d+)/(\d+) (\w+)")
LINE_LIMIT = 64 * 1024  # a line without end is cut here


class Console:
    """The machine's lines, on our standard output."""

    def __init__(self, out):
        self.out = out
        self.terminal = out.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self.colour = self.terminal and "NO_COLOR" not in os.environ
        self.pending = b""  # a line that has not ended yet
        self.drawn = False  # the terminal's line holds a progress bar
        self.quarter = 0

    def feed(self, data):
        """Takes bytes from the UART, gives each whole line."""
        self.pending += data
        while True:
            end = self.pending.find(b"\n")
            if end < 0 and len(self.pending) < LINE_LIMIT:
                return
            end = LINE_LIMIT if end < 0 or end > LINE_LIMIT else end
            line, self.pending = self.pending[:end], self.pending[end:].removeprefix(b"\n")
            yield line.rstrip(b"\r")

    def show(self, line):
        step = PROGRESS.fullmatch(line)
        if step:
            self.progress(int(step[1]), int(step[2]), step[3])
            return
        self.wipe()
        # Whatever bytes a broken machine sends, a terminal is to show them, not to obey them.
        self.write(re.sub(rb"[\x00-\x08\x0b-\x1f\x7f]", b"?", line) if self.terminal else line)
        self.write(b"\n")

    def progress(self, done, total, what):
        if self.terminal:
            width = 32
            full = min(width, width * done // max(total, 1))
            bar = b"=" * full + b" " * (width - full)
            dim, plain = (b"\x1b[2m", b"\x1b[0m") if self.colour else (b"", b"")
            self.write(b"\r\x1b[K%s[%s]%s %d/%d %s" % (dim, bar, plain, done, total, what))
            self.drawn = True
        elif total and 4 * done // total > self.quarter:
            self.quarter = 4 * done // total
            self.write(b"progress: %d/%d %s\n" % (done, total, what))
        self.out.flush()

    def wipe(self):
        if self.drawn:
            self.write(b"\r\x1b[K")
            self.drawn = False

    def write(self, data):
        self.out.buffer.write(data)
        self.out.flush()

    def finish(self):
        """Shows what came without a line end."""
        if self.pending:
            self.show(self.pending.rstrip(b"\r"))
            self.pending = b""
        self.wipe()
