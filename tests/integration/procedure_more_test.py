"""Ways that a case can go beside the main line, over real nodes through the public API.

Those of the rows Q1 to Q14 stand in procedure_test.py.
"""

import signal
import unittest

from agencies import await_true
import filing
from foreign import Refused, as_dict
from procedure_test import ProcedureCase

_INTAKE, _REFERRAL = "bawaslu/13", "bkn"
_PPK, _GOVERNOR = "ppk/13.04", "ppk/13"


class MoreCase(ProcedureCase):

    def received(self):
        """A case that the PPK has in its agenda."""
        case_id = self.recommend()
        self.ppk("13.04", {"receive_recommendation": {"case_id": case_id, "agenda_number": "1"}})
        self.await_state("referral", case_id, "RECEIVED_BY_PPK")
        return case_id

    def decided(self, sanction="B-2"):
        """A case whose decision was handed over to the respondent."""
        case_id = self.received()
        self.ppk("13.04",
                 {"decide_sanction": {"case_id": case_id, "sanction": sanction,
                                      "decree_number": self.number(),
                                      "occurred_at": filing.on("2024-11-20")}},
                 {"hand_over_decision": {"case_id": case_id,
                                         "occurred_at": filing.on("2024-11-22")}})
        self.await_state("referral", case_id, "HANDED_OVER")
        return case_id

    def refused(self, reason, send, *commands):
        with self.assertRaises(Refused) as refused:
            send(*commands)
        self.assertEqual(refused.exception.reason, reason, refused.exception.message)
        return refused.exception.message

    def at_ppk(self, *commands):
        return self.ppk("13.04", *commands)

    def shown(self, folder, case_id):
        code, objects, text = self.agencies.run(self.agencies[folder], "case", "show", case_id)
        self.assertEqual(code, 0, text)
        return objects[0]

    def deadline(self, folder, case_id, rule):
        answer = self.clients[folder].call("selaras.query.v1.QueryService/ListDeadlines",
                                           {"case_id": case_id})
        found = [each for each in answer.deadlines if each.id == rule]
        self.assertEqual(len(found), 1, f"{rule} at {folder}")
        return as_dict(found[0])

    def expect_unknown(self, folder, case_id):
        self.assertIn("no case", self.refused("CASE_NOT_FOUND", self.case, folder, case_id))


