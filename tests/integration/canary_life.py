"""Writes a canary into every field of every command, each in a case in which it is allowed, and
brings the case on to BKN and a PPK afterwards, so that whatever may leave does."""

import base64
import copy
import re

import filing
from foreign import Client, Refused, as_dict
from validate_only_test import ExampleCase

_WHERE = {"intake": ("intake", "bawaslu/13"), "referral": ("referral", "bkn"),
          "sanction": ("sanction-13.04", "ppk/13.04")}
_AT_RI = ("DelegatedCase", "TakeOverCase")
_KINDS = {"ReceiveReport": "SIGAPLAPOR", "RegisterReport": "SIGAPLAPOR"}
_OTHERWISE = "pertimbangan"
_LONG = 300
_EMERGENCY = "selaras.intake.v1.EmergencyService"
_REPORTER = "selaras.intake.v1.ReporterService"


def snake(name):
    return re.sub("(?<!^)(?=[A-Z])", "_", name).lower()


def put(body, path, value):
    """Sets a field of a JSON form; of what is repeated the only item."""
    *parents, last = path.split(".")
    for name in parents:
        inner = body.setdefault(name, [{}] if name in ("evidence", "references", "signers") else {})
        if isinstance(inner, list):
            body[name] = inner = inner[:1] or [{}]
            inner = inner[0]
        body = inner
    body[last] = [value] if isinstance(body.get(last), list) else value


def may(execute, command):
    """Executes what the rules may forbid. Gives the case."""
    try:
        return execute(command).case_id
    except Refused:
        return None


