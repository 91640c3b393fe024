"""Checks that code shown in the documents is the code of a file.

A block of C++ or shell in a document below the comment

    <!-- code: apps/wordcount/main.cpp -->

is that file: the lines between `// shown: begin` and `// shown: end` if it has them, all of it if not.

usage: shown_code.py ROOT
"""

import re
import sys
import textwrap
from pathlib import Path

import source_tree

BLOCK = re.compile(r"<!-- code: (?P<path>\S+) -->\s*```\w*\n(?P<code>.*?)```", re.DOTALL)
SHOWN = re.compile(r"// shown: begin\n(.*?)^[^\n]*// shown: end", re.DOTALL | re.MULTILINE)


def shown(root, path):
    text = (Path(root) / path).read_text(encoding="utf-8")
    region = SHOWN.search(text)
    return textwrap.dedent(region.group(1) if region else text).strip()


def problems(root):
    found = []
    for document in source_tree.files(root, ".md"):
        text = (Path(root) / document).read_text(encoding="utf-8")
        blocks = list(BLOCK.finditer(text))
        if text.count("<!-- code: ") != len(blocks):
            found.append(f"{document}:1: a code comment without its block")
        for block in blocks:
            line = text.count("\n", 0, block.start()) + 1
            if not (Path(root) / block["path"]).is_file():
                found.append(f"{document}:{line}: no such file: {block['path']}")
            elif block["code"].strip() != shown(root, block["path"]):
                found.append(f"{document}:{line}: differs from {block['path']}")
        if document == "README.md" and not any(block["path"] == "apps/wordcount/main.cpp" for block in blocks):
            found.append("README.md:1: does not show apps/wordcount/main.cpp")
    return found


if __name__ == "__main__":
    sys.exit(source_tree.report(problems(sys.argv[1])))
