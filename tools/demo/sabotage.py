"""Harm done on purpose, to show that the demo notices."""

import signal

from errors import DemoError

KINDS = {
    "stop-node": "kill the BKN's node after the import",
    "flip-byte": "flip a byte in the BKN's store before it is verified",
}


def stop_node(fleet):
    """Kills a node behind the demo's back."""
    process = fleet.by_role["referral"].process
    process.send_signal(signal.SIGKILL)
    process.wait()


def flip_byte(fleet):
    """Inverts one byte of the BKN's data, in the middle of the largest file that holds entries."""
    store = fleet.by_role["referral"].store
    files = [path for path in store.rglob("*") if path.suffix in (".sst", ".log") and path.is_file()]
    if not files:
        raise DemoError(f"{store} holds no data")
    victim = max(files, key=lambda path: (path.stat().st_size, path.name))
    with open(victim, "r+b") as file:
        place = victim.stat().st_size // 2
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 0xFF]))
    return f"flipped byte {place} of {victim}"
