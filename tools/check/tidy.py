"""The house rules that no compiler knows: who may include what, and what may not be called.

usage: tidy.py [MODULES.TXT]     checks the tree; MODULES.TXT is written when CMake configures, and
                                 without it (or build/dev/modules.txt) declarations are not checked
"""

import pathlib
import re
import sys

FOLDERS = ("deploy", "proto", "services", "storage", "tests", "tools")
CODE = (".cc", ".h")
TEXT = CODE + (".proto", ".py", ".sh", ".cmake", ".txt", ".md", ".textproto", ".yaml")
SKIPPED = {"build", "node_modules", "__pycache__", "data"}

# Packages that one folder hides from all others. Debian puts their headers in /usr/include, where
# every compiler finds them.
GRPC_FOLDERS = ("services/rpc/", "services/serve/", "tools/", "tests/")
FENCED = [  # include, folders that may, what everybody else uses
    (r"rocksdb/", ("storage/rocks/", "tests/unit/storage/rocks/", "tests/integration/storage/"),
     "storage/log"),
    (r"openssl/", ("storage/crypto/", "tests/"), "storage/crypto"),
    (r"grpc(pp)?/|selaras/.*\.grpc\.pb\.h", GRPC_FOLDERS, "absl::Status, and services/rpc/service.h"),
]
CLOCK_FOLDERS = ("services/runtime/", "tests/", "tools/")
RANDOM_FILES = ("services/runtime/", "storage/crypto/random.", "tests/support/random.")
BANNED = [  # what, where it may stand, what to use
    (r"\babsl::Now\(", CLOCK_FOLDERS, "a time that is handed in"),
    (r"\b\w+_clock::now\(|\b[Cc]lock::now\(", CLOCK_FOLDERS, "a time that is handed in"),
    (r"\bstd::random_device\b", RANDOM_FILES, "crypto::RandomSource, or tests/support/random.h"),
    (r"\bstd::string_view\b", (), "absl::string_view, which Debian's Abseil takes"),
    (r"\babsl::optional\b", (), "std::optional"),
    (r"\busing namespace\b", (), "the names one by one"),
]
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME)\b")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
NOT_CODE = re.compile(r'"(?:\\.|[^"\\])*"|//.*')


class Modules:
    """What modules.txt says. A line is: folder target | uses | hides | generated headers."""

    def __init__(self, text):
        self.folders, self.generated = {}, {}
        for line in text.splitlines():
            head, uses, hides, headers = (part.split() for part in line.split("|"))
            folder, target = head
            if headers:
                self.generated.update({header: target for header in headers})
                continue
            own, public, private = self.folders.setdefault(folder, (set(), set(), set()))
            own.add(target)
            public.update(uses)
            private.update(hides)

    def folder_of(self, path):
        """The module folder that a file belongs to; subfolders belong to their parent."""
        for parent in pathlib.PurePosixPath(path).parents:
            if str(parent) in self.folders:
                return str(parent)
        return None

    def refusal(self, path, header):
        """Why the file may not include the header, or None."""
        mine = self.folder_of(path)
        theirs = self.folder_of(header)
        owners = self.folders[theirs][0] if theirs else {self.generated.get(header)} - {None}
        if not owners:
            return f"{header} belongs to no module"
        own, public, private = self.folders[mine]
        seen = own | public | (set() if path.endswith(".h") else private)
        # Stubs come with their messages.
        seen |= {target.removesuffix("_grpc") + "_proto" for target in seen if target.endswith("_grpc")}
        if owners & seen:
            return None
        name, where = min(owners), "USES" if path.endswith(".h") else "USES or HIDES"
        return f"{mine} does not declare {name}; add it to {where} in {mine}/CMakeLists.txt"


def check_include(path, bracket, header, modules):
    if ".." in header.split("/"):
        yield f"include {header} by its path from the root"
    for package, folders, instead in FENCED:
        if re.match(package, header) and not path.startswith(folders):
            yield f"<{header}> is fenced to {', '.join(folders)}; use {instead}"
    if modules and bracket == '"' and path.startswith(("storage/", "services/")) and (
            header.startswith(("storage/", "services/", "selaras/")) or header in modules.generated):
        refusal = modules.refusal(path, header)
        if refusal:
            yield refusal


def check_file(path, text, modules):
    """Yields (line number, message)."""
    if modules and path.endswith(CODE) and path.startswith(("storage/", "services/")) and (
            modules.folder_of(path) is None):
        yield 1, "belongs to no module; the root CMakeLists.txt does not lead here"
        modules = None
    for number, line in enumerate(text.splitlines(), 1):
        if UNFINISHED.search(line):
            yield number, "finish it now, or open an issue"
        if not path.endswith(CODE):
            continue
        include = INCLUDE.match(line)
        if include:
            for message in check_include(path, *include.groups(), modules):
                yield number, message
        code = NOT_CODE.sub("", line)
        for pattern, allowed, instead in BANNED:
            if re.search(pattern, code) and not path.startswith(allowed):
                yield number, f"{re.search(pattern, code)[0]} is banned here; use {instead}"
    if path.endswith(".h") and not re.search(r"^#pragma once$", text, re.MULTILINE):
        yield 1, "#pragma once is missing"


def check_tree(root, modules):
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            path = file.relative_to(root)
            if file.suffix in TEXT and file.is_file() and not SKIPPED & set(path.parts):
                text = file.read_text(encoding="utf-8")
                for number, message in check_file(path.as_posix(), text, modules):
                    yield f"{path}:{number}: {message}"


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    declared = pathlib.Path(sys.argv[1]) if sys.argv[1:] else root / "build/dev/modules.txt"
    known = sys.argv[1:] or declared.exists()
    modules = Modules(declared.read_text(encoding="utf-8")) if known else None
    found = list(check_tree(root, modules))
    for violation in found:
        print(violation)
    return len(found) > 0


if __name__ == "__main__":
    sys.exit(main())
