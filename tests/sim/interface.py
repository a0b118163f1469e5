# SPDX-License-Identifier: MIT
"""What the simulator promises to scripts: options, exit status, the report's and the statistics' form, equal runs for equal seeds."""
import json
import os

from harness import OFFSET, Case

REFUSED = ["bogus=1", "offset=abc", "offset=0x10", "evict=-1", "prefetch=x", "strict=maybe", "seed=", "line=33", "l1=0x0", "l1=64", "ram=12",
           "inval=none", "onviolation=sulk", "coherent=teapot", "l2c310=zero", "elf=/nonexistent/image.elf",
           "report=/nonexistent/report", "ranges=/nonexistent/ranges", "stats=/nonexistent/stats", "reloc=up"]
PLACE_KEYS = ("pc", "function", "file", "line")


def options(runner, case, machine, elf):
    for option in REFUSED:
        outcome = runner.run(case, machine, elf, OFFSET, option)
        name = option.split("=")[0]
        runner.result(outcome.status not in (0, 100) and name in outcome.errors and "data:" not in outcome.output + outcome.errors,
                      "option %s is refused by name" % option, runner.detail(outcome))
    for option in ("ram=0x40000000+0x08000000", "line=64", "l1=256x2", "seed=7", "inval=discard", "onviolation=exit"):
        outcome = runner.run(case, machine, elf, OFFSET, option)
        runner.result(outcome.status == 0, "option %s is taken" % option, runner.detail(outcome))


def report(runner, case, machine, broken):
    outcome = runner.run(case, machine, broken, OFFSET, "onviolation=report")
    runner.result(len(outcome.reports) > 0 and not outcome.note, "report: a JSON object a line", runner.detail(outcome))
    for line in outcome.reports[:1]:
        places = runner.places(line)
        runner.result(len(places) >= 2 and all(k in p for p in places[:2] for k in PLACE_KEYS) and
                      {"cpu", "device"} & set(places[0]) and {"cpu", "device"} & set(places[1]),
                      "report: two accesses, each with CPU or device, pc, function, file, line", json.dumps(line))
        runner.result(isinstance(line.get("hint"), str) and "clean" in line["hint"], "report: a hint in words", json.dumps(line))
        runner.result("lucky" not in line or line["lucky"] is False, "report: what really went wrong is not called lucky",
                      json.dumps(line))
    text = outcome.errors + outcome.output
    runner.result("stale-device-read" in text and "fill" in text and "missing_clean.c:" in text and "master_copy" in text,
                  "terminal: kind, both functions, file:line", text)
    runner.result(isinstance(outcome.stats, dict) and len(outcome.stats) > 0, "stats: a JSON object", str(outcome.stats))
    runner.result(outcome.status != 0, "onviolation=report: a run with violations is no success either", runner.detail(outcome))


def equal_runs(runner, case, machine, broken):
    seen = set()
    for seed in (3, 3, 3):
        outcome = runner.run(case, machine, broken, OFFSET, "onviolation=report,strict=on,seed=%d,evict=8,prefetch=8" % seed)
        with open(runner.report_path, "rb") as file:
            seen.add((file.read(), json.dumps(outcome.stats), outcome.output, outcome.errors))
    runner.result(len(seen) == 1, "equal seeds, equal reports, byte for byte")
    other = runner.run(case, machine, broken, OFFSET, "onviolation=report,strict=on,seed=4,evict=8,prefetch=8")
    runner.result(json.dumps(other.stats) not in {s[1] for s in seen}, "another seed is another run", str(other.stats))


def statistics(runner):
    case = Case("statistics")
    machine = case.machines[0]
    elf = runner.compile(case, machine, None)
    outcome = runner.run(case, machine, elf, OFFSET, "mark=period")
    periods = outcome.stats["periods"] if outcome.stats else []
    half = {"issued": 32, "first": 0, "useful": 16, "redundant": 16}
    runner.result([p["name"] for p in periods] == ["out", "in"] and periods[0]["clean"] == half and periods[1]["invalidate"] == half,
                  "mark: two named periods, half of the operations redundant", json.dumps(periods))
    total = outcome.stats["total"] if outcome.stats else {}
    runner.result(bool(total) and total["clean"] == half and total["invalidate"] == half and total["write_backs"]["clean"] >= 16,
                  "stats: totals", json.dumps(total))
    outcome = runner.run(case, machine, elf, OFFSET, "mark=no_such_function")
    runner.result(outcome.status not in (0, 100) and "no_such_function" in outcome.errors, "mark: an unknown symbol is refused",
                  runner.detail(outcome))


