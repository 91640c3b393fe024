"""Kills processes of the audit graph that read what is no row, or what cannot be read again.

usage: received_test.py AUDIT_PROGRAM [TEST …]

SLUICE_SEED chooses the times of the kills; it is printed.
"""

import json
import signal
import socket
import struct
import time

from audit_world import DEADLINE, audit_case, ended, ends_within, names_of, run_tests, world


def add_received(log, received):
    """Adds what a log of bytes holds to `received`: bytes by their first one (docs/checkpoint-format.md). What is
    worked off is collected, so it has to be looked at again and again."""
    for name in (n for n in names_of(log) if n.endswith(".log")):
        content, at, found = (log / name).read_bytes(), 40, b""
        while at + 20 <= len(content):
            kind, size = struct.unpack_from("<II", content, at + 4)
            at += 20
            if kind == 1 and at + size <= len(content):
                found += content[at : at + size]
            at += size
        received[int(name.split(".")[1])] = found


def whole_lines(received):
    lines = b"".join(found for _, found in sorted(received.items())).split(b"\n")[:-1]
    return [line.decode() for line in lines if b"\0" not in line]


def copied_lines(folder):
    """What somebody sees of copied lines, in the order of epochs."""
    return [json.loads(line)["text"] for name in names_of(folder) if name.startswith("part-")
            for line in (folder / name).read_text().splitlines()]


class received(audit_case):
    def test_rejected_rows_are_logged_once(self):
        at = world(self.folder)
        lines, bad = ["row,key,value"], []
        rows = 0
        for number in range(2, 60_000):
            if self.random.random() < 0.2:
                bad.append(number)
                lines.append(f"{number} is no row")
            else:
                lines.append(f"{rows},{rows % 97},{3 * rows}")
                rows += 1
        (at.root / "numbers.csv").write_text("\n".join(lines) + "\n")
        at.count = rows
        at.command += ["--csv", "numbers.csv", "--work-us", "40", "--set", "batch.rows=256",
                       "--set", "credit.rows=1024"]
        log = at.root / "numbers.rejected.jsonl"
        logged = []
        for _ in range(5):
            process = at.start()
            at.wait_for_rows(len(at.visible_rows()) + 1, process)
            ends_within(process, self.random.uniform(0, 0.2))
            process.kill()
            ended(process)
            seen = log.read_text().split("\n")[:-1] if log.exists() else []
            logged.append(len(seen))
            found = [json.loads(line)["line"] for line in seen]
            self.assertEqual(found, bad[: len(found)])  # a prefix, so none is lost or doubled
        self.check_goes_on(at)
        self.assertEqual([json.loads(line)["line"] for line in log.read_text().splitlines()], bad)
        self.assertLess(0, max(logged), "no kill came after a commit with rejected rows")
        self.assertLess(min(logged), len(bad))
        self.assertEqual([n for n in names_of(at.root) if n.endswith((".staged", ".writing"))], [])

    def test_lines_that_were_received_are_not_lost_with_the_process(self):
        """What is in the log counts once; what its sender sent and nobody received is lost, as it is said."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            listening.settimeout(DEADLINE)
            log = self.folder / "log"
            at = world(self.folder)
            at.command += ["--port", str(listening.getsockname()[1]), "--log", str(log)]
            sent, found = 0, {}
            for kill in range(6):
                process = at.start()
                peer = listening.accept()[0]
                until = time.monotonic() + self.random.uniform(0.1, 0.4)
                with peer:
                    try:
                        while kill == 5 or time.monotonic() < until:
                            peer.sendall(b"".join(b"line %d\n" % (sent + i) for i in range(50)))
                            sent += 50
                            if kill == 5 and time.monotonic() >= until:
                                break
                            ends_within(process, 0.001)
                    except OSError:
                        pass
                    if kill < 5:
                        process.kill()
                code, said = ended(process)
                add_received(log, found)
                received = whole_lines(found)
                seen = copied_lines(self.folder / "out" / "lines")
                self.assertEqual(seen, received[: len(seen)])  # nothing but what is in the log, in order
                if kill < 5:
                    self.assertEqual(code, -signal.SIGKILL, said)
            self.assertEqual(code, 0, said)
        self.assertEqual(seen, received)
        self.assertEqual(len(set(received)), len(received))
        self.assertGreater(len(received), 100)
        self.assertEqual(received[-1], f"line {sent - 1}")  # the last connection ended in order


if __name__ == "__main__":
    run_tests()
