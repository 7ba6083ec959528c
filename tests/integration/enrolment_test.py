"""How offices become nodes: keys, request, invite, directory; and how one stops being a node."""

import json
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import tempfile
import unittest

from agencies import ROOT, await_true, bin_dir, free_port

_KEEPER = "direktori.example/selaras"
_REFERENCE = ROOT / "deploy/reference"


def _selaras(*arguments, code=0):
    """Runs selaras. Gives the objects of stdout; or, if it is to fail, the text of stderr."""
    done = subprocess.run([bin_dir() / "selaras", "--json", *map(str, arguments)],
                          capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != code:
        raise AssertionError(f"selaras {' '.join(map(str, arguments))}: exit code "
                             f"{done.returncode}\n{done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()] if code == 0 else done.stderr


class Keeper:
    """Who keeps the directory."""

    def __init__(self, path):
        self.folder = path / "direktori"
        made = _selaras("directory", "create", self.folder, _KEEPER)[0]
        self.key, self.fingerprint = made["directory_key"], made["fingerprint"]

    @property
    def note(self):
        return self.folder / "directory.note"

    def admit(self, office, *more):
        return _selaras("directory", "admit", self.folder, office.request, "--fingerprint",
                        office.fingerprint, "--out", office.invite, *more)[0]

    def remove(self, node):
        return _selaras("directory", "remove", self.folder, node)[0]["serial"]


class Office:
    """An office that runs, or wants to run, a node."""

    def __init__(self, path, node, service, authority, address=""):
        self.node, self.service, self.address = node, service, address
        self.folder = path / node
        self.invite = path / f"{node}.invite"
        made = _selaras("node", "init", node, "--service", service, "--authority", authority,
                        "--folder", self.folder, *(["--address", address] if address else []))[0]
        self.request = pathlib.Path(made["files"][0])
        self.fingerprint = made["fingerprint"]
        self.process = None

    @property
    def log(self):
        return self.folder / "node.log"

    def join(self, keeper, *more, code=0):
        listen = [] if self.address else ["--listen", f"127.0.0.1:{free_port()}"]
        return _selaras("node", "join", "--folder", self.folder, "--invite", self.invite,
                        "--fingerprint", keeper.fingerprint, "--reference", _REFERENCE,
                        *listen, *more, code=code)

    def take(self, keeper):
        """Puts the newest directory where the node reads it, in one step."""
        draft = self.folder / "directory.new"
        shutil.copyfile(keeper.note, draft)
        os.replace(draft, self.folder / "directory.note")

    def hurry(self):
        """Has the node look at its files every second."""
        config = self.folder / "node.textproto"
        text = config.read_text(encoding="utf-8")
        config.write_text(text.replace('ca: "tls/ca.crt" }', 'ca: "tls/ca.crt" reload_seconds: 1 }'),
                          encoding="utf-8")

    def logged(self):
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def start(self):
        before = len(self.logged())
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [bin_dir() / f"selaras-{self.service}", "--config", self.folder / "node.textproto"],
                stdout=log, stderr=log)
        await_true(f"{self.node} serves", lambda: self.serves(before))

    def serves(self, before):
        if self.process.poll() is not None:
            raise AssertionError(f"{self.node} ended: {self.logged()[before:]}")
        return "msg=serving" in self.logged()[before:]

    def stop(self):
        if self.process is None:
            return
        process, self.process = self.process, None
        process.send_signal(signal.SIGTERM)
        if process.wait(timeout=120) != 0:
            raise AssertionError(f"{self.node}: exit code {process.returncode}")

    def status(self):
        return _selaras("status", "--client", self.folder / "ops.textproto")[0]

    def links(self):
        """Peer -> whether the link is up."""
        return {link["peer"]: link["connected"] for link in self.status()["links"]}


class Enrolment(unittest.TestCase):
    """Three offices, from nothing to links, and one of them out again."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.path = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="selaras-")))
        cls.keeper = Keeper(cls.path)
        cls.bkn = Office(cls.path, "bkn", "referral", "bkn", f"127.0.0.1:{free_port()}")
        cls.bawaslu = Office(cls.path, "bawaslu-13", "intake", "bawaslu/13",
                             f"127.0.0.1:{free_port()}")
        cls.ppk = Office(cls.path, "ppk-13.04", "sanction", "ppk/13.04")
        cls.offices = [cls.bkn, cls.bawaslu, cls.ppk]
        for office in cls.offices:
            cls.keeper.admit(office)
            office.join(cls.keeper)
            office.hurry()
        cls.addClassCleanup(cls.stop_all)
        # Only one of them gets the newest directory.
        cls.bkn.take(cls.keeper)
        for office in cls.offices:
            office.start()

    @classmethod
    def stop_all(cls):
        for office in cls.offices:
            office.stop()

    def await_links(self, office, wanted):
        return await_true(f"the links of {office.node} are {wanted}",
                          lambda: office.links() == wanted)

    def await_serial(self, serial):
        for office in self.offices:
            await_true(f"{office.node} has version {serial}",
                       lambda office=office: office.status()["directory"]["serial"] == str(serial))

    def test_1_who_joined_is_linked_and_the_directory_goes_from_node_to_node(self):
        self.await_serial(4)  # one at the beginning, and one for each who was admitted
        self.await_links(self.bkn, {"bawaslu-13": True, "ppk-13.04": True})
        # It was started with a directory that did not list the last one.
        self.await_links(self.bawaslu, {"bkn": True})
        self.await_links(self.ppk, {"bkn": True, "bawaslu-13": False})
        self.bawaslu.stop()
        self.bawaslu.start()
        self.await_links(self.bawaslu, {"bkn": True, "ppk-13.04": True})
        self.await_links(self.ppk, {"bkn": True, "bawaslu-13": True})
        shown = self.ppk.status()["directory"]
        self.assertEqual((shown["nodes"], shown["keeper"], shown["unlisted"]), (3, _KEEPER, []))
        listing = [each for each in self.ppk.status()["certificates"] if each["kind"] == "listing"]
        self.assertEqual([each["name"] for each in listing], ["ppk-13.04"])

    def test_2_a_node_that_is_removed_loses_its_links_everywhere_without_a_restart(self):
        serial = self.keeper.remove("ppk-13.04")
        self.bkn.take(self.keeper)
        self.await_links(self.bkn, {"bawaslu-13": True, "ppk-13.04": False})
        self.await_links(self.bawaslu, {"bkn": True, "ppk-13.04": False})
        for office in (self.bkn, self.bawaslu):
            unlisted = office.status()["directory"]["unlisted"]
            self.assertEqual([each["node"] for each in unlisted], ["ppk-13.04"])
            self.assertIn("lists it from", unlisted[0]["reason"])
            fault = next(link["fault"] for link in office.status()["links"]
                         if link["peer"] == "ppk-13.04")
            self.assertIn(f"(serial {serial}) lists it from", fault)
        # Whoever was put out cannot reach anything, and says so to its own people if told.
        self.ppk.take(self.keeper)
        await_true("it is told", lambda: "peers do not link with this node" in
                   self.ppk.logged())
        # Nobody is kept from starting by it, and what it wrote stays its own.
        self.bkn.stop()
        self.bkn.start()
        self.await_links(self.bkn, {"bawaslu-13": True, "ppk-13.04": False})

        self.assertEqual(self.keeper.admit(self.ppk)["serial"], str(int(serial) + 1))
        self.bkn.take(self.keeper)
        self.await_links(self.bkn, {"bawaslu-13": True, "ppk-13.04": True})
        self.await_links(self.bawaslu, {"bkn": True, "ppk-13.04": True})

    def test_3_an_older_directory_and_a_forged_one_are_not_believed(self):
        before = self.bkn.status()["directory"]["serial"]
        size = len(self.bkn.logged())
        forger = Keeper(pathlib.Path(self.enterContext(
            tempfile.TemporaryDirectory(prefix="selaras-"))))
        self.bkn.take(forger)
        await_true("it is refused", lambda: "directory of nodes not taken over" in
                   self.bkn.logged()[size:])
        self.assertEqual(self.bkn.status()["directory"]["serial"], before)
        self.await_links(self.bkn, {"bawaslu-13": True, "ppk-13.04": True})
        self.bkn.take(self.keeper)

    def test_4_a_node_that_was_killed_believes_nothing_older_when_it_is_back(self):
        newest = self.bawaslu.status()["directory"]["serial"]
        self.bawaslu.process.kill()
        self.bawaslu.process.wait()
        # Its own file is that of its invite.
        self.bawaslu.start()
        self.assertEqual(self.bawaslu.status()["directory"]["serial"], newest)
        self.await_links(self.bawaslu, {"bkn": True, "ppk-13.04": True})

    def test_5_a_key_that_is_listed_no_more_is_not_followed_and_ends_no_node(self):
        folder = self.path / "elsewhere"
        folder.mkdir()
        # The same node with another key, as after a theft that its office told the keeper of.
        again = Office(folder, "bawaslu-13", "intake", "bawaslu/13", self.bawaslu.address)
        self.keeper.admit(again, "--replace")
        self.bkn.take(self.keeper)
        self.await_links(self.bkn, {"bawaslu-13": False, "ppk-13.04": True})
        unlisted = self.bkn.status()["directory"]["unlisted"]
        self.assertIn("another log_key", unlisted[0]["reason"])
        self.bkn.stop()
        self.bkn.start()  # its mirror was made with the old one
        self.await_links(self.bkn, {"bawaslu-13": False, "ppk-13.04": True})
        self.keeper.admit(self.bawaslu, "--replace")
        self.bkn.take(self.keeper)
        self.await_links(self.bkn, {"bawaslu-13": True, "ppk-13.04": True})


class EnrolmentByHand(unittest.TestCase):
    """The commands, with what people do wrong."""

    def setUp(self):
        self.path = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="selaras-")))

    def test_no_private_key_leaves_the_folder_and_nobody_else_reads_it(self):
        office = Office(self.path, "bkn", "referral", "bkn")
        for path in office.folder.rglob("*"):
            if path.is_dir() or path.suffix == ".request":
                continue
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600, path)
            for line in path.read_text(encoding="ascii").splitlines():
                if "KEY" not in line:
                    self.assertNotIn(line, office.request.read_text(encoding="utf-8"))
        self.assertEqual(stat.S_IMODE(office.folder.stat().st_mode), 0o700)

    def test_keys_are_never_made_over_others(self):
        office = Office(self.path, "bkn", "referral", "bkn")
        before = (office.folder / "log.key").read_bytes()
        said = _selaras("node", "init", "bkn", "--service", "referral", "--authority", "bkn",
                        "--folder", office.folder, code=1)
        self.assertIn("not empty", said)
        self.assertEqual((office.folder / "log.key").read_bytes(), before)
        Keeper(self.path)
        self.assertIn("not empty", _selaras("directory", "create", self.path / "direktori", "x",
                                            code=1))
        self.assertEqual(sorted(path.name for path in self.path.iterdir()), ["bkn", "direktori"])

    def test_what_no_node_can_be_is_refused_and_nothing_is_made(self):
        good = ["--service", "referral", "--authority", "bkn"]
        for arguments, words in (
                (["BKN", *good], "name of a node"),
                (["bkn", "--service", "judge", "--authority", "bkn"], "service"),
                (["bkn", "--service", "referral", "--authority", "B K N"], "authorit"),
                (["bkn", *good, "--address", "example"], "address"),
                (["bkn", *good, "--address", "a,b:7413"], "address"),
                (["bkn", *good, "--name", "a,URI:spiffe://selaras/ops/bkn"], "names"),
                (["bkn", *good, "--client", "witness"], "nobody is enrolled as witness"),
                (["bkn", *good, "--client", "ops:ppk/13.04"], "does not act for ppk/13.04")):
            for code in (1, 2):
                try:
                    said = _selaras("node", "init", *arguments, "--folder", self.path / "new",
                                    code=code)
                    break
                except AssertionError:
                    if code == 2:
                        raise
            self.assertIn(words, said)
            self.assertEqual(list(self.path.iterdir()), [])
        said = _selaras("node", "init", "bkn", *good, "--client", "node", code=2)
        self.assertIn("give entry, backoffice, ops or auditor", said)

    def test_two_people_compare_fingerprints_before_anything_is_done(self):
        keeper = Keeper(self.path)
        office = Office(self.path, "bkn", "referral", "bkn")
        before = keeper.note.read_bytes()
        said = _selaras("directory", "admit", keeper.folder, office.request, code=1)
        self.assertIn(f"--fingerprint {office.fingerprint}", said)
        self.assertIn("referral", said)  # what is asked for
        wrong = "0000-" * 7 + "0000"
        said = _selaras("directory", "admit", keeper.folder, office.request, "--fingerprint", wrong,
                        code=1)
        self.assertIn("not the one that was given", said)
        self.assertEqual(keeper.note.read_bytes(), before)
        keeper.admit(office)
        said = _selaras("node", "join", "--folder", office.folder, "--invite", office.invite, code=1)
        self.assertIn(f"--fingerprint {keeper.fingerprint}", said)
        said = _selaras("node", "join", "--folder", office.folder, "--invite", office.invite,
                        "--fingerprint", wrong, code=1)
        self.assertIn("not the one that was given", said)
        self.assertFalse((office.folder / "node.textproto").exists())

    def test_an_altered_request_or_invite_is_refused(self):
        keeper = Keeper(self.path)
        office = Office(self.path, "bkn", "referral", "bkn")
        keeper.admit(office)
        text = office.request.read_text(encoding="utf-8")
        office.request.write_text(text.replace('"bkn"', '"kasn"'), encoding="utf-8")
        said = _selaras("directory", "admit", keeper.folder, office.request, "--fingerprint",
                        office.fingerprint, code=5)
        self.assertIn("signature", said)
        text = office.invite.read_text(encoding="utf-8")
        for altered, code in ((text.replace("valid_until", "valid_from_"), 5),
                              (text[:len(text) // 2], 1), ("", 1), ("x\n\n", 1)):
            office.invite.write_text(altered, encoding="utf-8")
            office.join(keeper, code=code)
        self.assertFalse((office.folder / "node.textproto").exists())

    def test_an_invite_fits_the_folder_that_asked_only(self):
        keeper = Keeper(self.path)
        first = Office(self.path, "bkn", "referral", "bkn")
        other = Office(self.path, "ppk-13.04", "sanction", "ppk/13.04")
        keeper.admit(first)
        first.invite.rename(other.invite)
        self.assertIn("does not fit", other.join(keeper, code=1))
        shutil.copy(other.invite, self.path / "x.invite")
        said = _selaras("node", "join", "--folder", self.path, "--invite", self.path / "x.invite",
                        "--fingerprint", keeper.fingerprint, code=1)
        self.assertIn("holds no keys of a node", said)

    def test_nobody_takes_the_place_of_another_node(self):
        keeper = Keeper(self.path)
        office = Office(self.path, "bkn", "referral", "bkn")
        keeper.admit(office)
        serial = int(keeper.admit(office, "--days", "30")["serial"])  # for longer, or shorter
        (self.path / "thief").mkdir()
        thief = Office(self.path / "thief", "bkn", "referral", "bkn")
        admit = ["directory", "admit", keeper.folder, thief.request, "--fingerprint",
                 thief.fingerprint, "--out", self.path / "out"]
        self.assertIn("another log key", _selaras(*admit, code=1))
        self.assertEqual(int(_selaras(*admit, "--replace")[0]["serial"]), serial + 1)
        second = Office(self.path / "thief", "bkn-2", "referral", "bkn")
        said = _selaras("directory", "admit", keeper.folder, second.request, "--fingerprint",
                        second.fingerprint, code=1)
        self.assertIn('"bkn" stands there twice', said)
        self.assertIn("lists no node ppk-1",
                      _selaras("directory", "remove", keeper.folder, "ppk-1", code=1))

    def test_a_second_invite_leaves_what_people_wrote(self):
        keeper = Keeper(self.path)
        office = Office(self.path, "bkn", "referral", "bkn", "127.0.0.1:7413")
        keeper.admit(office)
        office.join(keeper)
        config = office.folder / "node.textproto"
        config.write_text(config.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
        first = (office.folder / "tls/node.crt").read_bytes()
        keeper.admit(office)
        office.join(keeper)
        self.assertIn("# mine", config.read_text(encoding="utf-8"))
        self.assertNotEqual((office.folder / "tls/node.crt").read_bytes(), first)
        done = subprocess.run([bin_dir() / "selaras-referral", "--config", config, "--check"],
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        shown = _selaras("directory", "show", keeper.note, "--key", keeper.key)[0]
        self.assertEqual((shown["verified"], shown["nodes"][0]["listed_now"]), (True, True))
        other = Keeper(pathlib.Path(self.enterContext(
            tempfile.TemporaryDirectory(prefix="selaras-"))))
        _selaras("directory", "show", keeper.note, "--key", other.key, code=5)

    def test_where_another_authority_signs_offices_bring_their_certificates(self):
        folder = self.path / "direktori"
        made = _selaras("directory", "create", folder, _KEEPER, "--no-authority")[0]
        self.assertFalse((folder / "ca.key").exists())
        office = Office(self.path, "bkn", "referral", "bkn")
        _selaras("directory", "admit", folder, office.request, "--fingerprint", office.fingerprint,
                 "--out", office.invite)
        join = ["node", "join", "--folder", office.folder, "--invite", office.invite,
                "--fingerprint", made["fingerprint"], "--reference", _REFERENCE]
        tls = office.folder / "tls"
        self.assertIn("it brings no certificates", _selaras(*join, code=1))
        for name in ("node.crt", "ca.crt"):
            (tls / name).write_text("signed elsewhere", encoding="ascii")
        self.assertIn("it brings no certificates", _selaras(*join, code=1))
        for command in (
                ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-keyout", self.path / "ca.key", "-subj", "/CN=elsewhere", "-out", tls / "ca.crt"],
                ["req", "-new", "-key", tls / "node.key", "-subj", "/CN=bkn", "-out",
                 self.path / "csr"],
                ["x509", "-req", "-in", self.path / "csr", "-CA", tls / "ca.crt", "-CAkey",
                 self.path / "ca.key", "-days", "30", "-out", tls / "node.crt"]):
            subprocess.run(["openssl", *command], check=True, capture_output=True)
        _selaras(*join)
        self.assertTrue((office.folder / "node.textproto").exists())


if __name__ == "__main__":
    unittest.main()
