"""The nodes: their keys, configurations and processes."""

import json
import os
import pathlib
import signal
import subprocess
import time

from errors import DemoError
import processes

# The order of starting: who is dialled comes before who dials, because its address is picked then.
ROLES = ("referral", "intake", "sanction")
# A regency behind NAT dials everybody and is dialled by nobody.
_DIALS = {"referral": (), "intake": ("referral",), "sanction": ("referral", "intake")}
AGENCIES = {"intake": "Bawaslu", "referral": "BKN", "sanction": "BKPSDM"}

_START_SECONDS = 120  # generous: a build with sanitizers on a busy machine
_STOP_SECONDS = 60
_LAST_LINES = 15


class Node:
    """One node, its files in a folder of its own whose name its certificates bear."""

    def __init__(self, role, authorities, folder):
        self.role = role
        self.authorities = authorities
        self.name = _name(role, authorities)
        self.folder = folder
        self.config = folder / "node.textproto"
        self.client = folder / "client.textproto"
        self.store = folder / "store"
        self.log = folder / "node.log"
        self.address_file = folder / "address"
        self.verifier_key = None
        self.witness_verifier_key = None
        self.address = None
        self.process = None
        self.environment = {}  # for its process, beside that of the demo
        self.has_line = True  # whether it dials others
        self.runs = True  # whether it is started with the others
        self.settings = ""  # more of its configuration
        self.tls_settings = ""  # the same, of its certificates
        self.log_key = "log.key"  # a file, or a key in a token

    @property
    def identity(self):
        """The authority that stands in its certificates: one of those that it acts for."""
        return self.authorities[0]

    @property
    def certificate(self):
        """File name of its certificate; that of its data entry is the same with -entry."""
        return self.folder.name

    def last_lines(self):
        """The end of what the node has logged, and where the rest is."""
        try:
            lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            lines = []
        return lines[-_LAST_LINES:] + [f"all of it: {self.log}"]


