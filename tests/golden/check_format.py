"""Computes the golden files of this folder again, from the words of FORMAT.md alone.

usage: check_format.py

It shares no code with the programs, and uses Python's standard library only. Numbers in brackets are
sections of FORMAT.md.
"""

import base64
import hashlib
import hmac
import pathlib
import struct
import sys

FOLDER = pathlib.Path(__file__).parent
problems = []


def expect(what, actual, expected):
    if actual != expected:
        problems.append(f"{what}: by FORMAT.md {actual!r}, in the golden file {expected!r}")


def blocks(file):
    """Blocks of `name: value`, parted by blank lines."""
    for block in (FOLDER / file).read_text(encoding="utf-8").strip("\n").split("\n\n"):
        lines = (line.partition(":") for line in block.split("\n"))
        yield {name: value[1:] for name, _, value in lines}


def by_kind(file, *kinds):
    found = {kind: [] for kind in kinds}
    for block in blocks(file):
        found[block["is"]].append(block)
    return found


def key_in(blocks_of_keys, name):
    return next(bytes.fromhex(block["key"]) for block in blocks_of_keys if block["name"] == name)


def u16(number):
    return struct.pack(">H", number)


def u32(number):
    return struct.pack(">I", number)


def u64(number):
    return struct.pack(">Q", number)


def sha256(data):
    return hashlib.sha256(data).digest()


def keyed(key, purpose, *parts):  # [2]
    message = purpose.encode()
    for part in parts:
        part = part if isinstance(part, bytes) else part.encode()
        message += u32(len(part)) + part
    return hmac.new(key, message, hashlib.sha256).digest()


def uuid(digest):  # [2]
    data = bytearray(digest[:16])
    data[6] = data[6] & 0x0F | 0x80
    data[8] = data[8] & 0x3F | 0x80
    text = data.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


# Protobuf, as little of it as is needed.


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return value, at


def fields(data):
    """(number, value, bytes of the whole field) of varints and of fields with a length."""
    at, found = 0, []
    while at < len(data):
        start = at
        tag, at = varint(data, at)
        value, at = varint(data, at)
        if tag & 7 == 2:
            at += value
            value = data[at - value : at]
        elif tag & 7 != 0:
            raise ValueError(f"wire type {tag & 7}")
        found.append((tag >> 3, value, data[start:at]))
    return found


def field(data, number, default=b""):
    return next((value for found, value, _ in fields(data) if found == number), default)


# Trees (RFC 6962), checkpoints and keys (C2SP).


def leaf_hash(entry):
    return sha256(b"\0" + entry)


def root(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return sha256(b"\1" + root(leaves[:left]) + root(leaves[left:]))


P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    t = D * x1 * x2 * y1 * y2
    return ((x1 * y2 + x2 * y1) * pow(1 + t, P - 2, P) % P, (y1 * y2 + x1 * x2) * pow(1 - t, P - 2, P) % P)


def times(number, point):
    result = (0, 1)
    for bit in bin(number)[2:]:
        result = add(result, result)
        result = add(result, point) if bit == "1" else result
    return result


def point_of(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & 2**255 - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    return (P - x if x & 1 != sign else x, y)


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key, message, signature):
    """Ed25519 (RFC 8032), slowly."""
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(r + key + message).digest(), "little")
    return times(s, BASE) == add(point_of(r), times(k, point_of(key)))


def public_key(seed):
    scalar = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    scalar = scalar & (2**254 - 8) | 2**254
    x, y = times(scalar, BASE)
    return (y | (x & 1) << 255).to_bytes(32, "little")


def read_key(text):
    """Name, id and bytes of a C2SP verifier key."""
    name, key_id, data = text.split("+", 2)
    data = base64.b64decode(data)
    expect(f"id of the key of {name}", sha256(name.encode() + b"\n" + data)[:4].hex(), key_id)
    expect(f"type of the key of {name}", data[0], 1)
    return name, bytes.fromhex(key_id), data[1:]


def open_note(note, verifier):
    name, key_id, key = read_key(verifier)
    text, _, signatures = note.rpartition(b"\n\n")
    text += b"\n"
    signed = []
    for line in signatures.decode().rstrip("\n").split("\n"):
        dash, signer, signature = line.split(" ")
        signature = base64.b64decode(signature)
        if (dash, signer, signature[:4]) == ("\u2014", name, key_id):
            signed.append(is_signed(key, text, signature[4:]))
    expect("signature", signed, [True])
    return text


