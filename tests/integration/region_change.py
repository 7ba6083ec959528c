"""Cases of a PPK whose region changes: the tables that the tests of it alter, and a case under way."""

import pathlib
import shutil
import tempfile

from agencies import ROOT
import filing
from foreign import as_dict
from procedure_test import ProcedureCase

# D-29: how long a PPK has, so that it shows who is late.
FOLLOW_UP = {"follow_up.tsv": [("*", "10", "hari_kerja", "-2,0,7", "uji", "R", "", "")]}


class RegionChangeCase(ProcedureCase):
    """Of ppk/13.04 in the folder sanction-13.04; the nodes `reached` hear of what it does."""

    rows = {}
    reached = ()

    @classmethod
    def make_reference(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="selaras-"))
        reference = pathlib.Path(folder) / "reference"
        shutil.copytree(ROOT / "deploy/reference", reference)
        for name, rows in (cls.rows | FOLLOW_UP).items():
            with open(reference / name, "a", encoding="utf-8") as table:
                table.writelines("\t".join(row) + "\n" for row in rows)
        return reference

    def summoned(self):
        """A case that the PPK has and works on."""
        case_id = self.recommend()
        self.ppk("13.04",
                 {"receive_recommendation": {"case_id": case_id, "agenda_number": "1/2024",
                                             "occurred_at": filing.on("2024-10-24")}},
                 {"summon_respondent": {"case_id": case_id,
                                        "occurred_at": filing.on("2024-10-28")}})
        for folder in self.reached:
            self.await_state(folder, case_id, "SUMMONED")
        return case_id

    def deadlines(self, folder, case_id, rule):
        answer = self.clients[folder].call("selaras.query.v1.QueryService/ListDeadlines",
                                           {"case_id": case_id})
        return [as_dict(each) for each in answer.deadlines if each.id == rule]
