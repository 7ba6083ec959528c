"""A region splits while a case is at its PPK: from that day on another PPK is the respondent's.

Kabupaten Tanah Datar (13.04) loses a part to a new kabupaten, 13.13, which has a PPK of its own.
Kabupaten Padang Pariaman (13.05) gets another code, 13.14, as those of a new province do, so that
its old PPK ends. Neither is so outside of this test.
"""

import unittest

import filing
from foreign import Refused
from region_change import RegionChangeCase

_REFERRAL, _OLD, _NEW = "bkn", "ppk/13.04", "ppk/13.13"
_SPLIT = "2024-11-01"
_LAST_DAY = "2024-10-31"


class RegionSplit(RegionChangeCase):

    authorities = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"],
                   "sanction-13.04": [_OLD], "sanction-13.13": [_NEW]}
    rows = {
        "regions.tsv": [
            ("13.13", "Kabupaten Uji Mekar", "kabupaten", "13", _SPLIT, "", "R", "", ""),
            ("13.14", "Kabupaten Uji Ganti Kode", "kabupaten", "13", _SPLIT, "", "R", "", "")],
        "authorities.tsv": [
            (_NEW, "Pemerintah Kabupaten Uji Mekar", "sanction", "13.13", _SPLIT, "", "", "R", "",
             ""),
            ("ppk/13.14", "Pemerintah Kabupaten Uji Ganti Kode", "sanction", "13.14", _SPLIT, "",
             "", "R", "", ""),
            ("ppk/13.05", "Pemerintah Kabupaten Padang Pariaman", "sanction", "13.05", "",
             _LAST_DAY, "ppk/13.14", "R", "", "")],
    }
    reached = ("referral",)

    # --- the case of a respondent whose district goes to the new kabupaten

    def give_back(self, case_id, **changes):
        self.ppk("13.04", {"record_moved": {
            "case_id": case_id, "to": _NEW, "reason": "pemekaran",
            "reason_text": "Kecamatan Uji termasuk kabupaten baru.",
            "occurred_at": filing.on("2024-11-04")} | changes})

    def recommendation(self, case_id, to, day):
        return {"recommend_sanction": {"case_id": case_id, "to": to, "sanction": "B-1",
                                       "letter_number": self.number(),
                                       "occurred_at": filing.on(day)}}

    def assign_anew(self, case_id):
        self.bkn(self.recommendation(case_id, _NEW, "2024-11-05"))
        self.await_state("sanction-13.13", case_id, "RECOMMENDED")

    def refusal(self, send, *commands):
        with self.assertRaises(Refused) as refused:
            send(*commands)
        return refused.exception

    def test_the_case_goes_to_the_ppk_of_the_new_region_and_one_holds_it_at_every_moment(self):
        case_id = self.summoned()
        self.expect_turn(case_id, _OLD, _OLD, "intake", "referral", "sanction-13.04")
        self.give_back(case_id)
        self.await_state("intake", case_id, "RESPONDENT_MOVED")
        self.await_state("referral", case_id, "RESPONDENT_MOVED")
        self.expect_turn(case_id, _OLD, _REFERRAL, "intake", "referral", "sanction-13.04")

        self.assign_anew(case_id)
        self.await_state("intake", case_id, "RECOMMENDED")
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        self.expect_turn(case_id, _REFERRAL, _NEW, *self.authorities)
        self.assertEqual(self.refusal(lambda *commands: self.ppk("13.04", *commands), {
            "examine_respondent": {"case_id": case_id}}).reason, "NOT_YOUR_CASE")

        self.ppk("13.13", *filing.decided(case_id, self.number())[:1])
        self.await_state("intake", case_id, "RECEIVED_BY_PPK")
        self.await_state("referral", case_id, "RECEIVED_BY_PPK")
        self.expect_turn(case_id, _NEW, _NEW, "intake", "referral", "sanction-13.13")
        self.ppk("13.13", {"decide_sanction": {"case_id": case_id, "sanction": "B-1",
                                               "decree_number": self.number()}})
        self.await_state("intake", case_id, "DECIDED")
        self.await_state("referral", case_id, "DECIDED")
        digests = {self.case(folder, case_id).party_digest
                   for folder in ("intake", "referral", "sanction-13.13")}
        self.assertEqual(len(digests), 1)

    def test_what_the_old_ppk_did_stays_and_says_why_it_ended(self):
        case_id = self.summoned()
        self.give_back(case_id)
        moved = self.await_step("referral", case_id, "respondent_moved")
        self.assign_anew(case_id)
        self.ppk("13.13", *filing.decided(case_id, self.number())[:1])
        self.await_state("intake", case_id, "RECEIVED_BY_PPK")
        self.await_state("referral", case_id, "RECEIVED_BY_PPK")
        self.assertEqual((moved.fact.respondent_moved.to, moved.fact.respondent_moved.reason),
                         (_NEW, "pemekaran"))
        self.assertEqual(moved.personal.reason_text, "Kecamatan Uji termasuk kabupaten baru.")
        for folder in ("intake", "referral"):
            self.assertEqual([step.author for step in self.steps(
                folder, case_id, "recommendation_received")], [_OLD, _NEW], folder)
            self.assertEqual(len(self.steps(folder, case_id, "respondent_summoned")), 1, folder)
            first, second = self.steps(folder, case_id, "sanction_recommended")
            self.assertEqual((first.fact.sanction_recommended.to,
                              second.fact.sanction_recommended.to), (_OLD, _NEW), folder)
            self.assertEqual(second.fact.sanction_recommended.previous_ends, moved.position)
        # The one sees that the case went on and to whom, the other where it came from; what either
        # does with it stays between it, BKN and Bawaslu.
        self.assertEqual(len(self.steps("sanction-13.04", case_id, "sanction_recommended")), 2)
        self.assertEqual(len(self.steps("sanction-13.13", case_id, "sanction_recommended")), 2)
        self.assertEqual([step.author for step in self.steps(
            "sanction-13.04", case_id, "recommendation_received")], [_OLD])
        self.assertEqual([step.author for step in self.steps(
            "sanction-13.13", case_id, "recommendation_received")], [_NEW])
        self.assertEqual(self.steps("sanction-13.13", case_id, "respondent_moved"), [])
        refused = self.refusal(lambda *commands: self.give_back(case_id, reason="bosan"))
        self.assertEqual(refused.fields, ["commands[0].reason"])

    def test_the_limits_of_the_old_ppk_end_and_those_of_the_new_one_begin_with_it(self):
        case_id = self.summoned()
        for folder in ("referral", "sanction-13.04"):
            for rule, due_on in (("D-14", "2024-11-06"), ("D-29", "2024-11-07")):
                due, = self.deadlines(folder, case_id, rule)
                self.assertEqual((due["due_on"], due["duty"], due["state"]),
                                 (due_on, _OLD, "DEADLINE_STATE_OVERDUE"), (folder, rule))
        self.give_back(case_id)
        self.await_state("referral", case_id, "RESPONDENT_MOVED")
        self.assign_anew(case_id)
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        for folder in ("referral", "sanction-13.04"):
            for rule in ("D-14", "D-15", "D-29"):
                for due in self.deadlines(folder, case_id, rule):
                    self.assertEqual((due["duty"], due["state"], due["because"]),
                                     (_OLD, "DEADLINE_STATE_NOT_APPLICABLE",
                                      "the PPK has the case no more"), (folder, rule))

        self.ppk("13.13",
                 {"receive_recommendation": {"case_id": case_id, "agenda_number": "2/2024",
                                             "occurred_at": filing.on("2024-11-07")}},
                 {"summon_respondent": {"case_id": case_id,
                                        "occurred_at": filing.on("2024-11-11")}})
        self.await_state("referral", case_id, "SUMMONED")
        for folder in ("referral", "sanction-13.13"):
            for rule, due_on in (("D-14", "2024-11-20"), ("D-29", "2024-11-21")):
                due = self.deadlines(folder, case_id, rule)[-1]
                self.assertEqual((due["due_on"], due["duty"], due["watcher"], due["state"]),
                                 (due_on, _NEW, _REFERRAL, "DEADLINE_STATE_OVERDUE"),
                                 (folder, rule))
        self.assertEqual(len(self.deadlines("referral", case_id, "D-14")), 2)
        self.assertEqual(len(self.deadlines("sanction-13.13", case_id, "D-14")), 1)

    def test_a_recommendation_goes_only_to_a_ppk_that_stands_on_that_day(self):
        case_id = self.refer()
        *first, _ = filing.recommended(case_id, self.number())
        self.bkn(*first)

        def refused(to, day):
            refusal = self.refusal(self.bkn, self.recommendation(case_id, to, day))
            self.assertEqual(refusal.reason, "RULE", refusal.message)
            return refusal.message

        self.assertIn("ppk/13.13 does not stand on 2024-10-31", refused(_NEW, _LAST_DAY))
        message = refused("ppk/13.05", _SPLIT)
        self.assertIn("ppk/13.05 does not stand on 2024-11-01", message)
        self.assertIn("send it to ppk/13.14", message)
        self.bkn(self.recommendation(case_id, _NEW, _SPLIT))
        self.await_state("sanction-13.13", case_id, "RECOMMENDED")

    def test_without_a_name_it_goes_to_the_successor_of_the_ppk_that_ended(self):
        case_id = self.refer(agency_region="13.05")
        *first, _ = filing.recommended(case_id, self.number())
        self.bkn(*first, self.recommendation(case_id, "", _SPLIT))
        self.assertEqual(self.case("referral", case_id).waiting_for, "ppk/13.14")
        earlier = self.refer(agency_region="13.05")
        *first, _ = filing.recommended(earlier, self.number())
        self.bkn(*first, self.recommendation(earlier, "", _LAST_DAY))
        self.assertEqual(self.case("referral", earlier).waiting_for, "ppk/13.05")

    def test_the_old_ppk_gives_a_case_only_to_one_that_stands_on_that_day(self):
        case_id = self.summoned()

        def refused(to, day):
            refusal = self.refusal(lambda *commands: self.give_back(
                case_id, to=to, occurred_at=filing.on(day)))
            self.assertEqual(refusal.reason, "RULE", refusal.message)
            return refusal.message

        self.assertIn("ppk/13.13 does not stand on 2024-10-31", refused(_NEW, _LAST_DAY))
        self.assertIn("send it to ppk/13.14", refused("ppk/13.05", "2024-11-04"))

    def test_what_the_old_ppk_has_not_received_is_taken_back_and_recommended_to_the_new_one(self):
        case_id = self.recommend()
        sent = self.steps("referral", case_id, "sanction_recommended")[0]
        self.bkn({"void_fact": {"case_id": case_id, "position": self.place(sent),
                                "reason": "Daerah dimekarkan."}})
        self.bkn(self.recommendation(case_id, _NEW, "2024-11-05"))
        self.await_state("sanction-13.13", case_id, "RECOMMENDED")
        self.agencies.await_delivery()
        self.expect_turn(case_id, _REFERRAL, _NEW, *self.authorities)
        with self.assertRaises(Refused) as refused:
            self.ppk("13.04", {"receive_recommendation": {"case_id": case_id,
                                                          "agenda_number": "3/2024"}})
        self.assertEqual(refused.exception.reason, "NOT_YOUR_CASE")


if __name__ == "__main__":
    unittest.main()