class ConflictOfInterest(MoreCase):
    """Q8: the PPK may be who gains from the act."""

    authorities = {"intake": [_INTAKE], "referral": ["bkn", "kasn"],
                   "sanction-13.04": [_PPK], "sanction-13": [_GOVERNOR]}

    def flag(self, case_id):
        self.bkn({"flag_conflict": {"case_ref": {"case_id": case_id}, "authority": _PPK,
                                    "reason": "ikut_terlapor",
                                    "reason_text": "Disebut dalam uraian pelapor."}})

    def recommendation(self, case_id, **changes):
        return {"recommend_sanction": {"case_id": case_id, "sanction": "B-1",
                                       "letter_number": self.number(),
                                       "occurred_at": filing.on("2024-10-21"), **changes}}

    def mark(self, folder, case_id):
        """The mark that says what a flag decided, the same at every party."""
        marks = [mark for mark in self.case(folder, case_id).marks
                 if mark.rule == "conflict_of_interest"]
        self.assertEqual(len(marks), 1, folder)
        return marks[0].code, marks[0].about, marks[0].reason

    def expect_flag_at_bkn_alone(self, case_id, *others):
        flags = self.case("referral", case_id).conflicts
        self.assertEqual([(flag.authority, flag.reason, flag.flagged_by) for flag in flags],
                         [(_PPK, "ikut_terlapor", _REFERRAL)])
        for folder in others:
            self.assertEqual(list(self.case(folder, case_id).conflicts), [], folder)
            self.assertEqual(self.steps(folder, case_id, "conflict_flagged"), [], folder)

    def test_q8_a_flagged_ppk_is_passed_by_and_never_hears_of_the_case(self):
        case_id = self.refer()
        *first, _ = filing.recommended(case_id, self.number())
        self.bkn(*first)
        self.flag(case_id)
        for send_to in ({}, {"to": _PPK}):
            message = self.refused("RULE", self.bkn, self.recommendation(case_id, **send_to))
            self.assertIn("ppk/13.04 is flagged", message)
            self.assertIn("name another addressee in `to`: ppk/13 (UU 30/2014", message)
            self.assertIn("or give the reason in `conflict_departure`", message)
        self.bkn(self.recommendation(case_id, to=_GOVERNOR))
        self.await_state("sanction-13", case_id, "RECOMMENDED")
        self.await_state("intake", case_id, "RECOMMENDED")
        for folder in ("intake", "referral", "sanction-13"):
            self.assertEqual(self.mark(folder, case_id), ("PPK_AVOIDED", _PPK, ""), folder)
        self.expect_flag_at_bkn_alone(case_id, "intake", "sanction-13")
        self.assertEqual(self.shown("referral", case_id)["conflicts"][0]["reason"],
                         "ikut_terlapor")
        self.execute("sanction-13", _GOVERNOR,
                     {"receive_recommendation": {"case_id": case_id, "agenda_number": "1"}},
                     {"decide_sanction": {"case_id": case_id, "sanction": "B-1",
                                          "decree_number": self.number()}})
        self.await_state("intake", case_id, "DECIDED")
        self.agencies.await_delivery()
        self.expect_unknown("sanction-13.04", case_id)

    def test_q8_a_flag_that_is_raised_later_takes_the_case_to_another_ppk(self):
        case_id = self.received()
        self.refused("MOVE_NOT_ALLOWED", self.bkn, self.recommendation(case_id, to=_GOVERNOR))
        self.assertNotIn("RecommendSanction", self.case("referral", case_id).allowed_commands)
        self.flag(case_id)
        self.assertIn("RecommendSanction", self.case("referral", case_id).allowed_commands)
        self.bkn(self.recommendation(case_id, to=_GOVERNOR))
        self.await_state("sanction-13", case_id, "RECOMMENDED")
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        self.refused("NOT_YOUR_CASE", self.at_ppk, {"summon_respondent": {"case_id": case_id}})
        self.execute("sanction-13", _GOVERNOR,
                     {"receive_recommendation": {"case_id": case_id, "agenda_number": "2"}})
        folders = ("intake", "referral", "sanction-13")
        for folder in folders:
            self.await_state(folder, case_id, "RECEIVED_BY_PPK")
        self.expect_turn(case_id, _GOVERNOR, _GOVERNOR, *folders)
        self.assertEqual(len({self.case(folder, case_id).party_digest for folder in folders}), 1)
        ends = self.steps("sanction-13", case_id, "sanction_recommended")[-1]
        self.assertTrue(ends.fact.sanction_recommended.previous_ends.log)
        # The first PPK is a party and sees that it was passed by, not why (rule 8).
        self.assertEqual(self.mark("sanction-13.04", case_id), ("PPK_AVOIDED", _PPK, ""))
        self.expect_flag_at_bkn_alone(case_id, "intake", "sanction-13", "sanction-13.04")

    def test_q8_a_reason_sends_it_to_the_flagged_ppk_and_everybody_sees_that(self):
        case_id = self.refer()
        *first, _ = filing.recommended(case_id, self.number())
        self.bkn(*first)
        self.flag(case_id)
        self.bkn(self.recommendation(case_id, conflict_departure="pertimbangan",
                                     conflict_departure_text="Diperiksa oleh Tim gabungan."))
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        for folder in ("intake", "referral", "sanction-13.04"):
            self.await_state(folder, case_id, "RECOMMENDED")
            self.assertEqual(self.mark(folder, case_id), ("PPK_FLAGGED", _PPK, "pertimbangan"))
        self.expect_flag_at_bkn_alone(case_id, "intake", "sanction-13.04")

    def test_q8_what_bawaslu_flags_bkn_hears_with_the_referral_but_not_why(self):
        case_id = self.bawaslu(*filing.opened(), *filing.concluded()).case_id
        case_ref = {"case_ref": {"case_id": case_id}}
        self.bawaslu({"flag_conflict": case_ref | {
            "authority": _PPK, "reason": "ikut_terlapor",
            "reason_text": "Disebut dalam uraian pelapor."}},
            {"refer_case": case_ref | {"letter_number": self.number(), "summary": "Ringkasan.",
                                       "occurred_at": filing.on("2024-10-11")}})
        self.await_state("referral", case_id, "REFERRED")
        *first, _ = filing.recommended(case_id, self.number())
        self.bkn(*first)
        message = self.refused("RULE", self.bkn, self.recommendation(case_id))
        self.assertIn("ppk/13.04 is flagged", message)
        self.bkn(self.recommendation(case_id, to=_GOVERNOR))
        for folder in ("intake", "referral", "sanction-13"):
            self.await_state(folder, case_id, "RECOMMENDED")
        self.assertEqual([(flag.authority, flag.reason) for flag in
                          self.case("intake", case_id).conflicts], [(_PPK, "ikut_terlapor")])
        for folder in ("referral", "sanction-13"):
            seen = self.shown(folder, case_id)
            self.assertEqual([(flag["authority"], flag["reason"], flag["flagged_by"])
                              for flag in seen["conflicts"]], [(_PPK, "", _INTAKE)], folder)
            for secret in ("ikut_terlapor", "Disebut dalam uraian"):
                self.assertNotIn(secret, str(seen), folder)
            self.assertEqual(self.steps(folder, case_id, "conflict_flagged"), [], folder)
        self.agencies.await_delivery()
        self.expect_unknown("sanction-13.04", case_id)


