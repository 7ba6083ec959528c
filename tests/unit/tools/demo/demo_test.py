"""The demo, with programs that stand in for the real ones: it stops what it started, says what is
wrong, and leaves other people's files alone."""

import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import world

DEMO = world.ROOT / "tools/demo/demo.py"
FAKE = pathlib.Path(__file__).with_name("fake_program.py")
NODES = {"intake": "bawaslu-13", "referral": "bkn", "sanction": "ppk-13.04"}
SECONDS = 60


def good_world():
    refused = [{"nomor_register": "1/Reg", "line": 2, "column": "terlapor_nip", "why": "17 digits"}]
    first = [world.import_summary(refused=refused, duplicates=1), world.import_summary(),
             world.import_summary()]
    again = [{**summary, "imported": 0, "unchanged": 4} for summary in first]
    sizes = {"bawaslu-13": 9, "bkn": 5, "ppk-13.04": 3}
    return {
        "imports": first + again,
        "status": {role: [world.status(name, sizes[name], [
            (peer, size) for peer, size in sizes.items() if peer != name])]
                   for role, name in NODES.items()},
        "cases": world.views(world.four_cases()),
        "reports": {"intake": [{}, {}]},
        "verify": {role: [{"kind": "summary", "clean": True, "logs": [
            {"log": f"{name}/{number}", "clean": True, "signature_checked": True}
            for number in range(4)]}] for role, name in NODES.items()},
    }


