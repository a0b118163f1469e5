# SPDX-License-Identifier: MIT
"""Two records side by side: what both measured, A, B, and B in parts of A."""
from benchmark.record import KEY, Wrong

SLOWER, FASTER, PLAIN = "\033[31m", "\033[32m", "\033[0m"


def name_of(key):
    return " ".join(str(part) for part in key if part not in (None, ""))


def values(a, b):
    """The unit that both have: cycles, if they are real in both."""
    unit = "cycles" if a.unit() == b.unit() == "cycles" else "instructions"
    if any(all(row.get(unit) is None for row in record.rows) for record in (a, b)):
        raise Wrong(f"the two have no unit in common: one counts {a.unit()}, the other {b.unit()}")
    return unit


def table(a, b, name_a, name_b, colour):
    unit, rows = values(a, b), []
    others = b.keyed()
    for key, row in a.keyed().items():
        other = others.get(key)
        if other is None or row.get(unit) is None or other.get(unit) is None:
            continue
        rows.append((name_of(key), row[unit], other[unit]))
    if not rows:
        raise Wrong("nothing was measured in both")
    width = max(len(name) for name, _, _ in rows)
    lines = [f"A: {name_a}: {a.comment('board')}, {a.comment('cpu')}", f"B: {name_b}: {b.comment('board')}, {b.comment('cpu')}", "",
             f"{unit.ljust(width)}  {'A':>12}  {'B':>12}     B/A"]
    for name, x, y in rows:
        ratio = f"{y / x:7.3f}" if x else "      –"
        if colour and x and y != x:
            ratio = (SLOWER if y > x else FASTER) + ratio + PLAIN
        lines.append(f"{name.ljust(width)}  {x:>12,}  {y:>12,} {ratio}")
    only = [len(set(one.keyed()) - set(other.keyed())) for one, other in ((a, b), (b, a))]
    if any(only):
        lines.append(f"\nonly in A: {only[0]}, only in B: {only[1]} ({', '.join(KEY)} differ)")
    return "\n".join(lines)
