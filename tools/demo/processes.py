"""Processes that never outlive the demo: they end when it ends, however it ends."""

import ctypes
import os
import signal
import subprocess

from errors import Interrupted

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)
_LOOK_EVERY = 0.1  # seconds between two looks at the nodes while a command runs


def _tied_to(parent):
    """To be run in the child: the kernel sends SIGTERM when the demo dies, even by SIGKILL."""

    def before_exec():
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)

    return before_exec


def spawn(command, *, tied=True, **arguments):
    """Starts a command in a session of its own: Ctrl-C in the terminal reaches the demo only,
    which then ends the command in order. Call it from the main thread."""
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, start_new_session=True,
        preexec_fn=_tied_to(os.getpid()) if tied else None, **arguments)


class Finished:
    """A command that has ended."""

    def __init__(self, command, code, stdout, stderr):
        self.command = command
        self.code = code
        self.stdout = stdout
        self.stderr = stderr


def run(command, watch=lambda: None):
    """Runs a command to its end. `watch` is called meanwhile; what it raises ends the command."""
    process = spawn(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        while True:
            try:
                out, err = process.communicate(timeout=_LOOK_EVERY)
            except subprocess.TimeoutExpired:
                watch()
                continue
            return Finished(command, process.returncode, out.decode(errors="replace"),
                            err.decode(errors="replace"))
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def raise_on_signals():
    """Ctrl-C, kill and a closed terminal become exceptions, so that `finally` blocks run."""

    def on_signal(number, _frame):
        raise Interrupted(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)


def how_it_ended(code):
    """The end of a process, for people."""
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"
