"""Every method × every kind of caller × every relation to a case, over mutual TLS, as
access_matrix.txt expects it, which knows nothing of the table in force.

The relations, of an authority of a node that acts for two:

party    the case has come to it, or is its own
former   the case was its own and has gone on to somebody else: parties are parties for ever
sibling  the other authority of the node asks about what the first one is a party to
other    a case of other nodes
unknown  no such case
"""

import datetime
import pathlib
import re
import unittest
import uuid

import grpc

from agencies import Agencies, await_true
from documents import Documents, pdf
import filing
from foreign import Client, Contracts, Refused

_AUTHORITIES = {"intake": ["bawaslu/13", "bawaslu/12"], "intake-ri": ["bawaslu/ri"],
                "referral": ["bkn", "kasn"], "sanction": ["ppk/13.04", "ppk/13.06"],
                "sanction-13.05": ["ppk/13.05"]}
_CALLERS = ("backoffice", "delegate", "entry", "ops", "auditor", "portal", "node", "peer", "witness",
            "stranger", "unnamed witness")
_RELATIONS = ("party", "former", "sibling", "other", "unknown")
_SEEN = {  # word -> relations in which it is answered
    "yes": set(_RELATIONS), "party": {"party", "former"}, "node": {"party", "former", "sibling"},
    "hash": set(), "never": set()}
_PEERS = {"intake": "referral", "referral": "intake", "sanction": "referral"}
_NOBODY = str(uuid.UUID(int=0x5E1A5A5))
_NOT_FOUND = {"CASE_NOT_FOUND", "REPORT_NOT_FOUND", "ENTRY_NOT_DISCLOSED", "LOG_NOT_FOUND",
              "ATTACHMENT_NOT_FOUND"}
_NO_CASE_OF_OURS = "other_case_id: names no case of this office"
_DENIED = {"NOT_YOUR_METHOD", "NOT_YOUR_NODE"}
_SERVICE = {"intake": "selaras.intake.v1.IntakeService",
            "referral": "selaras.referral.v1.ReferralService",
            "sanction": "selaras.sanction.v1.SanctionService"}
_REPORTER = "selaras.intake.v1.ReporterService"
_EMERGENCY = "selaras.intake.v1.EmergencyService"
_REFLECTION = "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
_IN_BATCH = {"intake": ("review_case", "case_ref"), "referral": ("verify_case", "case_id"),
             "sanction": ("summon_respondent", "case_id")}
_REGISTER, _LETTER = 1, 2


