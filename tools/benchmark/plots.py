# SPDX-License-Identifier: MIT
"""Plots of a record, each as SVG and PNG, by gnuplot."""
import os
import shutil
import subprocess

from benchmark import findings
from benchmark.record import Wrong

COLOURS = ("#1f5f8b", "#d1495b", "#66a182", "#edae49", "#6b4e71", "#8d96a3", "#2e4057", "#a26769")
HEAD = """\
set datafile missing "?"
set encoding utf8
set termoption noenhanced
set title tc rgb "#222222"
set border 3 lc rgb "#555555"
set tics nomirror tc rgb "#333333"
set grid lc rgb "#dddddd" lt 1
set key outside below center Left reverse horizontal maxcols 3 samplen 2 tc rgb "#333333"
set xlabel tc rgb "#333333" offset 0,0.4
set ylabel tc rgb "#333333"
"""
TERMINALS = (("svg", 'svg size 900,480 font "sans,12" background rgb "white"'),
             ("png", 'pngcairo size 1350,720 font "sans,17" background rgb "white"'))
POLICIES = ("baton", "whole-buffer", "flush-all", "write-combined", "bounce", "coherent")


class Plot:
    """One picture: a title, gnuplot's settings, and series: (name, style, points)."""

    def __init__(self, name, title, settings, series, using="1:2"):
        self.name, self.title, self.settings, self.using = name, title, settings, using
        self.series = [one for one in series if any(point[1] != "?" for point in one[2])]

    def script(self, terminal, output):
        lines = [f"set terminal {terminal}", f"set output {quoted(output)}", HEAD,
                 f"set title {quoted(self.title)}"]
        lines += self.settings
        clauses = []
        for index, (name, style, points) in enumerate(self.series):
            lines += [f"$D{index} << EOD", *(" ".join(map(str, point)) for point in points), "EOD"]
            colour = COLOURS[index % len(COLOURS)]
            clauses.append(f'$D{index} using {self.using} with {style} lc rgb "{colour}" title {quoted(name)}')
        return "\n".join(lines + ["plot " + ", \\\n  ".join(clauses), "unset output", ""])


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def where(record):
    """For a title: what it was measured on, and what an emulator's numbers are not."""
    text = f"{record.comment('board')}, {record.comment('cpu').split(',')[0]}"
    return text + (" (QEMU: instructions, no cycles of silicon)" if record.unit() == "instructions" else "")


def seen_where(record):
    return f"{record.comment('board')}, {record.comment('cpu').split(',')[0]} (QEMU under the simulator)"


SIZES = ", ".join(f'"{findings.size_text(1 << log)}" {1 << log}' for log in range(6, 25, 2))
LOG_BYTES = ["set logscale x 2", f"set xtics ({SIZES})", "set xlabel 'length of the range'"]
CURVE = "linespoints lw 2 pt 7 ps 0.5"


def by_size(record, rows, scale=lambda row, value: value):
    return [(row["bytes"], scale(row, record.value(row))) for row in rows]


def line_cost(record):
    def per_64(row, value):
        return value * 64 / row["bytes"]
    series = [(name, CURVE, by_size(record, findings.range_rows(record, name), per_64))
              for name in ("clean", "invalidate", "clean+invalidate")]
    theirs = sorted({row["name"] for row in record.select(group="baseline")} - {"clean: set/way from 32 KiB"})
    series += [(name, "linespoints lw 1 pt 6 ps 0.5 dt 2", by_size(record, findings.range_rows(record, name, group="baseline"), per_64))
               for name in theirs]
    return Plot("line-cost", f"What 64 bytes of a dirty range cost: {where(record)}",
                LOG_BYTES + [f"set ylabel '{record.unit()} for 64 bytes'", "set logscale y 2"], series)


def state_cost(record):
    series = [(f"{name}, {state}", CURVE, by_size(record, findings.range_rows(record, name, state=state)))
              for name in ("clean", "invalidate") for state in ("absent", "clean", "dirty")]
    return Plot("line-states", f"Ranges by the state of their lines: {where(record)}",
                LOG_BYTES + [f"set ylabel '{record.unit()}'", "set logscale y 10"], series)


def whole(record):
    series, settings = [], LOG_BYTES + ["set logscale y 10", f"set ylabel '{record.unit()}'"]
    for name in ("clean", "clean+invalidate"):
        rows = findings.range_rows(record, name)
        series.append((f"{name} by range", CURVE, by_size(record, rows)))
        for row in record.select(group="whole", state="dirty", name=f"{name} set/way"):
            series.append((f"{name} by set and way", "lines lw 2 dt 2",
                           [(one["bytes"], record.value(row)) for one in rows]))
    rows = findings.range_rows(record, "clean: set/way from 32 KiB", group="baseline")
    series.append(("a threshold of 32 KiB", "linespoints lw 1 pt 6 ps 0.5", by_size(record, rows)))
    return Plot("whole-cache", f"Range against whole cache: {where(record)}", settings, series)


def handoff(record):
    series = []
    for name, state in (("device reads", "dirty"), ("CPU reads", "stale"), ("CPU reads", "unknown"), ("CPU reads", "clean"),
                        ("device overwrites", "stale")):
        sizes = sorted({row["bytes"] for row in record.select(group="handoff", name=f"{name} begin", state=state)})
        points = [(size, findings.pair(record, name, state, size)) for size in sizes]
        series.append((f"{name} what is {state}", CURVE, [point for point in points if point[1] is not None]))
    return Plot("handoffs", f"A handoff, begin and end: {where(record)}",
                LOG_BYTES + ["set logscale y 10", f"set ylabel '{record.unit()}'"], series)


