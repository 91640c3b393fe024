"""Checks what one #include of sluice.hpp costs its user, in lines the compiler reads; prints the time as well.

Lines are what is held, as they are the same on every machine. Measured with g++ 12.2 on a shared virtual Xeon of two
cores: 68,800 lines took 0.89 to 0.96 s of a core, so the limit of 70,000 stands for less than a second. All but 3,000
of them are the standard library's; <cmath> alone would be 5,000 and a tenth of a second.

usage: header_cost.py LARGEST_NUMBER_OF_LINES COMPILER OPTION...
"""

import resource
import subprocess
import sys

import source_tree


def compile_user(command, step):
    return subprocess.run([*command, step, "-include", "sluice/sluice.hpp", "-x", "c++", "/dev/null"],
                          check=True, capture_output=True, text=True).stdout


def seconds_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def problems(largest, command):
    read = sum(1 for line in compile_user(command, "-E").splitlines()
               if line.strip() and not line.startswith("#"))
    before = seconds_of_children()
    compile_user(command, "-fsyntax-only")
    print(f"sluice.hpp: {read} lines of at most {largest}, {seconds_of_children() - before:.2f} s of a core")
    return [f"sluice.hpp:1: costs {read} lines, more than {largest}"] if read > largest else []


if __name__ == "__main__":
    sys.exit(source_tree.report(problems(int(sys.argv[1]), sys.argv[2:])))
