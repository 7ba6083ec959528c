"""What `selaras stats` counts over real nodes equals what those who made the registers counted."""

import json
import subprocess
import unittest

from agencies import Agencies, SETS, bin_dir, of_set

_FILES = {"intake": "bawaslu.csv", "referral": "bkn.csv", "sanction": "bkpsdm.csv"}
_PLACES = ("not_violation", "not_accepted", "open_at_bawaslu", "awaiting_receipt_bkn",
           "awaiting_bkn", "returned", "dismissed", "awaiting_receipt_ppk", "awaiting_ppk",
           "sanctioned")
_DIMENSIONS = "election,region,place,phase,source,motive,identity,objection"


def _tables(told):
    """Dimension -> value -> number, without zeros."""
    return {table["dimension"].removeprefix("STATISTICS_DIMENSION_").lower():
            {cell["value"]: int(cell["count"]) for cell in table["cells"] if cell["count"] != "0"}
            for table in told["tables"]}


def numbers(told):
    """The answer under the names of expected.json."""
    figures = {figure["name"]: int(figure["count"]) for figure in told["figures"]}
    by = _tables(told)
    return {
        "election": ", ".join(by["election"]),
        "cases": figures["cases"],
        "reports": figures["reports"],
        "forwarded": figures["forwarded"],
        "recommended": figures["recommended"],
        **{place: by["place"].get(place, 0) for place in _PLACES},
        "unidentified": by["identity"].get("open", 0),
        "objections": by["objection"].get("objected", 0),
        "before_penetapan": by["phase"].get("before_penetapan", 0),
        "after_penetapan": by["phase"].get("from_penetapan", 0),
        "coerced": by["motive"].get("dipaksa_atasan", 0),
        "by_region": by["region"],
        "by_source": by["source"],
    }


class Statistics(unittest.TestCase):

    maxDiff = None

    def expect_set(self, name):
        expected = json.loads((SETS / name / "expected.json").read_text(encoding="utf-8"))
        with Agencies(of_set(name)) as agencies:
            nodes = {node.role: node for node in agencies}
            for role, file in _FILES.items():
                agencies.selaras.import_register(nodes[role], SETS / name / file, 10)
                agencies.await_delivery()
            told = self.ask(agencies, nodes["intake"], "--by", _DIMENSIONS)
            counted = numbers(told)
            self.assertEqual(counted, {key: expected[key] for key in counted})
            self.expect_shared(agencies, nodes, expected)
            self.expect_said_of(told)
            self.expect_persons(agencies, nodes["intake"], told)
            self.expect_public(agencies, nodes["intake"])
            agencies.stop()
            self.expect_offline(nodes["intake"], counted)

    def ask(self, agencies, node, *options):
        code, objects, errors = agencies.run(node, "stats", *options)
        self.assertEqual(code, 0, errors)
        self.assertEqual(len(objects), 1)
        return objects[0]

    def expect_shared(self, agencies, nodes, expected):
        """The agencies count the same of what they share, and none counts what is private."""
        for role in ("referral", "sanction"):
            places = _tables(self.ask(agencies, nodes[role], "--by", "place"))["place"]
            for place, count in places.items():
                self.assertEqual(count, expected[place], f"{place} at {role}")
            code, _, errors = agencies.run(nodes[role], "stats", "--by", "motive")
            self.assertNotEqual(code, 0)
            self.assertIn("never leaves Bawaslu", errors)
        self.assertEqual(_tables(self.ask(agencies, nodes["referral"], "--by", "place"))["place"],
                         {place: expected[place] for place in _PLACES[3:] if expected[place]})

    def expect_said_of(self, told):
        """Unit, publisher and as-of of every number."""
        self.assertTrue(told["publisher"])
        for number in told["figures"] + told["tables"]:
            self.assertNotIn("UNSPECIFIED", number["unit"])
            self.assertTrue(number["sections"])
        self.assertTrue(any(log["own"] for log in told["logs"]))
        for log in told["logs"]:
            self.assertTrue(log["own"] or log["verified_at"], log)

    def expect_persons(self, agencies, node, told):
        """As many as there are NIPs in the list of all cases, and who has none is open."""
        code, cases, errors = agencies.run(node, "case", "list")
        self.assertEqual(code, 0, errors)
        figures = {figure["name"]: int(figure["count"]) for figure in told["figures"]}
        nips = [case["respondent"]["nip"] for case in cases]
        self.assertEqual(len(nips), figures["cases"])
        self.assertEqual(figures["identity_open"], nips.count(""))
        self.assertEqual(figures["persons"], len(set(nips) - {""}))
        by_region = self.ask(agencies, node, "--by", "region", "--unit", "person")["tables"][0]
        expected = {}
        for case in cases:
            if case["respondent"]["nip"]:
                expected.setdefault(case["agency_region"], set()).add(case["respondent"]["nip"])
        self.assertEqual({cell["value"]: int(cell["count"]) for cell in by_region["cells"]
                          if cell["count"] != "0"},
                         {region: len(persons) for region, persons in expected.items()})
        self.assertTrue(by_region["several"])

    def expect_public(self, agencies, node):
        told = self.ask(agencies, node, "--public", "--by", "place,region,violation_found")
        for cell in (cell for table in told["tables"] for cell in table["cells"]):
            self.assertTrue(cell["count"] == "0" or int(cell["count"]) >= 5, cell)

    def expect_offline(self, node, counted):
        done = subprocess.run([bin_dir() / "selaras", "--json", "stats", "--store", node.store,
                               "--by", _DIMENSIONS], capture_output=True, text=True, check=True)
        self.assertEqual(numbers(json.loads(done.stdout)), counted)

    def test_of_sumbar2020_equal_what_was_expected(self):
        self.expect_set("sumbar2020")

    def test_of_sumbar2024_equal_what_was_expected(self):
        self.expect_set("sumbar2024")

    def test_of_nasional2020_equal_what_was_expected(self):
        self.expect_set("nasional2020")


if __name__ == "__main__":
    unittest.main()
