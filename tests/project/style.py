"""Checks the rules of style that a script can see: length, names, kinds of TODO, machine paths, sleeping tests.

usage: style.py ROOT
"""

import re
import sys
from pathlib import Path

import source_tree

SOURCES = (".cpp", ".hpp", ".h", ".py", ".sh", ".cmake", "CMakeLists.txt", "quickstart")
LONGEST = 400
# A function that fits one screen: its file, how it begins, the most lines it may have.
ON_ONE_SCREEN = ("apps/fraud/fraud_graph.cpp", "void compose(", 60)
SPELL_OUT_THE_MISTAKES = {"tests/project/style.py", "tests/project/checks_test.py", "tests/sim/pure_rules.py"}
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


def longer_than_a_screen(path, lines):
    """Returns the problem if a function that has to fit one screen does not, or is not there."""
    file, beginning, most = ON_ONE_SCREEN
    if path != file:
        return []
    start = next((number for number, line in lines if line.startswith(beginning)), None)
    end = start and next((number for number, line in lines if number > start and line.startswith("}")), None)
    if not end:
        return [f"{path}:1: has no {beginning}…)"]
    found = end - start + 1
    return [f"{path}:{start}: {found} lines; one screen has {most}"] if found > most else []


def problems(root):
    found = []
    here = re.compile(r"(?<![\w.}$>-])" + re.escape(f"{Path(root).resolve()}/"))
    for path in source_tree.files(root, *SOURCES):
        if Path(path).stem in NAMES_THAT_SAY_NOTHING:
            found.append(f"{path}:1: a file is named after what it holds")
        lines = source_tree.lines(root, path)
        if len(lines) > LONGEST:
            found.append(f"{path}:{len(lines)}: {len(lines)} lines; none may have more than {LONGEST}")
        found += longer_than_a_screen(path, lines)
        found += [f"{path}:{number}: an absolute path of this machine"
                  for number, line in lines if here.search(line)]
        for pattern, where, wrong in LINES:
            if re.match(where, path) and path not in SPELL_OUT_THE_MISTAKES:
                found += [f"{path}:{number}: {wrong}" for number, line in lines if pattern.search(line)]
    return found


if __name__ == "__main__":
    sys.exit(source_tree.report(problems(sys.argv[1])))
