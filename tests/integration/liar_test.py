"""Peers that serve forged histories over the real link: each is refused, with both statements where there
are two; nobody else is affected, and what is no fork goes on once an operator says so."""

import unittest

from agencies import Agencies, await_true
import filing
from foreign import Client, Contracts, Refused
from liar import Key, Liar, history

# One liar per lie: what one has told stays with it.
_LIARS = [f"13.{number:02}" for number in range(1, 8)]
_AUTHORITIES = {"intake": ["bawaslu/13"], "referral": ["bkn", "kasn"],
                **{f"sanction-{region}": [f"ppk/{region}"] for region in _LIARS}}
_HELD = 6  # entries that the victim holds of every liar before it lies
_SERVING, _NOT_SERVING = 1, 2


class LyingNode(unittest.TestCase):

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.contracts = Contracts()
        cls.agencies = cls.enterClassContext(
            Agencies(_AUTHORITIES, ["ops:bkn:referral-ops"], start=False))
        for region in _LIARS:
            cls.agencies[f"sanction-{region}"].runs = False
        cls.agencies.fleet.start()
        cls.victim = cls.agencies["referral"]

    @classmethod
    def liar(cls, region):
        """A liar that has been honest up to here."""
        liar = Liar(cls.contracts, cls.agencies.pki, cls.agencies[f"sanction-{region}"])
        entries = history(liar.node.name, _HELD)
        with liar.dial(cls.victim) as line:
            line.say(liar.hello())
            line.hear("follow")
            line.say(liar.leaves(entries), liar.caught_up(entries))
            line.hear_size(_HELD)
        return liar, entries

    def tell(self, liar, *frames):
        """Says it in a new session. Gives what the victim says of it, and shows of the link then."""
        with liar.dial(self.victim) as line:
            line.say(liar.hello())
            line.hear("follow")
            line.say(*frames)
            said = line.hear("contradiction")
        return said, await_true("the end of the session", lambda: self.ended(liar))

    def ended(self, liar):
        link = self.link(liar.node.name)
        return link if link["fault"] and not link["connected"] else None

    def link(self, peer):
        code, objects, text = self.agencies.run(self.victim, "link", "show", peer)
        self.assertEqual(code, 0, text)
        return objects[0]

    def resume(self, liar, *reason):
        return self.agencies.run(self.victim, *self.agencies.certificate("referral-ops"), "link",
                                 "resume", liar.node.name, "--reason", *(reason or ["a test"]))

    def health(self, part):
        with Client(self.contracts, self.victim.address, self.agencies.pki,
                    "referral-ops") as client:
            return client.call("grpc.health.v1.Health/Check", {"service": part}).status

    def expect_stopped(self, liar, said, link, why, given=None, held=None, forked=False):
        self.assertIn(why, said.reason)
        self.assertIn(why, link["fault"])
        self.assertEqual((link["stopped"], link["forked"]), (True, forked))
        self.assertEqual((link["given"], link["held"]), (given or "", held or ""))
        self.assertEqual((said.given, said.held), (given or "", held or ""))
        self.assertEqual(int(link["received_size"]), _HELD)
        self.assertEqual(self.health(f"link/{liar.node.name}"), _NOT_SERVING)
        # It stands still: whoever dials is not heard.
        with liar.dial(self.victim) as line:
            line.say(liar.hello())
            self.assertIsNone(line.hear("follow"))
        self.expect_others_unharmed()

    def expect_others_unharmed(self):
        link = await_true("the link to Bawaslu", lambda: self.up("bawaslu-13"))
        self.assertEqual((link["fault"], link["stopped"]), ("", False))
        self.assertEqual(self.health("link/bawaslu-13"), _SERVING)
        self.assertEqual(self.health(""), _SERVING)
        with Client(self.contracts, self.agencies["intake"].address, self.agencies.pki,
                    "intake-entry") as client:
            client.call("selaras.intake.v1.IntakeService/ExecuteBatch",
                        filing.intake_batch(*filing.opened()))
        size = next(log["size"] for log in self.agencies.selaras.status(
            self.agencies["intake"])["logs"] if log["log"] == "bawaslu-13")
        await_true("what Bawaslu writes",
                   lambda: int(self.link("bawaslu-13")["received_size"]) >= int(size))

    def up(self, peer):
        link = self.link(peer)
        return link if link["connected"] else None

    def expect_goes_on(self, liar):
        """After the operator's word, with what is true."""
        code, _, text = self.resume(liar)
        self.assertEqual(code, 0, text)
        self.assertEqual(self.health(f"link/{liar.node.name}"), _SERVING)
        entries = history(liar.node.name, _HELD + 4)
        with liar.dial(self.victim) as line:
            line.say(liar.hello())
            self.assertEqual(line.hear("follow").size, _HELD)
            line.say(liar.leaves(entries, _HELD), liar.disclosed((_HELD, entries[_HELD])),
                     liar.caught_up(entries, disclosed=1))
            line.hear_size(len(entries))
            link = await_true("the end of the fault", lambda: self.without_fault(liar))
        self.assertEqual(int(link["received_size"]), len(entries))
        log = self.victim.log.read_text(encoding="utf-8")
        self.assertIn("link resumed", log)
        self.assertIn("a test", log)

    def without_fault(self, liar):
        link = self.link(liar.node.name)
        return link if not link["fault"] and link["connected"] else None

    def test_another_root_of_the_same_size_is_a_fork_and_cannot_go_on(self):
        liar, entries = self.liar("13.01")
        forged = history(liar.node.name, _HELD, "false")
        said, link = self.tell(liar, liar.caught_up(forged))
        self.expect_stopped(liar, said, link, "", liar.checkpoint(forged), liar.checkpoint(entries),
                            forked=True)
        code, _, text = self.resume(liar)
        self.assertEqual(code, 1)
        self.assertIn("took two courses", text)
        # Also after a restart.
        self.agencies.end(self.victim, 9)
        self.agencies.start_again(self.victim)
        again = self.link(liar.node.name)
        self.assertEqual((again["stopped"], again["forked"]), (True, True))
        self.assertEqual(self.health(f"link/{liar.node.name}"), _NOT_SERVING)

    def test_a_longer_history_that_does_not_contain_the_held_one(self):
        liar, entries = self.liar("13.02")
        forged = history(liar.node.name, _HELD + 4, "false")
        said, link = self.tell(liar, liar.leaves(forged, _HELD))
        self.expect_stopped(liar, said, link, "", liar.checkpoint(forged), liar.checkpoint(entries))
        # Of a log that long nothing is held yet, so nothing is proven; it is once the log is.
        self.expect_goes_on(liar)
        said, link = self.tell(liar, liar.caught_up(history(liar.node.name, 3)))
        self.assertEqual((link["stopped"], link["forked"]), (True, True))
        self.assertEqual(self.resume(liar)[0], 1)

    def test_a_history_that_was_rolled_back(self):
        liar, entries = self.liar("13.03")
        said, link = self.tell(liar, liar.caught_up(entries[:4]))
        self.expect_stopped(liar, said, link, "rolled back", liar.checkpoint(entries[:4]),
                            liar.checkpoint(entries))
        self.expect_goes_on(liar)

    def test_an_entry_that_does_not_match_its_leaf(self):
        liar, entries = self.liar("13.04")
        said, link = self.tell(liar, liar.disclosed((2, b"what never stood there")))
        self.expect_stopped(liar, said, link, f"{liar.node.name}@2 is not the one",
                            held=liar.checkpoint(entries))
        self.expect_goes_on(liar)

    def test_a_leaf_that_was_changed_later(self):
        liar, entries = self.liar("13.05")
        forged = [*entries[:3], b"another", *entries[4:]]
        said, link = self.tell(liar, liar.leaves(forged))
        self.expect_stopped(liar, said, link, "", liar.checkpoint(forged), liar.checkpoint(entries),
                            forked=True)

    def test_a_statement_by_another_key(self):
        liar, entries = self.liar("13.06")
        other = Key(liar.key.name, bytes(32))
        grown = history(liar.node.name, _HELD + 1)
        note = liar.checkpoint(grown, key=other)
        said, link = self.tell(liar, liar.leaves(grown, _HELD, note))
        self.expect_stopped(liar, said, link, "", note, liar.checkpoint(entries))
        self.expect_goes_on(liar)
        # Introducing oneself with another key is no contradiction, and is told, too.
        with liar.dial(self.victim) as line:
            line.say(liar.hello(verifier_key=other.verifier))
            self.assertIn("verifier key", line.hear("contradiction").reason)
        self.assertFalse(self.ended(liar)["stopped"])
        code, _, text = self.resume(liar)
        self.assertEqual(code, 1)
        self.assertIn("does not stand still", text)

    def test_a_statement_about_another_log(self):
        liar, _ = self.liar("13.07")
        grown = history(liar.node.name, _HELD + 1)
        note = liar.checkpoint(grown, origin="selaras/bawaslu-13")
        _, link = self.tell(liar, liar.leaves(grown, _HELD, note))
        self.assertEqual(int(link["received_size"]), _HELD)
        self.assertIn("selaras/bawaslu-13", link["fault"])
        self.expect_others_unharmed()

    def test_only_an_operator_with_a_reason_lets_a_link_go_on(self):
        path = "selaras.ledger.v1.OperationsService/ResumeLink"
        for certificate, fields, code in (
                ("referral-entry", {"peer": "bawaslu-13", "reason": "x"}, "PERMISSION_DENIED"),
                ("referral-ops", {"peer": "bawaslu-13"}, "INVALID_ARGUMENT"),
                ("referral-ops", {"peer": "bawaslu-13", "reason": "x" * 501}, "INVALID_ARGUMENT"),
                ("referral-ops", {"reason": "x"}, "INVALID_ARGUMENT"),
                ("referral-ops", {"peer": "nobody", "reason": "x"}, "NOT_FOUND"),
                ("referral-ops", {"peer": "bawaslu-13", "reason": "x"}, "FAILED_PRECONDITION")):
            with Client(self.contracts, self.victim.address, self.agencies.pki,
                        certificate) as client:
                with self.assertRaises(Refused) as refused:
                    client.call(path, fields)
                self.assertEqual(refused.exception.code, code)


if __name__ == "__main__":
    unittest.main()
