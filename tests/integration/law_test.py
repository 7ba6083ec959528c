"""Law as data: what the reference data say decides over real nodes, and a change of them shows."""

import datetime
import pathlib
import shutil
import signal
import tempfile
import unittest

from agencies import ROOT, await_true
import filing
from foreign import Refused, as_dict
from procedure_test import ProcedureCase

_REFERRAL = "bkn"
_WIB = datetime.timezone(datetime.timedelta(hours=7))


class LawCase(ProcedureCase):

    @classmethod
    def make_reference(cls):
        """A copy of what is shipped, so that a test may change it."""
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="selaras-"))
        cls.reference = pathlib.Path(folder) / "reference"
        shutil.copytree(ROOT / "deploy/reference", cls.reference)
        return cls.reference

    @classmethod
    def add(cls, table, *row):
        with open(cls.reference / table, "a", encoding="utf-8") as file:
            file.write("\t".join(row) + "\n")

    def deadline(self, folder, case_id, rule):
        answer = self.clients[folder].call("selaras.query.v1.QueryService/ListDeadlines",
                                           {"case_id": case_id})
        found, = [as_dict(each) for each in answer.deadlines if each.id == rule]
        return found

    def decide(self, case_id, day):
        self.ppk("13.04",
                 {"receive_recommendation": {"case_id": case_id, "agenda_number": "1",
                                             "occurred_at": filing.on(day)}},
                 {"decide_sanction": {"case_id": case_id, "sanction": "B-2",
                                      "decree_number": self.number(),
                                      "occurred_at": filing.on(day)}})
        for folder in ("intake", "referral"):
            self.await_state(folder, case_id, "DECIDED")


class Calendar(LawCase):

    def test_an_incomplete_year_says_so_in_the_answer_and_a_complete_one_does_not(self):
        unsure = self.recommend()
        self.decide(unsure, "2025-02-03")
        for folder in ("referral", "sanction-13.04"):
            due = self.deadline(folder, unsure, "D-16")
            self.assertEqual((due["due_on"], due["incomplete_years"]), ("2025-02-21", [2025]))
        code, objects, text = self.agencies.run(
            self.agencies["referral"], "case", "deadlines", unsure)
        self.assertEqual(code, 0, text)
        shown, = [each for each in objects[0]["deadlines"] if each["id"] == "D-16"]
        self.assertEqual(shown["incomplete_years"], [2025])
        sure = self.recommend()
        self.decide(sure, "2024-11-20")
        self.assertNotIn("incomplete_years", self.deadline("referral", sure, "D-16"))

    def recomputed(self, folder, case_id):
        return [as_dict(step.fact.deadline_recomputed)
                for step in self.steps(folder, case_id, "deadline_recomputed")]

    def await_watcher(self):
        """The watcher of BKN looks at cases in their order: a later one is in its index."""
        case_id = self.refer()
        self.bkn({"receive_case": {"case_id": case_id, "agenda_number": "2",
                                   "occurred_at": filing.on("2024-10-14")}})
        await_true("the index of the watcher", lambda: case_id in [
            each.case_id for each in self.clients["referral"].call(
                "selaras.query.v1.QueryService/ListCases",
                {"overdue": True, "page_size": 1000}).cases])

    def restart(self, node):
        self.agencies.end(node, signal.SIGTERM)
        self.agencies.start_again(node)

    def test_another_calendar_moves_the_due_day_and_the_watcher_says_so_once(self):
        case_id = self.recommend()
        today = datetime.datetime.now(_WIB).date()
        self.decide(case_id, today.isoformat())
        before = self.deadline("referral", case_id, "D-16")
        self.assertEqual((before["watcher"], before["state"]),
                         (_REFERRAL, "DEADLINE_STATE_OPEN"))
        referral = self.agencies["referral"]
        self.await_watcher()
        self.restart(referral)
        self.agencies.await_delivery()
        self.assertEqual(self.recomputed("referral", case_id), [], "nothing moved")

        holiday = today + datetime.timedelta(days=3)
        while holiday.weekday() > 4:
            holiday += datetime.timedelta(days=1)
        self.add("holidays.tsv", holiday.isoformat(), "libur", "Hari uji", "R", "")
        self.restart(referral)
        moved, = await_true("the recomputed day",
                            lambda: self.recomputed("referral", case_id))
        self.assertEqual((moved["deadline"], moved["previous_due_on"]), ("D-16", before["due_on"]))
        self.assertGreater(moved["due_on"], before["due_on"])
        self.assertIn("holidays.tsv", moved["changed_tables"])
        self.assertEqual(self.deadline("referral", case_id, "D-16")["due_on"], moved["due_on"])
        # The fact that moved went to all parties, and so does this one.
        self.await_step("sanction-13.04", case_id, "deadline_recomputed")
        for _ in range(2):
            self.restart(referral)
            self.agencies.await_delivery()
        self.assertEqual(self.recomputed("referral", case_id), [moved], "said once")


