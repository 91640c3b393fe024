"""Checks that every header of the library compiles alone.

A header that its own .cpp includes first is proven by that one; the others are compiled here.

usage: headers_alone.py ROOT COMPILER OPTION...
"""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import source_tree


def proven_by_its_source(root, header):
    source = header.removesuffix(".hpp") + ".cpp"
    if not (Path(root) / source).is_file():
        return False
    included = source_tree.includes(root, source)
    return bool(included) and included[0][2] == f"sluice/{header}"


def compile_alone(command, header):
    """Returns what the compiler says about the header, empty if it is content."""
    done = subprocess.run([*command, "-fsyntax-only", "-include", f"sluice/{header}", "-x", "c++", "/dev/null"],
                          capture_output=True, text=True)
    return f"{header}:1: does not compile alone\n{done.stderr}" if done.returncode else ""


def problems(root, command):
    headers = [header for header in source_tree.files(root, ".hpp")
               if not header.startswith(("tests/", "bench/", "examples/"))
               and not proven_by_its_source(root, header)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        return [said for said in pool.map(lambda header: compile_alone(command, header), headers) if said]


if __name__ == "__main__":
    sys.exit(source_tree.report(problems(sys.argv[1], sys.argv[2:])))
