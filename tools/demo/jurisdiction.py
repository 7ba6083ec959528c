"""Which authorities a set of registers speaks of."""

import csv
import pathlib

from errors import UsageError

# The agencies' registers, in the order in which a case passes through them.
FILES = {"intake": "bawaslu.csv", "referral": "bkn.csv", "sanction": "bkpsdm.csv"}

_REGION_COLUMNS = ("kode_wilayah", "kode_wilayah_ppk")
# The competent body now, and the one before it whose decisions stand in old registers.
_REFERRAL = ["bkn", "kasn"]


def check_directory(directory):
    """A UsageError unless the three registers are there."""
    missing = [name for name in FILES.values() if not (directory / name).is_file()]
    if missing:
        raise UsageError(f"{directory} has no {', '.join(missing)}",
                         ["a set of registers is a directory with " + ", ".join(FILES.values())])


def known_regions(reference):
    """Codes of the reference data, e.g. 13 and 13.04."""
    lines = (reference / "regions.tsv").read_text(encoding="utf-8").splitlines()
    return {line.split("\t", 1)[0] for line in lines[1:] if line.strip()}


def regions_in(path):
    """All that stands in the region columns of a register, also what is no region."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    lines = text.replace("\0", "").splitlines(keepends=True)
    delimiter = max(",;\t", key=lines[0].count) if lines else ","
    rows = csv.reader(lines, delimiter=delimiter)
    names = [name.strip().lower() for name in next(rows, [])]
    places = [names.index(column) for column in _REGION_COLUMNS if column in names]
    found = set()
    try:
        for row in rows:
            found.update(row[place].strip() for place in places if place < len(row))
    except csv.Error:
        pass  # what is wrong with the file, the import says
    return found


def authorities(directory, reference):
    """Role -> the authorities that its node acts for. Rows with unknown regions are bad rows, and
    no authority follows from them."""
    known = known_regions(pathlib.Path(reference))
    named = set().union(*(regions_in(directory / name) for name in FILES.values()))
    regions = sorted(named & known)
    provinces = sorted({region.split(".", 1)[0] for region in regions})
    if not regions:
        raise UsageError(f"the registers in {directory} name no region of the reference data",
                         ["kode_wilayah is Kemendagri's code, e.g. 13.04"])
    return {"intake": [f"bawaslu/{province}" for province in provinces],
            "referral": list(_REFERRAL),
            "sanction": [f"ppk/{region}" for region in regions]}
