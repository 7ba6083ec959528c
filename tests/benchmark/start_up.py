#!/usr/bin/env python3
"""How long a killed node takes until it serves, and how much memory it then has, at two lengths of
its log.

    SELARAS_BIN=build/release/bin tests/benchmark/start_up.py [--events 10000 100000] [--repeat 5]

For each repetition an empty intake node is filled by importing made-up registers. The last events
before each measurement, as many as the shortest log has, come after a restart, so that memory and
the write-ahead log hold exactly them; then it is killed with SIGKILL and started again. What counts
is the time from the start of the process until it answers a status call, and its memory then.
Prints the medians per length and their ratio; figures differ between machines, ratios less so.
"""

import argparse
import csv
import pathlib
import signal
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

from agencies import Agencies, PATIENCE, SETS

_EVENTS_PER_ROW = 5  # report received; named, reviewed, concluded, referred
_ROWS_PER_IMPORT = 5_000


class Registers:
    """Registers with as many rows as one likes, each a report and a case of its own."""

    def __init__(self, folder):
        self._folder = folder
        with open(SETS / "sumbar2024/bawaslu.csv", encoding="utf-8-sig", newline="") as given:
            rows = csv.DictReader(given)
            self._row = next(row for row in rows if row["hasil"] == "diteruskan")
            self._columns = rows.fieldnames
        self._made = 0

    def make(self, rows):
        path = self._folder / f"register-{self._made}.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, self._columns)
            writer.writeheader()
            for _ in range(rows):
                self._made += 1
                writer.writerow(self._row | {
                    "nomor_register": f"{self._made:06}/Reg/LP/PB/Prov/03.00/IX/2024",
                    "nomor_surat_penerusan": f"{self._made:06}/PP.00.02/K.SB/09/2024"})
        return path


def resident_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ValueError("no VmRSS")


def replayed_mib(node):
    """What recovery reads again."""
    return sum(file.stat().st_size for file in (node.store / "db").glob("*.log")) / 2 ** 20


class Bench:

    def __init__(self, agencies):
        self._agencies = agencies
        self._node = agencies["intake"]
        self._registers = Registers(agencies.path)
        self._rows = 0

    def grow_to(self, events):
        while (missing := events // _EVENTS_PER_ROW - self._rows) > 0:
            rows = min(missing, _ROWS_PER_IMPORT)
            summary = self._agencies.selaras.import_register(
                self._node, self._registers.make(rows), PATIENCE)
            if summary["imported"] != rows:
                raise ValueError(f"of {rows} rows: {summary}")
            self._rows += rows

    def start(self):
        """Kills and starts the node: seconds, MiB resident, MiB replayed."""
        self._agencies.end(self._node, signal.SIGKILL)
        replayed = replayed_mib(self._node)
        began = time.monotonic()
        self._agencies.start_again(self._node)
        self._agencies.selaras.status(self._node)
        return time.monotonic() - began, resident_mib(self._node.process.pid), replayed

    def measure(self, events, in_memory):
        self.grow_to(events - in_memory)
        self.start()
        self.grow_to(events)
        return self.start()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    lengths = sorted(options.events)
    authorities = {"referral": ["bkn"], "intake": ["bawaslu/13"], "sanction": ["ppk/13"]}
    found = {events: [] for events in lengths}
    for _ in range(options.repeat):
        with Agencies(authorities) as agencies:
            bench = Bench(agencies)
            for events in lengths:
                found[events].append(bench.measure(events, in_memory=lengths[0]))
    print("events,start_s,resident_mib,replayed_mib")
    medians = [[statistics.median(column) for column in zip(*found[events])]
               for events in lengths]
    for events, row in zip(lengths, medians):
        print(events, *(f"{value:.3f}" for value in row), sep=",")
    seconds, mib, _ = (last / first for first, last in zip(medians[0], medians[-1]))
    print(f"ratio of last to first: start {seconds:.2f}, resident {mib:.2f}")
    for name, at in (("start_s", 0), ("resident_mib", 1)):
        for events in lengths:
            values = [row[at] for row in found[events]]
            print(f"spread of {name} at {events}: {min(values):.3f} to {max(values):.3f}")


if __name__ == "__main__":
    main()