class TakenBackMeanwhile(MoreCase):
    """A hand-over is taken back while its addressee, who hears of it later, takes it in."""

    authorities = {"intake": [_INTAKE], "referral": ["bkn", "kasn"], "sanction-13.04": [_PPK]}

    def taken_back(self, send, case_id, fact, folder):
        send({"void_fact": {"case_id": case_id, "position": self.place(
            self.steps(folder, case_id, fact)[-1]), "reason": "keliru"}})

    def crossed(self, sender, receiver, take_back, receive):
        """Neither hears what the other does before both have done it."""
        nodes = self.agencies
        nodes.end(nodes[receiver], signal.SIGTERM)
        take_back()
        nodes.end(nodes[sender], signal.SIGTERM)
        nodes.start_again(nodes[receiver])
        receive()
        nodes.start_again(nodes[sender])

    def expect_told(self, case_id, author, *folders):
        for folder in folders:
            lines = await_true(f"the contradiction at {folder}", lambda at=folder: list(
                self.case(at, case_id).contradictions))
            self.assertEqual(len(lines), 1, lines)
            self.assertIn(f"section by {author} answers nothing that was handed to it", lines[0])
            self.assertIn("was taken back, or never sent: put it aside", lines[0])
            code, objects, text = self.agencies.run(
                self.agencies[folder], "case", "list", "--contradicted")
            self.assertEqual(code, 0, text)
            self.assertIn(case_id, [each["case_id"] for each in objects])

    def expect_the_same(self, case_id, *folders):
        digests = {self.case(folder, case_id).party_digest for folder in folders}
        self.assertEqual(len(digests), 1)

    def test_a_referral_the_receiver_is_told_and_takes_it_in_when_it_comes_again(self):
        case_id = self.refer()
        receive = {"receive_case": {"case_id": case_id, "agenda_number": "AG-1/2024"}}
        self.crossed("intake", "referral",
                     lambda: self.taken_back(self.bawaslu, case_id, "case_referred", "intake"),
                     lambda: self.bkn(receive))
        self.expect_told(case_id, "bkn", "intake", "referral")
        self.expect_turn_is(case_id, "intake", _INTAKE)
        self.assertEqual(self.state("intake", case_id), "VIOLATION_FOUND")
        self.refused("NOT_YOUR_CASE", self.bkn, self.recommendation_in(case_id))
        self.expect_the_same(case_id, "intake", "referral")
        self.bawaslu({"refer_case": {"case_ref": {"case_id": case_id},
                                     "letter_number": self.number(),
                                     "occurred_at": filing.on("2024-10-11")}})
        self.await_state("referral", case_id, "REFERRED")
        self.bkn({"receive_case": {"case_id": case_id, "agenda_number": "AG-2/2024"}})
        for folder in ("intake", "referral"):
            self.await_state(folder, case_id, "RECEIVED")
            self.expect_turn_is(case_id, folder, _REFERRAL)
        self.expect_the_same(case_id, "intake", "referral")

    def test_a_recommendation_the_ppk_is_told_and_takes_it_in_when_it_comes_again(self):
        case_id = self.recommend()
        self.crossed("referral", "sanction-13.04",
                     lambda: self.taken_back(self.bkn, case_id, "sanction_recommended", "referral"),
                     lambda: self.ppk("13.04", {"receive_recommendation": {
                         "case_id": case_id, "agenda_number": "1"}}))
        self.expect_told(case_id, _PPK, "intake", "referral", "sanction-13.04")
        for folder in ("intake", "referral", "sanction-13.04"):
            self.expect_turn_is(case_id, folder, _REFERRAL)
        self.refused("NOT_YOUR_CASE", self.at_ppk, {"summon_respondent": {"case_id": case_id}})
        self.expect_the_same(case_id, "intake", "referral", "sanction-13.04")
        self.bkn(self.recommendation_in(case_id))
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        self.ppk("13.04", {"receive_recommendation": {"case_id": case_id, "agenda_number": "2"}})
        for folder in ("intake", "referral", "sanction-13.04"):
            self.await_state(folder, case_id, "RECEIVED_BY_PPK")
            self.expect_turn_is(case_id, folder, _PPK)
        self.expect_the_same(case_id, "intake", "referral", "sanction-13.04")

    def expect_turn_is(self, case_id, folder, authority):
        seen = self.case(folder, case_id)
        self.assertEqual((seen.holder, seen.waiting_for), (authority, authority), folder)

    def recommendation_in(self, case_id):
        return filing.recommended(case_id, self.number())[-1]


