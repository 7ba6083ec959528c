"""Registers of several hands over real nodes: what differs is named, brought together, taken back.

Tests with a Q are named after a complaint of users, as those of procedure_test.py.
"""

import collections
import csv
import io
import json
import subprocess
import time
import unittest

from agencies import Agencies, SETS, bin_dir, finish, of_set, seeded
import filing
from foreign import Client, Contracts

_SET = "sumbar2024"
_FILES = {"intake": "bawaslu.csv", "referral": "bkn.csv", "sanction": "bkpsdm.csv"}
_OK, _REFUSED, _UNEQUAL = 0, 3, 7
_KILLED = -9


def rows_of(path):
    """The rows of a register with the lines on which they begin."""
    text = path.read_text(encoding="utf-8-sig")
    reader = csv.reader(io.StringIO(text, newline=""))
    header, rows, line = next(reader), [], reader.line_num + 1
    for cells in reader:
        if any(cells):
            rows.append((line, dict(zip(header, cells))))
        line = reader.line_num + 1
    return rows


def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


def _sent(row):
    """What a row of Bawaslu's and of BKN's register have in common."""
    return row["nomor_surat_penerusan"], row["terlapor_nip"]


class RegistersCase(unittest.TestCase):

    maxDiff = None

    def setUp(self):
        self.agencies = self.enterContext(Agencies(of_set(_SET)))
        self.nodes = {node.role: node for node in self.agencies}

    def path(self, name):
        return self.agencies.path / name

    def ask(self, role, *arguments, code=_OK):
        """The objects that selaras prints; it must end with that code."""
        ended, objects, text = self.agencies.run(self.nodes[role], *arguments)
        self.assertEqual(ended, code, f"{arguments}: {objects} {text}")
        return objects

    def import_good(self, role):
        """Imports the rows of the set that are good. Gives them; the file is <role>.csv."""
        path = SETS / _SET / _FILES[role]
        summary = self.agencies.selaras.import_register(self.nodes[role], path, 240)
        bad = {row["line"] for row in summary["refused"]}
        self.assertEqual(summary["pending"], [])
        good, seen = [], set()
        for line, row in rows_of(path):
            if line not in bad and tuple(row.values()) not in seen:
                seen.add(tuple(row.values()))
                good.append(row)
        self.assertEqual(summary["imported"], len(good))
        write(self.path(f"{role}.csv"), good)
        self.agencies.await_delivery()
        return good

    def import_all(self):
        return {role: self.import_good(role) for role in _FILES}

    def export(self, role, table):
        """The rows that selaras exports as CSV."""
        path = self.path(f"{table}.csv")
        command = [word for word in self.agencies.command(self.nodes[role], "export", table,
                                                          "--out", path) if word != "--json"]
        subprocess.run(command, check=True, capture_output=True)
        return [row for _, row in rows_of(path)]

    def reconcile(self, role, path, code):
        *rows, summary = self.ask(role, "reconcile", "--register", path, code=code)
        return rows, summary

    def expect_equal(self, role, path):
        rows, summary = self.reconcile(role, path, _OK)
        self.assertEqual([row for row in rows if row["result"] != "not_compared"], [])
        return summary

    def log_sizes(self, role):
        """How many entries of each log the node holds."""
        return {log["name"]: log.get("entries_held", log.get("size"))
                for log in self.ask(role, "log", "list")}

    def amend(self, role, path, *options, code=_OK):
        summary = self.ask(role, "import", path, "--amend", *options, code=code)[-1]
        self.agencies.await_delivery()
        return summary


