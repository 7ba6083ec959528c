"""Runs the test vectors of golang.org/x/mod through two verifiers that share no code, and through
selaras.

Needs SELARAS_VERIFY_GO, the program that go/build.sh builds, node, and SELARAS_BIN, the folder of
selaras. Builds nothing. SELARAS_SEED makes other vectors.
"""

import base64
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
GO = os.path.abspath(os.environ.get("SELARAS_VERIFY_GO", "unset"))
SELARAS = os.path.join(os.path.abspath(os.environ.get("SELARAS_BIN", "unset")), "selaras")
NODE = os.environ.get("NODE", "node")
SEED = os.environ.get("SELARAS_SEED", "6962")
VERIFIERS = {"go": [GO], "node": [NODE, str(HERE / "node/verify.mjs")]}

# A set that lost its cases must not pass. Each number is a little below what the generator writes.
LEAST_CASES = {"note": 80, "cosignature": 20, "proofs": 16, "receipt": 30, "tiles": 50}
# What selaras refuses though the specifications leave room for it.
STRICTER = {
    "uppercase ID": "a key has one text",
    "origin of any text": "a policy's key bears the name of its log (tlog-policy)",
}
LEAST_PROOFS = {True: 400, False: 2000}
MOST_BYTES = 2_000_000

# The eight entries and the roots of sizes 1 to 8 that Certificate Transparency tests trees with.
CT_ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
              "606162636465666768696a6b6c6d6e6f"]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def run(command, arguments, folder, stdin=b""):
    return subprocess.run(command + arguments, cwd=folder, input=stdin, capture_output=True,
                          timeout=120, check=False)


