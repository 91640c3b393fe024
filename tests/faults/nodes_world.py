"""The audit graph as processes, what they leave, and whether that is right (FAULTS O1, O2, O4).

SLUICE_SEED chooses what is drawn in a test; it is printed.
"""

import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from itertools import accumulate
from pathlib import Path

PROGRAM = ""
SEED = int(os.environ.pop("SLUICE_SEED", None) or random.SystemRandom().randrange(1 << 32))
DEADLINE = 60  # seconds, of one process
ROWS = 60_000
RATE = 100_000  # a second


def names_of(folder):
    return sorted(os.listdir(folder)) if folder.is_dir() else []


def epoch_of(name):
    return int(name.split(".")[1])


def parts_of(folder):
    return [name for name in names_of(folder) if name.startswith("part-")]


def fields_of(file):
    return [tuple(map(int, line.split(","))) for line in file.read_text().splitlines()[1:]]


def lines_by_epoch(folder):
    """What somebody sees in a folder of output: `{epoch: [fields, …]}`, by epoch, then instance."""
    found = {}
    for name in parts_of(folder):
        found.setdefault(epoch_of(name), []).extend(fields_of(folder / name))
    return dict(sorted(found.items()))


def newest_sums(by_epoch):
    return {key: (count, total) for lines in by_epoch.values() for key, count, total in lines}


class world:
    """A folder with the output and the checkpoints of one audit graph."""

    def __init__(self, root, parallelism=1, every=1, rows=ROWS, rate=RATE):
        self.root = Path(root)
        self.rows = self.root / "out" / "rows"
        self.sums = self.root / "out" / "sums"
        self.checkpoints = self.root / "checkpoints"
        self.count = rows
        self.parallelism = parallelism
        self.command = [PROGRAM, "--out", str(self.root / "out"), "--rows", str(rows),
                        "--rate", str(rate), "--checkpoints", str(self.checkpoints),
                        "--parallelism", str(parallelism), "--progress", "none", "-q",
                        "--set", "blink.microBatch.allowLatencyMs=30",
                        "--set", "miniBatch.size=20000", "--set", f"commit.every={every}"]

    def start(self, *more, loud=False, verb=None, to=subprocess.PIPE):
        """Starts one process. `loud`: it says what happens; `to`: where what it says goes."""
        command = [word for word in self.command if not (loud and word == "-q")]
        if verb:
            command.insert(1, verb)
        return subprocess.Popen(command + list(more), cwd=self.root, text=True,
                                stdout=subprocess.DEVNULL, stderr=to)

    def finish(self, *more):
        """Runs to the end; returns the exit code and what was said."""
        return ended(self.start(*more))

    def run_for(self, seconds, signal_number):
        """Starts, sends the signal after so long, and waits. Returns the exit code."""
        process = self.start()
        if not ends_within(process, seconds):
            process.send_signal(signal_number)
        return ended(process)[0]

    def visible_rows(self):
        return [fields[0] for lines in lines_by_epoch(self.rows).values() for fields in lines]

    def newest_epoch(self):
        return max(map(epoch_of, parts_of(self.rows)), default=0)

    def wait_for_rows(self, least, process):
        until = time.monotonic() + DEADLINE
        while len(self.visible_rows()) < least:
            if time.monotonic() > until:
                raise AssertionError(f"{least} rows did not become visible")
            if ends_within(process, 0.01) and len(self.visible_rows()) < least:
                raise AssertionError(f"ended with fewer than {least} rows")


def ends_within(process, seconds):
    try:
        process.wait(seconds)
        return True
    except subprocess.TimeoutExpired:
        return False


def ended(process):
    try:
        said = process.communicate(timeout=DEADLINE)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return process.returncode, said


class growing_folder:
    """A folder of output that is looked at again and again; every file is read once."""

    def __init__(self, folder):
        self.folder = folder
        self.read = set()
        self.newest = 0

    def look(self):
        """What has become visible since, by epoch: `{epoch: [fields, …]}`."""
        # Names that appear while a folder is listed may be missed, though others that came later
        # are not. Whatever is of an epoch of the first list is in the second.
        self.newest = max(map(epoch_of, parts_of(self.folder)), default=0)
        found = {}
        for name in parts_of(self.folder):
            if name in self.read or epoch_of(name) > self.newest:
                continue
            self.read.add(name)
            found.setdefault(epoch_of(name), []).extend(fields_of(self.folder / name))
        return dict(sorted(found.items()))


