"""validate_only tells what would happen, of every command that there is, and nothing happens.

The commands are those of the contracts: one that is new fails here until it has an example.
"""

import functools
import re
import unittest

from agencies import await_true
from documents import Documents, pdf
import filing
from foreign import Refused, as_dict
from procedure_test import ProcedureCase

_SERVICES = ("intake", "referral", "sanction")
_ALWAYS_RECORDED = "CheckOpenCases"  # nobody asks without a record


def _snake(name):
    return re.sub("(?<!^)(?=[A-Z])", "_", name).lower()


class ExampleCase(ProcedureCase):
    """For each command a case in which it is allowed, and the command: `<service>_<command>`."""

    authorities = {"intake": ["bawaslu/13"], "intake-ri": ["bawaslu/ri"],
                   "referral": ["bkn", "kasn"], "sanction-13.04": ["ppk/13.04"]}

    def at_ppk(self, *commands):
        return self.ppk("13.04", *commands)

    def opened(self):
        return self.bawaslu(*filing.opened()).case_id

    def filed_report(self, **changes):
        return self.bawaslu({"receive_report": filing.report(**changes)}).report_id

    def received(self):
        case_id = self.refer()
        self.bkn({"receive_case": {"case_id": case_id, "agenda_number": "1"}})
        return case_id

    def at_the_ppk(self):
        case_id = self.recommend()
        self.at_ppk({"receive_recommendation": {"case_id": case_id, "agenda_number": "1"}})
        self.await_state("referral", case_id, "RECEIVED_BY_PPK")
        return case_id

    def decided(self, sanction="B-2"):
        case_id = self.at_the_ppk()
        self.at_ppk({"decide_sanction": {"case_id": case_id, "sanction": sanction,
                                         "decree_number": self.number()}})
        return case_id

    def handed_over(self, sanction="B-2"):
        case_id = self.decided(sanction)
        self.at_ppk({"hand_over_decision": {"case_id": case_id}})
        return case_id

    def newest(self, folder, case_id):
        author = self.authorities[folder][0]
        steps = self.clients[folder].call("selaras.query.v1.QueryService/GetTimeline",
                                          {"case_id": case_id}).steps
        return self.place([step for step in steps if step.author == author][-1])

    # --- the report

    def intake_receive_report(self):
        return filing.report()

    def intake_name_respondent(self):
        return filing.respondent(report={"report_id": self.filed_report()})

    def intake_request_completion(self):
        return {"report_id": self.filed_report(), "parts": ["bukti"]}

    def intake_complete_report(self):
        body = self.intake_request_completion()
        self.bawaslu({"request_completion": body})
        return body

    def intake_trace_report(self):
        return {"report_id": self.filed_report(source="informasi_awal", reporter={}),
                "result": "jadi_temuan"}

    def intake_adopt_report(self):
        body = self.intake_trace_report()
        self.bawaslu({"trace_report": body})
        finding = self.filed_report(source="temuan", reporter={}, derived_from=body["report_id"])
        return {"report_id": body["report_id"], "as_report_id": finding}

    def intake_register_report(self):
        return {"report_id": self.filed_report(register_number=""), "register_number": "9/Reg"}

    def intake_open_track(self):
        return {"report_id": self.filed_report(), "track": "pidana"}

    def intake_end_track(self):
        body = self.intake_open_track()
        self.bawaslu({"open_track": body})
        return body | {"outcome": "tidak_terbukti"}

    def intake_issue_receipt_code(self):
        return {"report_id": self.filed_report()}

    def intake_send_reporter_message(self):
        return {"report_id": self.filed_report(), "text": "Mohon melengkapi bukti."}

    # --- the case at Bawaslu

    def intake_identify_respondent(self):
        nameless = filing.respondent(respondent={"name": "Orang Bertopi"})
        case_id = self.bawaslu(*filing.opened(the_respondent=nameless)).case_id
        return {"case_ref": {"case_id": case_id}, "nip": "198001012005011001",
                "employment_status": "PNS"}

    def intake_review_case(self):
        return {"case_ref": {"case_id": self.opened()}, "accepted": True}

    def intake_clarify_respondent(self):
        return {"case_ref": {"case_id": self.opened()}, "attended": True}

    def intake_conclude_case(self):
        return {"case_ref": {"case_id": self.opened()}, "violations_found": ["HD-06"]}

    def intake_refer_case(self):
        return {"case_ref": {"case_id": self.opened()}, "letter_number": self.number(),
                "occurred_at": filing.on("2024-10-11")}

    def intake_link_case(self):
        return {"case_ref": {"case_id": self.opened()}, "other_case_id": self.opened(),
                "link": "duplikat"}

    def intake_hand_elsewhere(self):
        return {"case_ref": {"case_id": self.opened()}, "body": "pemkab"}

    def intake_supplement_case(self):
        return {"case_ref": {"case_id": self.refer()}, "summary": "Berita acara menyusul."}

    def intake_delegate_case(self):
        return {"case_ref": {"case_id": self.opened()}, "to": "bawaslu/ri", "kind": "pelimpahan",
                "letter_number": self.number(), "summary": "Dilimpahkan."}

    def intake_receive_delegated_case(self):
        body = self.intake_delegate_case()
        self.bawaslu({"delegate_case": body})
        self.await_state("intake-ri", body["case_ref"]["case_id"], "DELEGATED")
        return {"case_ref": body["case_ref"]}

    def intake_take_over_case(self):
        """Of a case that the higher office had, and gave down."""
        case_ref = self.intake_receive_delegated_case()
        self.execute("intake-ri", "bawaslu/ri", {"receive_delegated_case": case_ref},
                     {"delegate_case": case_ref | {"to": "bawaslu/13", "kind": "pelimpahan"}})
        case_id = case_ref["case_ref"]["case_id"]
        await_true("the case given down", lambda: "ReceiveDelegatedCase" in self.case(
            "intake", case_id).allowed_commands)
        self.bawaslu({"receive_delegated_case": case_ref})
        self.await_state("intake-ri", case_id, "NAMED")
        return case_ref | {"letter_number": self.number(), "reason_text": "Menyangkut dua provinsi."}

    def intake_receive_notice(self):
        case_id = self.at_ppk({"notice_violation": self.sanction_notice_violation()}).case_id
        self.await_state("intake", case_id, "NOTICED")
        return {"case_ref": {"case_id": case_id}}

    # --- what all three have

    def copy_of(self, folder, case_id):
        return {"case_ref": {"case_id": case_id}, "to": "menpanrb",
                "of": self.newest(folder, case_id), "letter_number": self.number()}

    def copied(self, folder, send, case_id):
        send({"send_copy": self.copy_of(folder, case_id)})
        return {"case_ref": {"case_id": case_id},
                "copy": self.place(self.steps(folder, case_id, "copy_sent")[-1])}

    def asked(self, case_id, send, *others):
        """A request of somebody else than the holder, which is everywhere."""
        send({"make_request": {"case_ref": {"case_id": case_id}, "request": "supplement"}})
        for folder in others:
            step = self.await_step(folder, case_id, "request_made")
        return {"case_ref": {"case_id": case_id}, "request": self.place(step), "granted": True}

    def flag_in(self, case_id):
        return {"case_ref": {"case_id": case_id}, "authority": "ppk/13.04",
                "reason": "ikut_terlapor"}

    def corrected(self, folder, case_id):
        return {"case_id": case_id, "position": self.newest(folder, case_id),
                "fields": "occurredAt", "new_occurred_at": filing.on("2024-11-30"),
                "reason": "salah ketik"}

    def voided(self, folder, case_id):
        return {"case_id": case_id, "position": self.newest(folder, case_id), "reason": "keliru"}

    def intake_send_copy(self):
        return self.copy_of("intake", self.refer())

    def intake_record_copy_received(self):
        return self.copied("intake", self.bawaslu, self.refer())

    def intake_make_request(self):
        case_id = self.received()
        self.await_state("intake", case_id, "RECEIVED")
        return {"case_ref": {"case_id": case_id}, "request": "recall"}

    def intake_answer_request(self):
        case_id = self.received()
        self.bkn({"return_case": {"case_id": case_id, "reasons": ["bukti_kurang"]}})
        self.await_state("intake", case_id, "RETURNED")
        self.bawaslu({"conclude_case": {"case_ref": {"case_id": case_id},
                                        "violations_found": ["HD-06"]}})
        self.await_state("referral", case_id, "VIOLATION_FOUND")
        return self.asked(case_id, self.bkn, "intake")

    def intake_flag_conflict(self):
        return self.flag_in(self.opened())

    def intake_correct_fact(self):
        return self.corrected("intake", self.refer())

    def intake_void_fact(self):
        return self.voided("intake", self.refer())

    def referral_send_copy(self):
        return self.copy_of("referral", self.received())

    def referral_record_copy_received(self):
        return self.copied("referral", self.bkn, self.received())

    def referral_make_request(self):
        return {"case_ref": {"case_id": self.at_the_ppk()}, "request": "supplement"}

    def referral_answer_request(self):
        case_id = self.received()
        self.await_state("intake", case_id, "RECEIVED")
        return self.asked(case_id, self.bawaslu, "referral")

    def referral_flag_conflict(self):
        return self.flag_in(self.received())

    def referral_correct_fact(self):
        return self.corrected("referral", self.received())

    def referral_void_fact(self):
        return self.voided("referral", self.received())

    def sanction_send_copy(self):
        return self.copy_of("sanction-13.04", self.at_the_ppk())

    def sanction_record_copy_received(self):
        return self.copied("sanction-13.04", self.at_ppk, self.at_the_ppk())

    def sanction_make_request(self):
        case_id = self.at_the_ppk()
        self.at_ppk({"decline_sanction": {"case_id": case_id, "reason": "bukti_kurang"}})
        self.await_state("referral", case_id, "DECLINED")
        self.bkn({"close_case": {"case_id": case_id, "reason": "tidak_terbukti"}})
        self.await_state("sanction-13.04", case_id, "CLOSED")
        return {"case_ref": {"case_id": case_id}, "request": "supplement"}

    def sanction_answer_request(self):
        return self.asked(self.at_the_ppk(), self.bkn, "sanction-13.04")

    def sanction_flag_conflict(self):
        return self.flag_in(self.at_the_ppk())

    def sanction_correct_fact(self):
        return self.corrected("sanction-13.04", self.at_the_ppk())

    def sanction_void_fact(self):
        return self.voided("sanction-13.04", self.at_the_ppk())

    # --- keeping and forgetting, also what all three have

    _OFFICES = {"intake": ("intake", "bawaslu"), "referral": ("referral", "bkn"),
                "sanction": ("sanction-13.04", "at_ppk")}

    def say(self, service, command, body):
        """Executes it there, when all of the case that came has been looked at, and gives its place."""
        folder, send = self._OFFICES[service]

        def done():
            try:
                return getattr(self, send)({command: body})
            except Refused as refused:
                self.assertEqual(refused.reason, "NOT_HERE_YET", refused)
                return None
        await_true(f"{command} at {folder}", done)
        return self.newest(folder, body["case_ref"]["case_id"])

    def place_legal_hold(self, _service):
        """Of a case in which all three wrote, and which has ended."""
        case_id = self.handed_over()
        for folder, _ in self._OFFICES.values():
            self.await_state(folder, case_id, "HANDED_OVER")
        return {"case_ref": {"case_id": case_id}, "matter": "pengadilan"}

    def lift_legal_hold(self, service):
        body = self.place_legal_hold(service)
        return {"case_ref": body["case_ref"], "hold": self.say(service, "place_legal_hold", body)}

    def order_erasure(self, service):
        return {"case_ref": self.place_legal_hold(service)["case_ref"], "ground": "putusan"}

    def answer_erasure(self, service):
        body = self.order_erasure(service)
        order = self.say("intake", "order_erasure", body)
        if service == "referral":
            self.consent(body, order, "sanction")
            self.await_consents(body, service, "ppk/13.04")
        return self.consent_to(body, order, service)

    def consent_to(self, body, order, service):
        self.await_step(self._OFFICES[service][0], body["case_ref"]["case_id"], "erasure_ordered")
        return {"case_ref": body["case_ref"], "order": order, "consents": True}

    def consent(self, body, order, service):
        self.say(service, "answer_erasure", self.consent_to(body, order, service))

    def await_consents(self, body, service, *authorities):
        """Until the office has heard that they consented."""
        folder = self._OFFICES[service][0]
        await_true(f"consents at {folder}", lambda: set(authorities) <= set(
            self.case(folder, body["case_ref"]["case_id"]).erasure.consented))

    def erase_case(self, service):
        body = self.order_erasure(service)
        self.agree(body, service)
        return {"case_ref": body["case_ref"]}

    def agree(self, body, *services):
        """Of these offices the first one orders; all consent, and these have heard of it."""
        order = self.say(services[0], "order_erasure", body)
        self.consent(body, order, "intake")
        self.consent(body, order, "sanction")
        self.await_consents(body, "referral", "ppk/13.04")
        self.consent(body, order, "referral")
        for service in services:
            self.await_consents(body, service, "bawaslu/13", "bkn", "ppk/13.04")

    # --- documents

    _AUTHORITIES = {"intake": "bawaslu/13", "referral": "bkn", "sanction": "ppk/13.04"}

    def uploaded(self, service, document=None, **changes):
        """The name of a complete upload."""
        upload_id = f"berkas-{self.number()}"
        document = document or pdf(70_000, upload_id)
        Documents(self.clients[self._OFFICES[service][0]]).upload(
            self._AUTHORITIES[service], upload_id, document, **changes)
        return upload_id

    def add_attachment(self, service):
        return {"case_ref": {"case_id": self.at_the_ppk()}, "upload_id": self.uploaded(service),
                "kind": "bukti", "title": "Foto", "cleared": True,
                "signature": {"result": "sah"}}

    def remove_attachment(self, service):
        body = self.add_attachment(service)
        return {"case_ref": body["case_ref"], "reason": "salah_unggah",
                "attachment": self.say(service, "add_attachment", body)}

    # --- the case at BKN

    def referral_receive_case(self):
        return {"case_id": self.refer(), "agenda_number": "1"}

    def referral_open_legacy_case(self):
        return {"respondent": {"name": "Citra Contoh", "nip": "198001012005011001"},
                "election": "PILKADA-2024", "incident_on": "2024-07-01", "agency_region": "13.04",
                "employment_status": "PNS", "violations_found": ["KE-04"],
                "agenda_number": f"KASN-{self.number()}"}

    def referral_assign_case(self):
        return {"case_id": self.received(), "unit": "wasdal-2"}

    def referral_verify_case(self):
        return {"case_id": self.received(), "proven": True}

    def referral_dismiss_case(self):
        return {"case_id": self.received(), "reason": "tidak_terbukti"}

    def referral_return_case(self):
        return {"case_id": self.received(), "reasons": ["bukti_kurang"]}

    def referral_recommend_sanction(self):
        return {"case_id": self.received(), "sanction": "B-1", "letter_number": self.number()}

    def referral_remind_ppk(self):
        return {"case_id": self.at_the_ppk(), "letter_number": self.number()}

    def referral_warn_ppk(self):
        return self.referral_remind_ppk()

    def referral_block_services(self):
        return {"case_id": self.at_the_ppk(), "scope": "layanan_seluruh",
                "trigger": "tidak_sesuai_nspk", "letter_number": self.number()}

    def referral_unblock_services(self):
        body = self.referral_block_services()
        self.bkn({"block_services": body})
        return {"case_id": body["case_id"], "reason": "ditindaklanjuti"}

    def referral_escalate_case(self):
        return {"case_id": self.at_the_ppk(), "to": "kemendagri", "rung": "teguran_mendagri",
                "letter_number": self.number()}

    def referral_close_case(self):
        return {"case_id": self.received(), "reason": "batal"}

    def referral_reopen_case(self):
        body = self.referral_dismiss_case()
        self.bkn({"dismiss_case": body})
        return {"case_id": body["case_id"], "reason": "bukti_baru"}

    # --- the case at the PPK

    def sanction_receive_recommendation(self):
        return {"case_id": self.recommend(), "agenda_number": "1"}

    def sanction_summon_respondent(self):
        return {"case_id": self.at_the_ppk()}

    def sanction_examine_respondent(self):
        return {"case_id": self.at_the_ppk()}

    def sanction_record_blocker(self):
        return {"case_id": self.at_the_ppk(), "blocker": "pejabat_plt"}

    def sanction_decide_sanction(self):
        return {"case_id": self.at_the_ppk(), "sanction": "B-2", "decree_number": self.number()}

    def sanction_decline_sanction(self):
        return {"case_id": self.at_the_ppk(), "reason": "bukti_kurang"}

    def sanction_hand_over_decision(self):
        return {"case_id": self.decided()}

    def sanction_record_delivery_step(self):
        return {"case_id": self.decided(), "step": "dijadwalkan", "scheduled_on": "2024-12-02"}

    def sanction_file_objection(self):
        return {"case_id": self.handed_over(), "route": "keberatan"}

    def sanction_record_appeal_step(self):
        case_id = self.handed_over("B-3")
        self.at_ppk({"file_objection": {"case_id": case_id, "route": "banding"}})
        return {"case_id": case_id, "step": "tanggapan_diminta"}

    def sanction_decide_objection(self):
        body = self.sanction_file_objection()
        self.at_ppk({"file_objection": body})
        return body | {"outcome": "memperkuat"}

    def sanction_revoke_sanction(self):
        return {"case_id": self.handed_over(), "reason": "kekeliruan",
                "decree_number": self.number()}

    def sanction_record_served(self):
        return {"case_id": self.handed_over()}

    def sanction_record_left(self):
        return {"case_id": self.at_the_ppk(), "reason": "pensiun"}

    def sanction_record_moved(self):
        return {"case_id": self.at_the_ppk(), "to": "ppk/13.05", "reason": "mutasi"}

    def sanction_record_renumbered(self):
        case_id = self.refer(
            employment_status="PPPK", rank="IX",
            respondent={"name": "Deni Contoh", "nip": "199002152021211001",
                        "position_title": "Guru Uji",
                        "agency": "Pemerintah Kabupaten Tanah Datar"})
        *received, recommended = filing.recommended(case_id, self.number())
        recommended["recommend_sanction"]["sanction"] = "P-B1"
        self.bkn(*received, recommended)
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        self.at_ppk({"receive_recommendation": {"case_id": case_id, "agenda_number": "1"}})
        return {"case_id": case_id, "nip": "199002152024221003"}

    def sanction_notice_violation(self):
        return {"to": "bawaslu/13", "respondent": {"name": "Fajar Contoh"},
                "election": "PILKADA-2024", "incident_on": "2024-10-01", "agency_region": "13.04",
                "violations_alleged": ["HD-06"], "summary": "Terlihat berkampanye."}


