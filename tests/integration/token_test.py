"""A log whose key never leaves a token."""

import os
import signal
import subprocess
import unittest

from agencies import Agencies, bin_dir
import filing
from foreign import Client, Contracts

_MODULE = "/usr/lib/softhsm/libsofthsm2.so"
_PIN = "271828"


class KeyInToken(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.agencies = cls.enterClassContext(
            Agencies({"intake": ["bawaslu/13"], "referral": ["bkn"]}, start=False))
        tokens = cls.agencies.path / "tokens"
        tokens.mkdir()
        (tokens / "softhsm2.conf").write_text(f"directories.tokendir = {tokens}\nlog.level = ERROR\n",
                                              encoding="ascii")
        cls.environment = {"SOFTHSM2_CONF": str(tokens / "softhsm2.conf")}
        os.environ.update(cls.environment)
        subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", "selaras", "--so-pin",
                        "4321", "--pin", _PIN], check=True, capture_output=True)
        cls.pin = tokens / "pin"
        cls.pin.write_text(_PIN + "\n", encoding="ascii")
        cls.pin.chmod(0o600)
        cls.node = cls.agencies["referral"]
        cls.uri = f"pkcs11:token=selaras?module-path={_MODULE}&pin-source=file:{cls.pin}"
        made = cls.generate()
        cls.node.log_key, cls.node.verifier_key = made["file"], made["verifier_key"]
        (cls.node.folder / "log.key").unlink()
        cls.agencies.fleet.start()
        cls.contracts = Contracts()

    @classmethod
    def generate(cls):
        return cls.agencies.selaras._objects(  # pylint: disable=protected-access
            ["key", "generate", "bkn", "--token", cls.uri])[0]

    def run_node(self, *arguments):
        return subprocess.run([bin_dir() / "selaras-referral", "--config", self.node.config,
                               *arguments], capture_output=True, text=True, check=False)

    def test_1_signs_as_any_other_and_is_the_same_after_a_kill(self):
        self.assertIn("object=selaras%2Fbkn", self.node.log_key)
        for place in (1, 2):
            with Client(self.contracts, self.agencies["intake"].address, self.agencies.pki,
                        "intake-entry") as client:
                case_id = client.call(
                    "selaras.intake.v1.IntakeService/ExecuteBatch", filing.intake_batch(
                        *filing.opened(), *filing.concluded(),
                        *filing.referred(f"{place}/TOK/2024"))).outcome.case_id
            self.agencies.await_delivery()
            with Client(self.contracts, self.node.address, self.agencies.pki,
                        "referral-entry") as client:
                client.call("selaras.referral.v1.ReferralService/ExecuteBatch", {
                    "header": filing.header("bkn"), "commands": [{"receive_case": {
                        "case_id": case_id, "agenda_number": f"AG-{place}"}}]})
            self.agencies.await_delivery()  # whoever follows takes what was signed
            self.agencies.end(self.node, signal.SIGKILL)
            self.agencies.start_again(self.node)
        self.agencies.stop()
        self.assertEqual(self.agencies.verify(), (6, []))
        for path in self.node.folder.rglob("*"):
            if path.is_file():
                self.assertNotIn(b"PRIVATE+KEY+selaras/bkn+", path.read_bytes(), path)

    def test_2_without_the_token_or_its_pin_nothing_starts(self):
        self.assertEqual(self.run_node("--check").returncode, 0)
        self.pin.chmod(0o644)
        self.assertIn("others can use this secret", self.run_node("--check").stderr)
        self.pin.chmod(0o600)
        self.pin.write_text("000000", encoding="ascii")
        self.assertIn("does not take the PIN", self.run_node("--check").stderr)
        self.pin.write_text(_PIN, encoding="ascii")
        config = self.node.config.read_text(encoding="utf-8")
        self.addCleanup(self.node.config.write_text, config, encoding="utf-8")
        for there, wrong, words in (("token=selaras", "token=other", "no token other"),
                                    ("selaras%2Fbkn", "selaras%2Fother", "no key selaras/other"),
                                    (_MODULE, "/nowhere.so", "no PKCS#11 module"),
                                    ("file:/", "file:", "without an absolute path")):
            self.node.config.write_text(config.replace(there, wrong), encoding="utf-8")
            ended = self.run_node("--check")
            self.assertEqual(ended.returncode, 1)
            self.assertIn(words, ended.stderr)
            self.assertIn("name a key that selaras key generate --token made", ended.stderr)

    def test_3_a_key_is_never_made_over_another(self):
        done = subprocess.run([bin_dir() / "selaras", "key", "generate", "bkn", "--token", self.uri],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("has a key selaras/bkn already", done.stderr)


if __name__ == "__main__":
    unittest.main()
