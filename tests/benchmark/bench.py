#!/usr/bin/env python3
"""What a node does in a second, beside what the line, the disk and others do on the same machine.

    tools/x bench [--seconds 5] [--repeat 3] [--in-flight 1 8 64 256] [--results FILE]

One run measures, one after the other and as often as --repeat says, so that noise hits all alike:

  raw append         512 bytes for each in flight, one write and one fdatasync for all of them: the best
                     that any log with durable entries could do on this disk
  echo               the same requests over the same mutual TLS to a server that does nothing
  unary              single commands of the real service: decided, sealed, durable, with a receipt
  batch, stream      the same by ExecuteBatch (3 reports with their steps a call) and ExecuteStream
  query              GetCase at random, ListCases page by page
  verify             the logs of the store, from the bytes up, and the tree alone; the latter also beside
                     the least that it could cost (verify_benchmark.cc), if that is built
  follow             a node that lags behind catches up over the link (follow.py)
  pieces             what one command is made of, without line and disk (hot_path_benchmark.cc), if Google
                     Benchmark is installed
  PostgreSQL, Redis, etcd
                     if their programs are installed: an insert of 512 bytes into a table of events with a
                     unique stream and version; XADD with appendfsync always; a put provided that the key is
                     new. Without TLS, without rules, without proofs

Figures are medians, of commands in a second. They differ between machines, ratios within one run do less.
CPU is that of server and client together, for one command, until the node has derived what follows from it.
Writes tests/benchmark/RESULTS.md unless --results names another file.
"""

import argparse
import contextlib
import datetime
import json
import os
import pathlib
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

from agencies import Agencies, ROOT, bin_dir, free_port

_EVENT = 512  # bytes
_REPORTS = 3  # of a batch
_ANSWER = 1_500  # bytes of an answer with its receipt
_PATIENCE = 600
_REST = 0.7  # seconds; a node counts half a second after what it counts
_LIMIT_CASES = 60_000  # of seven entries
_HERE = pathlib.Path(__file__).resolve().parent


class Measured:
    """What one thing gave at one number of calls in flight, once for each repetition."""

    def __init__(self):
        self.rates, self.p50, self.p99, self.cpu = [], [], [], []

    def add(self, rate, p50=None, p99=None, cpu=None):
        self.rates.append(rate)
        if p50 is not None:
            self.p50.append(p50)
            self.p99.append(p99)
        if cpu is not None:
            self.cpu.append(cpu)

    @property
    def rate(self):
        return statistics.median(self.rates)


def run(command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          timeout=_PATIENCE, check=False, **options)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: {done.stderr or done.stdout}")
    return done.stdout


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# --- the disk


def raw_append(folder, in_flight, seconds):
    path = folder / "raw"
    block = os.urandom(_EVENT * in_flight)
    with open(path, "wb", buffering=0) as file:
        written, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            file.write(block)
            os.fdatasync(file.fileno())
            written += in_flight
    path.unlink()
    return written / seconds


# --- the node


class Node:
    """An intake node, driven by selaras-load."""

    def __init__(self, agencies, seconds):
        self._agencies, self._seconds = agencies, seconds
        self.node = agencies["intake"]

    def load(self, mode, *arguments):
        out = run([bin_dir() / "selaras-load", mode, "--json", "--client", self.node.client,
                   "--timeout", "60s", "--seconds", self._seconds, *arguments])
        return [json.loads(line) for line in out.splitlines()]

    def spend(self, mode, *arguments):
        """As load, of one line; `cpu_us` is the CPU of both sides for a command."""
        before = self._cpu()
        (figures,) = self.load(mode, *arguments)
        self._await_rest()
        return figures | {"cpu_us": (self._cpu() - before) / figures["operations"] * 1e6}

    def _cpu(self):
        """Of the node, and of every program that has ended."""
        times = os.times()
        return (cpu_seconds(self.node.process.pid) + times.children_user
                + times.children_system)

    def _await_rest(self):
        """What follows from commands is derived after their answers, and then the node rests."""
        last, end = 0.0, time.monotonic() + _PATIENCE
        while (now := cpu_seconds(self.node.process.pid)) - last > 0.02:
            if time.monotonic() > end:
                raise SystemExit("the node does not come to rest")
            last = now
            time.sleep(_REST)

    def echo(self, in_flight, *arguments):
        pki = self._agencies.pki
        return self.spend("echo", "-n", in_flight, "--server-cert", pki / "intake.crt",
                         "--server-key", pki / "intake.key", "--answer-bytes", _ANSWER, *arguments)

    def verify(self):
        """Entries in a second: with all that is derived, and the tree alone on one thread and on two."""
        self._agencies.end(self.node, signal.SIGTERM)
        rates = {}
        for name, arguments in (("verify", []), ("tree 1", ["--tree-only", "--threads", 1]),
                                ("tree 2", ["--tree-only", "--threads", 2])):
            out = run([bin_dir() / "selaras-load", "verify", "--json", "--store", self.node.store,
                       *arguments])
            rates[name] = json.loads(out.splitlines()[0])["ops_per_s"]
        self._agencies.start_again(self.node)
        return rates


