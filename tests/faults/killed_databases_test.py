"""Ends processes and connections of the audit graph while it writes to databases, and looks at what is in them
(FAULTS O1, O2, O4).

usage: killed_databases_test.py AUDIT_PROGRAM [TEST …]

SLUICE_SEED chooses the times; it is printed.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from postgres_server import postgres_server  # noqa: E402

PROGRAM = ""
SEED = int(os.environ.get("SLUICE_SEED") or random.SystemRandom().randrange(1 << 32))
DEADLINE = 120  # seconds, of one process


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


class sqlite_outside:
    def __init__(self, folder):
        self.path = folder / "out.db"
        self.flags = ["--sqlite", str(self.path)]
        self.staging = folder / ".out.db.sluice"

    def ask(self, sql):
        """Returns rows of numbers; none before there is a table."""
        if not self.path.exists():
            return []
        with closing(sqlite3.connect(self.path, timeout=DEADLINE)) as database:
            try:
                return database.execute(sql).fetchall()
            except sqlite3.OperationalError as problem:
                if "no such table" in str(problem):
                    return []
                raise


class postgres_outside:
    def __init__(self, folder, server):
        self.server = server
        self.flags = ["--postgres", server.conninfo]
        self.staging = folder / "checkpoints" / "staged"
        server.ask("DROP TABLE IF EXISTS rows, sums, sluice_epochs")

    def ask(self, sql):
        table = sql.split(" FROM ")[1].split()[0]
        if self.server.ask(f"SELECT to_regclass('{table}')") == [[""]]:
            return []
        return [tuple(map(int, row)) for row in self.server.ask(sql)]


class world:
    """A database with the output of one audit graph, and its checkpoints."""

    def __init__(self, folder, outside, rows, rate, parallelism=1):
        self.folder, self.outside, self.count, self.parallelism = folder, outside, rows, parallelism
        self.command = [PROGRAM, *outside.flags, "--rows", str(rows), "--rate", str(rate),
                        "--checkpoints", str(folder / "checkpoints"), "--parallelism", str(parallelism),
                        "--progress", "none", "-q", "--set", "blink.microBatch.allowLatencyMs=20",
                        "--set", "miniBatch.size=20000", "--set", "commit.every=1"]

    def start(self):
        return subprocess.Popen(self.command, cwd=self.folder, text=True, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE)

    def wrong(self):
        """Returns what is wrong with what can be seen right now: rows lost in between, or doubled."""
        found = self.outside.ask("SELECT count(*), count(DISTINCT row), coalesce(max(row), -1) FROM rows")
        if not found:
            return []
        (count, distinct, last), = found
        wrong = [] if count == distinct else [f"{count - distinct} rows doubled"]
        # Of several instances those of the newest epochs may be on their way.
        if self.parallelism == 1 and distinct != last + 1:
            wrong.append(f"{last + 1 - distinct} of {last + 1} rows lost")
        return wrong

    def start_and_see(self):
        """Starts, and waits until the first rows can be seen."""
        process = self.start()
        until = time.monotonic() + DEADLINE
        while self.outside.ask("SELECT count(*) FROM rows") in ([], [(0,)]):
            if ends_within(process, 0.01) or time.monotonic() > until:
                process.kill()
                raise AssertionError("nothing became visible: " + ended(process)[1])
        return process


class onlooker(threading.Thread):
    """Looks at the output again and again, as somebody who reads it while it is made."""

    def __init__(self, at):
        super().__init__()
        self.at, self.stopped, self.found, self.looks = at, threading.Event(), [], 0

    def run(self):
        while not self.stopped.wait(0.05):
            self.found += self.at.wrong()
            self.looks += 1

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.join()


class killed_databases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = postgres_server()
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sluice-killed-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.random = random.Random(f"{SEED} {self.id()}")

    def check_output(self, at):
        """O1, O2: every row once, the sums are theirs; nothing is left staged."""
        self.assertEqual(at.wrong(), [])
        self.assertEqual(at.outside.ask("SELECT count(*), min(row), max(row), sum(value) FROM rows"),
                         [(at.count, 0, at.count - 1, 3 * (at.count - 1) * at.count // 2)])
        truth = at.outside.ask("SELECT key, count(*), sum(value) FROM rows GROUP BY key ORDER BY key")
        self.assertEqual(at.outside.ask("SELECT key, max(count), max(sum) FROM sums GROUP BY key ORDER BY key"), truth)
        # An update of a key follows another one: twice the same would be a row doubled.
        self.assertEqual(at.outside.ask("SELECT key, count FROM sums GROUP BY key, count HAVING count(*) > 1"), [])
        left = [path for path in at.outside.staging.rglob("*") if path.is_file()]
        self.assertEqual(left, [])

    def kill(self, at, kills):
        with onlooker(at) as looking:
            for _ in range(kills):
                process = at.start()
                if not ends_within(process, self.random.uniform(0, 0.4)):
                    process.kill()
                ended(process)
            code, said = ended(at.start())
        self.assertEqual(code, 0, said)
        self.assertEqual(looking.found, [])
        self.assertGreater(looking.looks, 10)
        self.check_output(at)

    def test_kills_while_writing_to_sqlite(self):
        self.kill(world(self.folder, sqlite_outside(self.folder), rows=60_000, rate=30_000), kills=30)

    def test_kills_of_two_instances_that_write_to_sqlite(self):
        self.kill(world(self.folder, sqlite_outside(self.folder), rows=60_000, rate=60_000, parallelism=2), kills=5)

    def test_kills_while_writing_to_postgres(self):
        self.kill(world(self.folder, postgres_outside(self.folder, self.server), rows=60_000, rate=60_000), kills=10)

    def test_a_hundred_connections_to_postgres_are_ended(self):
        at = world(self.folder, postgres_outside(self.folder, self.server), rows=1_200_000, rate=60_000, parallelism=2)
        process = at.start_and_see()
        terminated = 0
        with onlooker(at) as looking:
            until = time.monotonic() + DEADLINE
            while terminated < 100:
                self.assertLess(time.monotonic(), until, f"only {terminated} connections ended")
                if ends_within(process, self.random.uniform(0, 0.1)):
                    self.fail(f"ended after {terminated} terminations: {ended(process)}")
                ended_now = self.server.ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                                            "WHERE application_name = 'sluice'")
                terminated += int(ended_now[0][0])
            code, said = ended(process)
        self.assertEqual(code, 0, said)
        self.assertEqual(looking.found, [])
        self.assertNotIn("going back", said)  # a commit tried again is no failure of the run
        self.check_output(at)

    def test_a_server_that_is_away_is_waited_for(self):
        at = world(self.folder, postgres_outside(self.folder, self.server), rows=100_000, rate=50_000)
        process = at.start_and_see()
        self.server.stop(signal.SIGQUIT)
        self.assertFalse(ends_within(process, 3))
        self.server.start()
        code, said = ended(process)
        self.assertEqual(code, 0, said)
        self.assertIn("waiting for the outside system: ", said)
        self.assertIn("the outside system has taken it; going on", said)
        self.assertNotIn("going back", said)
        self.check_output(at)

    def test_a_run_that_waits_can_be_aborted_and_goes_on(self):
        at = world(self.folder, sqlite_outside(self.folder), rows=60_000, rate=60_000)
        process = at.start_and_see()
        with closing(sqlite3.connect(at.outside.path, timeout=DEADLINE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            self.assertFalse(ends_within(process, 2))
            process.send_signal(signal.SIGINT)
            self.assertFalse(ends_within(process, 0.5))
            process.send_signal(signal.SIGINT)
            code, said = ended(process)
            self.assertEqual(code, 130, said)
            self.assertIn("waiting for the outside system: ", said)
        code, said = ended(at.start())
        self.assertEqual(code, 0, said)
        self.check_output(at)

    def test_a_table_that_does_not_fit_is_refused_before_anything_runs(self):
        at = world(self.folder, sqlite_outside(self.folder), rows=10, rate=0)
        with closing(sqlite3.connect(at.outside.path)) as other:
            other.execute("CREATE TABLE rows (row TEXT)")
        code, said = ended(at.start())
        self.assertEqual(code, 2, said)
        self.assertIn("stage rows: table rows of", said)
        self.assertIn("has a column row of type TEXT, but the field is uint64", said)


if __name__ == "__main__":
    PROGRAM = str(Path(sys.argv.pop(1)).resolve())
    print(f"SLUICE_SEED={SEED}", flush=True)
    unittest.main(verbosity=2)
