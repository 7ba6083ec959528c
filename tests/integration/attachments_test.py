"""Documents: they come in piece by piece, go to the parties sealed, and to nobody else."""

import concurrent.futures
import hashlib
import signal
import unittest

import grpc

from agencies import Agencies, await_true, seeded
from documents import Documents, pdf
import filing
from foreign import Client, Refused
from procedure_test import ProcedureCase
import write_ahead_log

_QUERY = "selaras.query.v1.QueryService"
_MIB = 1 << 20
_OFFICES = {"intake": "bawaslu/13", "referral": "bkn", "sanction-13.04": "ppk/13.04",
            "sanction-13.05": "ppk/13.05"}


class AttachmentsCase(ProcedureCase):

    settings = ""

    @classmethod
    def make_agencies(cls):
        agencies = cls.enterClassContext(Agencies(
            cls.authorities, ["backoffice:bkn:bkn-office", "ops:bkn:bkn-ops", "auditor:bkn:bkn-audit",
                              "ops:bawaslu/13:intake-ops"], start=False))
        for node in agencies:
            node.settings = cls.settings
        agencies.fleet.start()
        return agencies

    def documents(self, folder):
        return Documents(self.clients[folder])

    def as_(self, certificate, folder="referral"):
        node = self.agencies[folder]
        return self.enterContext(Client(self.contracts, node.address, self.agencies.pki,
                                        certificate))

    def upload(self, folder, document, **changes):
        """A complete upload; its name."""
        upload_id = f"berkas-{self.number()}"
        done = self.documents(folder).upload(_OFFICES[folder], upload_id, document, **changes)
        self.assertTrue(done.complete)
        return upload_id

    def add(self, folder, case_id, document, kind="surat", **more):
        """Where the document stands that was added."""
        changes = {"media_type": more.pop("media_type")} if "media_type" in more else {}
        upload_id = self.upload(folder, document, **changes)
        command = {"case_ref": {"case_id": case_id}, "upload_id": upload_id, "kind": kind,
                   "title": "Surat penerusan", "cleared": folder == "intake"} | more
        done = self.execute(folder, _OFFICES[folder], {"add_attachment": command})
        if not done.positions:  # of the private log an answer names nothing
            return self.position(self.shown(folder, case_id)[-1])
        return {"log": done.positions[0].log, "sequence": str(done.positions[0].sequence)}

    @staticmethod
    def position(attachment):
        return {"log": attachment.position.log, "sequence": str(attachment.position.sequence)}

    def shown(self, folder, case_id):
        return list(self.case(folder, case_id).attachments)

    def state_of(self, folder, case_id, index=0):
        values = self.contracts.pool.FindEnumTypeByName(
            "selaras.query.v1.AttachmentState").values_by_number
        attachments = self.shown(folder, case_id)
        if len(attachments) <= index:
            return None
        return values[attachments[index].state].name.removeprefix("ATTACHMENT_STATE_")

    def await_held(self, folder, case_id, index=0, state="HELD"):
        await_true(f"document {index} of {case_id} is {state} at {folder}",
                   lambda: self.state_of(folder, case_id, index) == state)

    def start_again(self, *nodes):
        for node in nodes:
            self.agencies.start_again(node)
            folder = node.folder.name
            self.clients[folder] = self.enterClassContext(Client(
                self.contracts, node.address, self.agencies.pki, f"{folder}-entry"))

    def kill(self, folder):
        node = self.agencies[folder]
        self.agencies.end(node, signal.SIGKILL)
        self.start_again(node)

    def verify_logs(self):
        self.agencies.stop()
        self.agencies.verify()
        self.start_again(*self.agencies)

    def everything_on_disk(self):
        """All bytes in the folders of all nodes, which are stopped for it."""
        self.agencies.stop()
        found = {}
        for node in self.agencies:
            found[node.folder.name] = b"".join(
                path.read_bytes() + (write_ahead_log.payload(path.read_bytes())
                                     if path.suffix == ".log" else b"")
                for path in sorted(node.folder.rglob("*")) if path.is_file())
        self.start_again(*self.agencies)
        return found


