"""Changes a row where it lies in RocksDB's write-ahead log, as if it had been written so.

The file consists of blocks of 32 KiB with records: checksum (4 bytes), length (2), type (1), and
for a log that is recycled its number (4); then the payload. The checksum is a masked CRC-32C of
everything from the type on.
"""

import struct

_BLOCK = 32 * 1024
_HEADER = 7
_RECYCLED = range(5, 9)  # types with a log number


def change(path, old, new):
    """Replaces bytes in the one record that holds them; equally many."""
    content = bytearray(path.read_bytes())
    place = content.index(old)
    if len(old) != len(new) or content.count(old) != 1:
        raise ValueError("the bytes to be changed must be there once, and stay as many")
    content[place:place + len(old)] = new
    start, end = _record_around(content, place)
    struct.pack_into("<I", content, start, _masked(_crc32c(content[start + 6:end])))
    path.write_bytes(content)


def payload(content):
    """What was written, without the headers that stand in the middle of it wherever a block ends."""
    parts, at = [], 0
    while at + _HEADER <= len(content):
        if _BLOCK - at % _BLOCK < _HEADER:
            at += _BLOCK - at % _BLOCK
            continue
        _, length, kind = struct.unpack_from("<IHB", content, at)
        begin = at + _HEADER + (4 if kind in _RECYCLED else 0)
        parts.append(content[begin:begin + length])
        at = begin + length
    return b"".join(parts)


def _record_around(content, place):
    """Where the record begins whose payload holds the place, and where it ends."""
    at = 0
    while at < len(content):
        if _BLOCK - at % _BLOCK < _HEADER:
            at += _BLOCK - at % _BLOCK
            continue
        _, length, kind = struct.unpack_from("<IHB", content, at)
        end = at + _HEADER + length + (4 if kind in _RECYCLED else 0)
        if at <= place < end:
            return at, end
        at = end
    raise ValueError("no record holds the place")


def _crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def _masked(crc):
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
