"""What users complain about (the rows Q1 to Q14), answered over real nodes through the public API.

Each test is named after a complaint. Those without a test here are answered elsewhere: Q6 and Q12 in
registers_test.py, Q9 in reporter_test.py, Q11 in open_case_check_test.py.
"""

import unittest

from agencies import Agencies, await_true
import filing
from foreign import Client, Contracts, Refused, as_dict

_INTAKE, _REFERRAL = "bawaslu/13", "bkn"


class ProcedureCase(unittest.TestCase):

    authorities = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"],
                   "sanction-13.04": ["ppk/13.04"], "sanction-13.05": ["ppk/13.05"]}
    filed = 0
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.contracts = Contracts()
        cls.agencies = cls.make_agencies()
        cls.clients = {}
        for folder in cls.authorities:
            node = cls.agencies[folder]
            cls.clients[folder] = cls.enterClassContext(Client(
                cls.contracts, node.address, cls.agencies.pki, f"{node.certificate}-entry"))

    @classmethod
    def make_agencies(cls):
        """The nodes, which run."""
        return cls.enterClassContext(Agencies(cls.authorities, reference=cls.make_reference()))

    @classmethod
    def make_reference(cls):
        """A folder of reference data; None: what is shipped."""
        return None

    # --- what a back office does

    def execute(self, folder, authority, *commands, **header):
        role = folder.partition("-")[0]
        return self.clients[folder].call(
            f"selaras.{role}.v1.{role.title()}Service/ExecuteBatch",
            {"header": filing.header(authority) | header, "commands": list(commands)}).outcome

    def bawaslu(self, *commands):
        return self.execute("intake", _INTAKE, *commands)

    def bkn(self, *commands, **header):
        return self.execute("referral", _REFERRAL, *commands, **header)

    def ppk(self, region, *commands):
        return self.execute(f"sanction-{region}", f"ppk/{region}", *commands)

    def number(self):
        ProcedureCase.filed += 1
        return f"{ProcedureCase.filed:03}/Q/2024"

    def refer(self, **respondent):
        """A case that BKN has got, not received."""
        case_id = self.bawaslu(*filing.opened(the_respondent=filing.respondent(**respondent)),
                               *filing.concluded(), *filing.referred(self.number())).case_id
        self.await_state("referral", case_id, "REFERRED")
        return case_id

    def recommend(self):
        """A case that the PPK has got, not received."""
        case_id = self.refer()
        self.bkn(*filing.recommended(case_id, self.number()))
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        return case_id

    def case(self, folder, case_id):
        return self.clients[folder].call("selaras.query.v1.QueryService/GetCase",
                                         {"case_id": case_id}).case

    def state(self, folder, case_id):
        descriptor = self.contracts.pool.FindEnumTypeByName("selaras.query.v1.CaseState")
        return descriptor.values_by_number[
            self.case(folder, case_id).state].name.removeprefix("CASE_STATE_")

    def await_state(self, folder, case_id, state):
        def there():
            try:
                return self.state(folder, case_id) == state
            except Refused as refused:
                self.assertEqual(refused.reason, "CASE_NOT_FOUND")
                return False

        await_true(f"case {case_id} is {state} at {folder}", there)

    def steps(self, folder, case_id, fact):
        timeline = self.clients[folder].call("selaras.query.v1.QueryService/GetTimeline",
                                             {"case_id": case_id})
        return [step for step in timeline.steps if step.fact_name == fact]

    def await_step(self, folder, case_id, fact):
        return await_true(f"{fact} at {folder}", lambda: self.steps(folder, case_id, fact))[-1]

    def place(self, step):
        return {"log": step.position.log, "sequence": str(step.position.sequence)}

    def expect_turn(self, case_id, holder, waiting_for, *folders):
        for folder in folders:
            seen = self.case(folder, case_id)
            self.assertEqual((seen.holder, seen.waiting_for), (holder, waiting_for), folder)
            self.assertEqual(list(seen.contradictions), [], folder)


