"""What the demo does, step by step."""

import time

import agreement
import census
import delivery
from errors import DemoError
from jurisdiction import FILES
from nodes import AGENCIES
import sabotage

_WAIT_SECONDS = 60  # without any progress, before giving up
_PENDING_SECONDS = 10  # for a case that the links have not brought: nobody has sent it
_FAULT_SECONDS = 5  # a link that reports a fault gets less
_LOOK_SECONDS = 0.2
_LISTED = 10


class Scenario:
    """One run. What it has found out stands in `result`, also after an error."""

    def __init__(self, fleet, selaras, registers, progress, harm=None):
        self._fleet = fleet
        self._selaras = selaras
        self._registers = registers
        self._progress = progress
        self._harm = harm
        self.result = {"set": registers.name}
        self.problems = []

    def run(self):
        """From nothing to verified logs; the nodes have stopped on return."""
        self._start()
        first = [self._import(role) for role in FILES]
        self.result.update(census.import_numbers(first), pending_rows=census.pending_rows(first))
        if self._harm == "stop-node":
            self._progress.note("  sabotage: the BKN's node is killed now")
            sabotage.stop_node(self._fleet)
        self._await_delivery()
        self._import_again(first)
        self._compare(self._ask())
        self._stop()
        if self._harm == "flip-byte":
            self._progress.note(f"  sabotage: {sabotage.flip_byte(self._fleet)}")
        self._verify()

    def run_on(self):
        """Starts the nodes again, to be left running."""
        with self._progress.step("start_again", "starting the nodes again") as step:
            self._fleet.start(tied=False)
            self._await_links()
            step.done = "started the nodes again"

    def _start(self):
        with self._progress.step("keys", "making keys and certificates") as step:
            self._fleet.make_keys()
            step.done = "made keys and certificates"
        with self._progress.step("start", "starting three nodes") as step:
            self._fleet.start()
            names = ", ".join(node.name for node in self._fleet)
            step.done = f"started three nodes on loopback over mTLS: {names}"

    def _import(self, role):
        node, name = self._fleet.by_role[role], FILES[role]
        with self._progress.step(f"import_{role}", f"importing {name}") as step:
            wait = _WAIT_SECONDS
            if role != "intake":
                self._await_links()
                wait = _PENDING_SECONDS
            summary = self._selaras.import_register(node, self._registers / name, wait)
            step.done = f"imported {name} at {AGENCIES[role]}: {_rows_text(summary)}"
            return summary

    def _await_delivery(self):
        with self._progress.step("deliver", "waiting for the links") as step:
            statuses = self._await_links()
            entries = sum(delivery.shared_size(status) for status in statuses)
            step.done = f"the links have delivered everything ({entries} entries in 3 logs)"

    def _await_links(self):
        watch = delivery.Watch()
        while True:
            self._fleet.check()
            statuses = [self._selaras.status(node) for node in self._fleet]
            faults, left = delivery.faults(statuses), watch.left(statuses)
            if not left:
                return statuses
            patience = _FAULT_SECONDS if faults else _WAIT_SECONDS
            if watch.seconds_without_news() > patience:
                raise DemoError("the links do not deliver everything", faults + left)
            time.sleep(_LOOK_SECONDS)

    def _import_again(self, first):
        with self._progress.step("import_again", "importing all three again") as step:
            before = self._log_sizes()
            for role, earlier in zip(FILES, first):
                again = self._selaras.import_register(
                    self._fleet.by_role[role], self._registers / FILES[role], 1)
                changes = _changes(earlier, again)
                if changes:
                    raise DemoError(f"importing {FILES[role]} again changed something", changes)
            after = self._log_sizes()
            if after != before:
                raise DemoError("importing again wrote to the logs",
                                [f"entries before: {before}", f"after: {after}"])
            step.done = "imported all three again: nothing changed"

    def _log_sizes(self):
        return {node.name: delivery.shared_size(self._selaras.status(node)) for node in self._fleet}

    def _ask(self):
        with self._progress.step("ask", "asking the nodes") as step:
            views = {node.role: self._selaras.cases(node) for node in self._fleet}
            reports = self._selaras.reports(self._fleet.by_role["intake"])
            unknown = {case["state"] for case in views["intake"]} - set(census.STAGE_OF)
            if unknown:
                raise DemoError(f"cases in states that nobody counts: {', '.join(sorted(unknown))}")
            self.result.update(census.count(views["intake"], reports))
            self._tell_timeline(views)
            step.done = "asked the nodes: " + ", ".join(
                f"{len(views[role])} cases at {AGENCIES[role]}" for role in FILES)
            return views

    def _tell_timeline(self, views):
        case = census.furthest(views["intake"])
        if case is None:
            return
        case_id, intake = case["case_id"], self._fleet.by_role["intake"]
        shown_to = agreement.parties(case, self._fleet.serves) | {"intake"}
        self.result["timeline"] = {
            "case_id": case_id,
            "steps": [_step(step) for step in self._selaras.timeline(intake, case_id)],
            "steps_shown": {
                role: len(self._selaras.timeline(self._fleet.by_role[role], case_id))
                for role in FILES if role in shown_to},
        }

    def _compare(self, views):
        with self._progress.step("compare", "comparing the agencies' views") as step:
            found = agreement.disagreements(views, self._fleet.serves)
            self.result["agree"] = not found
            step.failed = bool(found)
            step.done = (f"the agencies disagree {len(found)} times" if found else
                         f"the agencies agree on all {agreement.copies(views, self._fleet.serves)} "
                         f"cases that they share")
        if found:
            self._problem("the agencies do not show the same", found)

    def _stop(self):
        with self._progress.step("stop", "stopping the nodes") as step:
            self._fleet.stop()
            step.done = "stopped the nodes in order"

    def _verify(self):
        with self._progress.step("verify", "verifying all logs offline") as step:
            bad = [self._verify_store(node) for node in self._fleet]
            step.failed = any(bad)
            step.done = f"verified {self.result['logs_verified']} logs offline"

    def _verify_store(self, node):
        """Adds the good logs of a store to the count. Gives whether something is wrong with it."""
        verified = self.result.setdefault("logs_verified", 0)
        try:
            summary = self._selaras.verify(node)
        except DemoError as error:  # damaged so that it cannot even be opened
            self._problem(f"the store of {node.name} cannot be verified",
                          [error.message, *error.details])
            return True
        good = [log for log in summary["logs"] if log["clean"] and log["signature_checked"]]
        sound = summary["clean"] and len(good) == len(summary["logs"])
        if not sound and len(good) == len(summary["logs"]):
            good = []  # the damage lies beside the logs: none of this store can be relied on
        self.result["logs_verified"] = verified + len(good)
        if sound:
            return False
        unchecked = [f"{log['log']}: its signature was not checked" for log in summary["logs"]
                     if not log["signature_checked"]]
        findings = [_finding_text(finding) for finding in summary["findings"]]
        self._problem(f"the store of {node.name} is not what its entries say",
                      findings + unchecked + [f"the store: {node.store}"])
        return True

    def _problem(self, message, details):
        more = len(details) - _LISTED
        shown = list(details[:_LISTED]) + ([f"… and {more} more"] if more > 0 else [])
        self.problems.append({"problem": message, "details": shown})


def _step(step):
    return {"occurred_at": step.get("occurred_at"), "author": step["author"],
            "acting_for": step["acting_for"], "fact": step["fact_name"],
            "position": f"{step['position']['log']}@{step['position']['sequence']}"}


def _rows_text(summary):
    parts = [(summary["imported"], "imported"), (summary["unchanged"], "unchanged"),
             (summary["duplicates"], "repeated"), (len(summary["refused"]), "refused"),
             (len(summary["changed"]), "changed"), (len(summary["pending"]), "pending")]
    return ", ".join(f"{count} {what}" for count, what in parts if count) or "no rows"


def _changes(first, again):
    """In what the second import of a file differs from one that changes nothing."""
    expected = {"imported": 0, "unchanged": first["imported"] + first["unchanged"],
                "duplicates": first["duplicates"], "refused": first["refused"],
                "changed": first["changed"], "pending": first["pending"], "unsent": 0}
    return [f"{key}: {again[key]}, not {value}" for key, value in expected.items()
            if again[key] != value]


def _finding_text(finding):
    place = finding["position"] or finding["log"]
    return " ".join(part for part in (finding["part"], place, finding["subject"]) if part) + (
        f": {finding['problem']}")
