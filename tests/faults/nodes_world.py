"""Nodes of the audit graph: those a run has started, those started by hand, and a bad network."""

import os
import signal
import socket
import struct
import threading

from audit_world import DEADLINE, ends_within

NODES = 3


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def print_times(what, seconds):
    if seconds:
        print(f"{what}: {len(seconds)}, p50 {percentile(seconds, 0.5):.2f} s, "
              f"p99 {percentile(seconds, 0.99):.2f} s, longest {max(seconds):.2f} s", flush=True)


def children_of(process):
    """Process ids of the nodes a run has started, by node."""
    found = {}
    try:
        with open(f"/proc/{process.pid}/task/{process.pid}/children") as file:
            pids = [int(pid) for pid in file.read().split()]
        for pid in pids:
            with open(f"/proc/{pid}/cmdline") as file:
                words = file.read().split("\0")
            if "--name" in words:
                found[words[words.index("--name") + 1]] = pid
    except OSError:  # one of them ends now
        pass
    return found


def memory_of(pid):
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0


PORTS = iter(range(12_000 + os.getpid() % 8_000 * 2, 32_000, 2))


def free_ports(count):
    """First ports of pairs that nobody has, each time others."""
    found = []
    for port in PORTS:
        try:
            with socket.socket() as first, socket.socket() as second:
                first.bind(("127.0.0.1", port))
                second.bind(("127.0.0.1", port + 1))
            found.append(port)
        except OSError:
            continue
        if len(found) == count:
            return found
    raise AssertionError("no free ports")


class proxy(threading.Thread):
    """Stands before a port of this machine; `cut` resets every connection that goes through."""

    def __init__(self, port, to):
        super().__init__(daemon=True)
        self.to = to
        self.listening = socket.create_server(("127.0.0.1", port))
        self.lock = threading.Lock()
        self.open = set()
        self.bytes = 0
        self.start()

    def run(self):
        while True:
            try:
                client = self.listening.accept()[0]
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                client.close()
                continue
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                # Closing sends RST, and what is under way is lost.
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with self.lock:
                self.open.add((client, server))
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self.pass_on, args=(source, target), daemon=True).start()

    def pass_on(self, source, target):
        try:
            while data := source.recv(65536):
                self.bytes += len(data)
                target.sendall(data)
        except OSError:
            pass
        for one in (source, target):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        """Returns how many connections there were."""
        with self.lock:
            pairs, self.open = self.open, set()
        alive = 0
        for pair in pairs:
            try:
                pair[0].getpeername()
                alive += 1
            except OSError:
                pass
            for one in pair:
                one.close()
        return alive

    def end(self):
        self.listening.close()
        self.cut()


class started_nodes:
    """Nodes that were each started by hand, and what they said."""

    def __init__(self, at, count=NODES):
        self.at = at
        self.names = [f"n{i + 1}" for i in range(count)]
        self.ports = dict(zip(self.names, free_ports(count)))
        self.seen_from = {name: self.ports for name in self.names}
        self.running = {}
        self.logs = {name: at.root / f"{name}.log" for name in self.names}

    def start(self, name, *more, **how):
        cluster = ",".join(f"{other}=tcp://127.0.0.1:{port}"
                           for other, port in self.seen_from[name].items())
        verb = "run" if name == self.names[0] else "node"
        with open(self.logs[name], "a") as log:
            self.running[name] = self.at.start(*more, "--name", name, "--cluster", cluster,
                                               verb=verb, to=log, **how)
        return self.running[name]

    def said(self):
        return "\n".join(f"{name}: {log.read_text()}" for name, log in self.logs.items()
                         if log.exists())

    def codes(self, seconds=DEADLINE):
        """Exit codes, once all have ended."""
        for process in self.running.values():
            if not ends_within(process, seconds):
                break
        return {name: process.poll() for name, process in self.running.items()}
