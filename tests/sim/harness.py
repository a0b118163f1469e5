# SPDX-License-Identifier: MIT
"""What tests/sim/run is made of: the cases, building, running QEMU under the simulator, judging. See there for the words of a case."""
import json
import os
import re
import shlex
import socket
import subprocess
import time
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
OFFSET = 0x08000000
BUDGET = 20  # seconds a run: a hang detector, no measurement
NOISE = ["evict=16,prefetch=16", "evict=3,prefetch=0", "evict=0,prefetch=3", "evict=64,prefetch=5"]
COMMON = ["image.c", "start.S", "maintain.S", "setway.c"]
MACHINES = {
    "virt": dict(ram=0x40000000, support=COMMON + ["master.c"], fwcfg=0x09020000, virtio=0x0a003e00, nvme=0x10000000, gic=0x08000000,
        qemu=["-m", "256", "-nic", "none"]),
    "realview-pb-a8": dict(ram=0x70000000, support=COMMON, pl080=0x10030000, pl111=0x10020000,
        qemu=["-m", "256", "-nic", "none", "-audio", "none"]),
    "realview-pbx-a9": dict(ram=0x70000000, support=COMMON, pl080=0x10030000, l2c310=0x1f002000,
        qemu=["-m", "256", "-nic", "none", "-audio", "none"]),
    "versatilepb": dict(ram=0, support=COMMON, pl080=0x10130000,
        qemu=["-m", "256", "-nic", "none", "-audio", "none"]),
    "vexpress-a15": dict(ram=0x80000000, support=COMMON,
        qemu=["-m", "256", "-nic", "none", "-audio", "none"]),
    "raspi2b": dict(ram=0, support=COMMON, **{"bcm2835-dma": 0x3f007000, "bcm2835-mailbox": 0x3f00b880},
        qemu=["-m", "1024"]),
    "vexpress-a9": dict(ram=0x60000000, support=COMMON, l2c310=0x1e00a000,
        qemu=["-m", "256", "-nic", "none", "-audio", "none"]),
    "xilinx-zynq-a9": dict(ram=0, support=COMMON, l2c310=0xf8f02000,
        qemu=["-m", "256", "-nic", "none"]),
}
CFLAGS = ("-std=gnu11 -O2 -g3 -march=armv7-a+simd -mfloat-abi=hard -mno-unaligned-access -ffreestanding -fno-builtin "
          "-fno-tree-loop-distribute-patterns -fno-ipa-icf -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes").split()
CASE_KEYS = ("machine", "broken-modes", "devices", "options", "broken", "qemu", "flags", "kind", "function", "modes", "caught", "data", "screen",
             "variants", "only", "support", "start")


def pattern(i):
    return (i * 7 + 1 + (i >> 8)) & 0xff


class Case:
    """What the comment at the top of a source says."""

    def __init__(self, name):
        self.name = name
        self.source = os.path.join(HERE, name + ".c")
        with open(self.source) as file:
            lines = file.read().split("\n")
        self.words = {}
        for line in lines:
            match = re.match(r" \* ([a-z-]+): (.+)$", line)
            if match and match.group(1) in CASE_KEYS:
                self.words.setdefault(match.group(1), []).append(match.group(2).strip())
            if line == " */" and "machine" in self.words:
                break
        self.accused = {n for n, line in enumerate(lines, 1) if "/* accused" in line}
        self.machines = [m.split() for m in self.words["machine"]]
        self.variants = [None] if "only" not in self.words else []
        if "variants" in self.words:
            self.variants = [v for line in self.words["variants"] for v in line.split()]

    def one(self, key, default=""):
        return " ".join(self.words.get(key, [default]))

    def expectation(self, variant):
        """(macro, kinds, functions) of a broken version; kinds may be alternatives joined by |."""
        macro, _, rest = (variant or "").partition("=")
        kind, _, function = rest.partition("@")
        functions = function.split("+") if function else (self.words.get("function", []) if not rest else [])
        return macro, (kind or self.one("kind")).split("|"), functions


class Outcome:
    def __init__(self, status, output, errors, reports, stats, screen, note):
        self.status, self.output, self.errors = status, output, errors
        self.reports, self.stats, self.screen, self.note = reports, stats, screen, note