class onlooker(threading.Thread):
    """Looks at the output again and again, as somebody who reads it while it is made."""

    def __init__(self, at, every=0.02):
        super().__init__()
        self.at = at
        self.every = every
        self.stopped = threading.Event()
        self.rows = growing_folder(at.rows)
        self.sums = growing_folder(at.sums)
        self.waiting = {}  # rows of epochs that are not whole yet
        self.known = set()  # rows
        self.ahead = set()  # … behind a gap
        self.reached = 0  # rows without a gap
        self.closed = 0  # newest epoch that is whole
        self.wrong = []
        self.seen_sums = []
        self.looks = 0

    def run(self):
        while not self.stopped.wait(self.every):
            self.look()
        self.look()

    def look(self):
        self.looks += 1
        for epoch, lines in self.rows.look().items():
            if epoch <= self.closed:
                self.wrong.append(f"rows of epoch {epoch} behind those of {self.closed}")
            self.waiting.setdefault(epoch, []).extend(fields[0] for fields in lines)
        # Of several instances, those of the newest two epochs may be on their way.
        for epoch in sorted(self.waiting)[: None if self.at.parallelism == 1 else -2]:
            self.close(epoch, self.waiting.pop(epoch))
        sums = dict(self.seen_sums[-1]) if self.seen_sums else {}
        sums.update(newest_sums(self.sums.look()))
        if not self.seen_sums or sums != self.seen_sums[-1]:
            self.seen_sums.append(sums)

    def close(self, epoch, rows):
        self.closed = max(self.closed, epoch)
        if len(rows) != len(set(rows)) or not self.known.isdisjoint(rows):
            self.wrong.append(f"a row twice, in epoch {epoch}")
        self.known.update(rows)
        self.ahead.update(rows)
        while self.reached in self.ahead:
            self.ahead.remove(self.reached)
            self.reached += 1
        if self.ahead:
            self.wrong.append(f"a gap at {self.reached} in epoch {epoch}")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.join()


class audited(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sluice-faults-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.random = random.Random(f"{SEED} {self.id()}")

    def check_looked(self, looking, at_least=10):
        self.assertEqual(looking.wrong, [])
        self.assertGreater(looking.looks, at_least)

    def check_output(self, at, seen_sums=()):
        """O1, O2: every row once, the sums are theirs; O4: so was every sum that was ever seen."""
        fields = sorted(f for lines in lines_by_epoch(at.rows).values() for f in lines)
        rows = [f[0] for f in fields]
        doubled, lost = len(rows) - len(set(rows)), at.count - len(set(rows))
        self.assertEqual((doubled, lost, max(rows, default=-1)), (0, 0, at.count - 1),
                         "rows doubled, lost, and the last one")
        self.assertTrue(all(value == 3 * row for row, _, value in fields))
        places = {}
        for row, key, _ in fields:
            places.setdefault(key, []).append(row)
        totals = {key: [0, *accumulate(rows)] for key, rows in places.items()}
        truth = {key: (len(rows), 3 * totals[key][-1]) for key, rows in places.items()}
        self.assertEqual(newest_sums(lines_by_epoch(at.sums)), truth)
        for sums in seen_sums:
            first, last = 0, at.count  # rows of the prefix these sums may be of
            for key, rows in places.items():
                count, total = sums.get(key, (0, 0))
                self.assertEqual(total, 3 * totals[key][count], f"key {key} after {count} rows")
                first = max(first, rows[count - 1] + 1 if count else 0)
                last = min(last, rows[count] if count < len(rows) else at.count)
            if at.parallelism == 1:
                self.assertLessEqual(first, last, "the sums are of no prefix of the rows")
        left = [n for f in (at.rows, at.sums) for n in names_of(f)
                if n.startswith(".") and not n.endswith(".fence")]
        self.assertEqual(left, [])


def main():
    global PROGRAM
    PROGRAM = sys.argv.pop(1)
    print(f"SLUICE_SEED={SEED}", flush=True)
    unittest.main(verbosity=2)
