"""The demo's folder: nobody else's data are removed, and what runs is left alone."""

import fcntl
import json
import os
import pathlib
import shutil
import time

from errors import DemoError, UsageError

_LOCK = "demo.lock"  # marks the folder as a demo's; locked as long as the demo or a node runs
_RUN = "run.json"
_LOCK_SECONDS = 3  # the nodes of a demo that was killed are stopping
_OURS = (_RUN, "pki", "intake", "referral", "sanction")


def default_directory(checkout, name):
    """.demo/NAME in the checkout or, where that cannot be written, in TMPDIR."""
    if os.access(checkout, os.W_OK):
        return checkout / ".demo" / name
    base = pathlib.Path(os.environ.get("TMPDIR") or "/tmp") / f"selaras-demo-{os.getuid()}"
    base.mkdir(mode=0o700, exist_ok=True)
    if base.stat().st_uid != os.getuid():
        raise DemoError(f"{base} belongs to somebody else", ["name a folder with --dir DIR"])
    return base / name


class Workdir:
    """A folder that this run owns until it ends, empty at the start."""

    def __init__(self, path):
        self.path = pathlib.Path(path).resolve()
        self._refuse_foreign()
        self.path.mkdir(parents=True, exist_ok=True)
        self.lock = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._take_lock()
        self._clean()

    def _take_lock(self):
        deadline = time.monotonic() + _LOCK_SECONDS
        while True:
            try:
                return fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() < deadline:
                    time.sleep(0.05)
                    continue
            raise DemoError(f"a demo runs in {self.path}",
                            [f"stop what it left running: tools/x demo --stop {self.path}",
                             "or name another folder with --dir DIR"])

    def _refuse_foreign(self):
        if self.path.exists() and not self.path.is_dir():
            raise UsageError(f"{self.path} is not a folder")
        if (self.path.is_dir() and any(self.path.iterdir()) and
                not (self.path / _LOCK).is_file()):
            raise UsageError(f"{self.path} is not empty and not a demo's",
                             ["name a new folder with --dir DIR"])

    def _clean(self):
        for name in _OURS:
            path = self.path / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def remember(self, nodes):
        """Notes which processes run here, for --stop."""
        text = json.dumps({"nodes": nodes}, indent=1) + "\n"
        (self.path / _RUN).write_text(text, encoding="utf-8")


def running_nodes(path):
    """The processes that a demo left running in a folder, as {"name", "pid"}."""
    run = pathlib.Path(path) / _RUN
    try:
        nodes = json.loads(run.read_text(encoding="utf-8"))["nodes"]
    except FileNotFoundError:
        raise UsageError(f"no demo has run in {path}") from None
    return [node for node in nodes if _is_running(node)]


def _is_running(node):
    """Whether the number still belongs to that node and not to another, later process."""
    try:
        words = pathlib.Path(f"/proc/{node['pid']}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return os.fsencode(node["config"]) in words
