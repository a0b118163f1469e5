# SPDX-License-Identifier: MIT
"""Runs a command for so long and no longer, and leaves nothing of it behind. For tools/mutate."""
import collections
import os
import select
import signal
import subprocess
import time


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


def run(command, seconds, until=None, **options):
    """(exit status, output). The status is None if it took too long. As soon as the output has a line that matches until, a compiled
    expression of bytes, it is ended, and the status is 1."""
    output, deadline = b"", time.monotonic() + seconds
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          start_new_session=True, **options) as process:
        try:
            while True:
                left = deadline - time.monotonic()
                if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
                    kill(process.pid)
                    return None, output.decode("utf-8", "replace")
                more = os.read(process.stdout.fileno(), 65536)
                output += more
                if not more:
                    break
                if until is not None and until.search(output):
                    kill(process.pid)
                    return 1, output.decode("utf-8", "replace")
            # Closing its output is not ending.
            status = process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            kill(process.pid)
            status = None
        except BaseException:
            kill(process.pid)
            raise
    return status, output.decode("utf-8", "replace")
