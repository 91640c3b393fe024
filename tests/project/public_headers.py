"""Checks the headers users see: the standard library and our own public folders are all they include.

usage: public_headers.py ROOT HEADER...    the headers sluice.hpp reaches, relative to ROOT
"""

import sys

import source_tree

PUBLIC = {"sluice.hpp", "records", "messages", "state", "operators", "connectors", "graph"}


def problems(root, headers):
    found = [f"{header}:1: reached by sluice.hpp, but its folder is not public"
             for header in headers if header.split("/")[0] not in PUBLIC]
    for header in headers:
        for number, _, name in source_tree.includes(root, header):
            if not name.startswith("sluice/") and ("/" in name or "." in name):
                found.append(f"{header}:{number}: users would need <{name}>")
    return found


if __name__ == "__main__":
    sys.exit(source_tree.report(problems(sys.argv[1], sys.argv[2:])))
