"""Every way in which agencies can disagree is seen."""

import unittest

import world
import agreement  # pylint: disable=wrong-import-order

OBJECTED = 2  # its place in the list of four cases


class Agreement(unittest.TestCase):

    def setUp(self):
        self.views = world.views(world.four_cases())

    def differences(self):
        return agreement.disagreements(self.views, world.SERVES)

    def expect(self, text):
        found = self.differences()
        self.assertTrue(any(text in one for one in found), f"no '{text}' in {found}")

    def test_is_there_when_all_parties_show_the_same(self):
        self.assertEqual(self.differences(), [])
        self.assertEqual(agreement.copies(self.views, world.SERVES), 3)

    def test_ends_with_one_digest_that_differs(self):
        self.views["sanction"][0]["party_digest"] = "f" * 64
        self.expect("party_digest is ffffffffffffffff at sanction")

    def test_ends_with_another_state(self):
        self.views["referral"][0]["state"] = "CASE_STATE_RECEIVED"
        self.expect("state is CASE_STATE_RECEI at referral")
        self.expect("awaiting_bkn is 1 at referral, 0 at intake")

    def test_ends_with_a_party_that_lacks_the_case(self):
        del self.views["referral"][0]
        self.expect("referral is a party and does not show it")
        self.expect("cases is 2 at referral, 3 at intake")

    def test_ends_with_a_case_shown_to_who_is_no_party(self):
        self.views["sanction"].append(self.views["referral"][0])
        self.expect("sanction shows it and is no party")

    def test_ends_with_a_case_that_its_own_office_does_not_show(self):
        del self.views["intake"][OBJECTED]
        self.expect("referral and sanction show it, intake does not")

    def test_ends_with_parties_that_differ(self):
        self.views["referral"][0]["parties"].append("ppk/13.04")
        self.expect("parties is bawaslu/13, bkn, ppk/13.04 at referral")

    def test_ends_with_parties_without_a_digest_to_compare(self):
        for role in ("intake", "referral"):
            for case in self.views[role]:
                case["party_digest"] = ""
        self.expect("it has parties and no digest")

    def test_ends_with_a_contradiction_or_a_gap_that_a_node_has_seen(self):
        self.views["referral"][0]["contradictions"] = ["two writers"]
        self.views["sanction"][0]["sections"] = [{"name": "referral", "incomplete": True}]
        self.expect("contradiction at referral: two writers")
        self.expect("sanction lacks entries of the section referral")

    def test_ends_with_a_state_that_nobody_knows(self):
        self.views["intake"][0]["state"] = "CASE_STATE_LOST"
        self.expect("intake shows the state CASE_STATE_LOST")

    def test_counts_authorities_of_one_node_as_one_party(self):
        for cases in self.views.values():
            for case in cases:
                if "bkn" in case["parties"]:
                    case["parties"].append("kasn")
        self.assertEqual(self.differences(), [])

    def test_is_not_asked_of_authorities_without_a_node(self):
        for role in ("intake", "referral"):
            for case in self.views[role]:
                if case["state"] == "CASE_STATE_REFERRED":
                    case["parties"].append("menpanrb")
        self.assertEqual(self.differences(), [])


if __name__ == "__main__":
    unittest.main()