class CanaryLifeCase(ExampleCase):
    """`canaries`: field of the table -> Canary; `rows`: field -> what the table expects."""

    canaries = {}
    rows = {}
    codes = {}  # message -> fields that hold codes

    def live(self):
        self.refusals = []  # what callers were told
        self.taken = []  # fields in which a text was taken that is no code
        self.open_to_all = []  # fields that should have been refused
        self.cases = []
        for service in _WHERE:
            for command in self.commands_of(service):
                self.try_command(service, command)
        self.tell()
        self.correct()
        self.ask()
        self.mail()
        self.break_glass()
        self.keep_document()
        self.go_on()

    def commands_of(self, service):
        batch = self.contracts.pool.FindMessageTypeByName(
            f"selaras.{service}.v1.{service.title()}Command")
        return [field.message_type for field in batch.oneofs_by_name["command"].fields
                if field.message_type.name not in ("CorrectFact", "VoidFact")]

    def fields_of(self, service, command):
        prefix = f"{service} {command}."
        return [field for field in self.rows
                if field.startswith(prefix) and not field.endswith("clock")]

    def send(self, service, command, body, folder=None, authority=None, **header):
        at, who = _WHERE[service]
        path = f"selaras.{service}.v1.{service.title()}Service/{command}"
        extra = {"acting_for": "kasn"} if command == "OpenLegacyCase" else {}
        return self.clients[folder or at].call(path, {
            "header": filing.header(authority or who) | extra | header, "command": body})

    def refused(self, service, command, body, *where, **header):
        """Whether it was refused; what the caller was told is kept."""
        try:
            self.send(service, command, body, *where, **header)
        except Refused as refused:
            told = " ".join(str(detail) for detail in refused.details.values())
            self.refusals.append(f"{service} {command}: {refused.message} {told}")
            return True
        return False

    # --- one command

    def try_command(self, service, message):
        command = message.name
        fields = self.fields_of(service, command)
        where = ("intake-ri", "bawaslu/ri") if command.endswith(_AT_RI) and service == "intake" \
            and command != "DelegateCase" else _WHERE[service]
        body = self.prepared(service, command)
        for field in fields:
            if self.rows[field]["entry"] == "refused":
                self.expect_refused(service, field, body, where)
                continue
            put(body, field.partition(".")[2], self.canaries[field].value)
        self.spoil(service, command, fields, body, where)
        self.put_no_code(service, message, body, where)
        done = self.send(service, command, body, *where, **self.header_of(service, command))
        # Once more, under another id: mostly forbidden by now.
        self.refused(service, command, body, *where)
        self.refused(service, command, body, where[0], "bawaslu/33")
        if service == "intake":
            self.note_case(done.outcome)
        if command == "OpenLegacyCase":
            self.bkn({"recommend_sanction": {"case_id": done.outcome.case_id, "sanction": "B-1",
                                             "letter_number": self.number()}})

    def header_of(self, service, command):
        """With the words of the header itself in the request that everybody gets to see."""
        if (service, command) != ("intake", "ReferCase"):
            return {}
        of = {name: self.canaries[f"intake header.{name}"].value
              for name in ("request_id", "trace_id", "officer.officer_id")}
        return {"request_id": of["request_id"], "trace_id": of["trace_id"],
                "officer": {"officer_id": of["officer.officer_id"]}}

    def prepared(self, service, command):
        """A case in which the command is allowed, and the command with what its texts need."""
        prepare = getattr(self, f"prepare_{service}_{snake(command)}", None)
        body = prepare() if prepare else getattr(self, f"{service}_{snake(command)}")()
        body = copy.deepcopy(body)
        if f"{service} {command}.references.raw" in self.rows:
            body["references"] = [{"kind": f"REFERENCE_KIND_{_KINDS.get(command, 'SBT')}"}]
        if f"{service} {command}.phase_override_text" in self.rows:
            body = {"phase": "ELECTION_PHASE_BEFORE_PENETAPAN"} | body | {
                "phase_override": _OTHERWISE}
        if command == "ReceiveReport":
            body["received_at"] = {
                "instant": self.instant("intake ReceiveReport.received_at.clock")}
        return body

    def instant(self, field):
        return self.canaries[field].instant

    def expect_refused(self, service, field, body, where):
        spoilt = copy.deepcopy(body)
        put(spoilt, field.partition(".")[2], self.canaries[field].value)
        if not self.refused(service, field.split()[1].partition(".")[0], spoilt, *where):
            self.open_to_all.append(field)

    def spoil(self, service, command, fields, body, where):
        """Sends every field far too long, to see what the caller is told."""
        for field in fields:
            if field.endswith("sha256") or self.rows[field]["entry"] == "refused":
                continue
            value = self.canaries[field].value
            spoilt = copy.deepcopy(body)
            put(spoilt, field.partition(".")[2], (value + " ") * _LONG * 10)
            self.refused(service, command, spoilt, *where, validate_only=True)

    def put_no_code(self, service, message, body, where):
        for name in self.codes.get(message.full_name, ()):
            spoilt = copy.deepcopy(body)
            put(spoilt, name, "zq7xnocode")
            if message.fields_by_name[name].label == 3:
                spoilt[name] = ["zq7xnocode"]
            try:
                self.send(service, message.name, spoilt, *where, validate_only=True)
                self.taken.append(f"{message.full_name}.{name}")
            except Refused:
                pass

    # --- what needs more than an example

    def prepare_intake_refer_case(self):
        body = self.intake_refer_case()
        self.referred_case = body["case_ref"]["case_id"]
        return body | {"occurred_at": {
            "instant": self.instant("intake ReferCase.occurred_at.clock")}}

    def prepare_intake_add_attachment(self):
        """A document that goes to the parties, with words in it."""
        content = self.canaries["attachment UploadRequest.data"].value
        upload_id = self.uploaded(
            "intake", b"%PDF-1.7 " + content.encode(),
            file_name=self.canaries["attachment UploadHeader.file_name"].value)
        checked, signed = (self.instant(f"intake AddAttachment.signature.{time}.clock")
                           for time in ("checked_at", "signers.signed_at"))
        return self.intake_add_attachment() | {
            "upload_id": upload_id, "origin": {"captured_at": {
                "instant": self.instant("intake AddAttachment.origin.captured_at.clock")}},
            "signature": {"result": "sah", "checked_at": checked,
                          "signers": [{"signed_at": signed}]}}

    def keep_document(self):
        """One that stays in the office."""
        content = self.canaries["attachment UploadRequest.data.internal"].value
        upload_id = self.uploaded("intake", b"%PDF-1.7 " + content.encode())
        self.bawaslu({"add_attachment": {"report_id": self.filed_report(), "upload_id": upload_id,
                                         "kind": "bukti", "title": "Foto"}})

    def prepare_referral_recommend_sanction(self):
        body = self.referral_recommend_sanction()
        self.bkn({"flag_conflict": self.flag_in(body["case_id"])})
        return body | {"sanction": "R-1", "departure": _OTHERWISE,
                       "conflict_departure": _OTHERWISE}

    def prepare_referral_open_legacy_case(self):
        return self.referral_open_legacy_case() | {"phase": "ELECTION_PHASE_FROM_PENETAPAN",
                                                   "violations_found": ["HD-06"]}

    def prepare_sanction_decide_sanction(self):
        return self.sanction_decide_sanction() | {"sanction": "R-1", "departure": _OTHERWISE}

    def note_case(self, outcome):
        """The case that a command of Bawaslu was about, or one of its report, goes on at the end."""
        case_id = outcome.case_id
        if not case_id and outcome.report_id:
            named = filing.respondent(report={"report_id": outcome.report_id})
            case_id = may(self.bawaslu, {"name_respondent": named})
        if case_id:
            self.cases.append(case_id)

    def go_on(self):
        """Takes the cases of Bawaslu as far as they go; what the rules forbid is left out."""
        for case_id in self.cases:
            case = {"case_ref": {"case_id": case_id}}
            if not self.case("intake", case_id).identified:
                may(self.bawaslu, {"identify_respondent": case | {
                    "nip": "198001012005011001", "employment_status": "PNS"}})
            may(self.bawaslu, {"refer_case": case | {
                "letter_number": self.number(), "occurred_at": filing.on("2024-10-11")}})
        self.agencies.await_delivery()
        for case_id in self.cases:
            for step in filing.recommended(case_id, self.number()):
                may(self.bkn, step)
        self.agencies.await_delivery()
        for case_id in self.cases:
            may(self.at_ppk, filing.decided(case_id, self.number())[0])
        self.agencies.await_delivery()

    def tell(self):
        """Tries to send on, in each text for other agencies, what is protected of a report."""
        said = {"reporter": {}, "evidence": []}
        protected = [field for field in self.fields_of("intake", "ReceiveReport")
                     if not field.endswith(("known_on", "report_key", "references.raw"))]
        for field in protected:
            put(said, field.partition(".")[2], self.canaries[field].value)
        said |= {"place": f"warung {said['place']}",
                 "chronology": f"Uraian {said['chronology']} panjang lebar."}
        opened = self.bawaslu(*filing.opened(filing.report(**said)))
        case = {"case_ref": {"case_id": opened.case_id}}
        self.cases.append(opened.case_id)
        referral = case | {"letter_number": self.number(), "occurred_at": filing.on("2024-10-11")}
        said["evidence"] = [{"sha256": base64.b64decode(said["evidence"][0]["sha256"]).hex()}]
        for field in protected:
            text = said
            for name in field.split(".")[1:]:
                text = text[name][0] if name == "evidence" else text[name]
            for command, body in (
                    ("ReferCase", referral | {"summary": f"Diduga, {text}, hadir."}),
                    ("DelegateCase", case | {"to": "bawaslu/ri", "kind": "pelimpahan",
                                             "letter_number": self.number(),
                                             "reason_text": f"({text})"})):
                if not self.refused("intake", command, body):
                    self.open_to_all.append(f"{field} in {command}")
        if not self.open_to_all:  # else it went on already
            self.send("intake", "ReferCase", referral)

    # --- corrections

    def correct(self):
        """Corrects every personal field of what stands, or sees that it is refused."""
        opened = self.bawaslu(*filing.opened())
        case = {"case_id": opened.case_id}
        self.cases.append(opened.case_id)
        self.correct_fields("intake", {"report_id": opened.report_id}, self.kept(opened.report_id),
                            "reporter", "place", "chronology", "evidence", "references")
        named = self.place(self.steps("intake", opened.case_id, "respondent_named")[0])
        self.correct_fields("intake", case, named, "respondent", "reason_text", "message",
                            "attachment")
        self.bawaslu({"refer_case": {
            "case_ref": case, "letter_number": self.number(), "summary": "Semula.",
            "occurred_at": filing.on("2024-10-11")}})
        referred = self.place(self.steps("intake", opened.case_id, "case_referred")[0])
        self.correct_fields("intake", case, referred, "summary")
        self.correct_one("intake", case, referred, {
            "fields": "occurredAt", "reason": self.canaries["intake CorrectFact.reason"].value,
            "new_occurred_at": {
                "instant": self.instant("intake CorrectFact.new_occurred_at.clock")}})
        for service, opening in (("referral", self.referral_verify_case),
                                 ("sanction", self.sanction_decide_sanction)):
            self.correct_at(service, opening())
        self.void()

    def kept(self, report_id):
        report = self.clients["intake"].call("selaras.query.v1.QueryService/GetReport",
                                             {"report_id": report_id}).report
        return self.place(next(step for step in report.steps
                               if step.fact_name == "report_details_recorded"))

    def correct_at(self, service, example):
        folder, _ = _WHERE[service]
        case = {"case_id": example["case_id"]}
        position = self.newest(folder, case["case_id"])
        self.correct_fields(service, case, position, "reporter", "place", "chronology", "evidence",
                            "respondent", "summary", "references", "reason_text", "message",
                            "attachment")
        self.correct_one(service, case, position, {
            "fields": "occurredAt", "new_occurred_at": filing.on("2024-11-30"),
            "reason": self.canaries[f"{service} CorrectFact.reason"].value})

    def correct_fields(self, service, subject, position, *names):
        for field in self.fields_of(service, "CorrectFact"):
            _, _, path = field.partition(".new_personal.")
            if path.partition(".")[0] not in names:
                continue
            new = {}
            if path.startswith("references"):
                kind = {"intake": "REGISTER", "referral": "AGENDA", "sanction": "AGENDA"}[service]
                new["references"] = [{"kind": f"REFERENCE_KIND_{kind}"}]
            put(new, path, self.canaries[field].value)
            mask = "personal." + re.sub(r"\.(raw|sha256)$", "", path)
            mask = re.sub("_([a-z])", lambda match: match[1].upper(), mask)
            body = {"fields": mask, "new_personal": new, "reason": "salah ketik"}
            if self.rows[field]["entry"] == "refused":
                if not self.refused(service, "CorrectFact",
                                    subject | {"position": position} | body):
                    self.open_to_all.append(field)
                continue
            self.correct_one(service, subject, position, body)

    def correct_one(self, service, subject, position, body):
        self.send(service, "CorrectFact", subject | {"position": position} | body)
        self.refused(service, "CorrectFact", {**subject, "position": position, **body,
                                              "fields": "personal.nothing"})

    def void(self):
        for service, (folder, _) in _WHERE.items():
            body = getattr(self, f"{service}_void_fact")()
            value = self.canaries[f"{service} VoidFact.reason"].value
            self.refused(service, "VoidFact", body | {"reason": value * _LONG})
            self.send(service, "VoidFact", body | {"reason": value})
            self.refused(service, "VoidFact", body | {"reason": value})

    # --- questions, messages

    def ask(self):
        for service in ("referral", "sanction"):
            nip = self.canaries[f"{service} CheckOpenCases.nip"].value
            for asked in (nip + "0", nip):
                self.refused(service, "CheckOpenCases", {"nip": asked, "purpose": "promosi"})
        number, nip, nik = (self.canaries[f"query LookUpCases.{name}"].value
                            for name in ("number", "nip", "nik"))
        for question in ({"kind": 1, "number": number}, {"kind": 2, "number": number, "nip": nip},
                         {"nip": nip}, {"nik": nik}, {"nip": nip + "0"}, {"nik": nik + "0"},
                         {"kind": 1, "number": number * 100}):
            for client in self.clients.values():
                try:
                    client.call("selaras.query.v1.QueryService/LookUpCases", question)
                except Refused as refused:
                    self.refusals.append(f"query LookUpCases: {refused.message}")

    def break_glass(self):
        """Operations see a report of which nothing else is searched for, and the office reviews it."""
        report_id = self.filed_report()
        reason = self.canaries["emergency BreakGlassRequest.reason_text"].value
        taking = {"request_id": "glass", "report_id": report_id, "reason": "gangguan",
                  "reason_text": f"{reason}, kantor tutup", "minutes": 240,
                  "officer": {"officer_id": "adm-1"}}
        with Client(self.contracts, self.agencies["intake"].address, self.agencies.pki,
                    "intake-ops") as ops:
            for wrong in ({"minutes": 241}, {"reason": "iseng"}, {"reason_text": reason[:14]},
                          {"reason_text": reason * 300}, {"officer": {}}, {"request_id": ""}):
                with self.assertRaises(Refused) as refused:
                    ops.call(f"{_EMERGENCY}/BreakGlass", {**taking, **wrong})
                self.assertEqual(refused.exception.code, "INVALID_ARGUMENT", wrong)
                self.refusals.append(f"BreakGlass: {refused.exception.message}")
            taken = ops.call(f"{_EMERGENCY}/BreakGlass", taking)
        remark = self.canaries["emergency ReviewBreakGlass.remark"].value
        review = {"report_id": report_id, "opening": as_dict(taken.position), "justified": True}
        for text in (remark * 300, remark):
            try:
                self.clients["intake"].call(f"{_EMERGENCY}/ReviewBreakGlass", {
                    "header": {**filing.header("bawaslu/13"), "officer": {"officer_id": "ketua-1"}},
                    "command": {**review, "remark": text}})
            except Refused as refused:
                self.refusals.append(f"ReviewBreakGlass: {refused.message}")

    def mail(self):
        opened = self.bawaslu(*filing.opened())
        with Client(self.contracts, self.agencies["intake"].address, self.agencies.pki,
                    "intake-office") as office:
            code = office.call("selaras.intake.v1.IntakeService/IssueReceiptCode", {
                "header": filing.header("bawaslu/13"),
                "command": {"report_id": opened.report_id}}).receipt_code
        written = {name: self.canaries[f"reporter WriteToOffice.{name}"].value
                   for name in ("text", "request_id")}
        answer = self.canaries["intake SendReporterMessage.text"].value
        self.send("intake", "SendReporterMessage", {"report_id": opened.report_id, "text": answer})
        with Client(self.contracts, self.agencies["intake"].address, self.agencies.pki,
                    "portal") as portal:
            portal.call(f"{_REPORTER}/WriteToOffice", {"receipt_code": code, **written})
            for wrong in ({"text": written["text"] + "\a"}, {"text": "Lain."},
                          {"receipt_code": "0000-0000-0000-0000"}):
                with self.assertRaises(Refused) as refused:
                    portal.call(f"{_REPORTER}/WriteToOffice",
                                {"receipt_code": code, **written, **wrong})
                self.refusals.append(f"reporter WriteToOffice: {refused.exception.message}")
            self.portal_reads = b"".join(
                portal.call(f"{_REPORTER}/{method}", {"receipt_code": code}).SerializeToString()
                for method in ("GetReportStatus", "ListReporterMessages", "GetReportReceipt"))
        self.note_case(opened)
