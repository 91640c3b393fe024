"""Checks the rules of style that a script can see: length, names, kinds of TODO, machine paths, sleeping tests.

usage: style.py ROOT
"""

import re
import sys
from pathlib import Path

import source_tree

SOURCES = (".cpp", ".hpp", ".h", ".py", ".sh", ".cmake", "CMakeLists.txt", "quickstart")
LONGEST = 400
SPELL_OUT_THE_MISTAKES = {"tests/project/style.py", "tests/project/checks_test.py"}
NAMES_THAT_SAY_NOTHING = {"common", "helper", "helpers", "misc", "types", "util", "utils"}
LINES = [
    (re.compile(r"\bTODO\b(?!\((perf|cleanup|port|later)\): )"), r".",
     "a TODO says its kind: perf, cleanup, port or later"),
    (re.compile(r"(?<![\w.{}$*/-])/(home|root|Users|opt)/"), r".",
     "an absolute path of one machine"),
    (re.compile(r"\b(sleep_for|sleep_until|u?sleep|nanosleep) ?\(|\btime\.sleep\b|^\s*sleep \d"),
     r"(tests|sim|actors|operators)/", "sleeps; time is passed in, waiting is for a message"),
    (re.compile(r'\bTEST_CASE\("[^"]*;'), r"tests/", "ctest would take this test for two: no semicolon in its name"),
]


def problems(root):
    found = []
    for path in source_tree.files(root, *SOURCES):
        if Path(path).stem in NAMES_THAT_SAY_NOTHING:
            found.append(f"{path}:1: a file is named after what it holds")
        lines = source_tree.lines(root, path)
        if len(lines) > LONGEST:
            found.append(f"{path}:{len(lines)}: {len(lines)} lines; none may have more than {LONGEST}")
        found += [f"{path}:{number}: an absolute path of this machine"
                  for number, line in lines if f"{Path(root).resolve()}/" in line]
        for pattern, where, wrong in LINES:
            if re.match(where, path) and path not in SPELL_OUT_THE_MISTAKES:
                found += [f"{path}:{number}: {wrong}" for number, line in lines if pattern.search(line)]
    return found


if __name__ == "__main__":
    sys.exit(source_tree.report(problems(sys.argv[1])))
