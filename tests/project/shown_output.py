"""Runs what the documents show to be typed and checks that it prints what they show.

A block below the comment `<!-- run -->` is a session: lines that begin with `$ ` are typed, what follows each is all it
prints on stdout. Of a block below `<!-- try -->` every line is typed and has to succeed. The blocks of a document share
a folder that holds the programs.

usage: shown_output.py ROOT PROGRAM...    each PROGRAM is a file; documents call it by its name
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import source_tree

BLOCK = re.compile(r"<!-- (?P<kind>run|try) -->\s*```\w*\n(?P<text>.*?)```", re.DOTALL)
TIME = re.compile(r"\b\d\d:\d\d:\d\d\b")
SHOW_OUTPUT = ("README.md", "docs/first-graph.md")


def typed(kind, text):
    """Returns (command, what it should print or None) for every line that is typed."""
    if kind == "try":
        return [(line, None) for line in text.splitlines() if line.strip()]
    steps = []
    for line in text.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], ""))
        elif steps:
            steps[-1] = (steps[-1][0], steps[-1][1] + line + "\n")
    return steps


def run(command, folder):
    path = os.pathsep.join([str(folder), os.environ.get("PATH", os.defpath)])
    return subprocess.run(["sh", "-c", command], cwd=folder, env={**os.environ, "PATH": path}, timeout=60,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)


def differs(command, expected, folder):
    """Returns what is wrong with what the command does in the folder, or nothing."""
    done = run(command, folder)
    if done.returncode != 0:
        return f"`{command}` ended with {done.returncode}: {done.stderr.strip()}"
    if expected is not None and TIME.sub("hh:mm:ss", done.stdout) != TIME.sub("hh:mm:ss", expected):
        return f"`{command}` printed:\n{done.stdout}and not:\n{expected}"
    return None


def problems(root, programs):
    found = []
    for document in source_tree.files(root, ".md"):
        text = (Path(root) / document).read_text(encoding="utf-8")
        blocks = list(BLOCK.finditer(text))
        if len(re.findall("<!-- (?:run|try) -->", text)) != len(blocks):
            found.append(f"{document}:1: a comment without its block")
        if document in SHOW_OUTPUT and not any(block["kind"] == "run" for block in blocks):
            found.append(f"{document}:1: shows no output")
        with tempfile.TemporaryDirectory() as folder:
            for program in programs:
                (Path(folder) / Path(program).name).symlink_to(Path(program).resolve())
            for block in blocks:
                line = text.count("\n", 0, block.start()) + 1
                wrong = (differs(*step, Path(folder)) for step in typed(block["kind"], block["text"]))
                found += [f"{document}:{line}: {what}" for what in wrong if what]
    return found


if __name__ == "__main__":
    sys.exit(source_tree.report(problems(sys.argv[1], sys.argv[2:])))