# --- others


class Postgres:
    name = "PostgreSQL, events table"

    def __init__(self, folder):
        self._bin = next(iter(sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))), None)
        self._folder = folder / "postgres"

    @property
    def installed(self):
        return self._bin is not None and (self._bin / "initdb").exists() and shutil.which("pgbench")

    @property
    def version(self):
        return run([self._bin / "postgres", "--version"]).strip()

    def _as_its_user(self, *command):
        """PostgreSQL does not run as root."""
        prefix = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        return run([*prefix, *command], cwd="/")

    def start(self):
        self._folder.mkdir()
        if os.getuid() == 0:
            shutil.chown(self._folder, "postgres")
        self._folder.parent.chmod(0o755)
        data, self._port = self._folder / "data", free_port()
        self._as_its_user(self._bin / "initdb", "-D", data, "-A", "trust", "-U", "bench")
        self._as_its_user(self._bin / "pg_ctl", "-D", data, "-w", "-l", self._folder / "log", "-o",
                          f"-p {self._port} -k {self._folder} -c listen_addresses= "
                          "-c max_connections=300", "start")
        self._sql("create table events (position bigserial primary key, stream uuid not null, "
                  "version int not null, body bytea not null, unique (stream, version))")
        self._script = self._folder / "insert.sql"
        self._script.write_text("insert into events (stream, version, body) values "
                                "(gen_random_uuid(), 1, "
                                f"decode(repeat('ab', {_EVENT}), 'hex'));\n", encoding="ascii")
        self._script.chmod(0o644)

    def _sql(self, text):
        run(["psql", "-h", self._folder, "-p", self._port, "-U", "bench", "-d", "postgres", "-c",
             text])

    def measure(self, in_flight, seconds):
        out = run(["pgbench", "-h", self._folder, "-p", self._port, "-U", "bench", "-n", "-M",
                   "prepared", "-f", self._script, "-c", in_flight, "-j", min(in_flight, 2), "-T",
                   max(seconds, 5), "postgres"])  # in less it may not have connected them all
        return float(next(line for line in out.splitlines() if line.startswith("tps"))
                     .split()[2])

    def stop(self):
        self._as_its_user(self._bin / "pg_ctl", "-D", self._folder / "data", "-m", "fast", "stop")


