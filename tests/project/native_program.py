"""Checks that a program runs by itself: alone in an empty folder, without environment, on the libraries of the system.
Prints how long it takes to say its first line.

usage: native_program.py PROGRAM
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import source_tree

SYSTEM = re.compile(r"^(linux-vdso|/lib|/usr/lib)")


def problems(program):
    found = []
    with tempfile.TemporaryDirectory() as folder:
        alone = shutil.copy(program, Path(folder) / "program")
        for line in subprocess.run(["ldd", alone], capture_output=True, text=True).stdout.splitlines():
            name, _, place = line.strip().partition(" => ")
            if not SYSTEM.match(place or name):
                found.append(f"{Path(program).name}:1: needs {line.strip()}")
        start = time.monotonic()
        done = subprocess.run([alone, "version"], cwd=folder, env={}, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=60)
        print(f"{Path(program).name}: says its version after {(time.monotonic() - start) * 1000:.0f} ms")
        if done.returncode != 0 or not done.stdout.strip():
            found.append(f"{Path(program).name}:1: does not run alone: {done.returncode} {done.stderr.strip()}")
        found += [f"{Path(program).name}:1: left {path.name} behind"
                  for path in Path(folder).iterdir() if path.name != "program"]
    return found


if __name__ == "__main__":
    sys.exit(source_tree.report(problems(sys.argv[1])))
