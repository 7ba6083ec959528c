"""A node that is stopped or killed at any moment changes nothing about the result."""

import json
import signal
import subprocess
import time
import unittest

from agencies import Agencies, PATIENCE, SETS, UNREACHABLE, finish, of_set, seeded
import agreement
import census
import cli
import jurisdiction
import telling

_SIGNALS = (signal.SIGTERM, signal.SIGKILL)
_RUNS_MAX = 200  # of one import: it ends long before


class Expected:
    """What a set must come to: the numbers of expected.json, what an undisturbed run wrote."""

    def __init__(self, name):
        self.name = name
        self.numbers = json.loads((SETS / name / "expected.json").read_text(encoding="utf-8"))
        self.seconds = {}  # role -> how long an import takes here and now
        with Agencies(of_set(name)) as agencies:
            self.first = {role: self._import(agencies, role) for role in jurisdiction.FILES}
            agencies.await_delivery()
            agencies.stop()
            self.told = {node.role: telling.told(agencies.own_entries(node)) for node in agencies}

    def _import(self, agencies, role):
        began = time.monotonic()
        summary = agencies.selaras.import_register(
            agencies[role], SETS / self.name / jurisdiction.FILES[role], PATIENCE)
        self.seconds[role] = time.monotonic() - began
        return summary


class KillCase(unittest.TestCase):

    maxDiff = None

    def kill(self, agencies, node, chance):
        """Ends a node and starts it again. Gives what was done."""
        number = chance.choice(_SIGNALS)
        agencies.end(node, number)
        agencies.start_again(node)
        return f"{number.name} {node.role}"

    def expect_result(self, agencies, expected):
        """The nodes tell the numbers of the set, agree, and hold what an undisturbed run wrote."""
        again = []
        for role, name in jurisdiction.FILES.items():
            summary = agencies.selaras.import_register(
                agencies[role], SETS / expected.name / name, PATIENCE)
            first = expected.first[role]
            self.assertEqual(summary["imported"], 0, f"{name} changed something")
            self.assertEqual(summary["unchanged"], first["imported"], name)
            self.assertEqual(summary["changed"] + summary["pending"], [], name)
            again.append(summary)
        agencies.await_delivery()
        views = {node.role: agencies.selaras.cases(node) for node in agencies}
        found = {"set": expected.name,
                 **census.count(views["intake"], agencies.selaras.reports(agencies["intake"])),
                 **census.import_numbers(again)}
        self.assertEqual({key: found.get(key) for key in expected.numbers}, expected.numbers)
        self.assertEqual(agreement.disagreements(views, agencies.fleet.serves), [])
        agencies.stop()
        self.assertEqual(agencies.verify(), (12, []))  # of each: shared, private, two mirrors
        for node in agencies:
            found = telling.told(agencies.own_entries(node))
            self.assertEqual(telling.difference(expected.told[node.role], found), "", node.name)


class KilledDuringTheImport(KillCase):
    """Nodes that are killed while registers are imported, and the import with them."""

    def setUp(self):
        self.chance = seeded()
        self.expected = Expected("sumbar2024")

    def test_the_result_is_that_of_an_undisturbed_run(self):
        for number in range(3):
            with self.subTest(round=number), Agencies(of_set("sumbar2024")) as agencies:
                for role in jurisdiction.FILES:
                    self.import_under_fire(agencies, role)
                self.expect_result(agencies, self.expected)

    def import_under_fire(self, agencies, role):
        """Imports until it is done, however often it must begin again."""
        path = SETS / self.expected.name / jurisdiction.FILES[role]
        kills = self.chance.randint(1, 3)
        for _ in range(_RUNS_MAX):
            arguments = ["import", path, "--in-flight", self.chance.choice((1, 4, 16)),
                         "--wait", self.chance.choice(("1s", f"{PATIENCE}s"))]
            process = agencies.spawn(agencies[role], *arguments)
            try:
                while kills > 0 and process.poll() is None:
                    kills -= 1
                    self.fire(agencies, role, process)
            except BaseException:
                process.kill()
                raise
            code, _, text = finish(process)
            self.assertIn(code, (cli.OK, cli.REFUSED, cli.PENDING, UNREACHABLE, -signal.SIGKILL),
                          text)
            if code in (cli.OK, cli.REFUSED):
                return
        self.fail(f"{path} is not imported after {_RUNS_MAX} runs")

    def fire(self, agencies, role, process):
        """Ends a node, sometimes the import too, at some moment of the time that it takes."""
        moment = self.chance.uniform(0, self.expected.seconds[role])
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            pass
        done = self.kill(agencies, self.chance.choice(list(agencies)), self.chance)
        if self.chance.random() < 0.3:
            process.kill()
            done += ", the import too"
        print(f"{role} after {moment:.2f} s: {done}", flush=True)


class KilledWhileALinkCatchesUp(KillCase):
    """Nodes that are killed while a link carries what one of them has missed."""

    _SET = "nasional2020"

    def setUp(self):
        self.chance = seeded()

    def test_every_entry_arrives_as_it_was_written(self):
        with Agencies(of_set(self._SET)) as agencies:
            late = [agencies["referral"], agencies["sanction"]]
            for node in late:
                agencies.end(node, self.chance.choice(_SIGNALS))
            agencies.selaras.import_register(
                agencies["intake"], SETS / self._SET / "bawaslu.csv", PATIENCE)
            for node in late:
                agencies.start_again(node)
            self.kill_until_caught_up(agencies)
            self.expect_mirrored(agencies)

    def kill_until_caught_up(self, agencies):
        for _ in range(self.chance.randint(4, 6)):
            time.sleep(self.chance.uniform(0, 0.4))
            print(self.kill(agencies, self.chance.choice(list(agencies)), self.chance), flush=True)
        agencies.await_delivery()

    def expect_mirrored(self, agencies):
        intake = agencies["intake"]
        held = next(link for link in agencies.selaras.status(intake)["links"]
                    if link["peer"] == agencies["referral"].name)
        cases = agencies.selaras.cases(agencies["referral"])
        wanted = json.loads((SETS / self._SET / "expected.json").read_text(encoding="utf-8"))
        self.assertEqual(len(cases), wanted["forwarded"])
        self.assertEqual(int(held["disclosed_arrived"]), wanted["forwarded"])
        self.assertEqual({case["state"] for case in cases}, {"CASE_STATE_REFERRED"})
        agencies.stop()
        self.assertEqual(agencies.verify(), (12, []))
        own = agencies.entries(intake, intake.name)
        for role, count in (("referral", wanted["forwarded"]), ("sanction", 0)):
            mirror = agencies.entries(agencies[role], intake.name)
            self.assertEqual([entry["leaf_hash"] for entry in mirror],
                             [entry["leaf_hash"] for entry in own])
            disclosed = [entry for entry in mirror if entry["disclosed"]]
            self.assertEqual(len(disclosed), count)
            self.assertEqual(disclosed, [own[int(entry["position"].split("@")[1])]
                                         for entry in disclosed])


if __name__ == "__main__":
    unittest.main()