def read_matrix(path):
    """method -> (about, caller -> word)."""
    matrix = {}
    text = re.sub(r"^#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for block in text.strip().split("\n\n"):
        head, _, body = block.partition("\n")
        about, _, allowed = head.removeprefix("about ").partition(": ")
        words = dict(each.split(" ") for each in allowed.split(", "))
        service = None
        for word in body.split():
            if word.endswith(":"):
                service = word[:-1]
                continue
            path = f"{service}/{word}"
            assert path not in matrix, f"{path} stands there twice"
            matrix[path] = (about, words)
    return matrix


class Subject:
    """What a call is about: a case and its report, an entry and a document of it, a number that leads to it."""

    def __init__(self, case_id, report_id, entry, kind, number):
        self.case_id = case_id
        self.report_id = report_id
        self.log, self.sequence = entry
        self.kind = kind
        self.number = number
        self.document = {"log": "nobody", "sequence": "7"}


class Answer:
    """How a call ended: what came, or how it was refused."""

    def __init__(self, messages=(), refused=None):
        self.messages = list(messages)
        self.code = refused.code if refused else "OK"
        self.reason = refused.reason if refused else ""
        self.refused = refused

    @property
    def denied(self):
        # gRPC's own services cannot say why.
        return self.code == "PERMISSION_DENIED" and (
            self.reason in _DENIED or not self.refused.details)

    def masked(self, subject):
        """The refusal, but for what was asked for."""
        message = self.refused.message if self.refused else ""
        for asked in (subject.case_id, subject.report_id):
            message = message.replace(asked, "ID")
        return (self.code, self.reason, message)


class AccessMatrix(unittest.TestCase):

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.contracts = Contracts("reflection.proto")
        cls.matrix = read_matrix(pathlib.Path(__file__).with_name("access_matrix.txt"))
        cls.agencies = cls.enterClassContext(
            Agencies(_AUTHORITIES, cls.identities(), start=False))
        for folder in _SERVICE:
            node = cls.agencies[folder]
            cls.agencies.name_witness(node, "ombudsman", cls.agencies.path / f"{folder}.witness")
            for place, authority in enumerate(_AUTHORITIES[folder]):
                node.settings += (
                    f'mandates {{ to: "inspektorat/{place}" on_behalf_of: "{authority}" type: "mandat" '
                    'reference: "1/MTX" valid_from: "2024-01-01" valid_until: "2099-12-31" }\n')
        cls.agencies.fleet.start()
        cls.clients = {}
        cls.numbers = 0
        cls.file_cases()

    @classmethod
    def tearDownClass(cls):
        for client in cls.clients.values():
            client.__exit__()

    @classmethod
    def identities(cls):
        """Certificates of every role for every authority of the nodes that are asked."""
        people = [f"{role}:{authorities[place]}:{folder}-{role}-{place}"
                  for folder, authorities in _AUTHORITIES.items() if folder in _SERVICE
                  for role in ("backoffice", "ops", "auditor", "portal") for place in (0, 1)]
        delegates = [f"backoffice:inspektorat/{place}:{folder}-delegate-{place}"
                     for folder in _SERVICE for place in (0, 1)]
        return people + delegates + ["backoffice:ppk/13.05:stranger", "witness:ombudsman:ombudsman",
                         "witness:bpk:bpk"]

    @classmethod
    def client(cls, folder, certificate):
        key = (folder, certificate)
        if key not in cls.clients:
            cls.clients[key] = Client(cls.contracts, cls.agencies[folder].address,
                                      cls.agencies.pki, certificate)
        return cls.clients[key]

    # The cases.

    @classmethod
    def execute(cls, folder, authority, *commands):
        role = cls.agencies[folder].role
        return cls.client(folder, f"{folder}-entry").call(
            f"{_SERVICE[role]}/ExecuteBatch",
            {"header": filing.header(authority), "commands": list(commands)}).outcome

    @classmethod
    def number(cls):
        cls.numbers += 1
        return f"{cls.numbers}/MTX/2024"

    @classmethod
    def opened(cls, folder="intake", authority="bawaslu/13", more=()):
        number = cls.number()
        done = cls.execute(folder, authority,
                           *filing.opened(filing.report(register_number=number)), *more)
        return Subject(done.case_id, done.report_id, cls.place(done, 1), _REGISTER, number)

    @classmethod
    def referred(cls):
        letter = cls.number()
        case = cls.opened(more=[*filing.concluded(), *filing.referred(letter)])
        case.kind, case.number = _LETTER, letter
        cls.await_case("referral", case)
        return case

    @classmethod
    def recommended(cls, to):
        case = cls.referred()
        steps = filing.recommended(case.case_id, cls.number())
        steps[-1]["recommend_sanction"]["to"] = to
        done = cls.execute("referral", "bkn", *steps[:-1])
        case.at_bkn = cls.place(done, 0)
        if to != "ppk/13.04":  # the region of the respondent's agency is another one
            done = cls.execute("referral", "bkn", {"flag_conflict": {
                "case_ref": {"case_id": case.case_id}, "authority": "ppk/13.04",
                "reason": "ikut_terlapor"}})
        done = cls.execute("referral", "bkn", steps[-1])
        case.recommendation = cls.place(done, 0)
        return case

    @staticmethod
    def place(outcome, index):
        return outcome.positions[index].log, outcome.positions[index].sequence

    @classmethod
    def await_case(cls, folder, case):
        def there():
            try:
                return cls.client(folder, f"{folder}-entry").call(
                    "selaras.query.v1.QueryService/GetCase", {"case_id": case.case_id})
            except Refused:
                return None
        return await_true(f"{case.case_id} at {folder}", there)

    @classmethod
    def await_command(cls, folder, authority, command):
        """Executes a command as soon as what it rests on is here."""
        def done():
            try:
                return cls.execute(folder, authority, command)
            except Refused as refused:
                if refused.reason in ("CASE_NOT_FOUND", "NOT_HERE_YET", "MOVE_NOT_ALLOWED"):
                    return None
                raise
        return await_true(f"{next(iter(command))} at {folder}", done)

    @classmethod
    def file_cases(cls):
        unknown = Subject(_NOBODY, _NOBODY, ("", 10**6), _LETTER, "no/such/number")
        sent = cls.recommended("ppk/13.04")
        cls.await_command("sanction", "ppk/13.04", filing.decided(sent.case_id, cls.number())[0])
        elsewhere = cls.recommended("ppk/13.05")
        cls.await_command("sanction-13.05", "ppk/13.05",
                          filing.decided(elsewhere.case_id, cls.number())[0])
        cls.subjects = {
            "intake": {"party": sent, "former": cls.delegated(),
                       "other": cls.opened("intake-ri", "bawaslu/ri")},
            "referral": {"party": cls.at(sent, sent.at_bkn), "former": cls.returned(),
                         "other": cls.opened()},
            "sanction": {"party": cls.at(sent, sent.recommendation), "former": cls.moved(),
                         "other": cls.at(elsewhere, elsewhere.recommendation)}}
        for folder, subjects in cls.subjects.items():
            cls.add_document(folder, _AUTHORITIES[folder][0], subjects["party"])
        cls.add_document("intake-ri", "bawaslu/ri", cls.subjects["intake"]["other"])
        cls.add_document("intake", "bawaslu/13", cls.subjects["referral"]["other"])
        cls.add_document("sanction-13.05", "ppk/13.05", cls.subjects["sanction"]["other"])
        for subjects in cls.subjects.values():
            subjects["sibling"] = subjects["party"]
            subjects["unknown"] = unknown
        cls.agencies.await_delivery()

    @classmethod
    def add_document(cls, folder, authority, case):
        """One that stays in the office; nobody else learns where it stands."""
        client = cls.client(folder, f"{folder}-entry")
        upload = f"matrix-{cls.number()}"
        assert Documents(client).upload(authority, upload, pdf(100)).complete
        cls.execute(folder, authority, {"add_attachment": {
            "case_ref": {"case_id": case.case_id}, "upload_id": upload, "kind": "surat",
            "title": "Surat", "internal": True}})
        position = client.call("selaras.query.v1.QueryService/GetCase", {
            "case_id": case.case_id}).case.attachments[0].position
        case.document = {"log": position.log, "sequence": str(position.sequence)}

    @staticmethod
    def at(case, entry):
        there = Subject(case.case_id, case.report_id, entry, case.kind, case.number)
        there.document = case.document
        return there

    @classmethod
    def delegated(cls):
        """A case that the office gave to another one, which has received it."""
        case = cls.opened()
        cls.add_document("intake", "bawaslu/13", case)
        case_ref = {"case_ref": {"case_id": case.case_id}}
        done = cls.execute("intake", "bawaslu/13", {"delegate_case": {
            **case_ref, "to": "bawaslu/ri", "kind": "pelimpahan", "letter_number": cls.number(),
            "summary": "Dilimpahkan."}})
        cls.await_command("intake-ri", "bawaslu/ri", {"receive_delegated_case": case_ref})
        return cls.at(case, cls.place(done, 0))

    @classmethod
    def returned(cls):
        """A case that BKN had and gave back."""
        case = cls.referred()
        cls.execute("referral", "bkn", *filing.recommended(case.case_id, cls.number())[:1])
        cls.add_document("referral", "bkn", case)
        done = cls.execute("referral", "bkn", {"return_case": {
            "case_id": case.case_id, "reasons": ["bukti_kurang"]}})
        return cls.at(case, cls.place(done, 0))

    @classmethod
    def moved(cls):
        """A case that a PPK had and that is another one's now, because the respondent moved."""
        case = cls.recommended("ppk/13.04")
        cls.await_command("sanction", "ppk/13.04",
                          filing.decided(case.case_id, cls.number())[0])
        cls.add_document("sanction", "ppk/13.04", case)
        cls.execute("sanction", "ppk/13.04",
                    {"record_moved": {"case_id": case.case_id, "to": "ppk/13.05"}})
        cls.await_command("referral", "bkn", {"recommend_sanction": {
            "case_id": case.case_id, "to": "ppk/13.05", "sanction": "B-1",
            "letter_number": cls.number()}})
        cls.await_command("sanction-13.05", "ppk/13.05",
                          filing.decided(case.case_id, cls.number())[0])
        return cls.at(case, case.recommendation)

    # The calls.

    def certificate(self, folder, caller, relation):
        place = 1 if relation == "sibling" else 0
        return {"entry": f"{folder}-entry", "node": folder, "peer": _PEERS[folder],
                "witness": "ombudsman", "stranger": "stranger",
                "unnamed witness": "bpk"}.get(caller, f"{folder}-{caller}-{place}")

    def perform(self, folder, path, client, authority, relation, about):
        """Calls the method; gives the answer."""
        subject = self.subjects[folder][relation]
        method = self.contracts.method(path)
        fields = self.request(folder, path, method, authority, subject, about)
        try:
            if path.endswith("/Link"):
                return Answer(client.talk(path, iter(())))
            if path == _REFLECTION:
                return Answer(client.talk(path, iter([self.contracts.make(
                    method.input_type.full_name, {"list_services": ""})])))
            if path.endswith("/ExecuteStream"):
                return Answer([client.ask_on_stream(path, self.contracts.make(
                    method.input_type.full_name, fields))])
            if path.endswith("/UnpackExchange"):
                return Answer(client.talk(path, iter(())))
            if path.endswith("/Upload"):
                return Answer(client.talk(path, iter(())))
            if path.endswith("/Download"):
                return Answer(client.ask_stream(path, fields))
            if path.endswith("/PackExchange"):
                return Answer(client.ask_stream(path, fields))
            if path.endswith(("/TailEntries", "/Watch", "/WatchCases")):
                stream = client.ask_stream(path, fields,
                                           timeout=1 if relation == "unknown" else 120)
                try:
                    return Answer([next(stream)])
                finally:
                    stream.cancel()
            return Answer([client.call(path, fields)])
        except Refused as refused:
            return Answer(refused=refused)
        except grpc.RpcError as error:
            return Answer(refused=Refused(self.contracts, error))

    def request(self, folder, path, method, authority, subject, about):
        service, name = path.split("/")
        names = method.input_type.fields_by_name
        if "header" in names and "command" in names or name in ("ExecuteBatch", "ExecuteStream"):
            header = {**filing.header(authority), "validate_only": True}
            if name in ("ExecuteBatch", "ExecuteStream"):
                return {"header": header, "commands": [self.in_batch(folder, subject)]}
            command = self.about(names["command"].message_type, subject, about)
            return {"header": header, "command": command}
        if about == "entry":
            return {"log": subject.log, "start": subject.sequence, "page_size": 1} if (
                "page_size" in names) else {"log": subject.log, **(
                    {"start": subject.sequence} if "start" in names else
                    {"sequence": subject.sequence})}
        if about == "document":
            return {"position": subject.document}
        if about == "authority":
            own, sibling = _AUTHORITIES[folder]
            asked = {self.subjects[folder]["other"]: "bawaslu/14",
                     self.subjects[folder]["unknown"]: "nobody"}.get(subject, own)
            self.assertNotEqual(asked, sibling)
            return {"authority": asked}
        if name == "LookUpCases":
            return {"kind": subject.kind, "number": subject.number}
        if service.startswith("selaras.query.") or name == "BreakGlass":
            return self.about(method.input_type, subject, about)
        return {"ConfirmClock": {"time": datetime.datetime.now(datetime.timezone.utc).isoformat()},
                "PackExchange": {"to": self.agencies[_PEERS[folder]].name},
                "ResumeLink": {"peer": "nobody", "reason": "matrix"},
                "CreateBackup": {"name": "matrix"}, "ConfirmRestored": {"reason": "matrix"},
                }.get(name, {})

    def in_batch(self, folder, subject):
        command, field = _IN_BATCH[self.agencies[folder].role]
        return {command: {"case_ref": {"case_id": subject.case_id}} if field == "case_ref" else {
            "case_id": subject.case_id}}

    def about(self, message, subject, about):
        """A message that names the subject wherever it can."""
        fields = {}
        for field in message.fields:
            if field.name in ("case_id", "other_case_id"):
                fields[field.name] = subject.case_id
            elif field.name == "case_ref":
                fields[field.name] = {"case_id": subject.case_id}
            elif field.name in ("report_id", "as_report_id") and about == "report":
                fields[field.name] = subject.report_id
            elif field.name == "report" and about == "report":
                fields[field.name] = {"report_id": subject.report_id}
        return fields

    def sees(self, path, about, answer, subject):
        """Whether the answer tells that there is such a thing."""
        name = path.split("/")[1]
        if about == "entry":
            records = [record for message in answer.messages for record in (
                message.entries if name == "ListEntries" else
                [message.entry] if name != "GetReceipt" else [])]
            return any(record.entry for record in records) or (
                name == "GetReceipt" and answer.code == "OK")
        if about == "authority":
            return answer.code == "OK"
        listed = {"ListCases": lambda m: [case.case_id for case in m.cases],
                  "LookUpCases": lambda m: m.case_ids,
                  "ListChanges": lambda m: [change.case_id for change in m.changes],
                  "WatchCases": lambda m: [change.case_id for change in m.changes],
                  "ListReports": lambda m: [report.report_id for report in m.reports]}.get(name)
        if listed and answer.code == "OK":
            ids = {found for message in answer.messages for found in listed(message)}
            return bool(ids & {subject.case_id, subject.report_id})
        if name == "LinkCase" and answer.refused and _NO_CASE_OF_OURS in answer.refused.message:
            return False
        return answer.reason not in _NOT_FOUND

    # What is expected.

    def expected(self, folder, about, word, relation):
        if word is None:
            return "denied"
        seen = relation in _SEEN[word]
        if about == "report" and folder != "intake":
            seen = False  # no report ever leaves its office
        return "seen" if seen else "hidden"

    def check(self, folder, path, caller, relation):
        about, words = self.matrix[path]
        word = words.get(caller)
        authority = _AUTHORITIES[folder][1 if relation == "sibling" else 0]
        subject = self.subjects[folder][relation]
        client = self.client(folder, self.certificate(folder, caller, relation))
        if about == "private":
            return self.check_private(folder, path, client, word)
        if path.startswith("selaras.query.") and caller == "entry":
            authority = _AUTHORITIES[folder][0]
        answer = self.perform(folder, path, client, authority, relation, about)
        if answer.denied:
            found = "denied"
            self.check_denial(path, answer, subject)
        else:
            found = "seen" if self.sees(path, about, answer, subject) else "hidden"
        self.assertEqual(found, self.expected(folder, about, word, relation),
                         f"{answer.code} {answer.reason}: {answer.refused}")
        if found == "hidden" and about in ("case", "report", "document"):
            unknown = self.perform(folder, path, client, authority, "unknown", about)
            self.assertEqual(answer.masked(subject),
                             unknown.masked(self.subjects[folder]["unknown"]))
        return None

    def check_private(self, folder, path, client, word):
        name = self.agencies[folder].name
        shared, private = (self.ask(client, path, {"log": log})
                           for log in (name, f"{name}/private"))
        self.assertEqual(shared.denied, word is None, shared.refused)
        self.assertEqual(private.denied, word is None, private.refused)
        if word is not None:
            self.assertEqual(shared.code, "OK")
            self.assertEqual(private.reason, "" if word == "yes" else "LOG_NOT_FOUND")

    def ask(self, client, path, fields):
        try:
            return Answer([client.call(path, fields)])
        except Refused as refused:
            return Answer(refused=refused)

    def check_denial(self, path, answer, subject):
        """It names method, role and rule, and nothing that the caller did not bring."""
        for secret in (subject.case_id, subject.report_id, subject.number, "bawaslu-13"):
            self.assertNotIn(secret, answer.refused.message)
        if answer.reason == "NOT_YOUR_METHOD":
            self.assertEqual(answer.refused.metadata["method"], f"/{path}")
            self.assertIn(answer.refused.metadata["role"], answer.refused.message)
            self.assertIn(answer.refused.metadata["rule"], answer.refused.message)

    def check_node(self, folder):
        role = self.agencies[folder].role
        away = {service for other, service in _SERVICE.items() if other != role}
        if role != "intake":
            away |= {_REPORTER, _EMERGENCY}
        served = [path for path in self.matrix if path.split("/")[0] not in away]
        executed = 0
        for path in served:
            for caller in _CALLERS:
                for relation in _RELATIONS:
                    with self.subTest(path=path, caller=caller, relation=relation):
                        executed += 1
                        self.check(folder, path, caller, relation)
        self.assertEqual(executed, len(served) * len(_CALLERS) * len(_RELATIONS))
        for path in self.matrix.keys() - set(served):
            for caller in _CALLERS:
                with self.subTest(path=path, caller=caller, served=False):
                    client = self.client(folder, self.certificate(folder, caller, "party"))
                    self.assertEqual(self.ask(client, path, {}).code, "UNIMPLEMENTED")

    def test_every_method_of_the_contract_stands_in_the_matrix(self):
        methods = {*self.contracts.methods(""), _REFLECTION}
        self.assertEqual(methods, set(self.matrix))
        self.assertGreater(len(methods), 100)

    def test_at_an_office_of_bawaslu(self):
        self.check_node("intake")

    def test_at_the_bkn(self):
        self.check_node("referral")

    def test_at_a_ppk(self):
        self.check_node("sanction")


if __name__ == "__main__":
    unittest.main()
