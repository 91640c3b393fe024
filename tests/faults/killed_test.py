"""Ends processes of the audit graph in every way and looks at what they leave (FAULTS O1, O2, O4).

usage: killed_test.py AUDIT_PROGRAM [TEST …]

SLUICE_SEED chooses the times of the kills; it is printed.
"""

import shutil
import signal

from audit_world import (audited, ended, main, names_of, onlooker, world)


class killed(audited):
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
        self.check_looked(looking)
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
        process.send_signal(signal.SIGTERM)
        code, said = ended(process)
        self.assertEqual(code, 0, said)
        self.check_drained(at)

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
    main()