def enforcement(record):
    series = []
    for level in ("none", "checked", "mmu"):
        points = [(index, findings.pair(record, name, state, 4096, enforcement=level) or "?")
                  for index, (name, state) in enumerate(EDGES)]
        series.append((level, "histograms", [(edge_text(EDGES[index]), value) for index, value in points]))
    return histogram("enforcement", f"A handoff of 4 KiB by enforcement: {where(record)}", record.unit(), series)


EDGES = (("CPU reads", "clean"), ("CPU writes", "dirty"), ("CPU reads", "stale"), ("device reads", "clean"),
         ("device reads", "dirty"), ("device overwrites", "stale"))


def edge_text(edge):
    return quoted(f"{edge[0]}\\n{edge[1]}").replace("\\\\n", "\\n")


def histogram(name, title, ylabel, series, settings=()):
    return Plot(name, title, ["set style data histograms", "set style histogram clustered gap 1",
                              "set style fill solid 0.9 border -1", "set boxwidth 0.9", "set yrange [0:*]", "set grid noxtics",
                              f"set ylabel '{ylabel}'", "set xtics font ',11'", *settings], series, using="2:xtic(1)")


def workloads(record, name, title, ylabel, value, settings=()):
    names = list(dict.fromkeys(row["name"] for row in record.select(group="workload")))
    series = []
    for policy in POLICIES:
        rows = {row["name"]: row for row in record.select(group="workload", policy=policy)}
        series.append((policy, "histograms", [(quoted(one), max(value(rows[one]), 1)) for one in names if one in rows]))
    return histogram(name, f"{title}: {seen_where(record)}", ylabel, series, settings)


def touch(record, names, text, state):
    series = []
    for name in names:
        for policy, style in (("cached", CURVE), ("write-combined", "linespoints lw 2 pt 6 ps 0.7 dt 2")):
            rows = sorted(record.select(group="touch", name=name, state=state, policy=policy), key=lambda row: row["bytes"])
            largest = rows[-1]["bytes"] if rows else 1
            series.append((f"{name}, {policy}", style, [(100 * row["bytes"] / largest, findings.bus(row) / 1e6) for row in rows]))
    return Plot(f"touch-{text}-{state}".replace(" ", "-"), f"Bytes on the bus by the {text} touched, buffer {state}: {seen_where(record)}",
                [f"set xlabel 'percent of the {text} of a frame of 1.92 MB that the CPU touches'", "set ylabel 'MB on the bus'",
                 "set yrange [0:*]"], series)


PARTS = ("fill", "blend", "blend 4 times")
WORDS = ("scattered stores", "scattered blend", "scattered blend 4 times")


def dma(record):
    rows = [row for row in record.select(group="dma") if row["bytes"] > 4 and record.value(row)]
    points = [(quoted(row["name"].partition(": ")[2]), record.value(row) * 64 / row["bytes"]) for row in rows]
    return histogram("dma", f"The DMA controller by shape of list: {where(record)}", f"{record.unit()} for 64 bytes",
                     [("start to interrupt", "histograms", points)])


def all_plots(record):
    seen = any(row.get("bus_filled") is not None for row in record.rows)
    made = [line_cost(record), state_cost(record), whole(record), handoff(record), enforcement(record), dma(record)]
    if seen:
        made += [workloads(record, "policies-lines", "Lines maintained", "operations on lines (no bar: none)",
                           lambda row: row["lines_cleaned"] + row["lines_invalidated"], ["set logscale y 10", "set yrange [1:*]"]),
                 workloads(record, "policies-redundant", "Of these for nothing", "redundant operations (no bar: none)",
                           lambda row: row["lines_redundant"], ["set logscale y 10", "set yrange [1:*]"]),
                 workloads(record, "policies-bus", "Bytes on the bus", "MB", lambda row: findings.bus(row) / 1e6,
                           ["set yrange [0:*]"]),
                 workloads(record, "policies-instructions", "Instructions of the handoffs", "instructions",
                           lambda row: row["instructions"], ["set logscale y 10", "set yrange [1:*]"]),
                 *(touch(record, names, text, state) for names, text in ((PARTS, "part"), (WORDS, "words of each line"))
                   for state in ("kept", "written by a device"))]
    return [plot for plot in made if plot.series]


def licensed(path):
    """Puts the licence into a picture that may be kept."""
    with open(path, encoding="utf-8") as file:
        head, rest = file.read().split("\n", 1)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{head}\n<!-- SPDX-License-Identifier: MIT -->\n{rest}")


def draw(record, directory):
    """Writes every plot as SVG and PNG into the directory; returns (name, title) of each."""
    if not shutil.which("gnuplot"):
        raise Wrong("no plots without gnuplot (Debian: package gnuplot-nox)")
    os.makedirs(directory, exist_ok=True)
    drawn = []
    for plot in all_plots(record):
        for suffix, terminal in TERMINALS:
            script = plot.script(terminal, os.path.join(directory, f"{plot.name}.{suffix}"))
            result = subprocess.run(["gnuplot"], input=script, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if result.returncode or "error" in result.stdout.lower() or "warning" in result.stdout.lower():
                raise Wrong(f"gnuplot, {plot.name}: " + "\n".join(result.stdout.strip().splitlines()[:4]))
        licensed(os.path.join(directory, f"{plot.name}.svg"))
        drawn.append((plot.name, plot.title))
    return drawn
