"""Who is shown personal data is written down first, and can be told to the person."""

import concurrent.futures
import json
import signal
import subprocess
import unittest

from agencies import Agencies, await_true
from clock_test import MovedClockCase
import filing
from foreign import Client, Refused, as_dict
from procedure_test import ProcedureCase

_QUERY = "selaras.query.v1.QueryService"
_NIP = "198304052008011009"
_NAME, _OTHER = "Hana Terbaca", "Irfan Lain"
_REPORTER, _PLACE, _CHRONOLOGY = "Joko Pelapor", "Balai Nagari Uji", "Ia berkata di depan umum."


class ReadsCase(ProcedureCase):

    settings = ""

    @classmethod
    def make_agencies(cls):
        agencies = cls.enterClassContext(Agencies(
            cls.authorities, ["backoffice:bkn:bkn-office", "backoffice:kasn:kasn-office",
                              "ops:bkn:bkn-ops", "auditor:bkn:bkn-audit"], start=False))
        agencies["referral"].settings = cls.settings
        agencies.fleet.start()
        return agencies

    def client(self, certificate, folder="referral"):
        return Client(self.contracts, self.agencies[folder].address, self.agencies.pki, certificate)

    def opened(self, nip=_NIP, name=_NAME):
        report = filing.report(reporter={"name": _REPORTER, "address": "Jorong Uji 1",
                                         "phone": "0811000111"},
                               place=_PLACE, chronology=_CHRONOLOGY)
        respondent = filing.respondent(respondent={"name": name, "nip": nip})
        return self.bawaslu({"receive_report": report},
                            *filing.opened(the_respondent=respondent)[1:], *filing.concluded(),
                            *filing.referred(self.number()))

    def referred(self, **who):
        case_id = self.opened(**who).case_id
        self.await_state("referral", case_id, "REFERRED")
        return case_id

    def ask(self, method, request, certificate="referral-entry", folder="referral"):
        with self.client(certificate, folder) as client:
            return client.call(f"{_QUERY}/{method}", request)

    def reads(self, case_id, certificate="bkn-ops", **more):
        """As (authority, role, officer, purpose, method), once they are derived."""
        answer = self.ask("ListReads", {"case_id": case_id} | more, certificate)
        return [(read.authority, read.role, read.officer.officer_id, read.purpose,
                 read.method.partition("/")[2]) for read in answer.reads]

    def recorded(self, folder="referral"):
        """The reads in the private log as it stands on disk; the node is killed for it."""
        node = self.agencies[folder]
        self.agencies.end(node, signal.SIGKILL)
        entries = self.agencies.entries(node, f"{node.name}/private")
        self.agencies.start_again(node)
        return [entry["event"]["fact"]["personal_data_read"] for entry in entries
                if "personal_data_read" in (entry["event"] or {}).get("fact", {})]


