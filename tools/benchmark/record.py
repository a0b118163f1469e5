# SPDX-License-Identifier: MIT
"""A record of the benchmark: comments that say what it was measured on, columns, rows. From a console, from and to CSV."""
import os

# What each record has, in this order; what else there is stands behind.
COLUMNS = ("group", "name", "bytes", "align", "state", "lines", "instructions", "cycles")
# What only the simulator sees.
SEEN = ("lines_cleaned", "lines_invalidated", "lines_useful", "lines_redundant", "bytes_copied", "bus_filled",
        "bus_written_back", "bus_uncached_read", "bus_uncached_written")
NUMBERS = ("bytes", "lines", "instructions", "cycles", "instructions_min", "instructions_max", "cycles_min", "cycles_max",
           "repetitions", "in_flight", "entries", "handoffs", "estimated_cycles") + SEEN
KEY = ("group", "name", "policy", "bytes", "align", "state", "context", "in_flight", "enforcement")
PREFIX = "bench: "


class Wrong(Exception):
    """What is wrong with a record, or with the run that was to make one."""


def number(text, place):
    if text == "":
        return None
    if not text.isdigit():
        raise Wrong(f"{place}: {text!r} is no number")
    return int(text)


class Record:
    def __init__(self, comments, columns, rows):
        self.comments, self.columns, self.rows = list(comments), list(columns), list(rows)

    def comment(self, name):
        """The text of the comment NAME: TEXT, or ''."""
        return next((text for key, text in self.comments if key == name), "")

    def unit(self):
        return "cycles" if any(row.get("cycles") is not None for row in self.rows) else "instructions"

    def value(self, row):
        """What the row took: cycles, where they are real."""
        return row.get(self.unit())

    def select(self, **wanted):
        return [row for row in self.rows if all(row.get(name) == value for name, value in wanted.items())]

    def keyed(self):
        return {tuple(row.get(name) for name in KEY): row for row in self.rows}


def parse(lines, origin):
    """Lines: # comments, the head, rows."""
    comments, columns, rows = [], None, []
    for place, line in lines:
        if line.startswith("#"):
            name, _, text = line[1:].strip().partition(": ")
            comments.append((name, text))
        elif columns is None:
            columns = line.split(",")
            missing = [name for name in COLUMNS if name not in columns]
            if missing:
                raise Wrong(f"{place}: is no head of a record: it has no column {missing[0]}")
        elif line:
            cells = line.split(",")
            if len(cells) != len(columns):
                raise Wrong(f"{place}: has {len(cells)} cells, and the head {len(columns)}")
            rows.append({name: number(cell, f"{place}, {name}") if name in NUMBERS else cell
                         for name, cell in zip(columns, cells)})
    if not rows:
        raise Wrong(f"{origin}: has no rows")
    return Record(comments, columns, rows)


def from_console(text, origin):
    """What an image said: its lines begin with "bench: ", others may stand between."""
    lines, ended = [], False
    for index, line in enumerate(text.splitlines(), 1):
        if not line.startswith(PREFIX):
            continue
        line = line[len(PREFIX):].rstrip("\r")
        if line.startswith("error: "):
            raise Wrong(f"{origin}: the image says: {line[len('error: '):]}")
        ended = ended or line == "done"
        if line != "done":
            lines.append((f"{origin}:{index}", line))
    if not ended:
        raise Wrong(f"{origin}: the image did not come to its end")
    return parse(lines, origin)


def from_csv(path):
    try:
        with open(path, encoding="utf-8") as file:
            return parse([(f"{path}:{index}", line.rstrip("\n")) for index, line in enumerate(file, 1)], path)
    except (OSError, UnicodeDecodeError) as error:
        raise Wrong(f"{path}: {getattr(error, 'strerror', None) or error}") from None


def cell(value):
    return "" if value is None else str(value)


def to_csv(record, path):
    lines = [f"# {name}: {text}" for name, text in record.comments]
    lines.append(",".join(record.columns))
    lines += [",".join(cell(row.get(name)) for name in record.columns) for row in record.rows]
    if os.path.dirname(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    part = path + ".part"
    with open(part, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    os.replace(part, path)
