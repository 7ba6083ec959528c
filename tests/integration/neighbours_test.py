"""Two authorities on one node: neither back office sees what is the other's, nor who reported."""

import unittest
import uuid

from agencies import Agencies
from filed import Filed, file_all
from foreign import Client, Contracts
import probing

_AUTHORITIES = {"intake": ["bawaslu/13", "bawaslu/14"], "referral": ["bkn", "kasn"],
                "sanction": ["ppk/13.04", "ppk/13.05"]}
_OFFICES = {"bawaslu/13": "intake-13", "bawaslu/14": "intake-14", "ppk/13.04": "sanction-04",
            "ppk/13.05": "sanction-05"}
_NOBODY = str(uuid.UUID(int=0x5E1A5A5))


class Neighbours(unittest.TestCase):

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.contracts = Contracts()
        identities = [f"backoffice:{authority}:{name}" for authority, name in _OFFICES.items()]
        identities.append("ops:bawaslu/13:intake-ops")
        cls.agencies = cls.enterClassContext(Agencies(_AUTHORITIES, identities))
        everybody = {"intake", "referral", "sanction"}
        cls.datar = Filed("41", "13.04", "198001012005011901", everybody)
        cls.pariaman = Filed("42", "13.05", "198002022006022902", everybody, author="bawaslu/14")
        file_all(cls.agencies, lambda folder: cls.client(folder, f"{folder}-entry"),
                 [cls.datar, cls.pariaman])

    @classmethod
    def client(cls, folder, certificate):
        return Client(cls.contracts, cls.agencies[folder].address, cls.agencies.pki, certificate)

    def test_no_call_of_a_back_office_tells_of_a_case_of_the_other(self):
        for authority, mine, other in (("bawaslu/13", self.datar, self.pariaman),
                                       ("bawaslu/14", self.pariaman, self.datar),
                                       ("ppk/13.04", self.datar, self.pariaman),
                                       ("ppk/13.05", self.pariaman, self.datar)):
            folder = "intake" if authority.startswith("bawaslu") else "sanction"
            with self.subTest(authority=authority), self.client(
                    folder, _OFFICES[authority]) as client:
                self.expect_isolated(client, mine, other)

    def expect_isolated(self, client, mine, other):
        answers = b"".join(probing.read_everything(client))
        self.assertTrue(mine.told["name"].encode() in answers, "the search itself finds nothing")
        self.assertEqual({mark for mark in other.marks_for_parties() + other.marks_kept()
                          if mark in answers}, set())
        self.assertEqual(probing.look_up(client, other), set())
        self.assertEqual(probing.refusals(client, other.case_id, other.report_id),
                         probing.refusals(client, _NOBODY, _NOBODY))

    def test_operations_never_see_who_reported(self):
        with self.client("intake", "intake-ops") as client:
            answers = b"".join(probing.read_everything(client)) + client.call(
                "selaras.query.v1.QueryService/GetReport",
                {"report_id": self.datar.report_id}).SerializeToString()
        shown = {kind for kind in ("reporter", "address", "phone", "place", "chronology")
                 if self.datar.kept[kind].encode() in answers}
        self.assertEqual(shown, set())


if __name__ == "__main__":
    unittest.main()
