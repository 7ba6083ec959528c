#!/usr/bin/env python3
"""What a node's peers cost it, of which it may have hundreds.

    SELARAS_BIN=build/release/bin tests/benchmark/peers.py [--peers 1 500] [--seconds 5] [--repeat 3]

A node of Bawaslu and one of BKN, linked; the former has so many peers more that are down. Prints single
commands in a second at 64 in flight, the CPU of both sides for one, and the node's memory at rest before;
medians of the repetitions.
"""

import argparse
import pathlib
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

from agencies import Agencies, ROOT
from bench import Node
from jurisdiction import known_regions
from start_up import resident_mib

_IN_FLIGHT = 64


def peers_of(agencies, count):
    """The setting of so many peers that are not there."""
    keys = agencies.path / "peers"
    keys.mkdir()
    text = ""
    regencies = [code for code in known_regions(ROOT / "deploy/reference") if "." in code]
    for region in sorted(regencies)[:count]:
        name = f"ppk-{region}"
        key = agencies.selaras.make_key(name, keys / f"{name}.key")
        text += (f'peers {{\n  node: "{name}"\n  authorities: "ppk/{region}"\n'
                 f'  verifier_key: "{key}"\n}}\n')
    return text


def measure(count, options):
    """Commands in a second, CPU in µs for one, MiB at rest."""
    with Agencies({"intake": ["bawaslu/13"], "referral": ["bkn"]}, start=False) as agencies:
        node = agencies["intake"]
        node.settings = ("limits { client_requests_per_second: 1000000 }\n"
                         + peers_of(agencies, count))
        agencies.fleet.start()
        resident = resident_mib(node.process.pid)
        figures = Node(agencies, options.seconds).spend("unary", "-n", _IN_FLIGHT)
    return figures["ops_per_s"], figures["cpu_us"], resident


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", type=int, nargs="+", default=[1, 500])
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    found = {count: [] for count in options.peers}
    for _ in range(options.repeat):
        for count in options.peers:
            found[count].append(measure(count, options))
    print("peers,commands_per_s,cpu_us,resident_mib")
    for count, figures in found.items():
        print(count, *(f"{statistics.median(column):.0f}" for column in zip(*figures)), sep=",")


if __name__ == "__main__":
    main()
