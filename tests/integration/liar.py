"""A node that lies: a peer in Python that shares no code with the nodes, signs whatever it likes with
its real key, and speaks the link protocol with its real certificate."""

import base64
import hashlib
import queue

from foreign import Client

_SERVICE = "selaras.ledger.v1.LinkService/Link"

# Ed25519 (RFC 8032), slow and plain.
_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_BASE = (15112221349535400772501151409588531511454012693041857206046113283949847762202,
         46316835694926478169428394003475163141307993866256225615783033603165251855960)


def _add(a, b):
    (x1, y1), (x2, y2) = a, b
    product = _D * x1 * x2 * y1 * y2
    return ((x1 * y2 + x2 * y1) * pow(1 + product, -1, _P) % _P,
            (y1 * y2 + x1 * x2) * pow(1 - product, -1, _P) % _P)


def _times(number, point):
    total = (0, 1)
    while number:
        if number & 1:
            total = _add(total, point)
        point, number = _add(point, point), number >> 1
    return total


def _packed(point):
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def _number(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


class Key:
    """An Ed25519 key that signs notes under a name, as C2SP has it."""

    def __init__(self, name, seed):
        expanded = hashlib.sha512(seed).digest()
        self._secret = int.from_bytes(expanded[:32], "little") & ~7 & ~(1 << 255) | 1 << 254
        self._prefix = expanded[32:]
        self._public = _packed(_times(self._secret, _BASE))
        self.name = name
        self.id = hashlib.sha256(name.encode() + b"\n\1" + self._public).digest()[:4]

    @classmethod
    def of(cls, node):
        """That of a node, from its file."""
        text = (node.folder / "log.key").read_text(encoding="utf-8").strip()
        _, _, name, _, data = text.split("+", 4)
        return cls(name, base64.b64decode(data)[1:])

    @property
    def verifier(self):
        data = base64.b64encode(b"\1" + self._public).decode()
        return f"{self.name}+{self.id.hex()}+{data}"

    def sign(self, text):
        message = text.encode()
        nonce = _number(self._prefix, message) % _ORDER
        commitment = _packed(_times(nonce, _BASE))
        challenge = _number(commitment, self._public, message)
        answer = (nonce + challenge * self._secret) % _ORDER
        signature = base64.b64encode(self.id + commitment + answer.to_bytes(32, "little")).decode()
        return f"{text}\n\u2014 {self.name} {signature}\n"


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return hashlib.sha256(b"\1" + root(leaves[:left]) + root(leaves[left:])).digest()


def history(name, size, course="true"):
    """Entries of a log; two courses differ from the first one on."""
    return [f"{name} {course} {place}".encode() for place in range(size)]


class Liar:
    """The peer `node`, which does not run."""

    def __init__(self, contracts, pki, node):
        self._contracts = contracts
        self._pki = pki
        self.node = node
        self.key = Key.of(node)
        self._frame = contracts.type("selaras.ledger.v1.LinkRequest")

    def checkpoint(self, entries, key=None, origin=None):
        """A signed statement about these entries."""
        digest = base64.b64encode(root([leaf_hash(entry) for entry in entries])).decode()
        return (key or self.key).sign(f"{origin or self.key.name}\n{len(entries)}\n{digest}\n")

    def dial(self, victim):
        return Line(self, Client(self._contracts, victim.address, self._pki, self.node.certificate))

    def hello(self, **changes):
        return {"hello": {"protocol": 1, "node": self.node.name, "origin": self.key.name,
                          "verifier_key": self.key.verifier, **changes}}

    def leaves(self, entries, begin=0, checkpoint=None):
        return {"leaves": {
            "from_size": begin, "checkpoint": checkpoint or self.checkpoint(entries),
            "leaf_hashes": [_text(leaf_hash(entry)) for entry in entries[begin:]]}}

    def caught_up(self, entries, disclosed=0, checkpoint=None):
        return {"caught_up": {"size": len(entries), "disclosed": disclosed, "epoch": "lies",
                              "checkpoint": checkpoint or self.checkpoint(entries)}}

    @staticmethod
    def disclosed(*entries, begin=0):
        """entries: pairs of place and bytes."""
        return {"disclosed": {"epoch": "lies", "from_index": begin, "entries": [
            {"sequence": place, "entry": _text(entry)} for place, entry in entries]}}

    def request(self, frame):
        return self._contracts.make("selaras.ledger.v1.LinkRequest", {"frame": frame})


class Line:
    """A stream that the liar opened."""

    def __init__(self, liar, client):
        self._liar = liar
        self._client = client
        self._out = queue.SimpleQueue()
        self._heard = None

    def __enter__(self):
        self._client.__enter__()
        self._heard = self._client.talk(_SERVICE, iter(self._out.get, None))
        return self

    def __exit__(self, *_):
        self._out.put(None)
        self._heard.cancel()
        self._client.__exit__()

    def say(self, *frames):
        for frame in frames:
            self._out.put(self._liar.request(frame))

    def hear(self, *kinds):
        """The next frame of one of these kinds; others are passed over. None: the stream ended."""
        for response in self._heard:
            kind = response.frame.WhichOneof("kind")
            if kind in kinds:
                return getattr(response.frame, kind)
        return None

    def hear_size(self, size):
        """Waits until the victim acknowledges so many leaves."""
        while True:
            follow = self.hear("follow")
            if follow is None or follow.size >= size:
                return follow


def _text(data):
    return base64.b64encode(data).decode()
