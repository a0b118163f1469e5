# SPDX-License-Identifier: MIT
"""Runs a command for so long and no longer, and leaves nothing of it behind. For tools/mutate."""
import collections
import os
import signal
import subprocess


def family(pid):
    """The process and all that descend from it, whatever sessions they have made for themselves."""
    children = collections.defaultdict(list)
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                children[int(file.read().rpartition(")")[2].split()[1])].append(int(name))
        except (OSError, ValueError, IndexError):
            pass  # no process, or gone
    found = [pid]
    for parent in found:
        found += children[parent]
    return found


def kill(pid):
    """Ends it and its descendants. Stopped first: none of them starts another while they are looked up."""
    stopped = set()
    while True:
        new = set(family(pid)) - stopped
        if not new:
            break
        for each in new:
            send(each, signal.SIGSTOP)
        stopped |= new
    for each in stopped:
        send(each, signal.SIGKILL)


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def run(command, seconds, **options):
    """(exit status, output); the status is None if it took too long."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", start_new_session=True, **options) as process:
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            kill(process.pid)
            output, _ = process.communicate()
            return None, output
        except BaseException:
            kill(process.pid)
            raise
    return process.returncode, output
