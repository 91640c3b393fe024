"""Ends processes and connections of the audit graph while it writes to databases, and looks at what is in them
(FAULTS O1, O2, O4).

usage: killed_databases_test.py AUDIT_PROGRAM [TEST …]

SLUICE_SEED chooses the times; it is printed.
"""

import signal
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

from audit_world import (DEADLINE, audit_case, audit_run, ended, ends_within, repeated_look, run_tests, said_until,
                         wait_until)

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from postgres_server import postgres_server  # noqa: E402


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


class world(audit_run):
    """An audit graph that writes to the tables of a database."""

    def __init__(self, folder, outside, **how):
        super().__init__(folder, outside.flags, latency_ms=20, **how)
        self.outside = outside

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

    def start_and_see(self, **how):
        """Starts, and waits until the first rows can be seen."""
        process = self.start(**how)
        wait_until(lambda: self.outside.ask("SELECT count(*) FROM rows") not in ([], [(0,)]), "the first rows",
                   [process])
        return process


class onlooker(repeated_look):
    """Looks at the tables: a row twice and a gap are wrong."""

    def __init__(self, at):
        super().__init__(every=0.05)
        self.at = at

    def look(self):
        self.wrong += self.at.wrong()


class killed_databases(audit_case):
    @classmethod
    def setUpClass(cls):
        cls.server = postgres_server()
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__)

    def check_tables(self, at):
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

    def check_killed(self, at, kills):
        self.kill_often(at, onlooker(at), kills, longest=0.4)
        self.check_tables(at)

    def test_kills_while_writing_to_sqlite(self):
        self.check_killed(world(self.folder, sqlite_outside(self.folder), rows=60_000, rate=30_000), kills=30)

    def test_kills_of_two_instances_that_write_to_sqlite(self):
        self.check_killed(world(self.folder, sqlite_outside(self.folder), rows=60_000, rate=60_000, parallelism=2),
                          kills=5)

    def test_kills_while_writing_to_postgres(self):
        self.check_killed(world(self.folder, postgres_outside(self.folder, self.server), rows=60_000, rate=60_000),
                          kills=10)

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
        print(f"{terminated} connections ended", flush=True)
        self.assertEqual(code, 0, said)
        self.check_looked(looking)
        self.assertNotIn("going back", said)  # a commit tried again is no failure of the run
        self.check_tables(at)

    def test_a_server_that_is_away_is_waited_for(self):
        at = world(self.folder, postgres_outside(self.folder, self.server), rows=100_000, rate=50_000)
        process = at.start_and_see()
        self.server.stop(signal.SIGQUIT)
        waits = said_until(process, "waiting for the outside system: ")
        self.assertFalse(ends_within(process, 0), waits)
        self.server.start()
        code, said = ended(process)
        self.assertEqual(code, 0, said)
        self.assertIn("the outside system has taken it; going on", said)
        self.assertNotIn("going back", said)
        self.check_tables(at)

    def test_a_run_that_waits_can_be_aborted_and_goes_on(self):
        at = world(self.folder, sqlite_outside(self.folder), rows=60_000, rate=60_000)
        process = at.start_and_see(loud=True)
        with closing(sqlite3.connect(at.outside.path, timeout=DEADLINE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            said = said_until(process, "waiting for the outside system: ")
            process.send_signal(signal.SIGINT)
            said += said_until(process, "stopping")  # two at once are one
            self.assertFalse(ends_within(process, 0), said)
            process.send_signal(signal.SIGINT)
            code, rest = ended(process)
            self.assertEqual(code, 130, said + rest)
        code, said = at.finish()
        self.assertEqual(code, 0, said)
        self.check_tables(at)

    def test_a_table_that_does_not_fit_is_refused_before_anything_runs(self):
        at = world(self.folder, sqlite_outside(self.folder), rows=10, rate=0)
        with closing(sqlite3.connect(at.outside.path)) as other:
            other.execute("CREATE TABLE rows (row TEXT)")
        code, said = at.finish()
        self.assertEqual(code, 2, said)
        self.assertIn("stage rows: table rows of", said)
        self.assertIn("has a column row of type TEXT, but the field is uint64", said)


if __name__ == "__main__":
    run_tests()