def check_checkpoint(note, verifier, size, digest):
    origin = verifier.partition("+")[0]
    stated = f"{origin}\n{size}\n{base64.b64encode(digest).decode()}\n"
    expect("checkpoint", open_note(note, verifier).decode(), stated)


def check_published(note, verifier, size, digest):
    """The log's own signature, then the first and the newest cosignature of the witness. [5]"""
    text, _, signatures = note.rpartition(b"\n\n")
    first, *lines = signatures.decode().rstrip("\n").split("\n")
    check_checkpoint(text + b"\n\n" + first.encode() + b"\n", verifier, size, digest)
    times = []
    for line in lines:
        _, name, data = line.split(" ")
        data = base64.b64decode(data)
        public = public_key(b"w" * 32)
        expect("id of the witness", sha256(name.encode() + b"\n\4" + public)[:4], data[:4])
        (time,) = struct.unpack(">Q", data[4:12])
        message = f"cosignature/v1\ntime {time}\n".encode() + text + b"\n"
        expect("cosignature", is_signed(public, message, data[12:]), True)
        times.append(time)
    expect("times of cosignatures", times, [1679315147, 1679318747])


# The golden files.


def check_requests():
    found = by_kind("requests_v1.txt", "key", "request")
    key = key_in(found["key"], "request")
    for request in found["request"]:
        header, body = bytes.fromhex(request["header"]), bytes.fromhex(request["body"])
        kept = [whole for number, _, whole in fields(header) if number not in (1, 5, 6, 7)]  # [4]
        head = b"".join(kept)
        canonical = request["type"].encode() + b"\n" + u32(len(head)) + head + body
        expect("canonical request", canonical.hex(), request["canonical"])
        expect("digest", keyed(key, "digest", canonical).hex(), request["digest"])
        sent_id = bytes.fromhex(request["id_space"]) + field(header, 1)
        expect("tag", keyed(key, "tag", field(header, 2), sent_id).hex(), request["tag"])
        expect("scheme", 1, int(request["scheme"]))
        for message in (header, body):
            numbers = [number for number, _, _ in fields(message)]
            expect("order of fields", numbers, sorted(numbers))


def check_entries():
    found = by_kind("entries_v1.txt", "key", "log", "entry")
    (log,) = found["log"]
    key = key_in(found["key"], "request")
    expect("origin", "selaras/" + log["name"], log["origin"])
    expect("private log", log["name"] + "/private", log["private_name"])
    expect("empty root", root([]).hex(), log["empty_root"])
    name, key_id, _ = read_key(log["verifier_key"])
    seed = base64.b64encode(b"\1" + bytes.fromhex(log["seed"])).decode()
    expect("private key", f"PRIVATE+KEY+{name}+{key_id.hex()}+{seed}", log["private_key"])
    leaves = []
    for sequence, block in enumerate(found["entry"]):
        entry = bytes.fromhex(block["entry"])
        leaves.append(leaf_hash(entry))
        expect("sequence", sequence, int(block["sequence"]))
        expect("leaf hash", leaves[-1].hex(), block["leaf_hash"])
        expect("root", root(leaves).hex(), block["root"])
        note = bytes.fromhex(block["checkpoint"])
        check_checkpoint(note, log["verifier_key"], len(leaves), root(leaves))
        # [3]: salt, author, tag of the request.
        expect("length of the salt", len(field(entry, 1)), 16)
        expect("author", field(entry, 2).decode(), block["author"])
        tag = keyed(key, "tag", block["author"], block["request_id"])
        expect("tag in the entry", field(entry, 7), tag)


