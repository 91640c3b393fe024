"""Checks who may include whom: folders downwards only, and each third party in its home.

usage: layers.py ROOT
"""

import re
import sys

import source_tree

# A folder may include itself and what stands before it.
ORDER = ["records", "messages", "state", "operators", "connectors", "links", "actors", "graph", "console", "apps",
         "sim"]
# May include everything; nobody above includes them.
FREE = {"tests", "bench", "examples"}

# First part of an include -> the files that may spell it (tests and benchmarks may spell any of them).
HOMES = {
    r"caf/": r"actors/|sim/|graph/run\w*\.cpp$",
    r"zmq": r"links/(hub\w*|sockets|doorkeeper|curve_keys)\.[ch]pp$",
    r"google/protobuf/|wire\.pb\.h": r"messages/wire(_rows)?\.cpp$",
    r"simdjson": r"(connectors|apps/fraud)/\w+\.cpp$|state/etcd_json\.cpp$",
    r"curl/": r"state/http_poster\.cpp$",
    r"toml\+\+/|toml\.hpp": r"graph/\w+\.cpp$",
    r"CLI/": r"graph/\w+\.cpp$",
    r"xxh": r"(records|state)/\w+\.cpp$",
    r"isa-l": r"records/crc32c\.cpp$",
    r"sqlite3": r"connectors/sqlite\w*\.cpp$",
    r"libpq": r"connectors/postgres\w*\.cpp$",
    r"malloc\.h": r"links/hub\.cpp$",  # settings of the whole process
    r"zstd": r"state/checkpoint_blob\.cpp$",
    r"httplib|nlohmann/": r"console/",
    r"catch2/": r"tests/support/",
}
HOME_OF_THE_REST = r"(tests|bench)/"
OPERATING_SYSTEM = re.compile(r"(sys|arpa|net|netinet|linux|x86_64|bits)/|\w+intrin\.h$|"
                              r"(dirent|errno|fcntl|netdb|poll|pthread|sched|signal|spawn|termios|time|unistd)\.h$")


def layer(path):
    """Returns the folder that decides what path may include; sluice.hpp stands with graph/."""
    return "graph" if path == "sluice.hpp" else path.split("/")[0]


def direction(path, name):
    """Returns what is wrong with path including sluice/name, or nothing."""
    user, used = layer(path), layer(name)
    if user in FREE:
        return None
    if user not in ORDER:
        return f"{user}/ has no place in the order of folders"
    if used not in ORDER:
        return f"{user}/ includes {used}/, which is outside the order of folders"
    if ORDER.index(used) > ORDER.index(user):
        return f"{user}/ includes {used}/, which stands below it"
    return None


def home(path, name):
    """Returns what is wrong with path including the third-party header name, or nothing."""
    standard = "/" not in name and "." not in name
    if standard or OPERATING_SYSTEM.match(name):
        return None
    for pattern, homes in HOMES.items():
        if re.match(pattern, name):
            free = "catch2" not in pattern and re.match(HOME_OF_THE_REST, path)
            return None if free or re.match(homes, path) else f"<{name}> is at home in {homes}"
    return None if re.match(HOME_OF_THE_REST, path) else f"<{name}> has no home in the library"


def problems(root):
    found = []
    sources = source_tree.files(root, ".hpp", ".cpp")
    names = {path.split("/")[-1] for path in sources}
    for path in sources:
        for number, bracket, name in source_tree.includes(root, path):
            if name.startswith("sluice/"):
                wrong = direction(path, name.removeprefix("sluice/"))
            elif bracket == '"' and layer(path) in FREE and name not in names:
                wrong = None  # made by the build
            elif bracket == '"':
                wrong = f'"{name}" is spelled "sluice/<folder>/<file>"'
            else:
                wrong = home(path, name)
            if wrong:
                found.append(f"{path}:{number}: {wrong}")
    return found


if __name__ == "__main__":
    sys.exit(source_tree.report(problems(sys.argv[1])))
