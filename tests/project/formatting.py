"""Checks that every C++ file is as clang-format lays it out.

usage: formatting.py ROOT CLANG_FORMAT
"""

import subprocess
import sys

import source_tree

if __name__ == "__main__":
    root, clang_format = sys.argv[1:]
    sources = source_tree.files(root, ".cpp", ".hpp")
    sys.exit(subprocess.run([clang_format, "--dry-run", "--Werror", *sources], cwd=root).returncode)
