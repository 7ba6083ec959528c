"""Cases are counted where they stand."""

import json
import unittest

import world
import census  # pylint: disable=wrong-import-order


class Census(unittest.TestCase):

    def test_counts_every_number_of_a_set(self):
        counted = census.count(world.four_cases(), [{}, {}, {}])
        self.assertEqual(counted, {
            "election": "PILKADA-2024", "cases": 4, "reports": 3, "forwarded": 3,
            "not_violation": 0, "not_accepted": 0, "open_at_bawaslu": 1, "unidentified": 1,
            "awaiting_receipt_bkn": 1, "awaiting_bkn": 0, "returned": 0, "dismissed": 0,
            "recommended": 2, "awaiting_receipt_ppk": 0, "awaiting_ppk": 1, "sanctioned": 1,
            "objections": 1, "before_penetapan": 3, "after_penetapan": 1, "coerced": 1,
            "by_region": {"13.01": 1, "13.04": 3}, "by_source": {"laporan": 3, "temuan": 1}})

    def test_has_the_numbers_of_every_expected_json_and_no_others(self):
        numbers = {**census.count([], []), **census.import_numbers([])}
        for path in sorted((world.ROOT / "tests/data/registers").glob("*/expected.json")):
            expected = json.loads(path.read_text(encoding="utf-8"))
            self.assertEqual(set(expected), {"set", *numbers}, path)

    def test_knows_every_state_of_the_contract_but_unspecified(self):
        proto = (world.ROOT / "proto/selaras/query/v1/query.proto").read_text(encoding="utf-8")
        states = {word for word in proto.split() if word.startswith("CASE_STATE_")}
        self.assertEqual(states - {"CASE_STATE_UNSPECIFIED"}, set(census.STAGE_OF))

    def test_puts_every_state_in_one_stage_only(self):
        for state, its_stage in census.STAGE_OF.items():
            if its_stage == "notice":
                continue
            counted = census.count([world.case(1, state.removeprefix("CASE_STATE_"))], [])
            stages = {stage: counted[stage] for stage in set(census.STAGE_OF.values()) - {"notice"}}
            self.assertEqual(sum(stages.values()), 1, state)
            self.assertEqual(counted["forwarded"] + counted["open_at_bawaslu"] +
                             counted["not_accepted"] + counted["not_violation"], 1, state)

    def test_counts_no_notice_as_a_case(self):
        counted = census.count([world.case(1, "NOTICED"), world.case(2, "NOTICE_RECEIVED")], [])
        self.assertEqual((counted["cases"], counted["forwarded"]), (0, 0))

    def test_refuses_to_guess_where_an_unknown_state_belongs(self):
        with self.assertRaises(KeyError):
            census.count([world.case(1, "LOST")], [])

    def test_lists_bad_rows_by_file_then_number_without_what_only_the_import_says(self):
        def row(number, column):
            return {"nomor_register": number, "line": 7, "column": column, "why": "so",
                    "differences": []}
        numbers = census.import_numbers([
            world.import_summary(refused=[row("10/Reg", "a"), row("9/Reg", "b")], duplicates=2),
            world.import_summary(refused=[row("1/SP", "c")], duplicates=1)])
        self.assertEqual(numbers["duplicate_rows"], 3)
        self.assertEqual(numbers["bad_rows"], [
            {"nomor_register": "9/Reg", "column": "b", "why": "so"},
            {"nomor_register": "10/Reg", "column": "a", "why": "so"},
            {"nomor_register": "1/SP", "column": "c", "why": "so"}])

    def test_lists_rows_whose_case_never_came(self):
        pending = {"nomor_register": "1/SP", "line": 7, "column": "", "why": "no case",
                   "differences": []}
        self.assertEqual(
            census.pending_rows([world.import_summary(), world.import_summary(pending=[pending])]),
            [{"nomor_register": "1/SP", "why": "no case"}])

    def test_shows_the_case_that_came_furthest_and_none_of_no_cases(self):
        self.assertEqual(census.furthest(world.four_cases())["state"], "CASE_STATE_OBJECTED")
        self.assertIsNone(census.furthest([]))


if __name__ == "__main__":
    unittest.main()
