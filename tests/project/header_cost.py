"""Checks what one #include of sluice.hpp costs its user, in lines the compiler reads; prints the time as well.

Lines are what is held, as they are the same on every machine.

usage: header_cost.py LARGEST_NUMBER_OF_LINES COMPILER OPTION...
"""

import subprocess
import sys
import time

import source_tree


def compile_user(command, step):
    return subprocess.run([*command, step, "-include", "sluice/sluice.hpp", "-x", "c++", "/dev/null"],
                          check=True, capture_output=True, text=True).stdout


def problems(largest, command):
    read = sum(1 for line in compile_user(command, "-E").splitlines()
               if line.strip() and not line.startswith("#"))
    start = time.monotonic()
    compile_user(command, "-fsyntax-only")
    print(f"sluice.hpp: {read} lines of at most {largest}, {time.monotonic() - start:.2f} s")
    return [f"sluice.hpp:1: costs {read} lines, more than {largest}"] if read > largest else []


if __name__ == "__main__":
    sys.exit(source_tree.report(problems(int(sys.argv[1]), sys.argv[2:])))