class Fleet:
    """All nodes, as one thing that is started and stopped.

    authorities: folder -> authorities that its node acts for. A folder is named after the role,
    and like sanction-13.04 where a role has several nodes.
    """

    def __init__(self, selaras, bin_dir, checkout, workdir, authorities, reference=None):
        """reference: a folder of reference data; what is shipped if none is given."""
        self._selaras = selaras
        self._bin = bin_dir
        self._checkout = checkout
        self._reference = reference or checkout / "deploy/reference"
        self._workdir = workdir
        self._pki = workdir.path / "pki"
        self._nodes = [Node(role, authorities[folder], workdir.path / folder)
                       for role in ROLES for folder in authorities if _role_of(folder) == role]

    def __iter__(self):
        return iter(self._nodes)

    @property
    def by_role(self):
        """The node of each role, where it has one only."""
        return {node.role: node for node in self}

    @property
    def serves(self):
        """Authority -> role of the node that acts for it."""
        return {authority: node.role for node in self for authority in node.authorities}

    def make_keys(self):
        """Keys that sign logs, and certificates of the test PKI."""
        command = [str(self._checkout / "deploy/pki/make-test-pki.sh"), "--out", str(self._pki)]
        for node in self:
            command += ["--identity", f"node:{node.identity}:{node.certificate}",
                        "--identity", f"entry:{node.identity}:{node.certificate}-entry"]
        finished = processes.run(command)
        if finished.code != 0:
            raise DemoError("making the test PKI failed", finished.stderr.splitlines())
        for node in self:
            node.folder.mkdir(mode=0o700)
            node.verifier_key = self._selaras.make_key(node.name, node.folder / "log.key")
            node.witness_verifier_key = self._selaras.make_key(
                node.name, node.folder / "witness.key", witness=True)

    def start(self, tied=True):
        """Starts all, each on a port of its own; on return they serve."""
        for node in self:
            node.address = None
        for node in self:
            if not node.runs:
                continue
            self._write_config(node, listen="127.0.0.1:0")
            self._spawn(node, tied)
            node.address = self._await_address(node)
            # Whoever starts this node again gets it where its peers look for it.
            self._write_config(node, listen=node.address)
            self._write_client(node)

    def start_again(self, node):
        """Starts one that was ended, at the address where its peers look for it."""
        self._spawn(node, tied=True)
        self._await_address(node)

    def end_one(self, node, number):
        """Ends one node by a signal, and waits. Gives its exit code."""
        process, node.process = node.process, None
        process.send_signal(number)
        try:
            return processes.wait(process, _STOP_SECONDS, _title(node))
        except DemoError as error:
            raise DemoError(error.message, error.details + node.last_lines()) from None

    def check(self):
        """A DemoError if a node does not run any more."""
        for node in self:
            if node.process is not None and node.process.poll() is not None:
                raise self._ended(node)

    def stop(self):
        """Asks all to stop in order, and waits. A DemoError if one does not end well."""
        running = [node for node in self if node.process is not None]
        for node in running:
            if node.process.poll() is not None:
                raise self._ended(node)
            node.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        for node in running:
            try:
                code = node.process.wait(max(0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                raise DemoError(f"{_title(node)} does not stop within {_STOP_SECONDS} seconds",
                                node.last_lines()) from None
            if code != 0:
                raise self._ended(node)
            node.process = None

    def end(self):
        """Ends what still runs, whatever has happened before; a second signal ends it at once."""
        try:
            self._end_in_order()
        finally:
            for node in self:
                if node.process is not None:
                    node.process.kill()
                    node.process.wait()
                    node.process = None

    def leave(self):
        """Lets the nodes run on after the demo."""
        for node in self:
            node.process.returncode = 0  # so that Popen does not warn about what is meant
            node.process = None

    def _end_in_order(self):
        running = [node for node in self if node.process is not None]
        for node in running:
            node.process.terminate()
        deadline = time.monotonic() + _STOP_SECONDS
        for node in running:
            try:
                node.process.wait(max(0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                return

    def _spawn(self, node, tied):
        program = self._bin / f"selaras-{node.role}"
        node.address_file.unlink(missing_ok=True)  # of a node that was killed
        with open(node.log, "ab") as log:
            node.process = processes.spawn(
                [str(program), "--config", str(node.config)], tied=tied, stdout=log, stderr=log,
                cwd=node.folder, env={**os.environ, **node.environment},
                pass_fds=[self._workdir.lock])
        self._workdir.remember([
            {"name": n.name, "pid": n.process.pid, "config": str(n.config)}
            for n in self if n.process is not None])

    def _await_address(self, node):
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            self.check()
            try:
                return node.address_file.read_text(encoding="ascii").strip()
            except FileNotFoundError:
                time.sleep(0.02)
        raise DemoError(f"{_title(node)} does not serve after {_START_SECONDS} seconds",
                        node.last_lines())

    def _ended(self, node):
        return DemoError(f"{_title(node)} {processes.how_it_ended(node.process.returncode)}",
                         node.last_lines())

    def _write_config(self, node, listen):
        peers = "".join(self._peer_text(node, peer) for peer in self if _are_linked(node, peer))
        _write(node.config, (
            f"node: {_quoted(node.name)}\n"
            f"{_authorities_text(node, '')}"
            f"listen: {_quoted(listen)}\n"
            f'store: "store"\n'
            f"reference: {_quoted(self._reference)}\n"
            f"log_key: {_quoted(node.log_key)}\n"
            f'witness_key: "witness.key"\n'
            f"{_tls_text(node.certificate, node.tls_settings)}"
            f"{peers}"
            f'address_file: "address"\n'
            f"{node.settings}"))

    def _peer_text(self, node, peer):
        dials = node.has_line and (peer.role in _DIALS[node.role] or (
            _are_offices(node, peer) and self._nodes.index(peer) < self._nodes.index(node)))
        return (f"peers {{\n"
                f"  node: {_quoted(peer.name)}\n"
                f"{_authorities_text(peer, '  ')}"
                f"  verifier_key: {_quoted(peer.verifier_key)}\n"
                f"  witness_key: {_quoted(peer.witness_verifier_key)}\n"
                + (f"  dial: {_quoted(peer.address)}\n" if dials else "") + "}\n")

    def _write_client(self, node):
        _write(node.client,
               f"node: {_quoted(node.address)}\n{_tls_text(node.certificate + '-entry')}")


def _role_of(folder):
    return folder.split("-", 1)[0]


def _are_linked(node, peer):
    """Two regencies have nothing to tell each other."""
    return (peer.role in _DIALS[node.role] or node.role in _DIALS[peer.role]
            or _are_offices(node, peer))


def _are_offices(node, peer):
    """Whether both are Bawaslu's: its offices hand cases to each other."""
    return node is not peer and node.role == peer.role == "intake"


def _name(role, authorities):
    """bawaslu-13 for one authority, bawaslu for several."""
    if role == "referral":
        return "bkn"
    return authorities[0].replace("/", "-") if len(authorities) == 1 else {
        "intake": "bawaslu", "sanction": "ppk"}[role]


def _title(node):
    return f"the {node.role} node {node.name}"


def _authorities_text(node, indent):
    return "".join(f"{indent}authorities: {_quoted(authority)}\n" for authority in node.authorities)


def _tls_text(name, settings=""):
    return (f'tls {{\n  certificate: "../pki/{name}.crt"\n  key: "../pki/{name}.key"\n'
            f'  ca: "../pki/ca.crt"\n{settings}}}\n')


def _quoted(value):
    """A string of protobuf's text format."""
    return json.dumps(str(value), ensure_ascii=False)


def _write(path, text):
    """In one step: a program that reads it sees the old or the new text."""
    draft = pathlib.Path(f"{path}.new")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)
