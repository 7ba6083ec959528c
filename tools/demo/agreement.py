"""Whether the agencies say the same of the same cases. Pure: views in, differences out."""

import census


def disagreements(views, serves):
    """Every difference, in words; none means that all parties agree.

    views: role -> the cases that its node shows. serves: authority -> role of its node.
    """
    found = []
    by_id = {role: {case["case_id"]: case for case in cases} for role, cases in views.items()}
    for case_id in sorted(set().union(*by_id.values())):
        shown = {role: cases[case_id] for role, cases in by_id.items() if case_id in cases}
        found += [f"case {case_id}: {what}" for what in _case_differences(shown, serves)]
    return found + list(_number_differences(views, serves))


def parties(case, serves):
    """Roles of the nodes whose authorities are parties of the case."""
    return {serves[authority] for authority in case["parties"] if authority in serves}


def copies(views, serves):
    """How many cases another node than Bawaslu's shows too: what was compared."""
    return sum(len(parties(case, serves)) > 1 for case in views["intake"])


def _case_differences(shown, serves):
    if "intake" not in shown:
        yield f"{' and '.join(sorted(shown))} show it, intake does not"
        return
    first = shown["intake"]
    if first["state"] not in census.STAGE_OF:
        yield f"intake shows the state {first['state']}"
        return
    entitled = parties(first, serves) | {"intake"}
    for role in sorted(entitled - set(shown)):
        yield f"{role} is a party and does not show it"
    for role in sorted(set(shown) - entitled):
        yield f"{role} shows it and is no party"
    if len(entitled) > 1 and not first["party_digest"]:
        yield "it has parties and no digest"
    for role, case in sorted(shown.items()):
        for field in ("state", "parties", "party_digest"):
            if case[field] != first[field]:
                yield f"{field} is {_short(case[field])} at {role}, {_short(first[field])} at intake"
        for contradiction in case["contradictions"]:
            yield f"contradiction at {role}: {contradiction}"
        for section in case["sections"]:
            if section["incomplete"]:
                yield f"{role} lacks entries of the section {section['name']}"


def _number_differences(views, serves):
    """The sums, as each agency would report them: what people compare by hand today."""
    for role, cases in sorted(views.items()):
        if role == "intake":
            continue
        common = [case for case in views["intake"] if role in parties(case, serves)]
        if any(case["state"] not in census.STAGE_OF for case in cases + common):
            continue  # said above
        there, here = _shared_numbers(cases), _shared_numbers(common)
        for key in census.SHARED_NUMBERS:
            if there[key] != here[key]:
                yield f"{key} is {there[key]} at {role}, {here[key]} at intake"


def _shared_numbers(cases):
    # What only Bawaslu knows is absent elsewhere and not compared.
    known = [{**case, "motives": [], "source": ""} for case in cases]
    return census.count(known, [])


def _short(value):
    return value[:16] if isinstance(value, str) else ", ".join(value)