class OtherWays(MoreCase):

    def test_a_dismissal_is_contested_at_bpasn_which_asks_the_ppk_and_annuls_it(self):
        case_id = self.decided("B-3")
        route = {"file_objection": {"case_id": case_id, "route": "banding",
                                    "occurred_at": filing.on("2024-11-29")}}
        wrong = {"file_objection": route["file_objection"] | {"route": "keberatan"}}
        self.assertIn("the way is banding", self.refused("RULE", self.at_ppk, wrong))
        self.at_ppk(route)
        self.await_state("referral", case_id, "OBJECTED")
        self.at_ppk({"record_appeal_step": {"case_id": case_id, "step": "tanggapan_diminta",
                                            "occurred_at": filing.on("2024-12-02")}})
        self.await_step("intake", case_id, "appeal_step_recorded")
        self.await_step("referral", case_id, "appeal_step_recorded")
        for folder in ("referral", "sanction-13.04"):
            owed = self.deadline(folder, case_id, "D-22")
            self.assertEqual((owed["anchor_on"], owed["duty"], owed["watcher"]),
                             ("2024-12-02", _PPK, _REFERRAL), folder)
            self.assertEqual(owed["state"], "DEADLINE_STATE_OVERDUE", folder)
        self.at_ppk({"record_appeal_step": {"case_id": case_id, "step": "tanggapan_disampaikan",
                                            "occurred_at": filing.on("2024-12-09")}})
        outcome = {"case_id": case_id, "route": "banding", "outcome": "membatalkan"}
        self.assertIn("membatalkan leaves no sanction in force", self.refused(
            "RULE", self.at_ppk, {"decide_objection": outcome | {"sanction": "R-1"}}))
        self.at_ppk({"decide_objection": outcome})
        for folder in ("intake", "referral", "sanction-13.04"):
            self.await_state(folder, case_id, "REVOKED")
        self.assertNotEqual(self.deadline("referral", case_id, "D-22")["state"],
                            "DEADLINE_STATE_OVERDUE")

    def test_no_other_sanction_is_contested_at_bpasn(self):
        case_id = self.decided("B-2")
        message = self.refused("RULE", self.at_ppk,
                               {"file_objection": {"case_id": case_id, "route": "banding"}})
        self.assertIn("the way is keberatan, not banding (PP 79/2021 Ps 1", message)

    def test_a_decision_is_sent_to_a_respondent_who_did_not_come(self):
        case_id = self.received()
        self.at_ppk({"decide_sanction": {"case_id": case_id, "sanction": "B-2",
                                         "decree_number": self.number(),
                                         "occurred_at": filing.on("2024-11-20")}},
                    {"record_delivery_step": {"case_id": case_id, "step": "dijadwalkan",
                                              "scheduled_on": "2024-11-25",
                                              "occurred_at": filing.on("2024-11-21")}})
        self.await_step("referral", case_id, "delivery_step_recorded")
        owed = self.deadline("referral", case_id, "D-17")
        # Wed 27 Nov 2024, the day of the vote, is a holiday.
        self.assertEqual((owed["anchor_on"], owed["due_on"], owed["duty"]),
                         ("2024-11-25", "2024-11-29", _PPK))
        self.at_ppk({"record_delivery_step": {"case_id": case_id, "step": "dikirim",
                                              "letter_number": self.number(),
                                              "occurred_at": filing.on("2024-11-28")}},
                    {"hand_over_decision": {"case_id": case_id,
                                            "occurred_at": filing.on("2024-12-03")}})
        self.await_state("intake", case_id, "HANDED_OVER")
        self.await_state("referral", case_id, "HANDED_OVER")
        self.assertIn(self.deadline("referral", case_id, "D-17")["state"],
                      ("DEADLINE_STATE_MET", "DEADLINE_STATE_MET_RECORDED_LATE"))

    def test_an_instigator_is_known_as_one_to_everybody(self):
        case_id = self.refer(role="penggerak")
        self.bkn(*filing.recommended(case_id, self.number()))
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        for folder in ("intake", "referral", "sanction-13.04"):
            self.assertEqual(self.case(folder, case_id).role, "penggerak", folder)
            self.assertEqual(self.shown(folder, case_id)["role"], "penggerak", folder)
        referred = self.steps("sanction-13.04", case_id, "case_referred")[0]
        self.assertEqual(referred.fact.case_referred.role, "penggerak")

    def test_a_ppk_that_imposes_nothing_gives_the_case_back_with_its_reason(self):
        case_id = self.received()
        self.at_ppk({"decline_sanction": {"case_id": case_id, "reason": "bukti_kurang",
                                          "reason_text": "Saksi tidak hadir.",
                                          "letter_number": self.number()}})
        self.await_state("intake", case_id, "DECLINED")
        self.await_state("referral", case_id, "DECLINED")
        self.expect_turn(case_id, _PPK, _REFERRAL, "intake", "referral")
        declined = self.steps("referral", case_id, "sanction_declined")[0]
        self.assertEqual(declined.fact.sanction_declined.reason, "bukti_kurang")
        self.refused("MOVE_NOT_ALLOWED", self.at_ppk,
                     {"decide_sanction": {"case_id": case_id, "sanction": "B-1",
                                          "decree_number": self.number()}})
        self.bkn({"close_case": {"case_id": case_id, "reason": "tidak_terbukti"}})
        self.await_state("sanction-13.04", case_id, "CLOSED")
        self.expect_turn(case_id, _REFERRAL, "", "referral", "sanction-13.04")

    def test_a_sanction_that_is_taken_back_is_served_by_nobody(self):
        case_id = self.decided()
        self.at_ppk({"revoke_sanction": {"case_id": case_id, "reason": "kekeliruan",
                                         "decree_number": self.number()}})
        for folder in ("intake", "referral"):
            self.await_state(folder, case_id, "REVOKED")
        self.expect_turn(case_id, _PPK, "", "intake", "referral", "sanction-13.04")
        self.refused("MOVE_NOT_ALLOWED", self.at_ppk, {"record_served": {"case_id": case_id}})
        self.assertIn("RecommendSanction", self.case("referral", case_id).allowed_commands)

    def test_a_respondent_who_left_the_service_ends_the_case(self):
        case_id = self.received()
        self.at_ppk({"record_left": {"case_id": case_id, "reason": "pensiun"}})
        self.await_state("referral", case_id, "RESPONDENT_LEFT")
        self.await_state("intake", case_id, "RESPONDENT_LEFT")
        self.expect_turn(case_id, _PPK, "", "intake", "referral")
        self.refused("MOVE_NOT_ALLOWED", self.at_ppk,
                     {"summon_respondent": {"case_id": case_id}})
        self.bkn({"close_case": {"case_id": case_id, "reason": "keluar"}})
        self.await_state("intake", case_id, "CLOSED")
        self.assertEqual(self.case("intake", case_id).public_status, "keluar")

    def test_a_respondent_who_is_no_civil_servant_goes_to_another_body_and_no_further(self):
        village_head = filing.respondent(respondent={"name": "Kepala Desa Contoh"},
                                         employment_status="", position_kind="", rank="")
        case_id = self.bawaslu(*filing.opened(the_respondent=village_head)).case_id
        case_ref = {"case_ref": {"case_id": case_id}}
        self.bawaslu({"hand_elsewhere": case_ref | {"body": "pemkab",
                                                    "letter_number": self.number()}})
        self.assertEqual(self.state("intake", case_id), "HANDED_ELSEWHERE")
        self.expect_turn(case_id, _INTAKE, "", "intake")
        message = self.refused("MOVE_NOT_ALLOWED", self.bawaslu,
                               {"refer_case": case_ref | {"letter_number": self.number()}})
        self.assertIn("handed to another body", message)
        self.agencies.await_delivery()
        self.expect_unknown("referral", case_id)

    def test_a_withdrawal_is_a_request_that_the_holder_answers(self):
        case_id = self.refer()
        self.bkn({"receive_case": {"case_id": case_id, "agenda_number": "AG-9/2024"}})
        self.await_state("intake", case_id, "RECEIVED")

        def ask():
            before = len(self.steps("referral", case_id, "request_made"))
            self.bawaslu({"make_request": {"case_ref": {"case_id": case_id}, "request": "withdraw",
                                           "reason_text": "Dicabut oleh rapat pleno."}})
            while len(self.steps("referral", case_id, "request_made")) == before:
                self.agencies.await_delivery()
            return self.place(self.steps("referral", case_id, "request_made")[-1])

        def answer(request, **words):
            return {"answer_request": {"case_ref": {"case_id": case_id}, "request": request,
                                       **words}}

        request = ask()
        self.refused("RULE", self.bawaslu, answer(request, granted=True))
        self.bkn(answer(request, reason="tidak_beralasan"))
        self.await_step("intake", case_id, "request_answered")
        self.expect_turn(case_id, _REFERRAL, _REFERRAL, "intake", "referral")
        self.refused("RULE", self.bkn, answer(request, granted=True))
        self.bkn(answer(ask(), granted=True, reason="sesuai"),
                 {"close_case": {"case_id": case_id, "reason": "batal"}})
        self.await_state("intake", case_id, "CLOSED")
        answers = self.steps("intake", case_id, "request_answered")
        self.assertEqual([each.fact.request_answered.granted for each in answers], [False, True])
        self.assertEqual(self.case("intake", case_id).public_status, "batal")

    def test_a_supervision_report_is_traced_and_goes_to_bkn_as_a_finding(self):
        observed = self.bawaslu(
            {"receive_report": filing.report(source="lhp", reporter={})}).report_id
        self.bawaslu({"trace_report": {"report_id": observed, "result": "jadi_temuan"}})
        outcome = self.bawaslu(
            *filing.opened(filing.report(source="temuan", reporter={}, derived_from=observed)),
            *filing.concluded(), *filing.referred(self.number()))
        self.bawaslu({"adopt_report": {"report_id": observed, "as_report_id": outcome.report_id}})
        self.refused("RULE", self.bawaslu,
                     {"trace_report": {"report_id": observed, "result": "tidak_cukup"}})
        self.await_state("referral", outcome.case_id, "REFERRED")
        self.assertEqual(self.case("intake", outcome.case_id).source, "temuan")
        # Neither that it was observed nor that it was found goes to the superior (rule 8).
        self.assertEqual(self.case("referral", outcome.case_id).source, "")
        self.assertEqual(self.case("referral", outcome.case_id).report_id, "")

    def test_duplicates_keep_the_clock_of_each_reporter(self):
        first = self.bawaslu(*filing.opened(filing.report(
            received_at=filing.on("2024-10-05"), known_on="2024-10-02"))).case_id
        second = self.bawaslu(*filing.opened(filing.report(
            received_at=filing.on("2024-10-09"), known_on="2024-10-04"))).case_id
        self.bawaslu({"link_case": {"case_ref": {"case_id": second}, "other_case_id": first,
                                    "link": "duplikat"}})
        clocks = {}
        for case_id in (first, second):
            clocks[case_id] = {rule: self.deadline("intake", case_id, rule)["due_on"]
                               for rule in ("D-07", "D-08", "D-30")}
        self.assertEqual(clocks[first],
                         {"D-07": "2024-10-09", "D-08": "2024-10-08", "D-30": "2024-10-07"})
        self.assertEqual(clocks[second],
                         {"D-07": "2024-10-11", "D-08": "2024-10-12", "D-30": "2024-10-11"})
        # What meets the limit of one meets that of no other.
        self.bawaslu({"review_case": {"case_ref": {"case_id": first}, "accepted": True,
                                      "occurred_at": filing.on("2024-10-07")}})
        self.assertIn("MET", self.deadline("intake", first, "D-30")["state"])
        self.assertEqual(self.deadline("intake", second, "D-30")["state"],
                         "DEADLINE_STATE_OVERDUE")

    def test_more_information_lengthens_the_study_and_asks_nothing_of_the_reporter(self):
        outcome = self.bawaslu(*filing.opened())
        self.assertEqual(self.deadline("intake", outcome.case_id, "D-09")["state"],
                         "DEADLINE_STATE_NOT_APPLICABLE")
        self.bawaslu({"request_completion": {"report_id": outcome.report_id,
                                             "additional_information": True,
                                             "occurred_at": filing.on("2024-10-07")}})
        self.assertEqual(self.deadline("intake", outcome.case_id, "D-08")["state"],
                         "DEADLINE_STATE_NOT_APPLICABLE")
        owed = self.deadline("intake", outcome.case_id, "D-09")
        self.assertEqual((owed["due_on"], owed["state"]), ("2024-10-10", "DEADLINE_STATE_OVERDUE"))

    def test_a_time_limit_that_is_of_no_case_says_so_to_its_reader(self):
        code, rows, text = self.agencies.run(self.agencies["referral"], "reference", "show",
                                             "deadlines")
        self.assertEqual(code, 0, text)
        self.assertEqual([row["id"] for row in rows if row["note"].startswith("reference only:")],
                         ["D-11", "D-24", "D-25", "D-26", "D-27", "D-28"])


