"""Who had the file, proven to a third party offline, and compared between agencies."""

import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from google.protobuf import (any_pb2, descriptor_pb2, descriptor_pool, message_factory,
                             timestamp_pb2)

from agencies import ROOT, bin_dir, await_true
from cli import DIFFERENCE
import filing
from procedure_test import ProcedureCase
from verifiers import by_others, entry_of
from watch_test import days_ago

UNEQUAL = 7  # exit code of selaras: one is not the other, and neither is wrong


class ProofCase(ProcedureCase):

    authorities = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"],
                   "sanction-13.04": ["ppk/13.04"]}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = pathlib.Path(cls.enterClassContext(
            tempfile.TemporaryDirectory(prefix="selaras-")))

    def path(self, name):
        return self.folder / f"{self._testMethodName[:40]}-{name}"

    def tell(self, folder, *arguments, code=0):
        """The objects that selaras prints, asked of a node; of nobody if it is None."""
        client = ["--client", self.agencies[folder].client] if folder else []
        done = subprocess.run(
            [bin_dir() / "selaras", "--json", *client, *map(str, arguments)],
            capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.said = done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def keys(self, *folders):
        return [word for folder in folders or self.authorities
                for word in ("--key", self.agencies[folder].verifier_key)]

    def decided(self):
        case_id = self.recommend()
        self.ppk("13.04", *filing.decided(case_id, self.number()))
        self.await_state("intake", case_id, "DECIDED")
        self.await_state("referral", case_id, "DECIDED")
        return case_id


class Custody(ProofCase):

    def test_each_hop_has_what_was_sent_and_its_acknowledgement(self):
        case_id = self.decided()
        for folder in self.authorities:
            with self.subTest(folder):
                [report] = self.tell(folder, "case", "custody", case_id)
                self.assertEqual([(hop["from"], hop["to"]) for hop in report["hops"]],
                                 [("bawaslu/13", "bkn"), ("bkn", "ppk/13.04")])
                self.assertEqual([(hop["sent"]["fact"], hop["received"]["fact"])
                                  for hop in report["hops"]],
                                 [("case_referred", "case_received"),
                                  ("sanction_recommended", "recommendation_received")])
                self.assertEqual({hop["delivery"] for hop in report["hops"]}, {"answered"})
                self.assertEqual(report["holder"], "ppk/13.04")
                self.assertEqual(report["contradictions"], [])

    def test_what_arrived_has_not_changed_hands_before_it_is_acknowledged(self):
        case_id = self.refer()
        for folder in ("intake", "referral"):
            def arrived(folder=folder):
                [report] = self.tell(folder, "case", "custody", case_id)
                [hop] = report["hops"]
                self.assertNotIn("received", hop)
                self.assertEqual((report["holder"], report["waiting_for"]), ("bawaslu/13", "bkn"))
                return hop["delivery"] == "arrived"
            await_true(f"{folder} says that it arrived", arrived)
        [report] = self.tell("referral", "case", "custody", case_id)
        self.assertNotEqual(report["hops"][0]["sent"]["held_since"], "")

    def test_the_receipts_of_a_hop_prove_it_to_verifiers_that_share_no_code(self):
        case_id = self.decided()
        folder = self.path("receipts")
        [report] = self.tell("referral", "case", "custody", case_id, "--receipts", folder)
        keys = {self.agencies[name].name: self.agencies[name].verifier_key
                for name in self.authorities}
        checked = 0
        for hop in report["hops"]:
            for side in ("sent", "received"):
                log, _, place = hop[side]["position"].partition("@")
                told = by_others(self, 0, "receipt", "--key", keys[log], "--entry",
                                 entry_of(hop[side]["receipt"], self.folder),
                                 hop[side]["receipt"])
                self.assertEqual(json.loads(told)["index"], int(place))
                checked += 1
        self.assertEqual(checked, 4)
        self.assertIn("is not empty", self.refusal("referral", "case", "custody", case_id,
                                                   "--receipts", folder))

    def refusal(self, folder, *arguments):
        self.tell(folder, *arguments, code=1)
        return self.said


class Bundles(ProofCase):

    def setUp(self):
        self.bundle = self.path("bundle")
        self.case_id = self.decided()
        self.tell("referral", "case", "prove", self.case_id, "-o", self.bundle)

    def verify(self, bundle, *options, code=0):
        [verified] = self.tell(None, "case", "verify", bundle, *(options or self.keys()), code=code)
        self.assertEqual(verified["valid"], code == 0)
        return verified

    def test_a_third_party_verifies_a_case_offline_and_sees_who_had_it(self):
        verified = self.verify(self.bundle)
        self.assertEqual([(held["holder"], held["until"] == "") for held in verified["held"]],
                         [("bawaslu/13", False), ("bkn", False), ("ppk/13.04", True)])
        self.assertEqual(len(verified["logs"]), 3)
        self.assertEqual(len(verified["hops"]), 2)
        self.assertIn("respondent", verified["personal"])
        self.assertNotIn("reporter", verified["personal"])
        self.assertTrue(all(entry["party_number"] for entry in verified["entries"]))

    def test_every_party_makes_the_same_bundle_of_entries(self):
        entries = [(entry["position"], entry["leaf_hash"])
                   for entry in self.verify(self.bundle)["entries"]]
        for folder in ("intake", "sanction-13.04"):
            bundle = self.path(folder)
            self.tell(folder, "case", "prove", self.case_id, "-o", bundle)
            self.assertEqual(entries, [(entry["position"], entry["leaf_hash"])
                                       for entry in self.verify(bundle)["entries"]], folder)

    def test_other_verifiers_prove_every_entry_of_a_bundle(self):
        keys = {self.agencies[name].name: self.agencies[name].verifier_key
                for name in self.authorities}
        receipts = sorted(self.bundle.glob("*.tlog-proof"))
        self.assertGreater(len(receipts), 8)
        for receipt in receipts:
            log, _, place = receipt.name.removesuffix(".tlog-proof").partition("@")
            told = by_others(self, 0, "receipt", "--key", keys[log], "--entry",
                             entry_of(receipt, self.folder), receipt)
            self.assertEqual(json.loads(told)["index"], int(place))

    def changed(self, change):
        bundle = self.path("changed")
        shutil.rmtree(bundle, ignore_errors=True)
        shutil.copytree(self.bundle, bundle)
        change(bundle)
        return bundle

    def index(self, bundle):
        return (bundle / "index").read_text(encoding="utf-8").splitlines()

    def write_index(self, bundle, lines):
        (bundle / "index").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def without(self, at):
        def change(bundle):
            lines = self.index(bundle)
            places = [i for i, line in enumerate(lines) if line.startswith(f"entry {at}@")]
            self.assertGreater(len(places), 1)
            del lines[places[0]]
            self.write_index(bundle, lines)
        return change

    def test_what_was_left_out_or_changed_shows(self):
        bkn = self.agencies["referral"].name

        def swap(bundle):
            first, second, *_ = sorted(bundle.glob(f"{bkn}@*.tlog-proof"))
            text = first.read_text(encoding="utf-8")
            first.write_text(second.read_text(encoding="utf-8"), encoding="utf-8")
            second.write_text(text, encoding="utf-8")

        def other_case(bundle):
            lines = self.index(bundle)
            lines[1] = "case 3f2a9c1e-0000-8000-8000-000000000000"
            self.write_index(bundle, lines)

        def other_hash(bundle):
            lines = self.index(bundle)
            last = max(i for i, line in enumerate(lines) if line.startswith("entry "))
            lines[last] = lines[last][:-1] + ("0" if lines[last][-1] != "0" else "1")
            self.write_index(bundle, lines)

        def other_bytes(bundle):
            receipt = next(iter(bundle.glob(f"{bkn}@*.tlog-proof")))
            lines = receipt.read_text(encoding="utf-8").split("\n")
            word = lines[1].removeprefix("extra ")
            at = len(word) // 2
            lines[1] = "extra " + word[:at] + ("A" if word[at] != "A" else "B") + word[at + 1:]
            receipt.write_text("\n".join(lines), encoding="utf-8")

        for what, change, said in (
                ("an entry less", self.without(bkn), "is number 2 of bkn, after number 0"),
                ("receipts swapped", swap, "the receipt is of the place"),
                ("another case", other_case, "is about another case"),
                ("another hash", other_hash, "the index has another leaf hash"),
                ("other bytes", other_bytes, f"{bkn}@")):
            with self.subTest(what):
                problems = self.verify(self.changed(change), code=DIFFERENCE)["problems"]
                self.assertIn(said, "\n".join(problems))

    def test_a_bundle_is_believed_only_by_the_keys_of_whoever_verifies(self):
        problems = self.verify(self.bundle, *self.keys("referral", "intake"),
                               code=DIFFERENCE)["problems"]
        self.assertTrue(all(problem.startswith(self.agencies["sanction-13.04"].name)
                            for problem in problems), problems)

    def test_receipts_by_several_checkpoints_of_a_log_are_refused(self):
        later = self.path("later")
        self.recommend()
        self.tell("referral", "case", "prove", self.case_id, "-o", later)
        self.verify(later)
        bkn = self.agencies["referral"].name

        def mix(bundle):
            receipt = sorted(bundle.glob(f"{bkn}@*.tlog-proof"))[0]
            shutil.copy(later / receipt.name, receipt)
        self.assertIn("another checkpoint", "\n".join(
            self.verify(self.changed(mix), code=DIFFERENCE)["problems"]))

    def test_what_is_no_bundle_is_an_error_with_its_cure(self):
        for what, change in (("no index", lambda bundle: (bundle / "index").unlink()),
                             ("a path in the index",
                              lambda bundle: self.write_index(
                                  bundle, self.index(bundle) + ["entry ../../x@1 00"])),
                             ("an empty index", lambda bundle: self.write_index(bundle, []))):
            with self.subTest(what):
                self.tell(None, "case", "verify", self.changed(change), *self.keys(), code=1)
                self.assertIn("index", self.said)

    def test_nothing_of_a_case_that_was_not_referred_leaves_its_office(self):
        case_id = self.bawaslu(*filing.opened()).case_id
        self.tell("intake", "case", "prove", case_id, "-o", self.path("none"), code=1)
        self.assertIn("no party yet", self.said)
        self.assertFalse(self.path("none").exists())


class Reconciliation(ProofCase):

    def setUp(self):
        self.nodes = [self.agencies[folder].client for folder in self.authorities]

    def reconcile(self, *options, code=0, nodes=None):
        *told, summary = self.tell(None, "reconcile", *(nodes or self.nodes), *options, code=code)
        self.assertEqual(summary["kind"], "summary")
        return [each for each in told if each["kind"] == "finding"], summary

    def settled(self):
        """Waits until the nodes hold everything of each other."""
        self.agencies.await_delivery()

    def test_agencies_that_hold_the_same_agree_and_nobody_has_to_do_anything(self):
        self.decided()
        self.refer()
        self.settled()
        findings, summary = self.reconcile()
        self.assertEqual(findings, [])
        self.assertEqual(summary["compared"], summary["equal"])
        self.assertGreaterEqual(summary["compared"], 2)
        done = subprocess.run([bin_dir() / "selaras", "reconcile", *self.nodes],
                              capture_output=True, text=True, check=True)
        self.assertTrue(done.stdout.endswith("Nobody has to do anything: all agree.\n"))

    def test_what_took_longer_than_it_may_is_late(self):
        self.refer()
        self.settled()
        findings, summary = self.reconcile("--late", "0s", code=DIFFERENCE)
        self.assertEqual({finding["result"] for finding in findings}, {"late"})
        self.assertEqual(summary["late"], len({finding["case_id"] for finding in findings}))
        self.assertTrue(all(finding["positions"] for finding in findings))

    def test_a_signed_summary_speaks_of_one_report_and_is_verified_offline(self):
        self.refer()
        self.settled()
        key, note, report = self.path("key"), self.path("note"), self.path("report")
        [made] = self.tell(None, "key", "generate", "sekretariat", "--statements", "-o", key)
        self.reconcile("--sign", key, "-o", note, "--report", report)
        [verified] = self.tell(None, "reconcile", "verify", note, "--key", made["verifier_key"],
                               "--report", report)
        self.assertTrue(verified["valid"])
        for folder in self.authorities:
            self.assertIn(f"\nnode {self.agencies[folder].name} ", verified["text"])
        report.write_text(report.read_text(encoding="utf-8").replace("equal", "egual"),
                          encoding="utf-8")
        self.tell(None, "reconcile", "verify", note, "--key", made["verifier_key"], "--report",
                  report, code=DIFFERENCE)
        note.write_text(note.read_text(encoding="utf-8").replace("0 missing", "1 missing"),
                        encoding="utf-8")
        self.tell(None, "reconcile", "verify", note, "--key", made["verifier_key"],
                  code=DIFFERENCE)

    def test_the_key_of_a_log_signs_no_summary(self):
        key = self.path("key")
        self.tell(None, "key", "generate", "sekretariat", "-o", key)
        self.tell(None, "reconcile", *self.nodes, "--sign", key, "-o", self.path("note"), code=1)
        self.assertIn("--statements", self.said)

    def test_what_the_caller_may_not_see_at_a_node_is_said_and_never_counted_as_equal(self):
        self.refer()
        self.settled()
        subprocess.run([ROOT / "deploy/pki/make-test-pki.sh", "--out", self.agencies.pki,
                        "--identity", "backoffice:kasn:kasn-office"], check=True,
                       capture_output=True)
        client = self.path("kasn.textproto")
        pki = self.agencies.pki
        client.write_text(f'node: "{self.agencies["referral"].address}" tls {{ ca: "{pki}/ca.crt" '
                          f'certificate: "{pki}/kasn-office.crt" key: "{pki}/kasn-office.key" }}\n',
                          encoding="utf-8")
        findings, summary = self.reconcile(nodes=[self.nodes[0], client])
        self.assertEqual({finding["result"] for finding in findings}, {"not_compared"})
        self.assertEqual({finding["node"] for finding in findings},
                         {self.agencies["referral"].name})
        self.assertEqual((summary["equal"], summary["compared"]), (0, 0))
        self.assertEqual(summary["not_compared"], len(findings))

    def test_a_node_that_is_named_twice_or_alone_is_a_wrong_command_line(self):
        self.tell(None, "reconcile", self.nodes[0], code=2)
        self.tell(None, "reconcile", self.nodes[0], self.nodes[0], code=2)


class Inaction(ProofCase):

    authorities = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"],
                   "sanction-13.04": ["ppk/13.04"]}

    def stated(self):
        """A case of which Bawaslu has stated that BKN did not verify it."""
        case_id = self.refer()
        # BKN has 7 days to verify what it received, and Bawaslu speaks 2 days before: today.
        self.bkn({"receive_case": {"case_id": case_id, "agenda_number": "AG-1/2024",
                                   "occurred_at": filing.on(days_ago(5))}})
        for folder in ("intake", "referral"):
            self.await_step(folder, case_id, "deadline_rung_reached")
        return case_id

    def verify(self, folder, *options, code=0):
        [told] = self.tell(None, "case", "inaction", "verify", folder, *self.keys(), *options,
                           code=code)
        return told

    def receipt(self, position):
        path = self.path(position)
        subprocess.run([bin_dir() / "selaras", "--client", self.agencies["referral"].client,
                        "receipt", "get", position, "-o", path], check=True, capture_output=True)
        return path

    def refuting(self, receipt):
        return ["--refute", receipt, "--reference", ROOT / "deploy/reference"]

    def test_a_statement_of_inaction_is_proven_and_one_receipt_refutes_it(self):
        case_id = self.stated()
        for folder in ("intake", "referral"):
            bundle = self.path(folder)
            [wrote] = self.tell(folder, "case", "inaction", case_id, "-o", bundle)
            told = self.verify(bundle)
            self.assertTrue(told["valid"])
            self.assertEqual((told["watcher"], told["duty"], told["deadline"], told["rung"]),
                             ("bawaslu/13", "bkn", "D-10", -2))
            self.assertEqual(told["seen_log"], self.agencies["referral"].name)
            self.assertGreaterEqual(int(told["checkpoint_size"]), int(told["seen_size"]))
            self.assertEqual(told["position"], wrote["position"])
            # The due day is not over, so nobody can have cosigned after it.
            self.assertFalse(wrote["cosigned_after_due"])
            self.assertFalse(told["cosigned_after_due"])
            self.assertTrue(told["witnessed"].startswith("not cosigned"), told)
            refused = self.verify(bundle, "--witness",
                                  self.agencies["intake"].witness_verifier_key, code=DIFFERENCE)
            self.assertTrue(refused["problems"][0].startswith("seen: not cosigned"), refused)
        # What BKN states now comes too late; what it stated before is no such step.
        self.bkn({"verify_case": {"case_id": case_id, "proven": True,
                                  "occurred_at": filing.on(days_ago(4))}})
        bkn = self.agencies["referral"].name
        verified = self.steps("referral", case_id, "case_verified")[0].position.sequence
        received = self.steps("referral", case_id, "case_received")[0].position.sequence
        late = self.verify(bundle, *self.refuting(self.receipt(f"{bkn}@{verified}")))
        self.assertFalse(late["refuted"])
        self.assertIn("after the", late["not_refuted_because"])
        early = self.verify(bundle, *self.refuting(self.receipt(f"{bkn}@{received}")))
        self.assertFalse(early["refuted"])
        self.assertNotEqual(early["not_refuted_because"], "")

    def test_a_statement_that_was_changed_or_is_of_another_log_is_not_proven(self):
        case_id = self.stated()
        bundle = self.path("bundle")
        self.tell("intake", "case", "inaction", case_id, "--deadline", "D-10", "-o", bundle)
        seen = (bundle / "seen.note").read_text(encoding="utf-8")
        [checkpoint] = self.tell("intake", "checkpoint", "show")
        for what, note in (("another log", checkpoint["checkpoint"]),
                           ("another size", seen.replace("\n", "\n1", 1))):
            with self.subTest(what):
                (bundle / "seen.note").write_text(note, encoding="utf-8")
                told = self.verify(bundle, code=DIFFERENCE)
                self.assertTrue(told["problems"][0].startswith("seen: "), told["problems"])
        self.tell("intake", "case", "inaction", case_id, "--deadline", "D-01", "-o",
                  self.path("none"), code=1)
        self.assertIn("no watcher", self.said)