class Demo(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.bin = self.folder / "bin"
        self.work = self.folder / "work"
        self.bin.mkdir()
        for name in ("selaras", "selaras-intake", "selaras-referral", "selaras-sanction"):
            (self.bin / name).write_text(f"#!{sys.executable}\n{FAKE.read_text(encoding='utf-8')}",
                                         encoding="utf-8")
            (self.bin / name).chmod(0o755)
        self.registers = self.folder / "agam2024"
        self.registers.mkdir()
        for name in ("bawaslu.csv", "bkn.csv", "bkpsdm.csv"):
            (self.registers / name).write_text("kode_wilayah\n13.04\n", encoding="utf-8")
        self.put_world(good_world())
        self.addCleanup(self.kill_nodes)

    def put_world(self, told):
        (self.bin / "world.json").write_text(json.dumps(told), encoding="utf-8")

    def command(self, *arguments):
        return [sys.executable, "-B", str(DEMO), "--bin", str(self.bin), "--registers",
                str(self.registers), "--dir", str(self.work), *arguments]

    def demo(self, code, *arguments):
        """Runs it to its end; gives stdout as an object, or as text, and stderr."""
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True,
                              timeout=SECONDS, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return (json.loads(done.stdout) if "--json" in arguments else done.stdout), done.stderr

    def start_hanging_at(self, word):
        (self.bin / "hang").write_text(word, encoding="ascii")
        process = subprocess.Popen(self.command("--json"), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        self.wait_until(lambda: (self.bin / "hanging").exists())
        return process

    def wait_until(self, holds):
        deadline = time.monotonic() + SECONDS
        while not holds():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)

    def processes(self):
        """Everything that runs from this test's bin folder: {process id: program}."""
        found = {}
        for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = path.read_bytes().decode().split("\0")
            except OSError:
                continue
            found.update({int(path.parent.name): word for word in words
                          if word.startswith(f"{self.bin}/selaras")})
        return found

    def kill_nodes(self):
        for pid in self.processes():
            subprocess.run(["kill", "-9", str(pid)], check=False)

    def test_tells_the_numbers_and_leaves_nothing_running(self):
        told, progress = self.demo(0, "--json")
        self.assertEqual((told["set"], told["cases"], told["reports"]), ("agam2024", 4, 2))
        self.assertEqual((told["agree"], told["logs_verified"], told["problems"]), (True, 12, []))
        self.assertEqual(told["bad_rows"], [
            {"nomor_register": "1/Reg", "column": "terlapor_nip", "why": "17 digits"}])
        self.assertEqual(told["duplicate_rows"], 1)
        self.assertIn("deliver", told["seconds"])
        self.assertEqual(progress.count("✓"), len(told["seconds"]), progress)
        self.assertNotIn("\033", progress)
        self.assertEqual(self.processes(), {})

    def test_tells_people_the_same_with_the_words_of_the_law(self):
        told, _ = self.demo(0)
        for words in ("agam2024, PILKADA-2024: 4 cases", "penerusan",
                      "2024-09-18  bkn for kasn  case received (agenda BKN)  bkn@0",
                      "1/Reg", "12 logs verified"):
            self.assertIn(words, told)

    def test_runs_again_on_its_own_folder(self):
        self.demo(0)
        self.put_world(good_world())
        self.demo(0)

    def test_keeps_nodes_running_until_they_are_stopped(self):
        _, progress = self.demo(0, "--json", "--keep")
        self.assertIn(f"--stop {self.work}", progress)
        self.assertEqual(len(self.processes()), 3)
        _, refused = self.demo(1)
        self.assertIn("a demo runs in", refused)
        self.assertEqual(len(self.processes()), 3)
        _, stopped = self.demo(0, "--stop", str(self.work))
        self.assertIn("stopped bkn, bawaslu-13, ppk-13.04", stopped)
        self.assertEqual(self.processes(), {})
        _, stopped = self.demo(0, "--stop", str(self.work))
        self.assertIn("nothing runs", stopped)

    def test_stops_everything_on_ctrl_c_and_kill(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            with self.subTest(number):
                process = self.start_hanging_at("import")
                self.assertEqual(len(self.processes()), 4)
                process.send_signal(number)
                _, progress = process.communicate(timeout=SECONDS)
                self.assertEqual(process.returncode, code, progress)
                self.assertEqual(self.processes(), {})
                (self.bin / "hanging").unlink()

    def test_takes_everything_along_when_it_is_killed_outright(self):
        process = self.start_hanging_at("list")
        process.kill()
        self.wait_until(lambda: not self.processes())

    def test_names_a_node_that_has_ended_at_once(self):
        process = self.start_hanging_at(str(self.registers / "bkn.csv"))
        victim = next(pid for pid, name in self.processes().items() if name.endswith("sanction"))
        subprocess.run(["kill", "-9", str(victim)], check=True)
        told, progress = process.communicate(timeout=SECONDS)
        self.assertEqual(process.returncode, 1, progress)
        self.assertIn("the sanction node ppk-13.04 was ended by SIGKILL", progress)
        self.assertIn(str(self.work / "sanction/node.log"), progress)
        self.assertIn("✗ importing bkn.csv", progress)
        self.assertFalse(json.loads(told)["agree"])
        self.assertEqual(self.processes(), {})

    def test_sabotage_by_a_stopped_node_is_noticed(self):
        told, _ = self.demo(1, "--json", "--sabotage", "stop-node")
        self.assertIn("the referral node bkn was ended by SIGKILL", told["problems"][0]["problem"])

    def test_sabotage_flips_one_byte_of_the_stopped_store(self):
        self.demo(0, "--sabotage", "flip-byte")  # nobody looks at the bytes of this store
        flipped = (self.work / "referral/store/000001.log").read_bytes()
        differ = [place for place in range(100) if flipped[place] != place]
        self.assertEqual(differ, [50])

    def test_tells_what_the_verification_found(self):
        told = good_world()
        summary = told["verify"]["referral"][0]
        summary["clean"] = summary["logs"][2]["clean"] = False
        told["verify"]["referral"].insert(0, {
            "kind": "finding", "part": "leaf hash", "log": "bkn", "position": "bkn@2",
            "subject": "", "problem": "differs"})
        self.put_world(told)
        found, progress = self.demo(1, "--json")
        self.assertEqual(found["logs_verified"], 11)
        self.assertIn("leaf hash bkn@2: differs", found["problems"][0]["details"])
        self.assertIn("✗ verified 11 logs", progress)

    def test_tells_that_a_store_cannot_even_be_opened(self):
        told = good_world()
        told["verify"]["referral"] = []
        self.put_world(told)
        found, _ = self.demo(1, "--json")
        self.assertEqual(found["logs_verified"], 8)
        self.assertIn("the store of bkn cannot be verified", found["problems"][0]["problem"])
        self.assertIn("log verify", found["problems"][0]["details"][0])
        self.assertIn("cannot be opened", found["problems"][0]["details"][1])

    def test_does_not_count_a_log_whose_signature_nobody_checked(self):
        told = good_world()
        told["verify"]["intake"][0]["logs"][1]["signature_checked"] = False
        self.put_world(told)
        found, _ = self.demo(1, "--json")
        self.assertEqual(found["logs_verified"], 11)
        self.assertIn("bawaslu-13/1: its signature was not checked",
                      found["problems"][0]["details"])

    def test_tells_where_the_agencies_disagree_and_still_verifies(self):
        told = good_world()
        told["cases"]["sanction"][0]["party_digest"] = "f" * 64
        self.put_world(told)
        found, _ = self.demo(1, "--json")
        self.assertEqual((found["agree"], found["logs_verified"]), (False, 12))
        self.assertIn("party_digest", found["problems"][0]["details"][0])

    def test_tells_that_a_second_import_changed_something(self):
        told = good_world()
        told["imports"][4].update(imported=1, unchanged=3)
        self.put_world(told)
        found, _ = self.demo(1, "--json")
        self.assertIn("importing bkn.csv again changed", found["problems"][0]["problem"])
        self.assertEqual(found["problems"][0]["details"], ["imported: 1, not 0",
                                                           "unchanged: 3, not 4"])

    def test_leaves_a_folder_alone_that_is_not_a_demos(self):
        self.work.mkdir()
        (self.work / "thesis.txt").write_text("all of it", encoding="ascii")
        _, refused = self.demo(2)
        self.assertIn("not empty and not a demo's", refused)
        self.assertEqual([path.name for path in self.work.iterdir()], ["thesis.txt"])

    def test_says_what_is_wrong_with_the_command_line(self):
        (self.registers / "bkn.csv").unlink()
        _, wrong = self.demo(2)
        self.assertIn("has no bkn.csv", wrong)
        _, wrong = self.demo(2, "--keep", "--sabotage", "stop-node")
        self.assertIn("exclude each other", wrong)
        _, wrong = self.demo(2, "--stop", str(self.folder / "nowhere"))
        self.assertIn("no demo has run", wrong)
        shutil.rmtree(self.bin)
        (self.registers / "bkn.csv").touch()
        _, wrong = self.demo(2)
        self.assertIn("tools/x build", wrong)


if __name__ == "__main__":
    unittest.main()
