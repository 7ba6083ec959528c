"""The command line client, as people and scripts use it."""

import json

from errors import DemoError
import processes

OK, REFUSED, PENDING, DIFFERENCE = 0, 3, 4, 5  # exit codes of selaras

_LAST_LINES = 15
_CALL_SECONDS = 60  # for one call: generous, a build with sanitizers is slow


class Selaras:
    """Runs `selaras`. While it runs, `watch` looks after the nodes."""

    def __init__(self, program, watch=lambda: None):
        self.program = program
        self.watch = watch

    def make_key(self, name, path, witness=False):
        """Makes the key that signs a log, or cosigns those of others; gives what others verify with."""
        kind = ["--witness"] if witness else []
        return self._objects(["key", "generate", name, "--out", path, *kind])[0]["verifier_key"]

    def status(self, node):
        return self._ask(node, ["status"])[0]

    def cases(self, node):
        return self._ask(node, ["case", "list"])

    def reports(self, node):
        return self._ask(node, ["report", "list"])

    def timeline(self, node, case_id):
        return self._ask(node, ["case", "timeline", case_id])

    def import_register(self, node, path, wait):
        """Imports a register and gives the summary. Bad and pending rows are an answer, too."""
        command = ["import", path, "--wait", f"{wait}s"]
        return self._ask(node, command, (OK, REFUSED, PENDING))[-1]

    def verify(self, node):
        """Verifies the store of a stopped node: its summary, with the findings. A DemoError also if
        it is so damaged that it cannot be opened."""
        command = ["log", "verify", "--store", node.store, "--config", node.config, "--no-remember"]
        objects = self._objects(command, (OK, DIFFERENCE), node)
        return {**objects[-1], "findings": objects[:-1]}

    def _at(self, node):
        return ["--client", node.client, "--timeout", f"{_CALL_SECONDS}s"]

    def _ask(self, node, arguments, codes=(OK,)):
        return self._objects([*self._at(node), *arguments], codes, node)

    def _objects(self, arguments, codes=(OK,), node=None):
        finished = self._run(["--json", *arguments], codes, node)
        try:
            objects = [json.loads(line) for line in finished.stdout.splitlines()]
        except ValueError:
            raise _failed(finished, "printed no JSON", node) from None
        if not objects and finished.code != OK:
            raise _failed(finished, processes.how_it_ended(finished.code), node)
        return objects

    def _run(self, arguments, codes, node):
        finished = processes.run([str(self.program), *map(str, arguments)], self.watch)
        self.watch()  # rather name the node that is gone than the call that failed for it
        if finished.code not in codes:
            raise _failed(finished, processes.how_it_ended(finished.code), node)
        return finished


def _failed(finished, how, node):
    lines = (finished.stderr or finished.stdout).splitlines()[-_LAST_LINES:]
    if node is not None:
        lines.append(f"log of the node: {node.log}")
    return DemoError(f"{' '.join(finished.command)}: {how}", lines)
