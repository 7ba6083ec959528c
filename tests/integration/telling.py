"""What a log tells, without what differs between two runs that tell the same. Pure."""

import collections
import json

# Random, of the clock, or made with keys of the node.
_OWN_TO_A_RUN = {"salt", "recorded_at", "request_tag", "report_id", "case_id", "position",
                 "citations", "trace_id", "earlier_party_entries"}


def told(entries):
    """How often each thing is said. Two logs that hold the same facts say the same, whatever was
    killed while they were written and in which order they came to be. What was read meanwhile is
    another matter."""
    return collections.Counter(_text(entry["event"]) for entry in entries
                               if "personal_data_read" not in entry["event"]["fact"])


def kinds(entries):
    """How many entries of which kind there are."""
    return collections.Counter(next(iter(entry["event"]["fact"])) for entry in entries)


def difference(wanted, found):
    """What is said too often or too seldom, in words."""
    lines = [f"+{count} {text}" for text, count in (found - wanted).items()]
    lines += [f"-{count} {text}" for text, count in (wanted - found).items()]
    return "\n".join(lines)


def _text(event):
    return json.dumps(_without(event), sort_keys=True, ensure_ascii=False)


def _without(value):
    if isinstance(value, dict):
        return {key: _without(inner) for key, inner in value.items() if key not in _OWN_TO_A_RUN}
    if isinstance(value, list):
        return [_without(inner) for inner in value]
    return value