class Reads(ReadsCase):

    def test_who_was_answered_stands_in_the_log_even_if_the_node_dies_at_once(self):
        case_id = self.referred()
        shown = self.ask("GetCase", {"case_id": case_id, "reading": {
            "purpose": "hukum", "officer": {"officer_id": "b-17"}}}, "bkn-office")
        self.assertEqual(shown.case.respondent.name, _NAME)
        told = [read for read in self.recorded() if case_id in read["case_ids"]
                and read["purpose"] == "hukum"]
        self.assertEqual(len(told), 1)
        self.assertEqual((told[0]["role"], told[0]["method"]),
                         ("backoffice", "QueryService/GetCase"))

    def test_every_method_that_shows_a_person_is_recorded_and_no_other(self):
        case_id = self.referred()
        for method, request in (("GetCase", {"case_id": case_id[:8]}), ("ListCases", {}),
                                ("GetTimeline", {"case_id": case_id[:8]}),
                                ("GetWorklist", {"authority": "bkn"}),
                                ("LookUpCases", {"nip": _NIP})):
            before = len(self.mine(case_id, "pengawasan"))
            self.ask(method, request | {"reading": {"purpose": "pengawasan"}}, "bkn-office")
            self.await_reads(case_id, "pengawasan", before + 1)
            self.assertEqual(self.mine(case_id, "pengawasan")[-1][4], method)
        everything = len(self.mine(case_id))
        for method, request in (("ListChanges", {}), ("ListDeadlines", {"case_id": case_id}),
                                ("ListReads", {"case_id": case_id}),
                                ("LookUpCases", {"kind": "REFERENCE_KIND_REFERRAL_LETTER",
                                                 "number": "001/Q/2024"})):
            self.ask(method, request, "bkn-office")
        self.ask("GetCase", {"case_id": case_id, "reading": {"purpose": "hukum"}}, "bkn-office")
        self.await_reads(case_id, "hukum", 1)
        self.assertEqual(len(self.mine(case_id)), everything + 1)

    def test_a_report_is_read_at_its_office_alone(self):
        report_id = self.opened().report_id
        for method, request in (("GetReport", {"report_id": report_id}), ("ListReports", {})):
            shown = self.ask(method, request | {"reading": {"purpose": "hukum"}},
                             "intake-entry", "intake")
            self.assertIn(_REPORTER, str(shown))
        self.agencies.stop()
        node = self.agencies["intake"]
        done = subprocess.run(
            [self.agencies.selaras.program, "--json", "report", "reads", report_id, "--store",
             node.store], capture_output=True, text=True, check=True)
        reads = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([read["method"] for read in reads if read["purpose"] == "hukum"],
                         ["QueryService/GetReport", "QueryService/ListReports"])
        for other in self.agencies:
            self.agencies.start_again(other)

    def test_an_authority_sees_its_own_readers_and_operations_see_all(self):
        case_id = self.referred()
        self.ask("GetCase", {"case_id": case_id, "reading": {"purpose": "hukum"}}, "bkn-office")
        self.ask("GetCase", {"case_id": case_id, "reading": {"purpose": "operasi"}}, "bkn-ops")
        self.await_reads(case_id, "operasi", 1)
        self.assertEqual({read[:2] for read in self.reads(case_id, "bkn-ops")},
                         {("bkn", "backoffice"), ("bkn", "ops"), ("bkn", "entry")})
        with self.assertRaises(Refused) as refused:
            self.reads(case_id, "kasn-office")
        self.assertEqual(refused.exception.reason, "CASE_NOT_FOUND")
        with self.assertRaises(Refused) as refused:
            self.reads(case_id, "bkn-audit")
        self.assertEqual(refused.exception.reason, "NOT_YOUR_METHOD")

    def test_what_cannot_be_recorded_as_it_was_asked_is_refused(self):
        case_id = self.referred()
        for reading, field in (({"purpose": "iseng"}, "reading.purpose"),
                               ({"officer": {"officer_id": "x" * 65}},
                                "reading.officer.officer_id"),
                               ({"officer": {"mandate": "raja"}}, "reading.officer.mandate")):
            for method, request in (("GetCase", {"case_id": case_id}), ("ListCases", {}),
                                    ("LookUpCases", {"nip": _NIP})):
                with self.assertRaises(Refused) as refused:
                    self.ask(method, request | {"reading": reading})
                self.assertEqual(refused.exception.code, "INVALID_ARGUMENT")
                self.assertIn(field, str(refused.exception))
        for request in ({}, {"case_id": case_id, "nip": _NIP}, {"nip": "12"},
                        {"case_id": case_id, "page_size": -1},
                        {"case_id": case_id, "page_token": "zz"}):
            with self.assertRaises(Refused) as refused:
                self.ask("ListReads", request)
            self.assertEqual(refused.exception.code, "INVALID_ARGUMENT", request)

    # --- what they share

    def mine(self, case_id, purpose=None):
        return [read for read in self.reads(case_id, "bkn-office")
                if purpose in (None, read[3])]

    def await_reads(self, case_id, purpose, count):
        await_true(f"{count} reads", lambda: sum(
            read[3] == purpose for read in self.reads(case_id, "bkn-ops")) >= count)


