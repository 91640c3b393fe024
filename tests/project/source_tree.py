"""The project's own files and what they include; what every check of the tree starts from."""

import re
import subprocess
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def files(root, *suffixes):
    """Returns the paths below root, relative to it, that end in one of suffixes: the tracked ones, or all where
    root is no clone."""
    root = Path(root)
    if (root / ".git").exists():
        listed = subprocess.run(
            ["git", "-c", f"safe.directory={root}", "ls-files", "-z"],
            cwd=root, check=True, capture_output=True, text=True)
        found = listed.stdout.split("\0")
    else:
        found = [path.relative_to(root).as_posix() for path in root.rglob("*")]
    return sorted(
        path for path in found
        if path.endswith(suffixes) and not path.startswith("build") and (root / path).is_file())


def lines(root, path):
    """Returns (number from 1, text) for every line of the file."""
    text = (Path(root) / path).read_text(encoding="utf-8")
    return list(enumerate(text.splitlines(), start=1))


def includes(root, path):
    """Returns (line number, bracket, name) for every include of the file; bracket is '"' or '<'."""
    found = []
    for number, line in lines(root, path):
        match = INCLUDE.match(line)
        if match:
            found.append((number, match.group(1), match.group(2)))
    return found


def report(problems):
    """Prints the problems, one a line, and returns the exit code: 1 if there are any."""
    for problem in problems:
        print(problem)
    return 1 if problems else 0
