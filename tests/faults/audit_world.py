"""The audit graph as processes, what they leave, and whether that is right (FAULTS O1, O2, O4).

A test is `program_test.py AUDIT_PROGRAM [TEST …]`. SLUICE_SEED chooses what is drawn in it; it is printed.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from itertools import accumulate
from pathlib import Path

PROGRAM = str(Path(sys.argv.pop(1)).resolve())
SEED = int(os.environ.pop("SLUICE_SEED", None) or random.SystemRandom().randrange(1 << 32))
DEADLINE = 120  # seconds, of whatever is waited for
ROWS = 60_000
RATE = 100_000  # a second
STARTED = []  # processes of the test that runs now


# --- processes ---------------------------------------------------------------------------------------------------

def ends_within(process, seconds):
    try:
        process.wait(seconds)
        return True
    except subprocess.TimeoutExpired:
        return False


def ended(process):
    """Waits for the end; returns the exit code and what was said."""
    try:
        said = process.communicate(timeout=DEADLINE)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return process.returncode, said


def wait_until(true, what, processes, seconds=DEADLINE):
    """Waits until `true()`; fails naming `what` when one of the processes has ended before, or nothing comes."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds} s: {what}")
        for process in processes:
            if ends_within(process, 0.005) and not true():
                raise AssertionError(f"ended with {process.returncode} before: {what}")


def said_until(process, *texts):
    """Returns what the process says up to a line with one of the texts, or all if there is none."""
    said = ""
    late = threading.Timer(DEADLINE, process.kill)
    late.start()
    for line in process.stderr:
        said += line
        if any(text in line for text in texts):
            break
    late.cancel()
    return said


class audit_run:
    """How one audit graph is started, and started again, in a folder with its checkpoints.

    `outputs`: flags that say where its rows go; `every`: markers to a commit, `latency_ms` apart."""

    def __init__(self, root, outputs, rows, rate, parallelism=1, every=1, latency_ms=30):
        self.root = Path(root)
        self.checkpoints = self.root / "checkpoints"
        self.count = rows
        self.parallelism = parallelism
        self.command = [PROGRAM, *outputs, "--rows", str(rows), "--rate", str(rate),
                        "--checkpoints", str(self.checkpoints), "--parallelism", str(parallelism),
                        "--progress", "none", "-q", "--set", f"blink.microBatch.allowLatencyMs={latency_ms}",
                        "--set", "miniBatch.size=20000", "--set", f"commit.every={every}"]

    def start(self, *more, loud=False, verb=None, to=subprocess.PIPE):
        """Starts one process. `loud`: it says what happens; `to`: where what it says goes."""
        command = [word for word in self.command if not (loud and word == "-q")]
        if verb:
            command.insert(1, verb)
        process = subprocess.Popen(command + list(more), cwd=self.root, text=True,
                                   stdout=subprocess.DEVNULL, stderr=to)
        STARTED.append(process)
        return process

    def finish(self, *more):
        """Runs to the end; returns the exit code and what was said."""
        return ended(self.start(*more))

    def run_for(self, seconds, signal_number):
        """Starts, sends the signal after so long, and waits. Returns the exit code."""
        process = self.start()
        if not ends_within(process, seconds):
            process.send_signal(signal_number)
        return ended(process)[0]


# --- folders of output -------------------------------------------------------------------------------------------

def names_of(folder):
    return sorted(os.listdir(folder)) if folder.is_dir() else []


def parts_of(folder):
    return [name for name in names_of(folder) if name.startswith("part-")]


def epoch_of(name):
    return int(name.split(".")[1])


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


class world(audit_run):
    """An audit graph that writes to folders."""

    def __init__(self, root, parallelism=1, every=1, rows=ROWS, rate=RATE):
        out = Path(root) / "out"
        super().__init__(root, ["--out", str(out)], rows, rate, parallelism, every)
        self.rows = out / "rows"
        self.sums = out / "sums"
        self.ends = out / "ends"

    def visible_rows(self):
        return [fields[0] for lines in lines_by_epoch(self.rows).values() for fields in lines]

    def newest_epoch(self):
        """The newest one of which rows are visible, or 0."""
        return max(map(epoch_of, parts_of(self.rows)), default=0)

    def wait_for_rows(self, least, process):
        wait_until(lambda: len(self.visible_rows()) >= least, f"{least} rows are visible", [process])

    def kill_behind_rows(self, least):
        """Starts, and kills once so many rows are visible."""
        process = self.start()
        self.wait_for_rows(least, process)
        if process.poll() is not None:
            raise AssertionError(f"the run of {self.count} rows had ended before it could be killed")
        process.kill()
        ended(process)