class Attachments(AttachmentsCase):

    def test_a_letter_goes_to_every_party_and_is_the_same_there(self):
        case_id = self.refer()
        letter = pdf(300_000)
        position = self.add("intake", case_id, letter)
        self.await_held("referral", case_id)
        self.assertEqual(self.documents("referral").download(position), letter)
        [there], [here] = self.shown("referral", case_id), self.shown("intake", case_id)
        self.assertEqual(there.sealed_sha256, here.sealed_sha256)
        self.assertEqual((there.title, there.bytes), ("Surat penerusan", len(letter)))
        self.assertEqual((there.file_name, there.sha256), ("", ""))
        self.assertEqual(here.sha256, hashlib.sha256(letter).hexdigest())
        # Who becomes a party later gets what was added before.
        self.bkn(*filing.recommended(case_id, self.number()))
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        self.await_held("sanction-13.04", case_id)
        self.assertEqual(self.documents("sanction-13.04").download(position), letter)

    def test_a_part_is_a_part(self):
        case_id = self.refer()
        letter = pdf(200_000)
        position = self.add("intake", case_id, letter)
        documents = self.documents("intake")
        for offset, length in ((0, 1), (65_535, 2), (65_536, 65_536), (1, 0), (131_000, 100_000),
                               (199_999, 1), (199_999, 0)):
            end = len(letter) if length == 0 else offset + length
            self.assertEqual(documents.download(position, offset=str(offset), length=str(length)),
                             letter[offset:end], (offset, length))
        with self.assertRaises(Refused) as refused:
            documents.download(position, offset="200000")
        self.assertEqual(refused.exception.fields, ["offset"])

    def test_an_upload_goes_on_after_the_node_died_and_is_added_once(self):
        case_id = self.refer()
        document = pdf(3 * _MIB, "mati")
        documents = self.documents("intake")
        kept = documents.upload("bawaslu/13", "putus", document, until=_MIB + 5).received_bytes
        self.assertEqual(kept, _MIB)
        self.kill("intake")
        documents = self.documents("intake")
        stands = documents.progress("bawaslu/13", "putus")
        self.assertEqual(stands.received_bytes, kept)
        with self.assertRaises(Refused) as refused:
            documents.upload("bawaslu/13", "putus", document)
        self.assertEqual((refused.exception.code, refused.exception.reason),
                         ("FAILED_PRECONDITION", "UPLOAD_MOVED_ON"))
        self.assertTrue(documents.upload("bawaslu/13", "putus", document, kept).complete)
        command = {"add_attachment": {"case_ref": {"case_id": case_id}, "upload_id": "putus",
                                      "kind": "surat", "title": "Surat", "cleared": True}}
        again = {"request_id": f"putus-{case_id}"}
        done = self.execute("intake", "bawaslu/13", command, **again)
        repeated = self.execute("intake", "bawaslu/13", command, **again)
        self.assertTrue(repeated.repeated_request)
        self.assertEqual(done.positions[0].sequence, repeated.positions[0].sequence)
        with self.assertRaises(Refused) as refused:
            documents.progress("bawaslu/13", "putus")
        self.assertEqual((refused.exception.code, refused.exception.reason),
                         ("NOT_FOUND", "UPLOAD_NOT_FOUND"))
        position = {"log": done.positions[0].log, "sequence": str(done.positions[0].sequence)}
        self.assertEqual(documents.download(position), document)

    def test_a_fetch_goes_on_after_either_node_died(self):
        case_id = self.refer()
        document = pdf(24 * _MIB, "besar")
        position = self.add("intake", case_id, document)
        for folder in ("referral", "intake"):
            self.kill(folder)
        self.await_held("referral", case_id)
        self.assertEqual(hashlib.sha256(self.documents("referral").download(position)).digest(),
                         hashlib.sha256(document).digest())
        self.verify_logs()

    def test_entries_do_not_wait_for_documents(self):
        case_id = self.refer()
        self.add("intake", case_id, pdf(30 * _MIB, "lambat"))
        other = self.refer(respondent={"name": "Dewi Lewat", "nip": "198203032006042008"})
        self.assertNotEqual(self.state_of("referral", case_id), "HELD")
        self.await_held("referral", case_id)

    def test_evidence_stays_in_the_office_and_a_derivative_goes(self):
        done = self.bawaslu(*filing.opened(), *filing.concluded(), *filing.referred(self.number()))
        case_id, report_id = done.case_id, done.report_id
        self.await_state("referral", case_id, "REFERRED")
        original, redacted = pdf(90_000, "asli"), pdf(80_000, "samar")
        upload_id = self.upload("intake", original)
        self.bawaslu({"add_attachment": {
            "report_id": report_id, "upload_id": upload_id, "kind": "bukti",
            "title": "Foto asli dari pelapor",
            "origin": {"url": "https://contoh.example/1", "account": "@terlapor",
                       "captured_at": {"instant": "2024-10-02T10:11:12Z"}}}})
        report = self.clients["intake"].call(f"{_QUERY}/GetReport", {"report_id": report_id}).report
        [kept] = report.attachments
        self.assertTrue(kept.internal)
        self.assertEqual(self.documents("intake").download(self.position(kept)), original)
        position = self.add("intake", case_id, redacted, kind="turunan",
                            redacted_from=self.position(kept), title="Foto tanpa wajah",
                            origin={"captured_at": {"instant": "2024-10-02T10:11:12Z"}})
        self.await_held("referral", case_id)
        [there] = self.shown("referral", case_id)
        self.assertEqual(there.origin.captured_at.date, "2024-10-02")
        self.assertFalse(there.HasField("redacted_from"))
        self.assertEqual(self.documents("referral").download(position), redacted)
        [at_home] = self.shown("intake", case_id)
        self.assertEqual(at_home.redacted_from.sequence, kept.position.sequence)
        for folder in ("referral", "sanction-13.04"):
            with self.assertRaises(Refused) as refused:
                self.documents(folder).download(self.position(kept))
            self.assertEqual(refused.exception.reason, "ATTACHMENT_NOT_FOUND")
        found = self.everything_on_disk()
        for folder, held in found.items():
            for document in (original, redacted):
                for at in (5_000, 70_000):
                    self.assertNotIn(document[at:at + 48], held, f"unsealed at {folder}")
                digest = hashlib.sha256(document).digest()
                self.assertNotIn(digest, held, f"a digest of the document in clear at {folder}")

    def test_who_is_no_party_learns_nothing_and_operations_and_auditors_get_nothing(self):
        case_id = self.recommend()
        position = self.add("referral", case_id, pdf(70_000, "rahasia"))
        other = {"log": position["log"], "sequence": "0"}
        errors = []
        for place in (position, other, {"log": "bkn", "sequence": "999999"},
                      {"log": "nobody", "sequence": "1"}, {}):
            with self.assertRaises(Refused) as refused:
                self.documents("sanction-13.05").download(place)
            errors.append((refused.exception.code, refused.exception.reason,
                           refused.exception.message))
        self.assertEqual(len(set(errors)), 1, errors)
        self.assertEqual(errors[0][:2], ("NOT_FOUND", "ATTACHMENT_NOT_FOUND"))
        for certificate in ("bkn-ops", "bkn-audit"):
            documents = Documents(self.as_(certificate))
            for call in (lambda: documents.download(position),
                         lambda: documents.upload("bkn", "u", pdf(10)),
                         lambda: documents.progress("bkn", "u")):
                with self.assertRaises(Refused) as refused:
                    call()
                self.assertEqual(refused.exception.code, "PERMISSION_DENIED")
        with self.assertRaises(Refused) as refused:
            self.documents("referral").upload("bawaslu/13", "u", pdf(10))
        self.assertEqual((refused.exception.code, refused.exception.reason),
                         ("PERMISSION_DENIED", "NOT_YOUR_AUTHORITY"))

    def test_who_downloads_is_written_down(self):
        case_id = self.refer()
        position = self.add("intake", case_id, pdf(70_000, "baca"))
        self.await_held("referral", case_id)
        Documents(self.as_("bkn-office")).download(position, reading={
            "purpose": "hukum", "officer": {"officer_id": "b-17"}})

        def written():
            reads = self.as_("bkn-ops").call(f"{_QUERY}/ListReads", {"case_id": case_id}).reads
            return [read for read in reads if read.method == "AttachmentService/Download"]
        [read] = await_true("the read is derived", written)
        self.assertEqual((read.authority, read.role, read.purpose, read.officer.officer_id),
                         ("bkn", "backoffice", "hukum", "b-17"))

    def test_what_is_taken_back_is_gone_at_every_party(self):
        case_id = self.recommend()
        document = pdf(150_000, "salah")
        position = self.add("intake", case_id, document)
        for folder in ("referral", "sanction-13.04"):
            self.await_held(folder, case_id)
        self.bawaslu({"remove_attachment": {"case_ref": {"case_id": case_id},
                                            "attachment": position, "reason": "salah_orang"}})
        for folder in ("intake", "referral", "sanction-13.04"):
            self.await_held(folder, case_id, state="REMOVED")
            with self.assertRaises(Refused) as refused:
                self.documents(folder).download(position)
            self.assertEqual(refused.exception.reason, "ATTACHMENT_REMOVED")
        self.verify_logs()

    def test_what_cannot_be_a_document_is_refused_with_its_field(self):
        document = pdf(1_000)
        documents = self.documents("intake")
        cases = [
            ("header.bytes", {"bytes": "0"}), ("header.bytes", {"bytes": str(1 << 40)}),
            ("header.upload_id", {"name": ""}), ("header.upload_id", {"name": "a b"}),
            ("header.sha256", {"sha256": "AAAA"}),
            ("header.media_type", {"media_type": "application/zip"}),
            ("header.media_type", {"media_type": "image/png"}),
            ("header.file_name", {"file_name": "x" * 201}),
            ("header.sha256", {"sha256": "A" * 43 + "="}),
            ("data", {"bytes": "999"}),
        ]
        for index, (field, changes) in enumerate(cases):
            name = changes.pop("name", f"salah-{index}")
            with self.subTest(field=field, name=name, changes=changes):
                with self.assertRaises(Refused) as refused:
                    documents.upload("bawaslu/13", name, document, **changes)
                self.assertEqual((refused.exception.code, refused.exception.fields),
                                 ("INVALID_ARGUMENT", [field]), refused.exception.message)
        make = self.contracts.make
        for pieces, field in (([], "header"), ([{"data": "AAAA"}], "header"),
                              ([{}], "header")):
            with self.assertRaises(Exception) as refused:
                list(self.clients["intake"].talk(
                    "selaras.attachment.v1.AttachmentService/Upload",
                    iter([make("selaras.attachment.v1.UploadRequest", piece) for piece in pieces])))
            self.assertEqual(Refused(self.contracts, refused.exception).fields, [field])

    def test_random_bytes_are_answered(self):
        chance = seeded()
        service = "selaras.attachment.v1.AttachmentService"
        client = self.clients["intake"]
        for _ in range(20):
            bytes_ = chance.randbytes(chance.randint(1, 80))
            for answers in (client.talk(f"{service}/Upload", iter([bytes_])),
                            client.talk(f"{service}/Download", iter([bytes_]))):
                with self.assertRaises(grpc.RpcError) as refused:
                    list(answers)
                self.assertIn(refused.exception.code().name, (
                    "INVALID_ARGUMENT", "NOT_FOUND", "INTERNAL", "UNIMPLEMENTED"))
        self.agencies.fleet.check()

    def test_many_clients_bring_and_fetch_at_once(self):
        case_id = self.refer()
        documents = [pdf(200_000 + 7 * i, f"banyak{i}") for i in range(12)]

        def bring(i):
            with Client(self.contracts, self.agencies["intake"].address, self.agencies.pki,
                        "intake-entry") as client:
                return Documents(client).upload("bawaslu/13", f"banyak-{i}", documents[i]).complete
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            self.assertTrue(all(pool.map(bring, range(len(documents)))))
        self.bawaslu(*({"add_attachment": {
            "case_ref": {"case_id": case_id}, "upload_id": f"banyak-{i}", "kind": "surat",
            "title": f"Surat {i}", "cleared": True}} for i in range(len(documents))))
        for index in range(len(documents)):
            self.await_held("referral", case_id, index)
        found = {self.documents("referral").download(self.position(attachment))
                 for attachment in self.shown("referral", case_id)}
        self.assertEqual(found, set(documents))


class AttachmentLimits(AttachmentsCase):

    settings = "attachments { bytes_max: 131072 waiting_bytes_max: 200000 keep_hours: 1 }\n"

    def test_a_node_takes_what_its_configuration_allows(self):
        documents = self.documents("intake")
        with self.assertRaises(Refused) as refused:
            documents.upload("bawaslu/13", "besar", pdf(131_073))
        self.assertEqual(refused.exception.fields, ["header.bytes"])
        self.assertTrue(documents.upload("bawaslu/13", "pas", pdf(131_072)).complete)
        with self.assertRaises(Refused) as refused:
            documents.upload("bawaslu/13", "lagi", pdf(100_000))
        self.assertEqual((refused.exception.code, refused.exception.reason),
                         ("RESOURCE_EXHAUSTED", "UPLOADS_FULL"))


if __name__ == "__main__":
    unittest.main()
