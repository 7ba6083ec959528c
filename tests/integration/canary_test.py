"""Canaries: a word of its own in every field that a person fills, a case for each command driven
through everything, and then a search wherever anything is kept, shown, sent or said. Where each may
arrive stands in canary.txt, which knows nothing of the code; both directions are checked.
"""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest
import urllib.request

import grpc

from agencies import Agencies, ROOT, free_port
from canaries import Canary, Search, leaves
from canary_life import CanaryLifeCase
import filing
from foreign import Client, Refused
import memory_of
import write_ahead_log

_IDENTITIES = ["portal:bawaslu/13:portal", "backoffice:bawaslu/13:intake-office",
               "ops:bawaslu/13:intake-ops", "backoffice:bawaslu/ri:intake-ri-office",
               "ops:bawaslu/ri:intake-ri-ops", "backoffice:bkn:referral-office",
               "ops:bkn:referral-ops", "backoffice:ppk/13.04:sanction-13.04-office",
               "ops:ppk/13.04:sanction-13.04-ops"]
_ROLES = ("entry", "office", "ops")
_READERS = {"all": set(_ROLES), "reporters": {"entry", "office"}, "entry": {"entry"}, "no": set()}
_QUERY, _LEDGER = "selaras.query.v1.QueryService", "selaras.ledger.v1.LedgerService"
_EMERGENCY = "selaras.intake.v1.EmergencyService"
_ATTACHMENT = "selaras.attachment.v1.AttachmentService"
_FORMATS = ("jsonl", "csv", "cloudevents", "cloudevents-protobuf", "tlog-tiles")
_COLUMNS = ("store", "entry", "office", "parties", "portal")
_FOLDERS = {"intake": "intake", "referral": "referral", "sanction": "sanction-13.04",
            "reporter": "intake", "emergency": "intake", "attachment": "intake",
            "query": None}


