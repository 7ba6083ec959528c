"""Words that stand nowhere else, one for each field that a person fills: a search for them tells
where what was written there has got to, in whatever form."""

import base64
import datetime
import hashlib
import re
import struct

import ahocorasick
from google.protobuf.descriptor import FieldDescriptor

_STEM = "zq7x"
# Each has an end of its own: memory that is used again puts halves of words together, and words that
# differ in their last digit only are alike in whole characters of base64.
_WORD = re.compile(rb"zq7x(\d{4})([a-p]{6})")
_TEXTS = (FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BYTES)
_DAY = "2023-08-{:02}"  # days that no table of the reference data has: canary_test.py looks


def leaves(message, path="", within=()):
    """Paths of a message down to texts, times and bytes, with the message that has each."""
    for field in message.fields:
        here = f"{path}.{field.name}".lstrip(".")
        inner = field.message_type
        if inner is None:
            if field.type in _TEXTS:
                yield here, message, field.name
        elif inner.full_name not in within:
            yield from leaves(inner, here, (*within, inner.full_name))


class Canary:
    """What is written into the field of a row."""

    def __init__(self, number, field):
        self.number = number
        self.field = field
        name = field.rpartition(".")[2]
        self.text = f"{_STEM}{number:04}{_ending(number)}"
        digits = f"{number:04}"
        self.value = self.text
        self.plain = [self.text.encode()]
        if name == "nip":
            self.value = f"19790304200502{1 if number % 2 else 2}{number % 900 + 100:03}"
        elif name == "nik":
            self.value = f"130401150378{digits}"
        elif name == "phone":
            self.value = f"0877 4153-{digits}"
        elif name == "known_on":
            self.value = _DAY.format(number % 28 + 1)
        elif name == "sha256":
            raw = hashlib.sha512(self.text.encode()).digest()[:32]
            self.value = base64.b64encode(raw).decode()
            self.plain = [raw, raw.hex().encode(), self.value.encode()]
            return
        elif name == "clock":
            self.seconds = 1_728_100_000 + 61 * number
            self.value = self.instant
            self.plain = [_varint(self.seconds), self.instant.encode()]
            return
        elif name == "raw":
            self.value = f"{self.text}/2024"
        if self.value != self.text:
            self.plain = [self.value.encode()]
        if name == "phone":
            self.plain += [re.sub(r"\D", "", self.value).encode()]

    def value_is(self, value):
        """For a field that does not take any other."""
        self.value = value
        self.plain = [value.encode()]

    @property
    def instant(self):
        """Of a time of day: as JSON has it."""
        time = datetime.datetime.fromtimestamp(self.seconds, datetime.timezone.utc)
        return time.strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def is_word(self):
        return self.text in self.value

    def needles(self):
        """All forms, as bytes that are searched with their case."""
        needles = list(self.plain)
        for plain in self.plain:
            needles += [plain.hex().encode(), plain.hex().upper().encode()]
            needles.append(plain.decode("latin-1").encode("utf-16-le"))
            needles.append("".join(f"%{byte:02X}" for byte in plain).encode())
            needles += [_base64_inside(plain, shift) for shift in range(3)]
            needles += _digests(plain)
        return needles


def _ending(number):
    digest = hashlib.sha256(b"ending %d" % number).hexdigest()[:6]
    return digest.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))


def _digests(plain):
    digest = hashlib.sha256(plain).digest()
    return [digest, digest.hex().encode(), base64.b64encode(digest),
            base64.urlsafe_b64encode(digest).rstrip(b"=")]


def _base64_inside(plain, shift):
    """The characters that are the same whatever stands around, at that place in a group of three."""
    coded = base64.b64encode(b"\0" * shift + plain)
    begin = -(-shift * 8 // 6)
    end = (shift + len(plain)) * 8 // 6
    return coded[begin:end]


def _varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out + struct.pack("B", number))


class Search:
    """Which canaries stand in some bytes."""

    def __init__(self, canaries):
        self._words = {canary.number: canary for canary in canaries if canary.is_word}
        self._others = [canary for canary in canaries if not canary.is_word]
        fields = {}
        for canary in canaries:
            for needle in canary.needles():
                fields.setdefault(needle.decode("latin-1"), set()).add(canary.field)
        self._forms = ahocorasick.Automaton()
        for needle, those in fields.items():
            self._forms.add_word(needle, those)
        self._forms.make_automaton()

    def fields(self, content, deep=True):
        """The fields whose canaries are in it; if not `deep`, as they were written."""
        found = {self._words[int(number)].field for number, ending in _WORD.findall(content.lower())
                 if int(number) in self._words and ending == _ending(int(number)).encode()}
        if not deep:
            return found | {canary.field for canary in self._others
                            if any(plain in content for plain in canary.plain)}
        return found.union(*(those for _, those in self._forms.iter(content.decode("latin-1"))))
