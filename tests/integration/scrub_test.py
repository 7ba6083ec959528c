"""A running node verifies what it stores again and again, remembers that across restarts, says in
health, in its status and in its figures for Prometheus what it found, and names nobody in them."""

import contextlib
import csv
import signal
import socket
import subprocess
import unittest
import urllib.error
import urllib.request

from agencies import Agencies, SETS, await_true, bin_dir, free_port, of_set
from foreign import Client, Contracts

_SET = "sumbar2020"
_ROWS = 12
_SERVING, _NOT_SERVING = 1, 2
_OFTEN = "scrub {\n  every_seconds: 1\n  bytes_per_second: 1073741824\n}\n"
_RARELY = "scrub {\n  every_seconds: 86400\n}\n"


class Scrubbing(unittest.TestCase):

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.contracts = Contracts()
        cls.agencies = cls.enterClassContext(
            Agencies(of_set(_SET), ["ops:bawaslu/13:intake-ops"], start=False))
        cls.node = cls.agencies["intake"]
        cls.port = free_port()
        cls.metrics_setting = f'metrics: "127.0.0.1:{cls.port}"\n'
        cls.node.settings = _OFTEN + cls.metrics_setting
        cls.agencies.fleet.start()
        lines = (SETS / _SET / "bawaslu.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        part = cls.agencies.path / "rows.csv"
        part.write_text("".join(lines[:_ROWS + 1]), encoding="utf-8")
        with part.open(encoding="utf-8-sig") as file:
            cls.rows = list(csv.DictReader(file, delimiter=";"))
        cls.agencies.selaras.import_register(cls.node, part, 0)

    def status(self):
        return self.agencies.selaras.status(self.node)

    def scrub(self):
        return self.status().get("scrub", {})

    def figures(self, patience=60):
        """The node's figures by name and labels, as they are written."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics",
                                    timeout=patience) as answer:
            self.assertEqual(answer.status, 200)
            self.text = answer.read().decode("utf-8")
        lines = [line for line in self.text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    def health(self, part):
        with Client(self.contracts, self.node.address, self.agencies.pki, "intake-ops") as client:
            return client.call("grpc.health.v1.Health/Check", {"service": part}).status

    def full_pass(self):
        """A pass that began after everything was written."""
        began = self.scrub().get("last", {}).get("finished_at", "")

        def newer():
            last = self.scrub().get("last", {})
            return last if last.get("finished_at", "") > began else None

        await_true("a full pass", newer)
        began = self.scrub()["last"]["finished_at"]
        return await_true("another one", newer)

    def own_size(self):
        return sum(int(log["size"]) for log in self.status()["logs"] if not log.get("mirror"))

    def restart(self, settings):
        if self.node.process is not None:
            self.agencies.end(self.node, signal.SIGTERM)
        text = self.node.config.read_text(encoding="utf-8")
        self.node.config.write_text(text.replace(self.node.settings, settings), encoding="utf-8")
        self.node.settings = settings
        self.agencies.start_again(self.node)

    def tamper(self, *arguments):
        done = subprocess.run(
            [bin_dir().parent / "tests/tamper_store", arguments[0], self.node.store,
             *arguments[1:]], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_1_a_clean_node_shows_its_last_full_pass(self):
        last = self.full_pass()
        self.assertEqual((int(last.get("findings", 0)), last.get("first", "")), (0, ""))
        self.assertGreaterEqual(int(last["entries"]), self.own_size())
        self.assertGreater(int(last["bytes"]), 1_000)
        self.assertEqual(self.health("scrub"), _SERVING)

    def test_2_the_figures_are_those_of_the_node(self):
        self.full_pass()
        figures = self.figures()
        status = self.status()
        for log in status["logs"]:
            name = f'{{log="{log["log"]}"}}'
            self.assertEqual(figures["selaras_log_leaves" + name], int(log["size"]))
            self.assertEqual(figures["selaras_log_entries" + name], int(log["entries_held"]))
        own = f'{{log="{self.node.name}"}}'
        self.assertGreater(figures["selaras_log_published_leaves" + own], 0)
        self.assertEqual(figures['selaras_link_stopped{peer="bkn"}'], 0)
        self.assertIn('selaras_link_arrived_leaves{peer="bkn"}', figures)
        self.assertEqual(figures["selaras_scrub_good"], 1)
        self.assertEqual(figures["selaras_scrub_last_full_pass_findings"], 0)
        self.assertGreaterEqual(figures["selaras_scrub_last_full_pass_entries"], self.own_size())
        self.assertGreater(figures["selaras_scrub_last_full_pass_timestamp_seconds"], 1.6e9)
        self.assertEqual(figures["selaras_sequencer_queued_requests"], 0)
        calls = 'selaras_calls_total{method="/selaras.ledger.v1.LedgerService/GetNode",code="OK"}'
        self.assertGreater(figures[calls], 0)
        self.assertTrue(any(name.startswith("selaras_build_info{") for name in figures))

    def test_3_the_figures_name_nobody(self):
        self.figures()
        for row in self.rows:
            for column in ("pelapor_nama", "terlapor_nama", "terlapor_nip", "nomor_register"):
                if row[column]:
                    self.assertNotIn(row[column], self.text)
        self.assertNotIn("case/", self.text)

    def test_4_other_paths_answer_nothing(self):
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/case", timeout=60)
        with refused.exception as answer:
            self.assertEqual(answer.code, 404)

    def test_4_whoever_connects_and_says_nothing_keeps_nobody_away(self):
        with contextlib.ExitStack() as silent:
            for _ in range(8):
                silent.enter_context(socket.create_connection(("127.0.0.1", self.port)))
            self.figures(patience=20)

    def test_5_the_last_pass_is_remembered_by_the_next_start(self):
        self.full_pass()
        self.restart(_RARELY + self.metrics_setting)
        scrub = self.scrub()
        self.assertGreaterEqual(int(scrub["last"]["entries"]), self.own_size())
        self.assertEqual(scrub.get("stage", ""), "")
        self.assertIn("selaras_scrub_last_full_pass_timestamp_seconds", self.figures())

    def test_6_a_value_that_was_changed_on_disk_is_found(self):
        self.agencies.end(self.node, signal.SIGTERM)
        rows = [line.split(" ") for line in self.tamper("rows", "entry", "0000").splitlines()]
        key, value = rows[len(rows) // 2]
        changed = value[:-2] + f"{int(value[-2:], 16) ^ 1:02x}"
        self.tamper("put", "entry", key, changed)
        self.restart(_OFTEN + self.metrics_setting)
        await_true("health that says so", lambda: self.health("scrub") == _NOT_SERVING)
        found = await_true("a full pass that says so",
                           lambda: self.scrub() if int(self.scrub().get("last", {}).get(
                               "findings", 0)) else None)
        sequence = int(key[-16:], 16)
        self.assertEqual(found["last"]["first"], f"entry {self.node.name}@{sequence}")
        self.assertEqual(self.health(""), _SERVING)
        figures = self.figures()
        self.assertEqual(figures["selaras_scrub_good"], 0)
        self.assertGreaterEqual(figures["selaras_scrub_last_full_pass_findings"], 1)
        log = "\n".join(self.node.last_lines())
        self.assertIn("what is stored differs", log)

        # The same after a start that makes no pass of its own; and good again once it is mended.
        self.restart(_RARELY + self.metrics_setting)
        self.assertEqual(self.health("scrub"), _NOT_SERVING)
        self.agencies.end(self.node, signal.SIGTERM)
        self.tamper("put", "entry", key, value)
        self.restart(_OFTEN + self.metrics_setting)
        await_true("health that is good again", lambda: self.health("scrub") == _SERVING)

    def test_7_a_node_may_have_none_of_both(self):
        self.restart("scrub {\n  off: true\n}\n")
        self.assertNotIn("scrub", self.status())
        with self.assertRaises(urllib.error.URLError):
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=60)


if __name__ == "__main__":
    unittest.main()
