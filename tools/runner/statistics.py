# SPDX-License-Identifier: MIT
"""What the simulator counted in a period (sim/plugin/statistics.c), in the terms of a record. Used by tools/workloads and tools/bench."""


def operations(period):
    """Lines cleaned, lines invalidated, both counted in each, and all operations: by address and by set and way."""
    clean, invalidate, both = (period[name]["issued"] for name in ("clean", "invalidate", "clean_invalidate"))
    set_way = period["set_way"]
    return clean + both + set_way, invalidate + both + set_way, clean + invalidate + both + set_way


def redundant(period):
    """Operations after which nothing was different."""
    by_address = sum(period[name]["redundant"] for name in ("clean", "invalidate", "clean_invalidate"))
    return by_address + period["set_way"] - period["set_way_useful"]


def first(period):
    """Operations that were the first on their line: whether those were redundant nobody can say."""
    return sum(period[name]["first"] for name in ("clean", "invalidate", "clean_invalidate"))


def violations(stats):
    return sum(stats["total"]["violations"].values())
