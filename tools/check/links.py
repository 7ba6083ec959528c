"""Checks that every relative link in Markdown files leads to a file and a heading that exist.

usage: links.py FILE.md...
"""

import pathlib
import re
import sys
import urllib.parse

FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\(\s*<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
HEADING = re.compile(r"^#+\s+(.*?)\s*#*$", re.MULTILINE)


def blank(match):
    """Code is no link, but keeps its line breaks so that line numbers stay true."""
    return re.sub(r"[^\n]", " ", match.group(0))


def anchors(path):
    """The anchors that the headings of a Markdown file get, as forges make them."""
    found = set()
    for heading in HEADING.findall(FENCE.sub(blank, path.read_text(encoding="utf-8"))):
        name = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        copy = name
        number = 0
        while copy in found:
            number += 1
            copy = f"{name}-{number}"
        found.add(copy)
    return found


def problems(path):
    text = CODE.sub(blank, FENCE.sub(blank, path.read_text(encoding="utf-8")))
    for match in LINK.finditer(text):
        link = match.group(1) or match.group(2)
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        name, _, anchor = link.partition("#")
        target = path.parent / urllib.parse.unquote(name) if name else path
        line = text.count("\n", 0, match.start()) + 1
        if not target.exists():
            yield f"{path}:{line}: {link} leads nowhere"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            yield f"{path}:{line}: {target} has no heading for #{anchor}"


def main(arguments):
    found = [problem for name in arguments for problem in problems(pathlib.Path(name))]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
