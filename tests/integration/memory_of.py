"""What a running process holds in its memory."""

import struct

_PAGE = 4096
_PRESENT = 1 << 63
_PART = 1 << 22  # bytes that are looked at together


def process(pid):
    """The pages that are there and can be written, in pieces that overlap a little. What a sanitizer
    keeps for itself is a mapping of terabytes, of which few pages are there."""
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps:
        regions = [line.split() for line in maps]
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory, \
            open(f"/proc/{pid}/pagemap", "rb", buffering=0) as pagemap:
        for place, permissions, *_ in regions:
            begin, end = (int(at, 16) for at in place.split("-"))
            if not permissions.startswith("rw") or end - begin > 1 << 34:
                continue
            for at in range(begin, end, _PART):
                yield from _pages(memory, pagemap, at, min(at + _PART + _PAGE, end))


def _pages(memory, pagemap, begin, end):
    pagemap.seek(begin // _PAGE * 8)
    flags = pagemap.read((end - begin) // _PAGE * 8)
    run = None
    for index, (flag,) in enumerate([*struct.iter_unpack("Q", flags), (0,)]):
        if flag & _PRESENT and run is None:
            run = index
        elif not flag & _PRESENT and run is not None:
            memory.seek(begin + run * _PAGE)
            try:
                yield memory.read((index - run) * _PAGE)
            except OSError:  # unmapped meanwhile
                pass
            run = None