class Logs(ProofCase):

    def diff(self, a, b, *options, code=0):
        *entries, told = self.tell(None, "log", "diff", a, b, *options, code=code)
        return told, entries

    def test_own_log_mirror_store_and_export_are_the_same_log(self):
        self.decided()
        self.agencies.await_delivery()
        intake, bkn = self.agencies["intake"], self.agencies["referral"]
        tiles = self.path("tiles")
        self.tell("referral", "log", "export", "--format", "tlog-tiles", "-o", tiles)
        for a, b in ((bkn.client, intake.client), (tiles, bkn.client), (intake.client, tiles)):
            told, _ = self.diff(a, b, "--log", bkn.name)
            self.assertEqual(told["result"], "same", told)
            self.assertEqual(told["size_a"], told["size_b"])
        # What BKN's node holds of Bawaslu's log are the entries of parties.
        told, entries = self.diff(intake.client, bkn.client, "--entries")
        self.assertGreater(len(entries), 0)
        self.assertEqual(int(told["only_in_a"]), len(entries))
        self.assertEqual(int(told["only_in_b"]), 0)

    def test_a_log_that_grew_begins_with_what_it_was(self):
        self.refer()
        tiles = self.path("tiles")
        self.tell("intake", "log", "export", "--format", "tlog-tiles", "-o", tiles)
        self.refer()
        told, _ = self.diff(tiles, self.agencies["intake"].client, code=UNEQUAL)
        self.assertEqual(told["result"], "prefix")
        self.assertLess(int(told["size_a"]), int(told["size_b"]))

    def test_sources_of_different_logs_are_not_compared(self):
        tiles = self.path("tiles")
        self.tell("intake", "log", "export", "--format", "tlog-tiles", "-o", tiles)
        self.tell(None, "log", "diff", self.agencies["referral"].client, tiles, code=1)
        self.assertIn("--log", self.said)

    def test_backdating_is_counted_by_author_and_fact(self):
        self.decided()
        self.agencies.await_delivery()
        for folder in ("intake", "referral"):
            told = self.tell(folder, "audit", "backdating", "--entries", code=DIFFERENCE)
            counts = {(each["author"], each["fact"]): each for each in told
                      if each["kind"] == "count"}
            entries = [each for each in told if each["kind"] == "entry"]
            late = counts["bkn", "case_received"]
            # It happened in October 2024, by its author, and was recorded now.
            self.assertEqual(late["recorded_late"], late["entries"])
            self.assertEqual(int(late["held_late"]) + int(late["from_the_future"]), 0)
            self.assertEqual(len(entries), sum(int(each["recorded_late"])
                                               for each in counts.values()))
            # Everybody's clock is that of this machine: cosignatures bound it and contradict none.
            self.assertEqual(sum(int(each["cosigned_without"]) + int(each["cosigned_before"])
                                 for each in counts.values()), 0)
            bounded = [each for each in entries if each.get("first_with")]
            self.assertGreater(len(bounded), 0)
            for each in bounded:
                self.assertGreaterEqual(each["first_with"]["time"],
                                        each["entry"]["recorded_at"][:19])
        self.tell("intake", "audit", "backdating", "--log", "nobody", code=1)
        self.assertIn(self.agencies["referral"].name, self.said)
        self.assertNotIn(("bkn", "case_received"),
                         {(each["author"], each["fact"]) for each in self.tell(
                             "intake", "audit", "backdating", "--author", "bawaslu/13",
                             code=DIFFERENCE)})

    def test_backdating_says_what_it_did_not_look_at(self):
        self.decided()
        self.agencies.await_delivery()
        done = subprocess.run(
            [bin_dir() / "selaras", "--client", self.agencies["referral"].client, "audit",
             "backdating", "--log", self.agencies["intake"].name],
            capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, DIFFERENCE, done.stderr)
        self.assertRegex(done.stderr, r"not looked at: \d+ entries of bawaslu-13, not disclosed here")
        # A misspelt author is not one who dated nothing back.
        self.assertEqual(self.tell("intake", "audit", "backdating", "--author", "bawaslu/31",
                                   code=1), [])
        self.assertIn("no entry of bawaslu/31 can be read here", self.said)


