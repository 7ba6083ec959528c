#!/usr/bin/env python3
"""What a node costs as its log grows: CPU and bytes for each entry, memory, a start after SIGKILL.

    SELARAS_BIN=build/release/bin tests/benchmark/growth.py [--entries 200000 5000000] [--dir FOLDER]

Fills an empty intake node by selaras-load (ExecuteBatch, 64 calls in flight) until both of its logs
hold so many entries, and looks at each of the lengths: the CPU time of the server for each entry
while the last of them were written, its memory then, the bytes of its store and of its entries, and
the time from SIGKILL and a new start until it answers, median of --starts. Figures differ between
machines, ratios between lengths less so.
"""

import argparse
import json
import pathlib
import signal
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

from agencies import Agencies, bin_dir
from bench import Node, cpu_seconds, run
from start_up import resident_mib

_ROUND = 5  # seconds of load between looks at the length
_IN_FLIGHT = 64


def bytes_of(folder):
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


class Growing:

    def __init__(self, agencies):
        self._agencies = agencies
        self._node = agencies["intake"]
        self._load = Node(agencies, _ROUND)

    def entries(self):
        status = self._agencies.selaras.status(self._node)
        own = (status["node"], status["node"] + "/private")
        return sum(int(log["size"]) for log in status["logs"] if log["log"] in own)

    def grow_to(self, length):
        """Microseconds of the server's CPU for each entry of the last round, and MiB under load."""
        pid, held, spent, resident = self._node.process.pid, self.entries(), 0, 0
        while held < length:
            before = cpu_seconds(pid)
            self._load.load("batch", "-n", _IN_FLIGHT, "--reports", 3)
            resident = resident_mib(pid)
            now = self.entries()
            spent = (cpu_seconds(pid) - before) / (now - held) * 1e6
            held = now
            print(f"{held:,} entries, {spent:.1f} µs each, {resident:.0f} MiB", file=sys.stderr,
                  flush=True)
        return spent, resident

    def entry_bytes(self):
        """Of an entry of either log, on average, and the bytes that the store takes for it."""
        self._agencies.end(self._node, signal.SIGTERM)
        entries = bytes_of_entries = 0
        for log in (self._node.name, f"{self._node.name}/private"):
            out = run([bin_dir() / "selaras", "log", "stats", "--json", "--store", self._node.store,
                       "--log", log])
            stats = json.loads(out)
            entries += int(stats["size"])
            bytes_of_entries += int(stats["bytes"])
        stored = bytes_of(self._node.store)
        self._agencies.start_again(self._node)
        return bytes_of_entries / entries, stored / entries

    def start(self):
        self._agencies.end(self._node, signal.SIGKILL)
        began = time.monotonic()
        self._agencies.start_again(self._node)
        self._agencies.selaras.status(self._node)
        return time.monotonic() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, nargs="+", default=[200_000, 5_000_000])
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--dir", help="where the store is; default: the folder of temporary files")
    options = parser.parse_args()
    if options.dir:
        tempfile.tempdir = options.dir
    print("entries,cpu_us_per_entry,resident_mib,entry_bytes,stored_bytes_per_entry,start_s")
    with Agencies({"intake": ["bawaslu/13"]}, start=False) as agencies:
        agencies["intake"].settings = "limits { client_requests_per_second: 1000000 }\n"
        agencies.fleet.start()
        growing = Growing(agencies)
        for length in sorted(options.entries):
            spent, resident = growing.grow_to(length)
            start = statistics.median(growing.start() for _ in range(options.starts))
            entry, stored = growing.entry_bytes()
            print(f"{length},{spent:.1f},{resident:.0f},{entry:.0f},{stored:.0f},{start:.2f}",
                  flush=True)


if __name__ == "__main__":
    main()