def tree_hash(leaves):
    """The Merkle tree hash of RFC 6962, as its section 2.1 writes it."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + tree_hash(leaves[:split]) + tree_hash(leaves[split:])).digest()


def audit_path(index, leaves):
    """PATH(m, D[n]) of RFC 6962, section 2.1.1."""
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return audit_path(index, leaves[:split]) + [tree_hash(leaves[split:])]
    return audit_path(index - split, leaves[split:]) + [tree_hash(leaves[:split])]


def subproof(size, leaves, complete=True):
    """SUBPROOF(m, D[n], b) of RFC 6962, section 2.1.2."""
    if size == len(leaves):
        return [] if complete else [tree_hash(leaves)]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if size <= split:
        return subproof(size, leaves[:split], complete) + [tree_hash(leaves[split:])]
    return subproof(size - split, leaves[split:], False) + [tree_hash(leaves[:split])]


def text(data):
    return base64.b64encode(data).decode()


def ct_root(size):
    return text(bytes.fromhex(CT_ROOTS[size - 1]))


def tree_of_ct():
    return [hashlib.sha256(b"\0" + bytes.fromhex(entry)).digest() for entry in CT_ENTRIES]


class Interop(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        if not os.access(GO, os.X_OK):
            raise AssertionError("SELARAS_VERIFY_GO must name the program that go/build.sh builds")
        if not os.access(SELARAS, os.X_OK):
            raise AssertionError("SELARAS_BIN must name the folder of selaras")
        if shutil.which(NODE) is None:
            raise AssertionError(f"{NODE} is not installed")
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        done = run([GO], ["vectors", str(cls.folder / "set"), "--seed", SEED], HERE)
        if done.returncode != 0:
            raise AssertionError(f"vectors --seed {SEED}: {done.stderr.decode()}")
        cls.set = cls.folder / "set"
        cls.cases = json.loads((cls.set / "index.json").read_text())["cases"]

    def run_case(self, command, case):
        stdin = (self.set / case["stdin"]).read_bytes() if "stdin" in case else b""
        return run(command, case["args"], self.set, stdin)

    def run_both(self, case):
        return {name: self.run_case(command, case) for name, command in VERIFIERS.items()}

    def check_case(self, case, results):
        for name, done in results.items():
            said = f"{name}: stdout {done.stdout[-500:]!r}, stderr {done.stderr[-500:]!r}"
            self.assertEqual(done.returncode, case["exit"], said)
            self.assertEqual(bool(done.stderr), case["exit"] != 0, said)
            if "want" in case:
                self.check_answers(case, done.stdout.decode().splitlines(), said)
            else:
                self.assertEqual(done.stdout.decode(), case.get("stdout", ""), said)
        self.assertEqual(results["go"].stdout, results["node"].stdout)
        if case["exit"] == 1 and "want" not in case:
            for done in results.values():
                self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)

    def check_answers(self, case, answers, said):
        lines = (self.set / case["file"]).read_text().split("\n")
        self.assertEqual(len(answers), len(case["want"]), said)
        for number, (answer, want) in enumerate(zip(answers, case["want"])):
            expected = answer == "valid" if want else answer.startswith("invalid: ")
            self.assertTrue(expected, f"line {number + 1}: {answer}: {lines[number][:500]}")

    def test_both_verifiers_give_the_wanted_answer_to_every_case(self):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = list(pool.map(self.run_both, self.cases))
        for case, result in zip(self.cases, results):
            with self.subTest(case["desc"], file=case["file"]):
                self.check_case(case, result)

    def test_the_set_is_not_empty(self):
        for command, least in LEAST_CASES.items():
            own = [case for case in self.cases if case["args"][:1] == [command]]
            self.assertGreaterEqual(len(own), least, command)
            self.assertEqual({case["exit"] for case in own}, {0, 1, 2}, command)
        for want, least in LEAST_PROOFS.items():
            files = [case for case in self.cases if "want" in case and "stdin" not in case]
            self.assertGreaterEqual(sum(case["want"].count(want) for case in files), least, want)

    def test_the_same_seed_makes_the_same_set_and_another_seed_another(self):
        def files_of(name, seed):
            done = run([GO], ["vectors", str(self.folder / name), "--seed", seed], HERE)
            self.assertEqual(done.returncode, 0, done.stderr)
            top = self.folder / name
            return {path.relative_to(top): path.read_bytes()
                    for path in sorted(top.rglob("*")) if path.is_file()}

        again = files_of("again", SEED)
        self.assertEqual(again, {path.relative_to(self.set): path.read_bytes()
                                 for path in self.set.rglob("*") if path.is_file()})
        self.assertLess(sum(len(data) for data in again.values()), MOST_BYTES)
        self.assertNotEqual(again, files_of("other", str(int(SEED) + 1)))

    def test_selaras_gives_the_wanted_answer_to_every_proof(self):
        checked = 0
        for case in self.cases:
            if case["args"][:1] != ["proofs"] or case["exit"] == 2 or "want" not in case:
                continue
            with self.subTest(case["desc"], file=case["file"]):
                stdin = (self.set / case["stdin"]).read_bytes() if "stdin" in case else b""
                done = run([SELARAS], ["proof", "verify", *case["args"][1:]], self.set, stdin)
                self.assertEqual(done.returncode, case["exit"], done.stderr)
                self.check_answers(case, done.stdout.decode().splitlines(), done.stderr)
                checked += len(case["want"])
        self.assertGreaterEqual(checked, sum(LEAST_PROOFS.values()))

    def test_selaras_gives_the_wanted_answer_to_every_note_and_receipt(self):
        checked = 0
        for case in self.cases:
            if case["args"][:1] not in (["note"], ["cosignature"], ["receipt"]) or (
                    case["exit"] == 2):
                continue
            with self.subTest(case["desc"], file=case["file"]):
                done = run([SELARAS], self.asked_of_selaras(case["args"]), self.set)
                good = case["exit"] == 0 and case["desc"] not in STRICTER and (
                    case["args"][0] != "cosignature" or self.is_signed_by_the_log(case["args"][-1]))
                self.assertEqual(done.returncode == 0, good,
                                 f"{case['args']} {done.stdout} {done.stderr}")
                self.assertIn(done.returncode, (0, 1, 5), done.stderr)
                checked += 1
        self.assertGreaterEqual(checked, 120)

    def asked_of_selaras(self, args):
        """What asks selaras the same: keys of cosigners stand in a policy that wants them all."""
        kind, *rest = args
        options = {"--key": [], "--cosigner": [], "--entry": []}
        files = []
        while rest:
            word = rest.pop(0)
            (options[word] if word in options else files).append(
                rest.pop(0) if word in options else word)
        log, cosigners = options["--key"], options["--cosigner"]
        if kind == "cosignature":
            log, cosigners = [], log
        policy = self.folder / "policy"
        policy.write_text("".join(
            [f"log {key}\n" for key in log or [self.log_key()]] +
            [f"witness w{number} {key}\n" for number, key in enumerate(cosigners)] +
            ([f"group all all {' '.join(f'w{number}' for number in range(len(cosigners)))}\n"
              "quorum all\n"] if cosigners else ["quorum none\n"])), encoding="utf-8")
        command = ["receipt" if kind == "receipt" else "checkpoint", "verify", *files]
        if options["--entry"]:
            command += ["--entry", *options["--entry"]]
        return [*command, "--policy", str(policy)]

    def is_signed_by_the_log(self, file):
        """Without that selaras believes no witness: a policy always names logs."""
        return run([GO], ["note", "--key", self.log_key(), file], self.set).returncode == 0

    def log_key(self):
        """The key that signs the notes of the set."""
        return next(case["args"][case["args"].index("--key") + 1] for case in self.cases
                    if case["args"][0] == "note" and case["exit"] == 0)

    def answers(self, flag, vectors):
        stdin = "".join(json.dumps(vector) + "\n" for vector in vectors).encode()
        for name, command in VERIFIERS.items():
            done = run(command, ["proofs", flag], HERE, stdin)
            yield name, done.stdout.decode().splitlines()

    def test_known_roots_of_certificate_transparency(self):
        leaves = tree_of_ct()
        vectors = [{"leafIdx": index, "treeSize": size, "root": ct_root(size),
                    "leafHash": text(leaves[index]),
                    "proof": [text(node) for node in audit_path(index, leaves[:size])]}
                   for size in range(1, 9) for index in range(size)]
        for name, answers in self.answers("--inclusion", vectors):
            self.assertEqual(answers, ["valid"] * 36, name)

    def test_known_trees_of_certificate_transparency_grow(self):
        leaves = tree_of_ct()
        vectors = [{"size1": size1, "size2": size2, "root1": ct_root(size1),
                    "root2": ct_root(size2),
                    "proof": [text(node) for node in subproof(size1, leaves[:size2])]}
                   for size2 in range(1, 9) for size1 in range(1, size2 + 1)]
        for name, answers in self.answers("--consistency", vectors):
            self.assertEqual(answers, ["valid"] * 36, name)


if __name__ == "__main__":
    unittest.main()
