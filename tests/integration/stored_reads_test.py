"""What a node says of cases and reports can be read from its store when it does not run."""

import json
import subprocess
import unittest

from agencies import Agencies
import filing
from filed import Filed, file_all
from foreign import Client, Contracts

_AUTHORITIES = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"], "sanction": ["ppk/13.04"]}
# What only a running node knows: its links, and what may be sent to it.
_OF_THE_NODE = ("allowed_commands", "arrivals")


def comparable(case):
    kept = {key: value for key, value in case.items() if key not in _OF_THE_NODE}
    kept["sections"] = [{key: value for key, value in section.items() if key != "verified_at"}
                        for section in case["sections"]]
    return kept


class StoredReads(unittest.TestCase):

    maxDiff = None

    def read(self, node, *arguments):
        """What selaras prints of the store of a node that does not run."""
        done = subprocess.run(
            [self.agencies.selaras.program, "--json", *arguments, "--store", node.store],
            capture_output=True, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_a_store_tells_what_its_node_told_and_never_who_reported(self):
        contracts = Contracts()
        with Agencies(_AUTHORITIES) as self.agencies:
            agencies = self.agencies

            def connect(folder):
                node = agencies[folder]
                return Client(contracts, node.address, agencies.pki, f"{node.certificate}-entry")

            one = Filed("31", "13.04", "198001012005011001", ("intake", "referral", "sanction"))
            file_all(agencies, connect, [
                one, Filed("32", "13.04", "199210142020122013", ("intake", "referral"))])
            running = {node.role: agencies.selaras.cases(node) for node in agencies}
            steps = agencies.selaras.timeline(agencies["referral"], one.case_id)
            agencies.stop()
            for node in agencies:
                with self.subTest(node.role):
                    stored = self.read(node, "case", "list")
                    self.assertEqual([comparable(case) for case in stored],
                                     [comparable(case) for case in running[node.role]])
            self.assertEqual(self.read(agencies["referral"], "case", "timeline", one.case_id), steps)
            shown = self.read(agencies["intake"], "case", "show", one.case_id[:8])
            self.assertEqual(shown[0]["register_number"], one.kept["register"])
            deadlines = self.read(agencies["sanction"], "case", "deadlines", one.case_id)
            self.assertIn("D-16", [row["id"] for row in deadlines[0]["deadlines"]])
            reports = self.read(agencies["intake"], "report", "list")
            self.assertEqual(len(reports), 2)
            text = json.dumps(reports)
            for key in ("reporter", "address", "phone", "chronology"):
                self.assertNotIn(one.kept[key], text)
            self.assertIn(filing.report()["election"], text)


if __name__ == "__main__":
    unittest.main()