class ReadPurpose(ReadsCase):

    settings = "read_purpose_required: true\n"

    def test_a_node_may_demand_that_a_purpose_is_stated(self):
        case_id = self.opened().case_id
        self.agencies.await_delivery()
        with self.assertRaises(Refused) as refused:
            self.ask("GetCase", {"case_id": case_id})
        self.assertIn("reading.purpose", str(refused.exception))
        shown = self.ask("GetCase", {"case_id": case_id, "reading": {"purpose": "penanganan"}})
        self.assertEqual(shown.case.respondent.name, _NAME)
        node = self.agencies["referral"]
        code, _, text = self.agencies.run(node, "case", "show", case_id)
        self.assertNotEqual(code, 0)
        self.assertIn("purpose", text)
        code, objects, text = self.agencies.run(node, "case", "show", case_id, "--purpose",
                                                "penanganan", "--officer", "b-3")
        self.assertEqual((code, objects[0]["respondent"]["name"]), (0, _NAME), text)


class BreakGlass(ReadsCase):

    _EMERGENCY = "selaras.intake.v1.EmergencyService"

    @classmethod
    def make_agencies(cls):
        return cls.enterClassContext(Agencies(cls.authorities, [
            "ops:bawaslu/13:bawaslu-ops", "backoffice:bawaslu/13:bawaslu-office"]))

    def emergency(self, method, request, certificate="bawaslu-ops"):
        with self.client(certificate, "intake") as client:
            return client.call(f"{self._EMERGENCY}/{method}", request)

    def take(self, report_id, **changes):
        return self.emergency("BreakGlass", {
            "request_id": self.number(), "report_id": report_id, "reason": "keselamatan",
            "reason_text": "Pelapor diancam, kantor tutup.", "minutes": 1,
            "officer": {"officer_id": "adm-3"}} | changes)

    def report(self, report_id, certificate="bawaslu-ops"):
        return self.ask("GetReport", {"report_id": report_id}, certificate, "intake").report

    def test_operations_see_who_reported_for_a_while_and_the_office_reviews_it(self):
        report_id, other = self.opened().report_id, self.opened().report_id
        self.assertNotIn(_REPORTER, str(self.report(report_id)))
        request_id = self.number()
        taken = self.take(report_id[:8], request_id=request_id)
        self.assertEqual(self.take(report_id[:8], request_id=request_id), taken, "a repeat")
        with self.assertRaises(Refused) as refused:
            self.take(other, request_id=request_id)
        self.assertEqual(refused.exception.code, "ALREADY_EXISTS")
        self.assertFalse(any(step.entry_key for step in self.report(report_id).steps))
        seen = self.report(report_id)
        self.assertEqual((seen.reporter.name, seen.chronology), (_REPORTER, _CHRONOLOGY))
        self.assertEqual(seen.break_glass, taken.position)
        self.assertNotIn(_REPORTER, str(self.report(other)))
        self.assertFalse(self.report(report_id, "bawaslu-office").HasField("break_glass"))
        self.agencies.end(self.agencies["intake"], signal.SIGKILL)
        self.agencies.start_again(self.agencies["intake"])
        self.assertEqual(self.report(report_id).reporter.name, _REPORTER, "it survives a crash")
        await_true("the read", lambda: any(
            read.break_glass == taken.position and read.role == "ops"
            for read in self.ask("ListReads", {"report_id": report_id}, "bawaslu-office",
                                 "intake").reads))
        # One at a time, also while it holds. A repeat is answered whatever became of it.
        for _ in range(2):
            with self.assertRaises(Refused) as refused:
                self.take(other)
            self.assertEqual((refused.exception.code, refused.exception.reason),
                             ("FAILED_PRECONDITION", "BREAK_GLASS_UNREVIEWED"))
            self.assertEqual(self.take(report_id[:8], request_id=request_id), taken)
            await_true("its end", lambda: not self.emergency("ListBreakGlass", {}).taken[-1].open)
        self.assertNotIn(_REPORTER, str(self.report(report_id)))
        review = {"header": filing.header("bawaslu/13"), "command": {
            "report_id": report_id, "opening": as_dict(taken.position), "justified": True}}
        with self.assertRaises(Refused) as refused:
            self.emergency("ReviewBreakGlass", review)
        self.assertEqual(refused.exception.reason, "NOT_YOUR_METHOD", "who took it does not judge")
        node = self.agencies["intake"]
        position = f"{taken.position.log}@{taken.position.sequence}"
        office = self.agencies.certificate("bawaslu-office")
        code, listed, text = self.agencies.run(node, *office, "emergency", "list", "--unreviewed")
        self.assertEqual((code, [one["report_id"] for one in listed]), (0, [report_id]), text)
        code, _, text = self.agencies.run(node, *office, "emergency", "review", position)
        self.assertEqual(code, 2, text)
        code, _, text = self.agencies.run(node, *office, "emergency", "review", position,
                                          "--justified", "--officer", "ketua-1")
        self.assertEqual(code, 0, text)
        reviewed = self.emergency("ListBreakGlass", {}).taken[-1].review
        self.assertEqual((reviewed.justified, reviewed.officer.officer_id), (True, "ketua-1"))
        self.assertEqual(len(self.emergency("ListBreakGlass", {"unreviewed": True}).taken), 0)
        second = self.take(other, minutes=240)
        self.assertEqual(self.report(other).reporter.name, _REPORTER)
        code, _, text = self.agencies.run(
            node, *office, "emergency", "review", f"{second.position.log}@{second.position.sequence}",
            "--justified", "--officer", "ketua-1")
        self.assertEqual(code, 0, text)
        self.assertNotIn(_REPORTER, str(self.report(other)), "a review ends it")
        self.agencies.stop()
        self.assertEqual(self.agencies.verify()[1], [])
        for other in self.agencies:
            self.agencies.start_again(other)

    def test_of_many_at_once_one_is_taken(self):
        reports = [self.opened().report_id for _ in range(12)]

        def take(report_id):
            try:
                return self.take(report_id)
            except Refused as refused:
                self.assertEqual(refused.reason, "BREAK_GLASS_UNREVIEWED")
                return None

        with concurrent.futures.ThreadPoolExecutor(len(reports)) as pool:
            taken = [answer for answer in pool.map(take, reports) if answer]
        self.assertEqual(len(taken), 1)
        self.emergency("ReviewBreakGlass", {
            "header": {**filing.header("bawaslu/13"), "officer": {"officer_id": "ketua-1"}},
            "command": {"report_id": self.emergency("ListBreakGlass", {"unreviewed": True}).taken[
                0].report_id, "opening": as_dict(taken[0].position), "justified": True}},
                       "bawaslu-office")

    def test_nobody_else_takes_it_and_nothing_of_others_is_taken(self):
        report_id = self.opened().report_id
        for certificate in ("bawaslu-office", "intake-entry"):
            with self.assertRaises(Refused) as refused:
                with self.client(certificate, "intake") as client:
                    client.call(f"{self._EMERGENCY}/BreakGlass", {"report_id": report_id})
            self.assertEqual(refused.exception.reason, "NOT_YOUR_METHOD")
        with self.assertRaises(Refused) as refused:
            self.take("00000000-0000-8000-8000-000000000000")
        self.assertEqual(refused.exception.reason, "REPORT_NOT_FOUND")
        for wrong in ({"reason": "iseng"}, {"reason_text": "pendek"}, {"minutes": 241},
                      {"minutes": 0}, {"officer": {}}, {"request_id": ""}):
            with self.assertRaises(Refused) as refused:
                self.take(report_id, **wrong)
            self.assertEqual(refused.exception.code, "INVALID_ARGUMENT", wrong)
        with self.client("referral-entry") as client:
            with self.assertRaises(Refused) as refused:
                client.call(f"{self._EMERGENCY}/ListBreakGlass", {})
            self.assertEqual(refused.exception.code, "UNIMPLEMENTED")


