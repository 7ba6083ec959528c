"""A case that is erased: nobody reads it any more, with whatever files and backups, and all else stays."""

import pathlib
import shutil
import signal
import subprocess
import unittest

from agencies import Agencies, await_true, bin_dir
import filing
from foreign import Refused, as_dict
from validate_only_test import ExampleCase

_NIP, _OTHER_NIP = "198102032006041007", "197903042005011008"
_NAME, _OTHER_NAME = "Dewi Terhapus", "Eka Tersimpan"
_REPORTER, _OTHER_REPORTER = "Fajar Terhapus", "Gita Tersimpan"


class Erasure(ExampleCase):

    @classmethod
    def make_agencies(cls):
        agencies = cls.enterClassContext(Agencies(
            cls.authorities, [f"ops:{names[0]}:{folder}-ops"
                              for folder, names in cls.authorities.items()], start=False))
        for node in agencies:
            (node.folder / "backups").mkdir()
            node.settings = 'backups: "backups"\n'
        agencies.fleet.start()
        return agencies

    def sanctioned(self, nip, name, reporter):
        """A case that ended with a sanction, in which three agencies wrote."""
        report = filing.report(reporter={"name": reporter, "address": "Jorong Uji 1"})
        respondent = filing.respondent(respondent={"name": name, "nip": nip})
        case_id = self.bawaslu({"receive_report": report},
                               *filing.opened(the_respondent=respondent)[1:], *filing.concluded(),
                               *filing.referred(self.number())).case_id
        self.await_state("referral", case_id, "REFERRED")
        self.bkn(*filing.recommended(case_id, self.number()))
        self.await_state("sanction-13.04", case_id, "RECOMMENDED")
        self.at_ppk({"receive_recommendation": {"case_id": case_id, "agenda_number": "1"}},
                    {"decide_sanction": {"case_id": case_id, "sanction": "B-2",
                                         "decree_number": self.number()}},
                    {"hand_over_decision": {"case_id": case_id}})
        for folder, _ in self._OFFICES.values():
            self.await_state(folder, case_id, "HANDED_OVER")
        return case_id

    def operate(self, folder, *arguments):
        code, objects, text = self.agencies.run(
            self.agencies[folder], *self.agencies.certificate(f"{folder}-ops"), *arguments)
        self.assertEqual(code, 0, text)
        return objects

    def found(self, folder, nip):
        return list(self.clients[folder].call(
            "selaras.query.v1.QueryService/LookUpCases", {"nip": nip}).case_ids)

    def counted(self, folder):
        """What this node counts, but for persons: of whom nothing is known is none of them any more."""
        figures = self.clients[folder].call(
            "selaras.query.v1.StatisticsService/GetStatistics", {}).figures
        return {figure.name: figure.count for figure in figures
                if figure.name not in ("persons", "identity_open")}

    def read(self, store, keys, log):
        """All that selaras opens of a store, a copy or a backup with these keys."""
        done = ""
        for command in (["log", "list", "--log", log], ["log", "list", "--log", f"{log}/private"],
                        ["case", "list"], ["report", "list"]):
            result = subprocess.run(
                [self.agencies.selaras.program, "--json", *command, "--store", store,
                 "--wrapping-keys", keys], capture_output=True, text=True, check=False)
            done += result.stdout + result.stderr
        return done

    def rewrap(self, node):
        return subprocess.run(
            [self.agencies.selaras.program, "--json", "key", "rewrap", "--store", node.store,
             "--config", node.config], capture_output=True, text=True, check=False)

    def expect_unreadable(self, text, place):
        for word in (_NIP, _NAME, _REPORTER):
            self.assertNotIn(word, text, place)

    def test_of_an_erased_case_nothing_is_read_with_all_files_and_todays_keys(self):
        erased = self.sanctioned(_NIP, _NAME, _REPORTER)
        kept = self.sanctioned(_OTHER_NIP, _OTHER_NAME, _OTHER_REPORTER)
        writers = [self.agencies[folder] for folder, _ in self._OFFICES.values()]
        for folder, _ in self._OFFICES.values():
            self.operate(folder, "backup", "create", "before")
            self.assertEqual(self.found(folder, _NIP), [erased])
        counted = {folder: self.counted(folder) for folder, _ in self._OFFICES.values()}
        for node in writers:
            text = self.read(node.folder / "backups/before", f"{node.store}.wrapping-keys", node.name)
            self.assertIn(_NIP, text, "the attack works")

        self.erase_everywhere(erased)
        self.look_at_what_nodes_say(erased, kept, counted)

        self.agencies.stop()
        for node in writers:
            shutil.copytree(node.store, node.folder / "copy")
        for node in writers:
            done = self.rewrap(node)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn('"destroyed":1', done.stdout.replace(" ", ""))
        for node in writers:
            keys = f"{node.store}.wrapping-keys"
            self.assertEqual([file.name for file in sorted(pathlib.Path(keys).iterdir())], ["2.key"])
            for place in (node.store, node.folder / "copy", node.folder / "backups/before"):
                self.expect_unreadable(self.read(place, keys, node.name), place)
            self.assertNotIn(_OTHER_NIP, self.read(node.folder / "backups/before", keys, node.name),
                             "a backup of before opens nothing")
            for file in node.folder.rglob("*"):
                if file.is_file():
                    content = file.read_bytes()
                    for word in (_NIP, _NAME, _REPORTER, _OTHER_NIP, _OTHER_REPORTER):
                        self.assertNotIn(word.encode(), content, file)

        good, problems = self.agencies.verify()
        self.assertEqual(problems, [])
        self.assertGreater(good, 0)
        for node in self.agencies:
            self.agencies.start_again(node)
        for folder, _ in self._OFFICES.values():
            await_true("a node that answers",
                       lambda folder=folder: self.erasures(folder, erased) == 3)
            await_true("the look-ups anew", lambda folder=folder: self.found(folder, _OTHER_NIP) == [kept])
            self.assertEqual(self.found(folder, _NIP), [])
            await_true("the numbers anew",
                       lambda folder=folder: self.counted(folder) == counted[folder])
            self.assertEqual(self.case(folder, kept).respondent.name, _OTHER_NAME)
        self.expect_no_start_on_the_old_backup()
        self.agencies.stop()
        for node in writers:
            text = self.read(node.store, f"{node.store}.wrapping-keys", node.name)
            self.assertIn(_OTHER_NIP, text)
            self.expect_unreadable(text, node.store)

    def erase_everywhere(self, case_id):
        body = {"case_ref": {"case_id": case_id}}
        hold = self.say("sanction", "place_legal_hold", body | {"matter": "pengadilan"})
        self.await_step("intake", case_id, "legal_hold_placed")
        order = body | {"ground": "subjek_data"}
        with self.assertRaises(Refused) as refused:
            self.bawaslu({"order_erasure": order})
        self.assertIn("pengadilan by ppk/13.04", refused.exception.message)
        self.say("sanction", "lift_legal_hold", body | {"hold": hold})
        await_true("the hold lifted", lambda: not self.case("intake", case_id).erasure.holds)
        with self.assertRaises(Refused) as refused:
            self.bawaslu({"erase_case": body})
        self.assertIn("no order of it stands", refused.exception.message)
        self.agree(order, "intake", "referral", "sanction")
        for service in self._OFFICES:
            self.say(service, "erase_case", body)
        # What was acknowledged is durable: nobody reads it after a start either.
        for folder, _ in self._OFFICES.values():
            self.agencies.end(self.agencies[folder], signal.SIGKILL)
            self.agencies.start_again(self.agencies[folder])

    def erasures(self, folder, case_id):
        """How many have erased it, as this node knows; of one that has just begun nothing."""
        try:
            return len(self.case(folder, case_id).erasure.erased)
        except Refused as refused:
            self.assertEqual(refused.code, "UNAVAILABLE")
            return 0

    def look_at_what_nodes_say(self, erased, kept, counted):
        for folder, _ in self._OFFICES.values():
            await_true("all erasures", lambda folder=folder: self.erasures(folder, erased) == 3)
            shown = self.case(folder, erased)
            self.assertTrue(shown.erasure.keys_destroyed)
            self.expect_unreadable(str(as_dict(shown)), folder)
            self.assertEqual(self.state(folder, erased), "HANDED_OVER")
            self.assertEqual(self.found(folder, _NIP), [])
            self.assertEqual(self.found(folder, _OTHER_NIP), [kept])
            self.assertEqual(self.counted(folder), counted[folder])
            (status,) = self.operate(folder, "erase", "status", erased)
            self.assertEqual(sorted(status["consented"]), ["bawaslu/13", "bkn", "ppk/13.04"])
        with self.assertRaises(Refused) as refused:
            self.bkn({"reopen_case": {"case_id": erased, "reason": "bukti_baru"}})
        self.assertEqual(refused.exception.reason, "ERASED")

    def expect_no_start_on_the_old_backup(self):
        node = self.agencies["referral"]
        self.agencies.end(node, signal.SIGTERM)
        node.store.rename(node.folder / "store-after")
        shutil.copytree(node.folder / "backups/before", node.store)
        done = subprocess.run([bin_dir() / "selaras-referral", "--config", node.config],
                              capture_output=True, text=True, check=False, timeout=60)
        shutil.rmtree(node.store)
        (node.folder / "store-after").rename(node.store)
        self.agencies.start_again(node)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("wrapping key", done.stderr)


if __name__ == "__main__":
    unittest.main()
