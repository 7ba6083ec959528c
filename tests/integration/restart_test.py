"""Links go on after a restart of either side, and what is shown meanwhile says how old it is."""

import datetime
import signal
import subprocess
import time
import unittest

from agencies import Agencies, PATIENCE, await_true
import filing
from foreign import Client, Contracts

_AUTHORITIES = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"], "sanction": ["ppk/13.04"]}
_ALL = tuple(_AUTHORITIES)


class RestartCase(unittest.TestCase):

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.contracts = Contracts()
        cls.agencies = cls.enterClassContext(Agencies(_AUTHORITIES))
        cls.letters = 0
        cls.case_id = cls.file_referral()
        cls.agencies.await_delivery()

    @classmethod
    def file_referral(cls):
        """A new case that Bawaslu sends to BKN. A connection of its own: the node may be new."""
        cls.letters += 1
        node = cls.agencies["intake"]
        with Client(cls.contracts, node.address, cls.agencies.pki, "intake-entry") as client:
            return client.call(
                "selaras.intake.v1.IntakeService/ExecuteBatch",
                filing.intake_batch(*filing.opened(), *filing.concluded(),
                                    *filing.referred(f"{cls.letters:03}/X/2024"))).outcome.case_id

    def ask(self, folder, *arguments):
        """What selaras prints, asked of a node."""
        code, objects, text = self.agencies.run(self.agencies[folder], *arguments)
        self.assertEqual(code, 0, text)
        return objects

    def link(self, folder, peer):
        """The line of `link list` at one node about another."""
        name = self.agencies[peer].name
        return next(link for link in self.ask(folder, "link", "list") if link["peer"] == name)

    def case(self, folder, case_id):
        return self.ask(folder, "case", "show", case_id)[0]

    def section(self, folder, case_id, name):
        return next(section for section in self.case(folder, case_id)["sections"]
                    if section["name"] == name)

    def await_case(self, folder, case_id):
        await_true(f"case {case_id} at {folder}", lambda: self.agencies.run(
            self.agencies[folder], "case", "show", case_id)[0] == 0)


class Restart(RestartCase):

    def expect_arrived(self):
        """Everything is where it may be, and every node says so of each of its links."""
        self.agencies.await_delivery()
        sizes = {name: int(self.ask(name, "checkpoint", "show")[0]["checkpoint"].split("\n")[1])
                 for name in _ALL}
        for name in _ALL:
            for peer in _ALL:
                if peer == name:
                    continue
                link = self.link(name, peer)
                self.assertEqual((link["connected"], link["caught_up"], link["fault"]),
                                 (True, True, ""))
                self.assertEqual(int(link["arrived_size"]), sizes[name])
                self.assertEqual(int(link["received_size"]), sizes[peer])
                self.assertEqual(link["disclosed_arrived"], link["disclosed"])

    def test_a_link_resumes_whichever_side_was_stopped_or_killed(self):
        for name in ("referral", "intake", "sanction"):
            for number in (signal.SIGTERM, signal.SIGKILL):
                with self.subTest(node=name, signal=number.name):
                    node = self.agencies[name]
                    self.agencies.end(node, number)
                    if name != "intake":
                        self.file_referral()  # something that it misses
                    self.agencies.start_again(node)
                    last = self.file_referral()
                    self.expect_arrived()
                    self.assertEqual(self.case("referral", last)["state"], "CASE_STATE_REFERRED")

    def test_links_resume_when_all_nodes_were_down_in_whatever_order_they_come_back(self):
        for order in (("referral", "intake", "sanction"), ("sanction", "intake", "referral")):
            with self.subTest(order=order):
                for name in _ALL:
                    self.agencies.end(self.agencies[name], signal.SIGKILL)
                for name in order:
                    self.agencies.start_again(self.agencies[name])
                last = self.file_referral()
                self.expect_arrived()
                self.assertEqual(self.case("referral", last)["state"], "CASE_STATE_REFERRED")


class LinkThatIsDown(RestartCase):

    def test_arrived_is_shown_beside_the_case_and_is_not_received(self):
        bkn = self.agencies["referral"]
        self.agencies.end(bkn, signal.SIGTERM)
        case_id = self.file_referral()
        self.assertIs(self.link("intake", "referral")["connected"], False)
        (arrival,) = self.case("intake", case_id)["arrivals"]
        self.assertEqual((arrival["peer"], arrival["arrived"]), (bkn.name, False))
        self.agencies.start_again(bkn)
        await_true("the arrival of the referral", lambda: all(
            arrival["arrived"] for arrival in self.case("intake", case_id)["arrivals"]))
        shown = self.case("intake", case_id)
        self.assertEqual(shown["state"], "CASE_STATE_REFERRED")
        self.assertEqual((shown["holder"], shown["waiting_for"]), ("bawaslu/13", "bkn"))

    def test_the_other_sections_are_shown_as_of_when_they_were_last_verified(self):
        intake = self.agencies["intake"]
        self.agencies.await_delivery()
        self.agencies.end(intake, signal.SIGTERM)
        ended = time.time()
        before = self.section("referral", self.case_id, "intake")
        self.assertLessEqual(_seconds(before["verified_at"]), ended)
        link = await_true("the link to be down", lambda: self.down("referral", "intake"))
        self.assertEqual(link["verified_at"], before["verified_at"])
        time.sleep(1.1)  # times are shown in whole seconds
        after = self.section("referral", self.case_id, "intake")
        self.assertEqual(after, before, "it grew younger while the link was down")
        self.assertIn(_shown(before["verified_at"]), self.as_people_see_it("referral"))

        self.agencies.start_again(intake)
        new = self.file_referral()
        self.await_case("referral", new)
        again = self.section("referral", self.case_id, "intake")
        self.assertGreater(_seconds(again["verified_at"]), _seconds(before["verified_at"]))
        self.assertGreater(int(again["verified_size"]), int(before["verified_size"]))

    def test_the_own_section_is_shown_without_an_age(self):
        section = self.section("intake", self.case_id, "intake")
        self.assertFalse(section.get("verified_at"))

    def down(self, folder, peer):
        link = self.link(folder, peer)
        return None if link["connected"] else link

    def as_people_see_it(self, folder):
        command = [word for word in self.agencies.command(
            self.agencies[folder], "case", "show", self.case_id) if word != "--json"]
        return subprocess.run(command, capture_output=True, text=True, check=True,
                              timeout=PATIENCE).stdout


def _seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def _shown(text):
    """As the table shows a time: the hour and minute of it."""
    return text[11:16]


if __name__ == "__main__":
    unittest.main()