class Numbers(MoreCase):
    """By which numbers a respondent is found, and where."""

    def find(self, folder, kind, number):
        code, objects, text = self.agencies.run(self.agencies[folder], "case", "find", kind, number)
        self.assertEqual(code, 0, text)
        return [case["case_id"] for case in objects]

    def test_a_number_that_changes_with_a_new_contract_leaves_the_case_findable_under_both(self):
        before, after = "199002152021211001", "199002152024221003"
        case_id = self.refer(
            employment_status="PPPK", rank="IX",
            respondent={"name": "Deni Contoh", "nip": before, "position_title": "Guru Uji",
                        "agency": "Pemerintah Kabupaten Tanah Datar"})
        *received, recommended = filing.recommended(case_id, self.number())
        recommended["recommend_sanction"]["sanction"] = "P-B1"
        self.bkn(*received, recommended)
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        self.at_ppk({"receive_recommendation": {"case_id": case_id, "agenda_number": "9"}})
        renumbered = {"case_id": case_id, "nip": after, "occurred_at": filing.on("2024-11-01")}
        self.refused("INVALID_FIELD", self.at_ppk,
                     {"record_renumbered": renumbered | {"nip": "199003152024221003"}})
        self.at_ppk({"record_renumbered": renumbered})
        for folder in ("intake", "referral", "sanction-13.04"):
            self.await_step(folder, case_id, "respondent_renumbered")
            for number in (before, after):
                self.assertIn(case_id, self.find(folder, "nip", number), folder)
            shown = self.shown(folder, case_id)
            self.assertEqual(shown["respondent"]["nip"], after, folder)
            self.assertEqual(shown["earlier_nips"], [before], folder)
        for number in (before, after):
            answer = self.clients["sanction-13.04"].call(
                "selaras.sanction.v1.SanctionService/CheckOpenCases",
                {"header": filing.header(_PPK), "command": {"nip": number, "purpose": "promosi"}})
            self.assertTrue(answer.open, number)

    def test_the_nip_of_a_pns_is_never_replaced(self):
        case_id = self.received()
        message = self.refused("RULE", self.at_ppk,
                               {"record_renumbered": {"case_id": case_id,
                                                      "nip": "198001012024221001"}})
        self.assertIn("CorrectFact", message)

    def test_a_nik_is_known_in_the_office_that_recorded_it_and_nowhere_else(self):
        nik, of_reporter = "1304054108660001", "3201014107900002"
        respondent = filing.respondent()["respondent"] | {"nik": nik}
        reporter = filing.report()["reporter"] | {"nik": of_reporter}
        for field, report, named in (
                ("reporter.nik", {"reporter": reporter | {"nik": "3201013213900002"}}, {}),
                ("respondent.nik", {}, {"respondent": respondent | {"nik": "13040541086600"}})):
            message = self.refused("INVALID_FIELD", self.bawaslu, *filing.opened(
                filing.report(**report), filing.respondent(**named)))
            self.assertIn(field, message)
        opened = self.bawaslu(
            *filing.opened(filing.report(reporter=reporter),
                           filing.respondent(respondent=respondent)),
            *filing.concluded(), *filing.referred(self.number()))
        case_id = opened.case_id
        self.await_state("referral", case_id, "REFERRED")
        self.bkn(*filing.recommended(case_id, self.number()))
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        self.assertEqual(self.find("intake", "nik", nik), [case_id])
        self.assertEqual(self.find("intake", "nik", of_reporter), [])
        self.assertEqual(self.shown("intake", case_id)["respondent"]["nik"], nik)
        code, objects, text = self.agencies.run(self.agencies["intake"], "report", "show",
                                                opened.report_id)
        self.assertEqual(code, 0, text)
        self.assertEqual(objects[0]["reporter"]["nik"], of_reporter)
        for folder in ("referral", "sanction-13.04"):
            self.assertEqual(self.find(folder, "nik", nik), [], folder)
            shown = self.shown(folder, case_id)
            self.assertEqual(shown["respondent"]["nip"], respondent["nip"], folder)
            self.assertEqual(shown["respondent"]["nik"], "", folder)


if __name__ == "__main__":
    unittest.main()
