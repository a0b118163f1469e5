# SPDX-License-Identifier: MIT
"""An estimate of cycles from what was counted, off by default: instructions, lines filled and written back, operations, and accesses past
the caches, each times a parameter of a core. The parameters come from a file, NAME=VALUE a line with a comment that gives its source;
what none gives is 0 and named. An estimate is a sum: no overlap, no prefetch, no write buffer. It ranks, it does not predict."""
from benchmark.record import Wrong

PARAMETERS = ("instruction", "operation", "line_fill", "write_back", "uncached_word")


def load(path):
    found = {}
    with open(path, encoding="utf-8") as file:
        for index, line in enumerate(file, 1):
            line = line.partition("#")[0].strip()
            if not line:
                continue
            name, equals, value = (part.strip() for part in line.partition("="))
            try:
                found[name] = float(value)
            except ValueError:
                equals = ""
            if not equals or name not in PARAMETERS or found[name] < 0:
                raise Wrong(f"{path}:{index}: is not one of {', '.join(PARAMETERS)}, an equals sign and a number")
    missing = [name for name in PARAMETERS if name not in found]
    if missing:
        raise Wrong(f"{path}: says nothing of {', '.join(missing)}")
    return found


def estimate(record, path):
    """Adds the column estimated_cycles where the simulator has seen the row."""
    cost = load(path)
    line = int(record.comment("granule").split()[0])
    for row in record.rows:
        if row.get("bus_filled") is None or row.get("instructions") is None:
            continue
        operations = row["lines_useful"] + row["lines_redundant"]
        words = (row["bus_uncached_read"] + row["bus_uncached_written"]) / 4
        row["estimated_cycles"] = round(row["instructions"] * cost["instruction"] + operations * cost["operation"] +
                                        row["bus_filled"] / line * cost["line_fill"] +
                                        row["bus_written_back"] / line * cost["write_back"] + words * cost["uncached_word"])
    record.columns.append("estimated_cycles")
    record.comments.append(("estimated_cycles", f"by {path}: a sum over counts of the emulator, measured nowhere"))
