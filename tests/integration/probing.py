"""What somebody could try who is curious about cases that are not his."""

import queue

import grpc

from foreign import Refused

_NUMBERS = {"register": 1, "letter": 2, "agenda": 3, "ppk_agenda": 3, "recommendation": 4,
            "decree": 5}
_LINK_SECONDS = 60  # how long an intruder listens for what it must not get
_QUERY = "selaras.query.v1.QueryService"
_LEDGER = "selaras.ledger.v1.LedgerService"


def read_everything(client):
    """What every method answers that reads without being told an id: messages as bytes."""
    state = client.call(f"{_LEDGER}/GetNode")
    yield state.SerializeToString()
    yield client.call(f"{_LEDGER}/GetCatalogue").SerializeToString()
    for method in ("ListCases", "ListReports", "ListChanges"):
        yield client.call(f"{_QUERY}/{method}", {"page_size": 1000}).SerializeToString()
    watched = client.ask_stream(f"{_QUERY}/WatchCases")
    for told in watched:
        yield told.SerializeToString()
        if not told.changes:  # that is all so far
            break
    watched.cancel()
    for log in state.logs:
        yield from _read_log(client, log)


def _read_log(client, log):
    asked = {"log": log.log}
    try:
        yield client.call(f"{_LEDGER}/GetCheckpoint", asked).SerializeToString()
    except Refused as refused:
        if refused.reason == "LOG_NOT_FOUND":  # the private log is not for everybody
            return
        raise
    yield client.call(f"{_LEDGER}/ListEntries", {**asked, "page_size": 1000}).SerializeToString()
    yield client.call(f"{_LEDGER}/ProveConsistency", asked).SerializeToString()
    yield client.call(f"{_LEDGER}/ListPublished", asked).SerializeToString()
    tail = client.ask_stream(f"{_LEDGER}/TailEntries", asked)
    for sequence in range(log.size):
        yield next(tail).SerializeToString()
        yield client.call(f"{_LEDGER}/ProveInclusion",
                          {**asked, "sequence": sequence}).SerializeToString()
    tail.cancel()


def look_up(client, case):
    """The cases that the numbers of a case lead to, with and without the NIP."""
    texts = {**case.told, **case.kept}
    return {found for number, kind in _NUMBERS.items() for nip in ("", case.nip)
            for found in client.call(f"{_QUERY}/LookUpCases", {
                "kind": kind, "number": texts[number], "nip": nip}).case_ids}


def refusals(client, case_id, report_id):
    """How reads of a case and its report are refused, without what was asked for. None for one
    that was answered."""
    told = []
    for method, field, asked in (("GetCase", "case_id", case_id),
                                 ("GetTimeline", "case_id", case_id),
                                 ("GetReport", "report_id", report_id)):
        for length in (6, 13, 36):
            told.append(refusal(client, f"{_QUERY}/{method}", {field: asked[:length]},
                                asked[:length]))
    return told


def refusal(client, path, request, asked):
    """How a call is refused, but for the id that was asked for; None if it was answered."""
    try:
        client.call(path, request)
    except Refused as refused:
        return (refused.code, refused.reason, refused.fields, sorted(refused.details),
                refused.message.replace(asked, "ID"))
    return None


def intrude(client, pretended, size):
    """Speaks the link protocol by hand, under the name of a node, and asks for every entry of a
    log of that size. Gives what came: kind of frame -> frames."""
    requests = queue.Queue()

    def say(**frame):
        requests.put(client.contracts.make("selaras.ledger.v1.LinkRequest", {"frame": frame}))

    say(hello={"protocol": 1, "node": pretended.name, "origin": f"selaras/{pretended.name}",
               "verifier_key": pretended.verifier_key})
    came = {}
    stream = client.talk("selaras.ledger.v1.LinkService/Link", iter(requests.get, None),
                         timeout=_LINK_SECONDS)
    try:
        for response in stream:
            kind = response.frame.WhichOneof("kind")
            if kind == "hello":
                say(follow={"size": 0, "rewind": True})
            if kind == "caught_up" and kind not in came:  # all leaves are known now
                say(get_entries={"sequences": list(range(size))})
            came.setdefault(kind, []).append(getattr(response.frame, kind))
            if size <= sum(len(frame.entries) + len(frame.withheld)
                           for frame in came.get("entries", [])):
                break
    except grpc.RpcError:
        pass  # the node ended the stream
    stream.cancel()
    requests.put(None)
    return came
