"""Ends processes of the audit graph in every way and looks at what they leave (FAULTS O1, O2, O4).

usage: killed_test.py AUDIT_PROGRAM [TEST …]

SLUICE_SEED chooses the times of the kills; it is printed.
"""

import shutil
import signal
import subprocess

from audit_world import (RATE, audit_case, ended, epoch_of, lines_by_epoch, names_of, onlooker, run_tests,
                         said_until, world)


def sealed_epochs(at):
    """The two that are kept; who asks for another one is told which."""
    said = subprocess.run(at.command + ["--from", "999999"], cwd=at.root, text=True, capture_output=True, check=False)
    kept = [int(word.rstrip(",")) for word in said.stderr.split("kept is ")[1].replace("and", "").split()]
    assert len(kept) == 2, said.stderr
    return kept


class killed(audit_case):
    def check_killed(self, parallelism, every, kills=6):
        at = world(self.folder, parallelism, every)
        looking = onlooker(at)
        self.kill_often(at, looking, kills)
        self.check_output(at, looking.seen_sums)

    def test_kills_of_one_instance(self):
        self.check_killed(parallelism=1, every=1)

    def test_kills_of_one_instance_that_commits_seldom(self):
        self.check_killed(parallelism=1, every=3)

    def test_kills_of_two_instances(self):
        self.check_killed(parallelism=2, every=1)

    def test_kills_of_three_instances_that_commit_seldom(self):
        self.check_killed(parallelism=3, every=2)

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
        said_until(process, "stopping")  # two at once are one
        process.send_signal(signal.SIGINT)
        code, said = ended(process)
        self.assertIn(code, (0, 130), said)  # 0: drained before it saw the second one
        self.check_drained(at) if code == 0 else self.check_goes_on(at)

    def test_another_number_of_instances_goes_on(self):
        at = world(self.folder, parallelism=3)
        at.kill_behind_rows(1)
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
        at.kill_behind_rows(10_000)
        older, newer = sealed_epochs(at)
        if any(f".{newer:020}." in name and not name.startswith(".") for name in names_of(at.rows)):
            code, said = at.finish("--from", str(older))
            self.assertEqual(code, 3, said)
            self.assertIn(f"has shown rows of epoch {newer}", said)
        # As if it had been killed before a sink was told that the newer one is decided.
        for folder in (at.rows, at.sums):
            for name in names_of(folder):
                if name.startswith(".") or epoch_of(name) < newer:
                    continue
                (folder / name).rename(folder / f".part-00000.1.{newer:020}.csv.staged")
        code, said = at.finish("--from", str(older))
        self.assertEqual(code, 0, said)
        self.check_output(at)

    def test_no_flipped_byte_leads_to_another_state(self):
        """Of small states every other checkpoint is in the log alone: so it is killed until one is in files."""
        refused = []
        for least in range(10_000, 40_000, 5_000):
            at = world(self.folder / "whole", rows=100_000)
            at.root.mkdir()
            at.kill_behind_rows(least)
            refused += self.refused_with_a_flipped_byte(at)
            shutil.rmtree(at.root)
            if any(name.endswith((".base", ".delta")) for name in refused):
                break
        self.assertIn("truth.log", refused)
        self.assertTrue([name for name in refused if name.endswith((".base", ".delta"))], refused)

    def refused_with_a_flipped_byte(self, at):
        """The names of the files in `at.checkpoints` without a byte of which the run does not go on."""
        refused = []
        for name in names_of(at.checkpoints):
            if name == "holder":
                continue
            spoiled = world(self.folder / "spoiled", rows=at.count, rate=20 * RATE)
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
        return refused


if __name__ == "__main__":
    run_tests()
