# SPDX-License-Identifier: MIT
"""A record made on QEMU: the benchmark's image by itself, once more under the simulator, and the reference workloads under it.

The first run gives the instructions, the second what each row did to the caches; where the two say something different about the same
row, or a row says that it maintained other lines than were seen, there is no record.
"""
import json
import os
import subprocess

from benchmark.record import COLUMNS, SEEN, Record, Wrong, from_console
from runner import statistics

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUDGET = 900  # seconds; finds a hang
ICOUNT = "shift=0,sleep=off"
# These say in their rows how many operations they make; what the others make is counted only.
SAY_LINES = ("range", "baseline", "port", "whole", "handoff", "automatic")


def run(image, board, cpu, settings, simulator=None, stats=None, mark=None):
    command = [os.path.join(ROOT, "tools", "run"), "--board", board, "--cpu", cpu, "--icount", ICOUNT, "--budget", str(BUDGET),
               "--simulator", simulator or ""]
    for name, text in settings.items():
        command += ["--set", f"{name}={text}"]
    if simulator:
        command += ["--simulator-stats", stats, "--simulator-option", f"mark={mark}"]
    result = subprocess.run(command + [image], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = result.stdout.decode("utf-8", "replace")
    if result.returncode:
        tail = "\n".join(output.rstrip().splitlines()[-12:])
        raise Wrong(f"{image} on {cpu} ended with status {result.returncode} and said at last:\n{tail}")
    return output


def periods(path):
    with open(path, encoding="utf-8") as file:
        stats = json.load(file)
    if statistics.violations(stats):
        raise Wrong("the simulator found violations")
    return {period["name"]: period for period in stats["periods"]}


def see(row, period):
    """Adds what the simulator saw."""
    cleaned, invalidated, all_operations = statistics.operations(period)
    bus = period["bus_bytes"]
    row.update(lines_cleaned=cleaned, lines_invalidated=invalidated,
               lines_useful=all_operations - statistics.redundant(period), lines_redundant=statistics.redundant(period),
               bus_filled=bus["filled"], bus_written_back=bus["written_back"], bus_uncached_read=bus["uncached_read"],
               bus_uncached_written=bus["uncached_written"])


def name_of(row):
    return ", ".join(str(row[name]) for name in ("group", "name", "policy", "bytes", "align", "state") if row.get(name) != "")


def check(row, again, period):
    if row["instructions"] != again["instructions"]:
        raise Wrong(f"{name_of(row)}: {row['instructions']} instructions, and {again['instructions']} the second time")
    operations = statistics.operations(period)[2]
    if row["group"] in SAY_LINES and row["lines"] != operations:
        raise Wrong(f"{name_of(row)}: says {row['lines']} lines, and the simulator saw {operations}")


def workloads(text, seen, levels):
    """A row for each workload under each policy. levels: operations that it takes to maintain one line."""
    rows = []
    for line in text.splitlines():
        words = line.split()
        if words[:1] != ["workload"] or len(words) != 8:
            continue
        name, policy = words[1:3]
        handoffs, cleaned, invalidated, copied, instructions = map(int, words[3:])
        # By set and way the outer cache is not reached; it is maintained all at once.
        times = 1 if policy == "flush-all" else levels
        row = {"group": "workload", "name": name, "policy": policy, "align": "", "state": "", "context": "task",
               "enforcement": "", "lines": times * (cleaned + invalidated), "instructions": instructions, "handoffs": handoffs,
               "repetitions": 1}
        see(row, seen[f"{name} {policy}"])
        if (times * cleaned, times * invalidated) != (row["lines_cleaned"], row["lines_invalidated"]):
            raise Wrong(f"{name}, {policy}: says {cleaned} lines cleaned and {invalidated} invalidated, and the simulator saw"
                        f" {row['lines_cleaned']} and {row['lines_invalidated']}")
        row["bytes_copied"] = copied
        rows.append(row)
    if not rows:
        raise Wrong("the workloads said nothing")
    return rows


def commit():
    result = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty", "--abbrev=12"], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, text=True)
    return result.stdout.strip() or "unknown"


def measure(image, workloads_image, board, cpu, simulator, directory, groups=None, say=lambda text: None):
    settings = {"counter": "icount", **({"groups": groups} if groups else {})}
    stats = os.path.join(directory, "stats.json")
    if not simulator:
        raise Wrong("what a row does to the caches is seen by the simulator: not with SIM=0, and not without QEMU 9.2 or newer")
    say("by itself")
    record = from_console(run(image, board, cpu, {**settings, "repetitions": 3}), image)
    say("under the simulator")
    again = from_console(run(image, board, cpu, {**settings, "repetitions": 1, "warm-up": 0}, simulator, stats, "bench_mark"), image)
    seen = periods(stats)
    if len(record.rows) != len(again.rows):
        raise Wrong(f"{len(record.rows)} rows, and {len(again.rows)} the second time")
    for index, (row, other) in enumerate(zip(record.rows, again.rows)):
        if row["group"] != "dma":  # a list of the controller's is no period of the CPU's
            check(row, other, seen[str(index)])
            see(row, seen[str(index)])
    rows = record.rows
    if workloads_image:
        say("the workloads")
        text = run(workloads_image, board, cpu, {"policies": "all"}, simulator, stats, "workloads_mark")
        rows = rows + workloads(text, periods(stats), 2 if record.comment("outer") else 1)
    comments = [("SPDX-License-Identifier", "MIT")] + record.comments + [("emulator", qemu_version()), ("commit", commit())]
    columns = list(COLUMNS) + [name for name in record.columns if name not in COLUMNS] + ["handoffs"] + list(SEEN)
    return Record(comments, columns, rows)


def qemu_version():
    result = subprocess.run([os.environ.get("QEMU") or "qemu-system-arm", "--version"], stdout=subprocess.PIPE, text=True)
    return result.stdout.splitlines()[0].split(" (")[0] if result.stdout else "unknown"