class CloudEvents(ProofCase):
    """By a decoder made from the specification, not from our contracts."""

    def setUp(self):
        self.case_id = self.decided()
        self.bkn = self.agencies["referral"]
        _, self.records, _ = self.agencies.run(self.bkn, "log", "list")

    def export(self, form):
        path = self.path(form)
        self.tell("referral", "log", "export", "--format", form, "-o", path)
        return path.read_bytes()

    def test_json_events_have_the_attributes_of_the_specification(self):
        lines = [json.loads(line) for line in self.export("cloudevents").splitlines()]
        self.assertEqual([line["id"] for line in lines],
                         [record["position"] for record in self.records])
        for line, record in zip(lines, self.records):
            self.assertEqual((line["specversion"], line["source"], line["datacontenttype"]),
                             ("1.0", f"selaras/{self.bkn.name}", "application/json"))
            self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
            self.assertTrue(line["type"].startswith("selaras.event.v1."))
            self.assertEqual(line["leafhash"], record["leaf_hash"])
            self.assertEqual(line["subject"], line["data"]["case_id"])
            # Names of attributes are lower-case letters and digits.
            self.assertEqual([name for name in line if not re.fullmatch("[a-z0-9]+", name)], [])
        self.assertIn(self.case_id, {line["subject"] for line in lines})

    def test_a_batch_in_protobuf_is_read_by_an_independent_decoder(self):
        events = cloud_event_batch().FromString(self.export("cloudevents-protobuf")).events
        self.assertEqual([event.id for event in events],
                         [record["position"] for record in self.records])
        for event, record in zip(events, self.records):
            self.assertEqual((event.spec_version, event.source),
                             ("1.0", f"selaras/{self.bkn.name}"))
            self.assertEqual(set(event.attributes), {"subject", "time", "datacontenttype",
                                                     "dataschema", "leafhash"})
            self.assertEqual(event.attributes["datacontenttype"].ce_string,
                             "application/protobuf")
            self.assertGreater(event.attributes["time"].ce_timestamp.seconds, 1_700_000_000)
            self.assertTrue(event.attributes["dataschema"].ce_uri)
            leaf = hashlib.sha256(b"\0" + event.proto_data.value).hexdigest()
            self.assertEqual(leaf, record["leaf_hash"])
            self.assertEqual(leaf, event.attributes["leafhash"].ce_string)
        # What was not disclosed is in neither form.
        intake = self.agencies["intake"].name
        _, leaves, _ = self.agencies.run(self.bkn, "log", "list", "--log", intake)
        self.tell("referral", "log", "export", "--format", "cloudevents-protobuf", "--log", intake,
                  "-o", self.path("mirror"))
        held = cloud_event_batch().FromString(self.path("mirror").read_bytes()).events
        self.assertEqual([event.id for event in held],
                         [leaf["position"] for leaf in leaves if leaf["disclosed"]])
        self.assertGreater(len(leaves), len(held))
        self.assertGreater(len(held), 0)

    def test_a_format_that_is_not_known_is_refused_with_those_that_are(self):
        self.tell("referral", "log", "export", "--format", "xml", code=2)
        self.assertIn("cloudevents-protobuf", self.said)


