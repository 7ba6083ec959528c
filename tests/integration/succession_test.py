"""A PPK is dissolved while it has a case, and its node never answers again.

Kabupaten Tanah Datar (13.04) ends with 2024-10-31; its tasks go to Kabupaten Padang Pariaman (13.05).
Neither is so outside of this test.
"""

import signal
import unittest

from agencies import await_true
import filing
from foreign import Refused
from region_change import RegionChangeCase

_REFERRAL, _OLD, _NEW, _OTHER = "bkn", "ppk/13.04", "ppk/13.05", "ppk/13"
_LAST_DAY, _AFTER = "2024-10-31", "2024-11-04"


class Succession(RegionChangeCase):

    authorities = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"],
                   "sanction-13.04": [_OLD], "sanction-13.05": [_NEW], "sanction-13": [_OTHER]}
    rows = {"authorities.tsv": [(_OLD, "Pemerintah Kabupaten Tanah Datar", "sanction", "13.04", "",
                                 _LAST_DAY, _NEW, "R", "", "")]}
    reached = ("intake", "referral")
    _left = ("intake", "referral", "sanction-13.05")

    def recommendation(self, case_id, day, **changes):
        return {"recommend_sanction": {"case_id": case_id, "sanction": "B-1",
                                       "letter_number": self.number(),
                                       "occurred_at": filing.on(day), **changes}}

    def await_turn(self, folder, case_id, authority):
        """Until the node knows for whom the case waits now; it hears of the first PPK before."""
        self.await_state(folder, case_id, "RECOMMENDED")
        await_true(f"{case_id} waits for {authority} at {folder}",
                   lambda: self.case(folder, case_id).waiting_for == authority)

    def refused(self, *commands):
        with self.assertRaises(Refused) as refused:
            self.bkn(*commands)
        return refused.exception

    def place_of(self, folder, case_id):
        """Where the numbers have the one case of that election and region."""
        code, objects, text = self.agencies.run(
            self.agencies[folder], "stats", "--by", "place", "--election", "PILKADA-2024")
        self.assertEqual(code, 0, text)
        self.assertEqual(self.case(folder, case_id).election, "PILKADA-2024")
        return {cell["value"]: int(cell["count"]) for cell in objects[0]["tables"][0]["cells"]
                if cell["count"] != "0"}

    def test_1_while_the_ppk_stands_the_case_stays_and_the_refusal_says_what_is_left(self):
        case_id = self.summoned()
        refused = self.refused(self.recommendation(case_id, _LAST_DAY, to=_NEW))
        self.assertEqual(refused.reason, "MOVE_NOT_ALLOWED", refused.message)
        self.assertIn("ppk/13.04 has the recommendation and has not ended", refused.message)
        self.assertIn("remind it, warn it or escalate the case", refused.message)
        refused = self.refused(self.recommendation(case_id, _AFTER, to=_OTHER))
        self.assertEqual(refused.reason, "RULE", refused.message)
        self.assertIn("its successor is ppk/13.05", refused.message)
        self.assertIn("RecommendSanction", self.case("referral", case_id).allowed_commands)
        self.bkn(self.recommendation(case_id, _AFTER, to=_OTHER, departure="pertimbangan",
                                     departure_text="Urusannya beralih ke provinsi."))
        self.await_state("sanction-13", case_id, "RECOMMENDED")
        marks = {mark.code: mark for mark in self.case("sanction-13", case_id).marks}
        self.assertEqual((marks["PPK_NO_SUCCESSOR"].about, marks["PPK_NO_SUCCESSOR"].reason),
                         (_OTHER, "pertimbangan"))

    def test_2_after_its_end_the_successor_has_it_although_the_old_node_is_gone_for_good(self):
        case_id = self.summoned()
        before = self.place_of("referral", case_id)
        self.agencies.end(self.agencies["sanction-13.04"], signal.SIGKILL)
        self.expect_turn(case_id, _OLD, _OLD, "intake", "referral")
        self.bkn(self.recommendation(case_id, _AFTER))
        for folder in self._left:
            self.await_turn(folder, case_id, _NEW)
        self.expect_turn(case_id, _REFERRAL, _NEW, *self._left)
        self.execute("sanction-13.05", _NEW, {"receive_recommendation": {
            "case_id": case_id, "agenda_number": "2/2024",
            "occurred_at": filing.on("2024-11-07")}}, {"summon_respondent": {
                "case_id": case_id, "occurred_at": filing.on("2024-11-11")}})
        for folder in self._left:
            self.await_state(folder, case_id, "SUMMONED")
        self.expect_turn(case_id, _NEW, _NEW, *self._left)
        self.assertEqual(
            len({self.case(folder, case_id).party_digest for folder in self._left}), 1)
        self.expect_the_old_segment_stays(case_id)
        self.expect_limits_of_the_new_one(case_id)
        # It is counted where it is now, once.
        await_true("the same numbers", lambda: self.place_of("referral", case_id) == before)

    def expect_the_old_segment_stays(self, case_id):
        first, second = self.steps("referral", case_id, "sanction_recommended")
        self.assertEqual((first.fact.sanction_recommended.to,
                          second.fact.sanction_recommended.to), (_OLD, _NEW))
        left, taken_up = self.steps("referral", case_id, "respondent_summoned")
        self.assertEqual((left.author, taken_up.author), (_OLD, _NEW))
        self.assertEqual(second.fact.sanction_recommended.previous_ends, left.position)
        for folder in self._left:
            marks = [(mark.code, mark.about) for mark in self.case(folder, case_id).marks
                     if mark.rule == "ppk_ended"]
            self.assertEqual(marks, [("PPK_ENDED", _OLD)], folder)

    def expect_limits_of_the_new_one(self, case_id):
        for rule in ("D-14", "D-29"):
            old, new = self.deadlines("referral", case_id, rule)
            self.assertEqual((old["duty"], old["state"], old["because"]),
                             (_OLD, "DEADLINE_STATE_NOT_APPLICABLE",
                              "the PPK has the case no more"), rule)
            self.assertEqual((new["duty"], new["watcher"]), (_NEW, _REFERRAL), rule)

    def test_3_what_a_node_that_comes_back_still_writes_is_a_contradiction(self):
        gone = self.agencies["sanction-13.04"]
        if gone.process is None:
            self.agencies.start_again(gone)
        case_id = self.summoned()
        self.agencies.end(self.agencies["referral"], signal.SIGTERM)
        self.agencies.end(self.agencies["intake"], signal.SIGTERM)
        self.ppk("13.04", {"examine_respondent": {"case_id": case_id,
                                                  "occurred_at": filing.on("2024-11-01")}})
        self.agencies.end(gone, signal.SIGTERM)
        for folder in ("referral", "intake"):
            self.agencies.start_again(self.agencies[folder])
        self.bkn(self.recommendation(case_id, _AFTER))
        self.await_turn("sanction-13.05", case_id, _NEW)
        self.execute("sanction-13.05", _NEW, {"receive_recommendation": {
            "case_id": case_id, "agenda_number": "3/2024",
            "occurred_at": filing.on("2024-11-07")}})
        for folder in ("intake", "referral"):
            self.await_state(folder, case_id, "RECEIVED_BY_PPK")
        self.agencies.start_again(gone)
        for folder in ("intake", "referral"):
            found = await_true("the contradiction", lambda at=folder: list(
                self.case(at, case_id).contradictions))
            self.assertEqual(len(found), 1, found)
            self.assertIn("ppk/13.04 goes on after the case went to another PPK", found[0])
            seen = self.case(folder, case_id)
            self.assertEqual((seen.holder, seen.waiting_for), (_NEW, _NEW), folder)

    def test_4_after_a_decision_the_successor_takes_objection_outcome_and_revocation(self):
        gone = self.agencies["sanction-13.04"]
        if gone.process is None:
            self.agencies.start_again(gone)
        case_id = self.summoned()
        self.ppk("13.04",
                 {"decide_sanction": {"case_id": case_id, "sanction": "B-2",
                                      "decree_number": "800/17/2024",
                                      "occurred_at": filing.on("2024-10-29")}},
                 {"hand_over_decision": {"case_id": case_id,
                                         "occurred_at": filing.on("2024-10-30")}})
        self.await_state("referral", case_id, "HANDED_OVER")
        self.agencies.end(gone, signal.SIGKILL)
        self.assertIn("RecommendSanction", self.case("referral", case_id).allowed_commands)
        refused = self.refused(self.recommendation(case_id, _AFTER))
        self.assertEqual(refused.reason, "RULE", refused.message)
        self.assertIn("had imposed B-2: name that in `sanction`", refused.message)
        self.bkn(self.recommendation(case_id, _AFTER, sanction="B-2"))
        for folder in self._left:
            self.await_turn(folder, case_id, _NEW)
            marks = [(mark.code, mark.about) for mark in self.case(folder, case_id).marks
                     if mark.rule == "ppk_ended"]
            self.assertEqual(marks, [("PPK_HAD_DECIDED", "B-2"), ("PPK_ENDED", _OLD)], folder)

        def successor(*commands):
            return self.execute("sanction-13.05", _NEW, *commands)
        successor({"receive_recommendation": {"case_id": case_id, "agenda_number": "4/2024",
                                              "occurred_at": filing.on("2024-11-07")}})
        for again in ({"summon_respondent": {"case_id": case_id}},
                      {"decide_sanction": {"case_id": case_id, "sanction": "B-1",
                                           "decree_number": "800/1/2024"}}):
            with self.assertRaises(Refused) as caught:
                successor(again)
            self.assertEqual(caught.exception.reason, "RULE", caught.exception.message)
            self.assertIn("record that decision with its number", caught.exception.message)
        successor({"decide_sanction": {"case_id": case_id, "sanction": "B-2",
                                       "decree_number": "800/17/2024",
                                       "occurred_at": filing.on("2024-10-29")}},
                  {"hand_over_decision": {"case_id": case_id,
                                          "occurred_at": filing.on("2024-10-30")}},
                  {"file_objection": {"case_id": case_id, "route": "keberatan",
                                      "occurred_at": filing.on("2024-11-08")}})
        for folder in self._left:
            self.await_state(folder, case_id, "OBJECTED")
        self.expect_turn(case_id, _NEW, _NEW, *self._left)
        old, new = self.deadlines("referral", case_id, "D-19")
        self.assertEqual(old["state"], "DEADLINE_STATE_NOT_APPLICABLE")
        self.assertEqual(new["state"], "DEADLINE_STATE_MET_RECORDED_LATE")
        successor({"decide_objection": {"case_id": case_id, "route": "keberatan",
                                        "outcome": "memperkuat",
                                        "occurred_at": filing.on("2024-11-20")}},
                  {"revoke_sanction": {"case_id": case_id, "decree_number": "800/99/2025",
                                       "reason": "putusan_pengadilan",
                                       "occurred_at": filing.on("2025-03-03")}})
        for folder in self._left:
            self.await_state(folder, case_id, "REVOKED")
            self.assertEqual(list(self.case(folder, case_id).contradictions), [], folder)
        self.assertEqual(
            len({self.case(folder, case_id).party_digest for folder in self._left}), 1)


if __name__ == "__main__":
    unittest.main()