class Runner:
    """Runs one case; what it finds is collected for whoever prints it."""

    def __init__(self, arguments, name):
        self.arguments = arguments
        self.build = os.path.join(arguments.build, name)
        os.makedirs(self.build, exist_ok=True)
        self.results = []  # (good, text, detail)
        self.runs = 0
        self.file = os.path.join(self.build, "pattern.bin")
        with open(self.file, "wb") as file:
            file.write(bytes(pattern(i) for i in range(8192)))

    def result(self, good, text, detail=""):
        self.results.append((good, text, detail))

    # Building ----------------------------------------------------------------------------------------------------------
    def compiler(self, arguments):
        done = subprocess.run([self.arguments.cross + "gcc"] + arguments, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stdout)

    def support(self, source, flags, newest):
        """The object of a support file: one for all cases that compile it with the same flags."""
        name = "%s-%x.o" % (os.path.basename(source), zlib.crc32(" ".join(flags).encode()))
        target = os.path.join(self.arguments.build, "support", name)
        if not os.path.exists(target) or os.path.getmtime(target) <= newest:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            part = os.path.join(self.build, name)  # under its own name there is a whole one, or none
            self.compiler(flags + ["-c", source, "-o", part])
            os.replace(part, target)
        return target

    def compile(self, case, machine, macro, shift=0):
        """Returns the ELF's path; macro None: the right version, "": broken, else broken with that macro. shift: of its link address."""
        name, ram = machine[0].split(",")[0], MACHINES[machine[0].split(",")[0]]["ram"]
        suffix = "right" if macro is None else "broken" + ("-" + macro if macro else "")
        elf = os.path.join(self.build, "%s-%s-%s.elf" % (case.name, name, suffix + ("-%x" % shift if shift else "")))
        defines = [] if macro is None else ["-DBROKEN"] + (["-D" + macro] if macro else [])
        support = [os.path.join("support", s) for s in MACHINES[name]["support"] + case.one("support").split()]
        common = [os.path.join(HERE, "support", s) for s in os.listdir(os.path.join(HERE, "support"))] + [__file__]
        newest = max(os.path.getmtime(i) for i in common)
        if os.path.exists(elf) and os.path.getmtime(elf) > max(newest, os.path.getmtime(case.source)):
            return elf
        flags = CFLAGS + ["-mthumb"] + case.one("flags").split() + [
            "-DMASTER_CPU=%d" % (int(machine[2]) - 1), "-include", "support/%s.h" % name, "-I."]
        self.compiler(flags + defines + ["-nostdlib", "-static", "-Wl,--defsym=RAM=0x%x" % ((ram + shift) & 0xffffffff),
                                         "-Wl,--no-warn-rwx-segments", "-Wl,--build-id=none",
                                         "-T", "support/%s.ld" % ("flash" if case.one("start") == "flash" else "image"), case.name + ".c",
                                         *(self.support(source, flags, newest) for source in support), "-lgcc", "-o", elf])
        if case.one("start") == "flash":
            subprocess.run([self.arguments.cross + "objcopy", "-O", "binary", elf, elf + ".bin"], check=True)
        return elf

    # Running -----------------------------------------------------------------------------------------------------------
    def command(self, case, machine, elf, offset, icount):
        facts = MACHINES[machine[0].split(",")[0]]
        return (["qemu-system-arm", "-M", machine[0], "-cpu", machine[1], "-smp", machine[2]] + facts["qemu"] +
                ["-display", "none", "-serial", "none", "-monitor", "none"] + (["-icount", "shift=0,sleep=off"] if icount else []) + [
                 "-semihosting-config", "enable=on,target=native", *(["-bios", elf + ".bin"] if case.one("start") == "flash" else ["-kernel", elf]),
                 "-device", "loader,addr=0x%x,data=0x%x,data-len=4" % (facts["ram"] + 0x07fff000, offset)] +
                [word.replace("$file", self.file) for word in shlex.split(case.one("qemu"))])

    def run(self, case, machine, elf, offset, options, plugin=True, symbols=None, icount=True):
        """One run of QEMU. options: for the plugin, joined by commas. symbols: of another ELF."""
        self.runs += 1
        self.report_path = os.path.join(self.build, "last.report")
        report, stats = (os.path.join(self.build, "last." + n) for n in ("report", "stats"))
        for path in (report, stats):
            if os.path.exists(path):
                os.remove(path)
        command = self.command(case, machine, elf, offset, icount)
        if plugin:
            words = [self.arguments.plugin, "offset=0x%x" % offset, "elf=" + (symbols or elf), "report=" + report, "stats=" + stats]
            facts = MACHINES[machine[0].split(",")[0]]
            words += ["%s=0x%x" % (device, facts[device]) for device in case.one("devices").split()]
            command += ["-plugin", ",".join(words + [o for o in options.split(",") if o])]
        self.last_command = shlex.join(command)
        screen = None
        control = os.path.join(self.build, "qmp")
        if "screen" in case.words:
            command += ["-qmp", "unix:%s,server=on,wait=off" % control]
            if os.path.exists(control):
                os.remove(control)
        log = os.path.join(self.build, "last.errors")
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=open(log, "wb"), text=True, errors="replace", cwd=self.build)
        note = ""
        try:
            if "screen" in case.words:
                screen = self.screen(process, control, log)
            output, _ = process.communicate(timeout=BUDGET)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            note = "killed after %d s" % BUDGET
        with open(log, errors="replace") as file:
            errors = file.read()
        reports, stats_value = [], None
        try:
            if os.path.exists(report):
                with open(report) as file:
                    reports = [json.loads(line) for line in file]
            if os.path.exists(stats):
                with open(stats) as file:
                    stats_value = json.load(file)
        except ValueError as error:
            note += " not JSON: %s" % error
        return Outcome(process.returncode, output, errors, reports, stats_value, screen, note)

    def screen(self, process, path, log):
        """Waits until the image has said that it is done, stops the machine, ends it, and returns its screen as PPM bytes; None if it ended before."""
        until = time.monotonic() + BUDGET
        while process.poll() is None and time.monotonic() < until:
            with open(log, errors="replace") as file:
                if "data:" in file.read():
                    break
            time.sleep(0.01)
        picture = os.path.join(self.build, "screen.ppm")
        try:
            channel = socket.socket(socket.AF_UNIX)
            channel.settimeout(BUDGET)
            channel.connect(path)
            stream = channel.makefile("rw")
            stream.readline()
            for name, given in (("qmp_capabilities", {}), ("stop", {}), ("screendump", {"filename": picture}), ("quit", {})):
                stream.write(json.dumps({"execute": name, "arguments": given}) + "\n")
                stream.flush()
                answer = {}
                while "return" not in answer:
                    line = stream.readline()
                    if not line:
                        raise OSError("closed")
                    answer = json.loads(line)
        except OSError:
            return None
        with open(picture, "rb") as file:
            return file.read()

    # Judging -----------------------------------------------------------------------------------------------------------
    def places(self, report):
        """The accesses of a report: every nested object that says who and where."""
        return [v for v in report.values() if isinstance(v, dict) and ("function" in v or "device" in v or "pc" in v)]

    def complaint(self, case, variant, outcome):
        """Why the first report is not the one that this broken version deserves; "" if it is."""
        _, kinds, functions = case.expectation(variant)
        if not outcome.reports:
            return "no report"
        first = outcome.reports[0]
        for key in ("kind", "address", "bytes", "hint"):
            if key not in first:
                return "the report lacks " + key
        if first["kind"] not in kinds:
            return "kind is %s, expected %s" % (first["kind"], "|".join(kinds))
        places = self.places(first)
        places += [p["caller"] for p in places if isinstance(p.get("caller"), dict)]
        places += [frame for p in places for frame in p.get("inlined", [])]
        named = {p.get("function") for p in places}
        for function in functions:
            if function not in named:
                return "the report names %s, not %s" % (sorted(str(n) for n in named), function)
        if case.accused and not any(p.get("line") in case.accused and os.path.basename(str(p.get("file"))) == case.name + ".c"
                                    for p in places):
            return "lines %s, expected one of %s" % ([p.get("line") for p in places], sorted(case.accused))
        expected = re.search(r"address: 0x([0-9a-f]{8})", outcome.output + outcome.errors)
        address = first["address"]
        address = int(address, 0) if isinstance(address, str) else address
        if expected and address != int(expected.group(1), 16):
            return "address 0x%x, expected 0x%s" % (address, expected.group(1))
        return ""

    def detail(self, outcome):
        return "\n".join([self.last_command, "status %s %s" % (outcome.status, outcome.note), outcome.output, outcome.errors] +
                         [json.dumps(r) for r in outcome.reports[:3]])

    def machines(self, case):
        """Those that are tried."""
        if not self.arguments.turns:
            return case.machines
        alike = {}
        for name, cpu, count in case.machines:
            alike.setdefault((name, count), []).append([name, cpu, count])
        return [group[zlib.crc32(case.name.encode()) % len(group)] for group in alike.values()]

    def case(self, case):
        for machine in self.machines(case):
            title = "%s on %s %s" % (case.name, machine[0], machine[1])
            try:
                if self.arguments.bare:
                    self.bare(case, machine, title)
                    continue
                if case.one("only") == "nothing":
                    self.nothing(case, machine, title)
                    continue
                self.right(case, machine, title)
                for variant in case.variants:
                    self.broken(case, machine, variant, title + (" " + case.expectation(variant)[0] if variant else ""))
            except RuntimeError as error:
                self.result(False, title + ": builds", str(error))

    def offsets(self, case, key="modes"):
        return [OFFSET if mode == "bus" else 0 for mode in case.one(key, case.one("modes", "bus detect")).split()]

    def bare(self, case, machine, title):
        """Without the simulator: each version builds, ends, and sees right data, since QEMU has no caches."""
        for variant in [None] + (["broken"] if case.variants else []):
            for macro in [None] if variant is None else [case.expectation(v)[0] for v in case.variants]:
                outcome = self.run(case, machine, self.compile(case, machine, macro), 0, "", plugin=False)
                seen = "data: right" in outcome.output + outcome.errors
                self.result(outcome.status == 0 and seen, "%s %s: runs" % (title, "right" if macro is None else macro or "broken"),
                            self.detail(outcome))

    def nothing(self, case, machine, title):
        outcome = self.run(case, machine, self.compile(case, machine, None), OFFSET, "")
        self.result(outcome.status not in (0, 100) and not outcome.reports and "model" in outcome.errors.lower(),
                    title + ": nothing modelled is no success", self.detail(outcome))

    def right(self, case, machine, title):
        elf = self.compile(case, machine, None)
        runs = [(offset, "strict=on", True) for offset in self.offsets(case)]
        for seed in range(1, self.arguments.seeds + 1):
            runs.append((self.offsets(case)[0], "strict=on,seed=%d,%s" % (seed, NOISE[seed % len(NOISE)]), True))
        if int(machine[2]) > 1: # CPUs really in parallel
            runs.append((self.offsets(case)[0], "strict=on,evict=8,prefetch=8", False))
        for number, (offset, options, icount) in enumerate(runs):
            outcome = self.run(case, machine, elf, offset, ",".join([case.one("options"), options]), icount=icount)
            seen = "data: right" in outcome.output + outcome.errors
            if "screen" in case.words and outcome.screen:
                self.good_screen = outcome.screen
            good = outcome.status == 0 and seen and not outcome.reports and not outcome.note
            if not good or number == len(runs) - 1:
                self.result(good, "%s: right version silent, %s" % (
                    title, "%d runs" % len(runs) if good else "offset=0x%x,%s%s" % (offset, options, "" if icount else ", no icount")), self.detail(outcome))
                return

    def broken(self, case, machine, variant, title):
        elf = self.compile(case, machine, case.expectation(variant)[0])
        options = ",".join(o for o in (case.one("options"), case.one("broken")) if o)
        for offset in self.offsets(case, "broken-modes"):
            view = "bus view" if offset else "detection only"
            if case.one("caught") == "strict":
                outcome = self.run(case, machine, elf, offset, options)
                self.result(outcome.status == 0 and not outcome.reports, "%s: %s: silent without strict" % (title, view),
                            self.detail(outcome))
            strict = options + ",strict=on"
            outcome = self.run(case, machine, elf, offset, strict if case.one("caught") == "strict" else options)
            why = self.complaint(case, variant, outcome)
            if not why and outcome.status != 100:
                why = "exit status %s" % outcome.status
            if not why and self.arguments.parallel and int(machine[2]) > 1 and case.one("caught") != "strict" and "broken" not in case.words:
                parallel = self.run(case, machine, elf, offset, options, icount=False)
                why = self.complaint(case, variant, parallel)
                if why:
                    why, outcome = "CPUs in parallel: " + why, parallel
            self.result(not why, "%s: %s: %s" % (title, view, "accused" if not why else why), self.detail(outcome))
            if case.one("caught") != "strict":
                outcome = self.run(case, machine, elf, offset, strict)
                self.result(outcome.status == 100, "%s: %s: also with strict=on" % (title, view), self.detail(outcome))
            if offset and case.one("data", "wrong") != "any":
                outcome = self.run(case, machine, elf, offset, options + ",onviolation=report")
                if "screen" in case.words:
                    wrong = outcome.screen is not None and outcome.screen != self.good_screen
                else:
                    wrong = "data: %s" % case.one("data", "wrong") in outcome.output + outcome.errors
                self.result(wrong, "%s: %s data is seen" % (title, case.one("data", "wrong")), self.detail(outcome))