def hkdf(key, salt, info, size):  # RFC 5869
    secret = hmac.new(salt or bytes(32), key, hashlib.sha256).digest()
    derived = last = b""
    while len(derived) < size:
        last = hmac.new(secret, last + info + bytes([len(derived) // 32 + 1]), hashlib.sha256).digest()
        derived += last
    return derived[:size]


def double(number):  # FIPS 197, section 4.2
    return (number << 1) ^ (0x11B if number & 0x80 else 0)


def s_box():  # FIPS 197, section 5.1.1
    power, logarithm = [1], {1: 0}
    while len(power) < 255:
        power.append(power[-1] ^ double(power[-1]))  # times 3
        logarithm[power[-1]] = len(power) - 1
    box = []
    for number in range(256):
        inverse = power[-logarithm[number] % 255] if number else 0
        box.append(0x63 ^ inverse ^ (lambda twice: (twice ^ twice >> 8) & 0xFF)(
            inverse << 1 ^ inverse << 2 ^ inverse << 3 ^ inverse << 4))
    return box


S_BOX = s_box()


def aes_256(key, block):  # FIPS 197
    words = [list(key[i:i + 4]) for i in range(0, 32, 4)]
    constant = 1
    for i in range(8, 60):
        word = list(words[i - 1])
        if i % 8 == 0:
            word = [S_BOX[byte] for byte in word[1:] + word[:1]]
            word[0] ^= constant
            constant = double(constant)
        elif i % 8 == 4:
            word = [S_BOX[byte] for byte in word]
        words.append([a ^ b for a, b in zip(words[i - 8], word)])
    state = list(block)
    for turn in range(15):
        if turn > 0:
            state = [S_BOX[byte] for byte in state]
            state = [state[(i + 4 * (i % 4)) % 16] for i in range(16)]
        if 0 < turn < 14:
            mixed = []
            for i in range(0, 16, 4):
                a = state[i:i + 4]
                mixed += [double(a[j]) ^ double(a[(j + 1) % 4]) ^ a[(j + 1) % 4] ^ a[(j + 2) % 4]
                          ^ a[(j + 3) % 4] for j in range(4)]
            state = mixed
        state = [a ^ b for a, b in zip(state, sum(words[4 * turn:4 * turn + 4], []))]
    return bytes(state)


def aes_256_gcm(key, nonce, context, text):  # NIST SP 800-38D
    xor = lambda a, b: bytes(x ^ y for x, y in zip(a, b))
    blocks_of = lambda data: [data[i:i + 16] for i in range(0, len(data), 16)]
    stream = lambda counter: aes_256(key, nonce + u32(counter))
    ciphertext = b"".join(xor(part, stream(i + 2)) for i, part in enumerate(blocks_of(text)))
    hash_key = int.from_bytes(aes_256(key, bytes(16)), "big")
    tag = 0
    for part in blocks_of(context) + blocks_of(ciphertext) + [
            u64(8 * len(context)) + u64(8 * len(ciphertext))]:
        tag ^= int.from_bytes(part.ljust(16, b"\0"), "big")
        product, factor = 0, hash_key
        for bit in range(127, -1, -1):
            product ^= factor if tag >> bit & 1 else 0
            factor = factor >> 1 ^ (0xE1 << 120 if factor & 1 else 0)
        tag = product
    return ciphertext + xor(tag.to_bytes(16, "big"), stream(1))


def check_sealed():  # [3]
    found = by_kind("sealed_v1.txt", "entry", "wrapped", "blinded")
    for block in found["entry"]:
        event, part = bytes.fromhex(block["entry"]), bytes.fromhex(block["part"])
        salt, author = field(event, 1), field(event, 2)
        subject = field(event, 12) or field(event, 11)
        (kind,) = {number for number, _, _ in fields(field(event, 16))}
        key = hkdf(bytes.fromhex(block["subject_key"]), salt, b"selaras entry key v1", 32)
        expect("entry key", key.hex(), block["entry_key"])
        both = hkdf(key, b"", b"selaras sealed part v1", 64)
        context = b"selaras personal part v1" + b"".join(
            u32(len(piece)) + piece for piece in (author, subject, salt)) + u32(kind)
        sealed = field(event, 15)
        expect("commitment", field(sealed, 1), both[32:])
        expect("ciphertext", field(sealed, 2), aes_256_gcm(both[:32], bytes(12), context, part))
    (block,) = found["blinded"]  # [4]
    number = int.from_bytes(bytes.fromhex(block["digest"]), "big")
    for key in ("first_key", "second_key"):
        pad = hkdf(bytes.fromhex(block[key]), bytes.fromhex(block["tag"]), b"selaras blinded digest v1", 32)
        number ^= int.from_bytes(pad, "big")
    expect("blinded digest", number.to_bytes(32, "big").hex(), block["blinded"])
    for block in found["wrapped"]:
        wrapping, wrapped = bytes.fromhex(block["wrapping_key"]), bytes.fromhex(block["wrapped"])
        expect("id", wrapped[:8], hkdf(wrapping, b"", b"selaras wrapping key id v1", 8))
        expect("wrapped", wrapped[20:], aes_256_gcm(
            wrapping, wrapped[8:20], block["row"].encode(), bytes.fromhex(block["key"])))


def position(text):
    log, _, sequence = text.rpartition("@")
    return f"{log}@{int(sequence)}"


# Numbers of letters and systems [6]. Texts are bytes as characters 0 to 255.


DIGITS = "0123456789"
ALPHANUMERIC = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
WHITE = " \t\n\v\f\r"


def upper(text):
    return "".join(c.upper() if "a" <= c <= "z" else c for c in text)


def clean(text):
    text, kept = upper(text.replace("\xc2\xa0", " ")).strip(WHITE), ""
    for c in text:
        kept = kept[:-1] + c if c in WHITE and kept[-1:] in tuple(WHITE) else kept + c
    return kept


def without_word(text, stops, gone, alone):
    for word in ("NOMOR", "NO"):
        rest = text.removeprefix(word)
        if text.startswith(word) and (rest[0] in stops if rest else alone):
            return rest.lstrip(gone)
    return text


def as_register(raw):
    text, parts, part = upper(raw.replace("\xc2\xa0", " ")), [], ""
    for at, c in enumerate(text):
        inside = text[at - 1 : at] in DIGITS and text[at + 1 : at + 2] in DIGITS and 0 < at < len(text) - 1
        if c == "/" or c in WHITE or c == "." and not inside:
            parts.append(part)
            part = ""
        else:
            part += c
    parts = [part for part in [*parts, part] if part]
    first = parts[0] if parts else ""
    known = 1 <= len(first) <= 6 and all(c in DIGITS for c in first) and {"LP", "TM"} & set(parts[1:])
    return "/".join(parts) if known else raw


def as_letter(raw):
    parts = []
    for white in WHITE:
        raw = raw.replace(white, " ")
    for part in without_word(clean(raw), " .:", " .:", alone=False).split("/"):
        part = part.strip(" ")
        for around in (" - ", " -", "- "):
            part = part.replace(around, "-")
        parts.append("K" + part[2:] if part.startswith("K.") and part.count(".") == 1 else part)
    return "/".join(parts)


SYSTEMS = {
    7: ("SBT", "SBT"),
    8: ("IDIS", "I-DIS"),
    9: ("SIASN", "SIASN"),
    10: ("SIGAPLAPOR", "SigapLapor"),
    11: ("SRIKANDI", "Srikandi"),
}


def after_word(text, word):
    at = 0
    for letter in word:
        while 0 < at < len(text) and text[at] not in ALPHANUMERIC:
            at += 1
        if text[at : at + 1] != letter:
            return None
        at += 1
    return None if text[at : at + 1] and text[at] in ALPHANUMERIC else text[at:]


def of_system(kind, raw):
    text = clean(raw)
    if len(raw) > 120 or any((c < " " and c != "\t") or c == "\x7f" for c in raw) or not text:
        return None
    gone = " :#.-/="
    for other, (word, _) in SYSTEMS.items():
        rest = after_word(text, word)
        if rest is not None:
            if other != kind:
                return None
            text = rest.lstrip(gone)
            break
    text = without_word(text, " .:#", gone, alone=True)
    for beside in "/-.":
        text = text.replace(" " + beside, beside).replace(beside + " ", beside)
    return SYSTEMS[kind][1] + ":" + text if any(c in DIGITS for c in text) else None


def normalised(kind, raw):
    raw = raw.decode("latin-1")
    if kind in ("nip", "nik"):
        number = "".join(c for c in raw if c in DIGITS)
    elif kind == "1":
        number = as_register(raw)
    else:
        number = (int(kind) in SYSTEMS and of_system(int(kind), raw)) or as_letter(raw)
    return number.encode("latin-1")


def check_ids():
    kinds = "key report case receipt-code written-code look-up rung moved"
    found = by_kind("ids_v1.txt", *kinds.split())
    ids, look_up = (key_in(found["key"], name) for name in ("id", "look-up"))
    for b in found["report"]:
        expect("report id", uuid(keyed(ids, "report", b["authority"], b["report_key"])), b["id"])
    for b in found["case"]:
        case = uuid(keyed(ids, "case", b["authority"], b["request_id"], b["index"]))
        expect("case id", case, b["id"])
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    for b in found["receipt-code"]:
        made = keyed(ids, "receipt-code", b["authority"], b["report_id"], b["request_id"])
        bits = f"{int.from_bytes(made[:10], 'big'):080b}"
        code = "".join(digits[int(bits[at : at + 5], 2)] for at in range(0, 80, 5))
        code = "-".join(code[at : at + 4] for at in range(0, 16, 4))
        expect("receipt code", code, b["code"])
        expect("tag of a code", keyed(look_up, "receipt-tag", code).hex(), b["tag"])
    for b in found["written-code"]:
        read = b["written"].upper().translate(str.maketrans("OIL", "011", " -"))
        expect("written code", "-".join(read[at : at + 4] for at in range(0, 16, 4)), b["code"])
    for b in found["look-up"]:
        number = normalised(b["kind"], bytes.fromhex(b["raw"]))
        expect("normalised", number.hex(), b["normalised"])
        expect("look-up", keyed(look_up, "look-up", b["kind"], number).hex(), b["key"])
    for b in found["rung"]:
        what = f"rung/{b['subject']}/{b['deadline']}/{position(b['anchor'])}/{b['rung']}"
        expect("id of a rung", sha256(what.encode()).hex(), b["request_id"])
    for b in found["moved"]:
        what = f"moved/{b['subject']}/{b['deadline']}/{position(b['anchor'])}/"
        what += f"{b['catalogue']}/{b['previous_catalogue']}"
        expect("id of a moved day", sha256(what.encode()).hex(), b["request_id"])


def check_import_ids():
    found = by_kind("import_ids_v1.txt", "row", "amended")
    for b in found["row"]:
        number = b["number"]
        if len(number) > 64 or not all("!" <= c <= "~" for c in number):
            number = "sha256-" + sha256(number.encode()).hex()
        key = f"register:{b['office']}:{number}:{b['year']}"
        expect("file key", key, b["file_key"])
        expect("id of a row", f"{key}:{b['ordinal']}:{b['generation']}", b["request_id"])
    for b in found["amended"]:
        amended = f"register-case:{b['case_id']}:{int(b['revision']) + 1}"
        expect("id of an amendment", amended, b["request_id"])


ROWS = {  # [6]: what stands around the arguments
    "CaseState": "case/{}",
    "ReportState": "report/{}",
    "CaseView": "case/{}",
    "ViewBasis": "basis",
    "Scrub": "scrub",
    "Cursor": "cursor/{}",
    "Change": "change/{}",
    "ChangeCount": "changes",
    "LookUp": "look-up/{}/{}",
    "Receipt": "receipt/{}",
    "Derived": "derived/{}/{}",
    "Read": "read/{}/{}",
    "BreakGlass": "break-glass/{}",
    "Contradiction": "contradiction/{}/{}",
    "Numbers": "numbers/{}\n{}\n{}",
    "NumbersAlso": "numbers/{}\n{}\n{}\n{}\n{}",
    "Person": "person/{}\n{}",
    "CountedCase": "counted/case/{}",
    "CountedReport": "counted/report/{}",
    "CountedTo": "counted-to/{}",
    "DisclosureEpoch": "epoch",
    "DisclosureCount": "disclosures/{}",
    "Disclosure": "disclosed/{}/{}",
    "MaySee": "may-see/{}/{}",
    "ToWatch": "to-watch/{}",
    "ToWatchCount": "to-watch",
    "Watch": "watch/{}",
    "WatchAt": "watch-at/{}{}",
    "Work": "work/{}/{}{}",
    "Follow": "follow/{}",
    "Link": "link/{}",
    "UploadKey": "upload-key/{}",
    "Upload": "upload/{}",
    "Held": "held/{}/{}",
    "Wanted": "wanted/{}/{}",
    "Chunk": "chunk/{}/{}",
}


def check_rows():
    given, rows = blocks("rows_v1.txt")
    expect("kinds", (given.pop("is"), rows.pop("is")), ("arguments", "rows"))
    expect("kinds of rows", sorted({name.split()[1] for name in rows}), sorted(ROWS))
    for name, key in rows.items():
        _, kind, *arguments = name.split()
        values = [given[argument] for argument in arguments]
        numbers = {"number": u64, "never": u64, "index": u32}
        values = [
            numbers[argument](int(value)).decode("latin-1") if argument in numbers else value
            for argument, value in zip(arguments, values)
        ]
        expect(name, ROWS[kind].format(*values).encode("latin-1").hex(), key)


def check_store():
    """A second reader of the store in store_v1.txt: families, keys, trees, checkpoints. [5]"""
    families = {}
    for line in (FOLDER / "store_v1.txt").read_text(encoding="utf-8").splitlines():
        family, key, value = line.split(" ")
        families.setdefault(family, {})[bytes.fromhex(key)] = bytes.fromhex(value)
    meta = families["meta"]
    expect("format version", meta.pop(b"format"), u32(1))
    node, sizes = meta.pop(b"node"), {}
    past_keys = {key[9:]: meta.pop(key) for key in sorted(meta) if key.startswith(b"past-key/")}
    lost = {key[5:] for key in sorted(meta) if key.startswith(b"lost/") and meta.pop(key) == b""}
    expect("a lost entry", lost, {u16(0) + u64(3)})
    logs = {key.removeprefix(b"log/"): (row[:2], row[2:].decode()) for key, row in meta.items()}
    verifiers = {}  # of each slot, the newest first
    for slot, newest in logs.values():
        verifiers[slot] = [newest]
        rows = [row for key, row in past_keys.items() if key[:2] == slot]
        for row in reversed(rows):
            (length,) = struct.unpack(">I", row[:4])
            past, closing = row[4 : 4 + length].decode(), row[4 + length :]
            expect("closing", open_note(closing, past), open_note(closing, verifiers[slot][-1]))
            verifiers[slot].append(past)
    expect("a key was replaced", max(len(keys) for keys in verifiers.values()), 2)
    slots = [slot for slot, _ in logs.values()]
    expect("own slots", (logs[node][0], logs[node + b"/private"][0]), (u16(0), u16(1)))
    expect("slots", sorted(slots), [u16(slot) for slot in range(len(slots))])
    expect("slots of entries", {key[:2] for key in families["entry"]}, set(slots))
    for name, (slot, _) in logs.items():
        verifier = verifiers[slot][-1]  # nothing was signed since by the newer one
        expect("name of the key", read_key(verifier)[0], "selaras/" + name.decode())
        hashes = {key: value for key, value in families["hash"].items() if key[:2] == slot}
        leaves = [hashes[slot + b"\0" + u64(place)] for place in range(len(hashes))]
        for key, entry in families["entry"].items():
            if key[:2] == slot:
                expect("leaf hash", leaf_hash(entry), hashes[slot + b"\0" + key[2:]])
        if slot < u16(2):
            held = {key for key in families["entry"] if key[:2] == slot}
            gone = {key for key in lost if key[:2] == slot}
            places = [slot + u64(place) for place in range(len(leaves))]
            expect("held or lost", (sorted(held | gone), held & gone), (places, set()))
        head = fields(families["head"][slot])  # selaras.storage.v1.StoredHead
        size = next(value for number, value, _ in head if number == 1)
        edge = [value for number, value, _ in head if number == 2]
        expect("size", len(leaves), size)
        expect("roots at the edge", len(edge), bin(size).count("1"))
        while len(edge) > 1:
            edge[-2:] = [sha256(b"\1" + edge[-2] + edge[-1])]
        expect("root", edge[0], root(leaves))
        note = next(value for number, value, _ in head if number == 3)
        # That of an own log may be a batch behind, until the store is closed.
        check_checkpoint(note, verifier, size, root(leaves))
        sizes[name] = size
    told = u64(sizes[node]) + u64(sizes[node + b"/private"])
    expect("acknowledged", families["file"][b"acknowledged"], told + sha256(told)[:8])
    for key, note in families["published"].items():
        name, zero, size = key[:-9], key[-9:-8], key[-8:]
        slot, verifier = logs[name]
        leaves = [families["hash"][slot + b"\0" + u64(place)] for place in range(sizes[name])]
        expect("published row", (zero, size), (b"\0", u64(len(leaves))))
        check_published(note, verifier, len(leaves), root(leaves))
    for row in families["evidence"].values():
        parts = []
        while row:
            (length,) = struct.unpack(">I", row[:4])
            parts.append(row[4 : 4 + length])
            row = row[4 + length :]
        log, held, given, reason = parts
        texts = [open_note(note, verifiers[logs[log][0]][-1]) for note in (held, given)]
        expect("contradiction", texts[0] != texts[1] and log in reason, True)
    expect("kept", families["kept"][u16(2) + u64(0)], u64(1))
    expect("kept at", families["kept"][u16(0xFFFF) + u16(2) + u64(1)], u64(0x0102030405060708))


def check_exchange():
    """A second reader of a file for an office without a line. [8]"""
    (block,) = blocks("exchange_v1.txt")
    file = bytes.fromhex(block["file"])
    expect("beginning", file[:20], b"selaras exchange" + u32(1))
    at, records = 20, []
    while not records or records[-1]:
        (length,) = struct.unpack(">I", file[at : at + 4])
        records.append(file[at + 4 : at + 4 + length])
        at += 4 + length
    text = open_note(file[at:], block["verifier_key"])
    expect("signed", text.split(b"\n"), [
        b"selaras exchange 1", f"selaras/{block['from']}".encode(),
        base64.b64encode(sha256(file[:at])), b""])
    header, frames = records[0], records[1:-1]
    places = [int(place) for place in block["disclosed"].split(" ")]
    stated = [field(header, number) for number in (2, 3, 4, 6, 9, 10)]
    expect("header", stated, [block["from"].encode(), block["to"].encode(),
                              int(block["packed_at"]), int(block["size"]), len(places),
                              int(block["acknowledged"])])
    # Hello, Follow, Leaves, Disclosed, CaughtUp.
    kinds = [fields(frame)[0][0] for frame in frames]
    expect("frames", kinds, [1, 2, 3, 4, 7])
    _, follow, leaves, disclosed, caught_up = (fields(frame)[0][1] for frame in frames)
    expect("acknowledged", field(follow, 1), int(block["acknowledged"]))
    expect("rewind", field(follow, 4), 1)
    open_note(field(follow, 5), block["receiver_key"])
    hashes = [value for number, value, _ in fields(leaves) if number == 2]
    check_checkpoint(field(leaves, 3), block["verifier_key"], len(hashes), root(hashes))
    check_checkpoint(field(caught_up, 3), block["verifier_key"], len(hashes), root(hashes))
    entries = [value for number, value, _ in fields(disclosed) if number == 3]
    expect("places", [field(entry, 1, 0) for entry in entries], places)
    for place, entry in zip(places, entries):
        expect("leaf", leaf_hash(field(entry, 2)), hashes[place])


def check_succession():  # [2]
    (block,) = blocks("succession_v1.txt")
    text = bytes.fromhex(block["statement"])
    digits = sha256(text).hex()[:32]
    expect("fingerprint", "-".join(digits[i:i + 4] for i in range(0, 32, 4)), block["fingerprint"])
    head, notes = text.split(b"\n\n", 1)
    lines = head.decode().split("\n")
    expect("first lines", lines[:3],
           ["selaras succession 1", f"log {block['log']}", f"reason {block['reason']}"])
    value = lambda word: [line[len(word) + 1:] for line in lines if line.startswith(word + " ")]
    (past,), (last,), (following,) = value("past"), value("up to"), value("next")
    expect("origin", past.partition("+")[0], f"selaras/{block['log']}")
    expect("next origin", following.partition("+")[0], f"selaras/{block['log']}/successor-2")
    expect("evidence", value("evidence"), [sha256(b"evidence").hex()])
    (first,), (second,) = map(int, value("closing")), map(int, value("last words"))
    expect("length", len(notes), first + second)
    expect("last", last, block["size"])
    digest = bytes.fromhex(block["root"])
    check_checkpoint(notes[:first], following, last, digest)
    check_checkpoint(notes[first:], past, last, digest)


def main():
    for check in (check_succession, check_requests, check_entries, check_sealed, check_ids,
                  check_import_ids, check_rows, check_exchange, check_store):
        check()
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
