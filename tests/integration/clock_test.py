"""Nodes whose clock jumps: nothing is dated by it before somebody has confirmed it."""

import datetime
import json
import os
import shutil
import struct
import subprocess
import time
import unittest

from agencies import ROOT, Agencies, await_true
import filing
from foreign import Client, Contracts, Refused

_AUTHORITIES = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"], "sanction": ["ppk/13.04"]}
_WIB = datetime.timezone(datetime.timedelta(hours=7))
_DAY = 86_400


def today():
    return datetime.datetime.now(_WIB).date().isoformat()


class MovedClockCase(unittest.TestCase):
    """A node of Bawaslu whose clock the test sets."""

    @classmethod
    def setUpClass(cls):
        cls.contracts = Contracts()
        cls.agencies = cls.enterClassContext(
            Agencies(_AUTHORITIES, ["ops:bawaslu/13:bawaslu-ops"], start=False))
        cls.node = cls.agencies["intake"]
        cls.offset = cls.agencies.path / "offset"
        cls.offset.write_bytes(bytes(8))
        cls.set_clock(0)
        cls.node.environment = {"LD_PRELOAD": os.environ["SELARAS_MOVED_CLOCK"],
                                "SELARAS_TEST_CLOCK": str(cls.offset)}
        cls.agencies.fleet.start()

    @classmethod
    def set_clock(cls, seconds):
        """Sets the node's clock so far ahead of that of this machine."""
        with open(cls.offset, "r+b") as file:
            file.write(struct.pack("=q", seconds))
        cls.ahead = seconds

    def client(self, certificate):
        return Client(self.contracts, self.node.address, self.agencies.pki, certificate)

    def about(self):
        with self.client("bawaslu-ops") as client:
            return client.call("selaras.ledger.v1.LedgerService/GetNode")

    def is_serving(self):
        with self.client("bawaslu-ops") as client:
            return client.call("grpc.health.v1.Health/Check").status == 1  # SERVING

    def jump(self, seconds):
        self.set_clock(seconds)
        await_true("the doubt", lambda: self.about().clock_in_doubt and not self.is_serving())

    def confirm(self, ahead):
        """Confirms that so far ahead of this machine is the right time."""
        with self.client("bawaslu-ops") as client:
            client.call("selaras.ledger.v1.OperationsService/ConfirmClock", {
                "time": datetime.datetime.fromtimestamp(
                    time.time() + ahead, datetime.timezone.utc).isoformat()})

    def trust(self):
        self.confirm(self.ahead)
        await_true("the end of the doubt", lambda: self.is_serving() and
                   not self.about().clock_in_doubt)

    def execute(self, folder, authority, *commands):
        with Client(self.contracts, self.agencies[folder].address, self.agencies.pki,
                    f"{folder}-entry") as client:
            return client.call(f"selaras.{folder}.v1.{folder.title()}Service/ExecuteBatch",
                               {"header": filing.header(authority), "commands": list(commands)})

    def rungs(self, case_id):
        code, objects, text = self.agencies.run(self.node, "case", "timeline", case_id)
        self.assertEqual(code, 0, text)
        return [int(step["fact"]["deadline_rung_reached"]["rung"]) for step in objects
                if step["fact_name"] == "deadline_rung_reached"]


