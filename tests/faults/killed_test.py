"""Ends processes of the audit graph in every way and looks at what they leave (FAULTS O1, O2, O4).

usage: killed_test.py AUDIT_PROGRAM [TEST …]

SLUICE_SEED chooses the times of the kills; it is printed.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

PROGRAM = ""
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


class onlooker(threading.Thread):
    """Looks at the output again and again, as somebody who reads it while it is made."""

    def __init__(self, at):
        super().__init__()
        self.at = at
        self.stopped = threading.Event()
        self.wrong = []
        self.seen_sums = []
        self.looks = 0

    def run(self):
        while not self.stopped.wait(0.02):
            self.looks += 1
            by_epoch = lines_by_epoch(self.at.rows)
            everything = [f[0] for lines in by_epoch.values() for f in lines]
            if len(everything) != len(set(everything)):
                self.wrong.append("a row twice")
            # Of several instances, those of the newest two epochs may be on their way.
            whole = list(by_epoch)[: None if self.at.parallelism == 1 else -2]
            rows = sorted(f[0] for epoch in whole for f in by_epoch[epoch])
            if rows != list(range(len(rows))):
                self.wrong.append(f"a gap among {len(rows)} rows up to {rows[-1]}")
            self.seen_sums.append(newest_sums(lines_by_epoch(self.at.sums)))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.join()


class killed(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sluice-killed-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.random = random.Random(f"{SEED} {self.id()}")

    def check_output(self, at, seen_sums=()):
        """O1, O2: every row once, the sums are theirs; O4: so was every sum that was ever seen."""
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
        left = [n for f in (at.rows, at.sums, at.ends) for n in names_of(f) if n.startswith(".")]
        self.assertEqual(left, [])

    def check_goes_on(self, at):
        code, said = at.finish()
        self.assertEqual(code, 0, said)
        self.check_output(at)

    def kill_often(self, parallelism, every, kills=6):
        at = world(self.folder, parallelism, every)
        with onlooker(at) as looking:
            for _ in range(kills):
                at.run_for(self.random.uniform(0, 0.5), signal.SIGKILL)
            code, said = at.finish()
        self.assertEqual(code, 0, said)
        self.assertEqual(looking.wrong, [])
        self.assertGreater(looking.looks, 10)
        self.check_output(at, looking.seen_sums)

    def test_kills_of_one_instance(self):
        self.kill_often(parallelism=1, every=1)

    def test_kills_of_one_instance_that_commits_seldom(self):
        self.kill_often(parallelism=1, every=3)

    def test_kills_of_two_instances(self):
        self.kill_often(parallelism=2, every=1)

    def test_kills_of_three_instances_that_commit_seldom(self):
        self.kill_often(parallelism=3, every=2)

    def check_drained(self, at):
        """A drained run is finished: what it has read is whole, and it reads nothing more."""
        rows = at.visible_rows()
        self.assertEqual(sorted(rows), list(range(len(rows))))
        code, said = at.finish()
        self.assertEqual(code, 0, said)
        self.assertEqual(at.visible_rows(), rows)

    def test_a_drained_run_is_finished(self):
        at = world(self.folder)
        process = at.start()
        at.wait_for_rows(1, process)
        process.send_signal(signal.SIGINT)
        code, said = ended(process)
        self.assertEqual(code, 0, said)
        self.check_drained(at)

    def test_a_kept_run_goes_on(self):
        """Stopped behind a checkpoint, again and again, once with other instances: as if nobody had asked."""
        for parallelism in (1, 3, 2):
            at = world(self.folder, parallelism)
            process = at.start()
            seen = len(at.visible_rows())
            at.wait_for_rows(seen + 1, process)
            process.send_signal(signal.SIGTERM)
            code, said = ended(process)
            self.assertEqual(code, 0, said)
            rows = at.visible_rows()
            self.assertEqual(sorted(rows), list(range(len(rows))))
            self.assertEqual(lines_by_epoch(at.ends), {})
        self.check_goes_on(at)

    def test_an_aborted_run_goes_on(self):
        at = world(self.folder)
        process = at.start(loud=True)
        at.wait_for_rows(1, process)
        process.send_signal(signal.SIGINT)
        for line in process.stderr:  # two at once are one
            if line.startswith("stopping"):
                process.send_signal(signal.SIGINT)
                break
        code, said = ended(process)
        self.assertIn(code, (0, 130), said)  # 0: drained before it saw the second one
        self.check_drained(at) if code == 0 else self.check_goes_on(at)

    def test_another_number_of_instances_goes_on(self):
        at = world(self.folder, parallelism=3)
        process = at.start()
        at.wait_for_rows(1, process)
        process.kill()
        ended(process)
        self.check_goes_on(world(self.folder, parallelism=2))

    def test_a_second_process_is_refused(self):
        at = world(self.folder)
        process = at.start()
        at.wait_for_rows(1, process)
        code, said = at.finish()
        self.assertNotEqual(code, 0)
        self.assertIn(str(at.checkpoints), said)
        self.assertEqual(ended(process)[0], 0)
        self.check_output(at)

    def test_a_checkpoint_of_another_graph_is_refused(self):
        at = world(self.folder)
        at.run_for(0.3, signal.SIGKILL)
        code, said = at.finish("--totals", "other")
        self.assertEqual(code, 3, said)
        self.assertIn("another graph", said)
        self.check_goes_on(at)

    def test_rejected_rows_are_logged_once(self):
        at = world(self.folder)
        lines, bad = ["row,key,value"], []
        rows = 0
        for number in range(2, 25_000):
            if self.random.random() < 0.2:
                bad.append(number)
                lines.append(f"{number} is no row")
            else:
                lines.append(f"{rows},{rows % 97},{3 * rows}")
                rows += 1
        (at.root / "numbers.csv").write_text("\n".join(lines) + "\n")
        at.count = rows
        at.command += ["--csv", "numbers.csv", "--work-us", "40", "--set", "batch.rows=256"]
        log = at.root / "numbers.rejected.jsonl"
        logged = []
        for _ in range(6):
            at.run_for(self.random.uniform(0.05, 0.4), signal.SIGKILL)
            seen = log.read_text().split("\n")[:-1] if log.exists() else []
            logged.append(len(seen))
            found = [json.loads(line)["line"] for line in seen]
            self.assertEqual(found, bad[: len(found)])  # a prefix, so none is lost or doubled
        self.check_goes_on(at)
        self.assertEqual([json.loads(line)["line"] for line in log.read_text().splitlines()], bad)
        self.assertLess(0, max(logged), "no kill came after a commit with rejected rows")
        self.assertLess(min(logged), len(bad))
        self.assertEqual([n for n in names_of(at.root) if n.endswith((".staged", ".writing"))], [])

    def test_an_older_epoch_is_taken_only_while_nobody_has_seen_the_newer(self):
        at = world(self.folder)
        process = at.start()
        at.wait_for_rows(10_000, process)
        process.kill()
        ended(process)
        older, newer = sealed_epochs(at)
        if any(f".{newer:020}." in name and not name.startswith(".") for name in names_of(at.rows)):
            code, said = at.finish("--from", str(older))
            self.assertEqual(code, 3, said)
            self.assertIn(f"has shown rows of epoch {newer}", said)
        # As if it had been killed before a sink was told that the newer one is decided.
        for folder in (at.rows, at.sums):
            for name in names_of(folder):
                if name.startswith(".") or int(name.split(".")[1]) < newer:
                    continue
                (folder / name).rename(folder / f".part-00000.1.{newer:020}.csv.staged")
        code, said = at.finish("--from", str(older))
        self.assertEqual(code, 0, said)
        self.check_output(at)

    def test_no_flipped_byte_leads_to_another_state(self):
        at = world(self.folder / "whole", rows=30_000)
        at.root.mkdir()
        process = at.start()
        at.wait_for_rows(10_000, process)
        process.kill()
        ended(process)
        refused = []
        for name in names_of(at.checkpoints):
            if name == "holder":
                continue
            spoiled = world(self.folder / "spoiled", rows=at.count)
            shutil.copytree(at.root, spoiled.root)
            file = spoiled.checkpoints / name
            content = bytearray(file.read_bytes())
            place = self.random.randrange(len(content))
            content[place] ^= 1 << self.random.randrange(8)
            file.write_bytes(content)
            code, said = spoiled.finish()
            with self.subTest(file=name, byte=place, code=code, said=said):
                if code == 0:
                    self.check_output(spoiled)
                else:
                    self.assertIn(code, (2, 3))
                    self.assertIn(name, said)
                    refused.append(name)
            shutil.rmtree(spoiled.root)
        self.assertIn("truth.log", refused)
        self.assertTrue([n for n in refused if n.endswith((".base", ".delta"))], refused)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    print(f"SLUICE_SEED={SEED}", flush=True)
    unittest.main(verbosity=2)