class SubjectAccess(ReadsCase):

    def test_a_person_is_told_what_is_held_and_who_saw_it_and_nothing_of_others(self):
        case_id = self.referred()
        other = self.referred(nip="197903042005011008", name=_OTHER)
        self.bkn(*filing.recommended(case_id, self.number()))
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        for purpose in ("penanganan", "hukum"):
            self.ask("GetCase", {"case_id": case_id, "reading": {
                "purpose": purpose, "officer": {"officer_id": "pegawai-77"}}}, "bkn-office")
        self.bkn({"place_legal_hold": {"case_ref": {"case_id": case_id}, "matter": "pengadilan"}})
        self.clients["referral"].call(
            "selaras.referral.v1.ReferralService/CheckOpenCases",
            {"header": filing.header("bkn"), "command": {"nip": _NIP, "purpose": "promosi"}})
        for folder in ("intake", "referral", "sanction-13.04"):
            told = self.told(folder)
            self.assertEqual([case["case_id"] for case in told["cases"]], [case_id])
            case = told["cases"][0]
            self.assertEqual((case["respondent"]["name"], case["respondent"]["nip"]),
                             (_NAME, _NIP))
            self.assertIn("case_referred", [step["fact"] for step in case["steps"]])
            self.assertIn("bkn", case["recipients"])
            self.assertEqual({(read["purpose"], read["officer"]) for read in case["reads"]
                              if read["purpose"] == "subjek_data"}, {("subjek_data", "")})
            text = json.dumps(told)
            for canary in (_REPORTER, _PLACE, _CHRONOLOGY, _OTHER, other, "0811000111",
                           "pegawai-77", "respondent_named", "report_received"):
                self.assertNotIn(canary, text, folder)
        told = self.told("referral")
        readers = [(read["role"], read["purpose"]) for read in told["cases"][0]["reads"]]
        self.assertIn(("backoffice", "penanganan"), readers)
        self.assertNotIn("hukum", json.dumps(told))
        self.assertNotIn("legal_hold", json.dumps(told))
        self.assertIn("left out: 1 read", self.noted)
        self.assertEqual([read["purpose"] for read in told["questions"]], ["promosi"])
        self.assertEqual(told["answer_by"], "2026-12-02T02:30:00Z")
        self.assertEqual(self.told("sanction-13.05")["cases"], [])

    def test_a_number_that_was_recorded_by_mistake_hands_out_nobody_else(self):
        right, wrong = "198502142009011007", "198502142009011008"
        opened = self.bawaslu(*filing.opened(the_respondent=filing.respondent(
            respondent={"name": _OTHER, "nip": wrong})))
        named = next(step for step in self.ask("GetTimeline", {"case_id": opened.case_id},
                                               "intake-entry", "intake").steps
                     if step.fact_name == "respondent_named")
        self.bawaslu({"correct_fact": {
            "case_id": opened.case_id, "position": as_dict(named.position),
            "fields": "personal.respondent.nip", "new_fact": as_dict(named.fact),
            "new_personal": {"respondent": {"nip": right}}, "reason": "Salah ketik."}})
        told = self.told("intake", wrong)
        self.assertEqual((told["cases"], len(told)), ([], 5))
        self.assertIn("left out: 1 case", self.noted)

    def test_a_notice_is_not_told_to_whom_it_is_about(self):
        nip = "198601152010011009"
        self.ppk("13.04", {"notice_violation": {
            "to": "bawaslu/13", "election": "PILKADA-2024", "incident_on": "2024-10-01",
            "agency_region": "13.04", "employment_status": "PNS",
            "respondent": {"name": _OTHER, "nip": nip}, "violations_alleged": ["KE-04"],
            "summary": "Terlihat berkampanye."}})
        for folder in ("sanction-13.04", "intake"):
            await_true("the notice", lambda folder=folder: len(self.ask(
                "LookUpCases", {"nip": nip}, f"{folder}-entry", folder).case_ids) == 1)
            self.assertEqual(self.told(folder, nip)["cases"], [], folder)
            self.assertIn("left out: 1 case", self.noted)

    def test_wrong_input_is_refused_with_a_cure(self):
        node = self.agencies["referral"]
        for arguments, word in ((["123"], "nip"), ([_NIP, "--received", "kemarin"], "--received"),
                                ([], "NIP")):
            code, _, text = self.agencies.run(node, "subject-access", *arguments)
            self.assertNotEqual(code, 0)
            self.assertIn(word, text)

    def told(self, folder, nip=_NIP):
        code, objects, text = self.agencies.run(
            self.agencies[folder], "subject-access", nip, "--received",
            "2026-11-29T09:30:00+07:00")
        self.assertEqual(code, 0, text)
        self.noted = text
        return objects[0]