class Procedure(ProcedureCase):

    def test_q1_nobody_could_say_who_holds_the_file_and_whether_the_copy_came(self):
        case_id = self.refer()
        self.expect_turn(case_id, _INTAKE, _REFERRAL, "intake", "referral")
        referred = self.steps("intake", case_id, "case_referred")[0]
        self.bawaslu({"send_copy": {"case_ref": {"case_id": case_id}, "to": "menpanrb",
                                    "of": self.place(referred), "letter_number": self.number()}})
        copy = self.await_step("referral", case_id, "copy_sent")
        self.assertEqual(copy.fact.copy_sent.to, "menpanrb")
        self.assertEqual(self.steps("referral", case_id, "copy_received"), [])
        self.bawaslu({"record_copy_received": {"case_ref": {"case_id": case_id},
                                               "copy": self.place(copy)}})
        self.await_step("referral", case_id, "copy_received")
        self.bkn({"receive_case": {"case_id": case_id, "agenda_number": "AG-1/2024"}})
        self.await_state("intake", case_id, "RECEIVED")
        self.expect_turn(case_id, _REFERRAL, _REFERRAL, "intake", "referral")

    def test_q7_q8_nobody_saw_a_deadline_pass(self):
        case_id = self.recommend()
        self.ppk("13.04", *filing.decided(case_id, self.number()))
        self.await_state("referral", case_id, "DECIDED")
        # Decided on Wed 20 Nov 2024, to be handed over within 14 working days.
        for folder in ("referral", "sanction-13.04"):
            answer = self.clients[folder].call("selaras.query.v1.QueryService/ListDeadlines",
                                               {"case_id": case_id})
            due = next(deadline for deadline in answer.deadlines if deadline.id == "D-16")
            self.assertEqual((due.anchor_on, due.due_on), ("2024-11-20", "2024-12-11"), folder)
            self.assertEqual((due.duty, due.watcher), ("ppk/13.04", "bkn"), folder)
            self.assertEqual(as_dict(due)["state"], "DEADLINE_STATE_OVERDUE", folder)
        code, objects, text = self.agencies.run(
            self.agencies["referral"], "case", "deadlines", case_id)
        self.assertEqual(code, 0, text)
        self.assertIn("D-16", [deadline["id"] for deadline in objects[0]["deadlines"]])
        with self.assertRaises(Refused) as refused:
            self.clients["sanction-13.05"].call("selaras.query.v1.QueryService/ListDeadlines",
                                                {"case_id": case_id})
        self.assertEqual(refused.exception.reason, "CASE_NOT_FOUND")

    def test_q2_a_sanction_is_stuck_and_the_reason_shows_everywhere(self):
        case_id = self.recommend()
        self.ppk("13.04", {"receive_recommendation": {"case_id": case_id, "agenda_number": "1"}},
                 {"record_blocker": {"case_id": case_id, "blocker": "pejabat_plt"}})
        await_true("the blocker at Bawaslu",
                   lambda: list(self.case("intake", case_id).blockers) == ["pejabat_plt"])

    def test_q3_the_sender_can_track_what_it_sent_and_ask_for_it_back(self):
        case_id = self.refer()
        self.bkn({"receive_case": {"case_id": case_id, "agenda_number": "AG-3/2024"}})
        self.await_state("intake", case_id, "RECEIVED")
        self.assertIn("MakeRequest", self.case("intake", case_id).allowed_commands)
        self.bawaslu({"make_request": {"case_ref": {"case_id": case_id}, "request": "recall"}})
        request = self.await_step("referral", case_id, "request_made")
        self.assertIn("AnswerRequest", self.case("referral", case_id).allowed_commands)
        self.expect_turn(case_id, _REFERRAL, _REFERRAL, "referral")  # asking changes nothing
        self.bkn({"answer_request": {"case_ref": {"case_id": case_id},
                                     "request": self.place(request), "granted": True}},
                 {"return_case": {"case_id": case_id, "reason_text": "Atas permintaan."}})
        self.await_state("intake", case_id, "RETURNED")
        self.expect_turn(case_id, _REFERRAL, _INTAKE, "intake", "referral")

    def test_q4_a_respondent_whose_nip_is_open_waits_to_be_identified(self):
        unknown = filing.respondent(respondent={"name": "Orang Bermasker"})
        case_id = self.bawaslu(*filing.opened(the_respondent=unknown),
                               *filing.concluded()).case_id
        self.assertFalse(self.case("intake", case_id).identified)
        with self.assertRaises(Refused) as refused:
            self.bawaslu({"refer_case": {"case_ref": {"case_id": case_id},
                                         "letter_number": self.number(),
                                         "occurred_at": filing.on("2024-10-11")}})
        self.assertIn("identify the respondent first", refused.exception.message)
        self.bawaslu({"identify_respondent": {"case_ref": {"case_id": case_id},
                                              "nip": "198001012005011001",
                                              "employment_status": "PNS"}},
                     {"refer_case": {"case_ref": {"case_id": case_id},
                                     "letter_number": self.number(),
                                     "occurred_at": filing.on("2024-10-11")}})
        self.await_state("referral", case_id, "REFERRED")

    def test_q5_a_file_comes_back_with_a_reason_and_goes_out_again(self):
        case_id = self.refer()
        self.bkn({"receive_case": {"case_id": case_id, "agenda_number": "AG-5/2024"}},
                 {"return_case": {"case_id": case_id, "reasons": ["bukti_kurang"]}})
        returned = self.await_step("intake", case_id, "case_returned")
        self.assertEqual(list(returned.fact.case_returned.reasons), ["bukti_kurang"])
        self.bawaslu({"supplement_case": {"case_ref": {"case_id": case_id},
                                          "summary": "Dilengkapi dengan berita acara."}},
                     {"refer_case": {"case_ref": {"case_id": case_id},
                                     "letter_number": self.number(),
                                     "occurred_at": filing.on("2024-11-02")}})
        self.await_state("referral", case_id, "REFERRED")
        self.bkn({"receive_case": {"case_id": case_id, "agenda_number": "AG-5b/2024"}},
                 {"verify_case": {"case_id": case_id, "proven": True}})
        self.await_state("intake", case_id, "VERIFIED")
        self.expect_turn(case_id, _REFERRAL, _REFERRAL, "intake", "referral")

    def test_q7_a_file_of_kasn_goes_on_at_bkn(self):
        case_id = self.bkn(
            {"open_legacy_case": {
                "respondent": {"name": "Citra Contoh", "nip": "198001012005011001"},
                "election": "PILKADA-2024", "incident_on": "2024-07-01", "agency_region": "13.04",
                "employment_status": "PNS", "violations_found": ["KE-04"],
                "reported_by": _INTAKE, "agenda_number": "KASN-77/2024"}},
            acting_for="kasn").case_id
        self.await_state("intake", case_id, "RECEIVED")
        self.assertEqual(self.steps("intake", case_id, "legacy_case_opened")[0].acting_for, "kasn")
        self.bkn({"recommend_sanction": {"case_id": case_id, "sanction": "M-T",
                                         "letter_number": self.number()}})
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        self.ppk("13.04", {"receive_recommendation": {"case_id": case_id, "agenda_number": "77"}},
                 {"decide_sanction": {"case_id": case_id, "sanction": "M-T",
                                      "decree_number": self.number()}})
        self.await_state("intake", case_id, "DECIDED")

    def test_q8_a_slow_ppk_is_reminded_warned_blocked_and_escalated_step_by_step(self):
        case_id = self.recommend()
        self.bkn({"flag_conflict": {"case_ref": {"case_id": case_id}, "authority": "ppk/13.04",
                                    "reason": "penerima_manfaat"}},
                 {"remind_ppk": {"case_id": case_id, "letter_number": self.number()}},
                 {"warn_ppk": {"case_id": case_id, "letter_number": self.number()}},
                 {"block_services": {"case_id": case_id, "scope": "layanan_seluruh",
                                     "trigger": "tidak_sesuai_nspk",
                                     "letter_number": self.number()}},
                 {"escalate_case": {"case_id": case_id, "to": "kemendagri",
                                    "rung": "teguran_mendagri", "letter_number": self.number()}})
        self.await_step("sanction-13.04", case_id, "case_escalated")
        # BKN sees its flag; nobody else does, above all not the PPK.
        flags = self.case("referral", case_id).conflicts
        self.assertEqual([(flag.authority, flag.reason) for flag in flags],
                         [("ppk/13.04", "penerima_manfaat")])
        for folder in ("intake", "sanction-13.04"):
            self.assertEqual(list(self.case(folder, case_id).conflicts), [], folder)
        # It lets BKN take the case to another PPK, as long as this one has not decided.
        self.assertIn("RecommendSanction", self.case("referral", case_id).allowed_commands)
        self.await_step("intake", case_id, "services_blocked")
        self.expect_turn(case_id, _REFERRAL, "ppk/13.04", "referral", "sanction-13.04")
        self.ppk("13.04", *filing.decided(case_id, self.number()))
        self.await_state("referral", case_id, "DECIDED")
        unblock = {"unblock_services": {"case_id": case_id, "reason": "ditindaklanjuti"}}
        self.bkn(unblock)
        with self.assertRaises(Refused) as refused:
            self.bkn(unblock)
        self.assertEqual(refused.exception.reason, "RULE")

    def test_q10_the_same_act_reported_twice_stays_two_files_that_know_of_each_other(self):
        first = self.bawaslu(*filing.opened()).case_id
        second = self.bawaslu(*filing.opened()).case_id
        link = {"link_case": {"case_ref": {"case_id": second}, "other_case_id": first,
                              "link": "duplikat"}}
        self.bawaslu(link)
        linked = self.steps("intake", second, "case_linked")
        self.assertEqual(linked[0].fact.case_linked.other_case_id, first)
        with self.assertRaises(Refused) as refused:
            self.bawaslu(link)
        self.assertEqual(refused.exception.reason, "RULE")

    def test_q13_a_name_that_was_misused_is_no_violation(self):
        case_id = self.bawaslu(
            *filing.opened(),
            {"conclude_case": {"case_ref": {"opened_by": 1}, "outcome": "dicatut"}}).case_id
        self.assertEqual(self.state("intake", case_id), "NO_VIOLATION")
        concluded = self.steps("intake", case_id, "case_concluded")[0]
        self.assertEqual(concluded.fact.case_concluded.outcome, "dicatut")

    def test_q14_every_party_reads_the_file_and_nobody_else(self):
        case_id = self.recommend()
        for folder in ("intake", "referral", "sanction-13.04"):
            self.assertEqual(self.state(folder, case_id), "RECOMMENDED")
        with self.assertRaises(Refused) as refused:
            self.case("sanction-13.05", case_id)
        self.assertEqual(refused.exception.reason, "CASE_NOT_FOUND")

    def test_a_respondent_who_moved_takes_the_case_to_the_other_ppk(self):
        case_id = self.recommend()
        self.ppk("13.04", {"receive_recommendation": {"case_id": case_id, "agenda_number": "8"}},
                 {"record_moved": {"case_id": case_id, "to": "ppk/13.05"}})
        self.await_state("referral", case_id, "RESPONDENT_MOVED")
        self.expect_turn(case_id, "ppk/13.04", _REFERRAL, "referral")
        self.bkn({"recommend_sanction": {"case_id": case_id, "to": "ppk/13.05", "sanction": "B-1",
                                         "letter_number": self.number()}})
        self.await_state("sanction-13.05", case_id, "RECOMMENDED")
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        with self.assertRaises(Refused) as refused:
            self.ppk("13.04", {"summon_respondent": {"case_id": case_id}})
        self.assertEqual(refused.exception.reason, "NOT_YOUR_CASE")
        self.ppk("13.05", {"receive_recommendation": {"case_id": case_id, "agenda_number": "9"}},
                 {"decide_sanction": {"case_id": case_id, "sanction": "B-1",
                                      "decree_number": self.number()}})
        self.await_state("intake", case_id, "DECIDED")
        self.await_state("referral", case_id, "DECIDED")
        digests = {self.case(folder, case_id).party_digest
                   for folder in ("intake", "referral", "sanction-13.05")}
        self.assertEqual(len(digests), 1)

    def test_a_decision_is_contested_changed_served_and_the_case_closed(self):
        case_id = self.recommend()
        self.ppk("13.04", *filing.decided(case_id, self.number()),
                 {"hand_over_decision": {"case_id": case_id, "occurred_at": filing.on("2024-11-22")}},
                 {"file_objection": {"case_id": case_id, "route": "keberatan"}},
                 {"decide_objection": {"case_id": case_id, "route": "keberatan",
                                       "outcome": "memperingan", "sanction": "R-2"}},
                 {"record_served": {"case_id": case_id}})
        self.await_state("referral", case_id, "SERVED")
        self.bkn({"close_case": {"case_id": case_id, "reason": "sanksi"}})
        self.await_state("intake", case_id, "CLOSED")
        self.expect_turn(case_id, _REFERRAL, "", "intake", "referral")
        with self.assertRaises(Refused) as refused:
            self.bkn({"remind_ppk": {"case_id": case_id}})
        self.assertEqual(refused.exception.reason, "MOVE_NOT_ALLOWED")

    def test_initial_information_is_traced_and_goes_on_as_a_finding(self):
        information = self.bawaslu(
            {"receive_report": filing.report(source="informasi_awal", reporter={})}).report_id
        self.bawaslu({"request_completion": {"report_id": information, "parts": ["bukti"]}},
                     {"complete_report": {"report_id": information, "parts": ["bukti"]}},
                     {"trace_report": {"report_id": information, "result": "jadi_temuan"}})
        finding = self.bawaslu({"receive_report": filing.report(
            source="temuan", reporter={}, derived_from=information)}).report_id
        self.bawaslu({"adopt_report": {"report_id": information, "as_report_id": finding}})
        with self.assertRaises(Refused) as refused:
            self.bawaslu({"register_report": {"report_id": information, "register_number": "1"}})
        self.assertEqual(refused.exception.reason, "RULE")
        self.bawaslu({"register_report": {"report_id": finding, "register_number": "2/Reg"}},
                     {"open_track": {"report_id": finding, "track": "pidana"}},
                     {"open_track": {"report_id": finding, "track": "kode_etik"}},
                     {"end_track": {"report_id": finding, "track": "pidana",
                                    "outcome": "tidak_terbukti"}})

    # --- the rules of the catalogue

    def refusal(self, send, *commands):
        with self.assertRaises(Refused) as refused:
            send(*commands)
        self.assertEqual(refused.exception.reason, "RULE", refused.exception.message)
        return refused.exception

    def marks(self, folder, case_id):
        return {(mark.code, mark.about): mark for mark in self.case(folder, case_id).marks}

    def test_the_phase_is_the_calendars_unless_an_officer_gives_a_reason(self):
        case_id = self.refer(phase="ELECTION_PHASE_BEFORE_PENETAPAN",
                             phase_override="perbuatan_berlanjut")
        for folder in ("intake", "referral"):
            seen = as_dict(self.case(folder, case_id))
            self.assertEqual(
                (seen["phase"], seen["calendar_phase"], seen["phase_override"], seen["stage"]),
                ("ELECTION_PHASE_BEFORE_PENETAPAN", "ELECTION_PHASE_FROM_PENETAPAN",
                 "perbuatan_berlanjut", "campaign"), folder)
            marks = self.marks(folder, case_id)
            self.assertEqual(marks["PHASE_OVERRIDDEN", ""].reason, "perbuatan_berlanjut", folder)
            self.assertIn(("PHASE_MISMATCH", "HD-06"), marks, folder)
            self.assertEqual(marks["CONFLICT", "HD-06"].rule, "X-01", folder)
        named = self.steps("intake", case_id, "respondent_named")[0]
        self.assertRegex(named.catalogue, "^[0-9a-f]{64}$")
        with self.assertRaises(Refused) as refused:
            self.bawaslu(*filing.opened(the_respondent=filing.respondent(
                phase="ELECTION_PHASE_BEFORE_PENETAPAN")))
        self.assertIn("phase_override", refused.exception.message)

    def test_a_sanction_that_the_violation_does_not_have_needs_a_reason_that_everybody_sees(self):
        case_id = self.refer()
        *first, recommendation = filing.recommended(case_id, self.number())
        self.bkn(*first)
        advice = recommendation["recommend_sanction"]
        refused = self.refusal(self.bkn, {"recommend_sanction": advice | {"sanction": "R-1"}})
        self.assertIn("R-1 is ringan, HD-06 leads to berat", refused.message)
        self.assertIn("admissible are B-1, B-2, B-3", refused.message)
        self.bkn({"recommend_sanction": advice | {
            "sanction": "R-1", "departure": "pertimbangan",
            "departure_text": "Menyesal dan menghapus unggahan."}})
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        for folder in ("intake", "referral", "sanction-13.04"):
            mark = self.marks(folder, case_id)["SANCTION_LEVEL", "R-1"]
            self.assertEqual((mark.rule, mark.reason, mark.fact_name),
                             ("level_by_violation", "pertimbangan", "sanction_recommended"), folder)
        advised = self.steps("sanction-13.04", case_id, "sanction_recommended")[0]
        self.assertEqual(advised.personal.reason_text, "Menyesal dan menghapus unggahan.")
        code, _, text = self.agencies.run(self.agencies["referral"], "case", "show", case_id)
        self.assertEqual(code, 0, text)

    def test_the_law_of_the_day_of_the_act_holds_and_of_several_violations_the_heaviest(self):
        old = filing.respondent(incident_on="2021-08-30", violations_alleged=[])
        concluded = filing.concluded()
        concluded[1]["conclude_case"]["violations_found"] = ["HD-09", "HD-12"]
        case_id = self.bawaslu(*filing.opened(the_respondent=old), *concluded,
                               *filing.referred(self.number())).case_id
        self.await_state("referral", case_id, "REFERRED")
        *first, recommendation = filing.recommended(case_id, self.number())
        self.bkn(*first)
        advice = recommendation["recommend_sanction"]
        refused = self.refusal(self.bkn, {"recommend_sanction": advice})
        self.assertIn("B-1 (PP94/2021) did not hold on 2021-08-30", refused.message)
        self.bkn({"recommend_sanction": advice | {"sanction": "L-B1"}})
        advised = self.steps("referral", case_id, "sanction_recommended")[0].fact
        self.assertEqual((advised.sanction_recommended.violation,
                          advised.sanction_recommended.regime), ("HD-12", "PP53/2010"))

    def test_who_may_not_sign_is_refused_and_the_case_waits_with_its_blocker(self):
        case_id = self.recommend()
        decision = {"case_id": case_id, "sanction": "B-2", "decree_number": self.number(),
                    "occurred_at": filing.on("2024-11-20")}
        self.ppk("13.04", {"receive_recommendation": {"case_id": case_id, "agenda_number": "1"}})

        def sign(office, mandate):
            return {"decide_sanction": decision | {
                "signed_by": {"office": office, "mandate": mandate}}}

        def send(*commands):
            return self.ppk("13.04", *commands)

        refused = self.refusal(send, sign("ppk", "plt"))
        self.assertIn("plt does not sign sanctions of level berat", refused.message)
        self.assertIn("RecordBlocker", refused.message)
        refused = self.refusal(send, sign("jpt_pratama", "definitif"))
        self.assertIn("ppk does (PP 94/2021", refused.message)
        send({"record_blocker": {"case_id": case_id, "blocker": "pejabat_plt"}})
        send(sign("ppk", "definitif"))
        self.await_state("intake", case_id, "DECIDED")
        signed_by = self.case("intake", case_id).signed_by
        self.assertEqual((signed_by.office, signed_by.mandate), ("ppk", "definitif"))

    def test_a_case_goes_only_to_the_body_that_was_competent_on_the_day(self):
        case_id = self.bawaslu(*filing.opened(), *filing.concluded()).case_id
        refer = {"case_ref": {"case_id": case_id}, "letter_number": self.number(), "to": "kasn",
                 "occurred_at": filing.on("2024-10-11")}
        refused = self.refusal(self.bawaslu, {"refer_case": refer})
        self.assertIn("send it to bkn (Perpres 92/2024", refused.message)
        self.bawaslu({"refer_case": refer | {"to": "bkn"}})
        self.await_state("referral", case_id, "REFERRED")

    def test_a_case_is_found_by_the_numbers_of_other_systems(self):
        def number(kind, raw):
            return {"kind": f"REFERENCE_KIND_{kind}", "raw": raw}

        report = filing.report(references=[number("SIGAPLAPOR", "SigapLapor No. 77/X/2024")])
        outcome = self.bawaslu(
            *filing.opened(report, filing.respondent(references=[number("SBT", "SBT 2024/77")])),
            *filing.concluded())
        case_id = outcome.case_id
        self.bawaslu({"refer_case": {
            "case_ref": {"case_id": case_id}, "letter_number": self.number(),
            "references": [number("SRIKANDI", "Srikandi: S-77 / 2024")],
            "occurred_at": filing.on("2024-10-11")}})
        self.await_state("referral", case_id, "REFERRED")
        receipt, *verified = filing.recommended(case_id, self.number())
        receipt["receive_case"]["references"] = [number("SBT", "2024/000077")]
        self.bkn(receipt, *verified)
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        *received, decided = filing.decided(case_id, self.number())
        decided["decide_sanction"]["references"] = [number("IDIS", "I-DIS 77"),
                                                    number("SIASN", "SIASN hd-77")]
        self.ppk("13.04", *received, decided)
        self.await_state("intake", case_id, "DECIDED")

        def found(folder, kind, raw):
            code, objects, text = self.agencies.run(
                self.agencies[folder], "case", "find", kind, raw)
            self.assertEqual(code, 0, text)
            return [case["case_id"] for case in objects]

        self.assertEqual(found("intake", "sigaplapor", "77 / x / 2024"), [case_id])
        self.assertEqual(found("intake", "sbt", "2024/77"), [case_id])
        for folder in ("intake", "referral", "sanction-13.04"):
            self.assertEqual(found(folder, "srikandi", "s-77/2024"), [case_id], folder)
            self.assertEqual(found(folder, "sbt", "SBT 2024/000077"), [case_id], folder)
            self.assertEqual(found(folder, "idis", "idis 77"), [case_id], folder)
            self.assertEqual(found(folder, "siasn", "HD-77"), [case_id], folder)
        self.assertEqual(found("referral", "sigaplapor", "77/X/2024"), [], "it never leaves")
        self.assertIn("SigapLapor No. 77/X/2024",
                      [each.raw for each in self.case("intake", case_id).references])
        self.assertEqual([each for each in self.case("referral", case_id).references
                          if "X/2024" in each.raw], [])

    def test_a_list_tells_whom_to_identify(self):
        unknown = filing.respondent(respondent={"name": "Orang Bertopi"})
        case_id = self.bawaslu(*filing.opened(the_respondent=unknown)).case_id

        def waiting():
            code, objects, text = self.agencies.run(
                self.agencies["intake"], "case", "list", "--identity", "open")
            self.assertEqual(code, 0, text)
            self.assertFalse(any(case["identified"] for case in objects))
            return [case["case_id"] for case in objects]

        self.assertIn(case_id, waiting())
        self.bawaslu({"identify_respondent": {"case_ref": {"case_id": case_id},
                                              "nip": "198001012005011001",
                                              "employment_status": "PNS"}})
        self.assertNotIn(case_id, waiting())


