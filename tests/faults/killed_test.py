"""Ends processes of the audit graph in every way and looks at what they leave (FAULTS O1, O2, O4).

usage: killed_test.py AUDIT_PROGRAM [TEST …]

SLUICE_SEED chooses the times of the kills; it is printed.
"""

import shutil
import signal
import threading

from audit_world import (audit_case, ended, lines_by_epoch, names_of, newest_sums, run_tests, sealed_epochs,
                         world)


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


class killed(audit_case):
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
    run_tests()
