#!/usr/bin/env python3
"""How fast a follower that lags behind catches up with a node's log, over the link.

    SELARAS_BIN=build/release/bin tests/benchmark/follow.py [--seconds 20] [--repeat 3] [--in-flight 16]

A node of Bawaslu and one of BKN, linked; while BKN's is down, cases are sent on to it for so many
seconds. Then it starts, and selaras-load follow measures until it has acknowledged everything: each
leaf verified, the checkpoints cosigned, the entries durable in its mirror. What it derives from them
comes beside that, on the same two cores. Prints entries in a second and each node's CPU for one of
them, medians of the repetitions, and the share of them that the follower sees, and their bytes.
"""

import argparse
import json
import pathlib
import signal
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

from agencies import Agencies, bin_dir
from bench import Node, cpu_seconds, run


class Following:

    def __init__(self, agencies, options):
        self._agencies, self._options = agencies, options
        self._sender, self._follower = agencies["intake"], agencies["referral"]
        self._load = Node(agencies, options.seconds)

    def fill(self):
        """Writes what the follower does not see yet."""
        self._agencies.end(self._follower, signal.SIGTERM)
        self._load.load("batch", "-n", self._options.in_flight, "--reports", 12, "--refer")
        disclosed = None
        while disclosed != (disclosed := self._disclosed()):  # the list follows what is derived
            time.sleep(2)

    def _disclosed(self):
        status = self._agencies.selaras.status(self._sender)
        return next(link["disclosed"] for link in status["links"])

    def catch_up(self):
        """Entries in a second, and microseconds of the sender's and the follower's CPU for each."""
        before = cpu_seconds(self._sender.process.pid)
        with subprocess.Popen(
                [str(part) for part in
                 (bin_dir() / "selaras-load", "follow", "--json", "--client", self._sender.client,
                  "--peer", self._follower.name, "--patience", 600, "--timeout", "60s")],
                stdout=subprocess.PIPE, text=True) as measuring:
            self._agencies.start_again(self._follower)
            out, _ = measuring.communicate()
        if measuring.returncode:
            raise SystemExit("selaras-load follow failed")
        figures = json.loads(out)
        entries = figures["operations"]
        sender = cpu_seconds(self._sender.process.pid) - before
        follower = cpu_seconds(self._follower.process.pid)
        return figures["ops_per_s"], sender / entries * 1e6, follower / entries * 1e6

    def seen(self):
        """The share of the leaves whose entries the follower has, and the bytes of one of these."""
        self._agencies.end(self._follower, signal.SIGTERM)
        stats = json.loads(run([bin_dir() / "selaras", "log", "stats", "--json", "--store",
                                self._follower.store, "--log", self._sender.name]))
        held = int(stats["disclosed"])
        return held / int(stats["size"]), int(stats["bytes"]) / held


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--in-flight", type=int, default=16)
    options = parser.parse_args()
    found = []
    with Agencies({"intake": ["bawaslu/13"], "referral": ["bkn"]}, start=False) as agencies:
        agencies["intake"].settings = "limits { client_requests_per_second: 1000000 }\n"
        agencies.fleet.start()
        following = Following(agencies, options)
        for _ in range(options.repeat):
            following.fill()
            found.append(following.catch_up())
            print(*(f"{figure:.1f}" for figure in found[-1]), sep=",", file=sys.stderr, flush=True)
        share, size = following.seen()
    print("entries_per_s,sender_us,follower_us,share_seen,entry_bytes")
    rate, sender, follower = (statistics.median(column) for column in zip(*found))
    print(f"{rate:.0f},{sender:.1f},{follower:.1f},{share:.2f},{size:.0f}")


if __name__ == "__main__":
    main()