class BetweenOffices(ProcedureCase):
    """A case that another office of Bawaslu takes over, on a node of its own."""

    authorities = {"intake-13": ["bawaslu/13"], "intake-ri": ["bawaslu/ri"],
                   "referral": ["bkn", "kasn"], "sanction-13.04": ["ppk/13.04"]}

    def office(self, region, *commands):
        return self.execute(f"intake-{region}", f"bawaslu/{region}", *commands)

    def delegate(self):
        """A case that bawaslu/13 gave to bawaslu/ri, whose node has got it."""
        case_id = self.office("13", *filing.opened()).case_id
        with self.assertRaises(Refused) as refused:
            self.case("intake-ri", case_id)
        self.assertEqual(refused.exception.reason, "CASE_NOT_FOUND")
        self.office("13", {"delegate_case": {
            "case_ref": {"case_id": case_id}, "to": "bawaslu/ri", "kind": "pelimpahan",
            "letter_number": self.number(), "summary": "Dilimpahkan."}})
        self.await_state("intake-ri", case_id, "DELEGATED")
        return case_id

    def test_the_other_office_goes_on_where_the_first_one_stopped(self):
        case_id = self.delegate()
        self.expect_turn(case_id, "bawaslu/13", "bawaslu/ri", "intake-13", "intake-ri")
        seen = self.case("intake-ri", case_id)
        self.assertEqual(list(seen.allowed_commands), ["ReceiveDelegatedCase"])
        self.assertEqual(list(self.case("intake-13", case_id).allowed_commands),
                         # it stays a party
                         ["SendCopy", "MakeRequest", "FlagConflict", "AddAttachment",
                          "RemoveAttachment", "PlaceLegalHold"])
        case_ref = {"case_ref": {"case_id": case_id}}
        self.office("ri", {"receive_delegated_case": case_ref})
        self.await_state("intake-13", case_id, "NAMED")
        self.expect_turn(case_id, "bawaslu/ri", "bawaslu/ri", "intake-13", "intake-ri")
        with self.assertRaises(Refused) as refused:
            self.office("13", {"conclude_case": case_ref | {"violations_found": ["HD-06"]}})
        self.assertEqual(refused.exception.reason, "NOT_YOUR_CASE")

        steps = [*filing.concluded(), *filing.referred(self.number())]
        self.office("ri", *({kind: body | case_ref}
                            for step in steps for kind, body in step.items()))
        self.await_state("referral", case_id, "REFERRED")
        self.bkn(*filing.recommended(case_id, self.number()))
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        self.await_state("intake-13", case_id, "RECOMMENDED")
        self.agencies.await_delivery()
        seen = [self.case(folder, case_id) for folder in self.authorities]
        self.assertEqual(len({case.party_digest for case in seen}), 1)
        self.assertEqual({tuple(case.parties) for case in seen}, {tuple(seen[0].parties)})
        for case in seen:
            self.assertEqual(list(case.contradictions), [])

    def test_the_higher_office_takes_over_what_it_had_given_down(self):
        case_id = self.delegate()
        case_ref = {"case_ref": {"case_id": case_id}}
        taken = {"take_over_case": case_ref | {"letter_number": self.number(),
                                               "reason_text": "Menyangkut dua provinsi."}}
        self.office("ri", {"receive_delegated_case": case_ref},
                    {"delegate_case": case_ref | {"to": "bawaslu/13", "kind": "pelimpahan"}})
        await_true("the case given down", lambda: "ReceiveDelegatedCase" in self.case(
            "intake-13", case_id).allowed_commands)
        self.office("13", {"receive_delegated_case": case_ref},
                    {"review_case": case_ref | {"accepted": True}})
        self.await_state("intake-ri", case_id, "ACCEPTED")
        self.expect_turn(case_id, "bawaslu/13", "bawaslu/13", "intake-13", "intake-ri")
        self.assertEqual(list(self.case("intake-ri", case_id).allowed_commands),
                         ["TakeOverCase", "PlaceLegalHold"])
        with self.assertRaises(Refused) as refused:
            self.office("ri", {"conclude_case": case_ref | {"violations_found": ["HD-06"]}})
        self.assertEqual(refused.exception.reason, "NOT_YOUR_CASE")

        self.office("ri", taken)
        self.await_step("intake-13", case_id, "case_taken_over")
        self.expect_turn(case_id, "bawaslu/ri", "bawaslu/ri", "intake-13", "intake-ri")
        self.assertEqual(list(self.case("intake-13", case_id).allowed_commands), ["PlaceLegalHold"])
        with self.assertRaises(Refused) as refused:
            self.office("13", {"conclude_case": case_ref | {"violations_found": ["HD-06"]}})
        self.assertEqual(refused.exception.reason, "NOT_YOUR_CASE")
        self.assertIn("bawaslu/ri has taken the case over", refused.exception.message)
        with self.assertRaises(Refused) as refused:
            self.office("13", taken)
        self.assertEqual(refused.exception.reason, "RULE")
        self.assertIn("only a higher office", refused.exception.message)

        self.office("ri", {"conclude_case": case_ref | {"violations_found": ["HD-06"]}},
                    {"refer_case": case_ref | {"letter_number": self.number(),
                                               "occurred_at": filing.on("2024-10-11")}})
        self.await_state("referral", case_id, "REFERRED")
        self.bkn(*filing.recommended(case_id, self.number()))
        for folder in self.authorities:
            self.await_state(folder, case_id, "RECOMMENDED")
        self.agencies.await_delivery()
        seen = [self.case(folder, case_id) for folder in self.authorities]
        self.assertEqual(len({case.party_digest for case in seen}), 1)
        for case in seen:
            self.assertEqual(list(case.contradictions), [])

    def test_what_the_report_says_of_its_source_stays_in_the_first_office(self):
        case_id = self.delegate()
        self.assertTrue(self.case("intake-13", case_id).source)
        seen = self.case("intake-ri", case_id)
        self.assertEqual((seen.source, seen.register_number, seen.report_id), ("", "", ""))
        self.assertEqual(seen.respondent.nip, self.case("intake-13", case_id).respondent.nip)


if __name__ == "__main__":
    unittest.main()
