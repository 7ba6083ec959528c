"""Nothing is called delivered that has still to arrive."""

import unittest

import world
import delivery  # pylint: disable=wrong-import-order


def pair():
    return [world.status("bkn", 3, [("ppk", 5)]), world.status("ppk", 5, [("bkn", 3)])]


class Delivery(unittest.TestCase):

    def test_is_complete_when_every_side_has_everything(self):
        self.assertEqual(delivery.missing(pair()), [])
        self.assertEqual(delivery.faults(pair()), [])
        self.assertEqual([delivery.shared_size(status) for status in pair()], [3, 5])

    def test_is_not_complete_while_one_thing_is_missing(self):
        for field, value, text in (
                ("connected", False, "not connected"),
                ("caught_up", False, "has not sent everything"),
                ("received_size", "4", "received 4 of 5"),
                ("arrived_size", "2", "2 of 3 entries have arrived"),
                ("disclosed_arrived", "1", "1 of 2 disclosed")):
            with self.subTest(field):
                statuses = pair()
                statuses[0]["links"][0][field] = value
                missing = delivery.missing(statuses)
                self.assertEqual(len(missing), 1, missing)
                self.assertIn(text, missing[0])
                self.assertIn("bkn and ppk", missing[0])

    def test_waits_for_the_views(self):
        statuses = pair()
        statuses[1]["projected"] = False
        self.assertEqual(delivery.missing(statuses), ["ppk has yet to take in what it holds"])

    def test_is_believed_when_two_looks_in_a_row_have_seen_the_same(self):
        watch = delivery.Watch()
        self.assertTrue(watch.left(pair()))
        self.assertEqual(watch.left(pair()), [])

    def test_is_not_believed_while_a_node_has_taken_in_more_since_the_last_look(self):
        watch, later = delivery.Watch(), pair()
        later[0]["logs"].append({"log": "ppk", "size": "5", "entries_held": "2", "mirror": True})
        self.assertTrue(watch.left(pair()))
        self.assertTrue(watch.left(later))
        self.assertEqual(watch.left(later), [])

    def test_is_not_believed_after_a_look_that_missed_something(self):
        watch, busy = delivery.Watch(), pair()
        busy[1]["projected"] = False
        self.assertEqual(watch.left(busy), ["ppk has yet to take in what it holds"])
        self.assertTrue(watch.left(pair()))
        self.assertEqual(watch.left(pair()), [])

    def test_names_the_fault_of_a_link(self):
        statuses = pair()
        statuses[0]["links"][0]["fault"] = "fork"
        self.assertEqual(delivery.faults(statuses), ["the link of bkn to ppk stopped: fork"])


if __name__ == "__main__":
    unittest.main()