class growing_folder:
    """A folder of output that is looked at again and again; every file is read once."""

    def __init__(self, folder):
        self.folder = folder
        self.read = set()

    def look(self):
        """What has become visible since, by epoch: `{epoch: [fields, …]}`."""
        # Names that appear while a folder is listed may be missed, though others that came later
        # are not. Whatever is of an epoch of the first list is in the second.
        newest = max(map(epoch_of, parts_of(self.folder)), default=0)
        found = {}
        for name in parts_of(self.folder):
            if name in self.read or epoch_of(name) > newest:
                continue
            self.read.add(name)
            found.setdefault(epoch_of(name), []).extend(fields_of(self.folder / name))
        return dict(sorted(found.items()))


# --- who reads it while it is made -------------------------------------------------------------------------------

class repeated_look(threading.Thread):
    """Looks again and again while its block lasts, and once behind it. `wrong` says what was not right."""

    def __init__(self, every):
        super().__init__()
        self.every = every  # seconds
        self.stopped = threading.Event()
        self.wrong = []
        self.looks = 0

    def run(self):
        try:
            while not self.stopped.wait(self.every):
                self.look()
                self.looks += 1
            self.look()
        except Exception as problem:  # pylint: disable=broad-except
            self.wrong.append(f"looking ended: {problem!r}")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.join()


class onlooker(repeated_look):
    """Looks at folders of output: a row twice, a gap, an epoch behind a newer one are wrong."""

    def __init__(self, at, every=0.02):
        super().__init__(every)
        self.at = at
        self.rows = growing_folder(at.rows)
        self.sums = growing_folder(at.sums)
        self.waiting = {}  # rows of epochs that are not whole yet
        self.known = set()  # rows
        self.ahead = set()  # … behind a gap
        self.reached = 0  # rows without a gap
        self.closed = 0  # newest epoch that is whole
        self.seen_sums = []

    def look(self):
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


# --- tests -------------------------------------------------------------------------------------------------------

class audit_case(unittest.TestCase):
    """A test with a folder of its own and random numbers of its own; what it has started ends with it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sluice-faults-")
        self.addCleanup(folder.cleanup)
        self.addCleanup(self.end_started)
        self.folder = Path(folder.name)
        self.random = random.Random(f"{SEED} {self.id()}")

    def end_started(self):
        while STARTED:
            process = STARTED.pop()
            process.kill()
            process.communicate()

    def check_looked(self, looking, at_least=10):
        self.assertEqual(looking.wrong, [])
        self.assertGreater(looking.looks, at_least)

    def check_output(self, at, seen_sums=(), alone=True):
        """O1, O2: every row once, the sums are theirs; O4: so was every sum that was ever seen. Unless it was
        alone, a process that did not know that it was replaced has left what nobody sees."""
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
        self.assertEqual(sorted(f for lines in lines_by_epoch(at.ends).values() for f in lines),
                         sorted((key, count) for key, (count, _) in truth.items()))
        for sums in seen_sums:
            first, last = 0, at.count  # rows of the prefix these sums may be of
            for key, rows in places.items():
                count, total = sums.get(key, (0, 0))
                self.assertEqual(total, 3 * totals[key][count], f"key {key} after {count} rows")
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

    def kill_often(self, at, looking, kills, longest=0.5):
        """Kills process after process within `longest` seconds each, while somebody looks; then one runs to the end."""
        with looking:
            for _ in range(kills):
                at.run_for(self.random.uniform(0, longest), signal.SIGKILL)
            code, said = at.finish()
        self.assertEqual(code, 0, said)
        self.check_looked(looking)


def run_tests():
    print(f"SLUICE_SEED={SEED}", flush=True)
    unittest.main(module="__main__", verbosity=2)
