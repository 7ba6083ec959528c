"""The tamper drill: changes every kind of stored thing, one at a time, on copies of real stores and
exports, and looks whether `selaras log verify` finds and names each; untouched copies must be clean.

The stores are those of the demo. A drill of views needs rows of that kind; where the demo left none
the drill says so, and that is a failure, too.
"""

import argparse
import collections
import dataclasses
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import typing

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROLES = ("intake", "referral", "sanction")
OK, DIFFERENCE = 0, 5  # exit codes of selaras


@dataclasses.dataclass
class Drill:
    """One change, and by which parts of a report it may be named."""
    name: str
    change: typing.Callable  # of a copy
    parts: tuple
    options: tuple = ()


class Escaped(Exception):
    """What cannot be tried, and why."""


def hexed(text):
    return text.encode("utf-8").hex()


def flipped(value, place=-1):
    """The same bytes with one bit changed."""
    changed = bytearray(value)
    changed[place] ^= 1
    return bytes(changed)


class Store:
    """A copy of a node's folder that may be changed."""

    def __init__(self, tamper, folder):
        self.tamper = tamper
        self.folder = folder
        self.store = folder / "store"

    def run(self, *arguments):
        done = subprocess.run([str(self.tamper), arguments[0], str(self.store), *arguments[1:]],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Escaped(f"tamper_store {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def rows(self, family, prefix=""):
        """Rows whose key begins with a text or bytes."""
        prefix = prefix.hex() if isinstance(prefix, bytes) else hexed(prefix)
        lines = self.run("rows", family, prefix).splitlines()
        pairs = [line.split(" ") for line in lines]
        return [(bytes.fromhex(key), bytes.fromhex(value)) for key, value in pairs]

    def row(self, family, prefix=""):
        found = self.rows(family, prefix)
        if not found:
            raise Escaped(f"there is no row {family} {prefix!r} to change")
        return found[len(found) // 2]

    def put(self, family, key, value):
        self.run("put", family, key.hex(), value.hex())

    def delete(self, family, key):
        self.run("delete", family, key.hex())


def change(family, prefix=""):
    """Flips a bit of the value of a row."""
    def act(store):
        key, value = store.row(family, prefix)
        store.put(family, key, flipped(value) if value else b"x")
    return act


def remove(family, prefix=""):
    def act(store):
        store.delete(family, store.row(family, prefix)[0])
    return act


def add(family, key, value=b""):
    return lambda store: store.put(family, key, value)


def request_lists_more(store):
    key, value = store.row("request")
    store.put("request", key, value + b"\x20\x7f")  # one more shared entry


def own_name(store):
    """That of the node's shared log."""
    config = (store.folder / "node.textproto").read_text(encoding="utf-8")
    return re.search(r'^node: "([^"]+)"', config, re.MULTILINE).group(1).encode()


def published(act):
    """Changes the newest checkpoint that the node published and others cosigned, which `act` is given."""
    def change_row(store):
        rows = [row for row in store.rows("published", own_name(store) + b"\0")
                if row[1].count(b"\n") > 5]
        if not rows:
            raise Escaped("nobody cosigned what the node published")
        act(store, *rows[-1])
    return change_row


def published_root(store, key, note):
    """Another root."""
    lines = note.split(b"\n")
    lines[2] = (b"B" if lines[2][:1] == b"A" else b"A") + lines[2][1:]
    store.put("published", key, b"\n".join(lines))


def cosigned(store, key, note):
    """Another time or signature in the last line: behind the name, digits that name the key."""
    start, encoded = note.rstrip(b"\n").rsplit(b" ", 1)
    middle = len(encoded) // 2
    other = b"A" if encoded[middle:middle + 1] != b"A" else b"B"
    encoded = encoded[:middle] + other + encoded[middle + 1:]
    store.put("published", key, start + b" " + encoded + b"\n")


def published_larger(store, key, note):
    """The same as a row of more leaves than there are, as if the log had been cut."""
    size = int.from_bytes(key[-8:], "big") + 10 ** 6
    store.put("published", key[:-8] + size.to_bytes(8, "big"), note)


def flip_file(store):
    """Inverts a byte in the midst of the largest file."""
    files = [path for path in store.store.rglob("*.sst")]
    if not files:
        raise Escaped("the store has no data file")
    victim = max(files, key=lambda path: path.stat().st_size)
    content = victim.read_bytes()
    victim.write_bytes(content[:len(content) // 2] + bytes([content[len(content) // 2] ^ 0xFF]) +
                       content[len(content) // 2 + 1:])


def rewrite(store):
    """The insider: everything that follows from the entry is made and signed anew."""
    store.run("rewrite", str(store.folder / "log.key"), "0")


def rewrite_and_hide(store):
    """The insider who also removes what was published of the log as it was."""
    rewrite(store)
    own = own_name(store)
    for key, _ in store.rows("published", own + b"\0"):
        store.delete("published", key)


def slot(number):
    return number.to_bytes(2, "big")


def tree_node(level):
    return slot(0) + bytes([level])


# Damage to what a start reads keeps a store from being opened: that is a finding of its own.
_UNOPENED = "store"


def store_drills():
    view = ("view",)
    return [
        Drill("entry", change("entry", slot(0)), ("entry",)),
        Drill("entry that is gone", remove("entry", slot(0)), ("entry",)),
        Drill("private entry", change("entry", slot(1)), ("entry",)),
        Drill("leaf hash", change("hash", tree_node(0)), ("leaf hash", _UNOPENED)),
        Drill("tile", change("hash", tree_node(1)), ("tile", _UNOPENED)),
        Drill("head", change("head", slot(0)), ("head", "checkpoint", _UNOPENED)),
        Drill("checkpoint of a mirror", change("head", slot(2)), ("checkpoint", _UNOPENED)),
        Drill("entry of a mirror", change("entry", slot(2)), ("entry",)),
        Drill("leaf of a mirror", change("hash", slot(2) + b"\0"), ("leaf hash", "root", "tile",
                                                                     _UNOPENED)),
        Drill("list of kept entries", remove("kept", slot(2)), ("kept entry",)),
        Drill("request", request_lists_more, ("request",)),
        Drill("request that is gone", remove("request"), ("request",)),
        Drill("state", change("state"), ("state",)),
        Drill("state that is gone", remove("state"), ("state",)),
        Drill("look-up that is gone", remove("view", "look-up/"), ("look-up",)),
        Drill("look-up that was added", add("view", b"look-up/" + b"a" * 64 + b"/case:x"),
              ("look-up",)),
        Drill("case view", change("view", "case/"), view),
        Drill("case view that is gone", remove("view", "case/"), view),
        Drill("numbers", change("view", "numbers/"), view),
        Drill("contribution", change("view", "counted/"), view),
        Drill("watch", change("view", "watch/"), view),
        Drill("work", remove("view", "work/"), view),
        Drill("cursor", lambda s: s.put("view", s.row("view", "cursor/")[0], b"\xff" * 8), view),
        Drill("newest change", change("view", "changes"), view),
        Drill("change that is gone", remove("view", "change/"), view),
        Drill("disclosure", change("view", "disclosed/"), view),
        Drill("right to see", remove("view", "may-see/"), view),
        Drill("length of a list", change("view", "disclosures/"), view),
        Drill("basis", change("view", "basis"), view),
        Drill("name of the lists", remove("view", "epoch"), view),
        Drill("row of no kind", add("view", b"novelty/1", b"x"), view),
        Drill("reference data", change("catalogue", ""), ("catalogue",)),
        Drill("version of them", add("catalogue", b"0" * 64), ("catalogue",)),
        Drill("secret", lambda s: s.put("secret", b"look-up", bytes(32)), ("look-up",)),
        Drill("secret of another length", lambda s: s.put("secret", b"id", b"x"), ("secret",)),
        Drill("published checkpoint", published(published_root), ("published checkpoint",)),
        Drill("cosignature of it", published(cosigned), ("published checkpoint",)),
        Drill("published beyond the log", published(published_larger), ("published checkpoint",)),
        Drill("published by nobody", add("published", b"nobody\0" + bytes(8), b"x"),
              ("published checkpoint",)),
        Drill("evidence", add("evidence", bytes(8), b"\0\0\0\1x" * 4), ("evidence",)),
        Drill("key of a log", change("meta", "log/"), ("checkpoint", _UNOPENED)),
        Drill("sizes that were told",
              lambda s: (s.store / "acknowledged").write_bytes(told(10 ** 6)), (_UNOPENED,)),
        Drill("byte of a file", flip_file, (_UNOPENED, "entry", "leaf hash", "state", "view",
                                            "request", "tile")),
        Drill("backup", change("entry", slot(0)), ("entry",), ("--backup",)),
        Drill("insider who forgets what was published", rewrite, ("published checkpoint",),
              ("--no-remember",)),
        Drill("insider who signs anew", rewrite_and_hide, ("remembered tree",)),
    ]


def told(size):
    sizes = size.to_bytes(8, "big") * 2
    return sizes + hashlib.sha256(sizes).digest()[:8]


def one_file(pattern):
    def act(folder):
        found = sorted(path for path in folder.glob(pattern) if path.is_file())
        if not found:
            raise Escaped(f"the export has no {pattern}")
        victim = found[len(found) // 2]
        victim.write_bytes(flipped(victim.read_bytes(), len(victim.read_bytes()) // 2))
    return act


def tile_drills():
    return [
        Drill("leaf tile of an export", one_file("tile/0/**/*"), ("leaf hash", "root", "entry",
                                                                  "tile")),
        Drill("inner tile of an export", one_file("tile/1/**/*"), ("tile",)),
        Drill("bundle of an export", one_file("tile/entries/**/*"), ("entry",)),
        Drill("checkpoint of an export", one_file("checkpoint"), ("checkpoint", "root")),
        Drill("file of no kind", lambda folder: (folder / "tile/0/xyz").write_bytes(b"x"),
              ("file",)),
    ]


class Yard:
    """Where it is drilled: stores, exports, and what was remembered of them."""

    def __init__(self, options, folder):
        self.selaras = options.bin / "selaras"
        self.tamper = options.tamper
        self.demo = folder / "demo"
        self.copy = folder / "copy"
        self.remembered = folder / "verified"
        self.exports = {}
        self.rows = []

    def build(self, registers):
        """Three agencies, their cases, and exports that were taken while they ran."""
        demo = [sys.executable, "-B", str(ROOT / "tools/demo/demo.py"), "--bin",
                str(self.selaras.parent), "--dir", str(self.demo)]
        subprocess.run([*demo, "--json", "--keep", "--registers", str(registers)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            for role in ROLES:
                client = str(self.demo / role / "client.textproto")
                folder = self.demo.parent / f"export-{role}"
                subprocess.run([str(self.selaras), "log", "export", "--client", client, "--format",
                                "tlog-tiles", "--out", str(folder)],
                               check=True, capture_output=True)
                self.exports[role] = folder
                self.expect_clean(f"{role}: running node", ["--client", client], role)
            # Of a log that BKN knows in part: single entries instead of bundles.
            self.exports["part"] = self.demo.parent / "export-part"
            subprocess.run([str(self.selaras), "log", "export", "--client",
                            str(self.demo / "referral/client.textproto"), "--format",
                            "tlog-tiles", "--log", self.name_of("intake"), "--out",
                            str(self.exports["part"])], check=True, capture_output=True)
        finally:
            subprocess.run([*demo[:3], "--stop", str(self.demo)], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def name_of(self, role):
        config = (self.demo / role / "node.textproto").read_text(encoding="utf-8")
        return re.search(r'^node: "([^"]+)"', config, re.MULTILINE).group(1)

    def verify(self, source, role, *options):
        """Exit code and findings."""
        done = subprocess.run(
            [str(self.selaras), "--json", "log", "verify", *map(str, source), "--config",
             str(self.demo / role / "node.textproto"), "--remember", str(self.remembered),
             *options], capture_output=True, text=True, check=False)
        if done.returncode not in (OK, DIFFERENCE):
            raise Escaped(f"log verify ended with {done.returncode}: {done.stderr}")
        objects = [json.loads(line) for line in done.stdout.splitlines()]
        return done.returncode, objects[:-1]

    def tell(self, name, where, good, what):
        self.rows.append((name, where, good, what))
        print(f"{'ok  ' if good else 'FAIL'}  {name:<28} {where:<9} {what}", flush=True)

    def expect_clean(self, name, source, role, *options):
        try:
            code, findings = self.verify(source, role, *options)
        except Escaped as error:
            return self.tell(name, role, False, str(error))
        told_of = "nothing differs" if code == OK else f"FALSE ALARM: {findings[:1]}"
        return self.tell(name, role, code == OK, told_of)

    def drill(self, drill, role, original, prepare, source):
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(original, self.copy, ignore=shutil.ignore_patterns("*.log.pid"))
        try:
            drill.change(prepare(self.copy))
            code, findings = self.verify(source, role, *drill.options)
        except Escaped as error:
            return self.tell(drill.name, role, False, str(error))
        parts = collections.Counter(finding["part"] for finding in findings)
        named = code == DIFFERENCE and any(part in drill.parts for part in parts)
        place = next((f"{f['part']} {f.get('position', '')} {f.get('subject', '')}"
                      for f in findings if f["part"] in drill.parts), f"ESCAPED: {dict(parts)}")
        return self.tell(drill.name, role, named, " ".join(place.split())[:90])


def run(options):
    with tempfile.TemporaryDirectory(prefix="selaras-drill-") as folder:
        yard = Yard(options, pathlib.Path(folder))
        yard.build(options.registers)
        for role in ROLES:
            yard.expect_clean("untouched store", ["--store", yard.demo / role / "store"], role)
            yard.expect_clean("untouched export", ["--tiles", yard.exports[role]], role)
            yard.expect_clean("its tree alone", ["--store", yard.demo / role / "store"], role,
                              "--tree")
        role = options.role
        for drill in store_drills():
            yard.drill(drill, role, yard.demo / role, lambda copy: Store(yard.tamper, copy),
                       ["--store", yard.copy / "store"])
        # Who remembers nothing cannot tell the insider's log from the true one.
        yard.expect_clean("insider, nothing remembered", ["--store", yard.copy / "store"], role,
                          "--no-remember")
        for drill in tile_drills():
            yard.drill(drill, role, yard.exports[role], lambda copy: copy,
                       ["--tiles", yard.copy])
        yard.expect_clean("untouched part of a log", ["--tiles", yard.exports["part"]], "referral")
        yard.drill(Drill("single entry of an export", one_file("entry/*"), ("entry",)), "referral",
                   yard.exports["part"], lambda copy: copy, ["--tiles", yard.copy])
        damaged = flipped(yard.remembered.read_bytes(), 200)
        yard.remembered.write_bytes(damaged)
        done = subprocess.run(
            [str(yard.selaras), "log", "verify", "--store", str(yard.demo / role / "store"),
             "--remember", str(yard.remembered)], capture_output=True, text=True, check=False)
        yard.tell("what was remembered", role, done.returncode not in (OK, DIFFERENCE),
                  done.stderr.splitlines()[0][:90] if done.stderr else "ESCAPED")
        failed = [row for row in yard.rows if not row[2]]
        print(f"{len(yard.rows)} drills, {len(failed)} escaped or false alarms")
        return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="folder of the programs")
    parser.add_argument("--tamper", type=pathlib.Path, required=True, help="tamper_store")
    parser.add_argument("--registers", type=pathlib.Path,
                        default=ROOT / "tests/data/registers/sumbar2020",
                        help="registers of the agencies")
    parser.add_argument("--role", choices=ROLES, default="intake",
                        help="whose store is tampered with")
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
