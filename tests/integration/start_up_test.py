"""A program that cannot start says why in one line, and what cures it, and leaves all as it was."""

import hashlib
import re
import shutil
import signal
import socket
import subprocess
import unittest

from agencies import Agencies, await_true, bin_dir, seeded
import write_ahead_log

_AUTHORITIES = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"], "sanction": ["ppk/13.04"]}
_SECONDS = 120
_LINE = re.compile(r"\Aselaras-intake: [^\n]+; [^\n]+\n\Z")  # what is wrong; what cures it
_TRACE = re.compile(r"^\s*#\d|AddressSanitizer|runtime error|terminate called|Assertion|Aborted",
                    re.MULTILINE)


class StartUp(unittest.TestCase):

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.chance = seeded()
        cls.agencies = cls.enterClassContext(Agencies(_AUTHORITIES))
        cls.agencies.stop()

    def setUp(self):
        """A copy of the intake node, to be spoilt."""
        node = self.agencies["intake"]
        self.folder = node.folder.with_name(f"intake-{self._testMethodName}")
        shutil.copytree(node.folder, self.folder)
        self.addCleanup(shutil.rmtree, self.folder)
        self.config = self.folder / "node.textproto"
        self.text = self.config.read_text(encoding="utf-8")

    def change(self, old, new):
        self.assertIn(old, self.text)
        self.config.write_text(self.text.replace(old, new), encoding="utf-8")

    def listen(self, address):
        self.text = re.sub(r'listen: "[^"]*"', f'listen: "{address}"', self.text)
        self.config.write_text(self.text, encoding="utf-8")

    def start(self, config=None):
        """Runs the program to its end."""
        return subprocess.run(
            [bin_dir() / "selaras-intake", "--config", config or self.config], check=False,
            capture_output=True, timeout=_SECONDS)

    def expect_refused(self, *words, config=None):
        """It does not start, says in one line why and what cures it, and leaves the store alone."""
        before = self.store_files()
        self.expect_one_line(*words, config=config)
        self.assertEqual(before, self.store_files())

    def expect_one_line(self, *words, config=None):
        done = self.start(config)
        said = done.stderr.decode()  # strictly: it must be readable
        self.assertEqual(done.returncode, 1, said)
        self.assertEqual(done.stdout, b"")
        self.assertNotRegex(said, _TRACE)
        self.assertRegex(said, _LINE)
        for word in words:
            self.assertIn(word, said)
        self.assertFalse((self.folder / "address").exists())

    def store_files(self):
        """What counts in the store, by its digest: not who has it open, nor what RocksDB tells of
        its own doings."""
        return {str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted((self.folder / "store").rglob("*"))
                if path.is_file() and
                not path.name.startswith(("lock", "LOG", "OPTIONS", "MANIFEST"))}

    # The configuration.

    def test_a_configuration_that_is_not_there(self):
        self.expect_refused("no.textproto", config=self.folder / "no.textproto")

    def test_a_folder_as_configuration(self):
        self.expect_refused(str(self.folder), config=self.folder)

    def test_an_empty_configuration(self):
        self.config.write_text("", encoding="utf-8")
        self.expect_refused("store", "missing")

    def test_a_syntax_error_is_shown_with_its_place(self):
        self.change('node: "bawaslu-13"', 'node "bawaslu-13"')
        self.expect_refused("node.textproto:1:6")

    def test_an_unknown_field_is_named(self):
        self.config.write_text(self.text + 'speed: "high"\n', encoding="utf-8")
        self.expect_refused("speed")

    def test_a_configuration_of_random_bytes(self):
        for size in (1, 4_000):
            self.config.write_bytes(b"\xff" + self.chance.randbytes(size))
            self.expect_refused("node.textproto:1:1")

    def test_a_configuration_that_was_cut_off_anywhere(self):
        text = self.config.read_bytes()
        for _ in range(5):
            place = self.chance.randrange(1, len(text) - len('address_file: "address"\n'))
            if text[:place].rstrip().endswith(b"}"):
                continue  # whole settings only: it may be good
            with self.subTest(bytes=place):
                self.config.write_bytes(text[:place])
                self.expect_refused("node.textproto")

    def test_a_configuration_with_random_changes_is_refused_or_good(self):
        text = self.config.read_bytes()
        for _ in range(8):
            spoilt = bytearray(text)
            for _ in range(self.chance.randint(1, 4)):
                spoilt[self.chance.randrange(len(spoilt))] = self.chance.randrange(256)
            self.config.write_bytes(spoilt)
            done = subprocess.run(
                [bin_dir() / "selaras-intake", "--check", "--config", self.config], check=False,
                capture_output=True, timeout=_SECONDS)
            said = done.stderr.decode()
            self.assertIn(done.returncode, (0, 1), said)
            self.assertNotRegex(said, _TRACE)
            if done.returncode:
                self.assertRegex(said, _LINE)

    def test_an_authority_that_the_reference_data_do_not_know(self):
        self.change('authorities: "bawaslu/13"', 'authorities: "bawaslu/99"')
        self.expect_refused("authorities[0]", "bawaslu/99")

    def test_an_authority_of_another_role(self):
        self.change('authorities: "bawaslu/13"', 'authorities: "ppk/13.05"')
        self.expect_refused("authorities[0]", "ppk/13.05", "sanction")

    # Keys and certificates.

    def test_a_signing_key_that_others_can_read(self):
        (self.folder / "log.key").chmod(0o644)
        self.expect_refused("log.key", "chmod 600")

    def test_a_signing_key_that_is_not_there(self):
        (self.folder / "log.key").unlink()
        self.expect_refused("log.key", "cannot be read")

    def test_a_signing_key_that_cannot_be_read(self):
        # A folder, because root may read every file.
        (self.folder / "log.key").unlink()
        (self.folder / "log.key").mkdir()
        self.expect_refused("log.key")

    def test_the_signing_key_of_another_node(self):
        shutil.copy(self.agencies["referral"].folder / "log.key", self.folder / "log.key")
        self.expect_refused("log.key", "selaras/bkn")

    def test_a_certificate_key_that_others_can_read(self):
        key = self.folder / "tls.key"
        shutil.copy(self.agencies.pki / "intake.key", key)
        key.chmod(0o640)
        self.change("../pki/intake.key", "tls.key")
        self.expect_refused("tls.key", "chmod 600")

    def test_the_certificate_of_another_node(self):
        self.change("../pki/intake.", "../pki/referral.")
        self.expect_refused("tls.certificate", "bkn")

    def test_a_key_that_does_not_fit_the_certificate(self):
        self.change("../pki/intake.key", "../pki/referral.key")
        self.expect_refused("tls.key")

    # Port and store.

    def test_a_port_that_is_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            address = f"127.0.0.1:{other.getsockname()[1]}"
            self.listen(address)
            self.expect_one_line(address, "in use")  # found once the store is open

    def test_a_store_that_another_process_has_open(self):
        node = self.agencies["intake"]
        self.listen("127.0.0.1:0")
        self.text = self.text.replace('store: "store"', f'store: "{node.store}"')
        self.config.write_text(self.text, encoding="utf-8")
        self.agencies.start_again(node)
        try:
            self.expect_refused(str(node.store), "in use", str(node.process.pid))
            self.assertIsNone(node.process.poll(), "the node that runs must not mind")
        finally:
            self.agencies.end(node, signal.SIGTERM)

    def test_the_store_of_another_node(self):
        shutil.rmtree(self.folder / "store")
        shutil.copytree(self.agencies["referral"].store, self.folder / "store")
        self.expect_refused("store", "of node bkn, not of bawaslu-13")

    def test_a_store_whose_log_another_key_signs(self):
        key = self.folder / "log.key"
        key.unlink()
        self.agencies.selaras.make_key("bawaslu-13", key)
        self.expect_refused("store", "signed with key")

    def test_a_store_of_a_newer_format(self):
        shutil.rmtree(self.folder / "store")
        self.make_store_in_write_ahead_log()
        (wal,) = (self.folder / "store/db").glob("*.log")
        write_ahead_log.change(wal, b"\x06format\x04\0\0\0\x01", b"\x06format\x04\0\0\0\x63")
        self.expect_refused("store", "format 99")

    def make_store_in_write_ahead_log(self):
        """A node starts for the first time and is killed: its rows are in the write-ahead log."""
        self.listen("127.0.0.1:0")
        with open(self.folder / "first.log", "wb") as said:
            process = subprocess.Popen(
                [bin_dir() / "selaras-intake", "--config", self.config], stderr=said)
        try:
            await_true("a first start", (self.folder / "address").exists)
        finally:
            process.kill()
            process.wait()
        (self.folder / "address").unlink()

    def test_a_folder_that_is_no_store(self):
        shutil.rmtree(self.folder / "store")
        (self.folder / "store").mkdir()
        (self.folder / "store/holiday.txt").write_text("photos", encoding="utf-8")
        self.expect_refused("store")

    def test_a_file_where_the_store_should_be(self):
        shutil.rmtree(self.folder / "store")
        (self.folder / "store").write_text("", encoding="utf-8")
        self.expect_refused("store")


if __name__ == "__main__":
    unittest.main()
