# SPDX-License-Identifier: MIT
"""What a record says, in a few numbers: what a line costs, when the whole cache is cheaper, what a handoff costs over its lines, which policy
for which workload. Used by the page, by the README's table and on the terminal."""


def range_rows(record, name, align="aligned", state="dirty", group="range"):
    rows = record.select(group=group, name=name, align=align, state=state)
    return sorted(rows, key=lambda row: row["bytes"])


def per_line(record, name, group="range", state="dirty"):
    """What one more line costs: between the two longest ranges."""
    rows = range_rows(record, name, state=state, group=group)
    if len(rows) < 2:
        return None
    lines = rows[-1]["bytes"] - rows[-2]["bytes"]
    line = rows[-1]["bytes"] / rows[-1]["lines"] if rows[-1]["lines"] else None
    return (record.value(rows[-1]) - record.value(rows[-2])) / (lines / line) if line else None


def per_64_bytes(record, name, group):
    """The same for 64 bytes, however many operations those take."""
    rows = range_rows(record, name, group=group)
    if len(rows) < 2:
        return None
    return (record.value(rows[-1]) - record.value(rows[-2])) * 64 / (rows[-1]["bytes"] - rows[-2]["bytes"])


def crossover(record, name, state="dirty"):
    """Bytes from which the whole cache by set and way costs less than a range, between two that were measured; None: it never does."""
    whole = [row for row in record.select(group="whole", state=state) if row["name"] == f"{name} set/way"]
    if not whole:
        return None
    limit, before = record.value(whole[0]), None
    for row in range_rows(record, name, state=state):
        cost = record.value(row)
        if cost > limit:
            if before is None:
                return row["bytes"]
            share = (limit - record.value(before)) / (cost - record.value(before))
            return round(before["bytes"] + share * (row["bytes"] - before["bytes"]))
        before = row
    return None


def pair(record, name, state, size, context="task", enforcement="checked"):
    """Begin and end, of a handoff."""
    parts = [record.value(row) for part in ("begin", "end")
             for row in record.select(group="handoff", name=f"{name} {part}", state=state, bytes=size, context=context,
                                      enforcement=enforcement) if row.get("in_flight") in (1, None)]
    return sum(parts) if len(parts) == 2 else None


def end(record, name, state, size, context="task"):
    rows = record.select(group="handoff", name=f"{name} end", state=state, bytes=size, context=context, enforcement="checked")
    return record.value(rows[0]) if rows else None


def from_text(count):
    return "never" if count is None else f"from {size_text(count)} on"


def size_text(count):
    for unit, name in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if count >= unit:
            return f"{count / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{count} B"


def bus(row):
    names = ("bus_filled", "bus_written_back", "bus_uncached_read", "bus_uncached_written")
    return sum(row.get(name) or 0 for name in names)


def touch_crossover(record, name, state):
    """Bytes touched from which the cached buffer puts no more on the bus than the write-combined one: 0 always, None never."""
    cached, combined = ({row["bytes"]: bus(row) for row in record.select(group="touch", name=name, state=state, policy=policy)}
                        for policy in ("cached", "write-combined"))
    sizes = sorted(set(cached) & set(combined))
    if not sizes:
        return None
    better = [size for size in sizes if cached[size] <= combined[size]]
    if not better:
        return None
    return 0 if better == sizes else better[0]


def answers(record):
    """(question, answer) pairs."""
    unit, found = record.unit(), []
    lines = [f"{name} {per_line(record, name):.3f}".rstrip("0").rstrip(".")
             for name in ("clean", "invalidate", "clean+invalidate") if per_line(record, name) is not None]
    if lines:
        found.append((f"What does a line cost? ({unit})", ", ".join(lines)))
    if record.select(group="whole") and record.select(group="range"):
        found.append(("When is the whole cache by set and way cheaper?",
                      ", ".join(f"{name}: {from_text(crossover(record, name))}" for name in ("clean", "clean+invalidate")) +
                      ". Only where one CPU runs and nothing prefetches: the core never does it" +
                      (", and the outer cache would still be to do" if record.comment("outer") else "")))
    if pair(record, "CPU reads", "clean", 4096) is not None:
        found.append((f"What does a handoff cost over its lines? ({unit})",
                      f"a CPU access {pair(record, 'CPU reads', 'clean', 4096)}, "
                      f"a device's {pair(record, 'device reads', 'clean', 4096)}, "
                      f"the end of a device's write {end(record, 'device overwrites', 'clean', 4096, 'interrupt')}"
                      " in an interrupt handler"))
    texts = []
    for name in ("fill", "scattered stores", "scattered blend", "scattered blend 4 times"):
        rows = record.select(group="touch", name=name, state="kept")
        if {row["policy"] for row in rows} == {"cached", "write-combined"}:
            crossing, whole = touch_crossover(record, name, "kept"), max(row["bytes"] for row in rows)
            texts.append(f"{name}: " + ("always" if crossing is None else "never" if crossing == 0
                                        else f"below {100 * crossing / whole:.0f} % of the words"))
    if texts and any(row.get("bus_filled") is not None for row in record.rows):
        found.append(("When does a write-combined buffer put fewer bytes on the bus than a cached one?", ", ".join(texts)))
    best = {}
    for row in record.select(group="workload"):
        if row["policy"] in ("baton", "whole-buffer", "flush-all", "write-combined"):
            best.setdefault(row["name"], []).append((bus(row), row["policy"]))
    if best:
        found.append(("Which policy puts the fewest bytes on the bus?",
                      ", ".join(f"{name}: {min(rows)[1]}" for name, rows in best.items()) +
                      ". The CPU only stores there; a buffer that it reads back is better cached"))
    return found
