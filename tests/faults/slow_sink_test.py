"""A sink in one process slows a source in another, and lets it go again (S32).

usage: slow_sink_test.py VALVE_PROGRAM [TEST …]

SLUICE_FAULTS_SLOW_SECONDS says for how long the sink is slow (4).
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM = ""
SLOW_SECONDS = float(os.environ.pop("SLUICE_FAULTS_SLOW_SECONDS", None) or 4)
FULL_SECONDS = 2
DEADLINE = 60
LOOK_EVERY = 0.05
SLOW_US = 50  # of a row: 20,000 rows a second
BATCH_ROWS = 8192
STAGES = ("numbers/batcher", "middle", "slow sink")


def number_in(file):
    """What the program shows there: rows made, rows taken."""
    try:
        return int.from_bytes(file.read_bytes()[:8], "little")
    except FileNotFoundError:
        return 0


def samples_of(metrics, name):
    """`{stage: value}` of a metric; the largest of those with other labels."""
    found = {}
    for line in metrics.splitlines():
        if line.startswith(name + "{"):
            stage = line.split('stage="')[1].split('"')[0]
            found[stage] = max(found.get(stage, 0), float(line.split()[-1]))
    return found


def started_by(process):
    try:
        return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    except FileNotFoundError:
        return []


def memory_of(pids):
    """MiB that are resident."""
    pages = 0
    for pid in pids:
        try:
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        except FileNotFoundError:  # it ends now
            pass
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


class look:
    """How far the run is at a moment. No more rows are under way than it says: what is taken was
    looked at first."""

    def __init__(self, folder, processes):
        self.at = time.monotonic()
        self.taken = number_in(folder / "taken")
        self.made = number_in(folder / "made")
        self.memory = memory_of(processes)

    @property
    def under_way(self):
        return self.made - self.taken


def rate_between(first, last, what):
    return (getattr(last, what) - getattr(first, what)) / (last.at - first.at)


class slow_sink(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sluice-slow-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.log = self.folder / "log"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "run", "--nodes", "3", "--folder", str(self.folder), "--slow-us",
                 str(SLOW_US), "--progress", "none", "--stats=metrics", "--set",
                 "microBatch.allowLatencyMs=100", "--set", "miniBatch.size=20000", "--set",
                 f"batch.rows={BATCH_ROWS}"],
                cwd=self.folder, stdout=subprocess.DEVNULL, stderr=log,
                env={**os.environ, "TMPDIR": str(self.folder)})
        self.addCleanup(self.end)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def go_on(self, seconds):
        """Lets the run go on for so long; it must not end."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return
        self.fail("the run has ended: " + self.log.read_text())

    def look(self):
        return look(self.folder, [self.process.pid, *started_by(self.process)])

    def looks_for(self, seconds):
        looks = [self.look()]
        while looks[-1].at < looks[0].at + seconds:
            self.go_on(LOOK_EVERY)
            looks.append(self.look())
        return looks

    def look_until(self, true, what):
        until = time.monotonic() + DEADLINE
        while not true():
            self.assertLess(time.monotonic(), until, f"not within {DEADLINE} s: {what}")
            self.go_on(0.01)

    def test_a_slow_sink_in_another_process_holds_the_source_and_lets_it_go(self):
        self.look_until(lambda: number_in(self.folder / "taken") > 0, "the first row")
        placed = self.log.read_text()
        self.assertEqual(len(started_by(self.process)), 2, placed)
        self.looks_for(0.5)  # pages are touched, tables have their size
        full = self.looks_for(FULL_SECONDS)
        full_rate = statistics.median(
            rate_between(a, b, "taken") for a, b in zip(full, full[4:]))

        (self.folder / "slow").touch()
        self.looks_for(1)  # windows fill up
        slow = self.looks_for(SLOW_SECONDS)
        (self.folder / "slow").unlink()

        released, recovered = time.monotonic(), None
        before = [self.look()]
        while recovered is None:
            self.go_on(LOOK_EVERY)
            before.append(self.look())
            self.assertLess(time.monotonic(), released + DEADLINE, "the full rate is not back")
            # What had piled up does not count: the source has to be fast again too.
            if len(before) > 4 and all(rate_between(before[-5], before[-1], what) >= 0.8 * full_rate
                                       for what in ("made", "taken")):
                recovered = before[-1].at - released
        self.process.send_signal(signal.SIGINT)  # drains
        self.process.wait(DEADLINE)
        said = self.log.read_text()
        self.assertEqual(self.process.returncode, 0, said)

        most_queued = samples_of(said, "sluice_channel_most_queued_rows")
        windows = samples_of(said, "sluice_channel_window_rows")
        for stage in STAGES:
            self.assertLessEqual(most_queued[stage], windows[stage], stage)
        # What the sink has not looked at yet waits in its mailbox, where it does not count.
        self.assertGreater(max(most_queued[stage] for stage in STAGES), BATCH_ROWS, said)
        # Beside its window each stage has a batch in work and one it gathers, the source likewise.
        room = sum(windows[stage] for stage in STAGES) + 2 * BATCH_ROWS * (len(STAGES) + 1)
        most_under_way = max(one.under_way for one in slow)
        blocked = rate_between(slow[0], slow[-1], "made") / full_rate
        memory = [one.memory for one in slow]
        start, end = (statistics.median(part) for part in
                      (memory[:len(memory) // 4], memory[-len(memory) // 4:]))
        print(f"\nfull rate {full_rate / 1e6:.2f} M rows/s; slow for {SLOW_SECONDS:.0f} s: "
              f"{rate_between(slow[0], slow[-1], 'taken'):.0f} rows/s taken, "
              f"{rate_between(slow[0], slow[-1], 'made'):.0f} made, at most {most_under_way} under way "
              f"in windows of {sum(windows[s] for s in STAGES):.0f}; memory of three processes "
              f"{start:.0f} MiB, then {end:.0f} MiB, at most {max(memory):.0f} MiB")
        print(f"full rate {recovered:.2f} s after the sink was fast again (target 2 s)", flush=True)
        self.assertLessEqual(most_under_way, room)
        self.assertGreater(most_under_way, windows["slow sink"], "its window was not full")
        self.assertLess(blocked, 0.5, "the source was not held back")
        self.assertLess(end, start + 16, "memory grows")
        self.assertLess(max(memory), full[-1].memory + 96, "memory grew")
        # Every row in its turn, or the sink would have failed; and to the last that was given on.
        given = samples_of(said, "sluice_rows_total")["numbers"]
        self.assertEqual(number_in(self.folder / "taken"), given)
        self.assertLess(recovered, 20)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
