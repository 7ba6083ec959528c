"""Stands in for selaras and the nodes: tells what world.json says. For the tests of the demo.

Named selaras-ROLE it is a node that does nothing; named selaras it answers for the nodes. A file
`hang` beside it makes it hang at the command that the file names.
"""

import json
import pathlib
import re
import signal
import sys
import time


def node(config):
    folder = config.parent
    (folder / "store").mkdir(exist_ok=True)
    (folder / "store/000001.log").write_bytes(bytes(range(100)))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    listen = re.search(r'^listen: "(.*)"$', config.read_text(encoding="utf-8"), re.M).group(1)
    assert listen == "127.0.0.1:0", listen
    (folder / "address").write_text("127.0.0.1:7413\n", encoding="ascii")
    print("serving", flush=True)
    while True:
        time.sleep(1)


def answer(world, words, role):
    if words[:2] == ["key", "generate"]:
        pathlib.Path(words[words.index("--out") + 1]).write_text("key", encoding="ascii")
        return [{"verifier_key": f"selaras/{words[2]}+1"}]
    if words[0] == "import":
        return [world["imports"].pop(0)]
    if words[:2] == ["case", "timeline"]:
        return [{"author": "bkn", "acting_for": "kasn", "fact_name": "case_received",
                 "occurred_at": {"date": "2024-09-18", "zone": ""},
                 "position": {"log": "bkn", "sequence": "0"}}]
    if words[:2] == ["log", "verify"]:
        role = pathlib.Path(words[words.index("--store") + 1]).parent.name
        return world["verify"][role]
    return world[{"status": "status", "case": "cases", "report": "reports"}[words[0]]][role]


def selaras(words, here):
    hang = here / "hang"
    if hang.exists() and hang.read_text(encoding="ascii") in words:
        (here / "hanging").touch()
        time.sleep(600)
    role = None
    if "--client" in words:
        role = pathlib.Path(words[words.index("--client") + 1]).parent.name
    plain = [w for i, w in enumerate(words) if w != "--json" and
             not {"--client", "--timeout"} & {w, *words[max(i - 1, 0):i]}]
    path = here / "world.json"
    world = json.loads(path.read_text(encoding="utf-8"))
    objects = answer(world, plain, role)
    for one in objects:
        print(json.dumps(one))
    path.write_text(json.dumps(world), encoding="utf-8")
    if plain[:2] != ["log", "verify"]:
        return 0
    if not objects:
        print("selaras: cannot be opened", file=sys.stderr)
    return 0 if objects and objects[-1]["clean"] else 5


if __name__ == "__main__":
    PROGRAM = pathlib.Path(sys.argv[0])
    if PROGRAM.name == "selaras":
        sys.exit(selaras(sys.argv[1:], PROGRAM.parent))
    node(pathlib.Path(sys.argv[2]))
