"""The audit graph run by a process, and what has to hold of its output (FAULTS O1, O2, O4)."""

import os
import random
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM = sys.argv.pop(1)
SEED = int(os.environ.get("SLUICE_SEED") or random.SystemRandom().randrange(1 << 32))
DEADLINE = 60  # seconds, of one process
ROWS = 60_000
RATE = 100_000  # a second


def names_of(folder):
    return sorted(os.listdir(folder)) if folder.is_dir() else []


def lines_by_epoch(folder):
    """What somebody sees in a folder of output: `{epoch: [fields, …]}`, by epoch, then instance."""
    found = {}
    for name in names_of(folder):
        if name.startswith("part-"):
            lines = (folder / name).read_text().splitlines()[1:]
            fields = [tuple(map(int, line.split(","))) for line in lines]
            found.setdefault(int(name.split(".")[1]), []).extend(fields)
    return dict(sorted(found.items()))


def newest_sums(by_epoch):
    return {key: (count, total) for lines in by_epoch.values() for key, count, total in lines}


def sealed_epochs(at):
    """The two that are kept; who asks for another one is told which."""
    said = subprocess.run(at.command + ["--from", "999999"], cwd=at.root, text=True, capture_output=True, check=False)
    kept = [int(word.rstrip(",")) for word in said.stderr.split("kept is ")[1].replace("and", "").split()]
    assert len(kept) == 2, said.stderr
    return kept


class world:
    """A folder with the output and the checkpoints of one audit graph."""

    def __init__(self, root, parallelism=1, every=1, rows=ROWS):
        self.root = Path(root)
        self.rows = self.root / "out" / "rows"
        self.sums = self.root / "out" / "sums"
        self.ends = self.root / "out" / "ends"
        self.checkpoints = self.root / "checkpoints"
        self.count = rows
        self.parallelism = parallelism
        self.command = [PROGRAM, "--out", str(self.root / "out"), "--rows", str(rows),
                        "--rate", str(RATE), "--checkpoints", str(self.checkpoints),
                        "--parallelism", str(parallelism), "--progress", "none", "-q",
                        "--set", "blink.microBatch.allowLatencyMs=30",
                        "--set", "miniBatch.size=20000", "--set", f"commit.every={every}"]

    def start(self, *more, loud=False):
        command = [word for word in self.command if not (loud and word == "-q")]
        return subprocess.Popen(command + list(more), cwd=self.root, text=True,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

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


class audit_case(unittest.TestCase):
    """A test with a folder of its own and random numbers of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sluice-killed-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.random = random.Random(f"{SEED} {self.id()}")

    def check_output(self, at, seen_sums=(), alone=True):
        """O1, O2: every row once, the sums are theirs; O4: so was every sum that was ever seen. Unless it was
        alone, a process that did not know that it was replaced has left what nobody sees."""
        fields = sorted(f for lines in lines_by_epoch(at.rows).values() for f in lines)
        self.assertEqual([f[0] for f in fields], list(range(at.count)))
        self.assertTrue(all(value == 3 * row for row, _, value in fields))
        places = {}
        for row, key, _ in fields:
            places.setdefault(key, []).append(row)
        truth = {key: (len(rows), 3 * sum(rows)) for key, rows in places.items()}
        self.assertEqual(newest_sums(lines_by_epoch(at.sums)), truth)
        self.assertEqual(sorted(f for lines in lines_by_epoch(at.ends).values() for f in lines),
                         sorted((key, count) for key, (count, _) in truth.items()))
        for sums in seen_sums:
            first, last = 0, at.count  # rows of the prefix these sums may be of
            for key, rows in places.items():
                count, total = sums.get(key, (0, 0))
                self.assertEqual(total, 3 * sum(rows[:count]), f"key {key} after {count} rows")
                first = max(first, rows[count - 1] + 1 if count else 0)
                last = min(last, rows[count] if count < len(rows) else at.count)
            if at.parallelism == 1:
                self.assertLessEqual(first, last, "the sums are of no prefix of the rows")
        if alone:
            for folder in (at.rows, at.sums, at.ends):
                self.check_left(folder)

    def check_left(self, folder):
        """Nothing that is not output but the fences: of the last generation one an instance."""
        left = [n for n in names_of(folder) if n.startswith(".")]
        fences = [n.split(".") for n in left if n.endswith(".fence")]
        self.assertEqual([n for n in left if not n.endswith(".fence")], [])
        last = max(int(f[3]) for f in fences)
        newest = [f[1] for f in fences if int(f[3]) == last]
        self.assertEqual(newest, [f"part-{i:05}" for i in range(len(newest))])

    def check_goes_on(self, at):
        code, said = at.finish()
        self.assertEqual(code, 0, said)
        self.check_output(at)


def run_tests():
    print(f"SLUICE_SEED={SEED}", flush=True)
    unittest.main(module="__main__", verbosity=2)
