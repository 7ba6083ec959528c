"""selaras-load against real nodes: what it prints, and that it notices what is wrong. Never how fast
anything is."""

import json
import re
import signal
import subprocess
import time
import unittest

from agencies import Agencies, UNREACHABLE, await_true, bin_dir

_LINE = re.compile(r"[a-z_]+,[0-9]+,[0-9]+\.[0-9],[0-9]+,[0-9]+\n")
_SECONDS = 240  # until it must have ended: generous
_ERROR, _USAGE = 1, 2  # exit codes


class LoadCase(unittest.TestCase):
    """An intake node, and one of another role."""

    @classmethod
    def setUpClass(cls):
        cls.agencies = cls.enterClassContext(
            Agencies({"intake": ["bawaslu/13"], "referral": ["bkn"]}))
        cls.intake = cls.agencies["intake"]

    def start(self, mode, *arguments, node=None):
        client = (node or self.intake).client
        return subprocess.Popen(
            [bin_dir() / "selaras-load", mode, "--client", client, "--timeout", "60s",
             *map(str, arguments)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run_load(self, mode, *arguments, code=0, node=None):
        """Runs it to its end. Gives what it printed, and what it said about an error."""
        process = self.start(mode, *arguments, node=node)
        out, err = process.communicate(timeout=_SECONDS)
        self.assertEqual(process.returncode, code, out + err)
        return out, err


class Load(LoadCase):
    """Each mode, for a second."""

    def figures(self, mode, *arguments):
        """The objects that it prints with --json."""
        out, _ = self.run_load(mode, "--json", "--seconds", 1, *arguments)
        objects = [json.loads(line) for line in out.splitlines()]
        for each in objects:
            self.assertGreater(each["operations"], 0)
            self.assertGreaterEqual(each["seconds"], 1)
            self.assertLessEqual(each["p50_us"], each["p99_us"])
            self.assertEqual(each["percentiles_us"]["50"], each["p50_us"])
        return objects

    def entries(self):
        status = self.agencies.selaras.status(self.intake)
        return next(int(log["size"]) for log in status["logs"] if log["log"] == status["node"])

    def link(self):
        """What is disclosed to the follower, and how much of it has arrived."""
        (link,) = self.agencies.selaras.status(self.intake)["links"]
        return {name: int(link.get(name, 0)) for name in ("disclosed", "disclosed_arrived")}

    def expect_commands(self, mode, per_call, *arguments):
        """Each command writes one shared entry: no more and no fewer than were counted."""
        before = self.entries()
        (measured,) = self.figures(mode, *arguments)
        self.assertEqual(measured["name"], mode)
        self.assertEqual(measured["operations"], per_call * measured["calls"])
        self.assertEqual(self.entries(), before + measured["operations"])

    def test_single_commands(self):
        self.expect_commands("unary", 1, "--in-flight", 8)

    def test_batches(self):
        self.expect_commands("batch", 12, "--in-flight", 4, "--reports", 3)

    def test_reports_that_do_not_fit_a_request_are_refused(self):
        _, err = self.run_load("batch", "--reports", 13, "--refer", code=_USAGE)
        self.assertIn("give 1 to 12", err)
        _, err = self.run_load("stream", "--reports", 17, code=_USAGE)
        self.assertIn("give 1 to 16", err)

    def test_a_stream(self):
        self.expect_commands("stream", 4, "--in-flight", 64)

    def test_a_line_for_people_and_scripts(self):
        out, err = self.run_load("unary", "-n", 2, "-s", 1)
        self.assertRegex(out, f"^{_LINE.pattern}$")
        self.assertTrue(out.startswith("unary,2,"))
        self.assertEqual(err, "")

    def test_questions(self):
        self.run_load("batch", "-s", 1, "-n", 1, "--reports", 1)
        got, listed = self.figures("query", "-n", 2)
        self.assertEqual((got["name"], listed["name"]), ("get_case", "list_cases"))

    def test_an_echo_of_the_same_requests(self):
        pki = self.agencies.pki
        for name, reports in (("echo_unary", 0), ("echo_batch", 2)):
            (measured,) = self.figures(
                "echo", "-n", 4, "--reports", reports, "--answer-bytes", 900,
                "--server-cert", pki / "intake.crt", "--server-key", pki / "intake.key")
            self.assertEqual(measured["name"], name)
            self.assertLess(abs(measured["answer_bytes"] - 900), 16)

    def test_a_follower_that_catches_up(self):
        referral = self.agencies["referral"]
        follow = ["--peer", referral.name, "--patience", _SECONDS]
        self.agencies.await_delivery()
        _, err = self.run_load("follow", *follow, code=_ERROR)
        self.assertIn("has caught up already", err)
        self.agencies.end(referral, signal.SIGTERM)
        seen, before = self.link()["disclosed_arrived"], self.entries()
        (written,) = self.figures("batch", "-n", 1, "--reports", 2, "--refer")
        self.assertEqual(written["operations"], 10 * written["calls"])
        self.assertEqual(self.entries(), before + written["operations"])
        disclosed = seen + 2 * written["calls"]  # of each case the entry that sends it on
        await_true("that the cases are disclosed", lambda: self.link()["disclosed"] == disclosed)
        process = self.start("follow", "--json", *follow)
        self.agencies.start_again(referral)
        out, err = process.communicate(timeout=_SECONDS)
        self.assertEqual(process.returncode, 0, err)
        followed = json.loads(out)
        self.assertEqual(followed["name"], "follow")
        self.assertGreaterEqual(followed["operations"], written["operations"])
        self.assertEqual(followed["calls"], 1)
        self.assertEqual(self.link()["disclosed_arrived"], disclosed)
        _, err = self.run_load("follow", "--peer", "ppk", code=_ERROR)
        self.assertIn("no link to ppk", err)

    def test_cases_that_reach_another_agency(self):
        referral = self.agencies["referral"]
        to = ["--to", referral.client, "--patience", _SECONDS]
        (sent,) = self.figures("propagate", *to, "--rate", 100)
        self.assertEqual(sent["name"], "propagate")
        self.assertEqual(sent["operations"], 5 * sent["calls"])
        self.run_load("propagate", *to, "--rate", 0, code=_USAGE)
        self.run_load("propagate", *to, "--seconds", 3601, code=_USAGE)
        _, err = self.run_load("propagate", *to, code=_ERROR, node=referral)
        self.assertIn("of the role referral", err)

    def test_a_store_that_is_verified(self):
        self.figures("batch", "-n", 1)
        entries = self.entries()
        self.agencies.end(self.intake, signal.SIGTERM)
        command = [bin_dir() / "selaras-load", "--json", "verify", "--store"]
        done = subprocess.run([*command, self.intake.store, "--rounds", "2"], capture_output=True,
                              text=True, check=True, timeout=_SECONDS)
        self.agencies.start_again(self.intake)
        verified = json.loads(done.stdout)
        self.assertEqual((verified["name"], verified["calls"]), ("verify", 2))
        self.assertGreaterEqual(verified["operations"], 2 * entries)
        refused = subprocess.run([*command, self.agencies.path], capture_output=True, text=True,
                                 check=False, timeout=_SECONDS)
        self.assertEqual((refused.returncode, refused.stdout), (_ERROR, ""))

    def test_a_node_that_is_not_there(self):
        _, err = self.run_load("unary", "--node", "127.0.0.1:1",
                               code=UNREACHABLE)
        self.assertIn("selaras-load: the node at 127.0.0.1:1 does not answer", err)

    def test_a_node_of_another_role(self):
        _, err = self.run_load("batch", code=_ERROR, node=self.agencies["referral"])
        self.assertIn("of the role referral", err)

    def test_what_it_cannot_mean(self):
        for arguments in (["--in-flight", 0], ["--in-flight", 4001], ["--seconds", 0],
                          ["--seconds", "x"], ["--fast"]):
            out, err = self.run_load("unary", *arguments, code=_USAGE)
            self.assertEqual(out, "")
            self.assertTrue(err.startswith("selaras-load: "), err)
        self.run_load("batch", "--reports", 17, code=_USAGE)


class LoadOfAKilledNode(LoadCase):
    """No figures come of a run in which anything failed."""

    def test_ends_with_an_error(self):
        to = self.agencies["referral"].client
        for mode, *arguments in (("unary", "-n", 4), ("stream", "-n", 4), ("propagate", "--to", to)):
            process = self.start(mode, *arguments, "-s", 60)
            time.sleep(1)
            self.agencies.end(self.intake, signal.SIGKILL)
            out, err = process.communicate(timeout=_SECONDS)
            self.assertEqual((process.returncode, out), (UNREACHABLE, ""), err)
            self.agencies.start_again(self.intake)


if __name__ == "__main__":
    unittest.main()
