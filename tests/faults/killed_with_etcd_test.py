"""Ends processes of the audit graph, and etcd, while the truth about the run is kept in etcd (FAULTS F1, F26).

usage: killed_with_etcd_test.py AUDIT_PROGRAM [TEST …]

SLUICE_SEED chooses the times of the kills; it is printed.
"""

import base64
import json
import signal
import socket
import subprocess
import urllib.request

from audit_world import (audit_case, ended, ends_within, names_of, onlooker, run_tests, said_until, wait_until,
                         world)
from nodes_world import free_ports


class etcd:
    """One member on ports of 127.0.0.1, with its data in a folder."""

    def __init__(self, folder):
        self.port, = free_ports(1)
        client, peer = (f"http://127.0.0.1:{port}" for port in (self.port, self.port + 1))
        self.command = ["setpriv", "--pdeathsig", "KILL", "etcd", "--name", "only", "--data-dir", str(folder / "etcd"),
                        "--listen-client-urls", client, "--advertise-client-urls", client,
                        "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                        "--initial-cluster", f"only={peer}"]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self.listens, "etcd listens", [self.process])

    def listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def kill(self):
        self.process.kill()
        self.process.wait()

    def store(self, name="audit"):
        return f"etcd://127.0.0.1:{self.port}/sluice/{name}"


class with_etcd(audit_case):
    def setUp(self):
        super().setUp()
        self.etcd = etcd(self.folder)
        self.addCleanup(lambda: self.etcd.kill())

    def world(self, **how):
        at = world(self.folder / "run", **how)
        at.root.mkdir(exist_ok=True)
        at.command += ["--set", f"cluster.store={self.etcd.store()}"]
        return at

    def test_kills_of_the_process(self):
        at = self.world()
        looking = onlooker(at)
        self.kill_often(at, looking, kills=6)
        self.check_output(at, looking.seen_sums)
        self.assertNotIn("truth.log", names_of(at.checkpoints))

    def coordinator(self):
        """The node that has the seat; None while nobody has."""
        key = base64.b64encode(b"/sluice/audit/coordinator").decode()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.etcd.port}/v3/kv/range",
                                    json.dumps({"key": key}).encode(), timeout=5) as answer:
            found = json.load(answer).get("kvs")
        seat = base64.b64decode(found[0]["value"]).decode() if found else ""
        return next((name for name in "abc" if f"node {name}\n" in seat + "\n"), None)

    def test_another_node_takes_over(self):
        at = self.world(rows=300_000, parallelism=3)
        nodes = ",".join(f"{name}=ipc://{self.folder}/{name}" for name in "abc")
        running = {name: at.start("--cluster", nodes, "--name", name, loud=True) for name in "abc"}
        with onlooker(at) as looking:
            at.wait_for_rows(1, running["a"])
            first = self.coordinator()
            running[first].kill()
            said = {name: ended(process) for name, process in running.items() if name != first}
        self.assertEqual([code for code, _ in said.values()], [0, 0], said)
        self.assertEqual(sum("takes over as the coordinator" in text for _, text in said.values()), 1, said)
        self.check_looked(looking)
        self.check_output(at, looking.seen_sums, alone=False)

    def test_etcd_is_killed_and_comes_back(self):
        at = self.world(rows=200_000)
        for _ in range(4):
            process = at.start()
            at.wait_for_rows(len(at.visible_rows()) + 1, process)
            ends_within(process, self.random.uniform(0, 0.2))
            self.etcd.kill()
            self.etcd.start()
            # It may have waited for etcd, or have exited because of a write in doubt.
            if ends_within(process, 0.3):
                self.assertIn(ended(process)[0], (0, 1))
            else:
                process.kill()
                ended(process)
        self.check_goes_on(at)

    def test_nothing_is_committed_without_etcd(self):
        at = self.world(rows=200_000)
        process = at.start()
        at.wait_for_rows(1, process)
        self.etcd.process.send_signal(signal.SIGSTOP)
        try:
            code, said = ended(process)
            self.assertEqual(code, 1, said)
            self.assertIn(f"127.0.0.1:{self.etcd.port}", said)
            rows = at.visible_rows()
        finally:
            self.etcd.process.send_signal(signal.SIGCONT)
        self.assertLess(len(rows), at.count)
        self.check_goes_on(at)

    def test_a_run_waits_for_etcd_and_goes_on(self):
        at = self.world(rows=200_000)
        at.command.remove("-q")
        process = at.start()
        at.wait_for_rows(1, process)
        self.etcd.kill()
        # The second one: etcd died while it wrote.
        said = said_until(process, "nothing is committed until this is mended", "the commit record was not written")
        rows = at.visible_rows()
        self.etcd.start()
        code, rest = ended(process)
        said += rest
        if code == 0:
            self.assertIn("goes on: the commit record is written", said)
            self.assertLess(len(rows), at.count)
            self.check_output(at)
        else:
            self.assertIn("the commit record was not written", said)
            self.assertNotIn("failed to connect", said)  # for that it waits
            self.check_goes_on(at)

    def test_a_second_process_takes_over(self):
        at = self.world()
        process = at.start()
        at.wait_for_rows(1, process)
        code, said = at.finish()
        self.assertEqual(code, 0, said)
        ended(process)
        self.check_output(at, alone=False)

    def test_a_directory_has_one_truth(self):
        at = self.world()
        at.kill_behind_rows(1)
        plain = world(self.folder / "run")
        code, said = plain.finish()
        self.assertEqual(code, 3, said)
        self.assertIn("truth.elsewhere: the truth about these checkpoints is kept elsewhere", said)
        code, said = plain.finish("--set", f"cluster.store={self.etcd.store('other')}")
        self.assertEqual(code, 3, said)
        self.assertIn("truth.elsewhere: these checkpoints are of another run", said)
        self.check_goes_on(at)

        own = world(self.folder / "own")
        own.root.mkdir()
        own.kill_behind_rows(1)
        code, said = own.finish("--set", f"cluster.store={self.etcd.store('own')}")
        self.assertEqual(code, 3, said)
        self.assertIn("truth.log: the truth about these checkpoints is kept here", said)
        self.check_goes_on(own)

    def test_a_store_without_checkpoints_is_refused(self):
        at = self.world()
        place = at.command.index("--checkpoints")
        del at.command[place:place + 2]
        code, said = at.finish()
        self.assertEqual(code, 2, said)
        self.assertIn("cluster.store", said)


if __name__ == "__main__":
    run_tests()
