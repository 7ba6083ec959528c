"""Three agencies, one truth: see tools/x demo --help."""

import json
import os
import pathlib
import signal
import sys
import time

from cli import Selaras
from errors import DemoError, Interrupted, UsageError
import jurisdiction
from nodes import Fleet
import options
import processes
from progress import Progress
from scenario import Scenario
import summary
import workdir

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
_STOP_SECONDS = 60


def main(arguments):
    processes.raise_on_signals()
    wanted = options.parse(arguments, CHECKOUT)
    try:
        return stop(wanted.stop) if wanted.stop else demonstrate(wanted)
    except Interrupted as interrupted:
        _say(f"demo: {signal.Signals(interrupted.number).name}: stopped everything that it started")
        return 128 + interrupted.number
    except DemoError as error:
        _say(summary.problems_text([{"problem": error.message, "details": error.details}]))
        return 2 if isinstance(error, UsageError) else 1


def demonstrate(wanted):
    registers = wanted.registers.resolve()
    jurisdiction.check_directory(registers)
    _check_programs(wanted.bin)
    authorities = jurisdiction.authorities(registers, CHECKOUT / "deploy/reference")
    folder = workdir.Workdir(
        wanted.dir or workdir.default_directory(CHECKOUT, registers.name))
    progress = Progress()
    selaras = Selaras(wanted.bin.resolve() / "selaras")
    fleet = Fleet(selaras, wanted.bin.resolve(), CHECKOUT, folder, authorities)
    selaras.watch = fleet.check
    scenario = Scenario(fleet, selaras, registers, progress, wanted.sabotage)
    try:
        _run(scenario, wanted.keep)
        _report(scenario, progress, wanted.json)
        if wanted.keep and not scenario.problems:
            _say(_how_to_talk(fleet, selaras, folder))
            fleet.leave()
        elif not wanted.json:
            print(f"keys, stores and logs of the nodes: {_shown(folder.path)}")
    finally:
        fleet.end()
    return 1 if scenario.problems else 0


def _run(scenario, keep):
    try:
        scenario.run()
        if keep and not scenario.problems:
            scenario.run_on()
    except DemoError as error:
        scenario.problems.append({"problem": error.message, "details": error.details})


def _report(scenario, progress, as_json):
    result = {**scenario.result, "seconds": progress.seconds, "problems": scenario.problems}
    result.setdefault("agree", False)
    result.setdefault("logs_verified", 0)
    if as_json:
        print(json.dumps(result, indent=1, ensure_ascii=False), flush=True)
    else:
        print("\n" + summary.text(result), flush=True)
    if scenario.problems:
        _say(summary.problems_text(scenario.problems))
    elif not as_json:
        print(f"All agencies show the same state of every case. {result['logs_verified']} logs "
              f"verified, no difference.", flush=True)


def _how_to_talk(fleet, selaras, folder):
    program = _shown(selaras.program)
    lines = ["", "The nodes run. Talk to them, for example:"]
    for node in fleet:
        lines.append(f"  {program} status --client {_shown(node.client)}")
    intake = fleet.by_role["intake"]
    lines += [f"  {program} case list --client {_shown(intake.client)}",
              f"addresses: {', '.join(f'{node.name} {node.address}' for node in fleet)}",
              f"certificates: {_shown(folder.path / 'pki')}",
              f"Stop them: tools/x demo --stop {_shown(folder.path)}"]
    return "\n".join(lines)


def stop(path):
    """Stops what --keep left running."""
    nodes = workdir.running_nodes(path)
    if not nodes:
        _say(f"nothing runs in {path}")
        return 0
    for node in nodes:
        os.kill(node["pid"], signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while workdir.running_nodes(path):
        if time.monotonic() > deadline:
            raise DemoError("the nodes do not stop",
                            [f"{node['name']}: process {node['pid']}" for node in nodes])
        time.sleep(0.05)
    _say(f"stopped {', '.join(node['name'] for node in nodes)}")
    return 0


def _check_programs(folder):
    missing = [name for name in ("selaras", "selaras-intake", "selaras-referral", "selaras-sanction")
               if not os.access(folder / name, os.X_OK)]
    if missing:
        raise UsageError(f"{folder} has no {', '.join(missing)}",
                         ["build them with: tools/x build release"])


def _shown(path):
    """As one would type it from here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _say(message):
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
