# SPDX-License-Identifier: MIT
"""`make mutate`: plants every defect in a copy of the repository, builds it and runs tests until one fails. For tools/mutate.

Tests have names, in a defect's `tests:` and in the table at the end:
  host:NAME        tests/host/NAME.c
  target:NAME      tests/target/NAME.c on a cortex-a15, under the simulator
  target:NAME@BOARD  the same on another board, on its first CPU
  script:PATH      an executable test
  pipeline         tests/mutation/play: a short clip under the simulator, every pixel compared
  linked           tests/pipeline/test_linked on virt
Those that a defect names come first; then all of the others, cheap ones first. Make is told of one test only: to read the rules of all
takes it longer than to build that one.
"""
import argparse
import concurrent.futures
import glob
import os
import queue
import re
import sys
import time

from mutator import bounded, table
from mutator.tree import ENVIRONMENT, BuildFailure, Tree
from runner.board import DEFAULT, Board

SECONDS = {"script": 600}  # a test that takes so long hangs, which a test is to notice: it failed; 60 for the others
HOST_CPU_SECONDS = 20  # likewise, however busy the machine is; the longest takes 4
FAILURE = re.compile(rb"^not ok ", re.M)
SIMULATOR = "build/sim/noncoherent.so"
OBJECTS = ["arm", "virt", "realview-pbx-a9", "host", "sim", "t"]


class Test:
    def __init__(self, name):
        self.name = name
        kind, _, rest = name.partition(":")
        self.variables = []
        if kind == "host":
            self.targets = self.command = [f"build/host/tests/{rest}"]
            self.variables = [f"HOST_TESTS={rest}", "FW_TESTS="]
        elif kind == "target":
            test, _, name = rest.partition("@")
            board = Board(name or DEFAULT)
            self.targets = self.command = [f"build/t/{board.name}/{test}@{board.cpus[0]}"]
            self.variables = ["HOST_TESTS=", f"FW_TESTS={test}", f"BOARD={board.name}"]
        elif kind == "script":
            self.command = [rest]
            self.targets = ["test-parts", "build/realview-pbx-a9/tests/test_boot_raw.elf"]  # tests/boot has one of that board
        elif name == "pipeline":
            self.command = ["tests/mutation/play"]
            self.targets = ["build/virt/pipeline.elf", "build/host/tools/make-clip", "build/host/tests/pipeline/expected"]
        elif name == "linked":
            self.command = ["tests/pipeline/test_linked"]
            self.targets = ["build/host/tools/make-clip", "build/host/tests/pipeline/expected"]  # it makes the image itself
        else:
            raise table.TableError(f"{name}: no kind of test")

    def fails(self, tree):
        """Why it fails there, in a few words; None: it passes."""
        try:
            tree.make(*self.variables, *self.targets)
        except BuildFailure as error:
            return "BUILD " + "\n".join(error.args[0].splitlines()[-3:])
        environment = {**ENVIRONMENT, "BATON_SIM": SIMULATOR, "BUILD": "build", "CMOCKA_MESSAGE_OUTPUT": "TAP"}
        kind = self.name.partition(":")[0]
        limit = ["prlimit", f"--cpu={HOST_CPU_SECONDS}"] if kind == "host" else []
        # prove also knows a test that says too little. The first failure is enough; not that of a simulated machine, whose report follows.
        status, output = bounded.run([*limit, "prove", "-v", "--exec", "", *self.command], SECONDS.get(kind, 60),
                                     FAILURE if kind == "host" else None, cwd=tree.path, env=environment)
        if status is None:
            return "hangs"
        if status == 0:
            return None
        kind = re.search(r"==noncoherent== (\S+)", output)
        return kind[1] if kind else "fails"


def every_test(root):
    """All, cheap ones first."""
    def names(pattern):
        return sorted(os.path.basename(path)[:-2] for path in glob.glob(os.path.join(root, pattern)))
    host = sorted(names("tests/host/test_*.c"), key=lambda name: ("program" in name, name))  # these take seconds
    return ([f"host:{name}" for name in host] + ["pipeline"] +
            [f"target:{name}" for name in names("tests/target/test_*.c")] +
            ["script:" + os.path.relpath(path, root) for part in ("boot", "pipeline", "misuse")
             for path in sorted(glob.glob(os.path.join(root, "tests", part, "test_*")))
             if os.access(path, os.X_OK)])


class Omission:
    """A step of omit.list: the pipeline must end with 100, and the simulator must name the kind."""

    def __init__(self, defect):
        self.name, self.kind, self.board = "pipeline", defect.kind, defect.board or DEFAULT
        self.targets = [f"BOARD={self.board}", f"build/{self.board}/pipeline.elf", "build/host/tools/make-clip"]

    def fails(self, tree):
        try:
            tree.make(*self.targets)
        except BuildFailure as error:
            return "BUILD " + "\n".join(error.args[0].splitlines()[-3:])
        status, output = bounded.run(["tests/mutation/play", "--report"], 60, cwd=tree.path,
                                     env={**ENVIRONMENT, "BATON_SIM": SIMULATOR, "BUILD": "build", "BATON_BOARD": self.board})
        kinds = set(re.findall(r"==noncoherent== (\S+)", output))
        if status == 100 and self.kind in kinds:
            return self.kind
        return None


