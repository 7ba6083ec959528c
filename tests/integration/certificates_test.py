"""Certificates are replaced while nodes run, and their end is announced."""

import os
import re
import shutil
import signal
import socket
import subprocess
import unittest
import urllib.request

from agencies import Agencies, ROOT, await_true, free_port

_AUTHORITIES = {"intake": ["bawaslu/13"], "referral": ["bkn"]}
_OFTEN = "  reload_seconds: 1\n"


def _put(path, content, mode=0o644):
    """In one step, as whoever replaces certificates should."""
    made = path.with_name(path.name + ".new")
    made.write_bytes(content)
    made.chmod(mode)
    os.replace(made, path)


class Certificates(unittest.TestCase):

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.agencies = cls.enterClassContext(Agencies(_AUTHORITIES, start=False))
        cls.port = free_port()
        for node in cls.agencies:
            node.tls_settings = _OFTEN
        cls.intake, cls.referral = cls.agencies["intake"], cls.agencies["referral"]
        cls.intake.settings = f'metrics: "127.0.0.1:{cls.port}"\n'
        cls.agencies.fleet.start()
        cls.pki = cls.agencies.pki
        cls.kept = {path: path.read_bytes() for path in cls.pki.iterdir() if path.is_file()}

    def setUp(self):
        self.agencies.await_delivery()

    def tearDown(self):
        for path, content in self.kept.items():
            _put(path, content, 0o600 if path.suffix == ".key" else 0o644)
        for node in self.agencies:
            end = self.end_of(self.pki / f"{node.certificate}.crt")
            await_true(f"{node.name} has what it began with", lambda: self.has_again(node, end))

    def has_again(self, node, end):
        code, objects, _ = self.agencies.run(node, "status")
        if code:
            return False  # until it has, nobody trusts it who trusts the first authority alone
        certificates = objects[0]["certificates"]
        own = [each["ends_at"] for each in certificates if each["kind"] == "own"]
        return own == [end] and [each["kind"] for each in certificates].count("authority") == 1

    def status(self, node):
        code, objects, text = self.agencies.run(node, "status")
        self.assertEqual(code, 0, text)
        return objects[0]

    def ends(self, node, kind):
        """Name and end of the certificates of a kind, as a node says."""
        return [(each["name"], each["ends_at"]) for each in self.status(node)["certificates"]
                if each["kind"] == kind]

    def await_logged(self, node, before, words):
        """Waits for a line that the node did not log before. Gives it."""
        def found():
            lines = node.log.read_text(encoding="utf-8")[before:].splitlines()
            return next((line for line in lines if words in line), None)
        return await_true(f"{node.name} logs {words!r}", found)

    @staticmethod
    def length(node):
        return len(node.log.read_text(encoding="utf-8"))

    def end_of(self, certificate):
        shown = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-enddate",
                                "-dateopt", "iso_8601"], capture_output=True, text=True, check=True)
        return re.sub(r"notAfter=(\S+) (\S+)\n?", r"\1T\2", shown.stdout)

    def sign(self, name, identity, days):
        """Gives a certificate of the same key for the same identity, with another end."""
        wanted = ("[req]\ndistinguished_name = subject\nx509_extensions = extensions\nprompt = no\n"
                  f"[subject]\nO = Selaras test PKI\nCN = {name}\n[extensions]\n"
                  "basicConstraints = critical, CA:false\n"
                  "extendedKeyUsage = serverAuth, clientAuth\n"
                  f"subjectAltName = URI:spiffe://selaras/{identity}, DNS:localhost, IP:127.0.0.1\n")
        return subprocess.run(
            ["openssl", "req", "-x509", "-new", "-sha256", "-days", str(days), "-config",
             "/dev/stdin", "-key", self.pki / f"{name}.key", "-CA", self.pki / "ca.crt", "-CAkey",
             self.pki / "ca.key"], input=wanted.encode(), capture_output=True, check=True).stdout

    def test_another_authority_takes_over_without_a_restart_of_who_is_asked(self):
        other = self.agencies.path / "other-pki"
        subprocess.run([ROOT / "deploy/pki/make-test-pki.sh", "--out", other,
                        "--identity", "node:bawaslu/13:intake"], check=True, capture_output=True)
        self.addCleanup(shutil.rmtree, other)
        process = self.intake.process.pid
        places = {node: self.length(node) for node in self.agencies}
        # Everybody trusts both, then one node shows what the other authority signed.
        both = self.kept[self.pki / "ca.crt"] + (other / "ca.crt").read_bytes()
        _put(self.pki / "ca.crt", both)
        for node, place in places.items():
            self.await_logged(node, place, "certificates taken over")
        place = self.length(self.intake)
        _put(self.pki / "intake.key", (other / "intake.key").read_bytes(), 0o600)
        self.await_logged(self.intake, place, "is the key of another certificate; put the key of")
        self.status(self.intake)  # meanwhile it answers with what it had
        _put(self.pki / "intake.crt", (other / "intake.crt").read_bytes())
        self.await_logged(self.intake, place, "certificates taken over")
        self.assertEqual(self.status(self.intake)["links"][0]["connected"], True)
        end = self.end_of(self.pki / "intake.crt")
        self.assertEqual([ends for _, ends in self.ends(self.intake, "own")], [end])
        self.assertEqual(len(self.ends(self.intake, "authority")), 2)
        # The next link is made with it, whichever side dials.
        self.agencies.end(self.referral, signal.SIGTERM)
        self.agencies.start_again(self.referral)
        self.agencies.await_delivery()
        self.assertEqual(self.ends(self.referral, "peer"), [("bawaslu-13", end)])
        self.assertEqual(self.intake.process.pid, process)

    def test_one_that_nears_its_end_is_announced(self):
        place = self.length(self.intake)
        _put(self.pki / "intake.crt", self.sign("intake", "node/bawaslu/13", 3))
        line = self.await_logged(self.intake, place, "certificate ends soon")
        self.assertIn("level=warning", line)
        self.assertIn("kind=own name=\"CN=intake,O=Selaras test PKI\"", line)
        self.assertIn("days=2 cure=\"put a new one and its key in place", line)
        end = self.end_of(self.pki / "intake.crt")
        self.assertEqual([ends for _, ends in self.ends(self.intake, "own")], [end])
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=60) as answer:
            figures = answer.read().decode()
        self.assertRegex(figures, r'selaras_certificate_ends_timestamp_seconds\{kind="own",name='
                                  r'"CN=intake,O=Selaras test PKI"\} \d+')

    def test_a_signal_to_hang_up_ends_nothing(self):
        self.intake.process.send_signal(signal.SIGHUP)
        self.status(self.intake)
        self.assertIsNone(self.intake.process.poll())

    def test_who_is_refused_is_told_nothing_and_the_log_says_why(self):
        place = self.length(self.intake)
        with socket.create_connection(self.intake.address.rsplit(":", 1)) as stranger:
            stranger.sendall(b"GET / HTTP/1.1\r\n\r\n")
            stranger.settimeout(60)
            answer = stranger.recv(4096)
        self.assertNotIn(b"selaras", answer)
        self.assertIn("reason=NO_TLS", self.await_logged(self.intake, place, "connection refused"))

    def test_who_connects_and_says_nothing_is_let_go(self):
        with socket.create_connection(self.intake.address.rsplit(":", 1)) as silent:
            silent.settimeout(120)
            self.assertEqual(silent.recv(1), b"")


if __name__ == "__main__":
    unittest.main()
