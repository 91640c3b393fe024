"""A PostgreSQL server of a test's own: a new database in a temporary folder, reached by a unix socket only.

usage: postgres_server.py COMMAND [ARGUMENT …]    runs COMMAND with the server in SLUICE_TEST_POSTGRES

The server is ended by its id when the command has ended, and by the kernel if this process is killed.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

DEADLINE = 60  # seconds, to start and to stop


def folder_of_programs():
    """Returns where initdb and postgres are; Debian keeps them off the path, one folder a version."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise RuntimeError("initdb is missing: apt-get install postgresql-15")
    return found[-1].parent


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG


class postgres_server:
    """Running between __enter__ and __exit__. `conninfo` is its connection string."""

    def __init__(self, **settings):
        self.settings = {"listen_addresses": "", "fsync": "off", "max_connections": "40", **settings}

    def __enter__(self):
        self.programs = folder_of_programs()
        self.folder = Path(tempfile.mkdtemp(prefix="sluice-postgres-"))
        self.user = self.nobody() if os.getuid() == 0 else None
        self.data = self.folder / "data"
        try:
            if self.user:
                os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
            self.run("initdb", "-D", str(self.data), "-U", "sluice", "-A", "trust", "-E", "UTF8",
                     "--locale=C", "--no-sync")
            self.conninfo = f"host={self.folder} user=sluice dbname=postgres"
            self.start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def nobody():
        """Root may not run the server."""
        for name in ("postgres", "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                pass
        raise RuntimeError("neither the user postgres nor nobody exists")

    def as_user(self):
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}

    def run(self, program, *arguments):
        subprocess.run([str(self.programs / program), *arguments], check=True, cwd=self.folder, timeout=DEADLINE,
                       stdout=subprocess.DEVNULL, **self.as_user())

    def start(self):
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.data), "-k", str(self.folder), *options],
                cwd=self.folder, stdout=log, stderr=log, preexec_fn=die_with_parent, **self.as_user())
        self.wait_until_ready()

    def wait_until_ready(self):
        for _ in range(DEADLINE * 20):
            if subprocess.run([str(self.programs / "pg_isready"), "-q", "-h", str(self.folder)],
                              check=False).returncode == 0:
                return
            try:
                self.process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            break
        raise RuntimeError("the server did not start: " + (self.folder / "log").read_text()[-2000:])

    def stop(self, how=signal.SIGQUIT):
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def ask(self, sql):
        """Returns the rows of a statement, as lists of text."""
        answer = subprocess.run(
            [str(self.programs / "psql"), "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1",
             self.conninfo, "-c", sql], check=True, capture_output=True, text=True, timeout=DEADLINE)
        return [line.split("\t") for line in answer.stdout.splitlines()]


if __name__ == "__main__":
    with postgres_server() as server:
        sys.exit(subprocess.call(sys.argv[1:], env={**os.environ, "SLUICE_TEST_POSTGRES": server.conninfo}))
