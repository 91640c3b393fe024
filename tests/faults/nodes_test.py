"""Ends, stops and cuts off nodes of the audit graph (FAULTS F1, F2, F4, F5, F8, F11; S27, S28, X6).

usage: nodes_test.py AUDIT_PROGRAM [TEST …]

SLUICE_SEED chooses what is drawn; it is printed. How much is done, for a longer campaign:

  SLUICE_FAULTS_KILLS            nodes killed, the coordinator's among them
  SLUICE_FAULTS_RECOVERY_KILLS   … and again while the run recovers
  SLUICE_FAULTS_STOPS            nodes stopped for 5 s to SLUICE_FAULTS_STOP_SECONDS
  SLUICE_FAULTS_RESETS           times all connections between two nodes are reset
  SLUICE_FAULTS_ORDERS           orders the nodes are started in
  SLUICE_FAULTS_SLOW_SECONDS     a sink is slow
"""

import os
import signal
import time
from itertools import permutations

from audit_world import DEADLINE, audit_case, ends_within, names_of, onlooker, run_tests, wait_until, world
from nodes_world import NODES, children_of, free_ports, memory_of, print_times, proxy, started_nodes

KILLS_OF_A_RUN = 25  # then another one begins

# They are not for the program.
CHOSEN = {name: os.environ.pop(name) for name in list(os.environ)
          if name.startswith("SLUICE_FAULTS_")}


def count_of(name, usual):
    return int(CHOSEN.get(f"SLUICE_FAULTS_{name}") or usual)


