#!/usr/bin/env python3
"""How long it takes until another agency's node knows of a case that is sent to it.

    SELARAS_BIN=build/release/bin tests/benchmark/propagation.py [--rates 20 1000] [--seconds 10] [--repeat 3]

A node of Bawaslu and one of BKN, linked; selaras-load propagate at each rate, of entries in a second.
Prints the medians of the repetitions. Both nodes, their disks and the client share the machine.
"""

import argparse
import json
import pathlib
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

from agencies import Agencies, bin_dir
from bench import run


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rates", type=int, nargs="+", default=[20, 1_000])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    found = {rate: [] for rate in options.rates}
    with Agencies({"intake": ["bawaslu/13"], "referral": ["bkn"]}) as agencies:
        for _ in range(options.repeat):
            for rate in options.rates:
                out = run([bin_dir() / "selaras-load", "propagate", "--json", "--client",
                           agencies["intake"].client, "--to", agencies["referral"].client, "--rate",
                           rate, "--seconds", options.seconds, "--timeout", "60s"])
                figures = json.loads(out)
                found[rate].append((figures["p50_us"], figures["p99_us"]))
    print("entries_per_s,p50_us,p99_us")
    for rate, figures in found.items():
        print(rate, *(f"{statistics.median(column):.0f}" for column in zip(*figures)), sep=",")


if __name__ == "__main__":
    main()
