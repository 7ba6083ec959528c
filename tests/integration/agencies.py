"""Nodes of real programs for a test: the demo's, in a folder of their own that goes away.

Needs SELARAS_BIN, the folder of the programs.
"""

import faulthandler
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SETS = ROOT / "tests/data/registers"
sys.path.insert(0, str(ROOT / "tools/demo"))

from cli import Selaras
import delivery
import errors
import jurisdiction
from nodes import Fleet
import processes
from workdir import Workdir

UNREACHABLE = 6  # exit code of selaras: the node does not answer
PATIENCE = 240  # seconds without any progress: far more than the slowest machine needs
_LOOK = 0.05
_LIMIT = 1800  # seconds that ctest gives a script, see CMakeLists.txt

# A script that is about to be ended says first where it is.
faulthandler.dump_traceback_later(_LIMIT - 60)


def bin_dir():
    return pathlib.Path(os.environ["SELARAS_BIN"]).resolve()


def seeded():
    """A source of randomness whose seed is printed; SELARAS_SEED repeats a run."""
    seed = int(os.environ.get("SELARAS_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"SELARAS_SEED={seed}", file=sys.stderr, flush=True)
    return random.Random(seed)


def of_set(name):
    """The authorities of a set of registers: one node per role."""
    return jurisdiction.authorities(SETS / name, ROOT / "deploy/reference")


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


class Agencies:
    """Nodes that run as long as the block."""

    def __init__(self, authorities, identities=(), start=True, reference=None):
        """identities: more certificates, as role:authority:name, see deploy/pki/README.md.
        reference: a folder of other reference data than the shipped ones."""
        self._authorities = authorities
        self._reference = reference
        self._identities = identities
        self._start = start

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="selaras-")
        try:
            self._work = Workdir(pathlib.Path(self._folder.name) / "nodes")
            self.path = self._work.path
            self.selaras = Selaras(bin_dir() / "selaras")
            self.fleet = Fleet(self.selaras, bin_dir(), ROOT, self._work, self._authorities,
                               self._reference)
            self.fleet.make_keys()
            if self._identities:
                self._make_identities()
            if self._start:
                self.fleet.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind, _error, _trace):
        if hasattr(self, "fleet"):
            if kind is not None:
                self._show_logs()
            self.fleet.end()
        if hasattr(self, "_work"):
            os.close(self._work.lock)
        self._folder.cleanup()

    def __getitem__(self, folder):
        """The node of that folder, e.g. intake or sanction-13.04."""
        return next(node for node in self.fleet if node.folder.name == folder)

    def __iter__(self):
        return iter(self.fleet)

    @property
    def pki(self):
        return self.path / "pki"

    def certificate(self, name):
        """Options of selaras for another certificate than that of the node's data entry."""
        return ["--ca", self.pki / "ca.crt", "--cert", self.pki / f"{name}.crt",
                "--key", self.pki / f"{name}.key"]

    def name_witness(self, node, authority, key):
        """Makes the key of a witness outside, whom the node, which does not run yet, names; gives its
        verifier key."""
        verifier_key = self.selaras.make_key(authority, key, witness=True)
        node.settings += (f"witnesses {{\n  authority: {json.dumps(authority)}\n"
                             f"  verifier_key: {json.dumps(verifier_key)}\n}}\n")
        return verifier_key

    def stop(self):
        """Asks all nodes to stop; each must do so in order."""
        for node in self:
            if node.process is not None:
                self.end(node, signal.SIGTERM)

    def end(self, node, number):
        """Ends a node by a signal. SIGTERM must end it in order."""
        code = self.fleet.end_one(node, number)
        if code != (0 if number == signal.SIGTERM else -number):
            raise errors.DemoError(f"{node.name} {processes.how_it_ended(code)} after "
                                   f"{signal.Signals(number).name}", node.last_lines())

    def start_again(self, node):
        self.fleet.start_again(node)

    def command(self, node, *arguments):
        """The command line of selaras that asks a node, as JSON."""
        return [str(self.selaras.program), "--json", "--client", str(node.client), "--timeout",
                "60s", *map(str, arguments)]

    def spawn(self, node, *arguments):
        """Starts selaras beside the test; `finish` waits for it."""
        return processes.spawn(self.command(node, *arguments), stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)

    def run(self, node, *arguments):
        """Runs selaras to its end. Gives exit code, objects of stdout, text of stderr."""
        return finish(self.spawn(node, *arguments))

    def entries(self, node, log):
        """All entries of a log of a stopped node."""
        done = subprocess.run(
            [self.selaras.program, "--json", "log", "list", "--store", node.store, "--log", log],
            capture_output=True, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def own_entries(self, node):
        """All entries of both own logs of a stopped node."""
        return self.entries(node, node.name) + self.entries(node, f"{node.name}/private")

    def statuses(self):
        return [self.selaras.status(node) for node in self]

    def await_delivery(self):
        """Waits until every node holds all that it may see. Gives what the nodes then say."""
        watch = delivery.Watch()
        while True:
            self.fleet.check()
            statuses = self.statuses()
            left = watch.left(statuses)
            if not left:
                return statuses
            if watch.seconds_without_news() > PATIENCE:
                raise errors.DemoError("the links do not deliver everything",
                                       delivery.faults(statuses) + left)
            time.sleep(_LOOK)

    def verify(self):
        """Verifies the stores of stopped nodes. Gives the number of logs that are good, and what
        is not, in words."""
        good, problems = 0, []
        for node in self:
            summary = self.selaras.verify(node)
            good += sum(log["clean"] and log["signature_checked"] for log in summary["logs"])
            problems += [f"{node.name}: {finding}" for finding in summary["findings"]]
            if not summary["clean"]:
                problems.append(f"{node.name}: the store is not what its entries say")
        return good, problems

    def _make_identities(self):
        command = [ROOT / "deploy/pki/make-test-pki.sh", "--out", self.pki]
        for identity in self._identities:
            command += ["--identity", identity]
        subprocess.run(command, check=True, capture_output=True)

    def _show_logs(self):
        for node in self:
            for line in node.last_lines():
                print(f"{node.name}: {line}", file=sys.stderr)


def finish(process):
    """Waits for what `spawn` started. Gives exit code, objects of stdout, text of stderr."""
    try:
        out, err = process.communicate(timeout=2 * PATIENCE)
    except subprocess.TimeoutExpired:
        threads = processes.threads_of(process.pid)
        process.kill()
        process.communicate()
        raise errors.DemoError(f"{' '.join(map(str, process.args))} does not end", threads) from None
    lines = out.split(b"\n")
    rest = lines.pop()
    if rest and process.returncode >= 0:  # who was killed may leave half a line
        raise errors.DemoError(f"{' '.join(map(str, process.args))} ends in the middle of a line",
                               rest.decode(errors="replace"))
    return (process.returncode, [json.loads(line) for line in lines],
            err.decode(errors="replace"))


def await_true(what, condition):
    """Waits until the condition holds. Gives what it gave."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(_LOOK)
    raise errors.DemoError(f"{what}: not after {PATIENCE} seconds")
