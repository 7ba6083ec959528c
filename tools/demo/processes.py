"""Processes that never outlive the demo: they end when it ends, however it ends."""

import os
import pathlib
import signal
import subprocess

from errors import DemoError, Interrupted

_LOOK_EVERY = 0.1  # seconds between two looks at the nodes while a command runs

# Runs "$@" unless process $0, who asked for it, has died before the kernel was told.
_UNLESS_ORPHANED = '[ "$PPID" = "$0" ] || exit 1; exec "$@"'


def _tied(command):
    """The command so that the kernel sends it SIGTERM when this process dies, even by SIGKILL.
    By programs, not by code between fork and exec: that can hang for ever on a lock which another
    thread held at the fork, and gRPC has threads."""
    return ["setpriv", "--pdeathsig", "TERM", "sh", "-c", _UNLESS_ORPHANED, str(os.getpid()),
            *command]


def spawn(command, *, tied=True, **arguments):
    """Starts a command in a session of its own: Ctrl-C in the terminal reaches the demo only,
    which then ends the command in order. Call it from the main thread."""
    return subprocess.Popen(
        _tied(command) if tied else command, stdin=subprocess.DEVNULL, start_new_session=True,
        **arguments)


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


def wait(process, seconds, what):
    """Waits for the end of a process and gives its code. One that does not end is killed: a
    DemoError says what its threads were waiting for."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        threads = threads_of(process.pid)
        process.kill()
        process.wait()
        raise DemoError(f"{what} does not end within {seconds} seconds", threads) from None


def threads_of(pid):
    """What the kernel says of the threads of a process: name, state, where it sleeps."""
    lines = []
    for thread in sorted(pathlib.Path(f"/proc/{pid}/task").glob("*")):
        try:
            state = (thread / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
            lines.append(f"thread {thread.name} {(thread / 'comm').read_text().strip()}: "
                         f"{state} {(thread / 'wchan').read_text().strip()}")
        except OSError:
            continue  # it has ended, or the kernel does not tell
    return lines


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
