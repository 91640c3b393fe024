"""Writes the program a document shows: its blocks of C++, one below the other.

usage: shown_program.py DOCUMENT PROGRAM.cpp
"""

import re
import sys
from pathlib import Path

BLOCK = re.compile(r"```cpp\n(.*?)```", re.DOTALL)


def program(text):
    return "\n".join(BLOCK.findall(text))


if __name__ == "__main__":
    shown = program(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if "int main(" not in shown:
        sys.exit(f"{sys.argv[1]}: shows no program")
    Path(sys.argv[2]).write_text(shown, encoding="utf-8")