def ranges(runner):
    """Every byte that was accused, and no other."""
    case = Case("holes")
    machine = case.machines[0]
    path = os.path.join(runner.build, "last.ranges")
    for offset in (OFFSET, 0):
        outcome = runner.run(case, machine, runner.compile(case, machine, ""), offset, "onviolation=report,ranges=" + path)
        with open(path) as file:
            lines = [json.loads(line) for line in file]
        first = int(lines[0]["address"], 0) if lines else 0
        found = {int(line["address"], 0) - first + i for line in lines for i in range(line["bytes"])}
        runner.result(len(outcome.reports) == 1 and found == {i for i in range(256) if i % 12 < 4} and
                      all(line["accusation"] == 1 and line["kind"] == "stale-device-read" and line["period"] == 0 and
                          line["lucky"] is False for line in lines),
                      "ranges: the words that were stored to, and none between", runner.detail(outcome) + json.dumps(lines))


def names(runner):
    """Code outside every symbol is named by its address alone."""
    case = Case("names")
    machine = case.machines[0]
    for macro in ("NAMELESS", "COPY"):
        outcome = runner.run(case, machine, runner.compile(case, machine, macro), OFFSET, "onviolation=report")
        seen = outcome.reports[0]["observer"] if outcome.reports else {}
        runner.result("pc" in seen and not {"function", "file", "line"} & set(seen) and "at %s\n" % seen["pc"] in outcome.errors,
                      "names: %s: an address, and no function" % macro, runner.detail(outcome))


def outer_settings(runner):
    """What the model does not follow is said."""
    case = Case("l2c310_clean")
    machine = case.machines[0]
    for macro, said in ((None, []), ("NO_OVERRIDE", ["bit 22"]), ("EXCLUSIVE", ["bit 12"])):
        outcome = runner.run(case, machine, runner.compile(case, machine, macro), OFFSET, "")
        found = [bit for bit in ("bit 12", "bit 22") if bit in outcome.errors]
        runner.result(outcome.status == 0 and found == said, "L2C-310: settings that are not modelled: %s" % (macro or "none"),
                      runner.detail(outcome))


def check(runner):
    case = Case("missing_clean")
    machine = case.machines[0]
    right, broken = runner.compile(case, machine, None), runner.compile(case, machine, "")
    options(runner, case, machine, right)
    report(runner, case, machine, broken)
    equal_runs(runner, case, machine, broken)
    statistics(runner)
    names(runner)
    ranges(runner)
    outer_settings(runner)

    lucky = Case("invalidate_only_before")
    outcome = runner.run(lucky, machine, runner.compile(lucky, machine, ""), OFFSET, "strict=on")
    runner.result(bool(outcome.reports) and outcome.reports[0].get("lucky") is True, "strict: right by luck is called lucky",
                  runner.detail(outcome))

    # The same image linked elsewhere stands for one that has moved itself.
    elsewhere = runner.compile(case, machine, "", shift=-0x01000000 & 0xffffffff)
    outcome = runner.run(case, machine, broken, OFFSET, "reloc=0x1000000", symbols=elsewhere)
    why = runner.complaint(case, None, outcome)
    runner.result(not why, "reloc: symbols of an image that moved: " + (why or "found"), runner.detail(outcome))
    # A position-independent image, as far as its header goes: libdw then moves its lines, not its symbols.
    with open(broken, "rb") as file:
        image = bytearray(file.read())
    image[16:18] = b"\3\0"  # e_type: ET_DYN
    with open(elsewhere, "wb") as file:
        file.write(image)
    outcome = runner.run(case, machine, broken, OFFSET, "", symbols=elsewhere)
    why = runner.complaint(case, None, outcome)
    lines = [place.get("line") for place in runner.places(outcome.reports[0])] if outcome.reports else []
    runner.result(not why and None not in lines and "missing_clean.c" in json.dumps(outcome.reports[:1]),
                  "a position-independent image: its lines " + (why or "found"), runner.detail(outcome))
    os.remove(elsewhere)
