"""Nodes whose clock jumps: nothing is dated by it before somebody has confirmed it."""

import datetime
import os
import struct
import time
import unittest

from agencies import Agencies, await_true
import filing
from foreign import Client, Contracts, Refused

_AUTHORITIES = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"], "sanction": ["ppk/13.04"]}
_WIB = datetime.timezone(datetime.timedelta(hours=7))
_DAY = 86_400


def today():
    return datetime.datetime.now(_WIB).date().isoformat()


class ClockJumps(unittest.TestCase):

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

    def sizes(self):
        return [(log.log, log.size) for log in self.about().logs]

    def rungs(self, case_id):
        code, objects, text = self.agencies.run(self.node, "case", "timeline", case_id)
        self.assertEqual(code, 0, text)
        return [int(step["fact"]["deadline_rung_reached"]["rung"]) for step in objects
                if step["fact_name"] == "deadline_rung_reached"]

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


if __name__ == "__main__":
    unittest.main()
