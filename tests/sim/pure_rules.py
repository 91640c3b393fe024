"""Checks that the rules are pure: no clock, no random number, no thread, no order that depends on addresses.

usage: pure_rules.py ROOT
       pure_rules.py --check-itself

Time, random numbers and input enter the rules as messages (docs/protocol.md 16, rule 2); else neither the simulator nor
a replay would run them the same way twice.
"""

import re
import sys
from pathlib import Path

FOLDERS = ("records", "messages", "state", "operators")
# Where rules and sockets share a folder: the rules.
FILES = ("links/allow_list", "links/batch_frame", "links/column_parts", "links/connection_name", "links/control_channel",
         "links/endpoint", "links/frame", "links/frame_offences", "links/incoming_channel", "links/keys",
         "links/outgoing_channel", "links/z85")
COMMENT = re.compile(r"//.*")
FORBIDDEN = {
    r"\bnow\s*\(": "reads a clock",
    r"\b(gettimeofday|clock_gettime|time)\s*\(\s*(nullptr|NULL|0|&|CLOCK)": "reads a clock",
    r"\b(steady|system|high_resolution)_clock\b": "names a clock",
    r"\bs?rand\s*\(|\brandom_device\b|\bmt19937|\barc4random|\bgetrandom\b": "draws a random number",
    r"\b(sleep_for|sleep_until|u?sleep|nanosleep)\s*\(": "sleeps",
    r"\bunordered_(multi)?(map|set)\b": "has an order that depends on the library",
    r"\bstd::(jthread|thread|async|future|condition_variable)\b|#include <thread>": "uses threads",
    r"\bstd::less<[^>]*\*>|\b(map|set)<[^,<>]*\*\s*[,>]": "orders by address",
    r"\b(getenv|getpid|gethostname)\s*\(": "asks the machine",
}
# The pool of buffers is shared between threads; which buffer a batch lies in never shows.
# A lock names who holds it, in a message. A store that is out of reach is asked again a little later.
ALLOWED = {("records/buffer_pool.hpp", "uses threads"), ("records/buffer_pool.cpp", "uses threads"),
           ("state/directory_lock.cpp", "asks the machine"), ("state/etcd_client.cpp", "sleeps"),
           ("state/etcd_client.cpp", "uses threads")}


def problems_of(path, text):
    """Returns what is wrong in the source `text` of `path`, one line each."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        code = COMMENT.sub("", line)
        for pattern, what in FORBIDDEN.items():
            if re.search(pattern, code) and (path, what) not in ALLOWED:
                found.append(f"{path}:{number}: {what}: {line.strip()}")
    return found


def problems(root):
    found = []
    for folder in FOLDERS:
        for source in sorted((root / folder).rglob("*.[hc]pp")):
            found += problems_of(str(source.relative_to(root)), source.read_text())
    for file in FILES:
        for source in (root / f"{file}.hpp", root / f"{file}.cpp"):
            found += problems_of(str(source.relative_to(root)), source.read_text())
    return found


def check_itself():
    """Returns the mistakes below that go unnoticed, and the innocent lines that do not."""
    mistakes = ["auto t = std::chrono::steady_clock::now();", "return clock.now();", "time(nullptr);", "int r = rand();",
                "std::random_device seed;", "std::this_thread::sleep_for(1ms);", "std::unordered_map<int, int> m;",
                "std::thread t{f};", "std::map<node*, int> seen;", "std::set<const stage*> open;", 'getenv("HOME")']
    innocent = ["// reads no clock: now() is passed in", "result(now_ms);", "void run(instant now);", "std::map<int, node*> m;",
                "operand(x);", "std::mutex guard;"]
    return ([f"not noticed: {line}" for line in mistakes if not problems_of("operators/x.cpp", line)]
            + [f"noticed: {line}" for line in innocent if problems_of("operators/x.cpp", line)])


if __name__ == "__main__":
    lines = check_itself() if sys.argv[1] == "--check-itself" else problems(Path(sys.argv[1]))
    print("\n".join(lines))
    sys.exit(1 if lines else 0)