class Registers(RegistersCase):

    def test_q6_a_manual_register_and_an_extract_of_sigaplapor_differ(self):
        manual = self.import_good("intake")
        self.assertEqual(self.expect_equal("intake", self.path("intake.csv"))["equal"], len(manual))

        extract = [dict(row) for row in manual]
        begun = next(row for row in extract if row["hasil"] == "proses")
        begun |= {"hasil": "bukan_pelanggaran", "tanggal_hasil": "2024-12-31"}
        sent = next(row for row in extract if row["hasil"] == "diteruskan")
        sent["terlapor_jabatan"] = "Sekretaris Kecamatan"
        left_out = next(row for row in extract if row["hasil"] == "bukan_pelanggaran"
                        and row["terlapor_nip"] and row is not begun)
        extract.remove(left_out)
        new = dict(sent) | {"nomor_register": "777/Reg/LP/PB/Kab/03.01/XII/2024",
                            "nomor_surat_penerusan": "777/PP.00.02/K.03.01/12/2024"}
        extract.append(new)
        path = write(self.path("sigaplapor.csv"), extract)

        # The rows are named, with what each of the two says.
        rows, summary = self.reconcile("intake", path, _UNEQUAL)
        told = {(row["result"], row["nip"] or row["number"]): row for row in rows}
        self.assertEqual(sorted(row["result"] for row in rows),
                         ["differs", "differs", "missing_here", "missing_there"])
        self.assertIn(("missing_there", left_out["terlapor_nip"]), told)
        here = told["differs", sent["terlapor_nip"]]
        self.assertEqual([(f["field"], f["theirs"]) for f in here["fields"]],
                         [("terlapor_jabatan", "Sekretaris Kecamatan")])
        self.assertEqual(next(row for row in rows if row["result"] == "missing_here")["number"],
                         new["nomor_register"])
        self.assertEqual(summary["differ"], 2)

        # What would be done is shown, and done: corrections, and another outcome.
        summary = self.amend("intake", path, "--dry-run")
        self.assertEqual((len(summary["amended"]), summary["imported"]), (2, 1))
        self.assertEqual(self.reconcile("intake", path, _UNEQUAL)[0], rows)
        summary = self.amend("intake", path)
        self.assertEqual((len(summary["amended"]), summary["imported"]), (2, 1))
        summary = self.amend("intake", path)
        self.assertEqual((summary["amended"], summary["unchanged"]), ([], len(extract)))

        # Once the other side has added the row that it lacked, there is nothing left to say.
        path = write(self.path("sigaplapor.csv"), [*extract, left_out])
        self.expect_equal("intake", path)
        seen = self.ask("referral", "case", "find", "referral-letter",
                        sent["nomor_surat_penerusan"])
        self.assertIn("Sekretaris Kecamatan",
                      [case["respondent"]["position_title"] for case in seen])

    def test_q2_records_of_i_dis_and_the_status_in_sbt_are_compared(self):
        self.import_all()
        for role in ("referral", "sanction"):
            path = self.path("hukdis.csv")
            records = self.export(role, "hukdis")
            objects = self.ask(role, "export", "hukdis")  # the same, as objects
            self.assertEqual([each["skNomor"] for each in objects],
                             [row["skNomor"] for row in records])
            self.assertGreater(len(records), 10)
            self.assertEqual(self.expect_equal(role, path)["equal"], len(records))
            records[0]["skTanggal"] = "01-01-2020"
            lost = records.pop()
            rows, _ = self.reconcile(role, write(path, records), _UNEQUAL)
            self.assertEqual(sorted((row["result"], row["nip"]) for row in rows),
                             [("differs", records[0]["nip"]), ("missing_there", lost["nip"])])
            self.assertEqual([field["field"] for field in rows[0]["fields"]], ["skTanggal"])
        statuses = self.export("referral", "sbt")
        self.assertIn("menunggu PPK", {row["status"] for row in statuses})
        self.expect_equal("referral", self.path("sbt.csv"))
        for role, file in _FILES.items():
            self.expect_equal(role, self.path(f"{role}.csv"))
        # Nothing was recorded since tomorrow.
        self.assertEqual(self.ask("referral", "export", "sbt", "--since", "2100-01-01"), [])

    def test_q12_figures_differ_between_agencies(self):
        self.import_all()
        answers = {}
        for role in _FILES:
            told = self.ask(role, "stats", "--election", "PILKADA-2024", "--published")[0]
            figure = next(each for each in told["figures"] if each["name"] == "recommended")
            self.assertEqual(figure["unit"], "STATISTICS_UNIT_CASE")
            self.assertEqual(figure["contact"], "STATISTICS_CONTACT_HEARD")
            self.assertTrue(told["publisher"])
            logs = {log["log"]: int(log["size"]) for log in told["logs"]}
            self.assertTrue(all(log["own"] or log["verified_at"] for log in told["logs"]))
            answers[role] = (int(figure["count"]), told["publisher"], logs)
            # Published figures stand beside the own ones, with all that is known of each.
            self.assertTrue(told["published"])
            for published in told["published"]:
                self.assertTrue(published["publisher"] and published["unit"] and published["value"])
                self.assertNotEqual(published["publisher"], told["publisher"])
        self.assertEqual(len({count for count, _, _ in answers.values()}), 1, answers)
        self.assertEqual(len({publisher for _, publisher, _ in answers.values()}), 3)
        # The same number, up to the same place of the log of those who recommend.
        name = self.nodes["referral"].name
        self.assertEqual(len({logs[name] for _, _, logs in answers.values()}), 1, answers)

    def test_what_a_report_says_is_corrected_for_all_its_cases_and_back_again(self):
        manual = self.import_good("intake")
        sizes = self.log_sizes("referral")
        of_report = collections.Counter(row["nomor_register"] for row in manual)
        number = next(row["nomor_register"] for row in manual if row["pelapor_nama"] and row["modus"]
                      and row["tanggal_diketahui"] < row["tanggal_diterima"]
                      and of_report[row["nomor_register"]] > 1)
        told = {"tanggal_diterima": None, "tempat_kejadian": "balai nagari", "uraian": "Lain cerita",
                "pelapor_telepon": "080000000009", "bukti_sha256": "ab" * 32, "sumber": "wbs"}
        now = [dict(row) for row in manual]
        for row in now:
            if row["nomor_register"] == number:
                row |= told | {"tanggal_diterima": row["tanggal_diketahui"]}
        one = next(row for row in now if row["nomor_register"] == number)
        one["modus"] = "karier" if one["modus"] != "karier" else "utang_budi"
        there, back = self.path("now.csv"), self.path("before.csv")
        write(there, now)
        write(back, manual)

        def by_source():
            answer = self.ask("intake", "stats", "--by", "report-source", "--election",
                              one["pemilihan"])[0]
            return {cell.get("value", ""): int(cell.get("count", 0))
                    for cell in answer["tables"][0]["cells"]}

        before = by_source()
        for path, rows in (there, now), (back, manual), (there, now):
            summary = self.amend("intake", path)
            # The first row corrects the report, and with it what the others show.
            self.assertLessEqual(len(summary["amended"]), 2)
            self.assertGreaterEqual(len(summary["amended"]), 1)
            self.assertEqual(self.amend("intake", path)["unchanged"], len(rows))
            self.expect_equal("intake", path)
        self.assertEqual(by_source()["wbs"], before.get("wbs", 0) + 1)
        report = self.ask("intake", "case", "find", "register", number)[0]["report_id"]
        shown = self.ask("intake", "report", "show", report)[0]
        self.assertEqual(shown["place"], "balai nagari")
        steps = collections.Counter(step["fact_name"] for step in shown["steps"])
        self.assertEqual(steps["report_received"], 1)
        self.assertGreaterEqual(steps["fact_corrected"], 6)  # shared and private, three times
        # Nothing of it went to others.
        self.agencies.await_delivery()
        self.assertEqual(self.log_sizes("referral"), sizes)

    def test_what_others_have_acknowledged_is_refused_and_the_rest_goes_on(self):
        manual = self.import_good("intake")
        received = {_sent(row) for row in self.import_good("referral")}
        now = [dict(row) for row in manual]
        sent = next(row for row in now if _sent(row) in received)
        sent |= {"hasil": "bukan_pelanggaran", "nomor_surat_penerusan": ""}
        begun = next(row for row in now if row["hasil"] == "proses")
        begun |= {"hasil": "bukan_pelanggaran", "tanggal_hasil": "2024-12-31"}
        summary = self.amend("intake", write(self.path("now.csv"), now), code=_REFUSED)
        self.assertEqual(len(summary["amended"]), 1)
        self.assertEqual([row["nomor_register"] for row in summary["refused"]],
                         [sent["nomor_register"]])
        self.assertIn("acknowledged", summary["refused"][0]["why"])

    def test_an_import_is_undone_as_far_as_nobody_has_acknowledged_it(self):
        manual = self.import_good("intake")
        received = {_sent(row) for row in self.import_good("referral")}
        stays = sum(_sent(row) in received for row in manual)
        empty = sum(not row["hasil"] for row in manual)
        path = self.path("intake.csv")
        batch = self.ask("intake", "import", path)[-1]["batch"]
        self.ask("intake", "import", "undo", "0" * 16, path, code=1)
        tried = self.ask("intake", "import", "undo", batch, path, "--dry-run", code=_REFUSED)[-1]
        summary = self.ask("intake", "import", "undo", batch, path, code=_REFUSED)[-1]
        self.assertEqual(tried["undone"], summary["undone"])
        self.assertEqual(len(summary["refused"]), stays)
        self.assertEqual(summary["undone"], len(manual) - stays - empty)
        again = self.ask("intake", "import", "undo", batch, path, code=_REFUSED)[-1]
        self.assertEqual(again["undone"], 0)
        # The same file comes back as the next generation.
        summary = self.amend("intake", path)
        self.assertEqual(len(summary["amended"]), len(manual) - stays - empty)
        self.expect_equal("intake", path)
        self.agencies.await_delivery()
        self.expect_equal("referral", self.path("referral.csv"))

    def test_what_was_undone_as_a_whole_comes_back(self):
        self.import_good("intake")
        rows = self.import_good("referral")
        path = self.path("referral.csv")
        batch = self.ask("referral", "import", path)[-1]["batch"]
        summary = self.ask("referral", "import", "undo", batch, path)[-1]
        self.assertEqual(summary["undone"], len(rows))
        self.assertEqual(len(self.amend("referral", path)["amended"]), len(rows))
        self.expect_equal("referral", path)

    def test_an_undo_leaves_alone_what_no_import_recorded(self):
        self.import_good("intake")
        role = self.nodes["referral"]
        row = next(row for _, row in rows_of(SETS / _SET / _FILES["referral"])
                   if row["lembaga"] == "BKN" and not row["hasil_verifikasi"])
        found = self.ask("referral", "case", "find", "referral-letter", row["nomor_surat_penerusan"],
                         "--nip", row["terlapor_nip"])
        contracts = Contracts()
        with Client(contracts, role.address, self.agencies.pki,
                    f"{role.certificate}-entry") as client:
            client.call("selaras.referral.v1.ReferralService/ExecuteBatch", {
                "header": filing.header("bkn"),
                "commands": [{"receive_case": {
                    "case_id": found[0]["case_id"], "agenda_number": row["nomor_agenda"],
                    "occurred_at": filing.on(row["tanggal_terima"])}}]})
        path = write(self.path("typed.csv"), [row])
        self.expect_equal("referral", path)
        batch = self.ask("referral", "import", path, "--amend")[-1]["batch"]
        summary = self.ask("referral", "import", "undo", batch, path, code=_REFUSED)[-1]
        self.assertEqual(summary["undone"], 0)
        self.assertIn("no import recorded it", summary["refused"][0]["why"])
        self.expect_equal("referral", path)

    def test_an_amendment_that_is_killed_and_repeated_ends_in_the_same_state(self):
        chance = seeded()
        manual = self.import_good("intake")
        now = [dict(row) for row in manual]
        for row in now:
            row["instansi"] = f"{row['instansi']} (baru)"
            if row["hasil"] == "proses":
                row |= {"hasil": "bukan_pelanggaran", "tanggal_hasil": "2024-12-31"}
        path = write(self.path("now.csv"), now)
        killed = 0
        while True:
            process = self.agencies.spawn(self.nodes["intake"], "import", path, "--amend",
                                          "--in-flight", "2")
            if killed < 4:
                time.sleep(chance.uniform(0.1, 1.0))
                process.kill()
            code, objects, text = finish(process)
            if code != _KILLED:
                self.assertEqual(code, _OK, text)
                break
            killed += 1
        print(f"killed {killed} times", flush=True)
        self.expect_equal("intake", path)
        self.assertEqual(self.amend("intake", path)["unchanged"], len(manual))
        # Each fact was corrected once, whatever was repeated.
        self.agencies.stop()
        done = subprocess.run(
            [bin_dir() / "selaras", "--json", "log", "list", "--store", self.nodes["intake"].store,
             "--log", self.nodes["intake"].name], capture_output=True, text=True, check=True)
        facts = [json.loads(line)["event"]["fact"] for line in done.stdout.splitlines()]
        corrected = [fact["fact_corrected"]["position"]["sequence"] for fact in facts
                     if "fact_corrected" in fact]
        self.assertEqual(len(corrected), len(set(corrected)))


if __name__ == "__main__":
    unittest.main()
