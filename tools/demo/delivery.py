"""Whether the links have delivered everything, from what the nodes say of themselves."""

import time


class Watch:
    """Looks at the nodes, again and again, until nothing is on its way between them."""

    def __init__(self):
        self._seen = set()
        self._since = time.monotonic()
        self._last = None

    def left(self, statuses):
        """What has still to arrive, in words; nothing once two looks in a row have seen the same.

        One look is not enough: nodes are asked one after another, and what reaches a node after it
        was asked, and whatever it discloses thereupon, shows in the next look only.
        """
        left = missing(statuses)
        before, self._last = self._last, None if left else _numbers(statuses)
        if not left and before != self._last:
            left = ["the nodes have to say the same once more"]
        if tuple(left) not in self._seen:
            self._seen.add(tuple(left))
            self._since = time.monotonic()
        return left

    def seconds_without_news(self):
        """How long nothing new has been seen. A link that comes and goes is nothing new."""
        return time.monotonic() - self._since


def faults(statuses):
    """Links that stand still for a reason, in words."""
    return [f"the link of {status['node']} to {link['peer']} stopped: {link['fault']}"
            for status in statuses for link in status["links"] if link["fault"]]


def missing(statuses):
    """What has still to arrive, in words; nothing once every node holds all it may see.

    statuses: GetNodeResponse of every node, as JSON (64-bit numbers are texts there).
    """
    sizes = {status["node"]: shared_size(status) for status in statuses}
    found = []
    for status in statuses:
        node = status["node"]
        if not status["projected"]:
            found.append(f"{node} has yet to take in what it holds")
        for link in status["links"]:
            found += [f"{node} and {link['peer']}: {what}"
                      for what in _behind(link, sizes[node], sizes[link["peer"]])]
    return found


def _numbers(statuses):
    """How much each node has and how much of it its peers have."""
    return [(status["node"],
             [(log["log"], log["size"], log["entries_held"]) for log in status["logs"]],
             [(link["peer"], link["disclosed"]) for link in status["links"]])
            for status in statuses]


def shared_size(status):
    """Entries of the node's own shared log, which bears the node's name."""
    return next(int(log["size"]) for log in status["logs"] if log["log"] == status["node"])


def _behind(link, own_size, peer_size):
    if not link["connected"]:
        yield "not connected"
    elif not link["caught_up"]:
        yield "the peer has not sent everything"
    if int(link["received_size"]) != peer_size:
        yield f"received {link['received_size']} of {peer_size} entries"
    if int(link["arrived_size"]) != own_size:
        yield f"{link['arrived_size']} of {own_size} entries have arrived"
    if link["disclosed_arrived"] != link["disclosed"]:
        yield f"{link['disclosed_arrived']} of {link['disclosed']} disclosed entries have arrived"
