"""Checks that documents cited in sources exist, and that docs/protocol.md has the rules cited from it.

A rule is cited as `docs/protocol.md L4, 6.1–6.3` or `docs/protocol.md 16, rule 2`.

usage: citations.py ROOT
"""

import re
import sys
from pathlib import Path

import source_tree

PROTOCOL = "docs/protocol.md"
SOURCES = (".cpp", ".hpp", ".py", ".cmake", "CMakeLists.txt", ".toml")
WITHOUT = {"tests/project/citations.py", "tests/project/checks_test.py"}  # they spell out mistakes
DOCUMENT = re.compile(r"\bdocs/[\w/-]+\.md\b")
CONTINUED = re.compile(r"\s*\n\s*(?://[/!]*|#)?\s*")
RULES = re.compile(r"docs/protocol\.md((?:[ ,;–-]+(?:and )?(?:[A-Z]\d+|\d+(?:\.\d+)?(?:, rule \d+)?)\b)+)")
RULE = re.compile(r"[A-Z]\d+|\d+, rule \d+|\d+(?:\.\d+)?")


def rules_of(text):
    """Returns the rules and sections a protocol defines: `L4`, `6.1`, `16`, `16, rule 2`."""
    found, section = set(), ""
    for line in text.splitlines():
        if heading := re.match(r"#+ (\d+(?:\.\d+)?)\.? ", line):
            section = heading.group(1)
            found.add(section)
        elif row := re.match(r"\| ([A-Z]\d+) \|", line):
            found.add(row.group(1))
        elif item := re.match(r"(\d+)\. ", line):
            found.add(f"{section}, rule {item.group(1)}")
    return found


def problems(root):
    root = Path(root)
    known = rules_of((root / PROTOCOL).read_text(encoding="utf-8")) if (root / PROTOCOL).is_file() else set()
    found = []
    for path in source_tree.files(root, *SOURCES):
        if path in WITHOUT:
            continue
        text = (root / path).read_text(encoding="utf-8", errors="replace")  # inputs of fuzzers are any bytes
        found += [f"{path}:1: no such document: {name}"
                  for name in sorted(set(DOCUMENT.findall(text))) if not (root / name).is_file()]
        for cited in RULES.finditer(CONTINUED.sub(" ", text)):
            found += [f"{path}:1: {PROTOCOL} has no {rule}"
                      for rule in RULE.findall(cited.group(1)) if rule not in known]
    return found


if __name__ == "__main__":
    sys.exit(source_tree.report(problems(sys.argv[1])))