for _service in _SERVICES:
    for _example in ("place_legal_hold", "lift_legal_hold", "order_erasure", "answer_erasure",
                     "erase_case", "add_attachment", "remove_attachment"):
        setattr(ExampleCase, f"{_service}_{_example}",
                functools.partialmethod(getattr(ExampleCase, _example), _service))


class ValidateOnly(ExampleCase):

    _WHERE = {"intake": ("intake", "bawaslu/13"), "referral": ("referral", "bkn"),
              "sanction": ("sanction-13.04", "ppk/13.04")}

    def commands(self):
        """Service and command, by the contracts."""
        for service in _SERVICES:
            prefix = f"selaras.{service}.v1.{service.title()}Service/"
            for path in self.contracts.methods(prefix[:-1]):
                several = path.endswith(("/ExecuteBatch", "/ExecuteStream"))
                if path.startswith(prefix) and not several:
                    yield service, path.removeprefix(prefix)

    def sizes(self, folder):
        """Entries in both logs of the node."""
        return {log.log: log.size for log in self.clients[folder].call(
            "selaras.ledger.v1.LedgerService/GetNode").logs if not log.mirror}

    def send(self, where, command, body, header, **changes):
        """What the node answers, or how it refuses."""
        service, folder = where
        path = f"selaras.{service}.v1.{service.title()}Service/{command}"
        try:
            answer = self.clients[folder].call(path, {"header": header | changes, "command": body})
        except Refused as refused:
            return (refused.code, refused.reason, refused.message, refused.fields), None
        outcome = as_dict(answer.outcome)
        self.assertNotIn("repeated_request", outcome, "the id was used before")
        written = outcome.pop("positions", [])
        for proof in ("checkpoint", "receipts"):
            outcome.pop(proof, None)
        return ("OK", outcome), written

    def expect_same(self, where, command, body, header):
        """Dry and real have the same verdict, the dry one writes nothing. Gives the verdict."""
        before = self.sizes(where[1])
        dry, written = self.send(where, command, body, header, validate_only=True)
        self.assertFalse(written)
        self.assertEqual(self.sizes(where[1]), before, "something was written")
        # The same id is still free, as it is after a refusal.
        real, _ = self.send(where, command, body, header)
        self.assertEqual(dry, real)
        if real[0] != "OK":
            self.assertEqual(self.sizes(where[1]), before, "something was written")
        return real

    def test_every_command_has_the_same_verdict_and_only_the_real_one_writes(self):
        refused = 0
        for service, command in self.commands():
            if command == _ALWAYS_RECORDED:
                continue
            folder, authority = self._WHERE[service]
            extra = {}
            if command in ("ReceiveDelegatedCase", "TakeOverCase"):
                folder, authority = "intake-ri", "bawaslu/ri"
            if command == "OpenLegacyCase":
                extra = {"acting_for": "kasn"}
            with self.subTest(service=service, command=command):
                body = getattr(self, f"{service}_{_snake(command)}")()
                where, before = (service, folder), self.sizes(folder)
                verdict = self.expect_same(where, command, body, filing.header(authority) | extra)
                self.assertEqual(verdict[0], "OK", verdict)
                self.assertNotEqual(self.sizes(folder), before, "nothing was written")
                # Once more, which many rules forbid; and for somebody who is not here.
                again = self.expect_same(where, command, body, filing.header(authority) | extra)
                nobody = self.expect_same(where, command, body, filing.header("bawaslu/33"))
                self.assertNotEqual(nobody[0], "OK")
                refused += again[0] != "OK"
        self.assertGreater(refused, 20)

    def test_the_batches_have_no_command_beside_these(self):
        for service in _SERVICES:
            batch = self.contracts.pool.FindMessageTypeByName(
                f"selaras.{service}.v1.{service.title()}Command")
            names = {field.message_type.name for field in batch.oneofs_by_name["command"].fields}
            single = {command for at, command in self.commands() if at == service}
            self.assertEqual(names, single - {_ALWAYS_RECORDED}, service)

    def test_a_question_about_a_person_is_always_recorded_and_says_so(self):
        for service in ("referral", "sanction"):
            folder, authority = self._WHERE[service]
            before = self.sizes(folder)
            verdict, _ = self.send((service, folder), _ALWAYS_RECORDED,
                                   {"nip": "198001012005011001", "purpose": "promosi"},
                                   filing.header(authority), validate_only=True)
            self.assertEqual((verdict[1], verdict[3]),
                             ("INVALID_FIELD", ["header.validate_only"]))
            self.assertEqual(self.sizes(folder), before)


if __name__ == "__main__":
    unittest.main()