def cloud_event_batch():
    """The class of a batch, as the protobuf format of CloudEvents 1.0 defines it."""
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(
        name="spec.proto", package="io.cloudevents.v1", syntax="proto3",
        dependency=["google/protobuf/any.proto", "google/protobuf/timestamp.proto"])

    def add(message, name, number, kind, of=None, repeated=False, oneof=None):
        made = message.field.add(name=name, number=number, type=kind,
                                 label=field.LABEL_REPEATED if repeated else field.LABEL_OPTIONAL)
        if of:
            made.type_name = of
        if oneof is not None:
            made.oneof_index = oneof

    event = file.message_type.add(name="CloudEvent")
    for number, name in enumerate(("id", "source", "spec_version", "type"), 1):
        add(event, name, number, field.TYPE_STRING)
    add(event, "attributes", 5, field.TYPE_MESSAGE,
        ".io.cloudevents.v1.CloudEvent.AttributesEntry", repeated=True)
    event.oneof_decl.add(name="data")
    add(event, "binary_data", 6, field.TYPE_BYTES, oneof=0)
    add(event, "text_data", 7, field.TYPE_STRING, oneof=0)
    add(event, "proto_data", 8, field.TYPE_MESSAGE, ".google.protobuf.Any", oneof=0)
    entry = event.nested_type.add(name="AttributesEntry")
    entry.options.map_entry = True
    add(entry, "key", 1, field.TYPE_STRING)
    add(entry, "value", 2, field.TYPE_MESSAGE, ".io.cloudevents.v1.CloudEventAttributeValue")
    value = file.message_type.add(name="CloudEventAttributeValue")
    value.oneof_decl.add(name="attr")
    for number, (name, kind) in enumerate(
            (("ce_boolean", field.TYPE_BOOL), ("ce_integer", field.TYPE_INT32),
             ("ce_string", field.TYPE_STRING), ("ce_bytes", field.TYPE_BYTES),
             ("ce_uri", field.TYPE_STRING), ("ce_uri_ref", field.TYPE_STRING)), 1):
        add(value, name, number, kind, oneof=0)
    add(value, "ce_timestamp", 7, field.TYPE_MESSAGE, ".google.protobuf.Timestamp", oneof=0)
    batch = file.message_type.add(name="CloudEventBatch")
    add(batch, "events", 1, field.TYPE_MESSAGE, ".io.cloudevents.v1.CloudEvent", repeated=True)
    pool = descriptor_pool.DescriptorPool()
    for module in (any_pb2, timestamp_pb2):
        pool.AddSerializedFile(module.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    return message_factory.MessageFactory(pool).GetPrototype(
        pool.FindMessageTypeByName("io.cloudevents.v1.CloudEventBatch"))


if __name__ == "__main__":
    unittest.main()