class Process:
    """One that runs until it is stopped."""

    def spawn(self, command, answers):
        self._process = subprocess.Popen([str(part) for part in command],
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            if answers():
                return
            time.sleep(0.1)
        raise SystemExit(f"{command[0]} does not answer")

    def stop(self):
        self._process.terminate()
        self._process.wait()


class Redis(Process):
    name = "Redis stream, appendfsync always"

    def __init__(self, folder):
        self._folder = folder / "redis"

    @property
    def installed(self):
        return shutil.which("redis-server") and shutil.which("redis-benchmark")

    @property
    def version(self):
        return " ".join(run(["redis-server", "--version"]).split()[:3])

    def start(self):
        self._folder.mkdir()
        self._port = free_port()
        self.spawn(["redis-server", "--port", self._port, "--bind", "127.0.0.1", "--dir",
                    self._folder, "--appendonly", "yes", "--appendfsync", "always", "--save", ""],
                   self._answers)

    def _answers(self):
        return subprocess.run(["redis-cli", "-p", str(self._port), "ping"], capture_output=True,
                              check=False).stdout.strip() == b"PONG"

    def measure(self, in_flight, seconds):
        # It counts requests, not seconds: some first, to know how many.
        rate = self._rate(in_flight, 200 * in_flight)
        return self._rate(in_flight, max(200, int(rate * seconds)))

    def _rate(self, in_flight, requests):
        out = run(["redis-benchmark", "-p", self._port, "-c", in_flight, "-n", requests, "-d",
                   _EVENT, "--csv", "XADD", "events", "*", "body", "a" * _EVENT])
        return float(out.splitlines()[-1].split(",")[1].strip('"'))


class Etcd(Process):
    name = "etcd transaction"

    def __init__(self, folder):
        self._folder = folder / "etcd"

    @property
    def installed(self):
        return shutil.which("etcd") and (bin_dir() / "etcd_load").exists()

    @property
    def version(self):
        return run(["etcd", "--version"]).splitlines()[0]

    def start(self):
        self._port, peers = free_port(), f"http://127.0.0.1:{free_port()}"
        clients = f"http://127.0.0.1:{self._port}"
        self.spawn(["etcd", "--data-dir", self._folder, "--listen-client-urls", clients,
                    "--advertise-client-urls", clients, "--listen-peer-urls", peers,
                    "--initial-advertise-peer-urls", peers, "--initial-cluster",
                    f"default={peers}"], self._answers)

    def _answers(self):
        with contextlib.suppress(OSError), urllib.request.urlopen(
                f"http://127.0.0.1:{self._port}/health"):
            return True
        return False

    def measure(self, in_flight, seconds):
        out = run([bin_dir() / "etcd_load", f"127.0.0.1:{self._port}", in_flight, seconds, _EVENT])
        return float(out.split(",")[2])


# --- one run


class Bench:

    def __init__(self, options):
        self._options = options
        self.measured = {}  # name -> in flight -> Measured
        self.single = {}  # name -> Measured
        self.others = []
        self.pieces = {}  # name -> Measured, of nanoseconds for each item
        self.follow = {}  # as follow.py prints it
        self.limits = []  # lines of verify_benchmark

    def note(self, text):
        print(text, file=sys.stderr, flush=True)

    def keep(self, name, in_flight, *figures):
        self.measured.setdefault(name, {}).setdefault(in_flight, Measured()).add(*figures)

    def keep_load(self, name, in_flight, figures):
        self.keep(name, in_flight, figures["ops_per_s"], figures["p50_us"], figures["p99_us"],
                  figures["cpu_us"])

    def run(self):
        with contextlib.ExitStack() as stack:
            folder = pathlib.Path(stack.enter_context(
                tempfile.TemporaryDirectory(prefix="selaras-bench-", dir=self._options.dir)))
            agencies = stack.enter_context(Agencies({"intake": ["bawaslu/13"]}, start=False))
            agencies["intake"].settings = "limits { client_requests_per_second: 1000000 }\n"
            agencies.fleet.start()
            node = Node(agencies, self._options.seconds)
            for other in (Postgres(folder), Redis(folder), Etcd(folder)):
                if other.installed:
                    other.start()
                    stack.callback(other.stop)
                    self.others.append(other)
                else:
                    self.note(f"not installed, left out: {other.name}")
            for repetition in range(self._options.repeat):
                for in_flight in self._options.in_flight:
                    self.note(f"repetition {repetition + 1} of {self._options.repeat}, "
                              f"{in_flight} in flight …")
                    self.measure(node, folder, in_flight)
                self.note("questions and verification …")
                self.measure_single(node)
                self.measure_pieces()
        self.measure_programs()

    def measure(self, node, folder, in_flight):
        seconds = self._options.seconds
        self.keep("raw append", in_flight, raw_append(folder, in_flight, seconds))
        self.keep_load("echo", in_flight, node.echo(in_flight))
        self.keep_load("unary", in_flight, node.spend("unary", "-n", in_flight))
        self.keep_load("echo of batches", in_flight,
                       node.echo(in_flight, "--reports", _REPORTS))
        self.keep_load("batch", in_flight,
                       node.spend("batch", "-n", in_flight, "--reports", _REPORTS))
        self.keep_load("stream", in_flight, node.spend("stream", "-n", in_flight))
        for other in self.others:
            self.keep(other.name, in_flight, other.measure(in_flight, seconds))

    def measure_single(self, node):
        for figures in node.load("query", "-n", 8):
            self.single.setdefault(figures["name"], Measured()).add(
                figures["ops_per_s"], figures["p50_us"], figures["p99_us"])
        for name, rate in node.verify().items():
            self.single.setdefault(name, Measured()).add(rate)

    def measure_programs(self):
        """What has programs of its own, with nodes or stores of their own."""
        self.note("catching up …")
        out = run([sys.executable, _HERE / "follow.py", "--seconds", 4 * self._options.seconds])
        self.follow = dict(zip(*(line.split(",") for line in out.splitlines())))
        program = bin_dir() / "verify_benchmark"
        if not program.exists():
            return
        self.note("verification beside its limit …")
        with tempfile.TemporaryDirectory(prefix="selaras-bench-", dir=self._options.dir) as folder:
            self.limits = run([program, pathlib.Path(folder) / "store", _LIMIT_CASES]).splitlines()

    def measure_pieces(self):
        program = bin_dir() / "hot_path_benchmark"
        if not program.exists():
            return
        out = run([program, "--benchmark_format=json", "--benchmark_min_time=0.2"])
        for each in json.loads(out)["benchmarks"]:
            items = each.get("items_per_second")
            self.pieces.setdefault(each["name"].removeprefix("BM_"), Measured()).add(
                1e9 / items if items else each["cpu_time"])

    # --- what it came to

    def ratio(self, name, of, in_flight):
        pairs = zip(self.measured[name][in_flight].rates, self.measured[of][in_flight].rates)
        return statistics.median(ours / theirs for ours, theirs in pairs)

    def table(self):
        counts = self._options.in_flight
        lines = ["| commands in a second | " + " | ".join(f"{n} in flight" for n in counts) + " |",
                 "|---|" + "--:|" * len(counts)]
        for name, row in self.measured.items():
            lines.append(f"| {name} | " + " | ".join(f"{row[n].rate:,.0f}" for n in counts) + " |")
        lines += ["", "| ratio, in one run | " + " | ".join(f"{n} in flight" for n in counts) + " |",
                  "|---|" + "--:|" * len(counts)]
        for name, of in [("unary", "echo"), ("batch", "echo of batches"), ("stream", "echo"),
                         ("unary", "raw append")] + [("unary", other.name)
                                                     for other in self.others]:
            lines.append(f"| {name} to {of} | " + " | ".join(
                f"{self.ratio(name, of, n):.2f}" for n in counts) + " |")
        lines += ["", "| latency, µs: median and 99th of 100 | "
                  + " | ".join(f"{n} in flight" for n in counts) + " |",
                  "|---|" + "--:|" * len(counts)]
        for name in ("echo", "unary", "batch", "stream"):
            row = self.measured[name]
            lines.append(f"| {name} | " + " | ".join(
                f"{statistics.median(row[n].p50):,.0f} / {statistics.median(row[n].p99):,.0f}"
                for n in counts) + " |")
        lines += ["", "| CPU for a command, µs | "
                  + " | ".join(f"{n} in flight" for n in counts) + " |",
                  "|---|" + "--:|" * len(counts)]
        for name in ("echo", "unary", "echo of batches", "batch", "stream"):
            row = self.measured[name]
            lines.append(f"| {name} | " + " | ".join(
                f"{statistics.median(row[n].cpu):,.0f}" for n in counts) + " |")
        lines += ["", "| others | in a second |", "|---|--:|"]
        units = {"get_case": "GetCase, 8 in flight", "list_cases": "ListCases: pages of 100 cases, 8 in flight",
                 "verify": "entries verified, with what is derived",
                 "tree 1": "entries verified, the tree alone, on one thread",
                 "tree 2": "entries verified, the tree alone, on two"}
        lines += [f"| {units.get(name, name)} | {each.rate:,.0f} |"
                  for name, each in self.single.items()]
        lines.append("| entries that a follower catches up with, of which it sees "
                     f"{float(self.follow['share_seen']):.0%} | {float(self.follow['entries_per_s']):,.0f} |")
        if self.limits:
            lines += ["", "Verification beside its limits (verify_benchmark):", "", "```",
                      *self.limits, "```"]
        if self.pieces:
            lines += ["", "| piece of a command | µs |", "|---|--:|"]
            lines += [f"| {name} | {each.rate / 1000:,.2f} |" for name, each in self.pieces.items()]
        return "\n".join(lines)

    def text(self):
        return (f"# Results\n\nWritten by `tools/x bench` ({' '.join(sys.argv[1:]) or 'defaults'}) on "
                f"{datetime.date.today().isoformat()}, at {revision()}; what each line is stands in "
                "[bench.py](bench.py). Medians; client, server and everything else share the "
                f"machine: {machine()}.\n\n"
                + (f"Compared with {', '.join(other.version for other in self.others)}.\n\n"
                   if self.others else "") + self.table() + "\n")


def revision():
    done = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"],
                          capture_output=True, text=True, check=False)
    return done.stdout.strip() or "an unknown revision"


def machine():
    cpu = next((line.split(":")[1].strip() for line in
                pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
                if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2 ** 30
    return f"{os.cpu_count()} × {cpu}, {memory:.0f} GiB, Linux {platform.release().split('-')[0]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--in-flight", type=int, nargs="+", default=[1, 8, 64, 256])
    parser.add_argument("--dir", help="where the disks are measured; default: the folder of "
                        "temporary files, where the node's store is, too")
    parser.add_argument("--results", type=pathlib.Path,
                        default=pathlib.Path(__file__).parent / "RESULTS.md")
    options = parser.parse_args()
    bench = Bench(options)
    bench.run()
    print(bench.table())
    options.results.write_text(bench.text(), encoding="utf-8")


if __name__ == "__main__":
    main()
