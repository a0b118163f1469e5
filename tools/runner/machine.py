# SPDX-License-Identifier: MIT
"""A QEMU process: started so that its failures are told from the machine's, commanded by QMP. Used by tools/run."""
import json
import os
import re
import socket
import subprocess
import time

STATUS_BUDGET, STATUS_MACHINE, STATUS_INTERRUPT = 124, 125, 130
# Debian packages ramfb's firmware apart; on ARM nothing runs it.
HARMLESS = re.compile(rb".*vgabios-ramfb\.bin|^$")


class Failure(Exception):
    """Why there is no status of the machine's own, and the one to end with."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class Machine:
    """A QEMU process, its UART and its QMP socket."""

    def __init__(self, command, directory):
        # A path of our own for the socket: short, and free of commas.
        path = os.path.join(directory, "qmp")
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(path)
        listener.listen(1)
        self.errors = open(os.path.join(directory, "errors"), "w+b")
        try:
            # -S: the machine waits until QMP says go, so a QEMU that fails at start is told from a machine that fails.
            # A process group of its own: Ctrl-C comes to us alone, and we end QEMU in order.
            self.process = subprocess.Popen(command + ["-S", "-qmp", f"unix:{path}"], stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, stderr=self.errors, start_new_session=True)
        except OSError as error:
            raise Failure(STATUS_MACHINE, f"{command[0]}: {error.strerror} (tools/setup run installs it)") from None
        self.uart = self.process.stdout
        os.set_blocking(self.uart.fileno(), False)
        self.events = []
        self.replies = {}
        self.qmp_buffer = b""
        self.qmp = None
        self.serial = 0
        listener.settimeout(0.1)
        deadline = time.monotonic() + 60
        while self.qmp is None:
            try:
                self.qmp = listener.accept()[0]
            except socket.timeout:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    break
        listener.close()
        if self.qmp is None or not self.command("qmp_capabilities"):
            self.kill()
            raise Failure(STATUS_MACHINE, "QEMU did not start" + self.complaints(": "))

    def complaints(self, before=""):
        """What QEMU wrote on its standard error."""
        self.errors.seek(0)
        lines = [line for line in self.errors.read().splitlines() if not HARMLESS.match(line)]
        if not lines:
            return ""
        return before + "\n  ".join(os.fsdecode(line) for line in lines)

    def command(self, name, seconds=60, **arguments):
        """Executes a QMP command: its reply, which may be a refusal ("error"), or None when QEMU is gone."""
        self.serial += 1
        text = json.dumps({"execute": name, "arguments": arguments, "id": self.serial})
        try:
            self.qmp.sendall(text.encode() + b"\n")
        except OSError:
            return None
        deadline = time.monotonic() + seconds
        while self.serial not in self.replies:
            self.qmp.settimeout(0.05)
            if not self.read_qmp() or time.monotonic() > deadline:
                return None
        return self.replies.pop(self.serial)

    def read_qmp(self):
        """Takes what QMP has for us. False: the connection is closed."""
        try:
            data = self.qmp.recv(65536)
        except (socket.timeout, BlockingIOError):
            return True
        except OSError:
            return False
        if not data:
            return False
        self.qmp_buffer += data
        while b"\n" in self.qmp_buffer:
            line, self.qmp_buffer = self.qmp_buffer.split(b"\n", 1)
            message = json.loads(line)
            if "event" in message:
                self.events.append(message)
            elif "id" in message:
                self.replies[message["id"]] = message
        return True

    def answer(self):
        try:
            self.process.stdin.write(b"\n")
            self.process.stdin.flush()
        except OSError:
            pass  # it has ended meanwhile; its status tells

    def kill(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(2)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()

    def shutdown_reason(self):
        for event in self.events:
            if event["event"] == "SHUTDOWN":
                return event.get("data", {}).get("reason", "")
        return None
