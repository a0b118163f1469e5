# SPDX-License-Identifier: MIT
"""The README's performance table, from a record."""
from benchmark import findings
from benchmark.record import Wrong

BEGIN, END = "<!-- bench: begin -->\n", "<!-- bench: end -->"


def count(value):
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}".rstrip("0").rstrip(".")


def range_cost(record, name, size, group="range"):
    rows = record.select(group=group, name=name, bytes=size, align="aligned", state="dirty")
    return record.value(rows[0]) if rows else None


def lines(record):
    """(what, value, promised or "")"""
    for name in ("clean", "invalidate", "clean+invalidate"):
        yield f"{name}, a further line", findings.per_line(record, name), "2.125"
    for name in ("clean", "invalidate"):
        for size, text in ((64, "64 B"), (4096, "4 KiB"), (1 << 20, "1 MiB")):
            yield f"{name} of {text}", range_cost(record, name, size), ""
    for row in sorted({row["name"] for row in record.select(group="baseline")}):
        yield f"as others do: {row}, 1 MiB", range_cost(record, row, 1 << 20, "baseline"), ""
    for row in record.select(group="whole", state="dirty", name="clean set/way"):
        yield "clean by set and way, all levels", record.value(row), ""
    yield "a CPU access, begin and end, nothing to maintain", findings.pair(record, "CPU writes", "clean", 4096), "240"
    yield "a device's mapping, begin and end, nothing to maintain", findings.pair(record, "device reads", "clean", 4096), ""
    yield "the end of a device's write of 1.92 MB, in an interrupt handler", \
        findings.end(record, "device overwrites", "clean", 800 * 600 * 4, "interrupt"), "100"
    yield "a device reads 1.92 MB that the CPU has written", findings.pair(record, "device reads", "dirty", 800 * 600 * 4), ""
    yield "the CPU reads 1.92 MB that a device has written", findings.pair(record, "CPU reads", "stale", 800 * 600 * 4), ""


def markdown(record, origin):
    text = [f"| {record.comment('board')}, {record.comment('cpu').split(',')[0]} | {record.unit()} | promised, at most |",
            "|---|---:|---:|"]
    text += [f"| {what} | {count(value)} | {promised} |" for what, value, promised in lines(record)]
    text += ["", f"From `{origin}`" + (": instructions, counted on QEMU; no cycle of it is one of silicon."
                                        if record.unit() == "instructions" else ": cycles of this board.")]
    return "\n".join(text)


def insert(path, text):
    """Replaces what stands in a document between the two marks."""
    with open(path, encoding="utf-8") as file:
        before, begin, rest = file.read().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise Wrong(f"{path}: has no marks between which the table goes")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{before}{begin}{text}\n{end}{after}")