class ClockJumps(MovedClockCase):

    def sizes(self):
        return [(log.log, log.size) for log in self.about().logs]

    def test_a_rung_is_stated_once_whatever_the_clock_does(self):
        case_id = self.execute("intake", "bawaslu/13", *filing.opened(), *filing.concluded(),
                               *filing.referred("001/J/2024")).outcome.case_id
        self.agencies.await_delivery()
        # BKN has 7 days to verify; Bawaslu, which watches, speaks 2 days before the last of them.
        self.execute("referral", "bkn", {"receive_case": {
            "case_id": case_id, "agenda_number": "AG-1/J", "occurred_at": filing.on(today())}})
        self.agencies.await_delivery()
        self.assertEqual(self.rungs(case_id), [])

        self.jump(6 * _DAY)
        before = self.sizes()
        with self.assertRaises(Refused) as refused:
            self.execute("intake", "bawaslu/13", *filing.opened())
        self.assertEqual((refused.exception.code, refused.exception.reason),
                         ("UNAVAILABLE", "CLOCK_IN_DOUBT"))
        with self.assertRaises(Refused) as refused:
            self.confirm(0)
        self.assertEqual((refused.exception.code, refused.exception.reason),
                         ("FAILED_PRECONDITION", "CLOCK_DIFFERS"))
        code, _, text = self.agencies.run(self.node, "clock", "confirm")
        self.assertNotEqual(code, 0, "data entry confirms no clock")
        self.assertIn("may not call", text)
        code, shown, text = self.agencies.run(self.node, "clock", "show")
        self.assertEqual((code, shown[0]["clock_in_doubt"]), (0, True), text)
        self.assertEqual(self.sizes(), before, "nothing is written while the clock is in doubt")
        self.assertEqual(self.rungs(case_id), [])

        self.trust()
        await_true("the rung", lambda: self.rungs(case_id) == [-2])
        for ahead in (0, 6 * _DAY + 3_600, -_DAY, 6 * _DAY):
            self.jump(ahead)
            self.trust()
            # Whatever it learns of is watched: what is stated now comes after a look at the clock.
            self.execute("intake", "bawaslu/13", *filing.opened())
            self.agencies.await_delivery()
            self.assertEqual(self.rungs(case_id), [-2])
        self.agencies.end(self.node, 9)
        self.set_clock(6 * _DAY + 7_200)  # a start believes the clock
        self.agencies.start_again(self.node)
        self.agencies.await_delivery()
        self.assertEqual((self.about().clock_in_doubt, self.rungs(case_id)), (False, [-2]))

    def test_a_clock_that_comes_back_by_itself_is_trusted_again(self):
        self.jump(self.ahead + 3_600)
        self.set_clock(self.ahead - 3_600)
        await_true("the end of the doubt", lambda: self.is_serving() and
                   not self.about().clock_in_doubt)
        self.execute("intake", "bawaslu/13", *filing.opened())


class DueDayPasses(MovedClockCase):
    """What BKN did not do in time, stated by Bawaslu and cosigned after the due day."""

    def tell(self, *arguments, code=0):
        done = subprocess.run([self.agencies.selaras.program, "--json", *map(str, arguments)],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout) if done.stdout else done.stderr

    def receive(self, case_id, agenda):
        self.execute("referral", "bkn", {"receive_case": {
            "case_id": case_id, "agenda_number": agenda, "occurred_at": filing.on(today())}})
        self.agencies.await_delivery()

    def test_a_statement_after_the_due_day_rests_on_who_cosigned_after_it(self):
        cases = [self.execute("intake", "bawaslu/13", *filing.opened(), *filing.concluded(),
                              *filing.referred(f"00{i}/D/2024")).outcome.case_id for i in (1, 2)]
        self.agencies.await_delivery()
        self.receive(cases[0], "AG-1/D")
        self.jump(8 * _DAY)
        # Published while Bawaslu cosigns nothing, so that this is cosigned after the due day.
        self.receive(cases[1], "AG-2/D")
        self.trust()
        await_true("the rung", lambda: 0 in self.rungs(cases[0]))
        bundle = self.agencies.path / "bundle"

        def written():
            shutil.rmtree(bundle, ignore_errors=True)
            code, [wrote], text = self.agencies.run(
                self.node, "case", "inaction", cases[0], "--deadline", "D-10", "-o", bundle)
            self.assertEqual(code, 0, text)
            return wrote["cosigned_after_due"] and wrote
        wrote = await_true("the cosignature", written)
        self.assertEqual((wrote["rung"], wrote["checkpoint_size"]), (0, wrote["seen_size"]))
        bkn, own = self.agencies["referral"], self.node
        verify = ["case", "inaction", "verify", bundle, "--key", bkn.verifier_key, "--key",
                  own.verifier_key]
        told = self.tell(*verify, "--witness", own.witness_verifier_key)
        self.assertEqual((told["valid"], told["cosigned_after_due"], told["witnessed"]),
                         (True, True, wrote["witnessed"]))
        self.assertGreaterEqual(told["cosigned"][0]["time"], told["due_end"])
        # Who trusts the keys of the logs alone is told so; who demands another witness gets none.
        alone = self.tell(*verify)
        self.assertEqual((alone["valid"], alone["cosigned_after_due"]), (True, False))
        self.assertTrue(alone["witnessed"].startswith("not cosigned"), alone)
        other = self.tell(*verify, "--witness", bkn.witness_verifier_key, code=5)
        self.assertIn("seen: not cosigned", other["problems"][0])
        self.tell(*verify, "--witness", own.verifier_key, code=1)
        # The step comes too late to refute it.
        self.execute("referral", "bkn", {"verify_case": {
            "case_id": cases[0], "proven": True, "occurred_at": filing.on(today())}})
        code, [head], text = self.agencies.run(bkn, "checkpoint", "show")
        self.assertEqual(code, 0, text)
        step = int(head["checkpoint"].split("\n")[1]) - 1
        receipt = self.agencies.path / "step"
        self.assertEqual(self.agencies.run(bkn, "receipt", "get", step, "-o", receipt)[0], 0)
        late = self.tell(*verify, "--witness", own.witness_verifier_key, "--refute", receipt,
                         "--reference", ROOT / "deploy/reference")
        self.assertEqual((late["valid"], late["refuted"]), (True, False))
        self.assertIn("after the", late["not_refuted_because"])