class ReadsWithheld(MovedClockCase):

    def test_what_cannot_be_recorded_is_left_out_and_all_else_is_answered(self):
        respondent = filing.respondent(respondent={"name": _NAME, "nip": _NIP})
        report = filing.report(reporter={"name": _REPORTER, "address": "Jorong Uji 1"},
                               place=_PLACE, chronology=_CHRONOLOGY)
        opened = self.execute("intake", "bawaslu/13", {"receive_report": report},
                              *filing.opened(the_respondent=respondent)[1:],
                              *filing.concluded()).outcome
        with self.client("intake-entry") as client:
            def ask(method, **request):
                return client.call(f"{_QUERY}/{method}", request)

            def answers():
                return [ask("GetCase", case_id=opened.case_id), ask("ListCases"),
                        ask("GetTimeline", case_id=opened.case_id),
                        ask("GetReport", report_id=opened.report_id), ask("ListReports"),
                        ask("GetWorklist", authority="bawaslu/13")]

            before = answers()
            self.assertTrue(all(_NAME in str(answer) for answer in before[:3]))
            self.assertTrue(all(_CHRONOLOGY in str(answer) for answer in before[3:5]))
            self.jump(3 * 86_400)
            for then, answer in zip(before, answers()):
                text = str(answer)
                for canary in (_NAME, _NIP, _REPORTER, _PLACE, _CHRONOLOGY):
                    self.assertNotIn(canary, text)
                if "report" in answer.DESCRIPTOR.fields_by_name:
                    self.assertNotIn("/private", text)
                self.assertIn("PERSONAL_STATE_WITHHELD", text)
                self.assertTrue(opened.case_id in text or opened.report_id in text)
                self.assertGreater(len(str(then)), len(text))
            for nip in (_NIP, "198602152010011011"):  # one with a case, one without
                with self.assertRaises(Refused) as refused:
                    ask("LookUpCases", nip=nip)
                self.assertEqual(refused.exception.reason, "CLOCK_IN_DOUBT")
            with self.assertRaises(Refused) as refused:
                ask("ListReads", nip=_NIP)
            self.assertEqual(refused.exception.reason, "CLOCK_IN_DOUBT")
            code, objects, text = self.agencies.run(self.node, "case", "show", opened.case_id)
            self.assertEqual((code, objects[0]["personal"]), (0, "PERSONAL_STATE_WITHHELD"), text)
            for command in (["export", "sbt"], ["worklist"],
                            ["case", "prove", opened.case_id, "-o", self.agencies.path / "x"]):
                code, _, text = self.agencies.run(self.node, *command)
                self.assertNotEqual(code, 0, command)
                self.assertIn("cannot record", text)
            self.trust()
            self.assertIn(_NAME, str(ask("GetCase", case_id=opened.case_id)))


if __name__ == "__main__":
    unittest.main()
