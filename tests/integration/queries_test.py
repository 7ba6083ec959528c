"""Questions of back offices to real nodes: filters, watching, and what was known on a day."""

import json
import signal
import subprocess
import threading
import time
import unittest

import grpc

from agencies import Agencies, await_true
import filing
from filed import Filed, file_all
from foreign import Client, Contracts
from watch_test import days_ago

_AUTHORITIES = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"],
                "sanction": ["ppk/13.04", "ppk/13.05"]}
_QUERY = "selaras.query.v1.QueryService"
_STREAMS_MAX = 128  # of a node, see services/serve/case_streams.h


class QueriesCase(unittest.TestCase):
    """Nodes of three agencies, and commands to them."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.contracts = Contracts()
        identities = [f"backoffice:ppk/13.0{n}:ppk-{n}" for n in (4, 5)]
        cls.agencies = cls.enterClassContext(Agencies(_AUTHORITIES, identities))

    def client(self, folder, certificate=None):
        return Client(self.contracts, self.agencies[folder].address, self.agencies.pki,
                      certificate or f"{folder}-entry")

    def execute(self, folder, authority, *commands):
        with self.client(folder) as client:
            return client.call(f"selaras.{folder}.v1.{folder.title()}Service/ExecuteBatch",
                               {"header": filing.header(authority),
                                "commands": list(commands)}).outcome.case_id

    def refer(self, letter):
        return self.execute("intake", "bawaslu/13", *filing.opened(), *filing.concluded(),
                            *filing.referred(letter))

    def selaras(self, folder, *arguments):
        """What selaras prints about a running node."""
        code, objects, text = self.agencies.run(self.agencies[folder], *arguments)
        self.assertEqual(code, 0, text)
        return objects

    def stored(self, folder, *arguments):
        """What selaras prints about the store of a node that does not run."""
        done = subprocess.run(
            [self.agencies.selaras.program, "--json", *arguments, "--store",
             self.agencies[folder].store], capture_output=True, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]


class Filters(QueriesCase):

    def test_cases_are_found_by_what_back_offices_ask_for_live_and_stored(self):
        far = Filed("51", "13.04", "198001012005011001", ("intake", "referral", "sanction"))
        near = Filed("52", "13.04", "199210142020122013", ("intake", "referral"))
        file_all(self.agencies, self.client, [far, near])
        middle = self.refer("053/PP/2024")
        self.agencies.await_delivery()
        self.execute("referral", "bkn", *filing.recommended(middle, "R-53/2024"))
        self.agencies.await_delivery()
        every = {case["case_id"]: case for case in self.selaras("intake", "case", "list")}
        self.assertEqual(len(every), 3)
        self.assertEqual(
            {case_id: (case["holder"], case["public_status"]) for case_id, case in every.items()},
            {near.case_id: ("bawaslu/13", "menunggu_verifikasi_bkn"),
             middle: ("bkn", "menunggu_ppk"),
             far.case_id: ("ppk/13.04", "sudah_dijatuhi_sanksi")})
        filters = {
            ("--holder", "bkn"): lambda case: case["holder"] == "bkn",
            ("--election", "PILKADA-2024"): lambda case: True,
            ("--election", "PEMILU-2024"): lambda case: False,
            ("--violation", "HD-06"): lambda case: "HD-06" in case.get("violations_found", []),
            ("--status", "menunggu_ppk"): lambda case: case["public_status"] == "menunggu_ppk",
            ("--waiting-since", "2024-10-11"):
                lambda case: case.get("waiting_for") and case["since"]["date"] <= "2024-10-11",
            ("--waiting-since", "2024-10-10"): lambda case: False,
            ("--reference", "referral-letter:053/PP/2024"):
                lambda case: case["case_id"] == middle,
            ("--reference", "053/pp/2024"): lambda case: case["case_id"] == middle,
        }
        expected = {words: {case_id for case_id, case in every.items() if matches(case)}
                    for words, matches in filters.items()}
        self.assertEqual(expected["--waiting-since", "2024-10-11"], {near.case_id})
        for words, cases in expected.items():
            with self.subTest(words):
                found = self.selaras("intake", "case", "list", *words)
                self.assertEqual({case["case_id"] for case in found}, cases)
        self.agencies.end(self.agencies["intake"], signal.SIGTERM)
        for words, cases in expected.items():
            with self.subTest(words, stored=True):
                found = self.stored("intake", "case", "list", *words)
                self.assertEqual({case["case_id"] for case in found}, cases)
        self.agencies.start_again(self.agencies["intake"])


class Watcher:
    """Somebody who watches until the stream ends."""

    def __init__(self, stream):
        self.stream = stream
        self.changes = []
        self.cursor = 0
        self.rounds = 0  # how often it was told that this is all
        self.ended = None
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self):
        try:
            for told in self.stream:
                self.changes += [(change.cursor, change.case_id) for change in told.changes]
                self.cursor = told.cursor
                self.rounds += not told.changes
        except grpc.RpcError as error:
            self.ended = error.code()

    def cases(self):
        return {case_id for _, case_id in list(self.changes)}

    def join(self):
        self._thread.join(60)
        return self.ended


class Watching(QueriesCase):

    def watch(self, client, after=0):
        return Watcher(client.ask_stream(f"{_QUERY}/WatchCases", {"after_cursor": after},
                                         timeout=600))

    def test_changes_come_while_commands_go_on_and_across_a_restart_by_cursor(self):
        before = self.refer("061/PP/2024")
        with self.client("intake") as client:
            first = self.watch(client)
            await_true("the case from before", lambda: before in first.cases() and first.rounds)
            during = [self.refer(f"06{n}/PP/2024") for n in (2, 3, 4)]
            await_true("the new cases", lambda: first.cases() >= {before, *during})
            self.agencies.end(self.agencies["intake"], signal.SIGTERM)
            self.assertEqual(first.join(), grpc.StatusCode.UNAVAILABLE)
        self.agencies.start_again(self.agencies["intake"])
        after = self.refer("065/PP/2024")
        with self.client("intake") as client:
            second = self.watch(client, first.cursor)
            await_true("the case after the restart", lambda: after in second.cases())
            second.stream.cancel()
            self.assertEqual(second.join(), grpc.StatusCode.CANCELLED)
            polled = client.call(f"{_QUERY}/ListChanges", {"page_size": 1000})
        cursors = [cursor for cursor, _ in first.changes + second.changes]
        self.assertEqual(cursors, sorted(set(cursors)), "each change once, in order")
        told = [(change.cursor, change.case_id) for change in polled.changes]
        self.assertEqual(first.changes + second.changes, told[:len(cursors)])

    def test_a_back_office_is_told_of_its_own_cases_only(self):
        mine, other = (Filed(number, region, nip, ("intake", "referral", "sanction"))
                       for number, region, nip in (("66", "13.04", "198001012005011901"),
                                                   ("67", "13.05", "198002022006022902")))
        with self.client("sanction", "ppk-4") as client, self.client("sanction") as everybody:
            watcher, all_cases = self.watch(client), self.watch(everybody)
            file_all(self.agencies, self.client, [mine, other])
            await_true("both cases", lambda: {mine.case_id, other.case_id} <= all_cases.cases())
            await_true("the own case", lambda: mine.case_id in watcher.cases())
            # Whatever comes after this was told after everything above.
            self.assertNotIn(other.case_id, watcher.cases())
            for each in (watcher, all_cases):
                each.stream.cancel()
                each.join()

    def test_only_so_many_watch_and_who_goes_leaves_his_place_at_once(self):
        clients = [self.enterContext(self.client("referral")) for _ in range(4)]

        def ask(client):
            stream = client.ask_stream(f"{_QUERY}/WatchCases", timeout=600)
            return stream, next(stream)

        streams = [ask(clients[i % len(clients)])[0] for i in range(_STREAMS_MAX)]
        with self.assertRaises(grpc.RpcError) as refused:
            ask(clients[0])
        self.assertEqual(refused.exception.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
        self.assertIn("ListChanges", refused.exception.details())
        streams.pop().cancel()

        def again():
            try:
                return ask(clients[1])
            except grpc.RpcError as error:
                self.assertEqual(error.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
                return None

        streams.append(await_true("the place that was left", again)[0])
        for stream in streams:
            stream.cancel()

    def test_selaras_prints_changes_as_they_come(self):
        process = self.agencies.spawn(self.agencies["intake"], "case", "watch")
        try:
            case_id = self.refer("068/PP/2024")
            for line in process.stdout:
                change = json.loads(line)
                self.assertGreater(int(change["cursor"]), 0)
                if change["case_id"] == case_id:
                    break
        finally:
            process.terminate()
            process.communicate()


class AsKnown(QueriesCase):

    def test_what_was_on_its_way_is_known_to_its_authors_before_it_is_held(self):
        case_id = self.refer("071/PP/2024")
        self.agencies.await_delivery()
        ppk = self.agencies["sanction"]
        self.agencies.end(ppk, signal.SIGTERM)
        self.execute("referral", "bkn", *filing.recommended(case_id, "R-71/2024"))
        down = 3
        time.sleep(down)
        self.agencies.start_again(ppk)
        self.agencies.await_delivery()
        today, yesterday, tomorrow = (days_ago(n) for n in (0, 2, -2))

        steps = self.selaras("sanction", "case", "timeline", case_id)
        own = self.selaras("referral", "case", "timeline", case_id)
        recommended = self.step(steps, "sanction_recommended")
        self.assertGreater(self.seconds(recommended["held_since"]),
                           self.seconds(recommended["recorded_at"]) + down - 1)
        at_bkn = self.step(own, "sanction_recommended")
        self.assertEqual(at_bkn["held_since"], at_bkn["recorded_at"])

        for who in ("authors", "node"):
            for folder in ("intake", "referral", "sanction"):
                now = self.selaras(folder, "case", "show", case_id)[0]
                then = self.selaras(folder, "case", "show", case_id, "--as-known", today,
                                    "--known-by", who)[0]
                self.assertEqual(self.lasting(then), self.lasting(now), (folder, who))
                self.assertEqual((then["allowed_commands"], then["arrivals"], then["revision"]),
                                 ([], [], "0"))
            code, _, text = self.agencies.run(ppk, "case", "show", case_id, "--as-known",
                                              yesterday, "--known-by", who)
            self.assertNotEqual(code, 0)
            self.assertIn("give a later day", text)
        with self.client("sanction") as client:
            for day, code, reason in ((yesterday, "NOT_FOUND", "CASE_NOT_KNOWN_THEN"),
                                      (tomorrow, "INVALID_ARGUMENT", "INVALID_FIELD")):
                for method in ("GetCase", "GetTimeline"):
                    with self.assertRaises(Exception) as refused:
                        client.call(f"{_QUERY}/{method}",
                                    {"case_id": case_id, "as_known": {"on": day}})
                    self.assertEqual((refused.exception.code, refused.exception.reason),
                                     (code, reason))

        self.agencies.end(ppk, signal.SIGTERM)
        stored = self.stored("sanction", "case", "timeline", case_id, "--as-known", today)
        self.assertEqual(stored, steps)
        shown = self.stored("sanction", "case", "show", case_id, "--as-known", today)
        self.assertEqual(shown[0]["state"], "CASE_STATE_RECOMMENDED")
        self.agencies.start_again(ppk)

    @staticmethod
    def step(steps, name):
        return next(step for step in steps if step["fact_name"] == name)

    @staticmethod
    def seconds(timestamp):
        """Of 2026-11-23T03:04:05.678Z, as far as a second matters."""
        return time.mktime(time.strptime(timestamp[:19], "%Y-%m-%dT%H:%M:%S"))

    @staticmethod
    def lasting(case):
        """The case without what only holds now."""
        kept = {key: value for key, value in case.items()
                if key not in ("allowed_commands", "arrivals", "revision")}
        kept["sections"] = [{key: value for key, value in section.items()
                             if key not in ("verified_size", "verified_at")}
                            for section in case["sections"]]
        return kept


if __name__ == "__main__":
    unittest.main()