class ClockBehind(MovedClockCase):
    """What a node dates by a wrong clock contradicts those who cosigned it by a right one."""

    behind = 3 * 3_600

    def audit(self, *options, code):
        got, objects, text = self.agencies.run(self.node, "audit", "backdating", "--log",
                                               self.node.name, "--entries", "--recorded-after",
                                               "876000h", *options)
        self.assertEqual(got, code, text)
        return ({(each["kind"], each["entry"]["position"]): each for each in objects
                 if each["kind"] == "entry"},
                [each for each in objects if each["kind"] == "count"])

    def file(self):
        """Position of an entry, once the followers have cosigned it."""
        self.execute("intake", "bawaslu/13", *filing.opened())

        def cosigned():
            log = next(log for log in self.about().logs if log.log == self.node.name)
            return (log.size == log.published.size and len(log.published.cosigned) == 2
                    and f"{log.log}@{log.size - 1}")
        return await_true("the cosignatures", cosigned)

    def test_entries_that_were_dated_back_or_forward_contradict_what_was_cosigned(self):
        self.jump(-self.behind)
        self.trust()
        self.file()
        back = self.file()
        self.jump(0)
        self.trust()
        honest = self.file()
        self.jump(self.behind)
        self.trust()
        forward = self.file()
        policy = self.agencies.path / "policy"
        witnesses = [self.agencies[name] for name in ("referral", "sanction")]
        policy.write_text(f"log {self.node.verifier_key}\n" + "".join(
            f"witness {node.name} {node.witness_verifier_key}\n" for node in witnesses)
            + "quorum none\n", encoding="utf-8")
        for options in ([], ["--policy", policy]):
            entries, counts = self.audit(*options, code=5)
            told = entries["entry", back]
            self.assertEqual(told["why"], ["cosigned_without"])
            self.assertGreater(told["last_without"]["time"], told["entry"]["recorded_at"])
            self.assertLessEqual(told["last_without"]["time"], told["first_with"]["time"])
            self.assertNotIn(("entry", honest), entries)
            self.assertEqual(entries["entry", forward]["why"], ["cosigned_before"])
            self.assertGreater(sum(int(each["cosigned_without"]) for each in counts), 0)
            self.assertGreater(sum(int(each["cosigned_before"]) for each in counts), 0)
            if options:
                self.assertIn(told["first_with"]["witness"], [node.name for node in witnesses])
        # By whoever trusts no witness nothing is bounded, and a wrong clock is seen by nobody.
        policy.write_text(f"log {self.node.verifier_key}\nquorum none\n", encoding="utf-8")
        entries, counts = self.audit("--policy", policy, code=0)
        self.assertEqual((entries, sum(int(each["cosigned"]) for each in counts)), ({}, 0))


if __name__ == "__main__":
    unittest.main()
