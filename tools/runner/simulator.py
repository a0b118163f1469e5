# SPDX-License-Identifier: MIT
"""The simulator of incoherent memory (sim/) in a QEMU that tools/run starts: its options, and what it found."""
import json

from .board import quoted

STATUS_VIOLATION = 100
SETTING = "bus-offset"


def board_options(path):
    with open(path, encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    return [line for line in lines if line and not line.startswith("#")]


class Simulator:
    def __init__(self, plugin, config, image, stats, options):
        self.plugin, self.stats = plugin, stats
        self.options = dict(option.split("=", 1) for option in board_options(config) + options)
        self.options.setdefault("strict", "on")
        self.options.update(elf=image, stats=stats)

    def arguments(self):
        """For QEMU."""
        given = [quoted(self.plugin)] + [f"{name}={quoted(value)}" for name, value in self.options.items()]
        return ["-plugin", ",".join(given)]

    def settings(self):
        """What the image has to know: by how much the bus's view of memory lies apart from the CPU's."""
        offset = self.options.get("offset", "0")
        return [(SETTING, offset)] if int(offset, 0) else []

    def summary(self, status):
        """What it found, in lines; none if it came to nothing (then it, or QEMU, has said why)."""
        try:
            with open(self.stats, encoding="utf-8") as file:
                found = json.load(file)
        except (OSError, ValueError):
            return []
        total = found["total"]
        violations = sum(total["violations"].values())
        # The status too is its word: 0 violations of a run that modelled nothing are no result.
        if bool(violations) != (status == STATUS_VIOLATION) or not total["fills"]:
            return []
        clean, invalidate, both = (total[name] for name in ("clean", "invalidate", "clean_invalidate"))
        redundant = clean["redundant"] + invalidate["redundant"] + both["redundant"]
        written = total["write_backs"]
        bus = total["bus_bytes"]
        lines = [
            f"coherence: {violations} violation{'' if violations == 1 else 's'}",
            f"  lines cleaned {clean['issued']}, invalidated {invalidate['issued']}, both {both['issued']};"
            f" of these redundant {redundant}; by set and way {total['set_way']}",
            f"  lines of {found['line']} bytes filled {total['fills'] + total['prefetches']};"
            f" written back {written['clean']} by cleans, {written['capacity'] + written['noise']} by evictions",
            f"  devices read {bus['device_read']} bytes and wrote {bus['device_written']}; non-cacheable accesses"
            f" read {bus['uncached_read']} and wrote {bus['uncached_written']}",
        ]
        return [line.encode() for line in lines]