def read_table(path):
    """field -> column -> word, message -> fields that are not personal, messages with codes."""
    text = re.sub(r"^#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    table, *groups = [block for block in text.strip().split("\n\n") if block.strip()]
    rows = {}
    for line in table.splitlines()[1:]:
        service, name, *words = line.split()
        assert f"{service} {name}" not in rows, line
        rows[f"{service} {name}"] = dict(zip(_COLUMNS, words, strict=True))
    others = {}
    for group in groups:
        reason, *lines = re.sub(r"\n    ", " ", group).splitlines()
        for line in lines:
            message, _, fields = line.strip().partition(": ")
            others.setdefault(message, {}).update(dict.fromkeys(fields.split(), reason))
    return rows, others


class Canaries(CanaryLifeCase):

    @classmethod
    def setUpClass(cls):
        os.environ["SELARAS_LOG"] = "debug"  # of the nodes: what they say at most
        cls.addClassCleanup(os.environ.pop, "SELARAS_LOG")
        cls.rows, cls.others = read_table(pathlib.Path(__file__).with_name("canary.txt"))
        cls.codes = {message: [field for field, why in fields.items() if why.startswith("codes")]
                     for message, fields in cls.others.items()}
        cls.canaries = {field: Canary(number, field) for number, field in enumerate(cls.rows, 1)}
        cls.canaries["sanction RecordRenumbered.nip"].value_is("199002152024221907")
        super().setUpClass()
        cls.search = Search(cls.canaries.values())
        life = cls("live")
        life.live()
        cls.life = life
        cls.found = {}  # place -> fields
        cls.look_everywhere()

    @classmethod
    def make_agencies(cls):
        agencies = cls.enterClassContext(Agencies(cls.authorities, _IDENTITIES, start=False))
        cls.ports = {}
        for node in agencies:
            cls.ports[node.folder.name] = free_port()
            (node.folder / "backups").mkdir()
            node.settings = ('backups: "backups"\n'
                             f'metrics: "127.0.0.1:{cls.ports[node.folder.name]}"\n')
        agencies.fleet.start()
        return agencies

    # --- looking

    @classmethod
    def note(cls, place, content, deep=True):
        cls.found[place] = cls.found.get(place, set()) | cls.search.fields(content, deep)

    @classmethod
    def look_everywhere(cls):
        cls.note("errors", "\n".join(cls.life.refusals).encode())
        cls.note("portal", cls.life.portal_reads)
        for node in cls.agencies:
            folder = node.folder.name
            with urllib.request.urlopen(f"http://127.0.0.1:{cls.ports[folder]}/metrics",
                                        timeout=60) as answer:
                cls.note("metrics", answer.read())
            for role in _ROLES:
                cls.look_at_calls(node, role)
            cls.look_at_command_line(node)
            cls.look_at_exchange(node)
            for region in memory_of.process(node.process.pid):
                cls.note(f"memory of {folder}", region, deep=False)
        for path in pathlib.Path("/dev/shm").glob("**/*"):
            if path.is_file() and path.stat().st_uid == os.getuid():
                cls.note("shared memory", path.read_bytes())
        # Before there is a backup: what they were sent stands uncompressed in their write-ahead logs.
        for node in cls.agencies:
            cls.look_at_files(node)
        for node in cls.agencies:
            cls.agencies.run(node, *cls.agencies.certificate(f"{node.folder.name}-ops"), "backup",
                             "create", "canary")
            cls.look_at_files(node)
        cls.agencies.stop()
        for node in cls.agencies:
            cls.look_at_stores(node)

    @classmethod
    def look_at_exchange(cls, node):
        """What a file would carry to each of the others."""
        for peer in cls.agencies:
            target = cls.agencies.path / f"{node.folder.name}-for-{peer.folder.name}"
            cls.agencies.run(node, *cls.agencies.certificate(f"{node.folder.name}-ops"), "exchange",
                             "pack", "--for", peer.name, "--everything", "-o", target)
            if target.exists():
                cls.note(f"exchange of {peer.folder.name}", target.read_bytes(), deep=False)

    @classmethod
    def look_at_calls(cls, node, role):
        with Client(cls.contracts, node.address, cls.agencies.pki,
                    f"{node.folder.name}-{role}") as client:
            place = f"calls of {node.folder.name} by {role}"
            for content in _read(client):
                cls.note(place, content)

    @classmethod
    def look_at_command_line(cls, node):
        case_id = cls.life.referred_case
        for arguments in (["case", "list"], ["case", "show", case_id],
                          ["case", "timeline", case_id], ["case", "custody", case_id],
                          ["report", "list"], ["worklist", "--csv"], ["status"], ["stats"],
                          ["case", "reads", case_id], ["subject-access", "198001012005011001"],
                          ["export", "hukdis"], ["export", "sbt"], ["link", "list"]):
            for form in ([], ["--json"]):
                done = subprocess.run(
                    [cls.agencies.selaras.program, *form, "--client", node.client, "--timeout",
                     "60s", *arguments], capture_output=True, check=False)
                cls.note(f"command line of {node.folder.name}", done.stdout + done.stderr)

    @classmethod
    def look_at_files(cls, node):
        while True:
            try:
                return cls.look_at_files_once(node)
            except FileNotFoundError:  # what it held stands in another one by now
                pass

    @classmethod
    def look_at_files_once(cls, node):
        folder = node.folder.name
        for path in node.folder.rglob("*"):
            cls.note("names of files", str(path.relative_to(node.folder)).encode())
            if not path.is_file():
                continue
            content = path.read_bytes()
            if path.suffix == ".log" and path.parent.name == "db":
                content += write_ahead_log.payload(content)
            if path == node.log:
                cls.note("log lines", content)
            elif "backups" in path.parts:
                cls.note(f"backup of {folder}", content, deep=False)
            else:
                cls.note(f"files of {folder}", content)

    @classmethod
    def look_at_stores(cls, node):
        """What the stores of stopped nodes and their backups hold, opened with the node's keys, and
        as exports have it."""
        folder = node.folder.name
        keys = f"{node.store}.wrapping-keys"
        mirrors = [peer.name for peer in cls.agencies if peer is not node]
        for kind, store in (("store", node.store), ("backup", node.folder / "backups/canary")):
            place = f"{kind} of {folder}"
            def read(what, *command):
                done = subprocess.run(
                    [cls.agencies.selaras.program, "--json", *command, "--store", store,
                     "--wrapping-keys", keys], capture_output=True, check=False)
                cls.note(f"{what} in {place}", done.stdout + done.stderr)

            for own in ("", "/private"):
                read(f"entries{own}", "log", "list", "--log", node.name + own)
                for form in _FORMATS if kind == "store" else ():
                    cls.look_at_export(f"exports of {folder}", store, node.name + own, form)
            for log in mirrors if kind == "store" else ():
                read("mirrors", "log", "list", "--log", log)
            for command in (["case", "list"], ["report", "list"],
                            ["case", "timeline", cls.life.referred_case]):
                read("offline reads", *command)

    @classmethod
    def look_at_export(cls, place, store, log, form):
        with tempfile.TemporaryDirectory(prefix="selaras-") as folder:
            target = pathlib.Path(folder) / "export"
            subprocess.run([cls.agencies.selaras.program, "log", "export", "--format", form,
                            "--store", store, "--log", log, "-o", target],
                           capture_output=True, check=False)
            for path in [target, *target.rglob("*")]:
                if path.is_file():
                    cls.note(place, path.read_bytes(), deep=False)

    # --- what was found, by the words of the table

    def folder_of(self, field):
        if "TakeOverCase" in field:
            return "intake-ri"
        return _FOLDERS[field.split()[0]]

    def is_in(self, field, place):
        return field in self.found.get(place, ())

    def entries_with(self, field, kind):
        """Which of the own logs have it: shared, private."""
        folder = self.folder_of(field)
        return {name for name, own in (("shared", ""), ("private", "/private"))
                if self.is_in(field, f"entries{own} in {kind} of {folder}")}

    def elsewhere(self, field):
        """Places of other nodes."""
        own = self.folder_of(field)
        if own is None:  # a question, which all are asked
            return {place for place, fields in self.found.items()
                    if field in fields and not place.startswith("memory")}
        return {place for place, fields in self.found.items() if field in fields
                for node in self.agencies
                if node.folder.name != own and re.search(rf" of {node.folder.name}( by|$)", place)}

    # --- the tests

    def test_the_table_names_every_text_that_a_call_may_carry(self):
        named, left = set(self.rows), []
        for path in self.contracts.methods():
            for message, name in _texts(self.contracts.method(path).input_type):
                if name in self.others.get(message, ()):
                    continue
                ending = f"{message.rpartition('.')[2]}.{name}"
                if not any(self.is_row_of(field, message, name) for field in named):
                    left.append(ending)
        self.assertEqual(sorted(set(left)), [])

    def is_row_of(self, field, message, name):
        short = message.rpartition(".")[2]
        path = field.split()[1]
        return path in (f"{short}.{name}", f"{short.removesuffix('Request')}.{name}") or (
            path.endswith(f".{name}") and message.startswith("selaras.event.v1.")) or (
                short == "CommandHeader" and path == f"header.{name}")

    def test_every_personal_text_of_every_command_has_a_row_of_its_own(self):
        for service in ("intake", "referral", "sanction"):
            batch = self.contracts.pool.FindMessageTypeByName(
                f"selaras.{service}.v1.{service.title()}Command")
            for field in batch.oneofs_by_name["command"].fields:
                command = field.message_type
                for path, message, name in leaves(command):
                    if path.startswith("new_fact.") or name in self.others.get(
                            message.full_name, ()):
                        continue
                    self.assertIn(f"{service} {command.name}.{path}", self.rows)

    def test_the_days_that_are_searched_for_stand_in_no_reference_data(self):
        days = [canary.value for field, canary in self.canaries.items()
                if field.endswith("known_on")]
        for table in (ROOT / "deploy/reference").glob("*.tsv"):
            for day in days:
                self.assertNotIn(day, table.read_text(encoding="utf-8"))

    def test_what_is_no_code_is_refused_where_a_code_belongs(self):
        self.assertEqual(self.life.taken, [])

    def test_what_should_be_refused_is(self):
        self.assertEqual(self.life.open_to_all, [])

    def test_a_store_holds_what_its_node_wrote_as_the_table_says(self):
        for field, row in self.rows.items():
            folder = self.folder_of(field)
            with self.subTest(field=field):
                self.assertEqual(self.is_in(field, f"files of {folder}"), row["store"] == "plain")
                if row["store"] == "no":  # a backup is compressed; the next test reads it
                    for place in ("backup", "exports"):
                        self.assertFalse(self.is_in(field, f"{place} of {folder}"), place)

    def test_an_entry_holds_it_in_the_log_where_it_belongs(self):
        logs = {"private": {"private"}, "office": {"shared"}, "party": {"shared"},
                "none": set(), "refused": set()}
        for field, row in self.rows.items():
            for kind in ("store", "backup"):
                with self.subTest(field=field, kind=kind):
                    self.assertEqual(self.entries_with(field, kind), logs[row["entry"]])

    def test_at_its_office_those_read_it_who_may(self):
        for field, row in self.rows.items():
            with self.subTest(field=field):
                readers = {role for role in _ROLES
                           if self.is_in(field, f"calls of {self.folder_of(field)} by {role}")}
                self.assertEqual(readers, _READERS[row["office"]])

    def test_it_gets_to_the_parties_or_nowhere(self):
        for field, row in self.rows.items():
            with self.subTest(field=field):
                places = self.elsewhere(field)
                if row["parties"] == "no":
                    self.assertEqual(places, set())
                else:
                    # What is no part of an entry is read all the same.
                    for kind in ("calls", "mirrors") if row["entry"] != "none" else ("calls",):
                        self.assertTrue([place for place in places if place.startswith(kind)],
                                        f"{kind}: only {places}")
                    if row["store"] == "plain":
                        continue
                    for kind in ("files", "backup", "exchange", "exports"):  # sealed, on the way too
                        self.assertEqual([place for place in places if place.startswith(kind)], [])

    def test_the_portal_reads_the_mailbox_and_nothing_else(self):
        self.assertEqual(self.found["portal"], {
            field for field, row in self.rows.items() if row["portal"] == "yes"})

    def test_no_log_line_metric_error_or_name_of_a_file_holds_any_of_it(self):
        for place in ("log lines", "metrics", "errors", "names of files", "shared memory"):
            with self.subTest(place=place):
                allowed = {field for field in self.rows if field.endswith("request_id")
                           and place == "errors"}
                self.assertEqual(self.found.get(place, set()) - allowed, set())
        self.assertGreater(len(self.life.refusals), len(self.rows))

    def test_the_search_finds_each_form(self):
        for field, canary in self.canaries.items():
            for needle in canary.needles():
                self.assertIn(field, self.search.fields(b"\0" + needle + b"\0"), needle)
        for node in self.agencies:
            own = {field for field, row in self.rows.items() if row["entry"] not in ("none", "refused")
                   and self.folder_of(field) == node.folder.name}
            remembered = self.found[f"memory of {node.folder.name}"]
            self.assertTrue(not own or own & remembered, "memory is not searched")


def _read(client):
    """What somebody reads who asks for everything that there is."""
    def ask(method, **fields):
        try:
            return client.call(method, fields)
        except Refused as refused:
            if refused.code not in ("PERMISSION_DENIED", "UNIMPLEMENTED", "NOT_FOUND"):
                raise
            return None

    state = ask(f"{_LEDGER}/GetNode")
    answers = [state]
    for log in state.logs:
        start = 0
        while page := ask(f"{_LEDGER}/ListEntries", log=log.log, start=start, page_size=500):
            if not page.entries:
                break
            answers.append(page)
            start += len(page.entries)
    cases = ask(f"{_QUERY}/ListCases", page_size=1000)
    answers += [cases, ask(f"{_QUERY}/ListChanges", page_size=1000), ask(
        "selaras.query.v1.StatisticsService/GetStatistics")]
    for case in cases.cases:
        answers += [ask(f"{_QUERY}/{method}", case_id=case.case_id)
                    for method in ("GetCase", "GetTimeline", "ListDeadlines", "ListReads")]
    reports = ask(f"{_QUERY}/ListReports", page_size=1000)
    for report in reports.reports if reports else ():
        answers += [ask(f"{_QUERY}/{method}", report_id=report.report_id)
                    for method in ("GetReport", "ListReads")]
    answers.append(ask(f"{_EMERGENCY}/ListBreakGlass"))
    contents = [_document(client, attachment) for answer in answers
                for name in ("case", "report") if answer and name in answer.DESCRIPTOR.fields_by_name
                for attachment in getattr(answer, name).attachments]
    return [*(answer.SerializeToString() for answer in answers if answer is not None), *contents]


def _document(client, attachment):
    """What is in it, if the caller gets it."""
    position = {"log": attachment.position.log, "sequence": str(attachment.position.sequence)}
    try:
        return b"".join(piece.data for piece in client.ask_stream(
            f"{_ATTACHMENT}/Download", {"position": position}))
    except grpc.RpcError as error:
        if error.code().name not in ("PERMISSION_DENIED", "FAILED_PRECONDITION"):
            raise
        return b""


def _texts(message, seen=None):
    """Message and field of every text in it."""
    seen = set() if seen is None else seen
    if message.full_name in seen:
        return
    seen.add(message.full_name)
    for field in message.fields:
        if field.message_type is not None:
            yield from _texts(field.message_type, seen)
        elif field.type in (field.TYPE_STRING, field.TYPE_BYTES):
            yield message.full_name, field.name


if __name__ == "__main__":
    unittest.main()