def judge(defect, tree, others):
    """(verdict, test, why): killed, survived or invalid."""
    tree.plant(defect)
    if defect.kind:
        tests = [Omission(defect)]
    else:
        first = defect.tests.split()
        tests = [Test(name) for name in first + [name for name in others if name not in first]]
    for test in tests:
        why = test.fails(tree)
        if why and why.startswith("BUILD"):
            return "invalid", test.name, why
        if why:
            return "killed", test.name, why
    return "survived", "", ""


def show(done, total, defect, verdict, test, why, seconds):
    text = {"killed": f"{test}: {why}", "survived": "SURVIVED ALL TESTS", "invalid": f"DOES NOT BUILD\n{why}"}[verdict]
    print(f"[{done:3}/{total}] {defect.name:28} {text}  ({seconds:.1f} s)", flush=True)


def main(root, omit, mutants, arguments):
    parser = argparse.ArgumentParser(prog="tools/mutate judge")
    parser.add_argument("build")
    parser.add_argument("--fast", action="store_true", help="those marked fast: yes, against the tests they name")
    parser.add_argument("--named", action="store_true", help="against the tests they name only")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--list", action="append", default=[], dest="lists", help="a whole list: omit, mutants, ...")
    parser.add_argument("names", nargs="*")
    args = parser.parse_intermixed_args(arguments)
    lists = {os.path.basename(path).removesuffix(".list"): table.load(path) for path in (omit, *mutants)}
    unknown = set(args.lists) - set(lists)
    if unknown:
        sys.exit(f"mutate: no such list: {', '.join(sorted(unknown))}; there are {' '.join(sorted(lists))}")
    defects = [defect for loaded in lists.values() for defect in loaded]
    for defect in defects:
        defect.patched(table.reader(root))  # every one applies, also those that are not run
    twice = [defect for defect in defects if sum(defect.name == other.name for other in defects) > 1]
    if twice:
        sys.exit(f"mutate: not the only one of its name: {', '.join(defect.where for defect in twice)}")
    unknown = set(args.names) - {defect.name for defect in defects}
    if unknown:
        sys.exit(f"mutate: no such defect: {', '.join(sorted(unknown))}")
    if args.names:
        defects = [defect for defect in defects if defect.name in args.names]
    elif args.fast:
        defects = [defect for defect in defects if defect.fast]
    elif args.lists:
        defects = [defect for name in args.lists for defect in lists[name]]
    others = [] if args.fast or args.named else every_test(root)
    equivalent = [defect for defect in defects if defect.equivalent and not args.names]
    defects = [defect for defect in defects if defect not in equivalent]
    # One after the other: a header that goes from defect to defect is compiled into everything once, not back and forth.
    defects.sort(key=lambda defect: not any(change.path.endswith(".h") for change in defect.changes))
    trees = queue.Queue()

    def prepare(number):
        tree = Tree(root, os.path.join(root, args.build, "mutate", str(number)))
        tree.prepare(args.build, OBJECTS)
        tree.make("sim", *([] if args.fast else ["test-parts"]))  # the few tests that those name are made when they are run
        trees.put(tree)

    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        list(pool.map(prepare, range(args.jobs)))

    def work(defect):
        tree, start = trees.get(), time.monotonic()
        try:
            return (defect, *judge(defect, tree, others), time.monotonic() - start)
        finally:
            tree.clear()
            trees.put(tree)

    results, start = [], time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for future in concurrent.futures.as_completed([pool.submit(work, defect) for defect in defects]):
            results.append(future.result())
            show(len(results), len(defects), *results[-1])
    return summary(results, equivalent, time.monotonic() - start)


def summary(results, equivalent, seconds):
    by = {}
    for _, verdict, test, _, _ in results:
        by[(verdict, test)] = by.get((verdict, test), 0) + 1
    print()
    for (verdict, test), count in sorted(by.items(), key=lambda item: -item[1]):
        print(f"{count:5}  {verdict} {'by ' + test if verdict == 'killed' else ''}")
    for defect in equivalent:
        print(f"equivalent: {defect.name}: {defect.about}\n    {defect.equivalent}")
    left = [result for result in results if result[1] != "killed"]
    for defect, verdict, *_ in left:
        print(f"{verdict}: {defect.name}: {defect.about} ({defect.where})")
    print(f"{len(results) - len(left)} of {len(results)} defects are noticed, {len(equivalent)} are equivalent;"
          f" {seconds:.0f} s")
    return 1 if left else 0