class CentralAgency(LawCase):
    """A ministry has one PPK; its offices in the regions are its own, not the regency's."""

    authorities = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"],
                   "sanction-kemenag": ["ppk/kemenag"], "sanction-13.04": ["ppk/13.04"]}

    def test_a_case_of_a_local_office_goes_to_the_ministry_and_the_regency_hears_nothing(self):
        case_id = self.refer(respondent={
            "name": "Dewi Contoh", "nip": "198001012005011001",
            "agency": "Kantor Kementerian Agama Kabupaten Tanah Datar"})
        self.bkn(*filing.recommended(case_id, self.number()))
        self.await_state("sanction-kemenag", case_id, "RECOMMENDED")
        self.expect_turn(case_id, _REFERRAL, "ppk/kemenag", "referral", "sanction-kemenag")
        self.execute("sanction-kemenag", "ppk/kemenag", *filing.decided(case_id, self.number()))
        for folder in ("intake", "referral"):
            self.await_state(folder, case_id, "DECIDED")
        self.expect_turn(case_id, "ppk/kemenag", "ppk/kemenag", "intake", "referral",
                         "sanction-kemenag")
        self.agencies.await_delivery()
        with self.assertRaises(Refused) as refused:
            self.case("sanction-13.04", case_id)
        self.assertEqual(refused.exception.reason, "CASE_NOT_FOUND")

    def test_a_case_of_the_regency_of_the_same_region_stays_with_its_own_ppk(self):
        case_id = self.refer()
        self.bkn(*filing.recommended(case_id, self.number()))
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        self.agencies.await_delivery()
        with self.assertRaises(Refused) as refused:
            self.case("sanction-kemenag", case_id)
        self.assertEqual(refused.exception.reason, "CASE_NOT_FOUND")


class PppkTable(LawCase):
    """Each PPK sets what its PPPK can get. Demak (33.21) has its table on record and Tanah Datar
    (13.04) has none; that Padang Pariaman (13.05) only ends contracts is so in this test alone."""

    authorities = {"intake-33": ["bawaslu/33"], "intake-13": ["bawaslu/13"],
                   "referral": ["bkn", "kasn"], "sanction-33.21": ["ppk/33.21"],
                   "sanction-13.04": ["ppk/13.04"], "sanction-13.05": ["ppk/13.05"]}

    @classmethod
    def make_reference(cls):
        reference = super().make_reference()
        cls.add("pppk_sanctions.tsv", "ppk/13.05", "P-B2", "berat",
                "Pemutusan hubungan perjanjian kerja tidak dengan hormat", "2018-11-28", "", "uji",
                "R", "")
        return reference

    def verified(self, region):
        """The case of a PPPK that BKN has verified, and what it might recommend."""
        pppk = filing.respondent(
            respondent={"name": "Eka Contoh", "nip": "198501012021211001"},
            employment_status="PPPK", rank="IX", agency_region=region)
        province = region.partition(".")[0]
        case_id = self.execute(
            f"intake-{province}", f"bawaslu/{province}",
            *filing.opened(filing.report(region=region), pppk),
            *filing.concluded(), *filing.referred(self.number())).case_id
        self.await_state("referral", case_id, "REFERRED")
        *first, recommendation = filing.recommended(case_id, self.number())
        self.bkn(*first)
        return case_id, recommendation["recommend_sanction"]

    def refusal(self, send, *commands):
        with self.assertRaises(Refused) as refused:
            send(*commands)
        self.assertEqual(refused.exception.reason, "RULE", refused.exception.message)
        return refused.exception.message

    def test_what_the_agencys_table_has_is_admitted_and_the_list_of_pns_does_not_hold(self):
        case_id, advice = self.verified("33.21")
        message = self.refusal(self.bkn, {"recommend_sanction": advice | {"sanction": "B-1"}})
        self.assertIn("B-1 is for PNS, the respondent is PPPK", message)
        self.bkn({"recommend_sanction": advice | {"sanction": "P-B1"}})
        self.await_state("sanction-33.21", case_id, "RECOMMENDED")
        decision = {"case_id": case_id, "decree_number": self.number(),
                    "occurred_at": filing.on("2024-11-20")}

        def ppk(*commands):
            return self.ppk("33.21", *commands)

        ppk({"receive_recommendation": {"case_id": case_id, "agenda_number": "1",
                                        "occurred_at": filing.on("2024-10-24")}})
        self.refusal(ppk, {"decide_sanction": decision | {"sanction": "B-3"}})
        ppk({"decide_sanction": decision | {"sanction": "P-B1"}})
        self.await_state("intake-33", case_id, "DECIDED")
        seen = self.case("intake-33", case_id)
        self.assertEqual(seen.sanction_imposed, "P-B1")
        self.assertNotIn("PPPK_TABLE_OPEN", [mark.code for mark in seen.marks])

    def test_what_the_agencys_table_does_not_have_is_refused_with_what_it_has(self):
        case_id, advice = self.verified("13.05")
        message = self.refusal(self.bkn, {"recommend_sanction": advice | {"sanction": "P-B1"}})
        self.assertIn("ppk/13.05 has no sanction P-B1 in its table", message)
        self.assertIn("admissible are P-B2", message)
        self.bkn({"recommend_sanction": advice | {"sanction": "P-B2"}})
        self.await_state("sanction-13.05", case_id, "RECOMMENDED")

    def test_where_no_table_is_on_record_everybody_sees_that(self):
        case_id, advice = self.verified("13.04")
        self.bkn({"recommend_sanction": advice | {"sanction": "P-B1"}})
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        for folder in ("referral", "sanction-13.04"):
            self.assertIn("PPPK_TABLE_OPEN",
                          [mark.code for mark in self.case(folder, case_id).marks], folder)


if __name__ == "__main__":
    unittest.main()