class nodes(audit_case):
    def setUp(self):
        super().setUp()
        sockets = self.folder / "s"
        sockets.mkdir()
        before = os.environ.get("TMPDIR")
        os.environ["TMPDIR"] = str(sockets)  # a run that is killed leaves its sockets
        self.addCleanup(lambda: os.environ.pop("TMPDIR") if before is None
                        else os.environ.update(TMPDIR=before))

    def world_of(self, name, **how):
        folder = self.folder / name
        folder.mkdir()
        return world(folder, **how)

    def run_nodes(self, at, *more, count=NODES):
        """Starts `run --nodes`; it says what happens in a file."""
        with open(at.root / "log", "a") as log:
            return at.start("--nodes", str(count), *more, loud=True, verb="run", to=log)

    def check_ended_well(self, at, process, seconds=DEADLINE):
        within = ends_within(process, seconds)
        said = (at.root / "log").read_text()
        self.assertTrue(within, "still running: " + said[-4000:])
        self.assertEqual(process.returncode, 0, said[-4000:])

    def test_three_nodes_leave_what_one_process_leaves(self):
        for parallelism in (1, 3):
            with self.subTest(parallelism=parallelism):
                at = self.world_of(f"whole-{parallelism}", parallelism=parallelism)
                with onlooker(at) as looking:
                    self.check_ended_well(at, self.run_nodes(at))
                self.check_looked(looking)
                self.check_output(at, looking.seen_sums)
                self.assertEqual(names_of(self.folder / "s"), [])  # no socket is left

    def test_an_input_that_ends_at_once_is_not_lost(self):
        for i, rows in enumerate((1, 10, 1000)):
            at = self.world_of(f"short-{i}", rows=rows, rate=0)
            self.check_ended_well(at, self.run_nodes(at), seconds=20)
            self.check_output(at)

    def kill_one(self, at, process):
        """Kills a node; returns the process of the run, another one if it was the coordinator's."""
        victim = self.random.randrange(NODES)
        children = children_of(process)
        if victim == 0 or len(children) < NODES - 1:
            process.kill()
            process.wait()
            return self.run_nodes(at), "coordinator"
        os.kill(children[f"node-{victim + 1}"], signal.SIGKILL)
        return process, "node"

    def kill_often(self, kills, again, parallelism, name):
        # The last start has no rate: what is left then takes a moment.
        at = self.world_of(name, parallelism=parallelism, rows=400_000, rate=20_000)
        times = {"node": [], "coordinator": [], "again": []}
        process = self.run_nodes(at)
        wait_until(lambda: at.newest_epoch() > 0, "the first commit", [process])
        with onlooker(at, every=0.05) as looking:
            for i in range(kills):
                if ends_within(process, self.random.uniform(0, 0.4)):  # all rows are read
                    break
                killed_at = time.monotonic()
                process, what = self.kill_one(at, process)
                if i < again:
                    ends_within(process, self.random.uniform(0, 0.2))
                    killed_at = time.monotonic()
                    process, _ = self.kill_one(at, process)
                    what = "again"
                before = at.newest_epoch()
                # Those that were decided may become visible before there is anything new.
                wait_until(lambda: at.newest_epoch() > before + 2 or process.poll() == 0,
                           f"a commit behind kill {i}, {what}\n"
                           + (at.root / "log").read_text()[-4000:], [process])
                times[what].append(time.monotonic() - killed_at)
            if process.poll() is None:
                process.kill()
                process.wait()
            self.check_ended_well(at, self.run_nodes(at, "--rate", "0"))
        self.assertEqual(names_of(self.folder / "s"), [], "left by a coordinator that was killed")
        self.check_looked(looking)
        self.check_output(at, looking.seen_sums)
        return times

    def test_nodes_that_are_killed_lose_and_double_nothing(self):
        kills, again = count_of("KILLS", 20), count_of("RECOVERY_KILLS", 4)
        all_times = {}
        for i in range(0, kills, KILLS_OF_A_RUN):
            here = min(KILLS_OF_A_RUN, kills - i)
            times = self.kill_often(here, min(here, max(0, again - i)), 1 + i // KILLS_OF_A_RUN % 3,
                                    f"kills-{i}")
            for what, seconds in times.items():
                all_times.setdefault(what, []).extend(seconds)
        print()
        for what, seconds in all_times.items():
            print_times(f"from the kill of {what} to the first new commit", seconds)
        print_times("all", [s for seconds in all_times.values() for s in seconds])
        self.assertGreaterEqual(sum(map(len, all_times.values())), kills * 3 // 4)

    def written_by(self, at, generation):
        """What there is of a generation that nobody has decided on: stages, and snapshots."""
        staged = [name for folder in (at.rows, at.sums) for name in names_of(folder)
                  if name.startswith(".") and f".{generation:020}." in name]
        return staged + [name for name in names_of(at.checkpoints)
                         if name.count(".") == 3 and int(name.split(".")[1]) == generation]

    def stop_one(self, seconds, name):
        rate = 20_000
        at = self.world_of(name, rows=int(rate * (seconds + 20)), rate=rate)  # it goes on behind the stop
        nodes = started_nodes(at)
        for one in nodes.names:
            nodes.start(one, loud=one == "n1")
        main_node = nodes.running["n1"]
        wait_until(lambda: at.newest_epoch() > 0, "the first commit\n" + nodes.said(), [main_node])
        with onlooker(at, every=0.05) as looking:
            ends_within(main_node, self.random.uniform(0, 0.5))
            victim = self.random.choice(["n2", "n3"])
            nodes.running[victim].send_signal(signal.SIGSTOP)
            stopped_at, before = time.monotonic(), at.newest_epoch()
            replaced = None
            while time.monotonic() < stopped_at + seconds:
                ends_within(main_node, 0.01)
                if replaced is None and at.newest_epoch() > before + 2:
                    replaced = time.monotonic() - stopped_at
            # Its work is where it was stopped for longer than the others wait for it.
            newest_generation = self.generation_of(nodes)
            theirs = set(self.written_by(at, 1))
            nodes.running[victim].send_signal(signal.SIGCONT)
            until = time.monotonic() + 1
            effects = set()
            while newest_generation > 1 and time.monotonic() < until:
                effects |= set(self.written_by(at, 1)) - theirs
                ends_within(main_node, 0.002)
            self.assertEqual(effects, set(), "the woken process has written something")
            before = at.newest_epoch()
            wait_until(lambda: at.newest_epoch() > before + 2, "a commit behind the stop\n"
                       + nodes.said(), [main_node])
            main_node.kill()
            main_node.wait()
            nodes.start("n1", "--rate", "0", loud=True)
            codes = nodes.codes()
        self.assertEqual(set(codes.values()), {0}, f"{codes}\n{nodes.said()}")
        self.check_looked(looking)
        self.check_output(at, looking.seen_sums)
        return replaced, newest_generation > 1

    def generation_of(self, nodes):
        words = nodes.logs["n1"].read_text().split("generation ")
        return max((int(word.split()[0].rstrip(":;,")) for word in words[1:]), default=0)

    def test_a_node_that_is_stopped_is_replaced_and_writes_nothing_when_it_wakes(self):
        longest = count_of("STOP_SECONDS", 8)
        stops, replaced, fenced = count_of("STOPS", 1), [], 0
        for i in range(stops):
            seconds = self.random.uniform(5, longest) if i else longest
            took, new_generation = self.stop_one(seconds, f"stop-{i}")
            fenced += new_generation
            if seconds >= 7.9:
                self.assertIsNotNone(took, "its work did not move to the others")
            replaced += [] if took is None else [took]
        print()
        print_times("from SIGSTOP to the first new commit", replaced)
        print(f"{stops} nodes stopped, of which {fenced} woke up behind a newer generation and wrote nothing; "
              "no row lost, none doubled", flush=True)

    def test_nodes_may_be_started_in_any_order(self):
        orders = list(permutations(range(NODES)))
        self.random.shuffle(orders)
        for order in orders[:count_of("ORDERS", 2)]:
            with self.subTest(order=order):
                at = self.world_of("order-" + "".join(map(str, order)), rows=20_000)
                nodes = started_nodes(at)
                for i in order:
                    started = nodes.start(nodes.names[i], loud=i == 0)
                    ends_within(started, self.random.uniform(0, 1))
                codes = nodes.codes()
                self.assertEqual(codes, dict.fromkeys(nodes.names, 0), nodes.said())
                self.check_output(at)

    def test_connections_that_are_reset_cost_no_rollback(self):
        resets = count_of("RESETS", 100)
        at = self.world_of("resets", parallelism=2, rows=resets * 5_000, rate=50_000)
        nodes = started_nodes(at, count=2)
        fronts = dict(zip(nodes.names, free_ports(4)[2:]))
        proxies = [proxy(front + more, nodes.ports[name] + more)
                   for name, front in fronts.items() for more in (0, 1)]
        for one in proxies:
            self.addCleanup(one.end)
        # Each knows its own address, and the other one's proxy.
        nodes.seen_from = {name: {other: (nodes.ports if other == name else fronts)[other]
                                  for other in nodes.names} for name in nodes.names}
        nodes.start("n2")
        main_node = nodes.start("n1", loud=True)
        wait_until(lambda: at.newest_epoch() > 0, "the first commit\n" + nodes.said(), [main_node])
        cut = rounds = 0
        while rounds < resets and main_node.poll() is None:
            before = sum(one.bytes for one in proxies)
            ends_within(main_node, 0.05)
            cut += sum(one.cut() for one in proxies)
            rounds += 1
            wait_until(lambda: sum(one.bytes for one in proxies) > before
                       or main_node.poll() is not None, "bytes behind a reset", [main_node])
        codes = nodes.codes()
        self.assertEqual(codes, {"n1": 0, "n2": 0}, nodes.said())
        self.assertEqual(self.generation_of(nodes), 1, nodes.said())
        self.check_output(at)
        print(f"\n{rounds} times all connections were reset, {cut} in all", flush=True)
        self.assertGreaterEqual(rounds, resets * 9 // 10)

    def check_refused(self, wrong, *expected):
        at = self.world_of(f"wrong-{len(names_of(self.folder))}")
        nodes = started_nodes(at, count=2)
        nodes.start("n2", *wrong)
        nodes.start("n1")
        codes = nodes.codes()
        said = nodes.said()
        self.assertNotEqual(codes["n1"], 0, said)
        for text in expected:
            self.assertIn(text, said)

    def test_a_node_with_other_settings_is_refused(self):
        self.check_refused(["--set", "commit.every=7"], "n2", "markers 30 7", "same settings")

    def test_a_node_with_another_graph_is_refused(self):
        at = self.world_of("other-graph")
        nodes = started_nodes(at, count=2)
        nodes.start("n2", "--totals", "others", loud=True)
        main_node = nodes.start("n1", loud=True)
        for name, other in (("n1", "n2"), ("n2", "n1")):
            wait_until(lambda: f"{other} is not let in: it has another graph"
                       in nodes.logs[name].read_text(), f"{name} says so\n{nodes.said()}", [main_node])
        nodes.running["n2"].kill()
        nodes.running["n2"].wait()
        nodes.start("n2")  # the right one
        main_node.wait(DEADLINE)
        self.assertEqual(main_node.returncode, 0, nodes.said())
        for log in nodes.logs.values():  # each tries again all the time, and says it once
            self.assertEqual(log.read_text().count("is not let in: it has another graph"), 1, nodes.said())
        self.check_output(at)

    def test_a_slow_sink_on_another_node_holds_the_source_back(self):
        seconds = count_of("SLOW_SECONDS", 5)
        at = self.world_of("slow", rows=seconds * 50_000, rate=0)
        process = self.run_nodes(at, "--slow", "20", "--stats=metrics")
        wait_until(lambda: at.newest_epoch() > 0, "the first commit", [process])
        begin, most = None, 0
        while process.poll() is None:
            try:
                now = sum(map(memory_of, [process.pid, *children_of(process).values()]))
            except OSError:
                break
            begin = begin or now
            most = max(most, now)
            ends_within(process, 0.05)
        self.check_ended_well(at, process)
        self.check_output(at)
        print(f"\nmemory of three nodes {begin:.0f} MiB, at most {most:.0f} MiB", flush=True)
        self.assertLess(most, begin + 64)
        said = (at.root / "log").read_text()
        waited = [float(line.split()[-1]) for line in said.splitlines()
                  if line.startswith("sluice_channel_most_queued_rows{")]
        self.assertTrue(waited, said)
        print(f"at most {max(waited):.0f} rows waited in a channel", flush=True)
        self.assertGreater(max(waited), 20_000)
        self.assertLessEqual(max(waited), 65_536)


if __name__ == "__main__":
    run_tests()
