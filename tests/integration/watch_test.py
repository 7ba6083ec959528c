"""Time limits are watched by real nodes: each rung is stated once, and none for the past."""

import csv
import datetime
import pathlib
import signal
import subprocess
import tempfile
import unittest

from agencies import Agencies, SETS, await_true, of_set
import filing
from foreign import Client, Contracts

_AUTHORITIES = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"], "sanction": ["ppk/13.04"]}
_WIB = datetime.timezone(datetime.timedelta(hours=7))


def days_ago(count):
    return (datetime.datetime.now(_WIB) - datetime.timedelta(days=count)).date().isoformat()


class NewCases(unittest.TestCase):

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.contracts = Contracts()
        cls.agencies = cls.enterClassContext(Agencies(_AUTHORITIES))

    def execute(self, folder, authority, *commands):
        role = folder.title()
        with Client(self.contracts, self.agencies[folder].address, self.agencies.pki,
                    f"{folder}-entry") as client:
            return client.call(f"selaras.{folder}.v1.{role}Service/ExecuteBatch",
                               {"header": filing.header(authority),
                                "commands": list(commands)}).outcome.case_id

    def rungs(self, folder, case_id):
        code, objects, text = self.agencies.run(self.agencies[folder], "case", "timeline", case_id)
        self.assertEqual(code, 0, text)
        return [step for step in objects if step["fact_name"] == "deadline_rung_reached"]

    def refer(self, number):
        return self.execute("intake", "bawaslu/13", *filing.opened(), *filing.concluded(),
                            *filing.referred(number))

    def test_a_rung_is_stated_once_though_its_watcher_is_killed_and_all_parties_see_it(self):
        case_id = self.refer("001/W/2024")
        self.agencies.await_delivery()
        # BKN has 7 days to verify what it received, and Bawaslu speaks 2 days before: today.
        received = days_ago(5)
        self.execute("referral", "bkn", {"receive_case": {
            "case_id": case_id, "agenda_number": "AG-1/2024", "occurred_at": filing.on(received)}})
        first = await_true("the rung at BKN", lambda: self.rungs("referral", case_id))
        reached = first[0]["fact"]["deadline_rung_reached"]
        self.assertEqual((first[0]["author"], reached["deadline"], int(reached["rung"])),
                         ("bawaslu/13", "D-10", -2))
        self.assertEqual((reached["anchor_on"], reached["duty"], reached["seen"]["log"]),
                         (received, "bkn", self.agencies["referral"].name))
        for number in (signal.SIGKILL, signal.SIGTERM):
            self.agencies.end(self.agencies["intake"], number)
            self.agencies.start_again(self.agencies["intake"])
            self.refer(f"{number.name}/W/2024")  # what comes after a restart is watched, too
            self.agencies.await_delivery()
        for folder in ("intake", "referral"):
            self.assertEqual(len(self.rungs(folder, case_id)), 1, folder)


    def worklist(self):
        """BKN's worklist as a table: its columns, and its rows by case."""
        done = subprocess.run(
            self.agencies.command(self.agencies["referral"], "worklist", "--authority", "bkn",
                                  "--csv"), capture_output=True, text=True, check=True)
        table = csv.DictReader(done.stdout.splitlines())
        return table.fieldnames, {row["id_kasus"]: row for row in table}

    def import_table(self, columns, rows):
        with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
            file.flush()
            summary = self.agencies.selaras.import_register(
                self.agencies["referral"], pathlib.Path(file.name), 30)
        return summary["imported"], summary["unchanged"], summary["refused"]

    def test_a_worklist_that_is_filled_in_makes_its_commands_once(self):
        case_id = self.refer("002/W/2024")
        columns, rows = await_true("the case in BKN's worklist", lambda: (
            lambda table: table if case_id in table[1] else None)(self.worklist()))
        row = rows[case_id]
        self.assertEqual((row["keadaan"], row["perintah_boleh"], row["terlapor_nama"]),
                         ("referred", "ReceiveCase", "Citra Contoh"))
        filled = [*(other for other in rows.values() if other is not row),
                  row | {"perintah": "ReceiveCase", "tanggal": days_ago(1), "nomor": "AG-2/2024"},
                  row | {"perintah": "VerifyCase", "tanggal": days_ago(0), "kode": "ya"},
                  row | {"perintah": "DecideSanction"}]
        imported, unchanged, refused = self.import_table(columns, filled)
        self.assertEqual((imported, unchanged, [each["column"] for each in refused]),
                         (2, 0, ["perintah"]))
        imported, unchanged, refused = self.import_table(columns, filled)
        self.assertEqual((imported, unchanged, len(refused)), (0, 2, 1))
        code, objects, text = self.agencies.run(
            self.agencies["referral"], "case", "show", case_id)
        self.assertEqual(code, 0, text)
        self.assertEqual(objects[0]["state"], "CASE_STATE_VERIFIED")
        self.assertEqual(objects[0]["since"]["date"], days_ago(0))


class OldCases(unittest.TestCase):

    maxDiff = None

    def test_importing_1010_old_cases_states_no_rung(self):
        with Agencies(of_set("nasional2020")) as agencies:
            imported = 0
            for role, name in (("intake", "bawaslu"), ("referral", "bkn"), ("sanction", "bkpsdm")):
                node = next(node for node in agencies if node.folder.name == role)
                summary = agencies.selaras.import_register(
                    node, SETS / "nasional2020" / f"{name}.csv", 30)
                if role == "intake":
                    imported = int(summary["imported"])
                agencies.await_delivery()
            self.assertEqual(imported, 1010)
            agencies.stop()
            for node in agencies:
                stated = [entry["position"] for entry in agencies.own_entries(node)
                          if entry["event"]["fact"].keys()
                          & {"deadline_rung_reached", "deadline_recomputed"}]
                self.assertEqual(stated, [], node.name)


if __name__ == "__main__":
    unittest.main()
